"""Published equilibria written as complementarity, at the tolerances of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.numerics.complementarity.classics import dense, nash

from potline.numerics.complementarity.problem import linear_complementarity, solve_complementarity

PUBLISHED = {
    case["id"]: case for case in yaml.safe_load((Path(__file__).parent / "published.yaml").read_text())["cases"]
}


def tolerance(case: dict[str, Any]) -> float:
    """Read a tolerance such as ``abs 1e-3`` or ``1e-3`` as absolute."""
    return float(str(case["tol"]).split()[-1])


@pytest.mark.parametrize(("name", "size"), [("mss82_5firm", 0.2), ("mcplib_nash5", 5.0)])
@pytest.mark.parametrize("start", [1.0, 10.0, 100.0])
def test_smooth_cournot(name: str, size: float, start: float) -> None:
    case = PUBLISHED[name]
    problem = nash(case["inputs"]["c"], [size] * 5, case["inputs"]["beta"], 1.1)
    found = solve_complementarity(problem, np.full(5, 1e-9), np.full(5, np.inf), np.full(5, start))
    assert found.solved
    assert found.point.tolist() == pytest.approx(case["expected"]["q"], abs=tolerance(case))
    assert found.point.sum() == pytest.approx(case["expected"]["Q"], abs=tolerance(case))
    assert (5000.0 / found.point.sum()) ** (1.0 / 1.1) == pytest.approx(case["expected"]["p"], abs=tolerance(case))


def harker(inputs: dict[str, Any], market_power: bool, marginal_transport: bool) -> tuple[np.ndarray, ...]:
    """Solve for supplies, demands and flows: supplies and demands at nodes 1 to 3, arcs over nodes 1 to 6."""
    alpha, beta, rho, eta = (np.array(inputs[name]) for name in ("alpha", "beta", "rho", "eta"))
    ends = np.array([[int(end) - 1 for end in name.split(".")] for name in inputs["arcs"]])
    kappa, nu = np.array(list(inputs["arcs"].values())).T
    arcs = len(kappa)
    slope = eta * (2.0 if market_power else 1.0)
    weight = nu * (3.0 if marginal_transport else 1.0)
    net = np.zeros((6, arcs))
    net[ends[:, 1], np.arange(arcs)] += 1.0
    net[ends[:, 0], np.arange(arcs)] -= 1.0
    balance = np.hstack((np.eye(6)[:, :3], -np.eye(6)[:, :3], net))

    def evaluate(x):
        s, d, t, price = x[:3], x[3:6], x[6 : 6 + arcs], x[6 + arcs :]
        own = np.concatenate((alpha + 2 * beta * s, slope * d - rho, kappa + weight * t**2))
        return np.concatenate((own - balance.T @ price, balance @ x[: 6 + arcs]))

    def slopes(x):
        own = np.diag(np.concatenate((2 * beta, slope, 2 * weight * x[6 : 6 + arcs])))
        return np.block([[own, -balance.T], [balance, np.zeros((6, 6))]])

    size = 12 + arcs
    lower = np.concatenate((np.zeros(6 + arcs), np.full(6, -np.inf)))
    found = solve_complementarity(dense(evaluate, slopes), lower, np.full(size, np.inf), np.ones(size))
    assert found.solved
    s, d, t = found.point[:3], found.point[3:6], found.point[6 : 6 + arcs]
    worth = rho * d - 0.5 * slope * d**2
    freight = kappa * t + weight * t**3 / 3.0
    return s, d, rho - eta * d, worth.sum() - (alpha * s + beta * s**2).sum() - freight.sum()


def assert_harker(found: tuple[np.ndarray, ...], expected: dict[str, Any], within: float) -> None:
    for value, name in zip(found[:3], ("s", "d", "p"), strict=True):
        assert value.tolist() == pytest.approx(expected[name], abs=within)
    assert float(found[3]) == pytest.approx(expected["obj"], abs=within)


def test_harker_competitive() -> None:
    case = PUBLISHED["harker86_competitive"]
    assert_harker(harker(case["inputs"], False, False), case["expected"], tolerance(case))


@pytest.mark.parametrize(("name", "marginal"), [("mc_transport", True), ("ac_transport", False)])
def test_harker_monopoly(name: str, marginal: bool) -> None:
    case = PUBLISHED["harker86_monopoly"]
    assert_harker(harker(case["inputs"], True, marginal), case["expected"][name], tolerance(case))


def test_takayama_judge_three_regions() -> None:
    case = PUBLISHED["spatequ_true"]
    inputs = case["inputs"]
    routes = [(i, j) for i in range(3) for j in range(3) if i != j]
    freight = {(int(k[0]) - 1, int(k[1]) - 1): v for k, v in inputs["T"].items()}
    cost = np.array([freight.get(route, freight.get(route[::-1])) for route in routes]).ravel()
    net = np.zeros((6, 12))
    for number, (origin, target) in enumerate(routes):
        for product in range(2):
            net[2 * origin + product, 2 * number + product] = -1.0
            net[2 * target + product, 2 * number + product] = 1.0
    supply, demand = np.zeros((6, 6)), np.zeros((6, 6))
    for region in range(3):
        rows = slice(2 * region, 2 * region + 2)
        supply[rows, rows] = np.diag(inputs["bS_own"][region]) + inputs["bS_cross"] * (1 - np.eye(2))
        demand[rows, rows] = np.diag(inputs["bD_own"][region]) + inputs["bD_cross"] * (1 - np.eye(2))
    supplied, wanted = np.tile(inputs["aS"], 3), np.ravel(inputs["aD"])
    matrix = np.block([[np.zeros((12, 12)), -net.T], [net, supply - demand]])
    problem = linear_complementarity(matrix, np.concatenate((cost, supplied - wanted)))
    found = solve_complementarity(problem, np.zeros(18), np.full(18, np.inf), np.zeros(18))
    assert found.solved
    flow, price = found.point[:12], found.point[12:]
    expected, within = case["expected"], tolerance(case)
    assert price.tolist() == pytest.approx(np.ravel(expected["P"]).tolist(), abs=within)
    assert (wanted + demand @ price).tolist() == pytest.approx(np.ravel(expected["D"]).tolist(), abs=within)
    assert (supplied + supply @ price).tolist() == pytest.approx(np.ravel(expected["S"]).tolist(), abs=within)
    for number, (origin, target) in enumerate(routes):
        known = expected["X"].get(f"{origin + 1}{target + 1}", [0.0, 0.0])
        assert flow[2 * number : 2 * number + 2].tolist() == pytest.approx(known, abs=within)
    assert float(cost @ flow) == pytest.approx(expected["transport_cost"], abs=within)
