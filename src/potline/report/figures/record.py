"""The record: published numbers against the model's."""

from __future__ import annotations

__all__ = ["record_figure", "with_unit"]

import math

from potline.evidence import Record, RecordLine
from potline.report.drawings import DotRow, dots
from potline.report.figure import Figure, figure
from potline.report.theme import CATEGORIES, FALL, RISE
from potline.report.words import counted, percent, rounded

_REACH = 60.0
_GROUPS = ("within the stated range or 5 %", "outside it", "disputed claim, against its corrected value")


def record_figure(record: Record, *, source: str) -> Figure | None:
    """Draw the model's gap to every published number it also computes; None where there is none."""
    lines = [line for line in record.computed if _gap(line) is not None]
    if not lines:
        return None
    rows = [_row(line) for line in sorted(lines, key=lambda line: abs(_gap(line) or 0.0))]
    near = sum(abs(_gap(line) or 0.0) <= 0.10 for line in lines)
    far = sum(abs(_gap(line) or 0.0) > 0.5 for line in lines)
    counts = record.counts
    sentence = (
        f"Of {counted(len(lines), 'published number')} that the model also computes, {near} are within 10 % of it and "
        f"{far} more than 50 % away; {counted(counts['disputed'], 'claim')} of the record "
        f"{'is' if counts['disputed'] == 1 else 'are'} disputed and shown against the corrected value where there is "
        "one."
    )
    return figure(
        dots(
            rows,
            x_title="Model less published, % of published (triangles: beyond the axis)",
            groups=_GROUPS,
            colours=(FALL, RISE, CATEGORIES[0]),
            x_domain=(-_REACH, _REACH),
            width=300,
            row_height=15,
            label_limit=230,
            text_limit=230,
        ),
        name="record",
        title="The record: what was published, and what the model computes",
        subtitle="At the right: published, then the model; grey: the published range",
        sentence=sentence,
        source=source,
        units="% of the published number",
        width=None,
        height=None,
    )


def with_unit(value: float, unit: str) -> str:
    """Write a number of the record in its unit; shares as per cent.

    Examples:
        >>> with_unit(0.753, "share"), with_unit(2470.0, "CNY/t incl. VAT"), with_unit(float("nan"), "kt")
        ('75 %', '2,470 CNY/t incl. VAT', '')
    """
    if math.isnan(value):
        return ""
    if unit == "share":
        return percent(value)
    return f"{rounded(value)} {unit}".rstrip()


def _gap(line: RecordLine) -> float | None:
    disputed = line.status == "disputed"
    gap = line.corrected_relative_gap if disputed else line.relative_gap
    return None if math.isnan(gap) or math.isinf(gap) else gap


def _row(line: RecordLine) -> DotRow:
    entry = line.entry
    disputed = line.status == "disputed"
    value, low, high = (
        (entry.corrected, entry.corrected_low, entry.corrected_high)
        if disputed
        else (entry.value, entry.low, entry.high)
    )
    status = line.corrected_status if disputed else line.status
    group = _GROUPS[2] if disputed else _GROUPS[0] if status == "agrees" else _GROUPS[1]
    ranged = low < high
    return DotRow(
        label=f"{entry.subject} ({entry.id})",
        value=100.0 * (_gap(line) or 0.0),
        group=group,
        low=100.0 * (low - value) / abs(value) if ranged else None,
        high=100.0 * (high - value) / abs(value) if ranged else None,
        text=f"{_bare(value, entry.unit)} → {with_unit(line.model, entry.unit)}",
    )


def _bare(value: float, unit: str) -> str:
    return percent(value) if unit == "share" else rounded(value)
