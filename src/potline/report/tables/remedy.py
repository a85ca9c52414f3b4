"""Tables of a remedy: each instrument's least level, who pays whom, and cost against tonnage."""

from __future__ import annotations

__all__ = ["remedy_sentences", "remedy_tables"]

import math

from potline.agreement.remedy_result import Measure, Remedy
from potline.report.table import Column, Table
from potline.report.words import listing, money_m, rounded, tonnes

_INSTITUTION = {"voluntary": "Without payments among members", "transfers": "If members may pay each other"}


def remedy_sentences(found: Remedy) -> list[str]:
    """Return the answer in words: for each institution of the headline, what is missing and what mends it."""
    lines: list[str] = []
    for margin in found.margins:
        if margin.baseline != "observed" or margin.leaving != "keep":
            continue
        head = _INSTITUTION.get(margin.institution, "All or none")
        if margin.verdict == "infeasible":
            lines.append(f"{head}: no group reaches {tonnes(found.least_cut_kt)}.")
            continue
        if margin.verdict == "agreement":
            lines.append(f"{head}: an agreement exists without any help.")
            continue
        text = f"{head}: no agreement, short by {money_m(-margin.margin_m_per_year, found.currency)} a year."
        best = found.cheapest(margin.institution)
        if best is None:
            text += " No payment tried by a state suffices."
        else:
            text += (
                f" Cheapest for a state: {best.instrument}, {rounded(best.level)} {best.unit}, at "
                f"{money_m(best.public_cost_m_per_year, found.currency)} a year, for {listing(best.coalition)}."
            )
        free = [
            item.instrument
            for item in found.measures
            if (item.institution, item.baseline, item.leaving) == (margin.institution, "observed", "keep")
            and item.suffices
            and item.public_cost_m_per_year <= 0.0
            and item.instrument != "import ceiling lifted"
        ]
        failed = [
            item.instrument
            for item in found.measures
            if (item.institution, item.baseline, item.leaving) == (margin.institution, "observed", "keep")
            and not item.suffices
        ]
        if free:
            text += f" At no public cost: {listing(free)}."
        if failed:
            text += f" No level suffices of: {listing(failed)}."
        lines.append(text)
    return lines


def remedy_tables(found: Remedy) -> tuple[Table, ...]:
    """Return every table of a remedy."""
    return _measures(found), _payments(found), _frontier(found)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


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
        rows=tuple(_row(item) for item in found.measures),
        note="A stockpile's cost is what is paid above the price without a deal; its outlay is the whole price. "
        "A cost below 0 is money the state saves.",
    )


def _row(item: Measure) -> tuple[str | float | bool | None, ...]:
    return (
        item.instrument,
        item.institution,
        item.baseline,
        item.leaving,
        item.suffices,
        _number(item.level),
        item.unit,
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
        title="Who pays whom at the least level. A penalty is paid only by who leaves.",
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
            (item.instrument, item.institution, item.baseline, item.leaving, pay.payer, pay.payee, pay.m_per_year)
            for item in found.measures
            for pay in item.payments
        ),
    )


def _frontier(found: Remedy) -> Table:
    cur = found.currency.lower()
    return Table(
        name="remedy_frontier",
        title="Public cost of a tonnage, from what runs today, the others keeping their cut. Money without VAT.",
        columns=(
            Column(name="least_cut_kt", label="Least tonnage", unit="kt/year"),
            Column(name="institution", label="Institution"),
            Column(name="instrument", label="Instrument"),
            Column(name="level", label="Level", digits=1),
            Column(name=f"public_cost_m_{cur}_per_year", label="Public cost", unit=f"m {found.currency}/year"),
            Column(name="group", label="Group"),
        ),
        rows=tuple(
            (
                item.least_cut_kt,
                item.institution,
                item.instrument,
                _number(item.level),
                _number(item.public_cost_m_per_year),
                "; ".join(item.coalition),
            )
            for item in found.frontier
        ),
    )
