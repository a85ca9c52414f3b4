r"""Convex programs of chains and networks behind one small interface.

.. math:: \min c'x + x'Qx/2 + \sum_j k_j x_j^3 / 3 \quad Ax = r,\ 0 \le x \le u

:func:`solve_convex` picks the method: the exact flow method where the program is a graph whose nodes buy and sell along
straight lines (:mod:`~potline.numerics.convex.flow`), HiGHS where it is linear, PIQP elsewhere, cubic costs by a
sequence of quadratic programs. Interior-point answers are finished by one factorisation on the active set they point
at; the same step, from the answer of a neighbouring program, is the warm start.
"""

from __future__ import annotations

__all__ = ["ConvexAnswer", "ConvexProgram", "Method", "Status", "largest_violation", "solve_convex"]

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConvexProgram:
    """The arrays of one program.

    Attributes:
        linear, diagonal, cubic, upper: shape (columns,); ``diagonal`` and ``cubic`` 0 or more, ``upper`` may be inf.
        cross: rows, columns and values of Q off its diagonal, both triangles.
        matrix: A, compressed by columns, shape (rows, columns). right: r, shape (rows,).
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
        x: shape (columns,). price: multipliers of the rows, ``d objective / d right``, shape (rows,).
        method: what found it. finished: by a factorisation on the active set (or exact from the start).
        iterations: pushes, pivots or interior-point steps. basis: what a later solve may start from.
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


def solve_convex(
    program: ConvexProgram, *, method: Method = "auto", start: ConvexAnswer | None = None, threads: int | None = None
) -> ConvexAnswer:
    """Minimise a convex program, from a neighbouring answer where one is given.

    Args:
        program: the arrays.
        method: ``auto`` picks by structure; others insist.
        start: the answer of a program of the same shape.
        threads: for the flow method where periods are independent.

    Raises:
        ValueError: ``flow`` was asked for and the program is no such graph.

    Examples:
        >>> from scipy import sparse
        >>> trade = ConvexProgram(  # supply 2 + x, demand 10 - q, one route at 2
        ...     linear=np.array([2.0, -10.0, 2.0]), diagonal=np.array([1.0, 1.0, 0.0]), cubic=np.zeros(3),
        ...     upper=np.full(3, np.inf), cross=(np.zeros(0, int), np.zeros(0, int), np.zeros(0)),
        ...     matrix=sparse.csc_array(np.array([[1.0, 0.0, -1.0], [0.0, -1.0, 1.0]])), right=np.zeros(2), block=2)
        >>> answer = solve_convex(trade)
        >>> answer.method, answer.x.tolist(), answer.price.tolist()
        ('flow', [3.0, 3.0, 3.0], [5.0, 7.0])
        >>> dearer = dataclasses.replace(trade, linear=np.array([4.0, -10.0, 2.0]))
        >>> solve_convex(dearer, start=answer).price.tolist()
        [6.0, 8.0]
    """
    if method in ("auto", "flow"):
        from potline.numerics.convex.graph import graph_of, solve_graph

        graph = graph_of(program)
        if graph is not None:
            answer = solve_graph(graph, start=start, threads=threads)
            if answer.status != "failed" or method == "flow":
                return answer
        elif method == "flow":
            raise ValueError("the program is not a graph of constant-cost arcs and straight-line terminals")
    from potline.numerics.convex.solvers import finish, solve_cubic, solve_highs, solve_piqp

    if start is not None and start.x.size == program.linear.size and start.price.size == program.right.size:
        warm = finish(program, start, rounds=8)
        if warm is not None and largest_violation(program, warm.x, warm.price) <= FINISHED:
            return dataclasses.replace(warm, method="active set")
    if np.any(program.cubic):
        return solve_cubic(program)
    bent = bool(np.any(program.diagonal)) or program.cross[2].size > 0
    if method == "highs" or (method == "auto" and not bent):
        if bent:
            raise ValueError("HiGHS is used for linear programs only")
        return solve_highs(program)
    return solve_piqp(program)


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
