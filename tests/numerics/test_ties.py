"""What is equal on paper is equal: grouping, markets, cuts, cartels and meetings in which only rounding differs."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import potline as pot
from potline.compiled import compile_industry
from potline.equilibrium.lines import solve_lines
from potline.numerics.ties import TIE, tied
from potline.shutdown import priced_at, terms_of

# equal on paper, unequal in the last bit
ONE = 0.499 * 14_100.0 + 1.93 * 2_200.0 + 2_500.0
OTHER = 0.332 * 14_100.0 + 1.93 * 2_200.0 + 4_854.7


def pair(*costs, capacity=200.0, **more):
    plants = [
        pot.Plant(name=n, firm=n, capacity_kt=capacity, other_cost_per_t=c, **more)
        for n, c in zip("ABC", costs, strict=False)
    ]
    demand = pot.LinearDemand(price_per_t=ONE, quantity_kt=200.0, elasticity=0.5)
    return pot.Industry(name="pair", demand=demand, plants=tuple(plants), price_per_t=ONE)


def test_the_example_is_one():
    assert 0.0 < OTHER - ONE < 1e-11


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=12), st.floats(0.0, 1e4), st.randoms(use_true_random=False))
def test_groups_are_transitive_whatever_the_order_and_move_nothing_by_more_than_a_tie(values, scale, random):
    steps = [value + k * 0.4 * TIE * max(abs(value), scale) for value in values for k in range(4)]
    found = dict(zip(steps, tied(steps, scale).tolist(), strict=True))
    random.shuffle(steps)
    assert dict(zip(steps, tied(steps, scale).tolist(), strict=True)) == found
    for value, same in found.items():
        assert same <= value
        assert value - same <= TIE * max(abs(value), abs(same), scale)
        assert found.get(same, same) == same
    groups = sorted(set(found.values()))
    for low, high in itertools.pairwise(groups):
        assert high - low > TIE * max(abs(low), abs(high), scale)


def test_what_is_not_a_finite_number_ties_with_nothing_and_rows_stand_alone():
    given_rows = np.array([[math.inf, 1.0, math.nan], [1.0 + 1e-12, 1.0, math.inf]])
    np.testing.assert_array_equal(tied(given_rows), [[math.inf, 1.0, math.nan], [1.0, 1.0, math.inf]])
    np.testing.assert_array_equal(tied([[1e-11, 0.0], [1e-11, 0.0]], [1.0, 1e-3]), [[0.0, 0.0], [1e-11, 0.0]])
    assert tied([]).shape == (0,)
    assert tied([math.inf, 3.0]).tolist() == [math.inf, 3.0]


@pytest.mark.parametrize("costs", [(ONE, OTHER), (OTHER, ONE), (ONE, ONE)])
def test_owners_whose_costs_are_equal_on_paper_sell_the_same(costs):
    found = pot.solve(pair(*costs), pot.Competitive())
    assert found.output_kt.tolist() == pytest.approx([100.0, 100.0], abs=1e-9)
    assert found.uniqueness == "proven"
    strategic = pot.solve(pair(*costs), pot.Cournot())
    assert strategic.output_kt[0] == strategic.output_kt[1]


@given(st.integers(1, 40), st.integers(100, 20_000), st.integers(0, 9_999), st.integers(0, 9_999))
def test_random_pairs_equal_on_paper_share(use, price, first, second):
    """Two ways to one number of hundredths: use x price and a rest, the rest split differently."""
    one = use / 100.0 * price + first / 100.0 + second / 100.0
    other = (use / 100.0 * price + second / 100.0) + first / 100.0
    rows = [pot.solve(pair(*costs), pot.Competitive()).output_kt.tolist() for costs in ((one, other), (other, one))]
    assert rows[0] == pytest.approx(rows[1], abs=1e-6)
    assert rows[0][0] == pytest.approx(rows[0][1], abs=1e-6)


def test_a_cost_equal_on_paper_to_an_import_price_is_that_price():
    trade = pot.Trade(tranches=(pot.Tranche(price_per_t=OTHER),))
    both = [
        pot.solve(dataclasses.replace(pair(cost), trade=trade), pot.Competitive()).output_kt[0]
        for cost in (ONE, OTHER, OTHER + 1e-11)
    ]
    assert both == pytest.approx([both[0]] * 3, abs=1e-6)


def test_a_recorded_cut_takes_as_much_from_plants_equal_on_paper():
    base = pair(ONE, OTHER)
    one = dataclasses.replace(base, plants=tuple(dataclasses.replace(plant, firm="A") for plant in base.plants))
    cut = pot.JointCut(signatories=("A",), rule=pot.ProRata(share_of_running=0.25))
    found = pot.solve(one.under(cut), pot.Competitive())
    assert found.output_kt[0] == pytest.approx(found.output_kt[1], rel=1e-12)


@pytest.mark.parametrize("costs", [(ONE, OTHER), (OTHER, ONE)])
def test_whole_lines_do_not_see_the_last_bit(costs):
    found = solve_lines(pair(*costs, line_kt=50.0), unit_kt=50.0)
    assert found.output_kt.tolist() == solve_lines(pair(ONE, ONE, line_kt=50.0), unit_kt=50.0).output_kt.tolist()


def test_owners_equal_on_paper_are_one_kind():
    found = pot.cartel_stability(pair(ONE, OTHER, ONE))
    assert found.kind.tolist() == [0, 0, 0]
    assert found.number.sum() == 8.0


def test_the_meeting_gives_plants_equal_on_paper_one_stopping_price_and_one_loss():
    moving = dataclasses.replace(pair(ONE, OTHER, stop_cost_per_t=300.0, restart_cost_per_t=900.0),
                                 process=pot.PriceProcess(volatility=0.2))  # fmt: skip
    found = priced_at(terms_of(compile_industry(moving), 1.0), ONE)
    for values in (found.stop_price, found.restart_price, found.loss_part, found.loss_whole):
        assert values[0, 0] == values[0, 1]
