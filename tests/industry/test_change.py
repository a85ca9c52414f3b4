"""One way to change the world: paths, operations, policies as changes, and whole error texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.errors import InputError
from potline.industry import (
    Change,
    Firm,
    Government,
    Industry,
    Input,
    InputMarket,
    JointCut,
    LinearDemand,
    LumpSum,
    Path,
    Plant,
    PowerSubsidy,
    ProRata,
    StatePurchase,
    Supplier,
    parse_path,
    policy_changes,
)


def smelter(name, firm, government, running, **more):
    power = Input(product="electricity", use_per_t=13_600.0, price_per_unit=0.42)
    return Plant(
        name=name, firm=firm, government=government, capacity_kt=400.0, running_kt=running, inputs=(power,), **more
    )


INDUSTRY = Industry(
    name="four",
    price_per_t=12_500.0,
    vat_rate=0.17,
    demand=LinearDemand(price_per_t=12_500.0, quantity_kt=900.0, elasticity=0.3),
    firms=(Firm(name="Jiaozuo Wanfang", owner="Chalco"),),
    governments=(Government(name="Henan", jobs_per_kt=20.0),),
    input_market=InputMarket(
        product="alumina",
        price_per_t=2180.0,
        suppliers=(Supplier(name="Henan 1", capacity_kt=900.0, cash_cost_per_t=2050.0),),
    ),
    plants=(
        smelter("Jiaozuo", "Jiaozuo Wanfang", "Henan", 300.0, power_source="grid"),
        smelter("Annex", "Jiaozuo Wanfang", "Henan", 100.0, power_source="grid"),
        smelter("Gongyi", "Zhongfu", "Henan", 300.0, power_source="captive"),
        smelter("Chiping", "Xinfa", "Shandong", 200.0, power_source="captive"),
    ),
)


def changed(path, value=1.0, operation="set"):
    return INDUSTRY.under(Change(path=path, operation=operation, value=value))


def values(industry, field):
    return [getattr(plant, field) for plant in industry.plants]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("discount_rate", Path(field="discount_rate")),
        ("trade.parity.fob_usd_per_t", Path(field="trade.parity.fob_usd_per_t")),
        ("plant[*].pressure_per_t", Path(noun="plant", field="pressure_per_t")),
        ("plant[Fushun].stop_cost_per_t", Path(noun="plant", where=(("name", "Fushun"),), field="stop_cost_per_t")),
        (
            "plant[firm=Chalco, government=Henan].pressure_per_t",
            Path(noun="plant", where=(("firm", "Chalco"), ("government", "Henan")), field="pressure_per_t"),
        ),
        (
            "plant[*].power_price_per_kwh",
            Path(noun="plant", product="electricity", field="price_per_unit"),
        ),
        (
            "plant[*].input[alumina].own_share",
            Path(noun="plant", product="alumina", field="own_share"),
        ),
        ("supplier[Henan 1].capacity_kt", Path(noun="supplier", where=(("name", "Henan 1"),), field="capacity_kt")),
    ],
)
def test_paths_are_read(text, path):
    assert parse_path(text) == path


@pytest.mark.parametrize("text", ["plant[Fushun", "plant[].x y", "smelter[A].x", "two words", "", "3.field"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(InputError) as error:
        parse_path(text)
    assert str(error.value) == (
        f"path: found {text!r}; needed `field`, `part.field` or `plant[NAME].field`. "
        "Also plant[*], plant[firm=NAME], government[NAME], supplier[NAME]."
    )


def test_operations():
    assert Change(path="x", value=3.0).applied_to(2.0) == 3.0
    assert Change(path="x", operation="add", value=3.0).applied_to(2.0) == 5.0
    assert Change(path="x", operation="multiply", value=3.0).applied_to(2.0) == 6.0


def test_a_change_is_a_copy():
    before = hash(INDUSTRY)
    other = changed("plant[Gongyi].restart_cost_per_t", 625.0)
    assert values(other, "restart_cost_per_t") == [0.0, 0.0, 625.0, 0.0]
    assert hash(INDUSTRY) == before
    assert values(INDUSTRY, "restart_cost_per_t") == [0.0] * 4


def test_members_are_selected_by_name_by_field_or_all():
    assert values(changed("plant[*].pressure_per_t"), "pressure_per_t") == [1.0] * 4
    assert values(changed("plant[government=Henan].pressure_per_t"), "pressure_per_t") == [1.0, 1.0, 1.0, 0.0]
    both = changed("plant[government=Henan,power_source=grid].pressure_per_t")
    assert values(both, "pressure_per_t") == [1.0, 1.0, 0.0, 0.0]


def test_inputs_parts_governments_and_suppliers_are_reached():
    cheap = changed("plant[Chiping].power_price_per_kwh", 0.5, "multiply")
    assert [plant.inputs[0].price_per_unit for plant in cheap.plants] == [0.42, 0.42, 0.42, 0.21]
    assert changed("demand.elasticity", 0.5).demand.elasticity == 0.5
    assert changed("government[Henan].jobs_per_kt", 25.0).governments[0].jobs_per_kt == 25.0
    assert changed("supplier[Henan 1].cash_cost_per_t", 1.0).input_market.suppliers[0].cash_cost_per_t == 1.0
    assert changed("input_market.price_per_t", 2000.0).input_market.price_per_t == 2000.0


def test_a_switch_stays_a_switch():
    assert values(changed("plant[Gongyi].lump_sum_pro_rata", 1.0), "lump_sum_pro_rata") == [False, False, True, False]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("plant[Gongji].pressure_per_t", "found a path that selects nothing; needed a plant of the industry, or "
         "several. Did you mean 'Gongyi'?"),
        ("plant[firm=Nobody].pressure_per_t", "found a path that selects nothing; needed a plant of the industry, or "
         "several. There are 4: Jiaozuo, Annex, Gongyi, Chiping."),
        ("supplier[Mars].capacity_kt", "found a path that selects nothing; needed a supplier of the industry, or "
         "several. There are 1: Henan 1."),
        ("plant[Gongyi].input[coal].use_per_t", "found no input 'coal' of plant 'Gongyi'; needed an input of every "
         "plant selected. Its inputs: electricity."),
        ("discount", "found no field 'discount'; needed a number of an Industry. Did you mean 'discount_rate'?"),
        ("demand.colour", "found no field 'colour'; needed a number of a LinearDemand. "
         "Fields: price_per_t, quantity_kt, elasticity."),
        ("process.volatility", "found nothing that has a 'volatility'; needed a part that the industry has."),
        ("name", "found 'name', which is not a number; needed a number of an Industry."),
        ("firm[Jiaozuo Wanfang].note", "found 'note', which is not a number; needed a number of a Firm."),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_says_so_in_full(path, message):
    with pytest.raises(InputError) as error:
        changed(path)
    assert str(error.value) == f"path {path!r}: {message}"


def test_a_long_list_of_members_is_cut_short():
    many = Industry(
        name="many",
        demand=INDUSTRY.demand,
        plants=tuple(Plant(name=f"P{k}", firm="A", capacity_kt=1.0) for k in range(13)),
    )
    with pytest.raises(InputError) as error:
        many.under(Change(path="plant[Q].capacity_kt", value=1.0))
    listed = ", ".join(f"P{k}" for k in range(12))
    assert str(error.value) == (
        "path 'plant[Q].capacity_kt': found a path that selects nothing; needed a plant of the industry, or several. "
        f"There are 13: {listed} ..."
    )


def test_a_supplier_of_an_industry_without_input_market_is_refused():
    bare = Industry(name="bare", demand=INDUSTRY.demand, plants=INDUSTRY.plants)
    with pytest.raises(InputError) as error:
        bare.under(Change(path="supplier[*].capacity_kt", value=1.0))
    assert str(error.value) == (
        "path 'supplier[*].capacity_kt': found an industry without an input market; needed one with `input_market`."
    )


def test_a_power_subsidy_is_a_change_of_every_plant_of_its_province():
    policy = PowerSubsidy(name="Henan 2012", government="Henan", support_per_kwh=0.08)
    assert policy_changes(INDUSTRY, policy) == tuple(
        Change(path=f"plant[{name}].support_per_kwh", operation="add", value=0.08)
        for name in ("Jiaozuo", "Annex", "Gongyi")
    )
    supported = INDUSTRY.under(policy)
    gap = INDUSTRY.plant("Gongyi").net_cash_cost_per_t() - supported.plant("Gongyi").net_cash_cost_per_t()
    assert gap == pytest.approx(0.08 * 13_600.0)
    assert supported.plant("Chiping") == INDUSTRY.plant("Chiping")
    assert supported.policies == (policy,)


def test_a_power_subsidy_may_name_its_plants():
    policy = PowerSubsidy(name="one", government="Henan", support_per_kwh=0.08, plants=("Annex",))
    assert values(INDUSTRY.under(policy), "support_per_kwh") == [0.0, 0.08, 0.0, 0.0]


def test_a_lump_sum_is_shared_by_running_capacity_and_leaves_cash_cost_alone():
    policy = LumpSum(name="Henan 2013", government="Henan", firm="Jiaozuo Wanfang", money_m_per_year=205.44)
    supported = INDUSTRY.under(policy)
    assert values(supported, "lump_sum_m_per_year") == pytest.approx([154.08, 51.36, 0.0, 0.0])
    for before, after in zip(INDUSTRY.plants, supported.plants, strict=True):
        assert after.net_cash_cost_per_t() == before.net_cash_cost_per_t()
    assert supported.plant("Jiaozuo").lump_sum_per_t == pytest.approx(513.6)
    assert supported.plant("Annex").lump_sum_per_t == pytest.approx(513.6)


def test_two_policies_of_one_cost_are_two_policies():
    per_tonne = 0.03 * 13_600.0
    subsidy = PowerSubsidy(name="a", government="Henan", support_per_kwh=0.03, plants=("Gongyi",))
    lump = LumpSum(name="b", government="Henan", firm="Zhongfu", money_m_per_year=per_tonne * 300.0 / 1000.0)
    one, other = INDUSTRY.under(subsidy).plant("Gongyi"), INDUSTRY.under(lump).plant("Gongyi")
    assert other.lump_sum_per_t == pytest.approx(one.support_total_per_t)
    assert other.net_cash_cost_per_t() - one.net_cash_cost_per_t() == pytest.approx(per_tonne)


def test_a_lump_sum_to_a_firm_that_runs_nothing_is_refused():
    policy = LumpSum(name="lost", government="Shandong", firm="Zhongfu", money_m_per_year=1.0)
    with pytest.raises(InputError) as error:
        INDUSTRY.under(policy)
    assert str(error.value) == (
        "policy 'lost': found firm 'Zhongfu', which runs no plant in Shandong; needed a firm that runs one."
    )


def test_a_state_purchase_changes_no_plant_and_is_recorded():
    policy = StatePurchase(name="Reserve 2013", quantity_kt=300.0, price_per_t=12_938.0)
    after = INDUSTRY.under(policy)
    assert policy_changes(INDUSTRY, policy) == ()
    assert after.plants == INDUSTRY.plants
    assert after.policies == (policy,)


def test_an_agreement_is_recorded_and_not_carried_out():
    cut = JointCut(signatories=("Chalco", "Xinfa"), rule=ProRata(share_of_running=0.1))
    after = INDUSTRY.under(cut)
    assert after.agreements == (cut,)
    assert after.plants == INDUSTRY.plants


@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_changes_are_applied_in_order(factor, summand):
    multiply = Change(path="plant[Gongyi].stop_cost_per_t", operation="multiply", value=factor)
    add = Change(path="plant[Gongyi].stop_cost_per_t", operation="add", value=summand)
    first = INDUSTRY.under(add, multiply).plant("Gongyi").stop_cost_per_t
    second = INDUSTRY.under(multiply, add).plant("Gongyi").stop_cost_per_t
    assert first == pytest.approx(summand * factor)
    assert second == pytest.approx(summand)
