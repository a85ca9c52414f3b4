"""One XLSX of all tables: a sheet a table, numbers as numbers, the header frozen, the same bytes every time."""

from __future__ import annotations

__all__ = ["workbook_bytes"]

import io
import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from potline.report.table import Cell, Column, Table
from potline.text import cleaned

CREATED = datetime(2000, 1, 1)
_WIDEST = 60
_LONGEST = 32_767  # characters of a cell; a longer text would be left out whole


def workbook_bytes(tables: Sequence[Table], *, title: str) -> bytes:
    """Return the tables as one workbook, led by a sheet of contents; it holds no clock time."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = cast("Any", xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False}))
    title = cleaned(title)
    book.set_properties({"title": title, "created": CREATED, "author": "Potline"})
    styles = {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#eef2f5"}
        ),
        "bold": book.add_format({"bold": True}),
        "text": book.add_format({"valign": "top"}),
        **{f"number{digits}": book.add_format({"num_format": _format(digits)}) for digits in range(6)},
    }  # fmt: skip
    names = _sheet_names(tables)
    contents = book.add_worksheet("contents")
    contents.set_column(0, 0, 28)
    contents.set_column(1, 1, 110)
    contents.write_string(0, 0, title, styles["bold"])
    for place, (table, name) in enumerate(zip(tables, names, strict=True), start=2):
        contents.write_url(place, 0, f"internal:'{name}'!A1", string=name)
        contents.write_string(place, 1, f"{table.title}{' ' + table.note if table.note else ''}"[:_LONGEST])
    for table, name in zip(tables, names, strict=True):
        _write_sheet(book.add_worksheet(name), table, styles)
    book.close()
    return buffer.getvalue()


def _write_sheet(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, styles["head"])
        sheet.set_column(place, place, _width(column, [row[place] for row in table.rows]))
    for line, row in enumerate(table.rows, start=1):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            if isinstance(cell, bool):
                sheet.write_string(line, place, "yes" if cell else "no", styles["text"])
            elif isinstance(cell, (int, float)):
                if math.isnan(cell):
                    continue
                if math.isinf(cell):
                    sheet.write_string(line, place, "inf" if cell > 0 else "-inf", styles["text"])
                else:
                    sheet.write_number(
                        line, place, cell, styles[f"number{min(5, column.digits)}" if column.digits >= 0 else "text"]
                    )
            elif cell:
                sheet.write_string(line, place, cell[:_LONGEST], styles["text"])
    sheet.freeze_panes(1, 1)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _format(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _width(column: Column, cells: list[Cell]) -> float:
    words = [len(cell) for cell in cells if isinstance(cell, str)]
    longest = max((*words, 10), default=10)
    return float(min(_WIDEST, max(longest, min(len(column.name), 24)) + 2))


def _sheet_names(tables: Sequence[Table]) -> list[str]:
    names: list[str] = []
    for table in tables:
        stem = re.sub(r"[\[\]:*?/\\]", " ", table.name)[:31]
        name, count = stem, 2
        while name.lower() in (known.lower() for known in names) or name == "contents":
            name, count = f"{stem[: 30 - len(str(count))]} {count}", count + 1
        names.append(name)
    return names
