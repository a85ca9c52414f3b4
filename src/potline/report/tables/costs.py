"""Tables of costs: every plant, provinces, owners, and what stands under water at a row of prices."""

from __future__ import annotations

__all__ = ["cost_tables", "plant_table", "under_water_table"]

from collections.abc import Sequence

from potline.costs import CostCurve, CostGroup
from potline.report.table import Column, Table, col, table_of

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
    rows = [
        (
            name,
            net.firms[place],
            net.owners[place],
            net.governments[place],
            plants[name].capacity_kt,
            plants[name].running_kt,
            plants[name].idle_kt,
            plants[name].commissioning_kt,
            float(net.cumulative_capacity_kt[place]),
            before[name],
            plants[name].support_total_per_t,
            float(net.cost_per_t[place]),
            all_in[name],
            net.price_per_t - float(net.cost_per_t[place]),
            net.with_vat(float(net.cost_per_t[place])),
            plants[name].lump_sum_m_per_year,
            float(net.cost_per_t[place]) > net.price_per_t,
        )
        for place, name in enumerate(net.plants)
    ]
    return Table(
        name="plants",
        title=f"Plants by net cash cost; costs and margin in {unit} without VAT unless the column says otherwise.",
        columns=(
            Column(name="plant", label="Plant"),
            Column(name="firm", label="Firm"),
            Column(name="owner", label="Owner"),
            Column(name="province", label="Province"),
            Column(name="capacity_kt", label="Capacity", unit="kt/year"),
            Column(name="running_kt", label="Running", unit="kt/year"),
            Column(name="idle_kt", label="Idle", unit="kt/year"),
            Column(name="commissioning_kt", label="Ramping up", unit="kt/year"),
            Column(name="cumulative_capacity_kt", label="Cumulative capacity", unit="kt/year"),
            Column(name=f"gross_cash_cost_{cur}_per_t", label="Gross cash cost", unit=unit),
            Column(name=f"support_{cur}_per_t", label="Support a tonne", unit=unit),
            Column(name=f"net_cash_cost_{cur}_per_t", label="Net cash cost", unit=unit),
            Column(name=f"full_cost_{cur}_per_t", label="Full cost", unit=unit),
            Column(name=f"margin_{cur}_per_t", label="Cash margin", unit=unit),
            Column(name=f"break_even_quoted_{cur}_per_t", label="Breaks even at a quoted price, with VAT", unit=unit),
            Column(name=f"lump_sum_m_{cur}_per_year", label="Lump sum", unit=f"m {industry.currency}/year", digits=1),
            Column(name="under_water", label="Under water"),
        ),
        rows=tuple(rows),
    )


def under_water_table(net: CostCurve, gross: CostCurve, full: CostCurve) -> Table:
    """Return what stands under water as the price moves, before and after support, on cash and on full cost."""
    cur, unit = net.industry.currency.lower(), f"{net.industry.currency}/t"
    prices = [net.price_per_t * (1.0 + step) for step in STEPS]
    rows: list[tuple[float, ...]] = []
    for price in prices:
        after, before, all_in = (curve.under_water(price) for curve in (net, gross, full))
        rows.append(
            (
                net.with_vat(price),
                price,
                after.capacity_kt,
                after.capacity_share,
                before.capacity_kt,
                before.capacity_share,
                all_in.capacity_kt,
                all_in.capacity_share,
                after.loss_m_per_year,
                after.result_m_per_year,
            )
        )
    return Table(
        name="under_water",
        title="Capacity under water as the price moves; quoted prices with VAT, loss and result of running lines.",
        columns=(
            Column(name=f"quoted_price_{cur}_per_t", label="Quoted price with VAT", unit=unit),
            Column(name=f"price_{cur}_per_t", label="Price without VAT", unit=unit),
            Column(name="under_water_net_kt", label="Under water after support", unit="kt/year"),
            Column(name="under_water_net_share", label="Share after support", unit="share", digits=3),
            Column(name="under_water_gross_kt", label="Under water before support", unit="kt/year"),
            Column(name="under_water_gross_share", label="Share before support", unit="share", digits=3),
            Column(name="under_water_full_kt", label="Under water on full cost", unit="kt/year"),
            Column(name="under_water_full_share", label="Share on full cost", unit="share", digits=3),
            Column(name=f"cash_loss_m_{cur}_per_year", label="Cash loss", unit=f"m {net.industry.currency}/year"),
            Column(name=f"cash_result_m_{cur}_per_year", label="Cash result", unit=f"m {net.industry.currency}/year"),
        ),
        rows=tuple(rows),
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
