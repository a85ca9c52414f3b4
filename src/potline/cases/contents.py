"""What a case holds, and how a change of the world moves it; how overrides are written is said in ``override.py``."""

from __future__ import annotations

__all__ = ["AnyCase", "CaseContents"]

import dataclasses
from typing import Self, TypeVar

from potline.cases.files import ExtraColumn
from potline.cases.outcome import Outcome
from potline.cases.parts import Factor, Meeting, PlantNoise, RecordEntry, Series
from potline.choices import IdleBelow
from potline.industry import Agreement, Change, Industry, Policy
from potline.reading import Date, Name, changed, did_you_mean, noun, one_of, reads, refuse
from potline.sources import Claims, Source, VatBasis


@noun
class CaseContents:
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
    other_policies: tuple[Policy, ...] = ()
    changes: tuple[str, ...] = ()
    digest: str = ""
    folder: str = ""
    bases: tuple[tuple[str, VatBasis], ...] = ()
    extra_columns: tuple[ExtraColumn, ...] = ()

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
