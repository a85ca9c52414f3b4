"""Every concept on every game of the zoo, against brute force and by the economics."""

from __future__ import annotations

import dataclasses
import itertools
import math
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests import games

from potline.equilibrium import (
    Cartel,
    Competitive,
    Concept,
    Conjectural,
    Cournot,
    JointCap,
    Leader,
    NoAnswer,
    StopAndRestart,
    solve,
    verify,
)
from potline.errors import CertificateFailed, InputError
from potline.industry import Change, Firm, Industry, JointCut, LinearDemand, Plant, ProRata, Trade, Tranche

CONCEPTS: list[Concept] = [Competitive(), Cournot(), Conjectural(theta=0.4)]


@pytest.mark.parametrize("name", list(games.ZOO))
@pytest.mark.parametrize("concept", CONCEPTS, ids=str)
def test_zoo_is_certified(name: str, concept: Concept) -> None:
    industry = games.ZOO[name]
    if name == "monopoly" and concept == Competitive():
        pytest.skip("a price taker alone is the competitive market")
    result = solve(industry, concept)
    assert result.status == "certified"
    assert result.certificate.kkt <= 1e-11
    assert verify(result).holds


@pytest.mark.parametrize("name", list(games.ZOO))
@pytest.mark.parametrize("followers", [Competitive(), Cournot()], ids=str)
def test_zoo_with_a_leader_is_certified(name: str, followers: Competitive | Cournot) -> None:
    industry = games.ZOO[name]
    if name == "isoelastic steps" and followers == Competitive():
        assert solve(industry, Leader(leader=("A",), followers=followers)).status == "certified"
    result = solve(industry, Leader(leader=industry.owners[:1], followers=followers))
    assert result.status == "certified"


