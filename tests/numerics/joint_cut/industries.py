"""A game of the plain reference as the arrays that the kernel reads."""

from __future__ import annotations

__all__ = ["arrays_of", "in_the_kernel"]

import math

import numpy as np
from tests.reference.game import Game

from potline.numerics.joint_cut.deals import Arrangement, CutMarket, CutPlants, arrange


def arrays_of(game: Game) -> tuple[CutMarket, CutPlants]:
    """Return the market and the plants; idle lines of nobody at a table are an owner's behind the last."""
    prize, lines = game.market.prize, game.market.lines
    running = [(p.owner, p.running_kt, 0.0, p.loss_per_t, p.lump / p.running_kt, p.stop_per_t) for p in game.plants]
    idle = [(k.owner if k.owner >= 0 else game.owners, 0.0, k.kt, 0.0, 0.0, 0.0) for k in lines]
    owner, runs, idles, part, lump, stop = (np.array(column) for column in zip(*running, *idle, strict=True))
    need = [0.0] * len(running) + [k.need_per_t for k in lines]
    use = [p.use for p in game.plants] + [k.use for k in lines]
    relief = np.array(game.market.relief).reshape(-1, 2)
    one, everywhere = np.ones(1), math.inf if prize.import_slope == 0.0 else prize.price_per_t + prize.headroom_per_t
    market = CutMarket(
        price_per_t=prize.price_per_t * one,
        quantity_kt=prize.quantity_kt * one,
        elasticity=prize.elasticity * one,
        isoelastic=prize.isoelastic,
        ceiling_per_t=everywhere * one,
        import_slope=(prize.import_slope or math.inf) * one,
        headroom_spread_per_t=prize.headroom_spread_per_t * one,
        annuity=game.annuity * one,
        relief_output_fall_kt=relief[None, :, 0],
        relief_per_t=relief[None, :, 1],
    )
    return market, CutPlants(
        running_kt=runs[None],
        idle_kt=idles[None],
        loss_part_per_t=part[None],
        loss_whole_per_t=(part + lump)[None],
        stop_price_per_t=stop[None],
        restart_price_per_t=(prize.price_per_t + np.array(need))[None],
        relief_use=np.array(use)[None],
        line_kt=np.array([p.line_kt for p in game.plants] + [0.0] * len(lines)),
        owner=owner.astype(np.int64),
    )


def in_the_kernel(game: Game) -> Arrangement:
    """Return the game as the compiled sweep reads it, an owner behind the last for idle lines of nobody."""
    return arrange(*arrays_of(game), game.owners + 1)
