import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.spoiling import assert_caught, spoil

from potline.compiled import DrawnChange, compile_industry
from potline.equilibrium.input_market import input_relief, input_relief_draws, solve_input_market, verify_input_market
from potline.errors import Infeasible, InputError
from potline.industry import ImportParity, Industry, Input, InputMarket, LinearDemand, Plant, Supplier

PARITY = ImportParity(fob_usd_per_t=320.0, freight_usd_per_t=20.0, exchange_rate=6.0, vat_rate=0.17)


def smelters(uses):
    return tuple(
        Plant(
            name=f"smelter {k}",
            firm=f"firm {k}",
            capacity_kt=running,
            inputs=(Input(product="alumina", use_per_t=use, price_per_unit=2000.0),),
        )
        for k, (use, running) in enumerate(uses)
    )


def industry_of(uses, suppliers, *, other_use_kt=0.0, parity=PARITY):
    return Industry(
        name="chain",
        demand=LinearDemand(price_per_t=1.0, quantity_kt=50.0, elasticity=1.0),
        plants=smelters(uses),
        input_market=InputMarket(
            product="alumina",
            price_per_t=2000.0,
            other_use_kt=other_use_kt,
            parity=parity,
            suppliers=tuple(
                Supplier(name=f"R{k}", government="PQ"[k % 2], capacity_kt=float(capacity), cash_cost_per_t=float(cost))
                for k, (capacity, cost) in enumerate(suppliers)
            ),
        ),
    )


def brute_price(demand, suppliers, parity):
    covered = 0.0
    for capacity, cost in sorted(suppliers, key=lambda item: item[1]):
        if cost >= parity:
            break
        covered += capacity
        if covered >= demand * (1.0 - 1e-9):
            return cost
    return parity


uses = st.lists(st.tuples(st.sampled_from([1.9, 1.93, 2.0]), st.floats(1.0, 60.0)), min_size=1, max_size=5)
suppliers = st.lists(st.tuples(st.integers(0, 120), st.integers(1500, 2400)), max_size=6)


@settings(max_examples=80, deadline=None)
@given(uses, suppliers, st.floats(0.0, 40.0))
def test_agrees_with_the_least_cost_programme(plants, steps, other):
    market = industry_of(plants, steps, other_use_kt=other)
    result = solve_input_market(market)
    assert result.certificate.holds
    parity = PARITY.price_per_t
    costs = [float(cost) for _, cost in steps]
    answer = linprog(
        [*costs, parity],
        A_eq=[[1.0] * (len(steps) + 1)],
        b_eq=[result.demand_kt],
        bounds=[*((0.0, float(capacity)) for capacity, _ in steps), (0.0, None)],
        method="highs",
    )
    spent = float(result.output_kt @ result.cash_cost_per_t) + result.imports_kt * parity
    assert spent == pytest.approx(answer.fun, rel=1e-9)
    assert result.price_per_t == brute_price(result.demand_kt, steps, parity)
    assert result.price_per_t <= parity
    assert -answer.eqlin.marginals[0] <= parity + 1e-6
    low, high = result.price_per_t, result.price_high_per_t
    assert low - 1e-6 <= answer.eqlin.marginals[0] <= high + 1e-6


@settings(max_examples=60, deadline=None)
@given(uses, suppliers, st.integers(0, 5), st.integers(1, 400))
def test_a_dearer_refinery_never_lowers_the_price_or_raises_its_output(plants, steps, which, more):
    market = industry_of(plants, steps)
    if not steps:
        return
    which %= len(steps)
    dearer = list(steps)
    dearer[which] = (steps[which][0], steps[which][1] + more)
    before, after = solve_input_market(market), solve_input_market(industry_of(plants, dearer))
    assert after.price_per_t >= before.price_per_t
    assert after.output_kt[which] <= before.output_kt[which] + 1e-9
    assert after.imports_kt >= before.imports_kt - 1e-9


