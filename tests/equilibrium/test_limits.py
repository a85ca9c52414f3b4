"""Every number of a market walks into its limit, under every concept; what sells nothing changes nothing."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import potline as pot

SMALL = (1e-3, 1e-6, 1e-9)
CONCEPTS = {
    "price takers": pot.Competitive(),
    "Cournot": pot.Cournot(),
    "leader": pot.Leader(leader="0"),
    "cartel": pot.Cartel(members=("0", "1")),
    "between": pot.Conjectural(theta=0.5),
}
concepts = pytest.mark.parametrize("concept", CONCEPTS.values(), ids=CONCEPTS)
QUICK = settings(max_examples=25, deadline=None)


def market(*owners, intercept=1000.0, slope=1.0, **more):
    """Return owners of a capacity and a cost each under a straight line of demand."""
    plants = tuple(
        pot.Plant(name=f"{k}", firm=f"{k}", capacity_kt=size, other_cost_per_t=cost)
        for k, (size, cost) in enumerate(owners)
    )
    demand = pot.LinearDemand.from_line(intercept_per_t=intercept, slope_per_kt=slope)
    return pot.Industry(name="market", demand=demand, plants=plants, **more)


def answer(industry, concept, sold):
    """Return price and output of the first owners, certified."""
    found = pot.solve(industry, concept)
    assert found.certificate.holds
    assert pot.verify(found).holds
    return np.array([found.price_per_t, *found.output_kt[:sold]])


owners = st.lists(st.tuples(st.floats(10.0, 900.0), st.floats(50.0, 800.0)), min_size=2, max_size=4)


@concepts
@QUICK
@given(owners=owners, idle=st.sampled_from([(0.0, 1.0), (1.0, 1000.0), (9.0, 1e4), (math.inf, 1e6), (1.0, 1e9)]))
def test_an_owner_that_sells_nothing_changes_nothing(concept, owners, idle):
    alone = answer(market(*owners), concept, len(owners))
    assert answer(market(*owners, idle), concept, len(owners)) == pytest.approx(alone, rel=1e-9, abs=1e-7)


@concepts
@QUICK
@given(owners=owners, cost=st.floats(50.0, 800.0))
def test_capacity_tends_to_none_and_to_no_limit(concept, owners, cost):
    none = answer(market(*owners, (0.0, cost)), concept, len(owners))
    for small in SMALL:
        near = answer(market(*owners, (small, cost)), concept, len(owners))
        assert near[0] == pytest.approx(none[0], abs=2.0 * small + 1e-7)
        assert near[1:].sum() == pytest.approx(none[1:].sum(), abs=3.0 * small + 1e-6)
    endless = answer(market(*owners, (math.inf, cost)), concept, len(owners))
    for large in (1e4, 1e9, 1e15):
        assert answer(market(*owners, (large, cost)), concept, len(owners))[0] == pytest.approx(endless[0], rel=1e-9)


@concepts
def test_one_owner_is_a_market(concept):
    one = dataclasses.replace(market((900.0, 400.0)), name="one")
    if isinstance(concept, pot.Cartel):
        concept = pot.Cartel(members=("0",))
    found = answer(one, concept, 1)
    share = {"Competitive": 1.0, "Conjectural": 2.0 / 3.0}.get(type(concept).__name__, 0.5)
    assert found == pytest.approx([1000.0 - 600.0 * share, 600.0 * share], rel=1e-12)


@concepts
def test_a_market_near_its_choke_price_and_at_no_cost(concept):
    """A price a little below the choke price, and costs of 0, hold as many digits as the choke price does."""
    for gap in SMALL:
        found = pot.solve(market((900.0, 1000.0 - 1000.0 * gap), (900.0, 1000.0 - 1000.0 * gap)), concept)
        assert found.certificate.holds
        assert 1000.0 - 1000.0 * gap - 1e-9 <= found.price_per_t <= 1000.0
    free = answer(market((900.0, 0.0), (700.0, 0.0)), concept, 2)
    for small in SMALL:
        assert answer(market((900.0, small), (700.0, small)), concept, 2) == pytest.approx(free, abs=2.0 * small + 1e-7)


@concepts
def test_demand_that_hardly_answers_its_price_below_a_ceiling(concept):
    """Price takers sell 10 (p / 10)^-e at the dearer cost of 2; who holds back gets the ceiling of 20."""
    base = market((6.0, 1.0), (9.0, 2.0), trade=pot.Trade(tranches=(pot.Tranche(price_per_t=20.0),)))
    for elasticity in (*SMALL, 1e-12):
        demand = pot.IsoelasticDemand(price_per_t=10.0, quantity_kt=10.0, elasticity=elasticity)
        price = answer(dataclasses.replace(base, demand=demand), concept, 2)[0]
        assert price == pytest.approx(2.0 if isinstance(concept, pot.Competitive) else 20.0, rel=1e-9)


@concepts
def test_straight_demand_that_hardly_answers_its_price(concept):
    """With P = a - b Q and quantity 10: price takers at 2; others share a tenth of ever less of a huge price."""
    for elasticity in SMALL:
        line = pot.LinearDemand(price_per_t=10.0, quantity_kt=10.0, elasticity=elasticity)
        base = dataclasses.replace(market((6.0, 1.0), (9.0, 2.0)), demand=line)
        found = answer(base, concept, 2)
        if isinstance(concept, pot.Competitive):
            assert found == pytest.approx([2.0, 6.0, 4.0], abs=10.0 * elasticity + 1e-9)
        else:
            intercept, slope = 10.0 + 10.0 / elasticity, 1.0 / elasticity
            wanted = {
                "Cournot": (intercept / 3.0, 1.0 / 3.0, 1.0 / 3.0),
                "Leader": (intercept / 4.0, 0.5, 0.25),
                "Cartel": (intercept / 2.0, 0.5, 0.0),
                "Conjectural": (intercept / 5.0, 0.4, 0.4),
            }[type(concept).__name__]
            assert found[0] == pytest.approx(wanted[0], rel=2.0 * elasticity)
            assert found[1:] == pytest.approx([intercept / slope * share for share in wanted[1:]], rel=5.0 * elasticity)


@pytest.mark.parametrize("rule", ["share", "tonnes"])
def test_a_joint_cut_of_nothing_is_no_cut(rule):
    base = market((900.0, 400.0), (900.0, 400.0))
    base = dataclasses.replace(
        base, plants=tuple(dataclasses.replace(plant, running_kt=300.0) for plant in base.plants)
    )
    for concept in (pot.Competitive(), pot.Cournot()):
        alone = answer(base, concept, 2)
        for small in (0.0, *SMALL):
            asked = pot.ProRata(share_of_running=small)
            if rule == "tonnes":
                asked = pot.Stated(cuts_kt=(("0", small), ("1", 0.0)))
            cut = pot.JointCut(signatories=("0", "1"), rule=asked)
            found = answer(base.under(cut), concept, 2)
            assert found == pytest.approx(alone, abs=700.0 * small + 1e-6)


def test_more_than_fits_is_told_with_the_digits_that_show_it():
    plant = pot.Plant(name="A", firm="A", capacity_kt=150.0, running_kt=150.000001)
    one = dataclasses.replace(market(), plants=(plant,))
    with pytest.raises(pot.InputError, match=r"found capacity 150, running 150\.000001, commissioning 0 kt/year"):
        pot.solve(one, pot.Cournot())
