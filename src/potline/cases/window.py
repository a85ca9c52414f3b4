"""Read window.csv: what of a case is known to have been otherwise in other months."""

from __future__ import annotations

__all__ = ["read_window"]

from potline.cases.case import Case
from potline.cases.files import Row, Table
from potline.cases.parts import MonthFact
from potline.cases.reader import Reader
from potline.cases.tables import WindowRow
from potline.errors import InputError


def read_window(reader: Reader, case: Case) -> tuple[MonthFact, ...]:
    """Read window.csv; the numbers of each month must leave a case that stands. Months are sorted."""
    found: dict[str, list[tuple[Table, Row, MonthFact]]] = {}
    for table, row, block in reader.rows(WindowRow):
        if block.value is None or not (block.month and block.path and block.standing):
            continue
        interval = block.value
        fact = MonthFact(
            month=block.month,
            path=block.path,
            value=interval.central,
            low=interval.low,
            high=interval.high,
            source="; ".join(block.source),
            standing=block.standing,
            note=block.note,
        )
        found.setdefault(block.month, []).append((table, row, fact))
    for rows in () if reader.problems else found.values():
        _check(reader, case, rows)
    return tuple(fact for month in sorted(found) for _, _, fact in found[month])


def _check(reader: Reader, case: Case, rows: list[tuple[Table, Row, MonthFact]]) -> None:
    """Report the rows of a month with which the case could not stand, or that say nothing new."""
    by_text = {f"override {fact.text!r}": (table, row) for table, row, fact in rows}
    try:
        case.override(*(fact.text for _, _, fact in rows))
    except InputError as error:
        for problem in error.problems:
            at = next((place for text, place in by_text.items() if problem.where.startswith(text)), rows[0][:2])
            reader.at_cell(*at, "path", problem.found, problem.needed, problem.hint)
