"""Tables of a conditional proposal: what the condition comes to, and at which triggers it would hold."""

from __future__ import annotations

__all__ = ["condition_sentence", "condition_table", "trigger_table"]

import math
from collections.abc import Sequence

from potline.agreement import Proposed, TriggerRange
from potline.industry import Industry
from potline.report.table import Column, Table
from potline.report.words import amount, listing, money, money_m, percent, tonnes


def condition_table(found: Sequence[Proposed], industry: Industry) -> Table:
    """Return one row a conditional proposal."""
    currency = industry.currency
    cur, money = currency.lower(), f"m {currency}/year"
    return Table(
        name="condition",
        title="A cut that comes into force when the price is at or below a trigger, as seen today.",
        columns=(
            Column(name=f"trigger_quoted_{cur}_per_t", label="Trigger, quoted", unit=f"{currency}/t"),
            Column(name="window_years", label="Plan stands for", unit="years", digits=-1),
            Column(name="parity", label="Import parity"),
            Column(name="probability", label="Triggered", unit="share", digits=3),
            Column(name="expected_years", label="Mean time to it", unit="years", digits=2),
            Column(name="stopped_kt", label="Stopped by then", unit="kt/year"),
            Column(name="verdict", label="Verdict at the trigger"),
            Column(name="group", label="Group"),
            Column(name=f"margin_m_{cur}_per_year", label="Margin at the trigger", unit=money),
            Column(name="discount", label="Worth today of 1 then", unit="share", digits=3),
            Column(name=f"discounted_margin_m_{cur}_per_year", label="Margin, counted today", unit=money),
        ),
        rows=tuple(
            (
                industry.with_vat(item.condition.trigger_per_t),
                item.condition.window_years,
                item.condition.parity,
                item.condition.probability,
                item.condition.expected_years,
                item.condition.stopped_kt,
                item.verdict,
                "; ".join(item.group),
                item.margin_m_per_year,
                item.condition.discount,
                item.condition.discounted_margin_m_per_year,
            )
            for item in found
            if item.condition is not None
        ),
    )


def trigger_table(found: Sequence[TriggerRange], industry: Industry) -> Table:
    """Return the stretches of triggers with an agreement; one row without prices where there is none."""
    currency = industry.currency
    cur = currency.lower()
    return Table(
        name="triggers",
        title="Triggers at which a group would keep to the meeting's proposal; prices as quoted.",
        columns=(
            Column(name="leaving", label="When one leaves"),
            Column(name="parity", label="Import parity"),
            Column(name=f"lowest_trigger_quoted_{cur}_per_t", label="From", unit=f"{currency}/t"),
            Column(name=f"highest_trigger_quoted_{cur}_per_t", label="To", unit=f"{currency}/t"),
        ),
        rows=tuple(
            (item.leaving, item.parity, *(None if price is None else industry.with_vat(price) for price in pair))
            for item in found
            for pair in item.ranges_per_t or ((None, None),)
        ),
    )


def condition_sentence(found: Sequence[Proposed], industry: Industry) -> str:
    """Say what a waiting cut comes to, one reading of import parity after the other."""
    known = [(item, item.condition) for item in found if item.condition is not None]
    first = known[0][1]
    quoted = money(industry.with_vat(first.trigger_per_t), industry.currency)
    if first.met_today:
        return f"Today's price is at or below {quoted}, so the cut would be made at once: {known[0][0].verdict}."
    time = "" if math.isnan(first.expected_years) else f", after {amount(first.expected_years, 1)} years in the mean,"
    words = (
        f"A cut that waits for {quoted}: within {amount(first.window_years, 1)} years the price gets there with a "
        f"probability of {percent(first.probability)}{time} and by then {tonnes(first.stopped_kt)} have stopped by "
        "themselves. The meeting then held"
    )
    said = [
        f"{_verdict_words(item)} where import parity {'stays' if law.parity == 'held' else 'falls as much'}"
        + (
            ""
            if math.isnan(item.margin_m_per_year)
            else f" ({money_m(item.margin_m_per_year, industry.currency)} a year then, "
            f"{money_m(law.discounted_margin_m_per_year, industry.currency)} counted today)"
        )
        for item, law in known
    ]
    return f"{words} {listing(said)}. A binding signature today changes none of these verdicts."


def _verdict_words(item: Proposed) -> str:
    """Say what a meeting finds."""
    return {"agreement": "agrees", "no agreement": "does not agree", "infeasible": "has nobody able to make the cut"}[
        item.verdict
    ]
