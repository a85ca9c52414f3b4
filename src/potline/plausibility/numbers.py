"""The numbers of a case that belong to no plant: price, demand, trade, law of the price, meeting, noise, policies."""

from __future__ import annotations

__all__ = ["readings_of_case"]

import math
from collections.abc import Iterator

from potline.cases import Case
from potline.cases.question import LEVELS
from potline.industry import (
    ELECTRICITY,
    ImportParity,
    Industry,
    LumpSum,
    PowerSubsidy,
    StatePurchase,
)
from potline.plausibility.readings import Readings, of_industry, of_members
from potline.units import millions


def readings_of_case(case: Case) -> Iterator[Readings]:
    """Yield what is read of the industry as a whole, of its meeting, noise and policies."""
    industry = case.industry
    price = industry.price_per_t
    yield of_industry("vat_rate", "vat_rate", industry.vat_rate)
    yield of_industry("discount_rate", "discount_rate", industry.discount_rate)
    yield of_industry("demand.elasticity", "demand.elasticity", industry.demand.elasticity)
    yield from _law(industry)
    yield from _parity("trade.parity", "trade.parity", industry.trade.parity, price)
    floor = industry.trade.export_floor_per_t
    yield of_industry("trade.export_floor_per_t", "trade.export_floor_per_t", floor, _share(floor, price))
    market = industry.input_market
    if market is not None:
        yield from _parity("input_market.parity", "input_market.parity", market.parity, market.price_per_t)
        used = sum(
            plant.running_kt * item.use_per_t
            for plant in industry.plants
            for item in plant.inputs
            if item.product == market.product
        )
        other = market.other_use_kt
        yield of_industry("input_market.other_use_kt", "input_market.other_use_kt", other, _share(other, used))
    built = sum(plant.capacity_kt for plant in industry.plants)
    running = sum(plant.running_kt for plant in industry.plants)
    yield of_industry("industry.utilisation", "running_kt", running, _share(running, built))
    yield from _meeting(case)
    yield from _noise(case)
    yield from _policies(case)


def _law(industry: Industry) -> Iterator[Readings]:
    process = industry.process
    if process is None:
        return
    yield of_industry("process.volatility", "process.volatility", process.volatility)
    yield of_industry("process.drift", "process.drift", process.drift)
    yield of_industry("process.kappa", "process.kappa", process.kappa)
    mean = process.mean_price_per_t
    yield of_industry("process.mean_price_per_t", "process.mean_price_per_t", mean, _share(mean, industry.price_per_t))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else math.nan


def _parity(field: str, path: str, parity: ImportParity | None, price: float) -> Iterator[Readings]:
    if parity is None:
        return
    fob, freight, charges = parity.fob_usd_per_t, parity.freight_usd_per_t, parity.port_charges_per_t
    yield of_industry(field, f"{path}.fob_usd_per_t", fob, _share(parity.price_per_t, price))
    yield of_industry(f"{field}.freight_usd_per_t", f"{path}.freight_usd_per_t", freight, _share(freight, fob))
    yield of_industry(f"{field}.duty_share", f"{path}.duty_share", parity.duty_share)
    yield of_industry(f"{field}.port_charges_per_t", f"{path}.port_charges_per_t", charges, _share(charges, price))


def _meeting(case: Case) -> Iterator[Readings]:
    meeting = case.meeting
    if meeting is None:
        return
    present = set(meeting.owners)
    owned = zip(case.industry.plants, case.industry.plant_owners, strict=True)
    running = sum(plant.running_kt for plant, owner in owned if owner in present)
    yield of_industry("meeting.term_years", "meeting.term_years", meeting.term_years)
    asked = meeting.least_cut_kt
    yield of_industry("meeting.least_cut_kt", "meeting.least_cut_kt", asked, _share(asked, running))


def _noise(case: Case) -> Iterator[Readings]:
    price = case.industry.price_per_t
    common = case.noise.common_per_t
    yield of_industry("noise.common_per_t", "noise.common_per_t", common, _share(common, price))
    largest = max(case.noise.plant_per_t, default=0.0)
    levels = [case.claims.get(f"noise.plant_per_t[{level}]") for level in LEVELS]
    path = next((claim.path for claim in levels if claim and claim.value == largest), "noise.plant_per_t")
    yield of_industry("noise.plant_per_t", path, largest, _share(largest, price))


def _policies(case: Case) -> Iterator[Readings]:
    industry = case.industry
    policies = (*industry.policies, *case.other_policies)
    powers = [item.price_per_unit for plant in industry.plants for item in plant.inputs if item.product == ELECTRICITY]
    power = sum(powers) / len(powers) if powers else math.nan
    subsidies = [policy for policy in policies if isinstance(policy, PowerSubsidy)]
    field = "policy.support_per_kwh"
    yield of_members(field, "policy", "support_per_kwh", subsidies, lambda one: one.support_per_kwh, of=power)
    sales = dict[str, float]()
    for plant in industry.plants:
        sales[plant.firm] = sales.get(plant.firm, 0.0) + millions(plant.running_kt, industry.price_per_t)
    sums = [policy for policy in policies if isinstance(policy, LumpSum)]
    yield of_members(
        "policy.money_m_per_year", "policy", "money_m_per_year", sums,
        lambda one: one.money_m_per_year, lambda one: sales.get(one.firm, math.nan),
    )  # fmt: skip
    bought = [policy for policy in policies if isinstance(policy, StatePurchase)]
    demanded = industry.demand.quantity_kt
    yield of_members("policy.quantity_kt", "policy", "quantity_kt", bought, lambda one: one.quantity_kt, of=demanded)
    price = industry.price_per_t
    yield of_members("policy.price_per_t", "policy", "price_per_t", bought, lambda one: one.price_per_t, of=price)
