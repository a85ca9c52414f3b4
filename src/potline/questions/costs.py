"""Who loses money: the cost curve, by plant, province and owner."""

from __future__ import annotations

__all__ = ["COSTS", "ask"]

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from potline.answers import Answers
from potline.choices import CostMeasure
from potline.costs import CostCurve, cost_curve
from potline.errors import InputError, Problem
from potline.questions.quoted import untaxed_price
from potline.report.blocks import Head
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.figures.costs import cost_curve_figures, cost_sentence
from potline.report.figures.provinces import province_figure
from potline.report.figures.support import under_water_figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.losses import losses_block
from potline.report.source import model_source
from potline.report.table import Table, json_value
from potline.report.tables.costs import cost_tables
from potline.report.verdict import losing_sentence


def _tables(net: CostCurve, answers: Answers) -> Iterable[Table]:
    return cost_tables(net, answers.gross, answers.full)


def _figures(net: CostCurve, answers: Answers) -> Iterator[Figure | None]:
    source = model_source(answers.case)
    yield from cost_curve_figures(net, source=source)
    if any(plant.government for plant in answers.case.industry.plants):
        yield province_figure(net, source=source)
    yield under_water_figure(net, answers.gross, answers.full, source=source)


def _numbers(net: CostCurve, answers: Answers) -> Mapping[str, Any]:
    water, full, cur = net.under_water(), answers.full.under_water(), answers.case.currency.lower()
    return {
        f"price_quoted_{cur}_per_t": net.with_vat(net.price_per_t),
        "under_water_cash_share": json_value(water.capacity_share),
        "under_water_cash_kt": water.capacity_kt,
        "under_water_full_share": json_value(full.capacity_share),
        f"cash_loss_m_{cur}_per_year": water.loss_m_per_year,
        "plants_under_water": len(water.plants),
    }


def _head(net: CostCurve, answers: Answers) -> Head:
    return Head(
        title=say("costs.who_loses_money_in", product=answers.case.industry.product),
        word=say("costs.of_capacity_is_under_water", capacity_share=net.under_water().capacity_share),
        sentence=say("costs.the_case_holds_no_meeting"),
    )


def ask(answers: Answers, *, price: float | None, measure: CostMeasure, gross: bool) -> Said:
    """Show who loses money at a price: the cost curve of CASE, by plant, province and owner."""
    case = answers.case
    if gross and measure == CostMeasure.FULL:
        found = "--measure full, which counts support either way"
        raise InputError([Problem(where="--gross", found=found, needed="--measure cash")])
    if price is not None:
        level = untaxed_price("--price", price, case.industry.vat_rate)
        moved = dataclasses.replace(case.industry, price_per_t=level)
        answers = Answers(dataclasses.replace(case, industry=moved), draws=0)
    shown = answers.full if measure == CostMeasure.FULL else answers.gross if gross else answers.net
    water = shown.under_water()
    words = (
        say("costs.full_cost")
        if measure == CostMeasure.FULL
        else say("costs.cash_cost_before_support")
        if gross
        else say("costs.cash_cost")
    )
    sentence = say(
        "costs.at_as_quoted_of_capacity",
        currency=case.currency,
        price_per_t=shown.with_vat(shown.price_per_t),
        capacity_kt=water.capacity_kt,
        capacity_share=water.capacity_share,
        plants=len(water.plants),
        all_plants=len(case.industry.plants),
        cost=words,
        loss_m_per_year=water.loss_m_per_year,
    )
    tables = cost_tables(answers.net, answers.gross, answers.full)
    cur = case.currency.lower()
    columns = (
        "plant",
        "owner",
        "province",
        "capacity_kt",
        "running_kt",
        f"net_cash_cost_{cur}_per_t",
        f"full_cost_{cur}_per_t",
        f"margin_{cur}_per_t",
        f"break_even_quoted_{cur}_per_t",
    )
    asked = {} if price is None else {"price": price}
    return Said(sentences=[sentence], tables=tables, columns={tables[0].name: columns}, asked=asked)


def _measured(found: CostCurve) -> tuple[CostCurve, CostCurve, CostCurve]:
    """Return the curves after and before support and of full cost; the one that was found stands for its own."""
    industry, cash = found.industry, found.measure == CostMeasure.CASH
    return (
        found if cash and found.net else cost_curve(industry),
        found if cash and not found.net else cost_curve(industry, net=False),
        cost_curve(industry, measure=CostMeasure.FULL) if cash else found,
    )


def _shown_numbers(found: CostCurve) -> Mapping[str, Any]:
    if math.isnan(found.price_per_t):
        return {"capacity_kt": found.total_capacity_kt, "running_kt": found.total_running_kt}
    water = found.under_water()
    return {
        "price_per_t": found.price_per_t,
        "under_water_kt": water.capacity_kt,
        "under_water_share": water.capacity_share,
        "cash_loss_m_per_year": water.loss_m_per_year,
    }


_FACE: Face[CostCurve] = Face(
    numbers=_shown_numbers,
    sentences=lambda found: [] if math.isnan(found.price_per_t) else [cost_sentence(found)],
    tables=lambda found: cost_tables(*_measured(found)),
    figures=lambda found: cost_curve_figures(found, source=source_of(found)),
)

COSTS: Question[CostCurve] = Question(
    answer=lambda answers: answers.net,
    tables=_tables,
    figures=_figures,
    numbers=_numbers,
    verdict=lambda _, answers: [losing_sentence(answers)],
    head=_head,
    front_figure="cost_curve",
    chapter="Losses",
    block=lambda _, parts: losses_block(parts),
    faces={"CostCurve": _FACE},
)
