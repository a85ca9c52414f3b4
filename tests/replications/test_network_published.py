"""Published equilibria and optima of chains in space, through the public verb, at the tolerances of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from potline.equilibrium import Competitive, Cournot, solve
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
)

HERE = Path(__file__).parent
PUBLISHED = {
    case["id"]: case for case in yaml.safe_load((HERE / "published.yaml").read_text(encoding="utf-8"))["cases"]
}


def close(case: dict[str, Any], value: Any) -> Any:
    """Wrap an expected number or array with the tolerance of its case (absolute unless the case says otherwise)."""
    return pytest.approx(np.asarray(value, float), abs=float(str(case["tol"]).split()[-1]), rel=1e-9)


def places(*names: str) -> tuple[Place, ...]:
    return tuple(Place(name=name) for name in names)


@pytest.mark.parametrize("method", ["flow", "highs", "piqp"])
def test_trnsport(method: Any) -> None:
    case = PUBLISHED["trnsport"]
    given = case["inputs"]
    plants, markets = ("Seattle", "San Diego"), ("New York", "Chicago", "Topeka")
    result = solve(
        Network(
            name="trnsport",
            products=(Product(name="cases", unit="cases"),),
            places=places(*plants, *markets),
            activities=tuple(
                Activity(name=plant, place=plant, outputs=(Amount(product="cases"),), capacity_kt=float(supply))
                for plant, supply in zip(plants, given["supply"], strict=True)
            ),
            routes=tuple(
                Route(product="cases", origin=i, destination=j, freight_per_t=given["freight"] * distance / 1000.0)
                for i, row in zip(plants, given["dist"], strict=True)
                for j, distance in zip(markets, row, strict=True)
            ),
            demands=tuple(
                FixedDemand(product="cases", place=market, quantity_kt=float(wanted))
                for market, wanted in zip(markets, given["demand"], strict=True)
            ),
        ),
        method=method,
    )
    assert -1000.0 * result.potential_m == pytest.approx(case["expected"]["obj"], abs=1e-9, rel=0.0)
    assert 1000.0 * result.transport_bill_m == pytest.approx(case["expected"]["obj"], abs=1e-9, rel=0.0)


def spatequ(given: dict[str, Any]) -> Network:
    """Write the direct demands and supplies, two commodities with cross prices, as inverse ones."""
    regions, goods = ("1", "2", "3"), ("A", "B")
    demands: list[LocalDemand] = []
    activities: list[Activity] = []
    cross: list[CrossTerm] = []
    for r, region in enumerate(regions):
        bought = np.diag(np.array(given["bD_own"][r], float))
        bought[0, 1] = bought[1, 0] = given["bD_cross"]
        falls = -np.linalg.inv(bought)
        sold = np.diag(np.array(given["bS_own"][r], float))
        sold[0, 1] = sold[1, 0] = given["bS_cross"]
        rises = np.linalg.inv(sold)
        most, least = falls @ np.array(given["aD"][r]), -rises @ np.array(given["aS"])
        for c, good in enumerate(goods):
            other = goods[1 - c]
            demands.append(
                LocalDemand(product=good, place=region, intercept_per_t=float(most[c]), slope_per_kt=float(falls[c, c]))
            )
            activities.append(
                Activity(
                    name=f"{good}{region}",
                    place=region,
                    outputs=(Amount(product=good),),
                    cost_per_t=float(least[c]),
                    cost_slope=float(rises[c, c]),
                )
            )
            cross.append(CrossTerm(of=good, by=other, place=region, per_t_per_kt=float(falls[c, 1 - c])))
            cross.append(
                CrossTerm(of=good + region, by=other + region, per_t_per_kt=float(rises[c, 1 - c]), kind="activity")
            )
    routes = tuple(
        Route(product=good, origin=a, destination=b, freight_per_t=float(cost[c]))
        for pair, cost in given["T"].items()
        for a, b in (pair, pair[::-1])
        for c, good in enumerate(goods)
    )
    return Network(
        name="spatequ", products=tuple(Product(name=good) for good in goods), places=places(*regions),
        activities=tuple(activities), routes=routes, demands=tuple(demands), cross_terms=tuple(cross),
    )  # fmt: skip


def test_spatequ_true() -> None:
    case = PUBLISHED["spatequ_true"]
    expected = case["expected"]
    result = solve(spatequ(case["inputs"]))
    assert close(case, expected["P"]) == result.price_per_t[:, :, 0].T
    assert result.bought_kt.reshape(3, 2) == close(case, expected["D"])
    assert result.level_kt.reshape(3, 2) == close(case, expected["S"])
    flow = {route.label: result.flow_kt[0, k, 0] for k, route in enumerate(result.network.routes)}
    for pair, both in expected["X"].items():
        assert [flow.pop(f"{good} {pair[0]} -> {pair[1]}") for good in "AB"] == close(case, both)
    assert max(flow.values()) <= 1e-9
    assert 1000.0 * result.transport_bill_m == close(case, expected["transport_cost"])


def harker(given: dict[str, Any], carriage: Any, owner: str = "") -> Network:
    """Write Harker's three regions and six nodes; arcs cost ``kappa t + nu t^3`` together."""
    return Network(
        name="harker",
        products=(Product(name="good"),),
        places=places(*"123456"),
        activities=tuple(
            Activity(
                name=f"region {k + 1}", place=str(k + 1), outputs=(Amount(product="good"),), owner=owner,
                cost_per_t=float(given["alpha"][k]), cost_slope=2.0 * given["beta"][k],
            )
            for k in range(3)
        ),
        routes=tuple(
            Route(
                product="good", origin=arc[0], destination=arc[2], freight_per_t=float(kappa), crowding_cubic=float(nu),
                carriage=carriage,
            )
            for arc, (kappa, nu) in given["arcs"].items()
        ),
        demands=tuple(
            LocalDemand(
                product="good", place=str(k + 1), intercept_per_t=float(given["rho"][k]),
                slope_per_kt=float(given["eta"][k]),
            )
            for k in range(3)
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "key", "carriage"),
    [
        ("harker86_competitive", "", "average"),
        ("harker86_monopoly", "mc_transport", "marginal"),
        ("harker86_monopoly", "ac_transport", "average"),
    ],
)
def test_harker86(name: str, key: str, carriage: Any) -> None:
    case = PUBLISHED[name]
    expected = case["expected"][key] if key else case["expected"]
    monopoly = bool(key)
    result = solve(
        harker(case["inputs"], carriage, "one owner" if monopoly else ""), Cournot() if monopoly else Competitive()
    )
    assert result.level_kt[:, 0] == close(case, expected["s"])
    assert result.bought_kt[:, 0] == close(case, expected["d"])
    assert result.price_per_t[0, :3, 0] == close(case, expected["p"])
    assert 1000.0 * result.potential_m == close(case, expected["obj"])
