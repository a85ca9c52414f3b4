"""What the tonnages that hold come to: intervals by institution, baseline and what those who stay do. kt/year."""

from __future__ import annotations

__all__ = ["TonnageInterval", "TonnageSet", "TonnagesThatHold", "intervals_of", "set_among"]

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from potline.agreement.certificate import Certificate
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, Institution, Rule, Tested
from potline.reading import one_of
from potline.showing import Shown
from potline.shutdown import ObservedState, observed_state


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnageInterval:
    """Tonnages from ``low_kt`` to ``high_kt``, and whether either end belongs."""

    low_kt: float
    high_kt: float
    low_belongs: bool
    high_belongs: bool

    def __contains__(self, tonnage_kt: float) -> bool:
        """Return whether a tonnage belongs."""
        above = tonnage_kt > self.low_kt or (self.low_belongs and tonnage_kt == self.low_kt)
        return above and (tonnage_kt < self.high_kt or (self.high_belongs and tonnage_kt == self.high_kt))


def intervals_of(rows: Iterable[Sequence[float]]) -> tuple[TonnageInterval, ...]:
    """Return the intervals of a set as kernels write it: two ends, and whether each belongs; nan beyond the last."""
    return tuple(
        TonnageInterval(low_kt=low, high_kt=high, low_belongs=first > 0.0, high_belongs=last > 0.0)
        for low, high, first, last in rows
        if not math.isnan(low)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnageSet:
    """The tonnages at which some coalition holds a deal; K* is their upper end.

    Attributes:
        institution: voluntary, transfers or unanimity (all or none).
        baseline: what K counts from: observed or nash.
        leaving: what those who stay do when a member leaves; under unanimity nobody can.
        most_kt: K_max, what those present run in the baseline.
        intervals: of (0, K_max], in order.
        coalition: one that holds K*, the smallest; nobody where none does.
        coalitions: how many do.
        with_all_kt, with_largest_kt: K* of the coalition of all present, and of those with the largest owner; nan for
            none.
        with_all_belongs, with_largest_belongs: whether they are reached.
    """

    institution: Tested
    baseline: Baseline
    leaving: Belief
    most_kt: float
    intervals: tuple[TonnageInterval, ...]
    coalition: tuple[str, ...] = ()
    coalitions: int = 0
    with_all_kt: float = math.nan
    with_all_belongs: bool = False
    with_largest_kt: float = math.nan
    with_largest_belongs: bool = False

    @property
    def k_star_kt(self) -> float:
        """K*, the largest tonnage that holds, or what those that hold come near; nan for none."""
        return self.intervals[-1].high_kt if self.intervals else math.nan

    @property
    def k_star_belongs(self) -> bool:
        """Whether K* itself holds."""
        return bool(self.intervals) and self.intervals[-1].high_belongs

    @property
    def lowest_kt(self) -> float:
        """The lower end of the tonnages that hold; nan for none."""
        return self.intervals[0].low_kt if self.intervals else math.nan

    def __contains__(self, tonnage_kt: float) -> bool:
        """Return whether a tonnage holds."""
        return any(tonnage_kt in interval for interval in self.intervals)


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnagesThatHold(Shown):
    """The answer of a meeting as sets of tonnages.

    Attributes:
        case, rule: the question.
        version: of Potline.
        asked_kt: the tonnage that the case asks for, kt/year.
        largest_owner: the one present that runs most; of those that run as much, the first.
        nash_cuts: by owner, what is cut in the baseline nash, kt/year.
        sets: observed before nash; by institution, and by what those who stay do.
        certificate: what separate code found.
    """

    case: Case
    rule: Rule
    version: str
    asked_kt: float
    largest_owner: str
    nash_cuts: tuple[tuple[str, float], ...]
    sets: tuple[TonnageSet, ...]
    certificate: Certificate = field(repr=False)

    @property
    def state(self) -> ObservedState:
        """The state that all of this is counted from: where nothing explains it, no set is a verdict."""
        return observed_state(self.case.industry)

    def set_of(
        self,
        institution: str = Institution.VOLUNTARY,
        leaving: str = Belief.REOPTIMISE,
        baseline: str = Baseline.OBSERVED,
    ) -> TonnageSet:
        """Return one set.

        Raises:
            InputError: a word that is none of them.
        """
        return set_among(self.sets, "TonnagesThatHold.set_of", institution, leaving, baseline)


def set_among(sets: Iterable[TonnageSet], where: str, institution: str, leaving: str, baseline: str) -> TonnageSet:
    """Return the set of three words.

    Args:
        sets: one for each three.
        where: what is told them.
        institution, leaving, baseline: the words.

    Raises:
        InputError: a word that is none of them.
    """
    words = (institution, Belief(leaving), Baseline(baseline))
    one_of(f"{where}, institution", institution, TESTED, "an institution with a test")
    return next(one for one in sets if (one.institution, one.leaving, one.baseline) == words)
