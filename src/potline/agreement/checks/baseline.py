"""A meeting laid out on one baseline, with the cuts that it states: nobody would change its own."""

from __future__ import annotations

__all__ = ["ALONE", "GROUP", "QUESTION", "SLOPE", "Baseline", "baseline_of"]

from dataclasses import dataclass

import numpy as np

from potline.agreement.certificate import Gaps
from potline.agreement.checks.alone import Base, base_of, regret
from potline.agreement.checks.facts import Facts, read
from potline.agreement.checks.market import Lines, lines_of
from potline.agreement.checks.meeting import cuts_of
from potline.cases import Case

QUESTION, GROUP, ALONE, SLOPE = "question", "group and its cut", "best cuts alone", "best cuts alone: slope"


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """A meeting laid out on one baseline."""

    facts: Facts
    lines: Lines
    base: Base


def baseline_of(gaps: Gaps, case: Case, rule: str, baseline: str, cuts: tuple[tuple[str, float], ...]) -> Baseline:
    """Read a case, check the cuts that its baseline states, and lay the meeting out."""
    facts = read(case, rule=rule)
    lines = lines_of(facts)
    if baseline != "nash":
        gaps.equal(QUESTION, (baseline, cuts), ("observed", ()))
        return Baseline(facts, lines, base_of(facts, lines, None))
    alone = cuts_of(facts, cuts)
    gaps.equal(QUESTION, bool(np.isfinite(alone).all()), True)
    alone = np.where(np.isfinite(alone), alone, 0.0)
    gain, slope, off = regret(facts, lines, alone)
    gaps.add(ALONE, gain)
    gaps.add(SLOPE, slope)
    gaps.add(GROUP, off / (facts.table_kt or 1.0))
    return Baseline(facts, lines, base_of(facts, lines, alone))
