"""The law of a first fall as the checker has it, beside the one that is printed: drawn prices, levels and windows."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from tests.agreement.tiny import tiny

import potline as pot
from potline.agreement.checks.passage import passage
from potline.numerics.switching.first_passage import fall_reverting, fall_to

PRICE = 12_000.0


def drawn(rng, low):
    return {
        "volatility": 10.0 ** rng.uniform(low, 0.0),
        "drift": float(rng.choice([0.0, 0.05, -0.05])),
        "level": PRICE * (1.0 - 10.0 ** rng.uniform(-9.0, -0.3)),
        "rate": float(rng.choice([0.0, 0.05, 0.3])),
        "window": 10.0 ** rng.uniform(-2.0, 1.3) if rng.random() < 0.9 else 1e-6,
    }


def agree(printed, checked, near):
    chance, years, worth = checked
    said = tuple(float(value) for value in (printed.probability, printed.years, printed.discount))
    assert said[0] == pytest.approx(chance, rel=near, abs=1e-6 * near)
    assert said[2] == pytest.approx(worth, rel=near, abs=1e-6 * near)
    if chance > 1e-9:
        assert said[1] == pytest.approx(years, rel=near * max(1.0, 1e-6 / chance))


def test_without_reversion_both_agree_to_twelve_digits():
    rng = np.random.default_rng(5)
    for _ in range(300):
        law = drawn(rng, -9.0)
        process = pot.PriceProcess(volatility=law["volatility"], drift=law["drift"])
        window = math.inf if rng.random() < 0.2 else law["window"]
        printed = fall_to(
            math.log(PRICE / law["level"]),
            sigma=law["volatility"],
            trend=law["drift"] - 0.5 * law["volatility"] ** 2,
            rate=law["rate"],
            window=window,
        )
        checked = passage(PRICE, law["level"], process, law["rate"], window)
        if math.isinf(float(printed.years)):
            assert checked[1] > 1e9
            printed = dataclasses.replace(printed, years=np.array(checked[1]))
        agree(printed, checked, 1e-12)


def test_with_reversion_both_agree_to_what_is_allowed():
    rng = np.random.default_rng(6)
    for _ in range(12):
        law = drawn(rng, -3.0)
        kappa, mean = 10.0 ** rng.uniform(-4.0, 1.3), PRICE * math.exp(rng.uniform(-0.5, 0.5))
        process = pot.PriceProcess(volatility=law["volatility"], drift=law["drift"], kappa=kappa, mean_price_per_t=mean)
        printed = fall_reverting(
            PRICE,
            law["level"],
            sigma=law["volatility"],
            drift=law["drift"],
            kappa=kappa,
            theta=math.log(mean),
            rate=law["rate"],
            window=law["window"],
        )
        agree(printed, passage(PRICE, law["level"], process, law["rate"], law["window"]), 5e-5)


@pytest.mark.parametrize(
    ("process", "below", "window"),
    [
        ({"kappa": 0.5, "mean_price_per_t": 12_000.0, "volatility": 0.2}, 1e-6, 2.0),
        ({"kappa": 0.5, "mean_price_per_t": 12_000.0, "volatility": 0.2}, 1e-3, 2.0),
        ({"drift": -0.05, "volatility": 1e-9}, 0.05, 2.0),
        ({"drift": -0.05, "volatility": 1e-6}, 0.05, 2.0),
        ({"volatility": 0.2}, 0.05, 1e-6),
        ({"kappa": 0.5, "mean_price_per_t": 12_000.0, "volatility": 0.2}, 0.05, 1e-6),
        ({"volatility": 1e-3}, 0.04, 2.0),
        ({"kappa": 0.5, "mean_price_per_t": 12_000.0, "volatility": 1e-3}, 0.04, 2.0),
    ],
    ids=str,
)
def test_a_trigger_at_the_edge_of_what_may_come_is_certified(process, below, window):
    there = tiny(least=40.0, margin=300.0)
    process = dataclasses.replace(there.industry.process, **process)
    there = dataclasses.replace(there, industry=dataclasses.replace(there.industry, process=process))
    trigger = there.industry.price_per_t * (1.0 - below)
    asked = pot.Conditional(proposal=pot.Tabled(), trigger_per_t=trigger, window_years=window)
    found = pot.propose(there, asked)
    assert found.certificate.holds, found.certificate
