"""What the stated ranges make of the tonnages that hold: a set in every draw, the share that holds each tonnage."""

from __future__ import annotations

__all__ = ["TonnageShare"]

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate
from potline.agreement.table.sets_at import k_stars_of
from potline.agreement.verdict.held import TonnageSet, intervals_of
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, Institution, Rule, Tested
from potline.reading import one_of
from potline.showing import Shown

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageShare(Shown):
    """Tonnages that hold in each draw of the stated ranges.

    Axes of sets: draw, baseline (observed, nash), what those who stay do, institution. kt/year.

    Attributes:
        case, rule, draws, seed, version: the question; draws as made, 8 scramblings of a power of two.
        asked_kt: the tonnage that the case asks for.
        most_kt: K_max, what those present run from the baseline on, [B, 2].
        interval: lower end, upper end, whether the one belongs, whether the other does, [B, 2, 4, 3, N, 4]; nan beyond
            the last.
        share, error: of the draws that hold the tonnage asked for, and its standard error from the eight scramblings,
            [2, 4, 3].
        none: share of the draws that hold no tonnage at all, [2, 4, 3].
        owners, alone_cut_kt, regret: the baseline nash in each draw, [B, owners] and [B], regret relative to revenue.
        factors: drawn values, [B, F].
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    draws: int
    seed: int
    version: str
    asked_kt: float
    most_kt: Floats
    interval: Floats
    share: Floats
    error: Floats
    none: Floats
    owners: tuple[str, ...]
    alone_cut_kt: Floats
    regret: Floats
    factors: Floats
    certificate: Certificate = field(repr=False)

    def at(
        self,
        tonnages_kt: Floats,
        institution: Tested = Institution.VOLUNTARY,
        leaving: Belief = Belief.REOPTIMISE,
        baseline: Baseline = Baseline.OBSERVED,
    ) -> Floats:
        """Return share(K): of the draws, how many hold each of some tonnages.

        Args:
            tonnages_kt: of any shape.
            institution, leaving, baseline: the headline's unless told otherwise.

        Raises:
            InputError: a word that is none of them.
        """
        wanted = np.asarray(tonnages_kt, dtype=np.float64)
        return holding(self.interval[:, *self.place(institution, leaving, baseline)], wanted).mean(axis=0)

    def k_star_kt(
        self,
        institution: Tested = Institution.VOLUNTARY,
        leaving: Belief = Belief.REOPTIMISE,
        baseline: Baseline = Baseline.OBSERVED,
    ) -> Floats:
        """Return K* of each draw, 0 where no tonnage holds, [B].

        Raises:
            InputError: a word that is none of them.
        """
        return k_stars_of(self.interval[:, *self.place(institution, leaving, baseline)])

    def quantiles_kt(
        self,
        *levels: float,
        institution: Tested = Institution.VOLUNTARY,
        leaving: Belief = Belief.REOPTIMISE,
        baseline: Baseline = Baseline.OBSERVED,
    ) -> tuple[float, ...]:
        """Return quantiles of K* over the draws; the headline's set unless told otherwise."""
        return tuple(np.quantile(self.k_star_kt(institution, leaving, baseline), levels).tolist())

    def sets_of(self, draw: int, baseline: Baseline = Baseline.OBSERVED) -> tuple[TonnageSet, ...]:
        """Return the sets of one draw; who holds them is not kept."""
        most, b = float(self.most_kt[draw, baseline.place]), baseline.place
        return tuple(
            TonnageSet(
                institution=institution,
                baseline=baseline,
                leaving=leaving,
                most_kt=most,
                intervals=intervals_of(self.interval[draw, b, w, k].tolist()),
            )
            for k, institution in enumerate(TESTED)
            for w, leaving in enumerate(Belief)
        )

    def place(self, institution: str, leaving: str, baseline: str) -> tuple[int, int, int]:
        """Return where a set stands along the axes after that of draws."""
        word = one_of("TonnageShare, institution", institution, TESTED, "an institution with a test")
        return Baseline(baseline).place, Belief(leaving).place, TESTED.index(word)

    @property
    def none_bound(self) -> float:
        """One-sided 95 % bound of a share that was 0 or 1, from that end: ``1 - 0.05 ** (1 / draws)``."""
        return 1.0 - math.exp(math.log(0.05) / self.draws)


def holding(interval: Floats, tonnages_kt: Floats) -> NDArray[np.bool_]:
    """Return whether draws hold tonnages.

    Args:
        interval: ends and whether they belong, [B, N, 4].
        tonnages_kt: of any shape.

    Returns:
        shape [B, ...].
    """
    wanted = tonnages_kt.reshape(1, 1, -1)
    low, high, first, last = (interval[:, :, k, None] for k in range(4))
    above = (wanted > low) | ((wanted == low) & (first > 0.0))
    below = (wanted < high) | ((wanted == high) & (last > 0.0))
    return (above & below).any(axis=1).reshape(interval.shape[0], *tonnages_kt.shape)
