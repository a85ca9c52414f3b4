"""One input at a time: the margin at the low and the high end of its range, all others at their central values.

The ends do not tell what happens between them, so the range is looked at inside as well: an input whose margin turns
there is flagged, and inputs are ordered by the swing over all points looked at.
"""

from __future__ import annotations

__all__ = ["Tornado", "TornadoRow", "tornado"]

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.table.points import change_of, margins_at, points_of
from potline.agreement.table.question import question_of
from potline.agreement.verdict.result import Verdict, verdict_of
from potline.agreement.verdict.share import TESTED
from potline.cases import Case, InputRange
from potline.cases.case import MeetingRule
from potline.cases.inputs import NamedInput, named_input
from potline.compiled import DrawnChange
from potline.errors import InputError, Problem
from potline.numerics.joint_cut.deals import LEAVING
from potline.reading import Within, reads

Floats = NDArray[np.float64]

_FLAT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoRow:
    """What one input does to the margin, million a year; nan where no group reaches the tonnage.

    Attributes:
        input: the input, with its range and what its values mean.
        values, margins_m_per_year: points looked at, the low end first and the high end last.
        base_m_per_year: margin of the case as it stands.
    """

    input: NamedInput
    values: tuple[float, ...]
    margins_m_per_year: tuple[float, ...]
    base_m_per_year: float

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
class Tornado:
    """The margin, one input at a time; rows by swing, the largest first.

    Attributes:
        case_name, rule, institution, baseline, leaving, changes, version: the question.
        rows: one an input. base_m_per_year: margin of the case as it stands.
    """

    case_name: str
    rule: str
    institution: str
    baseline: str
    leaving: str
    changes: tuple[str, ...]
    version: str
    rows: tuple[TornadoRow, ...]
    base_m_per_year: float


@reads
def tornado(
    case: Case,
    *,
    inputs: Sequence[InputRange | str] = (),
    points: Annotated[int, Within(low=2)] = 9,
    rule: MeetingRule | None = None,
    institution: Literal["voluntary", "transfers", "unanimity"] = "voluntary",
    baseline: Literal["observed", "nash"] = "observed",
    leaving: Literal["keep", "respread", "collapse"] = "keep",
) -> Tornado:
    """Move one input at a time over its range, all others at the case's central values.

    Args:
        case: a case with a meeting. inputs: all factors of the case unless some are named.
        points: evenly spaced over each range, both ends among them, 2 at least; 3 or more show where a margin turns.
        rule, institution, baseline, leaving: as in :func:`potline.meeting`; the headline's unless told otherwise.

    Returns:
        a :class:`Tornado`. Each margin equals that of :func:`potline.meeting` with the one input set.

    Raises:
        InputError: no meeting, no input, or one that cannot be moved.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins, currency="CNY",
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = tornado(case, inputs=[InputRange(input="demand.elasticity", low=0.2, high=1.0),
        ...     InputRange(input="meeting.least_cut_kt", low=90.0, high=110.0)], institution="unanimity")
        >>> [row.input.name for row in found.rows], found.rows[0].turns
        (['demand.elasticity', 'meeting.least_cut_kt'], False)
    """
    asked = question_of(case, rule)
    wanted = list(inputs) or [item.name for item in case.factors if item.high > item.low]
    named = [named_input(case, item if isinstance(item, InputRange) else InputRange(input=item)) for item in wanted]
    if not named:
        raise InputError(
            [
                Problem(
                    where=f"case {case.name!r}, factors",
                    found="none with a range",
                    needed="inputs with their ranges",
                    hint="Give the case `[[factors]]`, or name inputs.",
                )
            ]
        )
    if points < 2:
        raise InputError([Problem(where="points", found=str(points), needed="2 or more")])
    way, test = LEAVING.index(leaving), TESTED.index(institution)

    def margins(changes: Sequence[DrawnChange], count: int) -> Floats:
        return margins_at(points_of(case, changes, count), asked, baseline=baseline).margin_m_per_year[:, way, test]

    base = float(margins((), 1)[0])
    rows: list[TornadoRow] = []
    for item in named:
        values = np.linspace(item.low, item.high, points)
        moved = margins((change_of(item, values),), points)
        rows.append(
            TornadoRow(
                input=item,
                values=tuple(values.tolist()),
                margins_m_per_year=tuple(moved.tolist()),
                base_m_per_year=base,
            )
        )
    return Tornado(
        case_name=case.name,
        rule=asked.rule,
        institution=institution,
        baseline=baseline,
        leaving=leaving,
        changes=case.changes,
        version=__version__,
        rows=tuple(sorted(rows, key=_by_swing)),
        base_m_per_year=base,
    )


def _by_swing(row: TornadoRow) -> tuple[bool, float, str]:
    return math.isnan(row.swing_m_per_year), -row.swing_m_per_year, row.input.name
