"""What a heading of a workbook tells: the meaning of its column, its unit, and what may stand in it."""

from __future__ import annotations

__all__ = ["Heading", "heading_of", "key_note", "words_of"]

import re
from dataclasses import dataclass

from potline.cases.cells import Cell, Choice, Quantity, YesNo
from potline.cases.currency_names import to_field
from potline.cases.schema import NUMBERS
from potline.cases.tables import TABLES
from potline.cases.validation import RENAMED, cell_of
from potline.cases.workbooks.layout import CASE_SHEET, COMMENTS, STATED, cell_at, column_cell

_FILE = re.compile(r"\b(\w+)\.csv")
_NAMES = {
    "block": "which part of the case: case, input_market, noise, meeting, outcome",
    "key": "what of it is said",
    "value": "what it is",
    "number": "name of the number; * for what holds of all",
    "table": "name of a sheet",
    "column": "name of a column; * for what holds of all",
    "series": "name of the series, as in sheet series",
}
_COMMENTS = {
    "block": "the table of case.toml at which a note for people stands",
    "key": "the key of it; blank: the table itself",
    "above": "what stands above it, in lines of its own",
    "beside": "what stands behind it in its line",
}
_REFERENCES = {
    ("plants", "firm"): "firms", ("plants", "province"): "governments", ("firms", "owner"): "firms",
    ("policies", "province"): "governments", ("policies", "firm"): "firms", ("suppliers", "province"): "governments",
    ("projects", "province"): "governments", ("projects", "firm"): "firms",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading.

    Attributes:
        text: as it stands in row 1.
        note: what it tells; nothing for a column of one's own.
        required: whether it must be there.
        numbers: whether numbers stand below it; None where that is not known.
        words: the only texts that may stand below it.
        names: the sheet whose first column lists what stands below it.
    """

    text: str
    note: str = ""
    required: bool = False
    numbers: bool | None = False
    words: tuple[str, ...] = ()
    names: str = ""


def heading_of(sheet: str, text: str, currency: str) -> Heading:
    """Return what the heading of a column tells.

    Examples:
        >>> print(heading_of("plants", "other_cost_eur_per_t", "EUR").note)
        labour, maintenance and other cash cost
        unit: EUR/t
        may hold: a number, 12..15, or 13 in 12..15
        without the column: 0
        >>> heading_of("plants", "my_id", "EUR").numbers is None
        True
    """
    if sheet == COMMENTS:
        return Heading(text=text, note=_COMMENTS.get(text, ""))
    if sheet == CASE_SHEET:
        return Heading(text=text, note=_NAMES.get(text, ""), required=True, numbers=None if text == "value" else False)
    if sheet in STATED:
        kind = STATED[sheet]
        if text in kind.names:
            return Heading(text=text, note=_NAMES[text], required=True)
        cell = Quantity(meaning="the number") if text in ("value", "range") else cell_of(kind.model, text)
        required = text in kind.model.required
    else:
        name = to_field(text, currency)
        cell, required = column_cell(sheet, name), name in TABLES[sheet].required
    if cell is None:
        return Heading(text=text, numbers=None)
    names = "sources" if text in ("source", "correction_source") else _REFERENCES.get((sheet, text), "")
    return Heading(
        text=text,
        note=_note(cell, currency, required=required),
        required=required,
        numbers=isinstance(cell, Quantity),
        words=words_of(cell),
        names=names,
    )


def key_note(block: str, key: str, currency: str) -> str:
    """Return what a key of the sheet ``case`` means.

    Examples:
        >>> key_note("case", "demand", "EUR")
        'shape of demand\\nmay hold: one of: linear, isoelastic'
    """
    name = to_field(key, currency)
    cell = NUMBERS.get(f"{block}.{name}") or cell_at(block.split(".", 1), RENAMED.get(name, name))
    return _note(cell, currency, required=False) if cell is not None else ""


def words_of(cell: Cell | None) -> tuple[str, ...]:
    """Return the only texts that a cell may hold; none where others may."""
    return cell.words if isinstance(cell, Choice) else ("yes", "no") if isinstance(cell, YesNo) else ()


def _note(cell: Cell, currency: str, *, required: bool) -> str:
    lines = [cell.meaning.replace("CUR", currency) or cell.needed]
    if isinstance(cell, Quantity):
        bounds = "" if cell.needed == "a number" else f", {cell.needed}"
        lines += [f"unit: {cell.unit.replace('CUR', currency)}"] if cell.unit else []
        lines.append(f"may hold: a number, 12..15, or 13 in 12..15{bounds}{', or inf' if cell.infinite else ''}")
        lines += [f"without the column: {cell.default}"] if cell.default and not required else []
        lines += [f"blank: {cell.blank}"] if cell.blank else []
    elif cell.needed not in (cell.meaning, "text"):
        lines.append(f"may hold: {cell.needed}")
    return _FILE.sub(r"sheet \1", "\n".join([*lines, *(["must be there"] if required else [])]))
