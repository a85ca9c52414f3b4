"""A meeting's deal over time: every threat and delay against the single questions, the closed form, the flagship."""

from __future__ import annotations

import math

import pytest

from potline.agreement import GreenPorter, Grim, StickAndCarrot, enforcement, enforcement_over_time
from potline.cases import Case, Meeting, load, shipped
from potline.errors import InputError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess


def twins(**plant: float) -> Case:
    industry = Industry(
        name="twins",
        price_per_t=10.0,
        process=PriceProcess(volatility=0.2),
        demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5, **plant) for n in "AB"),
    )
    meeting = Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0)
    return Case(name="twins", industry=industry, meeting=meeting)


@pytest.fixture(scope="module")
def flagship():
    return enforcement_over_time(load("china-aluminium-2013"))


def test_each_threat_is_the_single_question_asked_alone():
    case = twins(stop_cost_per_t=1.0, restart_cost_per_t=2.0)
    found = enforcement_over_time(case)
    alone = [
        enforcement(case),
        enforcement(case, collapse="best_response"),
        enforcement(case, StickAndCarrot(periods=12)),
        enforcement(case, GreenPorter(noise=0.2 * math.sqrt(1.0 / 12.0))),
    ]
    assert [threat.meant for threat in found.threats] == [False, True, False, False]
    for threat, one in zip(found.threats, alone, strict=True):
        assert repr(threat.strategy) == repr(one.signing.strategy)
        assert repr(threat.signing.rows) == repr(one.signing.rows)
        assert repr(threat.running.rows) == repr(one.running.rows)
        assert threat.holds == one.holds
    assert (found.coalition, found.idle_on, found.feasible) == (alone[0].coalition, alone[0].idle_on, alone[0].feasible)


def test_a_lag_of_many_months_needs_the_patience_of_one_to_that_power():
    """Without a restart cost the critical factor over the lag is (d - c)/(d - p), however long the lag."""
    found = enforcement_over_time(twins(), lags_months=(12.0, 2.0, 1.0))
    assert [item.lag_months for item in found.delays] == [1.0, 2.0, 12.0]
    row = found.delays[0].signing.rows[0]
    factor = (row.defect_m - row.coordinate_m) / (row.defect_m - row.punish_m)
    for item in found.delays:
        assert item.signing.rows[0].monthly_factor ** item.lag_months == pytest.approx(factor, rel=1e-12)
        assert item.running_free.rows[0].restart_cost_m == 0.0


def test_a_restart_cost_never_asks_for_more_patience(flagship):
    for item in flagship.delays:
        assert item.running.critical_rate_per_year >= item.running_free.critical_rate_per_year
        assert item.running.lag_months == item.signing.lag_months == item.lag_months


def test_the_flagship_holds_only_under_a_threat_that_would_not_be_carried_out(flagship):
    assert flagship.coalition == ("Chalco", "Zhongfu", "Yunnan Aluminium", "CPI")
    assert [threat.holds for threat in flagship.threats] == [True, False, False, False]
    assert flagship.idle_on == ("Chalco",)
    assert flagship.threats[1].breakers == ("Zhongfu", "Yunnan Aluminium", "CPI")
    assert flagship.threats[0].yearly_factor == pytest.approx(flagship.threats[0].monthly_factor ** 12)
    assert flagship.monthly_factor == pytest.approx(math.exp(-0.1 / 12.0))
    assert math.isnan(flagship.threats[1].monthly_factor)
    # the longest lag is where the deal stops holding
    edge = flagship.longest_lag_months
    near = enforcement_over_time(load("china-aluminium-2013"), lags_months=(edge - 0.01, edge + 0.01)).delays
    assert [item.signing.holds and item.running.holds for item in near] == [True, False]


def test_every_table_carries_its_certificate(flagship):
    for threat in flagship.threats:
        assert threat.signing.certificate.holds
        assert threat.running.certificate.holds


def test_no_lag_is_refused():
    with pytest.raises(InputError) as caught:
        enforcement_over_time(twins(), lags_months=())
    assert str(caught.value) == "lags_months: found none; needed one or more, in months."


def test_without_a_law_of_the_price_nobody_is_asked_about_noise():
    import dataclasses

    case = twins()
    quiet = dataclasses.replace(case, industry=dataclasses.replace(case.industry, process=None))
    assert [type(threat.strategy) for threat in enforcement_over_time(quiet).threats] == [Grim, Grim, StickAndCarrot]


@pytest.mark.parametrize("name", [name for name in shipped() if load(name).meeting is not None])
def test_the_deal_of_every_shipped_case_is_certified_under_every_threat(name):
    """Of July 2017 a member loses by the deal; under a stick no patience makes it keep it."""
    found = enforcement_over_time(load(name))
    assert all(table.certificate.holds for threat in found.threats for table in (threat.signing, threat.running))


def test_a_group_in_which_somebody_idles_nothing_is_not_counted():
    """Dearest tonnes first: the dear owner alone reaches the tonnage, so no group counts in which another signs."""
    costs = {"A": 9.9, "B": 8.0, "C": 8.0}
    plants = tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=cost) for n, cost in costs.items())
    demand = LinearDemand(price_per_t=10.0, quantity_kt=300.0, elasticity=0.5)
    industry = Industry(name="dear", price_per_t=10.0, demand=demand, plants=plants)
    met = Meeting(date="", firms=tuple("ABC"), owners=tuple("ABC"), least_cut_kt=20.0, rule="efficient")
    found = enforcement(Case(name="dear", industry=industry, meeting=met), coalition=("B", "C"))
    assert found.certificate.holds
    assert found.feasible == 4
    assert [item.coalition for item in found.patience] == [("B", "C")]
