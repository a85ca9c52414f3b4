import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.costs import cost_curve
from potline.errors import InputError
from potline.industry import Firm, Industry, Input, LinearDemand, Plant
from potline.verification import verify

DEMAND = LinearDemand(price_per_t=12.0, quantity_kt=60.0, elasticity=1.0)


def industry_of(plants, *, price_per_t=12.0, firms=(), **fields):
    return Industry(
        name="test", demand=DEMAND, plants=tuple(plants), price_per_t=price_per_t, firms=tuple(firms), **fields
    )


def smelter(name, firm="X", province="P", capacity=10.0, cost=10.0, **fields):
    return Plant(name=name, firm=firm, government=province, capacity_kt=capacity, other_cost_per_t=cost, **fields)


plants = st.lists(
    st.tuples(
        st.sampled_from("XYZ"),
        st.sampled_from("PQ"),
        st.floats(0.0, 100.0),
        st.integers(0, 30),
        st.floats(0.0, 1.0),
    ),
    min_size=1,
    max_size=12,
).filter(lambda rows: sum(row[2] for row in rows) > 1.0)


def drawn(rows):
    return industry_of(
        [
            smelter(f"p{k}", firm, province, capacity, float(cost), running_kt=capacity * share)
            for k, (firm, province, capacity, cost, share) in enumerate(rows)
        ],
        firms=(Firm(name="Y", owner="X"),),
    )


@settings(max_examples=60, deadline=None)
@given(plants, st.integers(0, 30))
def test_agrees_with_a_plain_count_over_plants(rows, price):
    market = drawn(rows)
    curve = cost_curve(market)
    water = curve.under_water(float(price))
    sunk = [plant for plant in market.plants if plant.net_cash_cost_per_t() > price]
    total = sum(plant.capacity_kt for plant in market.plants)
    assert sorted(water.plants) == sorted(plant.name for plant in sunk)
    assert water.capacity_kt == pytest.approx(sum(plant.capacity_kt for plant in sunk))
    assert float(curve.under_water_kt(float(price))) == pytest.approx(water.capacity_kt, abs=1e-9)
    assert float(curve.under_water_kt(float(price), running=True)) == pytest.approx(water.running_kt, abs=1e-9)
    assert water.loss_m_per_year == pytest.approx(
        sum((plant.net_cash_cost_per_t() - price) * plant.running_kt for plant in sunk) / 1000.0
    )
    assert curve.break_even_percentile(float(price)) == pytest.approx(1.0 - water.capacity_kt / total)
    assert water.capacity_share == pytest.approx(water.capacity_kt / total)
    losing = set()
    for owner in market.owners:
        mine = [plant for plant in market.plants if market.owner(plant.firm) == owner]
        running = any(plant.running_kt > 0.0 for plant in mine)
        if (
            sum(
                (price - plant.other_cost_per_t) * (plant.running_kt if running else plant.capacity_kt)
                for plant in mine
            )
            < -1e-9
        ):
            losing.add(owner)
    assert set(water.owners) >= losing


