r"""When a price that reverts first falls to a level: Laplace transforms on polynomials, turned back along a contour.

With ``x`` the log price above the level and trend ``m(x)`` a year, ``psi(s) = E[exp(-s tau)]`` solves
``A psi = s psi``, ``A f = sigma^2 f'' / 2 + m f'``, with psi = 1 at the level, and

    P[tau <= W],   E[tau; tau <= W],   E[exp(-r tau); tau <= W]

have the transforms in W ``psi(s) / s``, ``-psi'(s) / s`` with ``(s - A)(-psi') = psi``, and ``psi(s + r) / s``.
At time W these are smooth in x, however near the price is to the level. psi is found by collocation at Chebyshev's
points (Trefethen 2000, Spectral Methods in MATLAB, chapters 6 and 13), and the transforms are turned back along a
parabola of 32 points (Weideman and Trefethen 2007, Mathematics of Computation 76, section 4); both converge
geometrically. The highest price is one from which a fall has a chance below 1e-15.
"""

from __future__ import annotations

__all__ = ["falls"]

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_FAR, _NEVER = 8.5, 40.0
_LEAST_NODES, _A_SPREAD, _A_LAYER, _LAYERS, _SHIFT = 32, 4.0, 8.0, 60.0, 5.0
_POINTS, _LOST = 32, 1e-10


def falls(
    distance: float, *, sigma: float, kappa: float, trend: float, rate: float, window: float
) -> tuple[float, float, float] | None:
    """Return the chance of a fall within a window, ``E[tau; tau <= W]`` and ``E[exp(-r tau); tau <= W]``.

    None is returned where there is too little noise, so that layers are too thin for polynomials or the mean price is
    carried past the level by itself, and for a chance that rounding hides.

    Args:
        distance: log of the price above the level, above 0.
        sigma: a year, above 0.
        kappa: a year, above 0.
        trend: m at the price, a year.
        rate: r, 0 or more, a year.
        window: W in years, finite, above 0.

    Examples:
        >>> found = falls(math.log(1.25), sigma=0.2, kappa=1e-9, trend=0.0, rate=0.05, window=2.0)
        >>> round(found[0], 6), round(math.erfc(math.log(1.25) / (0.2 * 2.0)), 6)  # without a trend
        (0.430152, 0.430152)
    """
    spread = sigma * math.sqrt(-math.expm1(-2.0 * kappa * window) / (2.0 * kappa))
    shift = -trend * math.expm1(-kappa * window) / kappa
    top = distance + max(shift, 0.0) + _FAR * spread
    if trend > 0.0 and trend**2 > _NEVER * kappa * sigma**2:
        away = _NEVER * sigma**2 / (trend + math.sqrt(trend**2 - _NEVER * kappa * sigma**2))
        top = min(top, distance + away)
    rise = trend + kappa * distance  # m at the level
    layer = min(spread, 0.5 * sigma**2 / rise) if rise > 0.0 else spread
    if top > _LAYERS * layer or shift < -_SHIFT * spread:
        return None
    nodes = _LEAST_NODES + int(_A_SPREAD * top / spread + _A_LAYER * math.sqrt(top / layer))
    angle = (2.0 * np.arange(_POINTS // 2) + 1.0) * math.pi / _POINTS
    s = _POINTS * (0.1309 - 0.1194 * angle**2 + 0.25j * angle) / window
    weight = 2.0 * np.exp(s * window) * (0.25 + 0.2388j * angle) / window
    comes, late, paid = _transforms(distance, top, nodes, s, sigma=sigma, kappa=kappa, rise=rise, rate=rate)
    chance = float((weight * comes / s).real.sum())
    if not chance > _LOST:
        return None
    return chance, float((weight * late / s).real.sum()), float((weight * paid / s).real.sum())


def _transforms(
    distance: float, top: float, nodes: int, s: Complexes, *, sigma: float, kappa: float, rise: float, rate: float
) -> tuple[Complexes, Complexes, Complexes]:
    """Return psi(s), -psi'(s) and psi(s + r) at the price, [S] each."""
    at, slope = _chebyshev(nodes)
    at, slope = 0.5 * top * (1.0 + at), 2.0 / top * slope
    whole = 0.5 * sigma**2 * slope @ slope + (rise - kappa * at)[:, None] * slope
    end = -slope[-1, 1:-1] / slope[-1, -1]  # no slope at the highest price
    inner = whole[1:-1, 1:-1] + np.outer(whole[1:-1, -1], end)
    share = np.where(np.arange(nodes + 1) % 2 == 0, 1.0, -1.0)
    share[[0, -1]] *= 0.5
    away = distance - at
    share = np.where(away == 0.0, 1.0, 0.0) if (away == 0.0).any() else share / away
    share /= share.sum()
    read = share[1:-1] + share[-1] * end
    ones, unit = np.ones(nodes - 1), np.eye(nodes - 1)
    found = np.empty((3, s.size), dtype=np.complex128)
    for k, point in enumerate(s):
        matrix = point * unit - inner
        kept = np.asarray(np.linalg.solve(matrix, ones), np.complex128)  # (1 - psi) / s
        found[:2, k] = 1.0 - point * (read @ kept), read @ np.linalg.solve(matrix, 1.0 - point * kept)
        if rate > 0.0:
            found[2, k] = 1.0 - (point + rate) * (read @ np.linalg.solve((point + rate) * unit - inner, ones))
        else:
            found[2, k] = found[0, k]
    return found[0], found[1], found[2]


def _chebyshev(nodes: int) -> tuple[Floats, Floats]:
    """Return the points from -1 to 1 [N + 1] and the matrix that gives a polynomial's slope there [N + 1, N + 1]."""
    k = np.arange(nodes + 1)
    half = 0.5 * math.pi / nodes
    apart = 2.0 * np.sin(half * (k[:, None] + k)) * np.sin(half * (k[:, None] - k))
    np.fill_diagonal(apart, 1.0)
    end = np.where((k == 0) | (k == nodes), 2.0, 1.0) * np.where(k % 2 == 0, 1.0, -1.0)
    slope = np.outer(end, 1.0 / end) / apart
    np.fill_diagonal(slope, 0.0)
    np.fill_diagonal(slope, -slope.sum(axis=1))
    return -np.cos(2.0 * half * k), slope
