"""The tonnages of a meeting, checked: margins at each, the largest with an agreement, and where agreement is lost."""

from __future__ import annotations

__all__ = ["check_tonnages"]

import dataclasses
import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import Base
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.coalitions import BELIEFS, scores, table
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines
from potline.choices import TESTED, Baseline, Belief

if TYPE_CHECKING:
    from potline.agreement.verdict.result import MeetingResult

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NAME = "tonnages"
_KEEP = Belief.KEEP.place
_FEW = 6
_DRAWN = 6


def check_tonnages(gaps: Gaps, facts: Facts, lines: Lines, bases: dict[Baseline, Base], result: MeetingResult) -> None:
    """Check the margins by least tonnage of both baselines, and what is read off them."""
    sweep, exact = result.sweep, result.examined.method != "searched"
    grid = np.array(sorted({*result.meeting.sweep_kt, facts.least}))
    gaps.same(NAME, sweep.least_cut_kt, grid, facts.table_kt or 1.0)
    gaps.equal(NAME, (sweep.institutions, sweep.leaving), (TESTED, BELIEFS))
    shape = (2, grid.size, len(BELIEFS), len(TESTED))
    masks = gaps.whole(NAME, sweep.mask)
    arrays = (sweep.margin_m_per_year, sweep.upper_m_per_year, masks)
    gaps.equal(NAME, [array.shape for array in arrays], [shape] * 3)
    if any(array.shape != shape for array in arrays):
        return
    for b, baseline in enumerate(Baseline):
        for k, least in enumerate(grid.tolist()):
            here = dataclasses.replace(facts, least=least)
            _at_tonnage(gaps, here, lines, bases[baseline], *(array[b, k] for array in arrays), exact=exact)
    _largest(gaps, facts, lines, bases[Baseline.OBSERVED], grid, masks[0, :, _KEEP], result)


def _at_tonnage(
    gaps: Gaps, facts: Facts, lines: Lines, base: Base, margin: Floats, upper: Floats, mask: Integers, *, exact: bool
) -> None:
    found = table(facts, lines, base, _masks(facts, {int(m) for m in mask.ravel()}))
    found = with_anew(facts, lines, base, found, named=mask[Belief.REOPTIMISE.place].tolist())
    tests = scores(facts, base, found)
    for way in range(len(BELIEFS)):
        for k in range(len(TESTED)):
            value, said, column = float(margin[way, k]), float(upper[way, k]), tests[:, way, k]
            row = found.row(int(mask[way, k]))
            gaps.equal(NAME, (row < 0, math.isnan(said)), (math.isnan(value), math.isnan(value)))
            if row < 0 or math.isnan(value):
                gaps.add(NAME, np.where(np.isinf(column), 0.0, 1.0))
                continue
            gaps.same(NAME, value, column[row] if found.reached[row] else math.nan, facts.scale_m)
            gaps.most(NAME, np.where(np.isinf(column), said, column), said, facts.scale_m)
            gaps.most(NAME, value, said, facts.scale_m)
            if exact:
                gaps.same(NAME, said, value, facts.scale_m)


def _largest(
    gaps: Gaps, facts: Facts, lines: Lines, base: Base, grid: Floats, decide: Integers, result: MeetingResult
) -> None:
    sweep, groups = result.sweep, gaps.whole(NAME, result.sweep.largest_mask)
    gaps.equal(NAME, (len(sweep.largest_cut_kt), len(sweep.largest_mask), len(sweep.monotone)), (3, 3, 3))
    for k, (largest, mask) in enumerate(zip(sweep.largest_cut_kt, groups.tolist(), strict=True)):
        agreed = sweep.margin_m_per_year[0, :, _KEEP, k] >= 0.0
        gaps.equal(NAME, sweep.monotone[k], not any(b and not a for a, b in pairwise(agreed)))
        gaps.equal(NAME, (math.isnan(largest), mask < 0), (not agreed.any(), not agreed.any()))
        if math.isnan(largest) or mask < 0 or not agreed.any():
            continue
        last = int(np.flatnonzero(agreed)[-1])
        gaps.most(NAME, grid[last], largest)
        here = dataclasses.replace(facts, least=largest)
        found = table(here, lines, base, {mask})
        gaps.most(NAME, 0.0, scores(here, base, found)[0, _KEEP, k] if mask > 0 else -math.inf, facts.scale_m)
        if last + 1 == grid.size:
            gaps.same(NAME, largest, grid[last])
            continue
        gaps.most(NAME, largest, grid[last + 1])
        masks = _masks(facts, {mask, *decide[last + 1].tolist()})
        lost = False
        for step in (1.0, 0.5, 0.25, 0.125):
            here = dataclasses.replace(facts, least=min(largest + step, float(grid[last + 1])))
            lost = lost or bool((scores(here, base, table(here, lines, base, masks))[:, _KEEP, k] < 0.0).all())
        gaps.equal(NAME, lost, True)


def _masks(facts: Facts, decide: set[int]) -> set[int]:
    """Return the coalitions to look at: those that decide, and all of few or some of many others."""
    n = facts.seat.size
    if n <= _FEW:
        return {mask for mask in range(1 << n) if mask.bit_count() > 1}
    rng = np.random.default_rng(n)
    drawn = {sum(1 << int(i) for i in rng.permutation(n)[: int(rng.integers(2, n + 1))]) for _ in range(_DRAWN)}
    return {mask for mask in decide | drawn if mask > 0 and mask.bit_count() > 1}
