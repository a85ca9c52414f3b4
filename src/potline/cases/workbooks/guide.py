"""The sheet of instructions that leads every workbook; it is written anew each time, and read as nothing."""

from __future__ import annotations

__all__ = ["GUIDE", "TITLE", "is_guide"]

from potline.cases.workbooks.grid import Grid

GUIDE = "read me"
TITLE = (
    ("A case for Potline",),
    ("`potline check FILE.xlsx` lists every mistake with its sheet and cell; `potline run FILE.xlsx` answers.",),
    ("A number is written 12, or 12..15 (anything between), or 13 in 12..15 (most likely 13). Blank is never 0.",),
    ("The note on each heading says what its column means, its unit, and what may stand in it.",),
    ("Dark headings must be there. Headings of numbers with nothing below them are left out.",),
    ("Sheet case: what the case is about, the meeting and what happened, one key a row.",),
    ("Sheet numbers: prices, demand, trade; each with unit, tax basis (vat), source and standing.",),
    ("Sheet columns: unit, tax basis, source and standing of each column of numbers of the other sheets.",),
    ("In numbers, columns and defaults a row named * holds for all that say nothing of their own.",),
    ("Every source is an id of sheet sources; several are separated by semicolons.",),
    ("Columns and sheets of your own are kept and used for nothing.",),
)
"""A row each."""


def is_guide(grid: Grid) -> bool:
    """Whether a sheet is the one of instructions, as it was written."""
    rows = [row[0] for row in grid.rows if row]
    return grid.name == GUIDE and rows == [row[0] for row in TITLE] and not any(any(row[1:]) for row in grid.rows)
