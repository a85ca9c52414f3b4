import dataclasses
import math

import pytest

from potline.cases import Case, load
from potline.evidence import no_deal_market
from potline.industry import Industry, LinearDemand, Plant, PriceProcess
from potline.sources import Claim, Claims

COSTS = {"restart_cost_per_t": 800.0, "stop_cost_per_t": 200.0, "holding_cost_per_t": 500.0}


def case_of(*plants, claims=()):
    total = sum(plant.running_kt for plant in plants)
    industry = Industry(
        name="test",
        price_per_t=12_500.0,
        process=PriceProcess(volatility=0.2),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=total, elasticity=0.5),
        plants=plants,
    )
    return Case(name="test", industry=industry, claims=Claims(tuple(claims)))


def plant(name, cost, running=100.0, **fields):
    return Plant(name=name, firm=name, capacity_kt=100.0, running_kt=running, other_cost_per_t=cost, **COSTS, **fields)


def known(name):
    return Claim(
        path=f"plant[{name}].running_kt",
        value=1.0,
        low=1.0,
        high=1.0,
        unit="kt",
        vat="none",
        source="s",
        standing="reported",
    )


def test_a_state_that_no_plant_would_change_is_held():
    answer = no_deal_market(case_of(plant("A", 11_000.0), plant("B", 13_500.0, running=50.0)))
    assert answer.holds
    assert (answer.observed.output_gap_share, answer.observed.price_gap_share) == pytest.approx((0.0, 0.0))
    assert (answer.observed.stopped_kt, answer.observed.restarted_kt) == pytest.approx((0.0, 0.0))


def test_a_cheap_idle_plant_restarts_and_a_dear_one_stops():
    answer = no_deal_market(case_of(plant("A", 9_000.0, running=50.0), plant("B", 14_500.0, running=50.0)))
    assert not answer.holds
    assert answer.observed.restarted_kt > 0.0
    assert answer.observed.stopped_kt > 0.0


def test_pro_rata_spreads_only_what_nobody_observed():
    plants = (
        plant("A", 11_000.0),
        plant("B", 13_500.0, running=20.0),
        plant("C", 13_600.0, running=40.0),
        Plant(name="D", firm="D", capacity_kt=60.0, commissioning_kt=30.0, other_cost_per_t=10_000.0, **COSTS),
    )
    answer = no_deal_market(case_of(*plants, claims=[known("C")]))
    assert answer.known == ("C", "D")
    assert answer.pro_rata.running_kt.tolist() == pytest.approx([60.0, 60.0, 40.0, 30.0])
    assert answer.moved_kt == pytest.approx(40.0)


def test_the_flagship_holds_its_observed_state():
    answer = no_deal_market(load("china-aluminium-2013"))
    assert answer.holds
    assert abs(answer.observed.output_gap_share) <= 0.01
    assert abs(answer.observed.price_gap_share) <= 0.005
    assert answer.observed.market.certificate.holds
    assert answer.pro_rata.running_kt.sum() == pytest.approx(answer.observed.running_kt.sum())
    assert answer.pro_rata.restarted_kt > answer.observed.restarted_kt


def test_a_deliberately_wrong_state_is_not_held():
    case = load("china-aluminium-2013")
    ranked = sorted(case.industry.plants, key=lambda item: item.net_cash_cost_per_t())
    cheapest = {item.name for item in ranked[:6]}
    plants = tuple(
        dataclasses.replace(item, running_kt=0.2 * item.running_kt) if item.name in cheapest else item
        for item in case.industry.plants
    )
    assert not no_deal_market(
        dataclasses.replace(case, industry=dataclasses.replace(case.industry, plants=plants))
    ).holds


def test_a_plant_without_limit_keeps_what_it_runs_in_both_states():
    demand = LinearDemand(price_per_t=12_500.0, quantity_kt=150.0, elasticity=0.5)
    common = {"other_cost_per_t": 11_000.0, "restart_cost_per_t": 800.0, "stop_cost_per_t": 200.0}
    plants = (
        Plant(name="A", firm="A", capacity_kt=100.0, running_kt=60.0, **common),
        Plant(name="B", firm="B", capacity_kt=100.0, running_kt=40.0, **common),
        Plant(name="C", firm="C", capacity_kt=math.inf, running_kt=50.0, **common),
    )
    three = Industry(
        name="three", price_per_t=12_500.0, process=PriceProcess(volatility=0.2), demand=demand, plants=plants
    )
    answer = no_deal_market(Case(name="three", industry=three))
    assert answer.known == ("C",)
    assert answer.pro_rata.running_kt.tolist() == [50.0, 50.0, 50.0]
    assert answer.certificate.holds
