"""Policies: what governments pay, and to whom; each is a set of changes to plants.

A power subsidy falls with every tonne not made and so lowers cash cost; a lump sum is paid while a plant runs and is
lost only when it stops, so it leaves cash cost alone but lowers the price at which the plant stops. The two are
different policies even where they cost the same.
"""

from __future__ import annotations

__all__ = ["LumpSum", "Policy", "PowerSubsidy", "StatePurchase", "ends_before"]

from collections.abc import Iterable

from potline.errors import Problem
from potline.reading import Date, Name, NonNegative, noun


@noun
class PowerSubsidy:
    """A cut of the power price paid by a government, money/kWh, to the plants named or to all in its province.

    Examples:
        >>> PowerSubsidy(name="Henan 2012", government="Henan", support_per_kwh=0.08).government
        'Henan'
    """

    name: Name
    government: str
    support_per_kwh: float
    plants: tuple[str, ...] = ()
    start: Date = ""
    end: Date = ""
    note: str = ""

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where it ends before it starts."""
        yield from _in_order(self.name, self.start, self.end)


@noun
class LumpSum:
    """Money paid to one firm's plants in a province while they run, million a year, shared by running capacity.

    Examples:
        >>> LumpSum(name="Henan 2013", government="Henan", firm="Jiaozuo Wanfang", money_m_per_year=154.08).firm
        'Jiaozuo Wanfang'
    """

    name: Name
    government: str
    firm: str
    money_m_per_year: float
    pro_rata: bool = False
    start: Date = ""
    end: Date = ""
    note: str = ""

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where it ends before it starts."""
        yield from _in_order(self.name, self.start, self.end)


@noun
class StatePurchase:
    """The product bought by the state reserve: quantity, price paid and from whom; takes it off the market once.

    Examples:
        >>> StatePurchase(name="State Reserve, March 2013", quantity_kt=300.0, price_per_t=12_938.0).quantity_kt
        300.0
    """

    name: Name
    quantity_kt: NonNegative
    price_per_t: NonNegative
    sellers: tuple[str, ...] = ()
    start: Date = ""
    end: Date = ""
    note: str = ""

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where it ends before it starts."""
        yield from _in_order(self.name, self.start, self.end)


Policy = PowerSubsidy | LumpSum | StatePurchase


def ends_before(start: str, end: str) -> bool:
    """Whether an end lies before a start; dates of unlike length are compared as far as both go.

    Examples:
        >>> ends_before("2013-05", "2013"), ends_before("2013-05", "2012-12-31"), ends_before("", "2013")
        (False, True, False)
    """
    both = min(len(start), len(end))
    return end[:both] < start[:both]


def _in_order(name: str, start: str, end: str) -> Iterable[Problem]:
    if ends_before(start, end):
        found, hint = f"an end, {end}, before its start, {start}", "Exchange the two, or leave one out."
        yield Problem(where=f"Policy {name!r}", found=found, needed="an end at the start or after it", hint=hint)
