"""What answers about moved inputs state of K*, the largest tonnage that holds: tornado, map, Sobol indices. kt/year."""

from __future__ import annotations

__all__ = ["TonnageMap", "TonnageSensitivity", "TonnageTornado", "TonnageTornadoRow"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.table.sets_at import k_stars_of
from potline.agreement.verdict.held import TonnageSet, intervals_of
from potline.cases import Case
from potline.cases.inputs import NamedInput
from potline.choices import Baseline, Belief, Rule, Tested
from potline.showing import Shown

Floats = NDArray[np.float64]

_FLAT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageTornadoRow:
    """What one input does to K*; 0 where no tonnage holds.

    Attributes:
        input: the input, with its range and what its values mean.
        values: points looked at, the low end first and the high end last, [P].
        interval: tonnages that hold at them: lower end, upper end, whether the one belongs, whether the other does,
            [P, N, 4]; nan beyond the last.
        alone_cut_kt: of the baseline ``nash`` at them, [P, owners of the industry]; 0 for the observed baseline.
        base_kt: K* of the case as it stands.
    """

    input: NamedInput
    values: Floats
    interval: Floats = field(repr=False)
    alone_cut_kt: Floats = field(repr=False)
    base_kt: float

    @property
    def k_stars_kt(self) -> Floats:
        """K* at the points, [P]."""
        return k_stars_of(self.interval)

    @property
    def low_kt(self) -> float:
        """K* at the low end of the range."""
        return float(self.k_stars_kt[0])

    @property
    def high_kt(self) -> float:
        """K* at the high end of the range."""
        return float(self.k_stars_kt[-1])

    @property
    def least_kt(self) -> float:
        """Smallest K* looked at, the case's own among them."""
        return min(self.base_kt, float(self.k_stars_kt.min()))

    @property
    def most_kt(self) -> float:
        """Largest K* looked at, the case's own among them."""
        return max(self.base_kt, float(self.k_stars_kt.max()))

    @property
    def swing_kt(self) -> float:
        """Largest K* looked at less the smallest."""
        return self.most_kt - self.least_kt

    @property
    def none_share(self) -> float:
        """Share of the points at which no tonnage holds."""
        return float(np.isnan(self.interval[:, 0, 0]).mean())

    @property
    def further_inside(self) -> bool:
        """Whether K* goes further inside the range than at its ends and in the case."""
        ends = (self.low_kt, self.high_kt, self.base_kt)
        return self.least_kt < min(ends) or self.most_kt > max(ends)

    @property
    def turns(self) -> bool:
        """Whether K* rises in one part of the range and falls in another."""
        steps, flat = np.diff(self.k_stars_kt), _FLAT * max(1.0, self.most_kt)
        return bool((steps > flat).any() and (steps < -flat).any())


class _OfOneSet(Shown):
    """An answer about one set of tonnages, at many points."""

    __slots__ = ()
    institution: Tested
    baseline: Baseline
    leaving: Belief

    def set_of(self, interval: Floats, most_kt: float) -> TonnageSet:
        """Return the set of one point, [intervals, 4]; who holds it is not kept."""
        return TonnageSet(
            institution=self.institution,
            baseline=self.baseline,
            leaving=self.leaving,
            most_kt=most_kt,
            intervals=intervals_of(interval.tolist()),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageTornado(_OfOneSet):
    """K*, one input at a time; rows by swing, the largest first.

    Attributes:
        case, rule, institution, baseline, leaving, version: the question.
        rows: one an input.
        base_interval, base_alone_cut_kt: of the case as it stands, as those of a row, [1, N, 4] and [1, owners].
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    institution: Tested
    baseline: Baseline
    leaving: Belief
    version: str
    rows: tuple[TonnageTornadoRow, ...]
    base_interval: Floats = field(repr=False)
    base_alone_cut_kt: Floats = field(repr=False)
    certificate: Certificate = NOTHING

    @property
    def base_kt(self) -> float:
        """K* of the case as it stands, 0 where no tonnage holds."""
        return float(k_stars_of(self.base_interval)[0])

    @property
    def none_share(self) -> float:
        """Share of the points looked at, of all rows, at which no tonnage holds."""
        return float(np.mean([row.none_share for row in self.rows]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageMap(_OfOneSet):
    """K* over two inputs, all others at the case's central values; 0 where no tonnage holds.

    Attributes:
        case, rule, institution, baseline, leaving, version: the question.
        first, second: the inputs and what their values mean. first_values [N], second_values [M]: the grid.
        interval: tonnages that hold at its points: lower end, upper end, whether the one belongs, whether the other
            does, [M, N, intervals, 4]; nan beyond the last.
        alone_cut_kt: of the baseline ``nash`` at them, [M, N, owners of the industry]; 0 for the observed baseline.
        base_interval, base_alone_cut_kt: of the case as it stands, [1, intervals, 4] and [1, owners].
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    institution: Tested
    baseline: Baseline
    leaving: Belief
    version: str
    first: NamedInput
    second: NamedInput
    first_values: Floats
    second_values: Floats
    interval: Floats = field(repr=False)
    alone_cut_kt: Floats = field(repr=False)
    base_interval: Floats = field(repr=False)
    base_alone_cut_kt: Floats = field(repr=False)
    certificate: Certificate = NOTHING

    @property
    def k_star_kt(self) -> Floats:
        """K* at the points of the grid, [M, N]."""
        return k_stars_of(self.interval)

    @property
    def base_kt(self) -> float:
        """K* of the case as it stands."""
        return float(k_stars_of(self.base_interval)[0])

    @property
    def none_share(self) -> float:
        """Share of the grid's points at which no tonnage holds."""
        return float(np.isnan(self.interval[:, :, 0, 0]).mean())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TonnageSensitivity(_OfOneSet):
    """Sobol indices of K*, one a factor [F], each with its standard error from eight scramblings.

    Attributes:
        case, rule, institution, baseline, leaving, seed, version: the question.
        draws: sets found in all.
        factors: names, the errors of plants' costs last where the case has any.
        first, total: indices; nan where K* is the same in all draws.
        first_error, total_error: standard errors.
        mean_kt, deviation_kt: of K*, 0 where no tonnage holds.
        interval: tonnages that hold: at the first points, the second, and the first with each factor's values of the
            second in turn, [2 + F, N, intervals, 4].
        alone_cut_kt: of the baseline ``nash``, [2 + F, N, owners of the industry]; 0 for the observed baseline.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    institution: Tested
    baseline: Baseline
    leaving: Belief
    seed: int
    version: str
    draws: int
    factors: tuple[str, ...]
    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats
    mean_kt: float
    deviation_kt: float
    interval: Floats = field(repr=False)
    alone_cut_kt: Floats = field(repr=False)
    certificate: Certificate = NOTHING

    @property
    def k_star_kt(self) -> Floats:
        """K* behind the indices, 0 where no tonnage holds, [2 + F, N]."""
        return k_stars_of(self.interval)

    @property
    def none_share(self) -> float:
        """Share of the first and second points at which no tonnage holds."""
        return float(np.isnan(self.interval[:2, :, 0, 0]).mean())
