"""The results that the record reads, as whoever computes them hands them over."""

from __future__ import annotations

__all__ = ["Known", "NotComputed", "needed"]

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from potline.agreement import MeetingResult
    from potline.cases import Case
    from potline.costs import CostCurve
    from potline.equilibrium.chain import ChainRelief, ChainResult
    from potline.equilibrium.input_market import InputMarketResult
    from potline.evidence.input_imports import InputImports
    from potline.evidence.no_deal import NoDealMarket
    from potline.shutdown import StoppingPrices

T = TypeVar("T")


class NotComputed(Exception):
    """A quantity that the model cannot give.

    Args:
        why: the reason's key in the room ``reasons`` of the catalogue.
        about: what its sentence names.

    Examples:
        >>> found = NotComputed("no_plant_in", place="East")
        >>> found.why, found.about
        ('no_plant_in', {'place': 'East'})
    """

    def __init__(self, why: str, **about: str) -> None:
        super().__init__(why, about)
        self.why, self.about = why, about


class Known(Protocol):
    """What one case answers; a result is None where the case does not ask its question."""

    @property
    def case(self) -> Case:
        """The case."""
        ...

    def about(self, case: Case) -> Known:
        """Return the answers of another case."""
        ...

    @property
    def net(self) -> CostCurve:
        """Curve of cash cost after support."""
        ...

    @property
    def full(self) -> CostCurve:
        """Curve of full cost."""
        ...

    @property
    def stops(self) -> StoppingPrices | None:
        """Stopping and restart prices."""
        ...

    @property
    def meeting(self) -> MeetingResult | None:
        """The meeting."""
        ...

    @property
    def market(self) -> NoDealMarket | None:
        """The market without a deal."""
        ...

    @property
    def input_market(self) -> InputMarketResult | None:
        """The market of the input."""
        ...

    @property
    def imports(self) -> InputImports | None:
        """Imports by month of landing."""
        ...

    @property
    def quotes(self) -> InputImports | None:
        """The same at the price abroad of the month."""
        ...

    @property
    def chain(self) -> ChainResult | None:
        """The chain in space."""
        ...

    @property
    def relief(self) -> ChainRelief | None:
        """What the chain does to the least cut."""
        ...


def needed(found: T | None, why: str) -> T:
    """Return a result that a quantity is made of.

    Raises:
        NotComputed: the case does not ask for it.

    Examples:
        >>> needed(3.0, "no_meeting")
        3.0
    """
    if found is None:
        raise NotComputed(why)
    return found
