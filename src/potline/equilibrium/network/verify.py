r"""Check an equilibrium of a network from the declared nouns and the numbers it states alone.

Nothing here reads compiled arrays: balances, bounds and the conditions "no gain left, no loss carried" are written out
again for each kind of noun. The gap is the sum, over everything with a bound, of what complementarity should make zero,

.. math:: \sum_j x_j \max(0, \text{cost}_j - \text{worth}_j) + (u_j - x_j) \max(0, \text{worth}_j - \text{cost}_j)

which is the difference between primal and dual objective at balanced flows.
"""

from __future__ import annotations

__all__ = ["verify_network"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.certificate import Accuracy, NetworkCertificate
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.equilibrium.network.sellers import sellers_of
from potline.equilibrium.network.series import table
from potline.industry.network import FixedDemand

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TINY = 1e-11


def verify_network(result: NetworkEquilibrium, accuracy: Accuracy = Accuracy()) -> NetworkCertificate:
    """Return the certificate of a stated equilibrium."""
    return _Check(result).certificate(accuracy)


class _Check:
    def __init__(self, result: NetworkEquilibrium) -> None:
        self.result, self.network = result, result.network
        self.periods = self.network.periods
        self.product = {item.name: k for k, item in enumerate(self.network.products)}
        self.place = {item.name: k for k, item in enumerate(self.network.places)}
        self.weight = np.power(1.0 - self.network.discount_per_period, np.arange(self.periods), dtype=np.float64)
        self.value = result.value_per_t
        self.net = np.zeros(self.value.shape)
        groups = (result.level_kt, result.flow_kt, result.bought_kt, result.stock_kt)
        self.size = max(1e-300, *(float(np.abs(group).max(initial=0.0)) for group in groups))
        self.tiny = TINY * self.size
        known = np.abs(self.value[np.isfinite(self.value)])
        self.money = max(1e-300, float(known.max(initial=0.0)))
        self.bounds, self.worst, self.where, self.gap, self.turnover = 0.0, 0.0, "", 0.0, 0.0

    def certificate(self, accuracy: Accuracy) -> NetworkCertificate:
        self.activities()
        self.routes()
        self.demands()
        self.stocks()
        self.quotas()
        # Where a seller has no balance nothing of his may come or go.
        balance = float(np.abs(self.net).max(initial=0.0)) / self.size
        return NetworkCertificate(
            balance=balance,
            bounds=self.bounds,
            complementarity=self.worst / self.money,
            worst=self.where,
            gap=abs(self.gap) / max(self.turnover, 1e-300),
            tolerance=accuracy,
        )

    def report(self, violation: Floats, name: str) -> None:
        """Keep the largest violation, money/t, and where it is."""
        largest = float(np.max(violation, initial=0.0))
        if largest > self.worst or np.isnan(violation).any():
            self.worst, self.where = (largest, name) if not np.isnan(violation).any() else (np.inf, name)

    def inside(self, x: Floats, upper: Floats | float = np.inf) -> None:
        """Keep the largest flow beyond its bounds."""
        beyond = max(float(np.max(-x, initial=0.0)), float(np.max(x - upper, initial=0.0)))
        self.bounds = max(self.bounds, beyond / self.size)

    def activities(self) -> None:
        network, level_kt = self.network, self.result.level_kt
        sellers = sellers_of(network, self.result.concept, self.result.stage)
        number = {item.name: k for k, item in enumerate(network.activities)}
        for k, activity in enumerate(network.activities):
            level, here, layer = level_kt[k], self.place[activity.place], sellers.layer(activity)
            worth = np.zeros(self.periods)
            for amount in activity.outputs:
                seller = layer if amount.product == self.result.stage else 0
                at = (seller, self.product[amount.product], here)
                worth += amount.per_t * self.value[at]
                self.net[at] += amount.per_t * level
            for amount in activity.inputs:
                at = (0, self.product[amount.product], here)
                self.net[at] -= amount.per_t * level
                if amount.indexed_to:
                    worth -= amount.per_t * amount.index_share * self.value[0, self.product[amount.indexed_to], here]
                else:
                    worth -= amount.per_t * self.value[at]
            if activity.steps:
                room = table([step.capacity_kt for step in activity.steps], self.periods)
                cost = table([step.cost_per_t for step in activity.steps], self.periods)
                order = np.argsort(cost, axis=0, kind="stable")
                room, cost = np.take_along_axis(room, order, 0), np.take_along_axis(cost, order, 0)
                before = np.vstack((np.zeros(self.periods), np.cumsum(room, axis=0)[:-1]))
                used = np.clip(level - before, 0.0, room)
            else:
                room = table([activity.capacity_kt], self.periods)
                cost = table([activity.cost_per_t], self.periods) + table([activity.cost_slope], self.periods) * level
                for term in network.cross_terms:
                    if term.kind == "activity" and term.of == activity.name:
                        cost = cost + term.per_t_per_kt * level_kt[number[term.by]]
                used = level[None, :]
            self.inside(level, room.sum(axis=0))
            self.pair(used, room, worth - cost, f"activity {activity.name!r}")
            self.turnover += float(np.sum(np.abs(self.weight * cost * used)))

    def pair(self, x: Floats, upper: Floats, gain: Floats, name: str) -> None:
        """Check that what gains is full and what loses is empty; add to the gap."""
        self.report(np.where(x < upper - self.tiny, gain, 0.0), name)
        self.report(np.where(x > self.tiny, -gain, 0.0), name)
        room = np.where(np.isfinite(upper), upper - x, 0.0)
        self.gap += float(
            np.sum(self.weight[: x.shape[-1]] * (x * np.maximum(-gain, 0.0) + room * np.maximum(gain, 0)))
        )

    def routes(self) -> None:
        routes = self.network.routes
        if not routes:
            return
        product = np.array([self.product[item.product] for item in routes])
        origin = np.array([self.place[item.origin] for item in routes])
        destination = np.array([self.place[item.destination] for item in routes])
        lag = np.array([item.lag_periods for item in routes])
        kept = np.array([1.0 - item.loss_share for item in routes])
        more = np.array([float(item.carriage == "marginal") for item in routes])[:, None]
        capacity = table([item.capacity_kt for item in routes], self.periods)
        slope = table([item.crowding_slope for item in routes], self.periods)
        cubic = table([item.crowding_cubic for item in routes], self.periods)
        border, share = self.border()
        for q, quota in enumerate(self.network.quotas):
            names = set(quota.routes)
            rent = self.result.quota_rent_per_t[q]
            border[[k for k, item in enumerate(routes) if item.label in names]] += rent
        total = self.result.flow_kt.sum(axis=0)
        cost = border + (1.0 + more) * slope * total + (1.0 + 2.0 * more) * cubic * total**2
        self.turnover += float(np.sum(np.abs(self.weight * cost * total)))
        self.inside(total, capacity)
        places = len(self.network.places)
        delays: list[int] = np.unique(lag).tolist()
        for delay in delays:
            here, span = np.flatnonzero(lag == delay), self.periods - delay
            self.report(np.where(total[here, span:] > self.tiny, np.inf, 0.0), "a route whose goods never arrive")
            discount = self.weight[delay:] / self.weight[:span]
            rows = product[here] * places + origin[here], product[here] * places + destination[here]
            gains: list[Floats] = []
            for seller in range(self.value.shape[0]):
                x = self.result.flow_kt[seller][here, :span]
                flat_value = self.value[seller].reshape(-1, self.periods)
                flat_net = self.net[seller].reshape(-1, self.periods)
                gain = kept[here, None] * flat_value[rows[1], delay:] * discount
                gain -= (1.0 + share[here, :span]) * flat_value[rows[0], :span] + cost[here, :span]
                gains.append(np.where(np.isnan(gain), -np.inf, gain))
                _add(flat_net[:, delay:], rows[1], kept[here, None] * x)
                _add(flat_net[:, :span], rows[0], -x)
                self.inside(x)
            gain, x = np.stack(gains), self.result.flow_kt[:, here, :span]
            upper, moved = capacity[here, :span], total[here, :span]
            best = np.maximum(gain.max(axis=0), 0.0)
            rent = np.where(moved >= upper - self.tiny, best, 0.0)
            wrong = np.maximum(
                np.where(moved < upper - self.tiny, best, 0.0), np.where(x > self.tiny, rent - gain, 0.0).max(axis=0)
            )
            if wrong.size and float(wrong.max()) > self.worst:
                self.report(wrong, f"route {routes[int(here[int(np.argmax(wrong.max(axis=1)))])].label!r}")
            known = np.where(np.isinf(gain), 0.0, gain)
            lost: Floats = np.where(x > 0.0, x * np.maximum(best - known, 0.0), 0.0).sum(axis=0)
            unlimited: Floats = np.where(x > 0.0, x * np.maximum(-known, 0.0), 0.0).sum(axis=0)
            limited = np.isfinite(upper)
            room = np.where(limited, upper, 0.0) - moved
            spare: Floats = np.where(limited, room * best + lost, unlimited)
            self.gap += float(np.sum(self.weight[:span] * spare))
        for k in np.flatnonzero(lag).tolist():
            self.net[0, product[k], destination[k], : lag[k]] += kept[k] * routes[k].afloat_kt

    def border(self) -> tuple[Floats, Floats]:
        """Return the border cost of routes and the share of an endogenous price that they pay."""
        routes, periods = self.network.routes, self.periods
        share = np.zeros((len(routes), periods))
        cost = table([item.freight_per_t for item in routes], periods)
        for k, item in enumerate(routes):
            plain = item.duty_share == 0.0 and item.port_charges_per_t == 0.0
            if not plain or (item.vat_rate != 0.0 and not item.vat_recovered):
                cost[k] = [item.border_cost_per_t(t) for t in range(periods)]
                if item.customs_value_per_t is None:
                    share[k] = [item.ad_valorem(t) for t in range(periods)]
        return cost, share

    def demands(self) -> None:
        network, result = self.network, self.result
        number = {(item.product, item.place): k for k, item in enumerate(network.demands)}
        for k, item in enumerate(network.demands):
            p, at, bought = self.product[item.product], self.place[item.place], result.bought_kt[k]
            name = f"demand for {item.product!r} at {item.place!r}"
            if isinstance(item, FixedDemand):
                wanted = table([item.quantity_kt], self.periods)[0]
                self.inside(bought - wanted, 0.0)
                self.net[0, p, at] -= bought
                self.turnover += float(np.sum(np.abs(self.weight * self.value[0, p, at] * bought)))
                continue
            slope = table([item.slope_per_kt], self.periods)[0]
            pays = table([item.intercept_per_t], self.periods)[0] - slope * bought
            for term in network.cross_terms:
                if term.kind == "demand" and term.place == item.place and term.of == item.product:
                    pays = pays - term.per_t_per_kt * result.bought_kt[number[term.by, term.place]]
            self.inside(bought)
            self.turnover += float(np.sum(np.abs(self.weight * pays * bought)))
            without = np.full(self.periods, np.inf)
            if item.product != result.stage or len(result.sellers) == 1:
                self.net[0, p, at] -= bought
                self.pair(bought, without, pays - self.value[0, p, at], name)
                continue
            self.report(np.abs(pays - result.price_per_t[p, at]), name)
            self.bounds = max(self.bounds, float(np.abs(result.sales_kt[:, k].sum(axis=0) - bought).max()) / self.size)
            for seller, theta in enumerate(result.theta):
                sold = result.sales_kt[seller, k]
                self.net[seller, p, at] -= sold
                self.inside(sold)
                value = self.value[seller, p, at]
                if np.isfinite(value).any():
                    self.pair(sold, without, pays - theta * slope * sold - value, name)
                else:
                    # His goods cannot come here.
                    self.inside(sold, 0.0)

    def stocks(self) -> None:
        for k, item in enumerate(self.network.stocks):
            p, at = self.product[item.product], self.place[item.place]
            self.net[0, p, at, 0] += item.opening_kt
            cost, capacity = table([item.cost_per_t, item.capacity_kt], self.periods)
            name = f"stock of {item.product!r} at {item.place!r}"
            held = self.result.stock_kt[:, k]
            free = held.copy()
            free[0, -1] -= item.closing_kt
            total = held.sum(axis=0)
            self.inside(total, capacity)
            self.inside(free)
            ahead = np.zeros(self.periods)
            ahead[:-1] = (1.0 - item.loss_share) * self.weight[1:] / self.weight[:-1]
            gains: list[Floats] = []
            for seller in range(self.value.shape[0]):
                value = self.value[seller, p, at]
                self.net[seller, p, at] -= held[seller]
                self.net[seller, p, at, 1:] += (1.0 - item.loss_share) * held[seller, :-1]
                gain = ahead * np.append(value[1:], 0.0) - value - cost
                gains.append(np.where(np.isnan(gain), -np.inf, gain))
            best = np.maximum(np.max(gains, axis=0), 0.0)
            full = total >= capacity - self.tiny
            rent = np.where(full, best, 0.0)
            self.report(np.where(full, 0.0, best), name)
            room = np.where(np.isfinite(capacity), capacity - total, 0.0)
            self.gap += float(np.sum(self.weight * room * best))
            for seller, gain in enumerate(gains):
                self.report(np.where(free[seller] > self.tiny, rent - gain, 0.0), name)
                known = np.where(np.isinf(gain), 0.0, gain)
                lost = np.where(free[seller] > 0.0, free[seller] * np.maximum(rent - known, 0.0), 0.0)
                self.gap += float(np.sum(self.weight * lost))

    def quotas(self) -> None:
        label = {item.label: k for k, item in enumerate(self.network.routes)}
        for q, quota in enumerate(self.network.quotas):
            used = sum(self.result.flow_kt[:, label[name]].sum(axis=0) for name in quota.routes)
            limit, rent = table([quota.limit_kt], self.periods)[0], self.result.quota_rent_per_t[q]
            self.inside(np.asarray(used), limit)
            self.report(-rent, f"quota {quota.name!r}")
            self.report(np.where(used < limit - self.tiny, rent, 0.0), f"quota {quota.name!r}")


def _add(target: Floats, rows: Ints, values: Floats) -> None:
    """Add rows of values to rows of a target, repeated rows one after the other."""
    if np.unique(rows).size == rows.size:
        target[rows] += values
        return
    order = np.argsort(rows, kind="stable")
    first = np.flatnonzero(np.concatenate(([True], np.diff(rows[order]) > 0)))
    target[rows[order][first]] += np.add.reduceat(values[order], first, axis=0)
