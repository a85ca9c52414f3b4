"""Margins of activities and routes at the prices of an equilibrium, straight from the declared network."""

from __future__ import annotations

__all__ = ["activity_margins", "contract_payments", "route_margins"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.sellers import sellers_of
from potline.equilibrium.network.series import table
from potline.equilibrium.network.state import NetworkState

Floats = NDArray[np.float64]


def activity_margins(result: NetworkState) -> tuple[Floats, Floats, Floats]:
    """Return capacity, worth of a tonne net of inputs, and marginal cost, shape (activities, periods)."""
    network = result.network
    product = {item.name: k for k, item in enumerate(network.products)}
    place = {item.name: k for k, item in enumerate(network.places)}
    sellers = sellers_of(network, result.concept, result.stage)
    shape = (len(network.activities), network.periods)
    capacity, worth, cost = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for k, activity in enumerate(network.activities):
        here, level = place[activity.place], result.level_kt[k]
        for amount in activity.outputs:
            seller = sellers.layer(activity, amount.product)
            worth[k] += amount.per_t * result.value_per_t[seller, product[amount.product], here]
        for amount in activity.inputs:
            priced = product[amount.indexed_to or amount.product]
            share = amount.index_share if amount.indexed_to else 1.0
            read = place[amount.index_place] if amount.indexed_to and amount.index_place else here
            worth[k] -= amount.per_t * share * result.price_per_t[priced, read]
        if not activity.steps:
            capacity[k] = table([activity.capacity_kt], network.periods)[0]
            cost[k] = table([activity.cost_per_t], network.periods)[0]
            cost[k] += table([activity.cost_slope], network.periods)[0] * level
            for term in network.cross_terms:
                if term.kind == "activity" and term.of == activity.name:
                    other = next(j for j, item in enumerate(network.activities) if item.name == term.by)
                    cost[k] += term.per_t_per_kt * result.level_kt[other]
            continue
        room = table([step.capacity_kt for step in activity.steps], network.periods)
        each = table([step.cost_per_t for step in activity.steps], network.periods)
        order = np.argsort(each, axis=0, kind="stable")
        room, each = np.take_along_axis(room, order, 0), np.take_along_axis(each, order, 0)
        capacity[k] = room.sum(axis=0)
        last = (np.cumsum(room, axis=0) < level * (1.0 - 1e-12)).sum(axis=0)
        cost[k] = np.take_along_axis(each, np.minimum(last, each.shape[0] - 1)[None], 0)[0]
    return capacity, worth, cost


def route_margins(result: NetworkState) -> tuple[Floats, Floats, Floats]:
    """Return marginal cost, bill (thousands) and price gap of routes, shape (routes, periods).

    The gap compares the price where goods arrive, after loss on the way and discounting of the lag, with the price
    where they leave (duty and tax on it included where they are charged on it).
    """
    network, periods = result.network, result.network.periods
    product = {item.name: k for k, item in enumerate(network.products)}
    place = {item.name: k for k, item in enumerate(network.places)}
    shape = (len(network.routes), periods)
    cost, bill, gap = np.zeros(shape), np.zeros(shape), np.full(shape, np.nan)
    total = result.flow_kt.sum(axis=0)
    for k, route in enumerate(network.routes):
        border = np.array([route.border_cost_per_t(t) for t in range(periods)])
        slope, cubic = table([route.crowding_slope, route.crowding_cubic], periods)
        more = 1.0 if route.carriage == "marginal" else 0.0
        cost[k] = border + (1.0 + more) * slope * total[k] + (1.0 + 2.0 * more) * cubic * total[k] ** 2
        bill[k] = (border + slope * total[k] + cubic * total[k] ** 2) * total[k]
        lag, left = route.lag_periods, periods - route.lag_periods
        share = np.array([route.ad_valorem(t) for t in range(left)]) if route.customs_value_per_t is None else 0.0
        arrives = result.price_per_t[product[route.product], place[route.destination], lag:]
        leaves = result.price_per_t[product[route.product], place[route.origin], :left]
        kept = (1.0 - route.loss_share) * (1.0 - network.discount_per_period) ** lag
        gap[k, :left] = kept * arrives - (1.0 + share) * leaves
    return cost, bill, gap


def contract_payments(result: NetworkState) -> list[dict[str, str | float | int]]:
    """Return rows of indexed inputs: used, price paid, own price, and what whoever wrote the contract adds."""
    network = result.network
    rows: list[dict[str, str | float | int]] = []
    for k, activity in enumerate(network.activities):
        for amount in activity.inputs:
            if not amount.indexed_to:
                continue
            for t in range(network.periods):
                used = amount.per_t * float(result.level_kt[k, t])
                read = amount.index_place or activity.place
                paid = amount.index_share * result.price(amount.indexed_to, read, t)
                own = result.price(amount.product, activity.place, t)
                rows.append(
                    {
                        "activity": activity.name,
                        "product": amount.product,
                        "indexed_to": f"{amount.indexed_to} at {read}",
                        "period": t + 1,
                        "used_kt": used,
                        "paid_per_t": paid,
                        "price_per_t": own,
                        "paid_by_contract_m": (own - paid) * used / 1000.0,
                    }
                )
    return rows
