r"""Where the price may be some time later, and whether it gets to a level by then: closed forms without reversion.

With ``x = log p`` and ``m = drift - volatility^2 / 2`` a year, and ``b = log(level / start) >= 0``:

    P(max over T of p >= level) = N((m T - b) / (s sqrt T)) + exp(2 m b / s^2) N((-b - m T) / (s sqrt T))

(Harrison 1985, Brownian Motion and Stochastic Flow Systems, p. 14): the law of the first fall, seen in a mirror.
"""

from __future__ import annotations

__all__ = ["chance_to_reach", "price_band"]

import math
from statistics import NormalDist

from potline.industry import PriceProcess
from potline.numerics.switching.first_passage import fall_to

_NORMAL = NormalDist()


def chance_to_reach(process: PriceProcess, start_per_t: float, level_per_t: float, years: float) -> float:
    """Return the chance that the price gets up to a level within a time; 1 where it is there.

    Args:
        process: without mean reversion.
        start_per_t, level_per_t: money/t, above 0, the same tax basis.
        years: above 0.

    Raises:
        ValueError: the process reverts to a mean: there is no closed form.

    Examples:
        >>> round(chance_to_reach(PriceProcess(volatility=0.2), 100.0, 120.0, 1.0), 4)
        0.3296
    """
    _needs_no_reversion(process)
    if level_per_t <= start_per_t:
        return 1.0
    distance, trend = math.log(level_per_t / start_per_t), -_log_drift(process)
    return float(fall_to(distance, sigma=process.volatility, trend=trend, rate=0.0, window=years).probability)


def price_band(process: PriceProcess, start_per_t: float, years: float, within: float = 0.9) -> tuple[float, float]:
    """Return the ends that hold a share of paths after a time, the same share left out at either end.

    Raises:
        ValueError: the process reverts to a mean.

    Examples:
        >>> [round(end, 1) for end in price_band(PriceProcess(volatility=0.2), 100.0, 0.5)]
        [78.5, 124.9]
    """
    _needs_no_reversion(process)
    centre = math.log(start_per_t) + _log_drift(process) * years
    half = _NORMAL.inv_cdf(0.5 + within / 2.0) * process.volatility * math.sqrt(years)
    return math.exp(centre - half), math.exp(centre + half)


def _log_drift(process: PriceProcess) -> float:
    return process.drift - process.volatility**2 / 2.0


def _needs_no_reversion(process: PriceProcess) -> None:
    if process.kappa != 0.0:
        raise ValueError(f"the price reverts to its mean (kappa {process.kappa:g}): no closed form")
