"""Proposals: what is new in them, and whether it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.agreement import Announced, CapacityOffLine, CostOrder, Maintenance, meeting, propose
from potline.cases import Case, Meeting
from potline.errors import InputError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess


def trio(*, south: float = 12_300.0, pressure: float = 300.0, potline: float = 0.0, least: float = 150.0) -> Case:
    rows = (("North", 600.0, 500.0, 9600.0), ("East", 400.0, 400.0, 11_800.0), ("South", 330.0, 300.0, south))
    owners = tuple(row[0] for row in rows)
    industry = Industry(
        name="trio",
        price_per_t=12_500.0,
        process=PriceProcess(volatility=0.18),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1200.0, elasticity=0.5),
        plants=tuple(
            Plant(
                name=name, firm=name, capacity_kt=size, running_kt=runs, other_cost_per_t=cost,
                stop_cost_per_t=200.0, holding_cost_per_t=200.0, restart_cost_per_t=600.0,
                pressure_per_t=pressure, line_kt=potline,
            )
            for name, size, runs, cost in rows
        ),
    )  # fmt: skip
    return Case(
        name="trio", industry=industry, meeting=Meeting(date="", firms=owners, owners=owners, least_cut_kt=least)
    )


def test_a_pledge_of_what_is_idle_already_changes_nothing():
    found = propose(trio(), Announced(cuts_kt=(("North", 90.0), ("South", 30.0))))
    assert found.changes_nothing
    assert found.verdict == "infeasible"
    assert found.relabelled_kt.tolist() == [90.0, 0.0, 30.0]


def test_what_its_owner_would_idle_alone_is_no_cut_either():
    case = trio(south=14_500.0)
    held = meeting(case, draws=0)
    alone = {row.owner: row.baseline_cut_kt for row in held.owners}
    assert sum(alone.values()) > 0.0
    pledge = Announced(cuts_kt=(("North", 150.0), ("East", 60.0), ("South", 80.0)))
    seen, real = propose(case, pledge), propose(case, pledge, baseline="nash")
    assert real.relabelled_kt.sum() > seen.relabelled_kt.sum()
    assert np.allclose(real.announced_kt, real.relabelled_kt + real.cut_kt)
    expected = [
        min(a, idle + alone[o]) for o, a, idle in zip(real.owners, (150.0, 60.0, 80.0), (100.0, 0.0, 30.0), strict=True)
    ]
    assert real.relabelled_kt.tolist() == pytest.approx(expected)


def test_the_off_line_rule_counts_what_is_off_line():
    found = propose(trio(), CapacityOffLine(share=0.2))
    assert found.announced_kt.tolist() == pytest.approx([120.0, 80.0, 66.0])
    assert found.cut_kt.tolist() == pytest.approx([20.0, 80.0, 36.0])


def test_cost_order_takes_the_dearest_first():
    assert propose(trio(), CostOrder(total_kt=350.0)).cut_kt.tolist() == pytest.approx([0.0, 50.0, 300.0])


def test_maintenance_without_limit_is_the_meeting_in_equal_shares():
    case = trio()
    held = meeting(case, draws=0)
    found = propose(case, Maintenance(total_kt=150.0, limit_kt=0.0), least_new_kt=150.0)
    assert found.margin_m_per_year == pytest.approx(held.margin_m_per_year)
    assert found.group == held.coalition


def test_maintenance_escapes_pressure():
    found = propose(trio(), Maintenance(total_kt=60.0, limit_kt=1e9), least_new_kt=60.0)
    assert found.margin_m_per_year > meeting(trio(least=60.0), draws=0).margin_m_per_year
    calm = propose(trio(pressure=0.0), Maintenance(total_kt=60.0, limit_kt=1e9))
    assert calm.margin_m_per_year == pytest.approx(
        propose(trio(pressure=0.0), Maintenance(total_kt=60.0, limit_kt=0.0)).margin_m_per_year
    )


@settings(max_examples=10, deadline=None)
@given(st.floats(0.0, 200.0), st.floats(0.0, 200.0))
def test_a_higher_limit_never_lowers_the_margin(one, other):
    low, high = sorted((one, other))
    margins = [propose(trio(), Maintenance(total_kt=150.0, limit_kt=x)).margin_m_per_year for x in (low, high)]
    assert margins[1] >= margins[0] - 1e-9


def test_whole_potlines_count_in_full():
    found = propose(trio(potline=50.0), CapacityOffLine(share=0.2))
    assert found.cut_kt.tolist() == pytest.approx([50.0, 100.0, 50.0])


def test_a_stranger_is_refused():
    with pytest.raises((InputError, KeyError)):
        propose(trio(), Announced(cuts_kt=(("Nobody", 10.0),)))


def test_a_group_in_which_somebody_announces_nothing_new_is_no_deal():
    """Three alike: two announce 50 kt each; the third, in the group, announces only what is idle anyway."""
    plants = tuple(
        Plant(name=n, firm=n, capacity_kt=150.0, running_kt=100.0, other_cost_per_t=9.9) for n in "ABC"
    )  # fmt: skip
    demand = LinearDemand(price_per_t=10.0, quantity_kt=300.0, elasticity=0.5)
    industry = Industry(name="three", price_per_t=10.0, demand=demand, plants=plants)
    met = Meeting(date="", firms=tuple("ABC"), owners=tuple("ABC"), least_cut_kt=100.0)
    case = Case(name="three", industry=industry, meeting=met)
    pledge = Announced(cuts_kt=(("A", 90.0), ("B", 90.0), ("C", 50.0)))
    found = propose(case, pledge, leaving="collapse")
    assert found.certificate.holds
    assert found.group == ("A", "B")
    assert found.relabelled_kt.tolist() == [50.0, 50.0, 50.0]
    alone = propose(case, Announced(cuts_kt=(("A", 90.0), ("C", 50.0))), leaving="collapse")
    assert alone.certificate.holds
    assert (alone.verdict, alone.group) == ("infeasible", ())
