"""What is dead or dear changes nothing, and demand that hardly answers its price is nearly fixed demand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from potline.equilibrium.concepts import Competitive, Conjectural, Cournot
from potline.equilibrium.network import solve_network, verify_network
from potline.errors import Infeasible
from potline.industry.network import (
    Activity,
    Amount,
    CostStep,
    FixedDemand,
    IsoelasticLocalDemand,
    LocalDemand,
    Network,
    Place,
    Product,
    Route,
)

METAL = (Amount(product="metal"),)
CONCEPTS = (Competitive(), Cournot(), Conjectural(theta=0.5))


def crowded(seed: int) -> Network:
    """Draw makers, routes whose bills rise by the square of their flows, and buyers, at prices from 10 to 40."""
    rng = np.random.default_rng([24, seed])
    names = [f"p{i}" for i in range(int(rng.integers(2, 5)))]
    makers = tuple(
        Activity(name=f"maker {i}", place=str(rng.choice(names)), outputs=METAL, cost_per_t=float(rng.uniform(3, 15)),
                 cost_slope=float(rng.choice([0.0, rng.uniform(0.1, 1.0)])), owner=f"firm {rng.integers(3)}",
                 capacity_kt=float(rng.choice([np.inf, rng.uniform(1, 8)])))
        for i in range(int(rng.integers(1, 5)))
    )  # fmt: skip
    routes = tuple(
        Route(product="metal", origin=a, destination=b, freight_per_t=float(rng.uniform(0.5, 4)),
              crowding_cubic=float(rng.uniform(0.2, 2.0)) if rng.random() < 0.7 else 0.0,
              capacity_kt=float(rng.choice([np.inf, rng.uniform(0.5, 4.0)])))
        for a in names for b in names if a != b
    )  # fmt: skip
    demands = tuple(
        LocalDemand(product="metal", place=name, intercept_per_t=float(rng.uniform(20, 60)),
                    slope_per_kt=float(rng.uniform(1, 4)))
        for name in names
    )  # fmt: skip
    places = tuple(Place(name=name) for name in names)
    return Network(name=f"crowded {seed}", products=(Product(name="metal"),), places=places, activities=makers,
                   routes=routes, demands=demands)  # fmt: skip


def idle(network: Network, cost: float, capacity: float) -> Network:
    """Add a maker at each place who sells nothing, owned by one who sells elsewhere."""
    owner = network.activities[0].decides
    more = tuple(
        Activity(name=f"idle at {place.name}", place=place.name, outputs=METAL, cost_per_t=cost, capacity_kt=capacity,
                 owner=owner)
        for place in network.places
    )  # fmt: skip
    return dataclasses.replace(network, activities=(*network.activities, *more))


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: type(concept).__name__)
@pytest.mark.parametrize(("cost", "capacity"), [(1e3, np.inf), (1e5, np.inf), (1e9, np.inf), (5.0, 0.0), (1e9, 0.0)])
def test_makers_who_sell_nothing_change_nothing(concept, cost, capacity):
    for seed in range(25):
        network = crowded(seed)
        alone = solve_network(network, concept, stage="metal")
        found = solve_network(idle(network, cost, capacity), concept, stage="metal")
        makers = len(network.activities)
        assert found.certificate.holds
        assert np.array_equal(found.level_kt[makers:], np.zeros((len(network.places), 1)))
        assert found.level_kt[:makers] == pytest.approx(alone.level_kt, rel=1e-7, abs=1e-7)
        assert found.bought_kt == pytest.approx(alone.bought_kt, rel=1e-7, abs=1e-7)
        buys = (
            alone.bought_kt[:, 0] > 1e-9
        )  # elsewhere any price between the first buyer's and the cheapest offer is one
        assert found.price_per_t[0, buys] == pytest.approx(alone.price_per_t[0, buys], rel=1e-7)


def test_dear_ways_steps_and_chains_that_nobody_uses_are_certified_too():
    network = crowded(3)
    names = [place.name for place in network.places]
    far = Route(product="metal", origin=names[0], destination=names[1], freight_per_t=1e8, name="by air")
    steps = (CostStep(capacity_kt=2.0, cost_per_t=4.0), CostStep(capacity_kt=5.0, cost_per_t=1e8))
    stepped = Activity(name="stepped", place=names[0], outputs=METAL, steps=steps)
    ore = Activity(name="mine", place=names[0], outputs=(Amount(product="ore"),), cost_per_t=1e7)
    smelter = Activity(name="smelter", place=names[0], inputs=(Amount(product="ore", per_t=2.0),), outputs=METAL)
    whole = dataclasses.replace(
        network, products=(*network.products, Product(name="ore")), routes=(*network.routes, far),
        activities=(*network.activities, stepped, ore, smelter),
    )  # fmt: skip
    for concept in CONCEPTS:
        found = solve_network(whole, concept, stage="metal")
        assert found.certificate.holds
        assert found.level_kt[-3:, 0] == pytest.approx([2.0, 0.0, 0.0], abs=1e-9)
        assert found.flow_kt[:, -1] == pytest.approx(0.0, abs=0.0)


def test_a_dear_maker_who_is_needed_is_used():
    # Fixed demand pays his cost; a curve of elasticity 2 buys (3e4 / 10)^-2 of its 5 kt there.
    here = Network(name="here", products=(Product(name="metal"),), places=(Place(name="west"),),
                   activities=(Activity(name="mill", place="west", outputs=METAL, cost_per_t=3e4),),
                   demands=(FixedDemand(product="metal", place="west", quantity_kt=2.0),))  # fmt: skip
    assert solve_network(here).price("metal", "west") == pytest.approx(3e4)
    curve = IsoelasticLocalDemand(product="metal", place="west", price_per_t=10.0, quantity_kt=5.0, elasticity=2.0)
    bent = solve_network(dataclasses.replace(here, demands=(curve,)))
    assert bent.bought_kt.item() == pytest.approx(5.0 * 3e3**-2.0, rel=1e-6)


def steep(elasticity: float, capacity: float = 20.0) -> Network:
    """Write two makers of rising cost, one of little capacity, and a buyer of about 10 kt."""
    demand: IsoelasticLocalDemand | FixedDemand = FixedDemand(product="metal", place="west", quantity_kt=10.0)
    if elasticity:
        demand = IsoelasticLocalDemand(product="metal", place="west", price_per_t=10.0, quantity_kt=10.0,
                                       elasticity=elasticity)  # fmt: skip
    makers = (
        Activity(name="A", place="west", outputs=METAL, cost_per_t=1.0, cost_slope=0.1, capacity_kt=6.0),
        Activity(name="B", place="west", outputs=METAL, cost_per_t=2.0, cost_slope=0.1, capacity_kt=capacity),
    )
    return Network(name="steep", products=(Product(name="metal"),), places=(Place(name="west"),),
                   activities=makers, demands=(demand,))  # fmt: skip


@pytest.mark.parametrize("elasticity", [1e-3, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-30])
def test_demand_that_hardly_answers_tends_to_fixed_demand(elasticity):
    # A is full at 6 kt; B makes 4 kt at 2.4, and 2.4 buys 10 (2.4 / 10)^-e.
    fixed, found = solve_network(steep(0.0)), solve_network(steep(elasticity))
    assert fixed.price("metal", "west") == pytest.approx(2.4, rel=1e-12)
    assert found.price("metal", "west") == pytest.approx(2.4, rel=1e-12 + elasticity)
    assert found.bought_kt.item() == pytest.approx(10.0 * 0.24**-elasticity, rel=1e-3 * elasticity + 1e-12)
    assert found.certificate.holds
    for spoilt in (
        {"bought_kt": 1.01 * found.bought_kt},
        {"price_per_t": 1.01 * found.price_per_t, "value_per_t": 1.01 * found.value_per_t},
        {"level_kt": 1.01 * found.level_kt, "bought_kt": 1.01 * found.bought_kt},
    ):
        assert not verify_network(dataclasses.replace(found, **spoilt)).holds


def test_demand_that_hardly_answers_and_cannot_be_met_is_refused():
    with pytest.raises(Infeasible) as found:
        solve_network(steep(1e-9, capacity=3.0))
    assert str(found.value).startswith(
        "'metal' at 'west': found buyers who want more than can come, at any price up to "
    )


def test_demand_of_constant_elasticity_that_only_a_closed_maker_could_serve_is_refused():
    """Once bought 1e-12 kt of nothing at 2.5e8, within the tolerance of its balance."""
    network = steep(1.2)
    closed = tuple(dataclasses.replace(item, capacity_kt=0.0, cost_per_t=1e9) for item in network.activities)
    with pytest.raises(Infeasible) as found:
        solve_network(dataclasses.replace(network, activities=closed))
    assert str(found.value) == (
        "demand for 'metal' at 'west': found nothing that can come, though demand of constant elasticity wants "
        "something at any price; needed a maker, route or stock that serves it in every period. Goods under way at the "
        "start are a route's afloat_kt."
    )
