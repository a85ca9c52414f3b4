"""A leader with linear demand and steps: every end and vertex of its piecewise quadratic profit."""

from __future__ import annotations

__all__ = ["outputs_on_steps"]

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game

Floats = NDArray[np.float64]


def outputs_on_steps(game: Game, followers: Game) -> Floats:
    """Return every output at which piecewise quadratic profit can be greatest."""
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    full = np.cumsum(game.capacity[mine])
    unit, slope = followers.unit, 1.0 / game.second
    steep = followers.theta[unit] * slope
    sizes = [followers.capacity[i:j] for i, j in itertools.pairwise(followers.start)]
    behind = np.concatenate([np.concatenate(([0.0], np.cumsum(size)))[:-1] for size in sizes])
    behind = np.where(steep > 0.0, behind, 0.0)
    begin = followers.cost + steep * behind
    # Steps behind an unlimited one never begin.
    end = begin + steep * np.where(steep > 0.0, followers.capacity, 0.0)
    bottom = min(float(game.cost[mine].min()), float(followers.cost.min(initial=math.inf))) - 1.0
    worlds = np.append(game.tranche_price, game.floor)
    prices = np.concatenate((begin, end, worlds, [game.first / game.second, bottom]))
    prices = np.unique(prices[np.isfinite(prices)])
    if game.tranche_price.size and math.isinf(game.tranche_kt[-1]):
        prices = prices[prices <= game.tranche_price[-1]]
    prices = prices[prices >= game.floor]
    least, most = _step_supply(followers, begin, end, steep, prices)
    imports_least = np.zeros(prices.size)
    imports_most = np.zeros(prices.size)
    for world, size in zip(game.tranche_price, game.tranche_kt, strict=True):
        imports_least += np.where(prices > world, size, 0.0)
        imports_most += np.where(prices >= world, size, 0.0)
        free = prices == world
        takers = np.where(followers.cost <= world, followers.capacity, 0.0).sum()
        most = np.where(free, np.maximum(most, takers), most)
    demand = game.first - game.second * prices
    left, right = demand - most - imports_most, demand - least - imports_least
    right = np.where(prices == game.floor, np.inf, right)
    # The line p(x), from scarce to plentiful.
    x = np.stack((left, right), axis=1)[::-1].ravel()
    p = np.repeat(prices[::-1], 2)
    line_x = np.where(np.isneginf(x), np.minimum(0.0, np.repeat(right[::-1], 2)), x)
    reach = float(np.max(line_x[np.isfinite(line_x)], initial=0.0)) + 1.0
    limit = min(float(full[-1]), float(line_x[-1]) if math.isfinite(float(line_x[-1])) else reach)
    line_x = np.where(np.isposinf(line_x), max(limit, reach), line_x)
    knots = np.unique(np.concatenate((np.clip(line_x, 0.0, limit), full[full < limit], [0.0, limit])))
    if limit <= 0.0:
        return np.zeros(1)
    line_p = p
    low, high = knots[:-1], knots[1:]
    price_low, price_high = np.interp(low, line_x, line_p), np.interp(high, line_x, line_p)
    fall = (price_low - price_high) / (high - low)
    step = np.minimum(np.searchsorted(full, 0.5 * (low + high)), full.size - 1)
    cost = game.cost[mine][step]
    with np.errstate(all="ignore"):
        vertex = (price_low + fall * low - cost) / (2.0 * fall)
    inner = vertex[np.isfinite(vertex) & (vertex > low) & (vertex < high)]
    outputs = np.concatenate((knots, inner))
    # Only the best few by the line itself are cleared again.
    spent = np.concatenate(
        ([0.0], np.cumsum(np.where(np.isinf(game.capacity[mine]), 0.0, game.capacity[mine]) * game.cost[mine]))
    )
    place = np.minimum(np.searchsorted(full, outputs), full.size - 1)
    behind_mine = np.concatenate(([0.0], full))[place]
    profit = np.interp(outputs, line_x, line_p) * outputs
    profit -= spent[place] + game.cost[mine][place] * (outputs - behind_mine)
    near = profit >= profit.max() - 1e-9 * max(1e-300, float(np.max(np.abs(profit))))
    return np.append(outputs[near][:64], 0.0)


def _step_supply(followers: Game, begin: Floats, end: Floats, steep: Floats, prices: Floats) -> tuple[Floats, Floats]:
    """Return the least and most that followers on steps sell at prices, kt."""
    ramp = steep > 0.0
    least, most = np.zeros(prices.size), np.zeros(prices.size)
    for at, sign in ((begin[ramp], 1.0), (end[ramp], -1.0)):
        finite = np.isfinite(at)
        order = np.argsort(at[finite])
        knots, weight = at[finite][order], (1.0 / steep[ramp])[finite][order]
        count = np.searchsorted(knots, prices, side="right")
        total = np.concatenate(([0.0], np.cumsum(weight)))[count]
        moment = np.concatenate(([0.0], np.cumsum(weight * knots)))[count]
        least += sign * (total * prices - moment)
    most += least
    order = np.argsort(followers.cost[~ramp])
    knots, size = followers.cost[~ramp][order], followers.capacity[~ramp][order]
    reached = np.concatenate(([0.0], np.cumsum(size)))
    least += reached[np.searchsorted(knots, prices, side="left")]
    most += reached[np.searchsorted(knots, prices, side="right")]
    return least, most
