"""A table as a frame: columns with units, handed on by the Arrow PyCapsule interface, which frame libraries speak."""

from __future__ import annotations

__all__ = ["Frame"]

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from typing import Any

from potline.errors import InputError, Problem

Cell = str | float | int | bool | None
_HEAD = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Frame:
    """A table of an answer or of a case.

    Text is UTF-8, numbers are 64-bit floats or integers, a blank is null; words among numbers make text.

    Attributes:
        name: of the table, as in the run folder.
        title: what it holds, and on which tax basis.
        note: what stands below it.
        columns: names, with quantity, currency and unit.
        units: of each column; blank for words.
        rows: cells by row.

    Examples:
        >>> small = Frame(name="plants", columns=("plant", "capacity_kt"), rows=(("Fushun", 190.0), ("Baotou", None)))
        >>> small
        Frame 'plants': 2 rows, 2 columns
        >>> small.column("capacity_kt"), len(small), dict(small.records()[0])
        ((190.0, None), 2, {'plant': 'Fushun', 'capacity_kt': 190.0})
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    units: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    _cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict[str, tuple[Cell, ...]], init=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        size = f"Frame {self.name!r}: {len(self.rows)} rows, {len(self.columns)} columns"
        return f"{size}. {self.title[:300]}" if self.title else size

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        lines = "".join(
            f"<tr>{''.join(f'<td>{escape(_shown(cell))}</td>' for cell in row)}</tr>" for row in self.rows[:_HEAD]
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
        return f"<p>{escape(repr(self))}</p>{table}"

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the cells of a column; what is not a number is None.

        Raises:
            InputError: no such column.
        """
        if name not in self.columns:
            found, needed = repr(name), f"a column of {self.name}: {', '.join(self.columns)}"
            raise InputError([Problem(where="Frame.column, name", found=found, needed=needed)])
        if name not in self._cells:
            place = self.columns.index(name)
            self._cells[name] = _alike(tuple(row[place] for row in self.rows))
        return self._cells[name]

    def records(self) -> list[dict[str, Cell]]:
        """Return the rows as mappings from name of column to cell."""
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*map(self.column, self.columns), strict=True)]

    def to_pandas(self) -> Any:
        """Return a ``pandas.DataFrame``.

        Raises:
            InputError: pandas is not installed.
        """
        pandas = _library("pandas", "Frame.to_pandas")
        return pandas.DataFrame({name: list(self.column(name)) for name in self.columns}, columns=list(self.columns))

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``.

        Raises:
            InputError: polars is not installed.
        """
        return _library("polars", "Frame.to_polars").DataFrame(self)

    def __arrow_c_schema__(self) -> object:
        return _arrow().c_schema(self._schema()).__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        arrow = _arrow()
        schema = self._schema()
        children = [arrow.c_array(list(self.column(name)), kind) for name, kind in self._kinds()]
        whole = arrow.c_array_from_buffers(schema, len(self.rows), buffers=[None], children=children)
        return arrow.c_array_stream(whole).__arrow_c_stream__(requested_schema)

    def _schema(self) -> Any:
        return _arrow().struct(dict(self._kinds()), nullable=False)

    def _kinds(self) -> Iterator[tuple[str, Any]]:
        arrow = _arrow()
        kinds = {bool: arrow.bool_, int: arrow.int64, float: arrow.float64, str: arrow.string}
        for place, name in enumerate(self.columns):
            kind = next((type(cell) for cell in self.column(name) if cell is not None), None)
            has_unit = place < len(self.units) and bool(self.units[place])
            yield name, kinds[kind or (float if has_unit else str)]()


def _alike(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return the cells of a column in one type, None where there is none."""
    there = [None if isinstance(cell, float) and cell != cell else cell for cell in cells]
    kinds = {type(cell) for cell in there if cell is not None}
    if kinds <= {int, float} and len(kinds) == 2:
        return tuple(None if cell is None else float(cell) for cell in there)
    if len(kinds) > 1 or not kinds <= {bool, int, float, str}:
        return tuple(None if cell is None else _shown(cell) for cell in there)
    return tuple(there)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def _arrow() -> Any:
    import nanoarrow

    return nanoarrow


def _library(name: str, where: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:  # a part of it that is missing
            raise
        found, needed, hint = f"no {name}", name, f"Write `pip install {name}`."
        raise InputError([Problem(where=where, found=found, needed=needed, hint=hint)]) from None
