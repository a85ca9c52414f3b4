import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.compiled import DrawnChange, compile_industry
from potline.errors import CertificateFailed, InputError
from potline.industry import Change, Industry, LinearDemand, Plant, PriceProcess
from potline.numerics.switching.options import solve_thresholds
from potline.shutdown import COMPONENTS, priced_at, stopping_prices, stopping_waterfall, terms_of
from potline.shutdown import stopping as stopping_module


def plant(name, cost, **more):
    fields = {
        "capacity_kt": 100.0,
        "other_cost_per_t": cost,
        "support_per_t": 400.0,
        "lump_sum_m_per_year": 20.0,
        "stop_cost_per_t": 300.0,
        "holding_cost_per_t": 600.0,
        "restart_cost_per_t": 1_200.0,
        "pressure_per_t": 350.0,
    }
    return Plant(name=name, firm=name, **(fields | more))


def industry(*plants, process=None):
    return Industry(
        name="test",
        plants=plants or (plant("A", 13_000.0), plant("B", 15_000.0, exit_cost_per_t=3_000.0), plant("C", 9_000.0)),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=300.0, elasticity=0.5),
        price_per_t=12_500.0,
        process=PriceProcess(volatility=0.2) if process is None else process,
    )


def test_the_waterfall_sums_to_the_gap():
    stops = stopping_prices(industry())
    fall = stops.waterfall
    np.testing.assert_allclose(
        fall.components_per_t.sum(axis=0), fall.gross_per_t - stops.p_stop_per_t, rtol=0, atol=1e-6
    )
    np.testing.assert_array_equal(fall.gross_per_t, stops.gross_cash_cost_per_t)
    np.testing.assert_allclose(fall.p_stop_per_t, stops.p_stop_per_t, rtol=0, atol=1e-9)
    steps = stops.average_waterfall()
    assert steps["gross_cash_cost"] - sum(steps[name] for name in COMPONENTS) == pytest.approx(steps["p_stop"])


def test_the_waterfall_is_the_average_over_all_orders():
    one = {"support": 400.0, "lump_sum": 200.0, "pressure": 350.0}
    switching = {"holding_cost": 600.0, "stop_cost": 300.0, "restart_cost": 1_200.0, "exit_cost": math.inf}
    fall = stopping_waterfall(
        np.array([13_000.0]), **{k: np.array([v]) for k, v in (one | switching).items()}, sigma=0.2, discount_rate=0.1
    )

    def price(present):
        cost = 13_000.0 - sum(one[name] for name in one if name in present)
        if "switching_cost" not in present:
            return cost
        sigma = 0.2 if "waiting" in present else 0.0
        return float(solve_thresholds(cost, **switching, sigma=sigma, discount_rate=0.1).p_stop)

    totals = dict.fromkeys(COMPONENTS, 0.0)
    for order in itertools.permutations(COMPONENTS):
        for place, name in enumerate(order):
            totals[name] += price(order[:place]) - price(order[: place + 1])
    for name in COMPONENTS:
        assert float(fall.component(name)[0]) == pytest.approx(totals[name] / 120.0, abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    cost=st.floats(8_000.0, 18_000.0),
    support=st.floats(0.0, 2_000.0),
    lump=st.floats(0.0, 1_000.0),
    pressure=st.floats(0.0, 1_000.0),
    stop=st.floats(0.0, 1_000.0),
    restart=st.floats(0.0, 2_000.0),
    holding=st.floats(0.0, 900.0),
    sigma=st.floats(0.0, 0.4),
)
def test_components_sum_and_none_is_negative(cost, support, lump, pressure, stop, restart, holding, sigma):
    fall = stopping_waterfall(
        np.array([cost]), support=np.array([support]), lump_sum=np.array([lump]), pressure=np.array([pressure]),
        holding_cost=np.array([holding]), stop_cost=np.array([stop]), restart_cost=np.array([restart]),
        exit_cost=np.array([math.inf]), sigma=sigma, discount_rate=0.1,
    )  # fmt: skip
    gap = float(fall.gross_per_t[0] - fall.p_stop_per_t[0])
    assert float(fall.components_per_t.sum()) == pytest.approx(gap, abs=1e-6)
    assert np.all(fall.components_per_t >= -1e-6)


def test_constant_price_is_the_closed_form():
    stops = stopping_prices(industry(process=PriceProcess(volatility=0.0)))
    cost = stops.net_cash_cost_per_t - 200.0 - 350.0
    saved = np.minimum(600.0 + 0.1 * 300.0, 0.1 * np.array([math.inf, 3_000.0, math.inf]))
    np.testing.assert_allclose(stops.p_stop_per_t, cost - saved, rtol=1e-14)
    assert stops.behaviour[0] == "constant price"
    assert np.all(np.abs(stops.waterfall.component("waiting")) < 1e-9)


