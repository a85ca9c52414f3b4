"""What is shown of an answer by itself: its numbers, its sentences, its tables, its figures, of nothing but itself."""

from __future__ import annotations

__all__ = ["Face", "case_of", "checks_line", "fields_of", "head_of", "numbers_line", "plain_tables", "source_of"]

import dataclasses
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

from potline.cases import Case
from potline.industry import Industry
from potline.report.figure import Figure
from potline.report.saying import check_called, coded, say
from potline.report.source import model_source
from potline.report.table import Cell, Reading, Table, col, table_of
from potline.report.words import amount, listing, percent
from potline.verification import rows_of

A = TypeVar("A")
Said = str | float | bool | tuple[Any, ...] | None
_MOST_NUMBERS, _LONGEST_WORD, _NAMES = 8, 60, 3
_UNITS = (
    ("_m_per_year", "m {}/year"),
    ("_per_kwh", "{}/kWh"),
    ("_per_t", "{}/t"),
    ("_per_year", "a year"),
    ("_kt_per_month", "kt/month"),
    ("_kt", "kt/year"),
    ("_months", "months"),
    ("_years", "years"),
    ("_m", "m {}"),
)
"""What the end of a name says of its unit; ``{}`` is the currency."""
_ASIDE = {
    "case_name",
    "version",
    "seed",
    "tolerance",
    "name",
    "title",
    "date",
    "currency",
    "digest",
    "folder",
    "document",
}
"""Fields that no line of numbers holds: they name the question."""


def _nothing(found: Any) -> tuple[Any, ...]:
    del found
    return ()


def fields_of(found: Any) -> dict[str, Said]:
    """Return the numbers and words that stand in the fields of an answer, and how many rows the others have.

    Examples:
        >>> from potline.industry import LumpSum
        >>> fields_of(LumpSum(name="L", government="Henan", firm="A", money_m_per_year=3.0))["money_m_per_year"]
        3.0
    """
    named: dict[str, Said] = {}
    for item in _fields(found):
        value = getattr(found, item.name)
        if isinstance(value, (str, bool, int, float)) or _is_rows(value) or (_all_names(value) and len(value)):
            named[item.name] = cast("Said", value)
    return named


def plain_tables(found: Any) -> Iterator[Table]:
    """Yield what an answer states number by number, then each field of it that holds rows, columns as in Python."""
    single = {name: value for name, value in fields_of(found).items() if not isinstance(value, tuple)}
    if single:
        columns: list[Reading[tuple[str, Any]]] = [
            col("name", "", lambda row: row[0]),
            col("value", "", lambda row: _cell(row[1])),
            col("unit", "", lambda row: _unit(row[0], found)),
        ]
        yield table_of(single.items(), columns, name="summary", title=say("faces.summary_title"))
    for item in _fields(found):
        value = getattr(found, item.name)
        if _is_rows(value):
            yield _rows_table(item.name, value, found)
    yield from _aligned_tables(found)


def _aligned_tables(found: Any) -> Iterator[Table]:
    """Yield a table for each list of names beside which arrays stand that are as long."""
    arrays = {
        item.name: value.tolist()
        for item in _fields(found)
        if getattr(value := getattr(found, item.name), "ndim", 0) == 1 and len(value)
    }
    for owner in (found, getattr(found, "game", None)):
        for name in (item.name for item in _fields(owner)):
            names = getattr(owner, name)
            beside = [key for key, cells in arrays.items() if _all_names(names) and 0 < len(names) == len(cells)]
            if beside:
                columns = [_numbered(k, key, found) for k, key in enumerate((name, *beside))]
                rows = zip(names, *(arrays.pop(key) for key in beside), strict=True)
                yield table_of(rows, columns, name=name, title=name.replace("_", " ").capitalize())


def _numbered(place: int, name: str, found: Any) -> Reading[tuple[Any, ...]]:
    return col(name, _unit(name, found) if place else "", itemgetter(place), -1)


def _rows_table(name: str, rows: tuple[Any, ...], found: Any) -> Table:
    columns: list[str] = []
    for row in rows:
        for item in dataclasses.fields(row):
            value = getattr(row, item.name)
            plain = isinstance(value, (str, int, float)) or _all_names(value)
            if plain and item.name not in columns:
                columns.append(item.name)

    def read(column: str) -> Reading[Any]:
        return col(column, _unit(column, found), lambda row: _cell(getattr(row, column, None)), -1)

    return table_of(rows, [read(column) for column in columns], name=name, title=name.replace("_", " ").capitalize())


@dataclass(frozen=True, kw_only=True)  # no slots: Python 3.11 notes in it of which type it was made
class Face(Generic[A]):
    """What is shown of one kind of answer by itself; nothing is solved for it.

    Attributes:
        numbers: its headline; units in the names, as in ``results.json``.
        sentences: the answer in words.
        tables: what it rests on, the first one first.
        figures: those of the brief, the first one first; one that has nothing to show is None.
    """

    numbers: Callable[[A], Mapping[str, Said]] = field(default=fields_of)
    sentences: Callable[[A], Iterable[str]] = _nothing
    tables: Callable[[A], Iterable[Table]] = plain_tables
    figures: Callable[[A], Iterable[Figure | None]] = _nothing


