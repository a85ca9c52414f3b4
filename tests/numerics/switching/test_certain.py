"""Stopping where the price is certain: dynamic programming along the path, and the limit of ever less volatility."""

import math

import numpy as np
import pytest
from scipy.special import hyp1f1

from potline.numerics.switching import certain
from potline.numerics.switching.options import (
    INFINITE,
    INVALID,
    SOLVED,
    loss_of_idling,
    option_values,
    solve_thresholds,
)

PLANT = {"holding_cost": 50.0, "stop_cost": 100.0, "restart_cost": 200.0, "discount_rate": 0.1}


def random_plant(rng, *, closes=True):
    """Return a plant and a law; costs of 0 and no closing are drawn on purpose."""
    rho = rng.uniform(0.02, 0.2)
    plant = {
        "running_cost": rng.uniform(700.0, 1600.0),
        "holding_cost": rng.choice([0.0, rng.uniform(0.0, 300.0)]),
        "stop_cost": rng.choice([0.0, rng.uniform(0.0, 1000.0)]),
        "restart_cost": rng.choice([0.0, rng.uniform(0.0, 2000.0)]),
        "exit_cost": rng.choice([math.inf, rng.uniform(-500.0, 8000.0), 0.0]) if closes else math.inf,
        "discount_rate": rho,
    }
    law = {
        "drift": rng.choice([0.0, rng.uniform(-0.2, 0.9 * rho)]),
        "kappa": rng.choice([0.0, rng.uniform(0.01, 1.0)]),
        "theta": math.log(rng.uniform(500.0, 2500.0)),
    }
    return plant, law


def along_the_path(start, plant, law, *, step=0.02, years_of_discount=22.0):
    """Return the values running and idle at a price by backward induction along its path, switching at each step."""
    rho, kappa, drift = plant["discount_rate"], law["kappa"], law["drift"]
    count = int(years_of_discount / rho / step)
    time = step * np.arange(count + 1)
    trend = drift + kappa * (law["theta"] - math.log(start))
    moved = trend * time if kappa == 0.0 else -trend * np.expm1(-kappa * time) / kappa
    price = start * np.exp(moved)
    kept, weight = math.exp(-rho * step), -math.expm1(-rho * step) / rho
    mean = np.sqrt(price[1:] * price[:-1])  # of a step, to second order
    e, r, x, h = (plant[name] for name in ("stop_cost", "restart_cost", "exit_cost", "holding_cost"))
    run = price[-1] / rho - plant["running_cost"] / rho
    idle = -h / rho
    run, idle = max(run, idle - e, -x), max(idle, run - r, -x)
    for k in range(count - 1, -1, -1):
        on, off = (mean[k] - plant["running_cost"]) * weight + kept * run, -h * weight + kept * idle
        run, idle = max(on, off - e, -x), max(off, on - r, -x)
    return run, idle


@pytest.mark.parametrize(
    ("law", "stop", "restart"),
    [
        ({"drift": 0.05}, 799.4127789077, 970.0),
        ({"drift": -0.10}, 940.0, 1209.3741840717),
        ({"drift": 0.0}, 940.0, 970.0),
        ({"kappa": 0.5, "theta": math.log(2500.0)}, 454.0822224709, 970.0),
        ({"kappa": 0.5, "theta": math.log(700.0)}, 940.0, 1402.9619038712),
    ],
)
def test_a_certain_price_has_these_thresholds_and_little_volatility_tends_to_them(law, stop, restart):
    for sigma, near in ((1e-3, 3e-3), (1e-4, 3e-4), (1e-6, 3e-6), (1e-9, 1e-12), (0.0, 1e-12)):
        options = solve_thresholds(1000.0, sigma=sigma, **PLANT, **law)
        assert options.status == SOLVED
        assert float(options.p_stop) == pytest.approx(stop, rel=near)
        assert float(options.p_restart) == pytest.approx(restart, rel=near)


@pytest.mark.parametrize("seed", range(24))
def test_values_are_those_of_dynamic_programming_along_the_path(seed):
    plant, law = random_plant(np.random.default_rng(seed))
    options = solve_thresholds(sigma=0.0, **plant, **law)
    scale = plant["running_cost"] / plant["discount_rate"]
    for share in (0.6, 0.9, 1.0, 1.3):
        start = share * plant["running_cost"]
        found = [float(value) for value in option_values(options, start)]
        assert found == pytest.approx(along_the_path(start, plant, law), abs=2e-5 * scale)


