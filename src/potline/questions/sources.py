"""What a case rests on: claims, sources, uncertain inputs, policies."""

from __future__ import annotations

__all__ = ["SOURCES"]

from collections.abc import Iterator

from potline.answers import Answers
from potline.cases import Case
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.evidence import sources_block
from potline.report.standings import data_line
from potline.report.tables.inputs import input_tables


def _front(case: Case, answers: Answers) -> Iterator[tuple[str, str]]:
    del case
    if line := data_line(answers):
        yield say("sources.what_the_data_are_worth"), line


SOURCES: Question[Case] = Question(
    answer=lambda answers: answers.case,
    tables=lambda case, _: input_tables(case),
    chapter="Sources and standings",
    block=lambda _, parts: sources_block(parts),
    front=_front,
)
