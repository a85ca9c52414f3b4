"""Tables of the chain in space: provinces, routes in use, ore, and what a cut or the loss of an ore does."""

from __future__ import annotations

__all__ = ["chain_tables", "relief_table", "scenario_table"]

import math
from collections.abc import Sequence

from potline.equilibrium.chain import ChainRelief, ChainResult
from potline.report.table import Cell, Column, Table, col, table_of


def chain_tables(found: ChainResult) -> tuple[Table, ...]:
    """Return provinces, flows and ore."""
    return (_places(found), _flows(found), *((_ore(found),) if found.ore else ()))


def _places(found: ChainResult) -> Table:
    industry, product = found.industry, found.market.product
    cur, unit, quoted = industry.currency.lower(), f"{industry.currency}/t", industry.with_vat
    columns = (
        Column(name="province", label="Province"),
        Column(name=f"input_price_quoted_{cur}_per_t", label=f"Price of {product}", unit=unit),
        Column(name=f"input_price_low_quoted_{cur}_per_t", label="Low", unit=unit),
        Column(name=f"input_price_high_quoted_{cur}_per_t", label="High", unit=unit),
        Column(name=f"parity_gap_quoted_{cur}_per_t", label="Landed less price", unit=unit),
        Column(name="refining_capacity_kt", label="Refining", unit="kt/year"),
        Column(name="refined_kt", label="Refined", unit="kt/year"),
        Column(name="operating_rate", label="Operating rate", unit="share", digits=2),
        Column(name=f"refining_margin_{cur}_per_t", label="Margin of the dearest refinery", unit=unit),
        Column(name="use_kt", label=f"Use of {product}", unit="kt/year"),
        Column(name="smelted_kt", label="Smelted", unit="kt/year"),
        Column(name=f"product_price_quoted_{cur}_per_t", label=f"Price of {industry.product}", unit=unit),
        Column(name=f"smelting_margin_{cur}_per_t", label="Margin over stopping", unit=unit),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            item.name,
            quoted(item.input_price_per_t),
            quoted(item.input_low_per_t),
            quoted(item.input_high_per_t),
            quoted(found.parity_gap_per_t(item.name)),
            item.refining_kt,
            item.refined_kt,
            item.operating_rate,
            item.refining_margin_per_t,
            item.use_kt,
            item.smelted_kt,
            quoted(item.product_price_per_t),
            item.smelting_margin_per_t,
        )
        for item in sorted(found.places, key=lambda item: -max(item.use_kt, item.refined_kt))
    ]
    return Table(
        name="chain_provinces",
        title=f"The chain by province; prices in {unit} with VAT, margins without.",
        columns=columns,
        rows=tuple(rows),
        note="Low and high: prices that support the same flows. Where nobody buys, the price is what a first "
        "tonne would cost.",
    )


def _flows(found: ChainResult) -> Table:
    industry = found.industry
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    rows = sorted(found.equilibrium.route_table(used_only=True), key=lambda row: -float(row["flow_kt"]))
    return table_of(
        [row for row in rows if float(row["flow_kt"]) > 1e-6],
        [
            col("product", "Product", "", lambda row: str(row["product"])),
            col("origin", "From", "", lambda row: str(row["origin"])),
            col("destination", "To", "", lambda row: str(row["destination"])),
            col("flow_kt", "Flow", "kt/year", lambda row: float(row["flow_kt"])),
            col(f"cost_{cur}_per_t", "Cost", unit, lambda row: float(row["marginal_cost_per_t"])),
            col(f"price_gap_{cur}_per_t", "Price gap", unit, lambda row: float(row["price_gap_per_t"])),
            col(
                f"rent_{cur}_per_t",
                "Rent of a full route",
                unit,
                lambda row: max(0.0, round(float(row["rent_per_t"]), 6)),
            ),
        ],
        name="chain_flows",
        title=f"Routes in use, largest first; cost and price gap in {unit} without VAT.",
    )


