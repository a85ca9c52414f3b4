"""The certificate of a meeting under each institution: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement.checks.ahead import consistent, levelled, proposed
from potline.agreement.institutions.farsighted import in_turn, largest_consistent_set

QUESTION = ("case", "asked", "baseline", "leaving", "rule")
EVERY = (
    pot.Voluntary(),
    pot.VoluntaryWithTransfers(),
    pot.Unanimity(),
    pot.Sequential(),
    pot.Farsighted(),
    pot.ConditionalStockpile(kt_per_kt_idled=0.5, premium_per_t=20.0),
    pot.Mandated(),
)
WAYS = [("observed", "keep", 150.0), ("nash", "respread", 40.0), ("observed", "collapse", 5000.0)]


@pytest.mark.parametrize(("baseline", "leaving", "least"), WAYS)
@pytest.mark.parametrize("institution", EVERY, ids=lambda one: type(one).__name__)
def test_every_figure_of_an_institution_is_looked_at(institution, baseline, leaving, least):
    case = tiny(least=least, pressure=0.0, margin=300.0)
    found = pot.convene(case, institution, baseline=baseline, leaving=leaving)
    assert_caught(spoil(found, most=3, question=QUESTION))


def test_another_group_is_refused_though_its_figures_are_its_own():
    """Another group with its own gains, cut and margin: seen by the groups that do better."""
    case = tiny(least=40.0, pressure=0.0, margin=300.0)
    best = pot.convene(case, pot.Voluntary())
    meeting = dataclasses.replace(case.meeting, owners=("E", "S"))
    smaller = pot.convene(dataclasses.replace(case, meeting=meeting), pot.Voluntary())
    gain = dict(zip(smaller.owners, smaller.gain_m_per_year, strict=True))
    wrong = dataclasses.replace(
        best,
        group=smaller.group,
        groups=smaller.groups,
        verdict=smaller.verdict,
        margin_m_per_year=smaller.margin_m_per_year,
        cut_kt=smaller.cut_kt,
        gain_m_per_year=np.array([gain.get(name, best.gain_m_per_year[k]) for k, name in enumerate(best.owners)]),
    )
    assert set(best.group) != {"E", "S"}
    assert not pot.verify(wrong).holds


def test_every_figure_of_the_shares_by_institution_is_looked_at():
    asked = (pot.Sequential(), pot.Farsighted(), pot.Mandated(), pot.Unanimity())
    found = pot.institution_share(tiny(least=40.0, pressure=0.0, margin=300.0), asked, draws=8)
    assert_caught(spoil(found, most=3, question=("case", "asked", "rule")))


def test_a_tolerance_is_refused():
    found = pot.convene(tiny(), pot.Mandated())
    with pytest.raises(pot.InputError, match="none for a Convened"):
        pot.verify(found, 1e-3)


def tables(seed: int):
    """Groups of two or more of four owners that can form, with payoffs of few values, so that many tie."""
    rng = np.random.default_rng(seed)
    masks = np.array([m for m in range(1, 16) if m.bit_count() > 1 and rng.random() < 0.8], dtype=np.int64)
    return masks, rng.integers(-2, 4, (masks.size, 4)).astype(float)


@pytest.mark.parametrize("seed", range(60))
def test_proposals_in_turn_are_solved_alike_by_both(seed):
    masks, payoff = tables(seed)
    rows = {int(mask): tuple(payoff[k].tolist()) for k, mask in enumerate(masks)}
    order = tuple(np.random.default_rng(seed + 1000).permutation(4).tolist())
    found = in_turn(4, lambda mask: (0.0,) * 4 if mask == 0 else rows.get(mask), order)
    group, paid, settled = proposed(masks, payoff, order)
    assert (group, settled) == (found.group, found.settled)
    assert tuple(paid.tolist()) == found.payoffs


@pytest.mark.parametrize("seed", range(60))
def test_the_largest_consistent_set_is_the_same_by_both(seed):
    masks, payoff = tables(seed)
    states = [0, *masks.tolist()]
    place = {mask: k for k, mask in enumerate(states)}
    moves = [(a, b, other) for (a, one), (b, other) in itertools.permutations(enumerate(states), 2) if other & ~one]
    for a, one in enumerate(states):
        for gone in range(1, one + 1):
            if gone & ~one == 0:
                moves.append((a, place.get(one ^ gone, 0), gone))
    worth = np.concatenate([np.zeros((1, 4)), payoff])
    assert consistent(masks, payoff).tolist() == largest_consistent_set(worth, np.array(moves)).tolist()


def test_payoffs_alike_but_for_rounding_tie():
    found = levelled(np.array([[1.0, 2.0], [1.0 + 1e-13, 1e-14], [3.0, 5.0]]), 1e-9)
    assert found.tolist() == [[1.0, 2.0], [1.0, 0.0], [3.0, 5.0]]
