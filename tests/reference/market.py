"""The market after a cut: idle lines that restart, and the fall of output that is left (model, sections 3 and 6).

Withdrawing X gross lets output fall by q net of what restarts. Idle line k, of an owner outside the deal, restarts once
for the term, where the expected rise u(q) and the relief F(q) on the input it buys reach its need:

    q + sum of free lines k with  u(q) + use_k F(q) >= need_k   =   X,        need_k = max(p_restart - p0, 0).

Both sides of the condition move along one curve: q from 0 up, F a step function of q. So each line has one place
(q_k, F_k) on it, found by halving, and lines come back in the order of their places; the last one only in part. A
project that starts only at a price is such a line, with ``started`` of its tonnes.
"""

from __future__ import annotations

__all__ = ["IdleLine", "Market", "State", "started"]

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tests.reference.prize import Prize, bisected

TIE = 1e-10
AT_A_STEP = 1e-11  # of a fall: that near is at the step still


@dataclass(frozen=True, kw_only=True)
class IdleLine:
    """Capacity that stands idle: whose (-1: nobody's who sits at a table), how much, and the rise it needs.

    ``use`` is what it buys of the shared input per t.
    """

    owner: int
    kt: float
    need_per_t: float
    use: float = 0.0


@dataclass(frozen=True)
class State:
    """The market at a cut: net fall of output, rise of the price, fall of the input's price."""

    fall: float
    rise: float
    relief: float


def started(kt: float, term_years: float, start_years: float) -> float:
    """Return the tonnes that a project which starts within the term counts for, ``kt (T - t_start) / T``."""
    return kt * max(0.0, term_years - start_years) / term_years


@dataclass(frozen=True)
class Market:
    """A prize, the idle lines, and the fall of the shared input's price by the fall of output.

    Attributes:
        relief: (fall of output, fall of the input's price) from (0, 0), neither falling; two equal falls are a step.
        places: of each line, where on the curve it restarts, (inf, inf) for never.
    """

    prize: Prize
    lines: tuple[IdleLine, ...] = ()
    relief: tuple[tuple[float, float], ...] = ()
    places: tuple[tuple[float, float], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find where each line restarts."""
        object.__setattr__(self, "places", tuple(self._place(line) for line in self.lines))

    @property
    def curve(self) -> list[tuple[float, float]]:
        """Return the corners of the curve of (q, F), from nothing to all output."""
        corners = list(self.relief) or [(0.0, 0.0)]
        return [*corners, (max(self.prize.quantity_kt * (1.0 - 1e-9), corners[-1][0]), corners[-1][1])]

    def relief_at(self, fall: float) -> float:
        """Return F(q); at a step the lower value."""
        value = 0.0
        for (x0, y0), (x1, y1) in pairwise(self.curve):
            if x1 > x0 and fall > x0 * (1.0 + AT_A_STEP):
                value = y0 + (y1 - y0) * min(1.0, (fall - x0) / (x1 - x0))
        return value

    @cached_property
    def order(self) -> list[int]:
        """Return the lines that ever restart, in the order in which they do."""
        return sorted((k for k in range(len(self.lines)) if self.places[k][0] < math.inf), key=self.places.__getitem__)

    def state(self, withdrawn: float, held: Collection[int] = ()) -> State:
        """Clear the market at a gross cut; the lines of owners ``held`` stay idle."""
        left = withdrawn
        for k in self.order:
            at, relief = self.places[k]
            if left <= at:
                break
            if self.lines[k].owner not in held:
                left -= self.lines[k].kt
                if left <= at:
                    return State(at, self.prize.rise(at), relief)
        left = max(left, 0.0)
        return State(left, self.prize.rise(left), self.relief_at(left))

    def restarted(self, withdrawn: float) -> list[float]:
        """Return what each line restarts at a gross cut that all may answer; lines that tie in equal shares."""
        left = withdrawn - self.state(withdrawn).fall
        result = [0.0] * len(self.lines)
        order = self.order
        while order:
            first = order[0]
            group = [k for k in order if _same(self.places[k], self.places[first])]
            size = sum(self.lines[k].kt for k in group)
            share = min(1.0, max(0.0, left) / size)
            for k in group:
                result[k] = share * self.lines[k].kt
            left -= size
            order = [k for k in order if k not in group]
        return result

    def bends(self, held: Collection[int]) -> list[float]:
        """Return the gross cuts at which q, u or F bends or jumps: restarts, kinks of the prize, corners of relief."""
        falls = {at for at, _ in self.places if at < math.inf}
        falls |= set(self.prize.bends()) | {x for x, _ in self.relief if x > 0.0}
        free = [(self.places[k][0], self.lines[k]) for k in self.order if self.lines[k].owner not in held]
        result: set[float] = set()
        for q in falls:
            gross = q + sum(line.kt for at, line in free if at < q)
            result.add(gross)
            for _, line in (pair for pair in free if pair[0] == q):
                gross += line.kt
                result.add(gross)
        return sorted(result)

    def _place(self, line: IdleLine) -> tuple[float, float]:
        """Return the first point of the curve at which a line restarts."""

        def willing(q: float, relief: float) -> bool:
            return self.prize.rise(q) + line.use * relief >= line.need_per_t

        if willing(*self.curve[0]):
            return self.curve[0]
        for (x0, y0), (x1, y1) in pairwise(self.curve):
            if willing(x1, y1):
                part = bisected(lambda t, a=x0, b=y0, c=x1, d=y1: willing(a + t * (c - a), b + t * (d - b)), 0.0, 1.0)
                return x0 + part * (x1 - x0), y0 + part * (y1 - y0)
        return math.inf, math.inf


def _same(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return all(abs(x - y) <= TIE * max(abs(x), abs(y)) for x, y in zip(a, b, strict=True))
