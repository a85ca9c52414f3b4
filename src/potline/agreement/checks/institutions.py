"""The certificate of a meeting held under an institution: who cuts, what each gains, and that no group would do better.

Groups are evaluated from the case by the checker's own markets; where owners look ahead, their game is solved again.
"""

from __future__ import annotations

__all__ = ["verify_convened", "verify_institution_share"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.ahead import consistent, levelled, proposed
from potline.agreement.checks.alone import base_of, regret
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.baseline import ALONE, GROUP, QUESTION, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.coalitions import BELIEFS, Table, Terms, every_mask, idling, scores, table
from potline.agreement.checks.facts import read
from potline.agreement.checks.market import lines_of
from potline.agreement.checks.meeting import chosen_masks, most_reached
from potline.agreement.checks.points import at_draw, drawn
from potline.agreement.checks.shares import COUNT, check_counts
from potline.agreement.checks.state import told
from potline.choices import Baseline, Belief, Institution

if TYPE_CHECKING:
    from potline.agreement.institutions.outcome import Convened, InstitutionShare

Floats = NDArray[np.float64]

GAINS, MARGIN = "gains", "margin and verdict"
BOUND, REACH, AHEAD = "no group better", "no group reaches the tonnage", "who looks ahead"
HELD = "draws"
_COLUMN = {
    Institution.VOLUNTARY: 0,
    Institution.TRANSFERS: 1,
    Institution.UNANIMITY: 2,
    Institution.CONDITIONAL_STOCKPILE: 0,
}
_OTHERS, _FEW = 32, 16
_ALL = 10
_TIE = 1e-9
_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (GROUP, 1e-9, "relative", "who is in, and what the rule lets them idle"),
    (GAINS, 1e-9, "of revenue", "added up plant by plant in markets cleared again"),
    (MARGIN, 1e-9, "of revenue", "the test of the group that decides, from both sides, and the verdict"),
    (BOUND, 1e-9, "of revenue", "most by which another group does better: all up to 10 owners, else drawn ones"),
    (REACH, 0.0, "of the tonnage", "what all at the table could idle together, above what is asked"),
    (AHEAD, 0.0, "differences", "the game of those who look ahead, solved again"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
)


def verify_convened(result: Convened) -> Certificate:
    """Check what a meeting comes to under an institution.

    Args:
        result: with or without a certificate.
    """
    gaps = Gaps()
    here = baseline_of(gaps, result.case, result.rule, result.baseline, result.baseline_cuts)
    facts, name = here.facts, result.institution
    gaps.equal(QUESTION, name, _name(result.asked))
    gaps.equal(QUESTION, result.owners, facts.seats)
    gaps.equal(QUESTION, result.leaving in BELIEFS, True)
    bought = float(getattr(result.asked, "kt_per_kt_idled", 0.0))
    terms = Terms(bought=bought, premium=float(getattr(result.asked, "premium_per_t", 0.0)))
    mask = facts.mask_in_order(result.group)
    gaps.equal(GROUP, mask < 0, not result.group)
    ahead = name in (Institution.SEQUENTIAL, Institution.FARSIGHTED)
    masks = chosen_masks(facts, {mask}, _OTHERS, everyone=ahead or facts.seat.size <= _ALL)
    found = table(facts, here.lines, here.base, masks, terms=terms if bought else None)
    if result.leaving == Belief.REOPTIMISE and name in _COLUMN:
        found = with_anew(facts, here.lines, here.base, found, named={mask})
    row = found.row(mask)
    _figures(gaps, here, found, row, result)
    if ahead:
        _ahead(gaps, here, found, result)
    else:
        _one(gaps, here, found, row, result)
    return gathered(gaps, "institution", _TOLD)


def _figures(gaps: Gaps, here: OnBaseline, found: Table, row: int, result: Convened) -> None:
    """Check the cut and the gains of the stated group; where there is none nobody gains."""
    facts = here.facts
    if row < 0:
        gaps.same(GROUP, result.cut_kt, math.nan)
        gaps.same(GAINS, result.gain_m_per_year, np.zeros(facts.seat.size), facts.scale_m)
        return
    gaps.equal(GROUP, bool(found.reached[row]), True)
    gaps.same(GROUP, result.cut_kt, float(found.cut[row].sum()), facts.table_kt or 1.0)
    gaps.same(GAINS, result.gain_m_per_year, found.gain[row], facts.scale_m)


def _one(gaps: Gaps, here: OnBaseline, found: Table, row: int, result: Convened) -> None:
    """Check an institution under which one group cuts if its test allows it."""
    facts, name = here.facts, result.institution
    gaps.equal(GROUP, result.groups, (result.group,))
    gaps.equal(AHEAD, result.settled, True)
    if name == Institution.MANDATED:
        gaps.same(MARGIN, result.margin_m_per_year, math.nan)
        able = (facts.size - here.base.cut)[facts.seat] > _TIE * max(float(facts.size.sum()), 1e-300)
        whole = tuple(owner for owner, runs in zip(facts.seats, able, strict=True) if runs)
        asked = most_reached(facts, here.base) > 0.0
        gaps.equal(GROUP, result.group, whole if asked else ())
        gaps.equal(MARGIN, result.verdict, told(result.case, "agreement" if asked else "infeasible"))
        return
    column = scores(facts, here.base, found)[:, BELIEFS.index(result.leaving), _COLUMN[name]]
    if row < 0:
        gaps.same(MARGIN, result.margin_m_per_year, math.nan)
        gaps.equal(MARGIN, result.verdict, told(result.case, "infeasible"))
        gaps.add(REACH, most_reached(facts, here.base, paid=name == Institution.TRANSFERS))
        gaps.add(REACH, np.where(np.isinf(column), 0.0, 1.0))
        return
    margin = result.margin_m_per_year
    gaps.same(MARGIN, margin, column[row], facts.scale_m)
    gaps.most(BOUND, np.where(np.isinf(column), margin, column), margin, facts.scale_m)
    gaps.equal(MARGIN, result.verdict, told(result.case, "agreement" if margin >= 0.0 else "no agreement"))


def _ahead(gaps: Gaps, here: OnBaseline, found: Table, result: Convened) -> None:
    """Check an institution under which owners look ahead, by its game over all groups that can form."""
    facts = here.facts
    gaps.same(MARGIN, result.margin_m_per_year, math.nan)
    able = found.reached & idling(facts, found)
    masks, payoff = found.mask[able], levelled(found.gain[able], _TIE * facts.revenue_m)
    feasible = bool(masks.size)
    if result.institution == Institution.SEQUENTIAL:
        order = tuple(getattr(result.asked, "order", ())) or facts.seats
        group, paid, settled = proposed(masks, payoff, tuple(facts.seats.index(owner) for owner in order))
        gaps.equal(AHEAD, (facts.mask_in_order(result.group), result.settled), (group or -1, settled))
        gaps.equal(AHEAD, result.groups, (result.group,))
        gaps.same(GAINS, result.gain_m_per_year, paid, facts.scale_m)
        verdict = "agreement" if group else "no agreement"
    else:
        gaps.equal(AHEAD, result.settled, True)
        stays = consistent(masks, payoff)
        kept = [0 if not names else facts.mask_in_order(names) for names in result.groups]
        gaps.equal(AHEAD, kept, ([0] if stays[0] else []) + masks[stays[1:]].tolist())
        total = np.where(found.inside[able], found.gain[able], 0.0).sum(axis=1)
        row = np.flatnonzero(masks == facts.mask_in_order(result.group))
        gaps.equal(AHEAD, bool(result.group), bool(stays[1:].any()))
        if stays[1:].any() and row.size:
            gaps.equal(AHEAD, bool(stays[1:][row[0]]), True)
            gaps.most(BOUND, total[stays[1:]], total[row[0]], facts.scale_m)
        verdict = "no agreement" if stays[0] else "agreement"
    gaps.equal(MARGIN, result.verdict, told(result.case, verdict if feasible else "infeasible"))
    if not feasible:
        gaps.add(REACH, most_reached(facts, here.base, paid=False))
    gaps.equal(GROUP, every_mask(facts.seat.size).size, found.mask.size)


def verify_institution_share(result: InstitutionShare) -> Certificate:
    """Check shares of draws with an agreement by institution: counted again, and some draws held again."""
    gaps, case = Gaps(), result.case
    names = tuple(_name(one) for one in result.asked)
    agreed, count = result.agreed, result.agreed.shape[0]
    shape = (count, 2, len(names))
    told = (result.case_name, result.baselines, result.institutions, agreed.shape, result.certain.shape, result.draws)
    gaps.equal(QUESTION, told, (case.name, tuple(Baseline), names, shape, shape, count))
    asked = result.leaving in BELIEFS and count % 8 == 0
    gaps.equal(QUESTION, asked, True)
    found = drawn(gaps, QUESTION, case, result.draws, result.seed)
    if agreed.shape != shape or result.certain.shape != shape or found is None or not asked:
        return gathered(gaps, "shares", _SHARED)
    check_counts(gaps, agreed, result.share, result.error, result.bound)
    gaps.same(COUNT, result.settled, np.count_nonzero(result.certain, axis=0) / count)
    gaps.equal(QUESTION, bool(np.isfinite(result.alone_cut_kt).all()), True)
    values, error = found
    for row in range(count) if count <= _FEW else (0, count // 2, count - 1):
        facts = read(at_draw(case, values[row], error[row]), rule=result.rule)
        lines = lines_of(facts)
        cut = result.alone_cut_kt[row]
        if cut.shape != (len(facts.owners),) or not np.isfinite(cut).all():
            gaps.equal(QUESTION, cut.shape, "cuts of each owner")
            continue
        gain, slope, off = regret(facts, lines, cut)
        gaps.add(ALONE, max(gain * 1e3, slope, off / (facts.table_kt or 1.0)))
        for b, alone in enumerate((None, cut)):
            here = OnBaseline(facts, lines, base_of(facts, lines, alone))
            for k, one in enumerate(result.asked):
                said = (bool(agreed[row, b, k]), bool(result.certain[row, b, k]))
                gaps.equal(HELD, said, _outcome(here, one, result.leaving))
    return gathered(gaps, "shares", _SHARED)


def _outcome(here: OnBaseline, asked: object, leaving: Belief) -> tuple[bool, bool]:
    """Return whether an institution brings an agreement, and whether that is certain."""
    facts, name = here.facts, _name(asked)
    if name == Institution.MANDATED:
        return most_reached(facts, here.base) > 0.0, True
    bought = float(getattr(asked, "kt_per_kt_idled", 0.0))
    terms = Terms(bought=bought, premium=float(getattr(asked, "premium_per_t", 0.0))) if bought else None
    found = table(facts, here.lines, here.base, every_mask(facts.seat.size), terms=terms)
    if name in _COLUMN:
        if leaving == Belief.REOPTIMISE:
            found = with_anew(facts, here.lines, here.base, found)
        column = scores(facts, here.base, found)[:, BELIEFS.index(leaving), _COLUMN[name]]
        return bool(column.max(initial=-math.inf) >= 0.0), True
    able = found.reached & idling(facts, found)
    masks, payoff = found.mask[able], levelled(found.gain[able], _TIE * facts.revenue_m)
    if not masks.size:
        return False, True
    if name == Institution.FARSIGHTED:
        return not bool(consistent(masks, payoff)[0]), True
    order = tuple(getattr(asked, "order", ())) or facts.seats
    group, _, settled = proposed(masks, payoff, tuple(facts.seats.index(owner) for owner in order))
    return group > 0, settled


def _name(asked: object) -> Institution:
    kind = type(asked).__name__
    special = {
        "VoluntaryWithTransfers": Institution.TRANSFERS,
        "ConditionalStockpile": Institution.CONDITIONAL_STOCKPILE,
    }
    return special.get(kind) or Institution(kind.lower())


_SHARED = (
    (QUESTION, 1e-12, "relative", "names, shapes and the drawn values themselves"),
    (COUNT, 1e-12, "of draws", "counted again from the draws"),
    (HELD, 0.0, "differences", "draws held again: all of 16 or fewer, else three"),
    (ALONE, 1e-9, "of price", "gain of an owner from another cut in those draws"),
)
