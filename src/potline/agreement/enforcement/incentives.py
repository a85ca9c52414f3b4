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

import dataclasses
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline.agreement.enforcement.deals import DealPayoffs, price_deal, quantity_deal
from potline.agreement.enforcement.noise import Spell, best_spell
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot, Strategy
from potline.agreement.enforcement.table import IncentiveRow, IncentiveTable, certify_incentives
from potline.errors import CertificateFailed, InputError, Problem
from potline.industry import Industry
from potline.numerics.repeated.rates import critical_rates, longest_lag, slack_at
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
    conduct: Literal["quantity", "price"] = "quantity",
    quotas: str | None = None,
    check: Literal["raise", "report"] = "raise",
) -> IncentiveTable:
    """Say for each member of a deal what it has from keeping and from cheating, and how patient it must be.

    Args:
        stakes: payoffs of a deal, or an industry whose owners all join one.
        strategy: what follows a cheat. discount_rate: a year.
        period_months: the period of discount factors, of sticks and of noisy prices.
        lag_months: how long cheating goes unseen; one period where None.
        conduct: what the owners of an industry set. quotas: how they share a deal; see the two deals.
        check: ``raise`` where the certificate fails, or ``report``.

    Raises:
        InputError: a rate, period, lag or strategy that means nothing, all listed, or an industry that cannot be read.
        CertificateFailed: one-shot deviations computed by separate code contradict a critical rate.

    Examples:
        >>> deal = DealPayoffs(owners=("A", "B"), coordinate_m=(3.0, 2.0), defect_m=(5.0, 5.0), punish_m=(1.0, 1.0))
        >>> table = incentives(deal)
        >>> [round(row.critical_factor, 12) for row in table.rows], round(table.critical_factor, 12)
        ([0.5, 0.75], 0.75)
        >>> round(table.with_transfers_factor, 12), table.holds
        (0.625, True)
    """
    lag = period_months if lag_months is None else lag_months
    _check_question(strategy, period_months, lag)
    exactness = "exact to rounding: one root a member"
    severity = math.nan
    if isinstance(stakes, Industry):
        deal = _industry_deal(stakes, conduct, quotas, None)
        if isinstance(strategy, StickAndCarrot):
            if conduct == "price":
                raise InputError([Problem(where="strategy", found="a stick under prices", needed="conduct quantity")])
            deal, severity, exactness = _best_stick(stakes, strategy, quotas, period_months / 12.0, lag / 12.0)
    else:
        deal = stakes
    years, unseen = period_months / 12.0, lag / 12.0
    spell: Spell | None = None
    spells: tuple[Spell, ...] = ()
    deterred = np.full(len(deal.owners), np.inf)
    if isinstance(strategy, Grim):
        rates, deterred = critical_rates(*_arrays(deal), restart_cost=_costs(deal), lag_years=unseen)
        slack = slack_at(discount_rate, *_arrays(deal), _costs(deal), lag_years=unseen)
        lags = longest_lag(discount_rate, *_arrays(deal), _costs(deal)) * 12.0
        group = _lowest(rates)
    elif isinstance(strategy, StickAndCarrot):
        rates = _stick_rates(deal, strategy, years, unseen)
        slack = _stick_slack(deal, strategy, discount_rate, years, unseen)
        lags = np.full(rates.size, np.nan)
        group = _lowest(rates)
    else:
        spell, slack = best_spell(deal, strategy, discount_rate, years)
        found = [_noise_rate(_one(deal, i), strategy, years) for i in range(len(deal.owners))]
        rates = np.array([rate for rate, _ in found])
        spells = tuple(one for _, one in found)
        lags = np.full(rates.size, np.nan)
        group = _noise_rate(deal, strategy, years)[0] if np.isfinite(rates).any() else _lowest(rates)
        exactness = "rates by bisection, triggers to 1e-9 of the search range"
    certificate = certify_incentives(deal, strategy, rates, period_years=years, lag_years=unseen, spells=spells)
    if check == "raise" and not certificate.holds:
        raise CertificateFailed(
            f"critical rates of {', '.join(deal.owners)}: one-shot deviations disagree: {certificate}"
        )
    shared = slacks = math.nan
    if isinstance(strategy, Grim):
        sums = [np.array([math.fsum(values)]) for values in (deal.coordinate_m, deal.defect_m, deal.punish_m)]
        cost = np.array([math.fsum(deal.restart_cost_m)])
        shared = float(critical_rates(*sums, restart_cost=cost, lag_years=unseen)[0][0])
        slacks = math.fsum(slack.tolist())
    punishing = [math.nan] * len(deal.owners)
    if deal.idle_on_m:
        punishing = [
            p - idle - discount_rate * cost
            for p, idle, cost in zip(deal.punish_m, deal.idle_on_m, deal.punisher_cost_m, strict=True)
        ]
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
            deterred_above_rate=float(deterred[i]),
            slack_m_per_year=float(slack[i]),
            keeps=bool(slack[i] >= -allowed and not math.isnan(float(rates[i]))),
            longest_lag_months=float(lags[i]),
            punishing_pays_m_per_year=punishing[i],
        )
        for i, owner in enumerate(deal.owners)
    )
    return IncentiveTable(
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
        spell=spell,
        exactness=exactness,
        certificate=certificate,
    )


