"""The problem as the solver sees it: scaled, counted, and with factorisations that say when they fail."""

from __future__ import annotations

__all__ = ["ITERATION_LIMIT", "NOT_FINITE", "SINGULAR", "SOLVED", "STALLED", "ScaledProblem", "Solve"]

import copy
from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Solve = Callable[[Floats], Floats]
Ordering = Literal["COLAMD", "MMD_AT_PLUS_A", "NATURAL"]

SOLVED, STALLED, SINGULAR, ITERATION_LIMIT, NOT_FINITE = 0, 1, 2, 3, 4


class ScaledProblem:
    """``x = s D y`` and ``D F / s``, D diagonal: signs, solutions and monotonicity are those of the problem.

    D makes the largest entry of each row and column of ``D J D`` at the start about 1; s is the size of the scaled
    start and of F there. Both are powers of two, so that scaling rounds nothing. Matrices hold their diagonal, zeros
    included.
    """

    def __init__(
        self,
        evaluate: Callable[[Floats], Floats],
        jacobian: Callable[[Floats], sparse.csc_array],
        lower: Floats,
        upper: Floats,
        start: Floats,
    ) -> None:
        self._evaluate, self._jacobian = evaluate, jacobian
        self.evaluations = self.factorisations = 0
        self.size = start.size
        self.own_lower, self.own_upper = lower, upper
        self._by_point = self._by_value = np.ones(self.size)
        self.usable = self._prepare(start)
        self.lower, self.upper = lower / self._by_point, upper / self._by_point
        self.bounded_below, self.bounded_above = np.isfinite(lower), np.isfinite(upper)

    def _prepare(self, start: Floats) -> bool:
        value = self._evaluate_own(start)
        with np.errstate(all="ignore"):
            matrix = sparse.csc_array(self._jacobian(start))
        if matrix.shape != (self.size, self.size):
            msg = f"The Jacobian has shape {matrix.shape}; {self.size} variables need ({self.size}, {self.size})."
            raise ValueError(msg)
        if not np.all(np.isfinite(matrix.data)) or not np.all(np.isfinite(value)):
            return False
        self._given = matrix.indices
        columns = np.repeat(np.arange(self.size), np.diff(matrix.indptr))
        rows = matrix.indices.astype(np.int64)
        scale = _symmetric_scale(rows, columns, np.abs(matrix.data), self.size)
        self._weight = scale[rows] * scale[columns]
        # The pattern with its diagonal, and where each given entry stands in it.
        keys, places = np.unique(
            np.concatenate((columns * self.size + rows, np.arange(self.size) * (self.size + 1))), return_inverse=True
        )
        self._slots = places[: rows.size]
        self._direct = keys.size == rows.size and np.array_equal(self._slots, np.arange(rows.size))
        self._distinct = np.unique(self._slots).size == rows.size
        self.diagonal: Places = places[rows.size :]
        self.rows, self.columns = keys % self.size, keys // self.size
        pointers = np.concatenate(([0], np.cumsum(np.bincount(self.columns, minlength=self.size))))
        self._template = sparse.csc_array(
            (np.ones(keys.size), self.rows.astype(np.int32), pointers.astype(np.int32)), shape=matrix.shape
        )
        self._template.sum_duplicates()
        self._order: Places | None = None
        near = np.concatenate((start / scale, value * scale))
        doublings: float = np.log2(np.clip(np.sqrt(np.mean(near**2)), 2.0**-30, 2.0**60))
        size = float(np.exp2(np.round(doublings)))
        self._by_point, self._by_value = scale * size, scale / size
        return True

    def to_scaled(self, x: Floats) -> Floats:
        """Return y of x."""
        return np.clip(x / self._by_point, self.lower, self.upper)

    def to_own(self, y: Floats) -> Floats:
        """Return x of y, inside its bounds."""
        return np.clip(y * self._by_point, self.own_lower, self.own_upper)

    def _evaluate_own(self, x: Floats) -> Floats:
        self.evaluations += 1
        with np.errstate(all="ignore"):
            return np.asarray(self._evaluate(x), dtype=np.float64)

    def evaluate(self, y: Floats) -> Floats:
        """Return the scaled F."""
        return self._evaluate_own(y * self._by_point) * self._by_value

    def residual(self, y: Floats, value: Floats) -> float:
        """Return the largest distance from x to ``x - F`` projected into the box, in the problem's own units."""
        x = y * self._by_point
        gap = float(np.abs(x - np.clip(x - value / self._by_value, self.own_lower, self.own_upper)).max())
        return gap if np.isfinite(gap) else float("inf")

    def jacobian(self, y: Floats) -> Floats:
        """Return the entries of the scaled Jacobian, in the order of the pattern."""
        with np.errstate(all="ignore"):
            matrix = self._jacobian(y * self._by_point)
        if matrix.indices is not self._given and not np.array_equal(matrix.indices, self._given):
            msg = "The Jacobian changed its pattern between two points. Keep entries that happen to be zero."
            raise ValueError(msg)
        given = np.asarray(matrix.data, dtype=np.float64) * self._weight
        if self._direct:
            return given
        data = np.zeros(self.rows.size)
        if self._distinct:
            data[self._slots] = given
        else:
            np.add.at(data, self._slots, given)
        return data

    def matrix(self, entries: Floats) -> sparse.csc_array:
        """Return entries of the pattern as a matrix."""
        made = copy.copy(self._template)
        made.data = entries
        return made

    def solve(self, matrix: sparse.csc_array, rhs: Floats) -> Floats | None:
        """Return d of ``matrix d = rhs``; None where the matrix is singular to working precision."""
        return _checked((self.factor(matrix, careful) for careful in (False, True)), matrix, rhs)

    def solve_pattern(self, entries: Floats, rhs: Floats) -> Floats | None:
        """Return d as :meth:`solve` does, for entries of the whole pattern."""
        matrix = self.matrix(entries)
        ways = (self.factor_pattern(entries) if quick else self.factor(matrix, careful=True) for quick in (True, False))
        return _checked(ways, matrix, rhs)

    def factor(self, matrix: sparse.csc_array, careful: bool = False) -> Solve | None:
        """Return sparse LU with refinement as a function of the right-hand side; None where it is singular.

        The quick way orders by the pattern of ``A + A'`` and prefers diagonal pivots, which loses nothing where
        positive terms stand on the diagonal; the careful way pivots by size.
        """
        if matrix.shape[0] == 0:
            return np.copy
        factor = self._factor(matrix, "COLAMD" if careful else "MMD_AT_PLUS_A")
        return None if factor is None else _refined(factor.solve, matrix)

    def factor_pattern(self, entries: Floats) -> Solve | None:
        """Return sparse LU as :meth:`factor` does, for entries of the whole pattern; the ordering is found once."""
        matrix = self.matrix(entries)
        if self._order is None:
            factor = self._factor(matrix, "MMD_AT_PLUS_A")
            if factor is None:
                return None
            self._order = np.argsort(factor.perm_c)
            numbered = self._template.copy()
            numbered.data = np.arange(float(entries.size))
            self._turned = sparse.csc_array(numbered[:, self._order][self._order, :])
            self._turned.sort_indices()
            self._shuffle = self._turned.data.astype(np.int64)
            return _refined(factor.solve, matrix)
        order = self._order
        turned = copy.copy(self._turned)
        turned.data = entries[self._shuffle]
        factor = self._factor(turned, "NATURAL")
        if factor is None:
            return None

        def solve(rhs: Floats) -> Floats:
            found = np.empty(rhs.size)
            found[order] = factor.solve(rhs[order])
            return found

        return _refined(solve, matrix)

    def _factor(self, matrix: sparse.csc_array, ordering: Ordering) -> SuperLU | None:
        self.factorisations += 1
        try:
            if ordering == "COLAMD":
                return splu(matrix)
            return splu(
                matrix, permc_spec=ordering, diag_pivot_thresh=1e-3, relax=4, panel_size=4,
                options={"SymmetricMode": True},
            )  # fmt: skip
        except RuntimeError:
            return None

    def other_start(self, y: Floats, rng: np.random.Generator, attempt: int) -> Floats:
        """Return another point of the box, a little or far away from y."""
        width = (1.0, 1.0, 10.0, 10.0, 300.0, 300.0)[attempt % 6] * np.maximum(1.0, np.abs(y))
        moved = y + width * rng.uniform(-1.0, 1.0, y.size)
        span = np.where(self.bounded_below & self.bounded_above, self.upper - self.lower, np.inf)
        inner = self.lower + np.minimum(0.5 * span, width * rng.uniform(0.0, 1.0, y.size))
        return np.clip(np.where(self.bounded_below, np.maximum(moved, inner), moved), self.lower, self.upper)


