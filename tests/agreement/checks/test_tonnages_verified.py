"""The certificate of the tonnages that hold: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses

import pytest
from tests.agreement.tiny import tiny
from tests.agreement.verdict.test_tonnages import three
from tests.spoiling import assert_caught, spoil

import potline as pot

PAIRS, HOLE, NASH, ALL, MONEY = "sets[0]", "sets[2]", "sets[12]", "sets[11]", "sets[5]"


@pytest.mark.parametrize(
    ("case", "some"),
    [
        (three(), (PAIRS, HOLE, ALL, NASH, "nash_cuts")),
        (three(parts=2, lump=0.4), (PAIRS,)),
        (tiny(margin=300.0, pressure=0.0), (MONEY,)),
    ],
)
def test_every_figure_of_the_tonnages_is_looked_at(case, some):
    """Of some sets: one that pairs hold, one with a hole, one from best cuts alone, all or none, with payments."""
    found = pot.tonnages_that_hold(case)
    assert_caught(spoil(found, most=24, only=some, question=("case", "rule")))


def test_a_hole_that_is_filled_and_an_interval_that_is_left_out_are_seen():
    found = pot.tonnages_that_hold(three())
    place = next(k for k, one in enumerate(found.sets) if len(one.intervals) == 2)
    one = found.sets[place]
    low, high = one.intervals
    filled = dataclasses.replace(high, low_kt=low.low_kt)
    for intervals in ((filled,), (high,), (low,)):
        wrong = dataclasses.replace(one, intervals=intervals)
        sets = (*found.sets[:place], wrong, *found.sets[place + 1 :])
        assert not pot.verify(dataclasses.replace(found, sets=sets)).holds


def test_a_set_left_out_and_one_told_twice_are_seen():
    found = pot.tonnages_that_hold(three())
    for sets in (found.sets[1:], (), (found.sets[0], *found.sets)):
        assert not pot.verify(dataclasses.replace(found, sets=sets)).holds
