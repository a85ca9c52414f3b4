"""Losses: who loses money, where and how much."""

from __future__ import annotations

__all__ = ["losses_block"]

import dataclasses

from potline.report.html import paragraph, table_block
from potline.report.sections.parts import Parts, joined
from potline.report.words import listing, money_m, percent, tonnes


def losses_block(parts: Parts) -> str:
    """Say who loses money, where and how much."""
    answers, currency = parts.answers, parts.currency
    water, full = answers.net.under_water(), answers.full.under_water()
    owners = sorted(answers.net.by("owner"), key=lambda group: -group.loss_m_per_year)
    losing = [group for group in owners if group.loss_m_per_year > 0.0]
    words = (
        f"{percent(water.capacity_share)} of capacity does not earn its cash cost (it is under water), and "
        f"{percent(water.running_kt / water.capacity_kt)} of that capacity runs all the same. "
        if water.capacity_kt > 0.0
        else "Every plant earns its cash cost. "
    )
    more = (
        f"With depreciation and interest {percent(full.capacity_share)} of capacity ({tonnes(full.capacity_kt)}) is "
        f"under water. All running lines together {'earn' if water.result_m_per_year >= 0 else 'lose'} "
        f"{money_m(abs(water.result_m_per_year), currency)} a year in cash."
    )
    if losing:
        first = listing([f"{group.name} ({money_m(group.loss_m_per_year, currency)})" for group in losing[:4]])
        more += f" The largest losses on lines under water are those of {first}."
    cur = currency.lower()
    table = parts.table("costs_by_owner")
    losses = zip(table.column(f"cash_loss_m_{cur}_per_year"), table.rows, strict=True)
    ordered = [row for _, row in sorted(losses, key=lambda pair: (-float(pair[0] or 0.0), str(pair[1][0])))[:8]]
    top = dataclasses.replace(
        table,
        title="Owners with the largest cash losses on lines under water; cost without VAT, weighted by capacity.",
        rows=tuple(ordered),
    ).picked(
        [
            "owner",
            "capacity_kt",
            "running_kt",
            f"net_cash_cost_{cur}_per_t",
            "under_water_kt",
            f"cash_loss_m_{cur}_per_year",
            f"cash_result_m_{cur}_per_year",
        ]
    )
    return joined(
        paragraph(words + more),
        parts.figure("cost_curve", "province_map"),
        table_block(top) if losing else "",
        parts.folded(
            "The same curve by owner, and by what each line does", "cost_curve_by_owner", "cost_curve_by_state"
        ),
    )
