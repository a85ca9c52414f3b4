"""A question: when it is asked, its answer, and all that the faces show of it.

The command line, the run folder, the brief, the tables, the manifest and ``results.json`` go through a list of these in
a loop. None of them knows a question by name, so that a new one touches none of them.
"""

from __future__ import annotations

__all__ = ["Question", "Said"]

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from potline.answers import Answers
    from potline.report.blocks import Blocks, Head
    from potline.report.face import Face
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
        head: how the brief begins; of the questions that a case asks, the first that leads, else the last with one.
        front: what the first page of the brief says of it below the answer, as pairs of a heading and a sentence.
        front_figure: name of its figure that stands on that page instead of in its chapter, or what gives it; blank for
            none.
        chapter: title of the chapter of the brief in which ``block`` stands, or what gives it.
        block: its part of that chapter, as blocks.
        otherwise: what that chapter says where the case does not ask the question, as blocks.
        faces: what a kind of answer shows by itself in Python, by the name of its class; of others their fields.
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
    front: Callable[[A, Answers], Iterable[tuple[str, str]]] = _nothing
    front_figure: str | Callable[[Answers], str] = ""
    chapter: str | Callable[[Answers], str] = ""
    block: Callable[[A, Parts], Blocks] | None = None
    otherwise: Callable[[Parts], Blocks] | None = None
    faces: Mapping[str, Face[Any]] = field(default_factory=dict[str, "Face[Any]"])
