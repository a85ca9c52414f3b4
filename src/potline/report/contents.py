"""What a run holds: the list of questions gone through for figures, tables, checks and headline numbers."""

from __future__ import annotations

__all__ = ["checks_of", "each_figure", "headline", "tables_of", "unanswered_of"]

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from potline.answers import Answers
from potline.errors import Infeasible
from potline.report.figure import Figure
from potline.report.listed import Listed, asked, shown_of
from potline.report.table import Table, json_value
from potline.verification import ANSWERED, Check


def each_figure(answers: Answers, questions: Iterable[Listed]) -> Iterator[Figure]:
    """Yield every figure that has something to show, so that one can be drawn while the next answer is computed."""
    for item in asked(questions, answers):
        drawn = shown_of(item, answers, lambda asks, found: asks.figures(found, answers))
        yield from (one for one in drawn if one is not None)


def tables_of(answers: Answers, questions: Iterable[Listed]) -> tuple[Table, ...]:
    """Return every table."""
    return tuple(
        table
        for item in asked(questions, answers)
        for table in shown_of(item, answers, lambda asks, found: asks.tables(found, answers))
    )  # fmt: skip


def checks_of(answers: Answers, questions: Iterable[Listed]) -> tuple[Check, ...]:
    """Return what separate code found about every answer; one that two questions share is told once."""
    found: list[Check] = []
    told: list[object] = []
    for item in asked(questions, answers):
        for answer, rows in shown_of(item, answers, lambda asks, one: [(one, tuple(asks.checks(one, answers)))]):
            if any(answer is other for other in told):
                continue
            told.append(answer)
            for row in rows:
                found.append(row if ":" in row.name else dataclasses.replace(row, name=f"{item.name}: {row.name}"))
        error = answers.unanswered.get(item.name)
        if error is None or isinstance(error, Infeasible) or any(error is other for other in told):
            continue
        told.append(error)
        found.append(Check(name=f"{item.name}: {ANSWERED}", value=math.inf, tolerance=0.0, method=str(error)))
    return tuple(found)


def unanswered_of(answers: Answers, questions: Iterable[Listed]) -> dict[str, str]:
    """Return, by name, why questions that the case asks have no answer."""
    errors = {item.name: answers.unanswered.get(item.name) for item in asked(questions, answers)}
    return {name: str(error) or type(error).__name__ for name, error in errors.items() if error is not None}


def headline(answers: Answers, questions: Iterable[Listed], checks: Sequence[Check]) -> dict[str, Any]:
    """Return the headline numbers as plain data; units in the names, money in the case's currency."""
    found: dict[str, Any] = {}
    for item in asked(questions, answers):
        for numbers in shown_of(item, answers, lambda asks, one: [asks.numbers(one, answers)]):
            found |= numbers
    found["certificates_hold"] = all(item.holds for item in checks)
    return {name: json_value(value) if isinstance(value, float) else value for name, value in found.items()}
