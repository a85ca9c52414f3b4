"""Two answers side by side: inputs, headline numbers and tables, each with its difference."""

from __future__ import annotations

__all__ = [
    "Beside",
    "TableBeside",
    "beside_table",
    "cells_beside",
    "inputs_beside",
    "numbers_beside",
    "same",
    "table_beside",
    "tables_beside",
]

import dataclasses
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from operator import itemgetter
from typing import Any, TypeGuard, cast

from potline.cases import Case
from potline.report.saying import say
from potline.report.table import Cell, Column, Reading, Table, col, table_of

NEAR = 1e-9
"""Relative gap from which on two numbers differ: what other machines may differ by."""
_ASIDE = {"name", "title", "description", "claims", "sources", "changes", "digest", "folder", "files", "bases",
          "extra_columns"}  # fmt: skip
"""Fields of a case that are no input of an answer: names, and where its numbers come from."""
_ROW: Reading[tuple[Cell, ...]] = col("row", "", itemgetter(0))
_Rows = Sequence[tuple[tuple[Cell, ...], Mapping[str, Cell] | None, Mapping[str, Cell] | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One number or word of two answers.

    Attributes:
        name: what it is; an input by its path in Python, a headline number as in ``results.json``.
        before, after: in the first and in the second; None where there is none.
        difference: after less before; nan where one is no number.
    """

    name: str
    before: Cell
    after: Cell
    difference: float = math.nan

    @property
    def moved(self) -> bool:
        """Whether the two differ, by more than machines do."""
        return not same(self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableBeside:
    """One table of two answers.

    Attributes:
        name: of the table.
        key: columns that say which row of one is which of the other; none where rows are matched by place.
        before, after: the tables; None where an answer has none of the name.
        shown: the rows in which they differ, with before, after and difference of each column that moves.
    """

    name: str
    key: tuple[str, ...]
    before: Table | None
    after: Table | None
    shown: Table


def numbers_beside(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Beside, ...]:
    """Return headline numbers side by side, those of the second alone last.

    Examples:
        >>> numbers_beside({"cut_kt": 2.0, "owners": {"A": 1.0}}, {"cut_kt": 3.0, "owners": {"A": 1.0}})[0].difference
        1.0
    """
    one, other = dict(_flat(before)), dict(_flat(after))
    return tuple(_beside(name, one.get(name), other.get(name)) for name in dict.fromkeys((*one, *other)))


def _flat(content: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, Cell]]:
    """Yield what nested headline numbers hold, by names joined with points."""
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(cast("Mapping[str, Any]", value), f"{start}{name}.")
        elif isinstance(value, (list, tuple)):
            yield f"{start}{name}", "; ".join(map(str, cast("Sequence[Any]", value)))
        else:
            yield f"{start}{name}", _cell(value)


def inputs_beside(before: Case, after: Case) -> tuple[Beside, ...]:
    """Return every input in which two cases differ, by its path in Python; plants, firms and factors by name."""
    one, other = dict(_inputs(before)), dict(_inputs(after))
    found = (_beside(name, one.get(name), other.get(name)) for name in dict.fromkeys((*one, *other)))
    return tuple(item for item in found if item.moved)


def _inputs(case: Case) -> Iterator[tuple[str, Cell]]:
    for item in dataclasses.fields(case):
        if item.name not in _ASIDE:
            yield from _leaves(getattr(case, item.name), item.name)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Cell]]:
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            if not (path == "industry" and item.name == "name"):
                yield from _leaves(getattr(value, item.name), f"{path}.{item.name}")
    elif isinstance(value, tuple):
        for place, one in enumerate(cast("tuple[Any, ...]", value)):
            named = next((getattr(one, name) for name in ("name", "id", "product") if hasattr(one, name)), place)
            yield from _leaves(one, f"{path}[{named}]")
    elif value is not None:
        yield path, _cell(value)


def tables_beside(before: Iterable[Table], after: Iterable[Table]) -> tuple[TableBeside, ...]:
    """Return the tables of two answers side by side, by name."""
    one, other = ({table.name: table for table in tables} for tables in (before, after))
    return tuple(table_beside(name, one.get(name), other.get(name)) for name in dict.fromkeys((*one, *other)))


def table_beside(name: str, before: Table | None, after: Table | None) -> TableBeside:
    """Return one table side by side; a row that one lacks has blanks there."""
    if before is None or after is None:
        there = before or after
        key = "compare.table_gone" if after is None else "compare.table_new"
        title = say(key, title=there.title if there is not None else name)
        empty = table_of(list[tuple[Cell, ...]](), [_ROW], name=name, title=title)
        return TableBeside(name=name, key=(), before=before, after=after, shown=empty)
    key, both = _matched(before, after)
    shared = _shared(before, after, key)
    moving = [
        column for column in shared if any(not same(_at(a, column.name), _at(b, column.name)) for _, a, b in both)
    ]
    rows = [(found, a, b) for found, a, b in both if _differs(a, b, moving)]
    numeric = {column.name for column in moving if _has_numbers(column, both)}
    cells = [(*found, *(cell for column in moving for cell in _cells(column, a, b, numeric))) for found, a, b in rows]
    key_columns = [column for column in before.columns if column.name in key] or [_ROW.column]
    columns = [*key_columns, *(part for column in moving for part in _parts(column, numeric))]
    shown = table_of(
        cells,
        [Reading(column, itemgetter(place)) for place, column in enumerate(columns)],
        name=name,
        title=say("compare.table_title", title=before.title),
        note=say("compare.same_rows", count=len(both) - len(rows)) if len(rows) < len(both) else "",
    )  # fmt: skip
    return TableBeside(name=name, key=key, before=before, after=after, shown=shown)


def cells_beside(item: TableBeside) -> Iterator[tuple[tuple[Cell, ...], Beside]]:
    """Yield what differs in the rows of two tables: the row by its words or place, and each cell by its column.

    A row that one of them lacks comes once, with no name and whether it is there.
    """
    if item.before is None or item.after is None:
        return
    key, both = _matched(item.before, item.after)
    shared = [column.name for column in _shared(item.before, item.after, key)]
    for found, one, other in both:
        if one is None or other is None:
            yield found, Beside(name="", before=one is not None, after=other is not None)
        else:
            cells = (_beside(name, one[name], other[name]) for name in shared)
            yield from ((found, cell) for cell in cells if cell.moved)


def beside_table(name: str, items: Sequence[Beside], *, title: str) -> Table:
    """Return the numbers or inputs that differ, side by side, as a table."""
    kept = [item for item in items if item.moved]
    columns: list[Reading[Beside]] = [
        col("name", "", lambda item: item.name, label=say("compare.name")),
        col("before", "", lambda item: item.before, -1, label=say("compare.before")),
        col("after", "", lambda item: item.after, -1, label=say("compare.after")),
        col("difference", "", lambda item: item.difference, -1, label=say("compare.difference")),
    ]
    return table_of(kept, columns, name=name, title=title)


def same(one: Cell, other: Cell) -> bool:
    """Say whether two cells hold the same, numbers to within what machines differ by; nan is a blank.

    Examples:
        >>> same(1.0, 1.0 + 1e-12), same(1.0, 1.1), same(float("nan"), None), same("a", 1.0)
        (True, False, True, False)
    """
    one, other = (None if isinstance(cell, float) and math.isnan(cell) else cell for cell in (one, other))
    if _is_number(one) and _is_number(other):
        return one == other or math.isclose(float(one), float(other), rel_tol=NEAR, abs_tol=1e-12)
    return one == other


def _beside(name: str, before: Cell, after: Cell) -> Beside:
    return Beside(name=name, before=before, after=after, difference=_difference(before, after))


def _difference(before: Cell, after: Cell) -> float:
    return float(after) - float(before) if _is_number(before) and _is_number(after) else math.nan


def _matched(before: Table, after: Table) -> tuple[tuple[str, ...], _Rows]:
    """Return the columns that tell rows apart, and each row of either with what it is in both."""
    key = _key(before, after)
    ones, others = _by_key(before, key), _by_key(after, key)
    return key, [(found, ones.get(found), others.get(found)) for found in dict.fromkeys((*ones, *others))]


def _shared(before: Table, after: Table, key: Sequence[str]) -> list[Column]:
    names = {column.name for column in before.columns}.difference(key)
    return [column for column in after.columns if column.name in names]


def _key(before: Table, after: Table) -> tuple[str, ...]:
    """Return the fewest columns of words, from the left, that tell the rows of both apart; none where none do."""
    there = {column.name for column in after.columns}
    key: list[str] = []
    for column in before.columns:
        if column.unit or column.name not in there or not all(map(_is_words, (before, after), (column.name,) * 2)):
            continue
        key.append(column.name)
        if all(len(_by_key(table, key)) == len(table.rows) for table in (before, after)):
            return tuple(key)
    return ()


def _is_words(table: Table, name: str) -> bool:
    return all(isinstance(cell, str) for cell in table.column(name))


def _by_key(table: Table, key: Sequence[str]) -> dict[tuple[Cell, ...], dict[str, Cell]]:
    names = [column.name for column in table.columns]
    found: dict[tuple[Cell, ...], dict[str, Cell]] = {}
    for place, row in enumerate(table.rows, start=1):
        cells = dict(zip(names, row, strict=True))
        found.setdefault(tuple(cells[name] for name in key) or (place,), cells)
    return found


def _at(row: Mapping[str, Cell] | None, name: str) -> Cell:
    return None if row is None else row.get(name)


def _differs(one: Mapping[str, Cell] | None, other: Mapping[str, Cell] | None, moving: Sequence[Column]) -> bool:
    lacking = one is None or other is None
    return lacking or any(not same(_at(one, column.name), _at(other, column.name)) for column in moving)


_END = {
    "before": lambda: say("compare.before"),
    "after": lambda: say("compare.after"),
    "difference": lambda: say("compare.difference"),
}


def _has_numbers(column: Column, rows: _Rows) -> bool:
    return any(_is_number(_at(row, column.name)) for _, *pair in rows for row in pair)


def _parts(column: Column, numeric: Container[str]) -> Iterator[Column]:
    ends = ("before", "after", "difference") if column.name in numeric else ("before", "after")
    for end in ends:
        label = say("compare.heading", label=column.label or column.name.replace("_", " "), end=_END[end]())
        yield dataclasses.replace(column, name=f"{column.name}_{end}", label=label, coded=False)


def _cells(
    column: Column, one: Mapping[str, Cell] | None, other: Mapping[str, Cell] | None, numeric: Container[str]
) -> Iterator[Cell]:
    before, after = _at(one, column.name), _at(other, column.name)
    yield before
    yield after
    if column.name in numeric:
        yield _difference(before, after)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not math.isnan(value)


def _cell(value: Any) -> Cell:
    if isinstance(value, Enum):
        return str(value.value)
    if hasattr(value, "item"):
        value = value.item()
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
