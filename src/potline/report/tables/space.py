"""Tables of the chain in space: provinces, routes in use, ore, and what a cut or the loss of an ore does."""

from __future__ import annotations

__all__ = ["chain_tables", "relief_table", "scenario_table"]

import math
from collections.abc import Mapping, Sequence

from potline.equilibrium.chain import ChainRelief, ChainResult
from potline.report.saying import say
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
            col("province", "", lambda item: item.name),
            col(
                "input_price_quoted_{cur}_per_t",
                unit,
                lambda item: quoted(item.input_price_per_t),
            ),
            col("input_price_low_quoted_{cur}_per_t", unit, lambda item: quoted(item.input_low_per_t)),
            col("input_price_high_quoted_{cur}_per_t", unit, lambda item: quoted(item.input_high_per_t)),
            col(
                "parity_gap_quoted_{cur}_per_t",
                unit,
                lambda item: quoted(found.parity_gap_per_t(item.name)),
            ),
            col("input_capacity_kt", "kt/year", lambda item: item.input_capacity_kt),
            col("input_made_kt", "kt/year", lambda item: item.input_made_kt),
            col("operating_rate", "share", lambda item: item.operating_rate, 2),
            col(
                "supplier_margin_{cur}_per_t",
                unit,
                lambda item: item.supplier_margin_per_t,
            ),
            col("use_kt", "kt/year", lambda item: item.use_kt),
            col("product_made_kt", "kt/year", lambda item: item.product_made_kt),
            col(
                "product_price_quoted_{cur}_per_t",
                unit,
                lambda item: quoted(item.product_price_per_t),
            ),
            col("plant_margin_{cur}_per_t", unit, lambda item: item.plant_margin_per_t),
        ],
        said="chain.chain_provinces",
        cur=cur,
        product=product,
        product_2=industry.product,
        unit=unit,
    )


def _flows(found: ChainResult) -> Table:
    industry = found.industry
    cur, unit = industry.currency.lower(), f"{industry.currency}/t"
    rows = sorted(found.equilibrium.route_table(used_only=True), key=lambda row: -float(row["flow_kt"]))
    return table_of(
        [row for row in rows if float(row["flow_kt"]) > 1e-6],
        [
            col("product", "", lambda row: str(row["product"])),
            col("origin", "", lambda row: str(row["origin"])),
            col("destination", "", lambda row: str(row["destination"])),
            col("flow_kt", "kt/year", lambda row: float(row["flow_kt"])),
            col("cost_{cur}_per_t", unit, lambda row: float(row["marginal_cost_per_t"])),
            col("price_gap_{cur}_per_t", unit, lambda row: float(row["price_gap_per_t"])),
            col(
                "rent_{cur}_per_t",
                unit,
                lambda row: max(0.0, round(float(row["rent_per_t"]), 6)),
            ),
        ],
        said="chain.chain_flows",
        cur=cur,
        unit=unit,
    )


def _ore(found: ChainResult) -> Table:
    cur, unit = found.industry.currency.lower(), f"{found.industry.currency}/t"
    return table_of(
        found.ore,
        [
            col("source", "", lambda item: item.source),
            col("kind", "", lambda item: item.kind),
            col("province", "", lambda item: item.place),
            col("used_kt", "kt/year", lambda item: item.used_kt),
            col("capacity_kt", "kt/year", lambda item: item.capacity_kt),
            col("delivered_{cur}_per_t", unit, lambda item: item.delivered_per_t),
            col("price_{cur}_per_t", unit, lambda item: item.price_per_t),
        ],
        said="chain.chain_ore",
        cur=cur,
        unit=unit,
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
            col("province", "", lambda row: row[0]),
            col("before_quoted_{cur}_per_t", unit, lambda row: quoted(before[row[0]].input_price_per_t)),
            col("after_quoted_{cur}_per_t", unit, lambda row: quoted(after[row[0]].input_price_per_t)),
            col("fall_quoted_{cur}_per_t", unit, lambda row: quoted(row[1])),
            col(
                "product_made_before_kt",
                "kt/year",
                lambda row: before[row[0]].product_made_kt,
            ),
            col("product_made_after_kt", "kt/year", lambda row: after[row[0]].product_made_kt),
        ],
        said="chain.chain_relief",
        cur=cur,
        sold=sold,
        product=product,
        unit=unit,
    )


def scenario_table(base: ChainResult, scenarios: Sequence[tuple[str, ChainResult]]) -> Table:
    """Return mean price, imports and rates of the chain as it is and under changes."""
    industry, product = base.industry, base.market.product
    cur, unit, quoted = industry.currency.lower(), f"{industry.currency}/t", industry.with_vat
    weight = {item.name: item.input_made_kt for item in base.places if item.input_made_kt > 0.0}
    of_input, of_product = say("chain.price_of", product=product), say("chain.price_of", product=industry.product)
    return table_of(
        [(say("chain.as_it_is"), base), *scenarios],
        [
            col("scenario", "", lambda row: row[0]),
            col(
                f"input_price_quoted_{cur}_per_t", unit, lambda row: quoted(_mean_price(row[1], weight)), label=of_input
            ),
            col("input_imports_kt", "kt/year", lambda row: row[1].input_imports_kt),
            col("operating_rate", "share", lambda row: row[1].average_operating_rate, 2),
            col("ore_from_abroad_kt", "kt/year", lambda row: _from_abroad(row[1])),
            col("product_kt", "kt/year", lambda row: row[1].product_kt),
            col(f"product_price_quoted_{cur}_per_t", unit, lambda row: quoted(row[1].price_per_t), label=of_product),
        ],
        said="chain.chain_scenarios",
        product=product,
        product_2=industry.product,
        unit=unit,
    )


def _mean_price(found: ChainResult, weight: Mapping[str, float]) -> float:
    price = {item.name: item.input_price_per_t for item in found.places}
    total = sum(weight.values())
    return sum(kt * price[place] for place, kt in weight.items()) / total if total > 0.0 else math.nan


def _from_abroad(found: ChainResult) -> float:
    abroad = {item.name for item in found.market.ore if item.cif_usd_per_t > 0.0}
    return sum(item.used_kt for item in found.ore if item.source in abroad)
