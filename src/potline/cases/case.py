"""A case: an industry, the meeting it holds, and for every number where it comes from.

The industry holds central values without value-added tax; ranges, units, tax basis and sources stay in the claims.
A case is frozen and hashable; :meth:`Case.under` and :meth:`Case.override` return changed copies.
"""

from __future__ import annotations

__all__ = ["Case", "Factor", "Meeting", "PlantNoise", "RecordEntry", "Series"]

import dataclasses
import math
from typing import Annotated, ClassVar, Literal

from potline.cases.files import ExtraColumn
from potline.cases.outcome import Outcome
from potline.equality import same_values
from potline.industry import Agreement, Change, Industry, Policy
from potline.industry.change import Operation
from potline.reading import Hint, Name, NonNegative, Positive, Within, did_you_mean, noun, one_of, reads, refuse
from potline.sources import Claims, Source, Standing, VatBasis

MeetingRule = Literal["pro_rata", "efficient", "stated"]
Maybe = Annotated[float, Within(infinite=True, missing=True)]


@noun
class Meeting:
    """A meeting on a joint cut: who is present, and what is proposed.

    Attributes:
        date, place: when and where.
        firms: firms present. owners: firms that decide for those present that have plants, in order of presence.
        term_years: how long a cut holds. least_cut_kt: least idled capacity beyond the baseline, kt/year.
        sweep_kt: other least cuts to try. rule: how a cut is shared. stated_cuts_kt: pairs (firm, kt/year).

    Examples:
        >>> Meeting(date="2013-04-10", firms=("Chalco",), owners=("Chalco",), least_cut_kt=1000.0).rule
        'pro_rata'
    """

    date: str
    place: str = ""
    firms: tuple[str, ...]
    owners: tuple[str, ...]
    term_years: Positive = 1.0
    least_cut_kt: NonNegative
    sweep_kt: tuple[NonNegative, ...] = ()
    rule: MeetingRule = "pro_rata"
    stated_cuts_kt: tuple[tuple[str, NonNegative], ...] = ()


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

    def change(self, value: float) -> Change:
        """Return the change that a drawn value makes."""
        return Change(path=self.path, operation=self.operation, value=value)


@noun
class PlantNoise:
    """Errors of the plants' net cash cost: standard deviations of normal draws, money/t without tax.

    Attributes:
        common_per_t: one error shared by all plants. plant_per_t: one for each plant, in the industry's order.

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
    note: str = ""

    __eq__ = same_values


@noun
class Series:
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
    months: tuple[str, ...]
    values: tuple[Maybe, ...]
    lows: tuple[Maybe, ...]
    highs: tuple[Maybe, ...]

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
class Case:
    """An industry with its meeting, claims, uncertain factors, record and series.

    Attributes:
        outcome: what happened; no input.
        factors: at most 20 uncertain factors; noise: errors of plants' cash cost beside them.
        record: published sentences to compare with the model. other_policies: policies not in force at the date.
        changes: overrides as typed. digest: sha256 of the files' names and bytes. folder: where it was read.
        bases: pairs (``numbers.NAME`` or ``TABLE.COLUMN`` as in the files, tax basis).
        extra_columns: columns that the format does not know; they enter nothing.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> small = Industry(name="one", demand=LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5),
        ...                  price_per_t=10.0, plants=(Plant(name="A", firm="A", capacity_kt=9.0),))
        >>> moved = Case(name="one", industry=small).under(Change(path="price_per_t", value=12.0))
        >>> moved.industry.price_per_t, moved.industry.demand.price_per_t, moved.industry.demand.quantity_kt
        (12.0, 12.0, 9.0)
    """

    how_to_get: ClassVar[str] = (
        "`pot.load(NAME)` reads a shipped case or a folder; `pot.Case(name=..., industry=...)` makes one."
    )

    name: Name
    industry: Industry
    title: str = ""
    description: str = ""
    date: str = ""
    currency: str = ""
    meeting: Meeting | None = None
    outcome: Outcome | None = None
    claims: Claims = Claims()
    sources: tuple[Source, ...] = ()
    factors: tuple[Factor, ...] = ()
    noise: PlantNoise = PlantNoise()
    record: tuple[RecordEntry, ...] = ()
    series: tuple[Series, ...] = ()
    other_policies: tuple[Policy, ...] = ()
    changes: tuple[str, ...] = ()
    digest: str = ""
    folder: str = ""
    bases: tuple[tuple[str, VatBasis], ...] = ()
    extra_columns: tuple[ExtraColumn, ...] = ()

    @reads
    def under(self, *changes: Change | Policy | Agreement) -> Case:
        """Return a copy with changes of the industry (or of ``meeting.*`` and ``noise.*``) applied in order.

        A change of ``price_per_t`` also moves the point that demand passes through: demand keeps its quantity and
        elasticity at the new price.

        Raises:
            InputError: a path names no field, or selects no member.
        """
        result = self
        for change in changes:
            path = change.path if isinstance(change, Change) else ""
            part, _, field = path.partition(".")
            if isinstance(change, Change) and part in ("meeting", "noise"):
                result = _part_changed(result, part, field, change)
                continue
            industry = result.industry.under(change)
            if path == "price_per_t":
                industry = industry.under(Change(path="demand.price_per_t", value=industry.price_per_t))
            result = dataclasses.replace(result, industry=industry)
        return result

    @reads
    def override(self, *texts: Annotated[str, Hint('Write `case.override("PATH=VALUE", ...)`.')]) -> Case:
        """Return a copy with overrides written in the names, currency and tax basis of the case's files.

        ``"price_cny_per_t=14000"`` sets, ``+=`` adds, ``*=`` multiplies; ``plant[Fushun].power_price_cny_per_kwh`` and
        ``plant[province=Henan].support_cny_per_t`` name members by name or by columns. A number that the files do not
        give is written without tax. A number set by hand is no longer uncertain: factors that set it are dropped;
        factors that multiply or add to it stay and act on the new value.

        Raises:
            InputError: a text is no override, names nothing, or its value is out of bounds; holds all problems.
        """
        from potline.cases.override import overridden

        return overridden(self, texts)

    def series_named(self, name: str) -> Series:
        """Return the series of that name.

        Raises:
            InputError: there is none.
        """
        known = {item.name: item for item in self.series}
        return known[one_of("Case.series_named, name", name, known, "the name of a series of the case")]

    def basis(self, name: str) -> VatBasis:
        """Return the tax basis of ``numbers.NAME`` or ``TABLE.COLUMN``; ``excluded`` where the files are silent."""
        return dict(self.bases).get(name, "excluded")


def _part_changed(case: Case, part: str, field: str, change: Change) -> Case:
    noun = case.meeting if part == "meeting" else case.noise
    if noun is None:
        raise refuse(f"path {change.path!r}", "a case without a meeting", "one with a meeting")
    numbers = [item.name for item in dataclasses.fields(noun) if isinstance(getattr(noun, item.name), float)]
    if field not in numbers:
        hint = did_you_mean(field, numbers, "Numbers")
        raise refuse(f"path {change.path!r}", f"no number {field!r}", f"a number of the {part}", hint)
    moved = dataclasses.replace(noun, **{field: change.applied_to(getattr(noun, field))})
    return dataclasses.replace(case, **{part: moved})
