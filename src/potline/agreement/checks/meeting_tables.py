"""The tables of a meeting, checked: its coalitions, the headline's deal, its owners."""

from __future__ import annotations

__all__ = ["check_coalitions", "check_deal", "check_owners"]

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import Base
from potline.agreement.checks.coalitions import Table, every_mask, reaching, scores, table
from potline.agreement.checks.facts import Facts, read, still
from potline.agreement.checks.market import Lines, rise_at
from potline.agreement.checks.owners import idled
from potline.cases import Case
from potline.choices import Belief

if TYPE_CHECKING:
    from typing import Protocol

    from potline.agreement.verdict.result import MeetingResult

    class Here(Protocol):
        """One baseline of a meeting, laid out for its checks."""

        @property
        def facts(self) -> Facts: ...
        @property
        def lines(self) -> Lines: ...
        @property
        def base(self) -> Base: ...


Floats = NDArray[np.float64]

MARKET, GAINS, TABLES = "market of a deal", "gains", "tables"
_LISTED = 14


def check_coalitions(gaps: Gaps, here: Here, result: MeetingResult, seen: Table) -> None:
    """Check the table of coalitions: rows that were evaluated to the last figure, the others in their sums."""
    facts, said = here.facts, result.coalitions
    kt, money = facts.table_kt or 1.0, facts.scale_m
    gaps.equal(TABLES, said.owners, facts.seats)
    masks = gaps.whole(TABLES, said.mask)
    gaps.equal(TABLES, len(set(masks.tolist())), masks.size)
    gaps.equal(TABLES, said.size.tolist(), [int(mask).bit_count() for mask in masks])
    if result.examined.method != "alike":
        gaps.equal(TABLES, said.complete, result.examined.method == "every" and facts.seat.size <= _LISTED)
    if result.examined.method == "every" and facts.seat.size <= _LISTED:
        all_ = every_mask(facts.seat.size)
        gaps.equal(TABLES, masks.tolist(), all_[reaching(facts, here.base, all_)].tolist())
    else:
        gaps.equal(TABLES, bool(reaching(facts, here.base, masks).all()), True)
    columns = [
        said.cut_kt, said.output_fall_kt, said.price_rise_per_t, said.price_per_t, said.relief_per_t,
        said.gain_m_per_year, said.least_gain_m_per_year, said.least_slack_m_per_year, said.margin_m_per_year,
        said.transfers_m_per_year,
    ]  # fmt: skip
    gaps.equal(TABLES, [column.size for column in columns], [masks.size] * len(columns))
    if any(column.size != masks.size for column in columns):
        return
    gaps.same(TABLES, said.price_per_t, facts.price + said.price_rise_per_t, facts.price)
    gaps.same(TABLES, said.price_rise_per_t, rise_at(facts, said.output_fall_kt), facts.price)
    worst = np.minimum(said.least_gain_m_per_year, said.least_slack_m_per_year)
    gaps.same(TABLES, said.margin_m_per_year, np.where(np.isnan(said.margin_m_per_year), np.nan, worst), money)
    place = {int(mask): row for row, mask in enumerate(seen.mask.tolist())}
    rows = [(row, place[mask]) for row, mask in enumerate(masks.tolist()) if mask in place]
    if not rows:
        gaps.equal(TABLES, masks.size, 0)
        return
    mine, theirs = (np.array(side, dtype=np.int64) for side in zip(*rows, strict=True))
    inside, gain, leave = seen.inside[theirs], seen.gain[theirs], seen.leave[theirs][:, :, Belief.KEEP.place]
    tests = scores(facts, here.base, seen)[theirs]
    gaps.same(MARKET, said.cut_kt[mine], seen.cut[theirs].sum(axis=1), kt)
    gaps.same(MARKET, said.output_fall_kt[mine], seen.fall[theirs], kt)
    gaps.same(MARKET, said.price_rise_per_t[mine], seen.rise[theirs], facts.price)
    gaps.same(MARKET, said.relief_per_t[mine], seen.relief[theirs], facts.price)
    gaps.same(GAINS, said.gain_m_per_year[mine], np.where(inside, gain, 0.0).sum(axis=1), money)
    gaps.same(GAINS, said.least_gain_m_per_year[mine], np.where(inside, gain, np.inf).min(axis=1), money)
    gaps.same(GAINS, said.least_slack_m_per_year[mine], np.where(inside, gain - leave, np.inf).min(axis=1), money)
    voluntary = tests[:, Belief.KEEP.place, 0]
    gaps.same(GAINS, said.margin_m_per_year[mine], np.where(np.isneginf(voluntary), np.nan, voluntary), money)
    gaps.same(GAINS, said.transfers_m_per_year[mine], tests[:, Belief.KEEP.place, 1], money)


