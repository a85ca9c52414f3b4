"""What n owners alike hold, in closed form: docs/theory/meeting.md, "Owners alike". No market is solved here.

Each owner runs r, a tonne idled loses ``a b`` a year (money/t), and a fall of output X lifts the price by ``b v(X)``
with ``v(X) = X`` up to a bend and ``bend + part (X - bend)`` beyond: part 1 for no imports, 0 for a flat ceiling, and
``1 / (1 + b m)`` for imports that rise by m. Nothing restarts. A group of s shares K equally, so every test is a
quadratic in K between its bends.
"""

from __future__ import annotations

__all__ = ["Alike"]

import math
from dataclasses import dataclass
from itertools import pairwise

from tests.reference.tonnages import Interval, union


@dataclass(frozen=True, kw_only=True)
class Alike:
    """n owners of r kt each with relative loss a (kt), and where and how the price response bends."""

    n: int
    r: float
    a: float
    bend: float = math.inf
    part: float = 1.0

    def line(self, at: float) -> tuple[float, float]:
        """Return v near a fall of output as ``level + slope X``."""
        return (0.0, 1.0) if at < self.bend else (self.bend * (1.0 - self.part), self.part)

    def v(self, fall: float) -> float:
        """Return the rise of the price over b."""
        level, slope = self.line(fall)
        return level + slope * fall

    def best(self, t: int) -> float:
        """Return the total that t owners cut to gain most together: the first piece's vertex, the bend, or beyond."""
        free = 0.5 * (t * self.r - self.a)
        if free <= self.bend:
            return max(0.0, free)
        if self.part == 0.0:
            return self.bend
        return max(self.bend, 0.5 * (t * self.r - self.bend * (1.0 - self.part) / self.part - self.a / self.part))

    def sets(self, s: int, belief: str) -> list[Interval]:
        """Return the tonnages that groups of s hold."""
        r, a, last = self.r, self.a, s * self.r
        bends = {self.bend, last}
        if belief == "keep":
            bends.add(self.bend * s / (s - 1))
        if belief == "respread" and s > 2:
            bends.add(last - r)
        found: list[Interval] = []
        for low, high in pairwise([0.0, *sorted(x for x in bends if x <= last)]):
            middle = 0.5 * (low + high)
            level, slope = self.line(middle)
            test = [r * level, r * slope - (level + a) / s, -slope / s]  # (r - K/s) v(K) - a K / s
            if belief == "reoptimise":
                test[0] -= r * self.v(self.best(s - 1))
            elif belief == "keep":
                level, slope = self.line(middle * (s - 1) / s)
                test[0], test[1] = test[0] - r * level, test[1] - r * slope * (s - 1) / s
            elif belief == "respread" and s > 2 and middle < last - r:
                test[0], test[1] = test[0] - r * level, test[1] - r * slope
            jumped = belief == "respread" and s > 2 and low == last - r  # there the others still reach K
            found += [Interval(x, y, x > 0.0 and not (jumped and x == low), True) for x, y in _above(test, low, high)]
        return union(found)

    def tonnages(self, belief: str) -> list[Interval]:
        """Return the tonnages that some group holds."""
        return union([i for s in range(2, self.n + 1) for i in self.sets(s, belief)])


def _above(test: list[float], low: float, high: float) -> list[tuple[float, float]]:
    """Return where ``test[0] + test[1] K + test[2] K^2 >= 0`` in [low, high]; ``test[2] <= 0``."""
    c, b, a = test
    if a == 0.0:
        if b == 0.0:
            return [(low, high)] if c >= 0.0 else []
        root = -c / b
        ends = (root, math.inf) if b > 0.0 else (-math.inf, root)
    else:
        inside = b * b - 4.0 * a * c
        if inside < 0.0:
            return []
        ends = ((-b + math.sqrt(inside)) / (2.0 * a), (-b - math.sqrt(inside)) / (2.0 * a))
    ends = (max(low, ends[0]), min(high, ends[1]))
    return [ends] if ends[0] < ends[1] or (ends[0] == ends[1] and low < ends[0]) else []
