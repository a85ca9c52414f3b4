"""What two runs or cases say otherwise, number by number, as one table: the sheet "changed since" of a workbook."""

from __future__ import annotations

__all__ = ["changed_since", "changed_table"]

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from potline.report.folder import MANIFEST
from potline.report.saying import say
from potline.report.side_by_side import Beside, TableBeside, cells_beside, numbers_beside, tables_beside
from potline.report.table import Table, col, table_from, table_json, table_of

MOST = 200
"""Differences told of a table."""
_LARGEST = 200_000_000


class _Changed(NamedTuple):
    table: str
    row: str
    column: str
    beside: Beside


def changed_since(place: Path, tables: Sequence[Table], headline: Mapping[str, Any]) -> Table | None:
    """Return what the tables and headline numbers say otherwise than the run in a place; None where all is the same.

    Args:
        place: the folder of the earlier run; where there is none, nothing has changed.
        tables: of the new run.
        headline: its headline numbers.
    """
    file = place / "results.json"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):  # an earlier run that is no longer whole
        if not (place / MANIFEST).is_file() or file.stat().st_size > _LARGEST:
            return None
        stored = json.loads(file.read_text(encoding="utf-8"))
        before = [table_from(name, found) for name, found in stored["tables"].items()]
        now = [table_from(table.name, table_json(table)) for table in tables]  # no limit is a word there
        numbers = numbers_beside(stored["headline"], headline)
        return changed_table({"headline": numbers}, tables_beside(before, now))
    return None


def changed_table(
    named: Mapping[str, Iterable[Beside]], compared: Iterable[TableBeside], *, title: str = ""
) -> Table | None:
    """Return each number that differs, with the table and row it stands in; None where none does.

    Args:
        named: inputs or headline numbers, by what they are.
        compared: tables side by side.
        title: of the table; that of a run beside an earlier one unless given.
    """
    found = [_Changed(group, item.name, "", item) for group, items in named.items() for item in items if item.moved]
    for item in compared:
        found += islice(_of_table(item), MOST)
    if not found:
        return None
    return table_of(
        found,
        [
            col("table", "", lambda item: item.table),
            col("row", "", lambda item: item.row),
            col("column", "", lambda item: item.column),
            col("before", "", lambda item: item.beside.before, -1),
            col("now", "", lambda item: item.beside.after, -1),
            col("difference", "", lambda item: item.beside.difference, -1),
        ],
        said="workbook.changed_since",
        title=title,
        most=MOST,
    )


def _of_table(item: TableBeside) -> Iterator[_Changed]:
    """Yield the cells that differ; a row that one lacks once, and so a table that one lacks."""
    there = say("workbook.there")
    if item.before is None or item.after is None:
        gone, new = (there, "") if item.after is None else ("", there)
        yield _Changed(item.name, "", "", Beside(name=item.name, before=gone, after=new))
        return
    for row, cell in cells_beside(item):
        told = ", ".join(str(word) for word in row if word != "")
        if not cell.name:
            cell = Beside(name="", before=there if cell.before else "", after=there if cell.after else "")
        yield _Changed(item.name, told, cell.name, cell)
