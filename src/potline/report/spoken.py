"""What a run says: the answer that leads first, the others' lines after it, each as soon as it stands."""

from __future__ import annotations

__all__ = ["Spoken"]

from collections.abc import Callable, Sequence

from potline.answers import Answers
from potline.plausibility import warning_lines
from potline.report.listed import Listed
from potline.report.saying import check_called, say
from potline.verification import Check


class Spoken:
    """The lines of one run.

    Args:
        answers: the results.
        questions: those that the case asks, in the order in which they are answered.
        say: called with each line.
    """

    def __init__(self, answers: Answers, questions: Sequence[Listed], say: Callable[[str], None]) -> None:
        self._answers, self._say = answers, say
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
        said = list(item.question.verdict(item.answer(answers), answers))
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
        """Say how far the run is checked, and return all lines."""
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
        if len(self.lines) > 1 or not self._heads:
            return
        item = self._heads[-1]
        head = item.question.head
        if head is not None:
            begun = head(item.answer(self._answers), self._answers)
            self._tell(f"{begun.word} {begun.sentence}")

    def _tell(self, *lines: str) -> None:
        for line in lines:
            self.lines.append(line)
            self._say(line)
