"""From the files of a folder to a workbook: a sheet a table, numbers as numbers, notes, lists; bytes do not change."""

from __future__ import annotations

__all__ = ["LONGEST", "rows_of_csv", "workbook_of"]

import csv
import io
import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from urllib.parse import unquote

from potline.cases.currency_names import to_field, to_file
from potline.cases.tables import TABLES
from potline.cases.workbooks.columns import Heading, heading_of, key_note, words_of
from potline.cases.workbooks.comments import HEAD, comments_of
from potline.cases.workbooks.grid import Grid, cell_name, text_of
from potline.cases.workbooks.guide import GUIDE, TITLE
from potline.cases.workbooks.layout import CASE_SHEET, COMMENTS, ORDER, STATED, cell_at
from potline.cases.workbooks.places import Places
from potline.cases.workbooks.reading import SHEETS
from potline.cases.workbooks.statements import sheets_of_toml, toml_of_sheets
from potline.errors import InputError, Problem
from potline.text import restored

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
_CREATED = datetime(2000, 1, 1)
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_WIDEST, _SPARE = 60, 1_000
_LONGEST_LIST = 255
_PAIR = ("power_price", "power_use")
"""Columns of which one needs the other; a template does not offer them where a case does without."""

Rows = Sequence[Sequence[str]]


def workbook_of(files: Mapping[str, bytes], *, template: bool = False) -> bytes:
    """Return the files of a sound case, by name, as one workbook.

    Args:
        files: ``case.toml``, tables, and what is kept unread, ``sheets/NAME.csv``.
        template: whether sheets and columns that the case does not have are there too, blank, to be filled in.

    Raises:
        InputError: texts that are longer than a cell of a workbook; all of them.
    """
    import xlsxwriter

    text = files["case.toml"].decode("utf-8-sig")
    values = tomllib.loads(text.replace("\r\n", "\n"))
    currency = str(values["case"]["currency"])
    sheets: dict[str, list[list[str]]] = sheets_of_toml(values)
    if not template and (comments := comments_of(text)):
        sheets[COMMENTS] = _settled(sheets, [[*HEAD], *comments])
    sheets |= {name: rows_of_csv(files[f"{name}.csv"]) for name in TABLES if f"{name}.csv" in files}
    if template:
        _add_blank(sheets, currency)
    others = {
        unquote(name.removeprefix(SHEETS).removesuffix(".csv")): rows_of_csv(data)
        for name, data in files.items()
        if name.startswith(SHEETS)
    }
    _check_lengths({**sheets, **others})
    buffer = io.BytesIO()
    book = cast("Any", xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}))
    book.set_properties({"title": str(values["case"].get("title", "")), "author": "Potline", "created": _CREATED})
    writer = _Writer(book, currency, {name: len(rows) for name, rows in sheets.items()})
    if GUIDE not in others:
        writer.guide()
    for name in ORDER:
        if name in sheets:
            writer.sheet(name, sheets[name])
    for name, rows in others.items():
        writer.other(name, rows)
    book.close()
    return buffer.getvalue()


def _settled(sheets: Mapping[str, Rows], comments: list[list[str]]) -> list[list[str]]:
    """Return the rows of comments as they stand once they were read: some move to the next key that is there."""
    grids = {name: Grid(name=name, rows=[list(row) for row in rows]) for name, rows in sheets.items()}
    grids[COMMENTS] = Grid(name=COMMENTS, rows=comments)
    return [[*HEAD], *comments_of(toml_of_sheets(grids, Places(), _unheard))]


def _unheard(sheet: str, place: str, found: str, needed: str, hint: str) -> None:
    """Take a problem of sheets that were made of a sound case: there is none."""
    del sheet, place, found, needed, hint


def rows_of_csv(data: bytes) -> list[list[str]]:
    """Return the rows of a sound table as its cells were meant: without spaces around them, blank rows left out.

    Examples:
        >>> rows_of_csv(b"plant, firm\\n\\nA,'=B\\n")
        [['plant', 'firm'], ['A', '=B']]
    """
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [[restored(text.strip()) for text in row] for row in rows if any(text.strip() for text in row)]


def _add_blank(sheets: dict[str, list[list[str]]], currency: str) -> None:
    """Add the sheets and columns of the schema that a case does not have."""
    for name, model in TABLES.items():
        rows = sheets.setdefault(name, [[]])
        fields = [to_file(field, currency) for field in model.model_fields]
        absent = [field for field in fields if field not in rows[0] and not field.startswith(_PAIR)]
        rows[:] = [[*rows[0], *absent], *([*row, *[""] * len(absent)] for row in rows[1:])]
    for kind in STATED.values():
        sheets.setdefault(kind.sheet, [[*kind.names, *kind.fields]])


