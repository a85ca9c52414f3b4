"""Read the tables of a case folder: encoding, size, rows as a spreadsheet numbers them."""

from __future__ import annotations

__all__ = ["MOST_BYTES", "MOST_ROWS", "ExtraColumn", "Row", "Table", "beyond", "decoded", "read_table"]

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from potline.cases.problems import Problems
from potline.reading import noun
from potline.text import first_control, restored

MOST_BYTES = {".csv": 64_000_000, ".toml": 1_000_000, ".xlsx": 64_000_000}
"""The largest file read, by its ending."""
MOST_ROWS = 200_000
MOST_COLUMNS = 400
_LONGEST_LINE = 1_000_000
_MARKS = (("UTF-16", (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)),)


@dataclass(slots=True)
class Row:
    """A row of a table.

    Attributes:
        number: as a spreadsheet counts; the header is row 1.
        texts: its cells in the order of ``places``, "" where blank.
        places: position of each column.
        where: its place in words.
        cut: columns whose cells are not there because the row ends before them.
    """

    number: int
    texts: Sequence[str]
    places: Mapping[str, int]
    where: str = ""
    cut: tuple[str, ...] = ()

    def has(self, column: str) -> bool:
        """Whether a column's cell is there and not blank."""
        place = self.places.get(column, -1)
        return place >= 0 and self.texts[place] != ""

    @property
    def cells(self) -> Mapping[str, str]:
        """The cells that are not blank, by column."""
        return {name: self.texts[place] for name, place in self.places.items() if self.texts[place]}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: file name, columns in order, rows that are not blank."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@noun
class ExtraColumn:
    """A column of a table that the format does not know, such as an id or a start year: kept, and used for nothing.

    Attributes:
        table: file it stands in.
        column: its name.
        cells: its texts in the order of the rows, "" where blank.

    Examples:
        >>> ExtraColumn(table="plants.csv", column="start_year", cells=("1998", "2004")).cells[1]
        '2004'
    """

    table: str
    column: str
    cells: tuple[str, ...] = ()


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
    """Name an encoding by its habits: nearly any bytes are GB18030, but there a high byte seldom stands alone.

    Examples:
        >>> _other_encoding("抚顺铝厂, 辽宁".encode("gb18030")), _other_encoding("Müller, Gießen".encode("latin-1"))
        ('GB18030', 'Latin-1 or Windows-1252')
    """
    high = re.findall(rb"[\x80-\xff]+", data)
    alone = sum(len(run) == 1 for run in high)
    if alone * 2 > len(high):
        return "Latin-1 or Windows-1252"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return "another encoding"
    common = sum("\u4e00" <= char <= "\u9fff" for char in text)
    return "GB18030" if common * 2 > sum(not char.isascii() for char in text) else "another encoding"


def beyond(data: bytes, file: str, problems: Problems) -> bool:
    """Say whether a table has more rows than any may have, and report it; a file that is no table is left to others."""
    if data.count(b"\n") <= MOST_ROWS:
        return False
    try:
        more = next(islice(_records(data), MOST_ROWS, None), None) is not None
    except (csv.Error, UnicodeDecodeError):
        return False
    if more:
        needed, hint = f"at most {MOST_ROWS:,} rows", "Split it, or add small ones up."
        problems.add(file, row=MOST_ROWS + 1, found="more rows", needed=needed, hint=hint)
    return more