def brute_force_price(industry: Industry, theta: float) -> float:
    """Halve the price until the owners' supply, itself halved, meets demand."""
    demand = industry.demand
    assert isinstance(demand, LinearDemand)
    curves = {
        owner: sorted(
            (plant.net_cash_cost_per_t(), plant.capacity_kt)
            for plant in industry.plants
            if industry.owner(plant.firm) == owner
        )
        for owner in industry.owners
    }

    def supply(price: float) -> float:
        total = 0.0
        for curve in curves.values():
            sold = 0.0
            for cost, capacity in curve:
                if theta > 0.0:
                    room = (price - cost) / (theta * demand.slope_per_kt) - sold
                else:
                    room = math.inf if price > cost else 0.0
                taken = max(0.0, min(capacity, room))
                sold += taken
                if taken < capacity:
                    break
            total += sold
        return total

    low, high = -100.0, demand.intercept_per_t
    for _ in range(200):
        middle = 0.5 * (low + high)
        if supply(middle) < (demand.intercept_per_t - middle) / demand.slope_per_kt:
            low = middle
        else:
            high = middle
    price = high
    for tranche in industry.trade.import_tranches:
        price = min(price, tranche.price_per_t)
    return price


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("theta", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("round_costs", [False, True])
def test_price_agrees_with_brute_force(seed: int, theta: float, round_costs: bool) -> None:
    industry = games.random_steps(seed, ceiling=seed % 2 == 1, round_costs=round_costs)
    result = solve(industry, Conjectural(theta=theta))
    assert result.price_per_t == pytest.approx(brute_force_price(industry, theta), rel=1e-9, abs=1e-9)


def test_gain_is_found_where_the_answer_is_wrong() -> None:
    result = solve(games.symmetric(2), Cournot())
    wrong = dataclasses.replace(result, output_kt=np.array([3.5, 2.5]))
    certificate = verify(wrong)
    assert not certificate.holds
    # The other sells 2.5, so 3.25 is best: 3.25 ** 2 against 3.5 * (4 - 1).
    assert certificate.gain == pytest.approx((3.25**2 - 3.5 * 3.0) / 24.0)
    wrong_price = dataclasses.replace(result, price_per_t=4.1)
    assert verify(wrong_price).kkt > 1e-3


def test_failed_certificate_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["potline.equilibrium.solve"]
    found = module.clearing_points

    def wrong(game: object) -> list[object]:
        return [dataclasses.replace(point, price=1.01 * point.price) for point in found(game)]  # type: ignore[arg-type]

    monkeypatch.setattr(module, "clearing_points", wrong)
    with pytest.raises(CertificateFailed, match="does not pass its check"):
        solve(games.symmetric(2), Cournot())
    assert solve(games.symmetric(2), Cournot(), check="report").status == "failed"


# Cartels and leaders.


@pytest.mark.parametrize("seed", range(10))
def test_merged_cartel_is_one_owner(seed: int) -> None:
    industry = games.random_steps(seed, owners=4)
    members = industry.owners[:2]
    affiliates = tuple(Firm(name=name, owner=members[0]) for name in members)
    one = dataclasses.replace(industry, firms=affiliates)
    cartel = solve(industry, Cartel(members=members, fringe=Cournot()))
    merged = solve(one, Cournot())
    assert cartel.price_per_t == pytest.approx(merged.price_per_t, rel=1e-12)
    assert np.allclose(cartel.output_kt, merged.output_kt)
    assert cartel.owner_profit_m[:2].sum() == pytest.approx(merged.owner_profit_m[0])


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("followers", [Competitive(), Cournot()], ids=str)
@pytest.mark.parametrize("ceiling", [False, True])
def test_leader_beats_a_grid_of_commitments(seed: int, followers: Competitive | Cournot, ceiling: bool) -> None:
    industry = games.random_steps(seed, owners=3, ceiling=ceiling)
    leader = industry.owners[0]
    result = solve(industry, Leader(leader=(leader,), followers=followers))
    mine = sorted((plant.net_cash_cost_per_t(), plant.capacity_kt) for plant in industry.plants if plant.firm == leader)
    rest = dataclasses.replace(industry, plants=tuple(plant for plant in industry.plants if plant.firm != leader))
    demand = industry.demand
    assert isinstance(demand, LinearDemand)
    best = 0.0
    for output in np.linspace(0.0, sum(capacity for _, capacity in mine), 60)[1:]:
        intercept = demand.intercept_per_t - demand.slope_per_kt * output
        if intercept <= 0.0:
            break
        shifted = LinearDemand.from_line(intercept_per_t=intercept, slope_per_kt=demand.slope_per_kt)
        price = (
            solve(dataclasses.replace(rest, demand=shifted), followers).price_per_t
            if rest.plants
            else (min([shifted.intercept_per_t, industry.trade.ceiling_per_t]))
        )
        cost, left = 0.0, output
        for unit_cost, capacity in mine:
            cost += unit_cost * min(left, capacity)
            left -= min(left, capacity)
        best = max(best, (price * output - cost) / 1000.0)
    assert result.profit_m[leader] >= best - 1e-12
    grid_error = 0.02 * max(best, 1e-3)
    assert result.profit_m[leader] <= best + grid_error + 0.01


def test_leader_can_be_a_merged_cartel() -> None:
    result = solve(games.symmetric(4, intercept=2.0), Leader(leader=("1", "2", "3"), followers=Cournot()))
    assert result.owner_profit_m[0] * 1000.0 == pytest.approx(1.0 / 24.0)
    assert result.owner_profit_m[3] * 1000.0 == pytest.approx(1.0 / 16.0)


def test_leader_with_isoelastic_demand_and_steps() -> None:
    industry = games.ZOO["isoelastic steps"]
    lead = solve(industry, Leader(leader=("A",), followers=Cournot()))
    alone = solve(industry, Cournot())
    assert lead.profit_m["A"] >= alone.profit_m["A"] - 1e-12


# Ceiling, tranches, floor.


def test_ceiling_corner_uses_one_share_of_the_slope() -> None:
    ceiling = Trade(tranches=(Tranche(price_per_t=3.0),))
    industry = games.oligopoly([1.0, 1.0, 2.0], games.line(10.0, 1.0), capacity=9.0, trade=ceiling)
    result = solve(industry, Cournot())
    assert result.price_per_t == 3.0
    assert result.imports_kt == 0.0
    assert result.quantity_kt == pytest.approx(7.0)
    # Sold at 3 with one slope t for all: q = (3 - c) / t.
    assert result.output_kt.tolist() == pytest.approx([2.8, 2.8, 1.4])
    assert result.perceived_slope_per_kt == pytest.approx(2.0 / 2.8)
    assert result.uniqueness == "several"


def test_imports_fill_the_rest_below_the_ceiling() -> None:
    ceiling = Trade(tranches=(Tranche(price_per_t=3.0),))
    industry = games.oligopoly([1.0, 5.0], games.line(10.0, 1.0), capacity=2.0, trade=ceiling)
    result = solve(industry, Cournot())
    assert (result.price_per_t, result.imports_kt, result.perceived_slope_per_kt) == (3.0, 5.0, 0.0)
    assert result.output_kt.tolist() == [2.0, 0.0]
    assert result.uniqueness == "proven"


def test_a_domestic_plant_at_the_import_price_runs_before_imports() -> None:
    result = solve(games.ZOO["ceiling at a cost"], Competitive())
    assert result.output_kt.tolist() == [3.0, 3.0, 3.0]
    assert result.imports_kt == 7.0


@pytest.mark.parametrize("price", [4.0, 6.0, 8.5])
def test_competitive_market_with_tranches(price: float) -> None:
    trade = Trade(tranches=(Tranche(price_per_t=price, quantity_kt=1.5), Tranche(price_per_t=9.0)))
    industry = games.oligopoly([1.0, 5.0, 7.0], games.line(12.0, 1.0), capacity=2.0, trade=trade)
    result = solve(industry, Competitive())
    # The tranche is one more plant of a price taker.
    plain = games.oligopoly([1.0, 5.0, 7.0, price], games.line(12.0, 1.0), capacity=[2.0, 2.0, 2.0, 1.5])
    other = solve(plain, Competitive())
    assert result.price_per_t == pytest.approx(min(9.0, other.price_per_t))
    assert result.imports_kt == pytest.approx(other.output_kt[3])


def test_finite_tranche_can_leave_no_pure_equilibrium_or_several() -> None:
    seen = set()
    for size in np.linspace(0.2, 4.0, 20):
        trade = Trade(tranches=(Tranche(price_per_t=4.6, quantity_kt=float(size)),))
        industry = games.oligopoly([0.0, 0.0], games.line(10.0, 1.0), capacity=9.0, trade=trade)
        try:
            result = solve(industry, Cournot())
        except NoAnswer:
            seen.add("none")
        else:
            assert result.status == "certified"
            seen.add(result.uniqueness)
    assert "proven" in seen


def test_floor_of_a_price_taking_industry() -> None:
    industry = games.oligopoly([1.0, 2.0], games.line(10.0, 1.0), capacity=6.0, trade=Trade(export_floor_per_t=3.0))
    result = solve(industry, Competitive())
    assert (result.price_per_t, result.imports_kt) == (3.0, -5.0)


# Joint caps.


@pytest.mark.parametrize("concept", CONCEPTS, ids=str)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 2.0])
@pytest.mark.parametrize("name", ["steps", "ties", "ceiling", "smooth and steps", "isoelastic ceiling", "mss"])
def test_cap_on_some_owners(concept: Concept, share: float, name: str) -> None:
    industry = games.ZOO[name]
    free = solve(industry, concept)
    capped = industry.owners[:1]
    cap = JointCap(cap_kt=share * float(free.owner_output_kt[0]), owners=capped)
    result = solve(industry, concept, cap=cap)
    assert result.owner_output_kt[0] <= cap.cap_kt * (1 + 1e-12)
    assert result.price_per_t >= free.price_per_t * (1 - 1e-12)
    if share > 1.0:
        assert result.price_per_t == pytest.approx(free.price_per_t)
        assert result.multiplier_per_t == 0.0


