"""Paths in the names of a case's files: what they name in the industry, in which bounds and on which tax basis."""

from __future__ import annotations

__all__ = ["IN_QUOTES", "LONGEST", "Target", "Unresolved", "members_of", "resolved"]

import re
from dataclasses import dataclass

from potline.cases.cells import Quantity
from potline.cases.contents import CaseContents
from potline.cases.currency_names import to_file
from potline.cases.problems import did_you_mean
from potline.cases.schema import NUMBERS, Block
from potline.cases.tables import INPUT_COLUMNS, GovernmentRow, OreRow, PlantRow, RouteRow, SupplierRow
from potline.cases.validation import cell_of
from potline.errors import InputError
from potline.industry import (
    ELECTRICITY,
    Government,
    Industry,
    OreSource,
    Plant,
    Supplier,
    SupplyRoute,
    parse_path,
    selector,
)
from potline.industry.change import SELECTOR, input_field, selector_pairs

_MEMBER = re.compile(rf"^(?P<noun>\w+)\[(?P<selector>{SELECTOR})\]\.(?P<column>.+)$")
_ROWS: dict[str, type[Block]] = {
    "plant": PlantRow,
    "government": GovernmentRow,
    "supplier": SupplierRow,
    "ore": OreRow,
    "route": RouteRow,
}
_KEYS = {
    "plant": {"plant": "name", "firm": "firm", "province": "government", "power_source": "power_source"},
    "government": {"province": "name"},
    "supplier": {"supplier": "name", "province": "government", "ore": "ore"},
    "ore": {"ore": "name", "kind": "kind", "province": "government"},
    "route": {"route": "name", "product": "product", "origin": "origin", "destination": "destination"},
}
LONGEST = 2000
"""Characters of a path."""
IN_QUOTES = "A name with any of [ ] = and quotes stands in double quotes, with quotes inside it doubled."
_NOISE = {"noise.common_cur_per_t": Quantity(unit="CUR/t", minimum=0.0)}


