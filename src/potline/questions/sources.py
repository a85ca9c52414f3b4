"""What a case rests on: claims, sources, uncertain inputs, policies."""

from __future__ import annotations

__all__ = ["SOURCES"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.answers import Answers
from potline.cases import Case
from potline.report.face import Face
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.evidence import sources_block
from potline.report.standings import data_line
from potline.report.tables.inputs import input_tables


def _front(case: Case, answers: Answers) -> Iterator[tuple[str, str]]:
    del case
    if line := data_line(answers):
        yield say("sources.what_the_data_are_worth"), line


def _shown_numbers(case: Case) -> Mapping[str, Any]:
    industry, meeting = case.industry, case.meeting
    claims = len(case.claims)
    return {
        "plants": len(industry.plants),
        "capacity_kt": sum(plant.capacity_kt for plant in industry.plants),
        "running_kt": sum(plant.running_kt for plant in industry.plants),
        "price_per_t": industry.price_per_t,
        "at_the_meeting": () if meeting is None else meeting.owners,
        "asked_kt": None if meeting is None else meeting.least_cut_kt,
        "claims": claims,
        "assumed_share": case.claims.standings["assumed"] / claims if claims else None,
    }


_FACE: Face[Case] = Face(
    numbers=_shown_numbers,
    sentences=lambda case: [text for text in (case.title, case.description) if text],
    tables=input_tables,
)

SOURCES: Question[Case] = Question(
    answer=lambda answers: answers.case,
    tables=lambda case, _: input_tables(case),
    chapter="Sources and standings",
    block=lambda _, parts: sources_block(parts),
    front=_front,
    faces={"Case": _FACE},
)