def test_cap_that_nothing_meets_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        JointCap(cap_kt=-1.0)
    assert str(caught.value) == "JointCap, cap_kt: found -1; needed a number of 0 or more, or inf for no limit."
    with pytest.raises(NoAnswer, match="has no price at which"):
        solve(games.mss(), Cournot(), cap=JointCap(cap_kt=0.0))


# Refusals.


@pytest.mark.parametrize(
    ("industry", "concept"),
    [
        (games.oligopoly([1.0], games.isoelastic(10.0, 0.5)), Cournot()),
        (games.oligopoly([1.0], games.isoelastic(10.0, 1.0), capacity=3.0), Cournot()),
        (games.oligopoly([1.0] * 4, games.isoelastic(10.0, 0.4), capacity=3.0), Cartel(members=("1", "2", "3"))),
        (games.oligopoly([1.0] * 2, games.isoelastic(10.0, 0.4)), Leader(leader=("1", "2"))),
    ],
)
def test_unbounded_price_is_refused(industry: Industry, concept: Concept) -> None:
    with pytest.raises(NoAnswer, match="no finite optimum") as caught:
        solve(industry, concept)
    assert caught.value.exit_code == 2
    ceiling = dataclasses.replace(industry, trade=Trade(tranches=(Tranche(price_per_t=50.0),)))
    assert solve(ceiling, concept).price_per_t <= 50.0


