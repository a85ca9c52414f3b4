r"""When a price first falls to a level: how likely within a window, how late, and what 1 paid then is worth today.

With ``dp / p = m dt + sigma dW`` the log price has trend ``nu = m - sigma**2 / 2`` and must fall by
``a = log(p / level)``. With ``s = sigma sqrt(W)`` and ``k(r) = sqrt(nu**2 + 2 r sigma**2)``, for a window W,

    E[exp(-r tau); tau <= W] = exp(-a (nu + k) / sigma**2) N((k W - a) / s)
                             + exp(-a (nu - k) / sigma**2) N(-(k W + a) / s)

(Borodin and Salminen 2002, Handbook of Brownian Motion, part II, section 2, formulas 2.0.1 and 2.0.2). r = 0 gives
the probability, the derivative at 0 the time: ``E[tau; tau <= W] = (a / |nu|) [first - second]``. For W without end
the first term stays. Both terms are ``exp(-(a + nu W)**2 / (2 s**2) - r W)`` times half of ``erfcx`` at
``(a -+ k W) / (s sqrt 2)``, in which nothing of opposite sign is large; the time of a short fall, or of one almost
without trend, is the mean slope of ``erfcx`` between its ends.

A price that reverts is looked at in `survival` where its noise is not small. Else: it is normal in its log, with mean
``x_t`` and variance ``v_t``. To be below the level at t it must have fallen to it at some s before, and been below
again since (Fortet 1943):

    P(below at t | price) = int P(below at t | level at s) dG(s),   0 < s < t,

G being the law of the first fall. It is solved for the increments of G on times from the first at which the mean lies
within 9 standard deviations of the level to the last, so that however small sigma is each spell is short beside the
spread of the fall; both ends of the integral are probabilities, and no probability exceeds 1. Its error falls with the
spells to the power 3/2, and is taken off by a second solution on every other time.
"""

from __future__ import annotations

__all__ = ["FirstPassage", "fall_reverting", "fall_to"]

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.numerics.switching.survival import falls

Floats = NDArray[np.float64]

_NODES = 1201
_FAR = 9.0
_EVEN = 8.0
_SPAN, _LOOKED = 60.0, 100_001
_NONE, _NOTHING = 1e-6, 1400.0
_LEAST, _LEAST_FOUND = 1e-300, 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstPassage:
    """The first fall to a level within a window, arrays of one shape.

    Attributes:
        probability: that it comes.
        years: mean time to it where it comes, nan where it never does: where its chance is below 1e-300, or
            below 1e-10 for a price that reverts.
        discount: E[exp(-r tau); tau <= W].
    """

    probability: Floats
    years: Floats
    discount: Floats


def fall_to(
    distance: ArrayLike, *, sigma: ArrayLike, trend: ArrayLike, rate: ArrayLike, window: ArrayLike
) -> FirstPassage:
    """Return the law of the first fall of a log price by ``distance``, in closed form.

    Args:
        distance: a, 0 or more.
        sigma: a year, 0 or more.
        trend: nu of the log price, a year.
        rate: r, 0 or more, a year.
        window: W in years, ``inf`` for none. All broadcast.

    Examples:
        >>> found = fall_to(np.log(1.25), sigma=0.2, trend=0.03, rate=0.05, window=np.inf)
        >>> round(float(found.probability), 6), round((1 / 1.25) ** (2 * 0.03 / 0.04), 6)
        (0.715542, 0.715542)
    """
    parts = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (distance, sigma, trend, rate, window)))
    a, s, nu, r, w = (np.array(part) for part in parts)
    moving = s > 0.0
    volatility = np.where(moving, s, 1.0)
    first, second = _terms(a, volatility, nu, 0.0 * r, w)
    probability = np.clip(first + second, 0.0, 1.0)
    discount = np.clip(sum(_terms(a, volatility, nu, r, w)), 0.0, 1.0)
    level = a == 0.0
    falls = a < -nu * np.finfo(np.float64).max  # a trend too small to divide by takes for ever
    still = np.where(level, 0.0, np.divide(a, -nu, out=np.full_like(a, np.inf), where=falls & (nu < 0.0)))
    comes = (still <= w) & np.isfinite(still)
    probability = np.where(level, 1.0, np.where(moving, probability, comes))
    discount = np.where(level, 1.0, np.where(moving, discount, probability * np.exp(-r * np.where(comes, still, 0.0))))
    taken = np.where(moving, _time(a, volatility, nu, w, first, second), probability * np.where(comes, still, 0.0))
    years = np.divide(taken, probability, out=np.full_like(a, np.nan), where=probability > _LEAST)
    return FirstPassage(probability=probability, years=np.where(level, 0.0, years), discount=discount)


