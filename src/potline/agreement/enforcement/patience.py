"""How patient members must be to keep a deal: critical rates and slack under each strategy, and the best stick."""

from __future__ import annotations

__all__ = ["Patience", "best_stick", "patience", "with_transfers"]

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.noise import Spell, best_spell
from potline.agreement.enforcement.quantities import quantity_cartel
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot, Strategy
from potline.industry import Industry
from potline.numerics.repeated.rates import critical_rates, longest_lag, slack_at

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patience:
    """How patient each member must be under a strategy, and the group; ``exactness`` empty where the deal's stands."""

    rates: Floats
    slack: Floats
    lags: Floats
    group: float
    deterred: Floats
    spell: Spell | None = None
    exactness: str = ""


def patience(deal: DealPayoffs, strategy: Strategy, discount_rate: float, years: float, unseen: float) -> Patience:
    """Return critical rates a year, slack (million a year) and longest lags (months) of a deal."""
    never, unknown = np.full(len(deal.owners), np.inf), np.full(len(deal.owners), np.nan)
    if isinstance(strategy, Grim):
        rates, deterred = critical_rates(*_arrays(deal), restart_cost=_costs(deal), lag_years=unseen)
        slack = slack_at(discount_rate, *_arrays(deal), _costs(deal), lag_years=unseen)
        lags = longest_lag(discount_rate, *_arrays(deal), _costs(deal)) * 12.0
        return Patience(rates=rates, slack=slack, lags=lags, group=_lowest(rates), deterred=deterred)
    if isinstance(strategy, StickAndCarrot):
        rates = _stick_rates(deal, strategy, years, unseen)
        slack = _stick_slack(deal, strategy, discount_rate, years, unseen)
        return Patience(rates=rates, slack=slack, lags=unknown, group=_lowest(rates), deterred=never)
    spell, slack = best_spell(deal, strategy, discount_rate, years)
    rates = np.array([_noise_rate(_one(deal, i), strategy, years) for i in range(len(deal.owners))])
    return Patience(
        rates=rates,
        slack=slack,
        lags=unknown,
        group=_noise_rate(deal, strategy, years) if np.isfinite(rates).any() else _lowest(rates),
        deterred=never,
        spell=spell,
        exactness="rates by bisection, triggers to 1e-9 of the search range",
    )


def with_transfers(deal: DealPayoffs, unseen: float) -> float:
    """Return the critical rate of all members together, which is theirs where they may pay each other."""
    sums = [np.array([math.fsum(values)]) for values in (deal.coordinate_m, deal.defect_m, deal.punish_m)]
    cost = np.array([math.fsum(deal.restart_cost_m)])
    return float(critical_rates(*sums, restart_cost=cost, lag_years=unseen)[0][0])


def best_stick(
    industry: Industry, strategy: StickAndCarrot, quotas: str | None, years: float, lag: float
) -> tuple[DealPayoffs, float, str]:
    """Choose how harsh a stick is: harsher makes cheating dearer and shirking the stick more tempting.

    A grid closes in on the severity that needs the least patience: where the two needs cross, if both move one way.
    """

    at = quantity_cartel(industry, quotas or "cournot").deal
    if strategy.severity is not None:
        return at(strategy.severity), strategy.severity, "exact to rounding for the stick given"

    def needs(severity: float) -> tuple[float, float]:
        cheat, shirk = _stick_sides(at(severity), strategy, years, lag)
        return _need(cheat, years), _need(shirk, years)

    grid = [(k / 64.0) ** 2 for k in range(65)]
    sides = [needs(s) for s in grid]
    options = {s: max(pair) for s, pair in zip(grid, sides, strict=True)}

    def least() -> float:
        return min(options, key=lambda s: (options[s], s))

    best = least()
    k = grid.index(best)
    low, high = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    while high - low > 1e-15 * high and options[best] < 2.0:
        step = (high - low) / 8.0
        options |= {s: max(needs(s)) for s in (low + j * step for j in range(1, 8))}
        best = least()
        low, high = max(low, best - step), min(high, best + step)
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
        stakes = (float(c[i]), float(d[i]), float(s[i]), float(cost[i]))
        cheat[i] = _first_root(lambda rate, stakes=stakes: _kept(*stakes, rate, lag, length), 1e-7, lag)
    return cheat, shirk


def _kept(c: float, d: float, s: float, cost: float, rate: float, lag: float, length: float) -> float:
    """Return what keeping the deal brings beyond cheating, seen after a lag and followed by a stick, a year."""
    stick = math.exp(-rate * lag) * math.expm1(-rate * length) * (s - c)
    return -math.expm1(-rate * lag) * (c - d) + stick + rate * cost


def _stick_slack(deal: DealPayoffs, strategy: StickAndCarrot, rate: float, years: float, lag: float) -> Floats:
    length = strategy.periods * years
    members = zip(deal.coordinate_m, deal.defect_m, deal.stick_m, deal.restart_cost_m, strict=True)
    kept = np.array([_kept(*member, rate, lag, length) for member in members])
    own, stick = np.array(deal.stick_defect_m), np.array(deal.stick_m)
    carrot = math.exp(-rate * length) * (np.array(deal.coordinate_m) - stick)
    return np.minimum(kept, -math.expm1(-rate * lag) * (stick - own + carrot))


def _noise_rate(deal: DealPayoffs, strategy: GreenPorter, years: float) -> float:
    """Return the highest rate below which some trigger keeps all; nan where none does, inf where one always does."""
    longest = (
        strategy if strategy.length_periods is not None else dataclasses.replace(strategy, length_periods=math.inf)
    )

    def slack(rate: float) -> float:
        return float(best_spell(deal, longest, rate, years, safest=True)[1].min())

    return math.nan if slack(1e-6 / years) < 0.0 else _first_root(slack, 1e-6, years)


def _first_root(slack: Callable[[float], float], least: float, years: float) -> float:
    """Return the lowest rate above which the slack is negative, on the side that keeps; inf where it never is.

    A year's rate is looked for from ``least`` to 1000 in the time until a cheat is seen, however short that is.
    """
    grid = (np.geomspace(least, 1e3, 161) / years).tolist()
    keeps = grid[0]
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
