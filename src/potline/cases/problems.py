"""Collect every problem of a case, then show them sorted by file and row."""

from __future__ import annotations

__all__ = ["Problems", "did_you_mean"]

import difflib
from collections.abc import Iterable

from potline.errors import Problem

SHOWN = 12


class Problems:
    """The problems of one case; ``add`` takes the place apart so that they can be sorted.

    Examples:
        >>> problems = Problems()
        >>> problems.add("plants.csv", row=3, column="capacity_kt", found="-5", needed="0 or more")
        >>> problems.add("firms.csv", found="no rows", needed="at least one row")
        >>> [problem.where for problem in problems.sorted()]
        ['firms.csv', 'plants.csv row 3, column capacity_kt']
    """

    def __init__(self) -> None:
        self._found: list[tuple[str, int, Problem]] = []

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
        hint: str = "",
    ) -> None:
        """Add a problem at a row and column of a table, or at a line and key of ``case.toml``."""
        place = f"{file} row {row}" if row else f"{file} line {line}" if line else file
        part = f", column {column}" if column else f", key {key}" if key else ""
        self._found.append((file, row or line, Problem(where=place + part, found=found, needed=needed, hint=hint)))

    def __bool__(self) -> bool:
        return bool(self._found)

    def in_file(self, file: str) -> bool:
        """Whether a file has a problem."""
        return any(name == file for name, _, _ in self._found)

    def sorted(self) -> tuple[Problem, ...]:
        """Return the problems by file, then by row or line, then in the order found."""
        unique = dict.fromkeys(sorted(self._found, key=lambda item: item[:2]))
        return tuple(problem for _, _, problem in unique)


def did_you_mean(word: str, known: Iterable[str], noun: str = "Known") -> str:
    """Return a hint: the known word nearest to ``word``, or the first of those known.

    Examples:
        >>> did_you_mean("Chaclo", ("Chalco", "Xinfa"))
        "Did you mean 'Chalco'?"
        >>> did_you_mean("zzz", ("Chalco", "Xinfa"), "Firms")
        'Firms: Chalco, Xinfa.'
    """
    words = list(dict.fromkeys(known))
    folded = {item.casefold(): item for item in reversed(words)}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return f"Did you mean {folded[near[0]]!r}?"
    if not words:
        return f"{noun}: none."
    return f"{noun}: {', '.join(words[:SHOWN])}{' ...' if len(words) > SHOWN else '.'}"
