"""What stands in the way of a cut, and whether a smaller one or another rule would do."""

from __future__ import annotations

__all__ = ["OBSTACLES", "TONNAGES"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import Attribution, MeetingResult
from potline.answers import Answers, there
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.html import paragraph
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.meeting import obstacles_block, tonnages_block
from potline.report.source import model_source


def _obstacles_figure(held: MeetingResult, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.obstacles import cleared_figure, obstacles_figure

    if held.obstacles is not None:
        for drawn in (obstacles_figure, cleared_figure):
            yield drawn(held.obstacles, currency=answers.case.currency, source=model_source(answers.case))


def _sweep_figure(held: MeetingResult, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.meeting import sweep_figure

    yield sweep_figure(held, source=model_source(answers.case))


def _shown_numbers(found: Attribution) -> Mapping[str, Any]:
    return {
        "margin_m_per_year": found.margin_m_per_year,
        "margin_with_all_cleared_m_per_year": found.cleared_margin_m_per_year,
        "obstacles": tuple(one.name for one in found.obstacles),
        "enough": found.enough,
    }


def _shown_figures(found: Attribution) -> Iterator[Figure | None]:
    from potline.report.figures.obstacles import cleared_figure, obstacles_figure

    for drawn in (obstacles_figure, cleared_figure):
        yield drawn(found, currency=found.case.currency, source=source_of(found))


_FACE: Face[Attribution] = Face(numbers=_shown_numbers, figures=_shown_figures)

OBSTACLES: Question[MeetingResult] = Question(
    answer=lambda answers: there(answers.meeting),
    figures=_obstacles_figure,
    front_figure="obstacles",
    chapter="What would it take",
    block=lambda _, parts: obstacles_block(parts),
    faces={"Attribution": _FACE},
    otherwise=lambda _: paragraph(say("obstacles.without_a_meeting")),
)

TONNAGES: Question[MeetingResult] = Question(
    answer=lambda answers: there(answers.meeting),
    figures=_sweep_figure,
    chapter="What would it take",
    block=lambda _, parts: tonnages_block(parts),
)
