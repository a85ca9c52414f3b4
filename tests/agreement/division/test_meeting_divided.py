"""Dividing a meeting's deal: against the coalition table, the rules asked alone, and the flagship."""

from __future__ import annotations

import math

import numpy as np
import pytest

from potline.agreement import ByNucleolus, divide, divide_meeting, meeting
from potline.cases import Case, Meeting, load
from potline.industry import Industry, LinearDemand, Plant


def twins(*, elasticity: float = 0.5, least: float = 100.0) -> Case:
    industry = Industry(
        name="twins",
        price_per_t=10.0,
        demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=elasticity),
        plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"),
    )
    met = Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=least)
    return Case(name="twins", industry=industry, meeting=met)


@pytest.fixture(scope="module")
def flagship():
    case = load("china-aluminium-2013")
    return divide_meeting(case), meeting(case, draws=0)


def test_the_group_is_the_one_that_gains_most_in_the_meeting_s_own_table(flagship):
    found, held = flagship
    best = int(np.argmax(held.coalitions.gain_m_per_year))
    assert found.coalition == held.coalitions.names(best)
    assert found.gain_m_per_year == pytest.approx(float(held.coalitions.gain_m_per_year[best]), rel=1e-12)
    lone = {row.owner: row.alone_gain_m_per_year for row in held.owners}
    assert found.lone_gain_m_per_year == pytest.approx([lone[name] for name in found.coalition])


def test_each_rule_is_the_division_asked_alone(flagship):
    found, held = flagship
    own = dict(zip(found.coalition, found.own_gain_m_per_year, strict=True))
    alone = divide(held.coalitions, own, rule=ByNucleolus())
    assert found.divisions[1].share_m_per_year == pytest.approx(alone.share_m_per_year, abs=1e-6)
    for one in found.divisions:
        assert math.fsum(one.share_m_per_year) == pytest.approx(found.gain_m_per_year, rel=1e-12)
        moved = dict.fromkeys(found.coalition, 0.0)
        for pay in one.payments:
            moved[pay.payer] -= pay.amount_m_per_year
            moved[pay.receiver] += pay.amount_m_per_year
        assert [own[name] + moved[name] for name in found.coalition] == pytest.approx(
            one.share_m_per_year.tolist(), abs=1e-6
        )


def test_the_core_of_the_flagship_is_empty_once_each_may_cut_alone(flagship):
    found, _ = flagship
    assert found.core is not None
    assert found.core_with_lone_cuts is not None
    assert not found.core.empty
    assert found.divisions[1].in_core
    empty = found.core_with_lone_cuts
    assert empty.empty
    proven = math.fsum(item.weight * empty.game.of(*item.members) for item in empty.balanced_weights)
    assert proven - empty.game.total == pytest.approx(empty.shortfall, rel=1e-9)
    for name in found.coalition:
        weight = math.fsum(item.weight for item in empty.balanced_weights if name in item.members)
        assert weight == pytest.approx(1.0)


def test_a_loss_is_not_divided():
    found = divide_meeting(twins(elasticity=5.0))
    assert found.coalition == ("A", "B")
    assert found.gain_m_per_year < 0.0
    assert (found.divisions, found.core, found.core_with_lone_cuts) == ((), None, None)


def test_nobody_reaches_the_tonnage():
    found = divide_meeting(twins(least=500.0))
    assert (found.coalition, found.own_gain_m_per_year, found.divisions) == ((), (), ())