@settings(max_examples=60, deadline=None)
@given(plants, st.floats(0.0, 1.0))
def test_percentile_is_the_cost_that_covers_the_share(rows, share):
    curve = cost_curve(drawn(rows))
    cost = curve.percentile(share)
    assert cost in curve.cost_per_t
    assert curve.break_even_percentile(cost) >= share * (1.0 - 1e-9)
    cheaper = curve.cost_per_t[(curve.cost_per_t < cost) & (curve.capacity_kt > 0.0)]
    if cheaper.size and share > 0.0:
        assert curve.break_even_percentile(float(cheaper[-1])) < share * (1.0 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(plants, st.integers(0, 30), st.integers(0, 30))
def test_a_higher_price_leaves_less_under_water(rows, one, other):
    curve = cost_curve(drawn(rows))
    low, high = curve.under_water(float(min(one, other))), curve.under_water(float(max(one, other)))
    assert high.capacity_kt <= low.capacity_kt
    assert high.loss_m_per_year <= low.loss_m_per_year + 1e-12


@settings(max_examples=40, deadline=None)
@given(plants)
def test_order_of_plants_and_units_change_nothing(rows):
    market = drawn(rows)
    curve = cost_curve(market)
    turned = cost_curve(industry_of(reversed(market.plants), firms=market.firms))
    assert turned.cost_per_t.tolist() == curve.cost_per_t.tolist()
    assert turned.mean_per_t == pytest.approx(curve.mean_per_t)
    cents = industry_of(
        [
            smelter(p.name, p.firm, p.government, p.capacity_kt, 100.0 * p.other_cost_per_t, running_kt=p.running_kt)
            for p in market.plants
        ],
        price_per_t=1200.0,
        firms=market.firms,
    )
    scaled = cost_curve(cents).under_water()
    assert scaled.plants == curve.under_water().plants
    assert scaled.loss_m_per_year == pytest.approx(100.0 * curve.under_water().loss_m_per_year)


@settings(max_examples=40, deadline=None)
@given(plants)
def test_groups_add_up_to_the_industry(rows):
    market = drawn(rows)
    curve = cost_curve(market)
    water = curve.under_water()
    for key in ("province", "owner", "firm"):
        groups = curve.by(key)
        assert sum(group.plants for group in groups) == len(market.plants)
        assert sum(group.capacity_kt for group in groups) == pytest.approx(curve.total_capacity_kt)
        assert sum(group.under_water_kt for group in groups) == pytest.approx(water.capacity_kt, abs=1e-9)
        assert sum(group.loss_m_per_year for group in groups) == pytest.approx(water.loss_m_per_year, abs=1e-12)
        assert sum(group.result_m_per_year for group in groups) == pytest.approx(water.result_m_per_year, abs=1e-9)
        weighted = sum(group.cost_per_t * group.capacity_kt for group in groups) / curve.total_capacity_kt
        assert weighted == pytest.approx(curve.mean_per_t)


def test_measures_support_and_own_inputs():
    plant = Plant(
        name="A",
        firm="X",
        capacity_kt=10.0,
        other_cost_per_t=100.0,
        support_per_t=7.0,
        depreciation_per_t=20.0,
        interest_per_t=5.0,
        lump_sum_m_per_year=1.0,
        inputs=(Input(product="alumina", use_per_t=2.0, price_per_unit=50.0, own_share=0.5, own_cost_per_unit=30.0),),
    )
    market = industry_of([plant], price_per_t=190.0)
    assert cost_curve(market).cost_per_t.tolist() == [193.0]
    assert cost_curve(market, net=False).cost_per_t.tolist() == [200.0]
    assert cost_curve(market, measure="full").cost_per_t.tolist() == [218.0]
    assert cost_curve(market, measure="full", net=False).cost_per_t.tolist() == [225.0]
    assert cost_curve(market, own_inputs="at_cost").cost_per_t.tolist() == [173.0]
    assert cost_curve(market, price_per_t=200.0).under_water().capacity_kt == 0.0
    assert cost_curve(market).industry.own_inputs == "at_market"


def test_legal_firms_and_deciding_owners_are_told_apart():
    market = industry_of(
        [smelter("A", "Wanfang", cost=13.0), smelter("B", "Chalco", cost=10.0), smelter("C", "Third", cost=10.0)],
        firms=(Firm(name="Wanfang", owner="Chalco"),),
    )
    water = cost_curve(market).under_water()
    assert (water.owners, water.firms) == ((), ("Wanfang",))
    assert (water.owners_share, water.firms_share) == (0.0, pytest.approx(1 / 3))


def test_nothing_running_leaves_running_share_open():
    water = cost_curve(industry_of([smelter("A", running_kt=0.0)])).under_water(9.0)
    assert math.isnan(water.running_share)
    assert water.owners == ("X",)


def test_arrays_are_read_only():
    curve = cost_curve(industry_of([smelter("A")]))
    with pytest.raises(ValueError, match="read-only"):
        curve.cost_per_t[0] = 0.0
    np.testing.assert_array_equal(curve.cumulative_capacity_kt, [10.0])


def test_refusals_say_what_is_needed():
    with pytest.raises(InputError) as none:
        cost_curve(industry_of([]))
    assert str(none.value) == "industry 'test': found no plants; needed one at least."
    with pytest.raises(InputError) as endless:
        cost_curve(industry_of([smelter("A", capacity=math.inf), smelter("B", capacity=math.inf)]))
    assert len(endless.value.problems) == 2
    with pytest.raises(InputError) as priceless:
        cost_curve(industry_of([smelter("A")], price_per_t=math.nan)).under_water()
    assert str(priceless.value) == (
        "price_per_t: found none, and the industry states none; needed a price, money/t without tax."
    )
    with pytest.raises(InputError) as beyond:
        cost_curve(industry_of([smelter("A")])).percentile(50.0)
    assert str(beyond.value) == "CostCurve.percentile, share: found 50; needed a number from 0 to 1."


def test_a_plant_of_no_capacity_is_the_limit_of_a_small_one() -> None:
    def told(capacity_kt: float) -> tuple[float, float, float, tuple[str, ...]]:
        small = Plant(name="small", firm="Small", capacity_kt=capacity_kt, other_cost_per_t=15.0)
        plants = (
            Plant(name="cheap", firm="A", capacity_kt=6.0, other_cost_per_t=5.0),
            Plant(name="dear", firm="B", capacity_kt=3.0, other_cost_per_t=12.0),
        )
        demand = LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5)
        curve = cost_curve(Industry(name="t", plants=(*plants, small), demand=demand, price_per_t=10.0))
        assert verify(curve).holds
        water = curve.under_water()
        return water.capacity_kt, water.capacity_share, water.loss_m_per_year, curve.plants

    none = told(0.0)
    for size in (1e-9, 1e-6, 1e-3):
        near = told(size)
        assert near[:3] == pytest.approx(none[:3], abs=1.01 * size)
        assert near[3] == none[3]


def test_a_curve_of_nothing_built_has_no_share() -> None:
    plants = (Plant(name="A", firm="A", capacity_kt=0.0, other_cost_per_t=12.0),)
    demand = LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5)
    curve = cost_curve(Industry(name="t", plants=plants, demand=demand, price_per_t=10.0))
    assert math.isnan(curve.under_water().capacity_share)
    assert verify(curve).holds
