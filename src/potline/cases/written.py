"""What the claims of a case are made of, in columns: a case may hold a million of them."""

from __future__ import annotations

__all__ = ["Origin", "Written"]

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from itertools import compress
from operator import attrgetter
from typing import Any

from potline.sources import Interval, VatBasis


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

    def column(self, name: str) -> Iterable[Any]:
        """Return one field of all claims."""
        if name in ("path", "where"):
            return self.paths if name == "path" else self.wheres
        if name in ("value", "low", "high"):
            return map(attrgetter("central" if name == "value" else name), self.intervals)
        if name == "standing":
            return [origin.standing or "assumed" for origin in self.origins]
        if name == "note":
            return [origin.note or note for origin, note in zip(self.origins, self.notes, strict=True)]
        return map(attrgetter(name), self.origins)

    def only(self, place: int) -> Written:
        """Return what one claim is made of."""
        return Written(*(getattr(self, item.name)[place : place + 1] for item in fields(self)))
