"""The coalition table against best responses, a grid of leads, a quadratic program, and economics."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from tests.peers import peer

from potline.numerics.coalitions.certificate import largest_violation, unilateral_gains
from potline.numerics.coalitions.market import member_rows
from potline.numerics.coalitions.table import (
    CoalitionMarket,
    coalition_gains,
    coalition_market,
    coalition_outputs,
    coalition_table,
)

Game = dict[str, Any]


def random_game(seed: int, **rules: Any) -> Game:
    rng = np.random.default_rng(seed)
    owners = int(rng.integers(2, 6))
    plants = int(rng.integers(owners, 14))
    return {
        "cost": rng.integers(0, 12, plants).astype(float),
        "capacity": rng.integers(0, 5, plants).astype(float),
        "owner": rng.integers(0, owners, plants),
        "owners": owners,
        "intercept": float(rng.integers(8, 40)),
        "slope": float(rng.choice([0.25, 1.0, 3.3])),
        **rules,
    }


def market_of(game: Game) -> CoalitionMarket:
    return coalition_market(**game)


def masks(owners: int) -> np.ndarray:
    return member_rows(np.arange(2**owners), owners).astype(bool)


def best_response(cost: np.ndarray, capacity: np.ndarray, choke: float, slope: float) -> np.ndarray:
    """Fill steps, cheapest first, while marginal revenue ``choke - 2 slope x`` exceeds cost."""
    output, x = np.zeros(cost.size), 0.0
    for j in np.argsort(cost, kind="stable"):
        output[j] = np.clip((choke - cost[j]) / (2.0 * slope) - x, 0.0, capacity[j])
        x += output[j]
    return output


def cournot_by_best_responses(game: Game, members: np.ndarray) -> tuple[float, np.ndarray]:
    """Let units answer each other in turn until nothing moves; return the price and every plant's output."""
    units = np.where(members[game["owner"]] & (members.sum() > 1), game["owners"], game["owner"])
    output = np.zeros(units.size)
    for _ in range(20000):
        before = output.copy()
        for unit in np.unique(units):
            mine = units == unit
            choke = game["intercept"] - game["slope"] * output[~mine].sum()
            output[mine] = best_response(game["cost"][mine], game["capacity"][mine], choke, game["slope"])
        if np.abs(output - before).max(initial=0.0) < 1e-13:
            break
    return game["intercept"] - game["slope"] * output.sum(), output


@pytest.mark.parametrize("seed", range(12))
def test_prices_and_unit_profits_are_those_of_best_responses(seed: int) -> None:
    game = random_game(seed)
    table = coalition_table(market_of(game))
    for row, members in enumerate(masks(game["owners"])):
        price, output = cournot_by_best_responses(game, members)
        earned = np.bincount(game["owner"], (price - game["cost"]) * output, game["owners"])
        assert table.price[row] == pytest.approx(price, abs=1e-9)
        assert table.profit[row, ~members] == pytest.approx(earned[~members], abs=1e-8)
        assert table.profit[row, members].sum() == pytest.approx(earned[members].sum(), abs=1e-8)


def followers_supply(game: Game, members: np.ndarray, price: np.ndarray) -> np.ndarray:
    """What outsiders with conduct 0.6 offer at each price, plant after plant of each owner."""
    supply = np.zeros_like(price)
    for i in np.flatnonzero(~members):
        mine = game["owner"] == i
        held = np.zeros_like(price)
        order = np.argsort(game["cost"][mine], kind="stable")
        for cost, capacity in zip(game["cost"][mine][order], game["capacity"][mine][order], strict=True):
            held += np.clip((price - cost) / (0.6 * game["slope"]) - held, 0.0, capacity)
        supply += held
    return supply


@pytest.mark.parametrize("seed", range(8))
def test_a_leader_does_as_well_as_the_best_of_a_fine_grid(seed: int) -> None:
    game = random_game(seed, conduct=0.6, leads=True)
    table = coalition_table(market_of(game))
    for row, members in enumerate(masks(game["owners"])):
        mine = members[game["owner"]]
        if not mine.any():
            continue
        order = np.argsort(game["cost"][mine], kind="stable")
        reach = np.concatenate([[0.0], np.cumsum(game["capacity"][mine][order])])
        spent = np.concatenate([[0.0], np.cumsum((game["cost"][mine] * game["capacity"][mine])[order])])
        leads = np.linspace(0.0, reach[-1], 4001)
        low, high = np.full(leads.size, -game["slope"] * 100.0), np.full(leads.size, game["intercept"])
        for _ in range(60):
            middle = 0.5 * (low + high)
            short = (game["intercept"] - middle) / game["slope"] > leads + followers_supply(game, members, middle)
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        on_grid = (low * leads - np.interp(leads, reach, spent)).max()
        assert table.profit[row, members].sum() == pytest.approx(on_grid, abs=2e-4 * game["intercept"])
        assert table.profit[row, members].sum() >= on_grid - 1e-9


