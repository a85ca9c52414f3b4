"""The event sweep against brute force and against the potential's quadratic program."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from tests.peers import peer

from potline.numerics.market.sweep import allocate, clear_steps, group_by_owner, step_outputs


def random_market(seed: int, plants: int = 40, owners: int = 7) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    owner = rng.integers(0, owners, plants)
    cost = rng.uniform(0.0, 20.0, plants)
    capacity = rng.uniform(0.1, 2.0, plants)
    order, start = group_by_owner(owner, owners, cost)
    return owner[order], start, cost[order], capacity[order]


def outputs(price: float, slope: float, theta: np.ndarray, market: tuple[np.ndarray, ...]) -> np.ndarray:
    _, start, cost, capacity = market
    marginal, sold, _, _ = step_outputs(np.full(theta.size, price), theta * slope, start, cost, capacity)
    return allocate(marginal, sold, start, cost, capacity, np.zeros(cost.size), np.ones(cost.size))


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(8))
def test_cournot_maximises_the_potential(seed: int) -> None:
    clarabel = peer("clarabel")
    intercept, slope, owners = 25.0, 0.4, 7
    market = random_market(seed)
    owner, start, cost, capacity = market
    theta = np.ones(owners)
    price, quantity, _ = clear_steps(intercept / slope, 1.0 / slope, slope, theta, start, cost, capacity)
    sold = outputs(price, slope, theta, market)
    assert sold.sum() == pytest.approx(quantity)
    plants = cost.size
    member = (owner[:, None] == np.arange(owners)).astype(float)
    hessian = slope * (np.ones((plants, plants)) + member @ member.T)
    solver = clarabel.DefaultSolver(
        sparse.csc_matrix(np.triu(hessian)),
        cost - intercept,
        sparse.csc_matrix(np.vstack((np.eye(plants), -np.eye(plants)))),
        np.concatenate((capacity, np.zeros(plants))),
        [clarabel.NonnegativeConeT(2 * plants)],
        quiet(clarabel),
    )
    found = np.array(solver.solve().x)
    assert np.allclose(found, sold, atol=1e-5)
    assert intercept - slope * found.sum() == pytest.approx(price, rel=1e-6)


def quiet(clarabel: object) -> object:
    settings = clarabel.DefaultSettings()  # type: ignore[attr-defined]
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    return settings


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.25, 1.0]),
    st.floats(1.0, 60.0),
    st.floats(0.05, 3.0),
    st.booleans(),
)
def test_supply_meets_demand_and_nobody_errs(
    seed: int, conduct: float, intercept: float, slope: float, mixed: bool
) -> None:
    market = random_market(seed)
    owner, start, cost, capacity = market
    theta = np.full(7, conduct)
    if mixed:
        theta[::2] = 0.0
    price, quantity, on_step = clear_steps(intercept / slope, 1.0 / slope, slope, theta, start, cost, capacity)
    assert quantity == pytest.approx((intercept - price) / slope, abs=1e-10)
    sold = outputs(price, slope, theta, market)
    margin = price - (theta * slope * np.bincount(owner, sold, 7))[owner] - cost
    assert np.all((margin <= 1e-9) | (sold >= capacity - 1e-9))
    assert np.all((margin >= -1e-9) | (sold <= 1e-9))
    if on_step:
        assert np.any(cost == price)
    else:
        assert sold.sum() == pytest.approx(quantity, abs=1e-9)


def test_vertical_demand_finds_the_price_of_a_total() -> None:
    theta, start = np.zeros(1), np.array([0, 2])
    cost, capacity = np.array([1.0, 3.0]), np.array([2.0, 2.0])
    assert clear_steps(3.0, 0.0, 0.0, theta, start, cost, capacity) == (3.0, 3.0, True)
    assert clear_steps(5.0, 0.0, 0.0, theta, start, cost, capacity)[0] == np.inf


def test_nothing_below_the_choke_price_leaves_it() -> None:
    found = clear_steps(10.0, 1.0, 1.0, np.ones(1), np.array([0, 1]), np.array([12.0]), np.array([5.0]))
    assert found == (10.0, 0.0, False)


def test_unlimited_steps_share_equally() -> None:
    found = allocate(
        np.array([2.0]),
        np.array([6.0]),
        np.array([0, 3]),
        np.full(3, 2.0),
        np.array([np.inf, np.inf, 4.0]),
        np.zeros(3),
        np.ones(3),
    )
    assert found.tolist() == [3.0, 3.0, 0.0]
