"""Where a problem of a case that came from a workbook stands: by sheet and cell instead of file, row and line."""

from __future__ import annotations

__all__ = ["Places"]

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from potline.cases.currency_names import to_field
from potline.cases.tables import TABLES
from potline.cases.workbooks.layout import ABOUT_SERIES, CASE_SHEET, COLUMNS, DEFAULTS, FACTORS, NUMBERS_SHEET

_FILE = re.compile(rf"\b({'|'.join(TABLES)})\.csv\b")
_ROW = re.compile(rf"\b({'|'.join(TABLES)})\.csv row (\d+)(?:, column (\w+))?")
_LINE = re.compile(r"case\.toml line (\d+)")
_HEADER = re.compile(r"(?:(?:a )?tables? )?`\[\[?(\w+)((?:\.(?:\w+|\"[^\"`]+\"))*)\]\]?`")
_SHEETS = {
    "numbers": NUMBERS_SHEET,
    "defaults": DEFAULTS,
    "columns": COLUMNS,
    "factors": FACTORS,
    "series": ABOUT_SERIES,
}


@dataclass(slots=True)
class Places:
    """The cells behind the rows of each table and the lines of ``case.toml``.

    Attributes:
        currency: of the case, as its sheet says.
        columns: letters of the columns of each sheet by their headings.
        lines: sheet, row and headings with their letters, by line of the ``case.toml`` that was made.
    """

    currency: str = ""
    columns: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    lines: dict[int, tuple[str, int, Mapping[str, str]]] = field(
        default_factory=dict[int, tuple[str, int, Mapping[str, str]]]
    )

    def to_field(self, column: str) -> str:
        """Return the model's name of a column."""
        return to_field(column, self.currency)

    def place(self, file: str, row: int, line: int, column: str, key: str) -> str:
        """Return the place of a problem.

        Examples:
            >>> places = Places(columns={"plants": {"capacity_kt": "D"}})
            >>> places.place("plants.csv", 7, 0, "capacity_kt", ""), places.place("firms.csv", 0, 0, "", "")
            ('sheet plants, cell D7, column capacity_kt', 'sheet firms')
        """
        sheet = file.removesuffix(".csv")
        if sheet in TABLES and sheet != file:
            return f"sheet {sheet}{_at(self.columns.get(sheet, {}), row, column)}"
        if file != "case.toml":
            return f"{file} row {row}" if row else file
        name = key.rpartition(".")[2].strip('"')
        if line in self.lines:
            sheet, number, letters = self.lines[line]
            own = "value" if sheet == CASE_SHEET else "column" if "column" in letters else next(iter(letters), "")
            at = name if name in letters else own if number else ""
            return f"sheet {sheet}{_at(letters, number, at, told=False)}{f', key {key}' if key else ''}"
        return f"sheet {_sheet_of(key)}{f', key {key}' if key else ''}"

    def rows(self, file: str, part: str, first: int, last: int) -> str:
        """Return the place of several problems of a kind, from one row or line to another."""
        sheet = file.removesuffix(".csv")
        if sheet in TABLES and sheet != file:
            letter = self.columns.get(sheet, {}).get(part, "")
            where = _span("cell" if letter else "row", f"{letter}{first}", f"{letter}{last}")
            return f"sheet {sheet}, {where}{f', column {part}' if part else ''}" if first else f"sheet {sheet}"
        ends = [self.lines[line] for line in (first, last) if line in self.lines]
        if not ends:
            return f"the workbook{f', key {part}' if part else ''}"
        sheets = [sheet for sheet, _, _ in ends]
        if sheets[0] != sheets[-1]:
            return f"sheets {sheets[0]} to {sheets[-1]}{f', key {part}' if part else ''}"
        rows = _span("row", str(ends[0][1]), str(ends[-1][1]))
        return f"sheet {sheets[0]}, {rows}{f', key {part}' if part else ''}"

    def words(self, text: str) -> str:
        """Return what an error says in the words of a workbook.

        Examples:
            >>> Places().words("Add a table `[columns.plants.capacity_kt]` with unit and vat.")
            'Add a row `plants, capacity_kt` in sheet columns with unit and vat.'
            >>> Places().words("a firm of firms.csv"), Places().words("no such file")
            ('a firm of sheet firms', 'no such sheet')
        """
        if text in ("no such file", "this table"):
            return "no such sheet" if text == "no such file" else "this sheet"
        text = _LINE.sub(self._line, _ROW.sub(self._row, text))
        text = _FILE.sub(r"sheet \1", _HEADER.sub(_row_words, text)).replace("case.toml", "the workbook")
        return text.replace(" in the workbook with", " with")

    def _row(self, match: re.Match[str]) -> str:
        return self.place(f"{match[1]}.csv", int(match[2]), 0, match[3] or "", "")

    def _line(self, match: re.Match[str]) -> str:
        sheet, row, _ = self.lines.get(int(match[1]), ("", 0, {}))
        return f"sheet {sheet}, row {row}" if sheet else "the workbook"


def _at(letters: Mapping[str, str], row: int, column: str, *, told: bool = True) -> str:
    letter = letters.get(column, "")
    named = f", column {column}" if column and told else ""
    if letter and row:
        return f", cell {letter}{row}{named}"
    return f", row {row}{named}" if row else named


def _span(word: str, first: str, last: str) -> str:
    return f"{word} {first}" if first == last else f"{word}s {first} to {last}"


def _sheet_of(key: str) -> str:
    return _SHEETS.get(key.partition(".")[0], CASE_SHEET)


def _row_words(match: re.Match[str]) -> str:
    """Return a header of ``case.toml`` as a row of a sheet."""
    first = match[1]
    parts = [part.strip('"') for part in re.findall(r'\.(\w+|"[^"`]+")', match[2])]
    if first == "defaults":
        parts = parts[1:]
    if first in _SHEETS:
        named = f" `{', '.join(parts)}`" if parts else ""
        return f"a row{named} in sheet {_SHEETS[first]}"
    return f"a row of block `{'.'.join((first, *parts))}` in sheet case"
