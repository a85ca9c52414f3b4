"""Certificates of enforcement and of repeated games: every figure spoilt in turn, and what does not exist."""

import dataclasses

import numpy as np
import pytest
from tests.numerics.repeated.test_payoffs import COURNOT, drawn
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.errors import Infeasible
from potline.textbook.payoffs import RepeatedGame
from potline.textbook.repeated_games_verify import prove_empty
from potline.verification import failed

DILEMMA = RepeatedGame(payoffs_m=np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]]))
PLAYED = ("game", "factor", "transfers", "outer_directions")


@pytest.mark.parametrize(
    ("game", "factor", "options"),
    [
        (DILEMMA, 0.9, {}),
        (DILEMMA, 0.9, {"outer_directions": 16}),
        (RepeatedGame(payoffs_m=COURNOT), 0.3, {}),
        (DILEMMA, 0.9, {"transfers": True}),
        (RepeatedGame(payoffs_m=np.random.default_rng(3).normal(size=(3, 2, 3, 2))), 0.7, {"transfers": True}),
    ],
    ids=["dilemma", "outer bound", "cournot", "payments", "three players"],
)
def test_every_figure_of_a_payoff_set_is_looked_at(game, factor, options):
    result = pot.payoff_set(game, factor, **options)
    assert_caught(spoil(result, question=PLAYED))


def test_a_smaller_set_that_generates_itself_is_refused():
    """Static play for ever attains itself; only a bound from outside says that more can be had."""
    result = pot.payoff_set(DILEMMA, 0.9)
    point = dataclasses.replace(result, vertices_m=np.array([[3.0, 3.0]]), worst_m=(3.0, 3.0), joint_m=6.0)
    assert failed(pot.verify(point).checks) == ("nothing beyond",)


def test_that_nothing_exists_is_proven():
    pennies = RepeatedGame(payoffs_m=np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]))
    for transfers in (False, True):
        with pytest.raises(Infeasible):
            pot.payoff_set(pennies, 0.2, transfers=transfers)
        assert prove_empty(pennies.payoffs_m, 0.2, transfers=transfers)
        assert not prove_empty(DILEMMA.payoffs_m, 0.2, transfers=transfers)


@pytest.mark.parametrize("seed", range(1000, 1020))
def test_random_games_are_certified_from_both_sides(seed):
    payoffs, factor = drawn(seed)
    try:
        assert pot.payoff_set(RepeatedGame(payoffs_m=payoffs), factor).certificate.holds
    except Infeasible:
        assert prove_empty(payoffs, factor, transfers=False)