def case_of(found: Any) -> Case:
    """Return the case that an answer remembers, or one around its industry."""
    case = getattr(found, "case", None)
    if isinstance(case, Case):
        return case
    industry: Industry = found.industry
    return Case(name=industry.name, industry=industry, date=industry.date, currency=industry.currency)


def source_of(found: Any) -> str:
    """Return the source line of a figure of an answer."""
    return model_source(case_of(found))


def head_of(found: Any, about: str) -> str:
    """Return what an answer is, of what, and its question."""
    name = _named(found)
    kind = type(found).__name__
    head = say("faces.of", kind=kind, name=name) if name else kind
    return say("faces.asked", head=head, about=about) if about else head


def numbers_line(found: Any, numbers: Mapping[str, Said]) -> str:
    """Return the first numbers of an answer with their units; nothing is said of what is not there."""
    there = {name: value for name, value in numbers.items() if _is_there(value)}
    said = "; ".join([_said(name, value, found) for name, value in there.items()][:_MOST_NUMBERS])
    industry = found if isinstance(found, Industry) else getattr(found, "industry", getattr(found, "case", None))
    industry = industry.industry if isinstance(industry, Case) else industry
    taxed = isinstance(industry, Industry) and industry.vat_rate > 0.0
    return say("faces.untaxed", numbers=said) if taxed and any(map(_is_money, there)) else said


def checks_line(found: Any) -> str:
    """Return whether what separate code looked at holds; empty for what has no certificate."""
    if getattr(found, "certificate", None) is None and not hasattr(found, "checks"):
        return ""
    rows = tuple(found.checks) if hasattr(found, "checks") else rows_of(found)
    wrong = [check_called(row.name) for row in rows if not row.holds]
    if not rows:
        return say("faces.checks_none")
    if wrong:
        return say("faces.checks_fail", held=len(rows) - len(wrong), checks=len(rows), names=wrong)
    return say("faces.checks_hold", checks=len(rows))


def _is_money(name: str) -> bool:
    return name.endswith("_per_t")


def _named(found: Any) -> str:
    for owner in (found, *(getattr(found, part, None) for part in ("case", "industry", "network", "answers"))):
        for name in ("case_name", "name"):
            if isinstance(text := getattr(owner, name, None), str) and text:
                return text[:_LONGEST_WORD]
        if isinstance(case := getattr(owner, "case", None), Case):
            return case.name[:_LONGEST_WORD]
    return ""


def _currency(found: Any) -> str:
    for owner in (found, getattr(found, "case", None), getattr(found, "industry", None)):
        if isinstance(text := getattr(owner, "currency", None), str) and text:
            return text
    return "money"


def _unit(name: str, found: Any) -> str:
    for end, unit in _UNITS:
        if name.endswith(end):
            return unit.format(_currency(found))
    return "share" if name.endswith("share") else ""


def _said(name: str, value: Said, found: Any) -> str:
    currency = _currency(found)
    plain = re.sub(rf"_{re.escape(currency.lower())}(?=_|$)", "", name)
    if isinstance(value, tuple):
        return say("faces.number", name=plain.replace("_", " "), size=_several(value))
    unit = _unit(plain, found)
    words = plain
    for end, _ in _UNITS:
        if plain.endswith(end):
            words = plain.removesuffix(end)
            break
    if isinstance(value, bool):
        size = say("numbers.yes" if value else "numbers.no")
    elif isinstance(value, str):
        size = coded(value)[:_LONGEST_WORD]
    elif value is None:
        size = ""
    else:
        size = percent(value, 1) if unit == "share" else _number(value)
    tail = f" {unit}" if unit and unit != "share" and not isinstance(value, str) else ""
    return say("faces.number", name=words.replace("_", " "), size=f"{size}{tail}")


def _number(value: float) -> str:
    if isinstance(value, int) or not math.isfinite(value):
        return f"{value:,}"
    size = abs(value)
    return amount(value, 0 if size >= 100.0 or value.is_integer() else 1 if size >= 10.0 else 3)


def _several(value: tuple[Any, ...]) -> str:
    if _all_names(value):
        return listing([str(item)[:_LONGEST_WORD] for item in value], _NAMES)
    return say("faces.rows", count=len(value))


def _all_names(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in cast("tuple[Any, ...]", value))


def _fields(found: Any) -> tuple[dataclasses.Field[Any], ...]:
    there = dataclasses.fields(found) if dataclasses.is_dataclass(found) else ()
    return tuple(item for item in there if item.name not in _ASIDE and not item.name.startswith("_"))


def _is_rows(value: Any) -> bool:
    items = cast("tuple[Any, ...]", value) if isinstance(value, tuple) else ()
    return bool(items) and dataclasses.is_dataclass(items[0])


def _is_there(value: Said) -> bool:
    return not (value is None or value == "" or (isinstance(value, float) and math.isnan(value)))


def _cell(value: Any) -> Cell:
    if isinstance(value, Enum):
        return str(value.value)
    if _all_names(value):
        return "; ".join(map(str, value))
    return value if isinstance(value, (str, int, float)) else None
