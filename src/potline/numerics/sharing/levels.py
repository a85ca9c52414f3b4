r"""The nucleolus as a sequence of linear programs over all coalitions.

With payoffs x and a level e, one program is

    minimise e   subject to   x(S) + e >= v(S) for S not settled,   x(H) = h for S settled,   x_i >= v_i if asked.

In its dual, coalitions have weights: ``sum w_S = 1``, ``sum w_S 1_S + sum m_H 1_H + sum b_i 1_i = 0``, w, b >= 0. A
coalition of positive weight complains by exactly e at every solution: it is settled, ``h = v(S) - e``, and everything
in the linear span of the settled is fixed with it. The rank of the settled grows at every level, so at most n - 1
programs end in a single point, the nucleolus. Ranks are computed in integers. A positive weight is a ratio of
determinants of 0-1 matrices of order n + 1 and therefore above 3e-9 for n <= 20 (Hadamard), which separates it
from rounding. Sources: Kopelowitz (1967); Maschler, Peleg & Shapley (1979), Mathematics of Operations Research 4,
p. 303; Potters, Reijnierse & Ansing (1996), Mathematics of Operations Research 21, p. 757.
"""

from __future__ import annotations

__all__ = ["Levels", "Settled", "lexicographic_levels"]

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.sharing.programs import BOUND, COALITION, EQUAL, SOLVED, solve_program

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WEIGHT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """What one program settles.

    Attributes:
        level: e, the largest complaint ``v(S) - x(S)`` that cannot be made smaller.
        coalitions: int64[m], those of positive weight; all complain by ``level``.
        weights: float[m], sum to 1.
        bounds: int64[k], players held at ``x_i = v_i``.
        bound_weights: float[k].
    """

    level: float
    coalitions: Integers
    weights: Floats
    bounds: Integers
    bound_weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Levels:
    """Payoffs after the last program, and what every program settled.

    Attributes:
        status: 0 solved, 1 out of rounds, 2 no payoffs satisfy the bounds.
        payoff: float[n].
        settled: one for each program.
        pivots: of all programs.
    """

    status: int
    payoff: Floats
    settled: tuple[Settled, ...]
    pivots: int


def lexicographic_levels(worth: Floats, *, bounded: bool, programs: int = 0) -> Levels:
    """Return the payoffs whose complaints ``v(S) - x(S)``, sorted from the largest, are least in lexicographic order.

    Args:
        worth: v, float[2**n], v(empty) = 0.
        bounded: only payoffs with ``x_i >= v_i`` (the nucleolus); else all with ``x(N) = v(N)`` (the prenucleolus).
        programs: stop after so many (1: a point of the least core); 0: until a single point is left.

    Examples:
        >>> talmud = np.maximum(0.0, 200.0 - (600.0 - 100.0 * np.array([0, 1, 2, 3, 3, 4, 5, 6])))
        >>> np.round(lexicographic_levels(talmud, bounded=True).payoff, 9).tolist()
        [50.0, 75.0, 75.0]
    """
    n = worth.size.bit_length() - 1
    grand = worth.size - 1
    scale = float(np.abs(worth).max()) or 1.0
    scaled = np.ascontiguousarray(worth / scale, dtype=np.float64)
    null = [[0] * i + [1] + [0] * (n - i - 2) + [-1] for i in range(n - 1)]
    equal_mask, equal_value = [grand], [float(scaled[grand])]
    start = [(1 << i, COALITION) for i in range(n)]
    target = np.zeros(n + 1)
    target[n] = 1.0
    settled: list[Settled] = []
    payoff, pivots = np.full(n, scaled[grand] / n), 0
    while null and (not programs or len(settled) < programs):
        open_worth, open_bound = _open(scaled, np.array(null, dtype=np.int64), bounded)
        mask = np.array(equal_mask + [column for column, _ in start], dtype=np.int64)
        kind = np.array([EQUAL] * len(equal_mask) + [kind for _, kind in start], dtype=np.int64)
        value = np.array(equal_value + [float(scaled[column]) for column, _ in start], dtype=np.float64)
        status, steps, point, weight = solve_program(open_worth, open_bound, mask, kind, value, target)
        pivots += int(steps)
        if status != SOLVED:
            return Levels(status=int(status), payoff=payoff * scale, settled=tuple(settled), pivots=pivots)
        payoff, level = point[:n], float(point[n])
        tight, held = (kind == COALITION) & (weight > WEIGHT), (kind == BOUND) & (weight > WEIGHT)
        settled.append(
            Settled(
                level=level * scale,
                coalitions=mask[tight],
                weights=weight[tight],
                bounds=np.array([int(m).bit_length() - 1 for m in mask[held]], dtype=np.int64),
                bound_weights=weight[held],
            )
        )
        for column in np.flatnonzero(tight | held):
            if _settle(null, int(mask[column])):
                equal_mask.append(int(mask[column]))
                equal_value.append(float(value[column]) - (level if tight[column] else 0.0))
        rest = np.flatnonzero((kind != EQUAL) & ~tight & ~held)
        start = _next_basis(null, [(int(mask[c]), int(kind[c])) for c in rest], grand)
    if not null:
        payoff = _payoffs(equal_mask, equal_value, n)
    return Levels(status=SOLVED, payoff=payoff * scale, settled=tuple(settled), pivots=pivots)


