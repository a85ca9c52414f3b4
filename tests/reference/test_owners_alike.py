"""Owners alike in closed form, and leading cartels: what the reference must give where the answer is known on paper."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from tests.reference.closed_forms import Alike
from tests.reference.game import Game, best_total, nash
from tests.reference.industries import drawn_alike
from tests.reference.market import Market
from tests.reference.meeting import BELIEFS, Meeting
from tests.reference.owners import Plant
from tests.reference.prize import Prize
from tests.reference.tonnages import Interval, answer, same

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
    held, form = drawn_alike(seed)
    for belief in BELIEFS:
        assert same(answer(held, "voluntary", belief).tonnages, tuple(form.tonnages(belief)), 1e-6 * form.r), belief


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


@pytest.mark.parametrize(("n", "size", "loss"), [(3, 100.0, 5.0), (4, 80.0, 2.0), (4, 100.0, 9.0)])
def test_counted_from_best_cuts_alone_each_has_lost_what_it_still_runs(n, size, loss):
    """docs/theory/meeting.md: with x = (r - a) / (n + 1) the same forms hold for r - x in place of both r and a."""
    plants = tuple(Plant(owner=i, running_kt=size, loss_per_t=loss) for i in range(n))
    game = Game(market=Market(TENTH), plants=plants, owners=n, annuity=1.0)
    cuts = nash(game).cut_kt
    left = size - (size - loss / 0.1) / (n + 1)
    assert cuts == pytest.approx([size - left] * n, abs=1e-11)
    held = Meeting(game=replace(game, baseline_kt=cuts), present=tuple(range(n)))
    tops = {"reoptimise": left, "respread": left, "collapse": (n - 1) * left}
    for belief, top in tops.items():
        assert same(answer(held, "voluntary", belief).tonnages, (Interval(0.0, top, False, True),)), belief
    assert answer(held, "voluntary", "keep").tonnages == ()


@pytest.mark.parametrize("seed", range(200))
def test_one_line_for_each_belief_below_a_flat_ceiling(seed):
    """The tables of docs/theory/meeting.md against the quadratics, for owners of 100 kt that would cut alone."""
    rng = random.Random(seed)
    n, r, a, h = rng.randint(2, 5), 100.0, rng.uniform(1.0, 99.0), rng.choice((math.inf, rng.uniform(1.0, 450.0)))
    form = Alike(n=n, r=r, a=a, bend=h, part=0.0 if h < math.inf else 1.0)

    def most(s: int) -> float:
        return s * r - a if h >= s * r - a else s * r * h / (h + a)

    large = [s for s in range(3, n + 1) if h > (s - 1) * a]
    lone = 0.5 * (r - a)
    tops = {
        "keep": r - a if h >= r - a else 2.0 * r * h / (h + a + r),
        "collapse": most(n),
        "respread": most(max(large, default=2)),
        "reoptimise": r if h >= r else 2.0 * r * (h - lone) / (h + a) if h >= r - a else math.nan,
    }
    for belief, top in tops.items():
        found = form.tonnages(belief)
        assert (found[-1].high if found else math.nan) == pytest.approx(top, abs=1e-9, nan_ok=True), belief


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
