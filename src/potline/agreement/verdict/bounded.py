"""What is known of the largest tonnage where so many sit at the table that no set can be gone through."""

from __future__ import annotations

__all__ = ["TonnageBound", "TonnageBounds"]

import math
from dataclasses import dataclass, field

from potline.agreement.certificate import Certificate
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, Institution, Rule, Tested
from potline.errors import InputError, Problem
from potline.reading import one_of
from potline.showing import Shown
from potline.shutdown import ObservedState, observed_state


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnageBound:
    """The largest tonnage found to hold, and a tonnage above which none holds.

    Attributes:
        institution: voluntary, transfers or unanimity (all or none).
        baseline: what K counts from: observed or nash.
        leaving: what those who stay do when a member leaves; under unanimity nobody can.
        most_kt: K_max, what those present run in the baseline.
        found_kt: the largest tonnage found to hold, nan where none was found.
        found_belongs: whether it holds itself, or those just below it.
        coalition: which holds it.
        bound_kt: proven: above it no coalition holds; K_max where nothing is proven.
    """

    institution: Tested
    baseline: Baseline
    leaving: Belief
    most_kt: float
    found_kt: float
    found_belongs: bool
    coalition: tuple[str, ...]
    bound_kt: float

    @property
    def gap_kt(self) -> float:
        """Tonnages of which neither is known, from the one found, or from 0, to the bound."""
        return self.bound_kt - (0.0 if math.isnan(self.found_kt) else self.found_kt)


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnageBounds(Shown):
    """The answer of a meeting of many owners.

    Attributes:
        case, rule, every: the question; ``every``: both baselines and three institutions, not the headline's alone.
        version: of Potline.
        owners: how many sit at the table.
        nash_cuts: by owner, what is cut in the baseline nash, kt/year; nothing unless asked for.
        bounds: by baseline, institution, and what those who stay do.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    every: bool
    version: str
    owners: int
    nash_cuts: tuple[tuple[str, float], ...]
    bounds: tuple[TonnageBound, ...]
    certificate: Certificate = field(repr=False)

    @property
    def state(self) -> ObservedState:
        """The state that all of this is counted from."""
        return observed_state(self.case.industry)

    def bound_of(
        self,
        institution: str = Institution.VOLUNTARY,
        leaving: str = Belief.REOPTIMISE,
        baseline: str = Baseline.OBSERVED,
    ) -> TonnageBound:
        """Return one bound.

        Raises:
            InputError: a word that is none of them, or what was not asked.
        """
        words = (institution, Belief(leaving), Baseline(baseline))
        one_of("TonnageBounds.bound_of, institution", institution, TESTED, "an institution with a test")
        for one in self.bounds:
            if (one.institution, one.leaving, one.baseline) == words:
                return one
        found = f"{institution}, {baseline}"
        raise InputError([Problem(where="TonnageBounds.bound_of", found=found, needed="tonnage_bounds(every=True)")])
