"""Tables of the chain in space: provinces, routes in use, ore, and what a cut or the loss of an ore does."""

from __future__ import annotations

__all__ = ["chain_tables", "relief_table", "scenario_table"]

import math
from collections.abc import Mapping, Sequence

from potline.equilibrium.chain import ChainRelief, ChainResult
from potline.report.table import Table, col, table_of


def chain_tables(found: ChainResult) -> tuple[Table, ...]:
    """Return provinces, flows and ore."""
    return (_places(found), _flows(found), *((_ore(found),) if found.ore else ()))


def _places(found: ChainResult) -> Table:
    industry, product = found.industry, found.market.product
    cur, unit, quoted = industry.currency.lower(), f"{industry.currency}/t", industry.with_vat
    return table_of(
        sorted(found.places, key=lambda item: -max(item.use_kt, item.input_made_kt)),
        [
            col("province", "Province", "", lambda item: item.name),
            col(
                f"input_price_quoted_{cur}_per_t",
                f"Price of {product}",
                unit,
                lambda item: quoted(item.input_price_per_t),
            ),
            col(f"input_price_low_quoted_{cur}_per_t", "Low", unit, lambda item: quoted(item.input_low_per_t)),
            col(f"input_price_high_quoted_{cur}_per_t", "High", unit, lambda item: quoted(item.input_high_per_t)),
            col(
                f"parity_gap_quoted_{cur}_per_t",
                "Landed less price",
                unit,
                lambda item: quoted(found.parity_gap_per_t(item.name)),
            ),
            col("input_capacity_kt", f"Capacity for {product}", "kt/year", lambda item: item.input_capacity_kt),
            col("input_made_kt", f"Output of {product}", "kt/year", lambda item: item.input_made_kt),
            col("operating_rate", "Operating rate", "share", lambda item: item.operating_rate, 2),
            col(
                f"supplier_margin_{cur}_per_t",
                "Margin of the dearest supplier",
                unit,
                lambda item: item.supplier_margin_per_t,
            ),
            col("use_kt", f"Use of {product}", "kt/year", lambda item: item.use_kt),
            col("product_made_kt", f"Output of {industry.product}", "kt/year", lambda item: item.product_made_kt),
            col(
                f"product_price_quoted_{cur}_per_t",
                f"Price of {industry.product}",
                unit,
                lambda item: quoted(item.product_price_per_t),
            ),
            col(f"plant_margin_{cur}_per_t", "Margin over stopping", unit, lambda item: item.plant_margin_per_t),
        ],
        name="chain_provinces",
        title=f"The chain by province; prices in {unit} with VAT, margins without.",
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
        title=f"Ore by source; cost and price at the supplier in {unit} without VAT.",
    )


def relief_table(relief: ChainRelief) -> Table:
    """Return the price of the input by province before and after a cut."""
    industry, product, sold = relief.before.industry, relief.before.market.product, relief.before.industry.product
    cur, unit, quoted = industry.currency.lower(), f"{industry.currency}/t", industry.with_vat
    before = {item.name: item for item in relief.before.places}
    after = {item.name: item for item in relief.after.places}
    return table_of(
        relief.price_fall_per_t,
        [
            col("province", "Province", "", lambda row: row[0]),
            col(f"before_quoted_{cur}_per_t", "Before", unit, lambda row: quoted(before[row[0]].input_price_per_t)),
            col(f"after_quoted_{cur}_per_t", "After", unit, lambda row: quoted(after[row[0]].input_price_per_t)),
            col(f"fall_quoted_{cur}_per_t", "Fall", unit, lambda row: quoted(row[1])),
            col(
                "product_made_before_kt",
                f"Output of {sold} before",
                "kt/year",
                lambda row: before[row[0]].product_made_kt,
            ),
            col("product_made_after_kt", "after", "kt/year", lambda row: after[row[0]].product_made_kt),
        ],
        name="chain_relief",
        title=f"Price of {product} before and after the cut, {unit} with VAT.",
    )


def scenario_table(base: ChainResult, scenarios: Sequence[tuple[str, ChainResult]]) -> Table:
    """Return mean price, imports and rates of the chain as it is and under changes."""
    industry, product = base.industry, base.market.product
    cur, unit, quoted = industry.currency.lower(), f"{industry.currency}/t", industry.with_vat
    weight = {item.name: item.input_made_kt for item in base.places if item.input_made_kt > 0.0}
    of_input, of_product = f"Price of {product}", f"Price of {industry.product}"
    return table_of(
        [("as it is", base), *scenarios],
        [
            col("scenario", "Chain", "", lambda row: row[0]),
            col(f"input_price_quoted_{cur}_per_t", of_input, unit, lambda row: quoted(_mean_price(row[1], weight))),
            col("input_imports_kt", f"Imports of {product}", "kt/year", lambda row: row[1].input_imports_kt),
            col("operating_rate", "Operating rate", "share", lambda row: row[1].average_operating_rate, 2),
            col("ore_from_abroad_kt", "Ore from abroad", "kt/year", lambda row: _from_abroad(row[1])),
            col("product_kt", f"Output of {industry.product}", "kt/year", lambda row: row[1].product_kt),
            col(f"product_price_quoted_{cur}_per_t", of_product, unit, lambda row: quoted(row[1].price_per_t)),
        ],
        name="chain_scenarios",
        title=f"The chain as it is and changed; prices in {unit} with VAT, mean by output as it is.",
    )


def _mean_price(found: ChainResult, weight: Mapping[str, float]) -> float:
    price = {item.name: item.input_price_per_t for item in found.places}
    total = sum(weight.values())
    return sum(kt * price[place] for place, kt in weight.items()) / total if total > 0.0 else math.nan


def _from_abroad(found: ChainResult) -> float:
    abroad = {item.name for item in found.market.ore if item.cif_usd_per_t > 0.0}
    return sum(item.used_kt for item in found.ore if item.source in abroad)
