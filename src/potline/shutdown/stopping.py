r"""The price at which each plant stops, restarts and closes, with the waterfall that explains it.

``p_stop`` and ``p_restart`` follow from optimal switching (:mod:`potline.numerics.switching.options`) with running cost
``net cash cost - lump sum per running tonne - pressure``. Prices are without value-added tax; what a stop loses is
that of the whole plant, so the lump sum counts in full.
"""

from __future__ import annotations

__all__ = ["stopping_prices"]

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.choices import OnFailure
from potline.compiled import CompiledIndustry, compile_industry
from potline.errors import CertificateFailed, InputError, Problem
from potline.industry import Industry, PriceProcess
from potline.numerics.switching.options import INFINITE, INVALID, SOLVED, solve_thresholds
from potline.reading import Positive, reads
from potline.shutdown.answer import verify_stopping
from potline.shutdown.idling import terms_of
from potline.shutdown.law import law_of_price
from potline.shutdown.observed import ObservedState
from potline.shutdown.result import StoppingPrices
from potline.shutdown.terms import options_of
from potline.shutdown.verify import SwitchingCertificate
from potline.shutdown.waterfall import Waterfall, stopping_waterfall
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
    state: ObservedState | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> StoppingPrices:
    """Find the stopping, restart and exit price of every plant, and split each stopping price into its causes.

    Args:
        industry: plants, discount rate and price process.
        process: another law of the price, to see what a range of it does; the industry's unless given.
        state: what is not explained of it is taken off the cost of running lines (:func:`potline.state`); costs are
            taken as they are stated unless given.
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
    gross, net = compiled.gross_cash_cost_per_t()[0], compiled.net_cash_cost_per_t()[0]
    lump, pressure = compiled.lump_sum_per_t()[0], compiled.plant("pressure_per_t")[0]
    terms = _terms(compiled)
    less = np.zeros_like(gross) if state is None else _of(industry, state)
    options = solve_thresholds(net - lump - pressure - less, **terms)
    _check_status(industry, options.status)
    idle = np.stack([options.p_stop, options.p_restart, options.p_exit])
    if state is not None:
        idle = _idle(compiled, idle, less)
    waterfall = stopping_waterfall(gross, support=gross - net, lump_sum=lump, pressure=pressure, **terms)
    result = StoppingPrices(
        industry=industry,
        plants=tuple(plant.name for plant in industry.plants),
        gross_cash_cost_per_t=_frozen(gross),
        net_cash_cost_per_t=_frozen(net),
        p_stop_per_t=options.p_stop,
        p_restart_per_t=options.p_restart,
        p_exit_per_t=options.p_exit,
        behaviour=tuple(_WORDS[int(place)] for place in options.regime),
        idle_thresholds_per_t=_frozen(idle),
        state=state,
        waterfall=_down_to(waterfall, options.p_stop) if less.any() else waterfall,
        certificate=_UNCHECKED,
    )
    certificate = verify_stopping(result)
    if check == OnFailure.RAISE and not certificate.holds:
        raise _rejected(industry, certificate)
    return dataclasses.replace(result, certificate=certificate)


def _terms(compiled: CompiledIndustry) -> dict[str, Any]:
    """Return what switching costs each plant, and the law of the price."""
    law = law_of_price(compiled)
    costs = {f"{name}_cost": compiled.plant(f"{name}_cost_per_t")[0] for name in ("holding", "stop", "restart", "exit")}
    return costs | {name: getattr(law, name)[0, 0] for name in ("sigma", "drift", "kappa", "theta", "discount_rate")}


def _of(industry: Industry, state: ObservedState) -> Floats:
    """Return what a state leaves not explained, plant by plant of an industry."""
    names, known = ([plant.name for plant in one.plants] for one in (industry, state.industry))
    if names != known:
        where, found = "stopping_prices, state", f"a state of other plants ({len(known)})"
        raise InputError([Problem(where=where, found=found, needed="one of the same plants in the same order")])
    return state.not_explained_per_t


def _idle(compiled: CompiledIndustry, own: Floats, less: Floats) -> Floats:
    """Return the three prices of idle lines: those of all of a plant where nothing tells its idle part apart."""
    terms = terms_of(compiled, 1.0)
    apart = (less > 0.0) | (terms.lumpy & (compiled.restartable_kt()[0] > 0.0))
    if not apart.any():
        return own
    found = options_of(terms, terms.part_cost[:, apart], apart)
    result = own.copy()
    result[:, apart] = np.stack([found.p_stop[0], found.p_restart[0], found.p_exit[0]])
    return result


def _down_to(fall: Waterfall, stop: Floats) -> Waterfall:
    """Return a waterfall that ends at the price at which plants are seen to run."""
    return dataclasses.replace(fall, not_explained_per_t=_frozen(fall.p_stop_per_t - stop), p_stop_per_t=stop)


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
