"""Certificates of answers about K* and moved inputs: sets of some points held again, indices added up again."""

from __future__ import annotations

__all__ = ["verify_tonnage_map", "verify_tonnage_sensitivity", "verify_tonnage_tornado"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import QUESTION, baseline_of
from potline.agreement.checks.moved import even
from potline.agreement.checks.points import at_draw, at_points, changed, stands_at
from potline.agreement.checks.sensitivity import INDICES, added
from potline.agreement.checks.tonnages import FORM, TOLD, check_sets
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief
from potline.errors import InputError
from potline.numerics.sobol import sobol

if TYPE_CHECKING:
    from potline.agreement.verdict.moved_tonnages import TonnageMap, TonnageSensitivity, TonnageTornado

Floats = NDArray[np.float64]

VALUES = "values"
_TOLD = (
    *((name, tolerance, unit, method) for name, tolerance, unit, method in TOLD if name != "who holds the largest"),
    (VALUES, 1e-12, "relative", "ranges, points and K* of the case read again"),
    (INDICES, 1e-9, "of the largest", "variances added up again"),
)
_ALL, _SOME, _BLOCKS = 6, 2, 8


class _Held:
    """A set of tonnages asked about again and again."""

    def __init__(self, gaps: Gaps, result: TonnageTornado | TonnageMap | TonnageSensitivity) -> None:
        self.gaps, self.result = gaps, result
        known = result.leaving in tuple(Belief), result.institution in TESTED, result.baseline in tuple(Baseline)
        gaps.equal(QUESTION, (known, result.version), ((True,) * 3, __version__))

    def check(self, case: Case, interval: Floats, cut: Floats) -> None:
        """Check the set of one point: both sides of each of its ends, the middle of its intervals and gaps."""
        result, gaps = self.result, self.gaps
        owners = tuple(dict.fromkeys(case.industry.plant_owners))
        gaps.equal(QUESTION, (cut.shape, interval.shape[1:]), ((len(case.industry.owners),), (4,)))
        if cut.shape != (len(case.industry.owners),) or interval.shape[1:] != (4,):
            return
        gaps.equal(QUESTION, bool(np.isfinite(cut).all()) and len(owners) == cut.size, True)
        named = zip(case.industry.owners, cut.tolist(), strict=True)
        cuts = tuple((owner, kt) for owner, kt in named if kt != 0.0)
        here = baseline_of(gaps, case, result.rule, result.baseline, cuts)
        there = [row for row in interval.tolist() if not math.isnan(row[0])]
        gaps.equal(FORM, np.isnan(interval).all(axis=1).sum() + len(there), len(interval))
        most = float((here.facts.size - here.base.cut)[here.facts.seat].sum())
        check_sets(gaps, here, (result.set_of(interval, most),), named=False)


def verify_tonnage_tornado(result: TonnageTornado) -> Certificate:
    """Check a tornado of K*: order, ranges, and the sets at points: all of few, else some drawn by seed."""
    gaps = Gaps()
    held, case = _Held(gaps, result), result.case
    tops = _tops(result.base_interval)
    gaps.equal(QUESTION, (result.base_interval.shape[0], result.base_alone_cut_kt.shape[0]), (1, 1))
    held.check(case, result.base_interval[0], result.base_alone_cut_kt[0])
    swings: list[tuple[float, str]] = []
    places: list[tuple[int, int]] = []
    for k, row in enumerate(result.rows):
        count = row.values.size
        gaps.equal(QUESTION, (row.interval.shape[0], row.alone_cut_kt.shape[0], count >= 2), (count, count, True))
        gaps.same(VALUES, row.base_kt, tops[0], abs(tops[0]) or 1.0)
        even(gaps, row.input, row.values, VALUES)
        stands_at(gaps, QUESTION, case, row.input)
        here = [*_tops(row.interval), tops[0]]
        swings.append((-(max(here) - min(here)), row.input.name))
        places += [(k, at) for at in range(min(count, row.interval.shape[0], row.alone_cut_kt.shape[0]))]
    gaps.equal(QUESTION, swings, sorted(swings))
    gaps.equal(QUESTION, len({name for _, name in swings}), len(result.rows))
    if len(places) > _ALL:
        rng = np.random.default_rng(len(places))
        places = [places[int(k)] for k in rng.choice(len(places), _SOME, replace=False)]
    for k, at in places:
        row = result.rows[k]
        try:
            there = changed(case, row.input, float(row.values[at]))
        except InputError:
            gaps.equal(QUESTION, row.values[at], "a value that the case can take")
            continue
        held.check(there, row.interval[at], row.alone_cut_kt[at])
    return gathered(gaps, "tornado of tonnages", _TOLD)


def verify_tonnage_map(result: TonnageMap) -> Certificate:
    """Check a map of K*: its grid, and the sets at points: all of few, else the corners' first and some by seed."""
    gaps = Gaps()
    held, case = _Held(gaps, result), result.case
    first, second = result.first, result.second
    shape = (result.second_values.size, result.first_values.size)
    shapes = (result.interval.shape[:2], result.alone_cut_kt.shape[:2], result.base_interval.shape[:1])
    gaps.equal(QUESTION, (*shapes, result.base_alone_cut_kt.shape[:1]), (shape, shape, (1,), (1,)))
    gaps.equal(QUESTION, (min(shape) >= 2, first.path == second.path), (True, False))
    for item, values in ((first, result.first_values), (second, result.second_values)):
        even(gaps, item, values, VALUES)
        stands_at(gaps, QUESTION, case, item)
    if shapes != (shape, shape, (1,)) or result.base_alone_cut_kt.shape[:1] != (1,):
        return gathered(gaps, "map of tonnages", _TOLD)
    held.check(case, result.base_interval[0], result.base_alone_cut_kt[0])
    for row, column in _looked_at(result.interval, shape):
        x, y = float(result.first_values[column]), float(result.second_values[row])
        try:
            there = changed(changed(case, first, x), second, y)
        except InputError:
            gaps.equal(QUESTION, (x, y), "values that the case can take")
            continue
        held.check(there, result.interval[row, column], result.alone_cut_kt[row, column])
    return gathered(gaps, "map of tonnages", _TOLD)


def _looked_at(interval: Floats, shape: tuple[int, int]) -> list[tuple[int, int]]:
    """Return which points of a grid are held again: all of few; else both ends, those of extreme K*, some by seed."""
    count = shape[0] * shape[1]
    places = set(range(count))
    if count > _ALL:
        tops = np.array([_tops(row) for row in interval]).ravel()
        by_seed = np.random.default_rng(count).choice(count, _SOME, replace=False)
        places = {0, count - 1, int(tops.argmin()), int(tops.argmax()), *by_seed.tolist()}
    return [divmod(place, shape[1]) for place in sorted(places)]


def verify_tonnage_sensitivity(result: TonnageSensitivity) -> Certificate:
    """Check Sobol indices of K*: added up again from the sets behind them, some of which are held again."""
    gaps = Gaps()
    held, case = _Held(gaps, result), result.case
    factors = len(case.factors)
    noisy = case.noise.common_per_t > 0.0 or any(value > 0.0 for value in case.noise.plant_per_t)
    names = (*(factor.name for factor in case.factors), *(("errors of plants' costs",) if noisy else ()))
    gaps.equal(QUESTION, result.factors, names)
    rows, count = result.interval.shape[:2]
    seed, each = int(gaps.whole(QUESTION, result.seed)), count // _BLOCKS
    shapes = [item.shape for item in (result.first, result.first_error, result.total, result.total_error)]
    fine = rows == len(names) + 2 and count % _BLOCKS == 0 and each.bit_count() == 1 and seed >= 0
    fine = fine and shapes == [(len(names),)] * 4 and result.alone_cut_kt.shape[:2] == (rows, count)
    gaps.equal(QUESTION, (fine, result.draws), (True, rows * count))
    if not fine:
        return gathered(gaps, "indices of tonnages", _TOLD)
    tops = np.array([_tops(row) for row in result.interval])
    added(gaps, result, tops, result.mean_kt, result.deviation_kt)
    width = factors + (1 + len(case.industry.plants)) * noisy
    streams = np.random.SeedSequence(seed).spawn(_BLOCKS)
    cube = np.concatenate([sobol(2 * width, each.bit_length() - 1, np.random.default_rng(s)) for s in streams])
    chosen = [(group, at) for group in range(rows) for at in range(count)]
    if len(chosen) > _ALL:
        rng = np.random.default_rng(count)
        chosen = [chosen[int(k)] for k in rng.choice(len(chosen), _SOME, replace=False)]
    for group, at in chosen:
        point = cube[at : at + 1, :width].copy()
        columns = slice(None) if group == 1 else slice(0, 0)
        if group > 1:
            columns = slice(group - 2, group - 1) if group - 2 < factors else slice(factors, width)
        point[:, columns] = cube[at : at + 1, width:][:, columns]
        values, error = at_points(case, point)
        held.check(at_draw(case, values[0], error[0]), result.interval[group, at], result.alone_cut_kt[group, at])
    return gathered(gaps, "indices of tonnages", _TOLD)


def _tops(interval: Floats) -> list[float]:
    """Return the upper end of each set, 0 for none."""
    return [max((high for _, high, _, _ in one if high == high), default=0.0) for one in interval.tolist()]
