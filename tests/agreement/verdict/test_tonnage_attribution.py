"""What keeps the largest cut that holds small: each set of removals against a case in which the obstacles are gone."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.agreement.verdict.test_meeting import case_of, small
from tests.agreement.verdict.test_tonnages import three

import potline as pot
from potline.agreement.verdict.obstacles import OBSTACLES
from potline.choices import Belief

Floats = NDArray[np.float64]


def k_star(case: pot.Case, leaving: str) -> float:
    found = pot.tonnages_that_hold(case).set_of("voluntary", leaving)
    return found.k_star_kt if found.intervals else 0.0


def without(case: pot.Case, names: set[str]) -> pot.Case:
    """The case with obstacles that are inputs of plants, or the price's law, or import parity, taken out by hand."""
    gone: dict[str, dict[str, float]] = {
        "switching cost": {"stop_cost_per_t": 0.0, "holding_cost_per_t": 0.0, "restart_cost_per_t": 0.0},
        "support per tonne": {"support_per_t": 0.0},
        "lump sums": {"lump_sum_m_per_year": 0.0},
        "pressure": {"pressure_per_t": 0.0},
    }
    moves = {field: value for name in names for field, value in gone.get(name, {}).items()}
    plants = tuple(dataclasses.replace(plant, **moves) for plant in case.industry.plants)
    industry = dataclasses.replace(case.industry, plants=plants)
    if "waiting value" in names:
        industry = dataclasses.replace(industry, process=pot.PriceProcess(volatility=0.0))
    if "import ceiling" in names:
        industry = dataclasses.replace(industry, trade=pot.Trade())
    return dataclasses.replace(case, industry=industry)


@pytest.fixture(scope="module")
def case() -> pot.Case:
    return case_of(small(ceiling=13_200.0))


@pytest.fixture(scope="module", params=["reoptimise", "keep"])
def found(request: pytest.FixtureRequest, case: pot.Case) -> pot.TonnageAttribution:
    return pot.tonnage_attribution(case, leaving=request.param)


def test_contributions_sum_to_what_all_removals_add(found: pot.TonnageAttribution) -> None:
    assert found.certificate.holds
    assert [item.name for item in found.obstacles] == list(OBSTACLES)
    for parts, kt in (
        ([item.held_kt for item in found.obstacles], found.held_kt),
        ([item.cleared_kt for item in found.obstacles], found.cleared_kt),
    ):
        assert math.fsum(parts) == pytest.approx(kt[-1] - kt[0], abs=1e-9)
    assert found.largest_gap_kt < 1e-9
    assert found.freed_kt > found.k_star_kt


def test_the_ends_are_the_sets_of_tonnages(found: pot.TonnageAttribution, case: pot.Case) -> None:
    assert found.k_star_kt == pytest.approx(k_star(case, found.leaving), abs=1e-9)
    assert found.held_kt[1] == pytest.approx(k_star(case, "collapse"), abs=1e-9)  # free riding alone


@pytest.mark.parametrize(
    "names", [{"pressure"}, {"import ceiling"}, {"waiting value"}, {"support per tonne", "lump sums"},
              {"pressure", "import ceiling"}],
)  # fmt: skip
def test_removing_an_obstacle_is_the_case_without_it(
    found: pot.TonnageAttribution, case: pot.Case, names: set[str]
) -> None:
    place = sum(1 << OBSTACLES.index(name) for name in names)
    there = without(case, names)
    assert found.held_kt[place] == pytest.approx(k_star(there, found.leaving), abs=1e-6)
    assert found.held_kt[place + 1] == pytest.approx(k_star(there, "collapse"), abs=1e-6)


def test_three_owners_as_on_paper() -> None:
    """Pairs hold up to 100 kt; were nobody free to ride, (100 - K / 3) b K = 5 K / 3 gives 250: all is free riding."""
    found = pot.tonnage_attribution(three())
    assert found.k_star_kt == pytest.approx(100.0)
    assert [round(item.held_kt, 6) for item in found.obstacles] == [150.0, *[0.0] * 7]


def test_where_demand_bounds_no_cut_without_a_ceiling_nothing_is_said() -> None:
    industry = small(ceiling=13_200.0)
    quantity = industry.demand.quantity_kt
    demand = pot.IsoelasticDemand(price_per_t=industry.price_per_t, quantity_kt=quantity, elasticity=0.1)
    found = pot.tonnage_attribution(case_of(dataclasses.replace(industry, demand=demand)))
    assert found.certificate.holds
    assert math.isfinite(found.k_star_kt)
    assert math.isnan(found.freed_kt)
    assert all(math.isnan(item.held_kt) for item in found.obstacles)


def shifted(values: Floats) -> Floats:
    return values * 1.01 + 1e-3


def blank(values: Floats) -> Floats:
    return values * np.nan


def short(values: Floats) -> Floats:
    return values[:255]


WAYS = (shifted, blank, short)
WRONG = ("held_kt", "cleared_kt", "held_interval", "cleared_interval")


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("way", WAYS)
def test_a_spoilt_number_is_seen(found: pot.TonnageAttribution, name: str, way: Callable[[Floats], Floats]) -> None:
    wrong = dataclasses.replace(found, **{name: way(getattr(found, name))})
    assert not pot.verify(wrong).holds


def test_spoilt_sets_with_their_sums_made_good_are_seen(found: pot.TonnageAttribution) -> None:
    """All of it 1 % larger adds up: only holding the sets again tells."""
    parts = tuple(
        dataclasses.replace(item, held_kt=1.01 * item.held_kt, cleared_kt=1.01 * item.cleared_kt)
        for item in found.obstacles
    )
    ends = np.array([1.01, 1.01, 1.0, 1.0])
    wrong = dataclasses.replace(
        found, obstacles=parts, held_kt=1.01 * found.held_kt, cleared_kt=1.01 * found.cleared_kt,
        held_interval=found.held_interval * ends, cleared_interval=found.cleared_interval * ends,
        largest_gap_kt=1.01 * found.largest_gap_kt,
    )  # fmt: skip
    failed = [row.name for row in pot.verify(wrong).checks if not row.holds]
    assert failed
    assert not any("contributions" in name for name in failed)


def test_another_question_is_seen(found: pot.TonnageAttribution) -> None:
    other = Belief.KEEP if found.leaving == Belief.REOPTIMISE else Belief.REOPTIMISE
    assert not pot.verify(dataclasses.replace(found, leaving=other)).holds
    assert not pot.verify(dataclasses.replace(found, obstacles=found.obstacles[::-1])).holds
    part = dataclasses.replace(found.obstacles[0], held_kt=found.obstacles[0].held_kt + 1.0)
    assert not pot.verify(dataclasses.replace(found, obstacles=(part, *found.obstacles[1:]))).holds
