"""Levels that enter a test directly, least over coalitions: money from outside, and a penalty on leaving."""

from __future__ import annotations

__all__ = ["least_penalty", "least_transfer", "margins_at"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.agreement.proposals_games import Games

Floats = NDArray[np.float64]


def least_transfer(games: Games, way: int, institution: int) -> tuple[float, int, Floats]:
    """Return the least money from outside, the row of the coalition that needs it, and what each member gets [n].

    With transfers among members the shares sum to the money: who has more than it gets outside pays in.
    """
    inside, gain, left = games.inside, games.gain_m, games.outside_gain_m[:, :, way]
    if institution == 0:
        lack = np.where(inside, np.maximum(0.0, -np.minimum(gain, gain - left)), 0.0)
        total = lack.sum(axis=1)
    elif institution == 1:
        lack = np.where(inside, np.maximum(left, 0.0) - gain, 0.0)
        total = np.maximum(lack.sum(axis=1), 0.0)
    else:
        lack = np.where(inside, np.maximum(0.0, -gain), 0.0)
        total = np.where(inside.all(axis=1), lack.sum(axis=1), np.inf)
    if total.size == 0 or not np.isfinite(total).any():
        return math.nan, -1, gain.sum(axis=0) * 0.0
    row = int(np.argmin(total))
    return float(total[row]), row, lack[row]


def least_penalty(games: Games, way: int, institution: int) -> tuple[float, int]:
    """Return the least penalty on leaving that holds some coalition together, and its row; nan and -1 for none."""
    inside, gain, left = games.inside, games.gain_m, games.outside_gain_m[:, :, way]
    best, row = math.nan, -1
    for c in range(games.mask.size):
        g, o = gain[c, inside[c]], left[c, inside[c]]
        if institution == 2 and not inside[c].all():
            continue
        if (g.sum() if institution == 1 else g.min()) < 0.0:
            continue
        level = 0.0
        if institution == 0:
            level = max(0.0, float((o - g).max()))
        elif institution == 1:
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


def margins_at(games: Games, name: str, level: float, row: int, way: int, k: int) -> tuple[float, float]:
    """Return the best margin with the money or penalty at its level, and a hair below it, over every coalition."""
    if row < 0:
        return math.nan, math.nan
    inside, gain, left = games.inside, games.gain_m, games.outside_gain_m[:, :, way]

    def best(value: float) -> float:
        if name == "transfer":
            lack = [
                np.maximum(0.0, -np.minimum(gain, gain - left)),
                np.maximum(left, 0.0) - gain,
                np.maximum(0.0, -gain),
            ]
            left_over = value - np.where(inside, lack[k], 0.0).sum(axis=1)
            return float(np.where(inside.all(axis=1) | (k < 2), left_over, -np.inf).max())
        if k == 1:
            return float(np.where(inside, gain - np.maximum(0.0, left - value), 0.0).sum(axis=1).max())
        test = np.minimum(gain, gain - left + value) if k == 0 else gain
        worst = np.where(inside, test, np.inf).min(axis=1)
        return float(np.where(inside.all(axis=1) | (k < 2), worst, -np.inf).max())

    return best(level), best(level * (1.0 - 1e-9)) if level > 0.0 else math.nan
