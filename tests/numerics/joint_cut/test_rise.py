"""How far the price rises: against quadrature, the plain reference, its own slope and inverse, and in its limits."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import ndtr
from tests.reference.prize import Prize

from potline.numerics.joint_cut.rise import fall_at, growth_at, price_bend, rise_at, rise_rows


def drawn(seed: int, *, spread: bool = True, slope: str = "") -> Prize:
    r = random.Random(seed)
    price, quantity, elasticity = r.uniform(500.0, 15_000.0), r.uniform(500.0, 25_000.0), r.uniform(0.1, 1.2)
    kind = slope or r.choice(("flat", "rising", "rising"))
    return Prize(
        price_per_t=price,
        quantity_kt=quantity,
        elasticity=elasticity,
        import_slope=math.inf if kind == "flat" else quantity / price * r.uniform(0.01, 2.0),
        headroom_per_t=price * r.uniform(-0.05, 0.15),
        headroom_spread_per_t=price * r.uniform(0.002, 0.2) if spread else 0.0,
    )


def rows_of(*prizes: Prize):
    """Return the rows that the kernel reads, one a prize."""
    column = {name: np.array([getattr(one, name) for one in prizes]) for name in Prize.__dataclass_fields__}
    return rise_rows(
        price_per_t=column["price_per_t"],
        quantity_kt=column["quantity_kt"],
        elasticity=column["elasticity"],
        isoelastic=prizes[0].isoelastic,
        headroom_per_t=column["headroom_per_t"],
        headroom_spread_per_t=column["headroom_spread_per_t"],
        import_slope=column["import_slope"],
    )


def risen(one: Prize, fall: float) -> float:
    return float(rise_at(rows_of(one), np.array([fall]))[0])


def by_quadrature(one: Prize, fall: float) -> float:
    """Return the expected rise with ``E min(max(H, 0), k)`` as the integral of P(H > t) from 0 to k."""
    mean, spread, k = one.headroom_per_t, one.headroom_spread_per_t, one.slope * fall
    cuts = sorted({0.0, k, *(min(max(mean + z * spread, 0.0), k) for z in range(-9, 10))})
    at, weight = np.polynomial.legendre.leggauss(24)
    held = 0.0
    for a, b in pairwise(cuts):
        held += 0.5 * (b - a) * float(weight @ ndtr((mean - 0.5 * (a + b) - 0.5 * (b - a) * at) / spread))
    if math.isinf(one.import_slope):
        return held
    taken = one.slope * one.import_slope
    return (k + taken * held) / (1.0 + taken)


def test_the_rise_is_that_of_quadrature_to_the_last_digits():
    for seed in range(300):
        one = drawn(seed)
        for part in (1e-10, 1e-6, 1e-3, 0.05, 0.2, 0.9):
            wanted = by_quadrature(one, part * one.quantity_kt)
            digits = 1e-12 * min(one.price_per_t, wanted * max(1.0, 1e-3 / part))
            assert abs(risen(one, part * one.quantity_kt) - wanted) <= digits + 1e-16 * one.price_per_t, (seed, part)


def test_small_cuts_keep_their_digits():
    """b q of 1e-9 of the headroom: all sixteen are there, where C(0) - C(b q) leaves seven."""
    for seed in range(60):
        one = replace(drawn(seed), headroom_per_t=random.Random(seed).choice((20.0, 300.0, 900.0)))
        for k in (1e-13, 1e-9, 1e-6, 1e-3, 1e-2, 0.1):
            fall = k * one.headroom_per_t / one.slope
            assert risen(one, fall) == pytest.approx(by_quadrature(one, fall), rel=2e-13), (seed, k)


@pytest.mark.parametrize("seed", range(60))
def test_the_rise_is_that_of_the_plain_reference(seed):
    one = drawn(seed, spread=seed % 3 > 0)
    for part in (0.0, 1e-4, 0.003, 0.02, 0.1, 0.4):
        fall = part * one.quantity_kt
        assert risen(one, fall) == pytest.approx(one.rise(fall), abs=1e-12 * one.price_per_t)


@pytest.mark.parametrize("isoelastic", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_the_rise_of_demand_of_either_shape_without_a_spread(seed, isoelastic):
    one = replace(drawn(seed, spread=False), isoelastic=isoelastic, elasticity=random.Random(seed).uniform(0.3, 1.5))
    for part in (0.0, 1e-4, 0.003, 0.02, 0.1, 0.4):
        fall = part * one.quantity_kt
        assert risen(one, fall) == pytest.approx(one.rise(fall), abs=1e-12 * one.price_per_t, rel=1e-12)


@pytest.mark.parametrize("seed", range(60))
def test_slope_and_curvature_are_those_of_the_rise(seed):
    one = replace(drawn(seed, spread=seed % 2 > 0), isoelastic=seed % 4 == 0)
    rows, kinks = rows_of(one), one.bends()
    step = 1e-5 * one.quantity_kt
    for part in (1e-3, 0.01, 0.07, 0.2):
        fall = part * one.quantity_kt
        if any(abs(fall - kink) < 3.0 * step for kink in kinks):
            continue
        at = np.array([fall])
        slope = (risen(one, fall + step) - risen(one, fall - step)) / (2.0 * step)
        assert growth_at(rows, at)[0] == pytest.approx(slope, rel=1e-5, abs=1e-6 * one.slope)
        assert growth_at(rows, at)[0] == pytest.approx(one.growth(fall), rel=1e-12, abs=1e-14 * one.slope)
        if not one.isoelastic:
            near, far = growth_at(rows, at - step)[0], growth_at(rows, at + step)[0]
            change = (far - near) / (2.0 * step)
            assert price_bend(rows[0], fall) == pytest.approx(change, rel=1e-4, abs=1e-6 * one.slope / one.quantity_kt)
            assert price_bend(rows[0], fall) <= 0.0


@pytest.mark.parametrize("seed", range(200))
def test_the_inverse_is_the_least_fall_that_lifts_the_price_so_far(seed):
    one = replace(drawn(seed, spread=seed % 3 > 0), isoelastic=seed % 3 == 0 and seed % 2 == 0)
    rows = rows_of(one)
    for part in (1e-5, 0.003, 0.05, 0.3):
        fall = part * one.quantity_kt
        rise, growth = risen(one, fall), float(growth_at(rows, np.array([fall]))[0])
        if growth <= 1e-7 * one.slope:
            continue
        back = float(fall_at(rows, np.array([rise]))[0])
        assert risen(one, back) == pytest.approx(rise, rel=1e-13)
        assert back == pytest.approx(fall, rel=4e-13 * one.slope / growth, abs=1e-15 * one.quantity_kt)
    assert fall_at(rows, np.array([0.0]))[0] == 0.0


def test_what_is_never_reached_is_infinitely_far():
    flat = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0, import_slope=math.inf, headroom_per_t=5.0)
    spread = replace(flat, headroom_spread_per_t=3.0)
    most = spread._above(0.0)  # a flat ceiling lets the price rise to E max(H, 0) and no further
    found = [
        fall_at(rows_of(one), np.array([rise]))[0]
        for one, rise in ((flat, 5.0), (flat, 5.01), (spread, 0.999 * most), (spread, 1.001 * most))
    ]
    assert found[:2] == [pytest.approx(50.0), math.inf]
    assert 0.0 < found[2] < math.inf
    assert found[3] == math.inf
    rising = replace(flat, import_slope=10.0)
    assert fall_at(rows_of(rising), np.array([6.0]))[0] == pytest.approx(50.0 + 20.0)


@pytest.mark.parametrize("near", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("seed", range(20))
def test_limits_are_come_near_as_fast_as_they_should(seed, near):
    """m -> 0: b q; m -> infinity: the flat ceiling; sigma_H -> 0: a bend at the headroom."""
    r = random.Random(seed)
    one = replace(drawn(seed, slope="rising"), headroom_per_t=r.uniform(5.0, 400.0))
    b = one.slope
    for part in (1e-3, 0.02, 0.15):
        fall = part * one.quantity_kt
        top = b * fall
        none = replace(one, import_slope=near / b)
        assert 0.0 <= top - risen(none, fall) <= near * top
        flat = replace(one, import_slope=math.inf)
        assert 0.0 <= risen(replace(one, import_slope=1.0 / (near * b)), fall) - risen(flat, fall) <= near * top
        sharp = replace(one, headroom_spread_per_t=0.0)
        for wide in (one, flat):
            narrow = risen(replace(wide, headroom_spread_per_t=near * one.headroom_per_t), fall)
            bent = risen(replace(sharp, import_slope=wide.import_slope), fall)
            assert 0.0 <= bent - narrow + 1e-12 * top <= near * one.headroom_per_t
    assert risen(replace(one, import_slope=0.0), 7.0) == pytest.approx(b * 7.0, rel=1e-15)
    unlimited = replace(one, headroom_per_t=math.inf)
    assert risen(unlimited, 7.0) == pytest.approx(b * 7.0, rel=1e-15)


def test_a_row_does_not_depend_on_its_neighbours():
    many = [drawn(seed, spread=seed % 2 > 0) for seed in range(12)]
    rows, falls = rows_of(*many), np.array([0.03 * one.quantity_kt for one in many])
    together = rise_at(rows, falls)
    assert [risen(one, fall) for one, fall in zip(many, falls.tolist(), strict=True)] == together.tolist()
    several = np.stack([falls, 2.0 * falls], axis=1)
    assert np.array_equal(rise_at(rows, several)[:, 0], together)
