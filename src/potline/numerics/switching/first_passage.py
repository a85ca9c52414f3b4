r"""When a price first falls to a level: how likely within a window, how late, and what 1 paid then is worth today.

With ``dp / p = m dt + sigma dW`` the log price has trend ``nu = m - sigma**2 / 2`` and must fall by
``a = log(p / level)``. With ``s = sigma sqrt(W)`` and ``k(r) = sqrt(nu**2 + 2 r sigma**2)``, for a window W,

    E[exp(-r tau); tau <= W] = exp(-a (nu + k) / sigma**2) N((k W - a) / s)
                             + exp(-a (nu - k) / sigma**2) N(-(k W + a) / s)

(Borodin and Salminen 2002, Handbook of Brownian Motion, part II, section 2, formulas 2.0.1 and 2.0.2). r = 0 gives
the probability, the derivative at 0 the time: ``E[tau; tau <= W] = (a / |nu|) [first - second]``. For W without end
the first term stays. :func:`fall_on_chain` finds the same numbers on the Markov chain of
:mod:`potline.numerics.switching.chains`, for a price that reverts as well.
"""

from __future__ import annotations

__all__ = ["FirstPassage", "fall_on_chain", "fall_to"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.numerics.switching.chains import price_chain, value_at_deadline

Floats = NDArray[np.float64]

_NODES = 1601
_STEPS = 1600
_WIDE = 7.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstPassage:
    """The first fall to a level within a window, arrays of one shape.

    Attributes:
        probability: that it comes.
        years: mean time to it where it comes, nan where it never does.
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
    comes = still <= w
    probability = np.where(level, 1.0, np.where(moving, probability, comes & np.isfinite(still)))
    discount = np.where(level, 1.0, np.where(moving, discount, probability * np.exp(-r * np.where(comes, still, 0.0))))
    taken = np.where(moving, _time(a, volatility, nu, w, first, second), probability * np.where(comes, still, 0.0))
    years = np.divide(taken, probability, out=np.full_like(a, np.nan), where=probability > 0.0)
    return FirstPassage(probability=probability, years=np.where(level, 0.0, years), discount=discount)


def fall_on_chain(
    price: float,
    level: float,
    *,
    sigma: float,
    drift: float = 0.0,
    kappa: float = 0.0,
    theta: float = 0.0,
    rate: float,
    window: float,
) -> FirstPassage:
    """Return the same for ``dp / p = (drift + kappa (theta - log p)) dt + sigma dW``, on a chain; arrays of shape ().

    Args:
        price, level: level below price.
        sigma: above 0.
        window: in years, finite.

    Examples:
        >>> found = fall_on_chain(12.5, 10.0, sigma=0.2, rate=0.05, window=2.0)
        >>> exact = fall_to(np.log(1.25), sigma=0.2, trend=-0.02, rate=0.05, window=2.0)
        >>> bool(abs(found.probability - exact.probability) < 2e-4 and abs(found.years - exact.years) < 2e-3)
        True
    """
    centre = max(price, math.exp(theta)) if kappa > 0.0 else price * math.exp(max(0.0, drift) * window)
    high = centre * math.exp(_WIDE * sigma * math.sqrt(window))
    chain = price_chain(level, high, _NODES, sigma=sigma, drift=drift, kappa=kappa, theta=theta)
    paid = np.full(_NODES, -np.inf)
    paid[0] = 1.0

    def worth(r: float) -> float:
        value = value_at_deadline(
            chain, np.where(paid > 0.0, 1.0, 0.0), r, years=window, steps=_STEPS, stop_for=paid
        )  # fmt: skip
        return float(np.interp(math.log(price), chain.log_price, value))

    little = 1e-4 / max(window, 1.0)
    never, once, twice = worth(0.0), worth(little), worth(2.0 * little)
    taken = (3.0 * never - 4.0 * once + twice) / (2.0 * little)
    return FirstPassage(
        probability=np.array(never),
        years=np.array(taken / never if never > 0.0 else math.nan),
        discount=np.array(worth(rate)),
    )


def _terms(a: Floats, s: Floats, nu: Floats, r: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Return both terms of E[exp(-r tau); tau <= w]."""
    from scipy.special import log_ndtr

    k = np.sqrt(nu**2 + 2.0 * r * s**2)
    ends = np.isinf(w)
    span = np.where(ends, 1.0, w)
    wide = s * np.sqrt(np.where(span > 0.0, span, 1.0))
    low = np.where(span > 0.0, (k * span - a) / wide, -np.inf)
    high = np.where(span > 0.0, -(k * span + a) / wide, -np.inf)
    first = np.exp(-a * (nu + k) / s**2 + np.where(ends, 0.0, log_ndtr(low)))
    second = np.where(ends, 0.0, np.exp(-a * (nu - k) / s**2 + log_ndtr(high)))
    return first, second


def _time(a: Floats, s: Floats, nu: Floats, w: Floats, first: Floats, second: Floats) -> Floats:
    """Return E[tau; tau <= w]; without a trend the limit, infinite where the window has no end."""
    from scipy.special import ndtr

    flat = np.abs(nu) * a <= 1e-7 * s**2
    steep = np.where(flat, 1.0, np.abs(nu))
    span = np.where(np.isinf(w) | (w <= 0.0), 1.0, w)
    reach = a / (s * np.sqrt(span))
    density = np.exp(-0.5 * reach**2) / math.sqrt(2.0 * math.pi)
    limit = np.where(np.isinf(w), np.inf, 2.0 * a * (np.sqrt(span) / s * density - a / s**2 * ndtr(-reach)))
    return np.where(w <= 0.0, 0.0, np.where(flat, limit, a / steep * (first - second)))
