"""Nouns are frozen, hashable, keyword-only and hold no answer."""

import dataclasses
import math

import pytest

import potline.industry as nouns
from potline.errors import InputError
from potline.industry import (
    Change,
    Efficient,
    Firm,
    Government,
    ImportParity,
    Industry,
    Input,
    InputMarket,
    IsoelasticDemand,
    JointCut,
    LinearDemand,
    LumpSum,
    OreSource,
    Plant,
    PowerSubsidy,
    PriceProcess,
    Project,
    ProRata,
    RestOfWorld,
    SmoothCost,
    Stated,
    StatePurchase,
    Supplier,
    SupplyRoute,
    Trade,
    Tranche,
)

POWER = Input(product="electricity", use_per_t=13_600.0, price_per_unit=0.40)
ALUMINA = Input(product="alumina", use_per_t=1.93, price_per_unit=2200.0, own_share=0.5, own_cost_per_unit=1900.0)
DEMAND = LinearDemand(price_per_t=12_500.0, quantity_kt=20_000.0, elasticity=0.3)
CUT = JointCut(signatories=("Chalco", "Xinfa"), rule=ProRata(share_of_running=0.1), years=1.0)
PARITY = ImportParity(fob_usd_per_t=335.0, exchange_rate=6.24)
EXAMPLES = (
    Change(path="price_per_t", value=1.0),
    Efficient(total_kt=1000.0),
    Firm(name="Jiaozuo Wanfang", owner="Chalco"),
    Government(name="Henan", jobs_per_kt=20.0),
    PARITY,
    POWER,
    InputMarket(product="alumina", price_per_t=2180.0),
    IsoelasticDemand(price_per_t=1.0, quantity_kt=5000.0, elasticity=1.1),
    CUT,
    DEMAND,
    LumpSum(name="Henan 2013", government="Henan", firm="Jiaozuo Wanfang", money_m_per_year=205.44),
    Plant(name="Fushun", firm="Chalco", capacity_kt=190.0, inputs=(POWER,)),
    PowerSubsidy(name="Henan 2012", government="Henan", support_per_kwh=0.08),
    PriceProcess(volatility=0.18),
    ProRata(total_kt=1000.0),
    Project(name="Xinjiang", capacity_kt=1500.0),
    RestOfWorld(quantity_kt=25_000.0, supply_elasticity=0.6),
    Supplier(name="Shandong", capacity_kt=20_000.0, cash_cost_per_t=2000.0),
    SmoothCost(scale=5.0),
    Stated(cuts_kt=(("Chalco", 380.0),)),
    StatePurchase(name="Reserve", quantity_kt=300.0, price_per_t=12_938.0),
    Trade(parity=PARITY),
    Tranche(price_per_t=12_600.0),
    Industry(name="one", plants=(), demand=DEMAND, agreements=(CUT,)),
    OreSource(name="Indonesia", kind="imported ore", cif_usd_per_t=54.1),
    SupplyRoute(name="rail", product="alumina", origin="Shanxi", destination="Gansu"),
)


def named(example):
    return type(example).__name__


@pytest.mark.parametrize("noun", EXAMPLES, ids=named)
def test_a_noun_is_frozen_slotted_hashable_and_equal_by_value(noun):
    same = dataclasses.replace(noun)
    assert same == noun
    assert same is not noun
    assert hash(same) == hash(noun)
    assert not hasattr(noun, "__dict__")
    field = dataclasses.fields(noun)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(noun, field, None)


@pytest.mark.parametrize("noun", EXAMPLES, ids=named)
def test_a_noun_takes_keywords_only(noun):
    assert all(field.kw_only for field in dataclasses.fields(noun))
    with pytest.raises(InputError) as error:
        type(noun)("by position")
    assert "found 'by position' without a name; needed every value with its name. Names: " in str(error.value)


def test_the_examples_cover_every_noun():
    classes = {name for name in nouns.__all__ if isinstance(getattr(nouns, name), type)}
    chain_and_space = {name for name in classes if getattr(nouns, name).__module__ == "potline.industry.network"}
    assert classes - {"Path", "Agreement"} - chain_and_space == {named(noun) for noun in EXAMPLES}


