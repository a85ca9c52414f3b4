"""Set a case so that one of its numbers compares as wanted with what its usual range is about."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from potline.cases import Case, Factor, PlantNoise
from potline.industry import Change, ImportParity, LumpSum, PowerSubsidy, StatePurchase
from potline.plausibility.members import readings_of_members
from potline.plausibility.numbers import readings_of_case
from potline.plausibility.readings import Readings


def reading(case: Case, field: str) -> Readings:
    """Return the readings of a field that has some."""
    every = (*readings_of_case(case), *readings_of_members(case))
    return next(item for item in every if item.field == field and item.values.size)


def put(case: Case, field: str, wanted: float) -> tuple[Case, Mapping[str, float]]:
    """Return the case with the first number of a field moved until it compares as wanted, and what is asked."""
    if field.startswith("asked."):
        return case, {field.removeprefix("asked."): _asked(case, field, wanted)}
    if field in _OWN:
        return _OWN[field](case, wanted), {}
    found = reading(case, field)
    path, value, compared = found.path(0), found.values[0], found.compared[0]
    if compared == 0.0:
        case = case.under(Change(path=path, value=1.0))
        found = reading(case, field)
        place = [found.path(place) for place in range(found.values.size)].index(path)
        value, compared = found.values[place], found.compared[place]
    return case.under(Change(path=path, value=value / compared * wanted)), {}


def _asked(case: Case, field: str, wanted: float) -> float:
    price = case.industry.price_per_t
    if field in ("asked.price", "asked.trigger_price"):
        return wanted * case.industry.with_vat(price)
    return wanted * price if field == "asked.premium_per_t" else wanted


def _balance(case: Case, wanted: float) -> Case:
    running = sum(plant.running_kt for plant in case.industry.plants)
    return case.under(Change(path="demand.quantity_kt", value=running / wanted))


def _utilisation(case: Case, wanted: float) -> Case:
    running = sum(plant.running_kt for plant in case.industry.plants)
    built = sum(plant.capacity_kt for plant in case.industry.plants)
    share = wanted * built / running
    return case.under(
        Change(path="plant[*].running_kt", operation="multiply", value=share),
        Change(path="demand.quantity_kt", operation="multiply", value=share),
    )


def _gross(case: Case, wanted: float) -> Case:
    found = reading(case, "plant.gross_cash_cost")
    more = (wanted - found.compared[0]) * case.industry.price_per_t
    return case.under(Change(path=f"plant[{found.member(0).name}].other_cost_per_t", operation="add", value=more))


def _beside(field: str) -> Callable[[Case, float], Case]:
    """Move twice: on its new side of the median a number leaves it where it is."""

    def moved(case: Case, wanted: float) -> Case:
        for _ in range(2):
            found = reading(case, field)
            case = case.under(Change(path=found.path(0), value=found.values[0] / found.compared[0] * wanted))
        return case

    return moved


def _exit(case: Case, wanted: float) -> Case:
    plant = case.industry.plants[0]
    return case.under(
        Change(path=f"plant[{plant.name}].exit_cost_per_t", value=wanted * case.industry.price_per_t)
    )  # fmt: skip


def _ore(case: Case, wanted: float) -> Case:
    found = reading(case, "ore.cost")
    more = (wanted - found.compared[0]) * found.values[0] / found.compared[0]
    return case.under(Change(path=found.path(0), operation="add", value=more))


def _parity(field: str) -> Callable[[Case, float], Case]:
    def moved(case: Case, wanted: float) -> Case:
        found = reading(case, field)
        parity = case.industry.trade.parity if field.startswith("trade") else _input_parity(case)
        assert parity is not None
        rate = parity.exchange_rate * (1.0 + parity.duty_share)
        more = (wanted - found.compared[0]) * parity.price_per_t / found.compared[0] / rate
        return case.under(Change(path=found.path(0), operation="add", value=more))

    return moved


def _input_parity(case: Case) -> ImportParity | None:
    return case.industry.input_market.parity if case.industry.input_market is not None else None


def _noise(case: Case, wanted: float) -> Case:
    level = wanted * case.industry.price_per_t
    noise = PlantNoise(common_per_t=case.noise.common_per_t, plant_per_t=(level,) * len(case.industry.plants))
    return dataclasses.replace(case, noise=noise)


def _project(case: Case, wanted: float) -> Case:
    first = dataclasses.replace(case.industry.projects[0], capacity_kt=wanted)
    industry = dataclasses.replace(case.industry, projects=(first, *case.industry.projects[1:]))
    return dataclasses.replace(case, industry=industry)


def _policy(kind: type, name: str) -> Callable[[Case, float], Case]:
    def moved(case: Case, wanted: float) -> Case:
        found = reading(case, f"policy.{name}")
        scale = found.values[0] / found.compared[0] if found.compared[0] else 1.0
        one = found.member(0)
        assert isinstance(one, kind)
        changed = dataclasses.replace(one, **{name: scale * wanted})
        others = tuple(changed if policy is one else policy for policy in case.other_policies)
        applied = tuple(changed if policy is one else policy for policy in case.industry.policies)
        industry = dataclasses.replace(case.industry, policies=applied)
        return dataclasses.replace(case, industry=industry, other_policies=others)

    return moved


def _factor(case: Case, wanted: float) -> Case:
    wide = Factor(name="one", path="plant[*].interest_per_t", operation="multiply", low=1.0, central=1.0, high=1.0)
    ends = {"low": wanted} if wanted < 1.0 else {"high": wanted}
    return dataclasses.replace(case, factors=(dataclasses.replace(wide, **ends),))


_OWN: dict[str, Callable[[Case, float], Case]] = {
    "state.balance": _balance,
    "industry.utilisation": _utilisation,
    "plant.gross_cash_cost": _gross,
    "plant.exit_cost_per_t": _exit,
    "plant.power_use_beside_others": _beside("plant.power_use_beside_others"),
    "plant.input.use_beside_others": _beside("plant.input.use_beside_others"),
    "ore.cost": _ore,
    "trade.parity": _parity("trade.parity"),
    "input_market.parity": _parity("input_market.parity"),
    "noise.plant_per_t": _noise,
    "project.capacity_kt": _project,
    "policy.support_per_kwh": _policy(PowerSubsidy, "support_per_kwh"),
    "policy.money_m_per_year": _policy(LumpSum, "money_m_per_year"),
    "policy.quantity_kt": _policy(StatePurchase, "quantity_kt"),
    "policy.price_per_t": _policy(StatePurchase, "price_per_t"),
    "factor.multiply": _factor,
}
