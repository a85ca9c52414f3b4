"""A question: when it is asked, its answer, and all that the faces show of it.

The command line, the run folder, the brief, the tables, the manifest and ``results.json`` go through a list of these in
a loop. None of them knows a question by name, so that a new one touches none of them.
"""

from __future__ import annotations

__all__ = ["Command", "Head", "Listed", "Question", "Said", "always", "asked", "chapters_of"]

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from potline.answers import Answers
    from potline.report.figure import Figure
    from potline.report.sections.parts import Parts
    from potline.report.table import Table
    from potline.verification import Check

A = TypeVar("A")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command prints.

    Attributes:
        sentences: the answer in words.
        tables: what it rests on.
        figures: written where ``--out`` names a folder.
        columns: by name of table the columns a terminal has room for; all where none are named.
        shown: names of the tables a terminal shows; all where None.
        infeasible: whether what was asked for cannot be; the command then leaves with 3.
        asked: what the options set beside the case, by name as :func:`potline.plausibility.check` takes it.
    """

    sentences: Sequence[str]
    tables: Sequence[Table] = ()
    figures: Sequence[Figure] = ()
    columns: Mapping[str, Sequence[str]] | None = None
    shown: Sequence[str] | None = None
    infeasible: bool = False
    asked: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """How a question is asked on the command line. It stands in a module that imports nothing heavy.

    Attributes:
        about: the help.
        ask: where the function stands, ``package.module:name``, that gives what is said: ``name(answers, **options)``.
        options: of this question alone, as ``click.option`` decorators; the function takes their values by name.
        epilog: examples.
        draws: whether it takes ``--draws`` and ``--seed``.
        names_tables: whether it takes ``--table``.
        rows: rows of each table shown unless told otherwise.
        writes: whether it takes ``--out``.
    """

    about: str
    ask: str
    options: tuple[Callable[[Any], Any], ...] = ()
    epilog: str = ""
    draws: bool = False
    names_tables: bool = False
    rows: int = 20
    writes: bool = False

    def said(self, answers: Answers, **options: Any) -> Said:
        """Return what is said for the values of the options."""
        return _at(self.ask)(answers, **options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How a brief begins: the question put to the industry, the answer in a word, in a sentence, and what it hangs on.

    Attributes:
        title: the question.
        word: the answer.
        sentence: why.
        kind: ``yes``, ``no`` or ``none``, the colour of the line.
        note: what the answer hangs on.
    """

    title: str
    word: str
    sentence: str
    kind: str = "none"
    note: str = ""


def _nothing(found: Any, answers: Answers) -> tuple[Any, ...]:
    del found, answers
    return ()


def _certificate(found: Any, answers: Answers) -> tuple[Check, ...]:
    from potline.verification import rows_of

    del answers
    return rows_of(found)


def _not(found: Any) -> bool:
    del found
    return False


def _no_numbers(found: Any, answers: Answers) -> dict[str, Any]:
    del found, answers
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[A]):
    """What the faces show of a question.

    Attributes:
        answer: its answer, from the results of the case.
        tables, figures: what is shown of the answer; figures that have nothing to show are None.
        checks: what separate code found about it: the rows of its certificate, unless told otherwise.
        numbers: its part of the headline in ``results.json``; units in the names.
        verdict: its lines of what ``potline run`` prints.
        leads: whether they come before all others.
        infeasible: whether what the case asks for cannot be.
        head: how the brief begins; of the questions that a case asks, the last that has one says it.
        tiles: its numbers at the top of the brief, as HTML.
        chapter: title of the chapter of the brief in which ``block`` stands, or what gives it.
        block: its part of that chapter, as HTML.
        otherwise: what that chapter says where the case does not ask the question, as HTML.
    """

    answer: Callable[[Answers], A]
    tables: Callable[[A, Answers], Iterable[Table]] = _nothing
    figures: Callable[[A, Answers], Iterable[Figure | None]] = _nothing
    checks: Callable[[A, Answers], Iterable[Check]] = _certificate
    numbers: Callable[[A, Answers], Mapping[str, Any]] = _no_numbers
    verdict: Callable[[A, Answers], Iterable[str]] = _nothing
    leads: bool = False
    infeasible: Callable[[A], bool] = _not
    head: Callable[[A, Answers], Head] | None = None
    tiles: Callable[[A, Answers], Iterable[str]] = _nothing
    chapter: str | Callable[[Answers], str] = ""
    block: Callable[[A, Parts], str] | None = None
    otherwise: Callable[[Parts], str] | None = None


def always(answers: Answers) -> bool:
    """Say that every case asks it."""
    del answers
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of a list of questions; the rest is loaded when it is first looked at.

    Attributes:
        name: as in files and on the command line.
        about: what it asks, in a line.
        home: where its :class:`Question` stands, ``package.module:NAME``.
        asks: whether the case asks it; cheap.
        verb: the public verb that answers it alone.
        page: page of the documentation.
        command: where its :class:`Command` stands; empty where it is part of another's.
        told_by: the command that tells of it, where it has none of its own.
        said_unasked: whether the brief of a case that does not ask it says so.
    """

    name: str
    about: str
    home: str
    asks: Callable[[Answers], bool] = always
    verb: str = ""
    page: str = ""
    command: str = ""
    told_by: str = "run"
    said_unasked: bool = False

    @property
    def question(self) -> Question[Any]:
        """The question itself."""
        return _at(self.home)

    @property
    def asking(self) -> Command | None:
        """How it is asked on the command line; None where it is part of another's."""
        return _at(self.command) if self.command else None

    def answer(self, answers: Answers) -> Any:
        """Return the answer for a case, computed once."""
        return answers.of(self.name, self.question.answer)


def _at(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def asked(questions: Iterable[Listed], answers: Answers) -> tuple[Listed, ...]:
    """Return the questions that the case asks."""
    return tuple(item for item in questions if item.asks(answers))


def chapters_of(questions: Iterable[Listed], parts: Parts, order: Sequence[str]) -> list[tuple[str, str]]:
    """Return title and inside of every chapter: the ordered ones first, then others as their questions are listed.

    Args:
        questions: all that are listed.
        parts: what their blocks are made of.
        order: titles as they follow each other.
    """
    found: dict[str, list[str]] = {}
    answers = parts.answers
    for item in questions:
        inside = _block(item, parts)
        if inside:
            chapter = item.question.chapter
            title = chapter if isinstance(chapter, str) else chapter(answers)
            found.setdefault(title, []).append(inside)
    titles = [*(title for title in order if title in found), *(title for title in found if title not in order)]
    return [(title, "\n".join(found[title])) for title in titles]


def _block(item: Listed, parts: Parts) -> str:
    answers = parts.answers
    if item.asks(answers):
        shown = item.question.block
        return shown(item.answer(answers), parts) if shown is not None else ""
    otherwise = item.question.otherwise if item.said_unasked else None
    return otherwise(parts) if otherwise is not None else ""
