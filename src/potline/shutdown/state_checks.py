"""Check a state from the nouns of its industry and the figures that it states, without the code that found it."""

from __future__ import annotations

__all__ = ["verify_state"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.choices import StateStatus
from potline.industry import Industry, IsoelasticDemand, PriceProcess, StatePurchase
from potline.shutdown.observed import ObservedState
from potline.shutdown.verify import verify_switching
from potline.verification import Check, Checked

Floats = NDArray[np.float64]
_CLOSE, _TABLES = 1e-9, 1e-6
_SAME = 1e-10
_OVER = 1.02
_STILL = PriceProcess(volatility=0.0)


def verify_state(result: ObservedState, tolerance: float = 1e-6) -> Checked:
    """Return the certificate of a state: its prices as switching has them, and what follows from them line by line.

    What is not explained is the least: with it a plant stops at the price itself, without it above.

    Args:
        result: the state.
        tolerance: the largest share of a price that a stopping or restart price may be off.
    """
    industry = result.industry
    process, price = industry.process or _STILL, industry.price_per_t
    close = _TABLES if process.kappa > 0.0 else _CLOSE
    whole, part = _costs(industry)
    less = result.not_explained_per_t
    if any(item.shape != whole.shape for item in (less, result.stop_per_t, result.running_kt)):
        return Checked((Check(name="shape", value=math.inf, tolerance=0.0, unit="plants"),))
    rows = [
        *_switching(industry, np.stack([whole, part, whole - less]), result.thresholds_per_t, tolerance),
        *_lines(result),
    ]
    full, held = result.thresholds_per_t[0, 0], result.thresholds_per_t[2, 0]
    runs = (result.running_kt > 0.0) & np.isfinite(result.running_kt)
    over = runs & (full > price * (1.0 + _SAME))
    wedge = np.where(over, np.where(less > 0.0, np.abs(held - price) / price, np.inf), np.abs(less) / price)
    rows.append(
        _row("not explained", wedge, close, "at the least it stops at the price itself, and only where it would")
    )
    rows.append(Check(name="status", value=float(result.status != _status(result, over)), tolerance=0.0))
    return Checked(tuple(dataclasses.replace(row, name=f"state: {row.name}") for row in rows))


def _row(name: str, gaps: Floats, tolerance: float, method: str = "") -> Check:
    """Return a check of the largest gap, of which one that is no number is none that holds."""
    value = float(np.max(np.where(np.isnan(gaps), np.inf, gaps), initial=0.0))
    return Check(name=name, value=value, tolerance=tolerance, method=method)


def _costs(industry: Industry) -> tuple[Floats, Floats]:
    """Return what running all of each plant costs as switching counts it, and a part of it."""
    whole: list[float] = []
    part: list[float] = []
    for plant in industry.plants:
        cost = plant.gross_cash_cost_per_t(industry.own_inputs) - plant.support_total_per_t - plant.pressure_per_t
        whole.append(cost - plant.lump_sum_per_t)
        part.append(whole[-1] if plant.lump_sum_pro_rata else cost)
    return np.array(whole), np.array(part)


def _switching(industry: Industry, cost: Floats, thresholds: Floats, tolerance: float) -> tuple[Check, ...]:
    law, every = industry.process or _STILL, np.ones(cost.size)
    terms = ("holding_cost", "stop_cost", "restart_cost", "exit_cost")
    return verify_switching(
        running_cost=cost.ravel(),
        **{name: np.tile([getattr(plant, f"{name}_per_t") for plant in industry.plants], 3) for name in terms},
        sigma=law.volatility * every,
        drift=law.drift * every,
        kappa=law.kappa * every,
        theta=(math.log(law.mean_price_per_t) if law.kappa > 0.0 else 0.0) * every,
        discount_rate=industry.discount_rate * every,
        thresholds=np.moveaxis(thresholds, 1, 2).reshape(-1, 3),
        tolerance=tolerance,
    ).checks


def _lines(result: ObservedState) -> tuple[Check, ...]:
    """Return checks of what runs and stands idle, and of the price that each line is tested by."""
    plants = result.industry.plants
    running, idle, idle_beyond = (np.zeros(len(plants)) for _ in range(3))
    built = np.array([plant.capacity_kt for plant in plants])
    for k, plant in enumerate(plants):
        running[k] = plant.running_kt
        if math.isfinite(plant.capacity_kt):
            own = plant.availability_share
            share = result.industry.availability_share if math.isnan(own) else own
            room = plant.capacity_kt - plant.commissioning_kt
            idle[k] = max(room * share - plant.running_kt, 0.0)
            idle_beyond[k] = max(room - plant.running_kt, 0.0) - idle[k]
    scale = max(float(running[np.isfinite(running)].sum()), 1.0)
    kt = [(result.running_kt, running), (result.idle_kt, idle), (result.unavailable_kt, idle_beyond)]
    with np.errstate(invalid="ignore"):
        tonnes = [np.where(said == right, 0.0, np.abs(said - right) / scale) for said, right in kt]
    runs, stands = (running > 0.0) & np.isfinite(running), idle > _CLOSE * built
    stop = np.where(runs, result.thresholds_per_t[0, 0], np.nan)
    restart = np.where(stands, result.thresholds_per_t[1, 1], np.nan)
    tested = [_differ(result.stop_per_t, stop), _differ(result.restart_per_t, restart)]
    return (
        _row("tonnes", np.concatenate(tonnes), _CLOSE, "what runs, stands idle and can run, plant by plant"),
        _row("prices tested by", np.concatenate(tested), 0.0, "all of what runs, a part where it stands idle"),
    )


def _differ(said: Floats, right: Floats) -> Floats:
    """Return 1 where a price is not the one that it should be, or one where there should be none."""
    return np.where((said == right) | (np.isnan(said) & np.isnan(right)), 0.0, 1.0)


def _status(result: ObservedState, over: NDArray[np.bool_]) -> StateStatus:
    industry = result.industry
    demand, price = industry.demand, industry.price_per_t
    if isinstance(demand, IsoelasticDemand):
        bought = demand.quantity_kt * (price / demand.price_per_t) ** -demand.elasticity
    else:
        bought = max(demand.quantity_kt * (1.0 - demand.elasticity * (price / demand.price_per_t - 1.0)), 0.0)
    taken = bought + sum(item.quantity_kt for item in industry.policies if isinstance(item, StatePurchase))
    if price <= industry.trade.export_floor_per_t * (1.0 + _CLOSE):
        taken = math.inf
    if not abs(result.taken_kt - taken) <= _CLOSE * taken and result.taken_kt != taken:
        return StateStatus.NOTHING if result.explained else StateStatus.HOLDS
    if float(result.running_kt.sum()) > _OVER * taken:
        return StateStatus.NOTHING
    under = result.restart_per_t < price * (1.0 - _SAME)
    return StateStatus.PARTLY if over.any() or under.any() else StateStatus.HOLDS
