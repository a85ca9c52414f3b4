"""Published critical discount factors and payoff sets, through the public functions."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import critical_discount_factor, incentives
from potline.agreement.enforcement.strategies import GreenPorter, StickAndCarrot
from potline.industry import Industry, LinearDemand, Plant, Trade, Tranche
from potline.textbook.payoffs import RepeatedGame
from potline.textbook.repeated_games import payoff_set

CASES: dict[str, Any] = {
    case["id"]: case
    for case in yaml.safe_load((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"))["cases"]
}


def equal(
    n: int, *, cost: float = 400.0, choke: float = 1000.0, slope: float = 1.0, capacity: float = math.inf
) -> Industry:
    plants = (Plant(name=f"{i}", firm=f"{i}", capacity_kt=capacity, other_cost_per_t=cost) for i in range(n))
    demand = LinearDemand.from_line(intercept_per_t=choke, slope_per_kt=slope)
    return Industry(name="equal", demand=demand, plants=tuple(plants))


def inelastic(capacities: list[float], market: float) -> Industry:
    """Demand of one size up to the price 1."""
    plants = (Plant(name=f"{i}", firm=f"{i}", capacity_kt=k) for i, k in enumerate(capacities))
    demand = LinearDemand(price_per_t=1.0, quantity_kt=market, elasticity=1e-13)
    return Industry(
        name="inelastic", demand=demand, plants=tuple(plants), trade=Trade(tranches=(Tranche(price_per_t=1.0),))
    )


def test_grim_cournot() -> None:
    case = CASES["grim_cournot"]
    tolerance = float(case["tol"])
    for n, factor in zip(case["inputs"]["n"], case["expected"]["delta"], strict=True):
        assert critical_discount_factor(equal(n)) == pytest.approx(factor, abs=tolerance)
    for n in range(2, 11):
        closed = (n + 1) ** 2 / ((n + 1) ** 2 + 4 * n)
        other = equal(n, cost=11_731.0, choke=48_217.3, slope=1.3071)
        assert critical_discount_factor(other) == pytest.approx(closed, abs=tolerance)
        found = incentives(other)
        assert found.certificate.holds
        assert len(found.rows) == n


def test_cjr02() -> None:
    case = CASES["cjr02"]
    for number, others in ((1, [[0.3, 0.4], [0.35, 0.35]]), (2, [[0.45, 0.45], [0.4, 0.5]])):
        given = case["inputs"][f"example{number}"]
        exact, published = given["k_n"] / given["K"], case["expected"]["delta"][number - 1]
        for rest in others:
            capacities = [*rest, given["k_n"]]
            assert sum(capacities) == pytest.approx(given["K"])
            factor = critical_discount_factor(inelastic(capacities, given["M"]), conduct="price")
            assert factor == pytest.approx(exact, abs=float(case["tol"]))
            assert factor == pytest.approx(published, abs=5e-8)


@pytest.mark.parametrize(
    ("capacities", "market"), [([0.7, 0.8, 0.9], 1.0), ([1.5, 2.0, 3.0], 1.0), ([0.5, 0.6, 0.6], 1.0)]
)
def test_capacity_when_rivals_can_serve_the_market(capacities: list[float], market: float) -> None:
    """Then nobody earns anything after a cheat: 1 - M / sum min(k_i, M) with side payments (Lambson 1987)."""
    industry = inelastic(capacities, market)
    closed = 1.0 - market / sum(min(k, market) for k in capacities)
    table = incentives(industry, conduct="price")
    assert table.with_transfers_factor == pytest.approx(closed, abs=1e-9)
    assert max(table.deal.punish_m) == 0.0


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_bertrand(n: int) -> None:
    """Equal owners who set prices: (n - 1)/n (Tirole 1988, section 6.3.2)."""
    assert critical_discount_factor(equal(n), conduct="price") == pytest.approx((n - 1) / n, abs=1e-12)


@pytest.mark.parametrize("lag", [2, 3, 7])
def test_detection_lag(lag: int) -> None:
    """Seen only after L periods: the factor of one period to the power 1/L (Tirole 1988, section 6.7.1.2)."""
    assert critical_discount_factor(equal(4), conduct="price", lag_months=12.0 * lag) == pytest.approx(
        0.75 ** (1 / lag)
    )
    grim = critical_discount_factor(equal(3))
    assert critical_discount_factor(equal(3), lag_months=12.0 * lag) == pytest.approx(grim ** (1 / lag))


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 8, 12])
def test_abreu_stick_and_carrot(n: int) -> None:
    """Linear Cournot: (n + 1)^2/(16 n) while a cheat on the stick would sell (n <= 5), else ((n - 1)/(n + 1))^2.

    The duopoly's 9/32 is in Abreu (1986); the others follow from his two conditions at the joint-profit output.
    """
    closed = (n + 1) ** 2 / (16 * n) if n <= 5 else ((n - 1) / (n + 1)) ** 2
    table = incentives(equal(n, cost=5000.0, choke=6000.0), StickAndCarrot())
    assert table.critical_factor == pytest.approx(closed, abs=1e-12)
    assert table.exactness.startswith("exact")
    assert table.certificate.holds


def test_brock_scheinkman() -> None:
    """More owners of one capacity may need less patience, then more (Brock and Scheinkman 1985).

    P = 1 - Q, no cost, capacity 0.3: monopoly 1/4; a cheat sells 0.3 at 1/2; after it the best residual monopoly.
    """
    factors = {
        n: critical_discount_factor(equal(n, cost=0.0, choke=1.0, capacity=0.3), conduct="price") for n in range(2, 9)
    }
    closed = {}
    for n in factors:
        left = max(0.0, 1.0 - 0.3 * (n - 1))
        after = max(0.3 * (left - 0.3), (left / 2.0) ** 2 if left / 2.0 <= 0.3 else 0.0)
        closed[n] = (0.15 - 0.25 / n) / (0.15 - after)
    assert factors == pytest.approx(closed, abs=1e-12)
    assert factors[2] > factors[3] > factors[4] < factors[5] < factors[6]


@pytest.mark.parametrize(("idle", "length"), [(0.0, 4), (0.1, 5), (0.2, 12), (0.3, 40)])
def test_tirole_secret_price_cuts(idle: float, length: int) -> None:
    """Demand fails with chance alpha, T periods of war: 2 (1 - alpha) delta + (2 alpha - 1) delta^(T + 1) >= 1.

    Tirole (1988), section 6.7.1.1.
    """
    deal = DealPayoffs(
        owners=("A", "B"), coordinate_m=((1 - idle) / 2,) * 2, defect_m=(1 - idle,) * 2, punish_m=(0.0, 0.0)
    )
    table = incentives(deal, GreenPorter(false_alarm=idle, detection=1.0, length_periods=length))
    delta = table.critical_factor
    assert 2 * (1 - idle) * delta + (2 * idle - 1) * delta ** (length + 1) == pytest.approx(1.0, abs=1e-9)
    assert table.certificate.holds
    forever = critical_discount_factor(deal, GreenPorter(false_alarm=idle, detection=1.0))
    assert forever == pytest.approx(1 / (2 * (1 - idle)), abs=1e-9)


@pytest.mark.parametrize("name", ["abreu_sannikov_cournot", "as_pd"])
def test_abreu_sannikov(name: str) -> None:
    case = CASES[name]
    game = RepeatedGame(payoffs_m=np.moveaxis(np.array(case["inputs"]["payoffs"], dtype=np.float64), 2, 0))
    found = payoff_set(game, case["inputs"]["delta"])
    expected = np.array(case["expected"]["vertices"])
    assert found.vertices_m.shape == expected.shape
    for vertex in expected:
        assert np.abs(found.vertices_m - vertex).max(axis=1).min() < float(case["tol"])
    assert found.certificate.holds
