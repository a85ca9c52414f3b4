import math

import numpy as np
import pytest

from potline.errors import InputError
from potline.shutdown import estimate_price_process


def simulate(months, volatility, seed, kappa=0.0, level=7.0, drift=0.0):
    rng = np.random.default_rng(seed)
    fade = math.exp(-kappa / 12.0)
    spread = volatility * (math.sqrt((1.0 - fade**2) / (2.0 * kappa)) if kappa else math.sqrt(1.0 / 12.0))
    x = [level]
    for shock in rng.standard_normal(months - 1):
        x.append(level + (x[-1] - level) * fade + (drift - volatility**2 / 2) / 12.0 * (not kappa) + spread * shock)
    return np.exp(x)


def test_simulated_walk_is_recovered_within_its_errors():
    estimates = [estimate_price_process(simulate(1201, 0.2, seed, drift=0.03)) for seed in range(40)]
    volatility = np.array([item.volatility for item in estimates])
    z = (volatility - 0.2) / np.array([item.volatility_error for item in estimates])
    drift_z = np.array([(item.drift - 0.03) / item.drift_error for item in estimates])
    assert abs(z.mean()) < 0.5
    assert 0.6 < z.std() < 1.4
    assert abs(drift_z.mean()) < 0.5
    assert sum(item.reverts for item in estimates) <= 6


def test_simulated_reversion_is_recovered_within_its_errors():
    estimates = [estimate_price_process(simulate(2401, 0.2, seed, kappa=1.0)) for seed in range(20)]
    z = np.array([(item.kappa - 1.0) / item.kappa_error for item in estimates])
    assert abs(z.mean()) < 0.8
    assert all(item.reverts for item in estimates)
    process = estimates[0].reverting_process
    # the law's mean log price is log(mean_price) - volatility**2 / (2 kappa)
    middle = math.log(process.mean_price_per_t) - process.volatility**2 / (2.0 * process.kappa)
    assert middle == pytest.approx(7.0, abs=0.1)


def test_headline_has_no_drift_and_no_reversion():
    process = estimate_price_process(simulate(160, 0.2, 3, drift=0.05)).process
    assert (process.drift, process.kappa) == (0.0, 0.0)


def test_averages_are_scaled_up():
    price = simulate(160, 0.2, 3)
    plain, scaled = (estimate_price_process(price, averages=flag) for flag in (False, True))
    assert scaled.volatility == pytest.approx(math.sqrt(1.5) * plain.volatility)


def test_months_cut_the_series():
    months = [f"{2000 + k // 12}-{k % 12 + 1:02d}" for k in range(160)]
    price = simulate(160, 0.2, 3)
    cut = estimate_price_process(price, months=months, first="2001-01", last="2010-12")
    assert (cut.months, cut.first, cut.last) == (120, "2001-01", "2010-12")
    assert cut.volatility == estimate_price_process(price[12:132]).volatility


def test_every_problem_is_named():
    months = [f"{2000 + k // 12}-{k % 12 + 1:02d}" for k in range(40)]
    price = simulate(40, 0.2, 3)
    price[5] = -1.0
    with pytest.raises(InputError) as caught:
        estimate_price_process(price, months=[*months[:7], *months[8:], "2003-05"])
    assert str(caught.value) == (
        "months: found 2000-09 after 2000-07; needed 2000-08, no month left out.\n"
        "price of 2000-06: found -1; needed a price above 0 in every month used."
    )
    with pytest.raises(InputError, match=r"found 12 months; needed 24 months or more"):
        estimate_price_process(simulate(12, 0.2, 3))
