"""The record: published numbers against the model's."""

from __future__ import annotations

__all__ = ["record_figure", "with_unit"]

import math

from potline.evidence import Record, RecordLine
from potline.report.drawings import DotRow, dots
from potline.report.figure import Figure, figure
from potline.report.saying import each_line, say
from potline.report.theme import CATEGORIES, FALL, GREY, RISE
from potline.report.words import counted, opening, percent, rounded, set_text, unit_words

_REACH = 60.0


def record_figure(record: Record, *, source: str) -> Figure | None:
    """Draw the model's gap to every published number it also has; None where there is none.

    Args:
        record: the lines; inputs echoed back and fitted numbers are grey.
        source: as drawn.
    """
    lines = [line for line in record.computed if _gap(line) is not None]
    if not lines:
        return None
    rows = [_row(line) for line in sorted(lines, key=_place)]
    counts = record.counts
    agree, differ = counts["agrees"], counts["differs"]
    echoed, fitted = counted(counts["input"], "input"), counted(counts["fitted"], "fitted_number")
    sentence = say(
        "record.with_what_follows_from_the",
        agreeing=opening(counted(agree, "published_fact")),
        differing=say("record.differing", differ=differ, count=differ),
        hardly=counts["could hardly fail"],
        count=agree,
        echoed=echoed,
        fitted=fitted,
    )
    naught = [line.entry.id for line in record.computed if line.entry.value == 0.0 and line.status != "disputed"]
    if naught:
        sentence += " " + say("record.published_as_0_so_without", naught=naught)
    return figure(
        dots(
            rows,
            x_title=say("record.model_less_published_of_published"),
            groups=each_line("record.groups"),
            colours=(FALL, CATEGORIES[4], RISE, CATEGORIES[0], GREY),
            x_domain=(-_REACH, _REACH),
            width=300,
            row_height=15,
            label_limit=300,
            text_limit=230,
        ),
        name="record",
        title=say("record.the_record_what_was_published"),
        subtitle=say("record.at_the_right_published_then"),
        sentence=sentence,
        source=source,
        units=say("record.of_the_published_number"),
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
    return set_text(f"{rounded(value)} {unit_words(unit)}".rstrip())


def _gap(line: RecordLine) -> float | None:
    disputed = line.status == "disputed"
    gap = line.corrected_relative_gap if disputed else line.relative_gap
    return None if math.isnan(gap) or math.isinf(gap) else gap


def _place(line: RecordLine) -> tuple[bool, float]:
    """Return the order of a line: computed ones and disputed claims first, each by the size of the gap."""
    return line.kind in ("input", "fitted"), abs(_gap(line) or 0.0)


def _row(line: RecordLine) -> DotRow:
    entry = line.entry
    disputed = line.status == "disputed"
    value, low, high = (
        (entry.corrected, entry.corrected_low, entry.corrected_high)
        if disputed
        else (entry.value, entry.low, entry.high)
    )
    status = line.corrected_status if disputed else line.status
    inside, sure, outside, corrected, silent = each_line("record.groups")
    group = (
        corrected
        if disputed
        else silent
        if line.kind in ("input", "fitted")
        else sure
        if line.kind == "could hardly fail"
        else inside
        if status == "agrees"
        else outside
    )
    ranged = low < high
    text = f"{_bare(value, entry.unit)} → {with_unit(line.model, entry.unit)}"
    return DotRow(
        label=f"{entry.subject} ({entry.id})",
        value=100.0 * (_gap(line) or 0.0),
        group=group,
        low=100.0 * (low - value) / abs(value) if ranged else None,
        high=100.0 * (high - value) / abs(value) if ranged else None,
        text=text,
    )


def _bare(value: float, unit: str) -> str:
    return percent(value) if unit == "share" else rounded(value)
