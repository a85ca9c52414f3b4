"""The meeting of the reference against an older plain model, against a grid, and against itself told otherwise."""

from __future__ import annotations

import ast
import math
import pathlib
import random
from dataclasses import replace

import pytest
from tests.numerics.joint_cut import reference as older
from tests.reference.game import Game, cut_alone, nash
from tests.reference.industries import drawn
from tests.reference.market import IdleLine, Market
from tests.reference.meeting import BELIEFS, INSTITUTIONS, Meeting
from tests.reference.owners import Plant, path_of
from tests.reference.prize import Prize
from tests.reference.tonnages import answer, same

TENTH = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0)  # b = 0.1


def old_world(game: Game) -> older.World:
    """Return the same industry for the older plain model, which has flat ceilings only."""
    prize = game.market.prize
    running = [
        older.Plant(
            p.owner,
            p.running_kt,
            0.0,
            p.loss_per_t,
            p.loss_per_t + p.lump / p.running_kt,
            p.stop_per_t,
            0.0,
            p.use,
            p.line_kt,
        )
        for p in game.plants
    ]
    idle = [
        older.Plant(k.owner, 0.0, k.kt, 0.0, 0.0, 0.0, prize.price_per_t + k.need_per_t, k.use, 0.0)
        for k in game.market.lines
    ]
    ceiling = math.inf if prize.import_slope == 0.0 else prize.price_per_t + prize.headroom_per_t
    return older.World(
        price=prize.price_per_t,
        quantity=prize.quantity_kt,
        elasticity=prize.elasticity,
        isoelastic=False,
        ceiling=ceiling,
        annuity=game.annuity,
        relief=list(game.market.relief),
        plants=[*running, *idle],
        owners=game.owners,
        base_cut=list(game.baseline_kt) or [0.0] * game.owners,
    )


@pytest.mark.parametrize("seed", range(60))
def test_margins_are_those_of_the_older_plain_model(seed):
    """With a flat ceiling or none: two plain models, written apart, one of them by halving every market."""
    game = drawn(seed, imports=("none", "flat")[seed % 2], relief=seed % 3 == 0, from_nash=seed % 4 == 0)
    held = Meeting(game=game, present=(2, 0, 1))
    tonnage = random.Random(seed).uniform(0.02, 0.6) * held.most

    def planned(group):
        plan = held.plan(tuple(sorted(group)), tonnage)
        return {i: cut.kt for i, cut in plan.items()}

    wanted = older.meeting(old_world(game), list(held.able), tonnage, game.rule, game.stated_kt, planned)
    scale = 1e-3 * game.market.prize.price_per_t * game.market.prize.quantity_kt
    for belief in ("keep", "respread", "collapse"):
        for institution, name in (("voluntary", "voluntary"), ("transfers", "transfers"), ("all_or_none", "unanimity")):
            if game.rule == "efficient" and institution != "transfers":
                continue  # there a member may idle nothing
            found = held.margin(tonnage, institution, belief).m_per_year
            expected = wanted.get((belief, name), -math.inf)
            assert found == expected or abs(found - expected) <= 1e-9 * scale, (belief, institution)


@pytest.mark.parametrize("seed", range(24))
def test_no_interval_is_missing_on_a_grid(seed):
    game = drawn(seed, imports="spread" if seed % 2 else "", relief=seed % 4 == 0, from_nash=seed % 3 == 0)
    held = Meeting(game=game, present=(0, 1, 2))
    for belief in BELIEFS:
        for institution in INSTITUTIONS:
            found = answer(held, institution, belief)
            ends = [end for interval in found.tonnages for end in (interval.low, interval.high)]
            for k in range(1, 41):
                tonnage = held.most * k / 40.37
                judged = [held.judged(group, tonnage, belief) for group in held.groups]
                holds = any(one is not None and one.holds(institution) for one in judged)
                belongs = any(tonnage in interval for interval in found.tonnages)
                assert holds == belongs or min(abs(tonnage - end) for end in ends) <= 1e-6, (
                    belief,
                    institution,
                    tonnage,
                )


@pytest.mark.parametrize("seed", [3, 5, 11, 17])
def test_names_units_and_an_idle_owner_change_nothing(seed):
    game = drawn(seed, owners=3, rule="efficient" if seed == 5 else "pro_rata")
    held = Meeting(game=game, present=(0, 1, 2))
    shift = {0: 2, 1: 0, 2: 1}

    def renamed(owner: int) -> int:
        return shift.get(owner, owner)

    other = replace(
        game,
        market=Market(game.market.prize, tuple(replace(k, owner=renamed(k.owner)) for k in game.market.lines)),
        plants=tuple(replace(p, owner=renamed(p.owner)) for p in game.plants),
        owners=4,
    )
    ten, prize = 10.0, game.market.prize
    scaled = replace(
        game,
        market=Market(
            replace(
                prize,
                price_per_t=prize.price_per_t * ten,
                headroom_per_t=prize.headroom_per_t * ten,
                headroom_spread_per_t=prize.headroom_spread_per_t * ten,
                import_slope=prize.import_slope / ten,
            ),
            tuple(replace(k, need_per_t=k.need_per_t * ten) for k in game.market.lines),
        ),
        plants=tuple(
            replace(p, loss_per_t=p.loss_per_t * ten, lump=p.lump * ten, stop_per_t=p.stop_per_t * ten)
            for p in game.plants
        ),
    )
    for belief in BELIEFS:
        wanted = answer(held, "voluntary", belief).tonnages
        near = 1e-7 * held.most
        assert same(answer(Meeting(game=other, present=(0, 1, 2, 3)), "voluntary", belief).tonnages, wanted, near)
        assert same(answer(Meeting(game=scaled, present=(0, 1, 2)), "voluntary", belief).tonnages, wanted, near)