def _refined(solve: Solve, matrix: sparse.csc_array) -> Solve:
    """Add one step of refinement where a solution is not exact to rounding."""

    def solver(rhs: Floats) -> Floats:
        with np.errstate(all="ignore"):
            found = solve(rhs)
            gap = rhs - matrix @ found
            if not float(np.abs(gap).max()) <= 1e-12 * float(np.abs(rhs).max()):
                found = found + solve(gap)
        return np.asarray(found, dtype=np.float64)

    return solver


def _checked(ways: Iterator[Solve | None], matrix: sparse.csc_array, rhs: Floats) -> Floats | None:
    """Return the first solution that meets the equations."""
    for solve in ways:
        if solve is None:
            continue
        found = solve(rhs)
        gap = float(np.abs(rhs - matrix @ found).max(initial=0.0))
        if gap <= 1e-6 * float(np.abs(rhs).max(initial=0.0)):
            return found
    return None


def _symmetric_scale(rows: Places, columns: Places, size: Floats, count: int) -> Floats:
    """Equilibrate by Ruiz's iteration on the larger of row and column maxima; rounded to powers of two."""
    scale = np.ones(count)
    for _ in range(4):
        now = size * scale[rows] * scale[columns]
        top = np.zeros(count)
        np.maximum.at(top, rows, now)
        np.maximum.at(top, columns, now)
        scale /= np.sqrt(np.where(top > 0.0, top, 1.0))
    return np.exp2(np.round(np.log2(np.clip(scale, 2.0**-30, 2.0**30))))
