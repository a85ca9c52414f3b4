"""A table: a title, columns named with unit, and rows; written as CSV and JSON here and as a sheet elsewhere."""

from __future__ import annotations

__all__ = [
    "Cell",
    "Column",
    "Reading",
    "Table",
    "cell_shown",
    "code",
    "col",
    "csv_text",
    "frame_of",
    "json_value",
    "table_from",
    "table_json",
    "table_of",
]

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from potline.frame import Frame
from potline.report.catalogue import Room, templates
from potline.report.saying import Value, coded, filled
from potline.report.words import cell_words, headed, set_text, unit_words
from potline.text import cleaned, neutralised

T = TypeVar("T")
Cell = str | float | int | bool | None
BOM = "\ufeff"
NO_WORDS: Room = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name carries quantity, currency and unit; ``label`` is what a page shows above it.

    Attributes:
        name: as in files, ``cash_cost_cny_per_t``.
        label: short heading in words.
        unit: ``CNY/t``; blank for words.
        digits: decimals a page shows, below 0 as many as the number has. Files keep the number.
        coded: whether cells are codes, which files keep and a page calls by their names.

    Examples:
        >>> Column(name="capacity_kt", label="Capacity", unit="kt/year").digits
        0
    """

    name: str
    label: str = ""
    unit: str = ""
    digits: int = 0
    coded: bool = False

    def __post_init__(self) -> None:
        for name in ("name", "label", "unit"):
            object.__setattr__(self, name, cleaned(getattr(self, name)))

    @property
    def heading(self) -> str:
        """The label with its unit."""
        label = self.label or self.name.replace("_", " ")
        return headed(label, coded(self.unit) if self.unit else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How a table is drawn as a stepped curve by a program that draws for itself, such as a spreadsheet.

    Attributes:
        width, height: names of the columns that say how wide and how high each step is.
        level: what the curve is read against, in the unit of ``height``.
    """

    width: str
    height: str
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a title that says what it holds and on which tax basis; its text holds no control characters.

    Examples:
        >>> small = Table(name="plants", title="Plants", columns=(Column(name="plant"), Column(name="capacity_kt")),
        ...               rows=(("Fushun", 190.0),))
        >>> small.column("capacity_kt")
        (190.0,)
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    curve: Curve | None = None

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.name!r}: a row of {len(row)} cells under {len(self.columns)} columns")
        for name in ("title", "note"):
            object.__setattr__(self, name, set_text(cleaned(getattr(self, name))))
        rows = tuple(tuple(cleaned(cell) if isinstance(cell, str) else cell for cell in row) for row in self.rows)
        object.__setattr__(self, "rows", rows)

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the cells of one column."""
        place = [column.name for column in self.columns].index(name)
        return tuple(row[place] for row in self.rows)

    @property
    def bare(self) -> Table:
        """The table without its note."""
        return replace(self, note="")

    def picked(self, names: Iterable[str], *, rows: int | None = None) -> Table:
        """Return a copy with some columns, in the order given, and at most some rows."""
        wanted = list(names)
        places = [[column.name for column in self.columns].index(name) for name in wanted]
        kept = self.rows if rows is None else self.rows[:rows]
        return Table(
            name=self.name,
            title=self.title,
            columns=tuple(self.columns[place] for place in places),
            rows=tuple(tuple(row[place] for place in places) for row in kept),
            note=self.note,
        )


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A column and how it reads what stands in a row."""

    column: Column
    read: Callable[[T], Cell]


def col(name: str, unit: str, read: Callable[[T], Cell], digits: int = 0, *, label: str = "") -> Reading[T]:
    """Return a column that reads its row.

    Args:
        name: as in files, ``cash_cost_{cur}_per_t``; ``{cur}`` stands for the currency, as :func:`table_of` is told.
        unit: ``CNY/t``; blank for words.
        read: the cell of a row.
        digits: decimals a page shows, below 0 as many as the number has.
        label: short heading in words; from the catalogue unless given.
    """
    return Reading(Column(name=name, label=label, unit=unit, digits=digits), read)


def code(name: str, read: Callable[[T], Cell]) -> Reading[T]:
    """Return a column whose cells are codes: files keep them, a page calls them by their names.

    Args:
        name: as in files.
        read: the code of a row.
    """
    return Reading(Column(name=name, coded=True), read)


