r"""Bounded mixed complementarity: find x in [l, u] with F >= 0 at a lower bound, <= 0 at an upper one, 0 between.

Equilibria that no single program maximises have this form: each variable (a flow, a price, the worth of a capacity)
has its own condition, and the conditions need not be the slopes of one function.

Method. Variables are rescaled by one diagonal, so that ``D J D`` has rows of size 1 and a monotone problem stays
monotone. Then, each beginning where the one before it came closest:

1. ``newton``: steps on the set of variables away from their bounds, and semismooth Newton on the Fischer-Burmeister
   function where those do not help, both with a proximal term that vanishes with the residual
   (:mod:`potline.numerics.complementarity.newton`);
2. ``interior``: a primal-dual interior path, for poor starts
   (:mod:`potline.numerics.complementarity.interior`);
3. ``pivoting``: linearisations solved by Lemke's method, where the problem is small
   (:mod:`potline.numerics.complementarity.pivoting`);
4. ``restart``: Newton again from other points of the box.

The final steps of all of them are Newton steps on the free variables, so that bounds hold exactly and the rest to
rounding. The residual in the answer is computed by :mod:`potline.numerics.complementarity.certificate`.
"""

from __future__ import annotations

__all__ = [
    "INVALID",
    "ITERATION_LIMIT",
    "NOT_FINITE",
    "REMEDIES",
    "SINGULAR",
    "SOLVED",
    "STALLED",
    "ComplementarityProblem",
    "ComplementaritySolution",
    "linear_complementarity",
    "solve_complementarity",
]

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from potline.numerics.complementarity.certificate import complementarity_residual
from potline.numerics.complementarity.interior import follow_interior_path
from potline.numerics.complementarity.newton import Outcome, newton
from potline.numerics.complementarity.pivoting import newton_by_pivoting
from potline.numerics.complementarity.scaled import (
    ITERATION_LIMIT,
    NOT_FINITE,
    SINGULAR,
    SOLVED,
    STALLED,
    ScaledProblem,
)

Floats = NDArray[np.float64]

INVALID = 5
REMEDIES: dict[int, str] = {
    SOLVED: "Solved: the largest violation is within the tolerance.",
    STALLED: "Stalled: no step reduces the violation, which can be a point where the merit has a minimum above 0. "
    "Try another start (the convex answer), check the Jacobian with check_jacobian, or look for a condition that "
    "nothing in the box can meet.",
    SINGULAR: "Singular: the Jacobian on the free variables stays singular under regularisation. "
    "Look for a variable that enters no condition, a price of a good nobody can supply, or two equal conditions.",
    ITERATION_LIMIT: "Iteration limit: the violation was still falling. Allow more iterations or start closer.",
    NOT_FINITE: "Not finite: F or its Jacobian is infinite or not a number at the start and near it. "
    "Move the start or the lower bounds away from zero quantities and prices.",
    INVALID: "Invalid: a lower bound lies above its upper bound, or arrays differ in length.",
}
_SMALL = 400
_RESTARTS = 6
_REMOTE = 1e6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComplementarityProblem:
    """The conditions and their slopes.

    Attributes:
        evaluate: x of shape (n,) to F(x) of shape (n,). Called only inside the box; may return inf or nan where F is
            not defined, and such points are stepped back from.
        jacobian: x to the (n, n) matrix ``dF_i / dx_j`` in compressed columns, always of one pattern, entries that
            happen to be zero included.
        linear: whether F is affine; then one linearisation is the problem.
    """

    evaluate: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], sparse.csc_array]
    linear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComplementaritySolution:
    """A point, its conditions and how they hold.

    Attributes:
        point: x, shape (n,).
        value: F(x), shape (n,).
        residual: ``max |min(x - l, max(F, x - u))|``.
        status: SOLVED, STALLED, SINGULAR, ITERATION_LIMIT, NOT_FINITE or INVALID.
        message: the status in words, with what to try.
        method: the phase that ended the search: newton, interior, pivoting or restart.
        iterations, evaluations, factorisations: what it took.
    """

    point: Floats
    value: Floats
    residual: float
    status: int
    message: str
    method: str
    iterations: int
    evaluations: int
    factorisations: int

    @property
    def solved(self) -> bool:
        """Whether the residual is within the tolerance asked for."""
        return self.status == SOLVED


