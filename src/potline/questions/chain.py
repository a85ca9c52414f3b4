"""The chain in space: where the input comes from, what it costs by place, and what ore or freight change."""

from __future__ import annotations

__all__ = ["CHAIN", "said_in_space"]

import dataclasses
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from potline.answers import Answers, there
from potline.equilibrium.chain import ChainRelief, ChainResult
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.markets import chain_block
from potline.report.sections.parts import input_title
from potline.report.source import model_source
from potline.report.table import Table
from potline.report.tables.space import chain_tables, relief_table, scenario_table
from potline.report.words import tonnes

if TYPE_CHECKING:
    from potline.cases import Case
    from potline.equilibrium import Avoidable


def _tables(found: ChainResult, answers: Answers) -> Iterator[Table]:
    yield from chain_tables(found)
    if answers.relief is not None:
        yield relief_table(answers.relief)


def _figures(found: ChainResult, answers: Answers) -> Iterator[Figure]:
    from potline.report.figures.chain import chain_map_figure, chain_sankey_figure

    source = model_source(answers.case, say("chain.ways_and_ore_as_in"))
    yield chain_sankey_figure(found, source=source)
    yield chain_map_figure(found, source=source)


def said_in_space(said: Said, case: Case, avoidable: Avoidable) -> Said:
    """Return what is said of a market with what its chain adds.

    Raises:
        InputError: the case has no market of an input.
    """
    from potline.equilibrium import chain, chain_relief
    from potline.equilibrium.chain import with_new_capacity, without_ore
    from potline.industry import JointCut, ProRata
    from potline.report.figures.chain import chain_figures

    industry = case.industry
    found = chain(case, avoidable=avoidable)
    tables, relief = list(chain_tables(found)), None
    scenarios: list[tuple[str, ChainResult]] = []
    abroad = [item for item in found.market.ore if item.cif_usd_per_t > 0.0 and item.capacity_kt > 0.0]
    changed = [(say("chain.without", name=item.name), without_ore(industry, item.name)) for item in abroad]
    changed += [(say("chain.with_the_capacity_being_added"), with_new_capacity(industry))]
    for name, changes in changed:
        if changes:
            scenarios.append((name, chain(industry.under(*changes), avoidable=avoidable, intervals=False)))
    if scenarios:
        tables.append(scenario_table(found, scenarios))
    owners = case.meeting.owners if case.meeting is not None else ()
    running = sum(plant.running_kt for plant in industry.plants if industry.owner(plant.firm) in owners)
    if case.meeting is not None and case.meeting.least_cut_kt <= running:
        cut = JointCut(signatories=owners, rule=ProRata(total_kt=case.meeting.least_cut_kt))
        relief = chain_relief(industry, cut, before=found)
        tables.append(relief_table(relief))
    return dataclasses.replace(
        said,
        sentences=[*said.sentences, *_sentences(case, found, relief)],
        tables=[*tables, *said.tables],
        figures=chain_figures(found, source=say("chain.source", name=case.name)),
        columns={"chain_provinces": _province_columns(case.currency)},
    )


def _province_columns(currency: str) -> tuple[str, ...]:
    cur = currency.lower()
    return (
        "province",
        *(f"{name}_quoted_{cur}_per_t" for name in ("input_price", "parity_gap")),
        *("input_made_kt", "operating_rate", "use_kt", "product_made_kt"),
        f"plant_margin_{cur}_per_t",
    )


def _sentences(case: Case, found: ChainResult, relief: ChainRelief | None) -> list[str]:
    quoted, product = case.industry.with_vat, found.market.product
    places = [item for item in found.places if item.use_kt > 0.5]
    if not places:
        return [say("chain.chain_nobody_uses", product=product)]
    low = min(places, key=lambda item: item.input_price_per_t)
    high = max(places, key=lambda item: item.input_price_per_t)
    check = found.equilibrium.certificate
    result = [
        say(
            "chain.chain_costs_in_to_in",
            product=product,
            lowest=quoted(low.input_price_per_t),
            cheapest_place=low.name,
            currency=case.currency,
            highest=quoted(high.input_price_per_t),
            dearest_place=high.name,
            landed_per_t=quoted(found.landed_per_t),
            input_imports_kt=found.input_imports_kt,
            average_operating_rate=found.average_operating_rate,
            residual=check.residual,
        )
    ]
    if relief is not None:
        undone = tonnes(relief.undone_kt) if relief.undone_kt >= 0.5 else say("chain.nothing")
        result.append(
            say(
                "chain.a_cut_of_makes_cheaper",
                cut_kt=relief.cut_kt,
                product=product,
                mean_fall_per_t=quoted(relief.mean_fall_per_t),
                one_market_fall_per_t=quoted(relief.one_market_fall_per_t),
                undone=undone,
            )
        )
    return result


def _shown_numbers(found: ChainResult) -> Mapping[str, Any]:
    return {
        "product_price_per_t": found.price_per_t,
        "product_made_kt": found.product_kt,
        "input_landed_per_t": found.landed_per_t,
        "input_imports_kt": found.input_imports_kt,
        "operating_share": found.average_operating_rate,
        "places": len(found.places),
    }


def _shown_figures(found: ChainResult) -> Iterator[Figure]:
    from potline.report.figures.chain import chain_figures

    yield from chain_figures(found, source=source_of(found))


_FACES: dict[str, Face[Any]] = {
    "ChainResult": Face[ChainResult](numbers=_shown_numbers, tables=chain_tables, figures=_shown_figures),
    "ChainRelief": Face[ChainRelief](tables=lambda found: [relief_table(found)]),
}

CHAIN: Question[ChainResult] = Question(
    answer=lambda answers: there(answers.chain),
    tables=_tables,
    figures=_figures,
    chapter=input_title,
    block=lambda _, parts: chain_block(parts),
    faces=_FACES,
)
