"""Certificates of proposals and of the triggers at which they hold: what is new in them, and whether a group keeps it.

Announcements, what of them stands idle anyway and the state at a trigger are worked out again from the case.
"""

from __future__ import annotations

__all__ = ["verify_proposed", "verify_triggers"]

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.anew import with_anew
from potline.agreement.checks.baseline import ALONE, GROUP, QUESTION, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.coalitions import BELIEFS, Table, every_mask, members, scores, table
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.owners import by_plant
from potline.agreement.checks.passage import passage
from potline.agreement.checks.state import told
from potline.cases import Case
from potline.choices import Baseline, Belief

if TYPE_CHECKING:
    from potline.agreement.proposals.outcome import Condition, Proposed, TriggerRange

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEW, GAINS, MARGIN = "what is announced and new", "gains", "margin and verdict"
BOUND, LAW, PLACES = "no group better", "law of the trigger", "places"
GRIDS = "law of the trigger, price that reverts"
_TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (NEW, 1e-9, "relative", "announcements and idle lines, plant by plant"),
    (GROUP, 1e-9, "relative", "cuts of the baseline; even steps of a scan"),
    (GAINS, 1e-9, "of revenue", "added up plant by plant in markets cleared again"),
    (MARGIN, 1e-9, "of revenue", "the test of the group that decides, from both sides, and the verdict"),
    (BOUND, 1e-9, "of revenue", "most by which another group does better"),
    (LAW, 1e-5, "relative", "the density of the first fall integrated"),
    (GRIDS, 5e-5, "relative", "the same where the price reverts: a grid of prices, or an integral equation"),
    (PLACES, 0.0, "differences", "on which side of a place an agreement exists"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
)
_TIE, _LEAST_DEMAND = 1e-10, 1e-9
_FEW, _MANY, _SOME, _EVERY = 200, 20, 12, 10
_NEAR, _RARE, _NEW = 3e-8, 1e-9, 1e-12


def verify_proposed(result: Proposed) -> Certificate:
    """Check what a proposal comes to, at its trigger where it waits for one."""
    gaps, case = Gaps(), result.case
    asked: Any = result.proposal
    plain: Any = getattr(asked, "proposal", asked)
    there = case
    if plain is not asked:
        there = _fallen(case, asked.trigger_per_t, asked.parity)
    assert there.meeting is not None
    gaps.equal(QUESTION, (plain is asked, result.leaving in BELIEFS), (result.condition is None, True))
    here = baseline_of(gaps, there, there.meeting.rule, result.baseline, result.baseline_cuts)
    facts, way = here.facts, BELIEFS.index(result.leaving) if result.leaving in BELIEFS else 0
    gaps.equal(QUESTION, result.owners, facts.seats)
    announced, relabelled, found = _groups(there, here, plain)
    if type(plain).__name__ == "Maintenance":
        rows = _chosen(found, facts.mask_in_order(result.group))
        found = _spared(there, here, found, plain.limit_kt, rows)
    else:
        rows = np.arange(found.mask.size)
    if result.leaving == Belief.REOPTIMISE:
        found = with_anew(facts, here.lines, here.base, found, every=True)
    column = scores(facts, here.base, found, paid=type(plain).__name__ != "Tabled")[:, way, 0]
    able = found.reached & (found.cut.sum(axis=1) >= result.least_new_kt * (1.0 - 1e-12))
    if type(plain).__name__ != "Tabled":
        able &= _all_new(facts, found)
    column = np.where(able, column, -np.inf)
    _whole(gaps, facts, found, announced, relabelled, result)
    _decides(gaps, facts, found, column, rows, result)
    if result.condition is not None:
        _condition(gaps, case, asked, result.condition, result.margin_m_per_year, facts.scale_m)
    return gathered(gaps, "proposal", _TOLD)


def _all_new(facts: Facts, found: Table) -> Flags:
    """Return in which groups every member announces something that is not idle anyway, [C]."""
    return np.asarray((~found.inside | (found.cut > _NEW * facts.table_kt)).all(axis=1))


def _groups(case: Case, here: OnBaseline, plain: Any) -> tuple[Floats, Floats, Table]:
    """Return what each member of each group announces, what of it is idle anyway, and the groups' markets."""
    facts = here.facts
    masks = every_mask(facts.seat.size)
    if type(plain).__name__ == "Tabled":
        found = table(facts, here.lines, here.base, masks)
        return found.cut, np.zeros(found.cut.shape), found
    inside = members(masks, facts.seat.size)
    announced, relabelled = _announced(case, here, plain, inside)
    return announced, relabelled, table(facts, here.lines, here.base, masks, asked=announced - relabelled)