@pytest.mark.parametrize(
    "process",
    [
        PriceProcess(volatility=0.2),
        PriceProcess(volatility=0.15, drift=0.02),
        PriceProcess(volatility=0.2, kappa=0.3, mean_price_per_t=13_000.0),
        PriceProcess(volatility=0.0),
    ],
)
def test_the_certificate_holds_and_is_small(process):
    stops = stopping_prices(industry(process=process))
    assert stops.certificate.holds
    assert stops.certificate.worst_per_t < 0.1
    if process.kappa == 0.0:
        assert stops.certificate.worst_per_t < 1e-3


def test_wrong_thresholds_fail_the_certificate(monkeypatch):
    def shifted(cost, **inputs):
        options = solve_thresholds(cost, **inputs)
        coefficients = options.coefficients.copy()
        coefficients[:, 0] += 0.01
        return dataclasses.replace(options, coefficients=coefficients, p_stop=options.p_stop * math.exp(0.01))

    monkeypatch.setattr(stopping_module, "solve_thresholds", shifted)
    with pytest.raises(CertificateFailed, match="do not pass their check: equal slopes"):
        stopping_prices(industry())
    assert not stopping_prices(industry(), check="report").certificate.holds


def test_subsidy_substitutes_for_price_one_for_one_nearly():
    """A subsidy s lowers the stopping price by about s: exactly so where costs of switching scale with cost."""
    base = industry()
    more = base.under(Change(path="plant[*].support_per_t", operation="add", value=500.0))
    fall = stopping_prices(base).p_stop_per_t - stopping_prices(more).p_stop_per_t
    assert np.all((fall > 400.0) & (fall < 510.0))


def test_another_process_can_be_asked_about():
    calm, wild = (stopping_prices(industry(), process=PriceProcess(volatility=v)) for v in (0.1, 0.3))
    assert np.all(wild.p_stop_per_t < calm.p_stop_per_t)
    assert np.all(wild.p_restart_per_t > calm.p_restart_per_t)
    assert calm.running_below_stop_kt(12_500.0) >= wild.running_below_stop_kt(12_500.0)


def test_missing_process_and_infinite_values_say_what_to_do():
    with pytest.raises(InputError) as caught:
        stopping_prices(dataclasses.replace(industry(), process=None))
    assert str(caught.value) == (
        "industry 'test', process: found nothing; needed a PriceProcess with the price's volatility a year. "
        "Estimate one from monthly prices with `estimate_price_process`."
    )
    with pytest.raises(InputError) as caught:
        stopping_prices(industry(process=PriceProcess(volatility=0.2, drift=0.1)))
    assert str(caught.value) == (
        "industry 'test', process.drift: found a drift of 0.1 a year at a discount rate of 0.1; needed a drift below "
        "it: otherwise running for ever is worth an infinite sum."
    )
    slow = PriceProcess(volatility=0.2, drift=0.5, kappa=1e-4, mean_price_per_t=12_500.0)
    with pytest.raises(InputError) as caught:
        stopping_prices(industry(process=slow))
    assert str(caught.value) == (
        "industry 'test', process.drift: found a price that returns to its mean so slowly that for ever is worth a "
        "billion times as much; needed a drift below the discount rate, or a faster return."
    )
    with pytest.raises(InputError) as caught:
        priced_at(terms_of(compile_industry(industry(process=slow)), 1.0), 12_500.0)
    assert str(caught.value) == (
        "plant 'A': found no stopping price at a cost of 12250 a tonne (draw 0); needed a price that grows less than "
        "money is discounted. Look at `process` and `discount_rate`."
    )
    with pytest.raises(InputError, match=r"process\.mean_price_per_t"):
        stopping_prices(industry(process=PriceProcess(volatility=0.2, kappa=0.2)))
    with pytest.raises(InputError, match="sum to less than 0"):
        stopping_prices(industry(plant("A", 13e3, stop_cost_per_t=-2_000.0)))


def test_draws_agree_with_changed_nouns():
    base = industry()
    volatility, restart = [0.1, 0.2, 0.3], [800.0, 1_200.0, 2_000.0]
    drawn = compile_industry(base).under(
        DrawnChange(path="process.volatility", values=volatility),
        DrawnChange(path="plant[A].restart_cost_per_t", values=restart),
    )
    many = priced_at(terms_of(drawn, 1.0), drawn.number("price_per_t"))
    for row in range(3):
        changed = base.under(
            Change(path="process.volatility", value=volatility[row]),
            Change(path="plant[A].restart_cost_per_t", value=restart[row]),
        )
        one = priced_at(terms_of(compile_industry(changed), 1.0), changed.price_per_t)
        np.testing.assert_allclose(many.loss_whole[row], one.loss_whole[0], rtol=0, atol=1e-9)
        np.testing.assert_allclose(many.stop_price[row], stopping_prices(changed).p_stop_per_t, rtol=1e-12)


