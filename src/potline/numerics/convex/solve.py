"""Solve a convex program with the method that its structure allows.

:func:`solve_convex` takes the exact flow method where the program is a graph whose nodes buy and sell along straight
lines (:mod:`~potline.numerics.convex.flow`), HiGHS where it is linear, PIQP elsewhere, cubic costs by a sequence of
quadratic programs. Interior-point answers are finished by one factorisation on the active set they point at; the same
step, from the answer of a neighbouring program, is the warm start.
"""

from __future__ import annotations

__all__ = ["solve_convex"]

import dataclasses

import numpy as np

from potline.numerics.convex.program import FINISHED, ConvexAnswer, ConvexProgram, Method, largest_violation


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
