"""The chain: one market without routes, prices that differ by freight, ore, ports, cuts and relief."""

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.cases import load
from potline.equilibrium import StopAndRestart, chain, chain_relief, solve_input_market
from potline.equilibrium.chain import chain_network, with_new_capacity, without_ore
from potline.equilibrium.network import solve_network
from potline.errors import Infeasible, InputError
from potline.industry import (
    ImportParity,
    Industry,
    Input,
    InputMarket,
    JointCut,
    LinearDemand,
    OreSource,
    Plant,
    ProRata,
    Supplier,
    SupplyRoute,
    Trade,
)

ALUMINA = Input(product="alumina", use_per_t=2.0, price_per_unit=2000.0)
PARITY = ImportParity(fob_usd_per_t=330.0, freight_usd_per_t=20.0, exchange_rate=6.0)


def smelter(name, place, running, **fields):
    return Plant(
        name=name, firm=name, government=place, capacity_kt=running + fields.pop("idle", 0.0), running_kt=running,
        inputs=(ALUMINA,), **fields,
    )  # fmt: skip


def rail(origin, destination, freight, product="alumina", **fields):
    return SupplyRoute(
        name=f"{product} {origin} to {destination}", product=product, origin=origin, destination=destination,
        freight_per_t=freight, **fields,
    )  # fmt: skip


def industry(*, suppliers, routes=(), plants=None, parity=PARITY, ore=(), other=0.0, **fields):
    plants = plants or (smelter("West", "West", 40.0), smelter("East", "East", 60.0))
    running = sum(plant.running_kt for plant in plants)
    return Industry(
        name="two places",
        product="aluminium",
        price_per_t=12_000.0,
        demand=LinearDemand(price_per_t=12_000.0, quantity_kt=running, elasticity=0.5),
        plants=plants,
        input_market=InputMarket(
            product="alumina", price_per_t=2000.0, suppliers=suppliers, routes=routes, parity=parity,
            ore=ore, other_use_kt=other,
        ),
        **fields,
    )  # fmt: skip


TWO = (
    Supplier(name="W", government="West", capacity_kt=70.0, cash_cost_per_t=1700.0),
    Supplier(name="E", government="East", capacity_kt=200.0, cash_cost_per_t=1900.0),
)
BOTH_WAYS = (rail("West", "East", 150.0), rail("East", "West", 150.0), rail("abroad", "East", 0.0))

costs = st.integers(1500, 2300).map(float)
sizes = st.integers(5, 90).map(float)


@settings(max_examples=12, deadline=None)
@given(
    steps=st.lists(st.tuples(sizes, costs), min_size=1, max_size=6),
    smelted=sizes,
    other=st.integers(0, 30).map(float),
    fob=st.integers(250, 380).map(float),
)
def test_without_routes_the_chain_is_the_one_market(steps, smelted, other, fob):
    suppliers = tuple(
        Supplier(name=f"R{k}", government=f"P{k % 2}", capacity_kt=size, cash_cost_per_t=cost)
        for k, (size, cost) in enumerate(steps)
    )
    found = industry(
        suppliers=suppliers, other=other, plants=(smelter("A", "P0", smelted),),
        parity=dataclasses.replace(PARITY, fob_usd_per_t=fob),
    )  # fmt: skip
    one, whole = solve_input_market(found), chain(found, output_kt=[smelted]).place("everywhere")
    answer = chain(found, output_kt=[smelted])
    assert whole.input_low_per_t == pytest.approx(one.price_per_t, abs=1e-6)
    assert whole.input_high_per_t == pytest.approx(one.price_high_per_t, abs=1e-6)
    if one.parity_per_t not in one.cash_cost_per_t:  # at equal costs any split will do
        assert answer.input_imports_kt == pytest.approx(one.imports_kt, abs=1e-6)
        assert answer.average_operating_rate == pytest.approx(one.average_operating_rate, abs=1e-9)
    assert answer.status == "certified"


