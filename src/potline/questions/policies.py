"""What each subsidy does to cost, and to the price at which plants stop."""

from __future__ import annotations

__all__ = ["POLICIES"]

from collections.abc import Iterator

from potline.answers import Answers
from potline.report.figure import Figure
from potline.report.question import Question
from potline.report.saying import say
from potline.report.sections.markets import subsidies_block
from potline.report.source import model_source
from potline.report.tables.policies import policy_effects_table
from potline.shutdown import PolicyEffect

Effects = tuple[PolicyEffect, ...]


def _figures(effects: Effects, answers: Answers) -> Iterator[Figure | None]:
    from potline.report.figures.support import policies_figure

    source = model_source(answers.case, say("policies.as_in_table"))
    yield policies_figure(effects, answers.case.industry, source=source)


POLICIES: Question[Effects] = Question(
    answer=lambda answers: answers.policies,
    tables=lambda effects, answers: [policy_effects_table(effects, answers.case.currency)],
    figures=_figures,
    chapter="Subsidies",
    block=lambda _, parts: subsidies_block(parts),
)