def test_an_industry_is_a_key():
    first, second = (Industry(name="one", plants=(EXAMPLES[11],), demand=DEMAND) for _ in range(2))
    assert {first: "answer"}[second] == "answer"


def test_running_capacity_is_what_is_not_commissioning_unless_stated():
    whole = Plant(name="A", firm="A", capacity_kt=150.0, commissioning_kt=50.0)
    assert (whole.running_kt, whole.idle_kt) == (100.0, 0.0)
    part = Plant(name="A", firm="A", capacity_kt=150.0, commissioning_kt=50.0, running_kt=70.0)
    assert (part.running_kt, part.idle_kt) == (70.0, 30.0)
    textbook = Plant(name="A", firm="A", capacity_kt=math.inf)
    assert (textbook.running_kt, textbook.idle_kt) == (math.inf, 0.0)


def test_cash_cost_adds_inputs_and_takes_off_support_but_never_a_lump_sum():
    plant = Plant(
        name="A",
        firm="A",
        capacity_kt=100.0,
        inputs=(POWER, ALUMINA),
        other_cost_per_t=675.0,
        freight_per_t=85.0,
        support_per_kwh=0.01,
        support_per_t=20.0,
        lump_sum_m_per_year=48.9,
        depreciation_per_t=600.0,
        interest_per_t=700.0,
    )
    gross = 13_600.0 * 0.40 + 1.93 * 2200.0 + 675.0 + 85.0
    assert plant.gross_cash_cost_per_t() == pytest.approx(gross)
    assert plant.support_total_per_t == pytest.approx(156.0)
    assert plant.net_cash_cost_per_t() == pytest.approx(gross - 156.0)
    assert plant.full_cost_per_t() == pytest.approx(gross - 156.0 + 1300.0)
    assert plant.lump_sum_per_t == pytest.approx(489.0)
    assert plant.gross_cash_cost_per_t("at_cost") == pytest.approx(gross - 1.93 * 0.5 * 300.0)
    assert dataclasses.replace(plant, running_kt=0.0).lump_sum_per_t == 0.0


def test_smooth_cost_rises_with_output():
    cost = SmoothCost(scale=4.0, exponent=2.0)
    assert cost.marginal_per_t(0.0) == 0.0
    assert cost.marginal_per_t(16.0) == pytest.approx(2.0)


def test_owners_are_those_that_decide():
    industry = Industry(
        name="two",
        demand=DEMAND,
        firms=(Firm(name="Jiaozuo Wanfang", owner="Chalco"),),
        plants=tuple(
            Plant(name=name, firm=firm, capacity_kt=10.0)
            for name, firm in (("Jiaozuo", "Jiaozuo Wanfang"), ("Fushun", "Chalco"), ("Chiping", "Xinfa"))
        ),
    )
    assert industry.owners == ("Chalco", "Xinfa")
    assert industry.plant_owners == tuple(industry.owner(plant.firm) for plant in industry.plants)
    assert industry.owner("Jiaozuo Wanfang") == "Chalco"


def test_a_plant_that_is_not_there_is_an_error_that_lists_those_that_are():
    industry = Industry(name="two", demand=DEMAND, plants=(EXAMPLES[11],))
    with pytest.raises(InputError) as error:
        industry.plant("Fushan")
    assert str(error.value) == (
        "Industry.plant, name: found 'Fushan'; needed the name of a plant. Did you mean 'Fushun'?"
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda **dates: PowerSubsidy(name="P", government="Henan", support_per_kwh=0.08, **dates),
        lambda **dates: LumpSum(name="P", government="Henan", firm="A", money_m_per_year=1.0, **dates),
        lambda **dates: StatePurchase(name="P", quantity_kt=1.0, price_per_t=1.0, **dates),
    ],
)
def test_a_policy_ends_no_sooner_than_it_starts(made):
    for start, end in (
        ("2013-05", "2013-05"),
        ("2013", "2013-01"),
        ("2013-05-02", "2013-05"),
        ("", "2013"),
        ("2014", ""),
    ):
        assert made(start=start, end=end).end == end
    with pytest.raises(InputError) as refused:
        made(start="2013-05", end="2012-12-31")
    assert str(refused.value) == (
        "Policy 'P': found an end, 2012-12-31, before its start, 2013-05; needed an end at the start or after it. "
        "Exchange the two, or leave one out."
    )
