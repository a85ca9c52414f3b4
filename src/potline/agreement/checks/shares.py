"""The certificate of the share of the stated ranges: shares counted again, and some draws held again."""

from __future__ import annotations

__all__ = ["verify_share"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.coalitions import BELIEFS
from potline.agreement.checks.facts import read
from potline.agreement.checks.points import ALONE, BOUND, MARGIN, at_draw, check_point, drawn, some_rows
from potline.choices import TESTED, Baseline, Belief

if TYPE_CHECKING:
    from potline.agreement.verdict.shares import AgreementShare

Floats = NDArray[np.float64]

COUNT, QUESTION = "shares", "question"
_BLOCKS = 8
_FEW, _HELD = 16, 3
_AT_REST = 1e-13


def verify_share(result: AgreementShare) -> Certificate:
    """Check shares, errors and bounds against the margins of the draws, and margins by holding some draws again."""
    gaps, case = Gaps(), result.case
    gaps.equal(
        QUESTION,
        (result.case_name, result.baselines, result.leaving, result.institutions, result.factor_names),
        (case.name, tuple(Baseline), BELIEFS, TESTED, tuple(factor.name for factor in case.factors)),
    )
    margin = result.margin_m_per_year
    count = margin.shape[0]
    shape = (count, 2, len(BELIEFS), len(TESTED))
    gaps.equal(QUESTION, (result.draws, margin.shape), (count, shape))
    if margin.shape != shape or count % _BLOCKS:
        return gathered(gaps, "draws", _TOLD)
    check_counts(gaps, margin >= 0.0, result.share, result.error, result.bound)
    none = np.array([sum(math.isnan(value) for value in margin[:, b, Belief.KEEP.place, 0].tolist()) for b in range(2)])
    gaps.same(COUNT, result.infeasible, none / count)
    gaps.equal(QUESTION, (result.alone_cut_kt.shape, result.regret.shape), ((count, len(result.owners)), (count,)))
    gaps.same(COUNT, result.would_cut_alone, np.count_nonzero(result.alone_cut_kt > 0.0, axis=0) / count)
    gaps.same(COUNT, result.settled, np.count_nonzero(result.regret <= _AT_REST) / count)
    gaps.same(COUNT, result.largest_regret, result.regret.max())
    gaps.equal(QUESTION, bool((result.regret >= 0.0).all()), True)
    masks = gaps.whole(QUESTION, result.mask)
    gaps.equal(QUESTION, (masks.shape, bool(np.isfinite(result.alone_cut_kt).all())), (margin.shape, True))
    if masks.shape != margin.shape or result.alone_cut_kt.shape != (count, len(result.owners)):
        return gathered(gaps, "draws", _TOLD)
    gaps.equal(QUESTION, np.isnan(margin).tolist(), (masks < 0).tolist())
    found = drawn(gaps, QUESTION, case, result.draws, result.seed)
    if found is None:
        return gathered(gaps, "draws", _TOLD)
    values, error = found
    gaps.same(QUESTION, result.factors, values, float(np.abs(values).max(initial=0.0)) or 1.0)
    for row in some_rows(count, count if count <= _FEW else _HELD, margin[:, 0, Belief.KEEP.place, 0], count):
        facts = read(at_draw(case, values[row], error[row]), rule=result.rule)
        gaps.equal(QUESTION, result.owners, facts.owners)
        for b, cut in enumerate((None, result.alone_cut_kt[row])):
            if b and result.regret[row] > _AT_REST:
                continue
            check_point(gaps, facts, cut, margin[row, b], masks[row, b])
    return gathered(gaps, "draws", _TOLD)


def check_counts(gaps: Gaps, agreed: NDArray[np.bool_], share: Floats, error: Floats, bound: Floats) -> None:
    """Check shares of draws, their errors over eight blocks, and the bounds of shares of 0 and 1."""
    count = agreed.shape[0]
    flat = agreed.reshape(count, -1)
    shapes = (agreed.shape[1:],) * 3
    gaps.equal(QUESTION, (share.shape, error.shape, bound.shape), shapes)
    if (share.shape, error.shape, bound.shape) != shapes:
        return
    for k in range(flat.shape[1]):
        yes = int(np.count_nonzero(flat[:, k]))
        blocks = [int(np.count_nonzero(part)) * _BLOCKS / count for part in np.split(flat[:, k], _BLOCKS)]
        mean = math.fsum(blocks) / _BLOCKS
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in blocks) / (_BLOCKS - 1) / _BLOCKS)
        gaps.same(COUNT, share.reshape(-1)[k], yes / count)
        gaps.same(COUNT, error.reshape(-1)[k], spread)
        tail = -math.expm1(math.log(0.05) / count)
        known = tail if yes == 0 else 1.0 - tail if yes == count else math.nan
        gaps.same(COUNT, bound.reshape(-1)[k], known)


_TOLD = (
    (QUESTION, 1e-12, "relative", "names, shapes and the drawn values themselves"),
    (COUNT, 1e-12, "of draws", "counted again from the margins of the draws"),
    (MARGIN, 1e-9, "of revenue", "the groups that decide in the draw nearest to turning and in others"),
    (BOUND, 1e-9, "of revenue", "most by which another group does better there"),
    (ALONE, 1e-9, "of price", "gain of an owner from another cut in those draws"),
)
