"""What a cartel that moves first would gain by another price: every price that its quantity can bring about."""

from __future__ import annotations

__all__ = ["first_mover"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.textbook.cartels_read import AT, Question

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def first_mover(question: Question, joined: Flags, price: float) -> float:
    """Return what a cartel that moves first would gain by another price, thousand.

    Its profit ``p (D(p) - S(p)) - C`` bends only where others' supply or its own cost does; each piece is a parabola.
    """
    mine = joined[question.owner] & (question.cost < question.intercept)
    cost, size = question.cost[mine], question.capacity[mine]
    reach, spent = np.append(0.0, np.cumsum(size)), np.append(0.0, np.cumsum(cost * size))
    rivals = _rivals(question, mine)
    ceiling, most = min(question.intercept, question.ceiling), float(reach[-1])
    lowest = float(question.cost.min(initial=ceiling))
    grid = np.concatenate([[ceiling, lowest, question.intercept - question.slope * most], *rivals.corners()])
    grid = np.unique(np.minimum(grid, ceiling))
    after, before = rivals.left(question, grid, sells=True), rivals.left(question, grid, sells=False)

    def profit(at: Floats, amount: Floats) -> Floats:
        kept = np.clip(amount, 0.0, most)
        return at * kept - np.interp(kept, reach, spent)

    def best(at: Floats, amount: Floats) -> float:
        found = np.where(amount <= most * (1.0 + 1e-12), profit(at, amount), -math.inf)
        return float(found.max(initial=-math.inf))

    def wanted(at: Floats, least: Floats, top: Floats, room: float) -> Floats:
        """Return what it sells where price takers leave it anything between two amounts, or imports anything below."""
        cheap = (size[None, :] * (cost[None, :] < at[:, None] + room)).sum(axis=1)
        held = at >= question.ceiling * (1.0 - AT)
        return np.where(held, np.minimum(cheap, top), np.minimum(np.maximum(cheap, least), top))

    width, fall = np.diff(grid), after[:-1] - before[1:]
    low, high, most_sold = grid[:-1, None], grid[1:, None], after[:-1, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (fall / width)[:, None]  # tonnes less for each unit of price
        steps = low + (most_sold - reach[None, :]) / slope
        peaks = 0.5 * (low + most_sold / slope + cost[None, :])
    at = np.concatenate([low, high, np.where(slope > 0.0, steps, low), np.where(slope > 0.0, peaks, low)], axis=1)
    at = np.where((at >= low) & (at <= high), at, low)
    sold = most_sold - slope * (at - low)
    top = max(best(at, sold), best(grid, before), best(grid, after), best(grid, wanted(grid, after, before, 0.0)))
    here = np.array([price])
    least, largest = (rivals.left(question, here, sells=which) for which in (True, False))
    own = float(profit(here, wanted(here, least, largest, AT * question.price_scale))[0])
    return max(0.0, top - own)


@dataclass(frozen=True, slots=True, eq=False)
class _Rivals:
    """Plants of those outside: cost, slope of their owner's answer, what it makes cheaper and at that cost, [k]."""

    cost: Floats
    steep: Floats
    cheap: Floats
    whole: Floats
    capacity: Floats

    def corners(self) -> tuple[Floats, Floats]:
        """Return the prices at which they start to sell and sell all."""
        return self.cost + self.steep * self.cheap, self.cost + self.steep * (self.cheap + self.whole)

    def left(self, question: Question, at: Floats, *, sells: bool) -> Floats:
        """Return what they leave of demand at prices; price takers at their cost sell all, or nothing."""
        gap = at[:, None] - self.cost[None, :]
        smooth = np.clip(gap / np.where(self.steep > 0.0, self.steep, 1.0) - self.cheap, 0.0, self.whole)
        smooth = smooth * self.capacity / np.where(self.whole > 0.0, self.whole, 1.0)
        step = np.where(gap >= 0.0 if sells else gap > 0.0, self.capacity, 0.0)
        return (question.intercept - at) / question.slope - np.where(self.steep > 0.0, smooth, step).sum(axis=1)


def _rivals(question: Question, mine: Flags) -> _Rivals:
    owner, cost, capacity = question.owner, question.cost, question.capacity
    same_owner = owner[:, None] == owner[None, :]
    cheap = capacity @ (same_owner & (cost[:, None] < cost[None, :]))
    whole = capacity @ (same_owner & (cost[:, None] == cost[None, :]))
    rest = ~mine & (cost < question.intercept)
    steep = question.conduct[owner] * question.slope
    return _Rivals(cost[rest], steep[rest], cheap[rest], whole[rest], capacity[rest])