@pytest.mark.parametrize("seed", range(60))
def test_the_values_at_none_are_the_limit_of_those_at_little_volatility(seed):
    plant, law = random_plant(np.random.default_rng(100 + seed))
    sigma = np.array([0.0, 1e-9, 1e-6, 1e-3])
    options = solve_thresholds(sigma=sigma, **plant, **law)
    assert options.status.tolist() == [SOLVED] * 4
    scale = plant["running_cost"] / plant["discount_rate"]
    for share in (0.7, 0.95, 1.0, 1.2):
        price = share * plant["running_cost"]
        loss = loss_of_idling(options, price, 1.0)
        for value in (*option_values(options, price), loss):
            assert np.all(np.abs(value - value[0]) <= [0.0, 1e-9 * scale, 1e-5 * scale, 1e-2 * scale])
    least = math.exp(-4.0) * plant["running_cost"]  # with reversion a lower threshold than that counts as never
    for price in (options.p_stop, options.p_restart):
        if price[0] > least:
            assert np.all(np.abs(price / price[0] - 1.0) <= [0.0, 1e-9, 1e-4, 3e-2])


@pytest.mark.parametrize("sigma", [0.0, 0.15])
@pytest.mark.parametrize("seed", range(12))
def test_drift_and_reversion_tend_to_none(sigma, seed):
    plant, law = random_plant(np.random.default_rng(200 + seed), closes=False)
    small = np.array([0.0, 1e-9, 1e-6])
    start = {"drift": law["drift"], "kappa": 0.0, "theta": law["theta"]}
    for name in ("drift", "kappa"):
        options = solve_thresholds(sigma=sigma, **plant, **start | {name: small})
        for price in (options.p_stop, options.p_restart):
            assert np.all(np.abs(price / price[0] - 1.0) <= [0.0, 1e-6, 1e-3])
        down = solve_thresholds(sigma=sigma, **plant, **start | {"drift": -small}) if name == "drift" else options
        assert np.all(np.abs(down.p_stop / down.p_stop[0] - 1.0) <= [0.0, 1e-6, 1e-3])


@pytest.mark.parametrize("law", [{}, {"drift": 0.02}, {"kappa": 0.3, "theta": math.log(1100.0)}])
@pytest.mark.parametrize("sigma", [0.0, 0.2])
@pytest.mark.parametrize("cost", ["holding_cost", "stop_cost", "restart_cost", "exit_cost", "running_cost"])
def test_every_cost_tends_to_none(cost, sigma, law):
    plant = {"running_cost": 1000.0, **PLANT, "exit_cost": math.inf}
    small = np.array([0.0, 1e-9, 1e-6, 1e-3])
    options = solve_thresholds(sigma=sigma, **plant | {cost: small}, **law)
    assert options.status.tolist() == [SOLVED] * 4
    assert np.all(np.abs(options.p_stop - options.p_stop[0]) <= [0.0, 1e-6, 1e-5, 2e-2])
    finite = np.isfinite(options.p_restart)
    assert np.abs(options.p_restart - options.p_restart[0])[finite].max(initial=0.0) <= 1e-2
    loss = loss_of_idling(options, 1000.0, 1.0)
    assert np.all(np.abs(loss - loss[0]) <= [0.0, 1e-5, 2e-5, 2e-2])


@pytest.mark.parametrize("law", [{}, {"drift": 0.02}, {"kappa": 0.3, "theta": math.log(1100.0)}])
@pytest.mark.parametrize("sigma", [0.0, 0.2])
def test_the_rate_and_the_term_tend_to_none_or_are_refused(sigma, law):
    years = np.array([0.0, 1e-9, 1e-6])
    loss = loss_of_idling(solve_thresholds(np.full(3, 1000.0), sigma=sigma, **PLANT, **law), 1000.0, years)
    assert np.all(np.abs(loss - loss[0]) <= [0.0, 1e-5, 1e-2])
    if not law:
        rate = np.array([1e-3, 1e-6, 1e-9])
        options = solve_thresholds(1000.0, sigma=sigma, **PLANT | {"discount_rate": rate})
        assert np.all(np.abs(options.p_stop / options.p_stop[-1] - 1.0) <= [1e-3, 1e-6, 0.0])
    assert solve_thresholds(1000.0, sigma=sigma, **PLANT | {"discount_rate": 0.0}, **law).status == INVALID
    assert np.isnan(loss_of_idling(solve_thresholds(1000.0, sigma=sigma, **PLANT | {"discount_rate": 0.0}), 1.0, 1.0))


@pytest.mark.parametrize("sigma", [0.0, 0.2])
def test_slow_reversion_from_a_drift_above_the_rate_is_solved_while_the_worth_can_be_counted(sigma):
    """With kappa at 0.5 and at 0.05 the price stops growing soon; at 1e-9 it does not, as at 0."""
    kappa = np.array([0.5, 0.05, 1e-9, 0.0])
    options = solve_thresholds(1000.0, sigma=sigma, drift=0.2, kappa=kappa, theta=math.log(1200.0), **PLANT)
    assert options.status.tolist() == [SOLVED, SOLVED, INFINITE, INFINITE]


