"""The record as a table: every sentence, its number, its correction and the model's number."""

from __future__ import annotations

__all__ = ["flexibility_sentence", "record_sentence", "record_table"]

import math

from potline.evidence import Record
from potline.evidence.record import Kind
from potline.report.table import Table, col, table_of
from potline.report.words import amount, counted


def record_sentence(record: Record) -> str:
    """Say what the record comes to; the counts add up to its entries, and only computed numbers agree or differ."""
    counts = record.counts
    agree, differ = counts["agrees"], counts["differs"]
    parts = [
        f"{agree} {'agrees' if agree == 1 else 'agree'} with a number that follows from the model (within the stated "
        "range, or 5 % of a single number)",
        f"{differ} {'differs' if differ == 1 else 'differ'} from one",
    ]
    rest: dict[Kind, str] = {
        "input": "{} compare with an input of the case, which says nothing about the model",
        "fitted": "{} with what its costs were fitted to, which says nothing either",
        "model only": "{} have a number in the model only",
        "disputed": "{} are disputed and shown against the corrected value",
        "statement": "{} hold nothing to compute",
        "not computed": "{} could not be computed",
    }
    for name, words in rest.items():
        text = words.format(counts[name])
        if counts[name] == 1:
            for many, one in (("compare", "compares"), ("have", "has"), ("are", "is"), ("hold", "holds")):
                text = text.replace(f"1 {many} ", f"1 {one} ")
        parts += [text] if counts[name] else []
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"Of {counted(len(record.lines), 'published sentence')} {listed}."


def flexibility_sentence(record: Record, at_parity: float) -> str:
    """Say where a published price flexibility agrees with the model, and where it does not; empty without one."""
    line = next((item for item in record.computed if item.entry.quantity == "price_flexibility"), None)
    if line is None or math.isnan(at_parity) or math.isnan(line.entry.value):
        return ""
    inside = line.entry.low <= at_parity <= line.entry.high
    lifted = f"{amount(line.model, 2)} % per %"
    if line.status == "agrees" and not inside:
        return (
            f"The price flexibility ({line.entry.id}) agrees only with the import ceiling lifted ({lifted}); with the "
            f"ceiling of the date in place it is {amount(at_parity, 2)} and does not."
        )
    return (
        f"The price flexibility ({line.entry.id}) is {lifted} with the import ceiling lifted and "
        f"{amount(at_parity, 2)} with it in place."
    )


def record_table(record: Record) -> Table:
    """Return one row a sentence."""
    return table_of(
        record.lines,
        [
            col("id", "Id", "", lambda line: line.entry.id),
            col("quote", "Sentence", "", lambda line: line.entry.quote),
            col("subject", "Subject", "", lambda line: line.entry.subject),
            col("value", "Published", "", lambda line: line.entry.value, -1),
            col("low", "Low", "", lambda line: line.entry.low, -1),
            col("high", "High", "", lambda line: line.entry.high, -1),
            col("unit", "Unit", "", lambda line: line.entry.unit),
            col("period", "Period", "", lambda line: line.entry.period),
            col("standing", "Standing", "", lambda line: line.entry.standing),
            col("corrected_value", "Corrected", "", lambda line: line.entry.corrected, -1),
            col("correction_source", "Correction from", "", lambda line: line.entry.correction_source),
            col("model_value", "Model", "", lambda line: line.model, -1),
            col("gap", "Gap", "", lambda line: line.gap, -1),
            col("relative_gap", "Gap", "share", lambda line: line.relative_gap, 3),
            col(
                "corrected_relative_gap",
                "Gap to the corrected value",
                "share",
                lambda line: line.corrected_relative_gap,
                3,
            ),
            col("status", "Status", "", lambda line: line.status),
            col("corrected_status", "Status against the corrected value", "", lambda line: line.corrected_status),
            col("basis", "Basis", "", lambda line: line.basis),
            col("meaning", "What the model computes", "", lambda line: line.meaning),
            col("reason", "Why not computed", "", lambda line: line.reason),
            col("note", "Note", "", lambda line: line.entry.note),
        ],
        name="record",
        title="The record: published sentences beside the model, in the unit and on the tax basis of the sentence.",
    )
