r"""What each large owner would do alone, what not doing it reveals, and what a deal adds.

Alone, owner i idles the x that maximises ``A [(r_i - x) u(x) + (w_i - w(x)) F(x)] - loss_i(x)`` while nobody else cuts.
That it does not shows that it takes no more of a cut's effect into account than the share

    theta_i = min over x in (0, r_i) of loss_i(x) / (A [(r_i - x) u(x) + (w_i - w(x)) F(x)]),    1 if that is larger,

an upper bound on its conduct and no estimate (``docs/theory/meeting.md``). In a deal outsiders keep the cuts of the
baseline; beside the largest deal that holds stands what becomes of it where they answer.
"""

from __future__ import annotations

__all__ = ["unilateral_cuts"]

import math
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.agreement.certificate import certified, registered
from potline.agreement.checks.unilateral import verify_unilateral
from potline.agreement.table.cuts import clear
from potline.agreement.table.laid_out import LaidOut, lay_out
from potline.agreement.verdict.answered import Struck, answered, struck
from potline.agreement.verdict.held import TonnagesThatHold
from potline.agreement.verdict.tonnages import tonnages_that_hold
from potline.agreement.verdict.unilateral_result import UnilateralCut, UnilateralCuts
from potline.cases import Case
from potline.choices import Baseline, OnFailure, Rule
from potline.errors import InputError, Problem
from potline.numerics.joint_cut.conduct import revealed
from potline.reading import Within, reads

Floats = NDArray[np.float64]
LEAST_SHARE = 0.03


@reads
def unilateral_cuts(
    case: Case,
    *,
    rule: Rule | None = None,
    least_share: Annotated[float, Within(low=0.0, high=1.0)] = LEAST_SHARE,
    tonnages: TonnagesThatHold | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> UnilateralCuts:
    """Find what each large owner of the industry would do without any deal, and what a deal adds to that.

    Args:
        case: a case with a meeting of at most 20 owners.
        rule: how a cut is shared, the case's unless told otherwise.
        least_share: owners with more of all running capacity are looked at, at the table or not.
        tonnages: what :func:`tonnages_that_hold` found for the same case and rule; found anew unless given.
        check: ``raise`` where the certificate fails, or ``report``.

    Returns:
        by owner its best cut, price rise and gain alone, the conduct that not cutting reveals, its cut where all act
        alone and its gain in the largest deals that hold; and these deals where outsiders answer.

    Raises:
        InputError: the case has no meeting, or one that cannot be held; tonnages of another question.
        CertificateFailed: independent recomputation rejects the answer.

    Examples:
        One owner of 100 kt beside many small ones, slope 0.1 a kt, 5 lost on each tonne: alone it cuts 25 kt and gains
        75 * 2.5 - 125. The first tonne costs it 5 and brings 10: one that idles nothing takes half of its effect on
        the price into account at most.

        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> firms = ("large", *(f"small {k}" for k in range(9)))
        >>> plants = tuple(Plant(name=n, firm=n, capacity_kt=100.0 if n == "large" else 40.0, other_cost_per_t=95.0)
        ...     for n in firms)
        >>> here = Industry(name="one large", price_per_t=100.0, process=PriceProcess(volatility=0.0), plants=plants,
        ...     demand=LinearDemand(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0))
        >>> case = Case(name="one large", industry=here,
        ...     meeting=Meeting(date="", firms=firms[:2], owners=firms[:2], least_cut_kt=10.0))
        >>> one = unilateral_cuts(case, least_share=0.1).owners[0]
        >>> one.owner, round(one.cut_kt, 6), round(one.gain_m_per_year, 6), round(one.conduct_at_most, 6)
        ('large', 25.0, 0.0625, 0.5)
    """
    laid = lay_out(case, rule)
    if tonnages is None:
        tonnages = tonnages_that_hold(case, rule=rule, check=check)
    elif (tonnages.case, tonnages.rule) != (case, laid.question.rule):
        found, needed = f"tonnages of {tonnages.case.name!r}, {tonnages.rule}", "those of the same case and rule"
        raise InputError([Problem(where="tonnages", found=found, needed=needed)])
    deals = [struck(laid, tonnages.set_of(baseline=baseline), baseline) for baseline in Baseline]
    result = UnilateralCuts(
        case=case,
        rule=laid.question.rule,
        least_share=least_share,
        version=__version__,
        tonnages=tonnages,
        owners=_owners(laid, least_share, deals),
        nash_cuts=laid.cuts(Baseline.NASH),
        nash_rise_per_t=float(laid.nash.price_rise_per_t[0]),
        deals=tuple(answered(laid, deal) for deal in deals if deal is not None),
    )
    return certified(result, verify_unilateral, check, f"what owners of {case.name!r} would do alone")


def _owners(laid: LaidOut, least_share: float, deals: list[Struck | None]) -> tuple[UnilateralCut, ...]:
    here, nash = laid.here, laid.nash
    running = np.bincount(here.plants.owner, weights=here.plants.running_kt[0], minlength=len(laid.compiled.owners))
    share = running / max(float(running.sum()), 1e-300)
    cut = nash.solo_cut_kt[0]
    _, rise, _ = clear(here, cut, np.zeros((cut.size, cut.size), dtype=np.bool_))
    least, at = (values[0] for values in revealed(here.arrangement))
    seats = set(laid.question.attendees.tolist())
    gain = [np.full(running.size, math.nan) if deal is None else deal.gain_m_per_year for deal in deals]
    annuity = float(here.market.annuity[0])
    order: list[int] = np.argsort(-running, kind="stable").tolist()
    return tuple(
        UnilateralCut(
            owner=laid.compiled.owners[i],
            at_table=i in seats,
            running_kt=float(running[i]),
            running_share=float(share[i]),
            cut_kt=float(cut[i]),
            price_rise_per_t=float(rise[i]),
            gain_m_per_year=float(nash.solo_gain_m[0, i]) / annuity,
            loss_share=float(least[i]),
            loss_share_at_kt=float(at[i]),
            nash_cut_kt=float(nash.cut_kt[0, i]),
            deal_gain_m_per_year=float(gain[0][i]),
            further_deal_gain_m_per_year=float(gain[1][i]),
        )
        for i in order
        if share[i] > least_share
    )


registered(UnilateralCuts, verify_unilateral)
