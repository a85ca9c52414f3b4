"""A state that holds, and expansion, as numbers of the reference."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.reference.expansion import comes_anyway, ramping
from tests.reference.game import Game
from tests.reference.market import IdleLine, Market, started
from tests.reference.meeting import Meeting
from tests.reference.owners import Plant
from tests.reference.prize import Prize
from tests.reference.state import Seen, constant_price, lines_at, state_of

STOPS, RESTARTS = constant_price()


def ten(available: float = 1.0) -> list[Seen]:
    """Ten owners of 100 kt at 400, 420, ... 580, each running 85; no switching cost."""
    return [
        Seen(
            owner=i,
            capacity_kt=100.0,
            running_kt=85.0,
            cost_per_t=400.0 + 20.0 * i,
            stops=STOPS,
            restarts=RESTARTS,
            available=available,
        )
        for i in range(10)
    ]


def price_with_a_pair(seen: list[Seen], end: str, pair: tuple[int, int]) -> float:
    """Return the price once two of the owners cut 100 kt pro rata; 850 kt are bought at 620, elasticity 0.3."""
    prize = Prize(price_per_t=620.0, quantity_kt=850.0, elasticity=0.3)
    plants = tuple(Plant(owner=s.owner, running_kt=s.running_kt, loss_per_t=620.0 - s.cost_per_t) for s in seen)
    game = Game(market=Market(prize, lines_at(seen, 620.0, end)), plants=plants, owners=10, annuity=1.0)
    plan = Meeting(game=game, present=tuple(range(10))).plan(pair, 100.0)
    assert plan is not None
    assert [cut.kt for cut in plan.values()] == [50.0, 50.0]
    return 620.0 + game.after(plan).rise


@pytest.mark.parametrize("pair", [(0, 1), (4, 9)])
def test_two_ends_of_what_idle_tonnes_below_their_restart_price_do(pair):
    found = state_of(ten(), 620.0, 850.0)
    assert (found.verdict, found.unexplained_kt, found.below_restart_kt) == (True, 0.0, pytest.approx(150.0))
    assert found.holds == (580.0, 400.0)  # no price at all: all run and all stand idle in part
    assert price_with_a_pair(ten(), "least", pair) == 620.0
    assert price_with_a_pair(ten(), "most", pair) == pytest.approx(863.14, abs=0.005)


def test_availability_explains_what_stands_idle():
    """At 85 % nothing is left; at 90 % 5 kt each, 40 kt of others: 60 of 100 kt are missing at the least end."""
    assert state_of(ten(0.85), 620.0, 850.0).below_restart_kt == 0.0
    assert price_with_a_pair(ten(0.85), "least", (0, 1)) == price_with_a_pair(ten(0.85), "most", (0, 1))
    assert state_of(ten(0.9), 620.0, 850.0).below_restart_kt == pytest.approx(50.0)
    rise = 620.0 / (0.3 * 850.0) * 60.0
    assert price_with_a_pair(ten(0.9), "least", (0, 1)) == pytest.approx(620.0 + rise)
    assert ten(0.5)[0].idle_kt == 0.0  # never below what runs


def test_a_plant_that_runs_above_its_stopping_price_has_a_wedge_and_no_loss():
    """A plant at 700 running 50 kt at 620: not explained 80 on 50 kt; idling it in a deal brings nothing."""
    dear = Seen(owner=0, capacity_kt=50.0, running_kt=50.0, cost_per_t=700.0, stops=STOPS, restarts=RESTARTS)
    fair = replace(dear, owner=1, cost_per_t=620.0)
    found = state_of([dear, fair], 620.0, 100.0)
    assert (found.wedges, found.unexplained_kt) == ((pytest.approx(80.0), 0.0), 50.0)
    losses = [620.0 - (seen.cost_per_t - w) for seen, w in zip((dear, fair), found.wedges, strict=True)]
    assert losses == pytest.approx([0.0, 0.0])
    no_prize = Prize(price_per_t=620.0, quantity_kt=100.0, elasticity=0.3, import_slope=math.inf, headroom_per_t=0.0)
    plants = tuple(Plant(owner=i, running_kt=50.0, loss_per_t=loss) for i, loss in enumerate(losses))
    held = Meeting(game=Game(market=Market(no_prize), plants=plants, owners=2, annuity=1.0), present=(0, 1))
    judged = held.judged((0, 1), 40.0, "collapse")
    assert judged is not None
    assert judged.gain == pytest.approx({0: 0.0, 1: 0.0}, abs=1e-9)


def test_the_wedge_moves_the_stopping_price_to_the_price():
    stops, restarts = constant_price(lump_per_t=15.0, pressure=5.0, holding=30.0, stop_cost=100.0, restart_cost=200.0)
    assert (stops(700.0), restarts(700.0)) == (pytest.approx(640.0), pytest.approx(670.0))
    for threshold, wedge in ((stops, 20.0), (lambda c: 0.95 * c, 700.0 - 620.0 / 0.95)):
        plant = Seen(owner=0, capacity_kt=9.0, running_kt=9.0, cost_per_t=700.0, stops=threshold, restarts=restarts)
        assert state_of([plant], 620.0, 9.0).wedges == (pytest.approx(wedge, abs=1e-9),)
    idle = Seen(owner=0, capacity_kt=9.0, running_kt=0.0, cost_per_t=700.0, stops=STOPS, restarts=RESTARTS)
    assert state_of([idle], 620.0, 9.0).wedges == (0.0,)


def test_running_more_than_is_demanded_carries_no_verdict():
    assert state_of(ten(), 620.0, 850.0).verdict
    assert not state_of(ten(), 620.0, 85.0).verdict


def test_an_end_that_is_none_is_refused():
    with pytest.raises(ValueError, match="end 'some': needed least or most"):
        lines_at(ten(), 620.0, "some")


def test_expansion_that_comes_anyway_moves_headroom_and_price():
    """b = 0.1: half of 80 kt, on line for three quarters of the term, is 30 kt and 3 money/t."""
    prize = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0, import_slope=2.0, headroom_per_t=5.0)
    found = comes_anyway(prize, 80.0, on_line=0.75, not_in_price=0.5)
    assert (found.price_per_t, found.headroom_per_t) == (pytest.approx(97.0), pytest.approx(8.0))
    assert (found.quantity_kt, found.slope) == (pytest.approx(1030.0), pytest.approx(0.1))
    assert found.rise(60.0) == pytest.approx(6.0)  # 50 kt would have filled the headroom, now 80 do
    assert comes_anyway(prize, 80.0, on_line=0.75, not_in_price=0.0).rise(60.0) == pytest.approx(prize.rise(60.0))
    above = replace(prize, headroom_per_t=-1.0)
    assert comes_anyway(above, 80.0, on_line=0.75, not_in_price=0.5) == above


def test_expansion_that_waits_for_a_price_is_an_idle_line():
    """b = 0.1: a project of 40 kt that starts after half a year from a rise of 3 takes 20 kt off a cut of 60."""
    prize = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0)
    market = Market(prize, (IdleLine(owner=-1, kt=started(40.0, 1.0, 0.5), need_per_t=3.0),))
    assert [market.state(x).fall for x in (30.0, 45.0, 60.0)] == pytest.approx([30.0, 30.0, 40.0])


def test_a_signatory_whose_lines_ramp_idles_them_on_top_unless_exempt():
    """b = 0.1, loss 5, two owners of 100 kt asked for 20 each; 30 kt of owner 0 ramp up for half of the term."""
    plants = tuple(Plant(owner=i, running_kt=100.0, loss_per_t=5.0) for i in range(2))
    prize = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0)
    game = Game(market=Market(prize), plants=plants, owners=2, annuity=1.0)
    line = Plant(owner=0, running_kt=30.0, loss_per_t=5.0)
    told = {}
    for exempt in (False, True):
        held = Meeting(game=ramping(game, [(line, 0.5)], exempt=exempt), present=(0, 1))
        judged, plan = held.judged((0, 1), 40.0, "keep"), held.plan((0, 1), 40.0)
        assert judged is not None
        assert plan is not None
        assert held.reach((0, 1)) == 200.0
        told[exempt] = ([plan[i].kt for i in (0, 1)], judged.gain, judged.outside)
    on_top, without = told[False], told[True]
    assert on_top[0] == pytest.approx([35.0, 20.0])  # 55 kt idle, and K = 40
    assert on_top[1] == pytest.approx({0: (115.0 - 35.0) * 5.5 - 5.0 * 35.0, 1: 80.0 * 5.5 - 5.0 * 20.0})
    assert on_top[2] == pytest.approx({0: 115.0 * 2.0, 1: 100.0 * 3.5})
    assert without[0] == pytest.approx([20.0, 20.0])
    assert without[1] == pytest.approx({0: 95.0 * 4.0 - 100.0, 1: 80.0 * 4.0 - 100.0})
    assert without[2] == pytest.approx({0: 115.0 * 2.0, 1: 100.0 * 2.0})
