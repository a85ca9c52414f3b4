r"""The question of a table of cartels as its checker reads it, and what owners do at a price.

A unit of conduct theta with plants of cost c_j and cheaper capacity B_j sells of each
``clip((p - c_j)/(theta b t) - B_j, 0, k_j)``; t is 1 below import parity, there between 0 (with imports) and 1, one for
all. Price takers sell all that costs less than the price; those whose cost is the price share what is left by capacity.
"""

from __future__ import annotations

__all__ = ["AT", "Question", "answers", "read"]

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.asked import asked
from potline.numerics.ties import tied

if TYPE_CHECKING:
    from potline.textbook.stability import CartelStability

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

AT = 1e-12
_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """Plants by cost, owners, demand ``p = a - b Q`` and the rules; money/t and kt/year.

    Attributes:
        names: of owners; none where a market was given as arrays.
        owner, cost, capacity, cash: of plants, [m].
        conduct: of owners that stand alone, [n].
        ceiling: import parity.
        leads: the cartel moves first.
    """

    names: tuple[str, ...]
    owner: Integers
    cost: Floats
    capacity: Floats
    cash: Floats
    conduct: Floats
    intercept: float
    slope: float
    ceiling: float
    merged_conduct: float
    leads: bool

    @property
    def price_scale(self) -> float:
        """Choke price less the lowest cost, money/t."""
        lowest = float(self.cost.min()) if self.cost.size else 0.0
        gap = self.intercept - lowest
        return gap if gap > 0.0 else max(abs(self.intercept), abs(lowest), 1.0)

    @property
    def quantity_scale(self) -> float:
        """Demand at the lowest cost, kt/year."""
        return self.price_scale / self.slope

    def kinds(self) -> Integers:
        """Return a number for each owner, the same for those of one conduct with the same plants."""
        seen: dict[object, int] = {}
        kinds: list[int] = []
        for i in range(self.conduct.size):
            mine = self.owner == i
            plants: list[list[float]] = np.stack([self.cost, self.capacity, self.cash], axis=1)[mine].tolist()
            kinds.append(seen.setdefault((float(self.conduct[i]), *sorted(map(tuple, plants))), len(seen)))
        return np.array(kinds, dtype=np.int64)


def read(result: CartelStability) -> Question | None:
    """Read the question that a table remembers; none where it remembers none."""
    industry, market = result.industry, result.market
    if industry is not None and result.fringe is not None and result.avoidable is not None:
        found = asked(industry, result.fringe, result.avoidable)
        game, scale = found.game, industry.price_per_t
        scale = scale if scale > 0.0 and math.isfinite(scale) else industry.demand.price_per_t
        cash = tied(found.cash, scale)[game.plant]
        unlimited = game.tranche_price[np.isinf(game.tranche_kt)]
        owner = np.repeat(np.arange(len(game.units)), np.diff(game.start))
        return _question(
            game.units, owner, tied(game.cost, scale), tied(game.capacity), cash, game.theta,
            (game.first / game.second, 1.0 / game.second, float(unlimited[0]) if unlimited.size else math.inf, 1.0),
            leads=result.leads,
        )  # fmt: skip
    if market is None:
        return None
    cost, capacity, cash = (market.plants[:, k] for k in (0, 1, 4))
    a, b, ceiling, merged = market.rules.tolist()
    return _question(
        (), market.owner, cost, capacity, cash, market.conduct, (a, b, ceiling, merged), leads=market.leads
    )


