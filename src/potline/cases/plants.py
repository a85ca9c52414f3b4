"""Read plants.csv column by column, and make the plants all at once."""

from __future__ import annotations

__all__ = ["Plants", "is_input_column", "read_plants", "too_dear"]

import dataclasses
import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Annotated, Any

from pydantic import create_model

from potline.cases.cells import Quantity, is_table
from potline.cases.files import Table
from potline.cases.limits import LARGEST
from potline.cases.members import paths_of
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.rows import Rows
from potline.cases.said import apart_from_said, said_at
from potline.cases.tables import INPUT_COLUMNS, PlantRow
from potline.cases.validation import cell_of
from potline.choices import Valuation
from potline.industry import ELECTRICITY, Input, Plant
from potline.industry.change import input_field
from potline.reading import made_unread
from potline.sources import Interval
from potline.text import apart

_INPUT = re.compile(rf"(?P<product>[a-z]\w*?)_(?P<field>{'|'.join(INPUT_COLUMNS)})")
_POWER = {"power_price_cur_per_kwh": "price_per_unit", "power_use_kwh_per_t": "use_per_t"}
_OF_INPUT = ("use_per_t", "price_per_unit", "own_share", "own_cost_per_unit")
_DEFAULTS: dict[str, Any] = {item.name: item.default for item in dataclasses.fields(Plant)} | {"capacity_kt": 0.0}
Numbers = list[float | None]


@dataclass(frozen=True, slots=True)
class Plants:
    """Plants in file order, with the confidence in each and its row."""

    plants: tuple[Plant, ...] = ()
    confidence: tuple[str, ...] = ()


def read_plants(reader: Reader, provinces: Collection[str], firms: Collection[str]) -> Plants:
    """Read plants.csv with the defaults of ``[defaults.plants]``."""
    tables = reader.document.values.get("defaults", {})
    given = tables.get("plants") if is_table(tables) else None
    given = apart_from_said(given)[1] if is_table(given) else dict[str, Any]()
    table = reader.tables.get("plants")
    names = [reader.to_field(column) for column in (*(table.columns if table else ()), *given)]
    products = _products(names)
    model = _model(products)
    if table is not None:
        _check_defaults(reader, given, model)
        _check_pair(reader, table, names)
        _check_costs(reader, table, names, products)
    layout = _layout(reader, table, model, products, given)
    rows = reader.rows(model, _hints(reader, names, products), given)
    for row, firm, province in zip(rows.rows, rows.column("firm"), rows.column("province"), strict=True):
        reader.known(rows.table, row, "firm", firm, firms, "firms.csv")
        reader.known(rows.table, row, "province", province, provinces, "governments.csv")
    numbers = reader.numbers(rows, paths_of(rows, "plant"), [(name, field) for name, field, _ in layout.numbers])
    for name, _, column in layout.numbers:
        values = numbers.setdefault(name, [None] * len(rows.rows))
        if column in given and None in values:
            default = _default(reader, given, model, name)
            numbers[name] = [
                default if value is None and not row.has(column) else value
                for row, value in zip(rows.rows, values, strict=True)
            ]
    return Plants(tuple(_made(reader, rows, numbers, layout)), tuple(rows.column("confidence")))


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a table of plants holds.

    Attributes:
        numbers: each column of numbers that the table or a default has: its field in the model, its field in a claim's
            path, its name in the file.
        inputs: each input with its columns: field in the model, field of the input, name in the file, whether a blank
            cell of it is a problem where the input is used.
        rest: field of the plant by field of the model, for what belongs to no input.
    """

    numbers: tuple[tuple[str, str, str], ...]
    inputs: tuple[tuple[str, tuple[tuple[str, str, str, bool], ...]], ...]
    rest: Mapping[str, str]


def _layout(
    reader: Reader, table: Table | None, model: type[PlantRow], products: Sequence[str], given: Container[str]
) -> _Layout:
    there = table.columns if table is not None else ()
    case: Any = reader.document.values.get("case")
    at_cost = is_table(case) and case.get("own_inputs") == Valuation.AT_COST
    groups: list[tuple[str, Mapping[str, str]]] = [(ELECTRICITY, _POWER)]
    groups += [(product, {f"{product}_{end}": to for end, (to, _) in INPUT_COLUMNS.items()}) for product in products]
    inputs: list[tuple[str, tuple[tuple[str, str, str, bool], ...]]] = []
    for product, columns in groups:
        files = ((name, to, reader.to_file(name)) for name, to in columns.items())
        known = ((*item, item[2] in there or (at_cost and item[1] == "own_cost_per_unit")) for item in files)
        inputs.append((product, tuple(known)))
    taken = {name for _, columns in groups for name in columns}
    quantities = [
        name
        for name in model.model_fields
        if isinstance(cell_of(model, name), Quantity) and ((column := reader.to_file(name)) in there or column in given)
    ]
    return _Layout(
        numbers=tuple((name, _claim_field(name), reader.to_file(name)) for name in quantities),
        inputs=tuple(inputs),
        rest={name: name.replace("_cur", "") for name in quantities if name not in taken},
    )


def is_input_column(name: str) -> bool:
    """Whether a column, in the model's name, belongs to some input."""
    return _INPUT.fullmatch(name) is not None


