"""The certificate of an attribution of K*: contributions by another formula, and sets of some removals held again."""

from __future__ import annotations

__all__ = ["verify_tonnage_attribution"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.alone import base_of
from potline.agreement.checks.baseline import QUESTION, OnBaseline
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.market import lines_of
from potline.agreement.checks.obstacles import NAMES, SUMS, cleared_without, meeting_without, shares_of
from potline.agreement.checks.tonnages import FORM, TOLD, check_sets
from potline.choices import Belief, Rule

if TYPE_CHECKING:
    from potline.agreement.verdict.tonnage_obstacles import TonnageAttribution

Floats = NDArray[np.float64]

_TOLD = (
    *((name, tolerance, unit, method) for name, tolerance, unit, method in TOLD if name != "who holds the largest"),
    (SUMS, 1e-9, "of what those present run", "K* of each set, and Shapley values by what it adds beyond its parts"),
)


def verify_tonnage_attribution(result: TonnageAttribution) -> Certificate:
    """Check contributions and the sets they join, of which some are held again: with no obstacle removed, all, some."""
    gaps, case = Gaps(), result.case
    gaps.equal(QUESTION, (result.leaving in tuple(Belief), result.version), (True, __version__))
    gaps.equal(QUESTION, tuple(item.name for item in result.obstacles), NAMES)
    columns = (result.held_kt, result.held_interval), (result.cleared_kt, result.cleared_interval)
    shapes = [(kt.shape, interval.shape[:1], interval.shape[2:]) for kt, interval in columns]
    gaps.equal(QUESTION, shapes, [((256,), (256,), (4,))] * 2)
    if result.leaving not in tuple(Belief) or shapes != [((256,), (256,), (4,))] * 2:
        return gathered(gaps, "obstacles of tonnages", _TOLD)
    facts = read(case, rule=result.rule)
    most = facts.table_kt or 1.0
    parts = np.array([(item.held_kt, item.cleared_kt) for item in result.obstacles])
    off: list[float] = []
    for column, (kt, interval) in enumerate(columns):
        gaps.same(
            SUMS, kt, [_top(one, math.isnan(said)) for one, said in zip(interval, kt.tolist(), strict=True)], most
        )
        gaps.same(SUMS, parts[:, column], shares_of(kt), most)
        off.append(abs(math.fsum(parts[:, column]) - (kt[-1] - kt[0])))
    gaps.same(SUMS, result.largest_gap_kt, max(off), most)
    rng = np.random.default_rng(len(case.name))
    for subset in dict.fromkeys((0, 127, int(rng.integers(1, 127)))):
        _held_again(gaps, result, meeting_without(case, result.rule, subset), subset, columns[0])
    subset = int(rng.integers(128))
    _held_again(gaps, result, cleared_without(case, result.rule, subset)[0], subset, columns[1])
    return gathered(gaps, "obstacles of tonnages", _TOLD)


def _held_again(
    gaps: Gaps, result: TonnageAttribution, facts: Facts, subset: int, column: tuple[Floats, Floats]
) -> None:
    """Check the sets with and without free riding of one set of the other seven obstacles."""
    kt, interval = column
    if _boundless(facts):
        gaps.equal(QUESTION, bool(np.isnan(kt[2 * subset : 2 * subset + 2]).all()), True)
        return
    lines = lines_of(facts)
    here = OnBaseline(facts, lines, base_of(facts, lines, None))
    sets = [
        result.set_of(interval[2 * subset + gone], facts.table_kt, free_riding=not gone) for gone in (0, 1)
    ]  # fmt: skip
    for one, rows in zip(sets, interval[2 * subset : 2 * subset + 2], strict=True):
        gaps.equal(FORM, np.isnan(rows).all(axis=1).sum() + len(one.intervals), len(rows))
    check_sets(gaps, here, sets, named=False)


def _boundless(facts: Facts) -> bool:
    """Return whether demand is isoelastic and some who cut together run more than its elasticity of the quantity."""
    if not facts.isoelastic or (math.isfinite(facts.ceiling) and facts.imports > 0.0):
        return False
    together = facts.table_kt if facts.rule == Rule.EFFICIENT else 0.0
    return max(float(facts.size.max()), together) >= facts.elasticity * facts.quantity


def _top(rows: Floats, none: bool) -> float:
    """Return the upper end of a set, 0 for none; nan where it is said that there is no answer and no row either."""
    if none and np.isnan(rows).all():
        return math.nan
    return max((high for _, high, _, _ in rows.tolist() if high == high), default=0.0)
