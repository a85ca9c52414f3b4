"""Read the rows of a table: what each column holds is worked out once, and a text that was read is remembered."""

from __future__ import annotations

__all__ = ["Field", "RowReader"]

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from pydantic_core import PydanticCustomError

from potline.cases.cells import Cell, Quantity, shown
from potline.cases.files import Row, Table
from potline.cases.problems import Hint
from potline.cases.validation import AnyBlock, cell_of

AtCell = Callable[[Table, Row, str, str, str, Hint], None]
_TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sum", "all", "合计", "总计", "小计"})
_UNIT = re.compile(r"%|share|(?!n/a|N/A)[^\W\d]+(\s[^\W\d]+)*(/\s?|\s(per|a)\s)[^\W\d]+|kt|t|Mt|kWh|years?|months?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A field of a row's model: its name, its column in the file, what it holds and where it stands in a row.

    Attributes:
        place: position in a row; -1 where the table has no such column.
        blank: what a blank cell is told to need.
        seen: values by text, and for texts that are none the problem: found, needed, hint.
    """

    name: str
    column: str
    cell: Cell
    place: int
    blank: str = ""
    seen: dict[str, Any] = field(default_factory=dict[str, Any])
    bad: dict[str, tuple[str, str, str]] = field(default_factory=dict[str, tuple[str, str, str]])

    def read(self, text: str) -> bool:
        """Read a text that was not seen before; say whether it is a value."""
        try:
            self.seen[text] = self.cell.read(text)
        except PydanticCustomError as error:
            about = error.context or {}
            self.bad[text] = (shown(text), about.get("needed", str(error)), about.get("hint", ""))
            return False
        return True


class RowReader(Generic[AnyBlock]):
    """Turns the rows of a table into blocks of its model; cells with problems stay at their defaults.

    A blank cell of a column of numbers is a problem, unless the column says what a blank means or ``filled`` names it:
    a blank is not 0.
    """

    def __init__(
        self,
        model: type[AnyBlock],
        table: Table,
        to_file: Callable[[str], str],
        at_cell: AtCell,
        filled: Container[str] = (),
    ) -> None:
        self._model, self._table, self._at_cell = model, table, at_cell
        places = {name: place for place, name in enumerate(table.columns)}
        if table.rows:
            places = dict(table.rows[0].places)
        self._defaults = {name: info.default for name, info in model.model_fields.items()}
        self._fields: list[Field] = []
        for name in model.model_fields:
            column, cell = to_file(name), cell_of(model, name)
            if column in places and cell is not None:
                blank = _blank(cell) if name not in model.required and column not in filled else ""
                self._fields.append(Field(name=name, column=column, cell=cell, place=places[column], blank=blank))
        by_name = {item.name: item for item in self._fields}
        self._required = [by_name[name] for name in model.required if name in by_name]
        self._order = sorted((item for item in self._fields if item.blank), key=lambda item: item.place)

    def block(self, row: Row) -> AnyBlock | None:
        """Return the block of a row; None, with one problem, for a row that is none of the table's kind."""
        texts, values = row.texts, dict(self._defaults)
        if self._is_of_another_kind(row):
            return None
        if "" in texts:
            for item in self._order:
                if not texts[item.place]:
                    self._at_cell(self._table, row, item.column, f"nothing{self._subject(row)}", item.blank, "")
        for item in self._required:
            if not texts[item.place]:
                self._report(row, item, "nothing", item.cell.needed, "")
        for item in self._fields:
            text = texts[item.place]
            if not text:
                continue
            if text in item.seen or (text not in item.bad and item.read(text)):
                values[item.name] = item.seen[text]
            else:
                self._report(row, item, *item.bad[text])
        return _built(self._model, values)

    def _report(self, row: Row, item: Field, found: str, needed: str, hint: str) -> None:
        about = self._subject(row) if item.name != self._model.required[0] else ""
        self._at_cell(self._table, row, item.column, found + about, needed, hint)

    def _subject(self, row: Row) -> str:
        name = self._name(row)
        return f" for {self._model.noun} {name!r}" if name else ""

    def _name(self, row: Row) -> str:
        first = self._required[0] if self._required else None
        return row.texts[first.place] if first is not None and first.name == self._model.required[0] else ""

    def _is_of_another_kind(self, row: Row) -> bool:
        """Report in one problem a row that adds up the others, repeats the header, tells units, or is a note."""
        texts, found, needed, hint = row.texts, "", f"one row for each {self._model.noun}", "Delete the row."
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
        elif row is self._table.rows[0] and self._tells_units(texts):
            found, hint = "a row of units", "Delete the row; case.toml states the units."
        if found:
            self._at_cell(self._table, row, "", found, needed, hint)
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
