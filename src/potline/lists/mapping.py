"""Read a mapping file: every mistake of it at once, by line and key."""

from __future__ import annotations

__all__ = ["Assumed", "Given", "ListMapping", "quantity_of", "read_mapping"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from potline.cases.cells import Quantity, is_list, is_table, shown
from potline.cases.currency_names import to_field
from potline.cases.documents import Document, read_toml
from potline.cases.plants import is_input_column
from potline.cases.problems import Problems, did_you_mean
from potline.cases.schema import NUMBERS
from potline.cases.tables import INPUT_COLUMNS, PlantRow
from potline.cases.validation import cell_of
from potline.errors import InputError
from potline.lists.words import MEANINGS, PARTS, words_of
from potline.sources import STANDINGS, VAT_BASES

RUNNING_SHARE = "running_share"
_SHARE = Quantity(unit="share", meaning="share of a running plant that runs", minimum=0.0, maximum=1.0)
_OWN = ("plant", "firm", "province", "capacity_kt", "running_kt", "commissioning_kt")
_PASSED = ("factors", "noise", "meeting", "outcome", "series", "input_market")
"""Parts of case.toml that a mapping file may hold as they are."""
_KEYS: dict[str, tuple[str, ...]] = {
    "list": ("heading_row", "sheet", "separator", "encoding", "decimal", "title", "address", "licence", "standing",
             "missing", "totals"),
    "columns": (*PARTS, "kept"),
    "capacity": ("unit", "unit_column", "bounds", "approximate"),
    "owners": ("nobody", "tolerance_percent"),
    "case": ("name", "title", "date", "currency", "product", "vat_rate", "own_inputs", "demand", "description"),
}  # fmt: skip
_CLAIM = ("value", "unit", "vat", "source", "standing", "quote", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """A column of plants.csv that the list lacks.

    Attributes:
        column: its name, with ``cur`` for the currency.
        quantity: what it may hold.
        by: heading of the list by whose words the values stand; "" for one value for all.
        values: value by word; ``*`` for every other word.
        about: its unit, tax basis, source, standing and note.
    """

    column: str
    quantity: Quantity
    by: str
    values: Mapping[str, str]
    about: Mapping[str, str]

    def value_for(self, cells: Mapping[str, str]) -> str | None:
        """Return what is assumed of a row of the list; None where no value stands for its word."""
        return self.values.get(cells[self.by] if self.by else "*", self.values.get("*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A column of plants.csv that the list holds under a heading, times a factor."""

    column: str
    quantity: Quantity
    heading: str
    times: float
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMapping:
    """How a list becomes a case."""

    file: str
    document: Document
    heading_row: int = 1
    sheet: str = ""
    separator: str = ""
    encoding: str = ""
    decimal: str = "."
    source: Mapping[str, str] = field(default_factory=dict[str, str])
    standing: str = "reported"
    missing: Sequence[str] = ()
    totals: Sequence[str] = ()
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    kept: Sequence[str] = ()
    unit: str = ""
    unit_column: str = ""
    bounds: str = "drop"
    approximate: str = "take"
    nobody: Sequence[str] = ()
    tolerance_percent: float = 0.5
    statuses: Mapping[str, str] = field(default_factory=dict[str, str])
    only: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    case: Mapping[str, Any] = field(default_factory=dict[str, Any])
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    assumed: Sequence[Assumed] = ()
    given: Sequence[Given] = ()
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    passed: Mapping[str, Any] = field(default_factory=dict[str, Any])
    open: Sequence[tuple[str, ...]] = ()

    def is_missing(self, cell: str) -> bool:
        """Whether a cell says nothing: it is blank, or holds one of the words for that."""
        return not cell or cell.casefold() in self.missing


class _Reader:
    """Looks keys up and reports what is wrong with them."""

    def __init__(self, document: Document, file: str) -> None:
        self.document, self.file, self.problems = document, file, Problems()

    def wrong(self, keys: Sequence[str], found: str, needed: str, hint: Any = "") -> None:
        self.problems.add(self.file, line=self.document.line(keys), key=".".join(keys), found=found, needed=needed,
                          hint=hint)  # fmt: skip

    def table(self, keys: Sequence[str], known: Sequence[str] = ()) -> dict[str, Any]:
        values: Any = self.document.values
        for key in keys:
            values = values.get(key, {}) if is_table(values) else {}
        if not is_table(values):
            self.wrong(keys, shown(values), "a table")
            return {}
        for key in values:
            if known and key not in known:
                self.wrong((*keys, key), "an unknown key", "a known key", partial(did_you_mean, key, known, "Keys"))
        return values

    def text(self, table: Mapping[str, Any], keys: Sequence[str], default: str = "", words: Sequence[str] = ()) -> str:
        value = table.get(keys[-1], default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(keys, shown(value), "text")
            return default
        text = " ".join(str(value).split()) if str(value).strip() else str(value) if keys[-1] == "separator" else ""
        if words and text not in (*words, "?"):
            self.wrong(keys, shown(value), f"one of: {', '.join(words)}")
            return default
        return text

    def words(self, table: Mapping[str, Any], keys: Sequence[str], default: Sequence[str] = ()) -> tuple[str, ...]:
        value: Any = table.get(keys[-1], list(default))
        if isinstance(value, str):
            value = [value]
        if not is_list(value):
            self.wrong(keys, shown(value), "a list of texts")
            return tuple(default)
        for item in value:
            if not isinstance(item, str):
                self.wrong(keys, shown(item), "texts in quotes")
        return tuple(" ".join(item.split()) for item in value if isinstance(item, str))

    def number(self, table: Mapping[str, Any], keys: Sequence[str], default: float, least: float) -> float:
        value = table.get(keys[-1], default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= 1e12:
            self.wrong(keys, shown(value), f"a number from {least:g}")
            return default
        return float(value)


def read_mapping(data: bytes, file: str) -> ListMapping:
    """Read a mapping file.

    Raises:
        InputError: with every mistake, by line and key; a "?" is none here, but listed in ``open``.
    """
    problems = Problems()
    document = read_toml(data, file, problems)
    if document is None or problems:
        raise InputError(problems.sorted())
    reader = _Reader(document, file)
    known = (*_KEYS, "statuses", "only", "numbers", "assumed", "given", "defaults", "sources", *_PASSED)
    reader.table((), known)
    top, columns, capacity, owners = (reader.table((name,), _KEYS[name]) for name in list(_KEYS)[:4])
    only = reader.table(("only",))
    statuses = reader.table(("statuses",))
    result = ListMapping(
        file=file,
        document=document,
        heading_row=int(reader.number(top, ("list", "heading_row"), 1.0, 1.0)),
        sheet=reader.text(top, ("list", "sheet")),
        separator=reader.text(top, ("list", "separator"), words=("", ",", ";", "\t", "|", " ", ":")),
        encoding=reader.text(top, ("list", "encoding")),
        decimal=reader.text(top, ("list", "decimal"), ".", (".", ",")),
        source={key: reader.text(top, ("list", key)) for key in ("title", "address", "licence")},
        standing=reader.text(top, ("list", "standing"), "reported", STANDINGS),
        missing=_small(reader.words(top, ("list", "missing"), words_of("missing"))),
        totals=_small(reader.words(top, ("list", "totals"), words_of("totals"))),
        columns={part: reader.text(columns, ("columns", part)) for part in PARTS},
        kept=reader.words(columns, ("columns", "kept")),
        unit=reader.text(capacity, ("capacity", "unit")),
        unit_column=reader.text(capacity, ("capacity", "unit_column")),
        bounds=reader.text(capacity, ("capacity", "bounds"), "drop", ("drop", "take")),
        approximate=reader.text(capacity, ("capacity", "approximate"), "take", ("drop", "take")),
        nobody=_small(reader.words(owners, ("owners", "nobody"), words_of("nobody"))),
        tolerance_percent=reader.number(owners, ("owners", "tolerance_percent"), 0.5, 0.0),
        statuses={
            " ".join(word.split()): reader.text(statuses, ("statuses", word), "?", MEANINGS) for word in statuses
        },
        only={key: reader.words(only, ("only", key)) for key in only},
        case=_scalars(reader, ("case",), _KEYS["case"]),
        numbers=_claims(reader, ("numbers",), tuple(NUMBERS)),
        assumed=_assumed(reader),
        given=_given(reader),
        defaults=_claims(reader, ("defaults", "plants"), ()),
        sources=_sources(reader),
        passed={key: document.values[key] for key in _PASSED if key in document.values},
        open=tuple(_open(document.values)),
    )
    _check_sources(reader, result)
    for part in ("plant", "capacity"):
        if not result.columns[part]:
            reader.wrong(("columns", part), "nothing", "a heading of the list")
    if reader.problems:
        raise InputError(reader.problems.sorted())
    return result


def _small(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.casefold() for word in words)


def _open(values: Any, keys: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the keys whose value is "?"."""
    if is_table(values):
        return [found for key, value in values.items() for found in _open(value, (*keys, str(key)))]
    return [keys] if values == "?" else []


def _scalars(reader: _Reader, keys: tuple[str, ...], known: Sequence[str]) -> dict[str, Any]:
    table = reader.table(keys, known)
    return {key: value for key, value in table.items() if isinstance(value, str | int | float)}


def _currency(reader: _Reader) -> str:
    value: Any = reader.table(("case",)).get("currency", "")
    return value if isinstance(value, str) and value.isalpha() else ""


def _claims(reader: _Reader, keys: tuple[str, ...], known: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name in reader.table(keys):
        table = reader.table((*keys, name), _CLAIM)
        named = name if name in known else to_field(name, _currency(reader))
        if known and named not in known:
            reader.wrong((*keys, name), "an unknown number", "a number of the case",
                         partial(did_you_mean, named, known, "Numbers"))  # fmt: skip
        if not known and not isinstance(quantity_of(named), Quantity):
            reader.wrong((*keys, name), "an unknown column", "a column of numbers of plants.csv", partial(_near, named))
        if "value" not in table:
            reader.wrong((*keys, name, "value"), "nothing", "a number or a range")
        found[named] = table
    return found


def quantity_of(column: str) -> Quantity | None:
    """Return what a column of plants.csv may hold; None where it is no column of numbers."""
    if column == RUNNING_SHARE:
        return _SHARE
    if is_input_column(column):
        end = next(end for end in INPUT_COLUMNS if column.endswith(f"_{end}"))
        return INPUT_COLUMNS[end][1]
    cell = cell_of(PlantRow, column)
    return cell if isinstance(cell, Quantity) and column not in _OWN else None


def _near(column: str) -> str:
    names = [name for name in PlantRow.model_fields if isinstance(cell_of(PlantRow, name), Quantity)]
    return did_you_mean(column, [name for name in names if name not in _OWN], "Columns")


def _about(reader: _Reader, table: Mapping[str, Any], keys: tuple[str, ...], quantity: Quantity, source: str,
           standing: str) -> dict[str, str]:  # fmt: skip
    """Return what holds for all numbers of a column: unit, tax basis, source, standing, note."""
    money = "CUR" in quantity.unit
    return {
        "unit": quantity.unit,
        "vat": reader.text(table, (*keys, "vat"), "excluded" if money else "none", VAT_BASES),
        "source": reader.text(table, (*keys, "source"), source),
        "standing": reader.text(table, (*keys, "standing"), standing, STANDINGS),
        "note": reader.text(table, (*keys, "note")),
    }


def _assumed(reader: _Reader) -> tuple[Assumed, ...]:
    found: list[Assumed] = []
    for name in reader.table(("assumed",)):
        keys = ("assumed", name)
        table = reader.table(keys, ("value", "by", "values", "vat", "source", "standing", "note"))
        column = to_field(name, _currency(reader))
        quantity = quantity_of(column)
        if quantity is None:
            reader.wrong(keys, "an unknown column", "a column of numbers of plants.csv", partial(_near, column))
            continue
        by = reader.text(table, (*keys, "by"))
        values = {"*": reader.text(table, (*keys, "value"))} if "value" in table else {}
        values |= {" ".join(word.split()): reader.text(reader.table((*keys, "values")), (*keys, "values", word))
                   for word in reader.table((*keys, "values"))}  # fmt: skip
        if not values:
            reader.wrong((*keys, "value"), "nothing", "a number or a range, or `by` and a table `values`")
        elif not by and set(values) != {"*"}:
            reader.wrong((*keys, "by"), "nothing", "the heading whose words the values stand by")
        for word, value in values.items():
            if value not in ("?", ""):
                _check(reader, (*keys, "values", word) if "values" in table else (*keys, "value"), value, quantity)
        about = _about(reader, table, keys, quantity, "own", "assumed")
        found.append(Assumed(column=column, quantity=quantity, by=by, values=values, about=about))
    return tuple(found)


def _check(reader: _Reader, keys: tuple[str, ...], value: str, quantity: Quantity) -> None:
    from pydantic_core import PydanticCustomError  # what a cell raises

    try:
        quantity.read(value)
    except PydanticCustomError as error:
        about = error.context or {}
        reader.wrong(keys, shown(value), str(about.get("needed", "a number")), about.get("hint", ""))


def _given(reader: _Reader) -> tuple[Given, ...]:
    found: list[Given] = []
    for name in reader.table(("given",)):
        keys = ("given", name)
        table = reader.table(keys, ("heading", "times", "vat", "source", "standing", "note"))
        column = to_field(name, _currency(reader))
        quantity = quantity_of(column)
        if quantity is None or column == RUNNING_SHARE:
            reader.wrong(keys, "an unknown column", "a column of numbers of plants.csv", partial(_near, column))
            continue
        if not (heading := reader.text(table, (*keys, "heading"))):
            reader.wrong((*keys, "heading"), "nothing", "a heading of the list")
        times = reader.number(table, (*keys, "times"), 1.0, 1e-9)
        about = _about(reader, table, keys, quantity, "list", "reported")
        found.append(Given(column=column, quantity=quantity, heading=heading, times=times, about=about))
    return tuple(found)


def _sources(reader: _Reader) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name in reader.table(("sources",)):
        table = reader.table(("sources", name), ("title", "address", "licence"))
        found[name] = {key: reader.text(table, ("sources", name, key)) for key in ("title", "address", "licence")}
        if name == "list":
            reader.wrong(("sources", name), "a second source `list`", "the list's title and licence in [list]")
        if not found[name]["title"]:
            reader.wrong(("sources", name, "title"), "nothing", "what it is, with its date")
    return found


def _check_sources(reader: _Reader, mapping: ListMapping) -> None:
    """Report sources that are named and not told."""
    known = ("list", *mapping.sources)
    named = [(("numbers", name), table) for name, table in mapping.numbers.items()]
    named += [(("defaults", "plants", name), table) for name, table in mapping.defaults.items()]
    named += [(("assumed", item.column), item.about) for item in mapping.assumed]
    named += [(("given", item.column), item.about) for item in mapping.given]
    for keys, table in named:
        ids = str(table.get("source", "own")).split(";")
        for word in (item.strip() for item in ids):
            if word not in known and not (word == "own" and table.get("value") == "running"):
                hint = partial(did_you_mean, word, known, "Sources")
                reader.wrong((*keys, "source"), f"unknown source {word!r}", "an id of [sources], or `list`", hint)