def _ore(found: ChainResult) -> Table:
    cur, unit = found.industry.currency.lower(), f"{found.industry.currency}/t"
    return table_of(
        found.ore,
        [
            col("source", "Source", "", lambda item: item.source),
            col("kind", "Kind", "", lambda item: item.kind),
            col("province", "Province", "", lambda item: item.place),
            col("used_kt", "Used", "kt/year", lambda item: item.used_kt),
            col("capacity_kt", "At most", "kt/year", lambda item: item.capacity_kt),
            col(f"delivered_{cur}_per_t", "Cost", unit, lambda item: item.delivered_per_t),
            col(f"price_{cur}_per_t", "Price there", unit, lambda item: item.price_per_t),
        ],
        name="chain_ore",
        title=f"Bauxite by source; cost and price at the refinery in {unit} without VAT.",
    )


def relief_table(relief: ChainRelief) -> Table:
    """Return the price of the input by province before and after a cut."""
    industry, product = relief.before.industry, relief.before.market.product
    cur, unit, quoted = industry.currency.lower(), f"{industry.currency}/t", industry.with_vat
    before = {item.name: item for item in relief.before.places}
    after = {item.name: item for item in relief.after.places}
    return Table(
        name="chain_relief",
        title=f"Price of {product} before and after the cut, {unit} with VAT.",
        columns=(
            Column(name="province", label="Province"),
            Column(name=f"before_quoted_{cur}_per_t", label="Before", unit=unit),
            Column(name=f"after_quoted_{cur}_per_t", label="After", unit=unit),
            Column(name=f"fall_quoted_{cur}_per_t", label="Fall", unit=unit),
            Column(name="smelted_before_kt", label="Smelted before", unit="kt/year"),
            Column(name="smelted_after_kt", label="after", unit="kt/year"),
        ),
        rows=tuple(
            (
                name,
                quoted(before[name].input_price_per_t),
                quoted(after[name].input_price_per_t),
                quoted(fall),
                before[name].smelted_kt,
                after[name].smelted_kt,
            )
            for name, fall in relief.price_fall_per_t
        ),
    )


def scenario_table(base: ChainResult, scenarios: Sequence[tuple[str, ChainResult]]) -> Table:
    """Return mean price, imports and rates of the chain as it is and under changes."""
    industry, product = base.industry, base.market.product
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    rows: list[tuple[Cell, ...]] = []
    refining = [item.name for item in base.places if item.refined_kt > 0.0]
    weight = {item.name: item.refined_kt for item in base.places if item.refined_kt > 0.0}
    for name, found in (("as it is", base), *scenarios):
        price = {item.name: item.input_price_per_t for item in found.places}
        total = sum(weight.values())
        mean = sum(weight[place] * price[place] for place in refining) / total if total > 0.0 else math.nan
        abroad = {item.name for item in found.market.bauxite if item.cif_usd_per_t > 0.0}
        rows.append(
            (
                name,
                industry.with_vat(mean),
                found.input_imports_kt,
                found.average_operating_rate,
                sum(item.used_kt for item in found.ore if item.source in abroad),
                found.product_kt,
                industry.with_vat(found.price_per_t),
            )
        )
    return Table(
        name="chain_scenarios",
        title=f"The chain as it is and changed; prices in {unit} with VAT, mean by output as it is.",
        columns=(
            Column(name="scenario", label="Chain"),
            Column(name=f"input_price_quoted_{cur}_per_t", label=f"Price of {product}", unit=unit),
            Column(name="input_imports_kt", label=f"Imports of {product}", unit="kt/year"),
            Column(name="operating_rate", label="Operating rate", unit="share", digits=2),
            Column(name="ore_from_abroad_kt", label="Ore from abroad", unit="kt/year"),
            Column(name="product_kt", label=f"Output of {industry.product}", unit="kt/year"),
            Column(name=f"product_price_quoted_{cur}_per_t", label=f"Price of {industry.product}", unit=unit),
        ),
        rows=tuple(rows),
    )
