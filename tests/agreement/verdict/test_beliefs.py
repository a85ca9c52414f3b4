"""Four beliefs as a dial: every answer that takes one agrees with the meeting's own margin, and is certified."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.rising import with_imports
from tests.agreement.tiny import tiny

import potline as pot
from potline.agreement import Tabled, VoluntaryWithTransfers
from potline.agreement.table.laid_out import lay_out
from potline.choices import Baseline, Belief, Institution, Instrument

LEAST = {"pro_rata": 150.0, "efficient": 700.0}  # efficient: E, the dearest, idles all before another idles any


def case_of(rule):
    case, least = with_imports(tiny(rule=rule, least=LEAST[rule]), slope=0.3, spread=250.0), LEAST[rule]
    factor = pot.Factor(name="tonnage", path="meeting.least_cut_kt", low=0.4 * least, central=least, high=1.6 * least)
    return dataclasses.replace(case, factors=(factor,))


@pytest.fixture(scope="module", params=["pro_rata", "efficient"])
def held(request):
    return pot.meeting(case_of(request.param), draws=0)


@pytest.mark.parametrize("leaving", Belief)
def test_every_dial_is_turned_to_the_same_margin(held, leaving):
    case, margin = held.case, held.margin(leaving=leaving).margin_m_per_year
    moved = pot.tornado(case, leaving=leaving)
    put = pot.propose(case, Tabled(), leaving=leaving, least_new_kt=case.meeting.least_cut_kt)
    assert moved.base_m_per_year == pytest.approx(margin, abs=1e-9)
    assert pot.attribution(case, leaving=leaving).margin_m_per_year == pytest.approx(margin, abs=1e-9)
    assert put.margin_m_per_year == pytest.approx(margin, abs=1e-9)
    for asked, institution in ((pot.Voluntary(), "voluntary"), (VoluntaryWithTransfers(), "transfers")):
        found = pot.convene(case, asked, leaving=leaving)
        wanted = held.margin(institution, leaving=leaving).margin_m_per_year
        assert found.margin_m_per_year == pytest.approx(wanted, abs=1e-9)


def test_every_answer_about_ranges_takes_the_belief(held):
    case, leaving = held.case, Belief.REOPTIMISE
    found = pot.margin_sensitivity(case, draws=16, leaving=leaving)
    assert (found.leaving, found.certificate.holds) == (leaving, True)
    (point,) = pot.turning_points(case, leaving=leaving)
    assert (point.leaving, point.agrees) == (leaving, held.margin(leaving=leaving).margin_m_per_year >= 0.0)
    plane = pot.stability_map(
        case,
        pot.InputRange(input="meeting.least_cut_kt", low=0.3 * LEAST[held.rule], high=1.6 * LEAST[held.rule]),
        pot.InputRange(input="demand.elasticity", low=0.4, high=1.5),
        points=(4, 3),
        leaving=leaving,
    )
    assert plane.certificate.holds
    assert pot.trigger_range(case, leaving=leaving).certificate.holds


def test_a_remedy_has_every_belief(held):
    if held.rule == "efficient":
        return  # cuts then move with what is paid: a search of minutes
    found = pot.remedy(held.case, every=True)
    for item in found.margins:
        wanted = held.margin(item.institution, item.baseline, leaving=item.leaving).margin_m_per_year
        assert item.margin_m_per_year == pytest.approx(wanted, abs=1e-9)
    assert {item.leaving for item in found.measures} == set(Belief)
    money = found.measure(Instrument.TRANSFER, leaving=Belief.REOPTIMISE)
    assert money.level >= 0.0


def test_leaving_brings_no_less_than_nothing(held):
    """No belief gives more than that the deal is off; with all or none nobody may leave."""
    for item in held.margins:
        off = held.margin(item.institution, item.baseline, item.rule, Belief.COLLAPSE).margin_m_per_year
        assert not item.margin_m_per_year > off + 1e-9
        if item.institution == Institution.UNANIMITY:
            assert item.margin_m_per_year == pytest.approx(off, abs=1e-12, nan_ok=True)
    assert len(held.margins) % (len(Baseline) * len(Belief)) == 0


@pytest.mark.parametrize(("rule", "least"), [("pro_rata", 75.0), ("efficient", 1e-6)])
def test_the_meeting_and_the_leading_cartel_agree(rule, least):
    """Three owners of 100 kt, b = 0.1, 5 lost a tonne: a cartel of two that leads cuts 75 kt, the two in equal shares.

    So much is asked here, or next to nothing where members idle what brings them most. No switching cost, no
    volatility, no restarts, outsiders at capacity: the slack is 31.25 thousand a year.
    """
    plants = tuple(
        pot.Plant(name=name, firm=name, capacity_kt=100.0, other_cost_per_t=995.0) for name in ("A", "B", "C")
    )
    demand = pot.LinearDemand(price_per_t=1000.0, quantity_kt=300.0, elasticity=1000.0 / 30.0)
    industry = pot.Industry(name="one game, two tellings", price_per_t=1000.0, demand=demand, plants=plants)
    table = pot.cartel_stability(industry, fringe=pot.Competitive(), leads=True)
    asked = pot.Meeting(date="", firms=("A", "B", "C"), owners=("A", "B", "C"), least_cut_kt=least, rule=rule)
    found = pot.meeting(pot.Case(name=industry.name, industry=industry, meeting=asked), draws=0)
    margin = found.margin(leaving=Belief.REOPTIMISE)
    assert (table.stable_sizes, len(margin.coalition)) == ((2,), 2)
    assert margin.margin_m_per_year == pytest.approx(0.03125, abs=1e-12)
    assert table.internal_slack_m[table.size == 2] == pytest.approx(0.03125, abs=1e-12)
    games = lay_out(found.case).games(Baseline.OBSERVED)
    assert games.cut_kt[games.mask == 0b11] == pytest.approx(np.array([[37.5, 37.5, 0.0]]), abs=1e-9)