@pytest.mark.oracle
def test_a_quadratic_program_gives_the_same_prices() -> None:
    clarabel = peer("clarabel")
    game = random_game(3)
    table = coalition_table(market_of(game), certify=False)
    size, b = game["cost"].size, game["slope"]
    for row in (0, 3, 2 ** game["owners"] - 1):
        members = masks(game["owners"])[row]
        units = np.where(members[game["owner"]] & (members.sum() > 1), game["owners"], game["owner"])
        together = (units[:, None] == units[None, :]).astype(float)
        bounds = sparse.csc_matrix(np.vstack([-np.eye(size), np.eye(size)]))
        limits = np.concatenate([np.zeros(size), game["capacity"]])
        settings_ = clarabel.DefaultSettings()
        settings_.verbose = False
        settings_.tol_gap_abs = settings_.tol_gap_rel = settings_.tol_feas = 1e-12
        solver = clarabel.DefaultSolver(
            sparse.triu(sparse.csc_matrix(b * (np.ones((size, size)) + together)), format="csc"),
            game["cost"] - game["intercept"],
            bounds,
            limits,
            [clarabel.NonnegativeConeT(2 * size)],
            settings_,
        )
        price = game["intercept"] - b * np.sum(solver.solve().x)
        assert table.price[row] == pytest.approx(price, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    conduct=st.sampled_from(["cournot", "mixed", "takers"]),
    merged=st.sampled_from([0.0, 0.5, 1.0]),
    ceiling=st.sampled_from([np.inf, 2.0, 7.0, 7.7]),
    leads=st.booleans(),
)
def test_every_market_meets_its_conditions_and_nobody_gains_alone(
    seed: int, conduct: str, merged: float, ceiling: float, leads: bool
) -> None:
    game = random_game(seed, merged_conduct=merged, ceiling=ceiling, leads=leads)
    choices = {"cournot": [1.0], "mixed": [0.0, 0.5, 1.0], "takers": [0.0]}[conduct]
    game["conduct"] = np.random.default_rng(seed).choice(choices, game["owners"])
    market = market_of(game)
    table = coalition_table(market)
    gains = coalition_gains(market, masks(game["owners"]))
    assert table.largest_violation < 1e-12
    assert np.abs(gains).max() < 1e-12 * market.price_scale * market.quantity_scale


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), leads=st.booleans(), ceiling=st.sampled_from([np.inf, 7.0]))
def test_relabelling_owners_permutes_the_table(seed: int, leads: bool, ceiling: float) -> None:
    game = random_game(seed, leads=leads, ceiling=ceiling)
    order = np.random.default_rng(seed).permutation(game["owners"])
    shuffle = np.random.default_rng(seed + 1).permutation(game["cost"].size)
    again = {**game, "owner": order[game["owner"]][shuffle]}
    again |= {"cost": game["cost"][shuffle], "capacity": game["capacity"][shuffle]}
    rows = masks(game["owners"])
    there = np.zeros_like(rows)
    there[:, order] = rows
    here, other = coalition_table(market_of(game), rows), coalition_table(market_of(again), there)
    assert other.price == pytest.approx(here.price, rel=1e-9, abs=1e-9)
    assert other.profit[:, order] == pytest.approx(here.profit, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), money=st.sampled_from([1e-3, 7.3, 1e6]), mass=st.sampled_from([1e-3, 907.0]))
def test_units_of_money_and_mass_do_not_matter(seed: int, money: float, mass: float) -> None:
    game = random_game(seed)
    scaled = {**game, "cost": game["cost"] * money, "capacity": game["capacity"] * mass}
    scaled |= {"intercept": game["intercept"] * money, "slope": game["slope"] * money / mass}
    here, there = coalition_table(market_of(game)), coalition_table(market_of(scaled))
    assert there.price / money == pytest.approx(here.price, rel=1e-9, abs=1e-9)
    assert there.profit / (money * mass) == pytest.approx(here.profit, rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), kept=st.floats(0.0, 1.0), ceiling=st.sampled_from([np.inf, 7.0]))
