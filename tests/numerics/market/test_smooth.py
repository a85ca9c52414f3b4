"""The one-dimensional root against closed forms and against halving."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.numerics.market.smooth import (
    CLEARED,
    NO_LOWER_PRICE,
    NO_UPPER_PRICE,
    OUTSIDE,
    clear_blocks,
    owner_outputs,
)
from potline.numerics.market.sweep import clear_steps, group_by_owner


def clear(
    cost: list[float],
    *,
    isoelastic: bool = True,
    first: float = 100.0,
    second: float = 1.0,
    shift: float = 0.0,
    highest: float = np.inf,
    theta: float = 1.0,
    capacity: float = np.inf,
    scale: float = 0.0,
    exponent: float = 1.0,
) -> tuple[int, float]:
    count = len(cost)
    costs = np.array(cost)
    jumps = np.sort(costs[costs > 0.0]) if theta == 0.0 and scale == 0.0 else np.zeros(0)
    return clear_blocks(
        isoelastic,
        first,
        second,
        shift,
        0.0,
        0.0,
        0.0 if isoelastic else 1.0 / second,
        float(costs.min()),
        highest,
        jumps,
        np.inf,
        np.zeros(count, np.bool_),
        np.full(count, theta),
        np.arange(count + 1),
        costs,
        np.full(count, capacity),
        np.full(count, scale),
        np.full(count, exponent),
    )


@given(st.integers(2, 30), st.floats(0.6, 3.0), st.floats(0.1, 50.0))
@settings(max_examples=50, deadline=None)
def test_symmetric_isoelastic_cournot(firms: int, elasticity: float, cost: float) -> None:
    # p (1 - 1 / (n e)) = c
    status, price = clear([cost] * firms, second=elasticity)
    assert status == CLEARED
    assert price == pytest.approx(cost / (1.0 - 1.0 / (firms * elasticity)), rel=1e-12)


@given(st.floats(0.1, 5.0), st.floats(0.3, 3.0), st.floats(0.0, 3.0))
@settings(max_examples=50, deadline=None)
def test_linear_demand_with_linear_marginal_cost(slope: float, scale: float, cost: float) -> None:
    # Two Cournot owners: a - 3 b q = c + q / scale
    status, price = clear([cost] * 2, isoelastic=False, first=10.0 / slope, second=1.0 / slope, scale=scale)
    output = (10.0 - cost) / (3.0 * slope + 1.0 / scale)
    assert status == CLEARED
    assert price == pytest.approx(10.0 - 2.0 * slope * output, rel=1e-12)


def test_statuses() -> None:
    assert clear([1.0], second=0.5)[0] == NO_UPPER_PRICE
    assert clear([1.0], second=1.0)[0] == NO_UPPER_PRICE
    assert clear([1.0], second=0.5, highest=40.0) == (OUTSIDE, 40.0)
    assert clear([0.0, 0.0], second=1.0)[0] == NO_LOWER_PRICE
    assert clear([1.0], second=1.0, theta=0.0, capacity=1e9) == (CLEARED, 1.0)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("conduct", [0.0, 0.5, 1.0])
def test_agrees_with_the_event_sweep(seed: int, conduct: float) -> None:
    rng = np.random.default_rng(seed)
    order, start = group_by_owner(rng.integers(0, 4, 20), 4, np.zeros(20))
    assert order.size == 20
    cost = np.concatenate([np.sort(rng.uniform(0, 10, n)) for n in np.diff(start)])
    capacity = rng.uniform(0.1, 1.0, 20)
    theta = np.full(4, conduct)
    price, _, _ = clear_steps(20.0, 1.5, 1.0 / 1.5, theta, start, cost, capacity)
    jumps = np.sort(cost) if conduct == 0.0 else np.zeros(0)
    none, one = np.zeros(20), np.ones(20)
    free = np.zeros(4, np.bool_)
    status, again = clear_blocks(
        False, 20.0, 1.5, 0.0, 0.0, 0.0, 1.0 / 1.5, float(cost.min()), np.inf, jumps, np.inf, free, theta, start, cost,
        capacity, none, one,
    )  # fmt: skip
    assert status == CLEARED
    assert again == pytest.approx(price, rel=1e-13)


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_owner_with_steps_and_smooth_blocks_against_halving(weight: float) -> None:
    cost = np.array([1.0, 2.0, 2.5, 4.0])
    capacity = np.array([2.0, 1.0, 5.0, np.inf])
    scale = np.array([1.5, 0.0, 2.0, 0.7])
    exponent = np.array([0.8, 1.0, 1.3, 1.0])

    def supply(level: float) -> float:
        total = 0.0
        for c, k, s, e in zip(cost, capacity, scale, exponent, strict=True):
            if s == 0.0:
                total += k if level > c else 0.0
            elif level > c:
                total += min(k, s * (level - c) ** e)
        return total

    for target in np.linspace(0.5, 12.0, 40):
        steep = 1.0 if weight == 0.0 else 0.6
        level, low, high, _ = owner_outputs(
            np.array([target]), weight, np.array([steep]), np.array([0, 4]), cost, capacity, scale, exponent
        )
        a, b = -1.0, 100.0
        for _ in range(200):
            middle = 0.5 * (a + b)
            a, b = (middle, b) if weight * middle + steep * supply(middle) < target else (a, middle)
        assert low[0] == high[0]
        assert steep * low[0] + weight * level[0] == pytest.approx(target)
        if math.isfinite(level[0]) and target > 1.0:
            assert level[0] == pytest.approx(b, rel=1e-9)
