r"""Check thresholds and values of stopping and restarting: code that shares nothing with the solver.

A pair of value functions is right if, at every log price x and in both modes, with A the generator of the price,

    rho V - A V - flow = 0 where the plant stays in its mode, and >= 0 where it switches,
    V >= value of switching, with equality where it switches, and V' does not jump where waiting ends.

The largest violation r of the first line bounds the value given away by ``2 r / rho``. That is the bound
``2 beta r / (1 - beta)`` of a chain observed every dt years in the limit: its one-step residual is ``r dt`` and
``beta = exp(-rho dt)``. A jump d of V' adds at most ``d sigma**2 / (2 sqrt(m**2 + 2 rho sigma**2))``, the resolvent at
the point it occurs, and a shortfall below the value of switching adds itself. Derivatives are taken by seven-point
differences of the values, not from the solver's formulas, at points whose seven neighbours are all waiting or all
switching with no threshold between them.
"""

from __future__ import annotations

__all__ = ["SwitchingCertificate", "verify_switching"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Values = Callable[[Floats], tuple[Floats, Floats]]
_FIRST = np.array([-1.0, 9.0, -45.0, 0.0, 45.0, -9.0, 1.0]) / 60.0
_SECOND = np.array([2.0, -27.0, 270.0, -490.0, 270.0, -27.0, 2.0]) / 180.0
_ONE_SIDED = np.array([-147.0, 360.0, -450.0, 400.0, -225.0, 72.0, -10.0]) / 60.0
_POINTS = 49


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SwitchingCertificate:
    """What independent code found about values and thresholds; arrays (n,), one a plant.

    Attributes:
        residual_per_t: largest violation of the equation while waiting or of its sign after a switch, money/t a year.
        shortfall_per_t: largest shortfall of a value below the value of switching, money per t/y.
        kink_per_t: largest jump of a slope at a threshold, as value, money per t/y.
        bound_per_t: the most that following the thresholds can give away, money per t/y.
        scale_per_t: the size the bound is compared with: cost over the discount rate, money per t/y.
        tolerance: the largest share of ``scale_per_t`` allowed.
    """

    residual_per_t: Floats
    shortfall_per_t: Floats
    kink_per_t: Floats
    bound_per_t: Floats
    scale_per_t: Floats
    tolerance: float

    @property
    def worst_per_t(self) -> float:
        """The largest bound of any plant, money per t/y."""
        return float(np.max(self.bound_per_t))

    @property
    def holds(self) -> bool:
        """Whether every plant's bound is within the tolerance."""
        return bool(np.all(self.bound_per_t <= self.tolerance * self.scale_per_t))


def verify_switching(
    *,
    running_cost: Floats,
    holding_cost: Floats,
    stop_cost: Floats,
    restart_cost: Floats,
    exit_cost: Floats,
    sigma: Floats,
    drift: Floats,
    kappa: Floats,
    theta: Floats,
    discount_rate: Floats,
    thresholds: Floats,
    values: Values,
    tolerance: float = 1e-6,
) -> SwitchingCertificate:
    """Return the certificate of claimed thresholds and values.

    Args:
        running_cost, holding_cost, stop_cost, restart_cost, exit_cost: c, h, E, R, X of each plant, (n,).
        sigma, drift, kappa, theta, discount_rate: the law of the price for each plant, (n,).
        thresholds: claimed stopping, restart and exit price, (n, 3).
        values: from prices (n, m) to values running and idle, each (n, m), money per t/y.
        tolerance: allowed share of cost over the discount rate.
    """
    rho = discount_rate[:, None]
    size = np.maximum(np.abs(running_cost), holding_cost)
    scale = np.maximum(size, 1e-300) / discount_rate
    x, near = _points(thresholds, size)
    trend = drift[:, None] - 0.5 * sigma[:, None] ** 2 + kappa[:, None] * (theta[:, None] - x)
    variance = np.maximum(sigma[:, None] ** 2, 1e-12)
    steepest = (np.abs(trend) + np.sqrt(trend**2 + 2.0 * rho * variance)) / variance
    step = np.minimum(0.004, 0.12 / steepest)
    stencil = x[:, :, None] + step[:, :, None] * np.arange(-3.0, 4.0)
    shape = stencil.shape
    price = np.exp(stencil)
    running, idle = (item.reshape(shape) for item in values(price.reshape(shape[0], -1)))
    e, r, closing = (item[:, None, None] for item in (stop_cost, restart_cost, exit_cost))
    still = sigma[:, None] == 0.0
    with np.errstate(invalid="ignore"):
        crossed = np.any(np.abs(x[:, :, None] - near[:, None, :]) <= 3.0 * step[:, :, None], axis=2)
    residual = np.zeros(len(size))
    shortfall = np.zeros(len(size))
    for value, switched, flow in (
        (running, np.maximum(idle - e, -closing), price[:, :, 3] - running_cost[:, None]),
        (idle, np.maximum(running - r, -closing), np.broadcast_to(-holding_cost[:, None], x.shape)),
    ):
        waits = value - switched > 1e-11 * scale[:, None, None]
        first, second = value @ _FIRST / step, value @ _SECOND / step**2
        change = np.where(still, 0.0, trend * first + 0.5 * sigma[:, None] ** 2 * second)
        left = rho * value[:, :, 3] - change - flow
        allowed = still | (~crossed & (waits.all(axis=2) | ~waits.any(axis=2)))
        wrong = np.where(waits[:, :, 3], np.abs(left), np.maximum(-left, 0.0)) * allowed
        residual = np.maximum(residual, wrong.max(axis=1))
        shortfall = np.maximum(shortfall, np.max(switched - value, axis=(1, 2)))
    shortfall = np.maximum(shortfall, 0.0)
    kink = np.where(still[:, 0], 0.0, _kinks(near, values, sigma, drift, kappa, theta, discount_rate))
    return SwitchingCertificate(
        residual_per_t=residual,
        shortfall_per_t=shortfall,
        kink_per_t=kink,
        bound_per_t=2.0 * residual / discount_rate + shortfall + kink,
        scale_per_t=scale,
        tolerance=tolerance,
    )


def _points(thresholds: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Log prices to look at, (n, m), and the log thresholds that are finite (else nan), (n, 3)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.log(thresholds)
    near = np.where(np.isfinite(near), near, np.nan)
    centre = np.log(np.maximum(size, 1e-300))[:, None]
    known = np.where(np.isnan(near), centre, near)
    spread = np.linspace(known.min(axis=1) - 1.0, known.max(axis=1) + 1.0, _POINTS, axis=1, dtype=np.float64)
    beside = (known[:, :, None] + 0.016 * np.array([-1.0, 1.0])).reshape(len(size), -1)
    return np.concatenate([spread, beside], axis=1), near


def _kinks(
    near: Floats, values: Values, sigma: Floats, drift: Floats, kappa: Floats, theta: Floats, rho: Floats
) -> Floats:
    total = np.zeros(len(sigma))
    for column, mode in ((0, 0), (1, 1), (2, 1)):
        at = np.where(np.isnan(near[:, column]), 0.0, near[:, column])
        jump = np.full(len(sigma), np.inf)
        for step in (8e-4, 5e-5, 5e-6):  # a true jump shows in all; a wide ladder may cross another threshold
            ladder = step * np.arange(0.0, 7.0)
            above = values(np.exp(at[:, None] + ladder))[mode] @ _ONE_SIDED / step
            below = -(values(np.exp(at[:, None] - ladder))[mode] @ _ONE_SIDED) / step
            jump = np.minimum(jump, np.abs(above - below))
        trend = drift - 0.5 * sigma**2 + kappa * (theta - at)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = 0.5 * sigma**2 / np.sqrt(trend**2 + 2.0 * rho * sigma**2)
        total = np.maximum(total, np.where(np.isnan(near[:, column]), 0.0, jump * reach))
    return total
