r"""Every commitment of a leader that can be best where its profit is curved, for its verifier.

Prices at which anything bends cut the range into pieces: costs and world prices, the price at which a follower begins
or fills a block (``p - theta |P'(p)| q = level``, which has two solutions where demand is isoelastic), and the price at
which the leader's own output reaches the end of a block. Inside a piece with isoelastic demand and steps,

    profit' = a0 + a1 p^-e + a2 p^(-1-e) + a3 p^(-2-e),

whose zeros are found exactly: times ``p^e`` its derivative is ``p^-3 (e a0 p^(e+2) - a2 p - 2 a3)``, which is convex or
concave. With smooth costs each piece is sampled and every local top refined.
"""

from __future__ import annotations

__all__ = ["curved_commitments"]

import itertools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game
from potline.equilibrium.leading_supply import Followers, left_for_leader
from potline.equilibrium.residual import UnitBlocks

Floats = NDArray[np.float64]
_HIGHEST = 1e300
_SAMPLE = 33
_REFINED = 8


def curved_commitments(
    game: Game, blocks: UnitBlocks, bottom: float, top: float, price: float, profit: float
) -> tuple[Floats, Floats]:
    """Return prices and outputs at which profit can be greatest.

    Args:
        game: the question.
        blocks: the leader's.
        bottom, top: the range of prices; ``inf`` for no end.
        price, profit: of the commitment claimed, money/t and money/t times kt.
    """
    followers = Followers.of(game)
    unit = abs(price) if price != 0.0 else 1.0
    low = max(bottom, 1e-9 * unit) if game.isoelastic else bottom
    known = np.concatenate([game.cost, game.tranche_price, [game.floor, low, price], *_bends(game, low)])
    known = np.unique(known[np.isfinite(known) & (known >= low) & (known <= top)])
    if math.isinf(top):
        top = _highest(game, followers, float(known[-1]), profit)
        known = np.append(known[known < top], top)
    prices = np.unique(np.concatenate([known, _ends_of_own_blocks(game, followers, blocks, known)]))
    first, last = prices[:-1], prices[1:]
    if game.isoelastic and not np.any(game.scale > 0.0):
        inner = _tops(game, followers, blocks, first, last, unit)
    else:
        inner = _sampled(game, followers, blocks, first, last)
    return _offered(game, followers, blocks, np.unique(np.concatenate([prices, inner[np.isfinite(inner)]])))


def _offered(game: Game, followers: Followers, blocks: UnitBlocks, prices: Floats) -> tuple[Floats, Floats]:
    """Return what the leader may sell at prices: the ends of what is left for it, and its own edges between them."""
    low, high = left_for_leader(game, followers, prices)
    capacity = float(blocks.capacity.sum())
    wanted = [blocks.supply(prices, at) for at in (False, True)]
    tried = np.stack([low, np.minimum(high, capacity), *(np.clip(item, low, high) for item in wanted)])
    usable = np.isfinite(tried) & (tried >= 0.0) & (tried <= capacity)
    return np.broadcast_to(prices, tried.shape)[usable], tried[usable]


def _bends(game: Game, low: float) -> list[Floats]:
    """Return the prices at which a follower who holds back begins or fills a block."""
    found: list[Floats] = []
    for i in range(len(game.units)):
        blocks, theta = UnitBlocks.of(game, i), float(game.theta[i])
        if i == game.leader or not theta > 0.0 or not blocks.cost.size:
            continue
        levels = _levels(blocks)
        for at in (False, True):
            sold = blocks.supply(levels, at)
            known = np.isfinite(sold)
            if not game.isoelastic:
                found.append(levels[known] + theta / game.second * sold[known])
                continue
            found += _crossings(game, levels[known], theta * sold[known], low)
    return found


def _levels(blocks: UnitBlocks) -> Floats:
    """Return the marginal costs at which blocks begin or are full."""
    with np.errstate(over="ignore"):
        share = blocks.capacity / np.where(blocks.scale > 0.0, blocks.scale, 1.0)
        full = blocks.cost + np.where(blocks.scale > 0.0, share ** (1.0 / blocks.exponent), 0.0)
    return np.unique(np.concatenate([blocks.cost, full[np.isfinite(full)]]))


def _crossings(game: Game, level: Floats, held: Floats, low: float) -> list[Floats]:
    """Solve ``p - held p^(1+e) / (e K) = level`` below and above its peak; nan where there is none."""
    e, pull = game.second, held / (game.second * game.first)
    plain = pull == 0.0
    pull = np.where(plain, 1.0, pull)
    peak = (pull * (1.0 + e)) ** (-1.0 / e)

    def gap(p: Floats) -> Floats:
        return p - level - pull * p ** (1.0 + e)

    far = 4.0 * np.maximum(peak, np.abs(level)) * (1.0 + e) ** (1.0 / e)
    below = _zero(gap, np.full_like(peak, low), np.maximum(peak, low))
    above = _zero(gap, np.maximum(peak, low), far)
    return [np.where(plain, level, below), np.where(plain, np.nan, above)]


