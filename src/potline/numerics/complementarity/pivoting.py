r"""Small problems: linearise, solve the linear problem by Lemke's complementary pivoting, and search along the step.

Lemke's method keeps ``w - M z - e z_0 = q`` in tableau form and exchanges one variable of each complementary pair until
the artificial ``z_0`` leaves. Bounds above enter as pairs ``(u - z, v)``. Variables without bounds are first made basic
by principal pivots, as a free price is together with a flow of its balance, and then leave the table.
"""

from __future__ import annotations

__all__ = ["lemke", "newton_by_pivoting", "solve_boxed"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.complementarity.merit import merit_of
from potline.numerics.complementarity.newton import Outcome, newton
from potline.numerics.complementarity.scaled import SOLVED, STALLED, ScaledProblem

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

# A free variable is exchanged alone from this diagonal on (the scaled rows are about 1), and held for dependent below.
_ALONE = 0.1
_DEPENDENT = 1e-9


def newton_by_pivoting(view: ScaledProblem, start: Floats, tolerance: float, limit: int) -> Outcome:
    """Solve a sequence of linear complementarity problems from ``start`` (scaled); finish by Newton."""
    y, value = start, view.evaluate(start)
    if not np.all(np.isfinite(value)):
        return Outcome(point=y, residual=np.inf, status=STALLED, iterations=0)
    best, residual = y, view.residual(y, value)
    recent = [merit_of(view, y, value)]
    for turn in range(limit):
        slopes = np.asarray(view.matrix(view.jacobian(y)).todense())
        target = None
        for prox in (0.0, 1e-6, 1e-2):
            target = solve_boxed(slopes + prox * np.eye(y.size), value - slopes @ y - prox * y, view.lower, view.upper)
            if target is not None:
                break
        if target is None:
            return Outcome(point=best, residual=residual, status=STALLED, iterations=turn)
        length = 1.0
        while length > 1e-4:
            trial = np.clip(y + length * (target - y), view.lower, view.upper)
            there = view.evaluate(trial)
            if np.all(np.isfinite(there)) and merit_of(view, trial, there) <= (1.0 - 1e-3 * length) * max(recent[-4:]):
                break
            length *= 0.5
        else:
            return Outcome(point=best, residual=residual, status=STALLED, iterations=turn)
        y, value = trial, there
        recent.append(merit_of(view, y, value))
        now = view.residual(y, value)
        if now < residual:
            best, residual = y, now
        if now <= max(tolerance, 1e-4) or limit == 1:
            found = newton(view, y, tolerance, 20)
            if found.status == SOLVED or limit == 1:
                return Outcome(
                    point=found.point, residual=found.residual, status=found.status, iterations=turn + found.iterations
                )
    return Outcome(point=best, residual=residual, status=STALLED, iterations=limit)


def solve_boxed(matrix: Floats, vector: Floats, lower: Floats, upper: Floats) -> Floats | None:
    """Return z in [l, u] with ``matrix z + vector`` complementary to the bounds, or None on a secondary ray.

    Args:
        matrix: shape (n, n), dense.
        vector, lower, upper: shape (n,).

    Examples:
        >>> import numpy as np
        >>> tight, loose = np.array([0.0, 0.0]), np.array([1.0, np.inf])
        >>> solve_boxed(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([-5.0, -6.0]), tight, loose).round(9).tolist()
        [1.0, 2.5]
    """
    flip = np.where(np.isneginf(lower) & np.isfinite(upper), -1.0, 1.0)
    low, high = np.where(flip < 0, -upper, lower), np.where(flip < 0, -lower, upper)
    free = np.isneginf(low)
    low = np.where(free, 0.0, low)
    capped = np.flatnonzero(np.isfinite(high))
    m, pick = flip[:, None] * matrix * flip, np.eye(vector.size)[:, capped]
    core = np.block([[m, pick], [-pick.T, np.zeros((capped.size, capped.size))]])
    constant = np.concatenate((flip * vector + m @ low, (high - low)[capped]))
    free = np.concatenate((free, np.zeros(capped.size, np.bool_)))
    turned = _without_free(core, constant, free)
    if turned is None:
        return None
    rows, right, exchanged = turned
    rest = np.flatnonzero(~free)
    found = lemke(rows[np.ix_(rest, rest)], right[rest])
    if found is None:
        return None
    moved = np.zeros(right.size)
    moved[rest] = found
    z = np.where(exchanged, rows @ moved + right, moved)[: vector.size]
    return flip * (low + z)


def _without_free(matrix: Floats, vector: Floats, free: Flags) -> tuple[Floats, Floats, Flags] | None:
    """Exchange z for w of every variable without bounds, by principal pivots of one or two pairs.

    Prices of balances have a zero on the diagonal: each is exchanged together with a flow that enters its balance.

    Returns:
        Matrix and vector of the same conditions after the exchange, and which pairs were exchanged; None where the free
        conditions are dependent.
    """
    m, q = matrix.copy(), vector.copy()
    exchanged, left = np.zeros(q.size, np.bool_), free.copy()
    least = _DEPENDENT * max(1.0, float(np.abs(matrix).max(initial=0.0)))
    while left.any():
        rows, others = np.flatnonzero(left), np.flatnonzero(~exchanged)
        own = m[rows, rows]
        alone = int(np.argmax(np.abs(own)))
        pivots = rows[[alone]]
        if abs(own[alone]) < _ALONE:
            cross = m[np.ix_(rows, others)] * m[np.ix_(others, rows)].T
            size = np.abs(own[:, None] * m[others, others] - cross) * (rows[:, None] != others)
            row, other = np.unravel_index(int(np.argmax(size)), size.shape)
            if size[row, other] > least:
                pivots = np.array([rows[row], others[other]])
            elif abs(own[alone]) <= least:
                return None
        m, q = _exchange(m, q, pivots)
        exchanged[pivots], left[pivots] = True, False
    return m, q, exchanged


def _exchange(m: Floats, q: Floats, pivots: Ints) -> tuple[Floats, Floats]:
    """Return the principal pivotal transform of ``w = m z + q``."""
    inverse = np.linalg.inv(m[np.ix_(pivots, pivots)])
    across, down = inverse @ m[pivots], m[:, pivots] @ inverse
    made = m - down @ m[pivots]
    constant = q - down @ q[pivots]
    made[pivots], made[:, pivots] = -across, down
    made[np.ix_(pivots, pivots)] = inverse
    constant[pivots] = -(inverse @ q[pivots])
    return made, constant


def lemke(matrix: Floats, vector: Floats) -> Floats | None:
    """Return ``z >= 0`` with ``w = matrix z + vector >= 0`` and ``z w = 0``, or None where pivoting ends on a ray.

    Source:
        Cottle, Pang and Stone (1992), The Linear Complementarity Problem, algorithm 4.4.5.
    """
    count = vector.size
    if count == 0 or vector.min() >= 0.0:
        return np.zeros(count)
    size = max(1.0, float(np.abs(vector).max()))
    # Columns: w, z, the artificial variable, the right-hand side.
    table = np.column_stack((np.eye(count), -matrix, -np.ones(count), vector / size))
    basis = np.arange(count)
    row = int(np.argmin(table[:, -1]))
    entering, artificial = 2 * count, 2 * count
    for _ in range(60 * count + 200):
        leaving = int(basis[row])
        table[row] /= table[row, entering]
        others = table[:, entering].copy()
        others[row] = 0.0
        table -= np.outer(others, table[row])
        basis[row] = entering
        if leaving == artificial:
            values = np.zeros(2 * count + 1)
            values[basis] = table[:, -1]
            return np.maximum(values[count : 2 * count], 0.0) * size
        entering = leaving + count if leaving < count else leaving - count
        column = table[:, entering]
        allowed = np.flatnonzero(column > 1e-11)
        if allowed.size == 0:
            return None
        ratios = np.maximum(table[allowed, -1], 0.0) / column[allowed]
        ties = allowed[ratios <= ratios.min() * (1.0 + 1e-12) + 1e-14]
        exits = ties[basis[ties] == artificial]
        row = int(exits[0]) if exits.size else int(ties[np.argmax(column[ties])])
    return None