def _announced(case: Case, here: OnBaseline, plain: Any, inside: Flags) -> tuple[Floats, Floats]:
    facts, kind = here.facts, type(plain).__name__
    alone = here.base.cut[facts.seat]
    runs = facts.size[facts.seat]
    idle = np.array([facts.idle[facts.owner == i].sum() for i in facts.seat])
    if kind in ("Announced", "CapacityOffLine"):
        wanted = np.zeros(facts.seat.size)
        if kind == "Announced":
            decides = {firm.name: firm.owner or firm.name for firm in case.industry.firms}
            for name, cut in plain.cuts_kt:
                wanted[facts.seats.index(decides.get(name, name))] += cut
        else:
            wanted = plain.share * (runs + idle)
        said = np.where(inside, np.minimum(wanted, runs + idle), 0.0)
        return said, np.minimum(said, idle + alone)
    left = np.where(inside, runs - alone, 0.0)
    size = left.sum(axis=1, keepdims=True)
    total = np.minimum(plain.total_kt, size)
    if kind == "Maintenance":
        return np.where(size > 0.0, total * left / np.where(size > 0.0, size, 1.0), 0.0), np.zeros(inside.shape)
    return _dearest(case, here, inside, total[:, 0]), np.zeros(inside.shape)


def _dearest(case: Case, here: OnBaseline, inside: Flags, total: Floats) -> Floats:
    """Return each member's part of a group's dearest tonnes by cash cost; plants at one cost share by size."""
    facts = here.facts
    free = facts.running.copy()
    for i in facts.seat.tolist():
        free -= by_plant(facts, i, float(here.base.cut[i])) if here.base.cut[i] > 0.0 else 0.0
    cost = [plant.net_cash_cost_per_t(case.industry.own_inputs) for plant in case.industry.plants]
    order = sorted(range(len(cost)), key=lambda j: cost[j])
    levels: list[list[int]] = []
    for j in order:
        near = levels and abs(cost[j] - cost[levels[-1][0]]) <= _TIE * max(
            abs(cost[j]), abs(cost[levels[-1][0]]), facts.price
        )
        if near:
            levels[-1].append(j)
        else:
            levels.append([j])
    part, left = np.zeros(inside.shape), total.copy()
    for level in reversed(levels):
        own = np.array([sum(free[j] for j in level if facts.owner[j] == i) for i in facts.seat])
        mine = np.where(inside, own, 0.0)
        size = mine.sum(axis=1)
        taken = np.minimum(left, size)
        part += mine * np.where(size > 0.0, taken / np.where(size > 0.0, size, 1.0), 0.0)[:, None]
        left -= taken
    return part


def _chosen(found: Table, mask: int) -> Integers:
    """Return the rows in which maintenance is gone through: all of few; else who decides, all together, some drawn."""
    if found.mask.size <= _FEW:
        return np.arange(found.mask.size)
    rng = np.random.default_rng(found.mask.size)
    rows = {found.mask.size - 1, *rng.integers(found.mask.size, size=_SOME).tolist()}
    return np.array(sorted(rows | ({found.row(mask)} - {-1})), dtype=np.int64)


def _spared(case: Case, here: OnBaseline, found: Table, limit: float, rows: Integers) -> Table:
    """Return the table with what maintenance spares each member of some groups: pressure on its dearest tonnes."""
    facts, base = here.facts, here.base
    calm = read(case, terms=lambda terms: dataclasses.replace(terms, pressure=np.zeros_like(terms.pressure)))
    part, whole = facts.part - calm.part, facts.whole - calm.whole
    gain = found.gain.copy()
    order = np.argsort(-facts.stop, kind="stable")
    for row in rows.tolist():
        for k, i in enumerate(facts.seat.tolist()):
            if not found.cut[row, k] > 0.0:
                continue
            before = float(base.cut[i])
            quiet = by_plant(facts, i, before) if before > 0.0 else np.zeros(facts.owner.size)
            there = by_plant(facts, i, before + float(found.cut[row, k]))
            each = (there - quiet)[order]
            kept = np.clip(limit - (np.cumsum(each) - each), 0.0, each)
            value = np.where(there >= facts.running, whole, part)[order]
            gain[row, k] += 1e-3 * float(kept @ value) / facts.annuity
    return dataclasses.replace(found, gain=gain)


def _whole(gaps: Gaps, facts: Facts, found: Table, announced: Floats, relabelled: Floats, result: Proposed) -> None:
    """Check what is announced and new where all sign."""
    able = found.inside[found.reached].any(axis=0)
    rows = np.flatnonzero(found.reached & found.inside[:, able].all(axis=1)) if able.any() else np.empty(0, np.int64)
    none = np.zeros(facts.seat.size)
    wanted = (announced[rows[-1]], relabelled[rows[-1]], found.cut[rows[-1]]) if rows.size else (none, none, none)
    for said, value in zip((result.announced_kt, result.relabelled_kt, result.cut_kt), wanted, strict=True):
        gaps.same(NEW, said, value, facts.table_kt or 1.0)


