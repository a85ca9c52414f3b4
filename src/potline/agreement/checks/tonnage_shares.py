"""The certificate of tonnages over the stated ranges: shares counted again, and the sets of some draws held again."""

from __future__ import annotations

__all__ = ["verify_tonnage_share"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import QUESTION, baseline_of
from potline.agreement.checks.points import at_draw, drawn
from potline.agreement.checks.tonnages import FORM, TOLD, check_sets
from potline.choices import TESTED, Baseline, Belief

if TYPE_CHECKING:
    from potline.agreement.verdict.tonnage_shares import TonnageShare

Floats = NDArray[np.float64]

COUNT = "shares"
_BLOCKS = 8
_AT_REST = 1e-13
_EXACT = 1e-12
_CHECKED = {row[0] for row in TOLD} - {"who holds the largest"}


def verify_tonnage_share(result: TonnageShare) -> Certificate:
    """Check shares and errors against the sets of the draws, and sets by holding some draws again."""
    gaps, case, count = Gaps(), result.case, result.draws
    meeting = case.meeting
    gaps.equal(QUESTION, (result.version, meeting is not None), (__version__, True))
    if meeting is None:
        return gathered(gaps, "draws", _TOLD)
    gaps.same(QUESTION, result.asked_kt, meeting.least_cut_kt, meeting.least_cut_kt or 1.0)
    sets = (2, len(Belief), len(TESTED))
    form = (result.interval.shape[:4], result.interval.shape[5:], result.most_kt.shape, result.regret.shape)
    gaps.equal(QUESTION, form, ((count, *sets), (4,), (count, 2), (count,)))
    gaps.equal(QUESTION, result.alone_cut_kt.shape, (count, len(result.owners)))
    told = drawn(gaps, QUESTION, case, count, result.seed)
    if told is None or max(gaps.worst.values()) > 0.0:
        return gathered(gaps, "draws", _TOLD)
    values, error = told
    gaps.same(QUESTION, result.factors, values, float(np.abs(values).max(initial=0.0)) or 1.0)
    gaps.equal(QUESTION, bool((result.regret >= 0.0).all() and np.isfinite(result.alone_cut_kt).all()), True)
    _limits(gaps, result)
    _count(gaps, result)
    if max(gaps.worst.values()) > _EXACT:
        return gathered(gaps, "draws", _TOLD)
    asked = np.array([_distance(result.interval[row, 0, 0, 0], result.asked_kt) for row in range(count)])
    near = int(np.nanargmin(np.where(np.isnan(asked), np.inf, asked)))
    other = int(np.random.default_rng(count).integers(count))
    for row, b, baseline in ((near, 0, Baseline.OBSERVED), (other, 0, Baseline.OBSERVED), (other, 1, Baseline.NASH)):
        if not b or result.regret[row] <= _AT_REST:
            there = at_draw(case, values[row], error[row])
            cuts = _named(result, row) if b else ()
            here = baseline_of(gaps, there, result.rule, baseline, cuts)
            gaps.equal(QUESTION, result.owners, here.facts.owners)
            check_sets(gaps, here, result.sets_of(row, baseline), named=False)
    return gathered(gaps, "draws", _TOLD)


def _limits(gaps: Gaps, result: TonnageShare) -> None:
    """Check of every draw that its sets lie within what those present run, less what they cut in the baseline nash."""
    present = result.case.meeting.owners if result.case.meeting is not None else ()
    table = np.array([owner in present for owner in result.owners])
    cut = result.alone_cut_kt[:, table].sum(axis=1)
    gaps.same(FORM, result.most_kt[:, 1], result.most_kt[:, 0] - cut, result.most_kt[:, 0].max(initial=0.0) or 1.0)
    low, high = result.interval[..., 0], result.interval[..., 1]
    there = ~np.isnan(low)
    gaps.equal(FORM, bool((np.isnan(high) == ~there).all() and (low[there] >= 0.0).all()), True)
    gaps.most(FORM, low[there], high[there], result.asked_kt or 1.0)
    most = np.broadcast_to(result.most_kt[:, :, None, None, None], high.shape)[there]
    gaps.most(FORM, high[there], most, most.max(initial=0.0) or 1.0)


def _count(gaps: Gaps, result: TonnageShare) -> None:
    """Count draws that hold the tonnage asked for, and those that hold nothing."""
    count, asked = result.draws, result.asked_kt
    if result.share.shape != result.interval.shape[1:4] or count % _BLOCKS:
        gaps.equal(COUNT, result.share.shape, result.interval.shape[1:4])
        return
    for at in np.ndindex(result.share.shape):
        sets = [row[~np.isnan(row[:, 0])].tolist() for row in result.interval[:, *at]]
        yes = [
            any((low < asked or (low == asked and a > 0)) and (asked < high or (asked == high and b > 0))
                for low, high, a, b in one)
            for one in sets
        ]  # fmt: skip
        each = count // _BLOCKS
        blocks = [sum(yes[k * each : (k + 1) * each]) / each for k in range(_BLOCKS)]
        mean = math.fsum(blocks) / _BLOCKS
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in blocks) / (_BLOCKS - 1) / _BLOCKS)
        gaps.same(COUNT, result.share[at], sum(yes) / count)
        gaps.same(COUNT, result.error[at], spread)
        gaps.same(COUNT, result.none[at], sum(not one for one in sets) / count)


def _distance(interval: Floats, asked: float) -> float:
    """Return how near a tonnage is to an end of a draw's set; nan where nothing holds."""
    ends = interval[:, :2][~np.isnan(interval[:, :2])]
    return float(np.abs(ends - asked).min()) if ends.size else math.nan


def _named(result: TonnageShare, row: int) -> tuple[tuple[str, float], ...]:
    cuts = zip(result.owners, result.alone_cut_kt[row].tolist(), strict=True)
    return tuple((owner, cut) for owner, cut in cuts if cut > 0.0)


_TOLD = (
    (COUNT, _EXACT, "of draws", "counted again from the sets of the draws"),
    *(row for row in TOLD if row[0] in _CHECKED),
)
