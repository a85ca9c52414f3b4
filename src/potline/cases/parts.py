"""The parts of a case beside its industry: the meeting, uncertain factors, noise, the record, series, other months."""

from __future__ import annotations

__all__ = ["DocumentedStop", "Factor", "Meeting", "MonthFact", "PlantNoise", "RecordEntry", "Series"]

import dataclasses
import itertools
import math
from collections.abc import Iterable
from typing import Annotated

from potline.choices import Rule, StopKind
from potline.equality import same_values
from potline.errors import Problem
from potline.industry import Change
from potline.industry.change import Operation
from potline.reading import Date, Month, Name, NonNegative, Positive, Within, noun, unique
from potline.showing import Short
from potline.sources import Standing, VatBasis

Maybe = Annotated[float, Within(infinite=True, missing=True)]


@noun
class Meeting:
    """A meeting on a joint cut: who is present, and what is proposed.

    Attributes:
        date, place: when and where.
        firms: firms present.
        owners: firms that decide for those present that have plants, in order of presence.
        term_years: how long a cut holds.
        least_cut_kt: least idled capacity beyond the baseline, kt/year.
        sweep_kt: other least cuts to try.
        rule: how a cut is shared.
        stated_cuts_kt: pairs (firm, kt/year).

    Examples:
        >>> Meeting(date="2013-04-10", firms=("Chalco",), owners=("Chalco",), least_cut_kt=1000.0).rule
        'pro_rata'
    """

    date: Date
    place: str = ""
    firms: tuple[str, ...]
    owners: tuple[str, ...]
    term_years: Positive = 1.0
    least_cut_kt: NonNegative
    sweep_kt: tuple[NonNegative, ...] = ()
    rule: Rule = Rule.PRO_RATA
    stated_cuts_kt: tuple[tuple[str, NonNegative], ...] = ()

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each firm or owner that sits at the table twice, or has two stated cuts."""
        cuts = [name for name, _ in self.stated_cuts_kt]
        for kind, names in (("firm", self.firms), ("owner", self.owners), ("stated cut of", cuts)):
            yield from unique(kind, "Meeting", names)


@noun
class Factor:
    """An uncertain factor: a change of the case whose value is drawn from a range, without tax.

    Drawn triangular about ``central`` where the case states a central value, else uniform between the ends.

    Examples:
        >>> factor = Factor(name="grid power", path="plant[power_source=grid].power_price_per_kwh",
        ...                 operation="multiply", low=0.9, central=1.0, high=1.1)
        >>> factor.change(1.05).value
        1.05
    """

    name: Name
    path: Name
    operation: Operation = "set"
    low: float
    central: float
    high: float
    triangular: bool = False
    source: str = ""
    standing: Standing = "assumed"
    note: str = ""

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem unless the central value lies within the range."""
        if not self.low <= self.central <= self.high:
            found = f"{self.central:.15g} in {self.low:.15g}..{self.high:.15g}"
            yield Problem(where=f"Factor {self.name!r}", found=found, needed="low <= central <= high")

    def change(self, value: float) -> Change:
        """Return the change that a drawn value makes."""
        return Change(path=self.path, operation=self.operation, value=value)


@noun
class PlantNoise:
    """Errors of the plants' net cash cost: standard deviations of normal draws, money/t without tax.

    Attributes:
        common_per_t: one error shared by all plants.
        plant_per_t: one for each plant, in the industry's order.

    Examples:
        >>> PlantNoise(common_per_t=150.0, plant_per_t=(300.0, 450.0)).plant_per_t[1]
        450.0
    """

    common_per_t: NonNegative = 0.0
    plant_per_t: tuple[NonNegative, ...] = ()


@noun
class RecordEntry:
    """A published sentence with its number, and the number the model computes for the same quantity.

    ``value``, ``low``, ``high`` and the corrected ones are ``nan`` where there is none; units and tax as published.
    ``repeats``: the id of the entry whose fact it repeats, empty where the fact is its own.

    Examples:
        >>> RecordEntry(id="A1", quote="Capacity is over 27 million t.", value=27_000.0, unit="kt/year").standing
        'reported'
    """

    id: str
    quote: str
    subject: str = ""
    value: Maybe = math.nan
    low: Maybe = math.nan
    high: Maybe = math.nan
    unit: str = ""
    period: str = ""
    standing: Standing = "reported"
    corrected: Maybe = math.nan
    corrected_low: Maybe = math.nan
    corrected_high: Maybe = math.nan
    correction_source: str = ""
    quantity: str = ""
    repeats: str = ""
    note: str = ""

    __eq__ = same_values


