"""A leader commits its output; the followers clear the market around it.

The leader faces ``R(p) = D(p) - S(p)``, demand less what followers sell (and imports) at p: strictly falling, so its
profit can be followed along p. With linear demand and steps R is piecewise linear and profit piecewise quadratic:
every end and vertex is tried, which is exact. Otherwise each stretch between kinks is searched for zeros of
``d profit / dp = R + (p - MC(R)) R'``. The smallest of several best outputs is chosen.
"""

from __future__ import annotations

__all__ = ["lead"]

import dataclasses
import math

import numpy as np

from potline.equilibrium.clearing import Point, clearing_points, has_convex_kink
from potline.equilibrium.commitment import blocks_at, cost_at, level_at, price_given, without_leader
from potline.equilibrium.game import Game, NoAnswer
from potline.equilibrium.leader_smooth import outputs_between_kinks
from potline.equilibrium.leader_steps import outputs_on_steps


def lead(game: Game) -> Point:
    """Return the leader's best commitment and the followers' answer to it.

    Raises:
        NoAnswer: profit has no maximum, or the followers' answer would not be unique.
    """
    followers = without_leader(game)
    if math.isfinite(game.cap):
        raise NoAnswer("A joint cap and a leader cannot be combined: cap a simultaneous concept, such as Cartel.")
    if has_convex_kink(game) and np.any(followers.theta > 0.0):
        raise NoAnswer(
            "Followers who hold back may answer in several ways where import tranches or an export floor bend "
            "demand. Use Competitive followers, or one unlimited import tranche."
        )
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    if mine.start == mine.stop:
        return _answer(game, followers, 0.0)
    exact = not game.isoelastic and not np.any(game.scale > 0.0)
    outputs = outputs_on_steps(game, followers) if exact else outputs_between_kinks(game, followers)
    best, choice = -math.inf, 0.0
    revenue = 0.0
    full = np.cumsum(game.capacity[mine])
    full = full[np.isfinite(full)]
    if full.size:
        near = full[np.minimum(np.searchsorted(full, outputs * (1.0 - 1e-11)), full.size - 1)]
        outputs = np.where(np.abs(near - outputs) <= 1e-11 * near, near, outputs)
    for x in np.unique(outputs):
        price = price_given(followers, float(x)) if x > 0.0 else 0.0
        profit = price * x - cost_at(game, float(x)) if x > 0.0 else 0.0
        revenue = max(revenue, abs(price * x))
        if profit > best + 1e-13 * revenue:
            best, choice = profit, float(x)
    return _answer(game, followers, choice)


def _answer(game: Game, followers: Game, output: float) -> Point:
    point = clearing_points(dataclasses.replace(followers, outside=output))[0]
    made = np.zeros(game.cost.size)
    theirs = game.unit != game.leader
    made[theirs] = point.output
    marginal = point.marginal.copy()
    if not np.all(theirs):
        made[~theirs] = blocks_at(game, output)
        marginal[game.leader] = level_at(game, output)
    return dataclasses.replace(point, output=made, marginal=marginal)
