"""Limits of what a verdict hangs on: no price, no cost, no width, a trigger at today's price."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
from tests.agreement.tiny import tiny

import potline as pot
from potline.answers import Answers

STILL = pot.Factor(name="still", path="process.volatility", low=0.15, central=0.15, high=0.15)
FLAT = pot.InputRange(input="discount_rate", low=0.1, high=0.1)
LEAST = pot.InputRange(input="meeting.least_cut_kt", low=20.0, high=300.0)


def changed(**fields: Any) -> pot.Case:
    case = tiny()
    return dataclasses.replace(case, industry=dataclasses.replace(case.industry, **fields))


def at_cost(cost: float) -> pot.Case:
    bare = {"inputs": (), "other_cost_per_t": cost, "support_per_t": 0.0, "lump_sum_m_per_year": 0.0}
    plants = tuple(dataclasses.replace(plant, **bare) for plant in tiny().industry.plants)
    return changed(plants=plants, input_market=None)


@pytest.mark.parametrize("price", [0.0, -5.0, math.nan])
@pytest.mark.parametrize("verb", ["meeting", "attribution", "agreement_share", "tornado", "remedy", "trigger_range"])
def test_no_price_is_refused_by_name(verb: str, price: float) -> None:
    found = "none" if math.isnan(price) else f"{price:g}"
    with pytest.raises(pot.InputError) as caught:
        getattr(pot, verb)(changed(price_per_t=price))
    assert str(caught.value) == (
        f"industry.price_per_t: found {found}; needed a price above 0. "
        "Gains and losses of a cut are counted from the price of the date."
    )


def test_obstacles_at_no_cost_are_those_at_hardly_any() -> None:
    none = pot.attribution(at_cost(0.0))
    assert none.certificate.holds
    for cost in (1e-9, 1e-6, 1e-3):
        near = pot.attribution(at_cost(cost))
        assert near.certificate.holds
        assert near.held_margins == pytest.approx(none.held_margins, abs=1.0 * cost + 1e-6)


def test_a_range_without_width_is_refused_by_name() -> None:
    for ask in (
        lambda: pot.stability_map(tiny(), FLAT, LEAST, points=(3, 3)),
        lambda: pot.stability_map(tiny(), LEAST, FLAT, points=(3, 3)),
        lambda: pot.tornado(tiny(), inputs=(LEAST, FLAT)),
    ):
        with pytest.raises(pot.InputError) as caught:
            ask()
        assert str(caught.value) == (
            "input 'discount_rate': found 0.1..0.1; needed a range LOW..HIGH of finite numbers, low below high."
        )


def test_a_factor_without_width_is_refused_by_the_indices_and_left_out_of_a_run() -> None:
    case = dataclasses.replace(tiny(), factors=(STILL, *tiny().factors))
    with pytest.raises(pot.InputError) as caught:
        pot.margin_sensitivity(case, draws=8)
    assert str(caught.value) == (
        "factor 'still': found 0.15..0.15; needed a range LOW..HIGH of finite numbers, low below high. "
        "Leave it out of the case's factors."
    )
    found = Answers(case, draws=128).sensitivity
    assert found is not None
    assert found.factors == ("elasticity", "errors of plants' costs")
    assert found.certificate.holds


def test_a_trigger_at_todays_price_is_a_cut_at_once() -> None:
    at_once = pot.propose(tiny(), pot.Tabled()).margin_m_per_year
    today = tiny().industry.price_per_t
    for short, near in ((0.0, 1e-12), (1e-9, 1e-10), (1e-6, 1e-8), (1e-3, 1e-5)):
        waits = pot.Conditional(proposal=pot.Tabled(), trigger_per_t=today - short)
        found = pot.propose(tiny(), waits)
        assert found.certificate.holds
        assert found.margin_m_per_year == pytest.approx(at_once, rel=near)


@pytest.mark.parametrize("verb", ["meeting", "agreement_share", "margin_sensitivity", "institution_share"])
def test_errors_of_another_number_of_plants_are_refused_by_name(verb: str) -> None:
    case = changed(plants=tiny().industry.plants[:4])
    with pytest.raises(pot.InputError) as caught:
        getattr(pot, verb)(case, draws=8)
    assert str(caught.value) == (
        "noise, plant_per_t: found 5 errors of cost; "
        "needed one for each of the industry's 4 plants, in their order, or none."
    )
