"""What the numbers of a case are worth, in a sentence."""

from __future__ import annotations

__all__ = ["data_line"]

from typing import TYPE_CHECKING

from potline.report.saying import say
from potline.report.state import state_line

if TYPE_CHECKING:
    from potline.answers import Answers


def data_line(answers: Answers) -> str:
    """Say what does not hold of the state, and what the numbers of a case are worth; empty where there is nothing."""
    return " ".join(part for part in (state_line(answers.observed), _claims_line(answers)) if part)


def _claims_line(answers: Answers) -> str:
    """Say how many numbers are assumed and how many warnings reading them raised; empty where there is neither."""
    claims, warnings = answers.case.claims, len(answers.warnings)
    assumed = claims.standings["assumed"] / max(1, len(claims))
    if not assumed and not warnings:
        return ""
    if not warnings:
        return say("sources.of_numbers_assumed", claims=len(claims), assumed=assumed)
    return say("sources.of_numbers_assumed_with_warnings", claims=len(claims), assumed=assumed, warnings=warnings)
