"""The record as a table: every sentence, its number, its correction and the model's number."""

from __future__ import annotations

__all__ = ["record_table"]

from potline.evidence import Record
from potline.report.table import Column, Table


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
                line.meaning,
                line.reason,
                line.entry.note,
            )
            for line in record.lines
        ),
    )
