"""Random chains that no single program describes: the chains of the convex tests with features put in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from tests.equilibrium.network.test_solve import CONCEPTS, chain, concept_for

from potline.equilibrium.concepts import Cartel, Conjectural, Cournot, NetworkConcept, Stage, Successive
from potline.equilibrium.network import solve_network
from potline.errors import Infeasible
from potline.industry.network import (
    Activity,
    Amount,
    CrossTerm,
    IsoelasticLocalDemand,
    LocalDemand,
    Network,
    Place,
    Product,
    Quota,
    Route,
    Stock,
)

FEATURES = ("duty", "index", "cross", "curve")


def bent(seed: int, features: tuple[str, ...] = FEATURES) -> Network:
    """Draw a chain of :func:`chain` with features of which no program has the conditions."""
    network, rng = chain(seed), np.random.default_rng([7, seed])
    if "duty" in features:
        network = dataclasses.replace(
            network,
            routes=tuple(
                dataclasses.replace(item, customs_value_per_t=None, duty_share=float(rng.uniform(0.0, 0.2)))
                if rng.random() < 0.5 else item
                for item in network.routes
            ),
        )  # fmt: skip
    if "curve" in features:
        network = dataclasses.replace(
            network,
            demands=tuple(
                IsoelasticLocalDemand(
                    product=item.product, place=item.place, price_per_t=30.0, quantity_kt=float(rng.uniform(3, 9)),
                    elasticity=float(rng.uniform(1.2, 2.5)),
                ) if rng.random() < 0.6 else item
                for item in network.demands
            ),
        )  # fmt: skip
    if "index" in features:
        where = network.demands[0].place
        amount = Amount(product="alumina", per_t=1.93, indexed_to="metal", index_share=0.15, index_place=where)
        network = dataclasses.replace(
            network,
            activities=tuple(
                dataclasses.replace(item, inputs=(amount,)) if item.inputs and rng.random() < 0.5 else item
                for item in network.activities
            ),
        )
    if "cross" in features:
        plain = [item.name for item in network.activities if item.inputs and not item.steps]
        if len(plain) >= 2:
            term = CrossTerm(of=plain[0], by=plain[1], per_t_per_kt=0.1, kind="activity")
            network = dataclasses.replace(network, cross_terms=(term,))
    return network


def drawn(seed: int, number: int, feature: str) -> tuple[Network, NetworkConcept] | None:
    """Draw a bent chain and a concept for it; None for one of owners that it does not have."""
    network = bent(seed, (feature,) if feature else FEATURES)
    concept = concept_for(network, number)
    return None if concept is None else (network, concept)


def in_turn(count: int, first: int = 0) -> Iterator[tuple[Network, NetworkConcept]]:
    """Yield bent chains of fixed seeds, all concepts and features in turn; some seeds give none."""
    features = (*FEATURES, "")
    for seed in range(first, first + count):
        question = drawn(seed, seed % len(CONCEPTS), features[seed % len(features)])
        if question is not None:
            yield question


def is_told(network: Network, concept: NetworkConcept) -> bool:
    """Whether the answer is that something cannot come; anything else but a certified answer raises."""
    try:
        solve_network(network, concept, stage="metal")
    except Infeasible:
        return True
    return False


def power(seed: int) -> tuple[Network, Successive]:
    """Draw refineries and smelters of rising cost at a few places, with market power in both stages."""
    rng = np.random.default_rng([8, seed])
    names = tuple(f"p{i}" for i in range(int(rng.integers(1, 4))))
    periods = int(rng.integers(1, 3))
    activities: list[Activity] = []
    for i in range(int(rng.integers(2, 4))):
        activities.append(
            Activity(
                name=f"refinery {i}", place=str(rng.choice(names)), outputs=(Amount(product="alumina"),),
                cost_per_t=float(rng.uniform(1, 3)), cost_slope=float(rng.uniform(0.05, 0.4)),
            )
        )  # fmt: skip
    for i in range(int(rng.integers(2, 5))):
        activities.append(
            Activity(
                name=f"smelter {i}", place=names[i % len(names)], inputs=(Amount(product="alumina", per_t=1.93),),
                outputs=(Amount(product="metal"),), cost_per_t=float(rng.uniform(3, 8)),
                cost_slope=float(rng.uniform(0.1, 1.0)),
            )
        )  # fmt: skip
    demands: list[LocalDemand | IsoelasticLocalDemand] = []
    for place in names:
        if rng.random() < 0.5:
            demands.append(
                LocalDemand(
                    product="metal", place=place, intercept_per_t=float(rng.uniform(30, 60)),
                    slope_per_kt=float(rng.uniform(1, 4)),
                )
            )  # fmt: skip
        else:
            demands.append(
                IsoelasticLocalDemand(
                    product="metal", place=place, price_per_t=30.0, quantity_kt=float(rng.uniform(3, 9)),
                    elasticity=float(rng.uniform(1.3, 2.5)),
                )
            )  # fmt: skip
    routes = tuple(
        Route(product=product, origin=a, destination=b, freight_per_t=float(rng.uniform(0.5, 3)))
        for product in ("alumina", "metal") for a in names for b in names if a != b
    )  # fmt: skip
    network = Network(
        name=f"power {seed}", products=(Product(name="alumina"), Product(name="metal")),
        places=tuple(Place(name=name) for name in names), activities=tuple(activities), routes=routes,
        demands=tuple(demands), periods=periods, discount_per_period=0.01,
    )  # fmt: skip
    makers = [item.name for item in activities if item.name.startswith("refinery")]
    upstream = (
        Cournot(),
        Conjectural(theta=0.5),
        Cartel(members=tuple(makers[:1]), fringe=Conjectural(theta=0.0)),
    )[int(rng.integers(3))]
    downstream = (Cournot(), Conjectural(theta=0.4))[int(rng.integers(2))]
    return network, Successive(
        stages=(Stage(product="alumina", concept=upstream), Stage(product="metal", concept=downstream))
    )


def with_capacities(network: Network, seed: int) -> Network:
    """Give smelters constant costs and a capacity, so that derived demand for alumina bends."""
    rng = np.random.default_rng(seed)
    return dataclasses.replace(
        network,
        activities=tuple(
            dataclasses.replace(item, cost_slope=0.0, capacity_kt=float(rng.uniform(1, 4))) if item.inputs else item
            for item in network.activities
        ),
    )


def over_time(network: Network, seed: int) -> Network:
    """Give a chain three periods with stocks, lags, losses, crowding, duties, capacities of routes and a quota."""
    rng = np.random.default_rng([9, seed])
    names = [place.name for place in network.places]
    stocks = tuple(
        Stock(
            product=product, place=place, cost_per_t=float(rng.uniform(0.05, 0.5)), loss_share=0.01,
            opening_kt=float(rng.uniform(0.0, 1.0)) if product == "metal" else 0.0,
        )
        for product in ("alumina", "metal") for place in names if rng.random() < 0.5
    )  # fmt: skip
    routes = tuple(
        dataclasses.replace(
            item,
            lag_periods=int(rng.random() < 0.2),
            loss_share=0.02 if rng.random() < 0.3 else 0.0,
            capacity_kt=float(rng.uniform(0.5, 3.0)) if rng.random() < 0.2 else np.inf,
            duty_share=0.1 if rng.random() < 0.3 else 0.0,
            crowding_slope=0.1 if rng.random() < 0.2 else 0.0,
        )
        for item in network.routes
    )
    metal = tuple(item.label for item in routes if item.product == "metal")[:2]
    quotas = (Quota(name="licence", routes=metal, limit_kt=2.0),) if metal else ()
    return dataclasses.replace(network, periods=3, stocks=stocks, routes=routes, quotas=quotas)
