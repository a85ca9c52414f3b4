r"""The two fundamental solutions and the perpetual price of one law, from their integrals: what a verifier needs.

With x the log price, level ``l = theta + (drift - sigma^2 / 2) / kappa``, ``a = rho / kappa`` and
``z = sqrt(2 kappa) (x - l) / sigma``, the solutions of ``sigma^2 / 2 u'' + m u' - rho u = 0`` that rise and fall are

    psi(x) = int t^(a-1) exp(-t^2 / 2 + z t) dt,    phi(x) = int t^(a-1) exp(-t^2 / 2 - z t) dt    over t > 0

(Borodin and Salminen 2002, Handbook of Brownian Motion, appendix 2.9), and a price for ever is worth
``F(x) = 1 / kappa int u^(a-1) exp(l + (x - l) u + sigma^2 / (4 kappa) (1 - u^2)) du`` over 0 < u < 1. Without reversion
all three are powers of the price. The solver tabulates differential equations instead; nothing here is shared with it.
"""

from __future__ import annotations

__all__ = ["Basis", "Solution", "basis_of", "worth_of"]

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Both = Callable[[Floats], tuple[Floats, Floats]]
_DEGREE = 10
_PANEL = 0.6
_TERMS = 401
_DROP = 46.0
_FAR = 11.0
_SLOW = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """A function and its slope, at log prices of any shape."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """Logs of psi, phi (each up to a constant) and F."""

    psi: Solution
    phi: Solution
    worth: Solution


def basis_of(
    sigma: float, drift: float, kappa: float, theta: float, rho: float, *, low: float, high: float, points: int
) -> Basis:
    """Return the solutions of one law.

    Args:
        sigma, drift, kappa, rho: a year; sigma and rho above 0, drift below rho where kappa is 0.
        theta: log of the price reverted to; used where kappa is above 0.
        low, high: where log prices will be asked for.
        points: about how many; a table is made if that is less work.
    """
    nu = drift - 0.5 * sigma**2
    if kappa == 0.0:
        root = math.hypot(nu, math.sqrt(2.0 * rho) * sigma)
        up = 2.0 * rho / (nu + root) if nu > 0.0 else (root - nu) / sigma**2
        down = -2.0 * rho / (root - nu) if nu < 0.0 else -(nu + root) / sigma**2
        return Basis(psi=_power(up, low), phi=_power(down, low), worth=_power(1.0, math.log(rho - drift)))
    level, a = theta + nu / kappa, rho / kappa
    steep = math.sqrt(2.0 * kappa) / sigma

    def psi(x: Floats) -> tuple[Floats, Floats]:
        value, slope = _integral(steep * (x - level), a, steep * (x - low), steep * (low - level))
        return value, steep * slope

    def phi(x: Floats) -> tuple[Floats, Floats]:
        value, slope = _integral(steep * (level - x), a, steep * (high - x), steep * (level - high))
        return value, -steep * slope

    def worth(x: Floats) -> tuple[Floats, Floats]:
        return worth_of(x, sigma=sigma, drift=drift, kappa=kappa, theta=theta, rho=rho)

    panels = max(4, math.ceil((high - low) * steep / _PANEL))
    if panels * (_DEGREE + 1) > 4 * points:  # directly, values and slopes are asked for one by one
        return Basis(**{item.__name__: _direct(item) for item in (psi, phi, worth)})
    return Basis(**{item.__name__: _tabulated(item, low, (high - low) / panels, panels) for item in (psi, phi, worth)})


def worth_of(x: Floats, *, sigma: float, drift: float, kappa: float, theta: float, rho: float) -> tuple[Floats, Floats]:
    """Return log F and its slope, by Gauss-Jacobi, or where reversion is slow by Gauss-Laguerre over time."""
    if kappa == 0.0:
        return x - math.log(rho - drift), np.ones_like(x)
    level, a, spread = theta + (drift - 0.5 * sigma**2) / kappa, rho / kappa, 0.25 * sigma**2 / kappa
    if a <= _SLOW:
        y, weight = _jacobi(a)
        gone: Floats = 0.5 * (1.0 - y)
        scale = math.log(a / rho) - a * math.log(2.0)
    else:
        t, weight = _laguerre()
        rate = max(rho - max(drift, 0.0), 0.1 * rho)
        gone, scale = -np.expm1(-t / rate * kappa), -math.log(rate)
        weight = weight * np.exp(-t * (rho / rate - 1.0))
    term = np.exp((level - x.ravel())[:, None] * gone + spread * gone * (2.0 - gone)) * weight
    total = term.sum(axis=1)
    slope = term @ (1.0 - gone) / total
    return (np.log(total) + scale).reshape(x.shape) + x, slope.reshape(x.shape)


@cache
def _laguerre() -> tuple[Floats, Floats]:
    return np.polynomial.laguerre.laggauss(64)


@lru_cache(maxsize=64)
def _jacobi(a: float) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss's rule with 64 points for ``(1 + y)^(a - 1)``; the weights' sum is 2^a / a.

    From the three-term recurrence (Golub and Welsch 1969, Mathematics of Computation 23): where a is below 1 the
    weights of scipy's roots_jacobi are off by up to 5e-11.
    """
    from scipy.linalg import eigh_tridiagonal

    k, b = np.arange(1.0, 64.0), a - 1.0
    middle = np.concatenate([[b / (2.0 + b)], b**2 / ((2.0 * k + b) * (2.0 * k + b + 2.0))])
    beside = 4.0 * (k * (k + b)) ** 2 / ((2.0 * k + b) ** 2 * (2.0 * k + b + 1.0) * (2.0 * k + b - 1.0))
    beside[0] = 4.0 * a / ((2.0 + b) ** 2 * (3.0 + b))
    nodes, vectors = eigh_tridiagonal(middle, np.sqrt(beside))
    weights: Floats = vectors[0] ** 2 * (2.0**a / a)
    return np.asarray(nodes, np.float64), weights


