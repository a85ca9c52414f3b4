"""Check a leader's commitment: follow its profit along the price with code of its own.

With linear demand and steps, the followers' supply is a sum of clipped ramps; its profit is tried at the ends and
the vertex of every stretch. Elsewhere :mod:`potline.equilibrium.leading_curved` says what may be best.
"""

from __future__ import annotations

__all__ = ["leader_gain"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game
from potline.equilibrium.leading_curved import curved_commitments
from potline.equilibrium.leading_supply import Followers, left_for_leader
from potline.equilibrium.residual import UnitBlocks

Floats = NDArray[np.float64]


def leader_gain(game: Game, price: float, output: Floats) -> tuple[float, float]:
    """Return the leader's largest gain from another commitment, and how far the best is ahead of the next.

    Args:
        game: the question.
        price: the price claimed, money/t.
        output: the output claimed of each block, kt.

    Returns:
        gain, money/t times kt, and the lead over the best commitment more than 0.1 percent away, relative to the
        best profit.
    """
    mine = game.unit == game.leader
    blocks = UnitBlocks.of(game, game.leader)
    if blocks.cost.size == 0:
        return 0.0, 1.0
    sold = float(output[mine].sum())
    now = price * sold - float(np.sum(blocks.total_cost(output[mine])))
    if not np.isfinite(now + price):
        return math.nan, math.nan
    bottom, top = _ends(game)
    if bottom >= top:
        return max(0.0, -now), 1.0
    if game.isoelastic or np.any(game.scale > 0.0):
        prices, outputs = curved_commitments(game, blocks, bottom, top, price, now)
    else:
        prices, outputs = _vertices(game, blocks)
    profit = prices * outputs - blocks.costs_of(outputs)
    best = float(np.max(profit, initial=0.0))
    away = np.abs(outputs - sold) > 1e-3 * max(sold, 1e-300)
    second = float(np.max(profit[away], initial=0.0))
    return max(0.0, best - now), (now - second) / max(abs(now), 1e-300)


def _ends(game: Game) -> tuple[float, float]:
    top = math.inf
    if game.tranche_price.size and math.isinf(game.tranche_kt[-1]):
        top = float(game.tranche_price[-1])
    bottom = float(UnitBlocks.of(game, game.leader).cost.min())
    return max(bottom, game.floor), top


def _vertices(game: Game, blocks: UnitBlocks) -> tuple[Floats, Floats]:
    """Return every end and vertex of the piecewise quadratic profit."""
    bottom, top = _ends(game)
    followers = Followers.of(game)
    steep = followers.theta / game.second
    begin = followers.cost + steep * followers.behind
    with np.errstate(invalid="ignore"):
        end = begin + steep * followers.capacity
    events = np.concatenate([begin, end, game.tranche_price, [bottom, game.first / game.second, game.floor]])
    prices = np.unique(events[np.isfinite(events) & (events >= bottom) & (events <= top)])
    low, high = left_for_leader(game, followers, prices)
    own = np.cumsum(blocks.capacity)
    capacity = float(own[-1])
    xs: list[Floats] = []
    ps: list[Floats] = []

    def add(x: Floats, p: Floats) -> None:
        usable = np.isfinite(x) & (x >= 0.0) & (x <= capacity)
        xs.append(x[usable])
        ps.append(p[usable])

    # Flat: both ends, and every end of an own step between them.
    for k in range(prices.size):
        inside = own[np.isfinite(own) & (own >= low[k]) & (own <= high[k])]
        x = np.concatenate((inside, [low[k], min(high[k], capacity), 0.0 if low[k] <= 0.0 <= high[k] else low[k]]))
        add(x, np.full(x.size, prices[k]))
    # Sloped: from the plentiful end of one price to the scarce end of the next higher.
    for k in range(prices.size - 1):
        p0, p1, x0, x1 = prices[k], prices[k + 1], low[k], high[k + 1]
        if not (math.isfinite(x0) and math.isfinite(x1) and x0 > x1):
            continue
        fall = (p1 - p0) / (x0 - x1)
        level = p1 + fall * x1
        knots = np.concatenate(([x0, x1], own[(own > x1) & (own < x0)]))
        vertices = (level - blocks.cost) / (2.0 * fall)
        x = np.concatenate((knots, vertices[(vertices > x1) & (vertices < x0)], [0.0] if x1 <= 0.0 <= x0 else []))
        add(x, level - fall * x)
    return np.concatenate([np.zeros(1), *ps]), np.concatenate([np.zeros(1), *xs])
