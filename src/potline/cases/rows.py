"""Read the rows of a table: what each column holds is worked out once, and a text that was read is remembered."""

from __future__ import annotations

__all__ = ["Field", "RowReader"]

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Any, Generic

from pydantic_core import PydanticCustomError

from potline.cases.cells import Cell, Quantity, shown
from potline.cases.files import Row, Table
from potline.cases.problems import Hint
from potline.cases.validation import AnyBlock, cell_of

AtCell = Callable[[Table, Row, str, str, str, Hint], None]
_TOTALS = frozenset({"total", "totals", "grand total", "subtotal", "sum", "all", "合计", "总计", "小计"})


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
        """Return the block of a row; None, with one problem, for a row that adds up the others."""
        texts, values = row.texts, dict(self._defaults)
        for item in self._required:
            if not texts[item.place]:
                if self._is_total(row):
                    return None
                break
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

    def _is_total(self, row: Row) -> bool:
        name = self._name(row)
        if name.strip(" :").casefold() not in _TOTALS:
            return False
        found, needed = f"a row that adds up the others, {name!r}", f"one row for each {self._model.noun}"
        self._at_cell(self._table, row, "", found, needed, "Delete the row.")
        return True


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
