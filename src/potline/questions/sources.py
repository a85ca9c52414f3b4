"""What a case rests on: claims, sources, uncertain inputs, policies."""

from __future__ import annotations

__all__ = ["SOURCES"]

from potline.cases import Case
from potline.report.question import Question
from potline.report.sections.evidence import sources_block
from potline.report.tables.inputs import input_tables

SOURCES: Question[Case] = Question(
    answer=lambda answers: answers.case,
    tables=lambda case, _: input_tables(case),
    chapter="Sources and standings",
    block=lambda _, parts: sources_block(parts),
)
