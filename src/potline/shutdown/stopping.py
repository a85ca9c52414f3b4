r"""The price at which each plant stops, restarts and closes, with the waterfall that explains it.

``p_stop`` and ``p_restart`` follow from optimal switching (:mod:`potline.numerics.switching.options`) with running cost
``net cash cost - lump sum per running tonne - pressure``. Prices are without value-added tax; what a stop loses is
that of the whole plant, so the lump sum counts in full.
"""

from __future__ import annotations

__all__ = ["stopping_prices"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.choices import OnFailure
from potline.compiled import compile_industry
from potline.errors import CertificateFailed, InputError, Problem
from potline.industry import Industry, PriceProcess
from potline.numerics.switching.options import INFINITE, INVALID, SOLVED, solve_thresholds
from potline.reading import Positive, reads
from potline.shutdown.answer import verify_stopping
from potline.shutdown.law import law_of_price
from potline.shutdown.result import StoppingPrices
from potline.shutdown.verify import SwitchingCertificate
from potline.shutdown.waterfall import stopping_waterfall
from potline.verification import verify

Floats = NDArray[np.float64]
_NONE = np.zeros(0)
_UNCHECKED = SwitchingCertificate(
    order_share=_NONE,
    distance_share=_NONE,
    shortfall_per_t=_NONE,
    haste_per_t=_NONE,
    bound_per_t=_NONE,
    scale_per_t=_NONE,
    tolerance=0.0,
)
_WORDS = ("goes idle", "closes for good", "never stops", "constant price")


@reads
def stopping_prices(
    industry: Industry,
    *,
    process: PriceProcess | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> StoppingPrices:
    """Find the stopping, restart and exit price of every plant, and split each stopping price into its causes.

    Args:
        industry: plants, discount rate and price process.
        process: another law of the price, to see what a range of it does; the industry's unless given.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: no price process, no plants, or a drift at or above the discount rate.
        CertificateFailed: independent code rejects the answer.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> plant = Plant(name="A", firm="A", capacity_kt=100.0, other_cost_per_t=13_000.0, support_per_t=500.0,
        ...                 stop_cost_per_t=200.0, restart_cost_per_t=800.0, holding_cost_per_t=500.0)
        >>> market = Industry(name="one", plants=(plant,), process=PriceProcess(volatility=0.2),
        ...                   demand=LinearDemand(price_per_t=12_500.0, quantity_kt=100.0, elasticity=1.0))
        >>> stops = stopping_prices(market)
        >>> [round(value, 2) for value in stops.waterfall_of("A").values()]
        [13000.0, 485.71, 0.0, 1258.34, 738.34, 0.0, 10517.61]
        >>> stops.certificate.holds
        True
    """
    if process is not None:
        industry = dataclasses.replace(industry, process=process)
    if not industry.plants:
        raise InputError([Problem(where=f"industry {industry.name!r}", found="no plants", needed="one at least")])
    compiled = compile_industry(industry)
    law = law_of_price(compiled)
    gross, net = compiled.gross_cash_cost_per_t()[0], compiled.net_cash_cost_per_t()[0]
    lump, pressure = compiled.lump_sum_per_t()[0], compiled.plant("pressure_per_t")[0]
    holding, stopping, restarting, closing = (
        compiled.plant(f"{name}_cost_per_t")[0] for name in ("holding", "stop", "restart", "exit")
    )
    sigma, drift, kappa, theta, rho = (
        item[0, 0] for item in (law.sigma, law.drift, law.kappa, law.theta, law.discount_rate)
    )
    cost = net - lump - pressure
    options = solve_thresholds(
        cost,
        holding_cost=holding,
        stop_cost=stopping,
        restart_cost=restarting,
        exit_cost=closing,
        sigma=sigma,
        drift=drift,
        kappa=kappa,
        theta=theta,
        discount_rate=rho,
    )
    _check_status(industry, options.status)
    waterfall = stopping_waterfall(
        gross,
        support=gross - net,
        lump_sum=lump,
        pressure=pressure,
        holding_cost=holding,
        stop_cost=stopping,
        restart_cost=restarting,
        exit_cost=closing,
        sigma=sigma,
        discount_rate=rho,
        drift=drift,
        kappa=kappa,
        theta=theta,
    )
    result = StoppingPrices(
        industry=industry,
        plants=tuple(plant.name for plant in industry.plants),
        gross_cash_cost_per_t=_frozen(gross),
        net_cash_cost_per_t=_frozen(net),
        p_stop_per_t=options.p_stop,
        p_restart_per_t=options.p_restart,
        p_exit_per_t=options.p_exit,
        behaviour=tuple(_WORDS[int(place)] for place in options.regime),
        waterfall=waterfall,
        certificate=_UNCHECKED,
    )
    certificate = verify_stopping(result)
    if check == OnFailure.RAISE and not certificate.holds:
        raise _rejected(industry, certificate)
    return dataclasses.replace(result, certificate=certificate)


@verify.register
@reads(name="verify")
def _(result: StoppingPrices, tolerance: Positive | None = None) -> SwitchingCertificate:
    return verify_stopping(result, tolerance or result.certificate.tolerance or 1e-6)


def _rejected(industry: Industry, certificate: SwitchingCertificate) -> CertificateFailed:
    wrong = ", ".join(
        f"{item.name} {item.value:.2g} (allowed {item.tolerance:g})" for item in certificate.checks if not item.holds
    )
    return CertificateFailed(
        f"plant {industry.plants[certificate.worst_plant].name!r}: its prices do not pass their check: {wrong}; "
        'ask with check="report" to see the answer all the same'
    )


def _check_status(industry: Industry, status: NDArray[np.int64]) -> None:
    found = {int(code) for code in status if code != SOLVED}
    if not found:
        return
    name = industry.plants[int(np.flatnonzero(status != SOLVED)[0])].name
    if INFINITE in found:
        raise InputError(
            [
                Problem(
                    where=f"industry {industry.name!r}, process.drift",
                    found="a price that returns to its mean so slowly that for ever is worth a billion times as much",
                    needed="a drift below the discount rate, or a faster return",
                )
            ]
        )
    if INVALID in found and not industry.discount_rate > 0.0:
        raise InputError(
            [
                Problem(
                    where=f"industry {industry.name!r}, discount_rate",
                    found=f"{industry.discount_rate:g}",
                    needed="a rate above 0: otherwise what comes later counts no less, and for ever is worth no number",
                )
            ]
        )
    if INVALID in found:
        raise InputError(
            [
                Problem(
                    where=f"plant {name!r}",
                    found="costs of stopping and restarting that sum to less than 0, or a number that is not finite",
                    needed="stop_cost_per_t + restart_cost_per_t of 0 or more and finite costs",
                )
            ]
        )
    raise CertificateFailed(f"plant {name!r}: no stopping and restart price was found; look at its switching costs")


def _frozen(array: Floats) -> Floats:
    result = np.ascontiguousarray(array)
    result.setflags(write=False)
    return result
