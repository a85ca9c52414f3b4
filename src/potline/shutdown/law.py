"""The law of the price of a compiled industry, as the kernels take it."""

from __future__ import annotations

__all__ = ["PriceLaw", "law_of_price"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.compiled import CompiledIndustry
from potline.errors import InputError, Problem
from potline.industry import Industry

Floats = NDArray[np.float64]


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
        InputError: the industry has no price process, or one that reverts to no price.
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
