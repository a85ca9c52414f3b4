"""The certificate of a meeting: every figure it prints, from the case and that figure alone."""

from __future__ import annotations

__all__ = ["BOUND", "GAINS", "MARKET", "Sample", "chosen_masks", "cuts_of", "verify_meeting"]

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.alone import Base, base_of, regret, solo
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.coalitions import BELIEFS, Table, every_mask, scores, table
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.market import Lines, lines_of
from potline.agreement.checks.meeting_tables import check_coalitions, check_deal, check_owners
from potline.agreement.checks.meeting_tonnage import check_tonnages
from potline.agreement.checks.obstacles import verify_attribution
from potline.agreement.checks.shares import verify_share
from potline.agreement.checks.state import told
from potline.cases import Case
from potline.cases.limits import MOST_GONE_THROUGH
from potline.choices import TESTED, Baseline, Belief, Institution, Rule
from potline.industry import Change
from potline.verification import Check

if TYPE_CHECKING:
    from potline.agreement.verdict.result import Margin, MeetingResult

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

QUESTION, MARKET, GAINS, MARGINS, BOUND = (
    "question", "market of a deal", "gains", "margins and verdicts", "no group better",
)  # fmt: skip
REACH, ALONE, SLOPE, NASH = "no group reaches the tonnage", "best cuts alone", "best cuts alone: slope", "cuts alone"
_OTHERS = 16
_SEED = 7
_ALL = 10  # owners up to which every coalition of the headline is evaluated

