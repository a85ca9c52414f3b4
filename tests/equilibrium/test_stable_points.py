"""Which clearing points nobody leaves, where import tranches or an export floor bend demand: beside a plain search."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest

from potline.equilibrium import Cartel, CashCost, Cournot, JointCap, solve
from potline.equilibrium.clearing import clearing_points
from potline.equilibrium.concepts import Conjectural
from potline.equilibrium.game import NoAnswer
from potline.equilibrium.question import game_of
from potline.industry import Industry, IsoelasticDemand, LinearDemand, Plant, SmoothCost, Trade, Tranche

SURE = 1e-6


def drawn(seed: int):
    """Return an industry of two to four owners whose demand trade bends, and what its owners believe."""
    rng = np.random.default_rng(seed)
    line = LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0)
    demand = (
        line
        if seed % 3
        else IsoelasticDemand(price_per_t=5.0, quantity_kt=5.0, elasticity=float(rng.uniform(0.6, 3.0)))
    )
    bounded = rng.random() < 0.3
    plants = tuple(
        Plant(
            name=f"{i}",
            firm=f"{int(rng.integers(0, 3))}",
            capacity_kt=math.inf if not bounded and rng.random() < 0.5 else float(rng.uniform(0.5, 4.0)),
            other_cost_per_t=float(rng.uniform(0.5, 6.0)),
            smooth_cost=SmoothCost(scale=float(rng.uniform(0.5, 3.0)), exponent=1.0) if rng.random() < 0.3 else None,
        )
        for i in range(int(rng.integers(2, 6)))
    )
    tranches = tuple(
        Tranche(price_per_t=price, quantity_kt=float(rng.uniform(0.1, 3.0)))
        for price in np.sort(rng.uniform(2.0, 7.0, int(rng.integers(1, 4)))).tolist()
    )
    floor = float(rng.uniform(0.5, 1.9)) if bounded else -math.inf
    industry = Industry(
        name="bent", demand=demand, plants=plants, trade=Trade(tranches=tranches, export_floor_per_t=floor)
    )
    concept = Cournot() if seed % 2 else Conjectural(theta=float(rng.uniform(0.2, 1.0)))
    return industry, concept


def price_at(industry: Industry, sold: np.ndarray) -> np.ndarray:
    """Return the price of domestic sales: halved, on demand less what imports and exports take."""
    low, high = np.full(sold.shape, -50.0), np.full(sold.shape, 1e6)
    demand = industry.demand
    if isinstance(demand, IsoelasticDemand):
        low[:] = 1e-9
    for _ in range(200):
        middle = 0.5 * (low + high)
        if isinstance(demand, IsoelasticDemand):
            wanted = demand.quantity_kt * (middle / demand.price_per_t) ** -demand.elasticity
        else:
            wanted = (demand.intercept_per_t - middle) / demand.slope_per_kt
        for tranche in industry.trade.tranches:
            wanted = wanted - np.where(middle > tranche.price_per_t, tranche.quantity_kt, 0.0)
        wanted = np.where(middle < industry.trade.export_floor_per_t, np.inf, wanted)
        short = wanted > sold
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return 0.5 * (low + high)


def gain_of(industry: Industry, game, point, i: int) -> float:
    """Return the most that a unit gains alone: a grid over all that it may sell, which closes in three times."""
    mine = slice(int(game.start[i]), int(game.start[i + 1]))
    cost, size, scale = game.cost[mine], game.capacity[mine], game.scale[mine]
    total, sold, theta = float(point.output.sum()), float(point.output[mine].sum()), float(game.theta[i])

    def spent(q: np.ndarray) -> np.ndarray:
        """Fill blocks at one level of marginal cost, halved."""
        low, high = np.full(q.shape, cost.min() - 1.0), np.full(q.shape, 1e3)

        def made(level):
            rising = scale * np.maximum(level[:, None] - cost, 0.0)
            return np.minimum(size, np.where(scale > 0.0, rising, np.where(level[:, None] > cost, np.inf, 0.0)))

        for _ in range(100):
            middle = 0.5 * (low + high)
            under = made(middle).sum(axis=1) < q
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        parts, more = made(low), made(high)
        room = np.minimum(more, q[:, None]) - np.minimum(parts, q[:, None])
        left = q - parts.sum(axis=1)
        parts = parts + room * (left / np.maximum(room.sum(axis=1), 1e-300))[:, None]
        rise = np.where(scale > 0.0, 0.5 * parts**2 / np.where(scale > 0.0, scale, 1.0), 0.0)
        return (cost * parts + rise).sum(axis=1)

    def profit(q: np.ndarray) -> np.ndarray:
        return price_at(industry, total + theta * (q - sold)) * q - spent(q)

    low, high = 0.0, min(float(size.sum()), sold + 40.0)
    if theta == 0.0 or cost.size == 0:
        return 0.0
    best = 0.0
    for _ in range(4):
        grid = np.linspace(low, high, 1501)
        value = profit(grid)
        k = int(np.argmax(value))
        best = max(best, float(value[k]))
        low, high = grid[max(0, k - 1)], grid[min(grid.size - 1, k + 1)]
    return best - float(profit(np.array([sold]))[0])


@pytest.mark.parametrize("seed", range(60))
def test_the_points_that_stand_are_those_that_a_plain_search_leaves(seed):
    industry, concept = drawn(seed)
    game = game_of(industry, concept, CashCost())
    try:
        points = clearing_points(game)
    except NoAnswer:
        pytest.skip("nothing bounds the price")
    sizes = [abs(point.price) * max(float(point.output.sum()), 1e-300) for point in points]
    gains = [
        max(gain_of(industry, game, point, i) / size for i in range(len(game.units)))
        for point, size in zip(points, sizes, strict=True)
    ]
    surely = [point.price for point, gain in zip(points, gains, strict=True) if gain < 1e-10]
    maybe = [point.price for point, gain in zip(points, gains, strict=True) if gain < SURE]
    try:
        found = solve(industry, concept, avoidable=CashCost())
        prices = [item.price_per_t for item in (found, *found.others)]
    except NoAnswer:
        prices = []
    assert set(surely) <= set(prices) <= set(maybe)


def test_the_solver_does_not_ask_its_checker(monkeypatch):
    """With a checker that finds no gain anywhere the same points stand, and none of them by its word."""
    verify = importlib.import_module("potline.equilibrium.verify")
    industry, concept = drawn(49)

    def stands():
        try:
            found = solve(industry, concept, avoidable=CashCost(), check="report")
        except NoAnswer:
            return []
        return [item.price_per_t for item in (found, *found.others)]

    right = stands()
    monkeypatch.setattr(verify, "largest_gains", lambda game, *_: np.zeros(len(game.units)))
    assert stands() == right
    assert len(clearing_points(game_of(industry, concept, CashCost()))) > len(right)
    for module in ("solve", "staying", "clearing"):
        source = importlib.import_module(f"potline.equilibrium.{module}")
        assert not {"largest_gains", "ResidualDemand"} & set(vars(source))


def test_a_cap_holds_who_would_leave():
    """Two owners under a joint cap may not answer a tranche by selling more than the cap leaves."""
    trade = Trade(tranches=(Tranche(price_per_t=4.6, quantity_kt=2.0), Tranche(price_per_t=6.0)))
    line = LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0)
    plants = tuple(Plant(name=n, firm=n, capacity_kt=9.0, other_cost_per_t=1.0) for n in "AB")
    industry = Industry(name="capped", demand=line, plants=plants, trade=trade)
    for cap in (1.0, 2.5, 4.0, 5.0, 7.0):
        found = solve(industry, Cournot(), cap=JointCap(cap_kt=cap))
        assert found.certificate.holds
    with_cartel = solve(industry, Cartel(members=("A", "B")))
    assert with_cartel.certificate.holds
