"""What a run holds: the list of questions gone through for figures, tables, checks and headline numbers."""

from __future__ import annotations

__all__ = ["checks_of", "each_figure", "headline", "tables_of"]

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from potline.answers import Answers
from potline.report.figure import Figure
from potline.report.listed import Listed, asked
from potline.report.table import Table, json_value
from potline.verification import Check


def each_figure(answers: Answers, questions: Iterable[Listed]) -> Iterator[Figure]:
    """Yield every figure that has something to show, so that one can be drawn while the next answer is computed."""
    for item in asked(questions, answers):
        found = item.answer(answers)
        yield from (drawn for drawn in item.question.figures(found, answers) if drawn is not None)


def tables_of(answers: Answers, questions: Iterable[Listed]) -> tuple[Table, ...]:
    """Return every table."""
    return tuple(
        table
        for item in asked(questions, answers)
        for table in item.question.tables(item.answer(answers), answers)
    )  # fmt: skip


def checks_of(answers: Answers, questions: Iterable[Listed]) -> tuple[Check, ...]:
    """Return what separate code found about every answer; one that two questions share is told once."""
    found: list[Check] = []
    told: list[object] = []
    for item in asked(questions, answers):
        answer = item.answer(answers)
        if any(answer is other for other in told):
            continue
        told.append(answer)
        for row in item.question.checks(answer, answers):
            found.append(row if ":" in row.name else dataclasses.replace(row, name=f"{item.name}: {row.name}"))
    return tuple(found)


def headline(answers: Answers, questions: Iterable[Listed], checks: Sequence[Check]) -> dict[str, Any]:
    """Return the headline numbers as plain data; units in the names, money in the case's currency."""
    found: dict[str, Any] = {}
    for item in asked(questions, answers):
        found |= item.question.numbers(item.answer(answers), answers)
    found["certificates_hold"] = all(item.holds for item in checks)
    return {name: json_value(value) if isinstance(value, float) else value for name, value in found.items()}