def test_prices_differ_by_freight_where_something_moves():
    found = chain(industry(suppliers=TWO, routes=BOTH_WAYS))
    west, east = found.place("West"), found.place("East")
    # The west needs 80 and makes 70 at less: the rest comes from the east, whose supplier sets the price.
    assert east.input_price_per_t == pytest.approx(1900.0)
    assert west.input_price_per_t == pytest.approx(2050.0)
    assert found.flows() == (("East", "West", pytest.approx(10.0)),)
    assert (west.operating_rate, east.operating_rate) == (pytest.approx(1.0), pytest.approx(130.0 / 200.0))
    assert found.parity_gap_per_t("East") == pytest.approx(350.0 * 6.0 - 1900.0)
    assert found.parity_gap_per_t("West") == pytest.approx(350.0 * 6.0 + 150.0 - 2050.0)
    assert west.supplier_margin_per_t == pytest.approx(350.0)
    assert found.product_kt == pytest.approx(100.0)


def test_imports_come_in_where_a_landed_tonne_is_cheaper():
    cheap = dataclasses.replace(PARITY, fob_usd_per_t=270.0)
    found = chain(industry(suppliers=TWO, routes=BOTH_WAYS, parity=cheap))
    assert found.place("East").input_price_per_t == pytest.approx(1740.0)
    assert found.place("West").input_price_per_t == pytest.approx(1740.0 + 150.0)
    assert found.input_imports_kt == pytest.approx(130.0)
    assert found.parity_gap_per_t("East") == pytest.approx(0.0)
    assert found.landed_per_t == pytest.approx(1740.0)


def test_a_full_route_parts_prices_further_than_freight():
    narrow = (rail("East", "West", 150.0, capacity_kt=4.0), rail("abroad", "West", 0.0))
    found = chain(industry(suppliers=TWO, routes=narrow))
    assert found.place("West").input_price_per_t == pytest.approx(2100.0)
    assert found.input_imports_kt == pytest.approx(6.0)


@settings(max_examples=8, deadline=None)
@given(freight=st.floats(0.0, 400.0), more=st.floats(1.0, 300.0))
def test_dearer_freight_never_lowers_the_price_where_goods_arrive(freight, more):
    prices = [
        chain(industry(suppliers=TWO, routes=(rail("East", "West", cost), rail("abroad", "West", 0.0))))
        .place("West")
        .input_price_per_t
        for cost in (freight, freight + more)
    ]
    assert prices[1] >= prices[0] - 1e-6


def ore_case(use=2.5, second=60.0):
    sources = (
        OreSource(name="near", kind="imported ore", government="East", cif_usd_per_t=50.0, capacity_kt=200.0),
        OreSource(name="far", kind="imported ore", government="East", cif_usd_per_t=second, capacity_kt=90.0),
    )
    east = dataclasses.replace(TWO[1], ore="imported ore", ore_use_t_per_t=use)
    return industry(suppliers=(TWO[0], east), routes=BOTH_WAYS, ore=sources)


def test_ore_is_bought_from_the_cheapest_source_and_its_loss_raises_the_price_to_parity_at_most():
    base = ore_case()
    found = chain(base)
    used = {item.source: item.used_kt for item in found.ore}
    assert used == {"near": pytest.approx(200.0), "far": pytest.approx(90.0)}
    # Ore ends at 290, refining at 116, and the rest of 130 lands.
    assert found.input_imports_kt == pytest.approx(130.0 - 290.0 / 2.5)
    assert found.place("East").input_price_per_t == pytest.approx(2100.0)
    gone = chain(base.under(*without_ore(base, "near")))
    assert gone.input_imports_kt == pytest.approx(130.0 - 90.0 / 2.5)
    assert gone.place("East").input_price_per_t == pytest.approx(2100.0)


def test_the_stated_cash_cost_holds_ore_at_the_dearest_source():
    found = chain(ore_case(use=1.6))
    # 208 of ore: the second source is used, so that the cash cost is as stated.
    assert found.place("East").input_price_per_t == pytest.approx(1900.0)
    cheaper = chain(ore_case(use=1.5))
    assert cheaper.place("East").input_price_per_t == pytest.approx(1900.0 - 1.5 * 10.0 * 6.0)


def test_new_capacity_is_added_once():
    rising = dataclasses.replace(TWO[0], added_kt=20.0)
    base = industry(suppliers=(rising, TWO[1]), routes=BOTH_WAYS)
    after = base.under(*with_new_capacity(base))
    assert [item.capacity_kt for item in after.input_market.suppliers] == [90.0, 200.0]
    assert with_new_capacity(after) == ()
    assert chain(after).flows() == (("West", "East", pytest.approx(10.0)),)


