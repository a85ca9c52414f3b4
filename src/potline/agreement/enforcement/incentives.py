r"""Enforcement over time: who keeps a deal when cheating pays at once and is punished later.

A member earns c a year while all keep the deal, d while it cheats unseen for the detection lag l (years), and what the
strategy gives ever after; to cheat it pays R once. It keeps the deal at the discount rate rho a year if

    c >= (1 - exp(-rho l)) d + exp(-rho l) v - rho R

where v is the payoff without a deal (:class:`Grim`) or the value of a stick followed by the deal
(:class:`StickAndCarrot`); under :class:`GreenPorter` spells without a deal start by a noisy signal. A discount factor
belongs to a period: ``delta = exp(-rho m / 12)`` for m months, so monthly and yearly factors
are one figure told twice.
"""

from __future__ import annotations

__all__ = ["critical_discount_factor", "incentives"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import certified, registered
from potline.agreement.checks.incentives import verify_incentives
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.patience import best_stick, patience, with_transfers
from potline.agreement.enforcement.prices import price_deal
from potline.agreement.enforcement.quantities import quantity_deal
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot, Strategy
from potline.agreement.enforcement.table import IncentiveRow, IncentiveTable
from potline.choices import Conduct, OnFailure
from potline.errors import InputError, Problem
from potline.industry import Industry
from potline.reading import NonNegative, Positive, reads

Floats = NDArray[np.float64]


@reads
def incentives(
    stakes: DealPayoffs | Industry,
    strategy: Strategy = Grim(),
    *,
    discount_rate: NonNegative = 0.10,
    period_months: Positive = 12.0,
    lag_months: Positive | None = None,
    conduct: Conduct = Conduct.QUANTITY,
    quotas: str | None = None,
    check: OnFailure = OnFailure.RAISE,
) -> IncentiveTable:
    """Say for each member of a deal what it has from keeping and from cheating, and how patient it must be.

    Args:
        stakes: payoffs of a deal, or an industry whose owners all join one.
        strategy: what follows a cheat.
        discount_rate: a year.
        period_months: the period of discount factors, of sticks and of noisy prices.
        lag_months: how long cheating goes unseen; one period where None.
        conduct: what the owners of an industry set.
        quotas: how they share a deal; see the two deals.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: a rate, period, lag or strategy that means nothing, all listed, or an industry that cannot be read.
        CertificateFailed: separate code rejects the answer.

    Examples:
        >>> deal = DealPayoffs(owners=("A", "B"), coordinate_m=(3.0, 2.0), defect_m=(5.0, 5.0), punish_m=(1.0, 1.0))
        >>> table = incentives(deal)
        >>> [round(row.critical_factor, 12) for row in table.rows], round(table.critical_factor, 12)
        ([0.5, 0.75], 0.75)
        >>> round(table.with_transfers_factor, 12), table.holds
        (0.625, True)
    """
    lag = period_months if lag_months is None else lag_months
    _check_question(strategy, discount_rate, period_months, lag)
    years, unseen = period_months / 12.0, lag / 12.0
    deal, severity, exactness = _deal_of(stakes, strategy, conduct, quotas, years, unseen)
    found = patience(deal, strategy, discount_rate, years, unseen)
    rates, slack, group = found.rates, found.slack, found.group
    shared = slacks = math.nan
    if isinstance(strategy, Grim):
        shared, slacks = with_transfers(deal, unseen), math.fsum(slack.tolist())
    punishing = _punishing(deal, discount_rate)
    allowed = 1e-12 * max(map(abs, (*deal.coordinate_m, *deal.defect_m)))
    rows = tuple(
        IncentiveRow(
            owner=owner,
            coordinate_m=deal.coordinate_m[i],
            defect_m=deal.defect_m[i],
            punish_m=deal.punish_m[i],
            restart_cost_m=deal.restart_cost_m[i],
            critical_rate_per_year=float(rates[i]),
            critical_factor=math.exp(-float(rates[i]) * years),
            monthly_factor=math.exp(-float(rates[i]) / 12.0),
            yearly_factor=math.exp(-float(rates[i])),
            deterred_above_rate=float(found.deterred[i]),
            slack_m_per_year=float(slack[i]),
            keeps=bool(slack[i] >= -allowed and not math.isnan(float(rates[i]))),
            longest_lag_months=float(found.lags[i]),
            punishing_pays_m_per_year=punishing[i],
        )
        for i, owner in enumerate(deal.owners)
    )
    result = IncentiveTable(
        stakes=stakes,
        conduct=conduct,
        quotas=quotas,
        deal=deal,
        strategy=strategy,
        discount_rate=discount_rate,
        period_months=period_months,
        lag_months=lag,
        rows=rows,
        critical_rate_per_year=group,
        critical_factor=math.exp(-group * years),
        monthly_factor=math.exp(-group / 12.0),
        yearly_factor=math.exp(-group),
        with_transfers_rate_per_year=shared,
        with_transfers_factor=math.exp(-shared * years),
        transfers_slack_m_per_year=slacks,
        severity=severity,
        spell=found.spell,
        exactness=found.exactness or exactness,
    )
    return certified(result, verify_incentives, check, f"the incentives of {', '.join(deal.owners)}")


@reads
def critical_discount_factor(
    stakes: DealPayoffs | Industry,
    strategy: Strategy = Grim(),
    *,
    period_months: Positive = 12.0,
    lag_months: Positive | None = None,
    transfers: bool = False,
    conduct: Conduct = Conduct.QUANTITY,
    quotas: str | None = None,
) -> float:
    """Return the least discount factor a period at which all members keep a deal, 0 if always, nan if never.

    Args:
        stakes, strategy, period_months, lag_months, conduct, quotas: as in :func:`incentives`.
        transfers: members may pay each other (:class:`Grim` only).

    Raises:
        InputError, CertificateFailed: as there.

    Examples:
        Two equal Cournot owners need 9/17 (Friedman 1971), with the optimal symmetric punishment 9/32 (Abreu 1986).

        >>> from potline.industry import LinearDemand, Plant
        >>> pair = Industry(name="pair", demand=LinearDemand.from_line(intercept_per_t=1000.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=900.0, other_cost_per_t=400.0) for n in "AB"))
        >>> round(critical_discount_factor(pair), 12), round(critical_discount_factor(pair, StickAndCarrot()), 9)
        (0.529411764706, 0.28125)
    """
    found = incentives(
        stakes, strategy, period_months=period_months, lag_months=lag_months, conduct=conduct, quotas=quotas
    )
    if transfers and not isinstance(strategy, Grim):
        raise InputError([Problem(where="transfers", found=f"{strategy}", needed="the strategy Grim()")])
    return found.with_transfers_factor if transfers else found.critical_factor


def _check_question(strategy: Strategy, discount_rate: float, period_months: float, lag_months: float) -> None:
    problems: list[Problem] = []
    if isinstance(strategy, StickAndCarrot):
        periods = lag_months / period_months
        if abs(periods - round(periods)) > 1e-9 or not 1 <= round(periods) <= strategy.periods:
            needed = f"a whole number of periods of {period_months:g}, at most the {strategy.periods} of the stick"
            problems.append(Problem(where="lag_months", found=f"{lag_months:g}", needed=needed))
    if not problems and isinstance(strategy, GreenPorter) and lag_months != period_months:
        hint = "The noise is what delays detection."
        problems.append(Problem(where="lag_months", found=f"{lag_months:g}", needed="one period", hint=hint))
    if isinstance(strategy, GreenPorter) and discount_rate == 0.0:
        hint = "At no discount all that is lost in spells counts for nothing a year."
        problems.append(Problem(where="discount_rate", found="0 under GreenPorter", needed="above 0", hint=hint))
    if problems:
        raise InputError(problems)


def _punishing(deal: DealPayoffs, discount_rate: float) -> list[float]:
    """Return what each member gains by punishing rather than idling on, million a year; nan where not stated."""
    punishing = [math.nan] * len(deal.owners)
    if deal.idle_on_m:
        punishing = [
            p - idle - discount_rate * cost
            for p, idle, cost in zip(deal.punish_m, deal.idle_on_m, deal.punisher_cost_m, strict=True)
        ]
    return punishing


def _deal_of(
    stakes: DealPayoffs | Industry,
    strategy: Strategy,
    conduct: Conduct,
    quotas: str | None,
    years: float,
    unseen: float,
) -> tuple[DealPayoffs, float, str]:
    """Return the deal at stake, how harsh its stick is, and how exact its rates are."""
    exactness = "exact to rounding: one root a member"
    if not isinstance(stakes, Industry):
        return stakes, math.nan, exactness
    deal = _industry_deal(stakes, conduct, quotas)
    if not isinstance(strategy, StickAndCarrot):
        return deal, math.nan, exactness
    if conduct == Conduct.PRICE:
        raise InputError([Problem(where="strategy", found="a stick under prices", needed="conduct quantity")])
    return best_stick(stakes, strategy, quotas, years, unseen)


def _industry_deal(industry: Industry, conduct: Conduct, quotas: str | None) -> DealPayoffs:
    if conduct == Conduct.PRICE:
        return price_deal(industry, shares=quotas or "capacity")
    return quantity_deal(industry, quotas=quotas or "cournot")


registered(IncentiveTable, verify_incentives)
