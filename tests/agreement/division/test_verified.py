"""Certificates of divisions: every figure of core, nucleolus, bargain, division and a meeting's spoilt in turn."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.verification import failed


def game(worth: list[float]) -> pot.CoalitionGame:
    return pot.CoalitionGame(players=tuple("ABCD"[: len(worth).bit_length() - 1]), worth=np.array(worth))


FULL = game([0.0, 1, 2, 9, 3, 8, 7, 20])
EMPTY = game([0.0, 0.1, 0.2, 1.1, 0, 0.9, 1, 1.2])
ONE = game([0.0, 3.0])
BOUND = game([0.0, 4, 0, 4.5, 1, 3, 2.2, 6.0])
MENU = [[8.0, 1.0], [5.0, 2.0], [1.0, 4.0]]


@pytest.mark.parametrize("asked", [FULL, EMPTY, ONE, BOUND], ids=["full", "empty", "one", "bound"])
def test_every_figure_of_a_core_is_looked_at(asked):
    found = pot.core(asked)
    assert found.empty == (asked in (EMPTY, BOUND))
    assert_caught(spoil(found, question=("game", "tolerance")))


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize("asked", [FULL, EMPTY, BOUND], ids=["full", "empty", "bound"])
def test_every_figure_of_a_nucleolus_is_looked_at(asked, bounded):
    found = pot.nucleolus(asked, individually_rational=bounded)
    assert_caught(spoil(found, question=("game", "tolerance", "individually_rational")))


@pytest.mark.parametrize("terms", ["payments", "none", "lotteries"])
@pytest.mark.parametrize("ground", [[0.5, 1.5], [9.0, 9.0]])
def test_every_figure_of_a_bargain_is_looked_at(terms, ground):
    found = pot.nash_bargaining(("A", "B"), MENU, disagreement=ground, weights=[2.0, 1.0], terms=terms)
    assert found.agreed == (ground[0] < 9.0)
    assert found.gap < 1e-12
    plain = dataclasses.replace(found, gap=0.0)  # what rounding leaves cannot be spoilt by 1 %
    right = {} if found.agreed else {"weights *": "a part of the question that decides nothing where nobody agrees"}
    assert_caught(spoil(plain, question=("players", "terms", "outcomes", "disagreement")), right)


@pytest.mark.parametrize(
    "rule", [pot.ByShapley(), pot.ByNucleolus(), pot.ByNash(disagreement={"A": 0.5}, weights={"B": 3.0})]
)
def test_every_figure_of_a_division_is_looked_at(rule):
    from types import SimpleNamespace

    gains = SimpleNamespace(owners=("A", "B", "C"), mask=np.array([3, 5, 7]), gain_m_per_year=np.array([8.0, 4.0, 9.0]))
    found = pot.divide(gains, {"A": -3.0, "B": 7.0, "C": 5.0}, rule=rule, alone_m_per_year={"C": 0.5})
    assert_caught(spoil(found, question=("game", "rule")))


def test_one_payment_too_many_is_refused():
    from types import SimpleNamespace

    gains = SimpleNamespace(owners=("A", "B", "C"), mask=np.array([7]), gain_m_per_year=np.array([9.0]))
    found = pot.divide(gains, {"A": 0.0, "B": 3.0, "C": 6.0}, rule=pot.ByShapley())
    assert [(item.payer, item.receiver) for item in found.payments] == [("C", "A")]
    detour = (
        pot.Payment(payer="B", receiver="A", amount_m_per_year=3.0),
        pot.Payment(payer="C", receiver="B", amount_m_per_year=3.0),
    )
    assert failed(pot.verify(dataclasses.replace(found, payments=detour)).checks) == ("division: fewest payments",)


@pytest.mark.parametrize(("baseline", "least"), [("observed", 150.0), ("nash", 40.0), ("observed", 5000.0)])
def test_every_figure_of_a_meetings_division_is_looked_at(baseline, least):
    found = pot.divide_meeting(tiny(least=least, pressure=0.0, margin=300.0), baseline=baseline)
    assert bool(found.divisions) == (least == 150.0)
    games = ("core.game", "core_with_lone_cuts.game", "core.tolerance", "core_with_lone_cuts.tolerance")
    tested = spoil(found, question=("case", "baseline", "rule", *games), most=2)
    tested = [item for item in tested if ".game" not in item.path and ".rule" not in item.path]
    assert_caught(tested)


def test_a_game_of_other_worths_is_refused():
    found = pot.divide_meeting(tiny(least=40.0, pressure=0.0, margin=300.0))
    worth = np.array(found.core.game.worth)
    worth[3] *= 1.01
    other = pot.core(dataclasses.replace(found.core.game, worth=worth))
    assert failed(pot.verify(dataclasses.replace(found, core=other)).checks) == ("division: worth of each group",)


def test_another_group_is_refused_though_its_figures_are_its_own():
    case = tiny(least=40.0, pressure=0.0, margin=300.0)
    best = pot.divide_meeting(case)
    meeting = dataclasses.replace(case.meeting, firms=("E", "S"), owners=("E", "S"))
    smaller = pot.divide_meeting(dataclasses.replace(case, meeting=meeting))
    assert set(smaller.coalition) < set(best.coalition)
    wrong = dataclasses.replace(smaller, case=case)
    assert "division: no group gains more together" in failed(pot.verify(wrong).checks)
