"""Spells without a deal, checked: chances, worth and slack of the one stated, and that none of others is better."""

from __future__ import annotations

__all__ = ["BEST", "CHANCE", "VALUE", "check_spell", "most_kept"]

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.agreement.certificate import Gaps
from potline.agreement.checks.threats import Stakes, Triggers, under_noise

if TYPE_CHECKING:
    from potline.agreement.enforcement.strategies import GreenPorter
    from potline.agreement.enforcement.table import IncentiveTable

Floats = NDArray[np.float64]

CHANCE, VALUE, BEST = "chance of a spell", "value of the deal", "no better spell"
_LOW, _HIGH, _POINTS = -38.0, 8.0, 1501
_WIDE, _PEAKS, _HALVINGS = 921, 8, 50
_TRIES = 5


def check_spell(
    gaps: Gaps,
    names: tuple[str, str],
    result: IncentiveTable,
    strategy: GreenPorter,
    stakes: Stakes,
    triggers: Triggers,
    years: float,
) -> None:
    """Check the spell of a table; ``names``: of the checks of slack and question."""
    spell, rate, (slack, question) = result.spell, result.discount_rate, names
    assert spell is not None
    z, share = np.array([spell.trigger_deviations]), math.nan
    if triggers.free:
        gaps.equal(question, bool(_LOW - 2.0 <= z[0] <= _HIGH), True)
        share = math.exp(float(z[0]) * strategy.noise) if math.isfinite(z[0]) else math.nan
    else:
        gaps.same(CHANCE, z, np.array([triggers.own]), max(abs(triggers.own), 1e-300))
        share = strategy.trigger if strategy.trigger is not None and not math.isnan(triggers.own) else math.nan
    gaps.same(CHANCE, spell.trigger, share)
    alpha, beta = triggers.of(z if triggers.free else np.zeros(1))
    gaps.same(CHANCE, spell.false_alarm, alpha[0], max(float(alpha[0]), 1e-300))
    gaps.same(CHANCE, spell.detection, beta[0], np.maximum(beta[0], 1e-300))
    length, asked = spell.length_periods, strategy.length_periods
    whole = length == asked if asked is not None else length >= 1.0 and (math.isinf(length) or length % 1.0 == 0.0)
    gaps.equal(question, bool(whole), True)
    left = np.exp(np.array([-rate * years * length]))
    value, least = under_noise(stakes, (alpha, beta), left, rate, years)
    said = np.array([row.slack_m_per_year for row in result.rows])
    scale = stakes.scale(rate)
    gaps.same(slack, said, least[0], scale)
    gaps.same(VALUE, spell.value_m_per_year, value[0], scale)
    _better(gaps, result, strategy, stakes, triggers, years)


def most_kept(stakes: Stakes, triggers: Triggers, strategy: GreenPorter, rates: Floats, years: float) -> Floats:
    """Return at each of some rates the largest least slack of any trigger, with the longest spell, of the stakes."""
    length = math.inf if strategy.length_periods is None else strategy.length_periods
    left = np.exp(-rates * years * length)[:, None]
    scale = stakes.scale(rates[:, None]).max(axis=1)
    if not triggers.free:
        return under_noise(stakes, triggers.of(np.zeros(rates.size)), left[:, 0], rates, years)[1].min(axis=1) / scale
    grid: Floats = np.linspace(_LOW, _HIGH, _WIDE)
    z = np.broadcast_to(grid, (rates.size, _WIDE))
    worst = under_noise(stakes, triggers.of(z), left, rates[:, None], years)[1].min(axis=2)
    best = worst.max(axis=1)
    inner = np.full(worst.shape, -np.inf)
    inner[:, 1:-1] = np.where(
        (worst[:, 1:-1] >= worst[:, :-2]) & (worst[:, 1:-1] >= worst[:, 2:]), worst[:, 1:-1], -np.inf
    )
    place = np.argsort(-inner, axis=1)[:, :_PEAKS]
    low, high = grid[np.maximum(place - 1, 0)], grid[np.minimum(place + 1, _WIDE - 1)]
    for _ in range(_HALVINGS):  # around all peaks at once
        a: Floats = low + (high - low) / 3.0
        b: Floats = high - (high - low) / 3.0
        chances = triggers.of(np.concatenate([a, b], axis=1))
        here = under_noise(stakes, chances, left, rates[:, None], years)[1].min(axis=2)
        best = np.maximum(best, here.max(axis=1))
        rises = here[:, _PEAKS:] > here[:, :_PEAKS]
        low, high = np.where(rises, a, low), np.where(rises, high, b)
    return best / scale