def check_deal(gaps: Gaps, here: Here, result: MeetingResult, mask: int) -> None:
    """Check what the headline's deal does to the market, to those outside it, and when it pays its members back."""
    facts = here.facts
    kt, money = facts.table_kt or 1.0, facts.scale_m
    figures = (
        result.deal_price_per_t, result.deal_cut_kt, result.deal_output_fall_kt, result.deal_relief_per_t,
        result.free_riders_gain_m_per_year, result.months_to_recoup,
    )  # fmt: skip
    if mask < 0:
        gaps.equal(TABLES, [math.isnan(value) for value in figures], [True] * len(figures))
        return
    found = table(facts, here.lines, here.base, {mask}, respread=False)
    rise, relief = float(found.rise[0]), float(found.relief[0])
    gaps.same(MARKET, figures[0], facts.price + rise, facts.price)
    gaps.same(MARKET, figures[1], found.cut[0].sum(), kt)
    gaps.same(MARKET, figures[2], found.fall[0], kt)
    gaps.same(MARKET, figures[3], relief, facts.price)
    group = [int(i) for k, i in enumerate(facts.seat) if mask >> k & 1]
    apart = ~np.isin(facts.owner, group)
    gaps.same(GAINS, figures[4], 1e-3 * float(facts.running[apart] @ (rise + facts.use[apart] * relief)), money)
    lost = float(found.loss[0].sum())
    a_year = float(found.gain[0][found.inside[0]].sum()) + lost / facts.annuity
    months = 12.0 * lost / a_year if a_year * facts.annuity > 1e-12 * lost else math.nan
    gaps.same(GAINS, figures[5], months, max(1.0, abs(months)) if not math.isnan(months) else 1.0)


def check_owners(gaps: Gaps, here: Here, case: Case, nash: Floats, result: MeetingResult, mask: int) -> None:
    """Check the rows of those present, in the headline's group or as if each joined it."""
    facts, money = here.facts, here.facts.scale_m
    kt = facts.table_kt or 1.0
    gaps.equal(TABLES, tuple(row.owner for row in result.owners), facts.seats)
    if tuple(row.owner for row in result.owners) != facts.seats:
        return
    calm = dataclasses.replace(read(case, rule=facts.rule, terms=still), stop=facts.stop)  # the same plants idled
    n = facts.seat.size
    joined = {mask | 1 << k for k in range(n)} if mask >= 0 else set[int]()
    found = table(facts, here.lines, here.base, joined | ({mask} if mask >= 0 else set[int]()), respread=False)
    lone = {item.owner: (item.cut_kt, item.gain_m_per_year) for item in result.lone_cuts}
    for k, (i, row) in enumerate(zip(facts.seat.tolist(), result.owners, strict=True)):
        member = mask >= 0 and bool(mask >> k & 1)
        gaps.equal(TABLES, row.member, member)
        gaps.same(MARKET, row.running_kt, facts.size[i], kt)
        gaps.same("cuts alone", row.baseline_cut_kt, nash[i], kt)
        gaps.same("cuts alone", (row.alone_cut_kt, row.alone_gain_m_per_year), lone.get(row.owner, (0.0, 0.0)), money)
        at = found.row(mask | 1 << k) if mask >= 0 else -1
        figures = (row.cut_kt, row.gain_m_per_year, row.outside_gain_m_per_year, row.slack_m_per_year)
        if at < 0 or not found.reached[at]:
            gaps.equal(TABLES, [math.isnan(value) for value in figures], [True] * 4)
            gaps.equal(TABLES, math.isnan(row.loss_per_t) and math.isnan(row.waiting_value_per_t), True)
            continue
        own = found.row(mask)
        outside = float(found.leave[own, k, Belief.KEEP.place]) if member else float(found.gain[own, k])
        gain, cut = float(found.gain[at, k]), found.cut[at, k]
        gaps.same(MARKET, row.cut_kt, cut, kt)
        gaps.same(GAINS, row.gain_m_per_year, gain, money)
        gaps.same(GAINS, row.outside_gain_m_per_year, outside, money)
        gaps.same(GAINS, row.slack_m_per_year, gain - outside, money)
        loss, unmoved = (
            float(idled(one, np.array([i]), np.array([[cut]])).loss[0, 0]) / cut if cut > 0.0 else math.nan
            for one in (facts, calm)
        )
        gaps.same(GAINS, row.loss_per_t, loss, facts.price)
        gaps.same(GAINS, row.waiting_value_per_t, loss - unmoved, facts.price)
