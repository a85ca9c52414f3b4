"""What it would take for the owners to agree."""

from __future__ import annotations

__all__ = ["REMEDY", "ask"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.agreement import Remedy
from potline.answers import Answers
from potline.cases.limits import LARGEST
from potline.choices import Rule
from potline.errors import InputError, Problem
from potline.report.face import Face, source_of
from potline.report.figure import Figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.deals import help_block
from potline.report.source import model_source
from potline.report.table import Table
from potline.report.tables.remedy import remedy_tables
from potline.report.tables.remedy_words import frontier_sentence, remedy_in_short, remedy_sentences

Found = Remedy | None


def _tables(found: Found, answers: Answers) -> Iterator[Table]:
    del answers
    if found is not None:
        yield from remedy_tables(found)


def _figures(found: Found, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.frontier import frontier_figure

    if found is not None:
        yield frontier_figure(found, source=model_source(answers.case))


def ask(answers: Answers, *, rule: Rule | None, every: bool, premium: float | None) -> Said:
    """Ask what it would take for the owners of CASE to agree: least level, cost, who pays whom, and the frontier."""
    from potline.agreement.remedy.least import remedy

    if premium is not None and not 0.0 <= premium <= LARGEST:
        hint = say("remedy.it_is_without_vat_left")
        needed = f"a number from 0 to {LARGEST:g}"
        raise InputError([Problem(where="--premium", found=f"{premium:g}", needed=needed, hint=hint)])
    result = remedy(answers.case, rule=rule, every=every, premium_per_t=premium)
    cur = result.currency.lower()
    columns = {
        "remedy_least_cost": (
            "institution",
            f"margin_m_{cur}_per_year",
            "cheapest_instrument",
            f"public_cost_m_{cur}_per_year",
            "group",
            "without_public_cost",
        ),
        "remedies": (
            *("instrument", "institution", "baseline", "leaving", "suffices", "level", "unit"),
            f"public_cost_m_{cur}_per_year",
        ),
    }
    return Said(
        sentences=[*remedy_sentences(result), frontier_sentence(result), say("meeting.competition_law")],
        tables=remedy_tables(result),
        columns=columns,
        asked={} if premium is None else {"premium_per_t": premium},
        infeasible=all(margin.verdict == "infeasible" for margin in result.margins),
        shown=("remedies",) if every else ("remedy_least_cost", "remedy_levels", "remedy_frontier"),
    )


def _shown_numbers(found: Remedy) -> Mapping[str, Any]:
    return {
        "least_cut_kt": found.least_cut_kt,
        "term_years": found.term_years,
        "measures": len(found.measures),
        "verdict": found.margins[0].verdict if found.margins else None,
    }


def _shown_figures(found: Remedy) -> Iterator[Figure | None]:
    from potline.report.figures.frontier import frontier_figure

    yield frontier_figure(found, source=source_of(found))


_FACE: Face[Remedy] = Face(
    numbers=_shown_numbers,
    sentences=lambda found: [*remedy_sentences(found), frontier_sentence(found)],
    tables=remedy_tables,
    figures=_shown_figures,
)

REMEDY: Question[Found] = Question(
    answer=lambda answers: answers.remedy,
    tables=_tables,
    figures=_figures,
    front=lambda found, _: [] if found is None else [(say("remedy.heading"), remedy_in_short(found))],
    chapter="What would it take",
    block=lambda _, parts: help_block(parts),
    faces={"Remedy": _FACE},
)
