"""Losses: who loses money, where and how much."""

from __future__ import annotations

__all__ = ["losses_block"]

import dataclasses

from potline.report.blocks import Blocks, joined, paragraph, table_block
from potline.report.saying import say
from potline.report.sections.meeting import alone_block
from potline.report.sections.parts import Parts
from potline.report.words import listing, money_m


def losses_block(parts: Parts) -> Blocks:
    """Say who loses money, where and how much, and why nobody stops alone where no chapter on a meeting says it."""
    answers, currency = parts.answers, parts.currency
    water, full = answers.net.under_water(), answers.full.under_water()
    owners = sorted(answers.net.by("owner"), key=lambda group: -group.loss_m_per_year)
    losing = [group for group in owners if group.loss_m_per_year > 0.0]
    words = (
        say(
            "costs.of_capacity_does_not_earn",
            capacity_share=water.capacity_share,
            running_kt=water.running_kt / water.capacity_kt,
        )
        + " "
        if water.capacity_kt > 0.0
        else say("costs.every_plant_earns_its_cash") + " "
    )
    more = (
        say(
            "costs.with_depreciation_and_interest_of",
            capacity_share=full.capacity_share,
            capacity_kt=full.capacity_kt,
            currency=currency,
            result_m_per_year=abs(water.result_m_per_year),
        )
        if water.result_m_per_year >= 0
        else say(
            "costs.with_depreciation_and_interest_of_2",
            capacity_share=full.capacity_share,
            capacity_kt=full.capacity_kt,
            currency=currency,
            result_m_per_year=abs(water.result_m_per_year),
        )
    )
    if losing:
        first = listing([f"{group.name} ({money_m(group.loss_m_per_year, currency)})" for group in losing[:4]])
        more += " " + say("costs.the_largest_losses_on_lines", first=first)
    cur = currency.lower()
    table = parts.table("costs_by_owner")
    losses = zip(table.column(f"cash_loss_m_{cur}_per_year"), table.rows, strict=True)
    ordered = [row for _, row in sorted(losses, key=lambda pair: (-float(pair[0] or 0.0), str(pair[1][0])))[:8]]
    top = dataclasses.replace(
        table,
        title=say("costs.largest_losses"),
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
        table_block(top) if losing else (),
        parts.folded(say("costs.the_same_curve_by_owner"), "cost_curve_by_owner", "cost_curve_by_state"),
        alone_block(parts) if answers.meeting is None and answers.stops is not None else (),
    )
