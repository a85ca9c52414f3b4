"""What is left for a leader at a price, for its verifier: demand less what followers and imports sell there."""

from __future__ import annotations

__all__ = ["Followers", "left_for_leader", "slope_of"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game
from potline.equilibrium.residual import UnitBlocks

Floats = NDArray[np.float64]
_ROOM = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followers:
    """Blocks of all followers on steps, (B,), and followers whose marginal cost rises smoothly.

    Attributes:
        cost, capacity: of each block.
        behind: capacity of the owner's cheaper blocks.
        theta: conduct of its owner.
        smooth: position and blocks of the others.
    """

    cost: Floats
    capacity: Floats
    behind: Floats
    theta: Floats
    smooth: tuple[tuple[int, UnitBlocks], ...]

    @classmethod
    def of(cls, game: Game) -> Followers:
        """Return the followers of a game."""
        rising = np.unique(game.unit[game.scale > 0.0])
        mine = (game.unit != game.leader) & ~np.isin(game.unit, rising)
        unit, capacity = game.unit[mine], game.capacity[mine]
        whole = np.cumsum(np.where(np.isinf(capacity), 0.0, capacity))
        before = np.concatenate(([0.0], whole))[:-1]
        first = np.concatenate(([True], unit[1:] != unit[:-1])) if unit.size else np.zeros(0, np.bool_)
        before -= np.repeat(before[first], np.diff(np.append(np.flatnonzero(first), unit.size)))
        endless = np.cumsum(np.isinf(capacity)) - np.isinf(capacity)
        endless -= np.repeat(endless[first], np.diff(np.append(np.flatnonzero(first), unit.size)))
        return cls(
            cost=game.cost[mine],
            capacity=np.where(endless > 0, 0.0, capacity),  # what stands behind an unlimited block never runs
            behind=before,
            theta=game.theta[unit],
            smooth=tuple((int(i), UnitBlocks.of(game, int(i))) for i in rising if i != game.leader),
        )


def slope_of(game: Game, prices: Floats) -> Floats:
    """Return ``|P'|`` where demand stands at prices, money/t per kt."""
    if game.isoelastic:
        return prices ** (1.0 + game.second) / (game.first * game.second)
    return np.full(prices.size, 1.0 / game.second)


def left_for_leader(game: Game, followers: Followers, prices: Floats) -> tuple[Floats, Floats]:
    """Return the least and most that the leader can sell at prices, kt."""
    with np.errstate(all="ignore"):
        demand = game.first * prices**-game.second if game.isoelastic else game.first - game.second * prices
        least, most = _supply(game, followers, prices)
        for world, size in zip(game.tranche_price, game.tranche_kt, strict=True):
            at = prices == world
            if np.any(at):
                takers = _reached(followers.cost, followers.capacity, prices, "right")
                for _, blocks in followers.smooth:
                    takers = takers + blocks.supply(prices, True)
                most = np.where(at, np.maximum(most, takers) + size, most)
            least = least + np.where(prices > world, size, 0.0)
            most = most + np.where(prices > world, size, 0.0)
        return demand - most, np.where(prices == game.floor, np.inf, demand - least)


def _supply(game: Game, followers: Followers, prices: Floats) -> tuple[Floats, Floats]:
    """Return the least and most that followers sell at prices."""
    takes = followers.theta == 0.0
    cost, capacity = followers.cost[takes], followers.capacity[takes]
    least = _reached(cost, capacity, prices, "left")
    most = _reached(cost, capacity, prices, "right")
    ramps = _ramps(game, followers, ~takes, prices)
    least, most = least + ramps, most + ramps
    slope = slope_of(game, prices)
    for i, blocks in followers.smooth:
        if game.theta[i] == 0.0:
            least, most = least + blocks.supply(prices, False), most + blocks.supply(prices, True)
            continue
        sold = _smooth_ramp(blocks, prices, slope * game.theta[i])
        least, most = least + sold, most + sold
    return least, most


def _reached(cost: Floats, capacity: Floats, prices: Floats, side: str) -> Floats:
    """Return the capacity of blocks that cost less than prices (``right``: no more)."""
    order = np.argsort(cost)
    total = np.concatenate(([0.0], np.cumsum(capacity[order])))
    return total[np.searchsorted(cost[order], prices, side="left" if side == "left" else "right")]


def _ramps(game: Game, followers: Followers, held: NDArray[np.bool_], prices: Floats) -> Floats:
    """Return what followers who hold back sell: the sum of ``clip((p - c) / (theta |P'|) - behind, 0, capacity)``."""
    cost, capacity = followers.cost[held], followers.capacity[held]
    behind, theta = followers.behind[held], followers.theta[held]
    total = np.zeros(prices.size)
    if not cost.size:
        return total
    if not game.isoelastic:
        rate = game.second / theta
        begin = cost + behind / rate
        for at, sign in ((begin, 1.0), (begin + capacity / rate, -1.0)):
            finite = np.isfinite(at)
            order = np.argsort(at[finite])
            knots, weight = at[finite][order], rate[finite][order]
            count = np.searchsorted(knots, prices, side="right")
            moment = np.concatenate(([0.0], np.cumsum(weight * knots)))[count]
            total += sign * (np.concatenate(([0.0], np.cumsum(weight)))[count] * prices - moment)
        return total
    slope = slope_of(game, prices)
    step = max(1, _ROOM // cost.size)
    for here in range(0, prices.size, step):
        part = slice(here, here + step)
        inner = (prices[part, None] - cost) / (theta * slope[part, None]) - behind
        total[part] = np.clip(inner, 0.0, capacity).sum(axis=1)
    return total


def _smooth_ramp(blocks: UnitBlocks, prices: Floats, steep: Floats) -> Floats:
    """Return what one follower whose marginal cost rises sells, by halving its marginal cost."""
    low, high = np.full(prices.size, min(float(blocks.cost[0]), float(prices.min())) - 1.0), prices.copy()
    for _ in range(90):
        middle = 0.5 * (low + high)
        over = middle + steep * blocks.supply(middle, False) > prices
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    value = np.where(prices > blocks.cost[0], np.maximum(0.0, (prices - high) / steep), 0.0)
    return np.minimum(value, blocks.capacity.sum())
