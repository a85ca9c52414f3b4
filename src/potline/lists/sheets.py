"""Read a vendor's list, CSV or workbook, as rows of text, and say how it was read."""

from __future__ import annotations

__all__ = ["Sheet", "read_sheet"]

import codecs
import csv
import datetime
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from potline.errors import InputError, Problem
from potline.reading import did_you_mean
from potline.text import cleaned

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_UNPACKED = 64_000_000, 200_000, 400, 400_000_000
_SEPARATORS = (",", ";", "\t", "|")
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a list, as they stand, and how they were read.

    Attributes:
        file: name of the file.
        rows: cells of each row; the first row of the file is row 1.
        encoding: of a text file; "" of a workbook.
        separator: of a text file; "" of a workbook.
        sheet: name of the sheet of a workbook; "" of a text file.
        sheets: names of all its sheets.
    """

    file: str
    rows: Sequence[Sequence[str]]
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


def refused(where: str, found: str, needed: str, hint: str = "") -> InputError:
    """Return the error of one problem."""
    return InputError([Problem(where=where, found=found, needed=needed, hint=hint)])


def read_sheet(path: Path, *, encoding: str = "", separator: str = "", sheet: str = "") -> Sheet:
    """Read a list; what is not stated (encoding, separator, sheet) is found from the file.

    Raises:
        InputError: no file, one too large, or one that is neither a table in text nor a workbook.
    """
    data, name = _bytes(path), " ".join(cleaned(path.name).split())
    if path.suffix.lower() in _WORKBOOKS or data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        found = _workbook(name, data, sheet)
    else:
        found = _text(name, data, encoding, separator)
    if not any(any(row) for row in found.rows):
        raise refused(name, "an empty table", "a row of headings and a row for each plant")
    return found


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            found = "a folder" if path.is_dir() else "a pipe or a device"
            raise refused(str(path), found, "a file, CSV or XLSX")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise refused(cleaned(str(path))[:200], f"a file that cannot be read ({why})", "a file, CSV or XLSX") from None
    if len(data) > MOST_BYTES:
        raise refused(path.name, f"more than {MOST_BYTES // 1_000_000} MB", "a smaller file", "Keep the rows you need.")
    return data


def _text(name: str, data: bytes, encoding: str, separator: str) -> Sheet:
    text, encoding = _decoded(name, data, encoding)
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip("\r\n")) <= 5:
        separator = separator or lines[0].rstrip("\r\n")[4:5]
    separator = separator or _separator(lines[:_LOOKED_AT])
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(_row(name, len(rows) + 1, cells))
    except csv.Error as error:
        needed = 'cells with quotes in pairs, as in "a, b", none longer than 131,072 characters'
        raise refused(f"{name} row {len(rows) + 1}", f"a row that cannot be read ({error})", needed) from None
    return Sheet(name, rows, encoding, separator)


def _decoded(name: str, data: bytes, encoding: str) -> tuple[str, str]:
    """Return the text and its encoding: the one stated, that of its mark, UTF-8, else the first that fits."""
    marked = next((word for mark, word in _MARKS if data.startswith(mark)), "")
    tried = [encoding] if encoding else [marked or "utf-8", "gb18030", "cp1252"]
    for word in tried:
        try:
            text = data.decode(word)
        except (ValueError, LookupError):  # undecodable, or no encoding of texts
            continue
        if word == "gb18030" and not encoding and not _is_chinese(text):
            continue
        if "\x00" in text:
            break
        return text.removeprefix("\ufeff"), word
    needed = "text in UTF-8, UTF-16, GB18030 or Windows-1252, or a workbook"
    hint = "Save as CSV UTF-8 or XLSX."
    raise refused(name, f"a file that is no text in {' or '.join(tried)}", needed, hint)


def _is_chinese(text: str) -> bool:
    """Whether what is not ASCII is Chinese for the most part: nearly any bytes are GB18030."""
    high = [char for char in text if not char.isascii()]
    return 2 * sum("\u4e00" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" for char in high) > len(high)


def _separator(lines: Sequence[str]) -> str:
    """Return the mark that parts most rows into the most cells.

    Examples:
        >>> _separator(["plant;kt", "North, the old one;12,5", "South;300"])
        ';'
    """
    best, most = ",", 0.0
    for mark in _SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if any(row))
        except csv.Error:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]), default=(1, 0))
        score = (width - 1) * times
        if score > most:
            best, most = mark, float(score)
    return best


def _row(name: str, number: int, cells: Sequence[str]) -> list[str]:
    if number > MOST_ROWS:
        raise refused(f"{name} row {number}", "more rows", f"at most {MOST_ROWS:,} rows", "Keep the rows you need.")
    found = [" ".join(cleaned(cell).split()) for cell in cells]
    while found and not found[-1]:
        found.pop()
    if len(found) > MOST_COLUMNS:
        raise refused(f"{name} row {number}", f"{len(found):,} cells", f"at most {MOST_COLUMNS}")
    return found


def _workbook(name: str, data: bytes, wanted: str) -> Sheet:
    """Read one sheet of a workbook: the one wanted, else the one with most rows."""
    from python_calamine import CalamineError, CalamineWorkbook  # only where a list is a workbook

    _check_unpacked(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = tuple(cleaned(item) for item in book.sheet_names)
        if wanted and wanted not in names:
            raise refused(name, f"no sheet {wanted!r}", "one of its sheets", did_you_mean(wanted, names, "Sheets"))
        tables = {item: book.get_sheet_by_index(place) for place, item in enumerate(names) if wanted in ("", item)}
        if not tables:
            raise refused(name, "a workbook without sheets", "a sheet with a row of headings")
        chosen = max(tables, key=lambda item: (tables[item].height * tables[item].width, -names.index(item)))
        table = tables[chosen]
        most = islice(table.to_python(skip_empty_area=False), MOST_ROWS + 1)
        rows = [_row(name, number, [_cell(cell) for cell in cells]) for number, cells in enumerate(most, start=1)]
    except (CalamineError, OSError, ValueError) as error:
        why = " ".join(cleaned(str(error)).split())[:120]
        hint = "Open it, take its protection off where it has one, and save it as XLSX or CSV UTF-8."
        raise refused(name, f"a workbook that cannot be read ({why})", "an XLSX workbook", hint) from None
    return Sheet(name, rows, sheet=chosen, sheets=names)


def _check_unpacked(name: str, data: bytes) -> None:
    """Refuse a workbook that unpacks to more than anyone's list, before it is unpacked."""
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(item.file_size for item in packed.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return  # the reader of workbooks says what is wrong
    if size > MOST_UNPACKED:
        found = f"a workbook that unpacks to {size / 1e6:,.0f} MB"
        raise refused(name, found, f"at most {MOST_UNPACKED // 1_000_000} MB", "Keep the rows you need.")


def _cell(value: object) -> str:
    """Return what a spreadsheet shows of a value, whole numbers without a point.

    Examples:
        >>> _cell(1200.0), _cell(0.1), _cell(datetime.date(2023, 3, 1)), _cell(True)
        ('1200', '0.1', '2023-03-01', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def filled(cells: Iterable[str]) -> int:
    """Count the cells that say something."""
    return sum(map(bool, cells))
