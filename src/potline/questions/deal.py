"""What the nearest deal comes to: under other institutions, over time, and divided."""

from __future__ import annotations

__all__ = ["DIVISION", "INSTITUTIONS", "OVER_TIME", "division_said", "institutions_said", "over_time_said"]

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from potline.agreement import Convened, InstitutionShare, MeetingDivision, OverTime
from potline.answers import Answers, there
from potline.report.face import Face
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
from potline.report.tables.share import institution_sentence as share_sentence
from potline.report.tables.share import institution_table


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


def _convened_numbers(found: Convened) -> Mapping[str, Any]:
    return {
        "institution": found.institution,
        "verdict": found.verdict,
        "margin_m_per_year": found.margin_m_per_year,
        "cut_kt": found.cut_kt,
        "group": found.group,
    }


def _division_numbers(found: MeetingDivision) -> Mapping[str, Any]:
    return {
        "gain_m_per_year": found.gain_m_per_year,
        "least_cut_kt": found.least_cut_kt,
        "group": found.coalition,
        "ways_to_divide": len(found.divisions),
        "core_is_empty": None if found.core is None else found.core.empty,
    }


def _over_time_numbers(found: OverTime) -> Mapping[str, Any]:
    return {
        "group": found.coalition,
        "least_cut_kt": found.least_cut_kt,
        "factor_a_year": found.yearly_factor,
        "longest_lag_months": found.longest_lag_months,
        "groups_that_would_keep_it": found.willing,
        "groups": found.feasible,
    }


_CONVENED: Face[Convened] = Face(
    numbers=_convened_numbers,
    sentences=lambda found: [institution_sentence(found, found.case.currency)],
    tables=lambda found: [institutions_table([found], found.case.currency)],
)
_SHARE: Face[InstitutionShare] = Face(
    sentences=lambda found: [share_sentence(found)], tables=lambda found: [institution_table(found)]
)
_DIVISION: Face[MeetingDivision] = Face(
    numbers=_division_numbers,
    sentences=lambda found: division_sentences(found, found.case.currency),
    tables=lambda found: division_tables(found, found.case.currency),
)
_OVER_TIME: Face[OverTime] = Face(
    numbers=_over_time_numbers,
    sentences=enforcement_sentences,
    tables=lambda found: enforcement_tables(found, found.case.currency),
)

INSTITUTIONS: Question[tuple[Convened, ...]] = Question(
    answer=lambda answers: answers.institutions,
    tables=_institutions_tables,
    chapter="The meeting",
    block=lambda _, parts: institutions_block(parts),
    faces={"Convened": _CONVENED, "InstitutionShare": _SHARE},
)

OVER_TIME: Question[OverTime | None] = Question(
    answer=lambda answers: answers.over_time,
    tables=_over_time_tables,
    chapter="The meeting",
    block=lambda _, parts: over_time_block(parts),
    faces={"OverTime": _OVER_TIME},
)

DIVISION: Question[MeetingDivision] = Question(
    answer=lambda answers: there(answers.division),
    tables=lambda found, answers: division_tables(found, answers.case.currency),
    chapter="The meeting",
    block=lambda _, parts: division_block(parts),
    faces={"MeetingDivision": _DIVISION},
)
