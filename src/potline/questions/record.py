"""What was published beside what the model computes, and the verdict beside what happened."""

from __future__ import annotations

__all__ = ["HINDCAST", "RECORD", "ask"]

from collections.abc import Iterator, Mapping
from typing import Any

from potline.answers import Answers, there
from potline.evidence import Hindcast, Record
from potline.report.face import Face
from potline.report.figure import Figure
from potline.report.question import Question, Said
from potline.report.saying import say
from potline.report.sections.evidence import hindcast_block, record_block
from potline.report.tables.hindcast import hindcast_in_short, hindcast_lines, hindcast_table
from potline.report.tables.record import record_count, record_sentence, record_table

_SHOWN = (
    "id",
    "subject",
    "value",
    "low",
    "high",
    "unit",
    "corrected_value",
    "model_value",
    "relative_gap",
    "status",
    "agreeing_share",
    "counts_as",
    "repeats",
)


def _figures(record: Record) -> Iterator[Figure | None]:
    from potline.report.figures.record import record_figure

    yield record_figure(record, source=say("record.published_beside_this_run"))


def ask(answers: Answers) -> Said:
    """Put each published claim of CASE beside what the model computes, and its verdict beside what happened."""
    found, past = answers.record, answers.hindcast
    lines = [] if past is None else hindcast_lines(past)
    tables = [record_table(found), *([] if past is None else [hindcast_table([past])])]
    return Said(sentences=[*lines, record_sentence(found)], tables=tables, columns={"record": _SHOWN})


def _past_numbers(found: Hindcast) -> Mapping[str, Any]:
    return {
        "decision": found.outcome.decision,
        "compared": len(found.comparisons),
        "differ": tuple(map(str, found.differ)),
        "margin_m_per_year": found.meeting.margin_m_per_year,
    }


def _record_numbers(found: Record) -> Mapping[str, Any]:
    return {"facts": len(found.facts), **{str(name): count for name, count in found.counts.items()}}


_PAST: Face[Hindcast] = Face(
    numbers=_past_numbers, sentences=hindcast_lines, tables=lambda found: [hindcast_table([found])]
)
_RECORD: Face[Record] = Face(
    numbers=_record_numbers,
    sentences=lambda found: [record_sentence(found)],
    tables=lambda found: [record_table(found)],
    figures=_figures,
)

HINDCAST: Question[Hindcast] = Question(
    answer=lambda answers: there(answers.hindcast),
    tables=lambda found, _: [hindcast_table([found])],
    front=lambda found, _: [(say("hindcast.heading"), hindcast_in_short(found))],
    chapter="The record",
    block=lambda _, parts: hindcast_block(parts),
    faces={"Hindcast": _PAST},
)

RECORD: Question[Record] = Question(
    answer=lambda answers: answers.record,
    tables=lambda found, _: [record_table(found)],
    figures=lambda found, _: _figures(found),
    front=lambda found, _: [(say("record.heading"), record_count(found))] if found.lines else [],
    chapter="The record",
    block=lambda _, parts: record_block(parts),
    faces={"Record": _RECORD},
)
