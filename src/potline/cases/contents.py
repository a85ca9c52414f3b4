"""What a case holds, and how a change of the world moves it; how overrides are written is said in ``override.py``."""

from __future__ import annotations

__all__ = ["AnyCase", "CaseContents"]

import dataclasses
from collections.abc import Iterable
from typing import Self, TypeVar

from potline.cases.case_files import CaseFiles
from potline.cases.files import ExtraColumn
from potline.cases.outcome import Outcome
from potline.cases.parts import DocumentedStop, Factor, Meeting, MonthFact, PlantNoise, RecordEntry, Series
from potline.choices import IdleBelow
from potline.errors import Problem
from potline.industry import Agreement, Change, Industry, Policy
from potline.reading import Date, Name, changed, did_you_mean, found_as, noun, one_of, place_of, reads, refuse
from potline.showing import Shown
from potline.sources import Claims, Source, VatBasis

MARKET_PRICE = "market price"
"""Subject of what the record publishes of the market's price."""


@noun
class CaseContents(Shown):
    """What a case holds; :class:`~potline.cases.case.Case` explains it."""

    name: Name
    industry: Industry
    title: str = ""
    description: str = ""
    date: Date = ""
    currency: str = ""
    meeting: Meeting | None = None
    outcome: Outcome | None = None
    claims: Claims = Claims()
    sources: tuple[Source, ...] = ()
    factors: tuple[Factor, ...] = ()
    noise: PlantNoise = PlantNoise()
    record: tuple[RecordEntry, ...] = ()
    series: tuple[Series, ...] = ()
    window: tuple[MonthFact, ...] = ()
    documented_stops: tuple[DocumentedStop, ...] = ()
    other_policies: tuple[Policy, ...] = ()
    changes: tuple[str, ...] = ()
    digest: str = ""
    folder: str = ""
    bases: tuple[tuple[str, VatBasis], ...] = ()
    extra_columns: tuple[ExtraColumn, ...] = ()
    files: object = dataclasses.field(default=None, compare=False, repr=False)

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where the files are none that were read."""
        if self.files is not None and not isinstance(self.files, CaseFiles):
            needed = "what `pot.load` keeps of the files it read, or None"
            yield Problem(where=f"{place_of(self)}, files", found=found_as(self.files), needed=needed)

    @reads
    def under(self, *changes: Change | Policy | Agreement) -> Self:
        """Return a copy with changes of the industry (or of ``meeting.*`` and ``noise.*``) applied in order.

        A change of ``price_per_t`` also moves the point that demand passes through: demand keeps its quantity and
        elasticity at the new price.

        Raises:
            InputError: a path names no field, or selects no member.
        """
        result = self
        waiting: list[Change | Policy | Agreement] = []
        for change in changes:
            path = change.path if isinstance(change, Change) else ""
            part, _, field = path.partition(".")
            if isinstance(change, Change) and part in ("meeting", "noise"):
                result, waiting = _industry_under(result, waiting), []
                result = _part_changed(result, part, field, change)
                continue
            waiting.append(change)
            if path == "price_per_t":
                result, waiting = _industry_under(result, waiting), []
                waiting.append(Change(path="demand.price_per_t", value=result.industry.price_per_t))
        return _industry_under(result, waiting)

    @reads
    def at(self, idle_below: IdleBelow) -> Self:
        """Return a copy at an end of what the state leaves open: what idle lines below their restart price do.

        Examples:
            >>> from potline.choices import IdleBelow
            >>> from potline.industry import Industry, LinearDemand, Plant
            >>> demand = LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5)
            >>> plants = (Plant(name="A", firm="A", capacity_kt=9.0),)
            >>> one = CaseContents(name="one", industry=Industry(name="one", demand=demand, plants=plants))
            >>> one.at(IdleBelow.LEAST).industry.idle_below
            'least'
        """
        return changed(self, industry=changed(self.industry, idle_below=idle_below))

    def series_named(self, name: str) -> Series:
        """Return the series of that name.

        Raises:
            InputError: there is none.
        """
        known = {item.name: item for item in self.series}
        return known[one_of("Case.series_named, name", name, known, "the name of a series of the case")]

    @property
    def months(self) -> tuple[str, ...]:
        """Months of which the case knows something else than of its own, in order."""
        return tuple(dict.fromkeys(fact.month for fact in self.window))

    @property
    def quoted_prices_per_t(self) -> tuple[float, ...]:
        """Prices that the record gives of the market (subject ``market price``), without tax, rising."""
        tax = 1.0 + self.industry.vat_rate
        given = (entry for entry in self.record if entry.subject == MARKET_PRICE and entry.value > 0.0)
        return tuple(sorted({entry.value / (tax if "incl. VAT" in entry.unit else 1.0) for entry in given}))

    @reads
    def joined_by(self, *firms: Name) -> Self:
        """Return a copy with more firms at the meeting; what else is asked stays.

        Raises:
            InputError: no meeting, or a firm without plants, or one whose owner sits there already.

        Examples:
            >>> from potline.industry import Industry, LinearDemand, Plant
            >>> demand = LinearDemand(price_per_t=10.0, quantity_kt=9.0, elasticity=0.5)
            >>> plants = tuple(Plant(name=name, firm=name, capacity_kt=9.0) for name in "ABC")
            >>> met = Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=1.0)
            >>> three = Industry(name="three", demand=demand, plants=plants)
            >>> case = CaseContents(name="three", industry=three, meeting=met)
            >>> case.joined_by("C").meeting.owners
            ('A', 'B', 'C')
        """
        met, industry = self.meeting, self.industry
        if met is None:
            raise refuse(f"case {self.name!r}", "no meeting", "a [meeting] table in case.toml")
        known = {name: None for plant in industry.plants for name in (plant.firm, industry.owner(plant.firm))}
        for firm in firms:
            one_of("Case.joined_by", firm, known, "a firm with plants")
            owner = industry.owner(firm)
            if owner in met.owners:
                raise refuse("Case.joined_by", f"{firm!r}, of owner {owner!r}, who is there", "firms that stayed away")
            met = changed(met, firms=(*met.firms, firm), owners=(*met.owners, owner))
        return changed(self, meeting=met)

    def basis(self, name: str) -> VatBasis:
        """Return the tax basis of ``numbers.NAME`` or ``TABLE.COLUMN``; ``excluded`` where the files are silent."""
        return dict(self.bases).get(name, "excluded")


AnyCase = TypeVar("AnyCase", bound=CaseContents)
"""A case, or what one holds: what goes in comes out changed, of the same kind."""


def _industry_under(case: AnyCase, changes: list[Change | Policy | Agreement]) -> AnyCase:
    return changed(case, industry=case.industry.under(*changes)) if changes else case


def _part_changed(case: AnyCase, part: str, field: str, change: Change) -> AnyCase:
    noun = case.meeting if part == "meeting" else case.noise
    if noun is None:
        raise refuse(f"path {change.path!r}", "a case without a meeting", "one with a meeting")
    numbers = [item.name for item in dataclasses.fields(noun) if isinstance(getattr(noun, item.name), float)]
    if field not in numbers:
        hint = did_you_mean(field, numbers, "Numbers")
        raise refuse(f"path {change.path!r}", f"no number {field!r}", f"a number of the {part}", hint)
    moved = changed(noun, **{field: change.applied_to(getattr(noun, field))})
    return changed(case, **{part: moved})
