"""Certificates of imports by month and of the market without a deal: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses

import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot


@pytest.fixture(scope="module")
def flagship():
    return pot.load("china-aluminium-2013")


def test_every_figure_of_imports_is_looked_at(flagship):
    found = pot.input_imports(flagship, first="2012-10", last="2013-06")
    assert found.certificate.holds
    assert any(row.imports_kt > 0.0 for row in found.months) or any(row.imports_high > 0.0 for row in found.months)
    assert_caught(spoil(found, most=9, question=("case", "first", "last", "lag_given")))


def test_a_month_left_out_is_seen(flagship):
    found = pot.input_imports(flagship, first="2012-10", last="2013-06", lag_months=1)
    assert found.certificate.holds
    assert not pot.verify(dataclasses.replace(found, months=found.months[1:])).holds


def test_the_market_without_a_deal_is_looked_at():
    found = pot.no_deal_market(tiny())
    assert found.certificate.holds
    assert not pot.verify(dataclasses.replace(found, known=("N0",))).holds
    assert not pot.verify(dataclasses.replace(found, pro_rata=found.observed)).holds
    market = dataclasses.replace(found.observed.market, price_per_t=1.01 * found.observed.market.price_per_t)
    stops = dataclasses.replace(found.observed.stops, p_stop_per_t=0.99 * found.observed.stops.p_stop_per_t)
    for wrong in ({"market": market}, {"stops": stops}, {"industry": found.pro_rata.industry}):
        spoilt = dataclasses.replace(found.observed, **wrong)
        assert not pot.verify(dataclasses.replace(found, observed=spoilt)).holds
