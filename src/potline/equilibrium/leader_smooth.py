"""A leader with isoelastic demand or smooth costs: the stationary points of its profit between kinks."""

from __future__ import annotations

__all__ = ["outputs_between_kinks"]

import itertools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.commitment import level_at, price_given
from potline.equilibrium.game import Game, NoAnswer
from potline.numerics.market.smooth import owner_outputs, supply_at

Floats = NDArray[np.float64]


def outputs_between_kinks(game: Game, followers: Game) -> Floats:
    """Return the outputs at which profit is locally greatest, stretch by stretch."""
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    capacity = float(game.capacity[mine].sum())
    least_cost = float(game.cost[mine].min())
    ceiling = float(game.tranche_price[-1]) if game.tranche_price.size and math.isinf(game.tranche_kt[-1]) else math.inf

    def residual(price: float) -> tuple[float, float, float]:
        """Return R at a price from above and below, and its derivative."""
        slope = game.slope_at(price)
        bend = (1.0 + game.second) * slope / price if game.isoelastic else 0.0
        arrays = (followers.start, followers.cost, followers.capacity, followers.scale, followers.exponent)
        low, high, growth = supply_at(price, slope, bend, math.inf, followers.limited, followers.theta, *arrays)
        imports = float(game.tranche_kt[game.tranche_price < price].sum())
        fall = -game.second * game.demand_at(price) / price if game.isoelastic else -game.second
        return game.demand_at(price) - low - imports, game.demand_at(price) - high - imports, fall - growth

    def gain(price: float) -> float:
        sold, _, fall = residual(price)
        return sold + (price - level_at(game, max(0.0, sold))) * fall

    top = ceiling
    if math.isinf(top):
        try:
            top = price_given(followers, 0.0)
        except NoAnswer:
            top = max(1.0, 2.0 * least_cost)
            while game.second >= 1.0 and top < 1e12 and gain(top) > 0.0:
                top *= 2.0
            if game.second < 1.0 or top >= 1e12:
                raise NoAnswer(
                    f"Isoelastic demand with elasticity {game.second:g} has no finite optimum: the leader gains from "
                    "every further cut. Add an import ceiling or price takers, or use linear demand."
                ) from None
            top *= 4.0
    bottom = max(game.floor, least_cost if least_cost > 0.0 or not game.isoelastic else 1e-6 * top)
    if math.isfinite(capacity):
        bottom = max(bottom, price_given(followers, capacity))
    special = [float(p) for p in (*game.tranche_price, game.floor) if bottom <= p <= top]
    takers = (followers.theta[followers.unit] == 0.0) & (followers.scale == 0.0)
    special += [float(p) for p in np.unique(followers.cost[takers]) if bottom <= p <= top]
    outputs = [0.0, *_at_constant_price(game, residual, special, capacity)]
    if math.isfinite(capacity):
        outputs.append(capacity)
    knots = {bottom, top, *special}
    knots.update(p for p in _follower_kinks(game, followers, top) if bottom < p < top)
    # Beside a follower's first tonne a price one digit off can move its supply by a millionth: the kink itself counts.
    outputs += [max(0.0, sold) for p in sorted(knots) for sold in residual(p)[:2] if math.isfinite(sold)]
    for x in np.cumsum(game.capacity[mine][:-1]):
        if math.isfinite(x):
            price = price_given(followers, float(x))
            outputs.append(float(x))
            if bottom < price < top:
                knots.add(price)
    edges = sorted(knots)
    for low, high in itertools.pairwise(edges):
        sample = low + (high - low) * (0.5 - 0.5 * np.cos(np.pi * np.arange(1, 40) / 40.0))
        values = [gain(float(p)) for p in sample]
        # Profit rises with p where gain is positive; a step of the leader's own cost lets it jump.
        for a, b, before, after in zip(sample[:-1], sample[1:], values[:-1], values[1:], strict=True):
            if before > 0.0 >= after:
                outputs.append(max(0.0, residual(_root(gain, float(a), float(b)))[0]))
        if values[0] <= 0.0:
            outputs.append(max(0.0, residual(_root(gain, low + 1e-15 * abs(low), float(sample[0])))[0]))
        if values[-1] > 0.0:
            outputs.append(max(0.0, residual(_root(gain, float(sample[-1]), high * (1.0 - 1e-15)))[0]))
    return np.minimum(np.array(outputs), capacity)


def _at_constant_price(
    game: Game,
    residual: Callable[[float], tuple[float, float, float]],
    special: list[float],
    capacity: float,
) -> list[float]:
    """Return, where the price does not move with output, the output at which marginal cost meets it."""
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    first = np.array([0, mine.stop - mine.start], np.int64)
    result: list[float] = []
    for price in special:
        most, least, _ = residual(price)
        world = game.tranche_price == price
        least -= float(game.tranche_kt[world].sum())
        if price == game.floor:
            most = math.inf
        wanted = owner_outputs(
            np.array([price]),
            1.0,
            np.zeros(1),
            first,
            game.cost[mine],
            game.capacity[mine],
            game.scale[mine],
            game.exponent[mine],
        )
        for value in (wanted[1][0], wanted[2][0]):
            result.append(min(max(float(value), least, 0.0), max(most, 0.0), capacity))
    return [x for x in result if math.isfinite(x)]


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Halve an interval in which the function falls through 0."""
    for _ in range(200):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if function(middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _follower_kinks(game: Game, followers: Game, top: float) -> list[float]:
    """Return the prices at which a follower reaches a block, or fills one."""
    result: list[float] = []
    for i in range(followers.theta.size):
        mine = slice(int(followers.start[i]), int(followers.start[i + 1]))
        cost, size = followers.cost[mine], followers.capacity[mine]
        scale, exponent = followers.scale[mine], followers.exponent[mine]
        smooth = (scale > 0.0) & np.isfinite(size)
        full = cost[smooth] + (size[smooth] / scale[smooth]) ** (1.0 / exponent[smooth])
        for level in np.unique(np.concatenate((cost, full))):
            found = owner_outputs(
                np.array([level]), 1.0, np.zeros(1), np.array([0, cost.size], np.int64), cost, size, scale, exponent
            )
            for sold in {float(found[1][0]), float(found[2][0])}:
                if math.isfinite(sold):
                    result.extend(_price_of(game, float(level), float(followers.theta[i]) * sold, top))
    return result


def _price_of(game: Game, level: float, sold: float, top: float) -> list[float]:
    """Solve ``p - |P'(p)| sold = level``: two branches where demand is isoelastic."""
    if sold == 0.0:
        return [level]
    if not game.isoelastic:
        return [level + sold / game.second]

    def gap(price: float) -> float:
        return level - price + game.slope_at(price) * sold

    turn = (game.second * game.first / (sold * (1.0 + game.second))) ** (1.0 / game.second)
    result: list[float] = []
    if gap(turn) < 0.0:
        start = max(1e-12 * turn, min(level, turn))
        result.append(_root(gap, start, turn))
        if top > turn and gap(top) > 0.0:
            result.append(_root(lambda price: -gap(price), turn, top))
    return result