def test_best_cuts_alone_are_exact():
    """Ten owners of 100 kt, margin 4, b = 0.1: n (100 - 40) / (n + 1) kt together, and nobody alone more than 30."""
    plants = tuple(Plant(owner=i, running_kt=100.0, loss_per_t=4.0) for i in range(10))
    game = Game(market=Market(TENTH), plants=plants, owners=10, annuity=1.0)
    found = nash(game)
    assert (found.settled, sum(found.cut_kt)) == (True, pytest.approx(10 * 60.0 / 11.0, abs=1e-10))
    assert cut_alone(game, 0) == pytest.approx(30.0, abs=1e-12)
    beyond = Meeting(game=replace(game, baseline_kt=found.cut_kt), present=(0, 1, 2))
    assert answer(beyond, "voluntary", "keep").tonnages == ()


@pytest.mark.parametrize("seed", range(12))
def test_nobody_gains_by_another_cut_in_the_baseline_nash(seed):
    game = drawn(seed, rule="pro_rata", imports="spread" if seed % 2 else "rising")
    found = nash(game)
    assert found.settled
    for i in range(game.owners):
        others = sum(found.cut_kt) - found.cut_kt[i]

        def value(cut: float, i: int = i, others: float = others) -> float:
            idled = game.cuts({i: cut})[i]
            state = game.market.state(others + idled.kt)
            return game.annuity * ((game.size[i] - idled.kt) * state.rise) - idled.loss

        best = max(value(game.size[i] * k / 400.0) for k in range(401))
        assert best <= value(found.cut_kt[i]) + 1e-9 * game.annuity * 12_500.0 * game.size[i]


def test_pieces_that_tie_are_idled_in_equal_shares_of_what_ties():
    """Owner 0 has 30 kt that lose 5 and 70 that lose 9, owner 1 has 20 and 40 that lose 5 (equal on paper) and 10."""
    mine = [Plant(owner=0, running_kt=30.0, loss_per_t=5.0), Plant(owner=0, running_kt=70.0, loss_per_t=9.0)]
    theirs = [Plant(owner=1, running_kt=20.0, loss_per_t=5.0 + 1e-13), Plant(owner=1, running_kt=40.0, loss_per_t=5.0)]
    path = path_of("efficient", {0: mine, 1: [*theirs, Plant(owner=1, running_kt=10.0, loss_per_t=8.0)]}, {})
    assert path.asked(45.0) == pytest.approx({0: 15.0, 1: 30.0})
    assert path.asked(95.0) == pytest.approx({0: 30.0, 1: 65.0})
    assert path.asked(170.0) == pytest.approx({0: 100.0, 1: 70.0})


def test_a_member_that_idles_nothing_signs_only_where_it_may_pay():
    """Owner 1 loses 50 a tonne: the efficient cut is all owner 0's, which is a deal of two only if owner 1 pays."""
    plants = (Plant(owner=0, running_kt=100.0, loss_per_t=3.0), Plant(owner=1, running_kt=100.0, loss_per_t=50.0))
    held = Meeting(
        game=Game(market=Market(TENTH), plants=plants, owners=2, annuity=1.0, rule="efficient"), present=(0, 1)
    )
    judged = held.judged((0, 1), 10.0, "collapse")
    assert judged is not None
    assert (judged.idles, judged.test("voluntary"), judged.test("all_or_none")) == (False, -math.inf, -math.inf)
    assert judged.test("transfers") == pytest.approx(sum(judged.gain.values()))
    assert judged.holds("transfers")


def test_restarts_of_a_leaver_and_of_outsiders_take_from_the_deal():
    """b = 0.1: pair 0, 1 cuts 100 kt; outsiders restart 20 kt from a rise of 2, owner 1 its 30 kt once it leaves."""
    lines = (IdleLine(owner=2, kt=20.0, need_per_t=2.0), IdleLine(owner=1, kt=30.0, need_per_t=1.0))
    plants = tuple(Plant(owner=i, running_kt=100.0, loss_per_t=1.0) for i in range(3))
    held = Meeting(game=Game(market=Market(TENTH, lines), plants=plants, owners=3, annuity=1.0), present=(0, 1))
    judged = held.judged((0, 1), 100.0, "keep")
    assert judged is not None
    assert judged.gain == pytest.approx({0: 50.0 * 8.0 - 50.0, 1: 50.0 * 8.0 - 50.0})
    assert judged.outside == pytest.approx(
        {0: 100.0 * 3.0, 1: 100.0 * 2.0}
    )  # 50 - 20 kt; 50 - 30 kt, which bring just 2


def test_the_reference_uses_nothing_that_solves():
    files = [file for file in pathlib.Path(__file__).parent.glob("*.py") if not file.name.startswith("test_")]
    assert len(files) >= 10
    for file in files:
        names = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        modules = {node.module or "" for node in names if isinstance(node, ast.ImportFrom)}
        modules |= {alias.name for node in names if isinstance(node, ast.Import) for alias in node.names}
        assert not [module for module in modules if module.split(".")[0] in ("potline", "numba")], file.name