def fall_reverting(
    price: float,
    level: float,
    *,
    sigma: float,
    drift: float = 0.0,
    kappa: float,
    theta: float,
    rate: float,
    window: float,
) -> FirstPassage:
    """Return the same for ``dp / p = (drift + kappa (theta - log p)) dt + sigma dW``; arrays of shape ().

    Args:
        price, level: level below price.
        sigma: a year, 0 or more; 1e-6 or less is none.
        drift: a year.
        kappa: a year, above 0.
        theta: log of the price reverted to.
        rate: r, 0 or more, a year.
        window: W in years, finite.

    Examples:
        >>> found = fall_reverting(12.5, 10.0, sigma=0.2, kappa=1e-9, theta=0.0, rate=0.05, window=2.0)
        >>> exact = fall_to(np.log(1.25), sigma=0.2, trend=-0.02, rate=0.05, window=2.0)
        >>> bool(abs(found.probability - exact.probability) < 1e-5 and abs(found.years - exact.years) < 1e-5)
        True
    """
    start, end = math.log(price), math.log(level)
    rest = theta + (drift - 0.5 * sigma**2) / kappa
    if sigma <= _NONE:
        when = math.log1p(math.log(price / level) / (end - rest)) / kappa if end > rest else math.inf
        comes = when <= window
        return _passage(float(comes), when * comes if comes else 0.0, math.exp(-rate * when) if comes else 0.0)

    def above(years: Floats, begin: float) -> Floats:
        """Return by how many standard deviations the mean price of later lies above the level."""
        gone = -np.expm1(-kappa * years)
        spread = sigma * np.sqrt(-np.expm1(-2.0 * kappa * years) / (2.0 * kappa))
        return (begin - end + (rest - begin) * gone) / spread

    times: Floats = math.log(window) + np.linspace(-_SPAN, 0.0, _LOOKED, dtype=np.float64)
    away = above(np.exp(times), start)
    near, gone = np.flatnonzero(away <= _FAR), np.flatnonzero(away <= -_FAR)
    if not near.size:
        return _passage(0.0, 0.0, 0.0)
    trend, last = kappa * (theta - start) + drift - 0.5 * sigma**2, min(int(near[-1]) + 1, times.size - 1)
    distance, until = math.log(price / level), math.exp(times[last])  # after that no price comes back
    found = falls(distance, sigma=sigma, kappa=kappa, trend=trend, rate=rate, window=min(until, window))
    if found is not None:
        return _passage(*found)
    every = _times(times[max(int(near[0]) - 1, 0)], times[int(gone[0]) if gone.size else int(near[-1])], kappa)
    coarse, fine = (_fortet(every[::step], start, end, rate, above) for step in (2, 1))
    return _passage(*(fine + (fine - coarse) / (2.0**1.5 - 1.0)).tolist())


def _fortet(every: Floats, start: float, end: float, rate: float, above: Callable[[Floats, float], Floats]) -> Floats:
    """Return the chance, E[tau; tau <= W] and E[exp(-r tau); tau <= W] by increments of G between given times."""
    from scipy.linalg import solve_triangular
    from scipy.special import ndtr

    middle, ends = np.sqrt(every[1:] * every[:-1]), every[1:]
    since = ends[:, None] - middle
    below = np.where(since > 0.0, ndtr(-above(np.where(since > 0.0, since, 1.0), end)), 0.0)
    parts = np.asarray(solve_triangular(below, ndtr(-above(ends, start)), lower=True), dtype=np.float64)
    return np.array([parts.sum(), parts @ middle, parts @ np.exp(-rate * middle)])


