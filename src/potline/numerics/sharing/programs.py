"""Linear programs whose constraints are all coalitions of a game, by the simplex method on the dual.

    minimise t x + s e   subject to   x(S) + e >= v(S),   x_i >= b_i,   x(H) = h

has n + 1 unknowns, so a basis is n + 1 weighted columns. The column to enter is the coalition that complains most,
found by a sweep over all of them: no list of constraints is kept, and 20 players are a million numbers, nothing else.
The basis, of zeros and ones, is inverted afresh at every pivot.
"""

from __future__ import annotations

__all__ = ["BOUND", "COALITION", "EQUAL", "SOLVED", "extreme_payoff", "least_total", "solve_program"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SOLVED, STALLED, INFEASIBLE = 0, 1, 2
COALITION, BOUND, EQUAL, LEVEL = 0, 1, 2, 3
VIOLATION = 1e-11
PIVOT = 1e-10
NUDGE = 1e-6
PATIENCE = 4
ROUNDS = 20_000


def extreme_payoff(worth: Floats, player: int, *, largest: bool, level: float = 0.0) -> tuple[int, Floats, Floats]:
    """Return the point of the core where a player gets least or most, and the weights that prove it.

    ``minimise (or maximise) x_i`` with ``x(N) = v(N)``, ``x(S) >= v(S) - level``. Weights w, 0 or more for S other than
    N, have ``sum w_S 1_S = 1_i`` (or ``-1_i``), so ``sum w_S (v(S) - level)`` bounds x_i (or -x_i) from below.

    Args:
        worth: v, float[2**n], n >= 2.
        player: i.
        largest: maximise.
        level: complaint that is allowed; N may never complain.

    Returns:
        Status (see :func:`solve_program`), payoffs float[n], weights float[2**n].

    Examples:
        >>> status, point, _ = extreme_payoff(np.array([0.0, 1.0, 2.0, 9.0]), 0, largest=True)
        >>> status, np.round(point, 9).tolist()
        (0, [7.0, 2.0])
    """
    n = worth.size.bit_length() - 1
    grand = worth.size - 1
    scale = float(np.abs(worth).max()) or 1.0
    scaled = np.ascontiguousarray(worth / scale, dtype=np.float64)
    closed = scaled.copy()
    closed[0] = closed[grand] = -np.inf
    others = [1 << j for j in range(n) if j != player]
    first = grand ^ (1 << player) if largest else 1 << player
    mask = np.array([grand, 0, first, *others[: n - 2]], dtype=np.int64)
    kind = np.array([EQUAL, LEVEL] + [COALITION] * (n - 1), dtype=np.int64)
    value = np.array([scaled[grand], level / scale, *scaled[mask[2:]]], dtype=np.float64)
    target = np.zeros(n + 1)
    target[player] = -1.0 if largest else 1.0
    status, _, point, weight = solve_program(closed, np.full(n, -np.inf), mask, kind, value, target)
    full = np.zeros(worth.size)
    full[mask[kind != LEVEL]] = weight[kind != LEVEL]
    return int(status), point[:n] * scale, full


def least_total(worth: Floats) -> tuple[int, Floats, Floats]:
    """Return the least payoffs in total that leave no coalition other than all a complaint, and weights that prove it.

    ``minimise x(N)`` with ``x(S) >= v(S)``; weights w, 0 or more, have ``sum w_S 1_S = 1_N``, so
    ``sum w_S v(S)`` bounds the total from below. v(N) plays no part.

    Returns:
        Status (see :func:`solve_program`), payoffs float[n], weights float[2**n].

    Examples:
        >>> status, payoff, weights = least_total(np.array([0.0, 0, 0, 1, 0, 1, 1, 1]))
        >>> status, payoff.tolist(), weights[[3, 5, 6]].tolist()
        (0, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
    """
    n = worth.size.bit_length() - 1
    scale = float(np.abs(worth).max()) or 1.0
    scaled = np.ascontiguousarray(worth / scale, dtype=np.float64)
    closed = scaled.copy()
    closed[0] = closed[-1] = -np.inf
    mask = np.array([0, *(1 << i for i in range(n))], dtype=np.int64)
    kind = np.array([LEVEL] + [COALITION] * n, dtype=np.int64)
    value = scaled[mask]
    target = np.ones(n + 1)
    target[n] = 0.0
    status, _, point, weight = solve_program(closed, np.full(n, -np.inf), mask, kind, value, target)
    full = np.zeros(worth.size)
    full[mask[kind != LEVEL]] = weight[kind != LEVEL]
    return int(status), point[:n] * scale, full


def solve_program(
    worth: Floats, bound: Floats, mask: Integers, kind: Integers, value: Floats, target: Floats
) -> tuple[int, int, Floats, Floats]:
    """Pivot until nobody complains; return status, pivots, (x, e) and the basic weights. The basis is changed in place.

    Columns: (1_S; 1) of a coalition, (1_i; 0) of a bound, (1_H; 0) of an equality, (0; 1) of a fixed level. So that no
    step changes nothing, the target is first nudged by a millionth of each starting column. A basis that ends
    without complaints does so whatever the target; if its weights for the true one are not 0 or more, the program is
    solved again without the nudge.

    Args:
        worth: v, float[2**n]; minus infinity where a coalition plays no part.
        bound: least payoffs, float[n]; minus infinity where there is none.
        mask, kind, value: the basis, int64[n + 1], int64[n + 1], float[n + 1]; independent, with weights of 0 or more.
        target: what the weighted columns sum to, float[n + 1].

    Returns:
        Status: 0 solved, 1 out of rounds, 2 no payoffs satisfy all; pivots; x and e, float[n + 1]; weights.
    """
    start = mask.copy(), kind.copy(), value.copy()
    free = (kind == EQUAL) | (kind == LEVEL)
    uneven = np.where(free, 0.0, 1.0 + np.arange(target.size) * 0.6180339887498949 % 1.0)
    total = 0
    for nudge in (NUDGE, 0.0):
        nudged = target + nudge * (_matrix(mask, kind) @ uneven)
        status, turns, point = _pivot(worth, bound, mask, kind, value, nudged)
        total += turns
        weight = np.array(np.linalg.solve(_matrix(mask, kind), target), dtype=np.float64)
        if status != SOLVED or np.all(weight[kind < EQUAL] >= -PIVOT):
            return status, total, point, weight
        mask[:], kind[:], value[:] = start
    return STALLED, total, point, weight


def _matrix(mask: Integers, kind: Integers) -> Floats:
    """Return the columns of a basis, float[n + 1, n + 1]."""
    matrix = np.empty((mask.size, mask.size))
    matrix[:-1] = mask >> np.arange(mask.size - 1)[:, None] & 1
    matrix[-1] = (kind == COALITION) | (kind == LEVEL)
    return matrix


def _pivot(
    worth: Floats, bound: Floats, mask: Integers, kind: Integers, value: Floats, target: Floats
) -> tuple[int, int, Floats]:
    """Return status, pivots and (x, e).

    After many steps that change nothing, the smallest number among those that complain enters (Bland) until one does.
    """
    n = target.size - 1
    bit = np.arange(n)
    pool = np.zeros(0, dtype=np.int64)
    point, still = target, 0
    for turn in range(ROUNDS):
        inverse = np.linalg.inv(_matrix(mask, kind))
        weight, point = inverse @ target, value @ inverse
        payoff, level = point[:n], float(point[n])
        careful = still > PATIENCE * n
        complaint = worth[pool] - (pool[:, None] >> bit & 1) @ payoff - level
        if careful or not np.any(complaint > VIOLATION):
            pool = _complainers(worth, np.ascontiguousarray(payoff), level, VIOLATION)
            complaint = worth[pool] - (pool[:, None] >> bit & 1) @ payoff - level
        short = bound - payoff
        if pool.size and (careful or complaint.max() >= short.max()):
            enter = (
                _first_complainer(worth, payoff, level, int(pool[0])) if careful else int(pool[np.argmax(complaint)])
            )
            entering_kind, entering_value = COALITION, float(worth[enter])
        elif short.max() > VIOLATION:
            player = int(np.argmax(short > VIOLATION)) if careful else int(np.argmax(short))
            enter, entering_kind, entering_value = 1 << player, BOUND, float(bound[player])
        else:
            return SOLVED, turn, point
        step = inverse[:, :n] @ (enter >> bit & 1) + (inverse[:, n] if entering_kind == COALITION else 0.0)
        able = np.flatnonzero((kind < EQUAL) & (step > PIVOT))
        if not able.size:
            return INFEASIBLE, turn, point
        ratio = np.maximum(weight[able], 0.0) / step[able]
        tied = able[ratio <= ratio.min() + 1e-13]
        leave = tied[np.lexsort((mask[tied], kind[tied]))[0]] if careful else tied[np.argmax(step[tied])]
        still = still + 1 if ratio.min() < 1e-12 else 0
        mask[leave], kind[leave], value[leave] = enter, entering_kind, entering_value
    return STALLED, ROUNDS, point


@kernel
def _complainers(worth: Floats, payoff: Floats, level: float, tolerance: float) -> Integers:
    """Return, of every block of coalitions that differ in the first half of the players, the one complaining most."""
    n = payoff.size
    half = n // 2
    width, height = 1 << half, 1 << (n - half)
    low, high = np.zeros(width), np.zeros(height)
    for i in range(half):
        for s in range(1 << i):
            low[(1 << i) + s] = low[s] + payoff[i]
    for i in range(n - half):
        for s in range(1 << i):
            high[(1 << i) + s] = high[s] + payoff[half + i]
    found = np.empty(height, dtype=np.int64)
    count = 0
    for h in range(height):
        base, best, best_at = high[h] + level, tolerance, -1
        for s in range(width):
            complaint = worth[h * width + s] - low[s] - base
            if complaint > best:
                best, best_at = complaint, s
        if best_at >= 0:
            found[count] = h * width + best_at
            count += 1
    return found[:count]


def _first_complainer(worth: Floats, payoff: Floats, level: float, found: int) -> int:
    """Return the smallest number that complains in the block of one that does."""
    width = 1 << payoff.size // 2
    block = np.arange(found - found % width, found + 1)
    complaint = worth[block] - (block[:, None] >> np.arange(payoff.size) & 1) @ payoff - level
    return int(block[np.flatnonzero(complaint > VIOLATION)[0]]) if np.any(complaint > VIOLATION) else found
