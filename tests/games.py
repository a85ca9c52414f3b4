"""A zoo of small industries: textbook games, random ones, and the shapes that break solvers."""

from __future__ import annotations

import math

import numpy as np

from potline.industry import (
    Firm,
    Industry,
    IsoelasticDemand,
    LinearDemand,
    Plant,
    SmoothCost,
    Trade,
    Tranche,
)


def line(intercept: float, slope: float) -> LinearDemand:
    return LinearDemand.from_line(intercept_per_t=intercept, slope_per_kt=slope)


def isoelastic(scale: float, elasticity: float) -> IsoelasticDemand:
    """``Q = scale * p ** -elasticity``."""
    return IsoelasticDemand(price_per_t=1.0, quantity_kt=scale, elasticity=elasticity)


def oligopoly(
    costs: list[float],
    demand: LinearDemand | IsoelasticDemand,
    *,
    capacity: float | list[float] = math.inf,
    firms: list[str] | None = None,
    smooth: list[tuple[float, float]] | None = None,
    trade: Trade = Trade(),
    affiliates: tuple[Firm, ...] = (),
) -> Industry:
    """One plant a cost; its own firm unless firms are given."""
    capacities = capacity if isinstance(capacity, list) else [capacity] * len(costs)
    names = firms or [str(i + 1) for i in range(len(costs))]
    return Industry(
        name="game",
        demand=demand,
        trade=trade,
        firms=affiliates,
        plants=tuple(
            Plant(
                name=f"plant {i + 1}",
                firm=names[i],
                capacity_kt=capacities[i],
                other_cost_per_t=cost,
                smooth_cost=SmoothCost(scale=smooth[i][0], exponent=smooth[i][1]) if smooth else None,
            )
            for i, cost in enumerate(costs)
        ),
    )


def mss(*, scale: float = 5.0, elasticity: float = 1.1, capacity: float = math.inf) -> Industry:
    """Five firms of Murphy, Sherali and Soyster (1982)."""
    exponents = [1.2, 1.1, 1.0, 0.9, 0.8]
    return oligopoly(
        [10.0, 8.0, 6.0, 4.0, 2.0],
        isoelastic(5000.0, elasticity),
        capacity=capacity,
        smooth=[(scale, exponent) for exponent in exponents],
    )


def symmetric(firms: int, *, intercept: float = 10.0, cost: float = 1.0) -> Industry:
    return oligopoly([cost] * firms, line(intercept, 1.0))


def random_steps(
    seed: int, *, plants: int = 8, owners: int = 3, ceiling: bool = False, round_costs: bool = False
) -> Industry:
    """Steps and linear demand; round costs make ties."""
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0.0, 12.0, plants)
    cost = np.round(cost) if round_costs else cost
    capacity = rng.uniform(0.2, 3.0, plants)
    capacity = np.round(capacity, 1) if round_costs else capacity
    demand = line(float(rng.uniform(8.0, 20.0)), float(rng.uniform(0.3, 2.0)))
    trade = Trade()
    if ceiling:
        trade = Trade(tranches=(Tranche(price_per_t=float(rng.uniform(3.0, 10.0))),))
    return oligopoly(
        cost.tolist(),
        demand,
        capacity=capacity.tolist(),
        firms=[f"owner {rng.integers(owners)}" for _ in range(plants)],
        trade=trade,
    )


def floor_duopoly(floor: float) -> Industry:
    """Two firms of 6 kt without cost, ``P = max(10 - Q, floor)``."""
    return oligopoly([0.0, 0.0], line(10.0, 1.0), capacity=6.0, trade=Trade(export_floor_per_t=floor))


ZOO: dict[str, Industry] = {
    "duopoly": symmetric(2),
    "monopoly": symmetric(1),
    "mss": mss(),
    "mcplib": mss(scale=0.2),
    "steps": random_steps(1),
    "ties": random_steps(5, round_costs=True),
    "ceiling": random_steps(3, ceiling=True),
    "nobody runs": oligopoly([11.0, 12.0], line(10.0, 1.0), capacity=3.0),
    "all full": oligopoly([1.0, 2.0, 2.0], line(100.0, 1.0), capacity=2.0),
    "free": oligopoly([0.0, 0.0], line(10.0, 1.0), capacity=9.0),
    "negative cost": oligopoly([-3.0, 1.0], line(10.0, 1.0), capacity=9.0),
    "isoelastic steps": oligopoly(
        [3.0, 4.0, 5.0, 6.0], isoelastic(40.0, 0.8), capacity=[3.0, 4.0, 5.0, 2.0], firms=["A", "A", "B", "C"]
    ),
    "smooth": oligopoly([1.0, 2.0], line(20.0, 0.5), smooth=[(2.0, 1.0), (1.0, 1.5)]),
    "smooth and steps": Industry(
        name="game",
        demand=line(30.0, 1.0),
        plants=(
            Plant(name="a", firm="A", capacity_kt=9.0, other_cost_per_t=2.0, smooth_cost=SmoothCost(scale=3.0)),
            Plant(name="b", firm="A", capacity_kt=2.0, other_cost_per_t=3.0),
            Plant(name="c", firm="B", capacity_kt=7.0, other_cost_per_t=4.0),
        ),
    ),
    "ceiling at a cost": oligopoly(
        [2.0, 4.0, 4.0],
        line(20.0, 1.0),
        capacity=3.0,
        trade=Trade(tranches=(Tranche(price_per_t=4.0),)),
    ),
    "isoelastic ceiling": oligopoly(
        [3.0, 4.0],
        isoelastic(40.0, 0.3),
        capacity=6.0,
        trade=Trade(tranches=(Tranche(price_per_t=9.0),)),
    ),
}
