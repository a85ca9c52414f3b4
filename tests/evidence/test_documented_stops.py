"""Documented stops beside the model: by hand, at limits, refused, and every figure of them spoiled."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.errors import InputError


def event(name="spring", kind="stopped", moved=80.0, price=100.0, **fields):
    given = dict.fromkeys(("moved_kt", "moved_low_kt", "moved_high_kt"), moved)
    given |= dict.fromkeys(("price_per_t", "price_low_per_t", "price_high_per_t"), price)
    return pot.DocumentedStop(event=name, month="2013-03", kind=kind, **(given | fields))


def case_of(*events, volatility=0.2, factors=(), window=(), **costs):
    plants = tuple(
        pot.Plant(name=name, firm=name, capacity_kt=100.0, running_kt=running, other_cost_per_t=cost, **costs)
        for name, cost, running in (("A", 90.0, 100.0), ("B", 120.0, 60.0), ("C", 110.0, 40.0), ("D", 130.0, 0.0))
    )
    demand = pot.LinearDemand(price_per_t=100.0, quantity_kt=200.0, elasticity=0.5)
    industry = pot.Industry(
        name="four", plants=plants, discount_rate=0.1, demand=demand, process=pot.PriceProcess(volatility=volatility)
    )
    return pot.Case(name="four", industry=industry, documented_stops=events, factors=factors, window=window)


def test_without_switching_costs_lines_stop_where_the_price_is_below_cost():
    plants = ("A", "C")
    found = pot.documented_stops(
        case_of(
            event(),
            event("part", plants=plants, moved=40.0, price_low_per_t=85.0, price_high_per_t=115.0),
            event("none", "ran_on", math.nan, 125.0),
            event("more than ran", moved=500.0),
            event("forced", not_tested="forced"),
        )
    )
    whole, part, none, more = found.tests
    assert (whole.model_kt, whole.threshold_per_t) == (100.0, pytest.approx(110.0))
    assert not whole.agrees
    assert (part.plants, part.running_kt.tolist()) == (plants, [100.0, 40.0])
    assert (part.model_least_kt, part.model_kt, part.model_most_kt) == (0.0, 40.0, 140.0)
    assert part.agrees
    assert (none.model_kt, none.threshold_per_t) == (0.0, pytest.approx(120.0))  # D does not run
    assert none.agrees
    assert none.could_hardly_fail
    assert math.isnan(more.threshold_per_t)
    assert [one.event for one in found.listed] == ["forced"]
    assert found.certificate.holds


def test_stopping_prices_are_those_of_the_public_verb():
    case = case_of(
        event(), stop_cost_per_t=5.0, restart_cost_per_t=20.0, holding_cost_per_t=3.0, lump_sum_m_per_year=0.1
    )
    found = pot.documented_stops(case).tests[0]
    stops = pot.stopping_prices(case.industry)
    np.testing.assert_allclose(found.thresholds_per_t[0], stops.p_stop_per_t, rtol=1e-12)
    np.testing.assert_allclose(found.thresholds_per_t[1], stops.p_restart_per_t, rtol=1e-12)


def test_each_input_is_that_of_the_case_with_it_set():
    factors = (
        pot.Factor(name="restart cost", path="plant[*].restart_cost_per_t", low=0.0, central=20.0, high=60.0),
        pot.Factor(name="volatility", path="process.volatility", low=0.05, central=0.2, high=0.3),
        pot.Factor(name="elasticity", path="demand.elasticity", low=0.2, central=0.5, high=0.9),
    )
    case = case_of(event(), factors=factors, stop_cost_per_t=1.0, restart_cost_per_t=20.0, holding_cost_per_t=3.0)
    found = pot.documented_stops(case)
    assert found.inputs == ("restart cost", "volatility")  # demand moves no stopping price
    test = found.tests[0]
    for one, factor in zip(test.by_input, factors, strict=False):
        for end, kt, price in (
            (one.low, one.low_kt, one.low_threshold_per_t),
            (one.high, one.high_kt, one.high_threshold_per_t),
        ):
            moved = pot.documented_stops(case.under(factor.change(end))).tests[0]
            assert (kt, price) == (moved.model_kt, pytest.approx(moved.threshold_per_t, rel=1e-12))
    both = case.under(*(factor.change(end) for factor, end in zip(factors, test.together, strict=False)))
    assert test.together == (0.0, 0.05)
    assert test.together_threshold_per_t == pytest.approx(pot.documented_stops(both).tests[0].threshold_per_t)
    assert pot.documented_stops(case, inputs=["volatility"]).inputs == ("volatility",)


def test_an_event_is_asked_of_the_lines_and_numbers_of_its_month():
    fact = pot.MonthFact(month="2013-03", path="plant[D].running_kt", value=50.0, low=50.0, high=50.0)
    dearer = event("dearer", otherwise=("plant[A].other_cost_cur_per_t=140",))
    first, second = pot.documented_stops(case_of(event(), dearer, window=(fact,))).tests
    assert (first.model_kt, second.model_kt) == (150.0, 250.0)


STILL = dataclasses.replace(case_of().industry, process=None)


@pytest.mark.parametrize(
    ("case", "inputs", "said"),
    [
        (case_of(), (), "found no documented stop"),
        (dataclasses.replace(case_of(event()), industry=STILL), (), "no price process"),
        (case_of(event()), ("wind",), "input 'wind': found"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(case, inputs, said):
    with pytest.raises(InputError, match=said):
        pot.documented_stops(case, inputs=inputs)


def test_an_event_that_is_tested_needs_a_price():
    with pytest.raises(InputError, match="needed a price, or why the model is not asked"):
        event(price=math.nan)


def test_every_figure_is_looked_at():
    factors = (pot.Factor(name="restart cost", path="plant[*].restart_cost_per_t", low=0.0, central=20.0, high=60.0),)
    events = (event(price_low_per_t=95.0, price_high_per_t=105.0), event("ran on", "ran_on", math.nan, 95.0))
    case = case_of(*events, factors=factors, stop_cost_per_t=1.0, restart_cost_per_t=20.0, holding_cost_per_t=3.0)
    assert_caught(spoil(pot.documented_stops(case), question=("case",)))


def test_an_event_left_out_and_one_of_another_case_are_seen():
    found = pot.documented_stops(case_of(event(), event("again")))
    assert found.certificate.holds
    assert not pot.verify(dataclasses.replace(found, tests=found.tests[:1])).holds
    assert not pot.verify(dataclasses.replace(found, case=case_of(event(price=90.0), event("again")))).holds
    with pytest.raises(InputError, match="tolerance"):
        pot.verify(found, tolerance=0.1)


def test_the_flagship_says_what_it_misses():
    found = pot.documented_stops(pot.load("china-aluminium-2013"))
    assert found.certificate.holds
    assert (len(found.tests), len(found.listed)) == (10, 11)
    qujing = next(test for test in found.tests if test.event.event == "Qujing 2013")
    assert qujing.plants == ("Qujing",)
    assert not qujing.agrees
    late = pot.documented_stops(pot.load("china-aluminium-2015"))
    assert [test.agrees for test in late.tests] == [True]