def test_smelters_answer_the_price_of_alumina():
    """A line whose avoidable cost is near the price stops where alumina costs more than the case said."""
    edge = (smelter("West", "West", 40.0, other_cost_per_t=7_960.0), smelter("East", "East", 60.0))
    dear = chain(industry(suppliers=TWO, routes=BOTH_WAYS, plants=edge))
    # 4,000 of alumina in the case, 4,100 at 2,050: 12,060 is above the price, so that only part of the west runs.
    assert dear.product_kt < 100.0 - 1e-6
    assert dear.price_per_t == pytest.approx(12_060.0 + 0.0, rel=1e-3)


def test_relief_brings_back_lines_that_cheaper_alumina_makes_pay():
    """A restart that alumina at the old price keeps out comes in when a cut lowers it."""
    plants = (
        smelter("Cutter", "East", 60.0, other_cost_per_t=1000.0),
        smelter("Runner", "East", 40.0, other_cost_per_t=1000.0),
        smelter("Idle", "East", 0.0, idle=10.0, other_cost_per_t=1000.0),
    )
    steps = (
        Supplier(name="low", government="East", capacity_kt=190.0, cash_cost_per_t=1500.0),
        Supplier(name="high", government="East", capacity_kt=100.0, cash_cost_per_t=2000.0),
    )
    base = industry(suppliers=steps, plants=plants, trade=Trade(parity=ImportParity(
        fob_usd_per_t=2016.0, exchange_rate=6.0)))  # fmt: skip
    prices = StopAndRestart(stop_per_t=(5_000.0,) * 3, restart_per_t=(20_000.0, 20_000.0, 12_500.0))
    cut = JointCut(signatories=("Cutter",), rule=ProRata(total_kt=10.0))
    found = chain_relief(base, cut, avoidable=prices)
    assert found.cut_kt == 10.0
    assert found.before.place("everywhere").input_price_per_t == pytest.approx(2000.0)
    # The ceiling is 12,096: at 2,000 the restart costs 12,500 and imports fill; at 1,500 it costs 11,500.
    assert found.held.product_kt == pytest.approx(90.0)
    assert found.undone_kt == pytest.approx(found.after.product_kt - 90.0)
    assert 0.0 < found.undone_kt <= 10.0
    assert found.undone_share == pytest.approx(found.undone_kt / 10.0)
    assert found.after.place("everywhere").input_price_per_t < 2000.0


@settings(max_examples=6, deadline=None)
@given(cut_kt=st.floats(1.0, 55.0))
def test_relief_never_exceeds_the_cut_and_alumina_never_gets_dearer(cut_kt):
    base = industry(suppliers=TWO, routes=BOTH_WAYS)
    found = chain_relief(base, JointCut(signatories=("East",), rule=ProRata(total_kt=cut_kt)))
    assert -1e-6 <= found.undone_kt <= cut_kt + 1e-6
    assert all(fall >= -1e-6 for _, fall in found.price_fall_per_t)
    assert found.saving_m_per_year >= -1e-9


def test_problems_are_named_together():
    lacking = dataclasses.replace(TWO[1], ore="imported ore", ore_use_t_per_t=2.5)
    with pytest.raises(InputError) as error:
        chain_network(industry(suppliers=(TWO[0], lacking), routes=BOTH_WAYS), output_kt=[1.0])
    assert [str(problem) for problem in error.value.problems] == [
        "supplier 'E': found 'imported ore', which nothing brings to 'East'; needed a source of ore of that kind and "
        "province. Add one, or set ore_use_t_per_t to 0.",
        "output_kt: found 1 outputs; needed 2, one for each plant.",
    ]
    with pytest.raises(InputError) as error:
        chain(dataclasses.replace(industry(suppliers=TWO), input_market=None))
    assert str(error.value) == (
        "industry 'two places': found no input market; needed `input_market`. Give the case numbers of "
        "`input_market` and suppliers.csv."
    )
    with pytest.raises(InputError, match="found place 'Nowhere'; needed a place of the chain: "):
        chain(industry(suppliers=TWO)).place("Nowhere")
    with pytest.raises(InputError) as error:
        without_ore(ore_case(), "Guinea")
    assert str(error.value) == "ore: found 'Guinea'; needed a source of the chain: near, far."


def test_a_place_that_cannot_be_supplied_is_named():
    apart = industry(suppliers=(TWO[1],), routes=(rail("West", "East", 150.0),), parity=None)
    with pytest.raises((Infeasible, InputError), match="West"):
        chain(apart, output_kt=[40.0, 60.0])


