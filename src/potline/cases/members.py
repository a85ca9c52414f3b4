"""Read the members of an industry: plants, firms, governments, suppliers, projects."""

from __future__ import annotations

__all__ = [
    "Plants",
    "is_input_column",
    "numbers_of",
    "read_firms",
    "read_governments",
    "read_plants",
    "read_projects",
    "read_suppliers",
    "too_dear",
]

import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import create_model

from potline.cases.cells import Quantity, is_table
from potline.cases.files import Row, Table
from potline.cases.limits import LARGEST
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.schema import Block
from potline.cases.tables import (
    INPUT_COLUMNS,
    FirmRow,
    GovernmentRow,
    PlantRow,
    ProjectRow,
    SupplierRow,
)
from potline.cases.validation import cell_of
from potline.choices import Valuation
from potline.industry import (
    ELECTRICITY,
    Firm,
    Government,
    Input,
    Plant,
    Project,
    Supplier,
    selector,
)
from potline.industry.change import input_field
from potline.sources import Interval
from potline.text import apart

_INPUT = re.compile(rf"(?P<product>[a-z]\w*?)_(?P<field>{'|'.join(INPUT_COLUMNS)})")
_POWER = {"power_price_cur_per_kwh": "price_per_unit", "power_use_kwh_per_t": "use_per_t"}


@dataclass(frozen=True, slots=True)
class Plants:
    """Plants in file order, with the confidence in each and its row."""

    plants: tuple[Plant, ...] = ()
    confidence: tuple[str, ...] = ()


def read_firms(reader: Reader) -> tuple[Firm, ...]:
    """Read firms.csv; owners must be firms that decide for themselves."""
    rows = list(reader.rows(FirmRow))
    owners = {block.firm: block.owner for _, _, block in rows}
    for table, row, block in rows:
        reader.known(table, row, "owner", block.owner, owners, "firms.csv")
        above = owners.get(block.owner, "")
        if block.owner != block.firm and above not in ("", block.owner):
            reader.at_cell(
                table, row, "owner", f"owner {block.owner!r}, itself owned by {above!r}",
                "the firm that decides", f"Write {above!r}.",
            )  # fmt: skip
    return tuple(
        Firm(name=block.firm, owner="" if block.owner == block.firm else block.owner, kind=block.kind, note=block.note)
        for _, _, block in rows
    )


def read_governments(reader: Reader) -> tuple[Government, ...]:
    """Read governments.csv."""
    return tuple(
        Government(
            name=block.province,
            note=block.note,
            **numbers_of(reader, table, row, block, f"government[{selector(block.province)}]"),
        )
        for table, row, block in reader.rows(GovernmentRow)
    )


def read_suppliers(reader: Reader, provinces: Collection[str]) -> tuple[Supplier, ...]:
    """Read suppliers.csv."""
    result: list[Supplier] = []
    for table, row, block in reader.rows(SupplierRow):
        reader.known(table, row, "province", block.province, provinces, "governments.csv")
        values = numbers_of(reader, table, row, block, f"supplier[{selector(block.supplier)}]")
        whole: dict[str, Any] = {"capacity_kt": 0.0, "cash_cost_per_t": 0.0, **values}
        result.append(Supplier(name=block.supplier, government=block.province, ore=block.ore, **whole))
    return tuple(result)


def read_projects(reader: Reader, provinces: Collection[str], firms: Collection[str]) -> tuple[Project, ...]:
    """Read projects.csv."""
    result: list[Project] = []
    for table, row, block in reader.rows(ProjectRow):
        reader.known(table, row, "province", block.province, provinces, "governments.csv")
        reader.known(table, row, "firm", block.firm, firms, "firms.csv")
        values: dict[str, Any] = {
            "capacity_kt": 0.0,
            **numbers_of(reader, table, row, block, f"project[{selector(block.project)}]"),
        }
        result.append(
            Project(name=block.project, government=block.province, firm=block.firm, start=block.start, **values)
        )
    return tuple(result)


def numbers_of(reader: Reader, table: Table, row: Row, block: Block, member: str) -> dict[str, float]:
    """Return the numbers of a row by field, and make their claims."""
    result: dict[str, float] = {}
    for name, noun in _quantities(type(block)):
        value = reader.cell_claim(table, row, block, name, f"{member}.{noun}")
        if value is not None:
            result[noun] = value
    return result


