"""Policy iteration on chains: against value iteration, a dense solve, closed forms and its own bound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.numerics.switching.chains import (
    bellman_bound,
    chain_thresholds,
    price_chain,
    switch_on_chain,
    switch_on_dense_chain,
    value_at_deadline,
)


def dense(chain):
    clock = float(np.max(chain.up + chain.down))
    matrix = np.diag(1.0 - (chain.up + chain.down) / clock)
    matrix += np.diag(chain.up[:-1] / clock, 1) + np.diag(chain.down[1:] / clock, -1)
    return matrix, clock


def three_modes(chain, cost=1.0, holding=0.1):
    price = np.exp(chain.log_price)
    return np.stack([price - cost, 0.0 * price - holding, 0.0 * price])


COSTS = np.array([[0.0, 0.4, 1.5], [0.9, 0.0, 1.5], [np.inf, np.inf, 0.0]])


@pytest.mark.parametrize("kappa", [0.0, 0.4])
def test_chain_agrees_with_the_dense_chain_and_with_value_iteration(kappa):
    chain = price_chain(0.2, 5.0, 61, sigma=0.25, drift=-0.01, kappa=kappa)
    matrix, clock = dense(chain)
    beta, flows = clock / (clock + 0.1), three_modes(chain)
    solved = switch_on_chain(chain, flows, COSTS, 0.1)
    same = switch_on_dense_chain(matrix, beta, flows / (clock + 0.1), COSTS)
    np.testing.assert_allclose(solved.values, same.values, rtol=0, atol=1e-10)
    values = np.zeros_like(flows)
    for _ in range(20_000):
        stay = flows / (clock + 0.1) + beta * values @ matrix.T
        values = np.max(stay[None] - COSTS[:, :, None], axis=1)
    np.testing.assert_allclose(solved.values, values, rtol=0, atol=1e-8)
    assert bellman_bound(solved) < 1e-9


def test_rows_of_the_chain_sum_to_one_and_moments_are_those_of_the_diffusion():
    chain = price_chain(0.5, 2.0, 201, sigma=0.2, drift=0.03, kappa=0.5, theta=0.1)
    matrix, _ = dense(chain)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0, atol=1e-14)
    assert matrix.min() >= 0.0
    step = chain.log_price[1] - chain.log_price[0]
    mean = (chain.up - chain.down)[1:-1] * step
    variance = (chain.up + chain.down)[1:-1] * step**2
    np.testing.assert_allclose(mean, 0.03 - 0.02 + 0.5 * (0.1 - chain.log_price[1:-1]), atol=1e-12)
    np.testing.assert_allclose(variance, 0.04, atol=1e-12)


def test_a_mode_that_never_pays_is_never_chosen_and_forbidden_switches_are_not_made():
    chain = price_chain(0.5, 2.0, 31, sigma=0.2)
    flows = three_modes(chain, cost=0.1, holding=5.0)
    solved = switch_on_chain(chain, flows, COSTS, 0.1)
    assert np.all(solved.choice[0] == 0)
    assert np.all(solved.choice[2] == 2)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    states=st.integers(1, 6),
    modes=st.integers(1, 4),
)
def test_random_dense_chains_satisfy_bellman(seed, states, modes):
    rng = np.random.default_rng(seed)
    law = rng.dirichlet(np.ones(states), size=states)
    costs = rng.uniform(0.1, 2.0, (modes, modes))
    np.fill_diagonal(costs, 0.0)
    solved = switch_on_dense_chain(law, 0.9, rng.normal(size=(modes, states)), costs)
    assert solved.residual < 1e-10


def test_thresholds_are_interpolated_not_grid_points():
    stops = []
    for count in (601, 607, 613):
        chain = price_chain(0.05, 20.0, count, sigma=0.1)
        price = np.exp(chain.log_price)
        costs = [[0.0, 0.0], [4.0, 0.0]]
        solved = switch_on_chain(chain, np.stack([price - 1.0, 0.0 * price]), costs, 0.025)
        stops.append(chain_thresholds(chain, solved, costs)[1, 0])
    step = chain.log_price[1] - chain.log_price[0]
    assert np.ptp(np.log(stops)) < 0.1 * step


def test_expectation_at_a_deadline_of_a_price_without_drift_is_the_price():
    chain = price_chain(np.exp(-3.0), np.exp(3.0), 1201, sigma=0.2)
    expected = value_at_deadline(chain, np.exp(chain.log_price), 0.05, years=2.0, steps=200)
    assert expected[600] == pytest.approx(np.exp(-0.1), rel=2e-5)
