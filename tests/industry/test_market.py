"""Demand through the observed point, import parity against published landed costs, ceilings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.industry import ImportParity, IsoelasticDemand, LinearDemand, Trade, Tranche

positive = st.floats(min_value=0.05, max_value=5.0)
prices = st.floats(min_value=100.0, max_value=50_000.0)
quantities = st.floats(min_value=10.0, max_value=50_000.0)

# Fact base, section D: FOB Australia, freight as a range, FX 6.24, VAT 17 %, port charges 75 to 80.
# (date, FOB USD/t, freight low, freight high, landed low, landed high; CNY/t with VAT)
LANDED = (
    ("early February 2013", 352.0, 22.0, 24.0, 2805.0, 2820.0),
    ("cargoes of March 2013", 335.0, 22.0, 24.0, 2681.0, 2696.0),
    ("12 April 2013", 322.0, 22.0, 24.0, 2586.0, 2601.0),
)


def landed(fob, freight, port, *, rate=6.24, vat=0.17):
    return ImportParity(
        fob_usd_per_t=fob,
        freight_usd_per_t=freight,
        exchange_rate=rate,
        vat_rate=vat,
        port_charges_per_t=port,
    )


@pytest.mark.parametrize(("date", "fob", "low", "high", "least", "most"), LANDED, ids=[row[0] for row in LANDED])
def test_parity_gives_the_landed_costs_of_2013(date, fob, low, high, least, most):
    assert landed(fob, low, 75.0).price_with_vat_per_t == pytest.approx(least, abs=1.0)
    assert landed(fob, high, 75.0).price_with_vat_per_t == pytest.approx(most, abs=1.0)


def test_parity_gives_the_published_formula_of_may_2025_before_charges():
    assert landed(370.0, 21.5, 0.0, rate=7.23, vat=0.13).price_with_vat_per_t == pytest.approx(3199.0, abs=1.0)
    assert landed(370.0, 21.5, 79.0, rate=7.23, vat=0.13).price_with_vat_per_t == pytest.approx(3278.0, abs=1.0)


@pytest.mark.parametrize(("premium", "expected"), [(120.0, 14_670.0), (200.0, 15_260.0)])
def test_metal_parity_in_april_2013(premium, expected):
    metal = landed(1876.0, premium, 100.0, rate=6.24)
    assert metal.price_with_vat_per_t == pytest.approx(expected, abs=5.0)


def test_duty_is_levied_on_the_price_at_the_border_and_tax_on_both():
    parity = ImportParity(
        fob_usd_per_t=300.0,
        freight_usd_per_t=20.0,
        exchange_rate=6.0,
        duty_share=0.03,
        vat_rate=0.17,
        port_charges_per_t=80.0,
    )
    assert parity.price_with_vat_per_t == pytest.approx(320.0 * 6.0 * 1.03 * 1.17 + 80.0)
    assert parity.price_per_t * 1.17 == pytest.approx(parity.price_with_vat_per_t)


@given(prices, quantities, positive)
def test_linear_demand_runs_through_its_point_with_its_elasticity(price, quantity, elasticity):
    demand = LinearDemand(price_per_t=price, quantity_kt=quantity, elasticity=elasticity)
    assert demand.price_at(quantity) == pytest.approx(price)
    assert demand.quantity_at(price) == pytest.approx(quantity)
    step = 1e-6 * price
    change = (demand.quantity_at(price + step) - demand.quantity_at(price - step)) / (2.0 * step)
    assert -change * price / quantity == pytest.approx(elasticity, rel=1e-4)


@given(prices, quantities, positive)
def test_isoelastic_demand_runs_through_its_point_with_its_elasticity_everywhere(price, quantity, elasticity):
    demand = IsoelasticDemand(price_per_t=price, quantity_kt=quantity, elasticity=elasticity)
    assert demand.price_at(quantity) == pytest.approx(price)
    for share in (0.5, 1.0, 2.0):
        ratio = demand.quantity_at(1.1 * share * price) / demand.quantity_at(share * price)
        assert math.log(ratio) / math.log(1.1) == pytest.approx(-elasticity, rel=1e-6)
    assert demand.quantity_at(demand.price_at(0.7 * quantity)) == pytest.approx(0.7 * quantity)


def test_the_flexibility_of_the_price_is_the_inverse_of_elasticity():
    demand = LinearDemand(price_per_t=12_478.6, quantity_kt=21_710.0, elasticity=0.29)
    rise = demand.price_at(0.99 * 21_710.0) / 12_478.6 - 1.0
    assert rise == pytest.approx(0.01 / 0.29)


def test_a_line_given_by_intercept_and_slope_is_that_line():
    demand = LinearDemand.from_line(intercept_per_t=20.0, slope_per_kt=0.5)
    assert (demand.intercept_per_t, demand.slope_per_kt) == (20.0, 0.5)
    assert demand.quantity_at(25.0) == 0.0


def test_only_an_unlimited_tranche_is_a_ceiling():
    parity = landed(335.0, 23.0, 77.5)
    limited = Tranche(price_per_t=1000.0, quantity_kt=50.0)
    assert Trade().ceiling_per_t == math.inf
    assert Trade(tranches=(limited,)).ceiling_per_t == math.inf
    assert Trade(parity=parity, tranches=(limited,)).ceiling_per_t == parity.price_per_t
    assert Trade(parity=parity, tranches=(limited,)).import_tranches[0] == limited
    assert Trade().export_floor_per_t == -math.inf
