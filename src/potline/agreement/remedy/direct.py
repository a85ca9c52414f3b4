r"""Levels that enter a test directly, least over coalitions: money from outside, a penalty, payments by the tonne.

Where cuts do not depend on what is paid for them, a payment of ``level * rate_i`` to each member moves the tests along
straight lines, and the least level of a coalition S is

    voluntary, unanimity   max over i of lack_i / rate_i        transfers   (sum of lacks) / (sum of rates).

Under the first two a coalition in which a member idles nothing is none at any level.
"""

from __future__ import annotations

__all__ = ["least_payment", "least_penalty", "least_transfer", "margins_at"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.games import Games, everybody
from potline.choices import Belief, Institution, Instrument, Tested

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ROUNDING = 1e-13


def least_transfer(games: Games, belief: Belief, institution: Tested) -> tuple[float, int, Floats]:
    """Return the least money from outside, the row of the coalition that needs it, and what each member gets [n].

    With transfers among members the shares sum to the money: who has more than it gets outside pays in. What is no more
    than the rounding of what a member gains is 0.
    """
    lack = _lack(games, belief, institution)
    sums = np.abs(games.gain_m) + np.abs(games.outside_gain_m[:, :, belief.place])
    lack = np.where(np.abs(lack) > _ROUNDING * sums, lack, 0.0)
    total = np.where(_able(games, institution), np.maximum(lack.sum(axis=1), 0.0), np.inf)
    if total.size == 0 or not np.isfinite(total).any():
        return math.nan, -1, np.zeros(games.inside.shape[1:], dtype=np.float64)
    row = int(np.argmin(total))
    return float(total[row]), row, lack[row]


def least_payment(games: Games, rate_m: Floats, belief: Belief, institution: Tested) -> tuple[float, int]:
    """Return the least level of a payment of ``level * rate_m`` [C, n], and its row; nan and -1 where none suffices."""
    lack, rate = _lack(games, belief, institution), np.where(games.inside, rate_m, 0.0)
    if institution == Institution.TRANSFERS:
        lack, rate = lack.sum(axis=1, keepdims=True), rate.sum(axis=1, keepdims=True)
    each = np.where(lack <= 0.0, 0.0, np.where(rate > 0.0, lack / np.where(rate > 0.0, rate, 1.0), np.inf))
    level = np.where(_able(games, institution), each.max(axis=1, initial=0.0), np.inf)
    if level.size == 0 or not np.isfinite(level).any():
        return math.nan, -1
    row = int(np.argmin(level))
    return float(level[row]), row


def _able(games: Games, institution: Tested) -> Flags:
    """Return which coalitions an institution may hold together at some level, [C]."""
    if institution == Institution.TRANSFERS:
        return np.ones(games.mask.size, dtype=np.bool_)
    return games.idles & everybody(games) if institution == Institution.UNANIMITY else games.idles


def _lack(games: Games, belief: Belief, institution: Tested) -> Floats:
    """Return what each member lacks in the test of an institution, [C, n]; below 0 what it could pay to others."""
    inside, gain, left = games.inside, games.gain_m, games.outside_gain_m[:, :, belief.place]
    if institution == Institution.VOLUNTARY:
        return np.where(inside, np.maximum(0.0, -np.minimum(gain, gain - left)), 0.0)
    if institution == Institution.TRANSFERS:
        return np.where(inside, np.maximum(left, 0.0) - gain, 0.0)
    return np.where(inside, np.maximum(0.0, -gain), 0.0)


def least_penalty(games: Games, belief: Belief, institution: Tested) -> tuple[float, int]:
    """Return the least penalty on leaving that holds some coalition together, and its row; nan and -1 for none."""
    inside, gain, left = games.inside, games.gain_m, games.outside_gain_m[:, :, belief.place]
    best, row, able = math.nan, -1, _able(games, institution)
    for c in range(games.mask.size):
        g, o = gain[c, inside[c]], left[c, inside[c]]
        if not able[c]:
            continue
        if (g.sum() if institution == Institution.TRANSFERS else g.min()) < 0.0:
            continue
        level = 0.0
        if institution == Institution.VOLUNTARY:
            level = max(0.0, float((o - g).max()))
        elif institution == Institution.TRANSFERS:
            level = _level_for(float(g.sum()), np.maximum(o, 0.0))
        if row < 0 or level < best:
            best, row = level, c
    return best, row


def _level_for(budget: float, outside: Floats) -> float:
    """Solve sum max(0, o_i - f) = budget for the least f of 0 or more."""
    if outside.sum() <= budget:
        return 0.0
    ordered = np.sort(outside)[::-1]
    for count in range(1, ordered.size + 1):
        f = (ordered[:count].sum() - budget) / count
        following = ordered[count] if count < ordered.size else 0.0
        if f >= following:
            return float(f)
    return float(ordered[0])


def margins_at(
    games: Games, name: Instrument, level: float, row: int, belief: Belief, institution: Tested
) -> tuple[float, float]:
    """Return the best margin with the money or penalty at its level, and a hair below it, over every coalition."""
    if row < 0:
        return math.nan, math.nan
    inside, gain, left = games.inside, games.gain_m, games.outside_gain_m[:, :, belief.place]
    able = _able(games, institution)

    def best(value: float) -> float:
        if name == Instrument.TRANSFER:
            left_over = value - _lack(games, belief, institution).sum(axis=1)
            return float(np.where(able, left_over, -np.inf).max())
        if institution == Institution.TRANSFERS:
            return float(np.where(inside, gain - np.maximum(0.0, left - value), 0.0).sum(axis=1).max())
        test = np.minimum(gain, gain - left + value) if institution == Institution.VOLUNTARY else gain
        worst = np.where(inside, test, np.inf).min(axis=1)
        return float(np.where(able, worst, -np.inf).max())

    return best(level), best(level * (1.0 - 1e-9)) if level > 0.0 else math.nan
