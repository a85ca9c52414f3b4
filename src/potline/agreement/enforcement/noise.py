r"""Deals that hold though nobody sees a cheat, only a noisy price (Green and Porter 1984).

A period ends in a spell without a deal with chance alpha if all keep the deal and beta_i if i cheats. With
``y = 1 - delta^T`` the harshness of a spell of T periods (1 for ever), p the payoff in it and k = rho R what it costs a
year to restart when one begins,

    V = p + [(1 - delta)(c - p) - delta alpha k]/((1 - delta) + delta alpha y)        keeping the deal
    D = [(1 - delta) d + delta beta (V - y (V - p))]/(1 - delta (1 - beta))          cheating until a spell comes

and the deal holds where ``V - D + rho R`` and ``V - p`` are 0 or more for all. With log-normal noise and a trigger z
standard deviations above the price P in the deal, ``alpha = Phi(z)`` and ``beta_i = Phi(z + log(P/P_i)/sigma)``: told
in z, a noise of 0 is the limit of small ones. V falls with alpha, so for each length the best trigger is the lowest
that keeps everybody.
"""

from __future__ import annotations

__all__ = ["Spell", "best_spell", "chances", "value_of_deal"]

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.strategies import GreenPorter
from potline.errors import InputError, Problem

Floats = NDArray[np.float64]

_SURE, _TAIL = 8.0, 40.0  # standard deviations: a chance of 1e-15, and one of 0
_POINTS, _PEAKS, _ROUNDS, _LENGTHS = 201, 3, 9, 120
_EQUAL, _EVER = 1e-13, 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """When a spell without a deal starts, how long it lasts, and what the deal is worth with it.

    Attributes:
        trigger: as a share of the price in the deal; nan where the chances were given.
        trigger_deviations: its log, in standard deviations of the noise; nan likewise.
        length_periods: inf for ever.
        false_alarm: chance a period.
        detection: of each member's cheating, a period.
        value_m_per_year: what the deal is worth to each member on average, spells included.
    """

    trigger: float
    trigger_deviations: float
    length_periods: float
    false_alarm: float
    detection: tuple[float, ...]
    value_m_per_year: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A deal under noise at one rate a year, for periods of ``years``."""

    deal: DealPayoffs
    strategy: GreenPorter
    rate: float
    years: float

    def harshness(self, lengths: Floats) -> Floats:
        """Return y of spells of so many periods."""
        return -np.expm1(-self.rate * self.years * lengths)

    def worth(self, z: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return V and the smaller of V - D + rho R and V - p, a year, shape (members, X)."""
        deal = self.deal
        c, d, p, cost, punisher = (
            np.array(v)[:, None]
            for v in (deal.coordinate_m, deal.defect_m, deal.punish_m, deal.restart_cost_m, deal.punisher_cost_m)
        )
        alpha, beta = chances(deal, self.strategy, z)
        loss = -math.expm1(-self.rate * self.years)
        value = value_of_deal(c, p, alpha, y, loss, self.rate * punisher)
        seen = (1.0 - loss) * beta
        cheat = (loss * d + seen * (value - y * (value - p))) / (loss + seen)
        return value, np.minimum(value - cheat + self.rate * cost, value - p)


def chances(deal: DealPayoffs, strategy: GreenPorter, z: Floats) -> tuple[Floats, Floats]:
    """Return alpha [X] and beta [members, X] of triggers z; where chances or a trigger are given, the same for all z.

    Raises:
        InputError: neither noise nor chances, or noise without the prices of the deal and of each cheat.
    """
    shape = (len(deal.owners), z.size)
    if math.isnan(strategy.noise):
        if not 0.0 <= strategy.false_alarm <= strategy.detection <= 1.0:
            found = f"false_alarm {strategy.false_alarm:g}, detection {strategy.detection:g}"
            needed = "noise of 0 or more, or 0 <= false_alarm <= detection <= 1"
            raise InputError([Problem(where="GreenPorter", found=found, needed=needed)])
        return np.full(z.size, strategy.false_alarm), np.full(shape, strategy.detection)
    if not deal.price_per_t > 0.0 or not deal.cheat_price_per_t or min(deal.cheat_price_per_t) <= 0.0:
        needed = "positive prices in the deal and when each member cheats"
        raise InputError([Problem(where="deal, price_per_t and cheat_price_per_t", found="none", needed=needed)])
    leads = _leads(deal, strategy)
    if strategy.trigger is not None:
        own = _deviations(np.array([math.log(strategy.trigger)]), strategy.noise)
        return np.full(z.size, float(ndtr(own)[0])), np.broadcast_to(ndtr(leads)[:, None], shape)
    return ndtr(z), ndtr(z[None, :] + leads[:, None])


