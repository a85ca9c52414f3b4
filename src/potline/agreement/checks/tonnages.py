r"""Tonnages that hold, checked: some coalition holds just inside every end, none just outside.

Nothing here finds a set. At chosen tonnages (both sides of every end, the end itself, the middle of every interval and
of every gap, those of all other sets, a grid) coalitions are evaluated: what each member is asked for by walking blocks
of its own, the market and the gains as :mod:`potline.agreement.checks.coalitions` has them. The total that a coalition
likes best is found on every stretch between kinks by halving the difference of its gain on both sides. Up to eight
owners every coalition is looked at; of more, those that are named and 64 drawn by seed.
"""

from __future__ import annotations

__all__ = ["FORM", "TOLD", "Evaluated", "check_sets", "verify_tonnages"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import ALONE, GROUP, QUESTION, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.paths import Paths, liked
from potline.choices import TESTED, Baseline, Belief, Institution, Rule

if TYPE_CHECKING:
    from potline.agreement.verdict.held import TonnageSet, TonnagesThatHold

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

INSIDE, OUTSIDE, ENDS = "someone holds inside", "nobody holds outside", "ends"
NAMED, FORM = "who holds the largest", "order and limits"
_ALL, _DRAWN, _SEED = 8, 64, 11
_BESIDE = 1e-7  # of K_max
_GRID = 24.37
_SLACK = 1e-9  # of revenue

TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut, in the baseline nash"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
    (GROUP, 1e-9, "relative", "cuts that can be made"),
    (FORM, 1e-9, "relative", "intervals in order, within what those present run"),
    (INSIDE, _SLACK, "of revenue", "what the best coalition lacks just inside an end and in the middle"),
    (OUTSIDE, _SLACK, "of revenue", "what a coalition has to spare just outside an end and in the middle of a gap"),
    (ENDS, 0.0, "differences", "whether an end itself holds"),
    (NAMED, 0.0, "differences", "coalitions that hold the largest tonnage, all present, and those with the largest"),
)


def verify_tonnages(result: TonnagesThatHold) -> Certificate:
    """Check sets of tonnages: their form, both sides of each end, and who holds the largest."""
    gaps = Gaps()
    wanted = [(b, w, k) for b in Baseline for k in TESTED for w in Belief]
    gaps.equal(QUESTION, [(one.baseline, one.leaving, one.institution) for one in result.sets], wanted)
    gaps.equal(QUESTION, result.version, __version__)
    _asked(gaps, result)
    for baseline in Baseline:
        cuts = result.nash_cuts if baseline == Baseline.NASH else ()
        mine = [one for one in result.sets if one.baseline == baseline]
        check_sets(gaps, baseline_of(gaps, result.case, result.rule, baseline, cuts), mine)
    return gathered(gaps, "tonnages", TOLD)


def _asked(gaps: Gaps, result: TonnagesThatHold) -> None:
    """Check what the case asks for, and who of those present runs most."""
    meeting, industry = result.case.meeting, result.case.industry
    running: dict[str, float] = {}
    for plant, owner in zip(industry.plants, industry.plant_owners, strict=True):
        running[owner] = running.get(owner, 0.0) + plant.running_kt
    present = meeting.owners if meeting is not None else ()
    most = max((running.get(owner, 0.0) for owner in present), default=math.nan)
    gaps.equal(QUESTION, result.largest_owner in present, True)
    gaps.same(QUESTION, running.get(result.largest_owner, math.nan), most, most * 1e9 or 1.0)
    gaps.equal(QUESTION, result.asked_kt, meeting.least_cut_kt if meeting is not None else math.nan)


def check_sets(gaps: Gaps, here: OnBaseline, sets: Sequence[TonnageSet], *, named: bool = True) -> None:
    """Check sets of one baseline: their form, both sides of each end, and the coalitions they name where they do."""
    table = _laid_out(here, sets)
    for one in sets:
        _form(gaps, table.paths, one)
    for one in sets:
        _ends(gaps, table, one)
        if named:
            _named(gaps, table, one)
    for one in sets:
        _everywhere(gaps, table, one)


def _laid_out(here: OnBaseline, sets: Sequence[TonnageSet]) -> Evaluated:
    paths = Paths(here.facts, here.lines, here.base)
    return Evaluated(paths, {here.facts.mask_in_order(one.coalition) for one in sets})


