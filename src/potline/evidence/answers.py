"""The verbs' results that the record reads: given, or computed once when a quantity first needs them."""

from __future__ import annotations

__all__ = ["Answers", "NotComputed"]

from functools import cached_property
from typing import TYPE_CHECKING

from potline.cases import Case
from potline.costs import CostCurve, cost_curve

if TYPE_CHECKING:
    from potline.agreement.result import MeetingResult
    from potline.equilibrium.alumina import AluminaResult
    from potline.equilibrium.chain import ChainRelief, ChainResult
    from potline.evidence.alumina_imports import AluminaImports
    from potline.evidence.no_deal import NoDealMarket
    from potline.shutdown import StoppingPrices


class NotComputed(Exception):
    """A quantity that the model cannot give, with the reason.

    Examples:
        >>> str(NotComputed("the model has one domestic price"))
        'the model has one domestic price'
    """


class Answers:
    """What the verbs say about one case.

    Args:
        case: the case.
        stops, meeting: results that exist already.

    Examples:
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> small = Case(name="small", industry=Industry(
        ...     name="small", demand=LinearDemand(price_per_t=1.0, quantity_kt=9.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=9.0, other_cost_per_t=2.0),)))
        >>> Answers(small).cash.mean_per_t
        2.0
    """

    def __init__(
        self, case: Case, *, stops: StoppingPrices | None = None, meeting: MeetingResult | None = None
    ) -> None:
        self.case = case
        self._stops, self._meeting = stops, meeting

    @cached_property
    def cash(self) -> CostCurve:
        """The curve of net cash cost."""
        return cost_curve(self.case.industry)

    @cached_property
    def full(self) -> CostCurve:
        """The curve of full cost."""
        return cost_curve(self.case.industry, measure="full")

    @cached_property
    def alumina(self) -> AluminaResult:
        """The market of alumina at the case's date."""
        from potline.equilibrium.alumina import alumina_market

        return alumina_market(self.case.industry)

    @cached_property
    def chain(self) -> ChainResult | None:
        """The chain in space; None where the case has no routes."""
        market = self.case.industry.alumina
        if market is None or not market.routes:
            return None
        from potline.equilibrium import CashCost, StopAndRestart
        from potline.equilibrium.chain import chain

        if self.case.industry.process is None:
            return chain(self.case.industry, avoidable=CashCost())
        return chain(self.case.industry, avoidable=StopAndRestart.at(self.stops))

    @cached_property
    def relief(self) -> ChainRelief:
        """What alumina does in the chain to the least cut of those present, in equal shares."""
        from potline.equilibrium.chain import chain_relief
        from potline.industry import JointCut, ProRata

        meeting = self.case.meeting
        if meeting is None or self.chain is None:
            raise NotComputed("the case has no meeting, or no routes of a chain")
        cut = JointCut(
            signatories=meeting.owners, rule=ProRata(total_kt=meeting.least_cut_kt), years=meeting.term_years
        )
        return chain_relief(self.case.industry, cut, before=self.chain)

    @cached_property
    def imports(self) -> AluminaImports:
        """Imports of alumina by month of landing."""
        from potline.evidence.alumina_imports import alumina_imports

        return alumina_imports(self.case)

    @cached_property
    def quotes(self) -> AluminaImports:
        """The same at the price abroad of the month itself, as prices are quoted."""
        from potline.evidence.alumina_imports import alumina_imports

        return alumina_imports(self.case, lag_months=0)

    @cached_property
    def stops(self) -> StoppingPrices:
        """Stopping and restart prices."""
        if self._stops is not None:
            return self._stops
        from potline.shutdown import stopping_prices

        return stopping_prices(self.case.industry)

    @cached_property
    def no_deal(self) -> NoDealMarket:
        """The market without a deal."""
        from potline.evidence.no_deal import no_deal_market

        return no_deal_market(self.case)

    @cached_property
    def meeting(self) -> MeetingResult:
        """The meeting."""
        if self._meeting is not None:
            return self._meeting
        from potline.agreement import meeting

        return meeting(self.case, draws=0)
