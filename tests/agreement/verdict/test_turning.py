"""Where a verdict turns, against meetings held at the places found, and the fewest obstacles that stand in the way."""

from dataclasses import replace

import pytest

from potline.agreement import attribution, meeting, turning_points
from potline.cases import Case, Factor, Meeting
from potline.industry import Change, Industry, LinearDemand, Plant, PriceProcess


def twins(least_cut_kt: float = 100.0, *factors: Factor) -> Case:
    industry = Industry(
        name="twins",
        price_per_t=10.0,
        process=PriceProcess(volatility=0.2),
        demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        plants=tuple(Plant(name=name, firm=name, capacity_kt=100.0, other_cost_per_t=9.5) for name in "AB"),
    )
    table = Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=least_cut_kt)
    return Case(name="twins", industry=industry, meeting=table, factors=factors)


SIZE = Factor(name="least cut", path="meeting.least_cut_kt", low=20.0, central=100.0, high=120.0)
STRETCH = Factor(name="elasticity", path="demand.elasticity", low=0.4, central=0.5, high=0.6)


def verdict(case: Case, factor: Factor, value: float) -> str:
    changed = replace(case.under(factor.change(value)), factors=())
    return meeting(changed, draws=0).verdict


def test_the_verdict_turns_where_it_is_said_to():
    case = twins(100.0, STRETCH, SIZE)
    first, second = turning_points(case)
    assert (first.factor, first.turns) == ("least cut", True)
    assert verdict(case, SIZE, first.stated) == "no agreement"
    assert verdict(case, SIZE, first.value) == "agreement"
    assert verdict(case, SIZE, first.value + 0.1) == "no agreement"
    assert first.share_of_range == pytest.approx((100.0 - first.value) / 80.0)
    assert (second.factor, second.turns) == ("elasticity", False)
    assert {verdict(case, STRETCH, value) for value in (0.4, 0.5, 0.6)} == {"no agreement"}


def test_an_agreement_turns_as_well():
    case = twins(40.0, replace(SIZE, central=40.0, low=20.0, high=120.0))
    assert meeting(case, draws=0).verdict == "agreement"
    (point,) = turning_points(case)
    assert point.turns
    assert verdict(case, SIZE, point.value) == "no agreement"


def test_margin_at_the_end_of_the_range_is_that_of_a_meeting_held_there():
    case = twins(100.0, STRETCH)
    (point,) = turning_points(case)
    there = meeting(replace(case.under(Change(path=STRETCH.path, value=point.best_end)), factors=()), draws=0)
    assert point.margin_m_per_year == pytest.approx(there.margin_m_per_year, rel=1e-9)


def test_nothing_to_move_and_nothing_in_the_way():
    assert turning_points(twins(100.0)) == ()
    assert attribution(twins(40.0)).enough == ()


def test_the_fewest_obstacles_that_stand_in_the_way():
    case = twins(100.0)
    assert meeting(case, draws=0).verdict == "no agreement"
    found = attribution(case)
    assert found.enough == ("free riding",)
    assert found.freed_m_per_year >= 0.0
