"""A case beside another: every question of a list asked of both, and what differs."""

from __future__ import annotations

__all__ = ["CaseComparison", "compare"]

import dataclasses
from collections.abc import Sequence

from potline.answers import Answers, Progress, quiet
from potline.cases import Case
from potline.report.case_comparison import CaseComparison
from potline.report.comparing_check import verify_comparison
from potline.report.contents import checks_of, headline, tables_of
from potline.report.listed import Listed, asked
from potline.report.side_by_side import inputs_beside, numbers_beside, tables_beside
from potline.report.table import Table
from potline.verification import Check, verify


def compare(
    before: Case,
    after: Case,
    questions: Sequence[Listed],
    *,
    draws: int = 0,
    seed: int = 7,
    progress: Progress = quiet,
) -> CaseComparison:
    """Ask the questions of both cases and set the answers side by side.

    Args:
        before, after: the cases, overrides applied.
        questions: asked of each case that asks them.
        draws, seed: over the stated input ranges.
        progress: called with what is being done and the share done.
    """
    tables: tuple[list[Table], list[Table]] = ([], [])
    numbers: list[dict[str, object]] = []
    checks: list[tuple[Check, ...]] = []
    names: dict[str, None] = {}
    for place, case in enumerate((before, after)):
        answers = Answers(case, draws=draws, seed=seed)
        wanted = asked(questions, answers)
        for number, item in enumerate(wanted):
            progress(item.about, (place + number / len(wanted)) / 2.0)
            names[item.name] = None
            tables[place].extend(tables_of(answers, [item]))
        checks.append(checks_of(answers, questions))
        numbers.append(headline(answers, questions, checks[-1]))
    found = CaseComparison(
        before=before,
        after=after,
        draws=draws,
        seed=seed,
        questions=tuple(names),
        inputs=inputs_beside(before, after),
        numbers=numbers_beside(*numbers),
        compared=tables_beside(*tables),
        checks_before=checks[0],
        checks_after=checks[1],
    )
    progress("done", 1.0)
    return dataclasses.replace(found, certificate=verify_comparison(found))


verify.register(CaseComparison)(verify_comparison)