def test_every_problem_is_listed() -> None:
    with pytest.raises(InputError) as caught:
        Conjectural(theta=(("1", -0.5), ("nobody", 1.0)))
    assert str(caught.value) == "Conjectural, theta: found -0.5 for '1'; needed a number of 0 or more."
    with pytest.raises(InputError) as caught:
        solve(games.symmetric(2), Conjectural(theta=(("1", 0.5), ("nobody", 1.0))))
    assert str(caught.value) == "Conjectural.theta: found 'nobody'; needed an owner of plants: 1, 2."
    affiliated = dataclasses.replace(games.symmetric(2), firms=(Firm(name="works", owner="2"),))
    with pytest.raises(InputError) as caught:
        solve(affiliated, Conjectural(theta=(("works", 1.0), ("1", 0.5), ("1", 0.6))))
    assert str(caught.value) == (
        "Conjectural.theta: found 2 of owner '1'; needed one of each name. Give each its own name.\n"
        "Conjectural.theta: found 'works', for whom '2' decides; needed an owner of plants: 1, 2. Name '2'."
    )
    with pytest.raises(InputError, match="found 1 prices; needed 2, one for each plant"):
        solve(
            games.symmetric(2),
            avoidable=StopAndRestart(stop_per_t=(1.0,), restart_per_t=(2.0,)),
        )


def test_unlimited_capacity_below_the_floor_is_refused() -> None:
    industry = games.oligopoly([1.0], games.line(10.0, 1.0), trade=Trade(export_floor_per_t=2.0))
    with pytest.raises(NoAnswer, match="export without end"):
        solve(industry)


# Avoidable cost, states and agreements.


def test_running_and_idle_lines_offer_at_their_own_prices() -> None:
    industry = Industry(
        name="lines",
        demand=games.line(20.0, 1.0),
        plants=(
            Plant(name="a", firm="A", capacity_kt=10.0, running_kt=6.0, commissioning_kt=1.0, other_cost_per_t=8.0),
            Plant(name="b", firm="B", capacity_kt=4.0, running_kt=4.0, other_cost_per_t=9.0),
        ),
    )
    prices = StopAndRestart(stop_per_t=(5.0, 6.0), restart_per_t=(12.0, 13.0))
    result = solve(industry, Competitive(), avoidable=prices)
    assert result.output_kt.tolist() == [6.0, 4.0]
    assert result.price_per_t == pytest.approx(10.0)
    # Accounts use cash cost, never the stopping price.
    assert result.owner_profit_m.tolist() == pytest.approx([0.012, 0.004])
    higher = solve(dataclasses.replace(industry, demand=games.line(24.0, 1.0)), avoidable=prices)
    assert higher.price_per_t == 12.0
    assert higher.output_kt.tolist() == pytest.approx([8.0, 4.0])


def test_recorded_cut_withdraws_lines() -> None:
    industry = games.oligopoly([1.0, 2.0], games.line(10.0, 1.0), capacity=3.0, firms=["A", "A"])
    cut = JointCut(signatories=("A",), rule=ProRata(share_of_running=0.5))
    result = solve(industry.under(cut), Competitive())
    assert result.output_kt.tolist() == [3.0, 0.0]
    assert result.price_per_t == 7.0


def test_ties_share_by_size() -> None:
    industry = games.oligopoly([1.0, 4.0, 4.0], games.line(10.0, 1.0), capacity=[3.0, 2.0, 4.0])
    assert solve(industry).output_kt.tolist() == pytest.approx([3.0, 1.0, 2.0])


def test_result_remembers_the_question() -> None:
    industry = games.symmetric(2)
    result = solve(industry, Cournot())
    assert (result.industry, result.concept, result.owners) == (industry, Cournot(), ("1", "2"))
    assert result.version
    assert result.plant_table()[0]["output_kt"] == 3.0
    assert result.owner_table()[1]["share"] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        result.output_kt[0] = 1.0


# Economics, over random industries.

industries = st.builds(
    games.random_steps,
    st.integers(0, 10_000),
    plants=st.integers(1, 10),
    owners=st.integers(1, 4),
    ceiling=st.booleans(),
    round_costs=st.booleans(),
)
concepts = st.sampled_from([Competitive(), Cournot(), Conjectural(theta=0.5)])