def test_a_cut_by_outsiders_never_hurts_a_members_price(seed: int, kept: float, ceiling: float) -> None:
    game = random_game(seed, ceiling=ceiling)
    rows = masks(game["owners"])
    rows = rows[~rows[:, 0]]
    cut = np.where(game["owner"] == 0, kept, 1.0) * game["capacity"]
    before = coalition_table(market_of(game), rows)
    after = coalition_table(market_of({**game, "capacity": cut}), rows)
    assert np.all(after.price >= before.price - 1e-9)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_and_certifying_change_no_result(threads: int) -> None:
    market = market_of(random_game(5, ceiling=7.0))
    one, many = coalition_table(market, threads=1), coalition_table(market, threads=threads)
    bare = coalition_table(market, certify=False, threads=threads)
    for name in ("price", "profit", "imports", "slope_share"):
        assert np.array_equal(getattr(one, name), getattr(many, name))
        assert np.array_equal(getattr(one, name), getattr(bare, name))
    assert (one.largest_violation, one.worst) == (many.largest_violation, many.worst)
    assert np.isnan(bare.largest_violation)
    assert bare.worst == -1


def test_rows_and_masks_agree() -> None:
    game = random_game(8, leads=True)
    market = market_of(game)
    masked, listed = coalition_table(market), coalition_table(market, masks(game["owners"]))
    assert np.array_equal(masked.profit, listed.profit)


def test_equal_plants_share_in_proportion_to_capacity() -> None:
    game: Game = {"cost": [1.0, 1.0, 1.0, 2.0], "capacity": [2.0, 2.0, 4.0, 9.0], "owner": [0, 1, 2, 3]}
    market = coalition_market(**game, owners=4, intercept=9.0, slope=1.0)
    output = coalition_outputs(market, [[1, 1, 1, 0]])[0]
    assert output[0] == output[1] == output[2] / 2
    profit = coalition_table(market, [[1, 1, 1, 0]]).profit[0]
    assert profit[0] == profit[1]


def test_price_takers_at_their_cost_share_what_is_left() -> None:
    market = coalition_market(
        [1.0, 2.0, 2.0], [1.0, 1.0, 3.0], [0, 1, 2], owners=3, intercept=5.0, slope=1.0, conduct=0.0
    )
    assert coalition_table(market, [[0, 0, 0]]).price.tolist() == [2.0]
    assert coalition_outputs(market, [[0, 0, 0]]).tolist() == [[1.0, 0.5, 1.5]]


def test_at_the_ceiling_all_owners_see_the_same_share_of_the_slope() -> None:
    market = coalition_market([0.0, 0.0], [10.0, 10.0], [0, 1], owners=2, intercept=12.0, slope=1.0, ceiling=3.0)
    table = coalition_table(market)
    assert table.price.tolist() == [3.0] * 4
    assert table.slope_share == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1 / 3])
    assert not table.imports.any()
    short = coalition_market([0.0, 0.0], [4.0, 4.0], [0, 1], owners=2, intercept=12.0, slope=1.0, ceiling=3.0)
    table = coalition_table(short)
    assert (table.imports.tolist(), table.slope_share.tolist()) == ([1.0] * 4, [0.0] * 4)


def test_plants_at_the_ceiling_price_sell_before_imports() -> None:
    market = coalition_market([0.0, 3.0], [4.0, 2.0], [0, 1], owners=2, intercept=12.0, slope=1.0, ceiling=3.0)
    assert coalition_outputs(market, [[0, 0]]).tolist() == [[4.0, 2.0]]
    assert coalition_table(market, [[0, 0]]).imports.tolist() == [3.0]


def test_profit_is_at_cash_cost_and_output_at_the_cost_that_decides() -> None:
    rules: Game = {"capacity": [9.0, 9.0], "owner": [0, 1], "owners": 2, "intercept": 12.0, "slope": 1.0}
    market = coalition_market([3.0, 3.0], cash_cost=[4.0, 3.0], **rules)
    assert coalition_table(market, [[0, 0]]).profit.tolist() == [[6.0, 9.0]]


