"""Markets of the kernel's zoo, written by hand there as formulas, declared here as networks: the same answers."""

from __future__ import annotations

import numpy as np
import pytest
from tests.numerics.complementarity.parts import PER_TONNE
from tests.numerics.complementarity.power import isoelastic_cournot
from tests.numerics.complementarity.zoo import asymmetric_demand, indexed_alumina

from potline.equilibrium import solve
from potline.equilibrium.concepts import Cartel, Conjectural
from potline.industry.network import (
    Activity,
    Amount,
    CrossTerm,
    IsoelasticLocalDemand,
    LocalDemand,
    Network,
    Place,
    Product,
    Route,
)
from potline.numerics.complementarity.problem import solve_complementarity


def places(*names: str) -> tuple[Place, ...]:
    return tuple(Place(name=name) for name in names)


def answer(item) -> np.ndarray:
    found = solve_complementarity(item.problem, item.lower, item.upper, item.start)
    assert found.solved
    return found.point


def ways(freight: np.ndarray) -> tuple[Route, ...]:
    return tuple(
        Route(product="metal", origin=f"works {i}", destination=f"market {r}", freight_per_t=float(freight[i, r]))
        for i, r in np.ndindex(freight.shape)
    )


@pytest.mark.parametrize("seed", range(4))
def test_isoelastic_cournot(seed):
    firms, markets = 6, 4
    rng = np.random.default_rng([4, seed])
    cost, rise = rng.uniform(6e3, 12e3, firms), rng.uniform(0.1, 5.0, firms)
    freight, capacity = rng.uniform(50.0, 2000.0, (firms, markets)), rng.uniform(50.0, 800.0, firms)
    elasticity = rng.uniform(0.9, 2.0, markets)
    scale = rng.uniform(200.0, 900.0, markets) * firms / markets
    makers = tuple(
        Activity(name=f"firm {i}", place=f"works {i}", outputs=(Amount(product="metal"),), cost_per_t=float(cost[i]),
                 cost_slope=float(rise[i]), capacity_kt=float(capacity[i]))
        for i in range(firms)
    )  # fmt: skip
    fringe = tuple(
        Activity(name=f"fringe {r}", place=f"market {r}", outputs=(Amount(product="metal"),),
                 capacity_kt=float(0.05 * scale[r]))
        for r in range(markets)
    )  # fmt: skip
    network = Network(
        name="zoo", products=(Product(name="metal"),),
        places=places(*(f"works {i}" for i in range(firms)), *(f"market {r}" for r in range(markets))),
        activities=makers + fringe, routes=ways(freight),
        demands=tuple(
            IsoelasticLocalDemand(product="metal", place=f"market {r}", price_per_t=14e3, quantity_kt=float(scale[r]),
                                  elasticity=float(elasticity[r]))
            for r in range(markets)
        ),
    )  # fmt: skip
    strong = Conjectural(theta=tuple((item.name, 1.0) for item in makers))
    result = solve(network, strong)
    point = answer(isoelastic_cournot(seed, firms, markets))
    flows = point[: firms * markets].reshape(firms, markets)
    assert result.sales_kt[1:, :, 0] == pytest.approx(flows, rel=1e-7, abs=1e-6)
    assert result.bought_kt[:, 0] == pytest.approx(point[-markets:], rel=1e-8)
    # A cartel of one is that seller.
    alone = solve(network, Cartel(members=("firm 0",), fringe=Conjectural(theta=strong.theta)))
    assert alone.bought_kt == pytest.approx(result.bought_kt, rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_indexed_alumina(seed):
    refineries, smelters, markets = 5, 6, 3
    rng = np.random.default_rng([3, seed])
    cost, rise = rng.uniform(1500.0, 2400.0, refineries), rng.uniform(0.05, 1.0, refineries)
    limit = rng.uniform(100.0, 1200.0, refineries)
    parity = float(rng.uniform(2500.0, 3200.0))
    other, freight = rng.uniform(5e3, 10e3, smelters), rng.uniform(50.0, 1500.0, (smelters, markets))
    capacity = rng.uniform(50.0, 600.0, smelters)
    share = np.where(rng.uniform(size=smelters) < 0.5, rng.uniform(0.14, 0.19, smelters), 0.0)
    choke = rng.uniform(16e3, 30e3, markets)
    slope = rng.uniform(0.01, 0.06, markets) * smelters / markets
    hub = tuple(
        Activity(name=f"refinery {g}", place="hub", outputs=(Amount(product="alumina"),), cost_per_t=float(cost[g]),
                 cost_slope=float(rise[g]), capacity_kt=float(limit[g]))
        for g in range(refineries)
    )  # fmt: skip
    port = Activity(name="imports", place="hub", outputs=(Amount(product="alumina"),), cost_per_t=parity)
    makers = tuple(
        Activity(
            name=f"smelter {j}", place=f"works {j}", outputs=(Amount(product="metal"),), cost_per_t=float(other[j]),
            capacity_kt=float(capacity[j]),
            inputs=(
                Amount(product="alumina", per_t=PER_TONNE, indexed_to="metal", index_share=float(share[j]),
                       index_place="market 0") if share[j] > 0.0 else Amount(product="alumina", per_t=PER_TONNE),
            ),
        )
        for j in range(smelters)
    )  # fmt: skip
    rails = tuple(Route(product="alumina", origin="hub", destination=f"works {j}") for j in range(smelters))
    result = solve(
        Network(
            name="zoo", products=(Product(name="alumina"), Product(name="metal")),
            places=places("hub", *(f"works {j}" for j in range(smelters)), *(f"market {r}" for r in range(markets))),
            activities=(*hub, port, *makers), routes=rails + ways(freight),
            demands=tuple(
                LocalDemand(product="metal", place=f"market {r}", intercept_per_t=float(choke[r]),
                            slope_per_kt=float(1.0 / slope[r]))
                for r in range(markets)
            ),
        )
    )  # fmt: skip
    point = answer(indexed_alumina(seed, refineries, smelters, markets))
    assert result.price("alumina", "hub") == pytest.approx(point[refineries + 1], rel=1e-8)
    for r in range(markets):
        assert result.price("metal", f"market {r}") == pytest.approx(point[point.size - markets + r], rel=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_asymmetric_demand(seed):
    plants, markets, products = 6, 3, 2
    rng = np.random.default_rng([1, seed])
    made = np.concatenate((np.arange(products), rng.integers(0, products, plants - products)))
    cost, freight = rng.uniform(9e3, 15e3, plants), rng.uniform(50.0, 1500.0, (plants, markets))
    capacity = rng.uniform(50.0, 600.0, plants)
    own = rng.uniform(0.01, 0.05, (markets, products)) * plants / markets
    cross = rng.uniform(0.0, 0.8, (markets, products, products))
    choke = rng.uniform(14e3, 30e3, (markets, products))
    names = [f"good {k}" for k in range(products)]
    demands: list[LocalDemand] = []
    terms: list[CrossTerm] = []
    for r in range(markets):
        slope = -own[r][:, None] * cross[r]
        slope[np.diag_indices(products)] = own[r]
        fall = np.linalg.inv(slope)
        for k in range(products):
            demands.append(
                LocalDemand(product=names[k], place=f"market {r}", intercept_per_t=float(choke[r, k]),
                            slope_per_kt=float(fall[k, k]))
            )  # fmt: skip
            terms.append(
                CrossTerm(of=names[k], by=names[1 - k], place=f"market {r}", per_t_per_kt=float(fall[k, 1 - k]))
            )
    result = solve(
        Network(
            name="zoo", products=tuple(Product(name=name) for name in names),
            places=places(*(f"works {i}" for i in range(plants)), *(f"market {r}" for r in range(markets))),
            activities=tuple(
                Activity(name=f"plant {i}", place=f"works {i}", outputs=(Amount(product=names[made[i]]),),
                         cost_per_t=float(cost[i]), capacity_kt=float(capacity[i]))
                for i in range(plants)
            ),
            routes=tuple(
                Route(product=names[made[i]], origin=f"works {i}", destination=f"market {r}",
                      freight_per_t=float(freight[i, r]))
                for i, r in np.ndindex(plants, markets)
            ),
            demands=tuple(demands), cross_terms=tuple(terms),
        )
    )  # fmt: skip
    point = answer(asymmetric_demand(seed, plants, markets, products))
    price = point[-markets * products :].reshape(markets, products)
    for r, k in np.ndindex(markets, products):
        if result.bought_kt[r * products + k, 0] > 1e-6:
            assert result.price(names[k], f"market {r}") == pytest.approx(price[r, k], rel=1e-8)
