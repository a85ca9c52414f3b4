"""The switching kernel: limits, invariances, the chain as oracle, and economics as properties."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from potline.numerics.switching.chains import chain_thresholds, price_chain, switch_on_chain, value_at_deadline
from potline.numerics.switching.options import (
    CLOSES,
    CONSTANT,
    INFINITE,
    INVALID,
    LAY_UP,
    NEVER_STOPS,
    SOLVED,
    loss_of_idling,
    option_values,
    solve_thresholds,
)

BASE = {
    "holding_cost": 600.0,
    "stop_cost": 300.0,
    "restart_cost": 1200.0,
    "sigma": 0.2,
    "discount_rate": 0.1,
}

costs = st.floats(5_000.0, 20_000.0)
small = st.floats(0.0, 2_000.0)
rates = st.floats(0.04, 0.2)
sigmas = st.floats(0.03, 0.5)
kappas = st.sampled_from([0.0, 0.05, 0.3])


def solve(c, h, e, r, sigma, rho, kappa=0.0, **more):
    return solve_thresholds(
        c, holding_cost=h, stop_cost=e, restart_cost=r, sigma=sigma, discount_rate=rho, kappa=kappa,
        theta=math.log(12_000.0), **more,
    )  # fmt: skip


@settings(deadline=None)
@given(c=costs, h=small, e=small, r=small, rho=rates, x=st.one_of(st.just(math.inf), st.floats(0.0, 20_000.0)))
def test_constant_price_has_the_closed_form(c, h, e, r, rho, x):
    options = solve(c, h, e, r, 0.0, rho, exit_cost=x)
    assert options.regime == CONSTANT
    assert options.p_stop == max(c - min(h + rho * e, rho * x), 0.0)
    assert options.p_restart == max(c - min(h, rho * x) + rho * r, 0.0)
    assert options.p_exit == (options.p_restart if rho * x < h else 0.0)


@pytest.mark.parametrize("exit_cost", [math.inf, 2_500.0])
def test_low_volatility_tends_to_the_constant_price(exit_cost):
    for sigma, tolerance in ((0.02, 0.06), (0.002, 0.012), (0.0002, 0.003)):
        moving = solve_thresholds(13_000.0, **BASE | {"sigma": sigma}, exit_cost=exit_cost)
        still = solve_thresholds(13_000.0, **BASE | {"sigma": 0.0}, exit_cost=exit_cost)
        assert moving.p_stop == pytest.approx(still.p_stop, rel=tolerance)
        assert moving.p_restart == pytest.approx(still.p_restart, rel=tolerance)


@settings(max_examples=60, deadline=None)
@given(c=costs, h=small, e=small, r=small, sigma=sigmas, rho=rates, kappa=kappas)
def test_band_contains_the_cost_and_widens_with_switching_costs_and_volatility(c, h, e, r, sigma, rho, kappa):
    assume(e + r > 1.0)
    options = solve(c, h, np.array([e, e + 200.0, e, e]), np.array([r, r, r + 200.0, r]),
                    np.array([sigma] * 3 + [sigma * 1.2]), rho, kappa)  # fmt: skip
    assert np.all(options.status == SOLVED)
    assert options.p_stop[0] < c - h < options.p_restart[0]
    slack = 1e-9 * c
    assert np.all(options.p_stop[1:3] <= options.p_stop[0] + slack)
    assert np.all(options.p_restart[1:3] >= options.p_restart[0] - slack)
    if kappa == 0.0:
        assert options.p_stop[3] <= options.p_stop[0] + slack
        assert options.p_restart[3] >= options.p_restart[0] - slack


@settings(max_examples=60, deadline=None)
@given(c=costs, h=small, e=small, r=small, sigma=sigmas, rho=rates, kappa=kappas, x=st.sampled_from([math.inf, 3e3]))
def test_dearer_plants_stop_and_restart_at_higher_prices(c, h, e, r, sigma, rho, kappa, x):
    options = solve(np.array([c, 1.001 * c]), h, e, r, sigma, rho, kappa, exit_cost=x)
    assert options.p_stop[1] >= options.p_stop[0]
    assert options.p_restart[1] >= options.p_restart[0]


@settings(max_examples=40, deadline=None)
@given(c=costs, h=small, e=small, r=small, sigma=sigmas, rho=rates, k=st.floats(1e-3, 1e3),
       x=st.sampled_from([math.inf, 3e3]))  # fmt: skip
def test_unit_of_money_changes_nothing(c, h, e, r, sigma, rho, k, x):
    assume(e + r > 1.0)
    one = solve(c, h, e, r, sigma, rho, exit_cost=x)
    other = solve(k * c, k * h, k * e, k * r, sigma, rho, exit_cost=k * x)
    assert other.regime == one.regime
    assert float(other.p_stop) == pytest.approx(k * float(one.p_stop), rel=1e-10)
    assert float(other.p_restart) == pytest.approx(k * float(one.p_restart), rel=1e-10)
    price = 0.95 * c
    assert float(loss_of_idling(other, k * price, 1.0)) == pytest.approx(
        k * float(loss_of_idling(one, price, 1.0)), rel=1e-7, abs=1e-8 * k * c / rho
    )


def test_unit_of_money_changes_nothing_with_mean_reversion():
    one = solve_thresholds(13_000.0, **BASE, kappa=0.2, theta=math.log(12_000.0), exit_cost=3e3)
    other = solve_thresholds(
        13.0, holding_cost=0.6, stop_cost=0.3, restart_cost=1.2, sigma=0.2, discount_rate=0.1, kappa=0.2,
        theta=math.log(12.0), exit_cost=3.0,
    )  # fmt: skip
    assert float(other.p_stop) == pytest.approx(float(one.p_stop) / 1000.0, rel=1e-10)


def test_without_switching_costs_the_thresholds_meet_at_the_cost():
    options = solve_thresholds(13_000.0, sigma=0.25, discount_rate=0.1)
    assert float(options.p_stop) == pytest.approx(13_000.0, rel=1e-12)
    assert float(options.p_restart) == pytest.approx(13_000.0, rel=1e-12)


def test_mean_reversion_is_continuous_at_none():
    kappas = np.array([0.0, 1e-7, 1e-5])
    options = solve_thresholds(13_000.0, **BASE, kappa=kappas, theta=math.log(12_000.0))
    np.testing.assert_allclose(options.p_stop, options.p_stop[0], rtol=1e-4)
    assert abs(options.p_stop[1] / options.p_stop[0] - 1.0) < 2e-6


def test_number_of_threads_changes_no_result():
    rng = np.random.default_rng(4)
    cost, kappa = rng.uniform(9e3, 16e3, 101), rng.uniform(0.0, 0.3, 101)
    one, two = (solve_thresholds(cost, **BASE, kappa=kappa, theta=9.4, threads=k) for k in (1, 2))
    np.testing.assert_array_equal(one.p_stop, two.p_stop)
    np.testing.assert_array_equal(one.p_restart, two.p_restart)
    np.testing.assert_array_equal(loss_of_idling(one, 12e3, 1.0, threads=1), loss_of_idling(two, 12e3, 1.0, threads=2))


def test_bad_inputs_are_reported_by_status():
    good = {"sigma": 0.2, "discount_rate": 0.05}
    assert solve_thresholds(1.0, **good, drift=0.05).status == INFINITE
    assert solve_thresholds(1.0, **good, restart_cost=1.0, stop_cost=-2.0).status == INVALID
    assert solve_thresholds(float("nan"), **good).status == INVALID
    assert np.isnan(solve_thresholds(1.0, **good, drift=0.05).p_stop)


def test_a_plant_that_would_pay_more_to_stop_than_to_run_never_stops():
    options = solve_thresholds(1_000.0, holding_cost=600.0, stop_cost=5_000.0, restart_cost=100.0, sigma=0.2,
                               discount_rate=0.1)  # fmt: skip
    assert options.regime == NEVER_STOPS
    assert options.p_stop == 0.0


def _against_the_chain(c, h, e, r, x, sigma, rho, kappa, theta, count=1601):
    options = solve_thresholds(
        c, holding_cost=h, stop_cost=e, restart_cost=r, exit_cost=x, sigma=sigma, discount_rate=rho, kappa=kappa,
        theta=theta,
    )  # fmt: skip
    chain = price_chain(math.exp(-5.0), math.exp(5.0), count, sigma=sigma, kappa=kappa, theta=theta)
    price = np.exp(chain.log_price)
    flows = np.stack([price - c, 0.0 * price - h, 0.0 * price])
    if kappa == 0.0:  # the top node keeps its price for ever; give it what the diffusion is worth there
        chain.down[-1] = 0.0
    switching = np.array([[0.0, e, x], [r, 0.0, x], [np.inf, np.inf, 0.0]])
    return options, chain, price, switch_on_chain(chain, flows, switching, rho), switching


@settings(max_examples=40, deadline=None)
@given(
    c=st.floats(0.7, 1.6),
    h=st.floats(0.0, 0.3),
    e=st.floats(0.02, 1.0),
    r=st.floats(0.05, 2.0),
    x=st.one_of(st.just(math.inf), st.floats(-0.5, 8.0)),
    sigma=st.floats(0.1, 0.35),
    rho=st.floats(0.05, 0.15),
    kappa=st.sampled_from([0.0, 0.1, 0.4]),
)
def test_values_agree_with_policy_iteration_on_a_chain(c, h, e, r, x, sigma, rho, kappa):
    assume(e + r + min(x, 9.0) > 0.05)
    options, _, price, solved, _ = _against_the_chain(c, h, e, r, x, sigma, rho, kappa, 0.0)
    assert options.status == SOLVED
    running, idle = option_values(options, price)
    middle = (price > 0.4) & (price < 2.0)
    near = 3e-3 * c / rho
    assert np.max(np.abs(running - solved.values[0])[middle]) < near
    assert np.max(np.abs(idle - solved.values[1])[middle]) < near


@pytest.mark.parametrize(
    ("plant", "regime"),
    [
        ({"c": 1.0, "h": 0.05, "e": 0.1, "r": 0.5, "x": math.inf, "kappa": 0.0}, LAY_UP),
        ({"c": 1.0, "h": 0.05, "e": 0.1, "r": 0.5, "x": 0.3, "kappa": 0.0}, LAY_UP),
        ({"c": 1.0, "h": 0.30, "e": 0.8, "r": 1.5, "x": 0.3, "kappa": 0.0}, CLOSES),
        ({"c": 1.0, "h": 0.05, "e": 0.1, "r": 0.5, "x": math.inf, "kappa": 0.3}, LAY_UP),
        ({"c": 1.0, "h": 0.30, "e": 0.8, "r": 1.5, "x": 0.3, "kappa": 0.3}, CLOSES),
        ({"c": 1.0, "h": 0.10, "e": 0.8, "r": 0.0, "x": 0.3, "kappa": 0.0}, CLOSES),
    ],
)
def test_thresholds_agree_with_the_chain_in_every_regime(plant, regime):
    options, chain, _, solved, switching = _against_the_chain(**plant, sigma=0.25, rho=0.1, theta=0.0, count=4001)
    found = chain_thresholds(chain, solved, switching)
    assert options.regime == regime
    stop = found[0, 1] if regime == LAY_UP else found[0, 2]
    assert float(options.p_stop) == pytest.approx(stop, rel=2e-4)
    assert float(options.p_restart) == pytest.approx(found[1, 0], rel=5e-4)
    if not math.isinf(plant["x"]):
        assert float(options.p_exit) == pytest.approx(found[1, 2], rel=5e-4)


@pytest.mark.parametrize("kappa", [0.0, 0.25])
@pytest.mark.parametrize("exit_cost", [math.inf, 0.4])
def test_loss_of_idling_agrees_with_an_expectation_on_the_chain(kappa, exit_cost):
    options = solve_thresholds(
        1.0, holding_cost=0.05, stop_cost=0.05, restart_cost=0.2, exit_cost=exit_cost, sigma=0.2, discount_rate=0.1,
        kappa=kappa, theta=0.0,
    )  # fmt: skip
    chain = price_chain(math.exp(-3.0), math.exp(3.0), 2401, sigma=0.2, kappa=kappa, theta=0.0)
    price = np.exp(chain.log_price)
    running, idle = option_values(options, price)
    for years in (0.5, 1.0, 3.0):
        later = value_at_deadline(chain, np.maximum(idle, running - 0.2), 0.1, years=years, steps=400)
        annuity = (1.0 - math.exp(-0.1 * years)) / 0.1
        expected = running + 0.05 + annuity * 0.05 - later
        for place in (1000, 1200, 1300):
            loss = float(loss_of_idling(options, price[place], years))
            assert loss == pytest.approx(expected[place], abs=3e-5)


@settings(max_examples=60, deadline=None)
@given(c=costs, h=small, e=small, r=small, sigma=sigmas, rho=rates, kappa=kappas, ratio=st.floats(0.5, 2.0),
       years=st.floats(0.1, 5.0), x=st.sampled_from([math.inf, 3e3]))  # fmt: skip
def test_idling_by_agreement_never_gains_and_costs_no_more_than_the_margin_and_the_switches(
    c, h, e, r, sigma, rho, kappa, ratio, years, x
):
    price = ratio * c
    options = solve(c, h, e, r, sigma, rho, kappa, exit_cost=x)
    loss = float(loss_of_idling(options, price, years))
    assert loss >= -1e-7 * c / rho
    if kappa == 0.0 and x == math.inf:
        # a plant that restarts at the end of the term, whatever the price, loses the margin and both costs
        annuity = (1.0 - math.exp(-rho * years)) / rho
        running, _ = option_values(options, price)
        forced = annuity * (price - c + h) + e + math.exp(-rho * years) * r
        kept = float(running) - (price - c) / rho
        assert loss <= forced + kept + 1e-6 * c / rho


def test_lump_sum_and_pressure_enter_only_through_the_cost():
    """The loss written with l and g in every flow equals the loss of the plant whose cost is less by both."""
    c, lump, pressure, h, e, r, rho, years = 13e3, 300.0, 450.0, 600.0, 300.0, 1_200.0, 0.1, 1.5
    chain = price_chain(3e3, 50e3, 1501, sigma=0.2)
    price = np.exp(chain.log_price)
    extra = lump + pressure
    switching = np.array([[0.0, e], [r, 0.0]])
    whole = switch_on_chain(chain, np.stack([price - c, 0.0 * price - h - extra]), switching, rho)
    short = switch_on_chain(chain, np.stack([price - c + extra, 0.0 * price - h]), switching, rho)
    annuity = (1.0 - math.exp(-rho * years)) / rho
    losses = [
        solved.values[0] + e + annuity * held
        - value_at_deadline(chain, solved.values[1], rho, years=years, steps=100)
        for solved, held in ((whole, h + extra), (short, h))
    ]  # fmt: skip
    middle = slice(500, 1000)
    np.testing.assert_allclose(losses[0][middle], losses[1][middle], rtol=0, atol=0.5)
    options = solve_thresholds(c - extra, holding_cost=h, stop_cost=e, restart_cost=r, sigma=0.2, discount_rate=rho)
    np.testing.assert_allclose(
        chain_thresholds(chain, whole, switching)[[0, 1], [1, 0]], [options.p_stop, options.p_restart], rtol=5e-4
    )


def test_draws_and_plants_broadcast():
    rng = np.random.default_rng(1)
    cost = rng.uniform(9e3, 16e3, (8, 5))
    sigma, rho, kappa = (rng.uniform(*ends, (8, 1)) for ends in ((0.1, 0.3), (0.06, 0.14), (0.01, 0.3)))
    options = solve_thresholds(cost, **BASE | {"sigma": sigma, "discount_rate": rho}, kappa=kappa, theta=9.4)
    loss = loss_of_idling(options, np.full((8, 1), 12e3), 1.0)
    assert options.p_stop.shape == loss.shape == (8, 5)
    assert options.laws.shape[0] == 8
    one = solve_thresholds(
        cost[3, 2], **BASE | {"sigma": sigma[3, 0], "discount_rate": rho[3, 0]}, kappa=kappa[3, 0], theta=9.4
    )
    assert float(one.p_stop) == pytest.approx(float(options.p_stop[3, 2]), rel=1e-7)
    assert float(loss_of_idling(one, 12e3, 1.0)) == pytest.approx(float(loss[3, 2]), abs=1e-2)
