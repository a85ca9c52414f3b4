"""Tables of a remedy: each instrument's least level, who pays whom, and cost against tonnage."""

from __future__ import annotations

__all__ = ["remedy_tables"]

import math

from potline.agreement import Margin, Measure, Remedy
from potline.agreement.remedy.result import FrontierPoint
from potline.choices import Baseline, Belief, Instrument, Party, Tested
from potline.report.saying import called, say
from potline.report.table import Reading, Table, code, col, table_of
from potline.report.tables.remedy_words import (
    headline_margins,
    level_unit,
    level_words,
    no_level_suffices,
    without_public_cost,
)
from potline.report.words import listing


def remedy_tables(found: Remedy) -> tuple[Table, ...]:
    """Return every table of a remedy."""
    return _least_cost(found), _levels(found), _measures(found), _payments(found), _frontier(found)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _least_cost(found: Remedy) -> Table:
    cur, money = found.currency.lower(), f"m {found.currency}/year"
    best = {margin: _cheapest(found, margin) for margin in headline_margins(found)}
    return table_of(
        best,
        [
            col("institution", "", lambda margin: called("institution", margin.institution)),
            code("verdict", lambda margin: margin.verdict),
            col("margin_m_{cur}_per_year", money, lambda margin: _number(margin.margin_m_per_year)),
            col("cheapest_instrument", "", lambda margin: _named(margin, best[margin])),
            col("public_cost_m_{cur}_per_year", money, lambda margin: _cost(best[margin])),
            col("group", "", lambda margin: _cutting(best[margin])),
            col(
                "without_public_cost",
                "",
                lambda margin: "; ".join(without_public_cost(found, margin)),
            ),
            col("no_level_suffices", "", lambda margin: "; ".join(no_level_suffices(found, margin))),
        ],
        said="remedy.remedy_least_cost",
        cur=cur,
    )


def _cheapest(found: Remedy, margin: Margin) -> Measure | None:
    return found.cheapest(margin.institution) if margin.verdict == "no agreement" else None


def _named(margin: Margin, best: Measure | None) -> str:
    return (
        called("instrument", best.instrument)
        if best
        else say("remedy.no_level")
        if margin.verdict == "no agreement"
        else ""
    )


def _cost(best: Measure | None) -> float | None:
    return _number(best.public_cost_m_per_year) if best else None


def _cutting(best: Measure | None) -> str:
    return listing(best.coalition, most=20) if best else ""


def _levels(found: Remedy) -> Table:
    """Return one row an instrument, with level and public cost under each institution in words."""
    shown: dict[str, dict[str, Measure]] = {}
    for item in found.measures:
        if (item.baseline, item.leaving) == (Baseline.OBSERVED, Belief.KEEP):
            shown.setdefault(item.instrument, {})[item.institution] = item
    return table_of(
        shown.items(),
        [
            col("instrument", "", lambda row: called("instrument", row[0])),
            *(one for margin in headline_margins(found) for one in _level(margin.institution, found.currency)),
        ],
        said="remedy.remedy_levels",
    )


def _level(institution: Tested, currency: str) -> tuple[Reading[tuple[str, dict[str, Measure]]], ...]:
    heading = called("institution_short", institution).capitalize()

    def level(row: tuple[str, dict[str, Measure]]) -> str:
        item = row[1][institution]
        return level_words(item, currency) if item.suffices else say("remedy.no_level")

    return (
        col(f"{institution}_level", "", level, label=say("remedy.least_level", heading=heading)),
        col(
            f"{institution}_public_cost_m_{currency.lower()}_per_year",
            f"m {currency}/year",
            lambda row: _cost(row[1][institution]),
            label=say("remedy.public_cost"),
        ),
    )


def _measures(found: Remedy) -> Table:
    cur, money = found.currency.lower(), f"m {found.currency}/year"
    return table_of(
        found.measures,
        [
            col("instrument", "", lambda item: called("instrument", item.instrument)),
            col("institution", "", lambda item: called("institution", item.institution)),
            code("baseline", lambda item: item.baseline),
            code("leaving", lambda item: item.leaving),
            col("suffices", "", lambda item: item.suffices),
            col("level", "", lambda item: _number(item.level), 3),
            col("unit", "", lambda item: level_unit(item.instrument, found.currency)),
            col("largest_tried", "", lambda item: _number(item.largest_tried), 3),
            col("monotone", "", lambda item: item.monotone),
            col("public_cost_m_{cur}_per_year", money, _cost),
            col("outlay_m_{cur}_per_year", money, lambda item: _number(item.outlay_m_per_year)),
            col("cut_kt", "kt/year", lambda item: _number(item.cut_kt)),
            col("group", "", lambda item: "; ".join(item.coalition)),
        ],
        said="remedy.remedies",
        cur=cur,
    )


def _payments(found: Remedy) -> Table:
    money = f"m {found.currency}/year"
    return table_of(
        [(item, pay) for item in found.measures for pay in item.payments],
        [
            col("instrument", "", lambda row: called("instrument", row[0].instrument)),
            col("institution", "", lambda row: called("institution", row[0].institution)),
            code("baseline", lambda row: row[0].baseline),
            code("leaving", lambda row: row[0].leaving),
            col("payer", "", lambda row: _party(row[1].payer)),
            col("payee", "", lambda row: _party(row[1].payee)),
            col(
                f"amount_m_{found.currency.lower()}_per_year",
                money,
                lambda row: row[1].m_per_year,
                label=say("remedy.amount"),
            ),
        ],
        said="remedy.remedy_payments",
    )


def _party(name: str | Party) -> str:
    return called("party", name) if isinstance(name, Party) else name


def _frontier(found: Remedy) -> Table:
    cur, money, unit = found.currency.lower(), f"m {found.currency}/year", f"{found.currency}/t"
    points: dict[tuple[float, Tested], dict[str, FrontierPoint]] = {}
    for point in found.frontier:
        points.setdefault((point.least_cut_kt, point.institution), {})[point.instrument] = point

    def level(pair: tuple[float, Tested], name: str) -> float | None:
        return _number(points[pair][name].level)

    def cost(pair: tuple[float, Tested], name: str) -> float | None:
        return _number(points[pair][name].public_cost_m_per_year)

    who = say("remedy.who_cuts_with_money_from")
    return table_of(
        points,
        [
            col("least_cut_kt", "kt/year", lambda pair: pair[0]),
            col("institution", "", lambda pair: called("institution", pair[1])),
            col("money_m_{cur}_per_year", money, lambda pair: cost(pair, Instrument.TRANSFER)),
            col("compensation_{cur}_per_t", unit, lambda pair: level(pair, Instrument.COMPENSATION)),
            col("compensation_cost_m_{cur}_per_year", money, lambda pair: cost(pair, Instrument.COMPENSATION)),
            col(
                "stockpile_premium_{cur}_per_t",
                unit,
                lambda pair: level(pair, Instrument.STOCKPILE_PREMIUM),
            ),
            col("stockpile_cost_m_{cur}_per_year", money, lambda pair: cost(pair, Instrument.STOCKPILE_PREMIUM)),
            col("money_group", "", lambda pair: "; ".join(points[pair][Instrument.TRANSFER].coalition), label=who),
        ],
        said="remedy.remedy_frontier",
        cur=cur,
    )
