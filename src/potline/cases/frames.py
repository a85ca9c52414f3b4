"""A case from frames and back: the tables of a folder as any library holds them, and what ``case.toml`` says."""

from __future__ import annotations

__all__ = ["case_frames", "case_from_frames"]

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from potline.cases.case import Case
from potline.cases.cells import Quantity
from potline.cases.currency_names import to_field
from potline.cases.files import read_table
from potline.cases.loading import case_of_files
from potline.cases.problems import Problems
from potline.cases.reader import CASE
from potline.cases.saving import files_as_read
from potline.cases.schema_1 import is_schema_1_text, renewed
from potline.cases.tables import TABLES
from potline.cases.toml_writing import toml_key, toml_path, toml_string, toml_value
from potline.cases.workbooks.layout import column_cell, meant
from potline.cases.workbooks.reading import csv_bytes
from potline.errors import InputError, Problem
from potline.frame import Frame
from potline.reading import did_you_mean, found_as, reads

WHERE = "frames"
_WHOLE = re.compile(r"[-+]?(0|[1-9]\d{0,14})")
_PLAIN = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,3})?")
_NEEDED = "a frame (pandas, polars, pyarrow, DuckDB), a mapping of columns, or a list of rows by name"
_ROW = re.compile(rf"\b({'|'.join(TABLES)})\.csv row (\d+)")
_FILE = re.compile(rf"\b({'|'.join(TABLES)})\.csv\b")


@reads
def case_from_frames(about: Any, **tables: Any) -> Case:
    """Return the case that frames hold, by the same schema and with the same errors as a folder.

    A frame is anything that speaks the Arrow PyCapsule interface (pandas, polars, pyarrow, DuckDB, ours), a mapping
    from column to cells, or a list of mappings. A missing cell is blank; text such as ``120..150`` is a range.

    Args:
        about: what ``case.toml`` says, as ``tomllib`` reads it, or its text.
        tables: a frame for each table, by name: ``plants``, ``firms``, ``sources`` and what else the case holds.

    Raises:
        InputError: what is wrong with the case, by frame, row and column; rows count from 0.

    Examples:
        >>> import potline as pot
        >>> made = pot.case_from_frames(**pot.case_frames(pot.load("china-aluminium-2015")))
        >>> len(made.industry.plants) == len(pot.load("china-aluminium-2015").industry.plants)
        True
    """
    problems = Problems()
    document = _document(about)
    currency = _currency(document)
    files = {CASE: document.encode("utf-8", "surrogatepass")}
    wrong = [_unknown(name) for name in tables if name not in TABLES]
    for name, frame in tables.items():
        if name in TABLES:
            try:
                rows = _rows(name, frame, currency)
            except InputError as error:
                wrong += error.problems
                continue
            if len(rows) > 1:
                files[f"{name}.csv"] = csv_bytes(rows)
    if wrong:
        raise InputError(wrong)
    problems.places = _Places()
    case, found = case_of_files(files, WHERE, problems)
    if case is None or found:
        raise InputError(found)
    return case


@reads
def case_frames(case: Case) -> dict[str, Any]:
    """Return what a case was read from as frames, which :func:`case_from_frames` takes: ``about``, and a frame a table.

    Columns of plain numbers are numbers; one that holds ranges is text, as everywhere in a case.

    Raises:
        InputError: the case was made in Python or changed since it was read, so that no file says what it holds.

    Examples:
        >>> import potline as pot
        >>> pot.case_frames(pot.load("china-aluminium-2015"))["plants"].columns[:2]
        ('plant', 'firm')
    """
    held = files_as_read(case)
    if is_schema_1_text(held[CASE]):
        held = dict(renewed(held).files)
    about = tomllib.loads(held[CASE].decode("utf-8"))
    found: dict[str, Any] = {"about": about}
    for name in TABLES:
        if f"{name}.csv" in held:
            found[name] = _frame(name, held[f"{name}.csv"], about)
    return found


def _frame(name: str, data: bytes, about: Mapping[str, Any]) -> Frame:
    table = read_table(data, f"{name}.csv", Problems())
    if table is None:
        raise AssertionError(f"{name}.csv of a sound case cannot be read")
    currency = str(about["case"]["currency"])
    stated = about.get("columns", {}).get(name, {})
    columns = [
        _typed([row.texts[table.rows[0].places[column]] for row in table.rows], name, column, currency)
        for column in table.columns
    ]
    return Frame(
        name=name,
        columns=table.columns,
        units=tuple(str(stated.get(column, {}).get("unit", "")) for column in table.columns),
        rows=tuple(zip(*columns, strict=True)),
    )


def _typed(texts: Sequence[str], table: str, column: str, currency: str) -> list[str | float | None]:
    there = [text for text in texts if text]
    if isinstance(column_cell(table, to_field(column, currency)), Quantity) and there:
        for form, kind in ((_WHOLE, int), (_PLAIN, float)):
            if all(form.fullmatch(text) for text in there):
                return [kind(text) if text else None for text in texts]
    return [text or None for text in texts]


def _document(about: Any) -> str:
    if isinstance(about, str):
        return about
    if not isinstance(about, Mapping):
        needed = "what case.toml says, as a mapping of tables or as text"
        raise InputError([Problem(where="case_from_frames, about", found=found_as(about), needed=needed)])
    return "\n".join(_tables(cast("Mapping[str, Any]", about), ())) + "\n"


