"""What answers about moved inputs state: a map, a tornado, turning points, and which input matters most."""

from __future__ import annotations

__all__ = ["BoundaryPoint", "MarginSensitivity", "StabilityMap", "Tornado", "TornadoRow", "TurningPoint"]

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.verdict.result import Verdict, verdict_of
from potline.cases import Case
from potline.cases.inputs import NamedInput
from potline.choices import Baseline, Belief, Rule, Tested
from potline.showing import Shown

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SMOOTH = 1e-3
_FLAT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundaryPoint:
    """Where agreement begins or ends along a row of the map.

    Attributes:
        first, second: the inputs' values, on the side that agrees.
        agreement: on which side of it an agreement exists.
        beyond: the first input's value on the other side.
        margin_m_per_year, beyond_m_per_year: margins on the two sides of the point, million a year; nan: infeasible.
    """

    first: float
    second: float
    agreement: Literal["below", "above"]
    margin_m_per_year: float
    beyond: float
    beyond_m_per_year: float

    @property
    def jumps(self) -> bool:
        """Whether the margin jumps over 0 (or no group reaches the tonnage beyond) instead of passing through it."""
        gap = self.margin_m_per_year - self.beyond_m_per_year
        return math.isnan(gap) or gap > _SMOOTH * max(1.0, abs(self.margin_m_per_year))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StabilityMap(Shown):
    """The margin over two inputs, all others at the case's central values.

    Attributes:
        case, case_name, rule, institution, baseline, leaving, changes, version: the question.
        first, second: the inputs and what their values mean. first_values [N], second_values [M]: the grid.
        owners: at the table.
        margin_m_per_year: [M, N], nan where no group reaches the tonnage.
        mask: of the best group, bit k owner k, -1 where there is none, [M, N].
        boundary: row by row.
        base_m_per_year: margin of the case as it stands.
        alone_cut_kt: of the baseline ``nash`` at each point, [M, N, owners of the industry], and base_alone_cut_kt of
            the case as it stands; 0 for the observed baseline.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    rule: Rule
    institution: Tested
    baseline: Baseline
    leaving: Belief
    changes: tuple[str, ...]
    version: str
    first: NamedInput
    second: NamedInput
    first_values: Floats
    second_values: Floats
    owners: tuple[str, ...]
    margin_m_per_year: Floats
    mask: Integers
    boundary: tuple[BoundaryPoint, ...]
    base_m_per_year: float
    alone_cut_kt: Floats = field(repr=False)
    base_alone_cut_kt: Floats = field(repr=False)
    certificate: Certificate = NOTHING

    def verdict(self, row: int, column: int) -> Verdict:
        """Return the verdict at a point of the grid."""
        return verdict_of(float(self.margin_m_per_year[row, column]))

    def group(self, row: int, column: int) -> tuple[str, ...]:
        """Return the group that comes nearest, or is best, at a point of the grid; none where it is infeasible."""
        mask = int(self.mask[row, column])
        return tuple(owner for k, owner in enumerate(self.owners) if mask >= 0 and mask >> k & 1)

    @property
    def agreed_share(self) -> float:
        """Share of the grid's points at which an agreement exists."""
        return float((self.margin_m_per_year >= 0.0).mean())


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoRow:
    """What one input does to the margin, million a year; nan where no group reaches the tonnage.

    Attributes:
        input: the input, with its range and what its values mean.
        values, margins_m_per_year: points looked at, the low end first and the high end last.
        groups: masks of the groups that decide at them, -1 where none reaches the tonnage.
        alone_cuts_kt: of the baseline ``nash`` at them, of each owner of the industry; 0 for the observed baseline.
        base_m_per_year: margin of the case as it stands.
    """

    input: NamedInput
    values: tuple[float, ...]
    margins_m_per_year: tuple[float, ...]
    base_m_per_year: float
    groups: tuple[int, ...] = field(repr=False)
    alone_cuts_kt: tuple[tuple[float, ...], ...] = field(repr=False)

    @property
    def low_m_per_year(self) -> float:
        """Margin at the low end of the range."""
        return self.margins_m_per_year[0]

    @property
    def high_m_per_year(self) -> float:
        """Margin at the high end of the range."""
        return self.margins_m_per_year[-1]

    @property
    def least_m_per_year(self) -> float:
        """Smallest margin looked at, the case's own among them."""
        return min(self._known, default=math.nan)

    @property
    def most_m_per_year(self) -> float:
        """Largest margin looked at, the case's own among them."""
        return max(self._known, default=math.nan)

    @property
    def swing_m_per_year(self) -> float:
        """Largest margin looked at less the smallest."""
        return self.most_m_per_year - self.least_m_per_year

    @property
    def turns(self) -> bool:
        """Whether the margin rises in one part of the range and falls in another."""
        steps = np.diff([m for m in self.margins_m_per_year if not math.isnan(m)])
        flat = _FLAT * max([1.0, *map(abs, self._known)])
        return bool((steps > flat).any() and (steps < -flat).any())

    @property
    def verdicts(self) -> tuple[Verdict, Verdict]:
        """Verdicts at the low and the high end."""
        return verdict_of(self.low_m_per_year), verdict_of(self.high_m_per_year)

    @property
    def _known(self) -> list[float]:
        return [m for m in (*self.margins_m_per_year, self.base_m_per_year) if not math.isnan(m)]

    @property
    def decides(self) -> bool:
        """Whether the verdict is not the same over all points looked at."""
        return len({verdict_of(m) for m in (*self.margins_m_per_year, self.base_m_per_year)}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado(Shown):
    """The margin, one input at a time; rows by swing, the largest first.

    Attributes:
        case, case_name, rule, institution, baseline, leaving, changes, version: the question.
        rows: one an input.
        base_m_per_year: margin of the case as it stands.
        base_group, base_alone_cut_kt: as those of a row.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    rule: Rule
    institution: Tested
    baseline: Baseline
    leaving: Belief
    changes: tuple[str, ...]
    version: str
    rows: tuple[TornadoRow, ...]
    base_m_per_year: float
    base_group: int = field(repr=False)
    base_alone_cut_kt: tuple[float, ...] = field(repr=False)
    certificate: Certificate = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningPoint(Shown):
    """What one factor alone does to the verdict within its stated range; values without tax.

    Attributes:
        case, rule, leaving: the question.
        factor: its name.
        stated: its stated value.
        value: where the verdict turns first, nan where it does not.
        share_of_range: how far that is of the way to the end, 0 to 1; nan where it does not turn.
        agrees: whether there is an agreement at the stated values.
        best_end: the end of the range nearest to turning.
        margin_m_per_year: the margin there.
        group, end_group: masks of the groups that agree where the verdict turns to agreement, and that decide at the
            best end; -1 for none.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    rule: Rule
    leaving: Belief
    factor: str
    stated: float
    value: float
    share_of_range: float
    agrees: bool
    best_end: float
    margin_m_per_year: float
    group: int = field(repr=False)
    end_group: int = field(repr=False)
    certificate: Certificate = NOTHING

    @property
    def turns(self) -> bool:
        """Whether the factor alone turns the verdict within its range."""
        return not math.isnan(self.value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarginSensitivity(Shown):
    """Sobol indices of the headline's margin, one a factor [F], each with its standard error from eight scramblings.

    Attributes:
        case, case_name, rule, leaving, seed: the question.
        draws: margins computed in all.
        factors: names, the errors of plants' costs last where the case has any.
        first, total: indices.
        first_error, total_error: standard errors.
        mean_m_per_year, deviation_m_per_year: of the margin; all are nan where some draw has no feasible coalition.
        margin_m_per_year, mask: margins behind the indices and their groups: at the first points, the second, and the
            first with each factor's values of the second in turn, [2 + F, N].
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    rule: Rule
    leaving: Belief
    seed: int
    draws: int
    factors: tuple[str, ...]
    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats
    mean_m_per_year: float
    deviation_m_per_year: float
    margin_m_per_year: Floats = field(repr=False)
    mask: Integers = field(repr=False)
    certificate: Certificate = NOTHING
