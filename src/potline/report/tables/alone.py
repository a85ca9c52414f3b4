"""Tables of what owners would do alone: each large owner, and deals that outsiders answer."""

from __future__ import annotations

__all__ = ["alone_tables"]

import math
from collections.abc import Iterator

from potline.agreement import UnilateralCuts
from potline.report.table import Table, code, col, table_of


def alone_tables(found: UnilateralCuts) -> Iterator[Table]:
    """Return one row an owner, and one a deal that holds; no second table where none does."""
    currency = found.case.currency
    cur, unit, money = currency.lower(), f"{currency}/t", f"m {currency}/year"
    yield table_of(
        found.owners,
        [
            col("owner", "", lambda one: one.owner),
            col("at_table", "", lambda one: one.at_table),
            col("running_kt", "kt/year", lambda one: one.running_kt),
            col("running_share", "share", lambda one: one.running_share, 3),
            col("cut_kt", "kt/year", lambda one: one.cut_kt),
            col("price_rise_{cur}_per_t", unit, lambda one: one.price_rise_per_t),
            col("gain_m_{cur}_per_year", money, lambda one: one.gain_m_per_year, 1),
            col("conduct_at_most", "share", lambda one: one.conduct_at_most, 2),
            col("conduct_at_kt", "kt/year", lambda one: one.loss_share_at_kt if one.loss_share < 1.0 else math.nan),
            col("nash_cut_kt", "kt/year", lambda one: one.nash_cut_kt),
            col("deal_gain_m_{cur}_per_year", money, lambda one: one.deal_gain_m_per_year, 1),
            col("further_deal_gain_m_{cur}_per_year", money, lambda one: one.further_deal_gain_m_per_year, 1),
        ],
        said="alone.unilateral_cuts",
        cur=cur,
        share=found.least_share,
    )
    if not found.deals:
        return
    yield table_of(
        found.different_deals,
        [
            code("baseline", lambda one: one.baseline),
            col("group", "", lambda one: "; ".join(one.coalition)),
            col("cut_kt", "kt/year", lambda one: one.tonnage_kt),
            col("kept_rise_{cur}_per_t", unit, lambda one: one.kept_rise_per_t),
            col("price_rise_{cur}_per_t", unit, lambda one: one.price_rise_per_t),
            col("outsiders_kt", "kt/year", lambda one: one.outsiders_kt),
            col("kept_gain_m_{cur}_per_year", money, lambda one: one.kept_gain_m_per_year, 1),
            col("gain_m_{cur}_per_year", money, lambda one: one.gain_m_per_year, 1),
            col("least_slack_m_{cur}_per_year", money, lambda one: one.weakest.slack_m_per_year, 1),
            col("holds", "", lambda one: one.holds if one.settled else None),
        ],
        said="alone.deals_answered",
        cur=cur,
    )
