"""What a meeting comes to: typed results that remember their question. Money in millions a year unless said."""

from __future__ import annotations

__all__ = [
    "CoalitionTable",
    "Examined",
    "LoneCut",
    "Margin",
    "MeetingResult",
    "OutsideMoney",
    "OwnerRow",
    "Pivot",
    "TonnageSweep",
    "Verdict",
]

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate
from potline.agreement.verdict.obstacles import Attribution
from potline.agreement.verdict.shares import AgreementShare
from potline.cases import Case, Meeting
from potline.choices import Baseline, Belief, Institution, Rule, Tested
from potline.industry import Industry
from potline.reading import a, one_of, refuse
from potline.showing import Short, Shown
from potline.shutdown import ObservedState, explained, observed_state

Floats = NDArray[np.float64]
Verdict = Literal["agreement", "no agreement", "infeasible", "not decided", "no verdict"]


def verdict_of(margin_m_per_year: float, upper_m_per_year: float | None = None) -> Verdict:
    """Return the verdict of a margin: nan where no coalition reaches the least tonnage.

    Where only a part of the coalitions was scored, ``upper_m_per_year`` is what none exceeds.

    Examples:
        >>> verdict_of(-3.0), verdict_of(float("nan")), verdict_of(-3.0, -1.0), verdict_of(-3.0, 1.0)
        ('no agreement', 'infeasible', 'no agreement', 'not decided')
    """
    if math.isnan(margin_m_per_year):
        return "infeasible"
    if margin_m_per_year >= 0.0:
        return "agreement"
    return "not decided" if upper_m_per_year is not None and upper_m_per_year >= 0.0 else "no agreement"


