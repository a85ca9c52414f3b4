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
from potline.agreement.checks.alone import base_of, regret
from potline.agreement.checks.baseline import ALONE, QUESTION, SLOPE
from potline.agreement.checks.coalitions import LEAVING, Table, Terms, every_mask, scores, table
from potline.agreement.checks.facts import Facts, by_owner, read
from potline.agreement.checks.market import lines_of
from potline.agreement.checks.meeting import chosen_masks, cuts_of
from potline.agreement.checks.owners import by_plant
from potline.cases import Case
from potline.errors import PotlineError
from potline.shutdown import Terms as Paid

if TYPE_CHECKING:
    from potline.agreement.remedy.result import FrontierPoint, Measure, Remedy

Floats = NDArray[np.float64]

NAMES = ("voluntary", "transfers", "unanimity")
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
_EVERY, _OTHERS, _GRID, _FEW_PLANTS = 10, 16, 33, 20
_TRIED = (0, 8, 16, 24, 32)
_STATE, _FUND, _NOBODY = "the state", "the common fund", "nobody unless it leaves"


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """A meeting at one level of an instrument: facts, coalitions, tests [C, 3 ways, 5]."""

    facts: Facts
    base: Floats
    found: Table
    tests: Floats


def verify_remedy(result: Remedy) -> Certificate:
    """Check margins, every measure and the frontier."""
    gaps, case = Gaps(), result.case
    facts = read(case, rule=result.rule)
    told = (result.case_name, result.currency, result.changes, result.version, result.least_cut_kt, result.term_years)
    wanted = (case.name, case.industry.currency, case.changes, __version__, facts.least, facts.term)
    gaps.equal(QUESTION, told, wanted)
    gaps.equal(QUESTION, result.premium_per_t >= 0.0, True)
    for margin in result.margins:
        gaps.equal(QUESTION, (margin.rule, margin.leaving in LEAVING, margin.institution in NAMES),
                   (result.rule, True, True))  # fmt: skip
        cuts = next((item.baseline_cuts for item in result.measures if item.baseline == margin.baseline), ())
        here = _laid_out(gaps, result, "transfer", 0.0, margin.baseline, cuts, margin.coalition)
        column = here.tests[:, LEAVING.index(margin.leaving), NAMES.index(margin.institution)]
        _stands(gaps, MARGIN, here, column, margin.margin_m_per_year, margin.coalition)
        gaps.same(MARGIN, margin.upper_m_per_year, margin.margin_m_per_year, here.facts.scale_m)
    for measure in result.measures:
        gaps.equal(QUESTION, (measure.rule, measure.leaving in LEAVING, measure.institution in NAMES),
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

    def at(level: float) -> tuple[_Level, Floats]:
        here = _laid_out(
            gaps, result, measure.instrument, level, measure.baseline, measure.baseline_cuts, measure.coalition
        )
        return here, _tests(here, measure, level)

    if not measure.suffices:
        for name in ("margin_m_per_year", "margin_below_m_per_year", "level_below", "public_cost_m_per_year",
                     "outlay_m_per_year", "cut_kt"):  # fmt: skip
            gaps.same(QUESTION, getattr(measure, name), math.nan)
        gaps.equal(QUESTION, measure.payments, ())
        if measure.baseline == "observed" or measure.instrument not in _MOVES:
            _never(gaps, result, measure, at)
        return
    here, column = at(measure.level)
    scale = here.facts.scale_m
    if measure.instrument in ("transfer", "penalty"):  # its group is one that agrees, the margin the best of any
        row = here.found.row(here.facts.mask_in_order(measure.coalition))
        gaps.most(LEVEL, -float(column[row]) if row >= 0 else math.nan, 0.0, scale)
        if here.facts.seat.size <= _EVERY:
            gaps.same(MARGIN, measure.margin_m_per_year, _largest(column), scale)
    else:
        _stands(gaps, MARGIN, here, column, measure.margin_m_per_year, measure.coalition)
    gaps.most(LEVEL, -measure.margin_m_per_year, 0.0, scale)
    held = measure.baseline == "observed" or measure.instrument not in _MOVES  # what is idled alone does not move
    if not math.isnan(measure.level_below) and not held:
        gaps.equal(QUESTION, measure.margin_below_m_per_year < 0.0, True)
    elif not math.isnan(measure.level_below):
        below, other = at(measure.level_below)
        best = _largest(other)
        if below.facts.seat.size <= _EVERY:
            gaps.same(MARGIN, measure.margin_below_m_per_year, best, scale)
        gaps.most(LEVEL, -math.inf if math.isnan(measure.margin_below_m_per_year) else measure.margin_below_m_per_year,
                  0.0, scale)  # fmt: skip
    else:
        gaps.same(MARGIN, measure.margin_below_m_per_year, math.nan)
        start = {"longer term": here_term(result), "lower discount rate": result.case.industry.discount_rate}
        gaps.equal(QUESTION, abs(measure.level - start.get(measure.instrument, 0.0)) <= 1e-12, True)
    if not math.isnan(measure.level_below):
        width = abs(measure.level - measure.level_below)
        close = 2e-6 if measure.instrument == "stockpile quota" else 2e-9 * max(abs(measure.level), 1.0)
        gaps.equal(QUESTION, width <= close, True)
    _cost(gaps, result, measure, here)
    if held:
        _grid(gaps, result, measure, at)


def here_term(result: Remedy) -> float:
    """Return the term that the case states."""
    assert result.case.meeting is not None
    return result.case.meeting.term_years


def _never(gaps: Gaps, result: Remedy, measure: Measure, at: Callable[[float], tuple[_Level, Floats]]) -> None:
    """Check that no level of some suffices."""
    if math.isinf(measure.largest_tried):
        here, column = at(0.0)
        able = np.isfinite(column)
        if measure.instrument == "penalty" and able.any():  # gains alone must fall short
            inside, gain = here.found.inside, here.found.gain
            worst = np.where(inside, gain, 0.0).sum(axis=1) if measure.institution == "transfers" else np.where(
                inside, gain, np.inf
            ).min(axis=1)  # fmt: skip
            gaps.most(NONE, worst[able], 0.0, here.facts.scale_m)
        else:
            gaps.equal(QUESTION, bool(able.any()), False)
        return
    levels = _levels(result, measure)
    for row in _TRIED:
        if row < levels.size:
            here, column = at(float(levels[row]))
            best = _largest(column)
            gaps.most(NONE, -1.0 if math.isnan(best) else best, 0.0, here.facts.scale_m)
    gaps.equal(QUESTION, measure.monotone, True)


def _grid(gaps: Gaps, result: Remedy, measure: Measure, at: Callable[[float], tuple[_Level, Floats]]) -> None:
    """Check that no level of those tried first is below the one found, and whether the margin turns again."""
    if math.isinf(measure.largest_tried) or len(result.case.industry.plants) > _FEW_PLANTS:
        return
    levels = _levels(result, measure)
    levels = levels if not measure.monotone or levels.size < _GRID else levels[list(_TRIED)]
    best = [_largest(at(float(level))[1]) for level in levels]
    scale = read(result.case, rule=result.rule).scale_m
    agreed = [value >= 0.0 for value in best]
    turns = any(a and not b for a, b in itertools.pairwise(agreed))
    searched = measure.instrument not in _BY_THE_TONNE or result.rule == "efficient"
    if not any(abs(value) <= 1e-9 * scale for value in best):  # a margin of 0 but for rounding may turn either way
        gaps.equal(QUESTION, measure.monotone, not (turns and searched))
    first = next((float(level) for level, yes in zip(levels, agreed, strict=True) if yes), math.nan)
    further = abs(measure.level - float(levels[0])) <= abs(first - float(levels[0])) * (1.0 + 1e-9) + 1e-12
    gaps.equal(QUESTION, further, True)


_MOVES = (
    "support removed", "lump sums removed", "pressure removed", "longer term", "lower discount rate",
    "import ceiling lifted",
)  # fmt: skip
_BY_THE_TONNE = ("compensation", "stockpile premium", "switching cost paid")


def _levels(result: Remedy, measure: Measure) -> Floats:
    """Return the levels tried first, from none to the far end."""
    name, far = measure.instrument, measure.largest_tried
    share = np.linspace(0.0, 1.0, _GRID)
    if name == "longer term":
        return here_term(result) + share * (far - here_term(result))
    if name == "lower discount rate":
        rate = result.case.industry.discount_rate
        return rate + share * (far - rate)
    if name == "stockpile quota":
        return far * share[::4]
    return far * (share if far == 1.0 and name not in ("compensation", "stockpile premium") else share**2)


def _laid_out(
    gaps: Gaps,
    result: Remedy,
    instrument: str,
    level: float,
    baseline: str,
    cuts: tuple[tuple[str, float], ...],
    coalition: tuple[str, ...],
    least: float | None = None,
) -> _Level:
    """Hold the meeting at a level of an instrument."""
    facts, terms = _facts(result.case, result.rule, instrument, level, result.premium_per_t, least)
    lines = lines_of(facts)
    alone: Floats | None = None
    if baseline == "nash":
        alone = cuts_of(facts, cuts)
        gaps.equal(QUESTION, bool(np.isfinite(alone).all()), True)
        alone = np.where(np.isfinite(alone), alone, 0.0)
        state = facts if instrument in _MOVES else read(result.case, rule=result.rule)
        gain, slope, _ = regret(state, lines_of(state), alone)
        gaps.add(ALONE, gain * 1e3)
        gaps.add(SLOPE, slope)
    else:
        gaps.equal(QUESTION, (baseline, cuts), ("observed", ()))
    base = base_of(facts, lines, alone)
    n = facts.seat.size
    masks = every_mask(n) if n <= _EVERY else chosen_masks(facts, {facts.mask_in_order(coalition)}, _OTHERS)
    found = table(facts, lines, base, masks, terms=terms)
    return _Level(facts, base.cut, found, scores(facts, base, found))


def _facts(
    case: Case, rule: str, instrument: str, level: float, premium: float, least: float | None
) -> tuple[Facts, Terms | None]:
    """Return the meeting with an instrument at a level, and what the state buys."""
    left = 1.0 - level

    def moved(terms: Paid) -> Paid:
        if instrument == "support removed":
            return dataclasses.replace(terms, support=terms.support * left)
        if instrument == "lump sums removed":
            return dataclasses.replace(terms, lump_sum=terms.lump_sum * left)
        if instrument == "pressure removed":
            return dataclasses.replace(terms, pressure=terms.pressure * left)
        if instrument == "longer term":
            return dataclasses.replace(terms, term_years=np.array([level]))
        if instrument == "lower discount rate":
            return dataclasses.replace(terms, discount_rate=np.array([level]))
        return terms

    lift = level if instrument == "import ceiling lifted" else 0.0
    facts = read(case, rule=rule, least=least, terms=moved, ceiling_lift=lift)
    if instrument in ("compensation", "switching cost paid"):
        paid = level * (np.full(facts.owner.size, facts.annuity) if instrument == "compensation" else _switching(facts))
        return dataclasses.replace(facts, part=facts.part - paid, whole=facts.whole - paid), None
    if instrument == "stockpile quota":
        return facts, Terms(bought=level, premium=premium) if level > 0.0 else None
    if instrument == "stockpile premium":
        return facts, Terms(bought=1.0, premium=level)
    return facts, None


def _switching(facts: Facts) -> Floats:
    """Return the cost of stopping, of holding over the term and of restarting after it, money/t over the term."""
    terms, years = facts.terms, facts.term
    later = math.exp(-float(terms.discount_rate[0]) * years)
    return np.asarray(
        terms.stop_cost[0] + facts.annuity * terms.holding_cost[0] + later * terms.restart_cost[0], dtype=np.float64
    )


def _tests(here: _Level, measure: Measure, level: float) -> Floats:
    """Return the test of each group, with a transfer or a penalty in it, [C]."""
    way, kind = LEAVING.index(measure.leaving), NAMES.index(measure.institution)
    plain = here.tests[:, way, kind]
    if measure.instrument not in ("transfer", "penalty"):
        return plain
    inside, gain, leave = here.found.inside, here.found.gain, here.found.leave[:, :, way]
    if measure.instrument == "transfer":
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


def _largest(column: Floats) -> float:
    best = float(column.max(initial=-math.inf))
    return best if math.isfinite(best) else math.nan


def _stands(gaps: Gaps, name: str, here: _Level, column: Floats, margin: float, coalition: tuple[str, ...]) -> None:
    """Check that a margin is that of its group, and the largest of those looked at."""
    facts = here.facts
    row = here.found.row(facts.mask_in_order(coalition))
    if math.isnan(margin):
        gaps.equal(QUESTION, (coalition, bool(np.isfinite(column).any())), ((), False))
        return
    own = float(column[row]) if row >= 0 and here.found.reached[row] else math.nan
    gaps.same(name, margin, own, facts.scale_m)
    gaps.most(name, np.where(np.isfinite(column), column, margin), margin, facts.scale_m)


def _cost(gaps: Gaps, result: Remedy, measure: Measure, here: _Level) -> None:
    """Check what the group idles, what that costs the public, and who pays whom."""
    facts, found = here.facts, here.found
    row = found.row(facts.mask_in_order(measure.coalition))
    if row < 0:
        gaps.equal(QUESTION, row, "a group")
        return
    scale = facts.scale_m
    gaps.same(COST, measure.cut_kt, float(found.cut[row].sum()), facts.table_kt or 1.0)
    cost, outlay, payments = _bill(result, measure, here, row)
    gaps.same(COST, measure.public_cost_m_per_year, cost, scale)
    gaps.same(COST, measure.outlay_m_per_year, outlay, scale)
    said = {(item.payer, item.payee): item.m_per_year for item in measure.payments}
    gaps.equal(QUESTION, len(said), len(measure.payments))
    names = {pair for pair, value in payments.items() if abs(value) > 1e-9 * scale}
    gaps.equal(QUESTION, names <= set(said) <= {pair for pair, value in payments.items() if value > 0.0}, True)
    for pair, value in payments.items():
        gaps.same(COST, said.get(pair, 0.0 if value <= 1e-9 * scale else math.nan), value if pair in said else 0.0
                  if value <= 1e-9 * scale else value, scale)  # fmt: skip


def _bill(
    result: Remedy, measure: Measure, here: _Level, row: int
) -> tuple[float, float, dict[tuple[str, str], float]]:
    """Return public cost, outlay and payments, million a year."""
    facts, found, level, name = here.facts, here.found, measure.level, measure.instrument
    members = np.flatnonzero(found.inside[row]).tolist()
    paid: dict[tuple[str, str], float] = {}
    if name == "transfer":
        return level, level, _shared(measure, here, row)
    if name == "penalty":
        bound = {(facts.seats[k], _NOBODY): level for k in members} if level > 0.0 else {}
        return 0.0, 0.0, bound
    outlay = cost = 0.0
    idled = [by_plant(facts, i, float(here.base[i]) + (float(found.cut[row, k]) if found.inside[row, k] else 0.0))
             for k, i in enumerate(facts.seat.tolist())]  # fmt: skip
    quiet = [by_plant(facts, i, float(here.base[i])) for i in facts.seat.tolist()]
    price = facts.price + float(found.rise[row])
    for k in members:
        more, amount = idled[k] - quiet[k], 0.0
        if name == "compensation":
            amount = 1e-3 * level * float(more.sum())
        elif name == "switching cost paid":
            amount = 1e-3 * level * float(more @ _switching(facts)) / facts.annuity
        elif name.startswith("stockpile"):
            premium = result.premium_per_t if name == "stockpile quota" else level
            amount = 1e-3 * (price + premium) * float(found.bought[row, k])
            cost += amount - 1e-3 * facts.price * float(found.bought[row, k])
        outlay += amount
        if amount > 0.0:
            paid[_STATE, facts.seats[k]] = amount
    cost = cost if name.startswith("stockpile") else outlay
    if name in ("support removed", "lump sums removed"):
        plain = read(result.case, rule=result.rule).terms
        per_t = plain.support[0] if name == "support removed" else plain.lump_sum[0]
        gone = np.sum(idled, axis=0)
        for i in range(len(facts.owners)):
            if i not in facts.seat:
                gone = gone + by_plant(facts, i, float(here.base[i]))
        given = by_owner(facts.owner, 1e-3 * level * (facts.running - gone) * per_t, len(facts.owners))
        paid = {(owner, _STATE): float(lost) for owner, lost in zip(facts.owners, given, strict=True) if lost > 0.0}
        cost = outlay = -float(given.sum())
    return cost, outlay, paid


def _shared(measure: Measure, here: _Level, row: int) -> dict[tuple[str, str], float]:
    """Return who pays whom where money comes from outside or members settle among themselves."""
    facts, found = here.facts, here.found
    way, level = LEAVING.index(measure.leaving), measure.level
    inside, gain, leave = found.inside[row], found.gain[row], found.leave[row, :, way]
    pooled = measure.institution == "transfers"
    if pooled:
        lack = np.where(inside, np.maximum(leave, 0.0) - gain, 0.0)
    else:
        short = np.minimum(gain, gain - leave) if measure.institution == "voluntary" else gain
        lack = np.where(inside, np.maximum(0.0, -short), 0.0)
    paid: dict[tuple[str, str], float] = {}
    if pooled and level > 0.0:
        paid[_STATE, _FUND] = level
    if pooled and level == 0.0 and lack.sum() < 0.0:
        owed, spare = float(lack[lack > 0.0].sum()), float(-lack[lack < 0.0].sum())
        lack = np.where(lack < 0.0, lack * owed / spare, lack)
    for owner, share in zip(facts.seats, lack.tolist(), strict=True):
        if share > 0.0:
            paid[_FUND if pooled else _STATE, owner] = share
        elif share < 0.0:
            paid[owner, _FUND] = -share
    return paid


def _point(gaps: Gaps, result: Remedy, point: FrontierPoint) -> None:
    """Check a point of the frontier: its group agrees at the level, and no group a hair below it."""
    kind = NAMES.index(point.institution) if point.institution in NAMES else -1
    gaps.equal(QUESTION, (kind >= 0, point.instrument in ("transfer", *_BY_THE_TONNE)), (True, True))
    if kind < 0:
        return
    measure = _Asked(point.instrument, point.institution)
    gaps.equal(QUESTION, math.isnan(point.level), not point.coalition)

    def at(level: float) -> tuple[_Level, Floats]:
        here = _laid_out(
            gaps, result, point.instrument, level, "observed", (), point.coalition, least=point.least_cut_kt
        )
        return here, _tests(here, measure, level)  # type: ignore[arg-type]

    if math.isnan(point.level):
        here, column = at(0.0 if point.instrument == "transfer" else here_price(result))
        best = _largest(column)
        gaps.same(QUESTION, point.public_cost_m_per_year, math.nan)
        if point.instrument == "transfer":
            gaps.equal(QUESTION, math.isnan(best), True)
        else:
            gaps.most(NONE, -1.0 if math.isnan(best) else best, 0.0, here.facts.scale_m)
        return
    here, column = at(point.level)
    scale = here.facts.scale_m
    row = here.found.row(here.facts.mask_in_order(point.coalition))
    gaps.equal(QUESTION, row >= 0, True)
    if row < 0:
        return
    gaps.most(LEVEL, -float(column[row]), 0.0, scale)
    if point.level > 0.0:
        best = _largest(at(point.level * (1.0 - 2e-9))[1])
        gaps.most(LEVEL, -1.0 if math.isnan(best) else best, 0.0, scale)
    billed = dataclasses.replace(measure, level=point.level)
    cost = point.level if point.instrument == "transfer" else _bill(result, billed, here, row)[0]  # type: ignore[arg-type]
    gaps.same(COST, point.public_cost_m_per_year, cost, scale)


def here_price(result: Remedy) -> float:
    """Return today's price: what levels in money a tonne are tried up to."""
    return result.case.industry.price_per_t


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a point of the frontier asks, as a measure would."""

    instrument: str
    institution: str
    leaving: str = "keep"
    level: float = math.nan