def _decides(gaps: Gaps, facts: Facts, found: Table, column: Floats, rows: Integers, result: Proposed) -> None:
    """Check margin, group, gains and verdict."""
    margin, row = result.margin_m_per_year, found.row(facts.mask_in_order(result.group))
    if math.isnan(margin):
        gaps.equal(MARGIN, (result.verdict, result.group), (told(result.case, "infeasible"), ()))
        gaps.equal(MARGIN, bool(np.isinf(column).all()), True)
        gaps.same(GAINS, result.gain_m_per_year, np.zeros(facts.seat.size), facts.scale_m)
        return
    gaps.equal(MARGIN, row >= 0, True)
    gaps.equal(MARGIN, result.verdict, told(result.case, "agreement" if margin >= 0.0 else "no agreement"))
    if row < 0:
        return
    gaps.same(MARGIN, margin, column[row], facts.scale_m)
    gaps.same(GAINS, result.gain_m_per_year, found.gain[row], facts.scale_m)
    others = column[rows]
    gaps.most(BOUND, np.where(np.isinf(others), margin, others), margin, facts.scale_m)


def _condition(gaps: Gaps, case: Case, asked: object, said: Condition, margin: float, scale: float) -> None:
    """Check the law of the trigger."""
    industry = case.industry
    trigger, window, parity = (getattr(asked, name) for name in ("trigger_per_t", "window_years", "parity"))
    gaps.equal(QUESTION, (said.trigger_per_t, said.window_years, said.parity), (trigger, window, parity))
    gaps.same(LAW, said.price_per_t, industry.price_per_t, industry.price_per_t)
    facts = read(case)
    gone = facts.running[facts.stop >= trigger].sum() if industry.price_per_t > trigger else 0.0
    gaps.same(NEW, said.stopped_kt, gone, float(facts.running.sum()) or 1.0)
    chance, years, discount = passage(industry.price_per_t, trigger, industry.process, industry.discount_rate, window)
    reverts = industry.process is not None and industry.process.kappa > 0.0 and industry.process.volatility > 0.0
    law = GRIDS if reverts else LAW
    gaps.same(law, said.probability, chance, max(chance, 1e-6))
    if chance < _RARE:  # one of the two may hold it for none
        told = said.expected_years
        gaps.equal(law, math.isnan(told) or 0.0 <= told <= window, True)
    elif not (math.isinf(said.expected_years) and years > 1e9):
        seen = min(1.0, chance / 1e-6)  # a time counts by the chance that it comes
        gaps.same(law, said.expected_years, years, max(abs(years), 1e-6) / seen)
    gaps.same(law, said.discount, discount, max(discount, 1e-6))
    gaps.same(MARGIN, said.discounted_margin_m_per_year, said.discount * margin, scale)


def _fallen(case: Case, price: float, parity: str) -> Case:
    """Return the case once the price has fallen to a level, from its nouns."""
    industry = case.industry
    if price >= industry.price_per_t:
        return case
    facts = read(case)
    plants = [
        dataclasses.replace(plant, running_kt=0.0) if stop >= price else plant
        for plant, stop in zip(industry.plants, facts.stop.tolist(), strict=True)
    ]
    stopped = float(facts.running[facts.stop >= price].sum())
    demand = industry.demand
    left = max(demand.quantity_kt - stopped, _LEAST_DEMAND * demand.quantity_kt)
    trade = industry.trade
    if parity == "follows" and trade.parity is not None:
        landed = trade.parity.exchange_rate * (1.0 + trade.parity.duty_share)
        fob = trade.parity.fob_usd_per_t - (industry.price_per_t - price) / landed
        trade = dataclasses.replace(trade, parity=dataclasses.replace(trade.parity, fob_usd_per_t=fob))
    moved = dataclasses.replace(
        industry,
        price_per_t=price,
        plants=tuple(plants),
        demand=dataclasses.replace(demand, price_per_t=price, quantity_kt=left),
        trade=trade,
    )
    return dataclasses.replace(case, industry=moved)