def _open(worth: Floats, null: Integers, bounded: bool) -> tuple[Floats, Floats]:
    """Return worths and individual bounds with those already settled at minus infinity."""
    n: int = null.shape[1]
    open_worth = _mask_spanned(worth, null)
    single = 1 << np.arange(n)
    fixed = np.isneginf(open_worth[single])
    return open_worth, np.where(fixed | (not bounded), -np.inf, worth[single])


def _settle(null: list[list[int]], mask: int) -> bool:
    """Shrink the integer basis of directions that leave the settled unchanged; False where nothing changes."""
    product = [sum(entry for i, entry in enumerate(row) if mask >> i & 1) for row in null]
    pivot = next((k for k, p in enumerate(product) if p), None)
    if pivot is None:
        return False
    gone, by = null.pop(pivot), product.pop(pivot)
    for row, p in zip(null, product, strict=True):
        if p:
            mixed = [by * a - p * b for a, b in zip(row, gone, strict=True)]
            shared = math.gcd(*mixed)
            row[:] = [entry // shared for entry in mixed]
    return True


def _next_basis(null: list[list[int]], rest: Sequence[tuple[int, int]], grand: int) -> list[tuple[int, int]]:
    """Return columns that start the next program: independent ones, and the complement of the first.

    A coalition and its complement, a half each, are feasible weights whatever was settled.
    """
    if not null:
        return []
    left = [row[:] for row in null]
    singles = [(1 << i, COALITION) for i in range(grand.bit_length())]
    chosen = [column for column in [*rest, *singles] if _settle(left, column[0])]
    first = chosen[0][0]
    return [(first, COALITION), (grand ^ first, COALITION), *chosen[1:]]


def _payoffs(masks: Sequence[int], values: Sequence[float], n: int) -> Floats:
    matrix = np.array([[float(mask >> i & 1) for i in range(n)] for mask in masks])
    return np.linalg.solve(matrix, np.array(values))


@kernel
def _mask_spanned(worth: Floats, null: Integers) -> Floats:
    """Return worths with minus infinity where every null vector sums to zero over the coalition."""
    rows, n = null.shape
    count = worth.size
    spanned = np.ones(count, dtype=np.bool_)
    total = np.zeros(count, dtype=np.int64)
    for k in range(rows):
        for i in range(n):
            step = 1 << i
            entry = null[k, i]
            for mask in range(step):
                total[step + mask] = total[mask] + entry
        for mask in range(count):
            if total[mask] != 0:
                spanned[mask] = False
    left = worth.copy()
    for mask in range(count):
        if spanned[mask]:
            left[mask] = -np.inf
    return left
