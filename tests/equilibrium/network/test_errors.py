"""Every kind of bad network is named, with the route or activity that causes it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from potline.equilibrium.concepts import Cartel, Cournot, Leader
from potline.equilibrium.network import solve_network
from potline.errors import Infeasible, InputError
from potline.industry.network import (
    Activity,
    Amount,
    CrossTerm,
    FixedDemand,
    LocalDemand,
    Network,
    Place,
    Product,
    Route,
    Stock,
)

GOOD = Network(
    name="good",
    products=(Product(name="alumina"), Product(name="metal")),
    places=(Place(name="west"), Place(name="east"), Place(name="south")),
    activities=(
        Activity(name="refinery", place="west", outputs=(Amount(product="alumina"),), cost_per_t=1.0),
        Activity(
            name="smelter", place="west", inputs=(Amount(product="alumina", per_t=1.93),),
            outputs=(Amount(product="metal"),), cost_per_t=2.0, capacity_kt=4.0,
        ),
    ),
    routes=(Route(product="metal", origin="west", destination="east", freight_per_t=1.0),),
    demands=(LocalDemand(product="metal", place="east", intercept_per_t=10.0, slope_per_kt=1.0),),
)  # fmt: skip


def text(error: type[Exception], network: Network, *rest: Any, **named: Any) -> str:
    with pytest.raises(error) as found:
        solve_network(network, *rest, **named)
    return str(found.value)


def replaced(**fields: Any) -> Network:
    return dataclasses.replace(GOOD, **fields)


def test_the_good_network_is_solved():
    assert solve_network(GOOD).status == "certified"


def test_slope_of_the_wrong_sign():
    demand = dataclasses.replace(GOOD.demands[0], slope_per_kt=-1.0)
    assert text(InputError, replaced(demands=(demand,))) == (
        "demand for 'metal' at 'east', slope_per_kt: found -1; needed above 0: P = intercept_per_t - slope_per_kt Q "
        "falls as more is sold. Turn the sign round; it is fed by route 'metal west -> east'."
    )


def test_a_product_nobody_makes():
    assert text(InputError, replaced(activities=GOOD.activities[1:])) == (
        "product 'alumina': found nobody that makes it, though activity 'smelter' needs it; needed an activity with it "
        "among its outputs, an opening stock, or goods afloat. Goods from outside are an activity with outputs only."
    )
    assert "and route 'metal west -> east' carries it" in text(InputError, replaced(activities=GOOD.activities[:1]))


def test_a_place_nobody_can_reach():
    assert text(InputError, replaced(routes=())) == (
        "demand for 'metal' at 'east': found no route that ends there, and no maker there; needed a way from where it "
        "is made (west). Add a route 'metal' from one of them to 'east'."
    )
    route = dataclasses.replace(GOOD.routes[0], origin="south")
    assert text(InputError, replaced(routes=(route,))) == (
        "demand for 'metal' at 'east': found only routes that nobody's goods can reach: 'metal south -> east'; needed "
        "a way from where it is made (west). Add a route 'metal' from one of them or into 'south'."
    )


def test_a_loop_of_routes_that_earns_money():
    back = Route(product="metal", origin="east", destination="west", freight_per_t=-3.0)
    message = text(InputError, replaced(routes=(*GOOD.routes, back)))
    assert message in (
        "loop of routes 'metal west -> east', 'metal east -> west': found a total cost of -2 per t and no capacity: "
        "going round earns money without end; needed costs that add up to 0 or more, or a capacity_kt. Look at "
        "'metal east -> west' first.",
        "loop of routes 'metal east -> west', 'metal west -> east': found a total cost of -2 per t and no capacity: "
        "going round earns money without end; needed costs that add up to 0 or more, or a capacity_kt. Look at "
        "'metal east -> west' first.",
    )
    limited = dataclasses.replace(back, capacity_kt=1.0)
    assert solve_network(replaced(routes=(*GOOD.routes, limited))).status == "certified"


def test_activities_and_routes_that_earn_money_together():
    port = Activity(name="port", place="east", outputs=(Amount(product="metal"),), cost_per_t=5.0)
    sale = Activity(name="sale", place="south", inputs=(Amount(product="metal"),), cost_per_t=-9.0)
    route = Route(product="metal", origin="east", destination="south", freight_per_t=1.0)
    network = replaced(activities=(*GOOD.activities, port, sale), routes=(*GOOD.routes, route))
    assert text(InputError, network) == (
        "route 'metal east -> south', activity 'port', activity 'sale': found a gain of 3 for each round and no limit: "
        "this earns money without end; needed a capacity_kt on one of them, or costs that add up to 0 or more."
    )


def test_an_unbalanced_network():
    fixed = FixedDemand(product="metal", place="east", quantity_kt=9.0)
    assert text(Infeasible, replaced(demands=(fixed,))) == (
        "'metal' at 'east': found 5 kt short of what is needed; needed supply, routes and stocks that balance in every "
        "period. Full on the way: activity 'smelter'."
    )
    closed = dataclasses.replace(GOOD.routes[0], capacity_kt=(2.0, 0.0))
    fixed = dataclasses.replace(fixed, quantity_kt=(1.0, 0.5))
    assert text(Infeasible, replaced(demands=(fixed,), routes=(closed,), periods=2)) == (
        "'metal' at 'east' in period 2: found 0.5 kt short of what is needed; needed supply, routes and stocks that "
        "balance in every period. Full on the way: route 'metal west -> east' in period 2."
    )


def test_all_problems_are_told_at_once():
    network = replaced(
        activities=(dataclasses.replace(GOOD.activities[0], place="north", capacity_kt=-1.0), GOOD.activities[1]),
        routes=(*GOOD.routes, *GOOD.routes, dataclasses.replace(GOOD.routes[0], freight_per_t=(1.0, 2.0), name="x")),
        stocks=(Stock(product="metal", place="west", loss_share=1.0),),
    )
    assert text(InputError, network).splitlines() == [
        "route 'metal west -> east': found 2 of that name; needed one.",
        "activity 'refinery': found place 'north'; needed a place of the network.",
        "activity 'refinery', capacity_kt: found -1; needed 0 or more.",
        "route 'x', freight_per_t: found 2 values; needed 1, one a period, or one number.",
        "stock of 'metal' at 'west', loss_share: found 1; needed 0 or more, below 1.",
    ]


def test_what_is_no_convex_program_says_why():
    duty = dataclasses.replace(GOOD.routes[0], duty_share=0.1)
    assert "'metal west -> east' pays duty or tax on the price at west" in text(InputError, replaced(routes=(duty,)))
    amount = Amount(product="alumina", per_t=1.93, indexed_to="metal", index_share=0.17)
    smelter = dataclasses.replace(GOOD.activities[1], inputs=(amount,))
    message = text(InputError, replaced(activities=(GOOD.activities[0], smelter)))
    assert "activity 'smelter' pays for alumina by the price of metal" in message
    term = CrossTerm(of="smelter", by="refinery", per_t_per_kt=0.1, kind="activity")
    assert "is not matched by" in text(InputError, replaced(cross_terms=(term,)))


def test_market_power_needs_one_stage_of_linear_demand():
    assert "found Leader" in text(InputError, GOOD, Leader(leader=("smelter",)))
    assert "stage: found 'alumina'" in text(InputError, GOOD, Cournot(), stage="alumina")
    assert "cartel members: found 'nobody'" in text(InputError, GOOD, Cartel(members=("nobody",)))
    used = Activity(
        name="foundry", place="east", inputs=(Amount(product="metal"),), outputs=(Amount(product="alumina"),)
    )
    assert "activity 'foundry': found 'metal' as an input" in text(
        InputError, replaced(activities=(*GOOD.activities, used)), Cournot()
    )
    fixed = FixedDemand(product="metal", place="west", quantity_kt=1.0)
    assert "found a fixed quantity" in text(InputError, replaced(demands=(*GOOD.demands, fixed)), Cournot())