@noun
class Series(Short):
    """A monthly series as published (``vat`` says on which basis), months ``YYYY-MM`` in order.

    Examples:
        >>> Series(name="lme", unit="USD/t", vat="none", months=("2013-03",), values=(1910.0,), lows=(1910.0,),
        ...        highs=(1910.0,)).up_to("2013-02").values
        ()
    """

    name: str
    unit: str
    vat: VatBasis
    source: str = ""
    standing: Standing = "reported"
    note: str = ""
    months: tuple[Month, ...]
    values: tuple[Maybe, ...]
    lows: tuple[Maybe, ...]
    highs: tuple[Maybe, ...]

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each list of values that is not as long as the months, and for months out of order."""
        for name in ("values", "lows", "highs"):
            size = len(getattr(self, name))
            if size != len(self.months):
                needed = f"{len(self.months)}, one for each month"
                yield Problem(where=f"Series {self.name!r}, {name}", found=f"{size} numbers", needed=needed)
        if any(later <= earlier for earlier, later in itertools.pairwise(self.months)):
            yield Problem(where=f"Series {self.name!r}, months", found="months out of order", needed="rising ones")

    def up_to(self, month: str) -> Series:
        """Return the part of the series that ends with ``month``."""
        count = sum(item <= month for item in self.months)
        return dataclasses.replace(
            self,
            months=self.months[:count],
            values=self.values[:count],
            lows=self.lows[:count],
            highs=self.highs[:count],
        )


@noun
class MonthFact:
    """A number of the case that was otherwise in another month.

    Attributes:
        month: ``YYYY-MM``.
        path: which number, as an override names it, in the names, currency and tax basis of the case's files.
        value, low, high: what it was, with its range; the two ends are equal where it has none.
        source, standing, note: where it comes from.

    Examples:
        >>> MonthFact(month="2013-03", path="price_cny_per_t", value=14754.0, low=14754.0, high=14754.0).text
        'price_cny_per_t=14754.0'
    """

    month: Month
    path: Name
    value: float
    low: float
    high: float
    source: str = ""
    standing: Standing = "reported"
    note: str = ""

    @property
    def text(self) -> str:
        """The override that makes it so."""
        return f"{self.path}={self.value!r}"


@noun
class DocumentedStop:
    """Lines that are documented to have stopped, to be stopped soon, to have run on, or to have restarted.

    Attributes:
        event: its name.
        month: ``YYYY-MM``.
        kind: what lines did.
        plants: those it tells of, by name; all of the industry where none is named.
        moved_kt, moved_low_kt, moved_high_kt: capacity that stopped or restarted, kt/year; nan where not known.
        price_per_t, price_low_per_t, price_high_per_t: quoted then, money/t without tax; nan where none was.
        otherwise: overrides that make the case that of then, for a counterfactual.
        not_tested: why the model is not asked; empty where it is.
        quote, source, standing, note: where it comes from.

    Examples:
        >>> DocumentedStop(event="spring", month="2013-03", kind="stopped", price_per_t=12265.0).tested
        True
    """

    event: Name
    month: Month
    kind: StopKind
    plants: tuple[str, ...] = ()
    moved_kt: Maybe = math.nan
    moved_low_kt: Maybe = math.nan
    moved_high_kt: Maybe = math.nan
    price_per_t: Maybe = math.nan
    price_low_per_t: Maybe = math.nan
    price_high_per_t: Maybe = math.nan
    otherwise: tuple[str, ...] = ()
    not_tested: str = ""
    quote: str = ""
    source: str = ""
    standing: Standing = "reported"
    note: str = ""

    __eq__ = same_values

    @property
    def tested(self) -> bool:
        """Whether the model is asked what it would stop at that price."""
        return not self.not_tested

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where the model is asked and no price says at which."""
        if self.tested and not self.price_per_t > 0.0:
            needed = "a price, or why the model is not asked"
            yield Problem(where=f"DocumentedStop {self.event!r}, price_per_t", found="none", needed=needed)
