"""Check routes: no gain left between two places, no loss carried, capacities kept."""

from __future__ import annotations

__all__ = ["border_costs", "check_routes"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify_state import Books

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def check_routes(check: Books) -> None:
    """Check that no route leaves a gain or carries at a loss, and note what it brings and takes."""
    routes = check.network.routes
    if not routes:
        return
    product = np.array([check.product[item.product] for item in routes])
    origin = np.array([check.place[item.origin] for item in routes])
    destination = np.array([check.place[item.destination] for item in routes])
    lag = np.array([item.lag_periods for item in routes])
    kept = np.array([1.0 - item.loss_share for item in routes])
    more = np.array([float(item.carriage == "marginal") for item in routes])[:, None]
    capacity = table([item.capacity_kt for item in routes], check.periods)
    slope = table([item.crowding_slope for item in routes], check.periods)
    cubic = table([item.crowding_cubic for item in routes], check.periods)
    border, share = border_costs(check)
    for q, quota in enumerate(check.network.quotas):
        names = set(quota.routes)
        rent = check.result.quota_rent_per_t[q]
        border[[k for k, item in enumerate(routes) if item.label in names]] += rent
    total = check.result.flow_kt.sum(axis=0)
    cost = border + (1.0 + more) * slope * total + (1.0 + 2.0 * more) * cubic * total**2
    check.turnover += float(np.sum(np.abs(check.weight * cost * total)))
    check.inside(total, capacity)
    places = len(check.network.places)
    delays: list[int] = np.unique(lag).tolist()
    for delay in delays:
        here, span = np.flatnonzero(lag == delay), check.periods - delay
        check.report(np.where(total[here, span:] > check.tiny, np.inf, 0.0), "a route whose goods never arrive")
        discount = check.weight[delay:] / check.weight[:span]
        rows = product[here] * places + origin[here], product[here] * places + destination[here]
        gains: list[Floats] = []
        for seller in range(check.value.shape[0]):
            x = check.result.flow_kt[seller][here, :span]
            flat_value = check.value[seller].reshape(-1, check.periods)
            flat_net = check.net[seller].reshape(-1, check.periods)
            gain = kept[here, None] * flat_value[rows[1], delay:] * discount
            gain -= (1.0 + share[here, :span]) * flat_value[rows[0], :span] + cost[here, :span]
            gains.append(np.where(np.isnan(gain), -np.inf, gain))
            _add(flat_net[:, delay:], rows[1], kept[here, None] * x)
            _add(flat_net[:, :span], rows[0], -x)
            check.inside(x)
        gain, x = np.stack(gains), check.result.flow_kt[:, here, :span]
        upper, moved = capacity[here, :span], total[here, :span]
        best = np.maximum(gain.max(axis=0), 0.0)
        rent = np.where(moved >= upper - check.tiny, best, 0.0)
        wrong = np.maximum(
            np.where(moved < upper - check.tiny, best, 0.0), np.where(x > check.tiny, rent - gain, 0.0).max(axis=0)
        )
        if wrong.size and float(wrong.max()) > check.worst:
            check.report(wrong, f"route {routes[int(here[int(np.argmax(wrong.max(axis=1)))])].label!r}")
        known = np.where(np.isinf(gain), 0.0, gain)
        lost: Floats = np.where(x > 0.0, x * np.maximum(best - known, 0.0), 0.0).sum(axis=0)
        unlimited: Floats = np.where(x > 0.0, x * np.maximum(-known, 0.0), 0.0).sum(axis=0)
        limited = np.isfinite(upper)
        room = np.where(limited, upper, 0.0) - moved
        spare: Floats = np.where(limited, room * best + lost, unlimited)
        check.gap += float(np.sum(check.weight[:span] * spare))
    for k in np.flatnonzero(lag).tolist():
        check.net[0, product[k], destination[k], : lag[k]] += kept[k] * routes[k].afloat_kt


def border_costs(check: Books) -> tuple[Floats, Floats]:
    """Return the border cost of routes and the share of an endogenous price that they pay."""
    routes, periods = check.network.routes, check.periods
    share = np.zeros((len(routes), periods))
    cost = table([item.freight_per_t for item in routes], periods)
    for k, item in enumerate(routes):
        plain = item.duty_share == 0.0 and item.port_charges_per_t == 0.0
        if not plain or (item.vat_rate != 0.0 and not item.vat_recovered):
            cost[k] = [item.border_cost_per_t(t) for t in range(periods)]
            if item.customs_value_per_t is None:
                share[k] = [item.ad_valorem(t) for t in range(periods)]
    return cost, share


def _add(target: Floats, rows: Ints, values: Floats) -> None:
    """Add rows of values to rows of a target, repeated rows one after the other."""
    if np.unique(rows).size == rows.size:
        target[rows] += values
        return
    order = np.argsort(rows, kind="stable")
    first = np.flatnonzero(np.concatenate(([True], np.diff(rows[order]) > 0)))
    target[rows[order][first]] += np.add.reduceat(values[order], first, axis=0)
