r"""What owners would do alone, checked: cuts and conduct by the best cut of an owner that counts a share of its effect.

A bound theta on an owner's conduct is right where an owner that counts theta of what its cut brings finds no cut that
pays, and one that counts a little more does, at the cut named: the problem of :mod:`potline.agreement.checks.best` with
another annuity. Cuts of outsiders in a deal are right where none of them finds a better one.
"""

from __future__ import annotations

__all__ = ["verify_unilateral"]

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import Certificate, Gaps, gathered
from potline.agreement.checks.alone import solo
from potline.agreement.checks.baseline import ALONE, GROUP, QUESTION, SLOPE, OnBaseline, baseline_of
from potline.agreement.checks.best import Problem, best, problem_of, value_at
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import cleared
from potline.agreement.checks.meeting import cuts_of
from potline.agreement.checks.owners import idled, pieces_of
from potline.agreement.checks.paths import Paths, Tops
from potline.choices import Baseline

if TYPE_CHECKING:
    from potline.agreement.verdict.unilateral_result import AnsweredDeal, AnsweredMember, UnilateralCuts

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

BEST, GAIN, RISE = "best cut of each owner", "gains", "prices"
PAYS_NONE, PAYS_SOME = "no cut pays at the conduct told", "a cut pays beyond it"
OUTSIDERS, LEAVING = "outsiders' cuts", "who stays"
_SLACK, _NEAR, _LARGE, _ROUNDING = 1e-9, 1e-8, 1e6, 1e-14

TOLD = (
    (QUESTION, 0.0, "differences", "read again from the case"),
    (ALONE, 1e-12, "of revenue", "largest gain of an owner from any other cut, in the baseline nash"),
    (SLOPE, 1e-9, "of price", "largest gain a tonne from a little more or less"),
    (GROUP, 1e-9, "relative", "cuts that can be made"),
    (BEST, 1e-12, "of revenue", "what another cut would bring while nobody else cuts"),
    (RISE, 1e-9, "of price", "markets cleared again"),
    (GAIN, 1e-9, "of revenue", "gains added up plant by plant"),
    (PAYS_NONE, 1e-12, "of revenue", "best cut of an owner that counts that share of what it brings"),
    (PAYS_SOME, 1e-6, "relative", "loss over what it brings, beside the cut named"),
    (OUTSIDERS, 1e-12, "of revenue", "what another cut would bring an outsider of a deal"),
    (LEAVING, 1e-9, "of revenue", "what those who stay could gain by another total"),
)


def verify_unilateral(result: UnilateralCuts) -> Certificate:
    """Check what owners would do alone, and deals that outsiders answer."""
    gaps = Gaps()
    gaps.equal(QUESTION, result.version, __version__)
    mine = (result.case, result.rule, True)
    gaps.equal(QUESTION, (result.tonnages.case, result.tonnages.rule, result.tonnages.certificate.holds), mine)
    nash = baseline_of(gaps, result.case, result.rule, Baseline.NASH, result.nash_cuts)
    gaps.same(RISE, result.nash_rise_per_t, nash.base.rise, nash.facts.price)
    observed = baseline_of(gaps, result.case, result.rule, Baseline.OBSERVED, ())
    _owners(gaps, result, nash)
    _alone(gaps, result, observed)
    _conduct(gaps, result, observed)
    held = {one: result.tonnages.set_of(baseline=one) for one in Baseline}
    gaps.equal(QUESTION, [one.baseline for one in result.deals], [one for one in Baseline if held[one].intervals])
    for baseline, here in ((Baseline.OBSERVED, observed), (Baseline.NASH, nash)):
        deal = result.deal(baseline)
        name = "deal_gain_m_per_year" if baseline == Baseline.OBSERVED else "further_deal_gain_m_per_year"
        said = np.array([getattr(one, name) for one in result.owners])
        if deal is None or not held[baseline].intervals:
            gaps.same(GAIN, said, np.full(said.size, math.nan))
            continue
        gaps.equal(QUESTION, (deal.coalition, deal.tonnage_kt in held[baseline]), (held[baseline].coalition, True))
        gaps.most(QUESTION, held[baseline].k_star_kt - deal.tonnage_kt, 0.0, held[baseline].most_kt * 1e-6)
        _Deal(gaps, here, nash, deal).check(said, [here.facts.owners.index(one.owner) for one in result.owners])
    return gathered(gaps, "alone", TOLD)


