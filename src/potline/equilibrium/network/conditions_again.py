"""The conditions that given flows put on prices, written out from the declared nouns for a verifier.

Variables are what a tonne is worth to each seller at each place and period, what buyers pay where activities buy from
sellers with market power, and the rents of shared capacities and quotas, all in units of the largest price.
"""

from __future__ import annotations

__all__ = ["Conditions", "conditions_on_prices"]

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.asked import asked_reach
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.sellers import Sellers
from potline.equilibrium.network.series import table
from potline.equilibrium.network.verify_markets import willingness
from potline.equilibrium.network.verify_routes import border_costs
from potline.equilibrium.network.verify_state import Books
from potline.industry.network import FixedDemand, at

Floats = NDArray[np.float64]
Key = tuple[int, str, str, int]
_NEAR = 1e-9
_RENT, _MARKET = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditions:
    """``equal y = fixed``, ``limit y <= most``, ``y >= low``; prices in units of ``money``.

    Attributes:
        variable: (seller, product, place, period) -> column.
        count: of columns.
    """

    equal: Any
    fixed: Floats
    limit: Any
    most: Floats
    low: Floats
    variable: dict[Key, int]
    count: int
    money: float


@dataclass(slots=True)
class _Rows:
    """Rows while they are written."""

    variable: dict[Key, int] = field(default_factory=dict[Key, int])
    equal: list[tuple[dict[Key, float], float]] = field(default_factory=list[tuple[dict[Key, float], float]])
    limit: list[tuple[dict[Key, float], float]] = field(default_factory=list[tuple[dict[Key, float], float]])

    def note(self, x: float, upper: float, tiny: float, worth: dict[Key, float], cost: float) -> None:
        """Note what a quantity between 0 and ``upper`` says of ``worth - cost``."""
        empty, full = x <= tiny, x >= upper - tiny
        if empty and full:
            return
        if empty:
            self.limit.append((worth, cost))
        elif full:
            self.limit.append(({key: -value for key, value in worth.items()}, -cost))
        else:
            self.equal.append((worth, cost))


def conditions_on_prices(result: NetworkEquilibrium, sellers: Sellers) -> Conditions:
    """Return the conditions on prices at the flows of an equilibrium."""
    check = Books(result)
    rows = _Rows()
    for seller, pairs in enumerate(asked_reach(result.network, sellers)):
        for product, place in sorted(pairs):
            for t in range(check.periods):
                rows.variable[seller, product, place, t] = len(rows.variable)
    for product, place in result.markets:
        for t in range(check.periods):
            rows.variable[_MARKET, product, place, t] = len(rows.variable)
    tiny = _NEAR * check.size
    _activities(check, rows, tiny)
    _routes(check, rows, tiny)
    _buyers(check, rows, tiny)
    _stocks(check, rows, tiny)
    low = np.full(len(rows.variable), -np.inf)
    for key, column in rows.variable.items():
        low[column] = 0.0 if key[0] == _RENT else -np.inf
    equal, fixed = _matrix(rows.equal, rows.variable)
    limit, most = _matrix(rows.limit, rows.variable)
    return Conditions(
        equal=equal, fixed=fixed / check.money, limit=limit, most=most / check.money, low=low,
        variable=rows.variable, count=len(rows.variable), money=check.money,
    )  # fmt: skip


def _matrix(rows: list[tuple[dict[Key, float], float]], variable: dict[Key, int]) -> tuple[Any, Floats]:
    from scipy import sparse

    at = [(k, variable[key], value) for k, (worth, _) in enumerate(rows) for key, value in worth.items()]
    row, column, value = (np.array(part) for part in zip(*at, strict=True)) if at else (np.zeros(0, int),) * 3
    shape = (len(rows), len(variable))
    return sparse.csr_array((value.astype(float), (row, column)), shape=shape), np.array([cost for _, cost in rows])


def _buyer(check: Books, product: str, place: str, t: int) -> Key | None:
    """Return whose variable a buyer's price is; None where it is read off final demand."""
    if (product, place) in check.market_of:
        return _MARKET, product, place, t
    sold = any((item.product, item.place) == (product, place) for item in check.network.demands)
    return None if product in check.sellers.stages and sold else (0, product, place, t)


def _add(worth: dict[Key, float], key: Key, value: float) -> None:
    worth[key] = worth.get(key, 0.0) + value


def _activities(check: Books, rows: _Rows, tiny: float) -> None:
    network, level_kt = check.network, check.result.level_kt
    number = {item.name: k for k, item in enumerate(network.activities)}
    for k, item in enumerate(network.activities):
        for t in range(check.periods):
            worth: dict[Key, float] = {}
            known = 0.0
            for amount in item.outputs:
                seller = check.sellers.layer(item, amount.product)
                _add(worth, (seller, amount.product, item.place, t), amount.per_t)
            for amount in item.inputs:
                paid, where, share = amount.product, item.place, amount.per_t
                if amount.indexed_to:
                    paid, where = amount.indexed_to, amount.index_place or item.place
                    share *= amount.index_share
                key = _buyer(check, paid, where, t)
                if key is None:
                    known += share * float(check.result.price_per_t[check.product[paid], check.place[where], t])
                else:
                    _add(worth, key, -share)
            steps = sorted((at(step.cost_per_t, t), at(step.capacity_kt, t)) for step in item.steps)
            if not steps:
                cost, slope, room = table([item.cost_per_t, item.cost_slope, item.capacity_kt], check.periods)[:, t]
                cost += slope * level_kt[k, t]
                for term in network.cross_terms:
                    if term.kind == "activity" and term.of == item.name:
                        cost += term.per_t_per_kt * level_kt[number[term.by], t]
                rows.note(float(level_kt[k, t]), float(room), tiny, worth, float(cost) + known)
            left = float(level_kt[k, t])
            for cost, room in steps:
                rows.note(min(left, room), room, tiny, worth, cost + known)
                left = max(0.0, left - room)


