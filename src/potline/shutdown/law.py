"""The law of the price of a compiled industry, as the kernels take it."""

from __future__ import annotations

__all__ = ["PriceLaw", "law_of_price"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.compiled import CompiledIndustry
from potline.errors import InputError, Problem
from potline.industry import Industry
from potline.numerics.switching.kernels import TINY

Floats = NDArray[np.float64]
# Beyond these bounds thresholds, or losses over a term, were found to be off by more than a few in ten thousand under
# reversion, or not found; without it the expected value of a term overflows.
_FASTEST, _FASTEST_STILL = 400.0, 1e4
_CALMEST, _WILDEST_REVERTING, _WILDEST = 1e-3, 1.0, 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceLaw:
    """Arrays [B, 1]: volatility, drift, reversion and discount rate a year; ``theta`` the log price reverted to."""

    sigma: Floats
    drift: Floats
    kappa: Floats
    theta: Floats
    discount_rate: Floats


def law_of_price(compiled: CompiledIndustry) -> PriceLaw:
    """Return the law of the price, one row a draw.

    Raises:
        InputError: the industry has no price process, or one that reverts to no price, or reverts too fast beside the
            discount rate, or grows no less than it, or a volatility beyond what is known to be right.
    """
    industry = compiled.industry
    needs_process(industry)
    kappa = compiled.number("process.kappa")
    mean = compiled.number("process.mean_price_per_t")
    if np.any((kappa > 0.0) & ~(mean > 0.0)):
        raise InputError(
            [
                Problem(
                    where=f"industry {industry.name!r}, process.mean_price_per_t",
                    found="no price above 0",
                    needed="the price reverted to, money/t, where process.kappa is above 0",
                )
            ]
        )
    _needs_bounds(compiled, kappa)
    _needs_discounting(compiled, kappa)
    theta = np.log(np.where(kappa > 0.0, mean, 1.0))
    columns = (
        compiled.number("process.volatility"),
        compiled.number("process.drift"),
        kappa,
        theta,
        compiled.number("discount_rate"),
    )
    sigma, drift, kappa, theta, rho = (np.ascontiguousarray(column)[:, None] for column in columns)
    return PriceLaw(sigma=sigma, drift=drift, kappa=kappa, theta=theta, discount_rate=rho)


def _needs_bounds(compiled: CompiledIndustry, kappa: Floats) -> None:
    """Raise where a price moves beyond what was found to hold: see the bounds above."""
    rho, sigma, kappa = np.broadcast_arrays(
        compiled.number("discount_rate"), compiled.number("process.volatility"), kappa
    )
    moves = (kappa > 0.0) & (sigma > TINY * np.maximum(1.0, np.sqrt(2.0 * kappa)))
    most, wildest = np.where(moves, _FASTEST, _FASTEST_STILL), np.where(kappa > 0.0, _WILDEST_REVERTING, _WILDEST)
    fast, wild = (rho > 0.0) & (rho * most < kappa), (moves & (sigma < _CALMEST)) | (sigma > wildest)
    name, problems = f"industry {compiled.industry.name!r}", list[Problem]()
    if fast.any():
        row = int(np.argmax(fast))
        problems.append(
            Problem(
                where=f"{name}, process.kappa",
                found=f"{kappa[row]:g} a year at a discount rate of {rho[row]:g}",
                needed=f"a return to the mean price at most {most[row]:g} times as fast as the discount rate",
                hint="Look at `discount_rate` too. A price that returns within days leaves nothing to wait for: there "
                "set `process.volatility` and `process.kappa` to 0.",
            )
        )
    if wild.any():
        row = int(np.argmax(wild))
        reverts = bool(kappa[row] > 0.0)
        problems.append(
            Problem(
                where=f"{name}, process.volatility",
                found=f"{sigma[row]:g} a year" + " of a price that reverts" * reverts,
                needed=f"0, or {_CALMEST:g} to {_WILDEST_REVERTING:g}, where process.kappa is above 0"
                if reverts
                else f"{_WILDEST:g} or less",
                hint="A share of 1 is 100 % a year.",
            )
        )
    if problems:
        raise InputError(problems)


def _needs_discounting(compiled: CompiledIndustry, kappa: Floats) -> None:
    """Raise where a price that returns to no mean grows as fast as money is discounted: for ever is worth no number."""
    drift, rho, kappa = np.broadcast_arrays(compiled.number("process.drift"), compiled.number("discount_rate"), kappa)
    grows = (kappa == 0.0) & (rho > 0.0) & (drift >= rho)
    if grows.any():
        row = int(np.argmax(grows))
        raise InputError(
            [
                Problem(
                    where=f"industry {compiled.industry.name!r}, process.drift",
                    found=f"a drift of {drift[row]:g} a year at a discount rate of {rho[row]:g}",
                    needed="a drift below it: otherwise running for ever is worth an infinite sum",
                )
            ]
        )


def needs_process(industry: Industry) -> None:
    """Raise the error of an industry without a price process."""
    if industry.process is None:
        raise InputError(
            [
                Problem(
                    where=f"industry {industry.name!r}, process",
                    found="nothing",
                    needed="a PriceProcess with the price's volatility a year",
                    hint="Estimate one from monthly prices with `estimate_price_process`.",
                )
            ]
        )