def verdict_on(industry: Industry, found: Verdict) -> Verdict:
    """Return a verdict, or that there is none where nothing explains the state it would be counted from."""
    return found if explained(industry) else "no verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The best worst test over all coalitions that reach the least tonnage, million a year.

    Attributes:
        institution: voluntary, transfers or unanimity.
        baseline: observed or nash.
        rule: how a cut is shared.
        leaving: keep, respread or collapse.
        margin_m_per_year: nan where no coalition reaches the tonnage.
        coalition: the one that attains it.
        upper_m_per_year: what no coalition exceeds: the margin itself where all were scored, else proven by the search;
            nan where no coalition reaches the tonnage.
    """

    institution: Tested
    baseline: Baseline
    rule: Rule
    leaving: Belief
    margin_m_per_year: float
    coalition: tuple[str, ...]
    upper_m_per_year: float

    @property
    def gap_m_per_year(self) -> float:
        """How far the best coalition of all may be above the best found."""
        return max(0.0, self.upper_m_per_year - self.margin_m_per_year)

    @property
    def verdict(self) -> Verdict:
        """Whether an agreement exists; ``not decided`` where the best found fails and the bound does not."""
        return verdict_of(self.margin_m_per_year, self.upper_m_per_year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """How the coalitions of the headline were gone through.

    Attributes:
        method: ``every`` coalition; ``alike``: one for each number of members of each kind of owners alike; or
            ``searched``: the best found, with a bound on all.
        coalitions: scored exactly.
        boxes: sets of coalitions bounded.
        tolerance_m_per_year: bounds that far apart count as met.
    """

    method: str
    coalitions: int
    boxes: int
    tolerance_m_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneCut:
    """A cut that pays its owner even if nobody else cuts, and what it brings; not credited to any agreement."""

    owner: str
    cut_kt: float
    gain_m_per_year: float
    attends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRow:
    """One owner at the table, in the coalition of the headline; gains against the baseline, millions a year.

    Attributes:
        member: whether the coalition holds it; if not, ``cut_kt``, losses and ``gain_m_per_year`` are those of joining.
        running_kt: runs now.
        cut_kt: idles in the deal; nan, as all that follows from a deal, where no coalition reaches the least tonnage.
        loss_per_t: loss over the term per t idled; nan where it idles none.
        waiting_value_per_t: the part of it that is the value of waiting; nan where it idles none.
        gain_m_per_year: gain in the deal, or nan where there is none: the test of participation.
        outside_gain_m_per_year: gain without it in; nan where there is no deal.
        slack_m_per_year: the first less the second, below 0 where it would leave (or, outside, would not join);
            nan where there is no deal.
        alone_cut_kt, alone_gain_m_per_year: best cut if nobody else cuts, and its gain.
        baseline_cut_kt: its cut in the baseline ``nash``.
    """

    owner: str
    member: bool
    running_kt: float
    cut_kt: float
    loss_per_t: float
    waiting_value_per_t: float
    gain_m_per_year: float
    outside_gain_m_per_year: float
    slack_m_per_year: float
    alone_cut_kt: float
    alone_gain_m_per_year: float
    baseline_cut_kt: float

    @property
    def participates(self) -> bool:
        """Whether it gains from being in the deal."""
        return self.gain_m_per_year >= 0.0

    @property
    def would_cut_alone(self) -> bool:
        """Whether some cut pays even if nobody else cuts."""
        return self.alone_cut_kt > 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """What hangs on one owner: best margin of groups that hold it and of those that do not, nan where there are none.

    Attributes:
        decides: whether the verdict without it would be another.
    """

    owner: str
    with_m_per_year: float
    without_m_per_year: float

    @property
    def decides(self) -> bool:
        """Whether leaving it out of every group changes the verdict."""
        without = verdict_of(self.without_m_per_year)
        best = max(self.without_m_per_year, self.with_m_per_year) if without != "infeasible" else self.with_m_per_year
        return verdict_of(best) != without


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoalitionTable(Short):
    """Coalitions that reach the least tonnage, under the headline's rule, baseline and way of leaving.

    Attributes:
        owners: bit k of a mask is owner k.
        mask: [C].
        size: members.
        cut_kt: idled.
        output_fall_kt: after restarts.
        price_rise_per_t, price_per_t: money/t without tax.
        relief_per_t: fall of the shared input's price.
        gain_m_per_year: members' gain, summed.
        least_gain_m_per_year, least_slack_m_per_year: of the worst member.
        margin_m_per_year: the smaller of both; nan where a member idles nothing, which is no deal unless it pays.
        transfers_m_per_year: what members' gains leave after paying each what it gets outside.
        complete: whether all are here (one for each number of members of each kind, where owners are alike); if not,
            those that decide, the same without one member, the best that were tried and some drawn.
    """

    owners: tuple[str, ...]
    mask: NDArray[np.int64]
    size: NDArray[np.int64]
    cut_kt: Floats
    output_fall_kt: Floats
    price_rise_per_t: Floats
    price_per_t: Floats
    relief_per_t: Floats
    gain_m_per_year: Floats
    least_gain_m_per_year: Floats
    least_slack_m_per_year: Floats
    margin_m_per_year: Floats
    transfers_m_per_year: Floats
    complete: bool = True

    def names(self, row: int) -> tuple[str, ...]:
        """Return the members of a row."""
        return tuple(owner for k, owner in enumerate(self.owners) if int(self.mask[row]) >> k & 1)

    @property
    def pivots(self) -> tuple[Pivot, ...]:
        """What hangs on each owner; first those without whom no group reaches the tonnage, then by what is lost."""
        rows: list[Pivot] = []
        there = ~np.isnan(self.margin_m_per_year)
        for k, owner in enumerate(self.owners):
            inside = (self.mask >> k & 1).astype(np.bool_)
            with_it, without = (
                float(self.margin_m_per_year[chosen].max()) if chosen.any() else math.nan
                for chosen in (inside & there, ~inside & there)
            )
            rows.append(Pivot(owner=owner, with_m_per_year=with_it, without_m_per_year=without))
        return tuple(sorted(rows, key=_by_loss))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageSweep(Short):
    """Margins by least tonnage under the headline's rule; nan where no coalition reaches it.

    Attributes:
        least_cut_kt: [K].
        institutions: voluntary, transfers, unanimity.
        leaving: four beliefs.
        margin_m_per_year, upper_m_per_year, mask: [2 baselines, K, 4 beliefs, 3 institutions]; ``mask``: the
            coalition, bit k for the owner k at the table, -1 where none reaches the tonnage.
        largest_cut_kt: largest least tonnage with an agreement under baseline observed and leaving rule ``keep``, by
            institution; nan where no point of the grid has one. Found to 1 kt between the last point of the grid with
            an agreement and the next; at the end of the grid it is that end.
        largest_mask: who agrees to it.
        monotone: whether agreement, once lost on the grid, stays lost, by institution.
    """

    least_cut_kt: Floats
    institutions: tuple[Tested, ...]
    leaving: tuple[Belief, ...]
    margin_m_per_year: Floats
    upper_m_per_year: Floats
    mask: NDArray[np.int64]
    largest_cut_kt: tuple[float, ...]
    largest_mask: tuple[int, ...]
    monotone: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideMoney:
    """Money from outside that would make a deal hold, million a year; nan where none reaches the tonnage.

    Attributes:
        with_compensation: if members may also pay each other. without_compensation: if each must be made whole.
        coalition_with, coalition_without: the coalitions that need least.
        least_with_m_per_year, least_without_m_per_year: no coalition needs less; the same where all were scored.
    """

    with_compensation_m_per_year: float
    without_compensation_m_per_year: float
    coalition_with: tuple[str, ...]
    coalition_without: tuple[str, ...]
    least_with_m_per_year: float
    least_without_m_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeetingResult(Shown):
    """The verdict on a meeting, and all that stands behind it.

    The headline is the institution ``voluntary``, baseline ``observed``, leaving rule ``keep``, with the case's sharing
    rule: nobody is paid or bound, cuts count from what runs today, and who leaves lets the others go on cutting.

    Attributes:
        case, case_name, industry, meeting, rule, term_years, least_cut_kt, changes, version: the question.
        verdict, coalition: the headline; the coalition is the one that comes nearest. No verdict where nothing explains
            the state, however the margins stand.
        margin_m_per_year: of the headline; nan where no coalition reaches the least tonnage.
        price_per_t: without a deal, without tax.
        deal_price_per_t: with that deal; nan where no coalition reaches the least tonnage.
        ceiling_per_t: import parity.
        deal_cut_kt, deal_output_fall_kt, deal_relief_per_t: what it idles, what is left of that after restarts, and how
            much cheaper the shared input gets; nan where there is no deal.
        margins: every institution, baseline, sharing rule and leaving rule.
        owners: the table of those present.
        lone_cuts: all owners that would cut alone.
        coalitions, sweep, obstacles, without_pressure, outside_money: see their types; ``without_pressure`` is the
            headline at g = 0.
        free_riders_gain_m_per_year: what all who are not in the coalition gain from it together; nan where there
            is no deal.
        months_to_recoup: months of the higher margin that pay the members' loss; nan where the margin does not rise.
        nash_cut_kt, nash_price_rise_per_t, nash_settled, nash_rounds, nash_cuts: the baseline ``nash``; who cuts what.
        share: over draws; None where none were asked for, and with more than 16 owners, as ``obstacles``.
        examined: how the coalitions were gone through.
        certificate: see there.
    """

    case: Case = field(repr=False)
    case_name: str
    industry: Industry
    meeting: Meeting
    rule: Rule
    term_years: float
    least_cut_kt: float
    changes: tuple[str, ...]
    version: str
    verdict: Verdict
    margin_m_per_year: float
    coalition: tuple[str, ...]
    price_per_t: float
    deal_price_per_t: float
    ceiling_per_t: float
    deal_cut_kt: float
    deal_output_fall_kt: float
    deal_relief_per_t: float
    margins: tuple[Margin, ...]
    owners: tuple[OwnerRow, ...]
    lone_cuts: tuple[LoneCut, ...]
    coalitions: CoalitionTable
    sweep: TonnageSweep
    obstacles: Attribution | None
    without_pressure: Margin
    outside_money: OutsideMoney
    free_riders_gain_m_per_year: float
    months_to_recoup: float
    nash_cut_kt: float
    nash_price_rise_per_t: float
    nash_settled: bool
    nash_rounds: int
    nash_cuts: tuple[tuple[str, float], ...]
    share: AgreementShare | None
    examined: Examined
    certificate: Certificate

    @property
    def state(self) -> ObservedState:
        """The state that all of this is counted from, and what of it is not explained."""
        return observed_state(self.industry)

    @property
    def deal_restarts_kt(self) -> float:
        """Idle lines of others that restart in the headline's deal, kt/year."""
        return self.deal_cut_kt - self.deal_output_fall_kt

    @property
    def deal_imports_kt(self) -> float:
        """What more comes in at import parity in the headline's deal, kt/year: demand there less output."""
        demand = self.industry.demand
        wanted = demand.quantity_at(self.deal_price_per_t) - demand.quantity_at(self.price_per_t)
        return max(0.0, wanted + self.deal_output_fall_kt)

    def margin(
        self,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        rule: Rule | None = None,
        leaving: Belief = Belief.KEEP,
    ) -> Margin:
        """Return one of the margins; the headline unless told otherwise."""
        wanted = (institution, baseline, rule or self.rule, leaving)
        for item in self.margins:
            if (item.institution, item.baseline, item.rule, item.leaving) == wanted:
                return item
        for name, word in zip(("institution", "baseline", "rule", "leaving"), wanted, strict=True):
            known = tuple(dict.fromkeys(getattr(item, name) for item in self.margins))
            one_of(f"MeetingResult.margin, {name}", word, known, f"{a(name)} that was computed")
        raise refuse("MeetingResult.margin", ", ".join(wanted), "a margin that was computed")


def _by_loss(pivot: Pivot) -> tuple[float, str]:
    loss = pivot.with_m_per_year - pivot.without_m_per_year
    return -math.inf if math.isnan(loss) else -loss, pivot.owner