def _currency(document: str) -> str:
    try:
        return str(tomllib.loads(document)["case"]["currency"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError):  # told by the reader
        return ""


def _tables(values: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines of a table of TOML, its values before the tables in it."""
    inner = {name: value for name, value in values.items() if _is_inner(value)}
    if path and (len(inner) < len(values) or not inner):
        yield f"[{toml_path(path)}]"
    for name, value in values.items():
        if name not in inner and value is not None:
            yield f"{toml_key(str(name))} = {_value(value, (*path, str(name)))}"
    for name, value in inner.items():
        if isinstance(value, Mapping):
            yield from _tables(cast("Mapping[str, Any]", value), (*path, str(name)))
        else:
            for item in cast("list[Mapping[str, Any]]", value):
                yield f"[[{toml_path((*path, str(name)))}]]"
                yield from (f"{toml_key(str(key))} = {_value(one, (*path, str(key)))}" for key, one in item.items())


def _is_inner(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[Any]", value)
        return bool(items) and all(isinstance(item, Mapping) for item in items)
    return isinstance(value, Mapping)


def _value(value: Any, path: tuple[str, ...]) -> str:
    """Return a value of TOML, a day as text."""

    def other(item: Any) -> str:
        if isinstance(item, (date, datetime)):
            return toml_string(str(item))
        where = f"about, key {'.'.join(path)}"
        raise InputError([Problem(where=where, found=found_as(item), needed="text or a number")])

    return toml_value(value, other)


def _unknown(name: str) -> Problem:
    hint = did_you_mean(name, TABLES, "Tables")
    return Problem(where="case_from_frames", found=f"frame {name!r}", needed="a table of a case", hint=hint)


def _rows(name: str, frame: Any, currency: str) -> list[list[str]]:
    """Return a frame as rows of text, the names of its columns first.

    Raises:
        InputError: it is no frame, or a cell holds what no cell of a case can.
    """
    columns, rows = _contents(name, frame)
    cells = [column_cell(name, to_field(column, currency)) for column in columns]
    found = [columns]
    for number, row in enumerate(rows):
        texts = [_text(value, name, number, column) for value, column in zip(row, columns, strict=True)]
        found.append([meant(text, cell) for text, cell in zip(texts, cells, strict=True)])
    return found


def _contents(name: str, frame: Any) -> tuple[list[str], Iterable[Sequence[Any]]]:
    if isinstance(frame, Frame):
        return list(frame.columns), frame.rows
    if isinstance(frame, Mapping):
        columns = {str(key): value for key, value in cast("Mapping[Any, Any]", frame).items()}
        if columns and all(isinstance(cells, (list, tuple)) for cells in columns.values()):
            if len({len(cells) for cells in columns.values()}) > 1:
                sizes = ", ".join(f"{key} {len(cells)}" for key, cells in columns.items())
                needed = "as many cells in each"
                raise InputError([Problem(where=f"frame {name}", found=f"columns of {sizes} cells", needed=needed)])
            return list(columns), zip(*columns.values(), strict=True)
    elif isinstance(frame, (list, tuple)):
        records = cast("Sequence[Any]", frame)
        if records and all(isinstance(record, Mapping) for record in records):
            keys = list(dict.fromkeys(str(key) for record in records for key in record))
            return keys, ([record.get(key) for key in keys] for record in records)
    elif hasattr(frame, "__arrow_c_stream__"):
        return _streamed(frame)
    raise InputError([Problem(where=f"frame {name}", found=found_as(cast("object", frame)), needed=_NEEDED)])


def _streamed(frame: Any) -> tuple[list[str], Iterable[Sequence[Any]]]:
    if type(frame).__module__.partition(".")[0] == "pandas":  # whose interface needs pyarrow, and cells of one type
        named = {str(key): list(cells) for key, cells in frame.to_dict("list").items()}
        return list(named), zip(*named.values(), strict=True)
    import nanoarrow

    stream: Any = nanoarrow.ArrayStream(frame)
    return [str(field.name) for field in stream.schema.fields], list(stream.iter_tuples())


def _text(value: Any, name: str, row: int, column: str) -> str:
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, (datetime, date)):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "item"):  # a number of NumPy
        value = value.item()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    where = f"frame {name}, row {row}, column {column}"
    raise InputError([Problem(where=where, found=found_as(value), needed="text, a number or nothing")])


@dataclass(frozen=True, slots=True)
class _Places:
    """Places of problems in frames: rows count from 0, and what a folder's ``case.toml`` says is ``about``."""

    def place(self, file: str, row: int, line: int, column: str, key: str) -> str:
        del line
        part = f", column {column}" if column else f", key {key}" if key else ""
        name = file.removesuffix(".csv")
        if name == file or name not in TABLES:
            return f"{'about' if file == CASE else file}{part}"
        return f"frame {name}{f', row {row - 2}' if row > 1 else ''}{part}"

    def rows(self, file: str, part: str, first: int, last: int) -> str:
        name = file.removesuffix(".csv")
        if name not in TABLES:
            return f"about{f', key {part}' if part else ''}"
        ends = f"row {first - 2}" if first == last else f"rows {first - 2} to {last - 2}"
        return f"frame {name}, {ends}{f', column {part}' if part else ''}"

    def words(self, text: str) -> str:
        if text in ("no such file", "this table"):
            return "no such frame" if text == "no such file" else "this frame"
        text = _ROW.sub(lambda match: f"frame {match[1]}, row {int(match[2]) - 2}", text)
        return re.sub(r"case\.toml( line \d+)?", "about", _FILE.sub(r"frame \1", text))
