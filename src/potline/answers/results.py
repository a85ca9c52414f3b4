"""One case and its results, each computed when it is first asked for, and once.

A result is None where the case does not ask its question. Everything that reads results (the record, a figure, a
sentence, a page) reads them here, so that no two of them compute one thing twice and nothing is computed unasked.
"""

from __future__ import annotations

__all__ = ["Answers"]

import copy
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from potline.answers.asking import A, Flexibility, computed_once
from potline.answers.beside_published import BesidePublished
from potline.cases import Case
from potline.cases.limits import MOST_DRAWN, MOST_RANGED
from potline.choices import Belief, CostMeasure, Institution
from potline.costs import CostCurve, cost_curve
from potline.errors import InputError

if TYPE_CHECKING:
    from potline.agreement import (
        Convened,
        MarginSensitivity,
        MeetingDivision,
        MeetingResult,
        OverTime,
        Remedy,
        StabilityMap,
        TonnageShare,
        TonnageTornado,
        Tornado,
        TriggerRange,
        UnilateralCuts,
    )
    from potline.equilibrium.chain import ChainRelief, ChainResult
    from potline.equilibrium.input_market import InputMarketResult
    from potline.evidence import Hindcast, NoDealMarket, Record
    from potline.plausibility import CaseWarning
    from potline.shutdown import PolicyEffect, StoppingPrices

_MAP_POINTS = (21, 15)
_DRAWS_PER_BASE = 16


