"""A meeting laid out on one baseline, with the cuts that it states: nobody would change its own."""

from __future__ import annotations

__all__ = ["ALONE", "GROUP", "QUESTION", "SLOPE", "OnBaseline", "baseline_of"]

from dataclasses import dataclass

import numpy as np

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import Base, base_of, regret
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.market import Lines, lines_of
from potline.agreement.checks.meeting import cuts_of
from potline.cases import Case
from potline.choices import Baseline, Rule

QUESTION, GROUP, ALONE, SLOPE = "question", "group and its cut", "best cuts alone", "best cuts alone: slope"


@dataclass(frozen=True, slots=True, eq=False)
class OnBaseline:
    """A meeting laid out on one baseline."""

    facts: Facts
    lines: Lines
    base: Base


def baseline_of(
    gaps: Gaps, case: Case, rule: Rule, baseline: Baseline, cuts: tuple[tuple[str, float], ...]
) -> OnBaseline:
    """Read a case, check the cuts that its baseline states, and lay the meeting out."""
    facts = read(case, rule=rule)
    lines = lines_of(facts)
    if baseline != Baseline.NASH:
        gaps.equal(QUESTION, (baseline, cuts), (Baseline.OBSERVED, ()))
        return OnBaseline(facts, lines, base_of(facts, lines, None))
    alone = cuts_of(facts, cuts)
    gaps.equal(QUESTION, bool(np.isfinite(alone).all()), True)
    alone = np.where(np.isfinite(alone), alone, 0.0)
    gain, slope, off = regret(facts, lines, alone)
    gaps.add(ALONE, gain)
    gaps.add(SLOPE, slope)
    gaps.add(GROUP, off / (facts.table_kt or 1.0))
    return OnBaseline(facts, lines, base_of(facts, lines, alone))