@reads
def critical_discount_factor(
    stakes: DealPayoffs | Industry,
    strategy: Strategy = Grim(),
    *,
    period_months: Positive = 12.0,
    lag_months: Positive | None = None,
    transfers: bool = False,
    conduct: Literal["quantity", "price"] = "quantity",
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


def _check_question(strategy: Strategy, period_months: float, lag_months: float) -> None:
    problems: list[Problem] = []
    if isinstance(strategy, StickAndCarrot):
        periods = lag_months / period_months
        if abs(periods - round(periods)) > 1e-9 or not 1 <= round(periods) <= strategy.periods:
            needed = f"a whole number of periods of {period_months:g}, at most the {strategy.periods} of the stick"
            problems.append(Problem(where="lag_months", found=f"{lag_months:g}", needed=needed))
    if not problems and isinstance(strategy, GreenPorter) and lag_months != period_months:
        hint = "The noise is what delays detection."
        problems.append(Problem(where="lag_months", found=f"{lag_months:g}", needed="one period", hint=hint))
    if problems:
        raise InputError(problems)


def _industry_deal(industry: Industry, conduct: str, quotas: str | None, severity: float | None) -> DealPayoffs:
    if conduct == "price":
        return price_deal(industry, shares=quotas or "capacity")
    return quantity_deal(industry, quotas=quotas or "cournot", severity=severity)


def _arrays(deal: DealPayoffs) -> tuple[Floats, Floats, Floats]:
    return np.array(deal.coordinate_m), np.array(deal.defect_m), np.array(deal.punish_m)


def _costs(deal: DealPayoffs) -> Floats:
    return np.array(deal.restart_cost_m)


def _one(deal: DealPayoffs, i: int) -> DealPayoffs:
    """Return the stakes of one member alone."""
    names = [field.name for field in dataclasses.fields(deal) if field.name != "price_per_t"]
    return dataclasses.replace(deal, **{name: getattr(deal, name)[i : i + 1] for name in names})


def _lowest(rates: Floats) -> float:
    return math.nan if np.isnan(rates).any() else float(rates.min())


def _best_stick(
    industry: Industry, strategy: StickAndCarrot, quotas: str | None, years: float, lag: float
) -> tuple[DealPayoffs, float, str]:
    """Choose how harsh a stick is: harsher makes cheating dearer and shirking the stick more tempting.

    Where both move one way, as with linear demand, the best lies where the two needs cross, found by bisection.
    """

    def at(severity: float) -> DealPayoffs:
        return quantity_deal(industry, quotas=quotas or "cournot", severity=severity)

    if strategy.severity is not None:
        return at(strategy.severity), strategy.severity, "exact to rounding for the stick given"

    def needs(severity: float) -> tuple[float, float]:
        cheat, shirk = _stick_sides(at(severity), strategy, years, lag)
        return _need(cheat, years), _need(shirk, years)

    grid = [(k / 64.0) ** 2 for k in range(65)]
    sides = [needs(s) for s in grid]
    k = next((k for k, (cheat, shirk) in enumerate(sides) if shirk >= cheat), len(grid) - 1)
    low, high = grid[max(k - 1, 0)], grid[k]
    for _ in range(80):
        middle = 0.5 * (low + high)
        cheat, shirk = needs(middle)
        low, high = (low, middle) if shirk >= cheat else (middle, high)
    options = {s: max(needs(s)) for s in (low, high)}
    options |= {s: max(pair) for s, pair in zip(grid, sides, strict=True)}
    best = min(options, key=lambda s: (options[s], s))
    monotone = all(a[0] >= b[0] - 1e-12 for a, b in pairwise(sides))
    equal = len(set(_rounded(at(best)))) == 1  # of those with something at stake
    if equal and monotone and strategy.periods == 1 and best not in grid:
        text = "exact to rounding: the optimal symmetric punishment"
    else:
        text = "least patience over the severities of this family of sticks; other punishments may need less"
    return at(best), best, text


def _rounded(deal: DealPayoffs) -> list[tuple[float, float]]:
    stakes = zip(deal.coordinate_m, deal.defect_m, deal.punish_m, strict=True)
    return [(float(f"{c:.9e}"), float(f"{d:.9e}")) for c, d, p in stakes if (c, d, p) != (0.0, 0.0, 0.0)]


def _need(rates: Floats, years: float) -> float:
    """Return the factor the least patient needs; 2 where no patience is enough."""
    return 2.0 if np.isnan(rates).any() else math.exp(-float(rates.min()) * years)


def _stick_rates(deal: DealPayoffs, strategy: StickAndCarrot, years: float, lag: float) -> Floats:
    cheat, shirk = _stick_sides(deal, strategy, years, lag)
    return np.minimum(cheat, shirk)


def _stick_sides(deal: DealPayoffs, strategy: StickAndCarrot, years: float, lag: float) -> tuple[Floats, Floats]:
    """Return the critical rates of keeping the deal and of carrying out the stick; nan where none is low enough."""
    c, d, _ = _arrays(deal)
    s, own, cost = np.array(deal.stick_m), np.array(deal.stick_defect_m), _costs(deal)
    length = strategy.periods * years
    cheat, shirk = np.full(c.size, np.inf), np.full(c.size, np.inf)
    for i in range(c.size):
        if own[i] > s[i]:
            part = (own[i] - s[i]) / (c[i] - s[i]) if c[i] > s[i] else math.inf
            shirk[i] = -math.log(part) / length if part < 1.0 else math.nan
        elif c[i] < own[i]:  # the deal that the stick leads back to is worse than refusing it, however patient
            shirk[i] = math.nan
        if d[i] <= c[i]:
            continue
        if cost[i] == 0.0 and length == lag:
            part = (d[i] - c[i]) / (c[i] - s[i]) if c[i] > s[i] else math.inf
            cheat[i] = -math.log(part) / lag if part < 1.0 else math.nan
            continue
        if length * (c[i] - s[i]) + cost[i] <= lag * (d[i] - c[i]):
            cheat[i] = math.nan
            continue
        member = _one(deal, i)
        cheat[i] = _first_root(lambda rate, m=member: _stick_carrot(m, strategy, rate, years, lag)[0])
    return cheat, shirk


def _stick_carrot(deal: DealPayoffs, strategy: StickAndCarrot, rate: float, years: float, lag: float) -> Floats:
    c, d, _ = _arrays(deal)
    seen, after = math.exp(-rate * lag), math.exp(-rate * strategy.periods * years)
    value = (1.0 - after) * np.array(deal.stick_m) + after * c
    return c - (1.0 - seen) * d - seen * value + rate * _costs(deal)


def _stick_slack(deal: DealPayoffs, strategy: StickAndCarrot, rate: float, years: float, lag: float) -> Floats:
    seen, after = math.exp(-rate * lag), math.exp(-rate * strategy.periods * years)
    value = (1.0 - after) * np.array(deal.stick_m) + after * np.array(deal.coordinate_m)
    shirk = (1.0 - seen) * (value - np.array(deal.stick_defect_m))
    return np.minimum(_stick_carrot(deal, strategy, rate, years, lag), shirk)


def _noise_rate(deal: DealPayoffs, strategy: GreenPorter, years: float) -> tuple[float, Spell]:
    """Return the highest rate below which some trigger keeps all, and the spell there."""
    longest = (
        strategy if strategy.length_periods is not None else dataclasses.replace(strategy, length_periods=math.inf)
    )

    def slack(rate: float) -> float:
        return float(best_spell(deal, longest, rate, years, safest=True)[1].min())

    start = 1e-6 / years
    if slack(start) < 0.0:
        return math.nan, best_spell(deal, longest, start, years, safest=True)[0]
    rate = _first_root(slack, low=start)
    return rate, best_spell(deal, longest, rate if math.isfinite(rate) else start, years, safest=True)[0]


def _first_root(slack: Callable[[float], float], *, low: float = 1e-7, high: float = 1e3) -> float:
    """Return the lowest rate above which the slack is negative, on the side that keeps; inf where it never is."""
    grid = np.geomspace(low, high, 161).tolist()
    keeps = low
    for rate in grid:
        if slack(rate) < 0.0:
            cheats = rate
            break
        keeps = rate
    else:
        return math.inf
    for _ in range(80):
        middle = 0.5 * (keeps + cheats)
        if middle in (keeps, cheats):
            break
        keeps, cheats = (middle, cheats) if slack(middle) >= 0.0 else (keeps, middle)
    return keeps
