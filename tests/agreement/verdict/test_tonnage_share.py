"""The tonnages that hold over the ranges of a case: each draw is a meeting of its own."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.verdict.test_tonnages import ends, three
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement.table.draws import draw_case
from potline.choices import TESTED, Baseline, Belief
from potline.errors import InputError

LOSS = pot.Factor(name="cost", path="plant[*].other_cost_per_t", operation="set", low=92.0, central=95.0, high=97.0)


def ranged() -> pot.Case:
    return dataclasses.replace(three(), factors=(LOSS,))


def test_without_ranges_every_draw_holds_the_tonnages_of_the_case():
    share = pot.tonnage_share(three(), draws=8)
    found = pot.tonnages_that_hold(three())
    for one in found.sets:
        at = share.place(one.institution, one.leaving, one.baseline)
        for row in share.interval[:, *at]:
            kept = row[~np.isnan(row[:, 0])]
            assert [(low, high, a > 0, b > 0) for low, high, a, b in kept.tolist()] == ends(one)
    assert share.at(np.array([49.0, 75.0, 101.0])).tolist() == [0.0, 1.0, 0.0]
    assert (share.asked_kt, share.share[0, 0, 0], share.none[0, 0, 0]) == (10.0, 0.0, 0.0)
    assert share.k_star_kt().tolist() == [pytest.approx(100.0)] * 8


def test_every_draw_is_a_meeting_of_its_own():
    case = ranged()
    share = pot.tonnage_share(case, draws=16, seed=3)
    drawn = draw_case(case, 16, 3).factors[:, 0]
    for row, cost in enumerate(drawn.tolist()):
        there = case.under(pot.Change(path=LOSS.path, operation="set", value=cost))
        found = pot.tonnages_that_hold(dataclasses.replace(there, factors=())).set_of("voluntary", "respread")
        expected = found.k_star_kt if found.intervals else 0.0
        assert share.k_star_kt(leaving=Belief.RESPREAD)[row] == pytest.approx(expected, rel=1e-9)
    assert share.error.max() <= 0.5
    assert np.array_equal(pot.tonnage_share(case, draws=16, seed=3).interval, share.interval, equal_nan=True)


def test_a_draw_in_which_nothing_holds_counts_as_no_cut():
    dear = dataclasses.replace(LOSS, low=20.0, central=21.0, high=22.0)
    share = pot.tonnage_share(dataclasses.replace(three(), factors=(dear,)), draws=8)
    assert share.none.tolist() == np.ones((len(Baseline), len(Belief), len(TESTED))).tolist()
    assert share.k_star_kt().tolist() == [0.0] * 8
    assert 0.0 < share.none_bound < 1.0


def test_every_figure_of_the_share_is_looked_at():
    share = pot.tonnage_share(ranged(), draws=8)
    assert share.certificate.holds
    some = ("asked_kt", "share", "error", "none", "factors", "draws", "seed", "version")
    assert_caught(spoil(share, most=6, only=some, question=("case", "rule")))


def test_a_spoilt_end_of_a_draw_that_is_held_again_is_seen():
    share = pot.tonnage_share(ranged(), draws=8)
    wrong = share.interval.copy()
    wrong[..., 1] *= 0.9
    assert not pot.verify(dataclasses.replace(share, interval=wrong)).holds


@pytest.mark.parametrize("name", ["most_kt", "alone_cut_kt", "interval"])
def test_a_draw_that_is_not_held_again_is_still_looked_at(name):
    share = pot.tonnage_share(ranged(), draws=64)
    wrong = getattr(share, name).copy()
    row = 5
    if name == "interval":
        wrong[row, ..., :1, 1] = share.most_kt.max() * 1.5
    else:
        wrong[row] += 7.0 if name == "alone_cut_kt" else np.array([0.0, 7.0])
    assert not pot.verify(dataclasses.replace(share, **{name: wrong})).holds


def test_words_that_are_none_are_refused():
    share = pot.tonnage_share(three(), draws=8)
    with pytest.raises(InputError, match=r"TonnageShare, institution: found 'forced'"):
        share.place("forced", "keep", "observed")
    with pytest.raises(InputError, match=r"Belief: found 'sulk'|Belief: found 'sulk'"):
        share.at(np.array([1.0]), leaving="sulk")
