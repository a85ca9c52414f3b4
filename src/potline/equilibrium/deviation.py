"""The most an owner could gain alone: exact over every breakpoint, kink and stationary point.

Unit i, with the others' output held, sells ``q`` at ``P(Q + theta_i (q - q_i))`` (its conjecture; true deviations
for ``theta_i = 1``). Between the ends of its own steps and the kinks of residual demand its profit is smooth; with
linear demand and steps it is quadratic there, so ends and vertices are all that need be tried. No grid, no solver.
"""

from __future__ import annotations

__all__ = ["largest_gains"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game
from potline.equilibrium.residual import ResidualDemand, UnitBlocks

Floats = NDArray[np.float64]


def largest_gains(game: Game, demand: ResidualDemand, price: float, output: Floats) -> Floats:
    """Return each unit's largest unilateral gain, money/t times kt, shape (units,); 0 for a leader.

    Args:
        game: the question.
        demand: what domestic sellers face.
        price: the price claimed, money/t.
        output: the output claimed of each block, kt.
    """
    count = len(game.units)
    sold = game.by_unit(output)
    held = float(sold[game.limited].sum())
    most = np.full(count, math.inf)
    most[game.limited] = sold[game.limited] + max(0.0, game.cap - held)
    theta = np.where(np.isnan(game.theta), 0.0, game.theta)
    if np.any(game.scale > 0.0) or game.isoelastic:
        gains = np.array(
            [
                _gain_of_unit(game, demand, i, price, output, float(theta[i]), float(sold[i]), float(most[i]))
                for i in range(count)
            ]
        )
    else:
        gains = _gains_on_steps(game, demand, price, output, theta, sold, most)
    if game.leader >= 0:
        gains[game.leader] = 0.0
    return gains


def _gains_on_steps(
    game: Game, demand: ResidualDemand, price: float, output: Floats, theta: Floats, sold: Floats, most: Floats
) -> Floats:
    unit, cost = game.unit, game.cost
    total = float(sold.sum())
    finite = np.where(np.isinf(game.capacity), 0.0, game.capacity)
    behind = _before(game, finite)
    unlimited = np.cumsum(np.isinf(game.capacity)) - np.isinf(game.capacity)
    started = np.concatenate((unlimited, [0]))[game.start[:-1].clip(max=cost.size)]
    reached = unlimited == started[unit]
    spent = _before(game, finite * cost)
    end = np.minimum(behind + game.capacity, most[unit])
    best = np.zeros(len(game.units))
    conduct, own = theta[unit], sold[unit]
    for r in range(demand.left.size):
        taker = conduct == 0.0
        with np.errstate(all="ignore"):
            low = np.where(taker, behind, np.maximum(behind, own + (demand.left[r] - total) / conduct))
            high = np.where(taker, end, np.minimum(end, own + (demand.right[r] - total) / conduct))
        usable = reached & (low <= high)
        if np.isnan(demand.flat[r]):
            first, second = demand.first, demand.second
            if demand.rise[r] > 0.0:
                first, second = first + demand.rise[r] * demand.rise_from, second + demand.rise[r]
            level = (first - total - demand.imports[r]) / second + conduct / second * own
            slope = conduct / second
        else:
            level, slope = np.full(cost.size, demand.flat[r]), np.zeros(cost.size)
        level = np.where(taker, price, level)
        slope = np.where(taker, 0.0, slope)
        with np.errstate(all="ignore"):
            vertex = np.where(slope > 0.0, (level - cost) / (2.0 * slope), np.where(level > cost, high, low))
            vertex = np.minimum(np.maximum(vertex, low), high)
            for q in (low, vertex, np.where(np.isinf(high), vertex, high)):
                profit = (level - slope * q) * q - spent - cost * (q - behind)
                profit = np.where(usable & ~np.isnan(profit), profit, -np.inf)
                np.maximum.at(best, unit, profit)
    now = price * sold - np.bincount(unit, cost * output, len(game.units))
    return np.maximum(0.0, best - now)


def _before(game: Game, amount: Floats) -> Floats:
    """Return what the blocks before each one add up to, in its own unit alone: no other's large sum blurs it."""
    sums = [np.cumsum(part) - part for part in np.split(amount, game.start[1:-1])]
    return np.concatenate(sums)


def _gain_of_unit(
    game: Game,
    demand: ResidualDemand,
    i: int,
    price: float,
    output: Floats,
    theta: float,
    sold: float,
    most: float,
) -> float:
    mine = slice(int(game.start[i]), int(game.start[i + 1]))
    blocks = UnitBlocks.of(game, i)
    if blocks.cost.size == 0:
        return 0.0
    total = float(np.sum(output))
    now = price * sold - float(np.sum(blocks.total_cost(output[mine])))
    # Own marginal cost runs through levels; each gives one output, and a step a range of outputs.
    with np.errstate(over="ignore"):
        full = blocks.cost + np.where(
            blocks.scale > 0.0,
            (blocks.capacity / np.where(blocks.scale > 0.0, blocks.scale, 1.0)) ** (1.0 / blocks.exponent),
            0.0,
        )
    levels = np.unique(np.concatenate((blocks.cost, full[np.isfinite(full)])))
    ends = np.unique(np.concatenate([blocks.supply(levels, at) for at in (False, True)]))
    top = min(most, float(blocks.capacity.sum()))
    top = min(top, _where_too_much(demand, theta, total - theta * sold, float(blocks.cost.min()), price, sold))
    if theta == 0.0:
        return float(np.maximum(0.0, _best_of_taker(blocks, price, top) - now))
    best, others = 0.0, total - theta * sold
    for r in range(demand.left.size):
        low = max(0.0, sold + (demand.left[r] - total) / theta)
        high = min(top, sold + (demand.right[r] - total) / theta)
        if low > high or math.isinf(high):
            continue
        knots = np.unique(np.concatenate(([low, high], ends[(ends > low) & (ends < high)])))
        stationary = _stationary(blocks, demand, r, theta, others, knots)
        tried = np.concatenate((knots, stationary))
        best = max(best, float(np.max(_profit(blocks, demand, r, theta, others, tried))))
    return float(np.maximum(0.0, best - now))


def _best_of_taker(blocks: UnitBlocks, price: float, most: float) -> float:
    """Return the best profit at a price that does not move; ``inf`` where unlimited capacity earns a margin."""
    level = np.array([price])
    output = float(blocks.supply(level, False)[0])
    if math.isinf(min(output, most)):
        return math.inf
    return price * min(output, most) - blocks.cost_of(min(output, most))


def _where_too_much(
    demand: ResidualDemand, theta: float, others: float, least_cost: float, price: float, sold: float
) -> float:
    """Return an output beyond which every further tonne loses money."""
    if theta == 0.0:
        return math.inf
    if np.isfinite(demand.flat[-1]):
        # Exports at the floor: profitable without end only for unlimited capacity, which the game refuses.
        return math.inf
    target = max(least_cost, 1e-9 * abs(price)) if demand.isoelastic else min(least_cost, 0.0)
    used = demand.first * target**-demand.second if demand.isoelastic else demand.first - demand.second * target
    return max(sold, (used - demand.imports[-1] - others) / theta)


def _profit(blocks: UnitBlocks, demand: ResidualDemand, r: int, theta: float, others: float, q: Floats) -> Floats:
    price = demand.price(others + theta * q, np.full(q.size, r, np.int64))
    return np.where(q > 0.0, price, 0.0) * q - blocks.costs_of(q)


def _stationary(
    blocks: UnitBlocks, demand: ResidualDemand, r: int, theta: float, others: float, knots: Floats
) -> Floats:
    """Return the outputs between knots at which profit has a top, each found by halving from a fine sample."""

    def slope(x: Floats) -> Floats:
        piece = np.full(x.size, r, np.int64)
        sold = others + theta * x
        return demand.price(sold, piece) - theta * demand.fall(sold, piece) * x - blocks.marginal(x)

    left, right = knots[:-1, None], knots[1:, None]
    sample = left + (right - left) * (0.5 - 0.5 * np.cos(np.pi * np.arange(1, 64) / 64.0))
    value = slope(sample.ravel()).reshape(sample.shape)
    turn = (value[:, :-1] > 0.0) & (value[:, 1:] <= 0.0)
    low, high = sample[:, :-1][turn], sample[:, 1:][turn]
    for _ in range(60 if low.size else 0):
        middle = 0.5 * (low + high)
        rising = slope(middle) > 0.0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    return 0.5 * (low + high)
