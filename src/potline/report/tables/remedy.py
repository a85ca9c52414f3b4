"""Tables of a remedy: each instrument's least level, who pays whom, and cost against tonnage."""

from __future__ import annotations

__all__ = ["remedy_tables"]

import math

from potline.agreement import Margin, Measure, Remedy
from potline.agreement.remedy.result import FrontierPoint
from potline.choices import Baseline, Belief, Tested
from potline.report.table import Reading, Table, col, table_of
from potline.report.tables.institutions import INSTITUTION_NAMES
from potline.report.tables.remedy_words import (
    INSTRUMENT_NAMES,
    NO_LEVEL,
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
            col("institution", "Institution", "", lambda margin: INSTITUTION_NAMES[margin.institution]),
            col("verdict", "Without help", "", lambda margin: margin.verdict),
            col(f"margin_m_{cur}_per_year", "Margin", money, lambda margin: _number(margin.margin_m_per_year)),
            col("cheapest_instrument", "Cheapest for a state", "", lambda margin: _named(margin, best[margin])),
            col(f"public_cost_m_{cur}_per_year", "Public cost", money, lambda margin: _cost(best[margin])),
            col("group", "Who cuts", "", lambda margin: _cutting(best[margin])),
            col(
                "without_public_cost",
                "At no public cost",
                "",
                lambda margin: "; ".join(without_public_cost(found, margin)),
            ),
            col(
                "no_level_suffices", "No level suffices", "", lambda margin: "; ".join(no_level_suffices(found, margin))
            ),
        ],
        name="remedy_least_cost",
        title="The instrument that costs a state least, for each institution. Money without VAT.",
    )


def _cheapest(found: Remedy, margin: Margin) -> Measure | None:
    return found.cheapest(margin.institution) if margin.verdict == "no agreement" else None


def _named(margin: Margin, best: Measure | None) -> str:
    return INSTRUMENT_NAMES[best.instrument] if best else NO_LEVEL if margin.verdict == "no agreement" else ""


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
            col("instrument", "Instrument", "", lambda row: INSTRUMENT_NAMES[row[0]]),
            *(one for margin in headline_margins(found) for one in _level(margin.institution, found.currency)),
        ],
        name="remedy_levels",
        title="Least level of each instrument at which an agreement exists, the others keeping their cut.",
        note="Public cost below 0: money the state saves. A penalty is paid only by who leaves.",
    )


def _level(institution: Tested, currency: str) -> tuple[Reading[tuple[str, dict[str, Measure]]], ...]:
    heading = INSTITUTION_NAMES[institution].partition(" (")[0].capitalize()

    def level(row: tuple[str, dict[str, Measure]]) -> str:
        item = row[1][institution]
        return level_words(item, currency) if item.suffices else NO_LEVEL

    return (
        col(f"{institution}_level", f"{heading}: least level", "", level),
        col(
            f"{institution}_public_cost_m_{currency.lower()}_per_year",
            "Public cost",
            f"m {currency}/year",
            lambda row: _cost(row[1][institution]),
        ),
    )


def _measures(found: Remedy) -> Table:
    cur, money = found.currency.lower(), f"m {found.currency}/year"
    return table_of(
        found.measures,
        [
            col("instrument", "Instrument", "", lambda item: INSTRUMENT_NAMES[item.instrument]),
            col("institution", "Institution", "", lambda item: INSTITUTION_NAMES[item.institution]),
            col("baseline", "Baseline", "", lambda item: item.baseline),
            col("leaving", "When one leaves", "", lambda item: item.leaving),
            col("suffices", "Some level suffices", "", lambda item: item.suffices),
            col("level", "Least level", "", lambda item: _number(item.level), 3),
            col("unit", "Unit", "", lambda item: level_unit(item.unit, found.currency)),
            col("largest_tried", "Largest tried", "", lambda item: _number(item.largest_tried), 3),
            col("monotone", "Monotone", "", lambda item: item.monotone),
            col(f"public_cost_m_{cur}_per_year", "Public cost", money, _cost),
            col(f"outlay_m_{cur}_per_year", "Outlay", money, lambda item: _number(item.outlay_m_per_year)),
            col("cut_kt", "Cut", "kt/year", lambda item: _number(item.cut_kt)),
            col("group", "Group", "", lambda item: "; ".join(item.coalition)),
        ],
        name="remedies",
        title="Least level of each instrument at which an agreement exists. Money without VAT.",
        note="A stockpile's cost is what is paid above the price without a deal; its outlay is the whole price. "
        "A cost below 0 is money the state saves.",
    )


def _payments(found: Remedy) -> Table:
    money = f"m {found.currency}/year"
    return table_of(
        [(item, pay) for item in found.measures for pay in item.payments],
        [
            col("instrument", "Instrument", "", lambda row: INSTRUMENT_NAMES[row[0].instrument]),
            col("institution", "Institution", "", lambda row: INSTITUTION_NAMES[row[0].institution]),
            col("baseline", "Baseline", "", lambda row: row[0].baseline),
            col("leaving", "When one leaves", "", lambda row: row[0].leaving),
            col("payer", "Pays", "", lambda row: row[1].payer),
            col("payee", "Is paid", "", lambda row: row[1].payee),
            col(f"amount_m_{found.currency.lower()}_per_year", "Amount", money, lambda row: row[1].m_per_year),
        ],
        name="remedy_payments",
        title="Who pays whom at the least level. A penalty is paid only by who leaves; a stockpile pays for product.",
    )


def _frontier(found: Remedy) -> Table:
    cur, money, unit = found.currency.lower(), f"m {found.currency}/year", f"{found.currency}/t"
    points: dict[tuple[float, Tested], dict[str, FrontierPoint]] = {}
    for point in found.frontier:
        points.setdefault((point.least_cut_kt, point.institution), {})[point.instrument] = point

    def level(pair: tuple[float, Tested], name: str) -> float | None:
        return _number(points[pair][name].level)

    def cost(pair: tuple[float, Tested], name: str) -> float | None:
        return _number(points[pair][name].public_cost_m_per_year)

    who = "Who cuts, with money from outside"
    return table_of(
        points,
        [
            col("least_cut_kt", "Least tonnage", "kt/year", lambda pair: pair[0]),
            col("institution", "Institution", "", lambda pair: INSTITUTION_NAMES[pair[1]]),
            col(f"money_m_{cur}_per_year", "Money from outside", money, lambda pair: cost(pair, "transfer")),
            col(f"compensation_{cur}_per_t", "Compensation", unit, lambda pair: level(pair, "compensation")),
            col(f"compensation_cost_m_{cur}_per_year", "its cost", money, lambda pair: cost(pair, "compensation")),
            col(
                f"stockpile_premium_{cur}_per_t",
                "Stockpile premium",
                unit,
                lambda pair: level(pair, "stockpile premium"),
            ),
            col(f"stockpile_cost_m_{cur}_per_year", "its cost", money, lambda pair: cost(pair, "stockpile premium")),
            col("money_group", who, "", lambda pair: "; ".join(points[pair]["transfer"].coalition)),
        ],
        name="remedy_frontier",
        title="Public cost of each tonnage by three payments, the others keeping their cut. Money without VAT.",
        note="Blank: no level suffices. The stockpile buys a kt for each kt idled, at the price of the deal and more.",
    )
