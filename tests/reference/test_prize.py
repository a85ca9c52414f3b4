"""The reference's prize against quadrature, its limits and bends; restarts against a fixed point found by halving."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from scipy.integrate import quad
from tests.reference.industries import RAMP, STEPS
from tests.reference.market import IdleLine, Market, started
from tests.reference.prize import Prize, bisected, normal_below


def prize(seed: int, *, spread: bool = True, flat: bool | None = None) -> Prize:
    r = random.Random(seed)
    price, quantity, elasticity = r.uniform(500.0, 15_000.0), r.uniform(500.0, 25_000.0), r.uniform(0.1, 1.2)
    headroom = price * r.uniform(-0.05, 0.15)
    return Prize(
        price_per_t=price,
        quantity_kt=quantity,
        elasticity=elasticity,
        import_slope=math.inf
        if (r.random() < 0.3 if flat is None else flat)
        else quantity / price * r.uniform(0.01, 2.0),
        headroom_per_t=headroom,
        headroom_spread_per_t=price * r.uniform(0.002, 0.2) if spread else 0.0,
    )


def by_quadrature(one: Prize, fall: float) -> float:
    """Return the mean over H of the rise at each H, every one of them cleared by halving."""
    mean, spread, top = one.headroom_per_t, one.headroom_spread_per_t, one.slope * fall

    def weighed(h: float) -> float:
        z = (h - mean) / spread
        return one.rise_at(fall, h) * math.exp(-0.5 * z * z) / (spread * math.sqrt(2.0 * math.pi))

    low, high = mean - 9.0 * spread, mean + 9.0 * spread
    cuts = sorted({low, high, *(min(max(x, low), high) for x in (0.0, top, mean - spread, mean + spread))})
    return sum(quad(weighed, a, b, epsabs=1e-8, epsrel=1e-11)[0] for a, b in pairwise(cuts))


def test_the_expected_rise_is_the_mean_of_rises_cleared_one_by_one():
    for seed in range(300):
        one = prize(seed)
        fall = one.quantity_kt * random.Random(seed).uniform(0.001, 0.2)
        assert abs(one.rise(fall) - by_quadrature(one, fall)) <= 1e-6, seed


@pytest.mark.parametrize("seed", range(40))
def test_the_slope_is_that_of_the_rise_and_the_rise_is_concave(seed):
    one = prize(seed)
    falls = [one.quantity_kt * k / 100.0 for k in range(1, 31)]
    step = 1e-5 * one.quantity_kt
    for fall in falls:
        slope = (one.rise(fall + step) - one.rise(fall - step)) / (2.0 * step)
        assert one.growth(fall) == pytest.approx(slope, rel=1e-5, abs=1e-6 * one.slope)
    slopes = [one.growth(fall) for fall in falls]
    assert all(b <= a for a, b in pairwise(slopes))
    assert 0.0 <= slopes[-1] <= slopes[0] <= one.slope
    assert one.rise(0.0) == 0.0


@pytest.mark.parametrize("seed", range(40))
def test_limits_of_the_rise(seed):
    """Without imports, with a flat ceiling, and without a spread: docs/theory/meeting.md gives each."""
    one = prize(seed, spread=False, flat=False)
    b, m, h = one.slope, one.import_slope, max(one.headroom_per_t, 0.0)
    fields = {"price_per_t": one.price_per_t, "quantity_kt": one.quantity_kt, "elasticity": one.elasticity}
    for k in range(1, 20):
        q = one.quantity_kt * k / 100.0
        sharp = min(b * q, h) + max(0.0, b * q - h) / (1.0 + b * m)
        near = 1e-9 * one.price_per_t
        assert one.rise(q) == pytest.approx(sharp, abs=1e-12 * one.price_per_t)
        assert one.rise(q) == pytest.approx(one.rise_at(q, one.headroom_per_t), abs=1e-12 * one.price_per_t)
        assert Prize(**fields).rise(q) == b * q
        flat = Prize(**fields, import_slope=math.inf, headroom_per_t=one.headroom_per_t)
        assert flat.rise(q) == pytest.approx(min(b * q, h), abs=1e-12 * one.price_per_t)
        steep = Prize(**fields, import_slope=1e14, headroom_per_t=one.headroom_per_t)
        assert steep.rise(q) == pytest.approx(flat.rise(q), abs=near)
        for wide, slope in ((one, m), (flat, math.inf)):
            narrow = Prize(
                **fields, import_slope=slope, headroom_per_t=one.headroom_per_t, headroom_spread_per_t=near / 10.0
            )
            assert narrow.rise(q) == pytest.approx(wide.rise(q), abs=near)


def test_a_bend_is_where_the_slope_jumps():
    one = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0, import_slope=10.0, headroom_per_t=5.0)
    assert one.bends() == [pytest.approx(50.0)]  # b = 0.1: 50 kt fill a headroom of 5
    assert (one.growth(49.9), one.growth(50.1)) == (pytest.approx(0.1), pytest.approx(0.05))
    assert one.rise(70.0) == pytest.approx(5.0 + 20.0 * 0.05)
    assert prize(3).bends() == []


def test_tranches_are_climbed_step_by_step():
    """b = 0.1: 30 kt lift the price by 3, then 40 kt come at 103; 20 kt more lift it to 105, and no further."""
    one = Prize(
        price_per_t=100.0,
        quantity_kt=1000.0,
        elasticity=1.0,
        tranches=((105.0, math.inf), (103.0, 40.0), (90.0, 300.0)),
    )
    found = {q: one.rise(q) for q in (20.0, 30.0, 50.0, 70.0, 80.0, 90.0, 500.0)}
    assert found == pytest.approx({20.0: 2.0, 30.0: 3.0, 50.0: 3.0, 70.0: 3.0, 80.0: 4.0, 90.0: 5.0, 500.0: 5.0})
    assert one.bends() == pytest.approx([30.0, 70.0, 90.0])
    assert [one.growth(q) for q in (20.0, 50.0, 80.0, 95.0)] == pytest.approx([0.1, 0.0, 0.1, 0.0])


@pytest.mark.parametrize("seed", range(20))
def test_isoelastic_demand_meets_rising_imports_at_one_root(seed):
    r = random.Random(seed)
    one = Prize(
        price_per_t=1000.0,
        quantity_kt=500.0,
        elasticity=r.uniform(0.2, 1.5),
        isoelastic=True,
        import_slope=r.uniform(0.05, 2.0),
        headroom_per_t=r.uniform(-20.0, 80.0),
    )
    for q in (10.0, 60.0, 200.0):
        price = 1000.0 + one.rise(q)
        brought = one.import_slope * (max(price - 1000.0 - one.headroom_per_t, 0.0) - max(-one.headroom_per_t, 0.0))
        assert 500.0 * (price / 1000.0) ** -one.elasticity == pytest.approx(500.0 - q + brought, rel=1e-12)
        step = 1e-4
        slope = (one.rise(q + step) - one.rise(q - step)) / (2.0 * step)
        assert one.growth(q) == pytest.approx(slope, rel=1e-5)


def test_what_the_model_refuses_is_refused():
    for more in ({"isoelastic": True}, {"tranches": ((105.0, 10.0),)}):
        with pytest.raises(ValueError, match="a spread of the headroom needs linear demand"):
            Prize(price_per_t=100.0, quantity_kt=9.0, elasticity=1.0, headroom_spread_per_t=5.0, **more)


def test_a_normal_is_half_below_its_mean():
    assert (normal_below(0.0), normal_below(1.959963984540054)) == (0.5, pytest.approx(0.975, abs=1e-15))


@pytest.mark.parametrize("relief", [(), STEPS, RAMP])
@pytest.mark.parametrize("seed", range(30))
def test_lines_in_order_give_the_fixed_point(seed, relief):
    """Along the curve of (q, F), the least place at which ``q + what restarts there`` is what is withdrawn."""
    r = random.Random(seed)
    one = prize(seed, spread=seed % 2 == 0)
    top = one.rise(0.3 * one.quantity_kt)
    lines = tuple(
        IdleLine(owner=r.randrange(4), kt=r.uniform(5.0, 80.0), need_per_t=r.uniform(-0.2, 1.2) * top, use=r.random())
        for _ in range(6)
    )
    market = Market(one, lines, relief)
    corners = market.curve
    for held in ((), (1,), (0, 2, 3)):
        withdrawn = r.uniform(0.01, 0.3) * one.quantity_kt

        def back(q, cheaper, held=held):
            free = [line for line in lines if line.owner not in held]
            return sum(k.kt for k in free if one.rise(q) + k.use * cheaper >= k.need_per_t)

        for (x0, y0), (x1, y1) in pairwise(corners):
            if x1 + back(x1, y1) >= withdrawn:
                part = bisected(
                    lambda t, a=x0, b=y0, c=x1 - x0, d=y1 - y0, w=withdrawn: (
                        a + t * c + back(a + t * c, b + t * d) >= w
                    ),
                    0.0,
                    1.0,
                )
                part = 0.0 if x0 + back(x0, y0) >= withdrawn else part
                found = market.state(withdrawn, held)
                assert found.fall == pytest.approx(x0 + part * (x1 - x0), rel=1e-9, abs=1e-9)
                assert found.relief == pytest.approx(y0 + part * (y1 - y0), rel=1e-7, abs=1e-7)
                assert found.rise == pytest.approx(one.rise(found.fall), rel=1e-12)
                break


def test_lines_come_back_one_after_the_other_and_ties_share():
    """b = 0.1, no imports: lines of 40 and 60 kt need a rise of 5, one of 30 kt needs 8."""
    one = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0)
    lines = tuple(
        IdleLine(owner=i, kt=kt, need_per_t=need)
        for i, (kt, need) in enumerate(((40.0, 5.0), (60.0, 5.0), (30.0, 8.0)))
    )
    market = Market(one, lines)
    assert market.places == (pytest.approx((50.0, 0.0)), pytest.approx((50.0, 0.0)), pytest.approx((80.0, 0.0)))
    falls = [market.state(x).fall for x in (50.0, 100.0, 150.0, 180.0, 200.0, 210.0, 250.0)]
    assert falls == pytest.approx([50.0, 50.0, 50.0, 80.0, 80.0, 80.0, 120.0])
    assert market.restarted(100.0) == pytest.approx([20.0, 30.0, 0.0])
    assert market.restarted(195.0) == pytest.approx([40.0, 60.0, 15.0])
    assert market.state(100.0, held=(1,)).fall == pytest.approx(60.0)
    assert market.bends(()) == pytest.approx([50.0, 90.0, 150.0, 180.0, 210.0])
    dear = Market(
        Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0, import_slope=math.inf, headroom_per_t=4.0), lines
    )
    assert dear.places == ((math.inf, math.inf),) * 3  # above a flat ceiling nothing restarts


def test_a_project_counts_for_the_part_of_the_term_it_runs():
    assert (started(120.0, 2.0, 0.5), started(120.0, 2.0, 3.0)) == (90.0, 0.0)
