"""Read sources, series and the record of published sentences."""

from __future__ import annotations

__all__ = ["read_record", "read_series", "read_sources"]

import math
from typing import Any

from potline.cases.cells import is_table, shown
from potline.cases.parts import RecordEntry, Series
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.rows import Rows
from potline.cases.schema import SeriesBlock
from potline.cases.tables import RecordRow, SeriesRow, SourceRow
from potline.sources import Interval, Source


def read_sources(reader: Reader) -> tuple[Source, ...]:
    """Read sources.csv."""
    return tuple(
        Source(id=block.source, title=block.title, address=block.address, licence=block.licence)
        for _, _, block in reader.rows(SourceRow)
    )


def read_series(reader: Reader) -> tuple[Series, ...]:
    """Read series.csv with ``[series.NAME]``; months are sorted."""
    given: Any = reader.document.values.get("series", {})
    if not is_table(given):
        reader.at_key(("series",), shown(given), "tables `[series.NAME]`")
        given = dict[str, Any]()
    months: dict[str, dict[str, Interval]] = {}
    for table, row, block in reader.rows(SeriesRow):
        if block.series and block.series not in given and block.series not in months:
            needed = "a table `[series.NAME]` in case.toml with unit, vat, source and standing"
            hint = did_you_mean(block.series, given, "Series")
            reader.at_cell(table, row, "series", f"unknown series {block.series!r}", needed, hint)
        points = months.setdefault(block.series, {})
        if block.month and block.value is not None:
            points[block.month] = block.value
    result: list[Series] = []
    for name, data in given.items():
        keys = ("series", name)
        head = reader.block(SeriesBlock, data, keys)
        source = reader.sources_at_key(head.source, (*keys, "source"))
        if name not in months:
            reader.at_key(keys, f"series {name!r} without months", "rows of series.csv")
        points = sorted(months.get(name, {}).items())
        result.append(
            Series(
                name=name,
                unit=head.unit,
                vat=head.vat,
                source=source,
                standing=head.standing or "reported",
                note=head.note,
                months=tuple(month for month, _ in points),
                values=tuple(interval.central for _, interval in points),
                lows=tuple(interval.low for _, interval in points),
                highs=tuple(interval.high for _, interval in points),
            )
        )
    return tuple(result)


def read_record(reader: Reader) -> tuple[RecordEntry, ...]:
    """Read record.csv."""
    nothing = Interval(central=math.nan, low=math.nan, high=math.nan)
    result: list[RecordEntry] = []
    given = reader.rows(RecordRow)
    _facts(reader, given)
    for table, row, block in given:
        value, corrected = block.value or nothing, block.corrected_value or nothing
        if block.value is not None and not block.unit:
            reader.at_cell(table, row, "unit", "nothing", "the unit of value")
        if block.corrected_value is not None and not block.correction_source:
            reader.at_cell(table, row, "correction_source", "nothing", "the source of corrected_value")
        result.append(
            RecordEntry(
                id=block.id,
                quote=block.quote,
                subject=block.subject,
                value=value.central,
                low=value.low,
                high=value.high,
                unit=block.unit,
                period=block.period,
                standing=block.standing or "reported",
                corrected=corrected.central,
                corrected_low=corrected.low,
                corrected_high=corrected.high,
                correction_source="; ".join(block.correction_source),
                quantity=block.quantity,
                repeats=block.repeats,
                note=block.note,
            )
        )
    return tuple(result)


def _facts(reader: Reader, given: Rows[RecordRow]) -> None:
    """Refuse an entry that repeats nothing that is there, itself, or an entry that repeats another."""
    of = {block.id: block.repeats for _, _, block in given}
    for table, row, block in given:
        named = block.repeats
        if not named:
            continue
        if named not in of:
            needed, hint = "the id of an entry of record.csv", did_you_mean(named, of, "Entries")
            reader.at_cell(table, row, "repeats", repr(named), needed, hint)
        elif named == block.id:
            reader.at_cell(table, row, "repeats", "its own id", "the id of another entry", "Leave it blank.")
        elif of[named]:
            found = f"{named!r}, which repeats {of[named]!r}"
            reader.at_cell(table, row, "repeats", found, "an entry that repeats none", f"Write {of[named]!r}.")