def _question(
    names: tuple[str, ...], owner: Integers, cost: Floats, capacity: Floats, cash: Floats, conduct: Floats,
    rules: tuple[float, float, float, float], *, leads: bool,
) -> Question:  # fmt: skip
    order = np.argsort(cost, kind="stable")
    a, b, ceiling, merged = rules
    endless = max((a - float(cost.min(initial=math.inf))) / b, 0.0) if cost.size else 0.0
    size = np.where(np.isinf(capacity), endless, capacity)
    return Question(
        names=names,
        owner=owner[order].astype(np.int64),
        cost=cost[order],
        capacity=size[order],
        cash=cash[order],
        conduct=np.asarray(conduct, dtype=np.float64),
        intercept=a,
        slope=b,
        ceiling=ceiling,
        merged_conduct=merged,
        leads=leads,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """Who each plant belongs to in C cartels: conduct [C, m], 0 for price takers, and the cheaper capacity of its unit.

    ``before``, ``block``: capacity of the unit that is cheaper, and at the same cost. ``led``: of a first mover.
    """

    conduct: Floats
    before: Floats
    block: Floats
    led: Flags


def _units(question: Question, inside: Flags) -> _Units:
    owner, cost, capacity = question.owner, question.cost, question.capacity
    merged = (inside & (inside.sum(axis=1) >= (1 if question.leads else 2))[:, None])[:, owner]
    mine = owner[:, None] == owner[None, :]
    cheaper, same = cost[:, None] < cost[None, :], cost[:, None] == cost[None, :]
    weight = np.where(merged, capacity, 0.0)
    first, last = np.searchsorted(cost, cost, side="left"), np.searchsorted(cost, cost, side="right")
    up_to = np.zeros((inside.shape[0], cost.size + 1))
    np.cumsum(weight, axis=1, out=up_to[:, 1:])
    below = up_to[:, first]
    alone: Floats = np.asarray(capacity @ (same & mine), dtype=np.float64)
    block: Floats
    if np.array_equal(first + 1, last):  # no two plants at one cost
        block = np.broadcast_to(alone, merged.shape)
    else:
        block = np.where(merged, np.asarray(weight @ same, dtype=np.float64), alone)
    before = np.where(merged, below, capacity @ (cheaper & mine))
    conduct = np.where(merged, question.merged_conduct, question.conduct[owner])
    return _Units(conduct, before, block, merged & question.leads)


def _sold(question: Question, units: _Units, price: Floats, share: Floats, bought: Floats) -> Floats:
    """Return what each plant that does not lead sells at a price, [C, m].

    Args:
        share: t, [C].
        bought: what is left to those whose cost is the price, [C]; inf for all of it.
    """
    steep = units.conduct * (question.slope * share)[:, None]
    gap = price[:, None] - question.cost[None, :]
    if (steep > 0.0).all():
        sold = np.clip(gap / steep - units.before, 0.0, units.block)
        sold *= question.capacity / np.where(units.block > 0.0, units.block, 1.0)
        return np.where(units.led, 0.0, sold) if question.leads else sold
    takes = steep <= 0.0
    near = np.abs(gap) <= AT * question.price_scale
    smooth = np.clip(gap / np.where(takes, 1.0, steep) - units.before, 0.0, units.block)
    smooth *= question.capacity / np.where(units.block > 0.0, units.block, 1.0)
    full = np.where(gap > 0.0, question.capacity, 0.0)
    sold = np.where(units.led, 0.0, np.where(takes, np.where(near, 0.0, full), smooth))
    at_cost = np.where(takes & near & ~units.led, question.capacity, 0.0)
    size = at_cost.sum(axis=1)
    rest = np.clip((bought - sold.sum(axis=1)) / np.where(size > 0.0, size, 1.0), 0.0, 1.0)
    return sold + at_cost * rest[:, None]


def answers(question: Question, inside: Flags, price: Floats, *, eager: bool = True) -> tuple[Floats, Floats]:
    """Return by how much supply misses demand at a price, kt, [C], and owners' profits, thousand, [C, n].

    Args:
        inside: members of C cartels, [C, n].
        price: money/t, [C].
        eager: whether a first mover sells at parity what costs it just that; it gains nothing by it.
    """
    units = _units(question, inside)
    wanted = (question.intercept - price) / question.slope
    one = np.ones(price.size)
    held = price >= question.ceiling * (1.0 - AT)
    led = np.zeros((price.size, question.owner.size))
    if question.leads:
        led = _led(question, units, price, held, eager)
    sold = _sold(question, units, price, one, wanted - led.sum(axis=1))
    if held.any():
        part = np.flatnonzero(held)
        here = _Units(units.conduct[part], units.before[part], units.block[part], units.led[part])
        sold[part] = _at_parity(question, here, price[part], wanted[part] - led[part].sum(axis=1))
    others = sold.sum(axis=1)
    supply: Floats = np.asarray(others + led.sum(axis=1), dtype=np.float64)
    short: Floats = np.abs(supply - wanted)
    short = np.where(held, np.maximum(supply - wanted, 0.0), short)
    short = np.maximum(short, np.maximum(price - question.ceiling, 0.0) / question.slope)
    margin = (price[:, None] - question.cash[None, :]) * (sold + led)
    owns = (question.owner[:, None] == np.arange(question.conduct.size)[None, :]).astype(np.float64)
    return short, margin @ owns


def _led(question: Question, units: _Units, price: Floats, held: Flags, eager: bool) -> Floats:
    """Return what a first mover sells at a price, [C, m]: what others leave.

    At parity it sells no more than costs it at most that; where price takers sell at their cost, only what costs less.
    """
    gap = question.cost[None, :] - price[:, None]
    near = np.abs(gap) <= AT * question.price_scale
    wanted = (question.intercept - price) / question.slope
    left = wanted - _sold(question, units, price, np.ones(price.size), np.zeros(price.size)).sum(axis=1)
    below, most = (
        np.where(units.led & which, question.capacity, 0.0).sum(axis=1)
        for which in ((gap < 0.0) & ~near, (gap < 0.0) | near)
    )
    shared = (near & (units.conduct <= 0.0) & ~units.led & (question.capacity > 0.0)[None, :]).any(axis=1) & ~held
    most = np.where(held, most if eager else below, np.where(shared, below, np.inf))
    return _by_cost(question, units, np.minimum(np.clip(left, 0.0, None), most))


def _by_cost(question: Question, units: _Units, amount: Floats) -> Floats:
    """Return how a first mover makes an amount, the cheapest plants first, those at one cost by capacity, [C, m]."""
    room = np.clip(amount[:, None] - units.before, 0.0, units.block)
    part = room * question.capacity / np.where(units.block > 0.0, units.block, 1.0)
    return np.where(units.led & (question.cost < question.intercept), part, 0.0)


def _at_parity(question: Question, units: _Units, price: Floats, wanted: Floats) -> Floats:
    """Return what others sell at import parity, [C, m]: all that pays with imports, else a share t of the slope."""
    none, one, all_of_it = np.zeros(price.size), np.ones(price.size), np.full(price.size, np.inf)
    short = _sold(question, units, price, none, all_of_it).sum(axis=1) < wanted
    low, high = none.copy(), one.copy()
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        enough = _sold(question, units, price, middle, all_of_it).sum(axis=1) >= wanted
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    share = np.where(short, 0.0, np.where(low > 1.0 - 1e-15, 1.0, low))
    return _sold(question, units, price, share, wanted)
