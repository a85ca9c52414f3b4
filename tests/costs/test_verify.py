"""The certificate of a cost curve: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot


@pytest.mark.parametrize("asked", [{}, {"net": False, "measure": "full"}, {"own_inputs": "at_cost"}])
def test_every_figure_of_a_cost_curve_is_looked_at(asked):
    industry = tiny().industry
    plants = tuple(
        dataclasses.replace(plant, government=f"P{k % 2}", depreciation_per_t=100.0 * k)
        for k, plant in enumerate(industry.plants)
    )
    curve = pot.cost_curve(dataclasses.replace(industry, plants=plants), **asked)
    assert curve.certificate.holds
    assert_caught(spoil(curve, question=("industry", "net", "measure", "price_per_t")))
    for wrong in ({"net": not curve.net}, {"measure": "full" if curve.measure == "cash" else "cash"}):
        assert not pot.verify(dataclasses.replace(curve, **wrong)).holds


def test_what_a_curve_says_of_its_price_is_looked_at(monkeypatch):
    curve = pot.cost_curve(tiny().industry, price_per_t=12_200.0)
    water = curve.under_water()
    assert water.loss_m_per_year > 0.0
    wrong = dataclasses.replace(water, loss_m_per_year=1.01 * water.loss_m_per_year)
    monkeypatch.setattr(type(curve), "under_water", lambda _: wrong)
    assert [row.name for row in pot.verify(curve).checks if not row.holds] == ["curve: under water"]


def test_a_thousand_plants_hold():
    rng = np.random.default_rng(5)
    plants = tuple(
        pot.Plant(name=f"{k}", firm=f"F{k % 97}", capacity_kt=float(c), other_cost_per_t=float(x))
        for k, (c, x) in enumerate(zip(rng.uniform(10, 500, 1000), rng.integers(400, 600, 1000), strict=True))
    )
    demand = pot.LinearDemand(price_per_t=500.0, quantity_kt=1e5, elasticity=0.5)
    assert pot.cost_curve(pot.Industry(name="many", price_per_t=499.5, demand=demand, plants=plants)).certificate.holds


@pytest.mark.parametrize("field", ["plants", "firms", "owners", "governments", "cost_per_t", "capacity_kt"])
def test_a_list_that_lacks_one_fails_and_so_does_an_unknown_name(field):
    curve = pot.cost_curve(tiny().industry)
    short = dataclasses.replace(curve, **{field: getattr(curve, field)[:-1]})
    assert "curve: names" in [row.name for row in pot.verify(short).checks if not row.holds]
    if isinstance(getattr(curve, field), tuple):
        other = dataclasses.replace(curve, **{field: ("nobody", *getattr(curve, field)[1:])})
        assert not pot.verify(other).holds