class Unresolved(ValueError):
    """A path that names nothing: what was found, what is needed, what to try."""

    def __init__(self, found: str, needed: str, hint: str = "") -> None:
        super().__init__(f"found {found}; needed {needed}. {hint}".strip())
        self.found, self.needed, self.hint = found, needed, hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a path in file names means: the same path in Python names, the key of its tax basis, its bounds."""

    path: str
    basis: str
    quantity: Quantity | None


def resolved(case: CaseContents, text: str, *, python_names: bool = False) -> Target:
    """Return what a path means, e.g. ``plant[province=Henan].power_price_cny_per_kwh``.

    Raises:
        Unresolved: the path names no number of the case, or selects no member.
    """
    if len(text) > LONGEST:
        raise Unresolved(f"a path of {len(text):,} characters", f"at most {LONGEST:,}")
    match = _MEMBER.match(text.strip())
    if match is None:
        if "[" in text and text.partition("[")[0].strip() in _ROWS:
            raise Unresolved("brackets that cannot be read", "plant[NAME].COLUMN", IN_QUOTES)
        return _number(case, text.strip(), python_names)
    noun, column = match["noun"], match["column"].strip()
    if noun not in _ROWS:
        raise Unresolved(
            f"unknown member {noun!r}",
            "plant[...], government[...], supplier[...], ore[...] or route[...]",
            did_you_mean(noun, _ROWS, "Members"),
        )
    selector = _selector(noun, match["selector"])
    columns = _columns(case, noun)
    by_python = {name: file for file, (name, _) in columns.items()}
    if python_names and noun == "plant":
        inner = parse_path(f"plant[*].{column}")
        column = input_field(inner.product, inner.field) if inner.product else column
    file = by_python.get(column, column) if python_names else column
    if file not in columns:
        known = (*columns, *by_python) if python_names else tuple(columns)
        raise Unresolved(
            f"unknown column {column!r}", f"a column of numbers of {_ROWS[noun].file}", did_you_mean(column, known)
        )
    field, quantity = columns[file]
    path = f"{noun}[{selector}].{field}"
    _check_members(case, noun, path)
    return Target(path=path, basis=f"{_ROWS[noun].file.removesuffix('.csv')}.{file}", quantity=quantity)


def _number(case: CaseContents, text: str, python_names: bool) -> Target:
    names = {to_file(name, case.currency): name for name in (*NUMBERS, *_NOISE)}
    by_python = {name.replace("_cur", ""): file for file, name in names.items()}
    file = by_python.get(text, text) if python_names else text
    if file not in names:
        known = (*names, *by_python) if python_names else tuple(names)
        hint = did_you_mean(text, known, "Numbers")
        raise Unresolved(f"unknown number {text!r}", "a number of the case, or plant[NAME].COLUMN", hint)
    path = names[file].replace("_cur", "")
    port_charges = path.endswith("port_charges_per_t")
    return Target(
        path=path, basis="" if port_charges else f"numbers.{file}", quantity={**NUMBERS, **_NOISE}[names[file]]
    )


def _selector(noun: str, text: str) -> str:
    """Return a selector with Python names for columns, each value in quotes where it needs them."""
    try:
        found = selector_pairs(text)
    except InputError as error:
        (problem,) = error.problems
        raise Unresolved(f"the selector {text!r}", problem.needed, problem.hint) from None
    if not found:
        return "*"
    keys = {**_KEYS[noun], **{name: name for name in _KEYS[noun].values()}}
    pairs: list[str] = []
    for key, value in found:
        if key not in keys:
            raise Unresolved(f"unknown selector {key!r}", "a column to select by", did_you_mean(key, _KEYS[noun]))
        pairs.append(f"{keys[key]}={selector(value)}")
    one_name = len(found) == 1 and found[0][0] == "name"
    return selector(found[0][1]) if one_name else ",".join(pairs)


def _columns(case: CaseContents, noun: str) -> dict[str, tuple[str, Quantity]]:
    """Return each file column of numbers with its field in a path and its bounds."""
    row = _ROWS[noun]
    columns: dict[str, tuple[str, Quantity]] = {}
    for name in row.model_fields:
        cell = cell_of(row, name)
        if isinstance(cell, Quantity):
            columns[to_file(name, case.currency)] = (name.replace("_cur", ""), cell)
    if noun == "plant":
        columns["lump_sum_pro_rata"] = ("lump_sum_pro_rata", Quantity(minimum=0.0, maximum=1.0))
        for product in dict.fromkeys(item.product for plant in case.industry.plants for item in plant.inputs):
            for end, (field, quantity) in INPUT_COLUMNS.items() if product != ELECTRICITY else ():
                columns[to_file(f"{product}_{end}", case.currency)] = (input_field(product, field), quantity)
    return columns


def members_of(industry: Industry, noun: str) -> tuple[Plant | Government | Supplier | OreSource | SupplyRoute, ...]:
    """Return the members of an industry that a path's noun means."""
    if noun in ("plant", "government"):
        return industry.plants if noun == "plant" else industry.governments
    market = industry.input_market
    if market is None:
        return ()
    return {"supplier": market.suppliers, "ore": market.ore, "route": market.routes}[noun]


def _check_members(case: CaseContents, noun: str, path: str) -> None:
    industry = case.industry
    members = members_of(industry, noun)
    where = parse_path(path)
    if not where.among(members):
        for key, value in where.where:
            known = sorted({str(getattr(member, key)) for member in members} - {""})
            if value not in known:
                kind = {"name": noun, "government": "province"}.get(key, key)
                found = f"a path that selects no {noun}: unknown {kind} {value!r}"
                raise Unresolved(found, f"a {kind} of the case", did_you_mean(value, known))
        raise Unresolved(f"a path that selects no {noun}", f"a selector that at least one {noun} meets")