class Answers(BesidePublished):
    """What one case answers.

    Args:
        case: the case, overrides applied.
        draws: over the stated input ranges, 0 for none.
        seed: of the draws.
        spread_draws: for the spread of the obstacles; halved for each owner at the table beyond ten, down to 8, since
            each costs 128 sweeps of all coalitions.
        progress: called with what is being computed and the share of it that is done.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> small = Case(name="small", industry=Industry(
        ...     name="small", demand=LinearDemand(price_per_t=1.0, quantity_kt=9.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=2.0),)))
        >>> Answers(small).net.mean_per_t, Answers(small).meeting
        (2.0, None)
    """

    def having(self, **results: Any) -> Answers:
        """Return a copy in which these results stand already.

        Raises:
            AttributeError: a name that is no result.
        """
        for name in results:
            if not isinstance(getattr(type(self), name, None), cached_property):
                raise AttributeError(f"found {name!r}; needed the name of a result of a case")
        other = copy.copy(self)
        other.__dict__.update(results, _asked={}, refused={}, unanswered={})
        return other

    def about(self, case: Case) -> Answers:
        """Return the answers of another case at the same settings; these where it is this one."""
        if case is self.case:
            return self
        return Answers(case, draws=self.draws, seed=self.seed, spread_draws=self._spread_draws, progress=self.tell)

    def of(self, name: str, answer: Callable[[Answers], A]) -> A:
        """Return the answer of a question that is listed from outside, computed once by its name."""
        if name not in self._asked:
            self._asked[name] = answer(self)
        return self._asked[name]

    @computed_once
    def warnings(self) -> tuple[CaseWarning, ...]:
        """What is unusual in the case, or contradicts itself."""
        from potline.plausibility import check

        return check(self.case)

    @computed_once
    def net(self) -> CostCurve:
        """The curve of cash cost after support per tonne."""
        return cost_curve(self.case.industry)

    @computed_once
    def gross(self) -> CostCurve:
        """The curve of cash cost before support."""
        return cost_curve(self.case.industry, net=False)

    @computed_once
    def full(self) -> CostCurve:
        """The curve of full cost after support."""
        return cost_curve(self.case.industry, measure=CostMeasure.FULL)

    @computed_once
    def stops(self) -> StoppingPrices | None:
        """Stopping and restart prices; None without a price process."""
        if self.case.industry.process is None:
            return None
        from potline.shutdown import stopping_prices

        self.tell("stopping prices", 0.0)
        return stopping_prices(self.case.industry, state=self.observed)

    @computed_once
    def policies(self) -> tuple[PolicyEffect, ...]:
        """What each policy does to the plants it reaches; none without a price process."""
        if self.stops is None:
            return ()
        from potline.shutdown import policy_effects

        self.tell("policies", 0.0)
        return policy_effects(self.case, self.stops)

    @computed_once
    def meeting(self) -> MeetingResult | None:
        """The meeting; None where the case holds none, or has no price process."""
        if not self.meets:
            return None
        from potline.agreement import meeting

        return meeting(
            self.case,
            draws=self.draws,
            seed=self.seed,
            spread_draws=self.spread_draws,
            progress=lambda share: self.tell("meeting", share),
        )

    @computed_once
    def alone(self) -> UnilateralCuts | None:
        """What large owners would do without a deal; None as for :attr:`tonnages`."""
        if self.tonnages is None:
            return None
        from potline.agreement import unilateral_cuts

        return unilateral_cuts(self.case, tonnages=self.tonnages)

    @computed_once
    def tonnage_share(self) -> TonnageShare | None:
        """The same over the stated ranges; None without draws, or with more than fourteen owners.

        Draws are halved for each owner at the table beyond eight, down to 8: each costs a look at all coalitions.
        """
        if not self.holds or not self.divides or not self.draws:
            return None
        from potline.agreement import tonnage_share

        draws = max(8, self.draws >> max(0, self.owners_at_table - MOST_DRAWN))
        return tonnage_share(
            self.case, draws=draws, seed=self.seed, progress=lambda share: self.tell("tonnages over the ranges", share)
        )

    @computed_once
    def institutions(self) -> tuple[Convened, ...]:
        """The meeting under each institution; none without a meeting, or with more than fourteen owners."""
        return self.convened() if self.divides else ()

    def convened(self, only: Sequence[Institution] = ()) -> tuple[Convened, ...]:
        """Return the meeting under some institutions; all unless named."""
        from potline.agreement import compare_institutions

        self.tell("institutions", 0.0)
        return compare_institutions(self.case, only=only)

    @computed_once
    def division(self) -> MeetingDivision | None:
        """The deal's gain divided; None as for :attr:`institutions`."""
        if not self.divides:
            return None
        from potline.agreement import divide_meeting

        self.tell("division", 0.0)
        return divide_meeting(self.case)

    @computed_once
    def over_time(self) -> OverTime | None:
        """Whether the deal would be kept; None as for :attr:`institutions`, or where no group reaches the tonnage."""
        if self.division is None or not self.division.coalition:
            return None
        from potline.agreement import enforcement_over_time

        self.tell("deal over time", 0.0)
        return enforcement_over_time(self.case)

    @computed_once
    def remedy(self) -> Remedy | None:
        """What it would take; None without a meeting, and where :attr:`remedy_refused` says why not."""
        return self._remedy[0]

    @computed_once
    def remedy_refused(self) -> str:
        """Why what it would take is not computed; empty where it is, or not asked."""
        return self._remedy[1]

    @computed_once
    def _remedy(self) -> tuple[Remedy | None, str]:
        if not self.divides:
            return None, ""
        if self.owners_at_table > MOST_RANGED:
            return None, (
                f"What a state or the owners could do is not computed in a brief of more than {MOST_RANGED} owners: "
                "`potline remedy` answers it in about a minute."
            )
        from potline.agreement import remedy

        self.tell("remedies", 0.0)
        try:
            return remedy(self.case), ""
        except InputError as error:
            return None, str(error)

    @computed_once
    def tonnage_tornado(self) -> TonnageTornado | None:
        """K* with each input moved alone; None as for :attr:`tornado` and :attr:`tonnages`."""
        if not (self.ranged and self.holds and self._factors):
            return None
        from potline.agreement import tonnage_tornado

        return tonnage_tornado(self.case)

    @computed_once
    def tornado(self) -> Tornado | None:
        """The margin with each input moved alone; None where no factor has a range."""
        if not self.ranged or not self._factors:
            return None
        from potline.agreement import tornado

        self.tell("tornado", 0.0)
        return tornado(self.case)

    @computed_once
    def sensitivity(self) -> MarginSensitivity | None:
        """The margin over all inputs that have a range at once, on a sixteenth of the draws; None without draws."""
        if not self.ranged or not self._factors or self.draws <= 0:
            return None
        from potline.agreement import margin_sensitivity

        self.tell("sensitivity", 0.0)
        moving = tuple(item for item in self.case.factors if item.high > item.low)
        case = self.case if len(moving) == len(self.case.factors) else dataclasses.replace(self.case, factors=moving)
        return margin_sensitivity(case, draws=max(8, self.draws // _DRAWS_PER_BASE), seed=self.seed)

    @computed_once
    def maps(self) -> tuple[StabilityMap, ...]:
        """The margin over the two inputs that move it most, the others keeping their cut and the deal being off."""
        rows = self.tornado.rows if self.tornado is not None else ()
        moving = [row.input.name for row in rows if row.swing_m_per_year > 0.0][:2]
        if len(moving) < 2:
            return ()
        from potline.agreement import stability_map

        self.tell("maps", 0.0)
        return (
            stability_map(self.case, moving[0], moving[1], points=_MAP_POINTS),
            stability_map(self.case, moving[0], moving[1], points=_MAP_POINTS, leaving=Belief.COLLAPSE),
        )

    @computed_once
    def triggers(self) -> tuple[TriggerRange, ...]:
        """At which prices a cut that waits for one would hold, import parity held and following the price."""
        if not self.ranged:
            return ()
        from potline.agreement import trigger_range

        self.tell("triggers", 0.0)
        return (trigger_range(self.case), trigger_range(self.case, parity="follows"))

    @computed_once
    def market(self) -> NoDealMarket | None:
        """The market without a deal; None without a price process."""
        if self.case.industry.process is None:
            return None
        from potline.evidence import no_deal_market

        self.tell("market without a deal", 0.0)
        return no_deal_market(self.case)

    @computed_once
    def flexibility(self) -> Flexibility | None:
        """What a cut does to the price; None where those present do not run as much as the least cut."""
        if self.market is None or not self.reachable:
            return None
        from potline.evidence import NotComputed
        from potline.evidence.flexibility import flexibility

        try:
            return Flexibility(ceiling_lifted=flexibility(self.case, imports=False), at_parity=flexibility(self.case))
        except NotComputed:
            return None

    @computed_once
    def input_market(self) -> InputMarketResult | None:
        """The market of the shared input at the case's date; None where the case holds none."""
        if self.case.industry.input_market is None:
            return None
        from potline.equilibrium.input_market import solve_input_market

        self.tell("market of the input", 0.0)
        return solve_input_market(self.case.industry)

    @computed_once
    def chain(self) -> ChainResult | None:
        """The chain in space; None where the case has no routes."""
        market = self.case.industry.input_market
        if market is None or not market.routes:
            return None
        from potline.equilibrium import avoidable_cost
        from potline.equilibrium.chain import chain

        self.tell("chain", 0.0)
        industry = self.case.industry
        return chain(industry, avoidable=avoidable_cost(industry, stops=self.stops))

    @computed_once
    def relief(self) -> ChainRelief | None:
        """What the chain does to the least cut of those present, in equal shares; None where it cannot be asked."""
        meeting = self.case.meeting
        if meeting is None or self.chain is None or not self.reachable:
            return None
        from potline.equilibrium.chain import chain_relief
        from potline.industry import JointCut, ProRata

        cut = JointCut(
            signatories=meeting.owners, rule=ProRata(total_kt=meeting.least_cut_kt), years=meeting.term_years
        )
        return chain_relief(self.case.industry, cut, before=self.chain)

    @computed_once
    def record(self) -> Record:
        """The case's claims against the model, over the stated ranges on draws of its own."""
        from potline.evidence import compare

        self.tell("record", 0.0)
        return compare(self, seed=self.seed)

    @computed_once
    def hindcast(self) -> Hindcast | None:
        """The verdict against what happened; None where the case does not say, or holds no meeting."""
        if self.case.outcome is None or not self.meets:
            return None
        from potline.evidence import look_back

        return look_back(self)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Everything that was set, defaults filled in."""
        held = None if "meeting" in self.refused else self.meeting
        settings: dict[str, Any] = {"draws": self.draws, "seed": self.seed, "spread_draws": self.spread_draws}
        settings["own_inputs"] = self.case.industry.own_inputs
        settings["discount_rate"] = self.case.industry.discount_rate
        if held is not None:
            settings |= {
                "rule": held.rule,
                "term_years": held.term_years,
                "least_cut_kt": held.least_cut_kt,
                "sweep_kt": [float(cut) for cut in held.sweep.least_cut_kt],
                "draws_made": held.share.draws if held.share is not None else 0,
            }
        return settings
