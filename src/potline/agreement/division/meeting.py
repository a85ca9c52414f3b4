r"""How the gain of a meeting's deal could be divided: the group that gains most together, every rule, and the core.

A group of members that walks out can count on a cut of its own, the others running full: that is the worth ``v(S)`` of
:func:`potline.agreement.division.payments.deal_game`, a gamma belief. Asked twice: without a deal nobody idles
anything, and without a deal each may idle what pays it alone.
"""

from __future__ import annotations

__all__ = ["divide_meeting"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.divided import verify_meeting_division
from potline.agreement.division.answers import ByNash, ByNucleolus, ByShapley, Core, Division, MeetingDivision
from potline.agreement.division.core import core
from potline.agreement.division.payments import deal_game, divide
from potline.agreement.table.laid_out import lay_out
from potline.agreement.verdict.rows import names_of
from potline.cases import Case
from potline.choices import Baseline, OnFailure, Rule
from potline.reading import reads

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Gains:
    """Coalitions and their summed gains."""

    owners: tuple[str, ...]
    mask: NDArray[np.int64]
    gain_m_per_year: Floats


@reads
def divide_meeting(
    case: Case,
    *,
    rule: Rule | None = None,
    baseline: Baseline = Baseline.OBSERVED,
    check: OnFailure = OnFailure.RAISE,
) -> MeetingDivision:
    """Divide the gain of the group of a case's meeting that gains most together.

    Args:
        case: a case with a meeting.
        rule: how a cut is shared, the case's unless told otherwise.
        baseline: as there.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: the case has no meeting, or one that cannot be held.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant
        >>> twins = Industry(name="twins", price_per_t=10.0,
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=8.0) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = divide_meeting(case)
        >>> [one.share_m_per_year.round(3).tolist() for one in found.divisions]
        [[0.4, 0.4], [0.4, 0.4], [0.4, 0.4]]
        >>> found.core.empty
        False
    """
    laid = lay_out(case, rule)
    games = laid.games(baseline)
    owners = laid.question.owners
    total = np.where(games.inside, games.gain_m, 0.0).sum(axis=1)
    best = int(np.argmax(total)) if total.size else -1
    members = names_of(laid.question, int(games.mask[best])) if best >= 0 else ()
    own = {name: float(games.gain_m[best, owners.index(name)]) for name in members}
    solo = laid.nash.solo_gain_m[0] / float(laid.here.market.annuity[0])
    lone = {name: float(solo[laid.question.attendees[owners.index(name)]]) for name in members}
    gains = _Gains(owners, games.mask, total)
    divisions: tuple[Division, ...] = ()
    found: tuple[Core | None, Core | None] = (None, None)
    if best >= 0 and total[best] > 0.0:
        divisions = tuple(divide(gains, own, rule=one) for one in (ByShapley(), ByNucleolus(), ByNash()))
        found = (core(divisions[0].game), core(deal_game(gains, members, alone_m_per_year=lone)))
    result = MeetingDivision(
        case=case,
        case_name=case.name,
        rule=laid.question.rule,
        least_cut_kt=laid.question.least_cut_kt,
        baseline=baseline,
        baseline_cuts=laid.cuts(baseline),
        coalition=members,
        own_gain_m_per_year=tuple(own.values()),
        lone_gain_m_per_year=tuple(lone.values()),
        divisions=divisions,
        core=found[0],
        core_with_lone_cuts=found[1],
    )
    return certified(result, verify_meeting_division, check, f"the division of {case.name!r}")


registered(MeetingDivision, verify_meeting_division)
