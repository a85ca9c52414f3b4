"""Check an estimate of a price's law from the prices that it names: least squares by orthogonal factors, sums anew."""

from __future__ import annotations

__all__ = ["verify_estimate"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.reading import refuse
from potline.shutdown.price_process import PriceEstimate
from potline.verification import Check, Checked, verify

_CLOSE = 1e-8
# Mackinnon (2010), table 2, one variable, constant, 5 %: at infinity, and what a short series adds.
_CRITICAL = (-2.8621, -2.738, -8.36)


def verify_estimate(result: PriceEstimate) -> Checked:
    """Return the certificate of every figure of an estimate, relative to its size."""
    price = np.array(result.price_per_t)
    months, spaced = len(price), result.months == len(result.price_per_t)
    if months < 24 or not (price > 0.0).all() or not np.isfinite(price).all():
        return Checked((Check(name="estimate: prices", value=math.nan, tolerance=0.0, unit="differences"),))
    steps = [math.log(b / a) for a, b in zip(price.tolist(), price[1:].tolist(), strict=False)]
    n = len(steps)
    mean = math.fsum(steps) / n
    second = math.fsum((step - mean) ** 2 for step in steps)
    variance = second / (n - 1)
    sigma = math.sqrt(12.0 * variance * (1.5 if result.averages else 1.0))
    fourth = math.fsum((step - mean) ** 4 for step in steps) / n
    tails = fourth / variance**2 if variance > 1e-20 else 3.0
    wanted = {
        "volatility": sigma,
        "volatility_error": 0.5 * sigma * math.sqrt(max(tails - 1.0, 0.0) / n),
        "drift": 12.0 * mean + 0.5 * sigma**2,
        "drift_error": sigma / math.sqrt(n / 12.0),
        "dickey_fuller_critical": _CRITICAL[0] + _CRITICAL[1] / n + _CRITICAL[2] / n**2,
        **_reversion(np.log(price[:-1]), np.array(steps)),
    }
    rows = [Check(name="estimate: months", value=float(not spaced or not _named(result)), tolerance=0.0)]
    for name, value in wanted.items():
        said = float(getattr(result, name))
        same = said == value or (math.isnan(said) and math.isnan(value))
        gap = 0.0 if same else abs(said - value) / max(abs(value), 1e-6)
        rows.append(Check(name=f"estimate: {name}", value=gap, tolerance=_CLOSE, unit="relative", method="found anew"))
    return Checked(tuple(rows))


def _reversion(level: NDArray[np.float64], steps: NDArray[np.float64]) -> dict[str, float]:
    """Return what the regression of changes on levels says, by a factor of the design."""
    centre = float(level.mean())
    if float(((level - centre) ** 2).sum()) < 1e-24 or float(np.ptp(steps)) < 1e-12:
        return {"kappa": 0.0, "kappa_error": 0.0, "dickey_fuller": 0.0, "log_mean": math.nan}
    design = np.column_stack([np.ones(level.size), level])
    q, r = np.linalg.qr(design)
    intercept, slope = np.linalg.solve(r, q.T @ steps).tolist()
    rest = steps - q @ (q.T @ steps)
    error = math.sqrt(float((rest**2).sum()) / (level.size - 2)) / abs(float(r[1, 1]))
    return {
        "kappa": -12.0 * math.log1p(slope) if slope > -1.0 else math.inf,
        "kappa_error": 12.0 * error / (1.0 + slope) if slope > -1.0 else math.inf,
        "dickey_fuller": slope / error if error > 0.0 else 0.0,
        "log_mean": -intercept / slope if slope != 0.0 else math.nan,
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
