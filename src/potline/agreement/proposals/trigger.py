"""At which trigger prices a proposal would hold: a scan down from today's price, its ends narrowed exactly.

What stands still changes at every stopping price, so the scan looks at both sides of each as well as at even steps;
between two of them the margin of the meeting's own proposal is continuous where no line is listed. Where agreement
begins or ends between two neighbours, the place is narrowed by holding the meeting there.
"""

from __future__ import annotations

__all__ = ["trigger_range"]

import math
from collections.abc import Callable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.proposals import verify_triggers
from potline.agreement.proposals.conditional import fallen, fallen_to, stopping_now
from potline.agreement.proposals.outcome import Parity, TriggerRange
from potline.agreement.proposals.plain import Plain, Tabled
from potline.agreement.proposals.propose import put
from potline.agreement.table.points import margins_at
from potline.agreement.table.question import question_of
from potline.cases import Case
from potline.choices import Baseline, Belief, OnFailure
from potline.compiled import frozen
from potline.errors import InputError, Problem
from potline.numerics.bracketing import Brackets, narrow
from potline.reading import Within, reads

Floats = NDArray[np.float64]

_NARROW = 1e-8


_TABLED = Tabled()


@reads
def trigger_range(
    case: Case,
    proposal: Plain = _TABLED,
    *,
    baseline: Baseline = Baseline.OBSERVED,
    leaving: Belief = Belief.KEEP,
    parity: Parity = "held",
    lowest_per_t: Annotated[float, Within(above=0.0, missing=True)] = math.nan,
    points: Annotated[int, Within(low=2)] = 48,
    check: OnFailure = OnFailure.RAISE,
) -> TriggerRange:
    """Find the triggers at which a conditional proposal would hold, from today's price down.

    Args:
        case: a case with a meeting.
        proposal: the meeting's own unless given.
        baseline, leaving: as in the meeting.
        parity: see :class:`potline.agreement.Conditional`.
        lowest_per_t: where the scan ends; unless given, the least stopping price of a line that its owner at the table
            runs, below which nobody has anything to idle.
        points: even steps.
        check: ``raise`` where the certificate fails, or ``report`` the answer with it.

    Raises:
        InputError: no meeting, or a lowest trigger that is not between 0 and today's price.
        CertificateFailed: separate code rejects the answer.

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
        owned = zip(case.industry.plants, case.industry.plant_owners, strict=True)
        runs = [plant.running_kt > 0.0 and owner in present for plant, owner in owned]
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

    def held(level: Floats) -> tuple[Floats, Floats]:
        if isinstance(proposal, Tabled):
            found = margins_at(fallen_to(case, level, parity=parity), asked, baseline=baseline, leaving=leaving)
            return found.margin_m_per_year[:, leaving.place, 0], found.alone_cut_kt
        each = [put(fallen(case, float(x), parity=parity), proposal, baseline, leaving) for x in level]
        cuts = [[dict(item.baseline_cuts).get(owner, 0.0) for owner in case.industry.owners] for item in each]
        return np.array([item.margin_m_per_year for item in each]), np.array(cuts)

    def evaluate(level: Floats) -> Floats:
        return held(level)[0]

    level = np.unique(np.concatenate([np.linspace(lowest_per_t, price, points), beside]))
    margin, cuts = held(level)
    result = TriggerRange(
        case=case,
        proposal=proposal,
        case_name=case.name,
        baseline=baseline,
        leaving=leaving,
        parity=parity,
        price_per_t=price,
        trigger_per_t=frozen(level[::-1].copy()),
        margin_m_per_year=frozen(margin[::-1].copy()),
        ranges_per_t=_ranges(level, margin, evaluate),
        alone_cut_kt=frozen(cuts[::-1].copy()),
    )
    return certified(result, verify_triggers, check, f"the triggers of {case.name!r}")


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


registered(TriggerRange, verify_triggers)
