"""Reaching a level and the band of the price: against simulation, and in their limits."""

import math

import numpy as np
import pytest

from potline.industry import PriceProcess
from potline.shutdown import chance_to_reach, price_band


def test_chance_against_simulated_paths():
    process, years, steps, paths = PriceProcess(volatility=0.25, drift=0.03), 1.5, 1500, 20_000
    rng = np.random.default_rng(5)
    step = years / steps
    level = np.zeros(paths)
    top = np.zeros(paths)
    for _ in range(steps):
        level += (0.03 - 0.25**2 / 2.0) * step + 0.25 * math.sqrt(step) * rng.standard_normal(paths)
        np.maximum(top, level, out=top)
    # Paths seen only at steps miss peaks between them: the level is that much lower (Broadie, Glasserman and Kou 1997).
    reached = (top >= math.log(1.2) - 0.5826 * 0.25 * math.sqrt(step)).mean()
    assert chance_to_reach(process, 100.0, 120.0, years) == pytest.approx(reached, abs=4.0 * 0.5 / math.sqrt(paths))


def test_chance_in_its_limits():
    process = PriceProcess(volatility=0.2)
    assert chance_to_reach(process, 100.0, 100.0, 1.0) == 1.0
    assert chance_to_reach(process, 100.0, 100.0001, 1.0) == pytest.approx(1.0, abs=1e-4)
    assert chance_to_reach(process, 100.0, 1e6, 1.0) == pytest.approx(0.0, abs=1e-12)
    chances = [chance_to_reach(process, 100.0, 130.0, years) for years in (0.25, 0.5, 1.0, 4.0)]
    assert chances == sorted(chances)
    # An expected price that stays where it is gets to b times itself with chance 1 / b in the long run.
    assert chance_to_reach(process, 100.0, 130.0, 1e4) == pytest.approx(1.0 / 1.3, abs=1e-6)
    still = PriceProcess(volatility=0.0, drift=0.1)
    assert chance_to_reach(still, 100.0, 110.0, 2.0) == 1.0
    assert chance_to_reach(still, 100.0, 130.0, 2.0) == 0.0


def test_band_holds_its_share_of_paths():
    process = PriceProcess(volatility=0.3, drift=0.05)
    low, high = price_band(process, 80.0, 0.75, 0.8)
    draws = np.random.default_rng(3).standard_normal(200_000)
    price = 80.0 * np.exp((0.05 - 0.045) * 0.75 + 0.3 * math.sqrt(0.75) * draws)
    assert np.mean((price > low) & (price < high)) == pytest.approx(0.8, abs=0.004)


def test_a_price_that_reverts_has_no_closed_form():
    reverting = PriceProcess(volatility=0.2, kappa=0.3, mean_price_per_t=100.0)
    for ask in (lambda: chance_to_reach(reverting, 90.0, 100.0, 1.0), lambda: price_band(reverting, 90.0, 1.0)):
        with pytest.raises(ValueError, match=r"^the price reverts to its mean \(kappa 0\.3\): no closed form$"):
            ask()
