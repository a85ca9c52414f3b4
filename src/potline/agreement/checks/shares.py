"""The certificate of the share of the stated ranges: shares counted again, and some draws held again."""

from __future__ import annotations

__all__ = ["verify_share"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.coalitions import LEAVING
from potline.agreement.checks.facts import read
from potline.agreement.checks.points import ALONE, BOUND, MARGIN, NAMES, at_draw, check_point, drawn, some_rows
from potline.cases import Case

if TYPE_CHECKING:
    from potline.agreement.share import AgreementShare

Floats = NDArray[np.float64]

COUNT, QUESTION = "draws: shares", "draws: question"
_BLOCKS = 8
_HELD = 3
_AT_REST = 1e-13


def verify_share(case: Case, result: AgreementShare) -> Certificate:
    """Check shares, errors and bounds against the margins of the draws, and margins by holding some draws again."""
    gaps = Gaps()
    gaps.equal(
        QUESTION,
        (result.case_name, result.baselines, result.leaving, result.institutions, result.factor_names),
        (case.name, ("observed", "nash"), LEAVING, NAMES, tuple(factor.name for factor in case.factors)),
    )
    count, margin = result.draws, result.margin_m_per_year
    each, rest = divmod(count, _BLOCKS)
    gaps.equal(QUESTION, (rest, each.bit_count(), margin.shape), (0, 1, (count, 2, 3, 3)))
    if rest or each.bit_count() != 1 or margin.shape != (count, 2, 3, 3):
        return gathered(gaps, _TOLD)
    check_counts(gaps, margin >= 0.0, result.share, result.error, result.bound)
    none = np.array([sum(math.isnan(value) for value in margin[:, b, 0, 0].tolist()) for b in range(2)])
    gaps.same(COUNT, result.infeasible, none / count)
    gaps.equal(QUESTION, (result.alone_cut_kt.shape, result.regret.shape), ((count, len(result.owners)), (count,)))
    gaps.same(COUNT, result.would_cut_alone, np.count_nonzero(result.alone_cut_kt > 0.0, axis=0) / count)
    gaps.same(COUNT, result.settled, np.count_nonzero(result.regret <= _AT_REST) / count)
    gaps.same(COUNT, result.largest_regret, result.regret.max())
    values, error = drawn(case, count, result.seed)
    gaps.same(QUESTION, result.factors, values, float(np.abs(values).max(initial=0.0)) or 1.0)
    for row in some_rows(count, _HELD, margin[:, 0, 0, 0], result.seed):
        facts = read(at_draw(case, values[row], error[row]), rule=result.rule)
        gaps.equal(QUESTION, result.owners, facts.owners)
        for b, cut in enumerate((None, result.alone_cut_kt[row])):
            if b and result.regret[row] > _AT_REST:
                continue
            check_point(gaps, facts, cut, margin[row, b], result.mask[row, b])
    return gathered(gaps, _TOLD)


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