def verify_triggers(result: TriggerRange) -> Certificate:
    """Check at which triggers a proposal holds: margins of the scan held again, and both sides of each end."""
    gaps, case = Gaps(), result.case
    level, margin = result.trigger_per_t, result.margin_m_per_year
    told = (result.case_name, result.price_per_t, result.leaving in BELIEFS, level.shape, margin.shape[0])
    gaps.equal(QUESTION, told, (case.name, case.industry.price_per_t, True, (level.size,), level.size))
    gaps.equal(QUESTION, result.alone_cut_kt.shape, (level.size, len(read(case).owners)))
    fine = np.isfinite(level).all() and (level > 0.0).all() and np.isfinite(result.alone_cut_kt).all()
    falling = bool((level[1:] < level[:-1]).all())
    gaps.equal(QUESTION, (bool(fine), falling), (True, True))
    whole = level.shape == margin.shape and result.alone_cut_kt.shape[:1] == level.shape
    whole = whole and result.leaving in BELIEFS and all(len(ends) == 2 for ends in result.ranges_per_t)
    if not fine or not whole or level.size < 2:
        gaps.equal(QUESTION, level.size, "a scan")
        return gathered(gaps, "triggers", _TOLD)
    gaps.equal(QUESTION, float(level[0]), result.price_per_t)
    if type(result.proposal).__name__ != "Tabled":
        steps = np.diff(level)
        gaps.same(GROUP, steps, np.full(steps.size, (level[-1] - level[0]) / steps.size), result.price_per_t)
    few = len(case.industry.plants) <= _MANY
    rows = range(level.size) if few else np.linspace(0, level.size - 1, _SOME).astype(int).tolist()
    for row in rows:
        best, scale, every = _best(gaps, result, float(level[row]), result.alone_cut_kt[row])
        if every:
            gaps.same(MARGIN, margin[row], best, scale)
        elif not math.isnan(best):
            gaps.most(BOUND, best, margin[row], scale)
    _ends(gaps, result)
    return gathered(gaps, "triggers", _TOLD)


def _ends(gaps: Gaps, result: TriggerRange) -> None:
    """Check that each range is a stretch of the scan with an agreement, and what is on both sides of its ends."""
    level, agreed = result.trigger_per_t[::-1], (result.margin_m_per_year >= 0.0)[::-1]
    runs: list[tuple[int, int]] = []
    for k in np.flatnonzero(agreed).tolist():
        if runs and runs[-1][1] == k - 1:
            runs[-1] = (runs[-1][0], k)
        else:
            runs.append((k, k))
    gaps.equal(PLACES, len(result.ranges_per_t), len(runs))
    for (low, high), (first, last) in zip(result.ranges_per_t, reversed(runs), strict=False):
        for value, k, step in ((low, first, -1), (high, last, 1)):
            beside = k + step
            if not 0 <= beside < level.size:
                gaps.equal(PLACES, value, float(level[k]))
                continue
            ends = sorted((float(level[k]), float(level[beside])))
            gaps.equal(PLACES, ends[0] <= value <= ends[1], True)
            if result.baseline != Baseline.OBSERVED or not ends[0] <= value <= ends[1]:
                continue
            none = np.zeros(result.alone_cut_kt.shape[1])
            best, scale, every = _best(gaps, result, value, none)
            gaps.equal(PLACES, not every or best >= -1e-9 * scale, True)
            past = min(max(value + step * _NEAR * result.price_per_t, ends[0]), ends[1])
            best, scale, _ = _best(gaps, result, past, none)
            gaps.equal(PLACES, best >= 1e-9 * scale, False)


def _best(gaps: Gaps, result: TriggerRange, price: float, cut: Floats) -> tuple[float, float, bool]:
    """Return the margin at a trigger, the revenue it is measured by, and whether every group was looked at."""
    there = _fallen(result.case, price, result.parity)
    assert there.meeting is not None
    names = read(there).owners
    cuts = tuple((name, float(x)) for name, x in zip(names, cut, strict=True) if x > 0.0)
    here = baseline_of(gaps, there, there.meeting.rule, result.baseline, cuts)
    facts, way = here.facts, BELIEFS.index(result.leaving)
    if facts.seat.size > _EVERY:
        rng = np.random.default_rng(facts.seat.size)
        drawn = {
            sum(1 << int(i) for i in rng.permutation(facts.seat.size)[: int(rng.integers(2, facts.seat.size + 1))])
            for _ in range(_SOME)
        }
        found = table(facts, here.lines, here.base, drawn, respread=result.leaving == Belief.RESPREAD)
    else:
        found = _groups(there, here, result.proposal)[2]
        if type(result.proposal).__name__ == "Maintenance":
            rows = np.arange(found.mask.size)
            found = _spared(there, here, found, result.proposal.limit_kt, rows)  # type: ignore[union-attr]
    if result.leaving == Belief.REOPTIMISE:
        found = with_anew(facts, here.lines, here.base, found, every=True)
    column = scores(facts, here.base, found, paid=type(result.proposal).__name__ != "Tabled")[:, way, 0]
    if type(result.proposal).__name__ != "Tabled":
        column = np.where(_all_new(facts, found), column, -np.inf)
    best = float(column.max(initial=-math.inf))
    return (best if math.isfinite(best) else math.nan), facts.scale_m, facts.seat.size <= _EVERY
