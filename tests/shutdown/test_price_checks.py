"""The certificate of an estimate of a price's law: every figure spoilt in turn, and seen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.spoiling import assert_caught, spoil

import potline as pot


@pytest.mark.parametrize("averages", [False, True])
def test_every_figure_of_an_estimate_is_looked_at(averages):
    price = 100.0 * np.exp(np.cumsum(np.random.default_rng(3).normal(0.0, 0.05, 60)))
    months = [f"{2001 + k // 12}-{k % 12 + 1:02d}" for k in range(60)]
    found = pot.estimate_price_process(price, months=months, averages=averages)
    assert found.certificate.holds
    assert_caught(spoil(found, question=("averages",), most=4))


def test_a_series_that_only_grows_is_fine():
    grows = pot.estimate_price_process([100.0 * 1.01**month for month in range(36)])
    assert grows.certificate.holds
    assert grows.kappa == 0.0


def test_a_price_that_stands_still_says_nothing_of_a_mean():
    still = pot.estimate_price_process([100.0] * 36)
    assert still.certificate.holds
    assert (still.volatility, still.drift, still.reverts) == (0.0, 0.0, False)
    for value in (still.kappa, still.kappa_error, still.half_life_years, *still.kappa_range()):
        assert math.isnan(value)
    with pytest.raises(pot.InputError, match="found an estimated mean reversion of nan a year; needed one above 0"):
        _ = still.reverting_process
