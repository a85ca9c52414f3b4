"""A meeting held again with an instrument at a level: facts, coalitions, tests of each group."""

from __future__ import annotations

__all__ = [
    "BY_THE_TONNE", "DIRECT", "EVERY", "MOVES", "STOCKPILES", "Level", "laid_out", "largest", "price_today", "stands",
    "stated_term", "switching", "tests_at",
]  # fmt: skip

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import Base, base_of, regret
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.baseline import ALONE, QUESTION, SLOPE
from potline.agreement.checks.coalitions import BELIEFS, Table, Terms, every_mask, scores, table
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.market import lines_of
from potline.agreement.checks.meeting import chosen_masks, cuts_of
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, Instrument, Rule
from potline.shutdown import Terms as Paid

if TYPE_CHECKING:
    from potline.agreement.remedy.result import Measure, Remedy

Floats = NDArray[np.float64]

EVERY, _OTHERS = 10, 16
MOVES = (
    Instrument.SUPPORT_REMOVED, Instrument.LUMP_SUMS_REMOVED, Instrument.PRESSURE_REMOVED, Instrument.LONGER_TERM,
    Instrument.LOWER_DISCOUNT_RATE, Instrument.IMPORT_CEILING_LIFTED,
)  # fmt: skip
DIRECT = (Instrument.TRANSFER, Instrument.PENALTY)
STOCKPILES = (Instrument.STOCKPILE_QUOTA, Instrument.STOCKPILE_PREMIUM)
BY_THE_TONNE = (Instrument.COMPENSATION, Instrument.STOCKPILE_PREMIUM, Instrument.SWITCHING_COST_PAID)


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A meeting at one level of an instrument: facts, coalitions, tests [C, 4 beliefs, 5].

    ``scale_m`` is the measure of a discrepancy: a loss less what is paid on it rounds as the loss does.
    """

    facts: Facts
    base: Floats
    found: Table
    tests: Floats
    scale_m: float


def laid_out(
    gaps: Gaps,
    result: Remedy,
    instrument: Instrument,
    level: float,
    baseline: Baseline,
    cuts: tuple[tuple[str, float], ...],
    coalition: tuple[str, ...],
    least: float | None = None,
    *,
    leaving: Belief,
) -> Level:
    """Hold the meeting at a level of an instrument."""
    facts, terms, scale = facts_at(result.case, result.rule, instrument, level, result.premium_per_t, least)
    alone: Floats | None = None
    if baseline == Baseline.NASH:
        alone = cuts_of(facts, cuts)
        gaps.equal(QUESTION, bool(np.isfinite(alone).all()), True)
        alone = np.where(np.isfinite(alone), alone, 0.0)
        state = facts if instrument in MOVES else read(result.case, rule=result.rule)
        gain, slope, _ = regret(state, lines_of(state), alone)
        gaps.add(ALONE, gain * 1e3)
        gaps.add(SLOPE, slope)
    else:
        gaps.equal(QUESTION, (baseline, cuts), (Baseline.OBSERVED, ()))
    n = facts.seat.size
    masks = every_mask(n) if n <= EVERY else chosen_masks(facts, {facts.mask_in_order(coalition)}, _OTHERS)
    chosen = tuple(np.asarray(sorted(masks), dtype=np.int64).tolist())
    base, found, tests = _tested(
        facts, None if alone is None else tuple(alone.tolist()), chosen, terms, anew=leaving == Belief.REOPTIMISE
    )
    return Level(facts, base.cut, found, tests, scale)


@lru_cache(maxsize=16)
def _tested(
    facts: Facts, alone: tuple[float, ...] | None, masks: tuple[int, ...], terms: Terms | None, *, anew: bool
) -> tuple[Base, Table, Floats]:
    """Evaluate coalitions once for all levels of an instrument that enters their tests alone."""
    lines = lines_of(facts)
    base = base_of(facts, lines, None if alone is None else np.array(alone))
    found = table(facts, lines, base, np.array(masks, dtype=np.int64), terms=terms)
    if anew:
        found = with_anew(facts, lines, base, found, every=True)
    return base, found, scores(facts, base, found)


def facts_at(
    case: Case, rule: Rule, instrument: Instrument, level: float, premium: float, least: float | None
) -> tuple[Facts, Terms | None, float]:
    """Return the meeting with an instrument at a level, what the state buys, and the measure of a discrepancy."""
    left = 1.0 - level

    def moved(terms: Paid) -> Paid:
        if instrument == Instrument.SUPPORT_REMOVED:
            return dataclasses.replace(terms, support=terms.support * left)
        if instrument == Instrument.LUMP_SUMS_REMOVED:
            return dataclasses.replace(terms, lump_sum=terms.lump_sum * left)
        if instrument == Instrument.PRESSURE_REMOVED:
            return dataclasses.replace(terms, pressure=terms.pressure * left)
        if instrument == Instrument.LONGER_TERM:
            return dataclasses.replace(terms, term_years=np.array([level]))
        if instrument == Instrument.LOWER_DISCOUNT_RATE:
            return dataclasses.replace(terms, discount_rate=np.array([level]))
        return terms

    lift = level if instrument == Instrument.IMPORT_CEILING_LIFTED else 0.0
    facts = read(case, rule=rule, least=least, terms=moved, ceiling_lift=lift)
    if instrument in (Instrument.COMPENSATION, Instrument.SWITCHING_COST_PAID):
        paid = level * (
            np.full(facts.owner.size, facts.annuity) if instrument == Instrument.COMPENSATION else switching(facts)
        )
        return dataclasses.replace(facts, part=facts.part - paid, whole=facts.whole - paid), None, facts.scale_m
    buys: Terms | None = None
    if instrument == Instrument.STOCKPILE_QUOTA:
        buys = Terms(bought=level, premium=premium) if level > 0.0 else None
    elif instrument == Instrument.STOCKPILE_PREMIUM:
        buys = Terms(bought=1.0, premium=level)
    return facts, buys, facts.scale_m


def switching(facts: Facts) -> Floats:
    """Return the cost of stopping, of holding over the term and of restarting after it, money/t over the term."""
    terms, years = facts.terms, facts.term
    later = math.exp(-float(terms.discount_rate[0]) * years)
    return np.asarray(
        terms.stop_cost[0] + facts.annuity * terms.holding_cost[0] + later * terms.restart_cost[0], dtype=np.float64
    )


def tests_at(here: Level, measure: Measure, level: float) -> Floats:
    """Return the test of each group, with a transfer or a penalty in it, [C]."""
    way, kind = BELIEFS.index(measure.leaving), TESTED.index(measure.institution)
    plain = here.tests[:, way, kind]
    if measure.instrument not in DIRECT:
        return plain
    inside, gain, leave = here.found.inside, here.found.gain, here.found.leave[:, :, way]
    if measure.instrument == Instrument.TRANSFER:
        if kind == 1:
            value = level + plain
        else:
            short = np.minimum(gain, gain - leave) if kind == 0 else gain
            value = level - np.where(inside, np.maximum(0.0, -short), 0.0).sum(axis=1)
    elif kind == 1:
        value = np.where(inside, gain - np.maximum(0.0, leave - level), 0.0).sum(axis=1)
    else:
        each = np.minimum(gain, gain - leave + level) if kind == 0 else gain
        value = np.where(inside, each, np.inf).min(axis=1)
    return np.where(np.isfinite(plain), value, -np.inf)


def largest(column: Floats) -> float:
    """Return the best test of any group; nan where none can be held."""
    best = float(column.max(initial=-math.inf))
    return best if math.isfinite(best) else math.nan


def stands(gaps: Gaps, name: str, here: Level, column: Floats, margin: float, coalition: tuple[str, ...]) -> None:
    """Check that a margin is that of its group, and the largest of those looked at."""
    facts = here.facts
    row = here.found.row(facts.mask_in_order(coalition))
    if math.isnan(margin):
        gaps.equal(QUESTION, (coalition, bool(np.isfinite(column).any())), ((), False))
        return
    own = float(column[row]) if row >= 0 and here.found.reached[row] else math.nan
    gaps.same(name, margin, own, here.scale_m)
    gaps.most(name, np.where(np.isfinite(column), column, margin), margin, here.scale_m)


def stated_term(result: Remedy) -> float:
    """Return the term that the case states."""
    assert result.case.meeting is not None
    return result.case.meeting.term_years


def price_today(result: Remedy) -> float:
    """Return today's price: what levels in money a tonne are tried up to."""
    return result.case.industry.price_per_t
