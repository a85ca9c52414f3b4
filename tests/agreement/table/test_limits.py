"""Values at 0 equal the limit of small ones, or the owner is no member: enforcement, cartels and triggers."""

from __future__ import annotations

import math

import pytest

from potline.agreement import (
    Conditional,
    DealPayoffs,
    GreenPorter,
    Grim,
    StickAndCarrot,
    Tabled,
    enforcement_over_time,
    incentives,
    propose,
)
from potline.cases import Case, Meeting
from potline.equilibrium import Cournot, solve
from potline.industry import Industry, LinearDemand, Plant, PriceProcess
from potline.report.tables.enforcement import enforcement_sentences, enforcement_tables
from potline.textbook import cartel_stability

EXACT = "exact to rounding: the optimal symmetric punishment"


def firms(*owners: tuple[float, float], intercept: float = 1000.0) -> Industry:
    """Return owners of a capacity and a cost each under ``P = a - Q``."""
    plants = [Plant(name=f"{i}", firm=f"{i}", capacity_kt=k, other_cost_per_t=c) for i, (k, c) in enumerate(owners)]
    demand = LinearDemand.from_line(intercept_per_t=intercept, slope_per_kt=1.0)
    return Industry(name="firms", demand=demand, plants=tuple(plants))


def twins(**process: float) -> Case:
    industry = Industry(
        name="twins",
        price_per_t=10.0,
        process=PriceProcess(**process),
        demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        plants=tuple(
            Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5, stop_cost_per_t=1.0, restart_cost_per_t=2.0)
            for n in "AB"
        ),
    )
    meeting = Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0)
    return Case(name="twins", industry=industry, meeting=meeting)


@pytest.mark.parametrize("idle", [(0.0, 400.0), (900.0, 700.0), (900.0, 1000.0), (900.0, 1e4), (math.inf, 1e9)])
def test_an_owner_that_sells_nothing_changes_no_critical_factor(idle):
    """Two equal owners need 9/32 (Abreu 1986), whoever stands idle beside them at no temptation."""
    pair, three = firms((900.0, 400.0), (900.0, 400.0)), firms((900.0, 400.0), (900.0, 400.0), idle)
    stick = incentives(three, StickAndCarrot())
    assert stick.critical_factor == pytest.approx(9.0 / 32.0, abs=1e-12)
    assert (stick.exactness, stick.severity) == (EXACT, pytest.approx(1.0 / 14.0))
    assert stick.certificate.holds
    assert len(stick.certificate.checks) >= 3
    assert stick.rows[2].critical_factor == 0.0
    for strategy in (Grim(), GreenPorter(noise=0.02)):
        assert incentives(three, strategy).critical_factor == incentives(pair, strategy).critical_factor


@pytest.mark.parametrize("strategy", [Grim(), StickAndCarrot()])
def test_an_owner_however_small_is_a_member_with_a_factor_of_its_own(strategy):
    found = [incentives(firms((900.0, 400.0), (900.0, 400.0), (k, 400.0)), strategy) for k in (1e-9, 1e-6, 1e-3)]
    for table in found[1:]:
        assert table.critical_factor == pytest.approx(found[0].critical_factor, abs=1e-5)
    assert found[0].critical_factor == pytest.approx(0.75 if isinstance(strategy, Grim) else 0.41613805727, abs=1e-9)


@pytest.mark.parametrize("cost", [400.0, 0.0, -300.0, -600.0, -900.0])
def test_a_price_below_nothing_is_read_as_the_market_reads_it(cost):
    """With ``P = a - b Q`` the factors depend on a - c alone, and apart everybody earns what `solve` gives."""
    pair = firms((math.inf, cost), (math.inf, cost))
    apart = solve(pair, Cournot())
    assert (apart.price_per_t < 0.0) == (cost < -500.0)
    found = incentives(pair)
    assert found.deal.punish_m == pytest.approx(tuple(apart.profit_m.values()), rel=1e-12)
    assert found.critical_factor == pytest.approx(9.0 / 17.0, abs=1e-12)
    assert incentives(pair, StickAndCarrot()).critical_factor == pytest.approx(9.0 / 32.0, abs=1e-12)


