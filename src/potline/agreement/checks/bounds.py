"""Bounds of the tonnages of many owners, checked: what was found holds, and nothing looked at holds above the bound.

Each deal found is recounted, and coalitions (those found, all present, others drawn by seed) are evaluated at tonnages
from just above each bound to the top. For voluntary deals pro rata where those who stay choose anew, or the deal ends,
the bound is proven again another way, from 1 % above it: at no share of what members run and no tonnage do those who
could gain at that share run enough to idle that much.
"""

from __future__ import annotations

__all__ = ["verify_tonnage_bounds"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import ALONE, GROUP, QUESTION, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.market import cleared, relief_at, rise_at
from potline.agreement.checks.owners import idled
from potline.agreement.checks.paths import Paths
from potline.agreement.checks.tonnages import FORM, Evaluated
from potline.choices import TESTED, Baseline, Belief, Institution, Rule

if TYPE_CHECKING:
    from potline.agreement.verdict.bounded import TonnageBound, TonnageBounds

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOUND, ABOVE, PROOF = "deal found", "nobody holds above the bound", "bound proven again"
_SLACK = 4e-9  # of revenue
_BESIDE = 1e-7
_DRAWN, _SEED, _TONNAGES = 24, 7, 6
_LEEWAY, _NARROW, _CELLS = 0.01, 1e-6, 100_000


def verify_tonnage_bounds(result: TonnageBounds) -> Certificate:
    """Check what was asked, every deal found, and every bound."""
    gaps = Gaps()
    baselines = tuple(Baseline) if result.every else (Baseline.OBSERVED,)
    institutions = TESTED if result.every else (Institution.VOLUNTARY,)
    wanted = [(b, k, w) for b in baselines for k in institutions for w in Belief]
    gaps.equal(QUESTION, [(one.baseline, one.institution, one.leaving) for one in result.bounds], wanted)
    gaps.equal(QUESTION, (result.version, result.every or not result.nash_cuts), (__version__, True))
    for baseline in baselines:
        cuts = result.nash_cuts if baseline == Baseline.NASH else ()
        here = baseline_of(gaps, result.case, result.rule, baseline, cuts)
        gaps.equal(QUESTION, result.owners, here.facts.seat.size)
        _on_baseline(gaps, here, [one for one in result.bounds if one.baseline == baseline])
    return gathered(gaps, "bounds of tonnages", _TOLD)


def _on_baseline(gaps: Gaps, here: OnBaseline, bounds: list[TonnageBound]) -> None:
    paths = Paths(here.facts, here.lines, here.base)
    most = float(paths.left.sum())
    named = {here.facts.mask_in_order(one.coalition) for one in bounds}
    found = Evaluated(paths, named, drawn=0)
    others = _coalitions(paths, named)
    for one in bounds:
        _form(gaps, one, most)
        if not math.isnan(one.found_kt):
            _holds(gaps, here, found, one)
        _above(gaps, paths, others, one)
    if here.facts.rule == Rule.PRO_RATA:
        for one in bounds:
            if one.institution == Institution.VOLUNTARY and one.leaving in (Belief.REOPTIMISE, Belief.COLLAPSE):
                gaps.most(PROOF, _unproven(here, paths, one.bound_kt * (1.0 + _LEEWAY)), 0.0, most or 1.0)


def _form(gaps: Gaps, one: TonnageBound, most: float) -> None:
    """Check that what was found lies below the bound, and both within what those present run."""
    gaps.same(FORM, one.most_kt, most, most or 1.0)
    known = not math.isnan(one.found_kt)
    gaps.equal(FORM, (bool(one.coalition), one.found_belongs and not known), (known, False))
    gaps.most(
        FORM, (0.0, one.found_kt if known else 0.0, one.bound_kt), (one.bound_kt, one.bound_kt, most), most or 1.0
    )
    gaps.equal(FORM, not known or one.found_kt > 0.0, True)


def _holds(gaps: Gaps, here: OnBaseline, table: Evaluated, one: TonnageBound) -> None:
    """Check that the coalition named holds the tonnage found, or what lies just below it."""
    below = 0.0 if one.found_belongs else _BESIDE
    tests = table.at(one.found_kt * (1.0 - below))[one.leaving.place, TESTED.index(one.institution)]
    row = np.flatnonzero(table.masks == here.facts.mask_in_order(one.coalition))
    gaps.equal(FOUND, row.size, 1)
    gaps.most(FOUND, 0.0, tests[row].max(initial=-np.inf))
    there = table.at(one.found_kt)[one.leaving.place, TESTED.index(one.institution)][row]
    gaps.equal(FOUND, bool((there >= -_SLACK).any()), one.found_belongs)


def _coalitions(paths: Paths, named: set[int]) -> Integers:
    """Return coalitions to look at above the bound."""
    n = paths.left.size
    able = sum(1 << k for k in range(n) if paths.able[k])
    rng = np.random.default_rng(_SEED)
    some = {sum(1 << int(i) for i in rng.permutation(n)[: int(rng.integers(2, n + 1))]) for _ in range(_DRAWN)}
    order = np.argsort(-paths.left, kind="stable").tolist()
    large = {sum(1 << k for k in order[:size]) for size in range(2, n + 1)}
    chosen = {mask & able for mask in some | large | named | {able}}
    return np.array(sorted(mask for mask in chosen if mask.bit_count() > 1), dtype=np.int64)


def _above(gaps: Gaps, paths: Paths, masks: Integers, one: TonnageBound) -> None:
    """Check that no coalition looked at holds above the bound; who leaves has nothing where those who stay choose."""
    scale = paths.facts.scale_m
    low, high = one.bound_kt * (1.0 + _BESIDE), one.most_kt
    gaps.add(ABOVE, 0.0)
    for tonnage in np.geomspace(low, high, _TONNAGES) if 0.0 < low < high else ():
        rows = masks[paths.reach(masks) >= tonnage]
        if one.institution == Institution.UNANIMITY:
            rows = rows[-1:] if rows.size and rows[-1] == masks.max() else rows[:0]
        if rows.size == 0:
            continue
        tops = paths.tops(_with_rests(rows)) if paths.facts.rule == Rule.EFFICIENT else {}
        found = paths.deal(rows, float(tonnage), tops)
        told = one.leaving in (Belief.KEEP, Belief.RESPREAD) and one.institution != Institution.UNANIMITY
        leave = np.maximum(found.leave[:, :, one.leaving.place], 0.0) if told else np.zeros_like(found.gain)
        test = np.where(found.inside, found.gain - leave, 0.0 if one.institution == Institution.TRANSFERS else np.inf)
        best = test.sum(axis=1) if one.institution == Institution.TRANSFERS else test.min(axis=1)
        gaps.most(ABOVE, best / scale, 0.0)


def _with_rests(masks: Integers) -> Integers:
    rests = {mask & ~(1 << k) for mask in masks.tolist() for k in range(int(mask).bit_length())}
    return np.array(sorted(mask for mask in rests | set(masks.tolist()) if mask.bit_count() > 1), dtype=np.int64)


def _unproven(here: OnBaseline, paths: Paths, above_kt: float) -> float:
    """Return how many tonnes above a bound are left unproven: 0 where nothing holds there.

    Cells of shares of what members run and of tonnages, [C, 4], are cut in two until in none a deal is possible.
    """
    most = float(paths.left.sum())
    if not 0.0 < above_kt < most:
        return 0.0 if above_kt > 0.0 else most
    cells = np.array([[0.0, 1.0, above_kt, most]])
    while cells.size:
        cells = cells[_possible(here, paths, cells)]
        wide = np.stack([1.0 - cells[:, 0] / cells[:, 1], 1.0 - cells[:, 2] / cells[:, 3]], axis=1)
        if cells.shape[0] > _CELLS or (wide.max(axis=1) < _NARROW).any():
            return float(cells[:, 3].max()) - above_kt
        side = 2 * np.argmax(wide, axis=1)
        row: Integers = np.arange(side.size, dtype=np.int64)
        low, high = cells.copy(), cells.copy()
        low[row, side + 1] = high[row, side] = 0.5 * (cells[row, side] + cells[row, side + 1])
        cells = np.concatenate([low, high])
    return 0.0


def _possible(here: OnBaseline, paths: Paths, cells: Floats) -> Flags:
    """Return in which cells owners that may gain at the lower share run enough to idle the lower tonnage at the upper.

    What they face is the rise at the upper tonnage, with the idle lines of all that may be members held back; who may
    not is left out and its lines are free, which is looked at once more.
    """
    facts, base, runs = here.facts, here.base, paths.left[:, None]
    shares, kt = cells[:, :2].T, cells[:, 2:].T
    bought = facts.bought_kt[facts.seat][:, None]
    before = base.cut[facts.seat][:, None]
    was, done = (idled(facts, facts.seat, before + runs * share) for share in (np.zeros(1), shares[0]))
    lost, uses = done.loss - was.loss, bought - done.use
    unit = np.array([[float(facts.line_size[facts.owner == i].max(initial=0.0))] for i in facts.seat.tolist()])
    may = np.broadcast_to(paths.able[:, None], lost.shape)
    for _ in range(2):
        held = np.zeros((shares.shape[1], facts.size.size), dtype=np.bool_)
        held[:, facts.seat] = may.T
        kept = np.where(may, base.kept[facts.seat][:, None], 0.0).sum(axis=0)
        withdrawn = base.total + kt[1] + np.where(may, unit, 0.0).sum(axis=0) - kept
        fall = cleared(facts, here.lines, withdrawn, held).fall
        rise, relief = rise_at(facts, fall), relief_at(facts, np.maximum(fall, 0.0), "right")
        gained = (1.0 - shares[0]) * runs * rise - runs * base.rise + uses * relief - (bought - was.use) * base.relief
        may = may & ((facts.annuity * gained - lost) * 1e-3 / facts.annuity >= -_SLACK * facts.scale_m)
    reach = shares[1] * np.where(may, runs, 0.0).sum(axis=0)
    found: Flags = (reach >= kt[0]) & (may.sum(axis=0) > 1)
    return found


_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut, in the baseline nash"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
    (GROUP, 1e-9, "relative", "cuts that can be made"),
    (FORM, 1e-9, "relative", "what was found below the bound, within what those present run"),
    (FOUND, _SLACK, "of revenue", "what the coalition lacks at the tonnage found"),
    (ABOVE, _SLACK, "of revenue", "what a coalition looked at has to spare above a bound"),
    (PROOF, 0.0, "of what those present run", "tonnes more than 1 % above a bound at which a deal was not ruled out"),
)
