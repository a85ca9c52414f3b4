"""When a price first falls to a level, found by a checker: the density of that time is integrated, or stepped.

Without mean reversion ``z = (a + nu t) / (sigma sqrt t)`` falls with the time t of a fall by a, where nu <= 0, and z
has the density ``2 a / (a - nu t(z))`` times the standard normal one; a trend upwards costs ``exp(-2 a nu / sigma^2)``
and is the same trend downwards. With it ``V = E[exp(-r tau); tau <= T]`` solves
``V_T = sigma^2 V_xx / 2 + m(x) V_x - r V`` with V = 1 at the level, and ``E[tau; tau <= T]`` the same equation with
r = 0 and V added, on two grids of prices and times whose errors cancel. Where there is so little noise that a grid
smears it, the density g solves

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

_NODES, _STEPS, _SMOOTH, _WIDE = 1001, 400, 8, 8.5
_GONE, _THIN = 20.0, 50.0
_Z, _PIECES, _LATE = 38.0, 304, 40.0
_TIMES, _FAR, _EVEN = 1601, 9.0, 8.0
_NONE, _LEAST = 1e-6, 1e-10


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
    if process.kappa <= 0.0:
        trend = process.drift - 0.5 * process.volatility**2
        return _integrated(distance, process.volatility, trend, rate, window)
    times, away = _aways(math.log(price), math.log(level), process, window)
    if not (away <= _FAR).any():
        return 0.0, math.nan, 0.0
    window = float(
        times[min(int(np.flatnonzero(away <= _FAR)[-1]) + 1, times.size - 1)]
    )  # after it no price comes back
    top = _top(distance, math.log(price), process, window)
    if top is None:
        fine, coarse = (_by_density(price, level, process, rate, window, times) for times in (_TIMES, _TIMES // 2 + 1))
        return _mean(fine + (fine - coarse) / (2.0**1.5 - 1.0))
    fine, coarse = (_stepped(distance, level, top, process, rate, window, halved=k) for k in (1, 0))
    return _mean(fine + (fine - coarse) / 3.0)


def _mean(found: Floats) -> tuple[float, float, float]:
    """Return chance, mean time and worth from chance, mean time times chance, and worth."""
    chance, late, worth = found.tolist()
    return (chance, late / chance, worth) if chance > _LEAST else (0.0, math.nan, 0.0)


def _without_noise(price: float, level: float, process: PriceProcess) -> float:
    """Return when a price without noise is at a level, infinite for never."""
    if process.kappa <= 0.0:
        return math.log(price / level) / -process.drift if process.drift < 0.0 else math.inf
    mean = math.log(process.mean_price_per_t) + process.drift / process.kappa
    start, end = math.log(price) - mean, math.log(level) - mean
    return math.log(start / end) / process.kappa if end > 0.0 else math.inf


def _integrated(distance: float, sigma: float, trend: float, rate: float, window: float) -> tuple[float, float, float]:
    """Return the same by Gauss's rule over z, in pieces even in z and in the log of time."""
    down, root = -abs(trend), math.sqrt(distance * abs(trend))

    def z_of(times: Floats) -> Floats:
        return (distance + down * times) / (sigma * np.sqrt(times))

    last = float(z_of(np.array([window]))[0]) if window < math.inf else (-math.inf if trend else 0.0)
    lowest = max(last, -_Z)
    if lowest >= _Z:
        return 0.0, math.nan, 0.0
    knots = np.linspace(lowest, max(lowest, _Z), _PIECES + 1)
    near = math.log(distance / -down) if trend else min(2.0 * math.log(distance / sigma), _LATE)
    around = z_of(np.exp(near + np.linspace(-_LATE, _LATE, _PIECES + 1)))
    knots = np.unique(np.concatenate([knots, around[(around > lowest) & (around < _Z)]]))
    nodes, weights = np.polynomial.legendre.leggauss(8)
    half = 0.5 * np.diff(knots)[:, None]
    z = 0.5 * (knots[:-1] + knots[1:])[:, None] + half * nodes
    wide = sigma * np.abs(z) + np.sqrt((sigma * z) ** 2 + 4.0 * root**2)  # of the root of time, without a difference
    times = np.where(z >= 0.0, 2.0 * distance / wide, 0.5 * wide / (abs(trend) or 1.0)) ** 2
    mass = half * weights * np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi) * 2.0 / (1.0 - down * times / distance)
    mass = mass * math.exp(-2.0 * distance * max(trend, 0.0) / sigma**2)
    chance = float(mass.sum())
    late = float((mass * times).sum()) if trend or window < math.inf else math.inf
    worth = float((mass * np.exp(-np.minimum(rate * times, 700.0))).sum())
    return chance, late / chance if chance > 0.0 else math.nan, worth


def _top(distance: float, start: float, process: PriceProcess, window: float) -> float | None:
    """Return the height of a grid of log prices above the level, beyond which no price comes back; none: too fine."""
    sigma, kappa = process.volatility, process.kappa
    rise = kappa * (math.log(process.mean_price_per_t) - start) + process.drift - 0.5 * sigma**2
    spread = sigma * math.sqrt(-math.expm1(-2.0 * kappa * window) / (2.0 * kappa))
    top = distance + max(-rise * math.expm1(-kappa * window) / kappa, 0.0) + _WIDE * spread
    # the price at which exp(-2 int m dx / sigma^2), the odds of a way back, is exp(-2 * 20)
    left = rise * abs(rise) - 2.0 * _GONE * kappa * sigma**2
    if left > 0.0:
        top = min(top, distance + (rise - math.sqrt(left)) / kappa)
    at_level = rise + kappa * distance
    layer = min(spread, 0.5 * sigma**2 / at_level) if at_level > 0.0 else spread
    return top if top <= _THIN * layer else None


