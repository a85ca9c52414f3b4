"""Flows of equal cost: prices are unique, quantities are not, and the certificate says so."""

from __future__ import annotations

import dataclasses

import pytest
from tests.equilibrium.network.test_complementarity import line, maker, places

import potline as pot
from potline.industry.network import Activity, Amount, CostStep, FixedDemand, Network, Product, Route, Stock


def network(*activities: Activity, routes: tuple[Route, ...] = (), **more: object) -> Network:
    given = {"demands": (line("east"),), **more}
    return Network(
        name="ties",
        products=(Product(name="metal"),),
        places=places("west", "middle", "east"),
        activities=activities,
        routes=routes,
        **given,
    )


def way(origin: str, destination: str, freight: float) -> Route:
    return Route(product="metal", origin=origin, destination=destination, freight_per_t=freight)


@pytest.mark.parametrize("method", ["auto", "piqp", "complementarity"])
@pytest.mark.parametrize(("dearer", "said"), [(0.0, "several"), (1e-3, "proven")])
def test_two_makers_at_one_cost_may_share_in_many_ways(dearer, said, method):
    drawn = network(maker("A", "east", 2.0, capacity_kt=90.0), maker("B", "east", 2.0 + dearer, capacity_kt=90.0))
    assert pot.solve(drawn, method=method).uniqueness == said


@pytest.mark.parametrize(("last", "said"), [(1.0, "several"), (1.25, "proven")])
def test_two_ways_at_one_cost(last, said):
    ways = (way("west", "east", 2.0), way("west", "middle", 1.0), way("middle", "east", last))
    assert pot.solve(network(maker("A", "west", 2.0), routes=ways)).uniqueness == said


def test_a_round_trip_for_nothing():
    ways = (way("west", "east", 2.0), way("west", "middle", 0.0), way("middle", "west", 0.0))
    found = pot.solve(network(maker("A", "west", 2.0), routes=ways))
    assert found.uniqueness == "several"
    assert pot.solve(network(maker("A", "west", 2.0), routes=ways[:2])).uniqueness == "proven"


def test_makers_that_are_full_or_rise_in_cost_share_in_one_way():
    full = network(maker("A", "east", 2.0, capacity_kt=1.0), maker("B", "east", 2.0, capacity_kt=1.0))
    assert pot.solve(full).uniqueness == "proven"
    rising = network(*(maker(name, "east", 2.0, cost_slope=0.1) for name in "AB"))
    assert pot.solve(rising).uniqueness == "proven"


def test_one_at_its_bound_whose_gain_is_nothing_may_give_way():
    fixed = (FixedDemand(product="metal", place="east", quantity_kt=1.0),)
    found = pot.solve(network(*(maker(name, "east", 2.0, capacity_kt=1.0) for name in "AB"), demands=fixed))
    assert found.uniqueness == "several"


def test_steps_of_one_maker_at_one_cost_are_one_quantity():
    steps = tuple(CostStep(capacity_kt=40.0, cost_per_t=2.0) for _ in range(2))
    one = Activity(name="A", place="east", outputs=(Amount(product="metal"),), steps=steps)
    assert pot.solve(network(one)).uniqueness == "proven"
    assert pot.solve(network(one, dataclasses.replace(one, name="B"))).uniqueness == "several"


def test_when_it_is_made_may_differ_too():
    kept = (Stock(product="metal", place="east", capacity_kt=5.0),)
    two = {"periods": 2, "stocks": kept}
    assert pot.solve(network(maker("A", "east", 2.0, capacity_kt=90.0), **two)).uniqueness == "several"
    dear = (dataclasses.replace(kept[0], cost_per_t=0.1),)
    assert pot.solve(network(maker("A", "east", 2.0, capacity_kt=90.0), periods=2, stocks=dear)).uniqueness == "proven"


def test_sellers_with_market_power_at_one_cost_sell_one_quantity_each():
    drawn = network(maker("A", "east", 2.0), maker("B", "east", 2.0))
    assert pot.solve(drawn, pot.Cournot()).uniqueness == "proven"
