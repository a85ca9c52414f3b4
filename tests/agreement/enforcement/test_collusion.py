"""The best collusion under a noisy price: every figure spoilt, limits of little noise, and a worse deal refused."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.enforcement.test_incentives import firms
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement.certificate import Certificate
from potline.verification import failed

ASKED = ("industry", "strategy", "discount_rate", "period_months")
PAIR = firms([400.0] * 2, [900.0] * 2)
LIMIT = firms([800.0] * 3, [50.0] * 3)
SMALL = firms([400.0] * 3, [230.0] * 3)


@pytest.mark.parametrize(
    ("industry", "noise", "rate"),
    [(PAIR, 0.05, 0.05), (SMALL, 0.02, 0.2), (LIMIT, 0.0026897525, 1.4606151)],
    ids=["pair", "short of capacity", "the noisiest that holds"],
)
def test_every_figure_of_a_collusion_is_looked_at(industry, noise, rate):
    found = pot.collusion_under_noise(industry, pot.GreenPorter(noise=noise), discount_rate=rate)
    assert math.isfinite(found.length_periods) == (industry is LIMIT)
    assert found.largest_gain_m_per_year < 1e-12
    plain = dataclasses.replace(found, largest_gain_m_per_year=0.0)  # what rounding leaves cannot be spoilt by 1 %
    assert_caught(spoil(plain, question=ASKED))


@pytest.mark.parametrize("noise", [1e-3, 1e-6, 1e-9, 1e-12])
def test_with_little_noise_collusion_is_what_it_is_without(noise):
    """The trigger states its own chance, however few digits stand between it and the price."""
    found = pot.collusion_under_noise(PAIR, pot.GreenPorter(noise=noise), discount_rate=0.05)
    assert found.certificate.holds
    assert found.value_m_per_year == pytest.approx(45.0, abs=50.0 * noise)
    assert found.output_kt == pytest.approx(150.0, abs=200.0 * noise + 1e-5)
    assert math.isinf(found.length_periods)


def test_a_deal_that_keeps_itself_but_brings_less_is_refused():
    """Its figures are its own: the first-order condition at another output, with the trigger it asks for."""
    strategy = pot.GreenPorter(noise=0.05)
    best = pot.collusion_under_noise(PAIR, strategy, discount_rate=0.05)
    later = pot.collusion_under_noise(PAIR, pot.GreenPorter(noise=0.06), discount_rate=0.05)
    q, price = later.output_kt, later.price_per_t
    d, apart, keeps = math.exp(-0.05), later.apart_m_per_year, later.collusive_m_per_year

    def need(z: float) -> float:
        steeper = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi) / 0.05 / price
        chance = 0.5 * math.erfc(-z / math.sqrt(2.0))
        rises = price - q - 400.0
        return (1.0 - d) * rises / (d * (1e3 * steeper * (keeps - apart) - chance * rises))

    low, high = -6.0, -1.5
    for _ in range(80):
        z = 0.5 * (low + high)
        low, high = (z, high) if not 0.0 < need(z) < 1.0 else (low, z)
    chance = 0.5 * math.erfc(-high / math.sqrt(2.0))
    wrong = dataclasses.replace(
        best,
        output_kt=q,
        price_per_t=price,
        trigger_per_t=price * math.exp(0.05 * high),
        length_periods=math.inf,
        false_alarm=chance,
        collusive_m_per_year=keeps,
        value_m_per_year=apart + (1.0 - d) * (keeps - apart) / (1.0 - d + d * chance),
    )
    assert wrong.value_m_per_year < best.value_m_per_year
    assert failed(pot.verify(wrong).checks) == ("collusion: no better deal",)


def test_a_failed_certificate_raises(monkeypatch):
    from potline.agreement.enforcement import collusion

    monkeypatch.setattr(collusion, "verify_collusion", lambda _: Certificate(checks=()))
    text = (
        "the collusion of 'test' under noise does not pass its check (nothing was checked). "
        'Pass check="report" to look at the answer, and please report the case.'
    )
    with pytest.raises(pot.CertificateFailed) as raised:
        pot.collusion_under_noise(PAIR, pot.GreenPorter(noise=0.05))
    assert str(raised.value) == text