def test_coalitions_of_one_or_without_plants_act_as_separate_owners() -> None:
    market = coalition_market(
        [1.0, 1.0], [9.0, 9.0], [0, 1], owners=4, intercept=10.0, slope=1.0, conduct=[0.5, 1, 1, 1]
    )
    table = coalition_table(market)
    assert np.array_equal(table.price[[1, 2, 4, 12]], np.full(4, table.price[0]))
    assert not table.profit[:, 2:].any()


def test_the_certificate_rejects_wrong_prices_outputs_and_profits() -> None:
    game = random_game(11)
    market, rows = market_of(game), masks(game["owners"])
    table = coalition_table(market, rows)
    output = np.ascontiguousarray(coalition_outputs(market, rows).T[market.order])
    members = rows.astype(np.uint8)

    def violation(price: np.ndarray, profit: np.ndarray, output: np.ndarray) -> float:
        return largest_violation(market, members, price, None, None, profit, output)[0]

    assert violation(table.price, table.profit, output) < 1e-12
    assert violation(table.price * 1.001, table.profit, output) > 1e-5
    assert violation(table.price, table.profit + 0.01, output) > 1e-6
    moved = output.copy()
    moved[np.argmax(output[:, -1]), -1] *= 0.99
    assert violation(table.price, table.profit, moved) > 1e-6
    price = game["intercept"] - game["slope"] * moved.sum(axis=0)
    assert unilateral_gains(market, members, price, np.zeros(price.size), moved)[-1].max() > 1e-6
    assert violation(table.price * np.nan, table.profit, output) == np.inf


def test_a_leader_that_does_not_lead_is_caught() -> None:
    rules: Game = {"owners": 2, "intercept": 12.0, "slope": 1.0, "leads": True}
    market = coalition_market([0.0, 0.0], [20.0, 20.0], [0, 1], **rules)
    members, cournot = np.array([[1, 0]], dtype=np.uint8), np.array([[4.0], [4.0]])
    gain = unilateral_gains(market, members, np.array([4.0]), np.zeros(1), cournot)
    assert gain.tolist() == [[0.0, 0.0, 2.0]]


def test_nothing_to_sell_leaves_the_choke_price() -> None:
    market = coalition_market([], [], [], owners=2, intercept=12.0, slope=1.0)
    assert coalition_table(market).price.tolist() == [12.0] * 4
    assert not coalition_table(market).profit.any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"capacity": [1.0]}, "found 2 costs, 1 capacities and 2 owners of plants; needed one each"),
        ({"cost": [np.nan, 1.0]}, "found a plant cost that is not a finite number; needed money/t"),
        ({"capacity": [-1.0, 1.0]}, "found a capacity below 0 or not a number; needed 0 kt/year or more"),
        ({"owner": [0, 2]}, "found plant owner 0..2; needed 0..1"),
        ({"conduct": -1.0}, "found a conduct below 0 or not finite; needed 0 (price taker) or more, 1 is Cournot"),
        ({"slope": 0.0}, "found demand p = 9.0 - 0.0 Q; needed a finite intercept and a slope above 0"),
        ({"ceiling": np.nan}, "found ceiling price nan; needed a number, or infinity for none"),
        ({"cash_cost": [1.0]}, "found 1 cash costs; needed 2, one for each plant"),
    ],
)
def test_bad_arrays_are_named(change: Game, message: str) -> None:
    good: Game = {"cost": [1.0, 1.0], "capacity": [1.0, 1.0], "owner": [0, 1], "owners": 2, "intercept": 9.0}
    with pytest.raises(ValueError) as raised:
        coalition_market(**{**good, "slope": 1.0, **change})
    assert str(raised.value) == message


def test_too_many_owners_and_wrong_rows_are_refused() -> None:
    market = coalition_market([1.0], [1.0], [0], owners=25, intercept=9.0, slope=1.0)
    with pytest.raises(ValueError) as raised:
        coalition_table(market)
    assert str(raised.value) == (
        "found 25 owners; all coalitions are listed for 24 at most. "
        "Pass `coalitions`, one row for each kind of coalition."
    )
    with pytest.raises(ValueError) as raised:
        coalition_table(market, np.zeros((3, 4)))
    assert str(raised.value) == "found coalitions of shape (3, 4); needed (count, 25)"


def test_results_are_read_only() -> None:
    table = coalition_table(market_of(random_game(1)))
    for field in dataclasses.fields(table):
        value = getattr(table, field.name)
        assert not isinstance(value, np.ndarray) or not value.flags.writeable
