"""What a run says: the answer that leads first, the others' lines after it, each as soon as it stands."""

from __future__ import annotations

__all__ = ["Spoken", "about_words", "head_of", "unanswered_lines"]

from collections.abc import Callable, Sequence

from potline.answers import Answers
from potline.plausibility import warning_lines
from potline.report.blocks import Head
from potline.report.catalogue import has, template
from potline.report.contents import unanswered_of
from potline.report.listed import Listed, shown_of
from potline.report.saying import check_called, say
from potline.report.words import set_text
from potline.verification import Check


def head_of(item: Listed, answers: Answers) -> tuple[Head, ...]:
    """Return how the brief begins by a question; nothing where it has no answer, or is none that a brief begins by."""
    return shown_of(item, answers, lambda asks, found: [] if asks.head is None else [asks.head(found, answers)])


def unanswered_lines(answers: Answers, questions: Sequence[Listed]) -> list[tuple[str, str]]:
    """Return which questions have no answer, and why; those that miss one answer together."""
    named = {item.name: about_words(item) for item in questions}
    told: dict[str, list[str]] = {}
    for name, why in unanswered_of(answers, questions).items():
        told.setdefault(why, []).append(named[name])
    return [(say("page.not_answered", questions=" ".join(abouts)), why) for why, abouts in told.items()]


def about_words(item: Listed) -> str:
    """Return what a question asks, in the words of the language where it has any of its own."""
    return template(f"questions.{item.name}") if has(f"questions.{item.name}") else item.about


class Spoken:
    """The lines of one run.

    Args:
        answers: the results.
        questions: those that the case asks, in the order in which they are answered.
        say: called with each line.
    """

    def __init__(self, answers: Answers, questions: Sequence[Listed], say: Callable[[str], None]) -> None:
        self._answers, self._questions, self._say = answers, questions, say
        self._leading = {item.name for item in questions if item.question.leads}
        self._heads = [item for item in questions if item.question.head is not None]
        self._waiting: list[str] = []
        self.lines: list[str] = []
        for line in warning_lines(answers.warnings, answers.case):
            say(line)
        self._tell(answers.case.title or answers.case.name)

    def after(self, item: Listed) -> None:
        """Say what a question that is answered now has to say; wait where the answer that leads is still to come."""
        answers = self._answers
        said = shown_of(item, answers, lambda asks, found: asks.verdict(found, answers))
        if item.name in self._leading:
            self._leading.discard(item.name)
            self._tell(*said)
        else:
            self._waiting += said
        if not self._leading:
            self._opened()
            self._tell(*self._waiting)
            self._waiting = []

    def closed(self, checks: Sequence[Check]) -> tuple[str, ...]:
        """Say which questions have no answer and how far the run is checked, and return all lines."""
        self._tell(*(f"{question} {why}" for question, why in unanswered_lines(self._answers, self._questions)))
        failed = [check_called(item.name) for item in checks if not item.holds]
        self._tell(
            say(
                "page.checked_by_separate_code_of" if failed else "page.checked_by_separate_code_of_2",
                checks=len(checks) - len(failed),
                all_checks=len(checks),
                failed=failed,
            )
        )
        return tuple(self.lines)

    def _opened(self) -> None:
        """Where no answer leads, begin with the head of the brief."""
        for item in reversed(self._heads):
            if len(self.lines) > 1:
                return
            self._tell(*(f"{begun.word} {begun.sentence}" for begun in head_of(item, self._answers)))

    def _tell(self, *lines: str) -> None:
        for line in map(set_text, lines):
            self.lines.append(line)
            self._say(line)
