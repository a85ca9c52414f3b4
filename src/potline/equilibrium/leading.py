"""Check a leader's commitment: follow its profit along the price with code of its own.

With linear demand and steps, the followers' supply is a sum of clipped ramps; its profit is tried at the ends and
the vertex of every stretch. Otherwise profit is sampled over the whole range of prices and every local top refined.
"""

from __future__ import annotations

__all__ = ["leader_gain"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game
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
    bottom, top = _ends(game)
    if bottom >= top:
        return max(0.0, -now), 1.0
    if game.isoelastic or np.any(game.scale > 0.0):
        prices, outputs = _sampled(game, blocks)
    else:
        prices, outputs = _vertices(game, blocks)
    profit = prices * outputs - blocks.costs_of(outputs)
    best = max(0.0, float(np.max(profit, initial=0.0)))
    away = np.abs(outputs - sold) > 1e-3 * max(sold, 1e-300)
    second = float(np.max(profit[away], initial=0.0))
    return max(0.0, best - now), (now - second) / max(abs(now), 1e-300)


def _followers_supply(game: Game, prices: Floats, flat: bool = False) -> tuple[Floats, Floats]:
    """Return the least and most that followers sell at prices (at a flat piece if so), by halving levels."""
    least, most = np.zeros(prices.size), np.zeros(prices.size)
    if game.isoelastic:
        slope = prices ** (1.0 + game.second) / (game.first * game.second)
    else:
        slope = np.full(prices.size, 1.0 / game.second)
    for i in range(len(game.units)):
        if i == game.leader:
            continue
        blocks = UnitBlocks.of(game, i)
        if blocks.cost.size == 0:
            continue
        steep = slope * game.theta[i]
        if flat or game.theta[i] == 0.0:
            least += blocks.supply(prices, False)
            most += blocks.supply(prices, True)
            continue
        low, high = np.full(prices.size, min(float(blocks.cost[0]), float(prices.min())) - 1.0), prices.copy()
        for _ in range(90):
            middle = 0.5 * (low + high)
            over = middle + steep * blocks.supply(middle, False) > prices
            low, high = np.where(over, low, middle), np.where(over, middle, high)
        value = np.where(prices > blocks.cost[0], np.maximum(0.0, (prices - high) / steep), 0.0)
        value = np.minimum(value, blocks.capacity.sum())
        least, most = least + value, most + value
    return least, most


def _residual(game: Game, prices: Floats) -> tuple[Floats, Floats]:
    """Return the least and most the leader can sell at prices, kt."""
    with np.errstate(all="ignore"):
        demand = game.first * prices**-game.second if game.isoelastic else game.first - game.second * prices
    least, most = _followers_supply(game, prices)
    for world, size in zip(game.tranche_price, game.tranche_kt, strict=True):
        at = prices == world
        if np.any(at):
            most = np.where(at, np.maximum(most, _followers_supply(game, prices, flat=True)[1]) + size, most)
        least = least + np.where(prices > world, size, 0.0)
        most = most + np.where(prices > world, size, 0.0)
    high = np.where(prices == game.floor, np.inf, demand - least)
    return demand - most, high


def _ends(game: Game) -> tuple[float, float]:
    top = math.inf
    if game.tranche_price.size and math.isinf(game.tranche_kt[-1]):
        top = float(game.tranche_price[-1])
    bottom = float(UnitBlocks.of(game, game.leader).cost.min())
    return max(bottom, game.floor), top


def _vertices(game: Game, blocks: UnitBlocks) -> tuple[Floats, Floats]:
    """Return every end and vertex of the piecewise quadratic profit."""
    bottom, top = _ends(game)
    events = [bottom, game.first / game.second, *game.tranche_price.tolist(), game.floor]
    for i in range(len(game.units)):
        if i == game.leader:
            continue
        theirs = UnitBlocks.of(game, i)
        steep = float(game.theta[i]) / game.second
        full = np.concatenate(([0.0], np.cumsum(theirs.capacity)))
        with np.errstate(all="ignore"):
            events.extend((theirs.cost + steep * full[:-1]).tolist())
            events.extend((theirs.cost + steep * full[1:]).tolist() if steep > 0.0 else [])
    prices = np.array([p for p in sorted(set(events)) if bottom <= p <= top and math.isfinite(p)])
    low, high = _residual(game, prices)
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


def _sampled(game: Game, blocks: UnitBlocks) -> tuple[Floats, Floats]:
    """Return prices and outputs over the whole range, refined around each local top."""
    bottom, top = _ends(game)
    capacity = float(blocks.capacity.sum())
    if math.isinf(top):
        top = max(1.0, abs(bottom))
        for _ in range(60):
            if _residual(game, np.array([top]))[1][0] <= 0.0:
                break
            top *= 2.0
    if game.isoelastic:
        bottom = max(bottom, 1e-6 * top)
        prices = np.geomspace(bottom, top, 1501)
    else:
        prices = np.linspace(bottom, top, 1501)
    special = np.concatenate((game.cost, game.tranche_price, [game.floor]))
    special = special[np.isfinite(special) & (special >= bottom) & (special <= top)]
    prices = np.unique(np.concatenate((prices, special)))
    all_p: list[Floats] = []
    all_x: list[Floats] = []

    def profit(p: Floats) -> Floats:
        low, high = _residual(game, p)
        wanted = blocks.supply(p, True)
        x = np.clip(np.clip(wanted, low, np.minimum(high, capacity)), 0.0, capacity)
        x = np.where(high < 0.0, 0.0, x)
        # Outputs that the market would take only at another price are not offered.
        usable = (low <= capacity) & np.isfinite(x)
        all_p.append(p[usable])
        all_x.append(x[usable])
        return np.where(usable, p * x - blocks.costs_of(np.where(usable, x, 0.0)), -np.inf)

    value = profit(prices)
    inner = np.flatnonzero((value[1:-1] >= value[:-2]) & (value[1:-1] >= value[2:])) + 1
    for k in inner[np.argsort(-value[inner])][:4]:
        low, high = float(prices[k - 1]), float(prices[k + 1])
        for _ in range(9):
            sample = np.linspace(low, high, 21)
            j = int(np.argmax(profit(sample)))
            low, high = float(sample[max(0, j - 1)]), float(sample[min(20, j + 1)])
    return np.concatenate(all_p), np.concatenate(all_x)
