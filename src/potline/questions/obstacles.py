"""What stands in the way of a cut, and whether a smaller one or another rule would do."""

from __future__ import annotations

__all__ = ["OBSTACLES", "TONNAGES", "TONNAGE_OBSTACLES"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import Attribution, MeetingResult, TonnageAttribution
from potline.answers import Answers, there
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.question import Question
from potline.report.sections.meeting import obstacles_block, tonnages_block
from potline.report.source import model_source
from potline.report.tables.tonnage_obstacles import tonnage_obstacles_table


def _of_the_largest(answers: Answers) -> bool:
    """Whether the obstacles of the largest cut are told too."""
    return answers.holds and answers.ranged


def _obstacles_figure(held: MeetingResult, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.obstacles import cleared_figure, obstacles_figure

    if held.obstacles is None:
        return
    currency, source = answers.case.currency, model_source(answers.case)
    yield obstacles_figure(held.obstacles, currency=currency, source=source)
    if not _of_the_largest(answers):  # else the table tells it, beside that of the largest cut
        yield cleared_figure(held.obstacles, currency=currency, source=source)


def _sweep_figure(held: MeetingResult, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.meeting import sweep_figure

    yield sweep_figure(held, source=model_source(answers.case))


def _largest_figure(found: TonnageAttribution) -> Iterator[Figure | None]:
    from potline.report.figures.tonnage_obstacles import tonnage_obstacles_figure

    yield tonnage_obstacles_figure(found, source=source_of(found))


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

_LARGEST_FACE: Face[TonnageAttribution] = Face(
    numbers=lambda found: {
        "largest_cut_kt": found.k_star_kt,
        "largest_cut_without_obstacles_kt": found.freed_kt,
        "largest_cut_cleared_kt": found.cleared_k_star_kt,
    },
    tables=lambda found: [tonnage_obstacles_table(found)],
    figures=_largest_figure,
)

TONNAGE_OBSTACLES: Question[TonnageAttribution] = Question(
    answer=lambda answers: there(answers.tonnage_attribution),
    tables=lambda found, _: [tonnage_obstacles_table(found)],
    figures=lambda found, _: _largest_figure(found),
    numbers=lambda found, _: {"largest_cut_without_obstacles_kt": found.freed_kt},
    front_figure="tonnage_obstacles",
    faces={"TonnageAttribution": _LARGEST_FACE},
)

OBSTACLES: Question[MeetingResult] = Question(
    answer=lambda answers: there(answers.meeting),
    figures=_obstacles_figure,
    front_figure=lambda answers: "" if _of_the_largest(answers) else "obstacles",
    chapter="What would it take",
    block=lambda _, parts: obstacles_block(parts),
    faces={"Attribution": _FACE},
)

TONNAGES: Question[MeetingResult] = Question(
    answer=lambda answers: there(answers.meeting),
    figures=_sweep_figure,
    chapter="What would it take",
    block=lambda _, parts: tonnages_block(parts),
)
