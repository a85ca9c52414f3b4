"""What the claims of a case are made of, in columns: a case may hold a million of them."""

from __future__ import annotations

__all__ = ["Origin", "Written"]

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from itertools import compress
from operator import attrgetter
from typing import Any

from potline.reading import made_unread
from potline.sources import Claim, Interval, VatBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a number comes from and on which basis."""

    unit: str
    vat: VatBasis
    source: str = ""
    standing: Any = "assumed"
    quote: str = ""
    note: str = ""
    where: str = ""


@dataclass(slots=True)
class Written:
    """The columns, in file order: paths, ranges as published, origins, places, notes of the rows."""

    paths: list[str] = field(default_factory=list[str])
    intervals: list[Interval] = field(default_factory=list[Interval])
    origins: list[Origin] = field(default_factory=list[Origin])
    wheres: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    def extend(
        self,
        *,
        paths: Iterable[str],
        intervals: Sequence[Interval | None],
        origins: Iterable[Origin],
        wheres: Iterable[str],
        notes: Iterable[str],
    ) -> None:
        """Add more, all but those whose range is blank."""
        there = [interval is not None for interval in intervals]
        self.paths.extend(compress(paths, there))
        self.intervals.extend(interval for interval in intervals if interval is not None)
        self.origins.extend(compress(origins, there))
        self.wheres.extend(compress(wheres, there))
        self.notes.extend(compress(notes, there))

    def __len__(self) -> int:
        return len(self.paths)

    def __iter__(self) -> Iterator[Claim]:
        columns: dict[str, Iterable[Any]] = {"path": self.paths, "where": self.wheres}
        for name, end in (("value", "central"), ("low", "low"), ("high", "high")):
            columns[name] = map(attrgetter(end), self.intervals)
        for name in ("unit", "vat", "source", "quote"):
            columns[name] = map(attrgetter(name), self.origins)
        columns["standing"] = [origin.standing or "assumed" for origin in self.origins]
        columns["note"] = [origin.note or note for origin, note in zip(self.origins, self.notes, strict=True)]
        return iter(made_unread(Claim, len(self), columns))

    def at(self, place: int) -> Claim:
        """Return the claim at one place."""
        return next(iter(Written(*(getattr(self, item.name)[place : place + 1] for item in fields(self)))))
