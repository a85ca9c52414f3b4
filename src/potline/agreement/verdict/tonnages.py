r"""The tonnages that hold: how much could be agreed at all, instead of whether one tonnage can.

A coalition S of two owners or more holds K tonnes where its members pass the test of the institution, a year:

    voluntary   min over S of [dV_i(S) - max(0, dV_i(S without i))] is 0 or more, and every member idles some
    transfers   sum over S of [dV_i(S) - max(0, dV_i(S without i))] is 0 or more
    unanimity   min over all present of dV_i is 0 or more, and everybody idles some

The set is that of all K in (0, K_max] that some coalition holds; K* is its upper end. What a member gets that leaves
depends on what those who stay do: choose the total anew that brings them most (``reoptimise``), keep their cuts, share
the same K (``respread``), or end the deal (``collapse``).
"""

from __future__ import annotations

__all__ = ["sets_found", "sets_of_draw", "tonnages_that_hold"]


import numpy as np

from potline._version import __version__
from potline.agreement.certificate import NOTHING, certified, registered
from potline.agreement.checks.tonnages import verify_tonnages
from potline.agreement.table.laid_out import LaidOut, lay_out
from potline.agreement.table.question import Question
from potline.agreement.table.sets_at import asked_rows
from potline.agreement.verdict.held import TonnageSet, TonnagesThatHold, intervals_of
from potline.agreement.verdict.rows import names_of
from potline.cases import Case
from potline.choices import TESTED, Baseline, Belief, IdleBelow, OnFailure, Rule
from potline.numerics.joint_cut.tonnages import Tonnages, tonnages
from potline.reading import reads


@reads
def tonnages_that_hold(
    case: Case,
    *,
    rule: Rule | None = None,
    idle_below: IdleBelow | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> TonnagesThatHold:
    """Find the tonnages that some coalition of a meeting holds, and the largest, K*.

    Args:
        case: a case with a meeting of at most 20 owners.
        rule: how a cut is shared, the case's unless told otherwise.
        idle_below: what idle lines below their restart price do, as the industry has it unless told otherwise.
        check: ``raise`` where the certificate fails, or ``report``.

    Returns:
        sets of tonnages for both baselines, three institutions and four ways to answer a member that leaves.

    Raises:
        InputError: the case has no meeting, or one that cannot be held.
        CertificateFailed: independent recomputation rejects the answer.

    Examples:
        Three owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: pairs hold 50 to 100 kt. Less does not pay,
        because one who leaves gets as much from the lone cut of the other; more idles too much.

        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> three = Industry(name="three", price_per_t=100.0, process=PriceProcess(volatility=0.0),
        ...     demand=LinearDemand(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=95.0) for n in "ABC"))
        >>> case = Case(name="three", industry=three,
        ...     meeting=Meeting(date="", firms=tuple("ABC"), owners=tuple("ABC"), least_cut_kt=10.0))
        >>> found = tonnages_that_hold(case).set_of("voluntary", "reoptimise")
        >>> round(found.lowest_kt, 6), round(found.k_star_kt, 6), found.coalition, found.coalitions
        (50.0, 100.0, ('A', 'B'), 3)
    """
    case = case if idle_below is None else case.at(idle_below)
    laid = lay_out(case, rule)
    sets = tuple(one for baseline in Baseline for one in sets_found(laid, baseline))
    result = TonnagesThatHold(
        case=case,
        rule=laid.question.rule,
        version=__version__,
        asked_kt=laid.question.least_cut_kt,
        largest_owner=laid.question.owners[int(np.argmax(laid.running_kt))],
        nash_cuts=laid.cuts(Baseline.NASH),
        sets=sets,
        certificate=NOTHING,
    )
    return certified(result, verify_tonnages, check, f"the tonnages that hold in {case.name!r}")


def sets_found(laid: LaidOut, baseline: Baseline) -> list[TonnageSet]:
    """Return the sets of a meeting on one baseline."""
    asked = laid.question
    rows = asked_rows(laid.here, asked, laid.base(baseline))
    return sets_of_draw(asked, tonnages(rows), 0, baseline)


def sets_of_draw(asked: Question, found: Tonnages, draw: int, baseline: Baseline) -> list[TonnageSet]:
    """Return what one draw comes to: by institution, then by what those who stay do."""
    return [_set(asked, found, (draw, w, k), baseline) for k in range(len(TESTED)) for w in range(len(Belief))]


def _set(asked: Question, found: Tonnages, at: tuple[int, int, int], baseline: Baseline) -> TonnageSet:
    rows = found.interval[at][: int(found.count[at])].tolist()
    every, largest = found.with_all[at].tolist(), found.with_largest[at].tolist()
    return TonnageSet(
        institution=TESTED[at[2]],
        baseline=baseline,
        leaving=tuple(Belief)[at[1]],
        most_kt=float(found.most[at[0]]),
        intervals=intervals_of(rows),
        coalition=names_of(asked, int(found.holder[at])),
        coalitions=int(found.holders[at]),
        with_all_kt=every[0],
        with_all_belongs=every[1] > 0.0,
        with_largest_kt=largest[0],
        with_largest_belongs=largest[1] > 0.0,
    )


registered(TonnagesThatHold, verify_tonnages)
