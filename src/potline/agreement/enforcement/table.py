"""The answer on enforcement: one row a member, the group beside it, and what separate code found."""

from __future__ import annotations

__all__ = ["IncentiveRow", "IncentiveTable"]

import math
from dataclasses import dataclass, field

from potline.agreement.certificate import NOTHING, Certificate
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.noise import Spell
from potline.agreement.enforcement.strategies import Strategy
from potline.choices import Conduct
from potline.industry import Industry
from potline.showing import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class IncentiveRow:
    """What one member has from keeping the deal, from cheating and from its end; millions a year.

    Attributes:
        coordinate_m, defect_m, punish_m: in the deal, cheating unseen, ever after.
        restart_cost_m: once, to cheat.
        critical_rate_per_year: highest discount rate below which it keeps the deal; inf where cheating never pays, nan
            where the deal brings it less than its end.
        critical_factor: the same as a discount factor a period, 0 and nan.
        monthly_factor, yearly_factor: likewise.
        deterred_above_rate: the cost of a restart alone deters from this rate on; inf where it never does, or where
            there is no critical rate.
        slack_m_per_year: keeping less cheating at the rate asked about.
        keeps: whether that is 0 or more.
        longest_lag_months: for which cheating may go unseen at that rate; inf for any, nan for none or not defined.
        punishing_pays_m_per_year: to give up the deal when all others do, less the cost of it; nan where not known.
    """

    owner: str
    coordinate_m: float
    defect_m: float
    punish_m: float
    restart_cost_m: float
    critical_rate_per_year: float
    critical_factor: float
    monthly_factor: float
    yearly_factor: float
    deterred_above_rate: float
    slack_m_per_year: float
    keeps: bool
    longest_lag_months: float
    punishing_pays_m_per_year: float

    @property
    def tempted(self) -> bool:
        """Whether it earns more while it cheats."""
        return self.defect_m > self.coordinate_m


@dataclass(frozen=True, slots=True, kw_only=True)
class IncentiveTable(Shown):
    """Who keeps a deal, and how patient they must be.

    Attributes:
        stakes, conduct, quotas, strategy, discount_rate, period_months, lag_months: the question.
        deal: what is at stake: as given, or of the industry given.
        rows: one a member.
        critical_rate_per_year, critical_factor, monthly_factor, yearly_factor: of the group, without side payments: all
            rates below hold it together. nan where some member never keeps it.
        with_transfers_rate_per_year, with_transfers_factor: if members pay each other, settled whenever cheating would
            be seen; only for :class:`Grim`, else nan.
        transfers_slack_m_per_year: sum of the slacks, for :class:`Grim`; nan otherwise.
        severity: of the stick; nan without.
        spell: of a noisy deal; None without.
        exactness: how far the figures can be off.
        certificate: what separate code found.
    """

    stakes: DealPayoffs | Industry = field(repr=False)
    conduct: Conduct
    quotas: str | None
    deal: DealPayoffs
    strategy: Strategy
    discount_rate: float
    period_months: float
    lag_months: float
    rows: tuple[IncentiveRow, ...]
    critical_rate_per_year: float
    critical_factor: float
    monthly_factor: float
    yearly_factor: float
    with_transfers_rate_per_year: float
    with_transfers_factor: float
    transfers_slack_m_per_year: float
    severity: float
    spell: Spell | None
    exactness: str
    certificate: Certificate = NOTHING

    @property
    def factor(self) -> float:
        """The discount factor a period at the rate asked about."""
        return math.exp(-self.discount_rate * self.period_months / 12.0)

    @property
    def holds(self) -> bool:
        """Whether every member keeps the deal at the rate asked about."""
        return all(row.keeps for row in self.rows)

    @property
    def holds_with_transfers(self) -> bool:
        """Whether side payments could make every member keep it at that rate."""
        return self.transfers_slack_m_per_year >= 0.0

    @property
    def decisive(self) -> IncentiveRow:
        """The member with the least slack."""
        return min(self.rows, key=lambda row: row.slack_m_per_year)

    def row(self, owner: str) -> IncentiveRow:
        """Return the row of a member."""
        return next(row for row in self.rows if row.owner == owner)
