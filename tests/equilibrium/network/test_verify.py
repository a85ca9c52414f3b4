"""The certificate of a network: every figure spoilt in turn, for price takers and for each kind of market power."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.equilibrium.network.networks import bent
from tests.equilibrium.network.test_complementarity import curve, line, maker, places
from tests.equilibrium.network.test_foreseeing import BOTH, chain_of
from tests.equilibrium.network.test_solve import chain
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.equilibrium.concepts import Stage, Successive
from potline.equilibrium.network import price_intervals, solve_network
from potline.equilibrium.network.verify_intervals import verify_intervals
from potline.errors import PotlineError
from potline.industry.network import Activity, Amount, CostStep, FixedDemand, Network, Product, Quota, Route, Stock
from potline.verification import Checked

STATED = Successive(stages=(Stage(product="alumina", concept=pot.Cournot(), price_fall_per_kt=1.0), BOTH.stages[1]))
METAL = (Product(name="metal"),)


def rich() -> Network:
    """Two places and periods with everything that a network may have, and prices that its flows pin."""
    return Network(
        name="rich",
        products=(Product(name="ore"), Product(name="metal")),
        places=places("west", "east"),
        activities=(
            maker("mine", "west", 1.0, "ore", cost_slope=0.2),
            Activity(
                name="mill", place="west", owner="A", inputs=(Amount(product="ore", per_t=2.0),),
                outputs=(Amount(product="metal"),),
                steps=(CostStep(capacity_kt=1.5, cost_per_t=1.0), CostStep(capacity_kt=9.0, cost_per_t=2.0)),
            ),
            maker("far mill", "east", 5.0, cost_slope=0.7, owner="B"),
            maker("other", "east", 6.0, cost_slope=0.5, owner="C"),
        ),
        routes=(
            Route(product="metal", origin="west", destination="east", freight_per_t=0.5, crowding_slope=0.1),
        ),
        demands=(line("west", intercept=14.0), line("east", intercept=16.0, slope=0.8)),
        stocks=(Stock(product="metal", place="east", cost_per_t=0.05, opening_kt=1.0, closing_kt=0.5),),
        quotas=(Quota(name="licence", routes=("metal west -> east",), limit_kt=1.2),),
        periods=2,
        discount_per_period=0.05,
    )  # fmt: skip


ASKED = {
    "price takers": (rich(), pot.Competitive(), {}),
    "cournot": (rich(), pot.Cournot(), {"stage": "metal"}),
    "cartel": (rich(), pot.Cartel(members=("A", "B"), fringe=pot.Conjectural(theta=0.5)), {"stage": "metal"}),
    "two stages": (chain_of(2, 3, line("here")), BOTH, {}),
    "two stages, curve": (chain_of(2, 3, curve("here", 1.5)), BOTH, {}),
    "stated fall": (chain_of(2, 3, line("here")), STATED, {}),
    "random chain": (chain(5), pot.Cournot(), {"stage": "metal"}),
    "no program": (bent(3, ("duty", "cross", "curve")), pot.Cournot(), {"stage": "metal"}),
}
# Price takers have no goods there: every value in an interval supports the same flows.
NOTHING_THERE = "no goods of price takers come there, so that any value in an interval is right"
RIGHT_TOO = {
    "cartel": {"value_per_t[0,1,0,1] *": NOTHING_THERE},
    "random chain": {"value_per_t[0,1,2,1] raised by 1 %": NOTHING_THERE},
    "no program": {"value_per_t[0,1,0,1] raised by 1 %": NOTHING_THERE},
}


@pytest.mark.parametrize("name", list(ASKED))
def test_every_figure_of_a_network_is_looked_at(name):
    network, concept, options = ASKED[name]
    result = solve_network(network, concept, **options)
    assert_caught(spoil(result, question=("network", "concept", "method", "answer")), RIGHT_TOO.get(name, {}))


def test_a_profit_that_is_rounding_of_none_is_spoilt_as_none():
    network, concept, options = ASKED["no program"]
    result = solve_network(network, concept, **options)
    for rounding in (0.0, 3e-17, -3e-17):
        profit = result.owner_profit_m.copy()
        profit[0, 2] = rounding  # the port earns nothing there, to the last bits that a machine happens to have
        near = dataclasses.replace(result, owner_profit_m=profit)
        found = spoil(near, question=("network", "concept", "method", "answer"), only=("owner_profit_m",))
        assert "owner_profit_m[0,2] made 1 % of its neighbours" in {item.name for item in found}
        assert_caught(found)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("concept", [pot.Competitive(), pot.Cournot()], ids=["takers", "cournot"])
def test_intervals_of_prices_are_found_again(seed, concept):
    for network in (chain(seed), bent(seed)):
        try:
            result = solve_network(network, concept, stage="" if concept == pot.Competitive() else "metal")
        except PotlineError:
            continue
        assert verify_intervals(result, price_intervals(result)).holds


def test_every_end_of_an_interval_is_looked_at():
    steps = Network(
        name="steps", products=METAL, places=places("west", "east"),
        activities=(
            maker("A", "west", 2.0, capacity_kt=3.0), maker("B", "west", 4.0, capacity_kt=2.0),
            maker("C", "east", 9.0, capacity_kt=5.0), maker("D", "north", 1.0, capacity_kt=1.0),
        ),
        routes=(Route(product="metal", origin="west", destination="east", freight_per_t=1.0),),
        demands=tuple(FixedDemand(product="metal", place=p, quantity_kt=q) for p, q in (("west", 2.0), ("east", 3.0))),
    )  # fmt: skip
    steps = dataclasses.replace(steps, places=places("west", "east", "north"))
    result = solve_network(steps)
    found = price_intervals(result)
    assert found.low_per_t[0, :, 0].tolist() == pytest.approx([4.0, 5.0, -math.inf])
    assert found.high_per_t[0, :, 0].tolist() == pytest.approx([8.0, 9.0, 1.0])
    assert_caught(spoil(found, question=(), check=lambda stated: Checked((verify_intervals(result, stated),))))