def test_threads_change_nothing_where_some_prices_are_certain():
    rng = np.random.default_rng(3)
    cost, sigma = rng.uniform(700.0, 1600.0, 31), rng.choice([0.0, 0.2], 31)
    one, two = (solve_thresholds(cost, sigma=sigma, drift=0.01, **PLANT, threads=k) for k in (1, 2))
    np.testing.assert_array_equal(one.p_stop, two.p_stop)
    np.testing.assert_array_equal(option_values(one, 1000.0), option_values(two, 1000.0))
    each = np.array(
        [float(solve_thresholds(c, sigma=s, drift=0.01, **PLANT).p_stop) for c, s in zip(cost, sigma, strict=True)]
    )
    np.testing.assert_allclose(one.p_stop, each, rtol=1e-13)


@pytest.mark.parametrize("kappa", [1e-4, 0.02, 0.4, 4.0, 40.0])
@pytest.mark.parametrize("drift", [0.0, 0.02, -0.2])
def test_a_price_for_ever_is_kummers_function_near_rest_and_far_from_it(drift, kappa):
    """A series ends 40 logs from rest; beyond stands an integral over time."""
    law, rest, a = np.zeros(10), 7.0 + drift / kappa, 0.05 / kappa
    law[1:5] = drift, kappa, 7.0, 0.05
    nodes = np.stack(np.polynomial.legendre.leggauss(28))
    for z in (0.0, 1e-9, 0.3, 2.0, 8.0, 39.99, 40.01, 45.0):
        for x, rises, falls in ((rest - z, hyp1f1(1.0, a + 1.0, z), 0.0), (rest + z, 0.0, hyp1f1(a, a + 1.0, z))):
            wanted = x + math.log(rises) if rises else rest + math.log(falls)
            if abs(x) < 600.0:
                assert math.log(0.05 * certain.worth(x, law, nodes)) == pytest.approx(
                    wanted, abs=1e-12 + 1e-15 * abs(x)
                )


def test_edges_are_found_in_few_points(monkeypatch):
    """Halving 1,200 logs 80 times asked for 160 prices for ever a plant: a tiny meeting took thirteen seconds."""
    asked = []
    for name in ("gain_above", "edge_from", "running_certain", "waiting_certain", "solve_certain"):
        monkeypatch.setattr(certain, name, getattr(certain, name).py_func)
    price = certain.worth
    monkeypatch.setattr(certain, "worth", lambda x, *law: asked.append(x) or price(x, *law))
    nodes, counts = np.stack(np.polynomial.legendre.leggauss(28)), []
    for seed in range(80):
        plant, law = random_plant(np.random.default_rng(seed))
        numbers = np.zeros(10)
        numbers[1:5] = law["drift"], law["kappa"], law["theta"], plant["discount_rate"]
        costs = [plant[f"{name}_cost"] for name in ("running", "holding", "stop", "restart", "exit")]
        asked.clear()
        certain.solve_certain(*costs, np.zeros(14), numbers, nodes, np.zeros(3))
        counts.append(len(asked))
    assert max(counts) <= 80
    assert np.median(counts) <= 25


@pytest.mark.parametrize("exit_cost", [math.inf, 8000.0, 300.0, 0.0])
@pytest.mark.parametrize(("drift", "kappa"), [(0.03, 0.0), (-0.1, 0.0), (0.0, 0.4), (0.02, 4.0), (-0.2, 4.0)])
def test_where_coming_back_costs_nothing_one_price_stands_for_both_to_the_last_digit(drift, kappa, exit_cost):
    """Values touch there instead of crossing: halving by them left six digits. A cost of switching ends in this."""
    law = {"sigma": 0.0, "drift": drift, "kappa": kappa, "theta": math.log(1100.0), "discount_rate": 0.1}
    plant = {"holding_cost": 150.0, "exit_cost": exit_cost}
    free = solve_thresholds(1000.0, **plant, **law)
    assert free.p_stop == free.p_restart
    if 0.1 * exit_cost > 150.0:
        assert float(free.p_stop) == pytest.approx(850.0, rel=1e-14)
    for small in (1e-3, 1e-6, 1e-9):
        near = solve_thresholds(1000.0, stop_cost=small, restart_cost=small, **plant, **law)
        assert near.regime == free.regime
        assert [float(near.p_stop), float(near.p_restart)] == pytest.approx(
            [float(free.p_stop)] * 2, abs=80 * small**0.5
        )
