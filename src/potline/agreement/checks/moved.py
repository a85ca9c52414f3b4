"""Certificates of answers about moved inputs: margins held again at the changed case, places where they turn.

A meeting of up to ten owners is held again with every coalition, a larger one with the group that decides and others
drawn. Of many points some are held again: those nearest to turning, both ends and others by seed.
"""

from __future__ import annotations

__all__ = ["QUESTION", "Held", "even", "verify_map", "verify_tornado", "verify_turning"]

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.alone import base_of, regret
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.coalitions import BELIEFS, every_mask, scores, table
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.market import lines_of
from potline.agreement.checks.points import (
    ALONE,
    BOUND,
    MARGIN,
    changed,
    some_rows,
    stands_at,
)
from potline.cases import Case
from potline.cases.inputs import NamedInput
from potline.choices import TESTED, Baseline, Belief, Institution
from potline.errors import InputError
from potline.industry import Change

if TYPE_CHECKING:
    from potline.agreement.verdict.moved import MarginSensitivity, StabilityMap, Tornado, TurningPoint

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

QUESTION, PLACES = "question", "places"
_TOLD = (
    (QUESTION, 1e-12, "relative", "names, shapes, ranges and the values themselves"),
    (MARGIN, 1e-9, "of revenue", "held again at the changed case, from both sides"),
    (BOUND, 1e-9, "of revenue", "most by which another group does better there"),
    (ALONE, 1e-9, "of price", "gain of an owner from another cut there"),
    (PLACES, 0.0, "differences", "on which side of a place an agreement exists"),
)
_EVERY = 10
_ALL, _SOME = 150, 24
_FEW_PLANTS = 20
_GRID, _NEAR, _NARROW = 8, 2.0**-11, 3e-8
_BLOCKS = 8


class Held:
    """A meeting asked about again and again: rule, baseline, way of leaving and test."""

    def __init__(self, gaps: Gaps, result: StabilityMap | Tornado | TurningPoint | MarginSensitivity) -> None:
        self.gaps, self.case, self.rule = gaps, result.case, result.rule
        asked = (getattr(result, name, default) for name, default in _HEADLINE)
        self.baseline, leaving, institution = asked
        gaps.equal(QUESTION, (leaving in BELIEFS, institution in TESTED), (True, True))
        gaps.equal(QUESTION, self.baseline in tuple(Baseline), True)
        self.way = BELIEFS.index(leaving) if leaving in BELIEFS else 0
        self.test = TESTED.index(institution) if institution in TESTED else 0

    def margin(self, facts: Facts, cut: Floats | None, mask: int | None) -> tuple[float, float]:
        """Return the largest test of the coalitions looked at, and that of one; nan where none reaches the tonnage."""
        n = facts.seat.size
        masks = every_mask(n)
        if n > _EVERY:
            rng = np.random.default_rng(n)
            drawn = {
                sum(1 << int(i) for i in rng.permutation(n)[: int(rng.integers(2, n + 1))]) for _ in range(_BLOCKS)
            }
            masks = np.array(sorted(item for item in drawn | {mask or 0} if item.bit_count() > 1), dtype=np.int64)
        lines = lines_of(facts)
        base = base_of(facts, lines, cut)
        found = table(facts, lines, base, masks, respread=self.way == Belief.RESPREAD.place)
        if self.way == Belief.REOPTIMISE.place:
            found = with_anew(facts, lines, base, found, named={mask or 0}, tests=(self.test,))
        column = scores(facts, base, found)[:, self.way, self.test]
        best = float(column.max(initial=-math.inf))
        row = found.row(mask) if mask is not None else -1
        own = float(column[row]) if row >= 0 and found.reached[row] else math.nan
        return (best if math.isfinite(best) else math.nan), own

    def moved(self, *moves: tuple[NamedInput, float]) -> Case | None:
        """Return the case with inputs at values; none, and a gap, where a value is none that it can take."""
        there = self.case
        for item, value in moves:
            try:
                there = changed(there, item, value)
            except InputError:
                self.gaps.equal(QUESTION, value, "a value that the case can take")
                return None
        return there

    def check(self, case: Case | None, said: float, mask: int | None, cut: Iterable[float] | None = None) -> None:
        """Check one margin, and the group that attains it where one is named."""
        if case is None:
            return
        facts = read(case, rule=self.rule)
        alone = np.array([] if cut is None else list(cut))
        here = None
        if self.baseline == Baseline.NASH:
            self.gaps.equal(QUESTION, (alone.shape, bool(np.isfinite(alone).all())), ((len(facts.owners),), True))
            if alone.shape != (len(facts.owners),) or not np.isfinite(alone).all():
                return
            gain, slope, off = regret(facts, lines_of(facts), alone)
            self.gaps.add(ALONE, max(gain * 1e3, slope, off / (facts.table_kt or 1.0)))
            here = alone
        else:
            self.gaps.equal(QUESTION, bool((alone == 0.0).all()), True)
        best, own = self.margin(facts, here, mask)
        scale = facts.scale_m
        if facts.seat.size <= _EVERY:
            self.gaps.same(MARGIN, said, best, scale)
        elif not math.isnan(best):
            self.gaps.most(BOUND, best, said, scale)
        if mask is not None:
            self.gaps.equal(MARGIN, mask >= 0, not math.isnan(said))
            self.gaps.same(MARGIN, said, own, scale)