_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (MARKET, 1e-9, "relative", "price, relief and output of each group, every idle line asked anew"),
    (GAINS, 1e-9, "of revenue", "added up plant by plant, in the deal and outside it"),
    (MARGINS, 1e-9, "of revenue", "the worst test of the group that decides, from both sides, and the verdict"),
    (BOUND, 1e-9, "of revenue", "most by which another group exceeds what none should exceed"),
    (REACH, 0.0, "of the tonnage", "what all at the table could idle together, above what is asked"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
    (NASH, 1e-9, "relative", "market, total and gains of the cuts nobody would change alone, and of one owner's"),
    ("tonnages", 1e-9, "of revenue", "the groups that decide at each tonnage, and others"),
    ("tables", 1e-9, "relative", "sums, differences and names of the tables"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One baseline of a meeting, laid out for its checks."""

    facts: Facts
    lines: Lines
    base: Base


def verify_meeting(result: MeetingResult, *, parts: bool = True) -> Certificate:
    """Check a meeting: question, groups, margins, tables, tonnages, cuts alone, obstacles and shares.

    Args:
        result: with or without a certificate.
        parts: check obstacles and shares again, too; else what stands in their certificates counts.
    """
    gaps, case = Gaps(), result.case
    facts = read(case, rule=result.rule)
    lines = lines_of(facts)
    _question(gaps, case, facts, result)
    cut = cuts_of(facts, result.nash_cuts)
    gaps.equal(NASH, np.isfinite(cut).all(), True)
    cut = np.where(np.isfinite(cut), cut, 0.0)
    bases = {Baseline.OBSERVED: base_of(facts, lines, None), Baseline.NASH: base_of(facts, lines, cut)}
    _alone(gaps, facts, lines, bases[Baseline.NASH], result)
    groups: dict[tuple[Rule, Baseline], list[Margin]] = {}
    for item in result.margins:
        groups.setdefault((item.rule, item.baseline), []).append(item)
    headline: Table | None = None
    for number, ((rule, baseline), items) in enumerate(groups.items()):
        if baseline not in bases:
            continue
        here = Sample(dataclasses.replace(facts, rule=rule), lines, bases[baseline])
        found = _margins(gaps, here, items, result, everyone=number == 0)
        headline = found if number == 0 else headline
    first = Sample(facts, lines, bases[Baseline.OBSERVED])
    if headline is not None:
        check_coalitions(gaps, first, result, headline)
    mask = facts.mask_in_order(result.coalition)
    check_deal(gaps, first, result, mask)
    check_owners(gaps, first, case, cut, result, mask)
    _money(gaps, first, result, headline)
    _without_pressure(gaps, case, result)
    check_tonnages(gaps, facts, lines, bases, result)
    own = gathered(gaps, "meeting", _TOLD)
    return Certificate(checks=(*own.checks, *_parts(result, parts)))


def _parts(result: MeetingResult, again: bool) -> tuple[Check, ...]:
    """Return the checks of obstacles and shares; they must be of the same case and rule."""
    found: list[Check] = []
    gaps = Gaps()
    for part, verified in ((result.obstacles, verify_attribution), (result.share, verify_share)):
        if part is not None:
            gaps.equal(QUESTION, (part.case, part.rule), (result.case, result.rule))
            if part.case == result.case:
                found += (verified(part) if again else part.certificate).checks  # type: ignore[arg-type]
    return (*gathered(gaps, "meeting, its parts", _TOLD).checks, *found)


def cuts_of(facts: Facts, cuts: tuple[tuple[str, float], ...]) -> Floats:
    """Return cuts by owner of the industry, [O]; nan for a name that is none or comes twice."""
    found = np.zeros(len(facts.owners))
    names = [name for name, _ in cuts]
    if len(set(names)) < len(names) or not set(names) <= set(facts.owners):
        return np.full(found.size, np.nan)
    for name, value in cuts:
        found[facts.owners.index(name)] = value
    return found


def chosen_masks(facts: Facts, decide: set[int], count: int, *, everyone: bool = False) -> Integers:
    """Return the coalitions to evaluate: those that decide, all together, and others drawn by seed; or every one."""
    n = facts.seat.size
    if everyone:
        return every_mask(n)
    rng = np.random.default_rng(_SEED)
    drawn = {sum(1 << int(i) for i in rng.permutation(n)[: int(rng.integers(2, n + 1))]) for _ in range(count)}
    able = sum(1 << k for k, i in enumerate(facts.seat.tolist()) if facts.size[i] > 0.0)
    wanted = {mask for mask in decide | drawn | {able} if mask.bit_count() > 1}
    return np.array(sorted(wanted), dtype=np.int64)


def _question(gaps: Gaps, case: Case, facts: Facts, result: MeetingResult) -> None:
    asked = (case.name, case.industry, case.meeting, case.changes, __version__, facts.least, facts.term)
    said = (
        result.case_name, result.industry, result.meeting, result.changes, result.version, result.least_cut_kt,
        result.term_years,
    )  # fmt: skip
    gaps.equal(QUESTION, said, asked)
    stated = (Rule.STATED,) if facts.stated.any() else ()
    rules = dict.fromkeys((result.rule, Rule.PRO_RATA, Rule.EFFICIENT, *stated))
    wanted = [(k, b, r, way) for r in rules for b in Baseline for way in BELIEFS for k in TESTED]
    gaps.equal(QUESTION, [(m.institution, m.baseline, m.rule, m.leaving) for m in result.margins], wanted)
    gaps.equal(QUESTION, _examined(facts, result), True)
    price, ceiling = facts.price, case.industry.trade.ceiling_per_t
    gaps.same(MARKET, result.price_per_t, price, price)
    gaps.same(MARKET, result.ceiling_per_t, ceiling, price)
    first = next((item for item in result.margins if item.leaving == Belief.KEEP), result.margins[0])
    gaps.equal(MARGINS, (result.verdict, result.coalition), (told(case, _verdict(first)), first.coalition))
    gaps.same(MARGINS, result.margin_m_per_year, first.margin_m_per_year, facts.scale_m)


def _examined(facts: Facts, result: MeetingResult) -> bool:
    """Return whether what is said of how coalitions were gone through can be."""
    said, n = result.examined, facts.seat.size
    if said.method == "searched":
        width = 1e-8 * 1e-3 * facts.price * facts.quantity
        return n > MOST_GONE_THROUGH and said.coalitions > 0 and abs(said.tolerance_m_per_year - width) <= 1e-9 * width
    if (said.boxes, said.tolerance_m_per_year) != (0, 0.0):
        return False
    return said.coalitions == 1 << n if said.method == "every" else said.method == "alike" and n > MOST_GONE_THROUGH


def _verdict(item: Margin) -> str:
    if math.isnan(item.margin_m_per_year):
        return "infeasible"
    if item.margin_m_per_year >= 0.0:
        return "agreement"
    return "no agreement" if item.upper_m_per_year < 0.0 else "not decided"


def _margins(gaps: Gaps, here: Sample, items: list[Margin], result: MeetingResult, *, everyone: bool) -> Table:
    """Check the margins of one rule and baseline; return what was evaluated."""
    facts, exact = here.facts, result.examined.method != "searched"
    decide = {facts.mask_in_order(item.coalition) for item in items}
    masks = chosen_masks(facts, decide, _OTHERS, everyone=everyone and facts.seat.size <= _ALL)
    found = table(facts, here.lines, here.base, masks)
    named = {facts.mask_in_order(item.coalition) for item in items if item.leaving == Belief.REOPTIMISE}
    if named:
        found = with_anew(facts, here.lines, here.base, found, named=named)
    tests = scores(facts, here.base, found)
    for item in items:
        if item.leaving not in BELIEFS or item.institution not in TESTED:
            continue
        column = tests[:, BELIEFS.index(item.leaving), TESTED.index(item.institution)]
        mask, paid = facts.mask_in_order(item.coalition), item.institution == Institution.TRANSFERS
        _margin(gaps, here, found, column, item.margin_m_per_year, mask, paid=paid)
        upper = item.upper_m_per_year
        gaps.equal(MARGINS, math.isnan(upper), math.isnan(item.margin_m_per_year))
        if math.isnan(item.margin_m_per_year):
            gaps.equal(MARGINS, item.coalition, ())
            continue
        gaps.most(BOUND, np.where(np.isinf(column), upper, column), upper, facts.scale_m)
        gaps.most(MARGINS, item.margin_m_per_year, upper, facts.scale_m)
        if exact:
            gaps.same(MARGINS, upper, item.margin_m_per_year, facts.scale_m)
    return found


def _margin(gaps: Gaps, here: Sample, found: Table, column: Floats, margin: float, mask: int, *, paid: bool) -> None:
    """Check that a margin is the test of its coalition, or that none can reach the tonnage where there is no margin."""
    row = found.row(mask)
    if not math.isnan(margin):
        gaps.same(MARGINS, margin, column[row] if row >= 0 and found.reached[row] else math.nan, here.facts.scale_m)
        return
    gaps.add(REACH, most_reached(here.facts, here.base, paid=paid))
    gaps.add(REACH, np.where(np.isinf(column), 0.0, 1.0))


def most_reached(facts: Facts, base: Base, *, paid: bool = True) -> float:
    """Return by how much what all at the table could idle exceeds the tonnage, relative; 0 where it falls short.

    Where nobody is ``paid`` to be a member that idles nothing, a group may reach the tonnage and count for nothing: but
    in equal shares of what each runs the tests of groups say so, not what all can idle.
    """
    if not paid and facts.rule != Rule.PRO_RATA:
        return 0.0
    left = (facts.size - base.cut)[facts.seat]
    promised = np.minimum(facts.stated, left) if facts.rule == Rule.STATED else left
    able = left > 1e-9 * max(float(left.sum()), 1e-300)
    if able.sum() < 2:
        return 0.0
    return max(0.0, float(promised[able].sum()) / max(facts.least, 1e-300) - (1.0 - 1e-12))


def _alone(gaps: Gaps, facts: Facts, lines: Lines, nash: Base, result: MeetingResult) -> None:
    gain, slope, off = regret(facts, lines, nash.cut)
    gaps.add(ALONE, gain)
    gaps.add(SLOPE, slope)
    gaps.add(NASH, off / (facts.table_kt or 1.0))
    gaps.same(NASH, result.nash_cut_kt, nash.total, facts.table_kt)
    gaps.same(NASH, result.nash_price_rise_per_t, nash.rise, facts.price)
    gaps.equal(NASH, result.nash_settled, True)
    gaps.equal(NASH, result.nash_rounds >= 1, True)
    lone = cuts_of(facts, tuple((item.owner, item.cut_kt) for item in result.lone_cuts))
    gaps.equal(NASH, bool(np.isfinite(lone).all()), True)
    brings, most = solo(facts, lines, np.where(np.isfinite(lone), lone, 0.0))
    gaps.most(ALONE, most, brings, facts.scale_m)
    said = {item.owner: item for item in result.lone_cuts}
    for i, name in enumerate(facts.owners):
        gaps.same(NASH, said[name].gain_m_per_year if name in said else 0.0, float(brings[i]), facts.scale_m)
        gaps.equal(NASH, said[name].attends if name in said else name in facts.seats, name in facts.seats)
    gains = [item.gain_m_per_year for item in result.lone_cuts]
    gaps.equal(NASH, gains, sorted(gains, reverse=True))


def _money(gaps: Gaps, here: Sample, result: MeetingResult, found: Table | None) -> None:
    """Check the money from outside that would make a deal hold."""
    money, facts, exact = result.outside_money, here.facts, result.examined.method != "searched"
    rows = (
        (1, money.with_compensation_m_per_year, money.coalition_with, money.least_with_m_per_year),
        (4, money.without_compensation_m_per_year, money.coalition_without, money.least_without_m_per_year),
    )
    for institution, amount, names, least in rows:
        mask = facts.mask_in_order(names)
        gaps.equal(MARGINS, math.isnan(amount), math.isnan(least))
        if math.isnan(amount):
            gaps.add(REACH, most_reached(facts, here.base, paid=institution == 1))
            gaps.equal(MARGINS, names, ())
            continue
        gaps.equal(MARGINS, mask >= 0, True)
        known = found is not None and (mask < 0 or found.row(mask) >= 0)
        seen = found if found is not None and known else table(facts, here.lines, here.base, {max(mask, 0)})
        needed = np.maximum(0.0, -scores(facts, here.base, seen)[:, Belief.KEEP.place, institution])
        row = seen.row(mask)
        gaps.same(MARGINS, amount, needed[row] if row >= 0 and seen.reached[row] else math.nan, facts.scale_m)
        gaps.most(BOUND, least, np.where(np.isinf(needed), least, needed), facts.scale_m)
        gaps.most(MARGINS, least, amount, facts.scale_m)
        if exact:
            gaps.same(MARGINS, least, amount, facts.scale_m)


def _without_pressure(gaps: Gaps, case: Case, result: MeetingResult) -> None:
    """Check the headline's margin where governments do not press."""
    facts = read(case.under(Change(path="plant[*].pressure_per_t", value=0.0)), rule=result.rule)
    item = result.without_pressure
    gaps.equal(
        QUESTION,
        (item.institution, item.baseline, item.rule, item.leaving),
        (Institution.VOLUNTARY, Baseline.OBSERVED, result.rule, Belief.KEEP),
    )
    lines = lines_of(facts)
    here = Sample(facts, lines, base_of(facts, lines, None))
    _margins(gaps, here, [item], result, everyone=False)