@pytest.fixture(scope="module")
def flagship():
    case = load("china-aluminium-2013")
    return case, chain(case)


def test_the_flagship_holds_what_was_observed(flagship):
    case, found = flagship
    assert found.status == "certified"
    assert found.product_kt == pytest.approx(21_710.0, rel=0.01)
    assert found.price_per_t == pytest.approx(case.industry.price_per_t, rel=0.005)
    assert found.average_operating_rate == pytest.approx(
        solve_input_market(case.industry).average_operating_rate, rel=1e-6
    )
    assert 0.5 <= found.place("Shandong").operating_rate <= 0.7
    assert all(found.parity_gap_per_t(item.name) > 0.0 for item in found.places if item.use_kt > 1.0)
    assert not any(math.isnan(item.input_price_per_t) for item in found.places)


def test_the_flagship_without_indonesia_and_with_its_stocks(flagship):
    case, found = flagship
    industry_ = case.industry
    gone = chain(industry_.under(*without_ore(industry_, "Indonesia")), avoidable=found.avoidable)
    assert gone.place("Shandong").input_price_per_t > found.place("Shandong").input_price_per_t + 100.0
    assert gone.place("Shandong").operating_rate < found.place("Shandong").operating_rate
    stocked = without_ore(industry_, "Indonesia", stocks="Port stocks", stocks_kt=39_500.0)
    kept = chain(industry_.under(*stocked), avoidable=found.avoidable)
    assert kept.place("Shandong").input_price_per_t <= found.place("Shandong").input_price_per_t + 1e-6


def test_the_flagships_relief_is_money_and_no_tonnes(flagship):
    case, found = flagship
    cut = JointCut(signatories=case.meeting.owners, rule=ProRata(total_kt=1000.0))
    relief = chain_relief(case.industry, cut, before=found)
    assert relief.undone_kt == pytest.approx(0.0, abs=0.5)
    assert relief.mean_fall_per_t > relief.one_market_fall_per_t
    assert relief.saving_m_per_year > 0.0


def test_a_month_of_landing_takes_the_price_abroad_of_its_lag_before(flagship):
    case, _ = flagship
    found = chain(case, landing="2013-04")
    abroad = case.series_named("alumina_fob_usd_per_t")
    rate = dict(zip(*[getattr(case.series_named("cny_per_usd"), name) for name in ("months", "values")], strict=True))
    fob = dict(zip(abroad.months, abroad.values, strict=True))["2013-02"]
    with_tax = (fob + 23.0) * rate["2013-04"] * 1.17 + 77.5
    assert found.landed_per_t * 1.17 == pytest.approx(with_tax)
    with pytest.raises(InputError) as error:
        chain(case, landing="2020-01")
    assert str(error.value.problems[0]) == (
        "landing 2020-01: found no 2019-11 in series 'alumina_fob_usd_per_t'; needed the price abroad when the cargo "
        "was bought and the exchange rate when it lands."
    )
    with pytest.raises(InputError) as error:
        chain(case.industry, landing="2013-04")
    assert str(error.value) == "landing: found an industry; needed a case, whose series hold prices abroad by month."


def test_the_flagship_with_every_second_smelter_paying_by_the_metal_price():
    """A share near the ratio of the two prices moves money, on a real network of steps and capacities."""
    network = chain_network(load("china-aluminium-2013").industry)
    index = {"indexed_to": "aluminium", "index_share": 0.17, "index_place": "market"}
    indexed = tuple(
        dataclasses.replace(item, inputs=tuple(dataclasses.replace(amount, **index) for amount in item.inputs))
        if number % 2 and any(amount.product == "alumina" for amount in item.inputs)
        else item
        for number, item in enumerate(network.activities)
    )
    spot = solve_network(network, method="complementarity")
    contracts = solve_network(dataclasses.replace(network, activities=indexed), start=spot)
    assert (spot.status, contracts.status) == ("certified", "certified")
    rows = contracts.contract_table()
    assert len(rows) > 10
    for row in rows:
        assert row["paid_per_t"] == pytest.approx(0.17 * contracts.price("aluminium", "market"))
        lost = (row["price_per_t"] - row["paid_per_t"]) * row["used_kt"] / 1000.0
        assert row["paid_by_contract_m"] == pytest.approx(lost)
    assert contracts.price("aluminium", "market") == pytest.approx(spot.price("aluminium", "market"), rel=0.02)
