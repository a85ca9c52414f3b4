"""Every kind of bad network is named, with the route or activity that causes it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from potline.equilibrium import solve
from potline.equilibrium.concepts import Cartel, Conjectural, Cournot, Leader, Stage, Successive
from potline.equilibrium.network import solve_network
from potline.errors import Infeasible, InputError
from potline.industry import Industry, LinearDemand, Plant
from potline.industry.network import (
    Activity,
    Amount,
    CrossTerm,
    FixedDemand,
    IsoelasticLocalDemand,
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


def two_stages(concept: Any = Cournot()) -> Successive:
    return Successive(stages=(Stage(product="alumina", concept=concept), Stage(product="metal", concept=concept)))


def test_a_forced_convex_method_says_why_it_cannot_carry_a_network():
    duty = dataclasses.replace(GOOD.routes[0], duty_share=0.1)
    amount = Amount(product="alumina", per_t=1.93, indexed_to="metal", index_share=0.17, index_place="east")
    smelter = dataclasses.replace(GOOD.activities[1], inputs=(amount,))
    term = CrossTerm(of="smelter", by="refinery", per_t_per_kt=0.1, kind="activity")
    bent = IsoelasticLocalDemand(product="metal", place="east", price_per_t=5.0, quantity_kt=2.0, elasticity=1.5)
    network = replaced(
        routes=(duty,), activities=(GOOD.activities[0], smelter), cross_terms=(term,), demands=(bent,)
    )  # fmt: skip
    where, needed = (
        "network 'good', method 'piqp'",
        "a network that the convex kernel can carry, or method='auto' or 'complementarity'",
    )
    assert text(InputError, network, method="piqp").splitlines() == [
        f"{where}: found {reason}; needed {needed}."
        for reason in (
            "'metal west -> east' pays duty or tax on the price at west",
            "demand for 'metal' at 'east' has constant elasticity: its price is no straight line",
            "activity 'smelter' pays for alumina by the price of metal",
            "the cross term of 'refinery' on 'smelter' is not matched by that of 'smelter' on 'refinery'",
        )
    ]
    assert text(InputError, GOOD, two_stages(), method="flow") == (
        "network 'good', method 'flow': found sellers of 'alumina' foresee how its price answers what activities buy; "
        f"needed {needed}."
    )


def test_who_can_sell_with_market_power():
    assert text(InputError, GOOD, Leader(leader=("smelter",))) == (
        "concept: found Leader; needed Competitive, Cournot, Conjectural, Cartel or Successive on a network."
    )
    assert text(InputError, GOOD, Cournot(), stage="bauxite") == (
        "stage: found 'bauxite'; needed a product that activities take or that has demand which answers the price. "
        "There are: metal, alumina."
    )
    assert text(InputError, GOOD, Cartel(members=("nobody",))) == (
        "concept, cartel members: found 'nobody'; needed owners of activities that make the product: smelter."
    )
    fixed = FixedDemand(product="metal", place="west", quantity_kt=1.0)
    assert text(InputError, replaced(demands=(*GOOD.demands, fixed)), Cournot()) == (
        "demand for 'metal' at 'west': found a fixed quantity; needed demand that answers the price where sellers have "
        "market power: against a fixed quantity no price is high enough."
    )
    both = replaced(demands=(*GOOD.demands, dataclasses.replace(GOOD.demands[0], product="alumina", place="west")))
    assert text(InputError, both, Cournot()) == (
        "stage: found 2 products with demand that answers the price (metal, alumina); needed one product, where market "
        "power sits. Pass stage= one of: alumina, metal."
    )
    with pytest.raises(InputError) as error:
        Stage(product="metal", concept=Cournot(), price_fall_per_kt=-1.0)
    assert str(error.value) == "Stage, price_fall_per_kt: found -1; needed a number of 0 or more, or None."
    stage = Stage(product="metal", concept=Cournot())
    assert text(InputError, GOOD, Successive(stages=(stage, stage))) == (
        "stage 'metal': found 2 of that product; needed one."
    )


def test_nobody_sells_to_himself_with_a_mark_up():
    owned = tuple(dataclasses.replace(item, owner="Chalco") for item in GOOD.activities)
    assert text(InputError, replaced(activities=owned), two_stages()) == (
        "activity 'smelter': found 'alumina' as an input of its seller 'Chalco'; needed sellers with market power that "
        "do not use what they sell: inside one firm no mark-up is paid. Give the activity another owner if it pays the "
        "market price."
    )


def test_a_monopoly_against_inelastic_demand_has_no_best_output():
    bent = IsoelasticLocalDemand(product="metal", place="east", price_per_t=5.0, quantity_kt=2.0, elasticity=0.8)
    network = replaced(demands=(bent,))
    assert text(InputError, network, Cournot()) == (
        "demand for 'metal' at 'east': found elasticity 0.8 where only 'smelter' can sell; needed above 1, conduct "
        "over the number of sellers: below it each earns more by selling less, so that no output is best. Give a "
        "higher elasticity, or price takers (imports) that limit the price."
    )
    assert solve_network(network, Conjectural(theta=0.5)).status == "certified"
    port = Activity(name="port", place="east", outputs=(Amount(product="metal"),), cost_per_t=9.0)
    ceiling = replaced(demands=(bent,), activities=(*GOOD.activities, port))
    held = solve_network(ceiling, Cartel(members=("smelter",), fringe=Conjectural(theta=0.0)))
    assert held.price("metal", "east") <= 9.0 + 1e-9


def test_demand_that_never_ends_needs_something_that_can_come():
    bent = IsoelasticLocalDemand(product="metal", place="east", price_per_t=5.0, quantity_kt=2.0, elasticity=0.8)
    late = dataclasses.replace(GOOD.routes[0], lag_periods=1)
    assert text(Infeasible, replaced(demands=(bent,), routes=(late,), periods=2)) == (
        "demand for 'metal' at 'east' in period 1: found nothing that can come, though demand of constant elasticity "
        "wants something at any price; needed a maker, route or stock that serves it in every period. Goods under way "
        "at the start are a route's afloat_kt."
    )


def test_numbers_of_curves_and_contracts():
    bent = IsoelasticLocalDemand(product="metal", place="east", price_per_t=0.0, quantity_kt=-2.0, elasticity=0.0)
    amount = Amount(product="alumina", per_t=1.93, indexed_to="metal", index_place="nowhere")
    smelter = dataclasses.replace(GOOD.activities[1], inputs=(amount,))
    assert text(InputError, replaced(demands=(bent,), activities=(GOOD.activities[0], smelter))).splitlines() == [
        "activity 'smelter': found place 'nowhere'; needed a place of the network.",
        "activity 'smelter', 'alumina': found 0 index_share; needed above 0 where the input is indexed.",
        *(
            f"demand for 'metal' at 'east', {field}: found {value}; needed above 0."
            for field, value in (("price_per_t", 0), ("quantity_kt", -2), ("elasticity", 0))
        ),
    ]
    sold = dataclasses.replace(
        GOOD.activities[1], outputs=(Amount(product="metal", indexed_to="alumina", index_share=5.0),)
    )
    assert text(InputError, replaced(activities=(GOOD.activities[0], sold))) == (
        "activity 'smelter', 'metal': found an output indexed to another price; needed an input."
    )
    there = dataclasses.replace(amount, index_share=0.1, index_place="west")
    smelter = dataclasses.replace(GOOD.activities[1], inputs=(there,))
    assert text(InputError, replaced(activities=(GOOD.activities[0], smelter)), Cournot()) == (
        "activity 'smelter': found 'alumina' indexed to 'metal' at 'west', where it has no price; needed a place where "
        "somebody buys it or price takers have it. Name one in index_place."
    )


def test_stages_are_of_a_network():
    duopoly = Industry(
        name="one", demand=LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=1.0),),
    )  # fmt: skip
    with pytest.raises(InputError) as found:
        solve(duopoly, two_stages())  # pyright: ignore[reportCallIssue, reportArgumentType]
    assert str(found.value) == (
        "concept: found Successive; needed Competitive, Cournot, Conjectural, Cartel or Leader: an industry is one "
        "market, stages are of a Network."
    )


def test_conduct_of_somebody_who_makes_none_of_the_product():
    concept = Conjectural(theta=(("smelter", 1.0), ("refinery", 0.5), ("smelter", 0.2)))
    assert text(InputError, GOOD, concept, stage="metal") == (
        "concept, theta: found 2 of owner 'smelter'; needed one of each name. Give each its own name.\n"
        "concept, theta: found 'refinery'; needed owners of activities that make the product: smelter."
    )
    text(InputError, GOOD, Cartel(members=("smelter",), fringe=Conjectural(theta=(("nobody", 1.0),))), stage="metal")
