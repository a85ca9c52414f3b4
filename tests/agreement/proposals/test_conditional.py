"""Cuts that wait for a price: what they come to, and at which triggers they hold."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

import potline as pot
from potline.agreement import (
    Announced,
    CapacityOffLine,
    Conditional,
    CostOrder,
    Maintenance,
    Tabled,
    meeting,
    propose,
    trigger_range,
)
from potline.agreement.proposals.conditional import fallen, fallen_to, stopping_now
from potline.agreement.table.points import margins_at
from potline.agreement.table.question import question_of
from potline.cases import Case, Meeting
from potline.choices import Belief
from potline.errors import InputError
from potline.industry import ImportParity, Industry, LinearDemand, Plant, PriceProcess, Trade

ROWS = (("North", 600.0, 500.0, 9600.0), ("East", 400.0, 400.0, 11_000.0), ("South", 330.0, 300.0, 12_300.0))


def trio(
    *, least: float = 150.0, drift: float = 0.0, kappa: float = 0.0, mean: float = 12_000.0, ceiling: float = 14_000.0
) -> Case:
    owners = tuple(row[0] for row in ROWS)
    industry = Industry(
        name="trio",
        price_per_t=12_500.0,
        discount_rate=0.1,
        process=PriceProcess(volatility=0.2, drift=drift, kappa=kappa, mean_price_per_t=mean),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1200.0, elasticity=0.5),
        trade=Trade(parity=ImportParity(fob_usd_per_t=ceiling / 6.0, exchange_rate=6.0)),
        plants=tuple(
            Plant(
                name=name, firm=name, capacity_kt=size, running_kt=runs, other_cost_per_t=cost,
                stop_cost_per_t=200.0, holding_cost_per_t=200.0, restart_cost_per_t=600.0,
            )
            for name, size, runs, cost in ROWS
        ),
    )  # fmt: skip
    return Case(
        name="trio", industry=industry, meeting=Meeting(date="", firms=owners, owners=owners, least_cut_kt=least)
    )


PLAIN = [
    Tabled(),
    CostOrder(total_kt=500.0),
    CapacityOffLine(share=0.2),
    Announced(cuts_kt=(("North", 150.0), ("East", 60.0))),
    Maintenance(total_kt=200.0, limit_kt=20.0),
]


def test_what_the_meeting_tables_is_the_meeting():
    case = pot.load("china-aluminium-2013")
    whole = meeting(case, draws=0)
    for baseline in ("observed", "nash"):
        for leaving in ("keep", "respread", "collapse"):
            held = whole.margin(baseline=baseline, leaving=leaving)
            found = propose(case, Tabled(), baseline=baseline, leaving=leaving)
            assert found.margin_m_per_year == pytest.approx(held.margin_m_per_year, rel=1e-12)
            assert found.group == held.coalition


@pytest.mark.parametrize("plain", PLAIN)
@pytest.mark.parametrize("trigger", [12_500.0, 15_000.0])
def test_a_trigger_at_or_above_todays_price_is_the_plain_proposal(plain, trigger):
    case = trio()
    waits = propose(case, Conditional(proposal=plain, trigger_per_t=trigger, window_years=0.5))
    at_once = propose(case, plain)
    law = waits.condition
    assert law is not None
    assert law.met_today
    assert (law.probability, law.expected_years, law.discount, law.stopped_kt) == (1.0, 0.0, 1.0, 0.0)
    assert law.discounted_margin_m_per_year == at_once.margin_m_per_year
    assert waits.margin_m_per_year == at_once.margin_m_per_year
    assert np.array_equal(waits.gain_m_per_year, at_once.gain_m_per_year)


@pytest.mark.parametrize("plain", PLAIN)
def test_below_todays_price_it_is_the_plain_proposal_in_the_fallen_market(plain):
    case = trio()
    waits = propose(case, Conditional(proposal=plain, trigger_per_t=10_500.0, window_years=2.0))
    there = propose(fallen(case, 10_500.0), plain)
    law = waits.condition
    assert law is not None
    assert waits.verdict == there.verdict
    assert waits.margin_m_per_year == there.margin_m_per_year
    assert law.discounted_margin_m_per_year == law.discount * there.margin_m_per_year
    assert 0.0 < law.discount < law.probability < 1.0
    assert 0.0 < law.expected_years < 2.0
    assert waits.certificate.check("proposal: law of the trigger").value < 1e-9


def test_a_plan_without_an_end_is_triggered_with_the_odds_of_a_rising_price():
    case = trio(drift=0.05)
    law = propose(case, Conditional(proposal=Tabled(), trigger_per_t=10_500.0, window_years=math.inf)).condition
    assert law is not None
    assert law.probability == pytest.approx((10_500.0 / 12_500.0) ** (2 * (0.05 - 0.02) / 0.04), rel=1e-12)


def test_a_price_that_reverts_is_followed_on_a_chain():
    waits = Conditional(proposal=Tabled(), trigger_per_t=10_500.0, window_years=2.0)
    low, high = (propose(trio(kappa=0.8, mean=mean), waits).condition for mean in (12_000.0, 14_000.0))
    assert low is not None
    assert high is not None
    assert 0.0 < high.probability < low.probability < 1.0


def test_a_price_that_stands_still_never_triggers():
    case = trio()
    still = dataclasses.replace(case, industry=dataclasses.replace(case.industry, process=None))
    found = propose(still, Conditional(proposal=CostOrder(total_kt=200.0), trigger_per_t=12_000.0))
    assert found.condition is not None
    assert (found.condition.probability, found.condition.discount) == (0.0, 0.0)
    assert math.isnan(found.condition.expected_years)


def test_lines_stop_on_the_way_down_by_their_stopping_prices():
    case = trio()
    stops = stopping_now(case)
    assert stops.tolist() == pytest.approx(list(pot.stopping_prices(case.industry).p_stop_per_t), rel=1e-12)
    for level in (12_499.0, float(stops[2]), float(np.nextafter(stops[2], np.inf)), 9000.0, 7000.0):
        below = fallen(case, level).industry
        expected = [0.0 if stop >= level else row[2] for stop, row in zip(stops, ROWS, strict=True)]
        assert [plant.running_kt for plant in below.plants] == expected
        made = max(sum(expected), 1e-9 * 1200.0)
        assert below.demand.quantity_at(level) == pytest.approx(made)
        assert below.trade.ceiling_per_t == pytest.approx(14_000.0)
        follows = fallen(case, level, parity="follows").industry
        assert follows.trade.ceiling_per_t - level == pytest.approx(14_000.0 - 12_500.0)
    assert fallen(case, 12_500.0) is case


@pytest.mark.parametrize("parity", ["held", "follows"])
def test_many_levels_at_once_are_the_fallen_cases_one_by_one(parity):
    case = pot.load("china-aluminium-2013")
    level = np.array([10_600.0, 9_400.0, 13_000.0])
    found = margins_at(fallen_to(case, level, parity=parity), question_of(case))
    for row, price in enumerate(level.tolist()):
        held = meeting(fallen(case, price, parity=parity), draws=0)
        for way, leaving in enumerate(Belief):
            expected = held.margin(leaving=leaving).margin_m_per_year
            assert found.margin_m_per_year[row, way, 0] == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_owners_whose_lines_have_all_stopped_sign_nothing():
    case = trio(least=100.0)
    south = float(stopping_now(case)[2])
    held = meeting(fallen(case, south), draws=0)
    assert all("South" not in held.coalitions.names(row) for row in range(held.coalitions.mask.size))
    assert held.margin("unanimity").coalition == ("North", "East")
    found = propose(fallen(case, south), Tabled())
    assert found.cut_kt[2] == 0.0
    assert found.cut_kt[:2].sum() == pytest.approx(100.0)


def test_ends_of_a_range_of_triggers_are_where_agreement_begins_and_ends():
    case = pot.load("china-aluminium-2013")
    found = trigger_range(case)
    assert found.trigger_per_t[0] == case.industry.price_per_t
    assert found.margin_m_per_year[0] == pytest.approx(meeting(case, draws=0).margin_m_per_year, rel=1e-12)
    ((low, high),) = found.ranges_per_t
    assert (low, high) == (found.lowest_per_t, found.highest_per_t)

    def verdict(level: float) -> str:
        return propose(case, Conditional(proposal=Tabled(), trigger_per_t=level)).verdict

    assert [verdict(level) for level in (low, high)] == ["agreement", "agreement"]
    assert [verdict(level) for level in (low - 1e-3, high + 1e-3)] == ["no agreement", "no agreement"]
    assert trigger_range(case, parity="follows").ranges_per_t == ()


def test_a_given_proposal_is_scanned_as_well():
    case = trio()
    plain = CostOrder(total_kt=500.0)
    found = trigger_range(case, plain, leaving="collapse", lowest_per_t=11_500.0, points=5)
    margins = [
        propose(fallen(case, float(level)), plain, leaving="collapse").margin_m_per_year
        for level in found.trigger_per_t
    ]  # fmt: skip
    assert found.margin_m_per_year.tolist() == margins
    same = trigger_range(case, Tabled(), leaving="collapse", lowest_per_t=11_500.0, points=5)
    assert same.ranges_per_t == trigger_range(case, leaving="collapse", lowest_per_t=11_500.0, points=5).ranges_per_t


ERRORS = [
    ({"trigger_per_t": 0.0}, "Conditional, trigger_per_t: found 0; needed a number above 0."),
    (
        {"trigger_per_t": 9e3, "window_years": 0.0},
        "Conditional, window_years: found 0; needed a number above 0, or inf for no limit.",
    ),
]


@pytest.mark.parametrize(("given", "text"), ERRORS)
def test_triggers_and_windows_that_mean_nothing_are_refused(given, text):
    with pytest.raises(InputError) as caught:
        propose(trio(), Conditional(proposal=Tabled(), **given))
    assert str(caught.value) == text


def test_more_refusals():
    with pytest.raises(InputError) as caught:
        propose(trio(kappa=0.5), Conditional(proposal=Tabled(), trigger_per_t=9e3, window_years=math.inf))
    assert str(caught.value) == (
        "window_years: found no end; needed a number of years, because the price reverts to a mean."
    )
    with pytest.raises(InputError) as caught:
        trigger_range(trio(), lowest_per_t=13_000.0)
    assert str(caught.value) == "lowest_per_t: found 13000; needed above 0 and below today's 12500."