def _owners(gaps: Gaps, result: UnilateralCuts, nash: OnBaseline) -> None:
    """Check who is listed, what each runs, and what it cuts in the baseline nash."""
    facts = nash.facts
    share = facts.size / float(facts.size.sum() or 1.0)
    largest: list[int] = np.argsort(-facts.size, kind="stable").tolist()
    order = [i for i in largest if share[i] > result.least_share]
    said = [(one.owner, one.at_table) for one in result.owners]
    gaps.equal(QUESTION, said, [(facts.owners[i], facts.owners[i] in facts.seats) for i in order])
    if [one.owner for one in result.owners] != [facts.owners[i] for i in order]:
        return
    gaps.same(GROUP, [one.running_kt for one in result.owners], facts.size[order], facts.quantity)
    gaps.same(GROUP, [one.running_share for one in result.owners], share[order])
    gaps.same(GROUP, [one.nash_cut_kt for one in result.owners], nash.base.cut[order])


def _alone(gaps: Gaps, result: UnilateralCuts, here: OnBaseline) -> None:
    """Check each owner's best cut while nobody else cuts, its gain, and what the price does."""
    facts, lines = here.facts, here.lines
    cut = cuts_of(facts, tuple((one.owner, one.cut_kt) for one in result.owners))
    gaps.equal(QUESTION, bool(np.isfinite(cut).all() and (cut >= 0.0).all() and (cut <= facts.size).all()), True)
    cut = np.clip(np.nan_to_num(cut), 0.0, facts.size)
    who = np.array([facts.owners.index(one.owner) for one in result.owners], dtype=np.int64)
    gaps.same(GROUP, idled(facts, who, cut[who][:, None]).kt[:, 0], cut[who], facts.size[who])
    gain, most = solo(facts, lines, cut)
    revenue = 1e-3 * facts.price * facts.size[who]
    gaps.most(BEST, most[who], gain[who], revenue)
    gaps.same(GAIN, [one.gain_m_per_year for one in result.owners], gain[who], revenue)
    market = cleared(facts, lines, cut[who], np.zeros((who.size, len(facts.owners)), dtype=np.bool_))
    gaps.same(RISE, [one.price_rise_per_t for one in result.owners], market.rise, facts.price)


def _conduct(gaps: Gaps, result: UnilateralCuts, here: OnBaseline) -> None:
    """Check that no cut pays an owner of the conduct told, and that one does beyond it."""
    facts, lines = here.facts, here.lines
    for one in result.owners:
        i = np.array([facts.owners.index(one.owner)], dtype=np.int64)
        share, at = one.loss_share, one.loss_share_at_kt
        gaps.equal(QUESTION, math.isnan(share) or share < 0.0 or math.isinf(share) != math.isnan(at), False)
        if math.isnan(share):
            continue
        problem = _problem(facts, i, np.zeros(1), np.zeros((1, len(facts.owners)), dtype=np.bool_))
        counted = dataclasses.replace(facts, annuity=facts.annuity * min(max(share, 0.0), _LARGE))
        scale = 1e3 * facts.scale_m * facts.annuity * max(1.0, min(share, _LARGE))
        _, most = best(counted, lines, problem)
        gaps.most(PAYS_NONE, most, 0.0, scale)
        if math.isfinite(share):
            size = float(facts.size[i[0]])
            gaps.same(GROUP, idled(facts, i, np.array([[at]])).kt[0, 0], at, size)
            near = _NEAR * size
            beside = np.array([[at - near, at, at + near]]).clip(near, size - near)
            value, _ = value_at(dataclasses.replace(facts, annuity=2.0 * facts.annuity), lines, problem, beside)
            less, _ = value_at(facts, lines, problem, beside)
            brings = value - less
            lost = brings - less
            found = np.where(brings > 0.0, lost / np.where(brings > 0.0, brings, 1.0), np.inf).min()
            gaps.most(PAYS_SOME, found, share, max(share, 1e-9))


