"""Columns of buyers: what final demand takes, what sellers sell to it, and what is delivered to activities."""

from __future__ import annotations

__all__ = ["buy", "deliver"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import Curves, Kind, Markets
from potline.equilibrium.network.layout import Layout
from potline.equilibrium.network.series import table
from potline.industry.network import FixedDemand, IsoelasticLocalDemand, LocalDemand

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def buy(layout: Layout) -> Curves:
    """Add fixed demand to the balances, and columns for what other demands buy and sellers sell to them."""
    fixed = layout.fixed()
    for item, values in zip(fixed, table([item.quantity_kt for item in fixed], layout.periods), strict=True):
        layout.right[:, layout.pair[0, layout.product[item.product], layout.place[item.place]]] += values
    elastic = [(k, item) for k, item in enumerate(layout.network.demands) if not isinstance(item, FixedDemand)]
    curves = _Curves(layout, [item for _, item in elastic])
    if not elastic:
        return curves.written()
    noun = np.array([k for k, _ in elastic])
    product = np.array([layout.product[item.product] for _, item in elastic])
    place = np.array([layout.place[item.place] for _, item in elastic])
    straight = [item if isinstance(item, LocalDemand) else None for _, item in elastic]
    most = table([item.intercept_per_t if item else 0.0 for item in straight], layout.periods).T
    slope = table([item.slope_per_kt if item else 0.0 for item in straight], layout.periods).T
    most, slope = most * layout.weight[:, None], slope * layout.weight[:, None]
    first = layout.columns.add(Kind.DEMAND, noun, np.arange(layout.periods), linear=-most, diagonal=slope)
    curves.bought(first)
    rows = layout.pair[0, product, place].copy()
    direct = np.zeros(noun.size, np.bool_)
    for k, at in enumerate(zip(product.tolist(), place.tolist(), strict=True)):
        if at in layout.markets:
            rows[k] = layout.market_row[layout.markets[at]]
        elif layout.sold(at[0]):
            direct[k] = True
            rows[k] = layout.demand_row[at] = layout.new_sum(int(noun[k]))
    layout.unrationed += rows[curves.at].tolist()
    size = (layout.periods, noun.size)
    layout.columns.enter(rows, first + np.arange(noun.size), -np.ones(noun.size), repeat=size)
    for layer in range(layout.pair.shape[0]):
        here = np.flatnonzero(direct & (layout.pair[layer, product, place] >= 0))
        if here.size == 0:
            continue
        theta = layout.sellers.theta[layer - 1] if layer else 0.0
        sale = layout.columns.add(
            Kind.SALE, noun[here], np.arange(layout.periods), seller=layer, diagonal=theta * slope[:, here]
        )
        column, size = sale + np.arange(here.size), (layout.periods, here.size)
        layout.columns.enter(layout.pair[layer, product[here], place[here]], column, -np.ones(here.size), repeat=size)
        layout.columns.enter(rows[here], column, np.ones(here.size), repeat=size)
        curves.sold(sale, here, theta)
    return curves.written()


class _Curves:
    """Demands of constant elasticity while columns are added."""

    def __init__(self, layout: Layout, items: list[LocalDemand | IsoelasticLocalDemand]) -> None:
        self.layout, self.all = layout, len(items)
        self.at = np.array([k for k, item in enumerate(items) if isinstance(item, IsoelasticLocalDemand)], np.int64)
        bent = [item for item in items if isinstance(item, IsoelasticLocalDemand)]
        price = table([item.price_per_t for item in bent], layout.periods).T * layout.weight[:, None]
        quantity = table([item.quantity_kt for item in bent], layout.periods).T
        self.price, self.quantity = price.ravel(), quantity.ravel()
        self.elasticity = np.tile(np.array([item.elasticity for item in bent]), layout.periods)
        self.column = np.zeros(0, np.int64)
        self.sales: list[tuple[Ints, Ints, Floats]] = []
        layout.beyond += [
            f"demand for {item.product!r} at {item.place!r} has constant elasticity: its price is no straight line"
            for item in bent
        ]

    def bought(self, first: int) -> None:
        period = np.arange(self.layout.periods)[:, None]
        self.column = (first + period * self.all + self.at[None, :]).ravel()

    def sold(self, first: int, here: Ints, theta: float) -> None:
        """Note the sales of a seller with market power to those of the demands ``here`` that are curves."""
        place, curve = np.flatnonzero(np.isin(here, self.at)), np.searchsorted(self.at, here[np.isin(here, self.at)])
        if theta > 0.0 and place.size:
            period = np.arange(self.layout.periods)[:, None]
            sale, of = first + period * here.size + place[None, :], period * self.at.size + curve[None, :]
            self.sales.append((sale.ravel(), of.ravel(), np.full(sale.size, theta)))

    def written(self) -> Curves:
        nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        sale, of, theta = (np.concatenate(parts) for parts in zip(nothing, *self.sales, strict=True))
        return Curves(
            column=self.column, price=self.price, quantity=self.quantity, elasticity=self.elasticity,
            sale=sale, of=of, theta=theta,
        )  # fmt: skip


def deliver(layout: Layout) -> Markets:
    """Add columns for what each seller brings to markets where activities buy."""
    names, sellers = list(layout.markets), layout.sellers
    product = np.array([p for p, _ in names], np.int64)
    place = np.array([at for _, at in names], np.int64)
    row = np.array(layout.market_row, np.int64)
    falls = dict(zip(sellers.stages, sellers.falls, strict=True))
    fall = [falls[layout.network.products[p].name] for p, _ in names]
    nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    parts: list[tuple[Ints, Ints, Floats]] = [nothing]
    for layer in range(layout.pair.shape[0]):
        here = np.flatnonzero(layout.pair[layer, product, place] >= 0)
        if here.size == 0:
            continue
        theta = sellers.theta[layer - 1] if layer else 0.0
        believed = np.array([theta * (fall[k] or 0.0) for k in here.tolist()])
        period = np.arange(layout.periods)
        first = layout.columns.add(
            Kind.DELIVERY, here, period, seller=layer, diagonal=believed[None, :] * layout.weight[:, None]
        )
        column, size = first + np.arange(here.size), (layout.periods, here.size)
        layout.columns.enter(layout.pair[layer, product[here], place[here]], column, -np.ones(here.size), repeat=size)
        layout.columns.enter(row[here], column, np.ones(here.size), repeat=size)
        market = period[:, None] * len(names) + here[None, :]
        columns = first + period[:, None] * here.size + np.arange(here.size)[None, :]
        parts.append((columns.ravel(), market.ravel(), np.full(market.size, theta)))
    column, market, theta = (np.concatenate(pieces) for pieces in zip(*parts, strict=True))
    layout.beyond += [
        f"sellers of {name!r} foresee how its price answers what activities buy"
        for name, believed in falls.items()
        if name in sellers.derived and believed is None
    ]
    return Markets(
        product=product,
        place=place,
        foreseen=np.array([value is None for value in fall], np.bool_),
        row=row,
        column=column,
        market=market,
        theta=theta,
    )
