r"""Check an equilibrium of a network from the declared nouns and the numbers it states alone.

Nothing here reads compiled arrays: balances, bounds and the conditions "no gain left, no loss carried" are written out
again for each kind of noun. The gap is the sum, over everything with a bound, of what complementarity should make zero,

.. math:: \sum_j x_j \max(0, \text{cost}_j - \text{worth}_j) + (u_j - x_j) \max(0, \text{worth}_j - \text{cost}_j)

which is the difference between primal and dual objective at balanced flows where there is a program; elsewhere only the
conditions themselves are reported.
"""

from __future__ import annotations

__all__ = ["verify_network"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.certificate import Uniqueness
from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.properties import is_integrable, is_monotone
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.series import table
from potline.equilibrium.network.surprise import largest_surprise
from potline.equilibrium.network.ties import other_quantities
from potline.equilibrium.network.verify_markets import check_deliveries, check_demands
from potline.equilibrium.network.verify_owners import owners_checks
from potline.equilibrium.network.verify_routes import check_routes
from potline.equilibrium.network.verify_state import Books
from potline.equilibrium.network.verify_stated import names_check, stated_checks
from potline.errors import PotlineError
from potline.verification import Check

Floats = NDArray[np.float64]


def verify_network(result: NetworkEquilibrium, accuracy: Accuracy = Accuracy()) -> NetworkCertificate:
    """Return the certificate of a stated equilibrium."""
    names = names_check(result)
    if not names.holds:
        return _unreadable(names, accuracy)
    check = Books(result)
    _check_activities(check)
    check_routes(check)
    check_demands(check)
    check_deliveries(check)
    _check_stocks(check)
    _check_quotas(check)
    # Where a seller has no balance nothing of his may come or go.
    imbalance = float(np.max([np.abs(check.net).max(initial=0.0), np.abs(check.market).max(initial=0.0)]))
    integrable = is_integrable(result.network, check.sellers)
    return NetworkCertificate(
        balance=imbalance / check.size,
        bounds=check.bounds,
        complementarity=check.worst / check.money,
        worst=check.where,
        worst_per_t=check.worst,
        imbalance_kt=imbalance,
        gap=abs(check.gap) / float(np.maximum(check.turnover, 1e-300)) if integrable else None,
        foresight=_foresight(result),
        uniqueness=_uniqueness(result, check),
        tolerance=accuracy,
        others=(names, *stated_checks(check, accuracy.residual), *owners_checks(check, accuracy.residual)),
    )


def _unreadable(names: Check, accuracy: Accuracy) -> NetworkCertificate:
    """Return the certificate of an answer whose names are not those of its question: nothing else can be looked at."""
    numbers = ("balance", "bounds", "complementarity", "worst_per_t", "imbalance_kt", "gap", "foresight")
    nothing = dict.fromkeys(numbers, np.nan)
    return NetworkCertificate(**nothing, worst="not read", uniqueness="unknown", tolerance=accuracy, others=(names,))


def _uniqueness(result: NetworkEquilibrium, check: Books) -> Uniqueness:
    if not is_monotone(result.network, check.sellers):
        return "unknown"
    return "several" if other_quantities(result) else "proven"


def _foresight(result: NetworkEquilibrium) -> float:
    """Return the largest surprise; not a number where the chain downstream cannot be solved at what is stated."""
    parts = (result.level_kt, result.flow_kt, result.delivered_kt, result.bought_kt, result.stock_kt)
    if not all(np.isfinite(part).all() for part in parts):
        return np.nan
    try:
        return largest_surprise(result)
    except PotlineError:
        return np.nan


def _check_activities(check: Books) -> None:
    network, level_kt = check.network, check.result.level_kt
    sellers, price = check.sellers, check.result.price_per_t
    number = {item.name: k for k, item in enumerate(network.activities)}
    for k, activity in enumerate(network.activities):
        level, here = level_kt[k], check.place[activity.place]
        worth = np.zeros(check.periods)
        for amount in activity.outputs:
            at = (sellers.layer(activity, amount.product), check.product[amount.product], here)
            worth += amount.per_t * check.value[at]
            check.net[at] += amount.per_t * level
        for amount in activity.inputs:
            paid = check.taken(amount.product, activity.place, amount.per_t * level)
            if amount.indexed_to:
                read = check.place[amount.index_place or activity.place]
                paid = amount.index_share * price[check.product[amount.indexed_to], read]
            worth -= amount.per_t * paid
        if activity.steps:
            room = table([step.capacity_kt for step in activity.steps], check.periods)
            cost = table([step.cost_per_t for step in activity.steps], check.periods)
            order = np.argsort(cost, axis=0, kind="stable")
            room, cost = np.take_along_axis(room, order, 0), np.take_along_axis(cost, order, 0)
            before = np.vstack((np.zeros(check.periods), np.cumsum(room, axis=0)[:-1]))
            used = np.clip(level - before, 0.0, room)
        else:
            room = table([activity.capacity_kt], check.periods)
            cost = table([activity.cost_per_t], check.periods) + table([activity.cost_slope], check.periods) * level
            for term in network.cross_terms:
                if term.kind == "activity" and term.of == activity.name:
                    cost = cost + term.per_t_per_kt * level_kt[number[term.by]]
            used = level[None, :]
        check.inside(level, room.sum(axis=0))
        check.pair(used, room, worth - cost, f"activity {activity.name!r}")
        check.turnover += float(np.sum(np.abs(check.weight * cost * used)))


def _check_stocks(check: Books) -> None:
    for k, item in enumerate(check.network.stocks):
        p, at = check.product[item.product], check.place[item.place]
        check.net[0, p, at, 0] += item.opening_kt
        cost, capacity = table([item.cost_per_t, item.capacity_kt], check.periods)
        name = f"stock of {item.product!r} at {item.place!r}"
        held = check.result.stock_kt[:, k]
        free = held.copy()
        free[0, -1] -= item.closing_kt
        total = held.sum(axis=0)
        check.inside(total, capacity)
        check.inside(free)
        ahead = np.zeros(check.periods)
        ahead[:-1] = (1.0 - item.loss_share) * check.weight[1:] / check.weight[:-1]
        gains: list[Floats] = []
        for seller in range(check.value.shape[0]):
            value = check.value[seller, p, at]
            check.net[seller, p, at] -= held[seller]
            check.net[seller, p, at, 1:] += (1.0 - item.loss_share) * held[seller, :-1]
            gain = ahead * np.append(value[1:], 0.0) - value - cost
            gains.append(np.where(np.isnan(gain), -np.inf, gain))
        best = np.maximum(np.max(gains, axis=0), 0.0)
        full = total >= capacity - check.tiny
        rent = np.where(full, best, 0.0)
        check.report(np.where(full, 0.0, best), name)
        room = np.where(np.isfinite(capacity), capacity - total, 0.0)
        check.gap += float(np.sum(check.weight * room * best))
        for seller, gain in enumerate(gains):
            check.report(np.where(free[seller] > check.tiny, rent - gain, 0.0), name)
            known = np.where(np.isinf(gain), 0.0, gain)
            lost = np.where(free[seller] > 0.0, free[seller] * np.maximum(rent - known, 0.0), 0.0)
            check.gap += float(np.sum(check.weight * lost))


def _check_quotas(check: Books) -> None:
    label = {item.label: k for k, item in enumerate(check.network.routes)}
    for q, quota in enumerate(check.network.quotas):
        used = sum(check.result.flow_kt[:, label[name]].sum(axis=0) for name in quota.routes)
        limit, rent = table([quota.limit_kt], check.periods)[0], check.result.quota_rent_per_t[q]
        check.inside(np.asarray(used), limit)
        check.report(-rent, f"quota {quota.name!r}")
        check.report(np.where(used < limit - check.tiny, rent, 0.0), f"quota {quota.name!r}")
