"""When a price first falls to a level: closed form against limits, a chain and a simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.numerics.switching.first_passage import fall_on_chain, fall_to


@pytest.mark.parametrize("trend", [0.01, 0.05, 0.2])
def test_without_an_end_the_odds_are_a_power_of_the_ratio(trend):
    found = fall_to(math.log(1.25), sigma=0.2, trend=trend, rate=0.1, window=math.inf)
    assert float(found.probability) == pytest.approx((1 / 1.25) ** (2 * trend / 0.04), rel=1e-12)


def test_without_an_end_a_falling_price_gets_there_in_its_mean_time():
    found = fall_to(0.3, sigma=0.2, trend=-0.06, rate=0.1, window=math.inf)
    assert float(found.probability) == 1.0
    assert float(found.years) == pytest.approx(0.3 / 0.06, rel=1e-12)
    root = math.sqrt(0.06**2 + 2 * 0.1 * 0.04)
    assert float(found.discount) == pytest.approx(math.exp(-0.3 * (root - 0.06) / 0.04), rel=1e-12)


def test_without_a_trend_the_reflection_principle_gives_the_odds():
    found = fall_to(0.3, sigma=0.2, trend=0.0, rate=0.0, window=2.0)
    assert float(found.probability) == pytest.approx(
        math.erfc(0.3 / (0.2 * math.sqrt(2.0)) / math.sqrt(2.0)), rel=1e-12
    )
    assert float(found.discount) == float(found.probability)


def test_the_time_is_continuous_where_the_trend_vanishes():
    flat, near = (fall_to(0.3, sigma=0.2, trend=nu, rate=0.1, window=2.0).years for nu in (0.0, 1e-5))
    assert float(flat) == pytest.approx(float(near), rel=1e-4)


def test_a_price_that_does_not_move_falls_on_time_or_never():
    found = fall_to(
        [0.2, 0.2, 0.2, 0.0], sigma=0.0, trend=[-0.1, -0.1, 0.1, 0.1], rate=0.1, window=[3.0, 1.0, 9.0, 1.0]
    )
    assert found.probability.tolist() == [1.0, 0.0, 0.0, 1.0]
    assert found.years[[0, 3]].tolist() == [2.0, 0.0]
    assert np.isnan(found.years[1:3]).all()
    assert found.discount.tolist() == pytest.approx([math.exp(-0.2), 0.0, 0.0, 1.0])


LAWS = [
    (12_478.0, 9829.0, 0.1857, 0.0, 0.1, 2.0),
    (100.0, 80.0, 0.3, 0.1, 0.05, 5.0),
    (100.0, 95.0, 0.1, 0.005, 0.08, 1.0),
]


@pytest.mark.parametrize(("price", "level", "sigma", "drift", "rate", "window"), LAWS)
def test_the_chain_agrees_with_the_closed_form(price, level, sigma, drift, rate, window):
    exact = fall_to(math.log(price / level), sigma=sigma, trend=drift - sigma**2 / 2, rate=rate, window=window)
    chain = fall_on_chain(price, level, sigma=sigma, drift=drift, rate=rate, window=window)
    assert float(chain.probability) == pytest.approx(float(exact.probability), abs=1e-5)
    assert float(chain.discount) == pytest.approx(float(exact.discount), abs=1e-5)
    assert float(chain.years) == pytest.approx(float(exact.years), rel=1e-4)


def simulated(price, level, *, sigma, drift=0.0, kappa=0.0, theta=0.0, rate, window, paths=20_000, steps=200):
    """Walk the log price; between two dates it has touched the level with the odds of a bridge."""
    random = np.random.default_rng(11)
    step, floor = window / steps, math.log(level)
    x, tau = np.full(paths, math.log(price)), np.full(paths, np.inf)
    for k in range(steps):
        trend = drift - sigma**2 / 2 + kappa * (theta - x)
        y = x + trend * step + sigma * math.sqrt(step) * random.standard_normal(paths)
        touched = np.exp(-2 * np.maximum(x - floor, 0) * np.maximum(y - floor, 0) / (sigma**2 * step))
        tau[(random.random(paths) < touched) & np.isinf(tau)] = (k + 0.5) * step
        x = y
    came = np.isfinite(tau)
    worth = np.exp(-rate * tau)
    return came.mean(), tau[came].mean(), worth.mean(), 4.0 / math.sqrt(paths)


def test_a_simulation_agrees_with_the_closed_form():
    price, level, sigma, drift, rate, window = LAWS[0]
    odds, years, worth, error = simulated(price, level, sigma=sigma, drift=drift, rate=rate, window=window)
    exact = fall_to(math.log(price / level), sigma=sigma, trend=drift - sigma**2 / 2, rate=rate, window=window)
    assert abs(odds - exact.probability) < error
    assert abs(worth - exact.discount) < error
    assert abs(years - exact.years) < 2 * error


def test_a_simulation_agrees_with_the_chain_where_the_price_reverts():
    law = {"sigma": 0.2, "kappa": 1.5, "theta": math.log(11.0), "rate": 0.1, "window": 2.0}
    odds, years, worth, error = simulated(12.0, 10.0, **law)
    chain = fall_on_chain(12.0, 10.0, **law)
    assert abs(odds - chain.probability) < error
    assert abs(worth - chain.discount) < error
    assert abs(years - chain.years) < 2 * error


@given(
    distance=st.floats(0.01, 2.0),
    sigma=st.floats(0.05, 0.6),
    trend=st.floats(-0.3, 0.3),
    rate=st.floats(0.0, 0.3),
    window=st.floats(0.1, 30.0),
)
def test_longer_windows_and_nearer_triggers_come_more_often(distance, sigma, trend, rate, window):
    one = fall_to(distance, sigma=sigma, trend=trend, rate=rate, window=window)
    longer = fall_to(distance, sigma=sigma, trend=trend, rate=rate, window=2.0 * window)
    nearer = fall_to(0.9 * distance, sigma=sigma, trend=trend, rate=rate, window=window)
    assert 0.0 <= one.discount <= one.probability * (1 + 1e-12) <= 1.0 + 1e-9
    assert one.probability <= longer.probability + 1e-12
    assert one.probability <= nearer.probability + 1e-12
    assert one.probability < 1e-9 or 0.0 < one.years <= window * (1 + 1e-9)
