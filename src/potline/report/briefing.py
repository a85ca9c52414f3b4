"""The brief: a document that answers the case's questions in the order of the article, words before numbers."""

from __future__ import annotations

__all__ = ["Brief", "brief", "brief_document", "whole_document"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from potline._version import __version__
from potline.answers import Answers, Progress, quiet
from potline.cases import Case
from potline.choices import Language
from potline.report.blocks import Blocks, Document, FirstPage, Head, Picture, Section, figure_block
from potline.report.catalogue import has, speaking
from potline.report.contents import checks_of, each_figure, tables_of
from potline.report.figure import Figure, svg
from potline.report.folder import whole_file
from potline.report.forms import check_brief_place, in_form
from potline.report.html import page
from potline.report.listed import Listed, asked, chapters_of, shown_of, standing
from potline.report.manifest import run_id
from potline.report.saying import check_called, say
from potline.report.sections.evidence import method_block
from potline.report.sections.parts import INPUTS, Parts, input_title
from potline.report.source import model_source
from potline.report.spoken import head_of, unanswered_lines
from potline.report.table import Table
from potline.report.words import counted, month_words, set_text
from potline.showing import Shown
from potline.verification import Check

CHAPTERS = (
    "Losses",
    "The meeting",
    "Price",
    "Subsidies",
    INPUTS,
    "The record",
    "What would it take",
    "Sources and standings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief(Shown):
    """The brief of a case, to be written as a page, as PDF or as slides.

    Attributes:
        document: what it says.
        certified: whether every certificate holds.
        infeasible: whether what the case asks for cannot be.
    """

    document: Document
    certified: bool = True
    infeasible: bool = False

    @property
    def html(self) -> str:
        """The page: one file, no script, no address outside it, no clock time."""
        return page(self.document)

    def write(self, path: str | Path) -> Path:
        """Write the brief to a file and return its place; an earlier brief there is replaced, nothing else is.

        The ending of the name decides: ``.html`` is the page, ``.pdf`` paper, ``.pptx`` a slide for each figure.

        Raises:
            InputError: no such ending, the library for it is not installed, or the place is a folder, holds a file that
                is no brief, or cannot be written.
        """
        place = Path(path)
        check_brief_place(place)
        data = in_form(self.document, place)
        if place.exists() and not place.is_file():  # a device, such as the output stream
            place.write_bytes(data)
            return place
        with whole_file(place) as file:
            file.write_bytes(data)
        return place


def brief(
    case: Case,
    questions: Sequence[Listed],
    *,
    draws: int = 1024,
    seed: int = 7,
    language: Language = Language.ENGLISH,
    progress: Progress = quiet,
) -> Brief:
    """Answer a case's questions and return the brief alone, without a run folder, in a language.

    Raises:
        InputError: the case cannot be answered.
    """
    answers = Answers(case, draws=draws, seed=seed, progress=progress)
    with speaking(language):
        drawn = {item: svg(item) for item in each_figure(answers, questions)}
        document, _, checks = whole_document(
            answers, questions, figures=tuple(drawn), drawn={item.name: text for item, text in drawn.items()}
        )
    progress("done", 1.0)
    return Brief(
        document=document,
        certified=all(item.holds for item in checks),
        infeasible=any(item.infeasible(answers) for item in asked(questions, answers)),
    )


def whole_document(
    answers: Answers, questions: Sequence[Listed], *, figures: Sequence[Figure], drawn: Mapping[str, str]
) -> tuple[Document, tuple[Table, ...], tuple[Check, ...]]:
    """Return the brief with the tables and the checks of a run, which name every question that has no answer."""
    while True:
        known = len(answers.unanswered)
        tables, checks = tables_of(answers, questions), checks_of(answers, questions)
        found = brief_document(answers, questions, figures=figures, drawn=drawn, tables=tables, checks=checks)
        if len(answers.unanswered) == known:
            return found, tables, checks


def brief_document(
    answers: Answers,
    questions: Sequence[Listed],
    *,
    figures: Sequence[Figure],
    drawn: Mapping[str, str],
    tables: Sequence[Table],
    checks: Sequence[Check],
) -> Document:
    """Return the brief.

    Args:
        answers: the results.
        questions: those of the run, in the order in which they are told.
        figures: with ``drawn``, their SVG by name.
        tables: of the run.
        checks: of the run.
    """
    found = standing(questions, answers)
    usual = model_source(answers.case)
    blocks: dict[str, Picture] = {}
    told: set[str] = set()
    for item in figures:
        if item.name in drawn:
            blocks[item.name] = figure_block(
                item, drawn[item.name], said=item.sentence in told, sourced=item.source.startswith(usual)
            )
            told.add(item.sentence)
    places = [item.question.front_figure for item in found]
    fronts = [place if isinstance(place, str) else place(answers) for place in places]
    front = tuple(blocks.pop(name) for name in fronts if name in blocks)
    parts = Parts(
        answers=answers,
        figures=blocks,
        tables={table.name: table for table in tables},
        checks=tuple(checks),
    )
    order = [input_title(answers) if title == INPUTS else title for title in CHAPTERS]
    chapters = [(_title(title), inside) for title, inside in chapters_of(questions, parts, order)]
    chapters.append((say("page.method_and_certificates"), method_block(parts)))
    head = _head(answers, found)
    lines = [
        line
        for item in found
        for line in shown_of(item, answers, lambda asks, answer: asks.front(answer, answers))
    ]  # fmt: skip
    missing = unanswered_lines(answers, questions)
    return Document(
        title=f"{head.title} {answers.case.title}",
        language=say("page.language"),
        first=_first_page(answers, head, front, [*missing, *lines], checks),
        sections=tuple(Section(title=title, blocks=inside) for title, inside in chapters),
        foot=_foot(answers),
        run=_run(answers),
    )


def _head(answers: Answers, questions: Sequence[Listed]) -> Head:
    """Return how the page begins: by the first question that leads, else the last that can; by the case without one."""
    headed = [item for item in questions if item.question.head is not None]
    order = [*(item for item in headed if item.question.leads), *reversed(headed)]
    begun = (head for item in order for head in head_of(item, answers))
    return next(begun, None) or Head(title=say("page.brief"), word="", sentence="")


def _title(chapter: str) -> str:
    """Return a chapter's title; that of a question from elsewhere as it stands."""
    return say(f"chapters.{chapter}") if has(f"chapters.{chapter}") else chapter


def _first_page(
    answers: Answers, head: Head, front: Blocks, told: Sequence[tuple[str, str]], checks: Sequence[Check]
) -> FirstPage:
    """Return what a reader of one page reads: the answer, what it hangs on, three figures, what the data are worth."""
    case, industry = answers.case, answers.case.industry
    warned = counted(len(answers.warnings), "warning") if answers.warnings else ""
    facts = [warned, case.title or case.name, month_words(case.date), counted(len(industry.plants), "plant")]
    facts = [fact for fact in facts if fact and not (fact == month_words(case.date) and fact in case.title)]
    failed = [check_called(item.name) for item in checks if not item.holds]
    return FirstPage(
        head=replace(head, **{name: set_text(getattr(head, name)) for name in ("title", "word", "sentence", "note")}),
        under=set_text(" · ".join([say("page.brief"), *facts])),
        failed=say("page.every_answer_is_checked_by_2", failed=failed) if failed else "",
        front=front,
        told=tuple((set_text(title), set_text(sentence)) for title, sentence in told),
        note=say("page.prices_and_costs_a_tonne", vat_rate=industry.vat_rate) if industry.vat_rate else "",
    )


def _foot(answers: Answers) -> tuple[str, str]:
    case = answers.case
    changes = " " + say("page.changed", changes="; ".join(case.changes)) if case.changes else ""
    return say("page.usual_source", source=model_source(case)), set_text(_run(answers) + changes)


def _run(answers: Answers) -> str:
    case, settings = answers.case, answers.settings
    return say(
        "page.footer",
        run=run_id(case, settings),
        case=case.name,
        inputs=case.digest[:12],
        seed=int(settings["seed"]),
        draws=int(settings["draws"]),
        version=__version__,
    )