_HEADLINE = (("baseline", Baseline.OBSERVED), ("leaving", Belief.KEEP), ("institution", Institution.VOLUNTARY))


def verify_map(result: StabilityMap) -> Certificate:
    """Check a map: its grid, margins and groups at points of it, and both sides of each place where agreement ends."""
    gaps = Gaps()
    held, case = Held(gaps, result), result.case
    first, second, margin = result.first, result.second, result.margin_m_per_year
    shape = (result.second_values.size, result.first_values.size)
    seats = read(case, rule=result.rule).seats
    _asked(gaps, result, case)
    gaps.equal(QUESTION, result.owners, seats)
    gaps.equal(QUESTION, (margin.shape, result.mask.shape, result.alone_cut_kt.shape[:2]), (shape, shape, shape))
    for item, values in ((first, result.first_values), (second, result.second_values)):
        even(gaps, item, values)
        stands_at(gaps, QUESTION, case, item)
    if margin.shape != shape or result.mask.shape != shape or result.alone_cut_kt.shape[:2] != shape:
        return gathered(gaps, "map", _TOLD)

    def there(x: float, y: float) -> Case | None:
        return held.moved((first, x), (second, y))

    held.check(case, result.base_m_per_year, None, result.base_alone_cut_kt)
    masks = gaps.whole(QUESTION, result.mask)
    for place in some_rows(margin.size, margin.size if margin.size <= _ALL else _SOME, margin.ravel(), margin.size):
        row, column = divmod(place, shape[1])
        x, y = float(result.first_values[column]), float(result.second_values[row])
        cut = result.alone_cut_kt[row, column].tolist()
        held.check(there(x, y), float(margin[row, column]), int(masks[row, column]), cut)
    _edges(gaps, held, result, there)
    return gathered(gaps, "map", _TOLD)


def _edges(gaps: Gaps, held: Held, result: StabilityMap, there: Callable[[float, float], Case | None]) -> None:
    """Check that each place lies where a row of the grid changes, in order, and what is on both sides of it."""
    agreed = result.margin_m_per_year >= 0.0
    row, column = np.nonzero(agreed[:, 1:] != agreed[:, :-1])
    gaps.equal(PLACES, len(result.boundary), row.size)
    width = result.first.high - result.first.low
    few = range(row.size) if row.size <= _SOME else np.linspace(0, row.size - 1, _SOME).astype(int).tolist()
    for k, point in enumerate(result.boundary[: row.size]):
        low, high = (float(result.first_values[column[k] + side]) for side in (0, 1))
        gaps.equal(PLACES, point.second, float(result.second_values[row[k]]))
        gaps.equal(PLACES, low <= min(point.first, point.beyond) <= max(point.first, point.beyond) <= high, True)
        gaps.equal(PLACES, abs(point.first - point.beyond) <= _NARROW * max(width, abs(low), abs(high)), True)
        gaps.equal(PLACES, point.agreement, "above" if point.first >= point.beyond else "below")
        gaps.equal(PLACES, bool(agreed[row[k], column[k]]), point.agreement == "below")
        gaps.equal(PLACES, (point.margin_m_per_year >= 0.0, point.beyond_m_per_year >= 0.0), (True, False))
        if k in few and held.baseline == Baseline.OBSERVED:
            held.check(there(point.first, point.second), point.margin_m_per_year, None)
            held.check(there(point.beyond, point.second), point.beyond_m_per_year, None)


def verify_tornado(result: Tornado) -> Certificate:
    """Check a tornado: order, ranges, and margins and groups at points of each."""
    gaps = Gaps()
    held, case = Held(gaps, result), result.case
    _asked(gaps, result, case)
    held.check(case, result.base_m_per_year, result.base_group, result.base_alone_cut_kt)
    swings = [(math.isnan(row.swing_m_per_year), -row.swing_m_per_year, row.input.name) for row in result.rows]
    gaps.equal(QUESTION, swings, sorted(swings))
    gaps.equal(QUESTION, len({row.input.name for row in result.rows}), len(result.rows))
    for row in result.rows:
        count = len(row.values)
        gaps.equal(QUESTION, [len(x) for x in (row.margins_m_per_year, row.groups, row.alone_cuts_kt)], [count] * 3)
        gaps.same(QUESTION, row.base_m_per_year, result.base_m_per_year)
        even(gaps, row.input, np.array(row.values))
        stands_at(gaps, QUESTION, case, row.input)
        if not len(row.margins_m_per_year) == len(row.groups) == len(row.alone_cuts_kt) == count:
            continue
        few = len(result.rows) * count <= _ALL
        for k in range(count) if few else sorted({0, count - 1}):
            there = held.moved((row.input, row.values[k]))
            group = int(gaps.whole(QUESTION, row.groups[k]))
            held.check(there, row.margins_m_per_year[k], group, row.alone_cuts_kt[k])
    return gathered(gaps, "tornado", _TOLD)


