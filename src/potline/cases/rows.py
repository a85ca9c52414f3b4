"""Read the rows of a table column by column: what a column holds is worked out once, and each text is read once."""

from __future__ import annotations

__all__ = ["Rows"]

import re
from collections.abc import Callable, Container, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, Self

from pydantic_core import PydanticCustomError

from potline.cases.cells import Cell, Quantity, shown
from potline.cases.files import Row, Table
from potline.cases.problems import Hint
from potline.cases.validation import AnyBlock, cell_of

AtCell = Callable[[Table, Row, str, str, str, Hint], None]
_TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sum", "all", "合计", "总计", "小计"})
_UNIT = re.compile(r"%|share|(?!n/a|N/A)[^\W\d]+(\s[^\W\d]+)*(/\s?|\s(per|a)\s)[^\W\d]+|kt|t|Mt|kWh|years?|months?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A field of a row's model: its name, its column in the file, what it holds and where it stands in a row.

    Attributes:
        place: position in a row.
        default: value of a blank cell, and of one with a problem.
        blank: what a blank cell is told to need.
    """

    name: str
    column: str
    cell: Cell
    place: int
    default: Any
    blank: str = ""

    def read(self, texts: Sequence[str]) -> tuple[list[Any], dict[str, tuple[str, str, Hint]]]:
        """Return the values of a column, each text read once; for texts that are none found, needed and hint."""
        bad: dict[str, tuple[str, str, Hint]] = {}
        seen: dict[str, Any] = dict.fromkeys(texts, self.default)
        plain = self.cell.read_plain(seen) if isinstance(self.cell, Quantity) else dict[str, Any]()
        for text in [text for text in seen if text and text not in plain] if len(plain) < len(seen) else ():
            try:
                seen[text] = self.cell.read(text)
            except PydanticCustomError as error:
                about = error.context or {}
                bad[text] = (shown(text), about.get("needed", str(error)), about.get("hint", ""))
        seen.update(plain)
        return list(map(seen.__getitem__, texts)), bad


class Rows(Generic[AnyBlock]):
    """The rows of a table, read column by column; cells with problems stay at their defaults.

    A blank cell of a column of numbers is a problem, unless the column says what a blank means or ``filled`` names it:
    a blank is not 0.

    Attributes:
        rows: those that are of the table's kind.
        columns: the values of each field of the model that the table has, row by row.
    """

    def __init__(
        self,
        model: type[AnyBlock],
        table: Table,
        to_file: Callable[[str], str],
        at_cell: AtCell,
        filled: Container[str] = (),
    ) -> None:
        self.model, self.table, self._at_cell = model, table, at_cell
        places = dict(table.rows[0].places) if table.rows else {}
        self._defaults = {name: info.default for name, info in model.model_fields.items()}
        self._fields: list[_Field] = []
        for name, default in self._defaults.items():
            column, cell = to_file(name), cell_of(model, name)
            if column in places and cell is not None:
                blank = _blank(cell) if name not in model.required and column not in filled else ""
                self._fields.append(
                    _Field(name=name, column=column, cell=cell, place=places[column], default=default, blank=blank)
                )
        by_name = {item.name: item for item in self._fields}
        self._required = [by_name[name] for name in model.required if name in by_name]
        self._order = sorted((item for item in self._fields if item.blank), key=lambda item: item.place)
        self.rows: list[Row] = [row for row in table.rows if not self._is_of_another_kind(row)]
        self._report_blanks()
        texts = list(zip(*(row.texts for row in self.rows), strict=False))
        self.columns: dict[str, list[Any]] = {
            item.name: self._read(item, texts[item.place]) if texts else [] for item in self._fields
        }

    def __iter__(self) -> Iterator[tuple[Table, Row, AnyBlock]]:
        names = tuple(self.columns)
        for row, *values in zip(self.rows, *self.columns.values(), strict=True):
            yield self.table, row, _built(self.model, self._defaults | dict(zip(names, values, strict=True)))

    def column(self, name: str) -> list[Any]:
        """Return the values of a field, its default where the table has no such column."""
        return self.columns[name] if name in self.columns else [self._defaults.get(name, "")] * len(self.rows)

    def only(self, places: Sequence[int]) -> Self:
        """Return some of the rows."""
        some = copy(self)
        some.rows = [self.rows[place] for place in places]
        some.columns = {name: [values[place] for place in places] for name, values in self.columns.items()}
        return some

    def _report_blanks(self) -> None:
        for row in self.rows:
            if "" not in row.texts:
                continue
            for item in self._order:
                if not row.texts[item.place]:
                    self._at_cell(self.table, row, item.column, f"nothing{self._subject(row)}", item.blank, "")
            for item in self._required:
                if not row.texts[item.place]:
                    self._report(row, item, "nothing", item.cell.needed, "")

    def _read(self, item: _Field, texts: Sequence[str]) -> list[Any]:
        values, bad = item.read(texts)
        for row, text in zip(self.rows, texts, strict=True) if bad else ():
            if text in bad:
                self._report(row, item, *bad[text])
        return values

    def _report(self, row: Row, item: _Field, found: str, needed: str, hint: Hint) -> None:
        about = self._subject(row) if item.name != self.model.required[0] else ""
        self._at_cell(self.table, row, item.column, found + about, needed, hint)

    def _subject(self, row: Row) -> str:
        name = self._name(row)
        return f" for {self.model.noun} {name!r}" if name else ""

    def _name(self, row: Row) -> str:
        first = self._required[0] if self._required else None
        return row.texts[first.place] if first is not None and first.name == self.model.required[0] else ""

    def _is_of_another_kind(self, row: Row) -> bool:
        """Report in one problem a row that adds up the others, repeats the header, tells units, or is a note."""
        texts, found, needed, hint = row.texts, "", f"one row for each {self.model.noun}", "Delete the row."
        first = self._required[0] if self._required else None
        if "" in texts:
            lacking = any(not texts[item.place] for item in self._required)
            filled = [text for text in texts if text]
            if lacking and self._name(row).strip(" :").casefold() in _TOTALS:
                found = f"a row that adds up the others, {self._name(row)!r}"
            elif len(filled) == 1 and not row.cut and self._blanks(texts) > 1:
                found = f"a row that holds nothing but {shown(filled[0])}"
                needed, hint = f"{needed}, with its cells", "Delete the row if it is a note."
        if first is not None and texts[first.place] == first.column and self._is_header(row):
            found = "the header again"
        elif row is self.table.rows[0] and self._tells_units(texts):
            found, hint = "a row of units", "Delete the row; case.toml states the units."
        if found:
            self._at_cell(self.table, row, "", found, needed, hint)
        return bool(found)

    def _blanks(self, texts: Sequence[str]) -> int:
        """Return how many cells are blank that must not be."""
        return len({item.place for item in (*self._required, *self._order) if not texts[item.place]})

    def _is_header(self, row: Row) -> bool:
        """Whether most of what a row holds are the names of its columns."""
        named = sum(row.texts[place] == column for column, place in row.places.items())
        return 2 * named > sum(text != "" for text in row.texts)

    def _tells_units(self, texts: Sequence[str]) -> bool:
        """Whether no number stands in the columns of numbers, and units in most of those that are filled."""
        cells = [texts[item.place].strip("()[] ") for item in self._fields if isinstance(item.cell, Quantity)]
        cells = [text for text in cells if text]
        return len(cells) > 1 and 2 * sum(_UNIT.fullmatch(text) is not None for text in cells) > len(cells)


def _blank(cell: Cell) -> str:
    """Return what a blank cell of a column is told to need; nothing where a blank means something."""
    if not isinstance(cell, Quantity) or cell.blank:
        return ""
    return f"a number, `{'inf' if cell.default == 'inf' else '0'}` where there is none"


def _built(model: type[AnyBlock], values: dict[str, Any]) -> AnyBlock:
    """Return a block of values that its cells have read, without reading them again."""
    block = model.__new__(model)
    object.__setattr__(block, "__dict__", values)
    object.__setattr__(block, "__pydantic_fields_set__", set())
    object.__setattr__(block, "__pydantic_extra__", None)
    object.__setattr__(block, "__pydantic_private__", None)
    return block
