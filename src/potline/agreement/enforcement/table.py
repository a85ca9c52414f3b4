r"""The answer on enforcement: one row a member, the group beside it, and what separate code found."""

from __future__ import annotations

__all__ = ["EnforcementCertificate", "IncentiveRow", "IncentiveTable", "certify_incentives"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.noise import Spell
from potline.agreement.enforcement.strategies import Grim, StickAndCarrot, Strategy

Floats = NDArray[np.float64]

STEP = 1e-6
LOWEST = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class EnforcementCertificate:
    """One-shot deviations computed again, state by state, just below and just above each critical rate.

    Where cheating is said never to pay, rates over the whole range are tried; where it is said always to, a low one.

    Attributes:
        checked: members looked at, all of them.
        gain_below: largest gain from a deviation at a rate lower by 1e-6 of it, relative to the stakes; 0 or less where
            the claim is right.
        gain_above: least gain at a rate as much higher.
    """

    checked: int
    gain_below: float
    gain_above: float
    tolerance: float = 1e-12

    @property
    def holds(self) -> bool:
        """Whether nobody gains below and everybody gains above."""
        return self.checked > 0 and self.gain_below <= self.tolerance and self.gain_above > -self.tolerance


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
        deterred_above_rate: the cost of a restart alone deters from this rate on; inf where it never does.
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
class IncentiveTable:
    """Who keeps a deal, and how patient they must be.

    Attributes:
        deal, strategy, discount_rate, period_months, lag_months: the question.
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
    certificate: EnforcementCertificate

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

    def table(self) -> list[dict[str, str | float | bool]]:
        """Return the rows as plain records, for printing."""
        return [{name: getattr(row, name) for name in IncentiveRow.__slots__} for row in self.rows]


def certify_incentives(
    deal: DealPayoffs,
    strategy: Strategy,
    rates: Floats,
    *,
    period_years: float,
    lag_years: float,
    spells: tuple[Spell, ...] = (),
) -> EnforcementCertificate:
    """Solve the values of every state of the strategy as a linear system, and try each one-shot deviation.

    Args:
        rates: claimed critical rates a year, shape (members,).
        spells: one a member for a noisy deal, with its own detection only.
    """
    below, above, checked = -math.inf, math.inf, 0
    for i in range(len(deal.owners)):
        rate = float(rates[i])
        checked += 1
        spell = spells[i] if spells else None
        scale = max(abs(deal.coordinate_m[i] - deal.punish_m[i]), abs(deal.defect_m[i] - deal.coordinate_m[i]), 1e-300)

        def gain(at: float, i: int = i, spell: Spell | None = spell, scale: float = scale) -> float:
            return _one_shot(deal, strategy, i, at, period_years, lag_years, spell) / scale

        # A spell is the best one at its own rate only.
        keeps = (LOWEST / lag_years,) if spell else (LOWEST / lag_years, *(10.0**k for k in range(-4, 3)))
        if math.isfinite(rate) and rate > 0.0:
            below, above = max(below, gain(rate * (1.0 - STEP))), min(above, gain(rate * (1.0 + STEP)))
        elif math.isinf(rate):
            below = max(below, *(gain(at) for at in keeps))
        else:
            above = min(above, gain(LOWEST / lag_years))
    return EnforcementCertificate(checked=checked, gain_below=below, gain_above=above)


def _one_shot(
    deal: DealPayoffs, strategy: Strategy, i: int, rate: float, period: float, lag: float, spell: Spell | None
) -> float:
    """Return the best gain from one deviation, a year. States: 0 in the deal, 1 to L - 1 unseen, then what follows."""
    c, d, p, cost = deal.coordinate_m[i], deal.defect_m[i], deal.punish_m[i], rate * deal.restart_cost_m[i]
    if isinstance(strategy, Grim):
        value = _values([c, p], [{0: 1.0}, {1: 1.0}], math.exp(-rate * lag))
        factor = math.exp(-rate * lag)
        return (1.0 - factor) * d + factor * value[1] - cost - value[0]
    factor = math.exp(-rate * period)
    if isinstance(strategy, StickAndCarrot):
        unseen, sticks = round(lag / period), strategy.periods
        flows, moves = [c], [{0: 1.0}]
        for k in range(unseen):  # cheating, k periods ago
            flows.append(d)
            moves.append({k + 2 if k + 1 < unseen else unseen + 1: 1.0})
        for k in range(sticks):
            flows.append(deal.stick_m[i])
            moves.append({unseen + 2 + k if k + 1 < sticks else 0: 1.0})
        value = _values(flows, moves, factor)
        shirk = (1.0 - factor**unseen) * deal.stick_defect_m[i] + factor**unseen * value[unseen + 1]
        return max(value[1] - cost - value[0], shirk - value[unseen + 1])
    assert spell is not None
    alpha, beta = spell.false_alarm, spell.detection[0]
    stay = 1.0 if math.isinf(spell.length_periods) else 1.0 - _leave(spell.length_periods, factor)
    moves = [{0: 1.0 - alpha, 1: alpha}, {1: stay, 0: 1.0 - stay}, {2: 1.0 - beta, 1: beta}]
    begins = factor / (1.0 - factor) * alpha * rate * deal.punisher_cost_m[i]
    value = _values([c - begins, p, d], moves, factor)
    return max(value[2] - cost, p) - value[0]


def _leave(length: float, factor: float) -> float:
    """Return the chance a period to leave a spell of random length that weighs as much as one of ``length``."""
    worth = factor**length
    return worth * (1.0 - factor) / (factor * (1.0 - worth))


def _values(flows: list[float], moves: list[dict[int, float]], factor: float) -> list[float]:
    size = len(flows)
    matrix = np.eye(size)
    for k, row in enumerate(moves):
        for to, chance in row.items():
            matrix[k, to] -= factor * chance
    return np.linalg.solve(matrix, (1.0 - factor) * np.array(flows)).tolist()
