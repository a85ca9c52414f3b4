"""What an attribution of K* comes to: what each obstacle takes from the largest tonnage that holds. kt/year."""

from __future__ import annotations

__all__ = ["TonnageAttribution", "TonnageObstacle"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.verdict.held import TonnageSet, intervals_of
from potline.cases import Case
from potline.choices import Baseline, Belief, Institution, Rule
from potline.showing import Shown

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TonnageObstacle:
    """What removing one obstacle adds to K*, kt/year; negative where it stands in nobody's way.

    Attributes:
        held_kt: price and running lines held; nan where a removal leaves demand that bounds no cut.
        cleared_kt: market without a deal cleared again.
    """

    name: str
    held_kt: float
    cleared_kt: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageAttribution(Shown):
    """The obstacles, and K* of every set of removals that their contributions join; 0 where no tonnage holds.

    Attributes:
        case, rule, leaving, version: the question.
        obstacles: one each, in the order of :data:`potline.agreement.verdict.obstacles.OBSTACLES`.
        largest_gap_kt: how far the contributions are from summing, the larger of both columns; nan where there are
            none.
        held_kt, cleared_kt: K* of every set of obstacles removed, bit k for obstacle k, market held and cleared,
            [256]; nan where demand bounds no cut.
        held_interval, cleared_interval: tonnages that hold there: lower end, upper end, whether the one belongs,
            whether the other does, [256, N, 4]; nan beyond the last.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    leaving: Belief
    version: str
    obstacles: tuple[TonnageObstacle, ...]
    largest_gap_kt: float
    held_kt: Floats = field(repr=False)
    cleared_kt: Floats = field(repr=False)
    held_interval: Floats = field(repr=False)
    cleared_interval: Floats = field(repr=False)
    certificate: Certificate = NOTHING

    @property
    def k_star_kt(self) -> float:
        """K* as it is, market held."""
        return float(self.held_kt[0])

    @property
    def freed_kt(self) -> float:
        """K* with all eight removed, market held."""
        return float(self.held_kt[-1])

    @property
    def cleared_k_star_kt(self) -> float:
        """K* as it is, market without a deal cleared again."""
        return float(self.cleared_kt[0])

    @property
    def cleared_freed_kt(self) -> float:
        """K* with all eight removed, market without a deal cleared again."""
        return float(self.cleared_kt[-1])

    def set_of(self, interval: Floats, most_kt: float, *, free_riding: bool) -> TonnageSet:
        """Return one set, [N, 4], as a set of tonnages.

        Args:
            interval: its rows.
            most_kt: what those present run.
            free_riding: whether it is tested; where not, members compare with no deal, as where it ends with them.
        """
        return TonnageSet(
            institution=Institution.VOLUNTARY,
            baseline=Baseline.OBSERVED,
            leaving=self.leaving if free_riding else Belief.COLLAPSE,
            most_kt=most_kt,
            intervals=intervals_of(interval.tolist()),
        )
