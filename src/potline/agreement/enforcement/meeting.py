r"""Enforcement of a meeting's deal: would those who signed go on idling, month after month?

Once a member has idled x, its stopping cost is spent. With the gain dV of the meeting over a term of annuity A, a year

    keeping    c = (dV + E x)/A              cheating    d = dV(deal without it)/A, and R x once to restart
    the end    p = 0 against the baseline, everybody back at it

so before any lag is counted the slack of the meeting rises by E x/A a year and by the one-off R x. A member can also
cheat at once and never idle: c = dV/A, d as above, and no cost. Both are asked. A deal renewed term after term is
valued at its first term's yearly equivalent, in which every term ends with the expected cost of a restart: c errs on
the low side.

When a deal ends each member pays R x to restart; a member for which that does not pay goes on idling alone, and with
``collapse="best_response"`` the end is what those leave behind.
"""

from __future__ import annotations

__all__ = ["chosen_mask", "enforcement"]

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.enforcement import verify_enforcement
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import incentives
from potline.agreement.enforcement.kept import Enforcement
from potline.agreement.enforcement.stakes import DealStakes
from potline.agreement.enforcement.strategies import Grim, Strategy
from potline.agreement.enforcement.table import IncentiveTable
from potline.agreement.table.laid_out import lay_out
from potline.agreement.table.question import Question
from potline.agreement.verdict.rows import names_of
from potline.cases import Case
from potline.choices import Baseline, Belief, Ending, OnFailure, Rule
from potline.errors import InputError, Problem
from potline.numerics.joint_cut.deals import PARTICIPATION, Deals
from potline.reading import NonNegative, Positive, reads

Floats = NDArray[np.float64]


@reads
def enforcement(
    case: Case,
    strategy: Strategy = Grim(),
    *,
    coalition: Sequence[str] | None = None,
    rule: Rule | None = None,
    baseline: Baseline = Baseline.OBSERVED,
    collapse: Ending = Ending.RESTART,
    discount_rate: NonNegative | None = None,
    period_months: Positive = 1.0,
    lag_months: Positive | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> Enforcement:
    """Ask whether the deal of a case's meeting is kept under the threat of its end.

    Args:
        case: a case with a meeting.
        strategy: what follows a cheat.
        coalition: owners at the table; where None, the one whose worst-off member gains most.
        rule, baseline: as in the meeting.
        collapse: at the end all restart, or each as it pays.
        discount_rate: a year; the industry's where None.
        period_months: of factors.
        lag_months: how long cheating goes unseen; one period where None.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: no meeting, owners not at the table, or a coalition that does not reach the tonnage.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = enforcement(case)
        >>> found.coalition, found.holds, found.running.row("A").tempted
        (('A', 'B'), True, True)
    """
    laid = lay_out(case, rule)
    rate = case.industry.discount_rate if discount_rate is None else discount_rate
    at_stake = DealStakes(laid=laid, baseline=baseline, rate=rate)
    asked = laid.question
    mask = chosen_mask(asked, at_stake.table, coalition)
    lag = period_months if lag_months is None else lag_months
    running, idle_on = at_stake.deal(mask, collapse, after_idling=True)
    signing, _ = at_stake.deal(mask, collapse, after_idling=False)

    def answers(deal: DealPayoffs) -> IncentiveTable:
        return incentives(
            deal, strategy, discount_rate=rate, period_months=period_months, lag_months=lag, check=OnFailure.REPORT
        )

    patience, feasible = at_stake.patience(lag / 12.0)
    result = Enforcement(
        case=case,
        case_name=case.name,
        coalition=names_of(asked, mask),
        named=coalition is not None,
        rule=asked.rule,
        baseline=baseline,
        baseline_cuts=laid.cuts(baseline),
        collapse=collapse,
        least_cut_kt=asked.least_cut_kt,
        discount_rate=rate,
        lag_months=lag,
        running=answers(running),
        signing=answers(signing),
        idle_on=idle_on,
        patience=patience,
        feasible=feasible,
    )
    return certified(result, verify_enforcement, check, f"the enforcement of {case.name!r}", parts=False)


def chosen_mask(asked: Question, table: Deals, coalition: Sequence[str] | None) -> int:
    """Return the coalition asked for; where none is named, the one whose worst-off member gains most.

    Raises:
        InputError: names not at the table, or a coalition that does not reach the tonnage.
    """
    if coalition is None:
        mask = int(table.best_mask[0, Belief.KEEP.place, PARTICIPATION])
        if mask < 0:
            some = asked.rule == Rule.PRO_RATA or bool(np.isnan(table.cut_kt[0]).all())
            found = "no coalition reaches the least cut" + ("" if some else " with a part for each member")
            needed = "a smaller least_cut_kt" if some else "another least_cut_kt, or the rule pro_rata"
            raise InputError([Problem(where="meeting", found=found, needed=needed)])
        return mask
    missing = [name for name in coalition if name not in asked.owners]
    mask = sum(1 << asked.owners.index(name) for name in set(coalition) - set(missing))
    problems: list[Problem] = []
    if missing:
        needed = f"owners at the table: {', '.join(asked.owners)}"
        problems.append(Problem(where="coalition", found=", ".join(missing), needed=needed))
    elif math.isnan(float(table.cut_kt[0, mask])):
        needed = f"two owners or more that reach {asked.least_cut_kt:g} kt"
        problems.append(Problem(where="coalition", found=", ".join(coalition) or "nobody", needed=needed))
    if problems:
        raise InputError(problems)
    return mask


registered(Enforcement, verify_enforcement)
