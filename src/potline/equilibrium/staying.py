"""Which clearing points nobody leaves, where import tranches or an export floor bend demand.

A unit that leaves a point meets demand less what the others sell there: a market of its own, of which the kernel finds
every point at which no tonne more or less pays. The best of them is the most that it can have. With conduct theta it
believes that ``theta (q - q_i)`` of what it adds comes to the market: then ``y = theta q`` is sold against
``D(p) - Q + theta q_i``, from blocks ``theta`` times as large.
"""

from __future__ import annotations

__all__ = ["nobody_leaves"]

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.clearing import Point, clearing_points
from potline.equilibrium.game import Game, NoAnswer

Floats = NDArray[np.float64]


def nobody_leaves(game: Game, point: Point, share: float) -> bool:
    """Return whether no unit gains more than a share of all revenue by selling another quantity."""
    allowed = share * abs(point.price) * max(float(point.output.sum()), 1e-300)
    return all(_gain(game, point, int(i)) <= allowed for i in np.flatnonzero(game.theta > 0.0))


def _gain(game: Game, point: Point, i: int) -> float:
    """Return what a unit would gain alone, money/t times kt; without end where the price has no bound."""
    theta, mine = float(game.theta[i]), slice(int(game.start[i]), int(game.start[i + 1]))
    sold = game.by_unit(point.output)
    room = game.cap - float(sold[game.limited].sum())
    alone = dataclasses.replace(
        game,
        units=(game.units[i],),
        theta=np.ones(1),
        start=np.array([0, mine.stop - mine.start], np.int64),
        plant=game.plant[mine],
        cost=game.cost[mine],
        capacity=theta * game.capacity[mine],
        scale=theta * game.scale[mine],
        exponent=game.exponent[mine],
        limited=game.limited[[i]],
        cap=theta * (float(sold[i]) + max(0.0, room)) if game.limited[i] else math.inf,
        outside=game.outside + float(sold.sum()) - theta * float(sold[i]),
    )
    try:
        found = clearing_points(alone)
    except NoAnswer:
        return math.inf
    best = max((_profit(alone, other.price, other.output) for other in found), default=0.0)
    return (best - _profit(alone, point.price, theta * point.output[mine])) / theta


def _profit(game: Game, price: float, output: Floats) -> float:
    rising = game.scale > 0.0
    scale, power = np.where(rising, game.scale, 1.0), 1.0 + 1.0 / game.exponent
    spent = game.cost * output + np.where(rising, scale * (output / scale) ** power / power, 0.0)
    return price * float(output.sum()) - float(spent.sum())
