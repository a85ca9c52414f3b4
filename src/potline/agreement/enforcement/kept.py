"""What is said of a meeting's deal over time: whether it enforces itself, under which threats, after which delays."""

from __future__ import annotations

__all__ = ["DelayedDetection", "Enforcement", "OverTime", "Threat"]

import math
from dataclasses import dataclass, field

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.enforcement.stakes import CoalitionPatience
from potline.agreement.enforcement.strategies import Strategy
from potline.agreement.enforcement.table import IncentiveTable
from potline.cases import Case
from potline.choices import Baseline, Ending, Rule
from potline.showing import Shown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Enforcement(Shown):
    """Whether a meeting's deal can enforce itself, and how patient its members must be.

    Attributes:
        case, case_name, rule, baseline, collapse, least_cut_kt, discount_rate, lag_months: the question.
        baseline_cuts: what owners idle without a deal, kt/year; none where the observed market is the baseline.
        coalition: owners in the deal; where ``named`` is false, the one whose worst-off member gains most.
        named: whether the question named them.
        running: incentives of members that have idled and may restart.
        signing: of those that may never idle at all.
        idle_on: members for which it does not pay to restart when the deal ends: their threat is empty.
        patience: every coalition that reaches the tonnage and in which nobody loses, the least patient need first.
        feasible: coalitions that reach the tonnage.
        willing: those of them in which nobody loses (``len(patience)``).
        certificate: what separate code found.
    """

    case: Case = field(repr=False)
    case_name: str
    coalition: tuple[str, ...]
    named: bool
    rule: Rule
    baseline: Baseline
    baseline_cuts: tuple[tuple[str, float], ...]
    collapse: Ending
    least_cut_kt: float
    discount_rate: float
    lag_months: float
    running: IncentiveTable
    signing: IncentiveTable
    idle_on: tuple[str, ...]
    patience: tuple[CoalitionPatience, ...]
    feasible: int
    certificate: Certificate = NOTHING

    @property
    def willing(self) -> int:
        """Number of coalitions that reach the tonnage and in which nobody loses."""
        return len(self.patience)

    @property
    def holds(self) -> bool:
        """Whether every member both idles and goes on idling at the case's rate."""
        return self.running.holds and self.signing.holds

    @property
    def easiest(self) -> CoalitionPatience | None:
        """The coalition that needs the least patience; None where somebody loses in each."""
        return self.patience[0] if self.patience else None


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
class OverTime(Shown):
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
