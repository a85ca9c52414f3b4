"""A table as a frame: columns with units, handed on by the Arrow PyCapsule interface, which frame libraries speak."""

from __future__ import annotations

__all__ = ["Frame", "library"]

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any

from potline.errors import InputError, Problem
from potline.text import neutralised

IAMC = ("model", "scenario", "region", "variable", "unit", "year", "value")
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
        pandas = library("pandas", "Frame.to_pandas")
        return pandas.DataFrame({name: list(self.column(name)) for name in self.columns}, columns=list(self.columns))

    def to_polars(self) -> Any:
        """Return a ``polars.DataFrame``.

        Raises:
            InputError: polars is not installed.
        """
        return library("polars", "Frame.to_polars").DataFrame(self)

    def to_long(self) -> Frame:
        """Return the frame in tidy form: a row a number, with the words of its row, ``variable``, ``unit``, ``value``.

        Examples:
            >>> wide = Frame(name="plants", columns=("plant", "size_kt"), units=("", "kt/year"), rows=(("A", 2.0),))
            >>> wide.to_long().records()
            [{'plant': 'A', 'variable': 'size_kt', 'unit': 'kt/year', 'value': 2.0}]
        """
        words, numbers = self._parted()
        rows = [
            (*(row[name] for name in words), column, self._unit(column) or "-", float(cell))
            for row in self.records()
            for column in numbers
            if isinstance(cell := row[column], (int, float))
        ]
        columns = (*words, "variable", "unit", "value")
        return Frame(name=self.name, title=self.title, note=self.note, columns=columns, rows=tuple(rows))

    def to_iamc(self, *, scenario: str, year: int, region: str = "World", model: str = "Potline") -> Frame:
        """Return the frame in the long format of the IAMC, which pyam reads.

        Its columns are model, scenario, region, variable, unit, year, value. A variable is the table, the column and
        the words of the row, parted by ``|``; a column ``province`` or ``region`` gives the region instead. Rows that
        these do not tell apart, which pyam refuses, are told apart by their place, counted from 1.

        Args:
            scenario: name of the case.
            year: that the numbers are of.
            region: where a row names none.
            model: who computed them.

        Examples:
            >>> wide = Frame(name="plants", columns=("plant", "size_kt"), units=("", "kt/year"), rows=(("A", 2.0),))
            >>> wide.to_iamc(scenario="mine", year=2013).rows
            (('Potline', 'mine', 'World', 'Plants|Size|A', 'kt/year', 2013, 2.0),)
        """
        words, numbers = self._parted()
        places = [name for name in words if name in ("province", "region")][:1]
        told = [
            (str(row[places[0]] or region) if places else region,
             *(_part(str(row[name])) for name in words if name not in places and row[name] not in (None, "")))
            for row in self.records()
        ]  # fmt: skip
        times = Counter(told)
        rows: list[tuple[Cell, ...]] = []
        for place, ((where, *named), row) in enumerate(zip(told, self.records(), strict=True), start=1):
            apart = [str(place)] if times[where, *named] > 1 else []
            for column in numbers:
                cell = row[column]
                if isinstance(cell, (int, float)):
                    unit = self._unit(column) or "-"
                    variable = "|".join([_title(self.name), _title(_bare(column, unit)), *named, *apart])
                    rows.append((model, scenario, where, variable, unit, year, float(cell)))
        return Frame(name=self.name, title=self.title, columns=IAMC, rows=tuple(rows))

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the frame as the ending of the name says: ``.csv``, ``.json`` (rows) or ``.parquet``.

        Raises:
            InputError: another ending, or Parquet without polars or pyarrow.
        """
        place = Path(path)
        writers = {".csv": self._csv, ".json": self._json, ".parquet": self._parquet}
        if place.suffix.lower() not in writers:
            found, needed = f"{place.name!r}", f"a name that ends in {', '.join(writers)}"
            raise InputError([Problem(where="Frame.save, path", found=found, needed=needed)])
        try:
            writers[place.suffix.lower()](place)
        except OSError as error:
            found = f"a place where nothing can be written ({error.strerror})"
            raise InputError([Problem(where=str(place), found=found, needed="a file of yours")]) from None
        return place

    def _csv(self, place: Path) -> None:
        import csv

        with place.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(map(neutralised, self.columns))
            writer.writerows([neutralised(_shown(cell)) for cell in row.values()] for row in self.records())

    def _json(self, place: Path) -> None:
        import json

        rows = [
            {name: cell if cell not in (math.inf, -math.inf) else _shown(cell) for name, cell in row.items()}
            for row in self.records()
        ]
        place.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")

    def _parquet(self, place: Path) -> None:
        if find_spec("polars") is None and find_spec("pyarrow") is not None:
            table = import_module("pyarrow").table(self)
            import_module("pyarrow.parquet").write_table(table, place)
            return
        library("polars", "Frame.save, Parquet").DataFrame(self).write_parquet(place)

    def _parted(self) -> tuple[list[str], list[str]]:
        """Return the names of the columns that hold words, and of those that hold numbers."""
        numbers = [name for name in self.columns if self._kind(name) in (int, float)]
        return [name for name in self.columns if name not in numbers], numbers

    def _kind(self, column: str) -> type:
        """Return what a column holds; one of blanks numbers where it has a unit, else words."""
        blank = float if self._unit(column) else str
        return next((type(cell) for cell in self.column(column) if cell is not None), blank)

    def _unit(self, column: str) -> str:
        place = self.columns.index(column)
        return self.units[place] if place < len(self.units) else ""

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
        for name in self.columns:
            yield name, kinds[self._kind(name)]()


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


def _bare(column: str, unit: str) -> str:
    """Return the name of a column without the unit that its end says: ``cash_cost_cny_per_t`` in CNY/t."""
    end = "_".join(unit.lower().replace("/", " per ").split())
    for tail in (end, end.removesuffix("_per_year")):
        if tail and column.endswith(f"_{tail}"):
            return column.removesuffix(f"_{tail}")
    return column


def _title(name: str) -> str:
    return _part(name.replace("_", " ").strip().title())


def _part(text: str) -> str:
    """Return a part of a variable: it holds no mark that parts, and no blank at its ends."""
    return text.replace("|", "/").strip()


def _arrow() -> Any:
    import nanoarrow

    return nanoarrow


def library(name: str, where: str, *, install: str = "") -> Any:
    """Return a library that is asked for by name where it is wanted.

    Args:
        name: of its module.
        where: who asks for it.
        install: what pip is told; the name unless given.

    Raises:
        InputError: it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:  # a part of it that is missing
            raise
        found, needed, hint = f"no {name}", name, f"Write `pip install {install or name}`."
        raise InputError([Problem(where=where, found=found, needed=needed, hint=hint)]) from None
