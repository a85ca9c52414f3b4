"""From a workbook to the files of a folder, row by row, with the cell behind each row and line."""

from __future__ import annotations

__all__ = ["SHEETS", "csv_bytes", "files_of_workbook", "is_workbook", "sheet_file"]

import csv
import difflib
import io
from collections.abc import Container, Sequence

from potline.cases.cells import Quantity
from potline.cases.problems import Problems
from potline.cases.tables import TABLES
from potline.cases.workbooks.grid import Grid, Report, cell_name, grids, letters
from potline.cases.workbooks.guide import is_guide
from potline.cases.workbooks.layout import DEFAULTS, ORDER, column_cell, meant
from potline.cases.workbooks.package import Package, opened
from potline.cases.workbooks.places import Places
from potline.cases.workbooks.statements import rows_of, toml_of_sheets
from potline.text import neutralised

SHEETS = "sheets/"
"""Where a folder keeps the sheets that a case does not read."""
ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".xltx", ".xltm")
"""Endings of files that are taken for workbooks; what is inside decides whether they are read."""
_ALIKE = 0.75
_ESCAPED = {character: f"%{ord(character):02X}" for character in '%<>|"'}


def is_workbook(name: str) -> bool:
    """Whether a file is taken for a workbook by its ending.

    Examples:
        >>> is_workbook("mine.XLSX"), is_workbook("plants.csv")
        (True, False)
    """
    return name.casefold().endswith(ENDINGS)


def sheet_file(sheet: str) -> str:
    """Return the file in which a folder keeps a sheet that a case does not read.

    Examples:
        >>> sheet_file("my notes"), sheet_file("<5%")
        ('sheets/my notes.csv', 'sheets/%3C5%25.csv')
    """
    return f"{SHEETS}{''.join(_ESCAPED.get(character, character) for character in sheet)}.csv"


def files_of_workbook(data: bytes, where: str, problems: Problems) -> dict[str, bytes]:
    """Return the files of the folder that says the same; from here on problems are told by sheet and cell.

    Args:
        data: the workbook.
        where: its name.
        problems: where they are put.
    """
    package = opened(data)
    if not isinstance(package, Package):
        found, needed, hint = package
        problems.add(where, found=found, needed=needed, hint=hint)
        return {}

    def report(sheet: str, place: str, found: str, needed: str, hint: str) -> None:
        at = ", ".join(part for part in (f"sheet {sheet}" if sheet else where, place) if part)
        problems.add(at, found=found, needed=needed, hint=hint)
        problems.touch(f"{sheet.strip().casefold()}.csv")

    known = {name.casefold(): name for name in ORDER}
    read = grids(package, known.keys(), report)
    ours: dict[str, Grid] = {}
    others: list[Grid] = []
    for grid in read:
        name = known.get(grid.name.strip().casefold(), "")
        if name and name not in ours:
            ours[name] = grid
        elif not is_guide(grid):
            others.append(grid)
    absent = [name for name in ORDER if name not in ours]
    for grid in others:
        near = difflib.get_close_matches(grid.name.strip().casefold(), absent, n=1, cutoff=_ALIKE)
        if near and any(map(any, grid.rows)):
            hint = f"Did you mean {near[0]!r}?"
            report(grid.name, "", "an unknown sheet", "the name of a sheet of a case, or one unlike any", hint)
    if not ours:
        found, needed = "a workbook without the sheets of a case", "sheets case, numbers, plants, firms, sources"
        if not problems:
            hint = "Write one to begin with by `potline new --xlsx FILE`."
            problems.add(where, found=found, needed=needed, hint=hint)
        return {}
    places = Places()
    files = {"case.toml": toml_of_sheets(ours, places, report).encode("utf-8", "surrogatepass")}
    filled = {row.cells.get("column", "") for row in rows_of(ours.get(DEFAULTS))}
    for name in TABLES:
        if name in ours and (rows := _table(name, ours[name], places, report)):
            kept = [k for k, heading in enumerate(rows[0]) if not _is_empty(name, heading, rows, k, places, filled)]
            files[f"{name}.csv"] = csv_bytes([[row[k] for k in kept] for row in rows])
    problems.places = places
    files |= {sheet_file(grid.name): csv_bytes(grid.rows) for grid in others}
    return files


def csv_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as CSV; a blank row is a blank line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([neutralised(text) for text in row] if any(row) else [] for row in rows)
    return buffer.getvalue().encode("utf-8", "surrogatepass")


def _table(name: str, grid: Grid, places: Places, report: Report) -> list[list[str]]:
    """Return the rows of a table, headings first; none where nothing stands below the headings."""
    if not any(text.strip() for row in grid.rows[1:] for text in row):
        return []
    head = [text.strip() for text in grid.rows[0]]
    if _key_column(name) not in head:
        return grid.rows
    for number, row in enumerate(grid.rows[1:], start=1):
        for column in (place for place, text in enumerate(row) if text.strip() and not head[place]):
            found, needed = f"{row[column][:60]!r} under no heading", "a heading in row 1 above every cell"
            report(name, f"cell {cell_name(number, column)}", found, needed, "Name the column, or delete the cell.")
    places.columns[name] = {text: letters(place) for place, text in reversed(list(enumerate(head))) if text}
    cells = {place: column_cell(name, places.to_field(text)) for place, text in enumerate(head) if text}
    rows = grid.rows[1:]
    return [[head[place] for place in cells], *([meant(row[k], cell) for k, cell in cells.items()] for row in rows)]


def _key_column(table: str) -> str:
    """Return the column that a table must have, by which the row of headings is told from a title above it."""
    return TABLES[table].required[0]


def _is_empty(
    table: str, heading: str, rows: Sequence[Sequence[str]], place: int, places: Places, filled: Container[str]
) -> bool:
    """Whether a column is one of the table's own numbers below whose heading nothing stands: a template names them all.

    One whose blank cells mean something stays, and so does one that a default fills.
    """
    if any(row[place].strip() for row in rows[1:]) or (table == "plants" and heading in filled):
        return False
    cell = column_cell(table, places.to_field(heading.strip()))
    return isinstance(cell, Quantity) and not cell.blank