def _times(first: float, last: float, kappa: float) -> Floats:
    """Return times apart by little beside the time gone by and beside 1 / kappa: even in ``log t + 8 kappa t``.

    Args:
        first, last: logs of the ends.
        kappa: a year.
    """
    logs = np.linspace(first, last, 40 * _NODES, dtype=np.float64)
    place = logs + _EVEN * kappa * np.exp(logs)
    wanted = np.linspace(float(place[0]), float(place[-1]), _NODES, dtype=np.float64)
    return np.exp(np.interp(wanted, place, logs))


def _passage(probability: float, taken: float, discount: float) -> FirstPassage:
    if not probability > _LEAST_FOUND:
        probability, taken, discount = 0.0, math.nan, 0.0
    years = taken / probability if probability > 0.0 else math.nan
    chance = min(max(probability, 0.0), 1.0)
    worth = np.array(min(max(discount, 0.0), chance))
    return FirstPassage(probability=np.array(chance), years=np.array(years), discount=worth)


def _terms(a: Floats, s: Floats, nu: Floats, r: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Return both terms of E[exp(-r tau); tau <= w]."""
    from scipy.special import erfcx, ndtr

    k = np.sqrt(nu**2 + 2.0 * r * s**2)
    ends = np.isinf(w)
    endless = np.exp(-a * _both(nu, k, r, s))
    near, far, height = _ends(a, s, nu, k, w)
    height = np.where(ends, 0.0, 0.5 * height * np.exp(-r * np.where(ends, 0.0, w)))
    early = near <= 0.0  # then the closed form loses nothing, and erfcx would be beyond all bounds
    first = np.where(early, endless * ndtr(-math.sqrt(2.0) * near), height * erfcx(np.where(early, 0.0, near)))
    return np.where(ends, endless, first), height * erfcx(far)


def _both(nu: Floats, k: Floats, r: Floats, s: Floats) -> Floats:
    """Return (nu + k) / s^2, in which a fall with little noise would leave nothing."""
    apart = np.where(k > nu, k - nu, 1.0)
    return np.where(nu < 0.0, np.divide(2.0 * r, apart), (nu + k) / s**2)


def _ends(a: Floats, s: Floats, nu: Floats, k: Floats, w: Floats) -> tuple[Floats, Floats, Floats]:
    """Return (a -+ k w) / (s sqrt(2 w)) and exp(-(a + nu w)^2 / (2 s^2 w)); for no time, or one without end, at 1."""
    span = np.where(np.isinf(w) | (w <= 0.0), 1.0, w)
    wide = s * np.sqrt(2.0 * span)
    near, far = (a - k * span) / wide, (a + k * span) / wide
    height = np.exp(-np.minimum(((a + nu * span) / wide) ** 2, _NOTHING))
    return np.where(w <= 0.0, np.inf, near), np.where(w <= 0.0, np.inf, far), np.where(w <= 0.0, 0.0, height)


def _time(a: Floats, s: Floats, nu: Floats, w: Floats, first: Floats, second: Floats) -> Floats:
    """Return E[tau; tau <= w]; without a trend infinite where the window has no end."""
    from scipy.special import erfcx

    steep = np.abs(nu)
    ends, none = np.isinf(w), w <= 0.0
    near, far, height = _ends(a, s, nu, steep, np.where(none, 1.0, w))
    # nearer than 2 the difference of both erfcx is an integral of its slope, by Gauss's rule
    close = (far - near < 2.0) & ~ends
    nodes, weights = np.polynomial.legendre.leggauss(12)
    middle, half = np.where(close, 0.5 * (near + far), 0.0), np.where(close, 0.5 * (far - near), 0.0)
    at = middle[..., None] + half[..., None] * nodes
    falls = (2.0 / math.sqrt(math.pi) - 2.0 * at * erfcx(at)) @ weights
    short = 0.5 * a / s * np.sqrt(0.5 * np.where(ends | none, 1.0, w)) * height * falls
    long = np.divide(a, steep, out=np.full_like(a, np.inf), where=a < steep * np.finfo(np.float64).max)
    share = np.where(ends, first, first - second)
    long = np.multiply(long, share, out=np.zeros_like(a), where=share > 0.0)
    return np.where(none, 0.0, np.where(close, short, long))
