"""Read the files of a case folder: encoding, tables with spreadsheet row numbers, TOML with line numbers."""

from __future__ import annotations

__all__ = ["Document", "Row", "Table", "decoded", "read_table", "read_toml"]

import codecs
import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from potline.cases.problems import Problems

_MARKS = (("UTF-16", (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        number: as a spreadsheet counts; the header is row 1.
        cells: those that are not blank, by column.
        cut: columns whose cells are not there because the row ends before them.
    """

    number: int
    cells: Mapping[str, str]
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: file name, columns in order, rows that are not blank."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML document and the line of each key."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])

    def line(self, keys: Sequence[str]) -> int:
        """Return the line of a key, or of the nearest table that holds it; 0 where unknown."""
        for count in range(len(keys), 0, -1):
            if tuple(keys[:count]) in self.lines:
                return self.lines[tuple(keys[:count])]
        return 0


def decoded(data: bytes, file: str, problems: Problems) -> str | None:
    """Return the text of a UTF-8 file without its byte order mark; None, and a problem, where it is not UTF-8.

    Examples:
        >>> problems = Problems()
        >>> decoded("厂名".encode("gb18030"), "plants.csv", problems)
        >>> print(problems.sorted()[0])
        plants.csv: found a file that is not UTF-8 (it reads as GB18030); needed UTF-8. Save as CSV UTF-8.
    """
    saved = "Save as CSV UTF-8." if file.endswith(".csv") else "Save as UTF-8."
    encoding = next((name for name, marks in _MARKS if data.startswith(marks)), "")
    if not encoding:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            encoding = _other_encoding(data)
        else:
            if "\x00" not in text:
                return text
            problems.add(file, found="a file with NUL bytes", needed="a text file in UTF-8", hint=saved)
            return None
    problems.add(file, found=f"a file that is not UTF-8 (it reads as {encoding})", needed="UTF-8", hint=saved)
    return None


def _other_encoding(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "another encoding"
    return "GB18030"


def read_table(data: bytes, file: str, problems: Problems) -> Table | None:
    """Return a table, or None, with problems, where the file cannot be read as one."""
    text = decoded(data, file, problems)
    if text is None:
        return None
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        problems.add(
            file,
            row=len(records) + 1,
            found=f"a row that cannot be read ({error})",
            needed='cells separated by commas, with quotes in pairs, as in "a, b"',
        )
        return None
    if not records or not any(cell.strip() for cell in records[0]):
        problems.add(file, found="an empty table", needed="a first row with the names of the columns")
        return None
    header = [cell.strip() for cell in records[0]]
    while header and not header[-1]:
        header.pop()
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        problems.add(file, row=1, found=f"columns separated by {mark}", needed="commas", hint="Save as CSV UTF-8.")
        return None
    for number, name in enumerate(header, start=1):
        if not name:
            problems.add(file, row=1, found=f"no name for column {number}", needed="a name for every column")
        elif name in header[: number - 1]:
            problems.add(file, row=1, column=name, found="the column twice", needed="each column once")
    rows = [
        _row(number, cells, header, file, problems)
        for number, cells in enumerate(records[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        problems.add(file, found="an empty table", needed="at least one row below the header")
    return Table(file, tuple(name for name in header if name), tuple(rows))


def _row(number: int, cells: list[str], header: list[str], file: str, problems: Problems) -> Row:
    extra = [cell.strip() for cell in cells[len(header) :] if cell.strip()]
    if extra:
        problems.add(
            file,
            row=number,
            found=f"{len(cells)} cells, the last {extra[-1]!r}",
            needed=f"{len(header)}, as in the header",
            hint="Put a cell that holds a comma in double quotes.",
        )
    cut = tuple(name for name in header[len(cells) :] if name)
    if cut:
        problems.add(
            file,
            row=number,
            found=f"{len(cells)} cells",
            needed=f"{len(header)}, as in the header; missing: {', '.join(cut)}",
            hint="Write a comma for each cell, also for one that stays blank.",
        )
    filled = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name and cell.strip()}
    return Row(number, filled, cut)


def read_toml(data: bytes, file: str, problems: Problems) -> Document | None:
    """Return a TOML document with the line of each key, or None, with a problem."""
    text = decoded(data, file, problems)
    if text is None:
        return None
    try:
        values = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", str(error))
        what = match["what"] if match else str(error)
        line = int(match["line"]) if match and match["line"] else text.count("\n") + 1
        problems.add(
            file,
            line=line,
            found=f"text that is not TOML ({what[:1].lower()}{what[1:]})",
            needed='lines such as `key = "text"`, `key = 1.5` or `[table]`',
        )
        return None
    if not values:
        problems.add(
            file, found="no keys", needed="at least a table `[case]`", hint="Compare with `potline new FOLDER`."
        )
    return Document(values, _lines(text))


_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Find the line of each key; enough for tables, arrays of tables and keys at the start of a line."""
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(rf"\s*(?P<open>\[\[?)\s*(?P<keys>{_KEYS})\s*\]", line):
            table = _parts(match["keys"])
            if len(match["open"]) == 2:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, number)
        elif match := re.match(rf"\s*(?P<keys>{_KEYS})\s*=", line):
            lines.setdefault((*table, *_parts(match["keys"])), number)
    return lines


def _parts(keys: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, keys))
