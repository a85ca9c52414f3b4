r"""The certificate of a remedy: at its level each instrument makes an agreement, a hair below it none, at what cost.

The meeting is laid out again from the case at each level: options under the moved support, term or rate, losses less
what is paid on idled tonnes, markets with what the state buys. A transfer and a penalty enter the test of each group
directly. Groups: all of up to ten owners; else the one that agrees and others drawn. Where an instrument moves what
owners idle alone, the baseline ``nash`` is looked at only at the level.
"""

from __future__ import annotations

__all__ = ["verify_remedy"]

import dataclasses
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.baseline import ALONE, QUESTION, SLOPE
from potline.agreement.checks.coalitions import BELIEFS
from potline.agreement.checks.facts import read
from potline.agreement.checks.remedy_bill import bill
from potline.agreement.checks.remedy_levels import (
    BY_THE_TONNE,
    DIRECT,
    EVERY,
    MOVES,
    Level,
    laid_out,
    largest,
    price_today,
    stands,
    stated_term,
    tests_at,
)
from potline.choices import TESTED, Baseline, Belief, Institution, Instrument, Rule, Tested
from potline.errors import PotlineError

if TYPE_CHECKING:
    from potline.agreement.remedy.result import FrontierPoint, Measure, Remedy

Floats = NDArray[np.float64]

MARGIN, LEVEL, COST, NONE = "margins at a level", "least level", "cost and payments", "no level suffices"
_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (MARGIN, 1e-9, "of revenue", "the group that agrees, held again at the level and a hair below it"),
    (LEVEL, 1e-9, "of revenue", "most by which a margin is below 0 at the level, or above it below the level"),
    (COST, 1e-9, "of revenue", "what is idled, bought and removed, plant by plant"),
    (NONE, 1e-9, "of revenue", "largest margin at levels up to the farthest tried"),
    (ALONE, 1e-9, "of price", "gain of an owner from another cut in the baseline"),
    (SLOPE, 1e-9, "of price", "the same a tonne"),
)
_GRID, _FEW_PLANTS = 33, 20
_TRIED = (0, 8, 16, 24, 32)


def verify_remedy(result: Remedy) -> Certificate:
    """Check margins, every measure and the frontier."""
    gaps, case = Gaps(), result.case
    facts = read(case, rule=result.rule)
    told = (result.case_name, result.currency, result.changes, result.version, result.least_cut_kt, result.term_years)
    wanted = (case.name, case.industry.currency, case.changes, __version__, facts.least, facts.term)
    gaps.equal(QUESTION, told, wanted)
    gaps.equal(QUESTION, result.premium_per_t >= 0.0, True)
    for margin in result.margins:
        gaps.equal(QUESTION, (margin.rule, margin.leaving in BELIEFS, margin.institution in TESTED),
                   (result.rule, True, True))  # fmt: skip
        cuts = next((item.baseline_cuts for item in result.measures if item.baseline == margin.baseline), ())
        here = laid_out(gaps, result, Instrument.TRANSFER, 0.0, margin.baseline, cuts, margin.coalition,
                        leaving=margin.leaving)  # fmt: skip
        column = here.tests[:, BELIEFS.index(margin.leaving), TESTED.index(margin.institution)]
        stands(gaps, MARGIN, here, column, margin.margin_m_per_year, margin.coalition)
        gaps.same(MARGIN, margin.upper_m_per_year, margin.margin_m_per_year, here.scale_m)
    for measure in result.measures:
        gaps.equal(QUESTION, (measure.rule, measure.leaving in BELIEFS, measure.institution in TESTED),
                   (result.rule, True, True))  # fmt: skip
        try:
            _measure(gaps, result, measure)
        except PotlineError:
            gaps.equal(QUESTION, measure.level, "a level at which the meeting can be held")
    assert case.meeting is not None
    tonnages = sorted({*case.meeting.sweep_kt, facts.least}) if result.frontier else []
    gaps.equal(QUESTION, sorted({point.least_cut_kt for point in result.frontier}), tonnages)
    for point in result.frontier:
        try:
            _point(gaps, result, point)
        except PotlineError:
            gaps.equal(QUESTION, point.level, "a level at which the meeting can be held")
    return gathered(gaps, "remedy", _TOLD)


