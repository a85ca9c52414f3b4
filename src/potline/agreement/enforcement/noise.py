r"""Deals that hold though nobody sees a cheat, only a noisy price (Green and Porter 1984).

A period ends in a spell without a deal with chance alpha if all keep the deal and beta_i if i cheats. With
``y = 1 - delta^T`` the harshness of a spell of T periods (1 for ever), p the payoff in it and k = rho R what it costs a
year to restart when one begins,

    V = p + [(1 - delta)(c - p) - delta alpha k]/((1 - delta) + delta alpha y)        keeping the deal
    D = [(1 - delta) d + delta beta (V - y (V - p))]/(1 - delta (1 - beta))          cheating until a spell comes

and the deal holds where ``V - D + rho R`` and ``V - p`` are 0 or more for all. With log-normal noise and a trigger
at ``exp(x)`` of the price P in the deal, ``alpha = Phi(x/sigma)`` and ``beta_i = Phi((x + log(P/P_i))/sigma)``.
"""

from __future__ import annotations

__all__ = ["Spell", "best_spell", "chances", "noise_slack", "value_of_deal"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.strategies import GreenPorter
from potline.errors import InputError, Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """When a spell without a deal starts and how long it lasts.

    Attributes:
        trigger: as a share of the price in the deal; nan where the chances were given.
        length_periods: inf for ever.
        false_alarm: chance a period.
        detection: of each member's cheating, a period.
    """

    trigger: float
    length_periods: float
    false_alarm: float
    detection: tuple[float, ...]


def chances(deal: DealPayoffs, strategy: GreenPorter, x: Floats) -> tuple[Floats, Floats]:
    """Return alpha [X] and beta [members, X] at log triggers x; where the chances are given they do not depend on x.

    Raises:
        InputError: neither noise nor chances, or noise without the prices of the deal and of each cheat.
    """
    if math.isnan(strategy.noise):
        if not 0.0 <= strategy.false_alarm <= strategy.detection <= 1.0:
            found = f"false_alarm {strategy.false_alarm:g}, detection {strategy.detection:g}"
            needed = "noise above 0, or 0 <= false_alarm <= detection <= 1"
            raise InputError([Problem(where="GreenPorter", found=found, needed=needed)])
        shape = (len(deal.owners), x.size)
        return np.full(x.size, strategy.false_alarm), np.full(shape, strategy.detection)
    if not strategy.noise > 0.0:
        raise InputError([Problem(where="GreenPorter, noise", found=f"{strategy.noise:g}", needed="above 0")])
    if not deal.price_per_t > 0.0 or not deal.cheat_price_per_t or min(deal.cheat_price_per_t) <= 0.0:
        needed = "positive prices in the deal and when each member cheats"
        raise InputError([Problem(where="deal, price_per_t and cheat_price_per_t", found="none", needed=needed)])
    gap = np.log(deal.price_per_t / np.array(deal.cheat_price_per_t))
    return ndtr(x / strategy.noise), ndtr((x[None, :] + gap[:, None]) / strategy.noise)


def value_of_deal(c: Floats, p: Floats, alpha: Floats, y: Floats, delta: float, k: Floats | float = 0.0) -> Floats:
    """Return V, what the deal is worth on average with its spells, each of which costs ``k`` a year to begin."""
    return p + ((1.0 - delta) * (c - p) - delta * alpha * k) / ((1.0 - delta) + delta * alpha * y)


def noise_slack(deal: DealPayoffs, rate: float, years: float, alpha: Floats, beta: Floats, y: Floats) -> Floats:
    """Return the smaller of V - D + rho R and V - p a year, shape (members, X), for periods of ``years``."""
    c, d, p, cost = (
        np.array(v)[:, None] for v in (deal.coordinate_m, deal.defect_m, deal.punish_m, deal.restart_cost_m)
    )
    delta = math.exp(-rate * years)
    value = value_of_deal(c, p, alpha, y, delta, rate * np.array(deal.punisher_cost_m)[:, None])
    cheat = ((1.0 - delta) * d + delta * beta * (value - y * (value - p))) / (1.0 - delta * (1.0 - beta))
    return np.minimum(value - cheat + rate * cost, value - p)


def best_spell(
    deal: DealPayoffs, strategy: GreenPorter, rate: float, years: float, *, safest: bool = False
) -> tuple[Spell, Floats]:
    """Choose trigger and length: the most valuable deal that holds, or where none holds the one that misses by least.

    For each trigger the shortest spell that keeps everybody is found by bisection; triggers are searched on a grid that
    closes in on the best.

    Args:
        deal, strategy: with noise or chances.
        rate: a year.
        years: a period.
        safest: rather the deal with the largest least slack.

    Returns:
        the spell and each member's slack a year.
    """
    delta = math.exp(-rate * years)
    fixed = math.isnan(strategy.noise) or strategy.trigger is not None
    wide = 0.0 if math.isnan(strategy.noise) else 8.0 * strategy.noise
    low, high = -wide - (0.0 if fixed else math.log(deal.price_per_t / min(deal.cheat_price_per_t))), wide
    chosen = 0.0 if strategy.trigger is None else math.log(strategy.trigger)
    c, p = np.array(deal.coordinate_m)[:, None], np.array(deal.punish_m)[:, None]
    restart = rate * np.array(deal.punisher_cost_m)[:, None]
    best: tuple[float, float, float] = (chosen, 1.0, -math.inf)
    for _ in range(1 if fixed else 6):
        x = np.array([chosen]) if fixed else np.linspace(low, high, 401)
        alpha, beta = chances(deal, strategy, x)
        y = _shortest(deal, strategy, rate, years, alpha, beta)
        worst = noise_slack(deal, rate, years, alpha, beta, y).min(axis=0)
        holds = worst >= -1e-12 * float(np.abs(c).max())
        value = value_of_deal(c, p, alpha, y, delta, restart).sum(axis=0)
        k = int(np.argmax(np.where(holds, value, -np.inf) if holds.any() and not safest else worst))
        best = (float(x[k]), float(y[k]), float(value[k]))
        step = (high - low) / 400.0
        low, high = best[0] - step, best[0] + step
    at = np.array([best[0]])
    alpha, beta = chances(deal, strategy, at)
    length = math.inf if best[1] >= 1.0 else math.log1p(-best[1]) / math.log(delta)
    slack = noise_slack(deal, rate, years, alpha, beta, np.array([best[1]]))[:, 0]
    trigger = math.nan if math.isnan(strategy.noise) else math.exp(best[0])
    detection = tuple(beta[:, 0].tolist())
    return Spell(trigger=trigger, length_periods=length, false_alarm=float(alpha[0]), detection=detection), slack


def _shortest(
    deal: DealPayoffs, strategy: GreenPorter, rate: float, years: float, alpha: Floats, beta: Floats
) -> Floats:
    """Return the least harshness y that keeps everybody, a whole number of periods; 1 where nothing does."""
    if strategy.length_periods is not None:
        return np.full(alpha.size, -math.expm1(-rate * years * strategy.length_periods))
    low, high = np.zeros(alpha.size), np.ones(alpha.size)
    for _ in range(60):
        middle = 0.5 * (low + high)
        holds = (noise_slack(deal, rate, years, alpha, beta, middle) >= 0.0).all(axis=0)
        low, high = np.where(holds, low, middle), np.where(holds, middle, high)
    if rate <= 0.0:
        return high
    with np.errstate(divide="ignore"):
        periods = np.ceil(-np.log1p(-np.minimum(high, 1.0)) / (rate * years) - 1e-9)
    return np.where(high >= 1.0 - 1e-12, 1.0, -np.expm1(-rate * years * np.maximum(periods, 1.0)))
