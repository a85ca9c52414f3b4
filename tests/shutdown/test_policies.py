"""What each policy does to the plants it reaches."""

from __future__ import annotations

import dataclasses

import pytest

from potline.cases import Case, load
from potline.industry import PowerSubsidy
from potline.shutdown import policy_effects, stopping_prices


@pytest.fixture
def case() -> Case:
    return load("china-aluminium-2013")


@pytest.mark.parametrize("name", ["Old [1969]", 'The "new" one', "A=B", "Angang Steel Co., Ltd.", "*", "]. [", " A"])
def test_a_plant_of_any_name_is_reached(case: Case, name: str) -> None:
    """The name stands between the brackets of a path, in quotes where it holds some itself."""
    first, *rest = case.industry.plants
    renamed = dataclasses.replace(first, name=name)
    support = PowerSubsidy(name="cheap power", government=first.government, plants=(name,), support_per_kwh=0.02)
    industry = dataclasses.replace(case.industry, plants=(renamed, *rest), policies=())
    moved = dataclasses.replace(case, industry=industry, other_policies=(support,))
    (found,) = policy_effects(moved, stopping_prices(industry))
    assert (found.plants, found.capacity_kt) == (1, first.capacity_kt)
    saved = 0.02 * first.power_use_kwh_per_t
    assert found.net_cost_without_per_t - found.net_cost_with_per_t == pytest.approx(saved)
    assert found.stop_with_per_t < found.stop_without_per_t
