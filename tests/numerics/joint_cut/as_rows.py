"""A game of the reference as the compiled kernels read it: the one place where the two meet, for tests."""

from __future__ import annotations

__all__ = ["arranged", "rows_for"]

import numpy as np
from tests.reference.game import Game

from potline.numerics.joint_cut.arrange import Arrangement, CutMarket, CutPlants, arrange
from potline.numerics.joint_cut.rows import Alone, Rows, rows_of

RULES = ("pro_rata", "efficient", "stated")


def arranged(game: Game) -> Arrangement:
    """Return the market, plants and idle lines; lines of nobody at the table belong to one more owner."""
    prize, idle = game.market.prize, game.market.lines
    running = [(p.running_kt, 0.0, p.loss_per_t, p.lump / p.running_kt, p.stop_per_t, 0.0, p.use) for p in game.plants]
    standing = [(0.0, k.kt, 0.0, 0.0, 0.0, prize.price_per_t + k.need_per_t, k.use) for k in idle]
    columns = [np.array([column]) for column in zip(*running, *standing, strict=True)]
    owner = [p.owner for p in game.plants] + [k.owner if k.owner >= 0 else game.owners for k in idle]
    plants = CutPlants(
        running_kt=columns[0],
        idle_kt=columns[1],
        loss_part_per_t=columns[2],
        loss_whole_per_t=columns[2] + columns[3],
        stop_price_per_t=columns[4],
        restart_price_per_t=columns[5],
        relief_use=columns[6],
        line_kt=np.array([p.line_kt for p in game.plants] + [0.0] * len(idle)),
        owner=np.array(owner),
    )
    corners = np.array(game.market.relief).reshape(1, -1, 2)
    market = CutMarket(
        price_per_t=np.array([prize.price_per_t]),
        quantity_kt=np.array([prize.quantity_kt]),
        elasticity=np.array([prize.elasticity]),
        isoelastic=prize.isoelastic,
        ceiling_per_t=np.array([prize.price_per_t + (prize.headroom_per_t if prize.import_slope else np.inf)]),
        import_slope=np.array([prize.import_slope or np.inf]),
        headroom_spread_per_t=np.array([prize.headroom_spread_per_t]),
        annuity=np.array([game.annuity]),
        relief_output_fall_kt=corners[:, :, 0],
        relief_per_t=corners[:, :, 1],
    )
    return arrange(market, plants, game.owners + 1)


def rows_for(game: Game, present: tuple[int, ...]) -> Rows:
    """Return a meeting of the owners present, counted from the game's own baseline."""
    arrangement, before = arranged(game), game.before
    cut = np.array([[*game.baseline_kt, 0.0]]) if game.baseline_kt else np.zeros((1, game.owners + 1))
    baseline = Alone(
        cut_kt=cut,
        solo_cut_kt=cut[:, :0],
        solo_gain_m=cut[:, :0],
        regret=np.zeros(1),
        rounds=np.zeros(1, np.int64),
        settled=np.ones(1, np.bool_),
        total_kt=cut.sum(axis=1),
        output_fall_kt=np.array([before.fall]),
        price_rise_per_t=np.array([before.rise]),
        relief_per_t=np.array([before.relief]),
    )
    return rows_of(
        arrangement,
        np.array(present),
        np.zeros(1),
        rule=RULES.index(game.rule),
        stated_cut_kt=np.array([game.stated_kt.get(i, 0.0) for i in present]),
        baseline=baseline if game.baseline_kt else None,
    )
