"""Columns of stocks, which link each period to the next."""

from __future__ import annotations

__all__ = ["keep"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import Kind
from potline.equilibrium.network.layout import Layout
from potline.equilibrium.network.series import table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def keep(layout: Layout) -> None:
    """Add stocks at the end of each period (of the last: beyond what must be in hand); the rest is on the right."""
    for k, stock in enumerate(layout.network.stocks):
        product, place = layout.product[stock.product], layout.place[stock.place]
        layers = [layer for layer in range(layout.pair.shape[0]) if layout.pair[layer, product, place] >= 0]
        if layout.pair[0, product, place] >= 0:
            layout.right[0, layout.pair[0, product, place]] -= stock.opening_kt
            layout.right[-1, layout.pair[0, product, place]] += stock.closing_kt
        last = np.arange(layout.periods) == layout.periods - 1
        cost = (table([stock.cost_per_t], layout.periods)[0] * layout.weight)[:, None]
        room = (table([stock.capacity_kt], layout.periods)[0] - stock.closing_kt * last)[:, None]
        shared = len(layers) > 1 and bool(np.isfinite(room).any())
        whole = np.arange(layout.periods)
        size = (layout.periods, 1)
        row = -1
        if shared:
            row = layout.new_sum(k)
            total = layout.columns.add(Kind.STOCK_TOTAL, np.array([k]), whole, upper=room)
            layout.columns.enter(np.array([row]), np.array([total]), -np.ones(1), repeat=size)
        for layer in layers:
            upper = np.full_like(room, np.inf) if shared else room
            first = layout.columns.add(Kind.STOCK, np.array([k]), whole, seller=layer, linear=cost, upper=upper)
            column, pair = np.array([first]), np.array([layout.pair[layer, product, place]])
            layout.columns.enter(pair, column, -np.ones(1), repeat=size)
            kept = np.array([1.0 - stock.loss_share])
            layout.columns.enter(pair, column, kept, later=1, repeat=(layout.periods - 1, 1))
            if shared:
                layout.columns.enter(np.array([row]), column, np.ones(1), repeat=size)
