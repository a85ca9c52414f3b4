"""Read blocks and rows into their models, and numbers into claims; every problem is collected with its place."""

from __future__ import annotations

__all__ = ["Reader"]

import dataclasses
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from typing import Any

from potline.cases.cells import Names, Quantity, is_table, shown
from potline.cases.currency_names import to_field, to_file
from potline.cases.documents import Document
from potline.cases.files import ExtraColumn, Row, Table
from potline.cases.problems import Hint, Problems, did_you_mean, misspelt
from potline.cases.rows import Rows
from potline.cases.said import NOT_IN_COLUMNS, completed, is_money, said_at
from potline.cases.schema import FREE, Block, ClaimBlock, ColumnBlock
from potline.cases.unit_words import same_unit
from potline.cases.validation import RENAMED, AnyBlock, cell_of, validated
from potline.cases.written import Origin, Written
from potline.sources import Claims, Interval, VatBasis
from potline.units import without_vat

CASE = "case.toml"


@dataclass(slots=True)
class Reader:
    """What has been read so far of one case.

    Attributes:
        written, bases: what claims are made of, in file order; tax basis by name.
        stated: range as published and tax basis, by claim path, of numbers that stand alone.
        tried: paths of number blocks met, sound or not.
        extra: columns that the format does not know.
    """

    document: Document
    tables: Mapping[str, Table]
    problems: Problems
    currency: str = ""
    vat_rate: float = 0.0
    written: Written = field(default_factory=Written)
    bases: dict[str, VatBasis] = field(default_factory=dict[str, VatBasis])
    stated: dict[str, tuple[Interval, VatBasis]] = field(default_factory=dict[str, "tuple[Interval, VatBasis]"])
    extra: list[ExtraColumn] = field(default_factory=list[ExtraColumn])
    source_ids: dict[str, None] = field(default_factory=dict[str, None])
    tried: set[str] = field(default_factory=set[str])
    _columns: dict[tuple[str, str], Origin | None] = field(default_factory=dict[tuple[str, str], "Origin | None"])

    def __post_init__(self) -> None:
        table = self.tables.get("sources")
        self.source_ids = dict.fromkeys(row.cells.get("source", "") for row in table.rows) if table else {}

    def to_field(self, column: str) -> str:
        """Return the model's name of a file's name: ``cur`` for the currency."""
        return to_field(column, self.currency)

    def to_file(self, name: str) -> str:
        """Return the file's name of a model's name."""
        return to_file(name, self.currency)

    def to_unit(self, unit: str) -> str:
        """Return a unit in the case's currency."""
        return unit.replace("CUR", self.currency or "CUR")

    def at_key(self, keys: Sequence[str], found: str, needed: str, hint: Hint = "") -> None:
        """Add a problem at a key of case.toml."""
        name = ".".join(f'"{key}"' if "." in key else key for key in keys)
        if keys[0] == "factors" and len(keys) > 1:
            name = ".".join((f"factors[{int(keys[1]) + 1}]", *keys[2:]))
        self.problems.add(CASE, line=self.document.line(keys), key=name, found=found, needed=needed, hint=hint)

    def at_cell(self, table: Table, row: Row, column: str, found: str, needed: str, hint: Hint = "") -> None:
        """Add a problem at a cell of a table; nothing where the row ends before it, which is a problem of its own."""
        if column in row.cut:
            return
        self.problems.add(table.file, row=row.number, column=column, found=found, needed=needed, hint=hint)

    def block(
        self, model: type[AnyBlock], data: Any, keys: Sequence[str], hints: Mapping[str, str] | None = None
    ) -> AnyBlock:
        """Return a block of case.toml; values with problems stay at their defaults."""
        if not is_table(data):
            self.at_key(keys, shown(data), f"a table `[{'.'.join(keys)}]`")
            return model.model_construct()
        back = {new: old for old, new in RENAMED.items()}

        def report(name: str, found: str, needed: str, hint: Hint) -> None:
            self.at_key((*keys, back.get(name, self.to_file(name))), found, needed, hint or (hints or {}).get(name, ""))

        given = {RENAMED.get(key, self.to_field(key)): value for key, value in data.items()}
        return validated(model, given, report, self.to_file)

    def check_columns(self, model: type[Block], table: Table, hints: Mapping[str, str]) -> None:
        """Report missing columns of a table and those that look like one that lacks, misspelt; keep other unknown ones.

        ``hints`` holds what to try by unknown column; one that is in it is no column to keep. One that looks like free
        text that lacks, ``notes``, is kept: nothing is read from either, and tables with and without it are alike.
        """
        known = {self.to_file(name): cell_of(model, name) for name in model.model_fields}
        unknown = [column for column in table.columns if column not in known]
        absent = [column for column, cell in known.items() if column not in table.columns and cell != FREE]
        for column in unknown:
            hint = hints.get(column) or misspelt(column, absent)
            if column in hints or hint:
                self.problems.add(
                    table.file, row=1, column=column, found="an unknown column", needed="a known column", hint=hint
                )
            else:
                cells = tuple(row.texts[row.places[column]] for row in table.rows)
                self.extra.append(ExtraColumn(table=table.file, column=column, cells=cells))
        for name in model.required:
            if self.to_file(name) not in table.columns:
                self.problems.add(
                    table.file, row=1, column=self.to_file(name), found="no such column", needed="this column",
                    hint=self._missing_column(self.to_file(name), unknown),
                )  # fmt: skip

    def _missing_column(self, name: str, unknown: Sequence[str]) -> str:
        near = did_you_mean(name, unknown)
        if near.startswith("Did"):
            return f"Rename column {near.removeprefix('Did you mean ').removesuffix('?')}."
        return "Add it to the first row, with a cell in every row below."

    def sources_at_key(self, ids: Iterable[str], keys: Sequence[str]) -> str:
        """Check source ids at a key and return them as one text."""
        for item in self._unknown(ids):
            self.at_key(keys, repr(item), "an id of sources.csv", did_you_mean(item, self.source_ids, "Sources"))
        return "; ".join(ids)

    def sources_at_cell(self, ids: Iterable[str], table: Table, row: Row, column: str) -> None:
        """Check source ids in a cell."""
        for item in self._unknown(ids):
            hint = partial(did_you_mean, item, self.source_ids, "Sources")
            self.at_cell(table, row, column, repr(item), "an id of sources.csv", hint)

    def _unknown(self, ids: Iterable[str]) -> list[str]:
        return [item for item in ids if self.source_ids and item not in self.source_ids]

    def origin(self, block: ClaimBlock | ColumnBlock, quantity: Quantity | None, keys: Sequence[str]) -> Origin:
        """Check the unit, tax basis and sources of a block and return them."""
        unit = quantity.unit if quantity else ""
        self.check_unit(block.unit, unit, (*keys, "unit"))
        wanted = self.currency if "CUR" in unit else "USD" if "USD" in unit else ""
        if block.vat == "included" and unit and not wanted:
            self.at_key((*keys, "vat"), "'included'", "'none' for a quantity that is not money")
        source = self.sources_at_key(block.source, (*keys, "source"))
        return Origin(
            unit=block.unit,
            vat=block.vat,
            source=source,
            standing=block.standing,
            quote=block.quote,
            note=block.note,
        )

    def check_unit(self, given: str, unit: str, keys: Sequence[str]) -> None:
        """Report a unit in another currency, or of another scale than the name of the number implies."""
        wanted = self.currency if "CUR" in unit else "USD" if "USD" in unit else ""
        needed = self.to_unit(unit)
        if given and wanted and wanted not in given:
            self.at_key(keys, repr(given), f"a unit in {wanted}", f"Write {needed!r}.")
        elif given and not same_unit(given, needed, self.currency):
            hint = f'Convert the numbers to {needed}, or write `unit = "{needed}"` if they are in it already.'
            self.at_key(keys, repr(given), f"{needed!r}, the unit that the name implies", hint)

    def number(
        self,
        data: Any,
        quantity: Quantity,
        keys: Sequence[str],
        path: str,
        *,
        convert: bool = True,
        said: Mapping[str, Any] | None = None,
    ) -> float:
        """Read a number or its block, make its claim, and return the central value without tax (nan where it is bad).

        ``said`` is what its table says of all its numbers.
        """
        self.tried.add(path)
        unit = self.to_unit(quantity.unit)
        if isinstance(data, (int, float, str)) and not isinstance(data, bool):
            data = {"value": data}
        if is_table(data):
            data = completed(data, said or {}, quantity, unit)
        block = self.block(ClaimBlock, data, keys, {"unit": f'Write `unit = "{unit}"`.'})
        origin = self.origin(block, quantity, keys)
        if block.value is None:
            return float("nan")
        interval = self.quantity(block.value, quantity, (*keys, "value"))
        if interval is None:
            return float("nan")
        line = self.document.line(keys)
        where = f"{CASE} line {line}" if line else CASE
        return self.claim(path, interval, origin, where=where, convert=convert)

    def quantity(self, raw: Any, quantity: Quantity, keys: Sequence[str]) -> Interval | None:
        """Read a number of case.toml, or report why it is none."""
        try:
            return quantity.read(raw)
        except Exception as error:
            about: Mapping[str, Any] = getattr(error, "context", None) or {}
            self.at_key(keys, shown(raw), about.get("needed", str(error)), about.get("hint", ""))
            return None

    def claim(self, path: str, interval: Interval, origin: Origin, *, where: str, convert: bool = True) -> float:
        """Add a claim as published and return its central value without tax."""
        self.written.extend(paths=[path], intervals=[interval], origins=[origin], wheres=[where], notes=[""])
        basis: VatBasis = origin.vat if convert else "none"
        self.stated[path] = interval, basis
        return without_vat(interval.central, self.vat_rate) if basis == "included" else interval.central

    def claims(self) -> Claims:
        """Return the claims in file order."""
        return Claims.later(self.written)

    def range_of(self, path: str) -> Interval | None:
        """Return the range of a claim without tax; None where there is no claim."""
        if path in self.stated:
            return self.untaxed(*self.stated[path])
        if path not in self.written.paths:
            return None
        place = self.written.paths.index(path)
        return self.untaxed(self.written.intervals[place], self.written.origins[place].vat)

    def untaxed(self, interval: Interval, vat: str) -> Interval:
        """Return a range without tax."""
        if vat != "included":
            return interval
        return Interval(
            central=without_vat(interval.central, self.vat_rate),
            low=without_vat(interval.low, self.vat_rate),
            high=without_vat(interval.high, self.vat_rate),
            stated_central=interval.stated_central,
        )

    def column(self, model: type[Block], name: str) -> Origin | None:
        """Return what ``[columns.TABLE.COLUMN]`` says of a column of numbers; reports once where it is silent."""
        table, column = model.file.removesuffix(".csv"), self.to_file(name)
        keys = ("columns", table, column)
        tables = self.document.values.get("columns", {})
        given = tables.get(table) if is_table(tables) else None
        cell = cell_of(model, name)
        quantity = cell if isinstance(cell, Quantity) else None
        origin = None
        unit = self.to_unit(quantity.unit) if quantity else ""
        said = said_at(self, keys[:2])
        own = given.get(column) if is_table(given) else None
        money = quantity is None or is_money(quantity.unit)
        if (table, column) in NOT_IN_COLUMNS and own is None:
            origin = Origin(unit="", vat="none")
        elif own is not None or "vat" in said or (self._is_said(table, said) and not money):
            whole = completed(own or {}, said, quantity, unit) if own is None or is_table(own) else own
            block = self.block(ColumnBlock, whole, keys, {"unit": f'Write `unit = "{unit}"`.'})
            origin = self.origin(block, quantity, keys)
            self.bases[f"{table}.{column}"] = origin.vat
        else:
            self.at_key(
                keys,
                "nothing",
                f"the unit and tax basis of column {column} of {model.file}",
                f"Add a table `[{'.'.join(keys)}]` with unit, vat, source and standing.",
            )
        self._columns[model.file, name] = origin
        return origin

    def _is_said(self, table: str, said: Mapping[str, Any]) -> bool:
        """Whether a table or its rows say where numbers come from, so that a name may say the rest."""
        return bool(said) or (table in self.tables and {"source", "standing"} <= set(self.tables[table].columns))

    def numbers(
        self, rows: Rows[Any], members: Sequence[str], fields: Sequence[tuple[str, str]]
    ) -> dict[str, list[float | None]]:
        """Make the claims of columns of numbers, row by row, and return their central values without tax by name.

        A column that is blank in every row is left out.

        Args:
            rows: of a table.
            members: what the path of a claim begins with, of each row.
            fields: name in the model, and field in the path of a claim, of each column.
        """
        given = {name: rows.columns[name] for name, _ in fields if any(rows.columns.get(name, ()))}
        origins = {name: self.column(rows.model, name) for name in sorted(given, key=lambda name: _first(given[name]))}
        numbers: dict[str, list[float | None]] = {}
        claimed: list[tuple[str, list[Interval | None], Iterable[Origin]]] = []
        for name, noun in ((name, noun) for name, noun in fields if name in given):
            origin, central = origins[name], [None if item is None else item.central for item in given[name]]
            if origin is not None and origin.vat == "included":
                central = [None if value is None else without_vat(value, self.vat_rate) for value in central]
            numbers[name] = central
            if origin is not None:
                claimed.append((noun, given[name], self._of_rows(rows, name, origin)))
        nouns, intervals, of_cells = zip(*claimed, strict=True) if claimed else ((), (), ())
        self.written.extend(
            paths=[start + noun for start in members for noun in nouns],
            intervals=list(chain.from_iterable(zip(*intervals, strict=True))),
            origins=chain.from_iterable(zip(*of_cells, strict=True)),
            wheres=[row.where for row in rows.rows for _ in claimed],
            notes=[note for note in rows.column("note") for _ in claimed],
        )
        return numbers

    def _of_rows(self, rows: Rows[Any], name: str, origin: Origin) -> Iterable[Origin]:
        """Return the origins of a column's numbers, which may leave source or standing to the rows."""
        if origin.source and origin.standing:
            return repeat(origin, len(rows.rows))
        made: dict[tuple[str, str], Origin] = {}
        found: list[Origin] = []
        told = zip(rows.rows, rows.columns[name], rows.column("source"), rows.column("standing"), strict=True)
        for row, interval, ids, standing in told:
            key = (origin.source or "; ".join(ids), origin.standing or standing)
            if key not in made:
                made[key] = dataclasses.replace(origin, source=key[0], standing=key[1])
            found.append(made[key])
            for word, value in zip(("source", "standing"), key, strict=True):
                if not value and interval is not None and word not in row.cut:
                    self.at_key(
                        ("columns", rows.table.file.removesuffix(".csv"), self.to_file(name), word),
                        "nothing",
                        f"a {word} of column {self.to_file(name)}, here or in each row of {rows.table.file}",
                    )
        return found

    def rows(
        self, model: type[AnyBlock], hints: Mapping[str, str] | None = None, filled: Container[str] = ()
    ) -> Rows[AnyBlock]:
        """Return the rows of a model's table; reports unknown columns, names twice and unknown sources.

        ``filled`` names columns whose blank cells a default fills.
        """
        table = self.tables.get(model.file.removesuffix(".csv"))
        if table is None:
            return Rows(model, Table(model.file, (), ()), self.to_file, self.at_cell)
        self.check_columns(model, table, hints or {})
        rows = Rows(model, table, self.to_file, self.at_cell, filled)
        first: dict[tuple[str, str], int] = {}
        kept: list[int] = []
        months = rows.column("month")
        for place, (row, name, month) in enumerate(zip(rows.rows, rows.column(model.required[0]), months, strict=True)):
            key = (name, month)
            if name and first.setdefault(key, row.number) != row.number:
                self.at_cell(
                    table,
                    row,
                    model.required[0],
                    f"{model.noun} {' '.join(key).strip()!r} again (first in row {first[key]})",
                    f"each {model.noun} once",
                    "Delete the row or give it another name." if model.file != "series.csv" else "",
                )
            else:
                kept.append(place)
        rows = rows if len(kept) == len(rows.rows) else rows.only(kept)
        for column in ("source", "correction_source"):
            ids_of = rows.columns.get(column, []) if _holds_ids(model, column) else []
            unknown = {ids for ids in set(ids_of) if self._unknown(ids)}
            for row, ids in zip(rows.rows, ids_of, strict=True) if unknown else ():
                if ids in unknown:
                    self.sources_at_cell(ids, table, row, column)
        return rows

    def known(self, table: Table, row: Row, column: str, word: str, names: Collection[str], file: str) -> None:
        """Report a name that is in no row of the file it refers to; once where that file names nothing at all.

        ``names`` is a set or a mapping, so that looking one up takes no time.
        """
        if not word or word in names:
            return
        noun = column if column != "owner" else "firm"
        if any(names):
            hint = partial(did_you_mean, word, names)
            self.at_cell(table, row, column, f"unknown {noun} {word!r}", f"a {noun} of {file}", hint)
        elif not self.problems.in_file(file):
            needed = f"this table, because {row.where} names {noun} {word!r}"
            hint = f"Write it with one row for each {noun}."
            self.problems.add(file, found="no such file", needed=needed, hint=hint)


def _first(values: Sequence[object]) -> int:
    """Return the place of the first value that is there."""
    return next(place for place, value in enumerate(values) if value is not None)


def _holds_ids(model: type[Block], name: str) -> bool:
    return isinstance(cell_of(model, name), Names)
