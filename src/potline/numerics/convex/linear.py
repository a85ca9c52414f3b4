"""Linear programs by HiGHS."""

from __future__ import annotations

__all__ = ["LinearAnswer", "prices_at", "solve_linear"]

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
Status = Literal["solved", "infeasible", "unbounded", "failed"]
STATUS: dict[int, Status] = {0: "solved", 2: "infeasible", 3: "unbounded"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearAnswer:
    """A vertex and its prices.

    Attributes:
        x: shape (columns,).
        price: of the equations, ``d value / d right``, shape (rows,).
        worth: gain from one more unit of each upper bound, 0 or more, shape (columns,).
        steps: simplex iterations.
    """

    status: Status
    value: float
    x: Floats
    price: Floats
    worth: Floats
    steps: int


def solve_linear(
    cost: Floats,
    *,
    equal: Any = None,
    right: Floats | None = None,
    limit: Any = None,
    most: Floats | None = None,
    low: Floats | float = 0.0,
    upper: Floats | float = np.inf,
) -> LinearAnswer:
    """Minimise ``cost'x`` with ``equal x = right``, ``limit x <= most``, ``low <= x <= upper``.

    Examples:
        >>> found = solve_linear(np.array([1.0, 2.0]), equal=np.array([[1.0, 1.0]]), right=np.array([3.0]),
        ...                      upper=np.array([2.0, 9.0]))
        >>> found.value, found.x.tolist(), found.price.tolist(), found.worth.tolist()
        (4.0, [2.0, 1.0], [2.0], [1.0, 0.0])
    """
    if cost.size == 0:
        return _nothing(right, most)
    from scipy import optimize

    program: Any = optimize.linprog
    bounds = np.stack((np.broadcast_to(low, cost.shape), np.broadcast_to(upper, cost.shape)), axis=1)
    found = program(
        cost, A_eq=equal, b_eq=right, A_ub=limit, b_ub=most, bounds=bounds, method="highs", options=dict(TIGHT)
    )
    status: Status = STATUS.get(int(found.status), "failed")
    solved = status == "solved"
    return LinearAnswer(
        status=status,
        value=float(found.fun) if solved else np.nan,
        x=np.array(found.x, float) if solved else np.zeros(cost.size),
        price=np.array(found.eqlin.marginals, float) if solved and right is not None else np.zeros(0),
        worth=np.maximum(-np.array(found.upper.marginals, float), 0.0) if solved else np.zeros(cost.size),
        steps=int(getattr(found, "nit", 0) or 0),
    )


def prices_at(slope: Floats, equal: Any, x: Floats, upper: Floats) -> Floats:
    """Return prices y at which the largest gain left at x is least: ``min t`` with ``|slope - equal'y| <= t``.

    At 0 a column may lose any amount, at its upper bound gain any.

    Args:
        slope: derivative of the objective by each column at x, shape (columns,).
        equal: the equations, shape (rows, columns).
        x, upper: shape (columns,).

    Examples:
        >>> prices_at(np.array([1.0, 2.0, 3.0]), np.array([[1.0, 1.0, 1.0]]), np.array([2.0, 1.0, 0.0]),
        ...           np.array([2.0, 9.0, 9.0])).tolist()
        [2.0]
    """
    from scipy import sparse

    near = 1e-13 * float(x.max(initial=0.0))
    open_above, open_below = upper - x > near, x > near
    columns = sparse.csr_array(equal).T.tocsr()
    rows = sparse.vstack((columns[open_above], -columns[open_below]), format="csr")
    least = sparse.csr_array(-np.ones((rows.shape[0], 1)))
    found = solve_linear(
        np.append(np.zeros(columns.shape[1]), 1.0),
        limit=sparse.hstack((rows, least), format="csr"),
        most=np.concatenate((slope[open_above], -slope[open_below])),
        low=np.append(np.full(columns.shape[1], -np.inf), 0.0),
    )
    return found.x[:-1]


def _nothing(right: Floats | None, most: Floats | None) -> LinearAnswer:
    """Answer a program without columns."""
    rows, none = np.zeros(0) if right is None else right, np.zeros(0)
    if rows.any() or (most is not None and bool((most < 0.0).any())):
        return LinearAnswer(status="infeasible", value=np.nan, x=none, price=0.0 * rows, worth=none, steps=0)
    return LinearAnswer(status="solved", value=0.0, x=none, price=0.0 * rows, worth=none, steps=0)
