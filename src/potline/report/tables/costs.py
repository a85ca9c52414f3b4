"""Tables of costs: every plant, provinces, owners, and what stands under water at a row of prices."""

from __future__ import annotations

__all__ = ["cost_tables", "plant_table", "under_water_table"]

from collections.abc import Sequence
from typing import NamedTuple

from potline.costs import CostCurve, CostGroup, UnderWater
from potline.report.table import Table, col, table_of

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
    above = "Breaks even at a quoted price, with VAT"
    return table_of(
        range(len(names)),
        [
            col("plant", "Plant", "", lambda k: names[k]),
            col("firm", "Firm", "", lambda k: net.firms[k]),
            col("owner", "Owner", "", lambda k: net.owners[k]),
            col("province", "Province", "", lambda k: net.governments[k]),
            col("capacity_kt", "Capacity", "kt/year", lambda k: plants[names[k]].capacity_kt),
            col("running_kt", "Running", "kt/year", lambda k: plants[names[k]].running_kt),
            col("idle_kt", "Idle", "kt/year", lambda k: plants[names[k]].idle_kt),
            col("commissioning_kt", "Ramping up", "kt/year", lambda k: plants[names[k]].commissioning_kt),
            col(
                "cumulative_capacity_kt",
                "Cumulative capacity",
                "kt/year",
                lambda k: float(net.cumulative_capacity_kt[k]),
            ),
            col(f"gross_cash_cost_{cur}_per_t", "Gross cash cost", unit, lambda k: before[names[k]]),
            col(f"support_{cur}_per_t", "Support a tonne", unit, lambda k: plants[names[k]].support_total_per_t),
            col(f"net_cash_cost_{cur}_per_t", "Net cash cost", unit, lambda k: cost[k]),
            col(f"full_cost_{cur}_per_t", "Full cost", unit, lambda k: all_in[names[k]]),
            col(f"margin_{cur}_per_t", "Cash margin", unit, lambda k: net.price_per_t - cost[k]),
            col(f"break_even_quoted_{cur}_per_t", above, unit, lambda k: net.with_vat(cost[k])),
            col(
                f"lump_sum_m_{cur}_per_year",
                "Lump sum",
                f"m {industry.currency}/year",
                lambda k: plants[names[k]].lump_sum_m_per_year,
                1,
            ),
            col("under_water", "Under water", "", lambda k: cost[k] > net.price_per_t),
        ],
        name="plants",
        title=f"Plants by net cash cost; costs and margin in {unit} without VAT unless the column says otherwise.",
    )


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
            col(f"quoted_price_{cur}_per_t", "Quoted price with VAT", unit, lambda step: net.with_vat(step.price)),
            col(f"price_{cur}_per_t", "Price without VAT", unit, lambda step: step.price),
            col("under_water_net_kt", "Under water after support", "kt/year", lambda step: step.net.capacity_kt),
            col("under_water_net_share", "Share after support", "share", lambda step: step.net.capacity_share, 3),
            col("under_water_gross_kt", "Under water before support", "kt/year", lambda step: step.gross.capacity_kt),
            col("under_water_gross_share", "Share before support", "share", lambda step: step.gross.capacity_share, 3),
            col("under_water_full_kt", "Under water on full cost", "kt/year", lambda step: step.full.capacity_kt),
            col("under_water_full_share", "Share on full cost", "share", lambda step: step.full.capacity_share, 3),
            col(f"cash_loss_m_{cur}_per_year", "Cash loss", money, lambda step: step.net.loss_m_per_year),
            col(f"cash_result_m_{cur}_per_year", "Cash result", money, lambda step: step.net.result_m_per_year),
        ],
        name="under_water",
        title="Capacity under water as the price moves; quoted prices with VAT, loss and result of running lines.",
    )


def _group_table(groups: Sequence[CostGroup], key: str, net: CostCurve) -> Table:
    cur, unit = net.industry.currency.lower(), f"{net.industry.currency}/t"
    return table_of(
        groups,
        [
            col(key, key.capitalize(), "", lambda group: group.name),
            col("plants", "Plants", "", lambda group: group.plants),
            col("capacity_kt", "Capacity", "kt/year", lambda group: group.capacity_kt),
            col("running_kt", "Running", "kt/year", lambda group: group.running_kt),
            col(f"net_cash_cost_{cur}_per_t", "Net cash cost", unit, lambda group: group.cost_per_t),
            col(f"lowest_{cur}_per_t", "Lowest", unit, lambda group: group.lowest_per_t),
            col(f"highest_{cur}_per_t", "Highest", unit, lambda group: group.highest_per_t),
            col("under_water_kt", "Under water", "kt/year", lambda group: group.under_water_kt),
            col(
                f"cash_loss_m_{cur}_per_year",
                "Cash loss",
                f"m {net.industry.currency}/year",
                lambda group: group.loss_m_per_year,
            ),
            col(
                f"cash_result_m_{cur}_per_year",
                "Cash result",
                f"m {net.industry.currency}/year",
                lambda group: group.result_m_per_year,
            ),
        ],
        name=f"costs_by_{key}",
        title=f"Net cash cost by {key}, weighted by capacity, {unit} without VAT.",
    )
