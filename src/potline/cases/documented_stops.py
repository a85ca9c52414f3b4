"""Read documented_stops.csv: what lines are documented to have done, at which price."""

from __future__ import annotations

__all__ = ["read_documented_stops"]

import math
from collections.abc import Iterable
from functools import partial

from potline.cases.case import Case
from potline.cases.files import Row, Table
from potline.cases.parts import DocumentedStop
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.tables import DocumentedStopRow
from potline.choices import StopKind
from potline.errors import InputError
from potline.sources import Interval

WITH_TAX = "incl. VAT"
_NONE = Interval(central=math.nan, low=math.nan, high=math.nan)


def read_documented_stops(reader: Reader, case: Case) -> tuple[DocumentedStop, ...]:
    """Read documented_stops.csv; what was otherwise then must leave a case that stands. Order is that of the file."""
    found: list[DocumentedStop] = []
    for table, row, block in reader.rows(DocumentedStopRow):
        if not (block.event and block.month and block.kind and block.standing):
            continue
        problems = reader.problems.count
        plants = tuple(_plants(reader, case, table, row, block.where))
        price = _price(reader, table, row, block)
        _check(reader, case, table, row, block)
        if reader.problems.count > problems:
            continue
        moved = block.moved_kt or _NONE
        found.append(
            DocumentedStop(
                event=block.event,
                month=block.month,
                kind=StopKind(block.kind),
                plants=plants,
                moved_kt=moved.central,
                moved_low_kt=moved.low,
                moved_high_kt=moved.high,
                price_per_t=price.central,
                price_low_per_t=price.low,
                price_high_per_t=price.high,
                otherwise=block.otherwise,
                not_tested=block.not_tested,
                quote=block.quote,
                source="; ".join(block.source),
                standing=block.standing,
                note=block.note,
            )
        )
    return tuple(found)


def _plants(reader: Reader, case: Case, table: Table, row: Row, words: Iterable[str]) -> Iterable[str]:
    """Yield the plants that words name, themselves, by their firm or by their province, in the industry's order."""
    chosen: set[str] = set()
    plants = case.industry.plants
    names = {
        word: {plant.name for plant in plants if word in (plant.name, plant.firm, plant.government)} for word in words
    }
    for word, members in names.items():
        chosen |= members
        if not members:
            known = dict.fromkeys(
                name for plant in plants for name in (plant.name, plant.firm, plant.government) if name
            )
            hint = partial(did_you_mean, word, [*known], "Plants, firms and provinces")
            reader.at_cell(table, row, "where", repr(word), "a plant, or a firm or province with plants", hint)
    return (plant.name for plant in plants if plant.name in chosen)


def _price(reader: Reader, table: Table, row: Row, block: DocumentedStopRow) -> Interval:
    """Return the price without tax; report one without a unit, and none where the model is to be asked."""
    if block.price is None:
        if not block.not_tested:
            hint = "Or say in column not_tested why the model is not asked."
            reader.at_cell(table, row, "price", "nothing", "the price quoted then", hint)
        return _NONE
    unit, needed = reader.to_unit("CUR/t"), f"{reader.to_unit('CUR/t')!r}, or {reader.to_unit('CUR/t')} {WITH_TAX}"
    if block.price_unit not in (unit, f"{unit} {WITH_TAX}"):
        reader.at_cell(table, row, "price_unit", repr(block.price_unit), needed)
        return _NONE
    if not block.price.low > 0.0:
        reader.at_cell(table, row, "price", str(block.price), "a price above 0")
    return reader.untaxed(block.price, "included" if block.price_unit.endswith(WITH_TAX) else "none")


def _check(reader: Reader, case: Case, table: Table, row: Row, block: DocumentedStopRow) -> None:
    """Report a number that was otherwise and cannot be, tonnes where none stopped, and a restart to be tested."""
    try:
        case.override(*block.otherwise)
    except InputError as error:
        for problem in error.problems:
            reader.at_cell(table, row, "otherwise", problem.found, problem.needed, problem.hint)
    if block.kind == StopKind.RAN_ON and block.moved_kt is not None and block.moved_kt.high > 0.0:
        reader.at_cell(table, row, "moved_kt", str(block.moved_kt), "0 or nothing where no line stopped")
    if block.not_tested:
        return
    if block.kind == StopKind.RESTARTED:
        needed = "why the model is not asked: it is asked which lines would stop"
        reader.at_cell(table, row, "not_tested", "nothing", needed)
    if block.moved_kt is None and block.kind != StopKind.RAN_ON:
        reader.at_cell(table, row, "moved_kt", "nothing", "the capacity that stopped, or was to stop")
