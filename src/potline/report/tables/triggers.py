"""Tables of a conditional proposal: what the condition comes to, and at which triggers it would hold."""

from __future__ import annotations

__all__ = ["condition_sentence", "condition_table", "trigger_table"]

import math
from collections.abc import Sequence

from potline.agreement import Proposed, TriggerRange
from potline.industry import Industry
from potline.report.saying import called, say
from potline.report.table import Table, code, col, table_of
from potline.report.words import money


def condition_table(found: Sequence[Proposed], industry: Industry) -> Table:
    """Return one row a conditional proposal."""
    currency = industry.currency
    cur, money = currency.lower(), f"m {currency}/year"
    return table_of(
        [(item, item.condition) for item in found if item.condition is not None],
        [
            col(
                "trigger_quoted_{cur}_per_t",
                f"{currency}/t",
                lambda row: industry.with_vat(row[1].trigger_per_t),
            ),
            col("window_years", "years", lambda row: row[1].window_years, -1),
            code("parity", lambda row: row[1].parity),
            col("probability", "share", lambda row: row[1].probability, 3),
            col("expected_years", "years", lambda row: row[1].expected_years, 2),
            col("stopped_kt", "kt/year", lambda row: row[1].stopped_kt),
            code("verdict", lambda row: row[0].verdict),
            col("group", "", lambda row: "; ".join(row[0].group)),
            col("margin_m_{cur}_per_year", money, lambda row: row[0].margin_m_per_year),
            col("discount", "share", lambda row: row[1].discount, 3),
            col(
                "discounted_margin_m_{cur}_per_year",
                money,
                lambda row: row[1].discounted_margin_m_per_year,
            ),
        ],
        said="triggers.condition",
        cur=cur,
    )


def trigger_table(found: Sequence[TriggerRange], industry: Industry) -> Table:
    """Return the stretches of triggers with an agreement; one row without prices where there is none."""
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"

    def quoted(price_per_t: float | None) -> float | None:
        return None if price_per_t is None else industry.with_vat(price_per_t)

    return table_of(
        [(item, pair) for item in found for pair in item.ranges_per_t or ((None, None),)],
        [
            code("leaving", lambda row: row[0].leaving),
            code("parity", lambda row: row[0].parity),
            col("lowest_trigger_quoted_{cur}_per_t", unit, lambda row: quoted(row[1][0])),
            col("highest_trigger_quoted_{cur}_per_t", unit, lambda row: quoted(row[1][1])),
        ],
        said="triggers.triggers",
        cur=cur,
    )


def condition_sentence(found: Sequence[Proposed], industry: Industry) -> str:
    """Say what a waiting cut comes to, one reading of import parity after the other."""
    known = [(item, item.condition) for item in found if item.condition is not None]
    first = known[0][1]
    quoted = money(industry.with_vat(first.trigger_per_t), industry.currency)
    if first.met_today:
        return say("triggers.todays_price_is_at_or", quoted=quoted, verdict=known[0][0].verdict)
    time = (
        ""
        if math.isnan(first.expected_years)
        else say("triggers.after_years_in_the_mean", expected_years=first.expected_years)
    )
    words = say(
        "triggers.a_cut_that_waits_for",
        quoted=quoted,
        window_years=first.window_years,
        probability=first.probability,
        time=time,
        stopped_kt=first.stopped_kt,
    )
    said = [
        say(
            "triggers.verdict_where" if math.isnan(item.margin_m_per_year) else "triggers.verdict_where_with_margin",
            verdict_words=called("verdict_verb", item.verdict),
            parity_words=called("parity", law.parity),
            currency=industry.currency,
            margin_m_per_year=item.margin_m_per_year,
            discounted_margin_m_per_year=law.discounted_margin_m_per_year,
        )
        for item, law in known
    ]
    return say("triggers.a_binding_signature_today_changes", before=words, parts=said)
