"""K* with inputs moved: one at a time and all at once, each point against the tonnages that hold there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.verdict.test_tonnages import three

import potline as pot
from potline.agreement.table.draws import drawn_at
from potline.agreement.verdict.indices import design, indices_of
from potline.choices import Belief

COST = pot.Factor(name="cost", path="plant[*].other_cost_per_t", operation="set", low=92.0, central=95.0, high=97.0)
SLOPE = pot.Factor(name="elasticity", path="demand.elasticity", operation="set", low=0.8, central=1.0, high=1.2)
BELIEFS = pytest.mark.parametrize("leaving", Belief)


def ranged() -> pot.Case:
    return dataclasses.replace(three(), factors=(COST, SLOPE))


def k_star(case: pot.Case, leaving: str, baseline: str = "observed") -> float:
    found = pot.tonnages_that_hold(case).set_of("voluntary", leaving, baseline)
    return found.k_star_kt if found.intervals else 0.0


@BELIEFS
def test_each_point_of_a_tornado_is_the_case_with_the_input_set(leaving):
    case = ranged()
    found = pot.tonnage_tornado(case, points=3, leaving=leaving)
    assert found.certificate.holds
    assert found.base_kt == pytest.approx(k_star(case, leaving))
    for row in found.rows:
        for value, kt in zip(row.values.tolist(), row.k_stars_kt.tolist(), strict=True):
            there = case.under(pot.Change(path=row.input.path, operation="set", value=value))
            assert kt == pytest.approx(k_star(there, leaving), abs=1e-6)
    assert [row.swing_kt for row in found.rows] == sorted((row.swing_kt for row in found.rows), reverse=True)


def test_a_point_at_which_nothing_holds_counts_as_no_cut():
    dear = pot.InputRange(input="plant[*].other_cost_cny_per_t", low=20.0, high=95.0)
    case = dataclasses.replace(three(), currency="CNY")
    (row,) = pot.tonnage_tornado(case, inputs=[dear], points=2).rows
    assert (row.low_kt, row.none_share) == (0.0, 0.5)


def test_indices_of_a_sum_are_the_shares_of_its_variance():
    case = ranged()
    names, points = design(case, 2048, 7)
    held = np.stack([here[:, 0] + 2.0 * here[:, 1] for here in points])
    found = indices_of(held)
    assert names == ("cost", "elasticity")
    assert found.total == pytest.approx([0.2, 0.8], abs=0.02)
    assert found.first == pytest.approx([0.2, 0.8], abs=0.02)


def test_the_sets_behind_the_indices_are_those_of_the_drawn_cases():
    case = ranged()
    found = pot.tonnage_sensitivity(case, draws=8, baseline="nash", leaving="collapse")
    assert found.certificate.holds
    _, points = design(case, 8, 7)
    for group in range(4):
        drawn = drawn_at(case, points[group]).factors
        for row in (0, 5):
            moves = (pot.Change(path=item.path, operation="set", value=float(value))
                     for item, value in zip(case.factors, drawn[row], strict=True))  # fmt: skip
            there = dataclasses.replace(case.under(*moves), factors=())
            assert found.k_star_kt[group, row] == pytest.approx(k_star(there, "collapse", "nash"), abs=1e-6)
    assert (found.draws, found.none_share) == (32, 0.0)


@pytest.fixture(scope="module")
def indices():
    return pot.tonnage_sensitivity(ranged(), draws=8)


@pytest.fixture(scope="module")
def tornado():
    return pot.tonnage_tornado(ranged(), points=3)


WRONG = ("interval", "first", "first_error", "total", "total_error", "mean_kt", "deviation_kt", "draws", "alone_cut_kt")


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("way", [lambda x: x * 1.01 + 1e-3, lambda x: x * np.nan])
def test_a_spoilt_index_is_seen(indices, name, way):
    found = indices
    wrong = dataclasses.replace(found, **{name: way(getattr(found, name))})
    assert not pot.verify(wrong).holds


@pytest.mark.parametrize("name", ["values", "interval", "alone_cut_kt", "base_kt"])
@pytest.mark.parametrize("way", [lambda x: x * 1.01 + 1e-3, lambda x: x * np.nan])
def test_a_spoilt_row_of_a_tornado_is_seen(tornado, name, way):
    found = tornado
    row = dataclasses.replace(found.rows[0], **{name: way(getattr(found.rows[0], name))})
    assert not pot.verify(dataclasses.replace(found, rows=(row, *found.rows[1:]))).holds


def test_rows_in_another_order_and_another_base_are_seen(tornado):
    found = tornado
    assert not pot.verify(dataclasses.replace(found, rows=found.rows[::-1])).holds
    assert not pot.verify(dataclasses.replace(found, base_interval=found.base_interval * 0.9)).holds
    assert not pot.verify(dataclasses.replace(found, leaving=Belief.COLLAPSE)).holds


@pytest.fixture(scope="module")
def plane():
    return pot.tonnage_map(ranged(), "cost", "elasticity", points=(4, 3))


@pytest.mark.parametrize("baseline", ["observed", "nash"])
@BELIEFS
def test_each_point_of_a_map_is_the_case_with_both_inputs_set(leaving, baseline):
    case = ranged()
    found = pot.tonnage_map(case, "cost", "elasticity", points=(3, 2), leaving=leaving, baseline=baseline)
    assert found.certificate.holds
    assert found.base_kt == pytest.approx(k_star(case, leaving, baseline))
    for row, second in enumerate(found.second_values.tolist()):
        for column, first in enumerate(found.first_values.tolist()):
            there = case.under(
                pot.Change(path=COST.path, operation="set", value=first),
                pot.Change(path=SLOPE.path, operation="set", value=second),
            )
            assert found.k_star_kt[row, column] == pytest.approx(k_star(there, leaving, baseline), abs=1e-6)


def test_a_map_of_the_same_number_twice_is_refused():
    again = pot.InputRange(input=SLOPE.path, low=0.5, high=0.9)
    with pytest.raises(pot.InputError) as caught:
        pot.tonnage_map(ranged(), "elasticity", again)
    assert str(caught.value) == "the two inputs: found demand.elasticity twice; needed two different numbers."


def test_where_nothing_holds_a_map_is_0():
    dear = pot.InputRange(input="plant[*].other_cost_cny_per_t", low=20.0, high=95.0)
    case = dataclasses.replace(ranged(), currency="CNY")
    found = pot.tonnage_map(case, dear, "elasticity", points=(2, 2))
    assert (found.k_star_kt[:, 0] == 0.0).all()
    assert found.none_share == 0.5


@pytest.mark.parametrize("name", ["interval", "alone_cut_kt", "first_values", "second_values", "base_interval"])
@pytest.mark.parametrize("way", [lambda x: x * 1.01 + 1e-3, lambda x: x * np.nan])
def test_a_spoilt_map_is_seen(plane, name, way):
    assert not pot.verify(dataclasses.replace(plane, **{name: way(getattr(plane, name))})).holds


def test_a_map_the_other_way_round_is_seen(plane):
    assert not pot.verify(dataclasses.replace(plane, interval=plane.interval[:, ::-1])).holds
    assert not pot.verify(dataclasses.replace(plane, leaving=Belief.COLLAPSE)).holds
    assert not pot.verify(dataclasses.replace(plane, first=plane.second, first_values=plane.second_values)).holds