def _products(names: Sequence[str]) -> tuple[str, ...]:
    """Return the inputs that have both a use and a price."""
    found = dict.fromkeys(match["product"] for name in names if (match := _INPUT.fullmatch(name)))
    return tuple(item for item in found if {f"{item}_use_t_per_t", f"{item}_price_cur_per_t"} <= set(names))


def _hints(reader: Reader, names: Sequence[str], products: Sequence[str]) -> dict[str, str]:
    """Return what to try for the columns of inputs that lack their use or their price."""
    hints: dict[str, str] = {}
    for name in names:
        match = _INPUT.fullmatch(name)
        if match and match["product"] not in products:
            use, price = f"{match['product']}_use_t_per_t", reader.to_file(f"{match['product']}_price_cur_per_t")
            hints[reader.to_file(name)] = f"An input needs both `{use}` and `{price}`."
    return hints


def _check_pair(reader: Reader, table: Table, names: Sequence[str]) -> None:
    """Report once a power price without a power use, or the reverse."""
    for name in _POWER:
        others = [other for other in _POWER if other != name and other in names]
        if name not in names and others:
            column = reader.to_file(name)
            reader.problems.add(
                table.file,
                row=1,
                column=column,
                found="no such column",
                needed=f"this column, because {reader.to_file(others[0])} is there",
                hint=f"Or state it for all plants in `[defaults.plants.{column}]`.",
            )


def _check_costs(reader: Reader, table: Table, names: Sequence[str], products: Sequence[str]) -> None:
    """Report a table that says nothing of what a tonne costs: it would cost 0 everywhere."""
    used = (*_POWER, *(f"{product}_use_t_per_t" for product in products), "other_cost_cur_per_t", "freight_cur_per_t")
    tried = any(is_input_column(name) for name in names)
    if not tried and not any(name in names for name in used) and not reader.problems.in_file(table.file):
        reader.problems.add(
            table.file,
            row=1,
            found="no column of cash cost",
            needed=f"at least {reader.to_file('other_cost_cur_per_t')}",
            hint="Write 0 in it where a tonne costs nothing.",
        )


def _model(products: Sequence[str]) -> type[PlantRow]:
    fields: dict[str, Any] = {
        f"{product}_{column}": (Annotated[Interval | None, cell], None)
        for product in products
        for column, (_, cell) in INPUT_COLUMNS.items()
    }
    return create_model("PlantRow", __base__=PlantRow, **fields) if fields else PlantRow


def _claim_field(name: str) -> str:
    """Return the field of a claim's path."""
    match = _INPUT.fullmatch(name)
    return input_field(match["product"], INPUT_COLUMNS[match["field"]][0]) if match else name.replace("_cur", "")


def _check_defaults(reader: Reader, given: Mapping[str, Any], model: type[PlantRow]) -> None:
    names = {reader.to_file(name): name for name in model.model_fields}
    known = [column for column, name in names.items() if isinstance(cell_of(model, name), Quantity)]
    for column in given:
        keys = ("defaults", "plants", column)
        if column not in known:
            reader.at_key(keys, "an unknown column", "a column of numbers", did_you_mean(column, known, "Columns"))
        else:
            _default(reader, given, model, names[column])


def _default(reader: Reader, given: Mapping[str, Any], model: type[PlantRow], name: str) -> float:
    path = f"plant[*].{_claim_field(name)}"
    if path not in reader.stated:
        column = reader.to_file(name)
        keys = ("defaults", "plants", column)
        cell = cell_of(model, name)
        assert isinstance(cell, Quantity)
        value = reader.number(given[column], cell, keys, path, said=said_at(reader, keys[:2]))
        if path not in reader.stated:
            reader.stated[path] = Interval(central=value, low=value, high=value), "excluded"
        basis = reader.stated[path][1]
        reader.bases.setdefault(f"plants.{column}", basis)
    interval, basis = reader.stated[path]
    return reader.untaxed(interval, basis).central


def too_dear(item: Input | None) -> tuple[str, str] | None:
    """Return found and needed where what a tonne takes of an input costs more than any amount of a case may be.

    Examples:
        >>> too_dear(Input(product="power", use_per_t=14_000.0, price_per_unit=1e9))
        ('a use of 14000 at 1e+09, 1.4e+13 a tonne,', 'use times price of 1e12 or less')
    """
    if item is None:
        return None
    dearest = max(item.price_per_unit, item.own_cost_per_unit)
    if item.use_per_t * dearest <= LARGEST:
        return None
    cost = item.use_per_t * dearest
    return f"a use of {item.use_per_t:g} at {dearest:g}, {cost:g} a tonne,", "use times price of 1e12 or less"


