"""``case.toml`` as rows of sheets, and back: each of its tables is a row, each key of a block another."""

from __future__ import annotations

__all__ = ["rows_of", "sheets_of_toml", "toml_of_sheets"]

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from potline.cases.cells import Quantity, is_list, is_table
from potline.cases.currency_names import to_field
from potline.cases.toml_writing import toml_key, toml_path, toml_string
from potline.cases.workbooks.comments import HEAD as COMMENT_HEAD
from potline.cases.workbooks.comments import notes_of, with_comments
from potline.cases.workbooks.grid import Grid, Report, letters, text_of
from potline.cases.workbooks.layout import (
    ABOUT_SERIES,
    CASE_SHEET,
    COLUMNS,
    COMMENTS,
    DEFAULTS,
    EVERY,
    FACTORS,
    NUMBERS_SHEET,
    STATED,
    Stated,
    cell_at,
    is_claim_at,
    meant,
)
from potline.cases.workbooks.places import Places

HEAD = ("block", "key", "value")
_FIRST, _WITH_NUMBERS = ("case", "input_market"), ("meeting", "outcome")
_LITERAL = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,20})?([eE][-+]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Cells:
    """A row of a sheet of statements: its number, and what stands under each heading that is not blank."""

    number: int
    cells: Mapping[str, str]


def rows_of(grid: Grid | None) -> Iterator[Cells]:
    """Yield the rows of a sheet of statements that are not blank."""
    head = [text.strip() for text in grid.rows[0]] if grid is not None and grid.rows else []
    for number, row in enumerate(grid.rows[1:] if grid is not None else (), start=2):
        cells = {text: row[place].strip() for place, text in enumerate(head) if text and row[place].strip()}
        if cells:
            yield Cells(number, cells)


def sheets_of_toml(values: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """Return what a sound ``case.toml`` says as rows of sheets, headings first.

    Examples:
        >>> sheets_of_toml({"case": {"name": "mine", "vat_rate": 0.2}})["case"]
        [['block', 'key', 'value'], ['case', 'name', 'mine'], ['case', 'vat_rate', '0.2']]
    """
    currency = str(values.get("case", {}).get("currency", ""))
    blocks: list[list[str]] = []
    stated: dict[str, list[list[str]]] = {sheet: [] for sheet in STATED}
    for name, given in values.items():
        if name in ("numbers", "defaults", "series"):
            sheet = {"numbers": NUMBERS_SHEET, "defaults": DEFAULTS, "series": ABOUT_SERIES}[name]
            inside = given.get("plants", {}) if name == "defaults" else given
            stated[sheet] = [*_stated(STATED[sheet], inside), *stated[sheet]]
        elif name == "columns":
            for table, columns in given.items():
                stated[COLUMNS] += _stated(STATED[COLUMNS], columns, table)
        elif name == "factors":
            fields = STATED[FACTORS].fields
            stated[FACTORS] = [[_text(item.get(column)) for column in fields] for item in given]
        else:
            for key, value in sorted(given.items(), key=lambda item: is_table(item[1])):
                if is_table(value) and is_claim_at(name, to_field(key, currency)):
                    stated[NUMBERS_SHEET] += _stated(STATED[NUMBERS_SHEET], {f"{name}.{key}": value})
                elif is_table(value):
                    blocks += [[f"{name}.{key}", inner, _text(number)] for inner, number in value.items()]
                else:
                    blocks.append([name, key, _text(value)])
    sheets: dict[str, list[list[str]]] = {CASE_SHEET: [[*HEAD], *blocks]}
    for sheet, rows in stated.items():
        if rows:
            sheets[sheet] = [[*STATED[sheet].names, *STATED[sheet].fields], *rows]
    return sheets


def _stated(kind: Stated, given: Mapping[str, Any], *before: str) -> Iterator[list[str]]:
    """Yield a row for what is said of all, then one for each table or bare number."""
    every = {key: value for key, value in given.items() if key in kind.fields and not is_table(value)}
    tables = {key: value for key, value in given.items() if key not in every}
    for name, said in {**({EVERY: every} if every else {}), **tables}.items():
        table = said if is_table(said) else {"value": said}
        yield [*before, name, *(_text(table.get(column)) for column in kind.fields)]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return "; ".join(map(_text, value)) if is_list(value) else text_of(value)


def toml_of_sheets(sheets: Mapping[str, Grid], places: Places, report: Report) -> str:
    """Return ``case.toml`` of the sheets that say what it says; the lines are kept in ``places``."""
    made = _Toml(places, report)
    blocks: dict[str, list[Cells]] = {}
    made.check_headings(CASE_SHEET, sheets.get(CASE_SHEET), HEAD, HEAD)
    made.check_headings(COMMENTS, sheets.get(COMMENTS), COMMENT_HEAD, COMMENT_HEAD)
    for row in rows_of(sheets.get(CASE_SHEET)):
        blocks.setdefault(row.cells.get("block", ""), []).append(row)
        if row.cells.get("block") == "case" and row.cells.get("key") == "currency" and not places.currency:
            places.currency = row.cells.get("value", "")
    inside: list[tuple[str, Cells]] = []
    for name in (*_FIRST, ""):
        made.block(name, blocks.pop(name, []))
    for sheet in (NUMBERS_SHEET, DEFAULTS, COLUMNS, FACTORS, ABOUT_SERIES):
        kind, grid = STATED[sheet], sheets.get(sheet)
        made.check_headings(sheet, grid, kind.names, (*kind.names, *kind.fields))
        for row in rows_of(grid):
            if sheet == NUMBERS_SHEET and row.cells.get("number", "").partition(".")[0] in _WITH_NUMBERS:
                inside.append((row.cells["number"], row))
            else:
                made.stated(kind, row)
    for name, rows in blocks.items():
        made.block(name, rows)
    for name, row in inside:
        made.table(STATED[NUMBERS_SHEET], row, name.split(".", 1))
    notes = [[row.cells.get(name, "") for name in COMMENT_HEAD] for row in rows_of(sheets.get(COMMENTS))]
    lines, moved = with_comments(made.lines, made.paths, notes_of(notes))
    places.lines = {moved[line]: at for line, at in places.lines.items()}
    return "\n".join([*lines, ""])


@dataclass(slots=True)
class _Toml:
    """``case.toml`` in the making, each key on a line of its own, and the cell behind each line."""

    places: Places
    report: Report
    lines: list[str] = field(default_factory=list[str])
    paths: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    letters: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    seen: dict[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])

    def check_headings(self, sheet: str, grid: Grid | None, needed: Sequence[str], known: Sequence[str]) -> None:
        """Report headings that a sheet of statements lacks, has twice, or does not know."""
        if grid is None or not grid.rows:
            return
        head = [text.strip() for text in grid.rows[0]]
        self.letters[sheet] = {text: letters(place) for place, text in enumerate(head) if text}
        for place, text in enumerate(head):
            if text and (text not in known or text in head[:place]):
                found = f"the heading {text!r}{' again' if text in known else ''}"
                hint = "Write notes into `note`, or on a sheet of your own." if text not in known else ""
                self.report(sheet, f"cell {letters(place)}1", found, f"once each of: {', '.join(known)}", hint)
        for text in needed:
            if text not in head:
                self.report(sheet, "row 1", f"no heading {text!r}", f"the headings {', '.join(known)}", "")
        for place in range(len(head)):
            if not head[place] and any(row[place].strip() for row in grid.rows[1:]):
                self.report(sheet, f"cell {letters(place)}1", "a column without a heading", "a heading above it", "")

    def block(self, name: str, rows: Sequence[Cells]) -> None:
        """Write a block, ``[name]``, of rows of the sheet ``case``."""
        if not rows:
            return
        at = self.letters.get(CASE_SHEET, {})
        if not name:
            for row in rows:
                self.report(CASE_SHEET, f"row {row.number}", "no block", "a block such as `case` or `meeting`", "")
            return
        parts = name.split(".", 1)
        self._add(f"[{toml_path(parts)}]", tuple(parts), CASE_SHEET, 0, {})
        for row in rows:
            key, text = row.cells.get("key", ""), row.cells.get("value", "")
            if not key:
                self.report(CASE_SHEET, f"row {row.number}", "no key", f"a key of block {name!r}", "")
            elif self._is_new((*parts, key), CASE_SHEET, row.number, f"{name}, {key}") and text:
                cell = cell_at(parts, to_field(key, self.places.currency))
                line = f"{toml_key(key)} = {_literal(meant(text, cell), cell, key)}"
                self._add(line, (*parts, key), CASE_SHEET, row.number, at)

    def stated(self, kind: Stated, row: Cells) -> None:
        """Write a row of a sheet of statements as a table."""
        names = [row.cells.get(name, "") for name in kind.names]
        lacking = [name for name, text in zip(kind.names, names, strict=True) if not text]
        for name in lacking:
            found, needed = f"no {name}", f"its name, or {EVERY} for all" if name != "table" else "the name of a sheet"
            self.report(kind.sheet, f"row {row.number}", found, needed, "")
        if lacking:
            return
        first = {NUMBERS_SHEET: ["numbers"], DEFAULTS: ["defaults", "plants"], COLUMNS: ["columns"]}
        path = [*first.get(kind.sheet, ["series"]), *names]
        self.table(kind, row, ["factors"] if kind.sheet == FACTORS else path[:-1] if names[-1] == EVERY else path)

    def table(self, kind: Stated, row: Cells, path: Sequence[str]) -> None:
        """Write a table with the keys of a row."""
        at = self.letters.get(kind.sheet, {})
        if kind.sheet == FACTORS:
            path = ("factors", str(sum(line == "[[factors]]" for line in self.lines)))
            self._add("[[factors]]", path, kind.sheet, row.number, at)
        elif self._is_new((kind.sheet, *path), kind.sheet, row.number, ", ".join(path[1:]) or EVERY):
            self._add(f"[{toml_path(path)}]", tuple(path), kind.sheet, row.number, at)
        else:
            return
        for name in kind.fields:
            if name in row.cells:
                cell = Quantity() if name in ("value", "range") else None
                line = f"{name} = {_literal(row.cells[name], cell, name)}"
                self._add(line, (*path, name), kind.sheet, row.number, at)

    def _add(self, line: str, path: tuple[str, ...], sheet: str, row: int, at: Mapping[str, str]) -> None:
        self.lines.append(line)
        self.paths.append(path)
        self.places.lines[len(self.lines)] = sheet, row, at

    def _is_new(self, path: tuple[str, ...], sheet: str, row: int, said: str) -> bool:
        first = self.seen.setdefault(path, row)
        if first != row:
            self.report(sheet, f"row {row}", f"{said} again (first in row {first})", "each once", "Delete one.")
        return first == row


def _literal(text: str, cell: Any, key: str) -> str:
    """Return a value of TOML: a number where one may stand and is written plainly, else a string."""
    if key == "sweep_kt":
        return f"[{', '.join(_literal(item.strip(), cell, '') for item in text.split(';') if item.strip())}]"
    return text if isinstance(cell, Quantity) and _LITERAL.fullmatch(text) else toml_string(text)
