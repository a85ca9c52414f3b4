"""What monthly prices say of their law walks into its limits: no change, one change, no noise, no reversion."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.errors import InputError
from potline.shutdown import PriceEstimate, estimate_price_process

SMALL = (1e-3, 1e-6, 1e-9, 1e-12)
SHOCKS = np.random.default_rng(1).standard_normal(47)
FREE_OF_SIZE = ("kappa", "kappa_error", "dickey_fuller")


def law(price: object) -> PriceEstimate:
    found = estimate_price_process(price)
    assert found.certificate.holds
    return found


def test_one_change_tends_to_none():
    """Sizes tend to 0; what does not depend on the size of the change keeps every digit, and is not known of none."""
    none, whole = law([100.0] * 48), law([100.0] * 20 + [101.0] * 28)
    assert (none.volatility, none.volatility_error, none.drift, none.drift_error) == (0.0, 0.0, 0.0, 0.0)
    for small in SMALL:
        near = law([100.0] * 20 + [100.0 * (1.0 + small)] * 28)
        sizes = [near.volatility, near.volatility_error, near.drift, near.drift_error]
        assert sizes == pytest.approx([0.0] * 4, abs=small)
        assert near.volatility_error / near.volatility == pytest.approx(whole.volatility_error / whole.volatility)
        assert [getattr(near, name) for name in FREE_OF_SIZE] == pytest.approx(
            [getattr(whole, name) for name in FREE_OF_SIZE], rel=1e-9
        )
        assert near.log_mean == pytest.approx(math.log(100.0), abs=2.0 * small)
    assert all(math.isnan(getattr(none, name)) for name in (*FREE_OF_SIZE, "log_mean"))
    assert not none.reverts


def test_a_change_in_the_last_month_alone_says_nothing_of_a_mean():
    for small in (0.0, *SMALL):
        last = law([100.0] * 47 + [100.0 * (1.0 + small)])
        assert last.volatility == pytest.approx(0.0, abs=small)
        assert math.isnan(last.kappa)
        assert not last.reverts


@pytest.mark.parametrize("trend", [0.0, 0.01, -0.02])
def test_noise_tends_to_none(trend):
    even = law(100.0 * np.exp(trend * np.arange(48)))
    assert even.volatility == pytest.approx(0.0, abs=1e-14)
    assert even.drift == pytest.approx(12.0 * trend, abs=1e-13)
    assert even.kappa == 0.0 if trend else math.isnan(even.kappa)
    whole = law(100.0 * np.exp(np.append(0.0, 0.01 * SHOCKS.cumsum())))
    for small in SMALL:
        near = law(100.0 * np.exp(np.append(0.0, small * SHOCKS.cumsum()) + trend * np.arange(48)))
        assert near.volatility == pytest.approx(12.0**0.5 * small * SHOCKS.std(ddof=1), rel=1e-13 / small + 1e-9)
        assert near.drift == pytest.approx(even.drift, abs=2.0 * small + 1e-13)
        if trend:
            assert near.kappa == pytest.approx(0.0, abs=30.0 * small)  # what moves evenly reverts to nothing
        else:
            wanted = [getattr(whole, name) for name in FREE_OF_SIZE]
            assert [getattr(near, name) for name in FREE_OF_SIZE] == pytest.approx(wanted, rel=1e-3)


def test_reversion_without_noise_is_sure_and_tends_to_none():
    """The price closes a share b of its gap each month, kappa is -12 log(1 - b), and nothing is left unexplained."""
    for share in (0.5, 0.1, 1e-3, 1e-6):
        found = law(np.exp(5.0 - (1.0 - share) ** np.arange(48)))
        assert found.kappa == pytest.approx(-12.0 * math.log1p(-share), rel=1e-9 / share)
        assert (found.kappa_error, found.dickey_fuller, found.reverts) == (0.0, -math.inf, True)
        assert found.log_mean == pytest.approx(5.0, abs=1e-12 / share)
    found = law(np.exp(5.0 - (1.0 - 1e-9) ** np.arange(48)))  # a millionth of a millionth a month is rounding
    assert found.kappa == pytest.approx(0.0, abs=1e-7)
    assert not found.reverts


def test_each_change_taken_back_reverts_without_end():
    for size in (0.1, *SMALL[:3]):
        found = law([100.0, 100.0 * (1.0 + size)] * 24)
        assert (found.kappa, found.kappa_error, found.half_life_years, found.reverts) == (math.inf, math.inf, 0.0, True)
        with pytest.raises(InputError, match="found an estimated mean reversion of inf a year"):
            _ = found.reverting_process


def test_a_mean_too_far_to_be_a_price_is_refused_by_name():
    found = law(100.0 * np.exp(np.append(0.0, 1e-9 * SHOCKS.cumsum()) + 0.01 * np.arange(48)))
    with pytest.raises(InputError) as raised:
        _ = found.reverting_process
    assert str(raised.value) == (
        f"reverting_process: found a reversion of {found.kappa:.3g} a year to a price whose log is "
        f"{found.log_mean:.3g}; needed a mean within what a number holds. Use `process`."
    )


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.floats(-13.0, 0.0), level=st.floats(-5.0, 8.0), averages=st.booleans())
def test_the_check_holds_however_little_prices_move(seed, size, level, averages):
    rng = np.random.default_rng(seed)
    number, shares = int(rng.integers(24, 80)), rng.choice([0.0, 1e-9, 1e-3, 0.3])
    x = np.zeros(number)
    for k in range(1, number):
        x[k] = x[k - 1] * (1.0 - shares) + 10.0**size * rng.choice([rng.standard_normal(), float(rng.random() < 0.1)])
    x += rng.choice([0.0, 1e-12, 1e-6, 0.01]) * np.arange(number)
    assert estimate_price_process(10.0**level * np.exp(x), averages=averages).certificate.holds