def _leads(deal: DealPayoffs, strategy: GreenPorter) -> Floats:
    """Return by how many standard deviations each cheat moves the price down, from a given trigger where there is one.

    The trigger times the price is not rounded before a cheat's price is taken off: at little noise all hangs on it.
    """
    trigger, price = Fraction(strategy.trigger or 1.0), Fraction(deal.price_per_t)
    falls = [math.log1p(float(trigger * price / Fraction(cheat) - 1)) for cheat in deal.cheat_price_per_t]
    return _deviations(np.array(falls), strategy.noise)


def _deviations(log: Floats, noise: float) -> Floats:
    """Return logs in standard deviations, without end at a noise of 0 but for a log of 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(log == 0.0, 0.0, log / noise)


def value_of_deal(c: Floats, p: Floats, alpha: Floats, y: Floats, loss: float, k: Floats | float = 0.0) -> Floats:
    """Return V, what the deal is worth on average with its spells, each of which costs ``k`` a year to begin.

    ``loss`` is 1 less the discount factor.
    """
    return p + (loss * (c - p) - (1.0 - loss) * alpha * k) / (loss + (1.0 - loss) * alpha * y)


def best_spell(
    deal: DealPayoffs, strategy: GreenPorter, rate: float, years: float, *, safest: bool = False
) -> tuple[Spell, Floats]:
    """Choose trigger and length: the most valuable deal that holds, or where none holds the one that misses by least.

    For each length, whole periods or for ever, the lowest trigger that keeps everybody is found by bisection; lengths
    are searched on a grid that closes in on the best.

    Args:
        deal, strategy: with noise or chances.
        rate: a year, above 0.
        years: a period.
        safest: rather the deal with the largest least slack.

    Returns:
        the spell and each member's slack a year.
    """
    asked = _Asked(deal, strategy, rate, years)
    length = math.inf if strategy.length_periods is None else strategy.length_periods
    ends = _range(deal, strategy)
    z, worst = _safest(asked, ends, np.array([length]))
    allowed = 1e-12 * max(map(abs, deal.coordinate_m))
    chosen = (float(z[0]), length)
    if not safest and worst[0] >= -allowed:
        chosen = _most_valuable(asked, ends, length, allowed)
    at, harsh = np.array([chosen[0]]), asked.harshness(np.array([chosen[1]]))
    alpha, beta = chances(deal, strategy, at)
    value, slack = asked.worth(at, harsh)
    trigger, deviations = math.nan, math.nan
    if not math.isnan(strategy.noise):
        log = chosen[0] * strategy.noise if strategy.trigger is None else math.log(strategy.trigger)
        trigger = math.exp(log) if strategy.trigger is None else strategy.trigger
        deviations = chosen[0] if strategy.trigger is None else float(_deviations(np.array([log]), strategy.noise)[0])
    spell = Spell(
        trigger=trigger,
        trigger_deviations=deviations,
        length_periods=chosen[1],
        false_alarm=float(alpha[0]),
        detection=tuple(beta[:, 0].tolist()),
        value_m_per_year=tuple(value[:, 0].tolist()),
    )
    return spell, slack[:, 0]


def _range(deal: DealPayoffs, strategy: GreenPorter) -> tuple[float, float]:
    """Return between which triggers the best is searched; one point where the chances or the trigger are given."""
    chances(deal, strategy, np.zeros(1))
    if math.isnan(strategy.noise) or strategy.trigger is not None:
        return 0.0, 0.0
    return -min(_SURE + max(0.0, float(_leads(deal, strategy).max())), _TAIL), _SURE


def _safest(asked: _Asked, ends: tuple[float, float], lengths: Floats) -> tuple[Floats, Floats]:
    """Return for each length the trigger with the largest least slack, and that slack.

    The slack has two peaks where the noise is large, one of them narrow: a grid closes in on each.
    """
    y, rows = asked.harshness(lengths), np.arange(lengths.size)[:, None]

    def worst(z: Floats) -> Floats:
        harsh = np.broadcast_to(y.reshape(-1, *[1] * (z.ndim - 1)), z.shape)
        return asked.worth(z.ravel(), harsh.ravel())[1].min(axis=0).reshape(z.shape)

    if not ends[0] < ends[1]:
        z = np.full(lengths.size, ends[0])
        return z, worst(z)
    grid = np.linspace(ends[0], ends[1], _POINTS)
    found = worst(np.broadcast_to(grid, (lengths.size, _POINTS)))
    beside = np.pad(found, ((0, 0), (1, 1)), constant_values=-np.inf)
    highest = found >= np.maximum(beside[:, :-2], beside[:, 2:])
    rises = found - np.minimum(beside[:, :-2], beside[:, 2:]) > _EQUAL * np.abs(found).max()
    peaks = np.where((highest & rises) | (found == found.max(axis=1, keepdims=True)), found, -np.inf)
    best = grid[np.argsort(-peaks, axis=1, kind="stable")[:, :_PEAKS]]
    most, step, part = np.full(best.shape, -np.inf), (ends[1] - ends[0]) / (_POINTS - 1), np.linspace(-1.0, 1.0, 21)
    for _ in range(_ROUNDS):
        z = np.clip(best[..., None] + step * part, ends[0], ends[1])
        near = worst(z)
        k = near.argmax(axis=2)[..., None]
        best = np.take_along_axis(z, k, axis=2)[..., 0]
        most = np.take_along_axis(near, k, axis=2)[..., 0]
        step /= 10.0
    k = most.argmax(axis=1)[:, None]
    return best[rows, k][:, 0], most[rows, k][:, 0]


def _most_valuable(asked: _Asked, ends: tuple[float, float], longest: float, allowed: float) -> tuple[float, float]:
    """Return the trigger and the length of the most valuable deal that holds; the shortest spell of equal ones.

    A spell as harsh as one for ever but for 1e-9 is one for ever.
    """
    lengths = np.array([longest])
    if asked.strategy.length_periods is None:
        most = max(1.0, _TAIL / (asked.rate * asked.years))
        lengths = np.append(np.unique(np.round(np.geomspace(1.0, most, _LENGTHS))), np.inf)
    while True:
        z, kept = _lowest(asked, ends, lengths, allowed)
        value = np.where(kept, asked.worth(z, asked.harshness(lengths))[0].sum(axis=0), -np.inf)
        most = float(value.max())
        k = int(np.flatnonzero(value >= most - _EQUAL * abs(most))[0])
        if asked.strategy.length_periods is not None:
            return float(z[0]), longest
        if asked.harshness(lengths[k : k + 1])[0] >= 1.0 - _EVER:
            return float(_lowest(asked, ends, np.array([np.inf]), allowed)[0][0]), math.inf
        below, above = float(lengths[max(k - 1, 0)]), float(lengths[k + 1])
        finer = np.append(np.round(np.linspace(below, min(above, 2.0 * lengths[k]), _LENGTHS)), [lengths[k], np.inf])
        if np.isin(finer, lengths).all():
            return float(z[k]), float(lengths[k])
        lengths = np.unique(finer)


def _lowest(
    asked: _Asked, ends: tuple[float, float], lengths: Floats, allowed: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the lowest trigger that keeps everybody for each length, and whether one does."""
    y = asked.harshness(lengths)
    keeps, worst = _safest(asked, ends, lengths)
    needed = np.minimum(worst, 0.0)
    fails = np.full(lengths.size, ends[0])
    fine = asked.worth(fails, y)[1].min(axis=0) >= needed
    keeps = np.where(fine, fails, keeps)
    for _ in range(60):
        middle = 0.5 * (keeps + fails)
        good = asked.worth(middle, y)[1].min(axis=0) >= needed
        keeps, fails = np.where(good, middle, keeps), np.where(good, fails, middle)
    return keeps, worst >= -allowed