def _measure(gaps: Gaps, result: Remedy, measure: Measure) -> None:
    gaps.equal(QUESTION, measure.suffices, not math.isnan(measure.level))
    gaps.equal(QUESTION, bool(measure.coalition), measure.suffices)
    gaps.equal(QUESTION, measure.monotone or math.isfinite(measure.largest_tried), True)

    def at(level: float) -> tuple[Level, Floats]:
        here = laid_out(
            gaps,
            result,
            measure.instrument,
            level,
            measure.baseline,
            measure.baseline_cuts,
            measure.coalition,
            leaving=measure.leaving,
        )
        return here, tests_at(here, measure, level)

    if not measure.suffices:
        for name in ("margin_m_per_year", "margin_below_m_per_year", "level_below", "public_cost_m_per_year",
                     "outlay_m_per_year", "cut_kt"):  # fmt: skip
            gaps.same(QUESTION, getattr(measure, name), math.nan)
        gaps.equal(QUESTION, measure.payments, ())
        if measure.baseline == Baseline.OBSERVED or measure.instrument not in MOVES:
            _never(gaps, result, measure, at)
        return
    here, column = at(measure.level)
    scale = here.scale_m
    if measure.instrument in DIRECT:  # its group is one that agrees, the margin the best of any
        row = here.found.row(here.facts.mask_in_order(measure.coalition))
        gaps.most(LEVEL, -float(column[row]) if row >= 0 else math.nan, 0.0, scale)
        if here.facts.seat.size <= EVERY:
            gaps.same(MARGIN, measure.margin_m_per_year, largest(column), scale)
    else:
        stands(gaps, MARGIN, here, column, measure.margin_m_per_year, measure.coalition)
    gaps.most(LEVEL, -measure.margin_m_per_year, 0.0, scale)
    held = measure.baseline == Baseline.OBSERVED or measure.instrument not in MOVES  # what is idled alone does not move
    if not math.isnan(measure.level_below) and not held:
        gaps.equal(QUESTION, measure.margin_below_m_per_year >= 0.0, False)
    elif not math.isnan(measure.level_below):
        below, other = at(measure.level_below)
        best = largest(other)
        if result.rule == Rule.EFFICIENT and math.isnan(best) != math.isnan(measure.margin_below_m_per_year):
            gaps.most(LEVEL, _best(at(_apart(measure.level, measure.level_below))[1]), 0.0, scale)
        elif below.facts.seat.size <= EVERY:
            gaps.same(MARGIN, measure.margin_below_m_per_year, best, scale)
        gaps.most(LEVEL, -math.inf if math.isnan(measure.margin_below_m_per_year) else measure.margin_below_m_per_year,
                  0.0, scale)  # fmt: skip
    else:
        gaps.same(MARGIN, measure.margin_below_m_per_year, math.nan)
        start = {
            Instrument.LONGER_TERM: stated_term(result),
            Instrument.LOWER_DISCOUNT_RATE: result.case.industry.discount_rate,
        }
        gaps.equal(QUESTION, abs(measure.level - start.get(measure.instrument, 0.0)) <= 1e-12, True)
    if not math.isnan(measure.level_below):
        width = abs(measure.level - measure.level_below)
        close = 2e-6 if measure.instrument == Instrument.STOCKPILE_QUOTA else 2e-9 * max(abs(measure.level), 1.0)
        gaps.equal(QUESTION, width <= close, True)
    _cost(gaps, result, measure, here)
    if held:
        _grid(gaps, result, measure, at)


def _best(column: Floats) -> float:
    """Return the best test of any group, ``-inf`` where none can be held."""
    return float(column.max(initial=-math.inf))


def _apart(level: float, below: float) -> float:
    """Return a level a millionth from a least one where cuts are efficient: nearer, rounding may say who idles any."""
    return level + math.copysign(1e-6 * max(abs(level), abs(level - below)), below - level)


def _never(gaps: Gaps, result: Remedy, measure: Measure, at: Callable[[float], tuple[Level, Floats]]) -> None:
    """Check that no level of some suffices."""
    if math.isinf(measure.largest_tried):
        here, column = at(0.0)
        able = np.isfinite(column)
        if measure.instrument == Instrument.PENALTY and able.any():  # gains alone must fall short
            inside, gain = here.found.inside, here.found.gain
            pooled = measure.institution == Institution.TRANSFERS
            total, least = np.where(inside, gain, 0.0).sum(axis=1), np.where(inside, gain, np.inf).min(axis=1)
            worst = total if pooled else least
            gaps.most(NONE, worst[able], 0.0, here.scale_m)
        else:
            gaps.equal(QUESTION, bool(able.any()), False)
        return
    levels = _levels(result, measure)
    for row in _TRIED:
        if row < levels.size:
            here, column = at(float(levels[row]))
            gaps.most(NONE, _best(column), 0.0, here.scale_m)
    gaps.equal(QUESTION, measure.monotone, True)


def _grid(gaps: Gaps, result: Remedy, measure: Measure, at: Callable[[float], tuple[Level, Floats]]) -> None:
    """Check that no level of those tried first is below the one found, and whether the margin turns again."""
    if math.isinf(measure.largest_tried) or len(result.case.industry.plants) > _FEW_PLANTS:
        return
    levels = _levels(result, measure)
    levels = levels if not measure.monotone or levels.size < _GRID else levels[list(_TRIED)]
    best = [largest(at(float(level))[1]) for level in levels]
    scale = read(result.case, rule=result.rule).scale_m
    agreed = [value >= 0.0 for value in best]
    turns = any(a and not b for a, b in itertools.pairwise(agreed))
    anew = measure.leaving == Belief.REOPTIMISE and measure.instrument != Instrument.STOCKPILE_PREMIUM
    searched = measure.instrument not in BY_THE_TONNE or result.rule == Rule.EFFICIENT or anew
    if not any(abs(value) <= 1e-9 * scale for value in best):  # a margin of 0 but for rounding may turn either way
        gaps.equal(QUESTION, measure.monotone, not (turns and searched))
    first = next((float(level) for level, yes in zip(levels, agreed, strict=True) if yes), math.nan)
    further = abs(measure.level - float(levels[0])) <= abs(first - float(levels[0])) * (1.0 + 1e-9) + 1e-12
    gaps.equal(QUESTION, further, True)


