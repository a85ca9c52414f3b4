"""Columns of routes: freight, duty and tax, crowding, quotas, lags and losses on the way."""

from __future__ import annotations

__all__ = ["move"]

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import Kind
from potline.equilibrium.network.layout import Layout
from potline.equilibrium.network.series import table
from potline.industry.network import Route

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def move(layout: Layout) -> None:
    """Add a column for each route and period, and for each seller that can use it."""
    routes = layout.network.routes
    if not routes:
        return
    product = np.array([layout.product[route.product] for route in routes])
    origin = np.array([layout.place[route.origin] for route in routes])
    destination = np.array([layout.place[route.destination] for route in routes])
    cost, wedge = _border(layout, routes)
    capacity = table([route.capacity_kt for route in routes], layout.periods)
    marginal = np.array([1.0 if route.carriage == "marginal" else 0.0 for route in routes])[:, None]
    slope = table([route.crowding_slope for route in routes], layout.periods) * (1.0 + marginal)
    cubic = table([route.crowding_cubic for route in routes], layout.periods) * (1.0 + 2.0 * marginal)
    lag = np.array([route.lag_periods for route in routes])
    kept = np.array([1.0 - route.loss_share for route in routes])
    layers = [
        np.flatnonzero((layout.pair[layer, product, origin] >= 0) & (layout.pair[layer, product, destination] >= 0))
        for layer in range(layout.pair.shape[0])
    ]
    copies = np.zeros(len(routes), np.int64)
    for own in layers:
        copies[own] += 1
    crowded = (slope.max(axis=1) > 0.0) | (cubic.max(axis=1) > 0.0) | (capacity.min(axis=1) < np.inf)
    in_quota = _quotas(layout, routes)
    total_row: dict[int, int] = {}
    for k in np.flatnonzero((copies > 1) & crowded).tolist():
        total_row[k] = layout.new_sum(k)
        total = layout.columns.add(
            Kind.ROUTE_TOTAL, np.array([k]), np.arange(layout.periods), diagonal=(slope[k] * layout.weight)[:, None],
            cubic=(cubic[k] * layout.weight)[:, None], upper=capacity[k][:, None],
        )  # fmt: skip
        layout.columns.enter(np.array([total_row[k]]), np.array([total]), -np.ones(1), repeat=(layout.periods, 1))
    alone = copies == 1
    for layer, own in enumerate(layers):
        delays: list[int] = np.unique(lag[own]).tolist()
        for delay in delays:
            here = own[lag[own] == delay]
            span = np.arange(layout.periods - delay)
            single = alone[here][:, None]
            first = layout.columns.add(
                Kind.ROUTE, here, span, seller=layer,
                linear=(cost[here] * layout.weight)[:, span].T,
                diagonal=(np.where(single, slope[here], 0.0) * layout.weight)[:, span].T,
                cubic=(np.where(single, cubic[here], 0.0) * layout.weight)[:, span].T,
                upper=np.where(single, capacity[here], np.inf)[:, span].T,
            )  # fmt: skip
            column = first + np.arange(here.size)
            size = (span.size, here.size)
            leaves = layout.pair[layer, product[here], origin[here]]
            share = wedge[here][:, span]
            if share.any():
                layout.columns.enter(leaves, column, -np.ones(here.size), paid=-(1.0 + share.T), repeat=size)
                charged: list[int] = here[share.any(axis=1)].tolist()
                layout.beyond += [
                    f"{routes[k].label!r} pays duty or tax on the price at {routes[k].origin}" for k in charged
                ]
            else:
                layout.columns.enter(leaves, column, -np.ones(here.size), repeat=size)
            arrives = layout.pair[layer, product[here], destination[here]]
            layout.columns.enter(arrives, column, kept[here], later=delay, repeat=size)
            for at, k in enumerate(here.tolist()):
                for row in (*in_quota.get(k, ()), *((total_row[k],) if k in total_row else ())):
                    layout.columns.enter(np.array([row]), column[at : at + 1], np.ones(1), repeat=size)
    for k in np.flatnonzero(lag).tolist():
        afloat = routes[k].afloat_kt * kept[k]
        layout.right[: lag[k], layout.pair[0, product[k], destination[k]]] -= afloat


def _quotas(layout: Layout, routes: Sequence[Route]) -> dict[int, list[int]]:
    """Add a sum and its room for each quota; return the sums that each route counts in."""
    in_quota: dict[int, list[int]] = {}
    label = {route.label: k for k, route in enumerate(routes)}
    for q, quota in enumerate(layout.network.quotas):
        row = layout.new_sum(-1, table([quota.limit_kt], layout.periods)[0])
        room = layout.columns.add(Kind.ROOM, np.array([q]), np.arange(layout.periods))
        layout.columns.enter(np.array([row]), np.array([room]), np.ones(1), repeat=(layout.periods, 1))
        for name in quota.routes:
            in_quota.setdefault(label[name], []).append(row)
    return in_quota


def _border(layout: Layout, routes: Sequence[Route]) -> tuple[Floats, Floats]:
    """Return what a tonne pays on each route besides its price, and the share of an endogenous price it pays."""
    freight = table([route.freight_per_t for route in routes], layout.periods)
    duty = table([route.duty_share for route in routes], layout.periods)
    tax = table([route.vat_rate for route in routes], layout.periods)
    port = table([route.port_charges_per_t for route in routes], layout.periods)
    back = np.array([route.vat_recovered for route in routes])[:, None]
    declared = table([route.customs_value_per_t or 0.0 for route in routes], layout.periods)
    endogenous = np.array([route.customs_value_per_t is None for route in routes])[:, None]
    wedge = (1.0 + duty) * (1.0 + np.where(back, 0.0, tax)) - 1.0
    cost = freight + wedge * (declared + freight) + port / np.where(back, 1.0 + tax, 1.0)
    return cost, np.where(endogenous, wedge, 0.0)
