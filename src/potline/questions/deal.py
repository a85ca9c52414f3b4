"""What the nearest deal comes to: under other institutions, over time, and divided."""

from __future__ import annotations

__all__ = ["DIVISION", "INSTITUTIONS", "OVER_TIME", "division_said", "institutions_said", "over_time_said"]

from collections.abc import Iterator, Sequence

from potline.agreement import Convened, MeetingDivision, OverTime
from potline.answers import Answers, there
from potline.report.question import Question
from potline.report.saying import called, coded
from potline.report.sections.deals import division_block, institutions_block, over_time_block
from potline.report.table import Table
from potline.report.tables.division import division_sentences, division_tables
from potline.report.tables.enforcement import enforcement_sentences, enforcement_tables
from potline.report.tables.institutions import (
    institution_sentence,
    institutions_table,
    institutions_words,
)


def institutions_said(found: Sequence[Convened], currency: str) -> list[str]:
    """Return a line for all institutions and one for each."""
    each = [
        f"{called('institution', one.institution).capitalize()}: {coded(one.verdict)}. "
        f"{institution_sentence(one, currency)}"
        for one in found
    ]
    return [institutions_words(found), *each]


def over_time_said(found: OverTime) -> str:
    """Return in one line whether the deal would be kept."""
    return " ".join(enforcement_sentences(found))


def division_said(found: MeetingDivision, currency: str) -> str:
    """Return in one line how the gain would be divided."""
    return " ".join(division_sentences(found, currency))


def _institutions_tables(found: Sequence[Convened], answers: Answers) -> Iterator[Table]:
    if found:
        yield institutions_table(found, answers.case.currency)


def _over_time_tables(found: OverTime | None, answers: Answers) -> Iterator[Table]:
    if found is not None:
        yield from enforcement_tables(found, answers.case.currency)


INSTITUTIONS: Question[tuple[Convened, ...]] = Question(
    answer=lambda answers: answers.institutions,
    tables=_institutions_tables,
    chapter="The meeting",
    block=lambda _, parts: institutions_block(parts),
)

OVER_TIME: Question[OverTime | None] = Question(
    answer=lambda answers: answers.over_time,
    tables=_over_time_tables,
    chapter="The meeting",
    block=lambda _, parts: over_time_block(parts),
)

DIVISION: Question[MeetingDivision] = Question(
    answer=lambda answers: there(answers.division),
    tables=lambda found, answers: division_tables(found, answers.case.currency),
    chapter="The meeting",
    block=lambda _, parts: division_block(parts),
)
