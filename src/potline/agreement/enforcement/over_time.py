r"""One deal under several threats, and under several delays until a cheat is seen.

Each threat is asked of members that may never idle at all (signing) and of members that have idled and may restart at
a cost (running); a deal is kept where both are. Delays are asked of the plainest threat, no deal ever after, once more
with restarts that cost nothing, so that what the lag and what the restart cost do can be told apart.
"""

from __future__ import annotations

__all__ = ["DelayedDetection", "OverTime", "Threat", "enforcement_over_time"]

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from potline.agreement.certificate import NOTHING, Certificate, certified, registered
from potline.agreement.checks.enforcement import verify_over_time
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import incentives
from potline.agreement.enforcement.meeting import chosen_mask
from potline.agreement.enforcement.stakes import DealStakes
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot, Strategy
from potline.agreement.enforcement.table import IncentiveTable
from potline.agreement.table.laid_out import lay_out
from potline.agreement.verdict.rows import names_of
from potline.cases import Case
from potline.choices import Baseline, Ending, Rule
from potline.errors import InputError, Problem
from potline.reading import Count, Positive, reads

_MONTH = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Threat:
    """A deal under one threat.

    Attributes:
        strategy: what follows a cheat.
        meant: whether at the end only those restart for which it pays; else all do.
        signing: of members that may never idle.
        running: of members that have idled and may restart.
    """

    strategy: Strategy
    meant: bool
    signing: IncentiveTable
    running: IncentiveTable

    @property
    def holds(self) -> bool:
        """Whether every member idles and goes on idling at the case's rate."""
        return self.signing.holds and self.running.holds

    @property
    def rate_per_year(self) -> float:
        """Every discount rate below holds the deal together; nan where some member never keeps it."""
        rates = (self.signing.critical_rate_per_year, self.running.critical_rate_per_year)
        return math.nan if any(math.isnan(rate) for rate in rates) else min(rates)

    @property
    def monthly_factor(self) -> float:
        """The least discount factor a month; nan as the rate."""
        return math.exp(-self.rate_per_year / 12.0)

    @property
    def yearly_factor(self) -> float:
        """The least discount factor a year; nan as the rate."""
        return math.exp(-self.rate_per_year)

    @property
    def breakers(self) -> tuple[str, ...]:
        """Members that would not keep the deal at the case's rate."""
        pairs = zip(self.signing.rows, self.running.rows, strict=True)
        return tuple(first.owner for first, second in pairs if not (first.keeps and second.keeps))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DelayedDetection:
    """A deal whose end follows a cheat after a lag.

    Attributes:
        lag_months: how long cheating goes unseen.
        signing, running: as in :class:`Threat`.
        running_free: of members that may restart at no cost.
    """

    lag_months: float
    signing: IncentiveTable
    running: IncentiveTable
    running_free: IncentiveTable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverTime:
    """Whether the deal of a meeting would be kept month after month.

    Attributes:
        case, case_name, rule, least_cut_kt, discount_rate: the question; payoffs against what runs today.
        coalition: owners in the deal; where ``named`` is false, the one whose worst-off member gains most.
        named: whether the question named them.
        threats: the first is the plainest: no deal ever after, all restart.
        delays: of that one, shortest first.
        idle_on: members for which it does not pay to restart when the deal ends: their threat is empty.
        cheat_moves_price_share: by how much of it one who cheats moves the price of the deal, at most.
        willing: coalitions in which nobody loses, of the ``feasible`` that reach the tonnage.
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    coalition: tuple[str, ...]
    named: bool
    rule: Rule
    least_cut_kt: float
    discount_rate: float
    threats: tuple[Threat, ...]
    delays: tuple[DelayedDetection, ...]
    idle_on: tuple[str, ...]
    cheat_moves_price_share: float
    willing: int
    feasible: int
    certificate: Certificate = NOTHING

    @property
    def monthly_factor(self) -> float:
        """The case's own discount factor a month."""
        return math.exp(-self.discount_rate / 12.0)

    @property
    def yearly_factor(self) -> float:
        """The case's own discount factor a year."""
        return math.exp(-self.discount_rate)

    @property
    def longest_lag_months(self) -> float:
        """For which cheating may go unseen at the case's rate; nan where some member never keeps the deal."""
        first = self.threats[0]
        lags = [row.longest_lag_months for row in (*first.signing.rows, *first.running.rows)]
        return math.nan if any(math.isnan(lag) for lag in lags) else min(lags)


@reads
def enforcement_over_time(
    case: Case,
    *,
    coalition: Sequence[str] | None = None,
    rule: Rule | None = None,
    lags_months: Sequence[Positive] = (1.0, 3.0, 6.0, 12.0),
    stick_months: Count = 12,
    check: Literal["raise", "report"] = "raise",
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
        return incentives(deal, strategy, discount_rate=rate, period_months=_MONTH, lag_months=lag, check="report")

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
    result = dataclasses.replace(result, certificate=verify_over_time(result, parts=False))
    return certified(result, check, f"the deal of {case.name!r} over time")


registered(OverTime, verify_over_time)
