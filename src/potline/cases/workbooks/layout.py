"""Which sheet of a workbook holds which table of ``case.toml``: the one schema, seen from a spreadsheet.

A table of a folder is a sheet of its name. What ``case.toml`` says stands in six more: ``case`` (block, key, value),
``numbers``, ``defaults``, ``columns``, ``factors`` and ``about_series``, a row for each of its tables. Its comments are
rows of ``comments``.
"""

from __future__ import annotations

__all__ = [
    "ABOUT_SERIES",
    "CASE_SHEET",
    "COLUMNS",
    "COMMENTS",
    "DEFAULTS",
    "EVERY",
    "FACTORS",
    "NUMBERS_SHEET",
    "ORDER",
    "STATED",
    "Stated",
    "cell_at",
    "column_cell",
    "is_claim_at",
    "meant",
]

from collections.abc import Sequence
from dataclasses import dataclass

from potline.cases.cells import Cell, Pattern, Quantity
from potline.cases.schema import (
    BLOCKS,
    MONTH,
    NUMBERS,
    OUTCOME,
    Block,
    ClaimBlock,
    ColumnBlock,
    FactorBlock,
    SeriesBlock,
)
from potline.cases.tables import INPUT_COLUMNS, TABLES
from potline.cases.validation import RENAMED, cell_of

CASE_SHEET, NUMBERS_SHEET, DEFAULTS, COLUMNS, FACTORS, ABOUT_SERIES = (
    "case", "numbers", "defaults", "columns", "factors", "about_series"
)  # fmt: skip
COMMENTS = "comments"
EVERY = "*"
"""In place of a name: what a sheet of statements says of all of its kind."""
_ANY_NUMBER = Quantity(meaning="the number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A sheet of statements: a row for each table of ``case.toml`` of one kind.

    Attributes:
        sheet: its name.
        names: headings of the columns that name the table, in front.
        model: what the other columns may say.
    """

    sheet: str
    names: tuple[str, ...]
    model: type[Block]

    @property
    def fields(self) -> tuple[str, ...]:
        """Headings of the other columns."""
        return tuple(self.model.model_fields)


STATED = {
    item.sheet: item
    for item in (
        Stated(sheet=NUMBERS_SHEET, names=("number",), model=ClaimBlock),
        Stated(sheet=COLUMNS, names=("table", "column"), model=ColumnBlock),
        Stated(sheet=DEFAULTS, names=("column",), model=ClaimBlock),
        Stated(sheet=FACTORS, names=(), model=FactorBlock),
        Stated(sheet=ABOUT_SERIES, names=("series",), model=SeriesBlock),
    )
}
ORDER = (
    CASE_SHEET, NUMBERS_SHEET, "plants", "firms", "governments", "policies", "suppliers", "ore", "chain_routes",
    "projects", COLUMNS, DEFAULTS, FACTORS, ABOUT_SERIES, "series", "record", "window", "documented_stops",
    "sources", COMMENTS,
)  # fmt: skip
"""Sheets in the order in which they stand."""
assert set(ORDER) == {CASE_SHEET, COMMENTS, *STATED, *TABLES}


def is_claim_at(block: str, key: str) -> bool:
    """Whether a key of a block is a number with a source of its own.

    Examples:
        >>> is_claim_at("meeting", "least_cut_kt"), is_claim_at("outcome", "price_after_cur_per_t")
        (True, True)
    """
    return f"{block}.{key}" in NUMBERS if block == "meeting" else block == "outcome" and key in OUTCOME


def cell_at(block: Sequence[str], key: str) -> Cell | None:
    """Return what a key of the sheet ``case`` may hold, by the model's names; a number where nothing is said.

    Examples:
        >>> cell_at(("case",), "vat_rate").unit, cell_at(("meeting", "stated_cuts_kt"), "Alpha").needed
        ('share', 'a number')
    """
    if len(block) > 1:
        return _ANY_NUMBER
    model = BLOCKS.get(block[0])
    name = RENAMED.get(key, key)
    if model is None or name not in model.model_fields:
        return None
    if name in ("sweep_kt", "term_years", "least_cut_kt") or (block[0] == "outcome" and name in OUTCOME):
        return _ANY_NUMBER
    return cell_of(model, name)


def column_cell(table: str, column: str) -> Cell | None:
    """Return what a column of a table may hold, by the model's name; None for one that the format does not know.

    Examples:
        >>> column_cell("plants", "coke_price_cur_per_t").unit, column_cell("plants", "my_id")
        ('CUR/t', None)
    """
    if column in TABLES[table].model_fields:
        return cell_of(TABLES[table], column)
    ends = INPUT_COLUMNS if table == "plants" else {}
    return next((cell for end, (_, cell) in ends.items() if column.endswith(f"_{end}")), None)


def meant(text: str, cell: Cell | None) -> str:
    """Return the text of a cell as its column means it: a spreadsheet makes a day of a month, its first.

    Examples:
        >>> meant("2013-04-01", Pattern(regex="", words=MONTH)), meant("2013-04-01", None)
        ('2013-04', '2013-04-01')
    """
    month = isinstance(cell, Pattern) and cell.words == MONTH
    return text[:7] if month and len(text) == 10 and text.endswith("-01") else text