def _levels(result: Remedy, measure: Measure) -> Floats:
    """Return the levels tried first, from none to the far end."""
    name, far = measure.instrument, measure.largest_tried
    share = np.linspace(0.0, 1.0, _GRID)
    if name == Instrument.LONGER_TERM:
        return stated_term(result) + share * (far - stated_term(result))
    if name == Instrument.LOWER_DISCOUNT_RATE:
        rate = result.case.industry.discount_rate
        return rate + share * (far - rate)
    if name == Instrument.STOCKPILE_QUOTA:
        return far * share[::4]
    return far * (
        share if far == 1.0 and name not in (Instrument.COMPENSATION, Instrument.STOCKPILE_PREMIUM) else share**2
    )


def _cost(gaps: Gaps, result: Remedy, measure: Measure, here: Level) -> None:
    """Check what the group idles, what that costs the public, and who pays whom."""
    facts, found = here.facts, here.found
    row = found.row(facts.mask_in_order(measure.coalition))
    if row < 0:
        gaps.equal(QUESTION, row, "a group")
        return
    scale = here.scale_m
    gaps.same(COST, measure.cut_kt, float(found.cut[row].sum()), facts.table_kt or 1.0)
    cost, outlay, payments = bill(result, measure, here, row)
    gaps.same(COST, measure.public_cost_m_per_year, cost, scale)
    gaps.same(COST, measure.outlay_m_per_year, outlay, scale)
    said = {(item.payer, item.payee): item.m_per_year for item in measure.payments}
    gaps.equal(QUESTION, len(said), len(measure.payments))
    names = {pair for pair, value in payments.items() if abs(value) > 1e-9 * scale}
    gaps.equal(QUESTION, names <= set(said) <= {pair for pair, value in payments.items() if value > 0.0}, True)
    for pair, value in payments.items():
        gaps.same(COST, said.get(pair, 0.0 if value <= 1e-9 * scale else math.nan), value if pair in said else 0.0
                  if value <= 1e-9 * scale else value, scale)  # fmt: skip


def _point(gaps: Gaps, result: Remedy, point: FrontierPoint) -> None:
    """Check a point of the frontier: its group agrees at the level, and no group a hair below it."""
    kind = TESTED.index(point.institution) if point.institution in TESTED else -1
    gaps.equal(QUESTION, (kind >= 0, point.instrument in (Instrument.TRANSFER, *BY_THE_TONNE)), (True, True))
    if kind < 0:
        return
    measure = _Asked(point.instrument, point.institution)
    gaps.equal(QUESTION, math.isnan(point.level), not point.coalition)

    def at(level: float) -> tuple[Level, Floats]:
        here = laid_out(
            gaps,
            result,
            point.instrument,
            level,
            Baseline.OBSERVED,
            (),
            point.coalition,
            least=point.least_cut_kt,
            leaving=Belief.KEEP,
        )
        return here, tests_at(here, measure, level)  # type: ignore[arg-type]

    if math.isnan(point.level):
        here, column = at(0.0 if point.instrument == Instrument.TRANSFER else price_today(result))
        best = largest(column)
        gaps.same(QUESTION, point.public_cost_m_per_year, math.nan)
        if point.instrument == Instrument.TRANSFER:
            gaps.equal(QUESTION, math.isnan(best), True)
        else:
            gaps.most(NONE, _best(column), 0.0, here.scale_m)
        return
    here, column = at(point.level)
    scale = here.scale_m
    row = here.found.row(here.facts.mask_in_order(point.coalition))
    gaps.equal(QUESTION, row >= 0, True)
    if row < 0:
        return
    gaps.most(LEVEL, -float(column[row]), 0.0, scale)
    if point.level > 0.0:
        near = point.level * (1.0 - 2e-9)
        level = _apart(point.level, near) if result.rule == Rule.EFFICIENT else near
        gaps.most(LEVEL, _best(at(level)[1]), 0.0, scale)
    billed = dataclasses.replace(measure, level=point.level)
    cost = point.level if point.instrument == Instrument.TRANSFER else bill(result, billed, here, row)[0]  # type: ignore[arg-type]
    gaps.same(COST, point.public_cost_m_per_year, cost, scale)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a point of the frontier asks, as a measure would."""

    instrument: Instrument
    institution: Tested
    leaving: Belief = Belief.KEEP
    level: float = math.nan
