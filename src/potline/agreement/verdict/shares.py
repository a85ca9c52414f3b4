"""What the share of stated ranges with an agreement comes to, with the draws behind it."""

from __future__ import annotations

__all__ = ["AgreementShare"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Certificate
from potline.cases import Case
from potline.choices import Baseline, Belief, Institution, Rule, Tested
from potline.reading import a, one_of
from potline.showing import Shown

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementShare(Shown):
    """Shares of draws with an agreement, axes (2 baselines, 4 beliefs, 3 institutions).

    Attributes:
        case, case_name, rule, draws, seed: the question; draws as made, 8 scramblings of a power of two.
        baselines, leaving, institutions: names along the axes.
        share: draws with a margin of 0 or more, over all draws; one in which no coalition reaches the tonnage has none.
        error: standard error of it, from the eight scramblings.
        bound: where the share is 0 or 1, its one-sided 95 % bound, ``1 - 0.05 ** (1 / draws)`` from the end; else nan.
        infeasible: share of draws in which no coalition reaches the tonnage, a part for each member, (2 baselines,).
        margin_m_per_year, mask: margins behind the shares and their coalitions, [B, 2, 4, 3]; nan and -1 where none is.
        factor_names, factors: drawn values, [B, F].
        owners, would_cut_alone: share of draws in which each owner of the industry cuts in the baseline ``nash``.
        settled: share of draws in which that baseline came to rest.
        largest_regret: relative to revenue.
        alone_cut_kt, regret: of that baseline in each draw, [B, owners] and [B].
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    rule: Rule
    draws: int
    seed: int
    baselines: tuple[Baseline, ...]
    leaving: tuple[Belief, ...]
    institutions: tuple[Tested, ...]
    share: Floats
    error: Floats
    bound: Floats
    infeasible: Floats
    margin_m_per_year: Floats
    factor_names: tuple[str, ...]
    factors: Floats
    owners: tuple[str, ...]
    would_cut_alone: Floats
    settled: float
    largest_regret: float
    mask: Integers
    alone_cut_kt: Floats
    regret: Floats
    certificate: Certificate

    def of(
        self,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> float:
        """Return one share; the headline's unless told otherwise."""
        return float(self.share[self._place(institution, baseline, leaving)])

    def error_of(
        self,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> float:
        """Return the standard error of one share."""
        return float(self.error[self._place(institution, baseline, leaving)])

    def bound_of(
        self,
        institution: Tested = Institution.VOLUNTARY,
        baseline: Baseline = Baseline.OBSERVED,
        leaving: Belief = Belief.KEEP,
    ) -> float:
        """Return the bound of one share that is 0 or 1; else nan."""
        return float(self.bound[self._place(institution, baseline, leaving)])

    def quantiles(self, *levels: float) -> tuple[float, ...]:
        """Return quantiles of the headline's margin over draws, million a year."""
        return tuple(float(x) for x in np.nanquantile(self.margin_m_per_year[:, 0, Belief.KEEP.place, 0], levels))

    def _place(self, institution: Tested, baseline: Baseline, leaving: Belief) -> tuple[int, int, int]:
        wanted = (("baseline", baseline), ("leaving", leaving), ("institution", institution))
        known = (self.baselines, self.leaving, self.institutions)
        first, second, third = (
            names.index(one_of(f"AgreementShare, {noun}", word, names, f"{a(noun)} that was computed"))
            for (noun, word), names in zip(wanted, known, strict=True)
        )
        return first, second, third