def cell_shown(cell: Cell, column: Column) -> str:
    """Return a cell as a page or a terminal shows it.

    Examples:
        >>> cell_shown(0.5, Column(name="level", digits=1)), cell_shown("keep", Column(name="leaving", coded=True))
        ('0.5', 'keep')
    """
    if not isinstance(cell, str):
        return cell_words(cell, column.digits)
    text = coded(cell) if column.coded else cell
    return unit_words(text) if column.name == "unit" else text


def table_of(
    items: Iterable[T],
    columns: Sequence[Reading[T]],
    *,
    said: str = "",
    name: str = "",
    title: str = "",
    note: str = "",
    **named: Value,
) -> Table:
    """Return a table with a row for each item, each column reading its cell of it.

    Args:
        items: what stands in the rows.
        columns: read a row each.
        said: where the catalogue holds the table's words, ``room.table``: title, note, and labels by name of column.
        name: of the table; the last part of ``said`` unless given.
        title: what it holds; from the catalogue unless given.
        note: what stands below it; likewise.
        named: fields of those words, and ``cur`` of the columns' names.

    Examples:
        >>> lengths = table_of(["a", "bcd"], [col("word", "", str), col("length", "letters", len, label="Length")],
        ...                    name="lengths", title="Lengths")
        >>> lengths.rows
        (('a', 1), ('bcd', 3))
    """
    words = templates(said) if said else NO_WORDS
    labels: Mapping[str, str] = words.get("columns", {})
    return Table(
        name=name or said.rpartition(".")[2],
        title=title or filled(words.get("title", ""), named),
        columns=tuple(_named(item.column, labels, named) for item in columns),
        rows=tuple(tuple(item.read(row) for item in columns) for row in items),
        note=note or filled(words.get("note", ""), named),
    )


def _named(column: Column, labels: Mapping[str, str], named: Mapping[str, Value]) -> Column:
    """Return a column with its name and label filled in."""
    label = column.label or filled(labels.get(column.name, ""), named)
    return replace(column, name=column.name.replace("{cur}", str(named.get("cur", ""))), label=label)


def csv_text(table: Table) -> str:
    """Return a table as CSV with a byte-order mark, so that a spreadsheet reads any script; numbers to 10 figures.

    Text that a spreadsheet would take for a formula is led by an apostrophe; reading a case takes it off again.

    Examples:
        >>> csv_text(Table(name="t", title="T", columns=(Column(name="a"), Column(name="b")), rows=(("x", 0.5),)))
        '\\ufeffa,b\\nx,0.5\\n'
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([neutralised(column.name) for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return BOM + buffer.getvalue()


def table_json(table: Table) -> dict[str, Any]:
    """Return a table as plain data: title, columns, and rows as lists."""
    return {
        "title": table.title,
        "note": table.note,
        "columns": [
            {"name": column.name, "label": column.label, "unit": column.unit} for column in table.columns
        ],
        "rows": [[json_value(cell) for cell in row] for row in table.rows],
    }  # fmt: skip


def table_from(name: str, found: Mapping[str, Any]) -> Table:
    """Return a table from what :func:`table_json` made of it; note and digits are not in there."""
    columns = (
        Column(name=item["name"], label=item["label"], unit=item["unit"], digits=-1) for item in found["columns"]
    )
    return Table(name=name, title=found["title"], columns=tuple(columns), rows=tuple(map(tuple, found["rows"])))


def frame_of(table: Table) -> Frame:
    """Return a table as a frame, which other libraries take.

    Examples:
        >>> frame_of(Table(name="t", title="T", columns=(Column(name="a"),), rows=((0.5,),))).column("a")
        (0.5,)
    """
    return Frame(
        name=table.name,
        title=table.title,
        note=table.note,
        columns=tuple(column.name for column in table.columns),
        units=tuple(column.unit for column in table.columns),
        rows=table.rows,
    )


def json_value(cell: Cell) -> Cell:
    """Return a cell as JSON can hold it: no number for nan, words for no limit.

    Examples:
        >>> json_value(float("nan")), json_value(float("inf")), json_value(2.5)
        (None, 'inf', 2.5)
    """
    if isinstance(cell, float) and not math.isfinite(cell):
        return None if math.isnan(cell) else ("inf" if cell > 0 else "-inf")
    return cell


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return "" if math.isnan(cell) else f"{cell + 0.0:.10g}"
    return neutralised(cell)
