"""What each policy does to the plants it reaches: cost, capacity under water, and the price at which they stop."""

from __future__ import annotations

__all__ = ["PolicyEffect", "policy_effects"]

import dataclasses
from dataclasses import dataclass

import numpy as np

from potline.cases import Case
from potline.choices import OnFailure
from potline.industry import Industry, LumpSum, PowerSubsidy, parse_path, policy_changes
from potline.shutdown.result import StoppingPrices
from potline.shutdown.stopping import stopping_prices


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEffect:
    """A policy with and without it, all else as at the case's date; averages over capacity of the plants it reaches.

    Attributes:
        policy: name.
        kind: ``per tonne`` or ``lump sum``.
        in_force: at the case's date.
        plants: number reached.
        capacity_kt: theirs.
        net_cost_without_per_t, net_cost_with_per_t: net cash cost, money/t without tax.
        stop_without_per_t, stop_with_per_t: stopping price, money/t without tax.
        under_water_without_kt, under_water_with_kt: capacity whose cash cost is above the price.
    """

    policy: str
    kind: str
    in_force: bool
    plants: int
    capacity_kt: float
    net_cost_without_per_t: float
    net_cost_with_per_t: float
    stop_without_per_t: float
    stop_with_per_t: float
    under_water_without_kt: float
    under_water_with_kt: float


def policy_effects(case: Case, stops: StoppingPrices) -> tuple[PolicyEffect, ...]:
    """Return the effect of every power price cut and lump sum of a case, those not in force as if they were.

    One not in force that would reach nothing, a lump sum to a firm that runs no plant, has none.
    """
    running = {(plant.firm, plant.government) for plant in case.industry.plants if plant.running_kt > 0.0}
    held = [(policy, True) for policy in case.industry.policies]
    found: list[PolicyEffect] = []
    for policy, in_force in [*held, *((policy, False) for policy in case.other_policies)]:
        if isinstance(policy, PowerSubsidy):
            undone: PowerSubsidy | LumpSum = dataclasses.replace(policy, support_per_kwh=-policy.support_per_kwh)
        elif isinstance(policy, LumpSum):
            if not any(policy.firm == firm and policy.government in ("", where) for firm, where in running):
                continue
            undone = dataclasses.replace(policy, money_m_per_year=-policy.money_m_per_year)
        else:
            continue
        reached = {dict(parse_path(change.path).where)["name"] for change in policy_changes(case.industry, policy)}
        other = stopping_prices(
            case.industry.under(undone if in_force else policy), state=stops.state, check=OnFailure.REPORT
        )
        with_it, without = (stops, other) if in_force else (other, stops)
        found.append(_effect(case.industry, policy, in_force, reached, with_it, without))
    return tuple(found)


def _effect(
    industry: Industry,
    policy: PowerSubsidy | LumpSum,
    in_force: bool,
    reached: set[str],
    with_it: StoppingPrices,
    without: StoppingPrices,
) -> PolicyEffect:
    chosen = np.array([plant.name in reached for plant in industry.plants], dtype=np.bool_)
    capacity = np.where(chosen, [plant.capacity_kt for plant in industry.plants], 0.0)
    weight = capacity / max(float(capacity.sum()), 1e-300)
    return PolicyEffect(
        policy=policy.name,
        kind="lump sum" if isinstance(policy, LumpSum) else "per tonne",
        in_force=in_force,
        plants=int(chosen.sum()),
        capacity_kt=float(capacity.sum()),
        net_cost_without_per_t=float(without.net_cash_cost_per_t @ weight),
        net_cost_with_per_t=float(with_it.net_cash_cost_per_t @ weight),
        stop_without_per_t=float(without.p_stop_per_t @ weight),
        stop_with_per_t=float(with_it.p_stop_per_t @ weight),
        under_water_without_kt=float(capacity[without.net_cash_cost_per_t > industry.price_per_t].sum()),
        under_water_with_kt=float(capacity[with_it.net_cash_cost_per_t > industry.price_per_t].sum()),
    )
