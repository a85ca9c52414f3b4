"""Collect every problem of a case, then show them sorted by file and row; many of one kind are counted together."""

from __future__ import annotations

__all__ = ["Hint", "Placed", "Problems", "did_you_mean", "misspelt"]

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from potline.errors import Problem
from potline.reading import did_you_mean

OF_A_KIND = 3
"""How many problems of one kind are told one by one."""
_LONGEST = 300
_ALIKE = 0.75
Hint = str | Callable[[], str]


class Placed(Protocol):
    """Says where a problem stands in what a user sees, where that is no folder."""

    def place(self, file: str, row: int, line: int, column: str, key: str) -> str:
        """Return the place of a problem."""
        ...

    def rows(self, file: str, part: str, first: int, last: int) -> str:
        """Return the place of several problems of a kind."""
        ...

    def words(self, text: str) -> str:
        """Return what is said in the words of it."""
        ...


@dataclass(slots=True)
class _Kind:
    """Problems that differ in their place or in what was found alone: how many, and from which row to which."""

    count: int = 0
    first: int = 0
    last: int = 0


class Problems:
    """The problems of one case; ``add`` takes the place apart so that they can be sorted.

    Examples:
        >>> problems = Problems()
        >>> problems.add("plants.csv", row=3, column="capacity_kt", found="-5", needed="0 or more")
        >>> problems.add("firms.csv", found="no rows", needed="at least one row")
        >>> [problem.where for problem in problems.sorted()]
        ['firms.csv', 'plants.csv row 3, column capacity_kt']

        From the fourth of a kind on they are counted:

        >>> for row in range(2, 12):
        ...     problems.add("plants.csv", row=row, column="firm", found=f"unknown firm 'F{row}'", needed="a firm")
        >>> print(problems.sorted()[-1])
        plants.csv rows 5 to 11, column firm: found 7 more of this kind; needed a firm.
    """

    def __init__(self) -> None:
        self._found: list[tuple[str, int, Problem]] = []
        self._told: set[tuple[str, str]] = set()
        self._kinds: dict[tuple[str, str, str], _Kind] = {}
        self._files: set[str] = set()
        self.count = 0
        self.places: Placed | None = None

    def add(
        self,
        file: str,
        *,
        row: int = 0,
        line: int = 0,
        column: str = "",
        key: str = "",
        found: str,
        needed: str,
        hint: Hint = "",
    ) -> None:
        """Add a problem at a row and column of a table, or at a line and key of ``case.toml``.

        ``hint`` may be a function, called only where the problem is told by itself.
        """
        if self.places is not None:
            where, found = self.places.place(file, row, line, column, key), _clipped(self.places.words(found))
        else:
            place = f"{file} row {row}" if row else f"{file} line {line}" if line else file
            where, found = place + _part(column, key), _clipped(found)
        if (where, found) in self._told:
            return
        self.count += 1
        self._files.add(file)
        kind = self._kinds.setdefault((file, column if row > 1 else key.rpartition(".")[2], needed), _Kind())
        kind.count += 1
        number = row or line
        if kind.count > OF_A_KIND:
            kind.first, kind.last = min(kind.first or number, number), max(kind.last, number)
            return
        self._told.add((where, found))
        told = hint if isinstance(hint, str) else hint()
        if self.places is not None:
            needed, told = self.places.words(needed), self.places.words(told)
        problem = Problem(where=_clipped(where), found=found, needed=_clipped(needed), hint=_clipped(told))
        self._found.append((file, number, problem))

    def __bool__(self) -> bool:
        return self.count > 0

    def touch(self, file: str) -> None:
        """Count a file as one with a problem that is told by another name of it."""
        self._files.add(file)

    def in_file(self, file: str) -> bool:
        """Whether a file has a problem."""
        return file in self._files

    def sorted(self) -> tuple[Problem, ...]:
        """Return the problems by file, then by row or line, then in the order found."""
        counted = [
            (file, kind.first, _counted(file, part, needed, kind, self.places))
            for (file, part, needed), kind in self._kinds.items()
            if kind.count > OF_A_KIND
        ]
        return tuple(problem for _, _, problem in sorted([*self._found, *counted], key=lambda item: item[:2]))


def _part(column: str, key: str) -> str:
    return f", column {column}" if column else f", key {key}" if key else ""


def _counted(file: str, part: str, needed: str, kind: _Kind, seen: Placed | None) -> Problem:
    table = file.endswith(".csv")
    word = "row" if table else "line"
    places = f"{word} {kind.first}" if kind.first == kind.last else f"{word}s {kind.first} to {kind.last}"
    where = f"{file} {places}{_part(part, '') if table else _part('', part)}" if kind.first else file
    if seen is not None:
        where, needed = seen.rows(file, part, kind.first, kind.last), seen.words(needed)
    return Problem(
        where=_clipped(where), found=f"{kind.count - OF_A_KIND:,} more of this kind", needed=_clipped(needed)
    )


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def misspelt(column: str, absent: Sequence[str]) -> str:
    """Return which of the columns that a table lacks an unknown one looks like; nothing for one of its own meaning.

    Examples:
        >>> misspelt("capacity", ["capacity_kt"]), misspelt("frm", ["firm"]), misspelt("id", ["kind", "firm"])
        ("Did you mean 'capacity_kt'?", "Did you mean 'firm'?", '')
    """
    longer = [name for name in absent if name.startswith(f"{column.casefold()}_")]
    near = longer or difflib.get_close_matches(column.casefold(), absent, n=1, cutoff=_ALIKE)
    return f"Did you mean {near[0]!r}?" if near else ""