class _Deal:
    """One deal, outsiders keeping their cuts and answering."""

    def __init__(self, gaps: Gaps, here: OnBaseline, nash: OnBaseline, deal: AnsweredDeal) -> None:
        self.gaps, self.nash, self.deal = gaps, nash, deal
        self.facts, self.lines, self.base = here.facts, here.lines, here.base
        self.paths = Paths(here.facts, here.lines, here.base)
        self.mask = self.facts.mask_in_order(deal.coalition)
        self.start = self.worth(self.base.cut, self.base.rise, self.base.relief)
        self.revenue, self.regret = self.facts.scale_m, 0.0

    def check(self, said: Floats, listed: list[int]) -> None:
        """Check the deal as the meeting has it, then with outsiders' answers, then without each member."""
        gaps, deal, facts = self.gaps, self.deal, self.facts
        if self.mask < 0:
            return
        plan = self._plan()
        cut = self.base.cut.copy()
        cut[facts.seat] += plan
        owners = [facts.owners.index(name) for name in deal.coalition]
        kept = self._market(cut, owners)
        gain = self.worth(cut, *kept) - self.start
        gaps.same(RISE, deal.kept_rise_per_t, kept[0], facts.price)
        gaps.same(GAIN, said, gain[listed], self.revenue)
        gaps.same(GAIN, [one.kept_gain_m_per_year for one in deal.members], gain[owners], self.revenue)
        rise, then = self._answered(deal.cuts, cut, owners)
        gaps.same(RISE, deal.price_rise_per_t, rise, facts.price)
        gaps.same(GAIN, [one.gain_m_per_year for one in deal.members], then[owners], self.revenue)
        for member in deal.members:
            self._left(member)
        if deal.settled:
            gaps.add(OUTSIDERS, self.regret)
        else:
            gaps.equal(QUESTION, self.regret > _ROUNDING, True)
        fine = all(one.slack_m_per_year >= -_SLACK * 1e-3 * facts.price * facts.table_kt for one in deal.members)
        gaps.equal(QUESTION, deal.holds, deal.settled and fine)

    def worth(self, cut: Floats, rise: float, relief: float) -> Floats:
        """Return what each owner makes at its cut and the market's effects, million a year, [O]."""
        facts, who = self.facts, np.arange(len(self.facts.owners))
        done = idled(facts, who, cut[:, None])
        runs, uses = facts.size - done.kt[:, 0], facts.bought_kt - done.use[:, 0]
        return (runs * rise + uses * relief - done.loss[:, 0] / facts.annuity) * 1e-3

    def _plan(self) -> Floats:
        """Return what each seat idles in the deal beyond the baseline, [n]."""
        masks = np.array([self.mask], dtype=np.int64)
        rests = masks[0] & ~(np.int64(1) << np.arange(self.facts.seat.size))
        every = np.unique(np.append(masks, rests[np.bitwise_count(rests) > 0]))
        self.tops: dict[int, Tops] = self.paths.tops(every)
        found = self.paths.deal(masks, self.deal.tonnage_kt, self.tops)
        return np.where(found.inside[0], found.cut[0], 0.0)

    def _market(self, cut: Floats, members: list[int]) -> tuple[float, float]:
        held = np.zeros((1, cut.size), dtype=np.bool_)
        held[0, members] = True
        beside = float(cut.sum() - self.base.kept[members].sum())
        market = cleared(self.facts, self.lines, np.array([beside]), held)
        return float(market.rise[0]), float(market.relief[0])

    def _answered(
        self, cuts: tuple[tuple[str, float], ...], members_cut: Floats, members: list[int]
    ) -> tuple[float, Floats]:
        """Check that members cut what is stated and no outsider finds a better cut; return rise and gains."""
        gaps, facts = self.gaps, self.facts
        cut = cuts_of(facts, cuts)
        gaps.equal(QUESTION, bool(np.isfinite(cut).all()), True)
        cut = np.clip(np.nan_to_num(cut), 0.0, facts.size)
        gaps.same(GROUP, cut[members], members_cut[members], facts.table_kt or 1.0)
        who = np.array([i for i in range(cut.size) if i not in members and facts.size[i] > 0.0], dtype=np.int64)
        rise, relief = self._market(cut, members)
        if who.size:
            held = np.zeros((who.size, cut.size), dtype=np.bool_)
            held[:, members] = True
            problem = _problem(facts, who, float(cut.sum() - self.base.kept[members].sum()) - cut[who], held)
            _, most = best(facts, self.lines, problem)
            now, _ = value_at(facts, self.lines, problem, cut[who][:, None])
            regret = (most - now[:, 0]) / (facts.annuity * (facts.price + rise) * facts.size[who])
            self.regret = max(self.regret, float(regret.max()))
        return rise, self.worth(cut, rise, relief) - self.start

    def _left(self, member: AnsweredMember) -> None:
        """Check what is cut once a member has left, and what it gets."""
        gaps, facts = self.gaps, self.facts
        seat, owner = facts.seats.index(member.owner), facts.owners.index(member.owner)
        stays = self.mask & ~(1 << seat)
        chosen = self._chosen(stays, member) if stays.bit_count() > 1 else 0.0
        if chosen <= 0.0:
            none = cuts_of(facts, member.left_cuts)
            gaps.same(GROUP, none, self.nash.base.cut, facts.table_kt or 1.0)
            left = self.worth(self.nash.base.cut, self.nash.base.rise, self.nash.base.relief) - self.start
        else:
            cut = self.base.cut.copy()
            cut[facts.seat] += self.paths.asked(stays, np.array([chosen]))[0]
            done = idled(facts, facts.seat, cut[facts.seat][:, None]).kt[:, 0]
            cut[facts.seat] = np.where([stays >> k & 1 == 1 for k in range(facts.seat.size)], done, cut[facts.seat])
            inside = [int(facts.seat[k]) for k in range(facts.seat.size) if stays >> k & 1]
            _, left = self._answered(member.left_cuts, cut, inside)
        gaps.same(GAIN, member.left_gain_m_per_year, left[owner], self.revenue)

    def _chosen(self, stays: int, member: AnsweredMember) -> float:
        """Return the total that those who stay choose: that stated, where no other brings them more; 0 for none."""
        top, said = self.tops[stays], dict(member.left_cuts)
        best_gain = float(top.gain.max(initial=0.0))
        if best_gain <= 1e-14 * self.revenue:
            return 0.0
        names = [name for k, name in enumerate(self.facts.seats) if stays >> k & 1]
        owners = [self.facts.owners.index(name) for name in names]
        total = sum(said.get(name, 0.0) for name in names) - float(self.base.cut[owners].sum())
        gain = float(self.paths.gain(np.array([stays]), np.array([max(total, 0.0)]))[0])
        self.gaps.most(LEAVING, best_gain, gain, self.revenue)
        return max(total, 0.0)


def _problem(facts: Facts, who: Integers, others: Floats, held: NDArray[np.bool_]) -> Problem:
    """Return the problem of some owners, each by itself."""
    owners = len(facts.owners)
    pieces = pieces_of(facts, np.arange(owners), np.zeros(owners), 0.0, merged=False)
    active = pieces.owner[None, :] == who[:, None]
    return problem_of(pieces, active, others, held, np.zeros(who.size))