@lru_cache(maxsize=32)
def _quantities(model: type[Block]) -> tuple[tuple[str, str], ...]:
    """Return the fields that hold numbers, each with its field in a path."""
    return tuple(
        (name, name.replace("_cur", "")) for name in model.model_fields if isinstance(cell_of(model, name), Quantity)
    )


def read_plants(reader: Reader, provinces: Collection[str], firms: Collection[str]) -> Plants:
    """Read plants.csv with the defaults of ``[defaults.plants]``."""
    tables = reader.document.values.get("defaults", {})
    given = tables.get("plants") if is_table(tables) else None
    given = given if is_table(given) else dict[str, Any]()
    table = reader.tables.get("plants")
    names = [reader.to_field(column) for column in (*(table.columns if table else ()), *given)]
    products = _products(names)
    model = _model(products)
    if table is not None:
        _check_defaults(reader, given, model)
        _check_pair(reader, table, names)
        _check_costs(reader, table, names, products)
    plants: list[Plant] = []
    confidence: list[str] = []
    layout = _layout(reader, table, model, products, given)
    filling: dict[str, float] = {}
    for where, row, block in reader.rows(model, _hints(reader, names, products), given):
        reader.known(where, row, "firm", block.firm, firms, "firms.csv")
        reader.known(where, row, "province", block.province, provinces, "governments.csv")
        values: dict[str, float] = {}
        start = f"plant[{selector(block.plant)}]."
        for name, field, column in layout.numbers:
            value = reader.cell_claim(where, row, block, name, start + field)
            if value is None and column in given and not row.has(column):
                if name not in filling:
                    filling[name] = _default(reader, given, model, name)
                value = filling[name]
            if value is not None:
                values[name] = value
        plants.append(_plant(reader, where, row, block, values, layout))
        confidence.append(block.confidence)
    return Plants(tuple(plants), tuple(confidence))


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
        value = reader.number(given[column], cell, keys, path)
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


def _plant(
    reader: Reader, table: Table, row: Row, block: PlantRow, values: Mapping[str, float], layout: _Layout
) -> Plant:
    inputs: list[Input] = []
    for product, columns in layout.inputs:
        found = {to: values[name] for name, to, _, _ in columns if name in values}
        if not found:
            continue
        used = found.get("use_per_t", 0.0) > 0.0
        needed = ["price_per_unit", "own_share"] if used else []
        needed += ["own_cost_per_unit"] if used and found.get("own_share", 0.0) > 0.0 else []
        for _, to, column, known in columns:
            if to in needed and to not in found and known and not row.has(column):
                others = ", ".join(other for _, to, other, _ in columns if to in found)
                reader.at_cell(
                    table, row, column, f"nothing for plant {block.plant!r}",
                    f"a number, because {others} is given", f"Or state it for all in `[defaults.plants.{column}]`.",
                )  # fmt: skip
        if used or found.keys() - {"use_per_t"}:
            inputs.append(Input(product=product, **{"use_per_t": 0.0, "price_per_unit": 0.0, **found}))
            if wrong := too_dear(inputs[-1]):
                column = next(column for _, to, column, _ in columns if to == "use_per_t")
                reader.at_cell(table, row, column, f"{wrong[0]} for plant {block.plant!r}", wrong[1])
    rest: dict[str, Any] = {layout.rest[name]: value for name, value in values.items() if name in layout.rest}
    rest.setdefault("capacity_kt", 0.0)
    built, busy = rest["capacity_kt"], rest.get("running_kt", 0.0) + rest.get("commissioning_kt", 0.0)
    if busy > built + 1e-9 and row.has("capacity_kt") and block.capacity_kt is not None:
        stated = [name for name in ("running_kt", "commissioning_kt") if name in rest]
        found_kt, most = apart(busy, built)
        reader.at_cell(
            table, row, stated[0], f"{' + '.join(stated)} = {found_kt} for plant {block.plant!r}",
            f"at most capacity_kt = {most}", "Lower one or raise `capacity_kt`.",
        )  # fmt: skip
    return Plant(
        name=block.plant, firm=block.firm, government=block.province, power_source=block.power_source,
        lump_sum_pro_rata=block.lump_sum_pro_rata, inputs=tuple(inputs), **rest,
    )  # fmt: skip
