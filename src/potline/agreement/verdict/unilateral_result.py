"""What owners would do alone, as an answer: each owner, and each deal that holds, where outsiders answer it."""

from __future__ import annotations

__all__ = ["AnsweredDeal", "AnsweredMember", "UnilateralCut", "UnilateralCuts"]

from dataclasses import dataclass, field

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.verdict.held import TonnagesThatHold
from potline.cases import Case
from potline.choices import Baseline, Rule
from potline.showing import Shown

Cuts = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnilateralCut:
    """What one owner would do if nobody else cut, and what that brings it.

    Attributes:
        owner, at_table: who, and whether it sits at the meeting.
        running_kt, running_share: what it runs, kt/year, and of all running capacity.
        cut_kt: its best cut while nobody else cuts, kt/year.
        price_rise_per_t: what that lifts the price by, money/t.
        gain_m_per_year: what it gains, million.
        loss_share: least loss over what a cut brings, over all its cuts; ``inf`` where none brings anything.
        loss_share_at_kt: the cut at which it is, 0 for the first tonne; nan where none brings anything.
        nash_cut_kt: its cut where no owner would change its own, kt/year.
        deal_gain_m_per_year: what the largest deal that holds, counted from what runs, brings it, signed or not; nan
            where none holds.
        further_deal_gain_m_per_year: the same of the deal counted from the cuts alone.
    """

    owner: str
    at_table: bool
    running_kt: float
    running_share: float
    cut_kt: float
    price_rise_per_t: float
    gain_m_per_year: float
    loss_share: float
    loss_share_at_kt: float
    nash_cut_kt: float
    deal_gain_m_per_year: float
    further_deal_gain_m_per_year: float

    @property
    def conduct_at_most(self) -> float:
        """Conduct that not cutting reveals, 0 (price taker) to 1 (Cournot): an upper bound, not an estimate."""
        return min(1.0, self.loss_share)

    @property
    def deal_adds_m_per_year(self) -> float:
        """Gain in the deal counted from what runs, less the gain alone; nan where no deal holds."""
        return self.deal_gain_m_per_year - self.gain_m_per_year


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredMember:
    """A member of a deal that outsiders answer; gains against the deal's baseline, million a year.

    Attributes:
        owner: who.
        kept_gain_m_per_year: its gain where outsiders keep their cuts.
        gain_m_per_year: where they answer.
        left_gain_m_per_year: what it gets by leaving, where everybody who does not sign answers.
        left_cuts: who idles what once it has left, kt/year.
    """

    owner: str
    kept_gain_m_per_year: float
    gain_m_per_year: float
    left_gain_m_per_year: float
    left_cuts: Cuts

    @property
    def slack_m_per_year(self) -> float:
        """Its gain less what it gets by leaving, or less nothing."""
        return self.gain_m_per_year - max(0.0, self.left_gain_m_per_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredDeal:
    """The largest voluntary deal that holds where outsiders keep their cuts, and what their answer makes of it.

    Attributes:
        baseline: from which it is counted.
        tonnage_kt: the tonnage, kt/year; just below it where that is only approached.
        kept_rise_per_t, price_rise_per_t: expected rise from today's price, outsiders keeping and answering.
        cuts: who idles what in the deal, what the baseline idles included, where outsiders answer.
        members: those who sign.
        settled: whether no outsider would change its cut, in the deal and after any member has left.
        holds: whether no member would gain by leaving where outsiders answer.
    """

    baseline: Baseline
    tonnage_kt: float
    kept_rise_per_t: float
    price_rise_per_t: float
    cuts: Cuts
    members: tuple[AnsweredMember, ...]
    settled: bool
    holds: bool

    @property
    def coalition(self) -> tuple[str, ...]:
        """Who signs."""
        return tuple(member.owner for member in self.members)

    @property
    def outsiders_kt(self) -> float:
        """What outsiders idle in the deal, kt/year."""
        return sum(cut for owner, cut in self.cuts if owner not in self.coalition)

    @property
    def kept_gain_m_per_year(self) -> float:
        """What members gain together where outsiders keep their cuts, million a year."""
        return sum(member.kept_gain_m_per_year for member in self.members)

    @property
    def gain_m_per_year(self) -> float:
        """What members gain together where outsiders answer, million a year."""
        return sum(member.gain_m_per_year for member in self.members)

    @property
    def weakest(self) -> AnsweredMember:
        """The member with the least slack where outsiders answer."""
        return min(self.members, key=lambda member: member.slack_m_per_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnilateralCuts(Shown):
    """What the owners of a case would do alone, and what a deal adds to it.

    Attributes:
        case, rule, least_share: the question.
        version: of Potline.
        tonnages: the tonnages that hold, with a certificate of their own.
        owners: those with more than the least share of running capacity, the largest first.
        nash_cuts: cuts of all owners of the industry that none would change alone, kt/year.
        nash_rise_per_t: what these lift the price by, money/t.
        deals: one for each baseline from which some tonnage holds.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    least_share: float
    version: str
    tonnages: TonnagesThatHold = field(repr=False)
    owners: tuple[UnilateralCut, ...]
    nash_cuts: Cuts
    nash_rise_per_t: float
    deals: tuple[AnsweredDeal, ...]
    certificate: Certificate = field(default=NOTHING, repr=False)

    @property
    def nash_cut_kt(self) -> float:
        """What all owners together would cut that none would change alone, kt/year."""
        return sum(cut for _, cut in self.nash_cuts)

    @property
    def would_cut(self) -> tuple[UnilateralCut, ...]:
        """Owners of those listed whose own cut pays, the largest gain first."""
        return tuple(sorted((one for one in self.owners if one.cut_kt > 0.0), key=lambda one: -one.gain_m_per_year))

    @property
    def least_conduct(self) -> UnilateralCut | None:
        """The owner listed whose conduct is bounded lowest; None where no owner's is."""
        bounded = [one for one in self.owners if one.loss_share < 1.0]
        return min(bounded, key=lambda one: one.loss_share) if bounded else None

    @property
    def different_deals(self) -> tuple[AnsweredDeal, ...]:
        """The deals, once where nobody cuts alone and the baselines are one."""
        return self.deals if self.nash_cuts else self.deals[:1]

    def deal(self, baseline: Baseline = Baseline.OBSERVED) -> AnsweredDeal | None:
        """Return the deal of a baseline; None where nothing holds."""
        return next((one for one in self.deals if one.baseline == baseline), None)
