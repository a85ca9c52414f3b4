"""The record as a table: every sentence, its number, its correction and the model's number."""

from __future__ import annotations

__all__ = ["flexibility_sentence", "record_sentence", "record_table"]

import math

from potline.evidence import Record
from potline.evidence.record import Kind
from potline.report.table import Column, Table
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
    return Table(
        name="record",
        title="The record: published sentences beside the model, in the unit and on the tax basis of the sentence.",
        columns=(
            Column(name="id", label="Id"),
            Column(name="quote", label="Sentence"),
            Column(name="subject", label="Subject"),
            Column(name="value", label="Published", digits=-1),
            Column(name="low", label="Low", digits=-1),
            Column(name="high", label="High", digits=-1),
            Column(name="unit", label="Unit"),
            Column(name="period", label="Period"),
            Column(name="standing", label="Standing"),
            Column(name="corrected_value", label="Corrected", digits=-1),
            Column(name="correction_source", label="Correction from"),
            Column(name="model_value", label="Model", digits=-1),
            Column(name="gap", label="Gap", digits=-1),
            Column(name="relative_gap", label="Gap", unit="share", digits=3),
            Column(name="corrected_relative_gap", label="Gap to the corrected value", unit="share", digits=3),
            Column(name="status", label="Status"),
            Column(name="corrected_status", label="Status against the corrected value"),
            Column(name="basis", label="Basis"),
            Column(name="meaning", label="What the model computes"),
            Column(name="reason", label="Why not computed"),
            Column(name="note", label="Note"),
        ),
        rows=tuple(
            (
                line.entry.id,
                line.entry.quote,
                line.entry.subject,
                line.entry.value,
                line.entry.low,
                line.entry.high,
                line.entry.unit,
                line.entry.period,
                line.entry.standing,
                line.entry.corrected,
                line.entry.correction_source,
                line.model,
                line.gap,
                line.relative_gap,
                line.corrected_relative_gap,
                line.status,
                line.corrected_status,
                line.basis,
                line.meaning,
                line.reason,
                line.entry.note,
            )
            for line in record.lines
        ),
    )
