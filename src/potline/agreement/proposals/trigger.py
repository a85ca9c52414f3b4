"""At which trigger prices a proposal would hold: a scan down from today's price, its ends narrowed exactly.

What stands still changes at every stopping price, so the scan looks at both sides of each as well as at even steps;
between two of them the margin of the meeting's own proposal is continuous where no potline is listed. Where agreement
begins or ends between two neighbours, the place is narrowed by holding the meeting there.
"""

from __future__ import annotations

__all__ = ["TriggerRange", "trigger_range"]

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.proposals.conditional import Parity, fallen, fallen_to, stopping_now
from potline.agreement.proposals.propose import Plain, Tabled, propose
from potline.agreement.table.points import margins_at
from potline.agreement.table.question import question_of
from potline.cases import Case
from potline.compiled import frozen
from potline.errors import InputError, Problem
from potline.numerics.bracketing import Brackets, narrow
from potline.numerics.joint_cut.deals import LEAVING
from potline.reading import Within, reads

Floats = NDArray[np.float64]

_NARROW = 1e-8


_TABLED = Tabled()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriggerRange:
    """Trigger prices at which a group would keep to a proposal, prices money/t without tax.

    Attributes:
        case_name, baseline, leaving, parity: the question. price_per_t: today's, where the scan begins.
        trigger_per_t, margin_m_per_year: the scan, falling prices [N]; nan where no group reaches the tonnage.
        ranges_per_t: pairs (lowest, highest) of triggers with an agreement, the highest first, ends narrowed. A range
            that ends at today's price holds for every higher trigger too: the proposal is then the plain one.
    """

    case_name: str
    baseline: str
    leaving: str
    parity: Parity
    price_per_t: float
    trigger_per_t: Floats
    margin_m_per_year: Floats
    ranges_per_t: tuple[tuple[float, float], ...]

    @property
    def highest_per_t(self) -> float:
        """Highest trigger with an agreement; nan where there is none."""
        return self.ranges_per_t[0][1] if self.ranges_per_t else math.nan

    @property
    def lowest_per_t(self) -> float:
        """Lowest trigger with an agreement; nan where there is none."""
        return self.ranges_per_t[-1][0] if self.ranges_per_t else math.nan


@reads
def trigger_range(
    case: Case,
    proposal: Plain = _TABLED,
    *,
    baseline: Literal["observed", "nash"] = "observed",
    leaving: Literal["keep", "respread", "collapse"] = "keep",
    parity: Parity = "held",
    lowest_per_t: Annotated[float, Within(above=0.0, missing=True)] = math.nan,
    points: Annotated[int, Within(low=2)] = 48,
) -> TriggerRange:
    """Find the triggers at which a conditional proposal would hold, from today's price down.

    Args:
        case: a case with a meeting. proposal: the meeting's own unless given. baseline, leaving: as in the meeting.
        parity: see :class:`potline.agreement.Conditional`.
        lowest_per_t: where the scan ends; unless given, the least stopping price of a line that its owner at the table
            runs, below which nobody has anything to idle. points: even steps.

    Raises:
        InputError: no meeting, or a lowest trigger that is not between 0 and today's price.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=60.0))
        >>> found = trigger_range(case, leaving="collapse", lowest_per_t=8.5)
        >>> found.ranges_per_t
        ((8.5, 10.0),)
    """
    asked = question_of(case, None)
    price, stops = case.industry.price_per_t, stopping_now(case)
    if math.isnan(lowest_per_t):
        present = set(asked.owners)
        runs = [
            plant.running_kt > 0.0 and case.industry.owner(plant.firm) in present for plant in case.industry.plants
        ]  # fmt: skip
        least = float(stops[runs].min()) if any(runs) else 0.0
        lowest_per_t = least if 0.0 < least < price else 0.5 * price
    if not 0.0 < lowest_per_t < price:
        raise InputError(
            [Problem(where="lowest_per_t", found=f"{lowest_per_t:g}", needed=f"above 0 and below today's {price:g}")]
        )
    beside = np.empty(0)
    if isinstance(proposal, Tabled):
        inside = stops[(stops > lowest_per_t) & (stops < price)]
        beside = np.concatenate([inside, np.nextafter(inside, np.inf)])

    def evaluate(level: Floats) -> Floats:
        if isinstance(proposal, Tabled):
            here = fallen_to(case, level, parity=parity)
            return margins_at(here, asked, baseline=baseline).margin_m_per_year[:, LEAVING.index(leaving), 0]
        there = [fallen(case, float(x), parity=parity) for x in level]
        return np.array([propose(x, proposal, baseline=baseline, leaving=leaving).margin_m_per_year for x in there])

    level = np.unique(np.concatenate([np.linspace(lowest_per_t, price, points), beside]))
    margin = evaluate(level)
    return TriggerRange(
        case_name=case.name,
        baseline=baseline,
        leaving=leaving,
        parity=parity,
        price_per_t=price,
        trigger_per_t=frozen(level[::-1].copy()),
        margin_m_per_year=frozen(margin[::-1].copy()),
        ranges_per_t=_ranges(level, margin, evaluate),
    )


def _ranges(level: Floats, margin: Floats, evaluate: Callable[[Floats], Floats]) -> tuple[tuple[float, float], ...]:
    """Return the stretches with an agreement, the highest first, their ends narrowed together."""
    agreed = margin >= 0.0
    at = np.flatnonzero(agreed[1:] != agreed[:-1])
    ends = np.empty(0)
    if at.size:
        start = Brackets(low=level[at], high=level[at + 1], at_low=margin[at], at_high=margin[at + 1])
        found = narrow(lambda x, _: evaluate(x), start, _NARROW)
        ends = np.where(found.at_high >= 0.0, found.high, found.low)
    every = [*([float(level[0])] if agreed[0] else []), *ends.tolist(), *([float(level[-1])] if agreed[-1] else [])]
    return tuple(reversed(list(zip(every[::2], every[1::2], strict=True))))