def _zero(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Halve intervals at whose ends a function has two signs; nan elsewhere."""
    with np.errstate(all="ignore"):
        rising = function(low) < 0.0
        two = (function(low) * function(high) <= 0.0) & (low <= high)
        for _ in range(200):
            middle = 0.5 * (low + high)
            left = (function(middle) < 0.0) == rising
            low, high = np.where(left, middle, low), np.where(left, high, middle)
        return np.where(two, 0.5 * (low + high), np.nan)


def _highest(game: Game, followers: Followers, known: float, profit: float) -> float:
    """Return a price beyond which the leader sells nothing or earns less than it says it does."""
    if not game.isoelastic:
        return max(known, game.first / game.second)
    top = max(known, 1e-300)
    while top < _HIGHEST and left_for_leader(game, followers, np.array([top]))[1][0] > 0.0:
        # Revenue is at most K p^(1-e).
        if (
            game.second > 1.0
            and profit > 0.0
            and math.log(game.first) + (1.0 - game.second) * math.log(top) < math.log(profit)
        ):
            break
        top *= 2.0
    return top


def _ends_of_own_blocks(game: Game, followers: Followers, blocks: UnitBlocks, known: Floats) -> Floats:
    """Return the prices at which the leader's output would reach the end of one of its blocks."""
    edges = np.concatenate([blocks.supply(_levels(blocks), at) for at in (False, True)])
    edges = np.unique(edges[np.isfinite(edges) & (edges > 0.0)])
    if known.size < 2 or not edges.size:
        return np.zeros(0)
    low, _ = left_for_leader(game, followers, known)
    place = np.searchsorted(-low, -edges, side="right")  # the first known price at which less is left
    inside = (place > 0) & (place < known.size)
    edges, place = edges[inside], place[inside]
    if not edges.size:
        return edges
    return _zero(lambda p: left_for_leader(game, followers, p)[0] - edges, known[place - 1], known[place])


def _tops(game: Game, followers: Followers, blocks: UnitBlocks, first: Floats, last: Floats, unit: float) -> Floats:
    """Return the zeros of ``profit'`` in each piece of isoelastic demand and steps, prices in ``unit``."""
    e, size = game.second, game.first * unit**-game.second
    middle = 0.5 * (first + last)
    slope = middle ** (1.0 + e) / (game.first * e)
    takes = followers.theta == 0.0
    theta = np.where(takes, 1.0, followers.theta)
    with np.errstate(all="ignore"):
        inner = (middle[:, None] - followers.cost) / (theta * slope[:, None]) - followers.behind
        active = ~takes & (inner > 0.0) & (inner < followers.capacity)
        full = np.where(takes, middle[:, None] > followers.cost, inner >= followers.capacity) & (
            followers.capacity > 0.0
        )
    weight = np.where(active, 1.0 / theta, 0.0)
    spread, costs = weight.sum(axis=1), (weight * followers.cost).sum(axis=1) / unit
    fixed = np.where(full, followers.capacity, 0.0).sum(axis=1) - np.where(active, followers.behind, 0.0).sum(axis=1)
    fixed = fixed + np.where(game.tranche_price < middle[:, None], game.tranche_kt, 0.0).sum(axis=1)
    sold = np.maximum(left_for_leader(game, followers, middle)[0], 0.0)
    own = blocks.marginal(np.minimum(sold, float(blocks.capacity.sum()))) / unit
    a0, a1 = -fixed, size * (1.0 - e * spread) * (1.0 - e)
    a2 = e * size * (own * (1.0 - e * spread) - e * costs)
    a3 = own * e * (1.0 + e) * size * costs

    def bend(u: Floats) -> Floats:
        return e * a0 * u ** (e + 2.0) - a2 * u - 2.0 * a3

    def rise(u: Floats) -> Floats:
        return a0 * u**e + a1 + a2 / u + a3 / u**2

    low, high = first / unit, last / unit
    with np.errstate(all="ignore"):
        turn = (a2 / (e * (e + 2.0) * a0)) ** (1.0 / (e + 1.0))
        turn = np.where((turn > low) & (turn < high), turn, high)
        cuts = [low, *(np.where(np.isnan(z), high, z) for z in (_zero(bend, low, turn), _zero(bend, turn, high))), high]
        cuts = list(np.sort(np.stack(cuts), axis=0))
        return unit * np.concatenate([_zero(rise, a, b) for a, b in itertools.pairwise(cuts)])


def _sampled(game: Game, followers: Followers, blocks: UnitBlocks, first: Floats, last: Floats) -> Floats:
    """Return a sample of each piece, the best local tops of all refined."""
    if not first.size:
        return np.zeros(0)
    share = 0.5 - 0.5 * np.cos(np.pi * np.arange(_SAMPLE) / (_SAMPLE - 1))
    prices = first[:, None] + (last - first)[:, None] * share
    capacity = float(blocks.capacity.sum())

    def profit(p: Floats) -> Floats:
        low, high = left_for_leader(game, followers, p)
        x = np.clip(np.clip(blocks.supply(p, True), low, np.minimum(high, capacity)), 0.0, capacity)
        usable = (low <= capacity) & np.isfinite(x) & (high >= 0.0)
        return np.where(usable, p * x - blocks.costs_of(np.where(usable, x, 0.0)), -np.inf)

    value = profit(prices.ravel()).reshape(prices.shape)
    tops = (value[:, 1:-1] >= value[:, :-2]) & (value[:, 1:-1] >= value[:, 2:])
    rows, columns = np.nonzero(tops)
    best = np.argsort(-value[rows, columns + 1])[:_REFINED]
    found = [prices.ravel()]
    for row, column in zip(rows[best], columns[best], strict=True):
        low, high = float(prices[row, column]), float(prices[row, column + 2])
        for _ in range(9):
            near = np.linspace(low, high, 21)
            found.append(near)
            j = int(np.argmax(profit(near)))
            low, high = float(near[max(0, j - 1)]), float(near[min(20, j + 1)])
    return np.concatenate(found)
