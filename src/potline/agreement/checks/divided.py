"""The certificate of a meeting's gain divided: the group that gains most, what each gains, and the games of groups."""

from __future__ import annotations

__all__ = ["verify_meeting_division"]

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.alone import solo
from potline.agreement.checks.baseline import ALONE, GROUP, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.coalitions import Table, table
from potline.agreement.checks.core import verify_core
from potline.agreement.checks.division import verify_division
from potline.agreement.checks.games import sums
from potline.agreement.checks.meeting import chosen_masks
from potline.verification import Check

if TYPE_CHECKING:
    from potline.agreement.division.answers import Core, MeetingDivision

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

QUESTION, GAIN, BOUND, GAME = "question", "gains", "no group gains more together", "worth of each group"
_RULES = ("ByShapley", "ByNucleolus", "ByNash")
_ALL, _OTHERS, _SUBSETS = 10, 32, 10
_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case; the divisions and cores are of the same game"),
    (GAIN, 1e-9, "of revenue", "added up plant by plant; alone by the best of every cut"),
    (BOUND, 1e-9, "of revenue", "most by which another group gains more: all up to 10 owners, else drawn ones"),
    (GAME, 1e-9, "of revenue", "what groups of the members would gain by a cut of their own, or each alone"),
    (GROUP, 1e-9, "relative", "cuts of the baseline are tonnes that can be idled"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
)


def verify_meeting_division(result: MeetingDivision) -> Certificate:
    """Check how the gain of a meeting's deal is divided, its divisions and cores included."""
    gaps = Gaps()
    here = baseline_of(gaps, result.case, result.rule, result.baseline, result.baseline_cuts)
    facts = here.facts
    gaps.equal(QUESTION, (result.case_name, result.least_cut_kt), (result.case.name, facts.least))
    mask = facts.mask_in_order(result.coalition)
    masks = chosen_masks(facts, {mask} if mask > 0 else set(), _OTHERS, everyone=facts.seat.size <= _ALL)
    found = table(facts, here.lines, here.base, masks, respread=False)
    together = np.where(found.inside, found.gain, 0.0).sum(axis=1)
    row = found.row(mask)
    fine = row >= 0 and bool(found.reached[row])
    gaps.equal(QUESTION, fine, bool(result.coalition))
    if not fine:
        gaps.equal(QUESTION, (result.own_gain_m_per_year, result.lone_gain_m_per_year, result.divisions), ((), (), ()))
        gaps.equal(QUESTION, (result.core, result.core_with_lone_cuts), (None, None))
        gaps.equal(QUESTION, bool(found.reached.any()), False)
        return gathered(gaps, "division", _TOLD)
    seats = [facts.seats.index(name) for name in result.coalition]
    gaps.same(GAIN, result.own_gain_m_per_year, found.gain[row, seats], facts.scale_m)
    gaps.most(BOUND, np.where(found.reached, together, -np.inf), together[row], facts.scale_m)
    lone = solo(facts, here.lines, np.zeros(len(facts.owners)))[1][facts.seat[seats]]
    gaps.same(GAIN, result.lone_gain_m_per_year, lone, facts.scale_m)
    _games(gaps, here, result, mask, lone, float(together[row]))
    return Certificate(checks=(*gathered(gaps, "division", _TOLD).checks, *_parts(result)))


def _games(gaps: Gaps, here: OnBaseline, result: MeetingDivision, mask: int, lone: Floats, whole: float) -> None:
    """Check the games that are divided: nobody idles without a deal, and each may idle alone."""
    cores: tuple[Core | None, Core | None] = (result.core, result.core_with_lone_cuts)
    divided = bool(result.divisions)
    gaps.equal(QUESTION, divided, bool(sum(result.own_gain_m_per_year) > 0.0))
    gaps.equal(QUESTION, tuple(type(item.rule).__name__ for item in result.divisions), _RULES if divided else ())
    gaps.equal(QUESTION, tuple(item is not None for item in cores), (divided, divided))
    if not divided:
        return
    facts = here.facts
    seats = [k for k in range(facts.seat.size) if mask >> k & 1]
    subsets, kept = _subsets(seats)
    found = table(facts, here.lines, here.base, np.unique(kept[np.bitwise_count(kept) > 1]), respread=False)
    named = [(item.game, 0.0) for item in result.divisions]
    named += [(core.game, alone) for core, alone in zip(cores, (0.0, 1.0), strict=True) if core is not None]
    for game, alone in named:
        each = np.maximum(lone * alone, 0.0)
        gaps.equal(QUESTION, game.players, result.coalition)
        if game.players != result.coalition:
            continue
        wanted = np.maximum(sums(each)[subsets], _gains(found, kept))
        wanted = np.where(kept == mask, whole, wanted)
        gaps.same(GAME, np.asarray(game.worth)[subsets], wanted, facts.scale_m)
    for item in result.divisions:
        gaps.same(GAME, item.own_gain_m_per_year, result.own_gain_m_per_year, facts.scale_m)
        for name in ("disagreement", "weights"):
            gaps.equal(QUESTION, dict(getattr(item.rule, name, {})), {})


def _subsets(seats: list[int]) -> tuple[Integers, Integers]:
    """Return coalitions of the members, by their places and by those at the table: all of ten, else some by seed."""
    count = len(seats)
    chosen = np.arange(1 << count)
    if count > _SUBSETS:
        rng = np.random.default_rng(count)
        drawn = rng.integers(0, 1 << count, 1 << _SUBSETS)
        chosen = np.unique(np.concatenate([drawn, 1 << np.arange(count), [0, (1 << count) - 1]]))
    kept = sum(((chosen >> k & 1) << seat for k, seat in enumerate(seats)), np.zeros(chosen.size, dtype=np.int64))
    return chosen, np.asarray(kept, dtype=np.int64)


def _gains(found: Table, kept: Integers) -> Floats:
    """Return what coalitions gain together, -inf where they make no deal."""
    total = np.where(found.reached, np.where(found.inside, found.gain, 0.0).sum(axis=1), -np.inf)
    place = np.minimum(np.searchsorted(found.mask, kept), max(found.mask.size - 1, 0))
    listed = found.mask[place] == kept if found.mask.size else np.zeros(kept.size, dtype=np.bool_)
    return np.where(listed, total[place] if found.mask.size else 0.0, -np.inf)


def _parts(result: MeetingDivision) -> tuple[Check, ...]:
    """Return the checks of the divisions and of the cores."""
    found: list[Check] = []
    for item in result.divisions:
        found += verify_division(item).checks
    for core in (result.core, result.core_with_lone_cuts):
        if core is not None:
            found += verify_core(core).checks
    return tuple(found)