def _better(
    gaps: Gaps,
    result: IncentiveTable,
    strategy: GreenPorter,
    stakes: Stakes,
    triggers: Triggers,
    years: float,
) -> None:
    """Check that no spell that holds is worth more; where none is said to hold, that none does, nor misses by less."""
    rate, spell = result.discount_rate, result.spell
    assert spell is not None
    allowed = 1e-12 * max(abs(value) for value in result.deal.coordinate_m)
    least, total = min(row.slack_m_per_year for row in result.rows), math.fsum(spell.value_m_per_year)
    scale = float(stakes.scale(rate).max())
    safest = float(most_kept(stakes, triggers, strategy, np.array([rate]), years)[0]) * scale
    if not least >= -allowed:
        longest = math.inf if strategy.length_periods is None else strategy.length_periods
        gaps.equal(BEST, spell.length_periods, longest)
        gaps.most(BEST, safest, least, scale)
        gaps.most(BEST, safest, -allowed, scale)
        return
    low, high, best = _LOW, _HIGH, -math.inf
    for _ in range(_TRIES if triggers.free else 1):
        z = np.linspace(low, high, _POINTS) if triggers.free else np.zeros(1)
        worth = _worth(stakes, triggers, strategy, z, rate, years)
        k = int(np.argmax(worth))
        best, step = max(best, float(worth[k])), (high - low) / (_POINTS - 1)
        low, high = max(float(z[k]) - step, _LOW), min(float(z[k]) + step, _HIGH)
    gaps.most(BEST, best, total, scale)


def _worth(stakes: Stakes, triggers: Triggers, strategy: GreenPorter, z: Floats, rate: float, years: float) -> Floats:
    """Return what the deal is worth to all at triggers z with the shortest spell that keeps it, -inf where none does.

    Keeping is ``y delta (N beta - B alpha) >= (1 - delta)(B - N)`` with N the deal less p, spells that cost nothing,
    and B the same of cheating, so the shortest y is known.
    """
    alpha, beta = triggers.of(z)
    factor, first = math.exp(-rate * years), -math.expm1(-rate * years)
    deal = first * (stakes.c - stakes.p) - factor * alpha[:, None] * rate * stakes.punisher
    cheat = first * (stakes.d - stakes.p) - rate * stakes.restart * (first + factor * beta)
    tells = factor * (deal * beta - cheat * alpha[:, None])
    needed = first * (cheat - deal)
    y = np.where(needed > 0.0, np.where(tells > 0.0, needed / np.where(tells > 0.0, tells, 1.0), np.inf), 0.0)
    shortest = np.where((deal >= 0.0).all(axis=1), y.max(axis=1), np.inf)
    kept = shortest <= 1.0
    if strategy.length_periods is not None:
        length = np.full(z.size, strategy.length_periods)
        kept &= -np.expm1(-rate * years * length) >= shortest
    else:
        with np.errstate(divide="ignore"):
            periods = np.ceil(-np.log1p(-np.where(kept, shortest, 0.0)) / (rate * years) - 1e-9)
        length = np.maximum(periods, 1.0)
    value = under_noise(stakes, (alpha, beta), np.exp(-rate * years * length), rate, years)[0].sum(axis=1)
    return np.where(kept, value, -np.inf)
