"""Workbooks for tests: the cells of one, changed and written again as a spreadsheet program would."""

from __future__ import annotations

import copy
import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

Cells = dict[str, list[list[Any]]]


def cells_of(file: Path) -> Cells:
    book = CalamineWorkbook.from_path(str(file))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def changed(cells: Cells, edits: dict[str, Any]) -> Cells:
    """Return the cells with others in some places, ``"plants!D4": -5``."""
    result = copy.deepcopy(cells)
    for place, value in edits.items():
        sheet, _, name = place.partition("!")
        letter = "".join(filter(str.isalpha, name))
        row, column = int(name[len(letter) :]) - 1, 0
        for character in letter:
            column = 26 * column + ord(character) - 64
        rows = result.setdefault(sheet, [])
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column - len(rows[row])))
        rows[row][column - 1] = value
    return result


def write(file: Path, cells: Cells, tweak: Callable[[Any, Any, str], None] | None = None) -> Path:
    book = xlsxwriter.Workbook(str(file))
    for name, rows in cells.items():
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if isinstance(value, bool):
                    sheet.write_boolean(row, column, value)
                elif isinstance(value, datetime.date):
                    sheet.write_datetime(row, column, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                elif isinstance(value, (int, float)):
                    sheet.write_number(row, column, value)
                elif value:
                    sheet.write_string(row, column, value)
        if tweak is not None:
            tweak(book, sheet, name)
    book.close()
    return file


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()
