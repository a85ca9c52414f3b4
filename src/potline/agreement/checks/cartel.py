r"""A cartel of all owners, for a checker: what it sells, what cheating brings and what its end leaves.

Under linear demand with a ceiling and steps of cost, profit has one top in what an owner sells, or in the price it
sets: where one more tonne, or a dearer one, stops paying is halved to the last bit; no piece is tried. Without a deal
each owner of quantities sells ``q = max over steps k of min(end_k, (p - c_k) / s)``, and p is halved, or at the ceiling
the slope s that all see.
"""

from __future__ import annotations

__all__ = ["Sellers", "Terms", "price_terms", "quantity_terms", "sellers_of"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium import CashCost, Cournot
from potline.equilibrium.asked import asked
from potline.industry import Industry, LinearDemand

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_TIE, _PART, _HALVINGS = 1e-10, 1e-9, 120


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sellers:
    """Owners under linear demand; money/t and kt.

    Attributes:
        owners: all of them.
        intercept, slope, ceiling: of the price.
        cost, size, owner: of each step, the cheapest first.
        near: two costs that differ by less are equal.
    """

    owners: tuple[str, ...]
    intercept: float
    slope: float
    ceiling: float
    cost: Floats
    size: Floats
    owner: NDArray[np.int64]
    near: float

    def price(self, sold: Floats | float) -> Floats:
        """Return the price of what is sold."""
        return np.minimum(self.ceiling, self.intercept - self.slope * np.asarray(sold, dtype=np.float64))

    @property
    def most(self) -> Floats:
        """What each owner can sell at most, and no more than demand takes at a price of 0 or its lowest cost."""
        return np.minimum(np.bincount(self.owner, self.size, len(self.owners)), self.taken)

    @property
    def taken(self) -> float:
        """What demand takes at a price of 0 or at the lowest cost, kt."""
        return (self.intercept - float(self.cost.min(initial=0.0))) / self.slope

    def steps(self, owner: int | None) -> tuple[Floats, Floats]:
        """Return cost and end of each step of an owner, or of all together."""
        mine = self.owner == owner if owner is not None else np.ones(self.owner.size, np.bool_)
        return self.cost[mine], np.cumsum(np.minimum(self.size[mine], self.taken))

    def profit(self, owner: int, own: Floats, others: Floats) -> Floats:
        """Return what an owner earns, thousand a year."""
        cost, end = self.steps(owner)
        start = np.concatenate(([0.0], end))
        spent = np.concatenate(([0.0], np.cumsum(cost * np.diff(start))))
        return self.price(own + others) * own - np.interp(own, start, spent)

    def best(self, owner: int | None, others: Floats, *, slack: float = 0.0) -> Floats:
        """Return what an owner, or all as one, sells best beside others; at the ceiling a tonne may lose ``slack``."""
        cost, end = self.steps(owner)
        dear = np.append(cost, np.inf)

        def pays(own: Floats) -> Flags:
            bound = self.intercept - self.slope * (own + others) > self.ceiling
            step = dear[np.searchsorted(end, own, side="right")]
            margin = self.price(own + others) - np.where(bound, 0.0, self.slope * own) - step
            return margin > np.where(bound, -slack, 0.0)

        return turning(pays, np.zeros(others.shape), np.full(others.shape, end[-1] if end.size else 0.0))

    def apart(self) -> Floats:
        """Return what each sells in the Cournot equilibrium."""
        lowest = float(self.cost.min(initial=self.intercept))
        top = min(self.ceiling, self.intercept)

        def sold(price: float, slope: float) -> Floats:
            wanted = np.asarray(np.where(self.cost < price, (price - self.cost) / slope, 0.0), dtype=np.float64)
            found = np.zeros(len(self.owners))
            for i in range(found.size):
                _, end = self.steps(i)
                found[i] = np.minimum(end, wanted[self.owner == i]).max(initial=0.0)
            return found

        def short(price: float, slope: float) -> bool:
            return float(sold(price, slope).sum()) < (self.intercept - price) / self.slope

        if top > lowest and not short(top, self.slope):
            return sold(_halved(lambda price: short(price, self.slope), lowest, top), self.slope)
        left = (self.intercept - top) / self.slope
        below, at = self.cost < top - self.near, np.abs(self.cost - top) <= self.near
        cheap = float(self.size[below].sum())
        if cheap > left:
            return sold(top, _halved(lambda slope: slope == 0.0 or not short(top, slope), 0.0, self.slope))
        made = np.where(below, self.size, 0.0)
        made[at] = _shared(self.size[at], left - cheap)
        return np.bincount(self.owner, made, len(self.owners)).astype(np.float64)

    def together(self) -> Floats:
        """Return what each sells where all maximise their joint profit, steps of one cost in equal shares."""
        left = float(self.best(None, np.zeros(1), slack=self.near)[0])
        made = np.zeros(self.cost.size)
        last = 0
        for first in range(self.cost.size):
            if first >= last:
                last = int(np.count_nonzero(self.cost <= self.cost[first] + self.near))
                made[first:last] = _shared(self.size[first:last], left)
                left -= float(np.sum(self.size[first:last]))
        return np.bincount(self.owner, made, len(self.owners)).astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What a cartel comes to: million a year and money/t of each owner, and the turnover that they are measured by."""

    coordinate: Floats
    defect: Floats
    punish: Floats
    price: float
    cheat_price: Floats
    turnover: Floats


def sellers_of(industry: Industry) -> Sellers | None:
    """Read an industry; none where demand, costs or trade are not those of which a cartel has stakes."""
    demand = industry.demand
    game = asked(industry, Cournot(), CashCost()).game
    endless = game.tranche_price[np.isinf(game.tranche_kt)]
    plain = game.tranche_price.size == endless.size and not np.isfinite(game.floor) and not np.any(game.scale > 0.0)
    if not isinstance(demand, LinearDemand) or not plain:
        return None
    slope = demand.price_per_t / (demand.elasticity * demand.quantity_kt)
    intercept = demand.price_per_t * (1.0 + 1.0 / demand.elasticity)
    order = np.argsort(game.cost, kind="stable")
    return Sellers(
        owners=game.owners,
        intercept=intercept,
        slope=slope,
        ceiling=float(endless.min(initial=np.inf)),
        cost=game.cost[order],
        size=game.capacity[order],
        owner=game.unit[order],
        near=_TIE * max(demand.price_per_t, float(np.abs(game.cost).max(initial=0.0))),
    )


def quantity_terms(sellers: Sellers, quotas: str) -> tuple[Terms, Callable[[Floats], tuple[Floats, Floats]]]:
    """Return what quotas come to, and what sticks do: of severities [S], carrying one out and shirking it, [S, m]."""
    apart, joint = sellers.apart(), sellers.together()
    weight = {"cournot": apart, "capacity": sellers.most, "efficient": joint}[quotas]
    whole = float(weight.sum())
    output = joint.sum() * weight / whole if whole > 0.0 else np.zeros(weight.size)
    count, total = output.size, float(output.sum())
    best = np.array([sellers.best(i, np.array([total - output[i]]))[0] for i in range(count)])

    def earned(own: Floats, others: Floats) -> Floats:
        return np.array([sellers.profit(i, own[i], others[i]) for i in range(count)]) / 1e3

    def sticks(severity: Floats) -> tuple[Floats, Floats]:
        part = np.maximum(apart, output) > _PART * sellers.most
        harsh = np.where(part, apart + severity[:, None] * (sellers.most - apart), 0.0).T
        others = harsh.sum(axis=0) - harsh
        shirk = np.array([sellers.best(i, others[i]) for i in range(count)])
        return earned(harsh, others).T, earned(shirk, others).T

    price = float(sellers.price(total))
    terms = Terms(
        coordinate=earned(output, total - output),
        defect=earned(best, total - output),
        punish=earned(apart, apart.sum() - apart),
        price=price,
        cheat_price=sellers.price(total - output + best),
        turnover=np.max([output, best, apart], axis=0) * _digits(sellers, price) / 1e3,
    )
    return terms, sticks


def price_terms(sellers: Sellers, shares: str) -> Terms:
    """Return what a cartel of owners who set prices comes to, all at one cost."""
    unit, size = float(sellers.cost[0]), sellers.most
    top = max(unit, min(sellers.ceiling, sellers.intercept))

    def left(price: Floats, taken: float) -> Floats:
        return (sellers.intercept - price) / sellers.slope - taken

    def earns(price: Floats, most: Floats, taken: float) -> Floats:
        return (price - unit) * np.clip(left(price, taken), 0.0, most)

    def best(most: Floats, taken: float, highest: float) -> Floats:
        def rises(price: Floats) -> Flags:
            room = left(price, taken)
            return np.where(room > most, most > 0.0, room > np.maximum(0.0, (price - unit) / sellers.slope))

        return turning(rises, np.full(most.shape, unit), np.full(most.shape, highest))

    whole = np.array([size.sum()])
    price = best(whole, 0.0, top)
    joint = float(earns(price, whole, 0.0)[0])
    cheat = best(size, 0.0, float(price[0]))
    largest = np.array([size.max()])
    others = float(whole[0] - largest[0])
    residual = float(earns(best(largest, others, top), largest, others)[0])
    peak = best(largest, 0.0, top)
    low = turning(lambda p: earns(p, largest, 0.0) < residual, np.array([unit]), peak) if residual > 0.0 else unit
    sold = np.minimum(size, float(left(price, 0.0)[0]))
    return Terms(
        coordinate=joint * (size / size.sum() if shares == "capacity" else np.full(size.size, 1.0 / size.size)) / 1e3,
        defect=earns(cheat, size, 0.0) / 1e3,
        punish=earns(np.full(size.size, low), size, 0.0) / 1e3,
        price=float(price[0]),
        cheat_price=cheat,
        turnover=sold * _digits(sellers, float(price[0])) / 1e3,
    )


def turning(rises: Callable[[Floats], Flags], low: Floats, high: Floats) -> Floats:
    """Return the last point of each range up to which something rises that turns once; its start where nowhere."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        up = rises(middle)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return low


def _shared(size: Floats, left: float) -> Floats:
    """Share what is left among steps of one cost by their size; equally among unlimited ones."""
    endless = np.isinf(size)
    weight = endless.astype(np.float64) if endless.any() else size
    return np.minimum(size, max(0.0, left) * weight / max(float(weight.sum()), 1e-300))


def _halved(rises: Callable[[float], bool], low: float, high: float) -> float:
    return float(turning(lambda x: np.array([rises(float(x[0]))]), np.array([low]), np.array([high]))[0])


def _digits(sellers: Sellers, price: float) -> float:
    """Return the price by which money is measured: far below the choke price one holds no more digits than that has."""
    return max(abs(price), float(np.abs(sellers.cost).max(initial=0.0)), 1e-6 * abs(sellers.intercept))
