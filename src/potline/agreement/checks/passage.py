"""When a price first falls to a level, found by a checker: the density of that time is integrated, or stepped.

Without mean reversion the time tau of the first fall of a log price by a has the density
``a / (sigma sqrt(2 pi t^3)) exp(-(a + nu t)^2 / (2 sigma^2 t))``. With it ``V = E[exp(-r tau); tau <= T]`` solves
``V_T = sigma^2 V_xx / 2 + m(x) V_x - r V`` with V = 1 at the level, and ``E[tau; tau <= T]`` the same equation with
r = 0 and V added. Where there is so little noise that a grid of prices smears it, the density g solves

    g(t) = -2 psi(t | price) + 2 int g(s) psi(t - s | level) ds,   0 < s < t,

in which psi is bounded as s tends to t (Buonocore, Nobile and Ricciardi 1987, Advances in Applied Probability 19).
"""

from __future__ import annotations

__all__ = ["passage"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.industry import PriceProcess

Floats = NDArray[np.float64]

_NODES, _STEPS, _SMOOTH, _WIDE = 2001, 800, 8, 7.0
_FINE = 400
_TIMES, _FAR, _EVEN = 1601, 9.0, 8.0
_NONE, _LITTLE = 1e-6, 0.02


def passage(
    price: float, level: float, process: PriceProcess | None, rate: float, window: float
) -> tuple[float, float, float]:
    """Return the chance of a fall to a level within a window, its mean time where it comes, and what 1 then is worth.

    Args:
        price, level: money/t.
        process: of the price; none stands still.
        rate: a year.
        window: years, may be infinite.
    """
    if price <= level:
        return 1.0, 0.0, 1.0
    if process is None:
        return 0.0, math.nan, 0.0
    distance = math.log(price / level)
    if process.volatility <= (_NONE if process.kappa > 0.0 else 0.0):
        when = _without_noise(price, level, process)
        comes = math.isfinite(when) and when <= window
        return (1.0, when, math.exp(-rate * when)) if comes else (0.0, math.nan, 0.0)
    if process.kappa > 0.0 and process.volatility < _LITTLE:
        return _by_density(price, level, process, rate, window)
    if process.kappa > 0.0:
        found, taken = (_stepped(price, level, process, r, window) for r in (rate, 0.0))
        return taken[0], taken[1] / taken[0] if taken[0] > 0.0 else math.nan, found[0]
    return _integrated(distance, process.volatility, process.drift - 0.5 * process.volatility**2, rate, window)


def _without_noise(price: float, level: float, process: PriceProcess) -> float:
    """Return when a price without noise is at a level, infinite for never."""
    if process.kappa <= 0.0:
        return math.log(price / level) / -process.drift if process.drift < 0.0 else math.inf
    mean = math.log(process.mean_price_per_t) + process.drift / process.kappa
    start, end = math.log(price) - mean, math.log(level) - mean
    return math.log(start / end) / process.kappa if end > 0.0 else math.inf


def _integrated(distance: float, sigma: float, trend: float, rate: float, window: float) -> tuple[float, float, float]:
    """Return the same by Gauss's rule over log time, piece by piece around where most of the density lies."""
    middle = math.log(distance**2 / (distance * abs(trend) + sigma**2))
    ends = (middle - 12.0, min(math.log(window), middle + 80.0) if window < math.inf else middle + 80.0)
    if ends[1] <= ends[0]:
        return 0.0, math.nan, 0.0
    knots = np.linspace(*ends, _FINE + 1)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    half = 0.5 * np.diff(knots)[:, None]
    times = np.exp(0.5 * (knots[:-1] + knots[1:])[:, None] + half * nodes)
    power = -0.5 * ((distance + trend * times) / (sigma * np.sqrt(times))) ** 2
    density = distance / (sigma * np.sqrt(2.0 * math.pi * times)) * np.exp(np.maximum(power, -700.0))
    mass = density * half * weights
    chance = float(mass.sum())
    endless = window == math.inf and trend >= 0.0
    late = float((mass * times).sum()) if not (endless and trend == 0.0) else math.inf
    worth = float((mass * np.exp(-np.minimum(rate * times, 700.0))).sum())
    return chance, late / chance if chance > 0.0 else math.nan, worth


def _stepped(price: float, level: float, process: PriceProcess, rate: float, window: float) -> tuple[float, float]:
    """Return the discounted chance and the mean time times the chance, by implicit steps on a grid of log prices."""
    from scipy.linalg import solve_banded

    sigma, theta = process.volatility, math.log(process.mean_price_per_t)
    top = math.log(max(price, process.mean_price_per_t)) + _WIDE * sigma * math.sqrt(window)
    at = np.linspace(math.log(level), top, _NODES)
    gap = at[1] - at[0]
    slope = process.drift - 0.5 * sigma**2 + process.kappa * (theta - at)
    spread = 0.5 * sigma**2 / gap**2
    up, down = spread + 0.5 * slope / gap, spread - 0.5 * slope / gap
    up[0] = down[0] = up[-1] = 0.0
    down[-1] = 2.0 * spread
    stay = np.where(np.arange(_NODES) > 0, -(up + down) - rate, 0.0)
    stay[-1] = -2.0 * spread - rate

    def moved(values: Floats) -> Floats:
        result = stay * values
        result[:-1] += up[:-1] * values[1:]
        result[1:] += down[1:] * values[:-1]
        return result

    def matrix(step: float) -> Floats:
        band = np.zeros((3, _NODES))
        band[0, 1:], band[1], band[2, :-1] = -step * up[:-1], 1.0 - step * stay, -step * down[1:]
        return band

    value, late = np.zeros(_NODES), np.zeros(_NODES)
    value[0] = 1.0
    inner = np.ones(_NODES)
    inner[0] = 0.0
    step = window / _STEPS
    first, later = matrix(0.5 * step), matrix(0.5 * step)
    for k in range(_STEPS):
        halves = 2 if k < _SMOOTH else 1
        for _ in range(halves):
            before = value
            right = value if halves == 2 else value + 0.5 * step * moved(value)
            value = np.asarray(solve_banded((1, 1), first if halves == 2 else later, right))
            source = step / halves * inner * (value if halves == 2 else 0.5 * (before + value))
            plain = late if halves == 2 else late + 0.5 * step * moved(late)
            late = np.asarray(solve_banded((1, 1), first if halves == 2 else later, plain + source))
    here = math.log(price)
    return float(np.interp(here, at, value)), float(np.interp(here, at, late))


def _by_density(
    price: float, level: float, process: PriceProcess, rate: float, window: float
) -> tuple[float, float, float]:
    """Return the same where the price reverts with little noise: the density at even steps of log time."""
    from scipy.linalg import solve_triangular

    sigma, kappa, begin, floor = process.volatility, process.kappa, math.log(price), math.log(level)
    rest = math.log(process.mean_price_per_t) + (process.drift - 0.5 * sigma**2) / kappa

    def crossing(years: Floats, start: float) -> Floats:
        """Return twice psi(t), the density at the level a while after a start, times how fast the mean leaves it."""
        fade, gone = np.exp(-kappa * years), -np.expm1(-2.0 * kappa * years)
        away = (floor - start - (rest - start) * -np.expm1(-kappa * years)) / (sigma * np.sqrt(gone / (2.0 * kappa)))
        height = np.exp(-0.5 * away**2) / (sigma * np.sqrt(math.pi * gone / kappa))
        # with x - rest for either end: ((floor - rest)(1 + fade^2) - 2 (start - rest) fade) / (1 - fade^2)
        leaves = (floor - rest) * np.expm1(-kappa * years) ** 2 + 2.0 * (floor - start) * fade
        return height * kappa * leaves / gone

    times = _times(begin, floor, rest, process, window)
    if not times.size:
        return 0.0, math.nan, 0.0
    # even in log t + 8 kappa t: short beside the time gone by, and beside the time in which a gap closes
    weight = (math.log(times[-1] / times[0]) + _EVEN * kappa * (times[-1] - times[0])) / (times.size - 1)
    weight = weight * times / (1.0 + _EVEN * kappa * times)
    weight[[0, -1]] *= 0.5
    since = np.tril(times[:, None] - times, -1)
    again = np.where(since > 0.0, crossing(np.where(since > 0.0, since, 1.0), floor), 0.0)
    matrix: Floats = np.eye(times.size) - again * weight
    mass = weight * np.asarray(solve_triangular(matrix, -crossing(times, begin), lower=True), dtype=np.float64)
    chance = float(mass.sum())
    late = float(mass @ times)
    return chance, late / chance if chance > 0.0 else math.nan, float(mass @ np.exp(-rate * times))


def _times(begin: float, floor: float, rest: float, process: PriceProcess, window: float) -> Floats:
    """Return times between which the price may get to the level, by the mean and spread of its log; none for never."""
    times = np.exp(np.linspace(math.log(window) - 60.0, math.log(window), 200_001))
    mean = begin + (rest - begin) * -np.expm1(-process.kappa * times) - floor
    spread = process.volatility * np.sqrt(-np.expm1(-2.0 * process.kappa * times) / (2.0 * process.kappa))
    near = np.flatnonzero(mean <= _FAR * spread)
    gone = np.flatnonzero(mean <= -_FAR * spread)
    if not near.size:
        return np.zeros(0)
    first, last = max(int(near[0]) - 1, 0), int(gone[0]) if gone.size else int(near[-1])
    low, high = math.log(times[first]), math.log(times[last])
    places = low + _EVEN * process.kappa * math.exp(low), high + _EVEN * process.kappa * math.exp(high)
    wanted = np.linspace(*places, _TIMES)
    logs = np.clip(wanted, low, high)
    for _ in range(60):  # Newton's on log t + 8 kappa exp(log t), which bends one way, from above
        grown = _EVEN * process.kappa * np.exp(logs)
        logs = np.clip(logs - (logs + grown - wanted) / (1.0 + grown), low, high)
    return np.exp(logs)