def _made(reader: Reader, rows: Rows[PlantRow], numbers: Mapping[str, Numbers], layout: _Layout) -> list[Plant]:
    """Return the plants, made all at once, of numbers by their field in the model."""
    nothing: Numbers = [None] * len(rows.rows)
    inputs = [_inputs(reader, rows, product, columns, numbers) for product, columns in layout.inputs]
    rest = {field: numbers[name] for name, field in layout.rest.items()}
    _check_states(reader, rows, rest)
    running = rest.pop("running_kt", nothing)
    columns: dict[str, list[Any]] = {
        field: [_DEFAULTS[field] if value is None else value for value in rest.get(field, nothing)]
        for field in {**rest, "capacity_kt": nothing, "commissioning_kt": nothing}
    }
    columns["running_kt"] = [
        built - starting if value is None else value
        for value, built, starting in zip(running, columns["capacity_kt"], columns["commissioning_kt"], strict=True)
    ]
    for field, name in (("name", "plant"), ("firm", "firm"), ("government", "province")):
        columns[field] = rows.column(name)
    for field in ("power_source", "lump_sum_pro_rata"):
        columns[field] = rows.column(field)
    columns["inputs"] = [
        tuple(item for item in items if item is not None) for items in zip(nothing, *inputs, strict=True)
    ]
    return made_unread(Plant, len(rows.rows), columns)


def _inputs(
    reader: Reader,
    rows: Rows[PlantRow],
    product: str,
    columns: Sequence[tuple[str, str, str, bool]],
    numbers: Mapping[str, Numbers],
) -> list[Input | None]:
    """Return one input of each plant, None of those without it; report what an input that is used lacks."""
    nothing: Numbers = [None] * len(rows.rows)
    by_field = {to: numbers.get(name, nothing) for name, to, _, _ in columns}
    values = {to: by_field.get(to, nothing) for to in _OF_INPUT}
    places: list[int] = []
    for place, (use, price, share, cost) in enumerate(zip(*values.values(), strict=True)):
        if use and (price is None or share is None or (share and cost is None)):
            needed = ("price_per_unit", "own_share", "own_cost_per_unit")[: 3 if share else 2]
            _check_blanks(reader, rows, place, columns, {to: by_field[to][place] for to in by_field}, needed)
        if use or price is not None or share is not None or cost is not None:
            places.append(place)
    given = {to: [values[to][place] or 0.0 for place in places] for to in _OF_INPUT}
    made = made_unread(Input, len(places), {"product": repeat(product), **given})
    result: list[Input | None] = [None] * len(rows.rows)
    for place, item in zip(places, made, strict=True):
        result[place] = item
        if wrong := too_dear(item):
            column = next(column for _, to, column, _ in columns if to == "use_per_t")
            found = f"{wrong[0]} for plant {rows.column('plant')[place]!r}"
            reader.at_cell(rows.table, rows.rows[place], column, found, wrong[1])
    return result


def _check_blanks(
    reader: Reader,
    rows: Rows[PlantRow],
    place: int,
    columns: Sequence[tuple[str, str, str, bool]],
    given: Mapping[str, float | None],
    needed: Container[str],
) -> None:
    """Report the blank cells of an input that a plant uses."""
    for _, to, column, known in columns:
        if to in needed and given[to] is None and known and not rows.rows[place].has(column):
            others = ", ".join(other for _, to, other, _ in columns if given[to] is not None)
            reader.at_cell(
                rows.table, rows.rows[place], column, f"nothing for plant {rows.column('plant')[place]!r}",
                f"a number, because {others} is given", f"Or state it for all in `[defaults.plants.{column}]`.",
            )  # fmt: skip


def _check_states(reader: Reader, rows: Rows[PlantRow], rest: Mapping[str, Numbers]) -> None:
    """Report plants of which more runs and starts up than was built."""
    nothing: Numbers = [None] * len(rows.rows)
    names = ("capacity_kt", "running_kt", "commissioning_kt")
    states = zip(rows.rows, *(rest.get(name, nothing) for name in names), strict=True)
    for place, (row, built, running, starting) in enumerate(states):
        busy = (running or 0.0) + (starting or 0.0)
        if built is not None and busy > built + 1e-9 and row.has("capacity_kt"):
            stated = [name for name, value in zip(names[1:], (running, starting), strict=True) if value is not None]
            found_kt, most = apart(busy, built)
            found = f"{' + '.join(stated)} = {found_kt} for plant {rows.column('plant')[place]!r}"
            needed, hint = f"at most capacity_kt = {most}", "Lower one or raise `capacity_kt`."
            reader.at_cell(rows.table, row, stated[0], found, needed, hint)
