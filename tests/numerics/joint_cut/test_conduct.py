"""The conduct that not cutting reveals, against the reference on a grid of cuts, and against best cuts alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.numerics.joint_cut.industries import in_the_kernel
from tests.numerics.joint_cut.test_prize import IMPORTS
from tests.reference.game import Game, Problem
from tests.reference.industries import drawn
from tests.reference.owners import path_of

from potline.numerics.joint_cut.conduct import revealed
from potline.numerics.joint_cut.deals import alone

INDUSTRIES, POINTS = 300, 60


def problem_of(game: Game, owner: int) -> Problem:
    return Problem(game, path_of("pro_rata", {owner: game.running[owner]}, {}), (owner,), 0.0, deal=False)


def quotient(game: Game, problem: Problem, x: float) -> float:
    """Return the loss over what a cut brings, ``inf`` where it brings nothing."""
    value, loss = problem.value(x), problem.cut(x).loss
    brings = value + loss
    return max(loss, 0.0) / brings if brings > 1e-12 * game.annuity * game.market.prize.price_per_t else np.inf


def industry(seed: int) -> Game:
    game = drawn(seed, imports=IMPORTS[seed % 6], relief=seed % 4 == 0, rule="pro_rata")
    if seed % 12 != 1:
        return game
    return replace(game, market=replace(game.market, prize=replace(game.market.prize, import_slope=np.inf)))


@pytest.mark.parametrize("seed", range(INDUSTRIES))
def test_no_cut_of_a_grid_is_below_the_bound_and_one_comes_to_it(seed: int):
    game = industry(seed)
    share, at = (values[0] for values in revealed(in_the_kernel(game)))
    for owner in range(game.owners):
        problem, size = problem_of(game, owner), game.size[owner]
        if size <= 0.0:
            continue
        points = [*np.linspace(0.0, size, POINTS + 1)[1:-1], *(x for x in problem.points if x < size)]
        found = [quotient(game, problem, float(x)) for x in points]
        assert min(found) >= share[owner] * (1.0 - 1e-9) - 1e-12, owner
        if np.isfinite(share[owner]):
            near = 1e-7 * size
            beside = (at[owner] - near, at[owner], at[owner] + near, at[owner] + 5.0 * near)
            best = min(quotient(game, problem, float(x)) for x in beside if 0.0 < x < size)
            assert best == pytest.approx(share[owner], rel=1e-3, abs=1e-6), owner


@pytest.mark.parametrize("seed", range(INDUSTRIES))
def test_it_is_below_one_exactly_where_a_cut_alone_pays(seed: int):
    game = industry(seed)
    rows = in_the_kernel(game)
    share, cut = revealed(rows)[0][0], alone(rows, solo=True).solo_cut_kt[0]
    clear = np.abs(share - 1.0) > 1e-5  # a lump sum is missed by a millionth of a plant
    assert ((share < 1.0) == (cut > 0.0))[clear].all()


@pytest.mark.parametrize(("loss", "share"), [(0.0, 0.0), (4.0, 0.4), (10.0, 1.0), (14.0, 1.4)])
def test_of_one_owner_in_a_linear_market_the_first_tonne_decides(loss: float, share: float):
    """theta = l / (b r), whatever is lost: the quotient l / (b (r - x)) rises with the cut."""
    game = industry(2)
    prize = replace(
        game.market.prize, price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0, isoelastic=False,
        import_slope=0.0, headroom_per_t=np.inf, headroom_spread_per_t=0.0,
    )  # fmt: skip
    plant = replace(game.plants[0], owner=0, running_kt=100.0, loss_per_t=loss, lump=0.0, use=0.0, line_kt=0.0)
    game = replace(game, market=replace(game.market, prize=prize, lines=(), relief=()), plants=(plant,), annuity=1.0)
    found, at = revealed(in_the_kernel(game))
    assert found[0, 0] == pytest.approx(share)
    assert at[0, 0] == 0.0
