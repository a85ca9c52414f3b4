r"""Where many functions of one number change from holding to not holding, narrowed together.

A function holds where it is 0 or more; ``nan`` does not hold. Each bracket has one end that holds and one that does
not. Every step evaluates one point of every bracket at once, chosen by the ITP rule (Oliveira and Takahashi 2021, ACM
Transactions on Mathematical Software 47(1), algorithm 1): regula falsi, drawn to the middle, and never more steps than
bisection takes, plus one. It converges on a root of a continuous function and on the jump of one that jumps over 0.
"""

from __future__ import annotations

__all__ = ["Brackets", "narrow"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Brackets:
    """Ends of N brackets and the functions there, each [N]; one end holds and the other does not."""

    low: Floats
    high: Floats
    at_low: Floats
    at_high: Floats


def narrow(evaluate: Callable[[Floats, Integers], Floats], start: Brackets, tolerance: float) -> Brackets:
    """Narrow every bracket to ``tolerance`` times its first width or less, or to two neighbouring numbers.

    Args:
        evaluate: takes points [M] and the numbers of their brackets [M], returns the functions there [M].
        start: brackets whose ends differ in holding.
        tolerance: above 0.

    Examples:
        >>> start = Brackets(low=np.zeros(2), high=np.full(2, 3.0),
        ...                  at_low=np.array([-2.0, 1.0]), at_high=np.array([7.0, -5.0]))
        >>> found = narrow(lambda x, k: np.where(k == 0, x * x - 2.0, np.where(x < 1.0, 1.0, -5.0)), start, 1e-9)
        >>> found.low.round(6).tolist()
        [1.414214, 1.0]
    """
    low, high, at_low, at_high = (np.array(v) for v in (start.low, start.high, start.at_low, start.at_high))
    holds_low = at_low >= 0.0
    width = high - low
    steps = max(0, int(np.ceil(np.log2(1.0 / tolerance)))) + 1
    for step in range(steps):
        between = 0.5 * (low + high)
        left = np.flatnonzero((high - low > tolerance * width) & (low < between) & (between < high))
        if left.size == 0:
            break
        a, b, f_a, f_b = low[left], high[left], at_low[left], at_high[left]
        middle = 0.5 * (a + b)
        gap = f_b - f_a
        usable = np.isfinite(gap) & (gap != 0.0)
        chord = np.where(usable, a - f_a * (b - a) / np.where(usable, gap, 1.0), middle)
        side = np.sign(middle - chord)
        pulled = 0.2 * (b - a) ** 2 / width[left]
        drawn = np.where(pulled <= np.abs(middle - chord), chord + side * pulled, middle)
        room = np.maximum(0.5 * tolerance * width[left] * 2.0 ** (steps - step) - 0.5 * (b - a), 0.0)
        point = np.where(np.abs(drawn - middle) <= room, drawn, middle - side * room)
        found = evaluate(point, left)
        to_low = (found >= 0.0) == holds_low[left]
        low[left], at_low[left] = np.where(to_low, point, a), np.where(to_low, found, f_a)
        high[left], at_high[left] = np.where(to_low, b, point), np.where(to_low, f_b, found)
    return Brackets(low=low, high=high, at_low=at_low, at_high=at_high)
