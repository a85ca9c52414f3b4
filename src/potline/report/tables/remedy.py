"""Tables of a remedy: each instrument's least level, who pays whom, and cost against tonnage."""

from __future__ import annotations

__all__ = ["remedy_tables"]

import math

from potline.agreement import Measure, Remedy
from potline.report.table import Cell, Column, Table
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
    rows: list[tuple[Cell, ...]] = []
    for margin in headline_margins(found):
        best = found.cheapest(margin.institution) if margin.verdict == "no agreement" else None
        rows.append(
            (
                INSTITUTION_NAMES[margin.institution],
                margin.verdict,
                _number(margin.margin_m_per_year),
                INSTRUMENT_NAMES[best.instrument] if best else NO_LEVEL if margin.verdict == "no agreement" else "",
                _number(best.public_cost_m_per_year) if best else None,
                listing(best.coalition, most=20) if best else "",
                "; ".join(without_public_cost(found, margin)),
                "; ".join(no_level_suffices(found, margin)),
            )
        )
    return Table(
        name="remedy_least_cost",
        title="The instrument that costs a state least, for each institution. Money without VAT.",
        columns=(
            Column(name="institution", label="Institution"),
            Column(name="verdict", label="Without help"),
            Column(name=f"margin_m_{cur}_per_year", label="Margin", unit=money),
            Column(name="cheapest_instrument", label="Cheapest for a state"),
            Column(name=f"public_cost_m_{cur}_per_year", label="Public cost", unit=money),
            Column(name="group", label="Who cuts"),
            Column(name="without_public_cost", label="At no public cost"),
            Column(name="no_level_suffices", label="No level suffices"),
        ),
        rows=tuple(rows),
    )


def _levels(found: Remedy) -> Table:
    """Return one row an instrument, with level and public cost under each institution in words."""
    institutions = [margin.institution for margin in headline_margins(found)]
    shown: dict[str, dict[str, Measure]] = {}
    for item in found.measures:
        if (item.baseline, item.leaving) == ("observed", "keep"):
            shown.setdefault(item.instrument, {})[item.institution] = item
    columns = [Column(name="instrument", label="Instrument")]
    for name in institutions:
        heading = INSTITUTION_NAMES[name].partition(" (")[0].capitalize()
        columns += [
            Column(name=f"{name}_level", label=f"{heading}: least level"),
            Column(
                name=f"{name}_public_cost_m_{found.currency.lower()}_per_year",
                label="Public cost",
                unit=f"m {found.currency}/year",
            ),
        ]
    return Table(
        name="remedy_levels",
        title="Least level of each instrument at which an agreement exists, the others keeping their cut.",
        note="Public cost below 0: money the state saves. A penalty is paid only by who leaves.",
        columns=tuple(columns),
        rows=tuple(
            (
                INSTRUMENT_NAMES[name],
                *(
                    cell
                    for institution in institutions
                    for cell in (
                        level_words(by[institution], found.currency) if by[institution].suffices else NO_LEVEL,
                        _number(by[institution].public_cost_m_per_year),
                    )
                ),
            )
            for name, by in shown.items()
        ),
    )


def _measures(found: Remedy) -> Table:
    cur = found.currency.lower()
    money = f"m {found.currency}/year"
    return Table(
        name="remedies",
        title="Least level of each instrument at which an agreement exists. Money without VAT.",
        columns=(
            Column(name="instrument", label="Instrument"),
            Column(name="institution", label="Institution"),
            Column(name="baseline", label="Baseline"),
            Column(name="leaving", label="When one leaves"),
            Column(name="suffices", label="Some level suffices"),
            Column(name="level", label="Least level", digits=3),
            Column(name="unit", label="Unit"),
            Column(name="largest_tried", label="Largest tried", digits=3),
            Column(name="monotone", label="Monotone"),
            Column(name=f"public_cost_m_{cur}_per_year", label="Public cost", unit=money),
            Column(name=f"outlay_m_{cur}_per_year", label="Outlay", unit=money),
            Column(name="cut_kt", label="Cut", unit="kt/year"),
            Column(name="group", label="Group"),
        ),
        rows=tuple(_row(item, found.currency) for item in found.measures),
        note="A stockpile's cost is what is paid above the price without a deal; its outlay is the whole price. "
        "A cost below 0 is money the state saves.",
    )


def _row(item: Measure, currency: str) -> tuple[str | float | bool | None, ...]:
    return (
        INSTRUMENT_NAMES[item.instrument],
        INSTITUTION_NAMES[item.institution],
        item.baseline,
        item.leaving,
        item.suffices,
        _number(item.level),
        level_unit(item.unit, currency),
        _number(item.largest_tried),
        item.monotone,
        _number(item.public_cost_m_per_year),
        _number(item.outlay_m_per_year),
        _number(item.cut_kt),
        "; ".join(item.coalition),
    )


def _payments(found: Remedy) -> Table:
    cur = found.currency.lower()
    return Table(
        name="remedy_payments",
        title="Who pays whom at the least level. A penalty is paid only by who leaves; a stockpile pays for metal.",
        columns=(
            Column(name="instrument", label="Instrument"),
            Column(name="institution", label="Institution"),
            Column(name="baseline", label="Baseline"),
            Column(name="leaving", label="When one leaves"),
            Column(name="payer", label="Pays"),
            Column(name="payee", label="Is paid"),
            Column(name=f"amount_m_{cur}_per_year", label="Amount", unit=f"m {found.currency}/year"),
        ),
        rows=tuple(
            (
                INSTRUMENT_NAMES[item.instrument],
                INSTITUTION_NAMES[item.institution],
                item.baseline,
                item.leaving,
                pay.payer,
                pay.payee,
                pay.m_per_year,
            )
            for item in found.measures
            for pay in item.payments
        ),
    )


def _frontier(found: Remedy) -> Table:
    cur, money = found.currency.lower(), f"m {found.currency}/year"
    points = {(point.least_cut_kt, point.institution, point.instrument): point for point in found.frontier}
    pairs = list(dict.fromkeys((point.least_cut_kt, point.institution) for point in found.frontier))
    return Table(
        name="remedy_frontier",
        title="Public cost of each tonnage by three payments, the others keeping their cut. Money without VAT.",
        columns=(
            Column(name="least_cut_kt", label="Least tonnage", unit="kt/year"),
            Column(name="institution", label="Institution"),
            Column(name=f"money_m_{cur}_per_year", label="Money from outside", unit=money),
            Column(name=f"compensation_{cur}_per_t", label="Compensation", unit=f"{found.currency}/t"),
            Column(name=f"compensation_cost_m_{cur}_per_year", label="its cost", unit=money),
            Column(name=f"stockpile_premium_{cur}_per_t", label="Stockpile premium", unit=f"{found.currency}/t"),
            Column(name=f"stockpile_cost_m_{cur}_per_year", label="its cost", unit=money),
            Column(name="money_group", label="Who cuts, with money from outside"),
        ),
        rows=tuple(
            (
                least,
                INSTITUTION_NAMES[institution],
                _number(points[least, institution, "transfer"].public_cost_m_per_year),
                *(
                    _number(value)
                    for name in ("compensation", "stockpile premium")
                    for point in (points[least, institution, name],)
                    for value in (point.level, point.public_cost_m_per_year)
                ),
                "; ".join(points[least, institution, "transfer"].coalition),
            )
            for least, institution in pairs
        ),
        note="Blank: no level suffices. The stockpile buys a kt for each kt idled, at the price of the deal and more.",
    )
