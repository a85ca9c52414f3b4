"""The certificate of a chain: its network, its intervals, and that it is the industry's own."""

import dataclasses

import pytest
from tests.equilibrium.chain.test_chain import BOTH_WAYS, TWO, industry, smelter
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.verification import failed

ASKED = (
    "industry",
    "avoidable",
    "intervals_found",
    *(f"equilibrium.{name}" for name in ("network", "concept", "answer")),
)


def test_every_figure_of_a_chain_is_looked_at():
    result = pot.chain(industry(suppliers=TWO, routes=BOTH_WAYS, other=10.0))
    assert_caught(spoil(result, question=ASKED))


def test_a_chain_of_another_industry_is_refused():
    result = pot.chain(industry(suppliers=TWO, routes=BOTH_WAYS))
    other = industry(
        suppliers=TWO, routes=BOTH_WAYS, plants=(smelter("West", "West", 41.0), smelter("East", "East", 60.0))
    )
    assert failed(pot.verify(dataclasses.replace(result, industry=other)).checks) == ("the industry's own chain",)
    dear = dataclasses.replace(
        result.industry.input_market, suppliers=(dataclasses.replace(TWO[0], cash_cost_per_t=1701.0), TWO[1])
    )
    other = dataclasses.replace(result.industry, input_market=dear)
    assert failed(pot.verify(dataclasses.replace(result, industry=other)).checks) == ("the industry's own chain",)


@pytest.mark.parametrize(
    "options",
    [{"intervals": False}, {"output_kt": [40.0, 55.0]}, {"input_price_per_t": {"West": 1900.0, "East": 1800.0}}],
    ids=str,
)
def test_what_is_held_is_certified_too(options):
    result = pot.chain(industry(suppliers=TWO, routes=BOTH_WAYS, other=10.0), **options)
    assert result.status == "certified"
    assert pot.verify(result).holds


def traded(**trade):
    plants = (smelter("West", "West", 40.0, other_cost_per_t=7000.0), smelter("East", "East", 60.0))
    return industry(suppliers=TWO, routes=BOTH_WAYS, plants=plants, trade=pot.Trade(**trade))


BORDER = pot.ImportParity(
    fob_usd_per_t=1500.0, freight_usd_per_t=40.0, exchange_rate=6.0, duty_share=0.05, port_charges_per_t=117.0
)


def test_imports_of_the_product_come_along_a_slope():
    """The chain's price is the market's with the input at what it costs there: both buy m (p - parity) abroad."""
    found = pot.chain(traded(parity=BORDER, import_supply_slope_kt_per_price=0.01))
    price = found.price_per_t
    assert found.product_imports_kt == pytest.approx(0.01 * (price - BORDER.price_per_t), rel=1e-6)
    assert 5.0 < found.product_imports_kt < 40.0
    steep = pot.chain(traded(parity=BORDER, import_supply_slope_kt_per_price=1e6))
    flat = pot.chain(traded(parity=BORDER))
    assert steep.price_per_t == pytest.approx(flat.price_per_t, rel=1e-6)
    none = pot.chain(traded(parity=BORDER, import_supply_slope_kt_per_price=0.0))
    assert none.product_imports_kt == 0.0
    assert none.price_per_t == pytest.approx(pot.chain(traded()).price_per_t)


@pytest.mark.parametrize(
    ("trade", "other"),
    [
        ({"parity": BORDER, "import_supply_slope_kt_per_price": 0.01}, {"parity": BORDER}),
        (
            {"parity": BORDER, "import_supply_slope_kt_per_price": 0.01},
            {"parity": BORDER, "import_supply_slope_kt_per_price": 0.011},
        ),
        ({"parity": BORDER}, {"parity": dataclasses.replace(BORDER, freight_usd_per_t=41.0)}),
        ({"parity": BORDER}, {}),
        (
            {"tranches": (pot.Tranche(price_per_t=9000.0, quantity_kt=5.0),)},
            {"tranches": (pot.Tranche(price_per_t=9000.0, quantity_kt=6.0),)},
        ),
        ({"export_floor_per_t": 8000.0}, {"export_floor_per_t": 8001.0}),
    ],
)
def test_trade_is_read_anew(trade, other):
    result = pot.chain(traded(**trade))
    assert result.status == "certified"
    spoilt = dataclasses.replace(result, industry=traded(**other))
    assert failed(pot.verify(spoilt).checks) == ("the industry's own chain",)


def test_two_bent_quantities_at_the_edge_of_a_line():
    """Demand and imports cannot both be held where a line is just full: each has a last digit of room."""
    industry = pot.load("china-aluminium-2013").industry
    rising = dataclasses.replace(industry.trade, import_supply_slope_kt_per_price=1.2)
    owners = ("Chalco", "China Power Investment", "Shandong Xinfa")
    named = tuple(name for name in industry.owners if name in owners) or industry.owners[:3]
    cut = pot.JointCut(signatories=named, rule=pot.ProRata(total_kt=1000.0))
    found = pot.chain_relief(dataclasses.replace(industry, trade=rising), cut)
    assert found.after.status == "certified"
    parity = rising.parity.price_per_t
    assert found.after.product_imports_kt == pytest.approx(1.2 * max(found.after.price_per_t - parity, 0.0), rel=1e-6)