def verify_turning(result: TurningPoint) -> Certificate:
    """Check where a factor alone turns the verdict: no earlier point of the grid does, either way; and the best end."""
    gaps = Gaps()
    held, case = Held(gaps, result), result.case
    factor = next((item for item in case.factors if item.name == result.factor), None)
    gaps.equal(QUESTION, factor is not None, True)
    if factor is None:
        return gathered(gaps, "turning point", _TOLD)
    gaps.same(QUESTION, result.stated, factor.central)
    stated, ends = factor.central, (factor.low, factor.high)

    def facts_at(value: float) -> Facts:
        item = Change(path=factor.path, operation=factor.operation, value=value)
        others = [other.change(other.central) if other.name != factor.name else item for other in case.factors]
        return read(case.under(*others), rule=result.rule)

    def margin(value: float, group: int | None = None) -> float:
        facts = facts_at(value)
        best, own = held.margin(facts, None, group)
        return best if facts.seat.size <= _EVERY or group is None else max(own, best) if own == own else best

    group, end_group = (int(gaps.whole(QUESTION, item)) for item in (result.group, result.end_group))
    agrees = result.agrees
    whole = facts_at(stated).seat.size <= _EVERY
    gaps.equal(PLACES, agrees, (margin(stated) >= 0.0) if whole else agrees or margin(stated) >= 0.0)
    gaps.equal(QUESTION, math.isnan(result.value), math.isnan(result.share_of_range))
    gaps.equal(QUESTION, group >= 0, result.turns and not agrees)
    reach = result.share_of_range if result.turns else math.inf
    there = ends[0] if (result.value < stated) == (ends[0] < stated) else ends[1]
    few = (*range(1, _GRID + 1),) if len(case.industry.plants) <= _FEW_PLANTS else (_GRID // 2, _GRID)
    for end in ends:
        for k in few if end != stated else ():
            if k / _GRID < reach - _NEAR and (whole or not agrees):
                gaps.equal(PLACES, margin(stated + k / _GRID * (end - stated)) >= 0.0, agrees)
    if result.turns:
        share = (result.value - stated) / (there - stated) if there != stated else math.nan
        gaps.same(QUESTION, result.share_of_range, share)
        gaps.equal(PLACES, 0.0 < share <= 1.0 + 1e-12, True)
        if whole or not agrees:
            gaps.equal(PLACES, margin(result.value, group) >= 0.0, not agrees)
            before = max(share - _NEAR / _GRID, 0.0)
            gaps.equal(PLACES, margin(stated + before * (there - stated)) >= 0.0, agrees)
    _best_end(gaps, result, {end: margin(end, end_group) for end in ends}, facts_at(stated).scale_m)
    if result.best_end in ends:
        best, own = held.margin(facts_at(result.best_end), None, end_group)
        gaps.same(MARGIN, result.margin_m_per_year, own if end_group >= 0 else best, facts_at(stated).scale_m)
    return gathered(gaps, "turning point", _TOLD)


def _best_end(gaps: Gaps, result: TurningPoint, margin: dict[float, float], scale: float) -> None:
    """Check that the end named is the one nearest to turning."""
    gaps.equal(PLACES, result.best_end in margin, True)
    if result.best_end not in margin:
        return
    sign = 1.0 if result.agrees else -1.0
    far = {end: math.inf if math.isnan(value) else sign * value for end, value in margin.items()}
    mine, least = far[result.best_end], min(far.values())
    gaps.most(BOUND, mine if math.isfinite(mine) else 0.0, least if math.isfinite(least) else 0.0, scale)
    gaps.equal(PLACES, math.isfinite(mine), math.isfinite(least))


def _asked(gaps: Gaps, result: StabilityMap | Tornado, case: Case) -> None:
    gaps.equal(QUESTION, (result.case_name, result.changes, result.version), (case.name, case.changes, __version__))


def even(gaps: Gaps, item: NamedInput, values: Floats, name: str = QUESTION) -> None:
    """Check that values go evenly over the range of an input."""
    count = max(values.size - 1, 1)
    wanted = [item.low + (item.high - item.low) * k / count for k in range(values.size)]
    gaps.same(name, values, wanted, max(abs(item.low), abs(item.high)) or 1.0)
