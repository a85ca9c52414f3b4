"""The record as a table: every sentence, its number, its correction and the model's number."""

from __future__ import annotations

__all__ = ["record_count", "record_sentence", "record_table", "why_not"]

import math

from potline.evidence import Record
from potline.evidence.record import Kind, RecordLine
from potline.report.saying import say
from potline.report.table import Table, code, col, table_of

_REST: tuple[Kind, ...] = (
    "could hardly fail", "input", "fitted", "model only", "disputed", "statement", "not computed"
)  # fmt: skip


def record_sentence(record: Record) -> str:
    """Say what the record comes to; the counts add up to its facts, and only computed numbers agree or differ."""
    counts = record.counts
    agree, differ = counts["agrees"], counts["differs"]
    parts = [
        say("record.agree_with_a_number_that", agree=agree, count=agree),
        say("record.differ_from_one", differ=differ, count=differ),
        *(say(f"record.rest.{kind}", n=counts[kind], count=counts[kind]) for kind in _REST if counts[kind]),
    ]
    listed = say("record.and", first_parts=", ".join(parts[:-1]), last_part=parts[-1])
    return say("record.of", lines=len(record.lines), facts=len(record.facts), listed=listed)


def record_count(record: Record) -> str:
    """Say how many published facts agree with what follows from the model, could hardly fail, and differ."""
    counts = record.counts
    if not any(counts[kind] for kind in ("agrees", "could hardly fail", "differs")):
        return say("record.nothing_beside", facts=len(record.facts))
    return say(
        "record.agree_and_differ",
        facts=len(record.facts),
        agree=counts["agrees"],
        hardly=counts["could hardly fail"],
        differ=counts["differs"],
    )


def why_not(line: RecordLine) -> str:
    """Say why the model gives no number for a sentence; empty where it gives one."""
    return say(f"reasons.{line.why}", **line.about) if line.why else ""


def _meaning(record: Record, line: RecordLine) -> str:
    """Say what the model's number is, with the case's names of the product and of the input."""
    if not line.quantity:
        return "" if math.isnan(line.model) else say("meanings.own_number")
    named = {
        "product": record.product or say("meanings.the_product"),
        "input": record.input or say("meanings.the_input"),
    }
    return say(f"meanings.{line.quantity}", **named)


def record_table(record: Record) -> Table:
    """Return one row a sentence."""
    return table_of(
        record.lines,
        [
            col("id", "", lambda line: line.entry.id),
            col("quote", "", lambda line: line.entry.quote),
            col("subject", "", lambda line: line.entry.subject),
            col("value", "", lambda line: line.entry.value, -1),
            col("low", "", lambda line: line.entry.low, -1),
            col("high", "", lambda line: line.entry.high, -1),
            col("unit", "", lambda line: line.entry.unit),
            col("period", "", lambda line: line.entry.period),
            code("standing", lambda line: line.entry.standing),
            col("corrected_value", "", lambda line: line.entry.corrected, -1),
            col("correction_source", "", lambda line: line.entry.correction_source),
            col("model_value", "", lambda line: line.model, -1),
            col("gap", "", lambda line: line.gap, -1),
            col("relative_gap", "share", lambda line: line.relative_gap, 3),
            col(
                "corrected_relative_gap",
                "share",
                lambda line: line.corrected_relative_gap,
                3,
            ),
            code("status", lambda line: line.status),
            code("corrected_status", lambda line: line.corrected_status),
            code("basis", lambda line: line.basis),
            col("repeats", "", lambda line: line.entry.repeats),
            code("counts_as", lambda line: line.kind),
            col("agreeing_share", "share", lambda line: line.agreeing_share, 2),
            col("meaning", "", lambda line: _meaning(record, line)),
            col("reason", "", why_not),
            col("note", "", lambda line: line.entry.note),
        ],
        said="record.record",
    )
