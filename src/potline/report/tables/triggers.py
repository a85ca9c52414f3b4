"""Tables of a conditional proposal: what the condition comes to, and at which triggers it would hold."""

from __future__ import annotations

__all__ = ["condition_sentence", "condition_table", "trigger_table"]

import math
from collections.abc import Sequence

from potline.agreement import Proposed, TriggerRange
from potline.industry import Industry
from potline.report.table import Table, col, table_of
from potline.report.words import amount, listing, money, money_m, percent, tonnes


def condition_table(found: Sequence[Proposed], industry: Industry) -> Table:
    """Return one row a conditional proposal."""
    currency = industry.currency
    cur, money = currency.lower(), f"m {currency}/year"
    return table_of(
        [(item, item.condition) for item in found if item.condition is not None],
        [
            col(
                f"trigger_quoted_{cur}_per_t",
                "Trigger, quoted",
                f"{currency}/t",
                lambda row: industry.with_vat(row[1].trigger_per_t),
            ),
            col("window_years", "Plan stands for", "years", lambda row: row[1].window_years, -1),
            col("parity", "Import parity", "", lambda row: row[1].parity),
            col("probability", "Triggered", "share", lambda row: row[1].probability, 3),
            col("expected_years", "Mean time to it", "years", lambda row: row[1].expected_years, 2),
            col("stopped_kt", "Stopped by then", "kt/year", lambda row: row[1].stopped_kt),
            col("verdict", "Verdict at the trigger", "", lambda row: row[0].verdict),
            col("group", "Group", "", lambda row: "; ".join(row[0].group)),
            col(f"margin_m_{cur}_per_year", "Margin at the trigger", money, lambda row: row[0].margin_m_per_year),
            col("discount", "Worth today of 1 then", "share", lambda row: row[1].discount, 3),
            col(
                f"discounted_margin_m_{cur}_per_year",
                "Margin, counted today",
                money,
                lambda row: row[1].discounted_margin_m_per_year,
            ),
        ],
        name="condition",
        title="A cut that comes into force when the price is at or below a trigger, as seen today.",
    )


def trigger_table(found: Sequence[TriggerRange], industry: Industry) -> Table:
    """Return the stretches of triggers with an agreement; one row without prices where there is none."""
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"

    def quoted(price_per_t: float | None) -> float | None:
        return None if price_per_t is None else industry.with_vat(price_per_t)

    return table_of(
        [(item, pair) for item in found for pair in item.ranges_per_t or ((None, None),)],
        [
            col("leaving", "When one leaves", "", lambda row: row[0].leaving),
            col("parity", "Import parity", "", lambda row: row[0].parity),
            col(f"lowest_trigger_quoted_{cur}_per_t", "From", unit, lambda row: quoted(row[1][0])),
            col(f"highest_trigger_quoted_{cur}_per_t", "To", unit, lambda row: quoted(row[1][1])),
        ],
        name="triggers",
        title="Triggers at which a group would keep to the meeting's proposal; prices as quoted.",
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
