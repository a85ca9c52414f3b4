"""When a price first falls to a level: closed forms against limits, chains and simulations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.numerics.switching.chains import price_chain, value_at_deadline
from potline.numerics.switching.first_passage import fall_reverting, fall_to


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


@pytest.mark.parametrize("distance", [1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("sigma", [1e-9, 1e-6, 0.2, 1.0])
def test_a_short_fall_down_a_trend_takes_its_distance_over_the_trend(distance, sigma):
    """A fall by 1e-9 was held for one without trend, and a little noise left nothing of the rate."""
    found = fall_to(distance, sigma=sigma, trend=-0.05, rate=0.1, window=math.inf)
    assert float(found.probability) == 1.0
    assert float(found.years) == pytest.approx(distance / 0.05, rel=1e-12)
    # exp(-a k), where sigma^2 k^2 / 2 + 0.05 k = 0.1
    power = 0.2 / (0.05 + math.sqrt(0.05**2 + 0.2 * sigma**2))
    assert float(found.discount) == pytest.approx(math.exp(-distance * power), rel=1e-12)


@pytest.mark.parametrize("distance", [1e-9, 1e-6, 1e-3])
def test_a_short_fall_without_trend_takes_the_same_share_of_its_distance_as_a_shorter(distance):
    one, two = (fall_to(d, sigma=0.2, trend=1e-4, rate=0.1, window=2.0) for d in (distance, 0.5 * distance))
    assert float(one.years / two.years) == pytest.approx(2.0, rel=5.0 * distance)


def test_a_price_that_rises_for_ever_leaves_a_short_fall_its_odds():
    found = fall_to([1e-3, 0.3], sigma=[0.0, 1e-9], trend=0.05, rate=0.0, window=math.inf)
    assert found.probability.tolist() == [0.0, 0.0]
    assert found.discount.tolist() == [0.0, 0.0]
    assert np.isnan(found.years).all()


LAWS = [
    (12_478.0, 9829.0, 0.1857, 0.0, 0.1, 2.0),
    (100.0, 80.0, 0.3, 0.1, 0.05, 5.0),
    (100.0, 95.0, 0.1, 0.005, 0.08, 1.0),
]


@pytest.mark.parametrize(("price", "level", "sigma", "drift", "rate", "window"), LAWS)
def test_slow_reversion_tends_to_the_closed_form(price, level, sigma, drift, rate, window):
    exact = fall_to(math.log(price / level), sigma=sigma, trend=drift - sigma**2 / 2, rate=rate, window=window)
    for kappa, near in ((1e-3, 0.02), (1e-6, 2e-5), (1e-9, 2e-8)):
        found = fall_reverting(
            price, level, sigma=sigma, drift=drift, kappa=kappa, theta=math.log(level), rate=rate, window=window
        )
        assert float(found.probability) == pytest.approx(float(exact.probability), rel=near)
        assert float(found.discount) == pytest.approx(float(exact.discount), rel=near)
        assert float(found.years) == pytest.approx(float(exact.years), rel=near)


@pytest.mark.parametrize(
    ("mean", "kappa", "window"), [(11.0, 0.5, 2.0), (8.0, 0.5, 1.0), (9.5, 3.0, 4.0), (9.0, 0.1, 9.0)]
)
@pytest.mark.parametrize("sigma", [0.1, 0.3, 1.0])
def test_values_of_a_chain_with_the_right_to_stop_agree_where_the_price_reverts(mean, kappa, window, sigma):
    law = {"sigma": sigma, "kappa": kappa, "theta": math.log(mean)}
    found = fall_reverting(10.0, 9.0, rate=0.1, window=window, **law)
    chain = price_chain(9.0, 11.0 * math.exp(7.0 * sigma * math.sqrt(window)), 1201, **law)
    paid = np.where(np.arange(1201) == 0, 1.0, -np.inf)
    for rate, ours in ((0.0, found.probability), (0.1, found.discount)):
        value = value_at_deadline(chain, np.maximum(paid, 0.0), rate, years=window, steps=800, stop_for=paid)
        assert float(ours) == pytest.approx(float(np.interp(math.log(10.0), chain.log_price, value)), abs=1e-4)


@pytest.mark.parametrize("kappa", [0.5, 5.0, 40.0])
@pytest.mark.parametrize("sigma", [0.0, 1e-9, 1e-6, 2e-6, 1e-5, 1e-4, 1e-3])
def test_little_volatility_tends_to_a_fall_on_time(sigma, kappa):
    """A chain gave a chance of 1.00005 and a time off by a tenth there."""
    when = math.log(math.log(10.0 / 7.0) / math.log(9.0 / 7.0)) / kappa
    found = fall_reverting(10.0, 9.0, sigma=sigma, kappa=kappa, theta=math.log(7.0), rate=0.1, window=3.0 * when)
    assert float(found.probability) <= 1.0
    assert float(found.probability) == pytest.approx(1.0, abs=1e-12)
    assert float(found.years) == pytest.approx(when, rel=2e-5 + 1e-6 * (sigma > 0.0))
    assert float(found.discount) == pytest.approx(math.exp(-0.1 * when), rel=2e-5)
    for level in (7.0, 6.0):  # at rest above it
        never = fall_reverting(10.0, level, sigma=sigma, kappa=kappa, theta=math.log(7.5), rate=0.1, window=2.0)
        assert (float(never.probability), float(never.discount)) == (0.0, 0.0)
        assert math.isnan(float(never.years))


@pytest.mark.parametrize("below", [1e-9, 1e-6, 1e-3, 1e-2])
@pytest.mark.parametrize("sigma", [0.02, 0.2, 1.0])
def test_however_near_its_level_a_slowly_reverting_price_takes_the_time_of_the_closed_form(below, sigma):
    exact = fall_to(-math.log1p(-below), sigma=sigma, trend=-(sigma**2) / 2, rate=0.1, window=2.0)
    found = fall_reverting(
        100.0, 100.0 * (1.0 - below), sigma=sigma, kappa=1e-9, theta=math.log(100.0), rate=0.1, window=2.0
    )
    assert float(found.probability) == pytest.approx(float(exact.probability), rel=1e-9)
    assert float(found.years) == pytest.approx(float(exact.years), rel=2e-7)  # 100 (1 - 1e-9) has seven digits of it
    assert float(found.discount) == pytest.approx(float(exact.discount), rel=1e-9)


def test_a_chance_below_any_that_is_found_is_none():
    never = fall_reverting(100.0, 90.0, sigma=0.1, kappa=0.5, theta=math.log(100.0), rate=0.1, window=1e-6)
    assert (float(never.probability), float(never.discount)) == (0.0, 0.0)
    assert math.isnan(float(never.years))


def test_on_the_edge_of_its_window_a_fall_is_as_likely_as_its_spread_says():
    """The window ends when the mean is at the level: 1 / 2, and more, the more often noise gets there before."""
    when = math.log(math.log(10.0 / 7.0) / math.log(9.0 / 7.0)) / 0.5
    for sigma, near in ((1e-5, 1e-3), (1e-4, 1e-3), (1e-3, 4e-3)):
        found = fall_reverting(10.0, 9.0, sigma=sigma, kappa=0.5, theta=math.log(7.0), rate=0.1, window=when)
        assert float(found.probability) == pytest.approx(0.5, abs=near)


@given(
    distance=st.floats(1e-3, 1.0),
    sigma=st.sampled_from([0.0, 1e-6, 1e-4, 1e-2, 0.1, 0.5, 2.0]),
    kappa=st.sampled_from([1e-6, 0.1, 1.0, 10.0]),
    mean=st.floats(-1.0, 1.0),
    window=st.floats(0.1, 5.0),
)
@settings(max_examples=20, deadline=None)
def test_no_chance_exceeds_one_and_a_discount_no_chance(distance, sigma, kappa, mean, window):
    found = fall_reverting(
        math.exp(distance), 1.0, sigma=sigma, kappa=kappa, theta=distance + mean, rate=0.1, window=window
    )
    assert 0.0 <= float(found.discount) <= float(found.probability) <= 1.0
    if float(found.probability) > 1e-9:
        assert 0.0 < float(found.years) <= window


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


def test_a_simulation_agrees_where_the_price_reverts():
    law = {"sigma": 0.2, "kappa": 1.5, "theta": math.log(11.0), "rate": 0.1, "window": 2.0}
    odds, years, worth, error = simulated(12.0, 10.0, **law)
    chain = fall_reverting(12.0, 10.0, **law)
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