def read_table(data: bytes, file: str, problems: Problems, *, key: str = "") -> Table | None:
    """Return a table, or None, with problems, where the file cannot be read as one.

    Args:
        data: the file.
        file: its name.
        problems: where they are put.
        key: a column that the table must have, by which the row of names is told from a title above it.
    """
    text = decoded(data, file, problems)
    if text is None:
        return None
    number = 0
    rows: list[Row] = []
    header: list[str] = []
    places: dict[str, int] = {}
    try:
        lines = _records(data)
        for number, cells in enumerate(lines, start=1):
            if len(cells) > MOST_COLUMNS and any(cells):
                problems.add(file, row=number, found=f"{len(cells):,} cells", needed=f"at most {MOST_COLUMNS}")
                return None
            if number == 1:
                header = _header(cells)
                if not _is_header(header, file, problems, key, data):
                    return None
                places = {name: place for place, name in enumerate(header) if name}
            elif any(cells) and (row := _row(number, cells, header, places, file, problems)) is not None:
                rows.append(row)
    except csv.Error as error:
        problems.add(
            file,
            row=number + 1,
            found=f"a row that cannot be read ({error})",
            needed='cells separated by commas, with quotes in pairs, as in "a, b"',
        )
        return None
    if not header:
        problems.add(file, found="an empty table", needed="a first row with the names of the columns")
        return None
    if not rows:
        problems.add(file, found="an empty table", needed="at least one row below the header")
    if first_control(text)[1]:
        _report_controls(rows, header, file, problems)
    return Table(file, tuple(places), tuple(rows))


def _records(data: bytes) -> Iterator[list[str]]:
    """Return the rows of a file, one at a time."""
    return csv.reader(_lines(data), strict=True)


def _lines(data: bytes) -> Iterator[str]:
    """Yield the lines of a file.

    Raises:
        csv.Error: a line is so long that it is none.
    """
    for line in io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline=""):
        if len(line) > _LONGEST_LINE:
            raise csv.Error(f"a line of {len(line):,} characters")
        yield line


def _header(cells: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    return header


def _is_header(header: Sequence[str], file: str, problems: Problems, key: str, data: bytes) -> bool:
    """Report a first row that does not hold the names of columns, in one problem."""
    saved, needed = "Save as CSV UTF-8.", "the names of the columns in row 1"
    if not header:
        problems.add(file, found="an empty table", needed="a first row with the names of the columns")
        return False
    if header[0].lower().startswith("sep="):
        problems.add(file, row=1, found=f"{header[0] + ',' * (header[0].lower() == 'sep=')!r}", needed=needed,
                     hint="Delete the row.")  # fmt: skip
        return False
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        mark = "semicolons" if ";" in header[0] else "tabs"
        problems.add(file, row=1, found=f"columns separated by {mark}", needed="commas", hint=saved)
        return False
    if key and key not in header:
        for number, cells in enumerate(islice(_records(data), 1, 21), start=2):
            if key in _header(cells):
                above = "Delete the row" if number == 2 else f"Delete rows 1 to {number - 1}"
                problems.add(file, row=1, found=f"a title, {header[0]!r}", needed=needed,
                             hint=f"They stand in row {number}. {above} above.")  # fmt: skip
                return False
    for number, name in enumerate(header, start=1):
        if not name:
            problems.add(file, row=1, found=f"no name for column {number}", needed="a name for every column")
        elif name in header[: number - 1]:
            problems.add(file, row=1, column=name, found="the column twice", needed="each column once")
    return True


def _row(
    number: int, cells: list[str], header: list[str], places: Mapping[str, int], file: str, problems: Problems
) -> Row | None:
    """Return a row, None where it is blank; cells beyond the header and missing ones are problems."""
    texts = list(map(str.strip, cells))
    if not any(texts):
        return None
    if "'" in "".join(texts):
        texts = [restored(text) if text[:1] == "'" else text for text in texts]
    cut: tuple[str, ...] = ()
    if len(texts) != len(header):
        extra = [text for text in texts[len(header) :] if text]
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
        texts += [""] * (len(header) - len(texts))
    return Row(number, texts, places, f"{file} row {number}", cut)


def _report_controls(rows: Sequence[Row], header: Sequence[str], file: str, problems: Problems) -> None:
    needed, hint = "text without control characters", "Delete it."
    for number, names in ((1, header), *((row.number, row.texts) for row in rows)):
        for column, text in zip(header, names, strict=False):
            if name := first_control(text)[1]:
                where = "" if number == 1 else column
                problems.add(
                    file, row=number, column=where, found=f"a control character, {name}", needed=needed, hint=hint
                )