def _stepped(
    distance: float, level: float, top: float, process: PriceProcess, rate: float, window: float, *, halved: int
) -> Floats:
    """Return chance, mean time times chance and worth by implicit steps on a grid of log prices."""
    from scipy.interpolate import CubicSpline
    from scipy.linalg import solve_banded

    nodes, steps = (_NODES - 1) * 2**halved, _STEPS * 2**halved
    at = np.linspace(0.0, top, nodes + 1)
    sigma, gap, step = process.volatility, top / nodes, window / steps
    away = math.log(process.mean_price_per_t) - math.log(level) - at[1:]
    slope = process.drift - 0.5 * sigma**2 + process.kappa * away
    spread = 0.5 * sigma**2 / gap**2
    up, down = spread + 0.5 * slope / gap, spread - 0.5 * slope / gap
    up[-1], down[-1] = 0.0, 2.0 * spread

    def moved(values: Floats, discount: float) -> Floats:
        result = -(2.0 * spread + discount) * values
        result[:-1] += up[:-1] * values[1:]
        result[1:] += down[1:] * values[:-1]
        return result

    def stepping(discount: float) -> tuple[Floats, Floats]:
        """Return V and the mean time times the chance."""
        band = np.zeros((3, nodes))
        band[0, 1:], band[2, :-1] = -0.5 * step * up[:-1], -0.5 * step * down[1:]
        band[1] = 1.0 + 0.5 * step * (2.0 * spread + discount)
        come, late = np.zeros(nodes), np.zeros(nodes)
        source = np.zeros(nodes)
        source[0] = down[0]  # the level, where V is 1
        for k in range(steps + _SMOOTH):  # the first steps are halves, fully implicit
            half, before = k < 2 * _SMOOTH, come
            right = before + 0.5 * step * source if half else before + step * (source + 0.5 * moved(before, discount))
            come = np.asarray(solve_banded((1, 1), band, right), dtype=np.float64)
            right = late + 0.5 * step * (come if half else before + come + moved(late, discount))
            late = np.asarray(solve_banded((1, 1), band, right), dtype=np.float64)
        return come, late

    chance, late = stepping(0.0)
    ends = ((1.0, chance), (0.0, late), (1.0, stepping(rate)[0] if rate > 0.0 else chance))
    return np.array([float(CubicSpline(at, np.concatenate([[end], values]))(distance)) for end, values in ends])


def _by_density(price: float, level: float, process: PriceProcess, rate: float, window: float, number: int) -> Floats:
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

    times = _times(begin, floor, process, window, number)
    # even in log t + 8 kappa t: short beside the time gone by, and beside the time in which a gap closes
    weight = (math.log(times[-1] / times[0]) + _EVEN * kappa * (times[-1] - times[0])) / (times.size - 1)
    weight = weight * times / (1.0 + _EVEN * kappa * times)
    weight[[0, -1]] *= 0.5
    since = np.tril(times[:, None] - times, -1)
    again = np.where(since > 0.0, crossing(np.where(since > 0.0, since, 1.0), floor), 0.0)
    matrix: Floats = np.eye(times.size) - again * weight
    mass = weight * np.asarray(solve_triangular(matrix, -crossing(times, begin), lower=True), dtype=np.float64)
    return np.array([mass.sum(), mass @ times, mass @ np.exp(-rate * times)])


def _aways(begin: float, floor: float, process: PriceProcess, window: float) -> tuple[Floats, Floats]:
    """Return times until a window's end, and how many spreads the mean of the log price lies above the level there."""
    kappa, sigma = process.kappa, process.volatility
    times = np.exp(np.linspace(math.log(window) - 60.0, math.log(window), 200_001))
    rise = kappa * (math.log(process.mean_price_per_t) - begin) + process.drift - 0.5 * sigma**2
    mean = begin - floor - rise * np.expm1(-kappa * times) / kappa
    return times, mean / (sigma * np.sqrt(-np.expm1(-2.0 * kappa * times) / (2.0 * kappa)))


def _times(begin: float, floor: float, process: PriceProcess, window: float, number: int) -> Floats:
    """Return times between which the price may get to the level."""
    times, away = _aways(begin, floor, process, window)
    near, gone = np.flatnonzero(away <= _FAR), np.flatnonzero(away <= -_FAR)
    first, last = max(int(near[0]) - 1, 0), int(gone[0]) if gone.size else int(near[-1])
    low, high = math.log(times[first]), math.log(times[last])
    places = low + _EVEN * process.kappa * math.exp(low), high + _EVEN * process.kappa * math.exp(high)
    wanted = np.linspace(*places, number)
    logs = np.clip(wanted, low, high)
    for _ in range(60):  # Newton's on log t + 8 kappa exp(log t), which bends one way, from above
        grown = _EVEN * process.kappa * np.exp(logs)
        logs = np.clip(logs - (logs + grown - wanted) / (1.0 + grown), low, high)
    return np.exp(logs)