@pytest.mark.parametrize(
    ("defect", "punish", "factor"), [(3.0, 1.0, 0.0), (5.0, 3.5, math.nan)], ids=["never pays", "always pays"]
)
def test_claims_without_a_critical_rate_are_looked_at_too(defect, punish, factor):
    deal = DealPayoffs(owners=("A",), coordinate_m=(3.0,), defect_m=(defect,), punish_m=(punish,))
    for strategy in (Grim(), StickAndCarrot()):
        table = incentives(deal, strategy)
        assert table.certificate.checks
        assert table.certificate.holds
        assert table.critical_factor == pytest.approx(factor, nan_ok=True)


def test_without_volatility_there_is_no_noise_to_hide_in_and_the_main_answer_stands():
    still, moving = enforcement_over_time(twins(volatility=0.0)), enforcement_over_time(twins(volatility=1e-9))
    kinds = [type(threat.strategy) for threat in moving.threats]
    assert kinds == [Grim, Grim, StickAndCarrot, GreenPorter]
    assert [type(threat.strategy) for threat in still.threats] == kinds
    for one, other in zip(still.threats, moving.threats, strict=True):
        assert one.holds == other.holds
        assert one.monthly_factor == pytest.approx(other.monthly_factor, abs=1e-9, nan_ok=True)
    assert len(enforcement_sentences(still)) <= len(enforcement_sentences(moving))
    assert enforcement_tables(still, "CNY")[1].title == "The deal under four threats, cheating seen after a month."


@pytest.mark.parametrize(("mean", "comes"), [(7.0, True), (9.5, False)])
def test_a_trigger_is_reached_without_volatility_when_the_reverting_price_gets_there(mean, comes):
    """From 10 to 9 with kappa 0.5: after ``log(log(10 / mean) / log(9 / mean)) / 0.5`` years, or never."""
    asked = Conditional(proposal=Tabled(), trigger_per_t=9.0, window_years=2.0)
    found = [propose(twins(volatility=v, kappa=0.5, mean_price_per_t=mean), asked).condition for v in (0.0, 1e-2)]
    assert found[0].probability == (1.0 if comes else 0.0)
    assert found[1].probability == pytest.approx(found[0].probability, abs=1e-6)
    assert found[1].discount == pytest.approx(found[0].discount, abs=1e-3)
    if comes:
        assert found[0].expected_years == pytest.approx(2.0 * math.log(math.log(10.0 / 7.0) / math.log(9.0 / 7.0)))


def equal(number: int, *others: tuple[float, float]) -> Industry:
    return firms(*[(math.inf, 0.0)] * number, *others, intercept=1.0)


@pytest.mark.parametrize("idle", [(0.0, 0.0), (1.0, 1.0), (1.0, 2.0), (math.inf, 1e9), (1.0, 0.9), (1.0, 0.5)])
def test_members_that_cut_nothing_are_no_members(idle):
    """Of five equal owners four must merge to gain (Salant, Switzer and Reynolds 1983), whoever stands idle beside."""
    alone, beside = cartel_stability(equal(5)), cartel_stability(equal(5, idle))
    assert (alone.smallest_profitable_size, alone.stable_sizes) == (4, (1,))
    assert (beside.profitable_sizes, beside.stable_sizes) == ((4, 5), (1,))
    assert beside.certificate.holds
    leads = cartel_stability(equal(5, idle), leads=True)
    assert leads.stable_sizes == cartel_stability(equal(5), leads=True).stable_sizes == (4,)


def test_a_small_owner_is_no_member_when_it_is_too_small_to_tell():
    for capacity in (1e-3, 1e-6, 1e-9, 0.0):
        found = cartel_stability(equal(5, (capacity, 0.0)))
        assert (found.smallest_profitable_size, found.stable_sizes) == (4, (1,))


@pytest.mark.parametrize("number", [1, 2])
def test_one_owner_and_two_are_limits_too(number):
    found = cartel_stability(equal(number))
    assert found.coalitions.shape == (number + 1, number)
    assert found.stable_sizes == ((1,) if number == 1 else (2,))
    beside = cartel_stability(equal(number, (0.0, 0.0)))
    assert beside.stable_sizes == found.stable_sizes
