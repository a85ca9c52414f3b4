"""The Fischer-Burmeister function of a box: zero exactly at solutions, with slopes almost everywhere."""

from __future__ import annotations

__all__ = ["fischer", "merit_of"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.complementarity.scaled import ScaledProblem

Floats = NDArray[np.float64]


def fischer(view: ScaledProblem, y: Floats, value: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Phi and its slopes by y and by F, each of shape (n,).

    Source:
        Billups (1995), Algorithms for complementarity problems and generalized equations, chapter 3, for two bounds.
    """
    inner, by_point, by_value = value.copy(), np.zeros(y.size), np.ones(y.size)
    high, low = view.bounded_above, view.bounded_below
    if np.any(high):
        phi, by_gap, by_f = _fischer(view.upper[high] - y[high], -value[high])
        inner[high], by_point[high], by_value[high] = -phi, by_gap, by_f
    phi, by_gap, by_inner = _fischer(y[low] - view.lower[low], inner[low])
    by_point[low] = by_gap + by_inner * by_point[low]
    by_value[low] = by_inner * by_value[low]
    inner[low] = phi
    return inner, by_point, by_value


def merit_of(view: ScaledProblem, y: Floats, value: Floats) -> float:
    """Return half the sum of squares of Phi, scaled."""
    phi = value.copy()
    high, low = view.bounded_above, view.bounded_below
    if np.any(high):
        phi[high] = -_phi(view.upper[high] - y[high], -value[high])
    phi[low] = _phi(y[low] - view.lower[low], phi[low])
    return 0.5 * float(phi @ phi)


def _phi(gap: Floats, f: Floats) -> Floats:
    radius, both = np.hypot(gap, f), gap + f
    # a + f - r loses digits where both are positive: 2 a f / (a + f + r) is the same number.
    return np.where(both > 0.0, 2.0 * gap * f / np.where(both > 0.0, both + radius, 1.0), both - radius)


def _fischer(gap: Floats, f: Floats) -> tuple[Floats, Floats, Floats]:
    radius = np.hypot(gap, f)
    safe = np.where(radius > 0.0, radius, 1.0)
    half = 1.0 - np.sqrt(0.5)
    by_gap = np.where(radius > 0.0, 1.0 - gap / safe, half)
    by_f = np.where(radius > 0.0, 1.0 - f / safe, half)
    return _phi(gap, f), by_gap, by_f
