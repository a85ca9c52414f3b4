"""Totals chosen by a group, and cuts made alone, against grids: every kind of demand and import supply."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from tests.reference.expansion import ramping
from tests.reference.game import best_total, nash
from tests.reference.industries import drawn
from tests.reference.meeting import BELIEFS, Meeting
from tests.reference.tonnages import answer

KINDS = ("none", "flat", "rising", "spread", "tranches", "isoelastic", "isoelastic, rising")


def game_of(kind: str, seed: int, **more):
    """Return a drawn game; of the kinds that are not drawn, the prize is exchanged."""
    if kind in ("none", "flat", "rising", "spread"):
        return drawn(seed, imports=kind, **more)
    game = drawn(seed, imports="rising", **more)
    prize, r = game.market.prize, random.Random(seed)
    if kind == "tranches":
        steps = tuple((prize.price_per_t + r.uniform(-50.0, 500.0), r.uniform(20.0, 200.0)) for _ in range(3))
        prize = replace(prize, import_slope=0.0, tranches=steps)
    else:
        rising = prize.import_slope if kind.endswith("rising") else 0.0
        prize = replace(prize, isoelastic=True, import_slope=rising, elasticity=r.uniform(1.2, 8.0))
    return replace(game, market=replace(game.market, prize=prize))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_no_total_on_a_grid_is_better(kind, seed):
    game = game_of(kind, seed, relief=seed % 3 == 0, rule=("pro_rata", "efficient", "stated")[seed % 3])
    for group in ((0,), (1, 2), (0, 1, 2, 3)):
        problem = game.problem(group)
        top = problem.path.total
        for least in (0.0, 0.37 * top):
            best = best_total(problem, least)
            assert best >= least
            values = [problem.value(least + (top - least) * k / 600.0) for k in range(601)]
            assert max(values) <= problem.value(best) + 1e-6 * problem.sums, (group, least)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_the_set_holds_what_a_grid_holds(kind, seed):
    game = game_of(kind, 50 + seed, owners=3)
    ramped = ramping(game, [(game.plants[0], 0.1), (game.plants[2], 0.2)], exempt=seed == 1) if seed % 2 else game
    held = Meeting(game=ramped, present=(0, 1, 2))
    for belief in BELIEFS:
        found = answer(held, "voluntary", belief)
        ends = [end for interval in found.tonnages for end in (interval.low, interval.high)]
        for k in range(1, 31):
            tonnage = held.most * k / 30.37
            judged = [held.judged(group, tonnage, belief) for group in held.groups]
            holds = any(one is not None and one.holds("voluntary") for one in judged)
            belongs = any(tonnage in interval for interval in found.tonnages)
            assert holds == belongs or min(abs(tonnage - end) for end in ends) <= 1e-6, (belief, tonnage)


@pytest.mark.parametrize("kind", KINDS)
def test_turns_come_to_rest_where_nobody_gains_by_another_cut(kind):
    for seed in range(4):
        game = game_of(kind, 20 + seed, rule="pro_rata")
        found = nash(game)
        for i in range(game.owners):
            others = sum(found.cut_kt) - found.cut_kt[i]

            def value(cut: float, i: int = i, others: float = others, game=game) -> float:
                idled = game.cuts({i: cut})[i]
                state = game.market.state(others + idled.kt)
                return game.annuity * ((game.size[i] - idled.kt) * state.rise) - idled.loss

            best = max(value(game.size[i] * k / 400.0) for k in range(401))
            assert not found.settled or best <= value(found.cut_kt[i]) + 1e-6 * game.annuity * game.size[i] * 100.0
        assert found.settled or kind == "tranches"
