r"""One deal under several threats, and under several delays until a cheat is seen.

Each threat is asked of members that may never idle at all (signing) and of members that have idled and may restart at
a cost (running); a deal is kept where both are. Delays are asked of the plainest threat, no deal ever after, once more
with restarts that cost nothing, so that what the lag and what the restart cost do can be told apart.
"""

from __future__ import annotations

__all__ = ["enforcement_over_time"]

import dataclasses
import math
from collections.abc import Sequence

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.enforcement import verify_over_time
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import incentives
from potline.agreement.enforcement.kept import DelayedDetection, OverTime, Threat
from potline.agreement.enforcement.meeting import chosen_mask
from potline.agreement.enforcement.stakes import DealStakes
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot, Strategy
from potline.agreement.enforcement.table import IncentiveTable
from potline.agreement.table.laid_out import lay_out
from potline.agreement.verdict.rows import names_of
from potline.cases import Case
from potline.choices import Baseline, Ending, OnFailure, Rule
from potline.errors import InputError, Problem
from potline.reading import Count, Positive, reads

_MONTH = 1.0


@reads
def enforcement_over_time(
    case: Case,
    *,
    coalition: Sequence[str] | None = None,
    rule: Rule | None = None,
    lags_months: Sequence[Positive] = (1.0, 3.0, 6.0, 12.0),
    stick_months: Count = 12,
    check: OnFailure = OnFailure.RAISE,
) -> OverTime:
    """Ask whether the deal of a case's meeting would be kept, under several threats and delays, month by month.

    Threats: no deal ever after, everybody restarting; the same, each restarting only where that pays; no deal for
    ``stick_months`` and then the deal again; and, where the case has a law of the price and a discount rate above 0,
    nobody sees a cheat but a price whose log is off by the law's volatility over a month.

    Args:
        case: a case with a meeting.
        coalition, rule: as in :func:`potline.enforcement`.
        lags_months: tried.
        stick_months: how long the shorter punishment lasts.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: as there, or no lag.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> from potline.cases import Case, Meeting
        >>> from potline.industry import Industry, LinearDemand, Plant, PriceProcess
        >>> twins = Industry(name="twins", price_per_t=10.0, process=PriceProcess(volatility=0.2),
        ...     demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"))
        >>> case = Case(name="twins", industry=twins,
        ...     meeting=Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=100.0))
        >>> found = enforcement_over_time(case)
        >>> [threat.holds for threat in found.threats], round(found.longest_lag_months)
        ([True, False, True, True], 302)
    """
    if not lags_months:
        raise InputError([Problem(where="lags_months", found="none", needed="one or more, in months")])
    rate = case.industry.discount_rate
    at_stake = DealStakes(laid=lay_out(case, rule), baseline=Baseline.OBSERVED, rate=rate)
    mask = chosen_mask(at_stake.laid.question, at_stake.table, coalition)
    deals = {
        (collapse, idled): at_stake.deal(mask, collapse, after_idling=idled)[0]
        for collapse in Ending
        for idled in (False, True)
    }
    running = deals[Ending.RESTART, True]
    free = dataclasses.replace(running, restart_cost_m=(0.0,) * len(running.owners))

    def asked(deal: DealPayoffs, strategy: Strategy, lag: float = _MONTH) -> IncentiveTable:
        return incentives(
            deal, strategy, discount_rate=rate, period_months=_MONTH, lag_months=lag, check=OnFailure.REPORT
        )

    ways: list[tuple[Strategy, bool]] = [(Grim(), False), (Grim(), True), (StickAndCarrot(periods=stick_months), False)]
    if case.industry.process is not None and rate > 0.0:
        ways.append((GreenPorter(noise=case.industry.process.volatility * math.sqrt(_MONTH / 12.0)), False))
    threats = tuple(
        Threat(
            strategy=strategy,
            meant=meant,
            signing=asked(deals[Ending.BEST_RESPONSE if meant else Ending.RESTART, False], strategy),
            running=asked(deals[Ending.BEST_RESPONSE if meant else Ending.RESTART, True], strategy),
        )
        for strategy, meant in ways
    )
    delays = tuple(
        DelayedDetection(
            lag_months=lag,
            signing=asked(deals[Ending.RESTART, False], Grim(), lag),
            running=asked(running, Grim(), lag),
            running_free=asked(free, Grim(), lag),
        )
        for lag in sorted(lags_months)
    )
    patience, feasible = at_stake.patience(_MONTH / 12.0)
    result = OverTime(
        case=case,
        case_name=case.name,
        coalition=names_of(at_stake.laid.question, mask),
        named=coalition is not None,
        rule=at_stake.laid.question.rule,
        least_cut_kt=at_stake.laid.question.least_cut_kt,
        discount_rate=rate,
        threats=threats,
        delays=delays,
        idle_on=at_stake.deal(mask, Ending.RESTART, after_idling=True)[1],
        cheat_moves_price_share=max(1.0 - price / running.price_per_t for price in running.cheat_price_per_t),
        willing=len(patience),
        feasible=feasible,
    )
    return certified(result, verify_over_time, check, f"the deal of {case.name!r} over time", parts=False)


registered(OverTime, verify_over_time)