def test_what_keeps_a_plant_running_adds_to_the_loss_of_idling():
    asked = industry(plant("A", 12_000.0))
    terms = terms_of(compile_industry(asked), 1.0)
    nothing = np.zeros_like(terms.gross_cost)

    def loss(**left_out):
        return float(priced_at(dataclasses.replace(terms, **left_out), asked.price_per_t).loss_whole[0, 0])

    kept = ("support", "lump_sum", "pressure")
    free = loss(
        **dict.fromkeys((*kept, "stop_cost", "holding_cost", "restart_cost"), nothing),
        exit_cost=nothing + math.inf,
        volatility=nothing[:, 0],
    )
    assert free == pytest.approx((1.0 - math.exp(-0.1)) / 0.1 * 500.0)
    assert free < loss()
    for name in kept:
        assert loss(**{name: nothing}) < loss()


def test_a_part_of_a_plant_keeps_its_lump_sum():
    asked = industry(plant("A", 12_000.0))
    terms = terms_of(compile_industry(asked), 1.0)
    without = dataclasses.replace(terms, lump_sum=np.zeros_like(terms.lump_sum))
    both, plain = (priced_at(item, asked.price_per_t) for item in (terms, without))
    assert float(both.loss_part[0, 0]) == float(plain.loss_part[0, 0]) < float(both.loss_whole[0, 0])
    assert float(both.restart_price[0, 0]) == float(plain.restart_price[0, 0])


@pytest.mark.parametrize(
    ("process", "stop", "restart"),
    [
        (PriceProcess(volatility=0.0, drift=0.05), 799.41278, 970.0),
        (PriceProcess(volatility=0.0, drift=-0.10), 940.0, 1209.37418),
        (PriceProcess(volatility=0.0, kappa=0.5, mean_price_per_t=2_500.0), 454.08222, 970.0),
    ],
)
def test_a_price_that_moves_without_volatility_is_the_limit_of_little_volatility(process, stop, restart):
    smelter = Plant(name="A", firm="A", capacity_kt=1.0, other_cost_per_t=1_000.0, stop_cost_per_t=100.0,
                    holding_cost_per_t=50.0, restart_cost_per_t=200.0)  # fmt: skip
    for volatility, near in ((0.0, 1e-8), (1e-9, 1e-8), (1e-6, 1e-5), (1e-3, 1e-3)):
        asked = dataclasses.replace(process, volatility=volatility)
        found = stopping_prices(dataclasses.replace(industry(smelter, process=asked), discount_rate=0.1))
        assert found.certificate.holds
        assert float(found.p_stop_per_t[0]) == pytest.approx(stop, rel=near)
        assert float(found.p_restart_per_t[0]) == pytest.approx(restart, rel=near)
        assert found.behaviour == ("goes idle",)


@pytest.mark.parametrize("process", [PriceProcess(volatility=0.2), PriceProcess(volatility=0.0, drift=0.02),
                                     PriceProcess(volatility=0.2, kappa=0.3, mean_price_per_t=1_000.0)])  # fmt: skip
def test_a_plant_whose_cash_cost_is_nothing_is_the_limit_of_small_costs(process):
    def restart(cost):
        free = Plant(name="A", firm="A", capacity_kt=1.0, other_cost_per_t=cost, stop_cost_per_t=100.0,
                     restart_cost_per_t=200.0)  # fmt: skip
        found = stopping_prices(industry(free, process=process))
        assert found.certificate.holds
        assert float(found.p_stop_per_t[0]) == 0.0 if cost <= 0.01 else True
        return float(found.p_restart_per_t[0])

    at_none = restart(0.0)
    for cost in (-1.0, 1.0, 0.01, 1e-5, 1e-9):
        assert restart(cost) == pytest.approx(at_none, abs=2.0 * abs(cost) + 1e-5)
    if process.kappa == 0.0 and process.volatility > 0.0:
        # the option to invest 200 for what is worth p / 0.1 (McDonald and Siegel 1986): p = beta / (beta - 1) 20
        beta = 0.5 + math.sqrt(0.25 + 2.0 * 0.1 / 0.04)
        assert at_none == pytest.approx(beta / (beta - 1.0) * 20.0, rel=1e-9)


def test_a_rate_of_nothing_is_refused_by_name():
    with pytest.raises(InputError) as caught:
        stopping_prices(dataclasses.replace(industry(), discount_rate=0.0))
    assert str(caught.value) == (
        "industry 'test', discount_rate: found 0; needed a rate above 0: otherwise what comes later counts no less, "
        "and for ever is worth no number."
    )
