"""Every number of a stopping price walks into its limit: it is there what it is near it, or it is refused by name."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.compiled import compile_industry
from potline.errors import InputError, PotlineError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess
from potline.numerics.switching.options import SOLVED, loss_of_idling, option_values, solve_thresholds
from potline.shutdown import priced_at, stopping_prices, terms_of

SMALL = (1e-3, 1e-6, 1e-9)
QUICK = settings(max_examples=12, deadline=None)
COSTS = {"stop_cost_per_t": 100.0, "holding_cost_per_t": 50.0, "restart_cost_per_t": 200.0}
LAWS = [
    {"volatility": 0.2},
    {"volatility": 0.0},
    {"volatility": 0.15, "drift": -0.03},
    {"volatility": 0.0, "drift": 0.05},
    {"volatility": 0.2, "kappa": 0.3, "mean_price_per_t": 1100.0},
    {"volatility": 0.0, "kappa": 0.3, "mean_price_per_t": 1100.0},
]
laws = st.sampled_from(LAWS)


def industry(process, *, rate=0.1, price=1000.0, **plant):
    fields = {"capacity_kt": 1.0, "other_cost_per_t": 1000.0, **COSTS} | plant
    return Industry(
        name="one",
        plants=(Plant(name="A", firm="A", **fields),),
        demand=LinearDemand(price_per_t=1000.0, quantity_kt=10.0, elasticity=0.5),
        price_per_t=price,
        process=PriceProcess(**process),
        discount_rate=rate,
    )


def prices(process, **asked):
    """Return stopping and restart price, certified, and the loss of a year of idling."""
    one = industry(process, **asked)
    stops = stopping_prices(one)
    assert stops.certificate.holds
    priced = priced_at(terms_of(compile_industry(one), 1.0), one.price_per_t)
    return np.array([stops.p_stop_per_t[0], stops.p_restart_per_t[0], priced.loss_whole[0, 0]])


@QUICK
@given(law=laws, field=st.sampled_from(sorted(COSTS)), cost=st.floats(600.0, 1500.0))
def test_each_cost_of_switching_tends_to_none(law, field, cost):
    at = prices(law, other_cost_per_t=cost, **{field: 0.0})
    for small in SMALL:
        # a cost of 1e-3 moves a band of nothing by its cube root (Dixit 1991), and never by more than 1 here
        near = prices(law, other_cost_per_t=cost, **{field: small})
        assert near == pytest.approx(at, abs=2.0 * small + 1e-6)


@QUICK
@given(law=laws, small=st.sampled_from(SMALL))
def test_support_pressure_and_lump_sums_tend_to_none(law, small):
    at = prices(law)
    for field in ("support_per_t", "pressure_per_t", "lump_sum_m_per_year"):
        scale = 1e-3 if field.startswith("lump") else 1.0  # a plant of 1 kt: a million is 1000 a tonne
        assert prices(law, **{field: scale * small}) == pytest.approx(at, abs=2.0 * small + 1e-6)


@pytest.mark.parametrize("law", LAWS)
def test_the_cost_of_closing_tends_to_none_and_to_never(law):
    none = prices(law, exit_cost_per_t=0.0)
    for small in SMALL:
        assert prices(law, exit_cost_per_t=small) == pytest.approx(none, abs=2.0 * small + 1e-6)
        assert prices(law, exit_cost_per_t=-small) == pytest.approx(none, abs=2.0 * small + 1e-6)
    never = prices(law)
    for large in (1e6, 1e9, 1e12):
        assert prices(law, exit_cost_per_t=large) == pytest.approx(never, rel=1e-9)


@QUICK
@given(cost=st.floats(700.0, 1400.0), drift=st.sampled_from([0.0, 0.05, -0.1]), kappa=st.sampled_from([0.0, 0.5]))
def test_volatility_tends_to_none(cost, drift, kappa):
    law = {"drift": drift, "kappa": kappa, "mean_price_per_t": 900.0}
    at = prices({"volatility": 0.0} | law, other_cost_per_t=cost)
    for small, near in ((1e-3, 2e-2), (1e-6, 2e-4), (1e-9, 1e-9)):
        found = prices({"volatility": small} | law, other_cost_per_t=cost)
        assert found[:2] == pytest.approx(at[:2], rel=near)
        assert found[2] == pytest.approx(at[2], abs=near * 1e4)


@QUICK
@given(cost=st.floats(700.0, 1400.0), volatility=st.sampled_from([0.0, 0.2]), sign=st.sampled_from([1.0, -1.0]))
def test_drift_and_reversion_tend_to_none(cost, volatility, sign):
    at = prices({"volatility": volatility}, other_cost_per_t=cost)
    for small, near in ((1e-3, 3e-2), (1e-6, 1e-3), (1e-9, 1e-6)):
        drifts = prices({"volatility": volatility, "drift": sign * small}, other_cost_per_t=cost)
        reverts = prices({"volatility": volatility, "kappa": small, "mean_price_per_t": 1100.0}, other_cost_per_t=cost)
        for found in (drifts, reverts):
            assert found[:2] == pytest.approx(at[:2], rel=near)
            assert found[2] == pytest.approx(at[2], abs=5e3 * near)


@pytest.mark.parametrize("law", LAWS[:2])
def test_the_rate_tends_to_none_and_none_is_refused(law):
    found = [prices(law, rate=rate)[:2] for rate in SMALL]
    assert found[1] == pytest.approx(found[2], rel=1e-6)
    assert found[0] == pytest.approx(found[2], rel=1e-3)
    with pytest.raises(InputError, match=r"discount_rate: found 0; needed a rate above 0"):
        stopping_prices(industry(law, rate=0.0))


@pytest.mark.parametrize("law", LAWS)
def test_the_term_tends_to_none(law):
    one = compile_industry(industry(law))
    at = priced_at(terms_of(one, 0.0), 1000.0).loss_whole
    for small in SMALL:
        # what the price does within the term counts: its spread is volatility times the root of the term
        assert priced_at(terms_of(one, small), 1000.0).loss_whole == pytest.approx(at, abs=2e3 * math.sqrt(small))


@pytest.mark.parametrize("law", LAWS)
def test_capacity_counts_for_nothing_down_to_none(law):
    at = prices(law)
    for capacity in (0.0, *SMALL, 1e3, 1e9):
        assert prices(law, capacity_kt=capacity) == pytest.approx(at, rel=1e-12)


@QUICK
@given(law=laws, exit_cost=st.sampled_from([math.inf, 300.0]), cost=st.sampled_from([-1.0, 0.0, 1e-9, 100.0, 1000.0]))
def test_a_price_of_nothing_stays_and_small_prices_tend_to_it(law, exit_cost, cost):
    """Values were nan or -inf there, and with reversion the process died reading beyond its table."""
    one = PriceProcess(**law)
    law = {"sigma": one.volatility, "drift": one.drift, "kappa": one.kappa, "theta": math.log(1100.0)}
    options = solve_thresholds(cost, holding_cost=50.0, stop_cost=100.0, restart_cost=200.0, exit_cost=exit_cost,
                               discount_rate=0.1, **law)  # fmt: skip
    assert options.status == SOLVED

    def at(price):
        return np.array([*option_values(options, price), loss_of_idling(options, price, 1.0)])

    running = max(-10.0 * cost, -100.0 - 500.0, -exit_cost)
    idle = max(-10.0 * cost - 200.0, -500.0, -exit_cost)
    annuity = -math.expm1(-0.1) / 0.1
    assert at(0.0) == pytest.approx([running, idle, running + 100.0 + annuity * 50.0 - math.exp(-0.1) * idle])
    if law["kappa"] == 0.0:
        for small in SMALL:
            assert at(small) == pytest.approx(at(0.0), abs=100.0 * small + 2e-6)


def test_a_price_beyond_the_tables_of_one_that_reverts_is_refused_by_name():
    reverting = {"volatility": 0.2, "kappa": 0.3, "mean_price_per_t": 1100.0}
    one = industry(reverting)
    terms = terms_of(compile_industry(one), 1.0)
    with pytest.raises(PotlineError) as raised:
        priced_at(terms, 1e-6)
    assert str(raised.value) == (
        "plant 'A' (draw 0): found a price of 1e-06 a tonne while the price reverts to 1100; needed one within 7 times "
        "that, or within 50 times a plant's cost. Look at `price_per_t`, `process.mean_price_per_t` and their units."
    )
    for price in (1100.0 / 7.0, 1100.0 * 7.0, 1000.0 / 50.0, 1000.0 * 50.0):
        assert np.isfinite(priced_at(terms, price).loss_whole).all()


@pytest.mark.parametrize("volatility", [0.5, 1.0, 2.0, 5.0, 10.0])
def test_a_price_without_reversion_may_be_as_volatile_as_can_be(volatility):
    found = [prices({"volatility": volatility}, exit_cost_per_t=x) for x in (math.inf, 300.0, 0.0)]
    assert np.all(np.isfinite(found))


@pytest.mark.parametrize("kappa", [1e-6, 1e-3, 0.05, 0.3, 1.0, 4.0])
@pytest.mark.parametrize("volatility", [1e-3, 0.3, 1.0])
def test_a_plant_that_closes_far_below_its_cost_is_right_where_the_price_reverts(volatility, kappa):
    """Its exit price lay below the tables and counted as never: values were off by up to a tenth."""
    law = {"volatility": volatility, "kappa": kappa, "mean_price_per_t": 1000.0}
    for rate, exit_cost in ((0.1, 300.0), (0.1, 0.0), (0.02, 1000.0)):
        one = industry(law, rate=rate, exit_cost_per_t=exit_cost)
        assert stopping_prices(one).certificate.holds


@pytest.mark.parametrize(
    ("law", "rate", "text"),
    [
        (
            {"volatility": 10.0},
            0.1,
            "industry 'one', process.volatility: found 10 a year of a price that reverts; needed 0, or 0.001 to 1, "
            "where process.kappa is above 0. A share of 1 is 100 % a year.",
        ),
        (
            {"volatility": 11.0, "kappa": 0.0},
            0.1,
            "industry 'one', process.volatility: found 11 a year; needed 10 or less. A share of 1 is 100 % a year.",
        ),
        (
            {"volatility": 1e-4},
            0.1,
            "industry 'one', process.volatility: found 0.0001 a year of a price that reverts; needed 0, or 0.001 to 1, "
            "where process.kappa is above 0. A share of 1 is 100 % a year.",
        ),
        (
            {"volatility": 0.2},
            1e-6,
            "industry 'one', process.kappa: found 0.3 a year at a discount rate of 1e-06; needed a return to the mean "
            "price at most 400 times as fast as the discount rate. Look at `discount_rate` too. A price that returns "
            "within days leaves nothing to wait for: there set `process.volatility` and `process.kappa` to 0.",
        ),
    ],
)
def test_laws_beyond_what_holds_to_a_millionth_are_refused_by_name(law, rate, text):
    one = industry({"kappa": 0.3, "mean_price_per_t": 1000.0} | law, rate=rate)
    with pytest.raises(InputError) as raised:
        stopping_prices(one)
    assert str(raised.value) == text
    with pytest.raises(InputError):
        terms_of(compile_industry(one), 1.0)


def test_a_term_over_which_the_price_may_be_anything_is_refused_by_name():
    one = compile_industry(industry({"volatility": 10.0}))
    assert np.isfinite(priced_at(terms_of(one, 3.0), 1000.0).loss_whole).all()
    with pytest.raises(PotlineError, match=r"found a volatility of 10 a year over a term of 50 years; needed less"):
        priced_at(terms_of(one, 50.0), 1000.0)


def test_a_dear_or_dead_plant_beside_changes_no_other_price():
    for law in LAWS:
        one = industry(law)
        alone = stopping_prices(one)
        for cost, capacity in ((1e9, 1.0), (1e9, 0.0), (1000.0, 0.0)):
            more = Plant(name="B", firm="B", capacity_kt=capacity, other_cost_per_t=cost, **COSTS)
            both = stopping_prices(dataclasses.replace(one, plants=(*one.plants, more)))
            assert both.certificate.holds
            assert both.p_stop_per_t[0] == pytest.approx(alone.p_stop_per_t[0], rel=1e-7)
            assert both.p_restart_per_t[0] == pytest.approx(alone.p_restart_per_t[0], rel=1e-7)