def linear_complementarity(matrix: ArrayLike | sparse.sparray, vector: ArrayLike) -> ComplementarityProblem:
    """Return the problem ``F(x) = matrix x + vector``.

    Args:
        matrix: shape (n, n), dense or sparse.
        vector: shape (n,).

    Examples:
        >>> problem = linear_complementarity([[2.0, 1.0], [1.0, 2.0]], [-5.0, -6.0])
        >>> solution = solve_complementarity(problem, [0.0, 0.0], [np.inf, np.inf], [0.0, 0.0])
        >>> solution.point.round(6).tolist()
        [1.333333, 2.333333]
    """
    whole = matrix if isinstance(matrix, sparse.sparray) else np.asarray(matrix, dtype=np.float64)
    slopes: sparse.csc_array = sparse.csc_array(cast("NDArray[np.float64]", whole), dtype=np.float64)
    slopes.sum_duplicates()
    constant = np.array(vector, dtype=np.float64)
    return ComplementarityProblem(
        evaluate=lambda x: np.asarray(slopes @ x, dtype=np.float64) + constant, jacobian=lambda _: slopes, linear=True
    )


def solve_complementarity(
    problem: ComplementarityProblem,
    lower: ArrayLike,
    upper: ArrayLike,
    start: ArrayLike,
    tolerance: float = 1e-8,
    *,
    iterations: int = 200,
) -> ComplementaritySolution:
    r"""Find x in [l, u] with ``F_i >= 0`` where ``x_i = l_i``, ``F_i <= 0`` where ``x_i = u_i``, and 0 between.

    Args:
        problem: F and its Jacobian.
        lower, upper: shape (n,); -inf and inf allowed; equal bounds hold a variable fixed.
        start: shape (n,); moved into the box. A neighbour's answer or the convex answer saves most of the work.
        tolerance: largest ``|min(x - l, max(F, x - u))|`` accepted, in the problem's own units.
        iterations: most Newton steps of a phase.

    Returns:
        A :class:`ComplementaritySolution`; where its status is not SOLVED, the point with the least residual found.

    Source:
        Munson, Facchinei, Ferris, Fischer and Kanzow (2001), INFORMS Journal on Computing 13, p. 294-311; Dirkse and
        Ferris (1995), Optimization Methods and Software 5, p. 123-156, for the crash and the proximal term.

    Examples:
        A producer with cost 2 + q and capacity 3 sells at 10 - q: the capacity is worth 2.

        >>> def conditions(x):
        ...     return np.array([2.0 + x[0] + x[1] - (10.0 - x[0]), 3.0 - x[0]])
        >>> slopes = sparse.csc_array(np.array([[2.0, 1.0], [-1.0, 0.0]]))
        >>> market = ComplementarityProblem(evaluate=conditions, jacobian=lambda x: slopes)
        >>> answer = solve_complementarity(market, [0.0, 0.0], [np.inf, np.inf], [1.0, 0.0])
        >>> answer.point.round(9).tolist(), answer.message
        ([3.0, 2.0], 'Solved: the largest violation is within the tolerance.')
    """
    low, high, begin = (np.array(item, dtype=np.float64).ravel() for item in (lower, upper, start))
    if not (low.size == high.size == begin.size) or np.any(low > high) or np.any(np.isnan(begin)):
        return _solution(
            problem, Outcome(point=begin, residual=np.inf, status=INVALID, iterations=0), low, high, 0, 0, ""
        )
    begin = np.clip(begin, low, high)
    if low.size == 0:
        return _solution(
            problem, Outcome(point=begin, residual=0.0, status=SOLVED, iterations=0), low, high, 0, 0, "newton"
        )
    view = ScaledProblem(problem.evaluate, problem.jacobian, low, high, begin)
    if not view.usable:
        failed = Outcome(point=begin, residual=np.inf, status=NOT_FINITE, iterations=0)
        return _solution(problem, failed, low, high, view.evaluations, 0, "newton", tolerance)

    # Points that reach a bound to rounding make steps that are not finite; each phase checks and leaves them.
    with np.errstate(all="ignore"):
        best, method, spent = _search(view, view.to_scaled(begin), tolerance, iterations, problem.linear)
    final = Outcome(point=view.to_own(best.point), residual=best.residual, status=best.status, iterations=spent)
    return _solution(problem, final, low, high, view.evaluations, view.factorisations, method, tolerance)