class Evaluated:
    """Coalitions evaluated at tonnages, each once: all of few owners, else those named, all present and some drawn."""

    def __init__(self, paths: Paths, named: set[int], drawn: int = _DRAWN) -> None:
        n = paths.facts.seat.size
        self.paths, self.all = paths, (1 << n) - 1
        able = paths.able
        self.full = sum(1 << k for k in range(n) if able[k])
        self.every = n <= _ALL and drawn > 0
        if self.every:
            chosen = set(range(1 << n))
        else:
            rng = np.random.default_rng(_SEED)
            some = {sum(1 << int(i) for i in rng.permutation(n)[: int(rng.integers(2, n + 1))]) for _ in range(drawn)}
            chosen = some | named | {self.full}
        chosen = {mask for mask in chosen if mask > 0 and mask.bit_count() > 1 and mask & ~self.full == 0}
        self.masks = np.array(sorted(chosen), dtype=np.int64)
        rests = {mask ^ (1 << k) for mask in chosen for k in range(n) if mask >> k & 1}
        sought = rests | chosen if paths.facts.rule == Rule.EFFICIENT else rests
        self.tops = paths.tops(np.array(sorted(sought), dtype=np.int64))
        self.rests = np.array(sorted(rests), dtype=np.int64)
        self.anew = liked(paths, self.tops, self.rests)
        size = paths.left
        self.giants = np.array([bool(able[k]) and size[k] >= size[able].max() * (1.0 - 1e-10) for k in range(n)])
        self.known: dict[float, Floats] = {}

    def at(self, tonnage: float) -> Floats:
        """Return tests of revenue, [reactions, institutions, coalitions]; ``-inf`` where there is none."""
        if tonnage not in self.known:
            self.known[tonnage] = self._at(tonnage)
        return self.known[tonnage]

    def _at(self, tonnage: float) -> Floats:
        paths, result = self.paths, np.full((len(Belief), len(TESTED), self.masks.size), -np.inf)
        rows = np.flatnonzero(paths.reach(self.masks) >= tonnage * (1.0 - 1e-12))
        if rows.size == 0:
            return result
        found = paths.deal(self.masks[rows], tonnage, self.tops)
        inside, gain = found.inside, found.gain
        out = np.zeros((len(Belief), *gain.shape))
        for belief in (Belief.KEEP, Belief.RESPREAD):
            out[belief.place] = found.leave[:, :, belief.place]
        row, k = np.nonzero(inside)
        rest = np.searchsorted(self.rests, found.mask[row] ^ (np.int64(1) << k))
        out[Belief.REOPTIMISE.place, row, k] = self.anew[rest, k]
        idle = np.where(inside, found.cut > 1e-12 * tonnage, True).all(axis=1)
        stay = np.where(inside, gain - np.maximum(out, 0.0), np.inf).min(axis=2)
        whole = np.where(inside, gain, np.inf).min(axis=1)
        for w in range(len(Belief)):
            result[w, Institution.VOLUNTARY.place, rows] = np.where(idle, stay[w], -np.inf)
            both = np.where(inside, gain - np.maximum(out[w], 0.0), 0.0).sum(axis=1)
            result[w, Institution.TRANSFERS.place, rows] = both
            alone = np.where(idle & (found.mask == self.full), whole, -np.inf)
            result[w, Institution.UNANIMITY.place, rows] = alone
        return result / paths.facts.scale_m

    def test(self, one: TonnageSet, tonnage: float) -> Floats:
        """Return the tests of coalitions in the terms of a set."""
        return self.at(tonnage)[one.leaving.place, one.institution.place]


def _form(gaps: Gaps, paths: Paths, one: TonnageSet) -> None:
    """Check that intervals are in order and apart, within (0, K_max]."""
    most, last, closed = float(paths.left.sum()), 0.0, False
    gaps.same(FORM, one.most_kt, most, most or 1.0)
    for item in one.intervals:
        low, high = item.low_kt, item.high_kt
        gaps.equal(FORM, math.isfinite(low) and math.isfinite(high) and 0.0 <= low <= high, True)
        gaps.most(FORM, (last, high), (low, most), most or 1.0)
        single = low < high or (item.low_belongs and item.high_belongs)
        gaps.equal(FORM, (item.low_belongs and low <= 0.0, single), (False, True))
        gaps.equal(FORM, low == last and last > 0.0 and (closed or item.low_belongs), False)
        last, closed = high, item.high_belongs


