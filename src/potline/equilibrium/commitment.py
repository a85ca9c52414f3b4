"""What a commitment costs the leader, and the price at which followers clear the market around it."""

from __future__ import annotations

__all__ = ["blocks_at", "cost_at", "level_at", "price_given", "without_leader"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.clearing import clearing_points
from potline.equilibrium.game import Game
from potline.numerics.market.smooth import owner_outputs
from potline.numerics.market.sweep import allocate

Floats = NDArray[np.float64]


def without_leader(game: Game) -> Game:
    """Return the followers' game: the leader keeps its place and has no blocks."""
    keep = game.unit != game.leader
    size = np.diff(game.start)
    size[game.leader] = 0
    theta = game.theta.copy()
    theta[game.leader] = 0.0
    return dataclasses.replace(
        game,
        theta=theta,
        leader=-1,
        start=np.concatenate(([0], np.cumsum(size))).astype(np.int64),
        plant=game.plant[keep],
        cost=game.cost[keep],
        capacity=game.capacity[keep],
        scale=game.scale[keep],
        exponent=game.exponent[keep],
    )


def price_given(followers: Game, output: float) -> float:
    """Return the price at which the followers clear the market around a commitment, money/t."""
    return clearing_points(dataclasses.replace(followers, outside=output))[0].price


def level_at(game: Game, output: float) -> float:
    """Return the leader's marginal cost at an output."""
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    first = np.array([0, mine.stop - mine.start], np.int64)
    found = owner_outputs(
        np.array([output]),
        0.0,
        np.ones(1),
        first,
        game.cost[mine],
        game.capacity[mine],
        game.scale[mine],
        game.exponent[mine],
    )
    return float(found[0][0])


def blocks_at(game: Game, output: float) -> Floats:
    """Return what each of the leader's blocks makes of an output, kt."""
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    return allocate(
        np.array([level_at(game, output)]),
        np.array([output]),
        np.array([0, mine.stop - mine.start], np.int64),
        game.cost[mine],
        game.capacity[mine],
        game.scale[mine],
        game.exponent[mine],
    )


def cost_at(game: Game, output: float) -> float:
    """Return what an output costs the leader, money/t times kt."""
    mine = slice(int(game.start[game.leader]), int(game.start[game.leader + 1]))
    made, scale, exponent = blocks_at(game, output), game.scale[mine], game.exponent[mine]
    power = 1.0 + 1.0 / exponent
    rising = np.where(scale > 0.0, scale * (made / np.where(scale > 0.0, scale, 1.0)) ** power / power, 0.0)
    return float(np.sum(game.cost[mine] * made + rising))
