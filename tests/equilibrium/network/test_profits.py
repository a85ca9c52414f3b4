"""What owners of a network earn: closed forms, one market by two ways, and where all money goes."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.equilibrium.network.test_complementarity import line, maker, places
from tests.equilibrium.network.test_foreseeing import BOTH, chain_of

import potline as pot
from potline.equilibrium.network import solve_network
from potline.equilibrium.network.economics import route_margins
from potline.industry.network import Activity, Amount, CostStep, CrossTerm, FixedDemand, Network, Product, Route

METAL = (Product(name="metal"),)


def far(*makers: Activity) -> Network:
    """Write makers in the west and a buyer in the east, 10 - q, with freight of 1."""
    way = Route(product="metal", origin="west", destination="east", freight_per_t=1.0)
    return Network(name="far", products=METAL, places=places("west", "east"), activities=makers, routes=(way,),
                   demands=(line("east"),))  # fmt: skip


def test_two_sellers_earn_what_cournot_says():
    # q_i = (10 + c_j - 2 c_i) / 3 with landed costs 3 and 4: q = 8/3, 5/3; profit is the square of output.
    found = solve_network(far(maker("A", "west", 2.0), maker("B", "west", 3.0)), pot.Cournot())
    assert found.profit_m == pytest.approx({"A": (8 / 3) ** 2 / 1000.0, "B": (5 / 3) ** 2 / 1000.0}, rel=1e-9)
    assert found.owner_table()[0] == {"owner": "A", "period": 1, "profit_m": found.profit_m["A"]}


def test_a_cartel_earns_as_one_and_its_fringe_apart():
    # A takes all that the two sell, 3.5 kt at 6.5 less 3 landed; the dear member does not run.
    network = far(maker("A", "west", 2.0), maker("B", "west", 2.5), maker("C", "east", 9.0))
    found = solve_network(network, pot.Cartel(members=("A", "B"), name="ring"))
    assert found.owners == ("ring", "C")
    assert found.profit_m == pytest.approx({"ring": 3.5 * 3.5 / 1000.0, "C": 0.0}, abs=1e-12)


def test_price_takers_earn_between_costs_and_price():
    # Steps of 2 kt at 1 and 9 kt at 4; 10 - q = 5: 5 kt. Rising costs: (p - 2) / 1 = 2 kt, half of 2 x 2.
    steps = (CostStep(capacity_kt=9.0, cost_per_t=4.0), CostStep(capacity_kt=2.0, cost_per_t=1.0))
    stepped = Activity(name="S", place="west", outputs=(Amount(product="metal"),), steps=steps)
    found = solve_network(far(stepped, maker("R", "west", 2.0, cost_slope=1.0)))
    assert found.price("metal", "west") == pytest.approx(4.0)
    assert found.profit_m == pytest.approx({"S": 2.0 * 3.0 / 1000.0, "R": 0.5 * 2.0 * 2.0 / 1000.0}, rel=1e-9)


def test_a_rent_of_a_full_way_is_no_owners():
    way = Route(product="metal", origin="west", destination="east", freight_per_t=1.0, capacity_kt=2.0)
    network = dataclasses.replace(far(maker("A", "west", 2.0)), routes=(way,))
    assert solve_network(network).profit_m == pytest.approx({"A": 0.0}, abs=1e-12)


def test_one_market_earns_the_same_by_both_ways():
    plants = tuple(
        pot.Plant(name=name, firm=name, capacity_kt=9.0, other_cost_per_t=cost)
        for name, cost in (("A", 1.0), ("B", 2.0), ("C", 2.5))
    )
    demand = pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0)
    market = pot.Industry(name="one", demand=demand, plants=plants)
    makers = tuple(maker(plant.name, "here", plant.other_cost_per_t, capacity_kt=plant.capacity_kt) for plant in plants)
    network = Network(name="one", products=METAL, places=places("here"), activities=makers, demands=(line("here"),))
    for concept in (pot.Competitive(), pot.Cournot(), pot.Conjectural(theta=0.5), pot.Cartel(members=("A", "B"))):
        alone, linked = pot.solve(market, concept).profit_m, solve_network(network, concept).profit_m
        if isinstance(concept, pot.Cartel):
            alone = {concept.name: alone["A"] + alone["B"], "C": alone["C"]}
        assert linked == pytest.approx(alone, rel=1e-8, abs=1e-12)


def test_all_that_buyers_pay_goes_to_owners_costs_and_ways():
    network = chain_of(2, 3, line("here"))
    crossed = CrossTerm(of=network.activities[0].name, by=network.activities[1].name, per_t_per_kt=0.1, kind="activity")
    whole = dataclasses.replace(network, cross_terms=(crossed,))
    for question, concept in ((network, BOTH), (whole, pot.Competitive())):
        found = solve_network(question, concept)
        paid = sum(
            found.price(item.product, item.place) * found.bought_kt[k, 0] for k, item in enumerate(question.demands)
        )
        level, rise = found.level_kt[:, 0], np.array([item.cost_slope for item in question.activities])
        spent = float(np.array([item.cost_per_t for item in question.activities]) @ level + 0.5 * rise @ level**2)
        if question.cross_terms:
            spent += 0.1 * level[0] * level[1]
        assert sum(found.profit_m.values()) == pytest.approx(
            (paid - spent - route_margins(found)[1].sum()) / 1000.0, rel=1e-7
        )


def test_fixed_demand_pays_the_makers_too():
    network = dataclasses.replace(
        far(maker("A", "east", 2.0, capacity_kt=1.0), maker("B", "east", 5.0)),
        demands=(FixedDemand(product="metal", place="east", quantity_kt=3.0),),
    )
    assert solve_network(network).profit_m == pytest.approx({"A": 3.0 / 1000.0, "B": 0.0}, abs=1e-12)
