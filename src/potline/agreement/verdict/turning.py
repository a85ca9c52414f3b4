r"""How far a verdict is from turning: each uncertain factor moved alone, the others at their stated values.

Along the line from the stated value to each end of its range the margin is computed on a grid, and where its sign
turns first the place is narrowed down. A turn that comes back between two points of the grid is not seen.
"""

from __future__ import annotations

__all__ = ["turning_points"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.moved import verify_turning
from potline.agreement.table.points import PointMargins, margins_at, points_of
from potline.agreement.table.question import Question, question_of
from potline.agreement.verdict.moved import TurningPoint
from potline.cases import Case
from potline.choices import Belief, OnFailure, Rule
from potline.compiled import DrawnChange
from potline.numerics.bracketing import Brackets, narrow
from potline.reading import reads

Floats = NDArray[np.float64]

_GRID = 8
_TOLERANCE = 2.0**-12  # of a step of the grid


@reads
def turning_points(case: Case, *, rule: Rule | None = None, leaving: Belief = Belief.KEEP) -> tuple[TurningPoint, ...]:
    """Return where each factor alone turns the headline verdict, the nearest first, then those that do not.

    Institution voluntary, baseline observed.

    Args:
        case: a case with a meeting.
        rule: as in :func:`potline.agreement.meeting`.
        leaving: what those who stay do when one leaves; the headline's ``keep`` unless told otherwise.

    Raises:
        InputError: the case has no meeting, or a factor cannot be moved.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Case, Factor, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> size = Factor(name="least cut", path="meeting.least_cut_kt", low=20.0, central=100.0, high=120.0)
        >>> case = Case(name="twins", industry=twins, factors=(size,),
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = turning_points(case)[0]
        >>> found.factor, found.turns, 20.0 < found.value < 100.0
        ('least cut', True, True)
    """
    asked = question_of(case, rule)
    count = len(case.factors)
    if count == 0:
        return ()
    stated = np.array([factor.central for factor in case.factors])
    ends = np.array([(factor.low, factor.high) for factor in case.factors])
    span = (ends - stated[:, None]).ravel()
    step = np.arange(1, _GRID + 1) / _GRID
    share = np.tile(step, 2 * count)
    which = np.repeat(np.arange(2 * count), _GRID)
    base = float(_margin(case, asked, leaving, stated[None])[0])
    grid = _margin(case, asked, leaving, _moved(stated, span, which, share)).reshape(2 * count, _GRID)
    turned = _agrees(grid) != (base >= 0.0)
    first = np.where(turned.any(axis=1), turned.argmax(axis=1), -1)
    lines = np.flatnonzero(first >= 0)
    before = np.concatenate((np.full((2 * count, 1), base), grid), axis=1)
    beyond = np.full(2 * count, np.nan)
    if lines.size:
        step_of = first[lines]
        start = Brackets(
            low=step_of / _GRID,
            high=(step_of + 1.0) / _GRID,
            at_low=before[lines, step_of],
            at_high=before[lines, step_of + 1],
        )
        beyond[lines] = narrow(
            lambda at, k: _margin(case, asked, leaving, _moved(stated, span, lines[k], at)), start, _TOLERANCE
        ).high
    found = [_point(case, asked.rule, leaving, k, base >= 0.0, span, beyond, grid[:, -1]) for k in range(count)]
    found = _grouped(case, asked, leaving, found, stated)
    return tuple(sorted(found, key=lambda item: (not item.turns, item.share_of_range if item.turns else _far(item))))


def _grouped(
    case: Case, asked: Question, leaving: Belief, points: list[TurningPoint], stated: Floats
) -> list[TurningPoint]:
    """Return turning points with the groups that decide there, and their certificates."""
    count = len(points)
    values = np.tile(stated, (2 * count, 1))
    for k, item in enumerate(points):
        values[2 * k, k] = item.value if item.turns else item.stated
        values[2 * k + 1, k] = item.best_end
    mask = _held(case, asked, leaving, values).mask[:, leaving.place, 0].tolist()
    found: list[TurningPoint] = []
    for k, item in enumerate(points):
        group = mask[2 * k] if item.turns and not item.agrees else -1
        result = dataclasses.replace(item, group=group, end_group=mask[2 * k + 1])
        found.append(certified(result, verify_turning, OnFailure.RAISE, f"the turning point of {item.factor!r}"))
    return found


def _far(item: TurningPoint) -> float:
    return math.inf if math.isnan(item.margin_m_per_year) else abs(item.margin_m_per_year)


def _point(
    case: Case, rule: Rule, leaving: Belief, k: int, agrees: bool, span: Floats, share: Floats, at_end: Floats
) -> TurningPoint:
    """Return the turn of factor k that comes first on the way to an end; ``share`` [2F] is nan where none comes."""
    factor = case.factors[k]
    lines = [2 * k, 2 * k + 1]
    turning = [line for line in lines if not math.isnan(share[line])]
    line = min(turning, key=lambda item: float(share[item])) if turning else -1
    toward = [
        math.inf if math.isnan(at_end[item]) else (1.0 if agrees else -1.0) * float(at_end[item]) for item in lines
    ]
    best = lines[int(np.argmin(toward))]
    return TurningPoint(
        case=case,
        rule=rule,
        leaving=leaving,
        factor=factor.name,
        stated=factor.central,
        value=factor.central + float(share[line] * span[line]) if line >= 0 else math.nan,
        share_of_range=float(share[line]) if line >= 0 else math.nan,
        agrees=agrees,
        best_end=(factor.low, factor.high)[best % 2],
        margin_m_per_year=float(at_end[best]),
        group=-1,
        end_group=-1,
    )


def _moved(stated: Floats, span: Floats, line: NDArray[np.int64], share: Floats) -> Floats:
    """Return factor values [B, F]: the stated ones, but for the factor of each line, which is moved."""
    values = np.tile(stated, (line.size, 1))
    values[np.arange(line.size), line // 2] += share * span[line]
    return values


def _margin(case: Case, asked: Question, leaving: Belief, values: Floats) -> Floats:
    return _held(case, asked, leaving, values).margin_m_per_year[:, leaving.place, 0]


def _held(case: Case, asked: Question, leaving: Belief, values: Floats) -> PointMargins:
    changes = [
        DrawnChange(path=factor.path, operation=factor.operation, values=values[:, k])
        for k, factor in enumerate(case.factors)
    ]
    return margins_at(points_of(case, changes, values.shape[0]), asked, leaving=leaving)


def _agrees(margin: Floats) -> NDArray[np.bool_]:
    return margin >= 0.0


registered(TurningPoint, verify_turning)
