"""Check an answer of mixed complementarity, and the slopes it was found with, by code the solver does not use."""

from __future__ import annotations

__all__ = ["check_jacobian", "complementarity_residual", "violations"]

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Floats = NDArray[np.float64]


def complementarity_residual(point: ArrayLike, value: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Return ``max_i |min(x_i - l_i, max(F_i, x_i - u_i))|``; inf where anything is not a number.

    Args:
        point, value: x and F(x), shape (n,).
        lower, upper: bounds, shape (n,).

    Examples:
        >>> complementarity_residual([0.0, 2.0], [3.0, 0.25], [0.0, 0.0], [np.inf, np.inf])
        0.25
    """
    each = violations(point, value, lower, upper)
    return float(each.max(initial=0.0)) if np.all(np.isfinite(each)) else float("inf")


def violations(point: ArrayLike, value: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Floats:
    """Return ``|min(x - l, max(F, x - u))|`` of each variable, shape (n,): which condition fails, and by how much."""
    x, f, low, high = (np.asarray(item, dtype=np.float64) for item in (point, value, lower, upper))
    inside = np.maximum(f, np.where(np.isposinf(high), -np.inf, x - high))
    return np.abs(np.minimum(np.where(np.isneginf(low), np.inf, x - low), inside))


def check_jacobian(
    evaluate: Callable[[Floats], Floats], jacobian: Callable[[Floats], sparse.csc_array], point: ArrayLike,
    step: float = 1e-6,
) -> float:  # fmt: skip
    """Return the largest relative gap between the Jacobian and central differences of F at a point.

    Examples:
        >>> slope = sparse.csc_array(np.array([[2.0]]))
        >>> check_jacobian(lambda x: x**2, lambda x: 2.0 * x[0] * slope / 2.0, [3.0]) < 1e-8
        True
    """
    x = np.array(point, dtype=np.float64)
    given = np.asarray(jacobian(x).todense())
    worst = 0.0
    for column in range(x.size):
        width = step * max(1.0, abs(float(x[column])))
        above, below = x.copy(), x.copy()
        above[column] += width
        below[column] -= width
        measured = (np.asarray(evaluate(above)) - np.asarray(evaluate(below))) / (above[column] - below[column])
        gap = np.abs(measured - given[:, column]) / (1.0 + np.abs(measured))
        worst = max(worst, float(gap.max(initial=0.0)))
    return worst
