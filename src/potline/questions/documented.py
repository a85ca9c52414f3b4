"""Which lines the model would have stopped where lines did stop, or ran on."""

from __future__ import annotations

__all__ = ["DOCUMENTED", "ask"]

from collections.abc import Mapping
from typing import Any

from potline.answers import Answers, there
from potline.evidence import DocumentedStops
from potline.report.blocks import Blocks, paragraph
from potline.report.documented import counted_sentence, documented_sentences
from potline.report.face import Face, source_of
from potline.report.figures.documented import documented_figure
from potline.report.question import Question, Said
from potline.report.sections.parts import Parts
from potline.report.source import model_source
from potline.report.tables.documented_stops import documented_tables

_SHOWN = (
    "event",
    "moved_kt",
    "price_quoted_{}_per_t",
    "model_kt",
    "threshold_quoted_{}_per_t",
    "together_threshold_quoted_{}_per_t",
    "agrees",
)


def _shown(currency: str) -> list[str]:
    return [name.format(currency.lower()) for name in _SHOWN]


def ask(answers: Answers) -> Said:
    """Ask which lines of CASE the model would have stopped at the prices at which lines did stop, or ran on."""
    from potline.evidence import documented_stops

    found = answers.documented or documented_stops(answers.case)
    return Said(
        sentences=documented_sentences(found),
        tables=list(documented_tables(found)),
        shown=("documented_stops", "documented_stops_listed"),
        columns={"documented_stops": _shown(answers.case.currency)},
        figures=[drawn for drawn in [documented_figure(found, source=model_source(answers.case))] if drawn],
    )


def _numbers(found: DocumentedStops, answers: Answers) -> Mapping[str, Any]:
    del answers
    return _shown_numbers(found)


def _shown_numbers(found: DocumentedStops) -> Mapping[str, Any]:
    return {
        "documented_stops_tested": len(found.tests),
        "documented_stops_that_agree": sum(test.agrees for test in found.tests),
    }


def _block(found: DocumentedStops, parts: Parts) -> Blocks:
    del parts
    return paragraph(counted_sentence(found))


_FACE: Face[DocumentedStops] = Face(
    numbers=_shown_numbers,
    sentences=documented_sentences,
    tables=documented_tables,
    figures=lambda found: [documented_figure(found, source=source_of(found))],
)

DOCUMENTED: Question[DocumentedStops] = Question(
    answer=lambda answers: there(answers.documented),
    tables=lambda found, _: documented_tables(found),
    figures=lambda found, answers: [documented_figure(found, source=model_source(answers.case))],
    numbers=_numbers,
    chapter="The record",
    block=_block,
    faces={"DocumentedStops": _FACE},
)
