"""A leader whose own or whose followers' costs rise smoothly: its choice beside a plain search over outputs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from potline.equilibrium import CashCost, Competitive, Cournot, Leader, solve
from potline.equilibrium.commitment import blocks_at, cost_at, price_given, without_leader
from potline.equilibrium.game import Game
from potline.equilibrium.question import game_of
from potline.industry import Industry, IsoelasticDemand, LinearDemand, Plant, SmoothCost, Trade, Tranche


def drawn(seed: int) -> tuple[Industry, Leader]:
    """Return a leader of one or two plants and up to five others, most with crowding, some limited."""
    rng = np.random.default_rng(seed)
    line = LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0)
    curve = IsoelasticDemand(price_per_t=5.0, quantity_kt=5.0, elasticity=float(rng.uniform(0.6, 3.0)))
    plants = []
    for i in range(int(rng.integers(2, 7))):
        rising = rng.random() < 0.6
        exponent = float(rng.choice([1.0, 0.5, 2.0, rng.uniform(0.3, 3.0)]))
        crowding = SmoothCost(scale=float(10.0 ** rng.uniform(-1.0, 1.0)), exponent=exponent) if rising else None
        limited = rng.random() < 0.8 or not rising
        plants.append(
            Plant(
                name=f"{i}",
                firm="L" if i < 1 + (rng.random() < 0.5) else f"{int(rng.integers(0, 3))}",
                capacity_kt=float(rng.uniform(0.3, 5.0)) if limited else math.inf,
                other_cost_per_t=float(rng.uniform(0.5, 6.0)),
                smooth_cost=crowding,
            )
        )
    followers = Competitive() if rng.random() < 0.5 else Cournot()
    industry = Industry(name="led", demand=line if seed % 2 else curve, plants=tuple(plants))
    return industry, Leader(leader=("L",), followers=followers)


def best_output(game: Game, guess: float) -> tuple[float, float]:
    """Return the best profit and turnover: 150 outputs and 50 near a guess, the best two refined by golden section."""
    followers, mine = without_leader(game), game.unit == game.leader

    def profit(x: float) -> float:
        return price_given(followers, x) * x - cost_at(game, x) if x > 0.0 else 0.0

    top = min(float(game.capacity[mine].sum()), 40.0)
    outputs = np.concatenate([np.linspace(0.0, top, 151), np.clip(np.linspace(0.99, 1.01, 51) * guess, 0.0, top)])
    outputs = np.unique(outputs)
    value = np.array([profit(float(x)) for x in outputs])
    best, share = float(value.max()), 0.5 * (math.sqrt(5.0) - 1.0)
    for k in np.argsort(-value)[:2].tolist():
        a, b = float(outputs[max(0, k - 1)]), float(outputs[min(outputs.size - 1, k + 1)])
        for _ in range(45):
            c, d = b - share * (b - a), a + share * (b - a)
            left, right = profit(c), profit(d)
            best = max(best, left, right)
            a, b = (a, d) if left >= right else (c, b)
    return best, price_given(followers, guess) * guess if guess > 0.0 else 0.0


@pytest.mark.parametrize("seed", range(12))
def test_no_output_is_better_than_a_leader_s_choice(seed):
    holds_up(*drawn(seed))


def test_a_follower_s_first_tonne_is_met_exactly():
    """Beside it a price one digit off moves what it sells by a millionth: the choice was 1.6e-7 of the profit off."""
    curve = IsoelasticDemand(price_per_t=5.0, quantity_kt=5.0, elasticity=1.6259087329566202)
    rows = (
        ("L", 2.638701587483544, 4.358771820270088, 0.3294060180900623, 2.3473130873768597),
        ("1", 5.6677347931534685, 1.3165622166687083, 0.21344250334477968, 0.3693048260151015),
        ("1", 3.4832279883548614, 3.7089341053074154, 0.9343556315648158, 1.0),
    )
    plants = tuple(
        Plant(
            name=f"{cost:g}", firm=firm, capacity_kt=kt, other_cost_per_t=cost,
            smooth_cost=SmoothCost(scale=scale, exponent=exponent),
        )
        for firm, cost, kt, scale, exponent in rows
    )  # fmt: skip
    industry = Industry(name="led", demand=curve, plants=plants)
    holds_up(industry, Leader(leader=("L",), followers=Competitive()))


def holds_up(industry: Industry, concept: Leader) -> None:
    """Assert that no output brings more than the one chosen, to 1e-12 of profit or turnover."""
    game = game_of(industry, concept, CashCost())
    found = solve(industry, concept, avoidable=CashCost())
    made = sum(kt for kt, plant in zip(found.output_kt.tolist(), industry.plants, strict=True) if plant.firm == "L")
    best, turnover = best_output(game, made)
    now = found.price_per_t * made - (cost_at(game, made) if made > 0.0 else 0.0)
    assert now >= best - 1e-12 * max(abs(best), turnover, 1e-3)


@pytest.mark.parametrize("seed", range(20))
def test_what_a_unit_makes_adds_up_over_its_blocks(seed):
    """Where a block fills steps went to and fro without end: 3.06 kt cost what 0.88 kt do."""
    industry, concept = drawn(seed + 300)
    game = game_of(industry, concept, CashCost())
    most = min(40.0, float(game.capacity[game.unit == game.leader].sum()))
    for output in np.linspace(0.001, 1.0, 100) * most:
        assert float(blocks_at(game, float(output)).sum()) == pytest.approx(float(output), rel=1e-12)


def test_a_block_that_fills_stops_no_search():
    """The output at which the search for marginal cost went to and fro."""
    demand = LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0)
    blocks = ((2.2210627708603328, 4.747016383421865, 0.44403533885373697, 0.5),
              (3.926385740464828, 2.3772881250648394, 1.081381483725648, 2.0))  # fmt: skip
    plants = tuple(
        Plant(
            name=f"{cost:g}", firm="L", capacity_kt=kt, other_cost_per_t=cost,
            smooth_cost=SmoothCost(scale=scale, exponent=exponent),
        )
        for cost, kt, scale, exponent in blocks
    )  # fmt: skip
    game = game_of(Industry(name="led", demand=demand, plants=plants), Leader(leader=("L",)), CashCost())
    for output in (3.063450938649283, 3.063815210267918):
        assert float(blocks_at(game, output).sum()) == pytest.approx(output, rel=1e-12)


def bent() -> Industry:
    """Return a leader and a follower with rising costs between an export floor and a tranche of imports."""
    demand = LinearDemand(price_per_t=5.0, quantity_kt=5.854684238507891, elasticity=1.0)
    trade = Trade(
        tranches=(Tranche(price_per_t=5.0, quantity_kt=1.1052642054279407),), export_floor_per_t=3.244448873276844
    )
    rows = (("L", 0.7414659143316744, 0.20530272976765326), ("F", 2.0, 0.043341319252284814))
    plants = tuple(
        Plant(
            name=firm, firm=firm, capacity_kt=math.inf, other_cost_per_t=cost,
            smooth_cost=SmoothCost(scale=scale, exponent=0.5),
        )
        for firm, cost, scale in rows
    )  # fmt: skip
    return Industry(name="bent", demand=demand, plants=plants, trade=trade)


def test_a_price_on_the_last_digit_of_an_export_floor_is_found():
    """It was on neither the sloped nor the flat piece of demand, and the search for a leader ended in an IndexError."""
    industry, concept = bent(), Leader(leader=("L",), followers=Competitive())
    holds_up(industry, concept)
    game = game_of(industry, concept, CashCost())
    followers, floor = without_leader(game), industry.trade.export_floor_per_t
    meets = game.demand_at(floor) - 0.043341319252284814 * math.sqrt(floor - 2.0)
    for digits in range(-50, 51):
        assert price_given(followers, meets + digits * math.ulp(meets)) == pytest.approx(floor, rel=1e-13)