def _routes(check: Books, rows: _Rows, tiny: float) -> None:
    routes, flow = check.network.routes, check.result.flow_kt
    if not routes:
        return
    cost, share = border_costs(check)
    total = flow.sum(axis=0)
    for k, item in enumerate(routes):
        more = 1.0 if item.carriage == "marginal" else 0.0
        slope, cubic, capacity = table([item.crowding_slope, item.crowding_cubic, item.capacity_kt], check.periods)
        own = cost[k] + (1.0 + more) * slope * total[k] + (1.0 + 2.0 * more) * cubic * total[k] ** 2
        for t in range(check.periods - item.lag_periods):
            later = t + item.lag_periods
            worth: dict[Key, float] = {}
            if total[k, t] >= capacity[t] - tiny:
                _rent(rows, worth, f"route {item.label}", t)
            for quota in check.network.quotas:
                if item.label in quota.routes:
                    used = sum(total[j, t] for j, other in enumerate(routes) if other.label in quota.routes)
                    if used >= table([quota.limit_kt], check.periods)[0, t] - tiny:
                        _rent(rows, worth, f"quota {quota.name}", t)
            if capacity[t] <= tiny:
                continue
            for seller in range(flow.shape[0]):
                ends = (seller, item.product, item.destination, later), (seller, item.product, item.origin, t)
                if any(key not in rows.variable for key in ends):
                    continue
                kept = (1.0 - item.loss_share) * check.weight[later] / check.weight[t]
                whole = dict(worth)
                _add(whole, ends[0], float(kept))
                _add(whole, ends[1], -(1.0 + float(share[k, t])))
                rows.note(float(flow[seller, k, t]), np.inf, tiny, whole, float(own[t]))


def _rent(rows: _Rows, worth: dict[Key, float], name: str, t: int) -> None:
    key = (_RENT, name, "", t)
    rows.variable.setdefault(key, len(rows.variable))
    _add(worth, key, -1.0)


def _buyers(check: Books, rows: _Rows, tiny: float) -> None:
    result, sellers = check.result, check.sellers
    for k, item in enumerate(check.network.demands):
        if isinstance(item, FixedDemand):
            continue
        pays, slope = willingness(check, item, result.bought_kt[k])
        for t in range(check.periods):
            key = _buyer(check, item.product, item.place, t)
            if key is not None:
                rows.note(float(result.bought_kt[k, t]), np.inf, tiny, {key: -1.0}, -float(pays[t]))
                continue
            for seller, theta in enumerate(result.theta):
                own, sold = (seller, item.product, item.place, t), float(result.sales_kt[seller, k, t])
                if own in rows.variable:
                    rows.note(sold, np.inf, tiny, {own: -1.0}, -float(pays[t] - theta * slope[t] * sold))
    stated = dict(zip(sellers.stages, sellers.falls, strict=True))
    discount = check.weight[:, None] / check.weight[None, :]
    for m, (product, place) in enumerate(result.markets):
        for seller, theta in enumerate(result.theta):
            brought, fall = result.delivered_kt[seller], stated[product]
            rise = np.einsum("nst,ns,st->t", result.response_per_kt[:, :, m], brought, discount)
            rise = rise if fall is None else -fall * brought[m]
            for t in range(check.periods):
                own = (seller, product, place, t)
                if own in rows.variable:
                    both = {(_MARKET, product, place, t): 1.0, own: -1.0}
                    rows.note(float(brought[m, t]), np.inf, tiny, both, -float(theta * rise[t]))


def _stocks(check: Books, rows: _Rows, tiny: float) -> None:
    for k, item in enumerate(check.network.stocks):
        cost, capacity = table([item.cost_per_t, item.capacity_kt], check.periods)
        held = check.result.stock_kt[:, k].copy()
        whole = held.sum(axis=0)
        held[0, -1] -= item.closing_kt
        for t in range(check.periods):
            for seller in range(held.shape[0]):
                now = (seller, item.product, item.place, t)
                if now not in rows.variable:
                    continue
                worth = {now: -1.0}
                if t + 1 < check.periods:
                    kept = (1.0 - item.loss_share) * check.weight[t + 1] / check.weight[t]
                    _add(worth, (seller, item.product, item.place, t + 1), float(kept))
                if whole[t] >= capacity[t] - tiny:
                    _rent(rows, worth, f"stock {item.product} {item.place}", t)
                rows.note(float(held[seller, t]), np.inf, tiny, worth, float(cost[t]))