def _power(slope: float, origin: float) -> Solution:
    return Solution(lambda x: slope * (x - origin), lambda x: np.full_like(x, slope))


def _direct(both: Both) -> Solution:
    return Solution(lambda x: both(x)[0], lambda x: both(x)[1])


def _tabulated(both: Both, low: float, length: float, panels: int) -> Solution:
    """Return a function and its slope as Chebyshev sums on panels of equal length."""
    y = chebyshev.chebpts1(_DEGREE + 1)
    x: Floats = low + length * (np.arange(panels)[:, None] + 0.5 * (1.0 + y))

    def summed(values: Floats) -> Callable[[Floats], Floats]:
        terms = chebyshev.chebfit(y, values.T, _DEGREE).astype(np.float64)

        def at(x: Floats) -> Floats:
            place = (x - low) / length
            panel = np.nan_to_num(np.clip(np.floor(place), 0, panels - 1)).astype(np.int64)
            return _sum(terms, panel, 2.0 * (place - panel) - 1.0)

        return at

    return Solution(*(summed(values) for values in both(x)))


def _sum(terms: Floats, panel: NDArray[np.int64], y: Floats) -> Floats:
    """Add up a Chebyshev sum at each y by Clenshaw's rule."""
    now, after = np.zeros_like(y), np.zeros_like(y)
    for k in range(terms.shape[0] - 1, 0, -1):
        now, after = terms[k][panel] + 2.0 * y * now - after, now
    return terms[0][panel] + y * now - after


def _integral(at: Floats, a: float, step: Floats, origin: float) -> tuple[Floats, Floats]:
    """Return the log of ``int t^(a-1) exp(-t^2 / 2 + z t) dt`` over t > 0 and its slope in z.

    With ``t = top e^d`` around the top of ``t^b exp(-t^2 / 2 + z t)`` it is a sum over evenly spaced d, b being a.
    Where a is below 1 and z no large number that top is flat to the left; integrated by parts the integral is
    ``1 / a int t^a (t - z) exp(-t^2 / 2 + z t) dt``, and b is a + 1. The height of the top is relative to that at
    ``origin``, from which ``at`` is ``step`` away.
    """
    z = at.ravel()
    parts = (a < 1.0) & (z < _FAR)
    b: Floats = np.where(parts, a + 1.0, a)
    root = np.sqrt(z**2 + 4.0 * b)
    top = np.where(z > 0.0, 0.5 * (z + root), 2.0 * b / np.where(z > 0.0, 1.0, root - z))
    height = _height(z, b, top, step.ravel(), origin)
    if parts.any():  # the origin's own height depends on b
        height = height + np.where(parts, _top(origin, a + 1.0) - _top(origin, a), 0.0)
    square, cross = (top**2)[:, None], (z * top)[:, None]

    def fall(d: Floats) -> Floats:
        return square * (0.5 * np.expm1(2.0 * d) - d) - cross * (np.expm1(d) - d)

    ends: list[Floats] = []
    for furthest in (-2.0 * _DROP, 5.0):
        inner: Floats = np.zeros_like(z)
        outer: Floats = np.full_like(z, furthest)
        for _ in range(60):
            middle = 0.5 * (inner + outer)
            over = fall(middle[:, None])[:, 0] > _DROP
            inner, outer = np.where(over, inner, middle), np.where(over, middle, outer)
        ends.append(outer)
    d: Floats = np.linspace(ends[0], ends[1], _TERMS, axis=1, dtype=np.float64)
    term: Floats = np.exp(-fall(d))
    more = top[:, None] * np.expm1(d)
    once: Floats = term.sum(axis=1)
    weighed: Floats = (term * more).sum(axis=1)  # the sum of (t - top)
    held: Floats = np.where(parts, weighed + b / top * once, once)
    slope: Floats = np.where(parts, a * once / held, top + weighed / once)
    shift = np.where(parts, math.log(a), 0.0)
    value = height - shift + np.log(held * (ends[1] - ends[0]))
    return value.reshape(at.shape), slope.reshape(at.shape)


def _top(z: float, b: float) -> float:
    root = math.sqrt(z**2 + 4.0 * b)
    top = 0.5 * (z + root) if z > 0.0 else 2.0 * b / (root - z)
    return b * math.log(top) - 0.5 * top**2 + z * top


def _height(z: Floats, b: Floats, top: Floats, step: Floats, origin: float) -> Floats:
    """Return ``b log top - top^2 / 2 + z top`` less the same at an origin with the first b, term by small term."""
    first = np.full_like(z, origin)
    root, root_first = np.sqrt(z**2 + 4.0 * b), np.sqrt(first**2 + 4.0 * b)
    top_first = np.where(first > 0.0, 0.5 * (first + root_first), 2.0 * b / (root_first - first))
    both, roots = z + first, root + root_first
    product = z * first
    apart = np.where(
        product > 0.0,
        (4.0 * b * (z**2 + first**2) + 16.0 * b**2) / (root * root_first + np.abs(product)),
        root * root_first - product,
    )
    lean = np.where(both >= 0.0, 1.0 + both / roots, (8.0 * b + 2.0 * apart) / (roots * (roots - both)))
    rise = 0.5 * step * lean
    return b * np.log1p(rise / top_first) - 0.5 * rise * (top + top_first) + step * top + first * rise
