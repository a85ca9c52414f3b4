"""Chains that no single program describes, about 1,000 variables, declared to certified through ``potline.solve``.

The first has everything at once: smelters that are Cournot sellers in markets of constant elasticity, duties in per
cent of the price where goods leave, alumina indexed to the metal price for every third smelter and costs that rise with
a neighbour's output in one direction only. The second has market power in both stages, sellers of alumina foreseeing
derived demand. The clock covers checks, compiling, the nearest convex program, the kernel and the certificate (which
for the second solves the chain downstream again 24 times).
"""

from __future__ import annotations

import numpy as np

from benchmarks.engine import bar, median_seconds
from potline.equilibrium.concepts import Cournot, NetworkConcept, Stage, Successive
from potline.equilibrium.network import compile_network, solve_network
from potline.industry.network import (
    Activity,
    Amount,
    CrossTerm,
    IsoelasticLocalDemand,
    Network,
    Place,
    Product,
    Route,
)

ALUMINA_PER_T = 1.93


def chain(smelters: int, markets: int, refineries: int, everything: bool, seed: int = 1) -> Network:
    """Draw a chain: refineries and smelters at works, metal by a route from each works to each market."""
    rng = np.random.default_rng(seed)
    works, cities = [f"works {i}" for i in range(smelters)], [f"market {r}" for r in range(markets)]
    indexed = Amount(
        product="alumina", per_t=ALUMINA_PER_T, indexed_to="metal", index_share=0.17, index_place=cities[0]
    )
    spot = Amount(product="alumina", per_t=ALUMINA_PER_T)
    activities = [
        Activity(
            name=f"refinery {g}",
            place="hub",
            outputs=(Amount(product="alumina"),),
            cost_per_t=float(rng.uniform(1_500.0, 2_200.0)),
            cost_slope=float(rng.uniform(0.1, 0.5)),
        )
        for g in range(refineries)
    ]
    activities += [
        Activity(
            name=f"smelter {i}",
            place=place,
            inputs=(indexed if everything and i % 3 == 0 else spot,),
            outputs=(Amount(product="metal"),),
            cost_per_t=float(rng.uniform(5_000.0, 8_000.0)),
            cost_slope=float(rng.uniform(2.0, 8.0)),
        )
        for i, place in enumerate(works)
    ]
    routes = [
        Route(product="alumina", origin="hub", destination=place, freight_per_t=float(rng.uniform(50.0, 400.0)))
        for place in works
    ]
    routes += [
        Route(
            product="metal",
            origin=place,
            destination=city,
            freight_per_t=float(rng.uniform(50.0, 1_000.0)),
            duty_share=float(rng.uniform(0.0, 0.1)) if everything else 0.0,
        )
        for place in works
        for city in cities
    ]
    terms = tuple(
        CrossTerm(of=f"smelter {i}", by=f"smelter {i + 1}", per_t_per_kt=0.5, kind="activity")
        for i in range(0, smelters - 1, 2)
    )
    return Network(
        name="beyond",
        products=(Product(name="alumina"), Product(name="metal")),
        places=tuple(Place(name=name) for name in ("hub", *works, *cities)),
        activities=tuple(activities),
        routes=tuple(routes),
        demands=tuple(
            IsoelasticLocalDemand(
                product="metal",
                place=city,
                price_per_t=14_000.0,
                quantity_kt=float(rng.uniform(200.0, 900.0)),
                elasticity=float(rng.uniform(0.8, 1.6)),
            )
            for city in cities
        ),
        cross_terms=terms if everything else (),
    )


def bars() -> list[dict[str, object]]:
    """Assert the certificate, then time the whole way; no peer takes declared chains."""
    both = Successive(stages=(Stage(product="alumina", concept=Cournot()), Stage(product="metal", concept=Cournot())))
    questions: list[tuple[str, Network, NetworkConcept, str]] = [
        ("duty, index, curves, one-way terms, Cournot", chain(16, 18, 6, True), Cournot(), "metal"),
        ("power in two stages", chain(15, 16, 4, False), both, ""),
    ]
    found: list[dict[str, object]] = []
    for words, network, concept, stage in questions:
        compiled = compile_network(network, concept, stage)
        result = solve_network(network, concept, stage=stage)
        assert result.certificate.holds, result.certificate
        assert result.answer.method.startswith("complementarity")
        size = compiled.linear.size + compiled.right.size
        seconds = median_seconds(lambda n=network, c=concept, s=stage: solve_network(n, c, stage=s), 5)
        known = result.certificate
        asked = f"certified at all (residual {known.residual:.0e}, foresight {known.foresight:.0e})"
        found.append(bar(f"declared to certified, {size} variables: {words}", seconds, "s", asked, True))
    return found
