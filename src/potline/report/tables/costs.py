"""Tables of costs: every plant, provinces, owners, and what stands under water at a row of prices."""

from __future__ import annotations

__all__ = ["cost_tables", "plant_table", "under_water_table"]

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

from potline.costs import CostCurve, CostGroup, UnderWater
from potline.report.saying import called, say
from potline.report.table import Curve, Table, col, table_of

STEPS = (-0.10, -0.075, -0.05, -0.025, 0.0, 0.025, 0.05, 0.075, 0.10)


def cost_tables(net: CostCurve, gross: CostCurve, full: CostCurve) -> tuple[Table, ...]:
    """Return plants, provinces, owners and the price ladder."""
    return (
        plant_table(net, gross, full),
        _group_table(net.by("province"), "province", net),
        _group_table(net.by("owner"), "owner", net),
        under_water_table(net, gross, full),
    )


def plant_table(net: CostCurve, gross: CostCurve, full: CostCurve) -> Table:
    """Return one row a plant, cheapest first."""
    industry, cur = net.industry, net.industry.currency.lower()
    unit = f"{industry.currency}/t"
    before = dict(zip(gross.plants, gross.cost_per_t.tolist(), strict=True))
    all_in = dict(zip(full.plants, full.cost_per_t.tolist(), strict=True))
    plants = {plant.name: plant for plant in industry.plants}
    names, cost = net.plants, net.cost_per_t.tolist()
    above = say("costs.breaks_even_at_a_quoted")
    made = table_of(
        range(len(names)),
        [
            col("plant", "", lambda k: names[k]),
            col("firm", "", lambda k: net.firms[k]),
            col("owner", "", lambda k: net.owners[k]),
            col("province", "", lambda k: net.governments[k]),
            col("capacity_kt", "kt/year", lambda k: plants[names[k]].capacity_kt),
            col("running_kt", "kt/year", lambda k: plants[names[k]].running_kt),
            col("idle_kt", "kt/year", lambda k: plants[names[k]].idle_kt),
            col("commissioning_kt", "kt/year", lambda k: plants[names[k]].commissioning_kt),
            col(
                "cumulative_capacity_kt",
                "kt/year",
                lambda k: float(net.cumulative_capacity_kt[k]),
            ),
            col("gross_cash_cost_{cur}_per_t", unit, lambda k: before[names[k]]),
            col("support_{cur}_per_t", unit, lambda k: plants[names[k]].support_total_per_t),
            col("net_cash_cost_{cur}_per_t", unit, lambda k: cost[k]),
            col("full_cost_{cur}_per_t", unit, lambda k: all_in[names[k]]),
            col("margin_{cur}_per_t", unit, lambda k: net.price_per_t - cost[k]),
            col(f"break_even_quoted_{cur}_per_t", unit, lambda k: net.with_vat(cost[k]), label=above),
            col(
                "lump_sum_m_{cur}_per_year",
                f"m {industry.currency}/year",
                lambda k: plants[names[k]].lump_sum_m_per_year,
                1,
            ),
            col("under_water", "", lambda k: cost[k] > net.price_per_t),
        ],
        said="costs.plants",
        cur=cur,
        unit=unit,
    )
    curve = Curve(width="capacity_kt", height=f"net_cash_cost_{cur}_per_t", level=net.price_per_t)
    return dataclasses.replace(made, curve=curve)


class _Step(NamedTuple):
    """What stands under water at a price: after support, before it, and on full cost."""

    price: float
    net: UnderWater
    gross: UnderWater
    full: UnderWater


def under_water_table(net: CostCurve, gross: CostCurve, full: CostCurve) -> Table:
    """Return what stands under water as the price moves, before and after support, on cash and on full cost."""
    cur, unit = net.industry.currency.lower(), f"{net.industry.currency}/t"
    money = f"m {net.industry.currency}/year"
    prices = [net.price_per_t * (1.0 + step) for step in STEPS]
    return table_of(
        [_Step(price, *(curve.under_water(price) for curve in (net, gross, full))) for price in prices],
        [
            col("quoted_price_{cur}_per_t", unit, lambda step: net.with_vat(step.price)),
            col("price_{cur}_per_t", unit, lambda step: step.price),
            col("under_water_net_kt", "kt/year", lambda step: step.net.capacity_kt),
            col("under_water_net_share", "share", lambda step: step.net.capacity_share, 3),
            col("under_water_gross_kt", "kt/year", lambda step: step.gross.capacity_kt),
            col("under_water_gross_share", "share", lambda step: step.gross.capacity_share, 3),
            col("under_water_full_kt", "kt/year", lambda step: step.full.capacity_kt),
            col("under_water_full_share", "share", lambda step: step.full.capacity_share, 3),
            col("cash_loss_m_{cur}_per_year", money, lambda step: step.net.loss_m_per_year),
            col("cash_result_m_{cur}_per_year", money, lambda step: step.net.result_m_per_year),
        ],
        said="costs.under_water",
        cur=cur,
    )


def _group_table(groups: Sequence[CostGroup], key: str, net: CostCurve) -> Table:
    cur, unit = net.industry.currency.lower(), f"{net.industry.currency}/t"
    return table_of(
        groups,
        [
            col(key, "", lambda group: group.name, label=called("group_label", key)),
            col("plants", "", lambda group: group.plants),
            col("capacity_kt", "kt/year", lambda group: group.capacity_kt),
            col("running_kt", "kt/year", lambda group: group.running_kt),
            col("net_cash_cost_{cur}_per_t", unit, lambda group: group.cost_per_t),
            col("lowest_{cur}_per_t", unit, lambda group: group.lowest_per_t),
            col("highest_{cur}_per_t", unit, lambda group: group.highest_per_t),
            col("under_water_kt", "kt/year", lambda group: group.under_water_kt),
            col(
                "cash_loss_m_{cur}_per_year",
                f"m {net.industry.currency}/year",
                lambda group: group.loss_m_per_year,
            ),
            col(
                "cash_result_m_{cur}_per_year",
                f"m {net.industry.currency}/year",
                lambda group: group.result_m_per_year,
            ),
        ],
        name=f"costs_by_{key}",
        said="costs.costs_by",
        cur=cur,
        key=called("group", key),
        unit=unit,
    )