@settings(max_examples=60, deadline=None)
@given(uses, suppliers, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_less_smelting_never_raises_price_imports_or_refining(plants, steps, one, other):
    market = industry_of(plants, steps)
    total = sum(plant.running_kt for plant in market.plants)
    less = solve_input_market(market, output_kt=total * min(one, other))
    more = solve_input_market(market, output_kt=total * max(one, other))
    assert less.price_per_t <= more.price_per_t
    assert less.imports_kt <= more.imports_kt + 1e-6
    assert less.output_kt.sum() <= more.output_kt.sum() + 1e-6


@settings(max_examples=60, deadline=None)
@given(uses, suppliers, st.floats(0.5, 2.0))
def test_relabelling_and_units_change_nothing(plants, steps, unit):
    result = solve_input_market(industry_of(plants, steps))
    turned = solve_input_market(industry_of(plants[::-1], steps[::-1]))
    assert turned.price_per_t == result.price_per_t
    assert turned.imports_kt == pytest.approx(result.imports_kt, abs=1e-6)
    assert turned.output_kt[::-1] == pytest.approx(result.output_kt, abs=1e-6)
    scaled = solve_input_market(
        industry_of([(use, unit * running) for use, running in plants], [(unit * c, cost) for c, cost in steps])
    )
    assert scaled.price_per_t in (result.price_per_t, result.price_high_per_t)
    assert scaled.imports_kt == pytest.approx(unit * result.imports_kt, abs=1e-5)


@settings(max_examples=80, deadline=None)
@given(uses, suppliers, st.floats(0.0, 40.0), st.floats(0.0, 0.999))
def test_relief_is_the_fall_of_the_market_price(plants, steps, other, share):
    market = industry_of(plants, steps, other_use_kt=other)
    fall, relief = input_relief(market)
    assert fall[0] == 0.0
    assert (np.diff(fall) >= 0.0).all()
    assert (np.diff(relief) >= 0.0).all()
    total = sum(plant.running_kt for plant in market.plants)
    assert fall[-1] == pytest.approx(total)
    less = share * total
    if np.abs(fall - less).min() < 1e-6 * total:
        return
    now, then = solve_input_market(market), solve_input_market(market, output_kt=total - less)
    assert np.interp(less, fall, relief) == pytest.approx(now.price_per_t - then.price_per_t, abs=1e-6)
    step = relief[np.searchsorted(fall, less, side="right") - 1]
    assert step == pytest.approx(now.price_per_t - then.price_per_t, abs=1e-6)


def test_relief_of_draws_is_the_relief_of_each():
    market = industry_of([(1.93, 50.0), (1.9, 30.0)], [(60, 1800), (60, 1900), (60, 2000)], other_use_kt=5.0)
    values = [1700.0, 1850.0, 1990.0, 2200.0]
    drawn = compile_industry(market).under(DrawnChange(path="supplier[R0].cash_cost_per_t", values=values))
    falls, reliefs = input_relief_draws(drawn)
    assert falls.shape == reliefs.shape == (4, 8)
    for fall, relief, cost in zip(falls, reliefs, values, strict=True):
        alone = dataclasses.replace(
            market,
            input_market=dataclasses.replace(
                market.input_market,
                suppliers=tuple(
                    dataclasses.replace(item, cash_cost_per_t=cost) if item.name == "R0" else item
                    for item in market.input_market.suppliers
                ),
            ),
        )
        expected_fall, expected = input_relief(alone)
        for x in np.linspace(0.1, 79.9, 57):
            assert np.interp(x, fall, relief) == pytest.approx(np.interp(x, expected_fall, expected))


def test_a_full_last_step_leaves_an_interval():
    result = solve_input_market(industry_of([(2.0, 50.0)], [(60, 1800), (40, 1900), (10, 1950)]))
    assert (result.price_per_t, result.price_high_per_t) == (1900.0, 1950.0)
    assert result.certificate.holds
    fall, relief = input_relief(industry_of([(2.0, 50.0)], [(60, 1800), (40, 1900), (10, 1950)]))
    assert (fall.tolist(), relief.tolist()) == ([0.0, 20.0, 20.0, 50.0], [0.0, 0.0, 100.0, 100.0])


def test_parity_moves_imports_and_the_gap():
    market = industry_of([(2.0, 50.0)], [(60, 1800), (60, 2100)])
    cheap = solve_input_market(market)
    assert cheap.price_per_t == cheap.parity_per_t == PARITY.price_per_t
    assert (cheap.imports_kt, cheap.gap_per_t) == (pytest.approx(40.0), 0.0)
    dear = solve_input_market(market, fob_usd_per_t=400.0)
    assert (dear.price_per_t, dear.imports_kt) == (2100.0, 0.0)
    assert dear.gap_per_t == pytest.approx(2100.0 - 420.0 * 6.0)
    assert dear.observed_gap_per_t == pytest.approx(2000.0 - 420.0 * 6.0)
    assert dear.operating_rate.tolist() == pytest.approx([1.0, 40.0 / 60.0])
    assert [group.operating_rate for group in dear.by_province()] == pytest.approx([1.0, 40.0 / 60.0])
    assert dear.average_operating_rate == pytest.approx(100.0 / 120.0)
    assert solve_input_market(market, capacity_share=0.5).imports_kt == pytest.approx(70.0)
    assert solve_input_market(market, exchange_rate=7.0).imports_kt == 0.0


def test_a_false_answer_is_refused():
    result = solve_input_market(industry_of([(2.0, 50.0)], [(60, 1800), (60, 2100)]))
    for fields in (
        {"price_per_t": 1700.0, "price_high_per_t": 1700.0},
        {"price_per_t": 2100.0, "price_high_per_t": 2100.0},
        {"imports_kt": 30.0},
        {"output_kt": np.array([50.0, 0.0]), "imports_kt": 50.0},
        {"output_kt": np.array([70.0, 0.0]), "imports_kt": 30.0},
    ):
        assert not verify_input_market(dataclasses.replace(result, **fields)).holds


def test_refusals():
    market = industry_of([(2.0, 50.0)], [(60, 1800)], parity=None)
    for verb in (solve_input_market, input_relief):
        with pytest.raises(Infeasible):
            verb(market)
    with pytest.raises(InputError, match=r"no input_market\.parity"):
        solve_input_market(market, fob_usd_per_t=300.0)
    with pytest.raises(InputError, match="found no input market"):
        solve_input_market(dataclasses.replace(market, input_market=None))
    with pytest.raises(InputError, match="found 2 outputs; needed one for each of 1 plants"):
        solve_input_market(market, output_kt=[1.0, 2.0])
    fall, relief = input_relief(dataclasses.replace(market, input_market=None))
    assert (fall.tolist(), relief.tolist()) == ([0.0, 50.0], [0.0, 0.0])
    enough = solve_input_market(industry_of([(2.0, 30.0)], [(60, 1800)], parity=None))
    assert math.isinf(enough.price_high_per_t)
    assert enough.certificate.holds


@pytest.mark.parametrize(
    ("uses", "suppliers", "parity"),
    [
        ([(2.0, 50.0), (1.9, 20.0)], [(60, 1800), (40, 1800), (90, 2030), (30, 2200)], PARITY),
        ([(2.0, 50.0)], [(60, 1800), (60, 2200)], PARITY),
        ([(2.0, 50.0)], [(60, 1800), (40, 1900), (60, 2000)], None),
    ],
    ids=["shared at the price", "imports", "an open end"],
)
def test_every_figure_of_the_market_is_looked_at(uses, suppliers, parity):
    result = solve_input_market(
        industry_of(uses, suppliers, parity=parity, other_use_kt=0.0 if parity is None else 10.0)
    )
    assert_caught(spoil(result, question=("industry", "plant_output_kt", "capacity_share")))


@pytest.mark.parametrize("fob_usd_per_t", [320.0 * 1.4980938251688e7, 1e12])
@pytest.mark.parametrize("first", [60, 100])
def test_a_parity_far_above_the_price_is_held_to_its_own_size(fob_usd_per_t, first):
    parity = ImportParity(fob_usd_per_t=fob_usd_per_t, freight_usd_per_t=7.3, exchange_rate=6.1, vat_rate=0.17,
                          duty_share=0.03, port_charges_per_t=71.0)  # fmt: skip
    result = solve_input_market(industry_of([(2.0, 50.0)], [(first, 1800), (40, 1900)], parity=parity))
    assert (result.price_per_t, result.price_high_per_t) == (
        (1900.0, result.parity_per_t) if first == 60 else (1800.0, 1900.0)
    )
    assert result.certificate.holds
    for name in ("parity_per_t", "price_high_per_t"):
        moved = dataclasses.replace(result, **{name: getattr(result, name) * (1.0 + 1e-7)})
        assert not verify_input_market(moved).holds