def _search(
    view: ScaledProblem, origin: Floats, tolerance: float, iterations: int, linear: bool
) -> tuple[Outcome, str, int]:
    """Run the phases in turn until one solves; return the best outcome, its phase and all iterations.

    Far out, where conditions of prices only fade away, a residual within the tolerance need not mean a solution: such
    a point is kept for the case that no phase finds another.
    """
    best = Outcome(point=origin, residual=float("inf"), status=STALLED, iterations=0)
    method, spent = "newton", 0

    def nearest() -> Floats:
        return best.point

    remote: tuple[Outcome, str] | None = None
    for phase, run in _phases(view, origin, tolerance, iterations, linear, nearest):
        found = run()
        spent += found.iterations
        if found.status == SOLVED and float(np.abs(found.point).max()) > _REMOTE:
            remote = remote or (found, phase)
            continue
        if found.residual < best.residual or found.status == SOLVED:
            best, method = found, phase
        if best.status == SOLVED:
            return best, method, spent
    return (*remote, spent) if remote else (best, method, spent)


def _phases(
    view: ScaledProblem, origin: Floats, tolerance: float, iterations: int, linear: bool, best: Callable[[], Floats]
) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    """Yield the phases in the order they are tried."""
    yield "newton", lambda: newton(view, origin, tolerance, iterations, hurry=True)
    yield "interior", lambda: follow_interior_path(view, origin, tolerance, iterations)
    yield "newton", lambda: newton(view, origin, tolerance, iterations)
    if origin.size <= _SMALL:
        for point in (origin, best()):
            yield "pivoting", lambda point=point: newton_by_pivoting(view, point, tolerance, 1 if linear else 40)
    rng = np.random.default_rng(origin.size)
    for attempt in range(_RESTARTS):
        point = view.other_start(best() if attempt % 2 else origin, rng, attempt)
        yield "restart", lambda point=point: newton(view, point, tolerance, iterations)
        if attempt % 2:
            yield "restart", lambda point=point: follow_interior_path(view, point, tolerance, iterations)


def _solution(
    problem: ComplementarityProblem, outcome: Outcome, low: Floats, high: Floats, evaluations: int,
    factorisations: int, method: str, tolerance: float = 0.0,
) -> ComplementaritySolution:  # fmt: skip
    """Freeze the outcome, with a residual that the search did not compute."""
    point, status = outcome.point, outcome.status
    if status == INVALID:
        value, residual = np.full(point.size, np.nan), float("inf")
    else:
        with np.errstate(all="ignore"):
            value = np.array(problem.evaluate(point), dtype=np.float64)
        residual = complementarity_residual(point, value, low, high)
        if status == SOLVED and not residual <= tolerance:
            status = STALLED
    for array in (point, value):
        array.flags.writeable = False
    return ComplementaritySolution(
        point=point,
        value=value,
        residual=residual,
        status=status,
        message=REMEDIES[status],
        method=method,
        iterations=outcome.iterations,
        evaluations=evaluations,
        factorisations=factorisations,
    )
