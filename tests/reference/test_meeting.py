"""The reference's meeting against closed forms, against cartels, against an older plain model, and against itself."""

from __future__ import annotations

import ast
import math
import pathlib
import random
from dataclasses import replace

import pytest
from tests.numerics.joint_cut import reference as older
from tests.reference.closed_forms import Alike
from tests.reference.game import Game, best_total, cut_alone, nash
from tests.reference.industries import drawn
from tests.reference.market import IdleLine, Market
from tests.reference.meeting import BELIEFS, INSTITUTIONS, Meeting
from tests.reference.owners import Plant, path_of
from tests.reference.prize import Prize
from tests.reference.tonnages import Interval, answer

import potline as pot

TENTH = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0)  # b = 0.1


def alike(
    n: int, prize: Prize, *, parts: int = 1, lump: float = 0.0, rule: str = "pro_rata", alone: bool = True
) -> Meeting:
    """Return n owners of 100 kt that lose 5 a tonne and ``lump`` (kt times money/t) with the last tonne of a plant."""
    plants = [
        Plant(owner=i, running_kt=100.0 / parts, loss_per_t=5.0, lump=lump) for i in range(n) for _ in range(parts)
    ]
    game = Game(market=Market(prize), plants=tuple(plants), owners=n, annuity=1.0, rule=rule)
    return Meeting(game=game, present=tuple(range(n)), alone=alone)


def same(found: tuple[Interval, ...], wanted: tuple[Interval, ...], near: float = 1e-7) -> bool:
    """Return whether two sets have the same ends, belonging or not, to ``near`` kt."""
    return len(found) == len(wanted) and all(
        (a.starts, a.ends) == (b.starts, b.ends) and abs(a.low - b.low) <= near and abs(a.high - b.high) <= near
        for a, b in zip(found, wanted, strict=True)
    )


def test_three_owners_hold_fifty_to_a_hundred_if_a_lone_stayer_may_cut():
    """Pairs: 7.5 K - K^2 / 20 is at least the 250 that a leaver gets from a stayer's 25 kt, from K = 50 to K = 100."""
    found = answer(alike(3, TENTH), "voluntary", "reoptimise")
    assert same(found.tonnages, (Interval(50.0, 100.0, True, True),))
    assert (len(found.group), found.largest, found.reached) == (2, pytest.approx(100.0), True)
    assert math.isnan(found.with_all)


def test_three_owners_hold_up_to_a_hundred_and_fifty_if_not():
    found = answer(alike(3, TENTH, alone=False), "voluntary", "reoptimise")
    assert same(found.tonnages, (Interval(0.0, 150.0, False, True),))


@pytest.mark.parametrize("lump", [1e-3, 10.0, 1e4])
def test_a_lump_sum_takes_the_upper_end_away(lump):
    """Two plants of 50 kt each: at K = 100 a pair idles one each, and any lump sum exceeds its slack of 0."""
    found = answer(alike(3, TENTH, parts=2, lump=lump), "voluntary", "reoptimise")
    assert same(found.tonnages, (Interval(50.0, 100.0, True, False),))
    assert (found.largest, found.reached) == (pytest.approx(100.0), False)


def test_three_owners_under_the_other_beliefs():
    wanted = {
        "keep": (Interval(0.0, 50.0, False, True),),
        "respread": (Interval(0.0, 150.0, False, True), Interval(200.0, 250.0, False, True)),
        "collapse": (Interval(0.0, 250.0, False, True),),
    }
    for belief, tonnages in wanted.items():
        assert same(answer(alike(3, TENTH), "voluntary", belief).tonnages, tonnages), belief


@pytest.mark.parametrize("seed", range(60))
def test_owners_alike_hold_what_the_closed_form_says(seed):
    r = random.Random(seed)
    n, size, b, annuity = r.randint(2, 4), r.uniform(50.0, 200.0), r.uniform(0.05, 2.0), r.uniform(0.5, 2.0)
    loss = size * r.choice((r.uniform(0.01, 1.0), r.uniform(1.0, 3.2)))
    part = r.choice((1.0, 0.0, r.uniform(0.05, 0.95)))
    bend = math.inf if part == 1.0 else r.uniform(0.05, 2.5) * size
    prize = Prize(
        price_per_t=b * n * size,
        quantity_kt=n * size,
        elasticity=1.0,
        import_slope=math.inf if part == 0.0 else (1.0 / part - 1.0) / b,
        headroom_per_t=b * bend,
    )
    plants = tuple(Plant(owner=i, running_kt=size, loss_per_t=annuity * b * loss) for i in range(n))
    held = Meeting(game=Game(market=Market(prize), plants=plants, owners=n, annuity=annuity), present=tuple(range(n)))
    form = Alike(n=n, r=size, a=loss, bend=bend, part=part)
    for belief in BELIEFS:
        assert same(answer(held, "voluntary", belief).tonnages, tuple(form.tonnages(belief)), 1e-6 * size), belief


