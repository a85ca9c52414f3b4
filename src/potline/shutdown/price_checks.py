"""Check an estimate of a price's law from the prices that it names: least squares by orthogonal factors, sums anew."""

from __future__ import annotations

__all__ = ["verify_estimate"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.reading import refuse
from potline.shutdown.price_process import PriceEstimate
from potline.verification import Check, Checked, verify

_CLOSE, _LEAST = 1e-8, 1e-6
_LAST_DIGITS = 2.0**-49  # of the log of a ratio of two prices
# Mackinnon (2010), table 2, one variable, constant, 5 %: at infinity, and what a short series adds.
_CRITICAL = (-2.8621, -2.738, -8.36)


def verify_estimate(result: PriceEstimate) -> Checked:
    """Return the certificate of every figure of an estimate, relative to its size."""
    price = np.array(result.price_per_t)
    months, spaced = len(price), result.months == len(result.price_per_t)
    if months < 24 or not (price > 0.0).all() or not np.isfinite(price).all():
        return Checked((Check(name="estimate: prices", value=math.nan, tolerance=0.0, unit="differences"),))
    steps = [_step(a, b) for a, b in zip(price.tolist(), price[1:].tolist(), strict=False)]
    n = len(steps)
    mean = math.fsum(steps) / n
    second = math.fsum((step - mean) ** 2 for step in steps)
    variance = second / (n - 1)
    sigma = math.sqrt(12.0 * variance * (1.5 if result.averages else 1.0))
    fourth = math.fsum((step - mean) ** 4 for step in steps) / n
    tails = fourth / variance**2 if max(steps) - min(steps) > _LAST_DIGITS else 3.0
    wanted = {
        "volatility": sigma,
        "volatility_error": 0.5 * sigma * math.sqrt(max(tails - 1.0, 0.0) / n),
        "drift": 12.0 * mean + 0.5 * sigma**2,
        "drift_error": sigma / math.sqrt(n / 12.0),
        "dickey_fuller_critical": _CRITICAL[0] + _CRITICAL[1] / n + _CRITICAL[2] / n**2,
        **_reversion(price.tolist()[:-1], np.array(steps)),
    }
    rows = [Check(name="estimate: months", value=float(not spaced or not _named(result)), tolerance=0.0)]
    for name, value in wanted.items():
        said = float(getattr(result, name))
        same = said == value or (math.isnan(said) and math.isnan(value))
        scale = max(abs(value), _LEAST)
        if name in ("dickey_fuller", "log_mean"):  # a slope that is known to so much stands in them as a factor
            scale *= max(1.0, _LEAST / max(abs(wanted["kappa"]), 1e-300))
        gap = 0.0 if same else abs(said - value) / scale
        rows.append(Check(name=f"estimate: {name}", value=gap, tolerance=_CLOSE, unit="relative", method="found anew"))
    return Checked(tuple(rows))


def _step(a: float, b: float) -> float:
    """Return the log of a ratio, from the difference where that is small."""
    return math.log1p((b - a) / a) if abs(b - a) < 0.25 * a else math.log(b) - math.log(a)


def _reversion(price: list[float], steps: NDArray[np.float64]) -> dict[str, float]:
    """Return what the regression of changes on levels says, by a factor of the design; levels from the middle price."""
    middle = sorted(price)[len(price) // 2]
    level = np.array([_step(middle, value) for value in price])
    if float(np.ptp(level)) <= _LAST_DIGITS:
        return dict.fromkeys(("kappa", "kappa_error", "dickey_fuller", "log_mean"), math.nan)
    if float(np.ptp(steps)) <= _LAST_DIGITS:
        return {"kappa": 0.0, "kappa_error": 0.0, "dickey_fuller": math.nan, "log_mean": math.nan}
    size, mean = float(np.abs(level).max()), math.fsum(steps) / steps.size
    uneven = steps - mean  # what is common to all changes says nothing of the slope, and would blur it
    q, r = np.linalg.qr(np.column_stack([np.ones(level.size), level / size]))
    intercept, slope = np.linalg.solve(r, q.T @ uneven).tolist()
    intercept, slope = intercept + mean, slope / size
    rest = uneven - q @ (q.T @ uneven)
    left = math.sqrt(float((rest**2).sum()) / (level.size - 2)) if float(np.abs(rest).max()) > _LAST_DIGITS else 0.0
    error = left / abs(float(r[1, 1])) / size
    return {
        "kappa": -12.0 * math.log1p(slope) if slope > -1.0 else math.inf,
        "kappa_error": 12.0 * error / (1.0 + slope) if slope > -1.0 else math.inf,
        "dickey_fuller": slope / error if error > 0.0 else math.copysign(math.inf, slope),
        "log_mean": math.log(middle) - intercept / slope if slope != 0.0 else math.nan,
    }


def _named(result: PriceEstimate) -> bool:
    """Return whether the first and last month are as many months apart as there are prices."""
    if not result.first and not result.last:
        return True
    ends = [12 * int(name[:4]) + int(name[5:7]) for name in (result.first, result.last)]
    return ends[1] - ends[0] == result.months - 1


@verify.register
def _(result: PriceEstimate, tolerance: object = None) -> Checked:
    if tolerance is not None:
        raise refuse("tolerance", repr(tolerance), "none for a PriceEstimate", "Each of its checks states its own.")
    return verify_estimate(result)
