"""The record over the stated ranges: the model's number of a line in draws of the case's uncertain inputs.

A line whose number is the same in the first four draws as at the central values is moved by no stated range, and is
drawn no further; all inputs move in each draw, so that only a number that jumps could be mistaken for one that does
not move. A yes or no that follows from the meeting is drawn whatever it says, since what it is decided by moves.
"""

from __future__ import annotations

__all__ = ["Asked", "numbers_drawn"]

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.draws import Draws, draw_case
from potline.agreement.table.points import laid_out_in_parts, margins_at
from potline.agreement.table.question import question_of
from potline.cases import Case
from potline.cases.limits import MOST_DIVIDED
from potline.choices import Belief, Institution
from potline.errors import PotlineError
from potline.evidence.flexibility import flexibilities
from potline.evidence.known import Known, NotComputed
from potline.evidence.quantity import DrawnMeetings, Quantity
from potline.numerics.joint_cut.deals import alone

Floats = NDArray[np.float64]
_FIRST = 4
_AT_ONCE = 128
_SAME = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A line to be drawn.

    Attributes:
        quantity, argument: what is computed.
        model: its number at the central values.
        number: the number in the case that the answers are about, in the unit and on the tax basis of the line.
    """

    quantity: Quantity
    argument: str
    model: float
    number: Callable[[Known], float]


def numbers_drawn(answers: Known, asked: Sequence[Asked], draws: int, seed: int) -> list[Floats]:
    """Return the numbers of each line in the draws of a case, in order; none for a line that nothing moves.

    Args:
        answers: of the case at its central values.
        asked: the lines.
        draws: rounded up to 8 times a power of two.
        seed: of the draws.
    """
    case = answers.case
    moving = any(item.high > item.low for item in case.factors) or case.noise.common_per_t > 0.0
    if not asked or case.meeting is None or not (moving or any(case.noise.plant_per_t)):
        return [np.empty(0) for _ in asked]
    drawn = draw_case(case, draws, seed)
    found = [np.empty(0) for _ in asked]
    if len(case.meeting.owners) <= MOST_DIVIDED and any(item.quantity.over_draws for item in asked):
        meetings = _meetings(case, drawn)
        for place, item in enumerate(asked):
            if item.quantity.over_draws is not None:
                found[place] = item.quantity.over_draws(meetings, item.argument)
    singly = [place for place, item in enumerate(asked) if item.quantity.over_draws is None]
    numbers = np.full((len(asked), drawn.compiled.draws), math.nan)
    for row in range(drawn.compiled.draws):
        if row == _FIRST:
            singly = [place for place in singly if not _still(numbers[place, :row], asked[place].model)]
        if not singly:
            break
        there = answers.about(_at(case, drawn, row))
        for place in singly:
            numbers[place, row] = _number(asked[place], there)
    for place in singly:
        found[place] = numbers[place]
    return found


def _number(item: Asked, there: Known) -> float:
    try:
        return item.number(there)
    except (PotlineError, NotComputed):
        return math.nan


def _still(first: Floats, model: float) -> bool:
    return bool((np.abs(first - model) <= _SAME * abs(model)).all())


def _at(case: Case, drawn: Draws, row: int) -> Case:
    """Return the case at a draw."""
    values = zip(case.factors, drawn.factors[row].tolist(), strict=True)
    there = case.under(*(factor.change(value) for factor, value in values))
    cost = drawn.compiled.plant("other_cost_per_t")
    pairs = zip(there.industry.plants, cost[row].tolist(), strict=True)
    plants = tuple(dataclasses.replace(plant, other_cost_per_t=money) for plant, money in pairs)
    return dataclasses.replace(there, industry=dataclasses.replace(there.industry, plants=plants))


def _meetings(case: Case, drawn: Draws) -> DrawnMeetings:
    """Return what the meetings of all draws come to: the verdict of the headline, and cuts without a deal."""
    asked = question_of(case)
    way, test = Belief.KEEP, Institution.VOLUNTARY
    margin = margins_at(drawn, asked, leaving=way).margin_m_per_year[:, way.place, test.place]
    parts = [
        (alone(here.arrangement).cut_kt, flexibilities(here, asked, drawn.least_cut_kt[row]))
        for row, here in laid_out_in_parts(drawn, asked, _AT_ONCE)
    ]
    return DrawnMeetings(
        case=case,
        owners=drawn.compiled.owners,
        agreed=(margin >= 0.0).astype(np.float64),
        cut_kt=np.concatenate([cuts for cuts, _ in parts]),
        flexibility=np.concatenate([values for _, values in parts]),
    )