def _check_lengths(sheets: Mapping[str, Rows]) -> None:
    problems = [
        Problem(
            where=f"sheet {name}, cell {cell_name(number, place)}",
            found=f"a text of {len(text):,} characters",
            needed=f"at most {LONGEST:,}, which is what a cell of a workbook holds",
            hint="Shorten it, or save as a folder.",
        )
        for name, rows in sheets.items()
        for number, row in enumerate(rows)
        for place, text in enumerate(row)
        if len(text) > LONGEST or len(text.encode("utf-16-le")) > 2 * LONGEST
    ]
    if problems:
        raise InputError(problems)


class _Writer:
    """A workbook in the making."""

    def __init__(self, book: Any, currency: str, heights: Mapping[str, int]) -> None:
        self.book, self.currency, self.heights = book, currency, heights
        head: dict[str, object] = {"bold": True, "valign": "top", "bottom": 1, "num_format": "@"}
        self.required = book.add_format({**head, "bg_color": "#c9d8e3"})
        self.known = book.add_format({**head, "bg_color": "#eef2f5"})
        self.own = book.add_format({**head, "italic": True, "bold": False})
        self.text = book.add_format({"num_format": "@"})
        self.bold = book.add_format({"bold": True})

    def guide(self) -> None:
        """Write the sheet of instructions."""
        sheet = self.book.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 110)
        for place, (line,) in enumerate(TITLE):
            sheet.write_string(place, 0, line, self.bold if place == 0 else None)
        sheet.hide_gridlines(2)

    def sheet(self, name: str, rows: Rows) -> None:
        """Write a sheet of the case."""
        sheet = self.book.add_worksheet(name)
        headings = [heading_of(name, text, self.currency) for text in rows[0]]
        for place, heading in enumerate(headings):
            width = _width(row[place] for row in rows)
            sheet.set_column(place, place, width, self.text if heading.numbers is False else None)
            look = self.required if heading.required else self.known if heading.note else self.own
            sheet.write_string(0, place, heading.text, look)
            if heading.note:
                self._note(sheet, 0, place, heading.note)
            self._list(sheet, place, heading, len(rows))
        for number, row in enumerate(rows[1:], start=1):
            for place, (text, heading) in enumerate(zip(row, headings, strict=False)):
                self._cell(sheet, number, place, text, heading.numbers)
        if name == CASE_SHEET:
            self._keys(sheet, rows)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if name in TABLES and len(rows) > 1:
            sheet.autofilter(0, 0, len(rows) - 1, len(headings) - 1)

    def other(self, name: str, rows: Rows) -> None:
        """Write a sheet that no case reads."""
        sheet = self.book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, text in enumerate(row):
                self._cell(sheet, number, place, text, None)

    def _cell(self, sheet: Any, row: int, column: int, text: str, numbers: bool | None) -> None:
        """Write a number as one where nothing of it is lost, everything else as text."""
        if not text:
            return
        value = float(text) if numbers is not False and len(text) < 40 and _PLAIN.fullmatch(text) else math.nan
        exact = math.isfinite(value) and float(f"{value:.16g}") == value and (value != 0.0 or text[0] != "-")
        if exact and (numbers or text_of(value) == text):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, text, self.text)

    def _keys(self, sheet: Any, rows: Rows) -> None:
        """Say what each key of the sheet ``case`` means, and which words its value may be."""
        for number, (block, key, _) in enumerate(rows[1:], start=1):
            if note := key_note(block, key, self.currency):
                self._note(sheet, number, 1, note)
            if words := words_of(cell_at(block.split(".", 1), to_field(key, self.currency))):
                sheet.data_validation(number, 2, number, 2, _one_of(list(words), "stop"))

    def _list(self, sheet: Any, place: int, heading: Heading, height: int) -> None:
        """Offer the words that may stand below a heading, or the names that another sheet lists."""
        last = height + _SPARE
        if heading.words:
            sheet.data_validation(1, place, last, place, _one_of(list(heading.words), "stop"))
        elif heading.names in self.heights:
            until = self.heights[heading.names] + _SPARE
            sheet.data_validation(1, place, last, place, _one_of(f"={heading.names}!$A$2:$A${until}", "information"))

    def _note(self, sheet: Any, row: int, column: int, text: str) -> None:
        lines = sum(1 + len(line) // 42 for line in text.split("\n"))
        sheet.write_comment(row, column, text, {"author": "Potline", "width": 260, "height": 16 * lines + 12})


def _one_of(source: list[str] | str, kind: str) -> dict[str, object]:
    if isinstance(source, list) and len(",".join(source)) > _LONGEST_LIST:
        return {"validate": "any"}
    return {"validate": "list", "source": source, "error_type": kind, "ignore_blank": True}


def _width(cells: Iterable[str]) -> float:
    longest = max((sum(1 + (ord(character) > 0x2E7F) for character in text) for text in cells), default=0)
    return float(min(_WIDEST, max(9, longest + 2)))