def test_the_largest_tonnage_of_owners_alike_in_one_line_each():
    """docs/theory/meeting.md: r = 100, a = 40 kt; without imports, and below a flat ceiling that 30 kt fill."""
    free, flat = Alike(n=4, r=100.0, a=40.0), Alike(n=4, r=100.0, a=40.0, bend=30.0, part=0.0)
    tops = {belief: form.tonnages(belief)[-1].high for form in (free,) for belief in BELIEFS}
    assert tops == pytest.approx({"reoptimise": 100.0, "keep": 60.0, "respread": 360.0, "collapse": 360.0})
    ceiling = {belief: [i.high for i in flat.tonnages(belief)][-1:] for belief in BELIEFS}
    assert ceiling["keep"] == [pytest.approx(2 * 100 * 30 / (30 + 40 + 100))]
    assert ceiling["collapse"] == [pytest.approx(4 * 100 * 30 / (30 + 40))]
    assert ceiling["respread"] == [pytest.approx(2 * 100 * 30 / (30 + 40))]  # 30 < (s - 1) 40: pairs only
    assert ceiling["reoptimise"] == []  # the lone stayer's (100 - 40) / 2 kt fill the headroom by themselves
    wide = Alike(n=2, r=100.0, a=40.0, bend=80.0, part=0.0)
    assert wide.tonnages("reoptimise")[-1].high == pytest.approx(2 * 100 * (80 - 30) / (80 + 40))


def cartel(sizes: list[float], margins: list[float], slope: float) -> pot.CartelStability:
    """Return what a leading cartel with price takers around it holds: the same game told as a market."""
    price, plants = 1000.0, []
    for i, (size, margin) in enumerate(zip(sizes, margins, strict=True)):
        plants.append(pot.Plant(name=f"{i}", firm=f"{i}", capacity_kt=size, other_cost_per_t=price - margin))
    demand = pot.LinearDemand.from_line(intercept_per_t=price + slope * sum(sizes), slope_per_kt=slope)
    return pot.cartel_stability(
        pot.Industry(name="one game, two tellings", demand=demand, plants=tuple(plants)),
        fringe=pot.Competitive(),
        leads=True,
    )


def efficient(sizes: list[float], margins: list[float], slope: float) -> Meeting:
    quantity = sum(sizes)
    prize = Prize(price_per_t=1000.0, quantity_kt=quantity, elasticity=1000.0 / (slope * quantity))
    plants = tuple(
        Plant(owner=i, running_kt=x, loss_per_t=m) for i, (x, m) in enumerate(zip(sizes, margins, strict=True))
    )
    game = Game(market=Market(prize), plants=plants, owners=len(sizes), annuity=1.0, rule="efficient")
    return Meeting(game=game, present=tuple(range(len(sizes))))


def test_three_owners_are_the_cartel_of_two_with_a_slack_of_31_25():
    table = cartel([100.0] * 3, [5.0] * 3, 0.1)
    assert table.stable_sizes == (2,)
    held = efficient([100.0] * 3, [5.0] * 3, 0.1)
    pair = held.plan((0, 1), 1e-9)
    assert pair is not None
    assert sum(cut.kt for cut in pair.values()) == pytest.approx(75.0, abs=1e-12)
    assert held.slack((0, 1), 1e-9, "reoptimise") == pytest.approx({0: 0.03125, 1: 0.03125}, abs=1e-15)
    row = next(k for k, size in enumerate(table.size) if size == 2)
    assert table.internal_slack_m[row] == pytest.approx(0.03125, abs=1e-12)


@pytest.mark.parametrize("seed", range(25))
def test_slacks_are_those_of_a_leading_cartel(seed):
    """efficient, reoptimise, K -> 0: what a cartel does that moves first, price takers around it at capacity."""
    r = random.Random(seed)
    n, slope = r.randint(2, 4), r.uniform(0.02, 0.5)
    sizes = [r.uniform(40.0, 200.0) for _ in range(n)]
    margins = [r.uniform(0.2, 0.9) * slope * max(sizes) for _ in range(n)]
    if seed % 3 == 0:
        sizes, margins = [sizes[0]] * n, [margins[0]] * n
    table, held = cartel(sizes, margins, slope), efficient(sizes, margins, slope)
    looked_at = 0
    for row, inside in enumerate(table.coalitions):
        group = tuple(i for i in range(n) if inside[i])
        if len(group) < 2 or best_total(held.problem(group)) == 0.0:
            continue
        slack = held.slack(group, 1e-9, "reoptimise")
        assert min(slack.values()) == pytest.approx(table.internal_slack_m[row], abs=1e-10 * slope * sum(sizes) ** 2)
        looked_at += 1
    assert looked_at or max(margins) > 0.0


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
