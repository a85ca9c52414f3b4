"""A line of a list of questions: what a list needs, in a module that a help loads soon."""

from __future__ import annotations

__all__ = ["Command", "Listed", "always", "asked", "chapters_of", "shown_of", "standing"]

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from potline.answers import Answers
    from potline.report.blocks import Blocks
    from potline.report.question import Question, Said
    from potline.report.sections.parts import Parts

T = TypeVar("T")


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
        results: names of the classes of the answers that tell of it, each of one question.
        shows: where the faces of these stand, where they load sooner than the question.
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
    results: tuple[str, ...] = ()
    shows: str = ""

    @property
    def question(self) -> Question[Any]:
        """The question itself."""
        return _at(self.home)

    @property
    def faces(self) -> Mapping[str, Any]:
        """What each kind of answer shows by itself, by the name of its class."""
        return _at(self.shows) if self.shows else self.question.faces

    @property
    def asking(self) -> Command | None:
        """How it is asked on the command line; None where it is part of another's."""
        return _at(self.command) if self.command else None

    def answer(self, answers: Answers) -> Any:
        """Return the answer for a case, computed once."""
        return answers.of(self.name, self.question.answer)

    def infeasible(self, answers: Answers) -> bool:
        """Say whether what a case asks for cannot be."""
        from potline.errors import Infeasible

        if self.name in answers.unanswered:
            return isinstance(answers.unanswered[self.name], Infeasible)
        return self.question.infeasible(self.answer(answers))


def _at(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


def asked(questions: Iterable[Listed], answers: Answers) -> tuple[Listed, ...]:
    """Return the questions that the case asks."""
    return tuple(item for item in questions if item.asks(answers))


def standing(questions: Iterable[Listed], answers: Answers) -> tuple[Listed, ...]:
    """Return the questions that the case asks, without those that are known to have no answer."""
    return tuple(item for item in asked(questions, answers) if item.name not in answers.unanswered)


def shown_of(item: Listed, answers: Answers, read: Callable[[Question[Any], Any], Iterable[T]]) -> tuple[T, ...]:
    """Return what is shown of a question; nothing, once it is found that an answer it is told with cannot be had.

    Args:
        item: the question, which the case asks.
        answers: the results; a question without an answer is noted there, with the error that says why.
        read: what is shown, from the question and its answer.
    """
    from potline.answers import NO_ANSWER

    if item.name in answers.unanswered:
        return ()
    try:
        return tuple(read(item.question, item.answer(answers)))
    except NO_ANSWER as error:
        answers.unanswered[item.name] = error
        return ()


def chapters_of(questions: Iterable[Listed], parts: Parts, order: Sequence[str]) -> list[tuple[str, Blocks]]:
    """Return title and inside of every chapter: the ordered ones first, then others as their questions are listed.

    Args:
        questions: all that are listed.
        parts: what their blocks are made of.
        order: titles as they follow each other.
    """
    found: dict[str, Blocks] = {}
    answers = parts.answers
    for item in questions:
        inside = _block(item, parts)
        if inside:
            chapter = item.question.chapter
            title = chapter if isinstance(chapter, str) else chapter(answers)
            found[title] = (*found.get(title, ()), *inside)
    titles = [*(title for title in order if title in found), *(title for title in found if title not in order)]
    return [(title, found[title]) for title in titles]


def _block(item: Listed, parts: Parts) -> Blocks:
    answers = parts.answers
    if item.asks(answers):
        return shown_of(item, answers, lambda asks, found: asks.block(found, parts) if asks.block else ())
    otherwise = item.question.otherwise if item.said_unasked else None
    return otherwise(parts) if otherwise is not None else ()
