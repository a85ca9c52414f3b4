"""Every input of a meeting walks into its limit: the margin there is that of small values, or it is refused by name."""

from __future__ import annotations

import dataclasses
import functools
import math

import pytest
from tests.agreement.tiny import tiny, varied

from potline.agreement import meeting
from potline.cases import Case, PlantNoise
from potline.errors import InputError, PotlineError
from potline.industry import IsoelasticDemand, Plant, PriceProcess

SMALL = (1e-3, 1e-6, 1e-9)
CASE = dataclasses.replace(tiny(), factors=(), noise=PlantNoise())
changed = functools.partial(varied, CASE)
COSTS = ("stop_cost_per_t", "holding_cost_per_t", "restart_cost_per_t", "pressure_per_t", "support_per_t",
         "lump_sum_m_per_year")  # fmt: skip


@functools.cache
def margins(case: Case) -> list[float]:
    """Return the margin from either baseline, million a year, certified."""
    held = meeting(case)
    assert held.certificate.holds
    return [held.margin(baseline=name).margin_m_per_year for name in ("observed", "nash")]


@pytest.mark.parametrize(("field", "small"), list(zip(COSTS, SMALL * 2, strict=True)))
def test_each_payment_of_a_plant_tends_to_none(field, small):
    none, near = margins(changed(**{field: 0.0})), margins(changed(**{field: small}))
    # a market of 1.8 Mt: a cost of 1 a tonne is 1.8 m, twice for what is paid at both ends
    assert near == pytest.approx(none, abs=5.0 * small + 1e-7)


@pytest.mark.parametrize(
    ("small", "process"),
    [(1e-3, {"drift": 1e-3}), (1e-6, {"drift": -1e-6}), (1e-9, {"kappa": 1e-9, "mean_price_per_t": 12_000.0})],
)
def test_drift_and_reversion_tend_to_none(small, process):
    case = changed(process=PriceProcess(volatility=0.15, **process))
    assert margins(case) == pytest.approx(margins(CASE), abs=2e4 * small + 1e-5)


def test_volatility_tends_to_none():
    none = margins(changed(process=PriceProcess(volatility=0.0)))
    for small in SMALL:
        assert margins(changed(process=PriceProcess(volatility=small))) == pytest.approx(none, abs=3e4 * small + 1e-5)


def test_volatility_tends_to_none_where_the_price_reverts():
    """Below a thousandth it is refused by name."""
    reverting = {"kappa": 0.4, "mean_price_per_t": 12_000.0}
    none, near = (margins(changed(process=PriceProcess(volatility=small, **reverting))) for small in (0.0, 1e-3))
    assert near == pytest.approx(none, abs=0.1)
    with pytest.raises(InputError, match=r"needed 0, or 0\.001 to 1, where process\.kappa is above 0"):
        meeting(changed(process=PriceProcess(volatility=1e-4, **reverting)))


def test_a_short_term_leaves_what_stopping_and_starting_again_costs():
    """Over a term T the margin is a loss of one payment over T: T times the margin has a limit."""
    found = [[term * margin for margin in margins(changed(term_years=term))] for term in (1e-6, 1e-9)]
    assert found[0] == pytest.approx(found[1], rel=1e-5)
    assert [1e-3 * margin for margin in margins(changed(term_years=1e-3))] == pytest.approx(found[1], rel=2e-3)
    with pytest.raises(InputError, match="Meeting, term_years: found 0; needed a number above 0"):
        changed(term_years=0.0)


def test_a_least_cut_tends_to_none():
    none = margins(changed(least_cut_kt=0.0))
    for small in SMALL:
        assert margins(changed(least_cut_kt=small)) == pytest.approx(none, abs=10.0 * small + 1e-9)


def test_a_rate_of_nothing_is_refused_and_small_rates_agree():
    found = [margins(changed(discount_rate=rate)) for rate in SMALL]
    assert found[1] == pytest.approx(found[2], abs=1e-3)
    assert found[0] == pytest.approx(found[2], abs=1e-2)
    with pytest.raises(PotlineError, match="discount_rate: found 0; needed a rate above 0"):
        meeting(changed(discount_rate=0.0))


def test_demand_that_hardly_answers_lifts_the_price_to_its_ceiling_at_once():
    demand = CASE.industry.demand
    found = [margins(changed(demand=dataclasses.replace(demand, elasticity=small))) for small in (1e-3, 1e-6)]
    assert found[0] == pytest.approx(found[1], abs=2e-2)
    assert found[1][0] == pytest.approx(margins(CASE)[0], abs=1e-9)  # a cut that lifts the price to the ceiling anyhow


@pytest.mark.parametrize(
    ("capacity", "cost", "invited"),
    [(0.0, 12_000.0, False), (0.0, 12_000.0, True), (1e-6, 12_000.0, True), (100.0, 1e9, True)],
)  # fmt: skip
def test_an_owner_of_a_dead_a_tiny_or_a_dear_plant_changes_nothing(capacity, cost, invited):
    """At the table or outside it."""
    idle = Plant(name="idle", firm="idle", capacity_kt=capacity, running_kt=capacity if capacity < 1.0 else 0.0,
                 other_cost_per_t=cost, stop_cost_per_t=1.0, restart_cost_per_t=500.0)  # fmt: skip
    guests = {"firms": ("N", "E", "S", "idle"), "owners": ("N", "E", "S", "idle")} if invited else {}
    case = changed(plants=(*CASE.industry.plants, idle), **guests)
    assert margins(case) == pytest.approx(margins(CASE), abs=1e-4)


@pytest.mark.parametrize("plants", [2, 3, 5])
def test_demand_that_hardly_answers_has_no_ceiling_but_the_cut(plants):
    """Prices and margins are ``a + b / elasticity``: elasticity times the margin has a limit, and is certified."""
    case = dataclasses.replace(tiny(ceiling=math.inf), factors=(), noise=PlantNoise())
    chosen = case.industry.plants[:plants]
    seats = tuple(name for name in ("N", "E", "S") if name in {plant.firm for plant in chosen})
    case = varied(case, plants=chosen, firms=seats, owners=seats)
    bought = dataclasses.replace(case.industry.demand, quantity_kt=sum(plant.running_kt for plant in chosen))
    found = []
    for small in (1e-3, 1e-4, 1e-5, 1e-6):
        held = varied(case, demand=dataclasses.replace(bought, elasticity=small))
        assert meeting(held, draws=0).nash_settled
        found.append([small * margin for margin in margins(held)])
    for small, near in zip((1e-3, 1e-4, 1e-5), found[:3], strict=True):
        assert near == pytest.approx(found[3], rel=5.0 * small)


def test_a_curve_that_hardly_answers_is_checked_without_overflow():
    bought = CASE.industry.demand
    found = [
        margins(changed(demand=IsoelasticDemand(price_per_t=bought.price_per_t, quantity_kt=bought.quantity_kt,
                                                elasticity=small)))
        for small in (1e-2, 1e-3, 1e-4, 1e-6)
    ]  # fmt: skip
    for near in found[1:]:
        assert near[0] == pytest.approx(found[0][0], abs=1e-9)
    assert found[2] == pytest.approx(found[3], abs=2e-2)
