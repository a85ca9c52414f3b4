"""Read what the chain needs beside suppliers: ore.csv and chain_routes.csv, both optional."""

from __future__ import annotations

__all__ = ["read_supply"]

import dataclasses
from collections.abc import Collection, Sequence
from functools import partial

from potline.cases.files import Row, Table
from potline.cases.members import numbers_of
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.tables import OreRow, RouteRow
from potline.industry import InputMarket, OreSource, SupplyRoute
from potline.industry.chain import ABROAD, MARKET


def read_supply(
    reader: Reader, market: InputMarket | None, provinces: Collection[str], product: str
) -> InputMarket | None:
    """Return the market of the input with ore and routes; reports tables that no market of an input stands behind."""
    if market is None:
        for name in ("ore", "chain_routes"):
            if name in reader.tables:
                reader.problems.add(
                    f"{name}.csv", found="a table of the chain in a case without a shared input",
                    needed='`[numbers."input_market.price_..."]`',
                    hint="Delete the table, or give the case its input market.",
                )  # fmt: skip
        return None
    ore = _ores_read(reader, market, provinces)
    _check_ore(reader, market, ore)
    return dataclasses.replace(market, ore=ore, routes=_routes(reader, market, provinces, product))


def _ores_read(reader: Reader, market: InputMarket, provinces: Collection[str]) -> tuple[OreSource, ...]:
    result: list[OreSource] = []
    rows = reader.rows(OreRow)
    for (table, row, block), values in zip(rows, numbers_of(reader, rows, "ore"), strict=True):
        reader.known(table, row, "province", block.province, provinces, "governments.csv")
        if values.get("cif_usd_per_t", 0.0) > 0.0 and market.parity is None:
            reader.at_cell(
                table, row, "cif_usd_per_t", f"a price in USD for ore {block.ore!r}",
                "an exchange rate", "Give the case `input_market.parity`.",
            )  # fmt: skip
        result.append(OreSource(name=block.ore, kind=block.kind, government=block.province, **values))
    return tuple(result)


def _check_ore(reader: Reader, market: InputMarket, ore: Sequence[OreSource]) -> None:
    """Report suppliers whose ore nothing brings."""
    brought = {(item.kind, item.government) for item in ore}
    users = {item.name: item for item in market.suppliers if item.ore_use_t_per_t > 0.0}
    table = reader.tables.get("suppliers")
    for row in table.rows if table is not None else ():
        name = " ".join(row.cells.get("supplier", "").split())
        user = users.get(name)
        if table is not None and user is not None and (user.ore, user.government) not in brought:
            kinds = sorted({kind for kind, place in brought if place == user.government})
            reader.at_cell(
                table, row, "ore", f"{user.ore!r}, which supplier {name!r} uses and nothing brings to "
                f"{user.government!r}", "a row of ore.csv of that kind and province",
                did_you_mean(user.ore, kinds, "Kinds there") if kinds else "Or leave ore_use_t_per_t blank.",
            )  # fmt: skip


def _routes(reader: Reader, market: InputMarket, provinces: Collection[str], product: str) -> tuple[SupplyRoute, ...]:
    rows = reader.rows(RouteRow)
    ports = {block.destination for _, _, block in rows if block.origin == ABROAD}
    places = {*provinces, *ports}
    result: list[SupplyRoute] = []
    pairs: dict[tuple[str, str, str], int] = {}
    for (table, row, block), values in zip(rows, numbers_of(reader, rows, "route"), strict=True):
        unplaced = not provinces and reader.problems.in_file("governments.csv")
        whole = all((block.product, block.origin, block.destination)) and not unplaced
        if whole and _sound(reader, table, row, block, (market.product, product), places):
            pair = (block.product, block.origin, block.destination)
            if pair in pairs:
                reader.at_cell(
                    table, row, "destination", f"{block.product} from {block.origin!r} to {block.destination!r} again "
                    f"(first in row {pairs[pair]})", "each pair of places once for a product",
                )  # fmt: skip
            pairs.setdefault(pair, row.number)
        if block.origin == ABROAD and "lag_months" in table.columns and "lag_months" not in row.cells:
            reader.at_cell(
                table, row, "lag_months", f"nothing for route {block.route!r}",
                f"a number, because it comes from {ABROAD}", "Write 0 where it lands at once.",
            )  # fmt: skip
        result.append(
            SupplyRoute(
                name=block.route, product=block.product, origin=block.origin, destination=block.destination, **values
            )
        )
    return tuple(result)


def _sound(reader: Reader, table: Table, row: Row, block: RouteRow, products: Sequence[str], places: set[str]) -> bool:
    """Report a product or place nobody knows, a way to itself, and a price abroad that the case lacks."""
    before = reader.problems.count
    if block.product not in products:
        reader.at_cell(
            table, row, "product", f"unknown product {block.product!r}", " or ".join(dict.fromkeys(products)),
            partial(did_you_mean, block.product, products),
        )  # fmt: skip
    for column, word, other in (("origin", block.origin, ABROAD), ("destination", block.destination, MARKET)):
        if word not in places and word != other:
            reader.at_cell(
                table, row, column, f"unknown place {word!r}", f"a province of governments.csv, a port or `{other}`",
                partial(did_you_mean, word, [*sorted(places), other]),
            )  # fmt: skip
    if block.origin == block.destination:
        reader.at_cell(table, row, "destination", f"a way from {block.origin!r} to itself", "another place")
    return reader.problems.count == before