def _ends(gaps: Gaps, table: Evaluated, one: TonnageSet) -> None:
    """Check that somebody holds inside the intervals and nobody outside."""
    most = float(table.paths.left.sum())
    step, before = _BESIDE * most, 0.0
    inner: list[float] = []
    outer: list[float] = []
    for item in one.intervals:
        low, high = item.low_kt, item.high_kt
        if not (math.isfinite(low) and math.isfinite(high)):
            return
        near = min(step, 0.25 * (high - low))
        inner += [low + near, 0.5 * (low + high), high - near]
        gap = min(step, 0.25 * (low - before))
        outer += [before + gap, 0.5 * (before + low), low - gap] if low > before else []
        for end, belongs in ((low, item.low_belongs), (high, item.high_belongs)):
            if end > 0.0:
                _end(gaps, table, one, end, belongs)
        before = high
    gap = min(step, 0.25 * (most - before))
    outer += [before + gap, 0.5 * (before + most), most] if most > before else []
    for tonnage in inner:
        if table.every and tonnage > 0.0:
            gaps.most(INSIDE, 0.0, table.test(one, tonnage).max(initial=-np.inf))
    for tonnage in outer:
        if 0.0 < tonnage <= most:
            gaps.most(OUTSIDE, table.test(one, tonnage).max(initial=-np.inf), 0.0)


def _everywhere(gaps: Gaps, table: Evaluated, one: TonnageSet) -> None:
    """Check a set at all tonnages that any other was looked at, and on a grid."""
    most = float(table.paths.left.sum())
    ends = np.array([end for item in one.intervals for end in (item.low_kt, item.high_kt)])
    for tonnage in (*table.known, *(most * k / _GRID for k in range(1, 25))):
        if np.abs(ends - tonnage).min(initial=np.inf) <= _BESIDE * most:
            continue
        best = table.test(one, tonnage).max(initial=-np.inf)
        if tonnage not in one:
            gaps.most(OUTSIDE, best, 0.0)
        elif table.every:
            gaps.most(INSIDE, 0.0, best)


def _end(gaps: Gaps, table: Evaluated, one: TonnageSet, end: float, belongs: bool) -> None:
    if table.every:
        gaps.equal(ENDS, bool((table.test(one, end) >= -_SLACK).any()), belongs)


def _named(gaps: Gaps, table: Evaluated, one: TonnageSet) -> None:
    """Check the coalition that holds K*, how many do, and K* of all present and of those with the largest owner."""
    masks, n, most = table.masks, table.paths.facts.seat.size, float(table.paths.left.sum())
    mask = table.paths.facts.mask_in_order(one.coalition)
    if not one.intervals:
        gaps.equal(NAMED, (one.coalition, one.coalitions), ((), 0))
    elif math.isfinite(one.k_star_kt) and one.k_star_kt > 0.0:
        low = one.intervals[-1].low_kt
        top = (
            one.k_star_kt
            if one.k_star_belongs
            else max(one.k_star_kt - 0.1 * _BESIDE * most, 0.5 * (one.k_star_kt + low))
        )
        tests = table.test(one, top)
        holds = tests >= -_SLACK
        gaps.equal(NAMED, bool(holds[masks == mask].any()), True)
        if table.every:
            members = np.bitwise_count(masks[holds]).min(initial=n)
            gaps.equal(NAMED, (one.coalitions, mask.bit_count()), (int(holds.sum()), int(members)))
        else:
            gaps.most(NAMED, int(holds.sum()), one.coalitions)
    whole = masks == table.full
    giant = np.array([any(mask >> k & 1 and table.giants[k] for k in range(n)) for mask in masks.tolist()], dtype=bool)
    for some, kt, belongs in (
        (whole, one.with_all_kt, one.with_all_belongs),
        (giant, one.with_largest_kt, one.with_largest_belongs),
    ):
        _largest(gaps, table, one, some, kt, belongs)


def _largest(gaps: Gaps, table: Evaluated, one: TonnageSet, some: Flags, kt: float, belongs: bool) -> None:
    """Check the largest tonnage that some of the coalitions hold, nan for none."""
    most = float(table.paths.left.sum())
    step = _BESIDE * most
    places = [x for item in one.intervals for x in (item.low_kt, 0.5 * (item.low_kt + item.high_kt), item.high_kt)]
    beyond = [x for x in places if 0.0 < x <= most and not x <= kt + step]
    if math.isnan(kt):
        gaps.equal(NAMED, belongs, False)
    else:
        gaps.equal(NAMED, 0.0 < kt <= most, True)
        if not 0.0 < kt <= most:
            return
        beyond += [kt + step] if kt + step <= most else []
        if table.every or some.sum() == 1:
            gaps.equal(ENDS, bool((table.test(one, kt)[some] >= -_SLACK).any()), belongs)
            gaps.most(INSIDE, 0.0, table.test(one, kt - min(step, 0.25 * kt))[some].max(initial=-np.inf))
    for tonnage in beyond:
        gaps.most(OUTSIDE, table.test(one, tonnage)[some].max(initial=-np.inf), 0.0 if tonnage > kt else _SLACK)