@settings(max_examples=60, deadline=None)
@given(industries, concepts)
def test_any_industry_is_certified(industry: Industry, concept: Concept) -> None:
    assert solve(industry, concept).certificate.kkt <= 1e-11


@settings(max_examples=40, deadline=None)
@given(industries, st.floats(0.1, 5.0))
def test_higher_cost_never_raises_own_output(industry: Industry, rise: float) -> None:
    industry = dataclasses.replace(industry, trade=Trade())
    owner = industry.owners[0]
    dearer = industry.under(
        *[
            Change(path=f"plant[{plant.name}].other_cost_per_t", operation="add", value=rise)
            for plant in industry.plants
            if plant.firm == owner
        ]
    )
    before, after = solve(industry, Cournot()), solve(dearer, Cournot())
    assert after.owner_output_kt[0] <= before.owner_output_kt[0] + 1e-9
    assert after.price_per_t >= before.price_per_t - 1e-9


@settings(max_examples=40, deadline=None)
@given(industries, concepts, st.randoms(use_true_random=False))
def test_order_and_splitting_change_nothing(industry: Industry, concept: Concept, random: object) -> None:
    result = solve(industry, concept)
    order = list(range(len(industry.plants)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = dataclasses.replace(industry, plants=tuple(industry.plants[j] for j in order))
    again = solve(shuffled, concept)
    assert again.price_per_t == pytest.approx(result.price_per_t, rel=1e-11)
    assert np.allclose(again.output_kt, result.output_kt[order], atol=1e-9)
    first = industry.plants[0]
    half = first.capacity_kt / 2.0
    parts = tuple(
        dataclasses.replace(first, name=f"{first.name} {part}", capacity_kt=half, running_kt=half) for part in "ab"
    )
    split = solve(dataclasses.replace(industry, plants=(*parts, *industry.plants[1:])), concept)
    assert split.price_per_t == pytest.approx(result.price_per_t, rel=1e-11)
    assert split.output_kt[:2].sum() == pytest.approx(result.output_kt[0], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(industries, concepts, st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_units_change_nothing(industry: Industry, concept: Concept, money: float, mass: float) -> None:
    demand = industry.demand
    assert isinstance(demand, LinearDemand)
    scaled = dataclasses.replace(
        industry,
        demand=dataclasses.replace(
            demand, price_per_t=demand.price_per_t * money, quantity_kt=demand.quantity_kt * mass
        ),
        plants=tuple(
            dataclasses.replace(
                plant,
                capacity_kt=plant.capacity_kt * mass,
                running_kt=plant.running_kt * mass,
                other_cost_per_t=plant.other_cost_per_t * money,
            )
            for plant in industry.plants
        ),
        trade=Trade(tranches=tuple(Tranche(price_per_t=t.price_per_t * money) for t in industry.trade.tranches)),
    )
    one, other = solve(industry, concept), solve(scaled, concept)
    assert other.price_per_t == pytest.approx(one.price_per_t * money, rel=1e-10)
    assert np.allclose(other.output_kt, one.output_kt * mass, rtol=1e-8, atol=1e-8 * mass)


@settings(max_examples=30, deadline=None)
@given(industries)
@example(games.random_steps(9999, plants=1, owners=1))  # conduct 1e-9 on a step: output is price rounding over slope
def test_conduct_runs_from_competition_to_cournot(industry: Industry) -> None:
    prices = [solve(industry, Conjectural(theta=theta)).price_per_t for theta in (0.0, 1e-9, 0.2, 0.7, 1.0)]
    assert prices[1] == pytest.approx(solve(industry, Competitive()).price_per_t, rel=1e-6, abs=1e-6)
    assert all(high >= low - 1e-9 for low, high in itertools.pairwise(prices))
    assert prices[-1] == solve(industry, Cournot()).price_per_t


@settings(max_examples=30, deadline=None)
@given(industries, st.floats(0.0, 1.0))
@example(games.random_steps(0, plants=4, owners=1, ceiling=False, round_costs=False), 1.0)  # all of it but rounding
def test_a_cut_never_lowers_the_price(industry: Industry, share: float) -> None:
    cut = JointCut(signatories=industry.owners[:1], rule=ProRata(share_of_running=share))
    before, after = solve(industry, Competitive()), solve(industry.under(cut), Competitive())
    assert after.price_per_t >= before.price_per_t - 1e-9
