"""Read the sheets of a workbook as texts, as the cells of a table in CSV would hold them; formulas by their values."""

from __future__ import annotations

__all__ = ["Grid", "cell_name", "grids", "letters", "text_of"]

import datetime
import io
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from potline.cases.files import MOST_COLUMNS, MOST_ROWS
from potline.cases.workbooks.package import MOST_CELLS, Package

Report = Callable[[str, str, str, str, str], None]
"""Takes a sheet, the place in it, what was found, what is needed, what to try."""

_FILLED = re.compile(rb'<(?:\w+:)?c(?=[\s>])(?:[^>]*?\sr="([A-Z]{1,3})(\d{1,7})")?[^>]*(?<!/)>')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c(?=[\s>])([^>]*)(?<!/)>((?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?f[\s/>].*?)</(?:\w+:)?c>", re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
_ERROR = re.compile(
    rb'<(?:\w+:)?c(?=[\s>])([^>]*\st="e"[^>]*)(?<!/)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)
_PLACE = re.compile(rb'\sr="([A-Z]+\d+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A sheet: its cells as texts, row by row from row 1, "" where blank.

    Attributes:
        name: as on its tab.
        rows: as long as the sheet is wide.
    """

    name: str
    rows: list[list[str]]


def grids(package: Package, known: Collection[str], report: Report) -> list[Grid]:
    """Return the worksheets of a workbook; what cannot be read for what it says is reported.

    Args:
        package: a workbook that was looked at.
        known: names of sheets that a case reads, in small letters; in these merged cells and hidden sheets are refused.
        report: takes each problem.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    result: list[Grid] = []
    parts = _sheet_parts(package)
    uncomputed = b'fullCalcOnLoad="1"' in package.part("xl/workbook.xml")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(package.data))
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            name, ours = about.name, about.name.strip().casefold() in known
            part = package.part(parts.get(name, ""))
            if ours and about.visible != SheetVisibleEnum.Visible:
                report(name, "", "a hidden sheet", "sheets that a reader sees", "Unhide it, or give it another name.")
            if not _fits(name, part, report):
                continue
            if ours:
                _report_values(name, part, uncomputed, report)
            sheet = book.get_sheet_by_name(name)
            if ours:
                _report_merged(name, sheet.merged_cell_ranges or [], report)
            result.append(_grid(name, sheet.to_python(skip_empty_area=False)))
    except Exception as error:  # whatever the library makes of a file that lies about itself
        ours = ("python_calamine", "_python_calamine")
        if type(error).__module__.startswith(ours) or isinstance(error, (OSError, ValueError)):
            report("", "", f"a damaged workbook ({str(error)[:120]})", "one that a spreadsheet program opens", "")
            return []
        raise
    return result


def text_of(value: Any) -> str:
    """Return the text of a cell's value.

    Examples:
        >>> [text_of(value) for value in (300.0, 0.042, "300", True, datetime.date(2013, 4, 1), 1e22)]
        ['300', '0.042', '300', 'yes', '2013-04-01', '1e+22']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        whole = (
            math.isfinite(value)
            and value == int(value)
            and abs(value) < 1e15
            and (value or math.copysign(1, value) > 0)
        )
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0.

    Examples:
        >>> letters(0), letters(25), letters(26), letters(701), letters(702)
        ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    column, text = column + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, row and column counted from 0.

    Examples:
        >>> cell_name(6, 3)
        'D7'
    """
    return f"{letters(column)}{row + 1}"


def _grid(name: str, cells: list[list[Any]]) -> Grid:
    rows = [[text_of(value) for value in values] for values in cells]
    while rows and not any(rows[-1]):
        rows.pop()
    return Grid(name=name, rows=rows)


def _sheet_parts(package: Package) -> dict[str, str]:
    """Return the part of each sheet by its name."""
    from xml.etree import ElementTree

    try:
        book = ElementTree.fromstring(package.part("xl/workbook.xml"))
        links = ElementTree.fromstring(package.part("xl/_rels/workbook.xml.rels"))
    except ElementTree.ParseError:
        return {}
    targets = {item.get("Id", ""): item.get("Target", "") for item in links}
    found: dict[str, str] = {}
    for item in book.iter():
        if item.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in item.attrib.items() if key.endswith("}id")), "")
            target = targets.get(link, "")
            found[item.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _fits(name: str, part: bytes, report: Report) -> bool:
    """Report a sheet whose last cell lies so far out that its grid would not fit into memory."""
    filled = _FILLED.findall(part)
    if any(not column for column, _ in filled):  # cells without a name of their own stand behind each other
        rows, columns = part.count(b"<row") + part.count(b":row "), len(filled)
    else:
        columns = max((_number(column) for column in {column for column, _ in filled}), default=0)
        rows = max((int(row) for row in {row for _, row in filled}), default=0)
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS and rows * columns <= MOST_CELLS:
        return True
    found = f"cells as far as {letters(columns - 1)}{rows}"
    needed = f"at most {MOST_ROWS:,} rows, {MOST_COLUMNS} columns and {MOST_CELLS:,} cells"
    report(name, "", found, needed, "Delete what stands far out.")
    return False


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _uncomputed(part: bytes, *, whole: bool) -> Iterator[str]:
    """Yield the places of formulas that come without their value; ``whole`` says that none was ever computed."""
    if b"<f" not in part and b":f" not in part:
        return
    for match in _FORMULA.finditer(part):
        value = _VALUE.search(match[2])
        is_text = b't="str"' in match[1]
        if whole or value is None or (not value[1] and not is_text):
            yield _place(match[1])


def _place(attributes: bytes) -> str:
    named = _PLACE.search(attributes)
    return f"cell {named[1].decode()}" if named else ""


def _report_values(name: str, part: bytes, uncomputed: bool, report: Report) -> None:
    """Report formulas whose values are not there, and cells that hold an error."""
    for place in _uncomputed(part, whole=uncomputed):
        hint = "Open the workbook in a spreadsheet program and save it, or write the value."
        report(name, place, "a formula without its value", "a formula that was computed, or a value", hint)
    for match in _ERROR.finditer(part) if b't="e"' in part else ():
        hint = "Mend its formula, or write the value."
        report(name, _place(match[1]), f"the error {match[2].decode('utf-8', 'replace')[:20]}", "a value", hint)


def _report_merged(name: str, merged: list[tuple[tuple[int, int], tuple[int, int]]], report: Report) -> None:
    for (top, left), (bottom, right) in merged:
        place = f"cells {cell_name(top, left)} to {cell_name(bottom, right)}"
        if top == 0:
            report(name, place, "merged headings", "one heading a column, in row 1", "Unmerge them.")
        else:
            hint = "Unmerge them and write the value into each."
            report(name, place, "merged cells", "a value in each cell", hint)
