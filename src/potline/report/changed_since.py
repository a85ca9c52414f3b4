"""What differs between the run that stands in a place and the one that is to replace it, number by number."""

from __future__ import annotations

__all__ = ["changed_since"]

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, cast

from potline.report.folder import MANIFEST
from potline.report.table import Cell, Table, col, csv_text, table_of
from potline.text import restored

MOST = 200
"""Differences told of a table."""
_TOLERANCE, _LARGEST = 1e-9, 50_000_000


class _Difference(NamedTuple):
    table: str
    row: str
    column: str
    before: Cell
    now: Cell

    @property
    def difference(self) -> float:
        """How much more it is now; nan where one of them is no number."""
        before, now = self.before, self.now
        return now - before if isinstance(before, float) and isinstance(now, float) else math.nan


def changed_since(place: Path, tables: Sequence[Table], headline: Mapping[str, Any]) -> Table | None:
    """Return what the tables and headline numbers say otherwise than the run in a place; None where all is the same.

    Args:
        place: the folder of the earlier run; where there is none, nothing has changed.
        tables: of the new run.
        headline: its headline numbers.
    """
    if not (place / MANIFEST).is_file():
        return None
    found: list[_Difference] = []
    with suppress(OSError, ValueError, KeyError, TypeError, csv.Error):  # an earlier run that is no longer whole
        before = json.loads(_text(place / "results.json"))["headline"]
        found += _of_headline(before, headline)
        for table in tables:
            file = place / "tables" / f"{table.name}.csv"
            if file.is_file():
                found += list(_of_table(table.name, _rows(_text(file)), _rows(csv_text(table))))[:MOST]
    if not found:
        return None
    return table_of(
        found,
        [
            col("table", "", lambda item: item.table),
            col("row", "", lambda item: item.row),
            col("column", "", lambda item: item.column),
            col("before", "", lambda item: item.before, -1),
            col("now", "", lambda item: item.now, -1),
            col("difference", "", lambda item: item.difference, -1),
        ],
        said="workbook.changed_since",
        most=MOST,
    )


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8-sig") if file.stat().st_size <= _LARGEST else ""


def _rows(text: str) -> list[list[Cell]]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [[_cell(restored(cell)) for cell in row] for row in rows]


def _cell(text: str) -> Cell:
    with suppress(ValueError):
        return float(text)
    return text


def _of_headline(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[_Difference]:
    old_numbers, numbers = dict(_flat(before)), dict(_flat(now))
    for name in dict.fromkeys((*old_numbers, *numbers)):
        old, new = (item.get(name, "") for item in (old_numbers, numbers))
        if not _same(old, new):
            yield _Difference("headline", name, "", old, new)


def _flat(numbers: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Cell]]:
    """Yield numbers by name, those of a group by its name and their own."""
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            yield from _flat(cast("Mapping[str, Any]", value), f"{before}{name}, ")
        else:
            yield f"{before}{name}", _plain(value)


def _plain(value: Any) -> Cell:
    if isinstance(value, bool) or value is None:
        return "" if value is None else "yes" if value else "no"
    return float(value) if isinstance(value, (int, float)) else str(value)


def _of_table(name: str, before: list[list[Cell]], now: list[list[Cell]]) -> Iterator[_Difference]:
    """Yield what differs, row by row; a row is known by its words, those alike by their order."""
    old_head, head = (list(map(str, rows[0])) if rows else [] for rows in (before, now))
    words = [column for column in head if column in old_head and _holds_words(column, head, now)]
    old_rows, rows = (_by_words(words, top, rows) for top, rows in ((old_head, before), (head, now)))
    for key in dict.fromkeys((*old_rows, *rows)):
        old, new = old_rows.get(key), rows.get(key)
        told = ", ".join(part for part in key[:-1] if part) or f"{key[-1]}"
        if old is None or new is None:
            yield _Difference(name, told, "", "" if old is None else "there", "" if new is None else "there")
            continue
        for column in dict.fromkeys((*old, *new)):
            first, second = old.get(column, ""), new.get(column, "")
            if not _same(first, second):
                yield _Difference(name, told, column, first, second)


def _holds_words(column: str, head: Sequence[str], rows: list[list[Cell]]) -> bool:
    place = head.index(column)
    return all(isinstance(row[place], str) for row in rows[1:])


def _by_words(
    words: Sequence[str], head: Sequence[str], rows: list[list[Cell]]
) -> dict[tuple[str, ...], dict[str, Cell]]:
    seen: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], dict[str, Cell]] = {}
    for row in rows[1:]:
        cells = dict(zip(head, row, strict=False))
        key = tuple(str(cells[column]) for column in words[:3])
        seen[key] += 1
        found[*key, str(seen[key])] = cells
    return found


def _same(first: Cell, second: Cell) -> bool:
    if isinstance(first, float) and isinstance(second, float):
        return math.isclose(first, second, rel_tol=_TOLERANCE, abs_tol=1e-12) or (first != first and second != second)
    return first == second
