"""The compiled arrays: what a complementarity method is fed."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from potline.equilibrium.concepts import Competitive, Cournot
from potline.equilibrium.network import Kind, compile_network, solve_network
from potline.industry.network import Activity, Amount, LocalDemand, Network, Place, Product, Route

TWO = Network(
    name="two",
    products=(Product(name="metal"),),
    places=(Place(name="west"), Place(name="east")),
    activities=(Activity(name="A", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0, cost_slope=0.5),),
    routes=(Route(product="metal", origin="west", destination="east", freight_per_t=(1.0, 3.0)),),
    demands=(LocalDemand(product="metal", place="east", intercept_per_t=10.0, slope_per_kt=1.0),),
    periods=2,
    discount_per_period=0.1,
)


def test_rows_run_by_period_and_columns_by_kind():
    compiled = compile_network(TWO, Competitive())
    assert compiled.block == 2
    assert compiled.kind.tolist() == [Kind.ACTIVITY] * 2 + [Kind.ROUTE] * 2 + [Kind.DEMAND] * 2
    assert compiled.period.tolist() == [0, 1] * 3
    expected = np.zeros((4, 6))
    expected[[0, 2], [0, 1]] = 1.0
    expected[[0, 2], [2, 3]] = -1.0
    expected[[1, 3], [2, 3]] = 1.0
    expected[[1, 3], [4, 5]] = -1.0
    assert compiled.matrix.toarray().tolist() == expected.tolist()
    assert compiled.linear == pytest.approx([2.0, 1.8, 1.0, 2.7, -10.0, -9.0])
    assert compiled.diagonal == pytest.approx([0.5, 0.45, 0.0, 0.0, 1.0, 0.9])
    assert compiled.pricing is compiled.matrix
    assert compiled.column_name(3) == "route 'metal west -> east' in period 2"
    assert compiled.row_name(3) == "'metal' at 'east' in period 2"


def test_the_answer_is_a_complementarity_point_of_the_arrays():
    for concept in (Competitive(), Cournot()):
        compiled = compile_network(TWO, concept)
        result = solve_network(TWO, concept)
        x, price = result.answer.x, result.answer.price
        slope = compiled.linear + compiled.diagonal * x - compiled.pricing.T @ price
        assert np.abs(np.minimum(x, slope)).max() <= 1e-10
        assert np.abs(compiled.matrix @ x - compiled.right).max() <= 1e-10


def test_duty_on_an_endogenous_price_moves_the_pricing_matrix_only():
    duty = dataclasses.replace(TWO.routes[0], duty_share=0.1)
    compiled = compile_network(dataclasses.replace(TWO, routes=(duty,)), Competitive())
    assert compiled.matrix.toarray()[0, 2] == -1.0
    assert compiled.pricing.toarray()[0, 2] == pytest.approx(-1.1)
    assert compiled.linear[2] == pytest.approx(1.1)
    assert len(compiled.beyond_convex) == 1
