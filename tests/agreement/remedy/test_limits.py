"""Each input walks into its limit: least levels and what they cost the public are there what they are near it."""

from __future__ import annotations

import dataclasses
import functools
import math

import pytest
from tests.agreement.remedy.test_least import lopsided
from tests.agreement.tiny import varied

from potline.agreement import remedy
from potline.cases import Case
from potline.errors import InputError
from potline.industry import Plant, PriceProcess

SMALL = (1e-3, 1e-6, 1e-9)
CASE = lopsided()
CASE = dataclasses.replace(CASE, meeting=dataclasses.replace(CASE.meeting, sweep_kt=()))
REMOVED = {"support_per_t": "support removed", "lump_sum_m_per_year": "lump sums removed",
           "pressure_per_t": "pressure removed"}  # fmt: skip
changed = functools.partial(varied, CASE)
COSTS = ("stop_cost_per_t", "holding_cost_per_t", "restart_cost_per_t", *REMOVED)
Levels = dict[tuple[str, ...], list[float]]


@functools.cache
def levels(case: Case) -> Levels:
    """Return level, public cost and outlay of each instrument, and the frontier's, certified."""
    found = remedy(case)
    assert found.certificate.holds
    told: Levels = {
        (item.instrument, item.institution): [item.level, item.public_cost_m_per_year, item.outlay_m_per_year]
        for item in found.measures
    }
    for point in found.frontier:
        told["frontier", point.instrument, point.institution] = [point.level, point.public_cost_m_per_year]
    return told


def alike(near: Levels, at: Levels, *, within: float, without: str = "", relative: float = 0.0) -> None:
    assert {name for name in near if name[0] != without} == set(at)
    for name, values in at.items():
        assert near[name] == pytest.approx(values, abs=within, rel=relative, nan_ok=True), name


@pytest.mark.parametrize(("field", "small"), list(zip(COSTS, SMALL * 2, strict=True)))
def test_each_payment_of_a_plant_tends_to_none(field, small):
    """Where there is none, the instrument that would remove it is refused by name."""
    none, near = levels(changed(**{field: 0.0})), levels(changed(**{field: small}))
    alike(near, none, within=20.0 * small + 1e-5, without=REMOVED.get(field, ""))
    assert not any(math.copysign(1.0, value) < 0.0 and value == 0.0 for told in near.values() for value in told)
    if field in REMOVED:
        with pytest.raises(InputError) as raised:
            remedy(changed(**{field: 0.0})).measure(REMOVED[field])
        assert str(raised.value) == (
            f"Remedy.measure, instrument: found '{REMOVED[field]}'; needed an instrument that has something to move in "
            "this case. What no plant pays or is paid, a ceiling that is not there and a rate as low as can be are "
            "left out."
        )


def test_volatility_tends_to_none():
    none = levels(changed(process=PriceProcess(volatility=0.0)))
    for small in SMALL:
        alike(levels(changed(process=PriceProcess(volatility=small))), none, within=2e4 * small + 1e-5)


def test_a_rate_of_nothing_is_refused_and_small_rates_agree():
    """Values of ten million million leave a loss four digits after its point at a rate of 1e-9."""
    found = [levels(changed(discount_rate=rate)) for rate in SMALL]
    alike(found[1], found[2], within=0.1)
    alike(found[0], found[1], within=0.5)
    with pytest.raises(InputError, match="discount_rate: found 0; needed a rate above 0"):
        remedy(changed(discount_rate=0.0))


def test_a_short_term_leaves_what_stopping_and_starting_again_costs():
    """Over a term T a payment a year is one payment over T: T times the level has a limit. One unit had no digits."""
    money = ("transfer", "compensation", "stockpile premium")
    at = [
        {name: term * values[0] for name, values in levels(changed(term_years=term)).items() if name[-2] in money}
        for term in SMALL
    ]
    assert at[1] == pytest.approx(at[2], rel=1e-4, nan_ok=True)
    assert at[0] == pytest.approx(at[2], rel=2e-2, nan_ok=True)
    with pytest.raises(InputError, match="Meeting, term_years: found 0; needed a number above 0"):
        changed(term_years=0.0)


def test_demand_that_hardly_answers_lifts_the_price_to_its_ceiling_at_once_and_steeper_is_refused():
    demand = CASE.industry.demand
    found = [levels(changed(demand=dataclasses.replace(demand, elasticity=small))) for small in SMALL[:2]]
    alike(found[0], found[1], within=5.0, relative=5e-3)
    with pytest.raises(InputError) as raised:
        remedy(changed(demand=dataclasses.replace(demand, elasticity=1e-7)))
    assert str(raised.value) == (
        "demand.elasticity: found 1e-07; needed 1e-06 or more for a meeting. At 1e-06 any cut lifts the price to its "
        "ceiling, or beyond all others, already."
    )


def test_a_least_cut_tends_to_a_level_by_the_tonne_and_none_is_refused():
    """To idle nothing needs no money, a tonne needs as much a tonne as a million do."""
    soft = dataclasses.replace(CASE.industry.demand, elasticity=20.0)  # a cut lifts the price by less than it costs
    found = [levels(changed(least_cut_kt=small, demand=soft)) for small in SMALL]
    for name, values in found[2].items():
        assert found[1][name] == pytest.approx(values, rel=1e-3, abs=1e-3, nan_ok=True), name
    assert found[1]["compensation", "voluntary"][0] > 100.0
    with pytest.raises(InputError) as raised:
        remedy(changed(least_cut_kt=0.0))
    assert str(raised.value) == (
        "meeting.least_cut_kt: found 0; needed above 0 for a remedy. To idle nothing owners agree without one; the "
        "least cut takes a level that tends to no such 0."
    )


@pytest.mark.parametrize(("capacity", "cost"), [(0.0, 12_000.0), (1e-9, 12_000.0), (1e-6, 12_000.0), (100.0, 1e9)])
def test_an_owner_of_a_dead_a_tiny_or_a_dear_plant_changes_nothing(capacity, cost):
    """No level was found for all of those at the table where one of them runs nothing."""
    idle = Plant(name="idle", firm="idle", capacity_kt=capacity, running_kt=capacity if capacity < 1.0 else 0.0,
                 other_cost_per_t=cost, stop_cost_per_t=1.0, restart_cost_per_t=500.0)  # fmt: skip
    names = ("North", "East", "South", "idle")
    near = levels(changed(plants=(*CASE.industry.plants, idle), firms=names, owners=names))
    alike(near, levels(CASE), within=2e-3, relative=1e-6)
