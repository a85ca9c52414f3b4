r"""Convex programs of chains and networks behind one small interface.

.. math:: \min c'x + x'Qx/2 + \sum_j k_j x_j^3 / 3 \quad Ax = r,\ 0 \le x \le u
"""

from __future__ import annotations

__all__ = ["FINISHED", "ConvexAnswer", "ConvexProgram", "Method", "Status", "largest_violation"]

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Method = Literal["auto", "flow", "highs", "piqp"]
Status = Literal["solved", "infeasible", "unbounded", "failed"]

FINISHED = 1e-10
"""Largest violation of an answer that a factorisation has finished."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConvexProgram:
    """The arrays of one program.

    Attributes:
        linear, diagonal, cubic, upper: shape (columns,); ``diagonal`` and ``cubic`` 0 or more, ``upper`` may be inf.
        cross: rows, columns and values of Q off its diagonal, both triangles.
        matrix: A, compressed by columns, shape (rows, columns).
        right: r, shape (rows,).
        block: rows of each period, in order of periods; 0 where rows have no such order.
    """

    linear: Floats
    diagonal: Floats
    cubic: Floats
    upper: Floats
    cross: tuple[Ints, Ints, Floats]
    matrix: sparse.csc_array
    right: Floats
    block: int = 0

    @property
    def quadratic(self) -> sparse.csc_array:
        """Return Q, both triangles, shape (columns, columns)."""
        from scipy import sparse

        size = self.linear.size
        here = np.flatnonzero(self.diagonal)
        rows, columns, values = self.cross
        return sparse.csc_array(
            (
                np.concatenate((self.diagonal[here], values)),
                (np.concatenate((here, rows)), np.concatenate((here, columns))),
            ),
            shape=(size, size),
        )

    def gradient(self, x: Floats) -> Floats:
        """Return the slope of the objective, shape (columns,)."""
        rows, columns, values = self.cross
        bent = np.bincount(rows, values * x[columns], x.size) if values.size else 0.0
        return self.linear + self.diagonal * x + self.cubic * x * x + bent

    def objective(self, x: Floats) -> float:
        """Return the value of the objective."""
        return float(x @ (0.5 * (self.gradient(x) + self.linear) - self.cubic * x * x / 6.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConvexAnswer:
    """What a solver says.

    Attributes:
        x: shape (columns,).
        price: multipliers of the rows, ``d objective / d right``, shape (rows,).
        method: what found it.
        finished: by a factorisation on the active set (or exact from the start).
        iterations: pushes, pivots or interior-point steps.
        basis: what a later solve may start from.
        shortage: of rows that cannot be met, positive where too little arrives; empty unless infeasible.
    """

    x: Floats
    price: Floats
    status: Status
    method: str
    iterations: int
    finished: bool = False
    basis: object = None
    shortage: Floats = dataclasses.field(default_factory=lambda: np.zeros(0))


def largest_violation(program: ConvexProgram, x: Floats, price: Floats) -> float:
    """Return the largest violation of balance, bounds and optimality, relative to flows and to prices."""
    flows = max(float(np.abs(x).max(initial=0.0)), 1e-300)
    balance = float(np.abs(program.matrix @ x - program.right).max(initial=0.0)) / flows
    bounds = max(float((-x).max(initial=0.0)), float((x - program.upper).max(initial=0.0))) / flows
    slope = program.gradient(x)
    reduced = slope - program.matrix.T @ price
    scale = max(float(np.abs(slope).max(initial=0.0)), 1e-300)
    tiny = 1e-12 * flows
    wrong = np.where(x < program.upper - tiny, -reduced, 0.0)
    wrong = np.maximum(wrong, np.where(x > tiny, reduced, 0.0))
    return max(balance, bounds, float(wrong.max(initial=0.0)) / scale)
