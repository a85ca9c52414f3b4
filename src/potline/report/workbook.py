"""One XLSX of all tables, to be sent on: a sheet a question, native tables and a chart, the same bytes every time."""

from __future__ import annotations

__all__ = ["Asked", "workbook_bytes"]

import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from potline.report.saying import say
from potline.report.table import Cell, Column, Curve, Table, cell_shown
from potline.text import cleaned

CREATED = datetime(2000, 1, 1)
_WIDEST, _LONGEST_SHEET = 60, 31
_LONGEST = 32_767  # characters of a cell; a longer text would be left out whole
_LONGEST_HEADING = 255
_DATA_FROM = 20
"""The column from which the points of a chart stand, right of the chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with its tables: a sheet.

    Attributes:
        name: of the question.
        about: what it asks.
        tables: what it rests on; those without a row are left out.
    """

    name: str
    about: str
    tables: tuple[Table, ...]


class _Placed(NamedTuple):
    """A table in the contents: its sheet, the row it begins at, counted from 0, and itself."""

    sheet: str
    row: int
    table: Table


def workbook_bytes(asked: Sequence[Asked], *, title: str, changed: Table | None = None) -> bytes:
    """Return the questions' tables as one workbook, led by a sheet of contents; it holds no clock time and no formula.

    Args:
        asked: the questions in order.
        title: of the case.
        changed: what differs from an earlier run; None where there was none, or nothing does.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = cast("Any", xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False}))
    title = cleaned(title)
    book.set_properties({"title": title, "created": CREATED, "author": "Potline"})
    writer = _Writer(book)
    shown = [Asked(name=item.name, about=item.about, tables=_filled(item.tables)) for item in asked]
    shown = [item for item in shown if item.tables]
    if changed is not None:
        name = say("workbook.changed")
        shown.insert(0, Asked(name=name, about=name, tables=(changed,)))
    writer.contents(shown, title)
    for item in shown:
        writer.question(item)
    book.close()
    return buffer.getvalue()


def _filled(tables: Sequence[Table]) -> tuple[Table, ...]:
    return tuple(table for table in tables if table.rows)


class _Writer:
    """A workbook in the making."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.taken: set[str] = set()
        head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#eef2f5"}
        self.head = book.add_format(head)
        self.bold = book.add_format({"bold": True})
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.grey = book.add_format({"italic": True, "font_color": "#555555"})
        self.text = book.add_format({"valign": "top"})
        self.numbers = [book.add_format({"num_format": _format(digits)}) for digits in range(6)]
        self.names: dict[str, str] = {}
        self.home = ""

    def contents(self, shown: Sequence[Asked], title: str) -> None:
        """Write what stands where, with links; the sheets are made in its order, charts behind it."""
        self.home = self._name(say("workbook.contents"))
        sheet = self.book.add_worksheet(self.home)
        curves = [(item, table) for item in shown for table in item.tables if table.curve is not None]
        charts = [(self._name(say("workbook.curve")), table) for _, table in curves]
        self.names = {item.name: self._name(item.name) for item in shown}
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 110)
        sheet.set_column(2, 2, 9)
        sheet.write_string(0, 0, title, self.large)
        sheet.write_string(1, 0, say("workbook.units"), self.grey)
        sheet.write_string(2, 0, say("workbook.blank"), self.grey)
        for place, key in enumerate((say("workbook.sheet"), say("workbook.holds"), say("workbook.rows"))):
            sheet.write_string(4, place, key, self.head)
        line = 5
        for name, table in charts:
            sheet.write_url(line, 0, f"internal:'{name}'!A1", string=name)
            sheet.write_string(line, 1, say("workbook.chart_of", title=table.title)[:_LONGEST])
            line += 1
        for item in shown:
            name = self.names[item.name]
            sheet.write_url(line, 0, f"internal:'{name}'!A1", self.bold, string=name)
            sheet.write_string(line, 1, _sentence(item.about), self.bold)
            line += 1
            for placed in _places(name, item.tables):
                sheet.write_url(line, 0, f"internal:'{name}'!A{placed.row + 1}", string=f"    {placed.table.name}")
                sheet.write_string(line, 1, _told(placed.table))
                sheet.write_number(line, 2, len(placed.table.rows))
                line += 1
        sheet.freeze_panes(5, 0)
        sheet.hide_gridlines(2)
        _print_on_one_width(sheet)
        for name, table in charts:
            if table.curve is not None:
                self._chart(name, table, table.curve)

    def question(self, item: Asked) -> None:
        """Write the sheet of a question: its tables one below the other, each with a filter of its own."""
        name = self.names[item.name]
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, _sentence(item.about), self.large)
        sheet.write_url(1, 0, f"internal:'{self.home}'!A1", string=say("workbook.back"))
        widths: dict[int, float] = {}
        for placed in _places(name, item.tables):
            self._table(sheet, placed.row, placed.table)
            for place, column in enumerate(placed.table.columns):
                wide = _width(column, [row[place] for row in placed.table.rows])
                widths[place] = max(wide, widths.get(place, 0.0))
        for place, wide in widths.items():
            sheet.set_column(place, place, wide)
        if len(item.tables) == 1:
            sheet.freeze_panes(5, 1)
        _print_on_one_width(sheet)

    def _table(self, sheet: Any, row: int, table: Table) -> None:
        sheet.write_string(row, 0, table.title[:_LONGEST], self.bold)
        if table.note:
            sheet.write_string(row + 1, 0, table.note[:_LONGEST], self.grey)
        top, last = row + 2, row + 2 + len(table.rows)
        headings = list(_headings(table.columns))
        sheet.add_table(
            top, 0, last, len(table.columns) - 1,
            {
                "name": self._table_name(table.name), "style": "Table Style Light 1", "banded_rows": False,
                "columns": [{"header": heading, "header_format": self.head} for heading in headings],
            },
        )  # fmt: skip
        sheet.set_row(top, 45)
        for place, column in enumerate(table.columns):
            if column.name != headings[place]:
                sheet.write_comment(top, place, column.name, {"author": "Potline", "width": 220, "height": 24})
        for line, cells in enumerate(table.rows, start=top + 1):
            for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
                self._cell(sheet, line, place, cell, column)

    def _cell(self, sheet: Any, line: int, place: int, cell: Cell, column: Column) -> None:
        if isinstance(cell, bool):
            sheet.write_string(line, place, "yes" if cell else "no", self.text)
        elif isinstance(cell, (int, float)):
            if math.isinf(cell):
                sheet.write_string(line, place, "inf" if cell > 0 else "-inf", self.text)
            elif not math.isnan(cell):
                look = self.numbers[min(5, column.digits)] if column.digits >= 0 else self.text
                sheet.write_number(line, place, cell, look)
        elif cell:
            text = cell_shown(cell, column) if column.coded else cell
            sheet.write_string(line, place, text[:_LONGEST], self.text)

    def _chart(self, name: str, table: Table, curve: Curve) -> None:
        """Draw a stepped curve with a level across it, from points that stand beside it."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, table.title[:_LONGEST], self.large)
        sheet.write_url(1, 0, f"internal:'{self.home}'!A1", string=say("workbook.back"))
        columns = {column.name: column for column in table.columns}
        points = list(_steps(table.column(curve.width), table.column(curve.height)))
        across = say("workbook.cumulative", width=columns[curve.width].heading)
        heads = (across, columns[curve.height].heading, say("workbook.price"))
        for place, heading in enumerate(heads):
            sheet.write_string(3, _DATA_FROM + place, heading, self.head)
        sheet.set_column(_DATA_FROM, _DATA_FROM + 2, 18)
        for line, (at, height) in enumerate(points, start=4):
            for place, number in enumerate((at, height, curve.level)):
                sheet.write_number(line, _DATA_FROM + place, number, self.numbers[1])
        chart = self.book.add_chart({"type": "scatter", "subtype": "straight"})
        last = 3 + len(points)
        looks = ({"color": "#0072b2", "width": 2.0}, {"color": "#222222", "width": 1.5, "dash_type": "dash"})
        for place, look in enumerate(looks, start=1):
            chart.add_series(
                {
                    "name": [name, 3, _DATA_FROM + place],
                    "categories": [name, 4, _DATA_FROM, last, _DATA_FROM],
                    "values": [name, 4, _DATA_FROM + place, last, _DATA_FROM + place],
                    "line": look,
                }
            )
        chart.set_title({"none": True})
        furthest = points[-1][0] if points else 1.0
        chart.set_x_axis(
            {"name": across, "min": 0, "max": furthest, "num_format": "#,##0", "major_gridlines": {"visible": False}}
        )
        chart.set_y_axis(
            {
                "name": heads[1],
                "num_format": "#,##0",
                "crossing": "min",
                "major_gridlines": {"visible": True, "line": {"color": "#dddddd"}},
            }
        )
        chart.set_legend({"position": "top"})
        chart.set_size({"width": 1180, "height": 520})
        sheet.insert_chart(3, 0, chart)
        sheet.hide_gridlines(2)
        sheet.print_area(0, 0, 30, _DATA_FROM - 1)
        _print_on_one_width(sheet)

    def _name(self, text: str) -> str:
        """Return the name of a sheet that no other has."""
        stem = re.sub(r"[\[\]:*?/\\']", " ", text).replace("_", " ")[:_LONGEST_SHEET].strip() or "sheet"
        name, count = stem, 2
        while name.casefold() in self.taken:
            name, count = f"{stem[: _LONGEST_SHEET - 1 - len(str(count))].rstrip()} {count}", count + 1
        self.taken.add(name.casefold())
        return name

    def _table_name(self, text: str) -> str:
        stem = "t_" + re.sub(r"\W", "_", text)[:200]
        name, count = stem, 2
        while name.casefold() in self.taken:
            name, count = f"{stem}_{count}", count + 1
        self.taken.add(name.casefold())
        return name


def _print_on_one_width(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _places(sheet: str, tables: Sequence[Table]) -> Iterator[_Placed]:
    """Yield where each table of a sheet begins: title, note, headings, rows, and two blank rows behind it."""
    row = 2
    for table in tables:
        yield _Placed(sheet, row, table)
        row += len(table.rows) + 5


def _steps(widths: Sequence[Cell], heights: Sequence[Cell]) -> Iterator[tuple[float, float]]:
    """Yield the corners of a stepped curve."""
    at = 0.0
    for width, height in zip(widths, heights, strict=True):
        if (
            isinstance(width, (int, float))
            and isinstance(height, (int, float))
            and width > 0.0
            and math.isfinite(height)
        ):
            yield at, float(height)
            at += width
            yield at, float(height)


def _headings(columns: Sequence[Column]) -> Iterator[str]:
    """Yield the headings in words, each once: two alike carry the names of their columns."""
    words = [column.heading[:_LONGEST_HEADING] for column in columns]
    alike = {word.casefold() for word in words if sum(word.casefold() == other.casefold() for other in words) > 1}
    seen: set[str] = set()
    for column, word in zip(columns, words, strict=True):
        told = f"{word} ({column.name})"[:_LONGEST_HEADING] if word.casefold() in alike else word
        while told.casefold() in seen:
            told += " "
        seen.add(told.casefold())
        yield told


def _told(table: Table) -> str:
    return f"{table.title}{' ' + table.note if table.note else ''}"[:_LONGEST]


def _sentence(about: str) -> str:
    return about[:1].upper() + about[1:]


def _format(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _width(column: Column, cells: list[Cell]) -> float:
    words = [len(cell) for cell in cells if isinstance(cell, str)]
    longest = max((*words, 10), default=10)
    return float(min(_WIDEST, max(longest, min(len(column.heading), 24)) + 2))
