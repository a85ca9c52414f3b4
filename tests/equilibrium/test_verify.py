"""The certificate of one market: every figure spoilt in turn, under every concept; and the spoils of the trial."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from tests import games
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.equilibrium.asked import asked
from potline.equilibrium.question import game_of
from potline.verification import failed

QUESTION = ("industry", "concept", "avoidable", "cap", "method")

ASKED = {
    "competitive": (games.ZOO["steps"], pot.Competitive(), {}),
    "cournot": (games.ZOO["steps"], pot.Cournot(), {}),
    "conjectural": (games.ZOO["steps"], pot.Conjectural(theta=(("owner 0", 0.7),), others=0.2), {}),
    "cartel": (games.ZOO["steps"], pot.Cartel(members=("owner 0", "owner 1"), fringe=pot.Competitive()), {}),
    "leader": (games.ZOO["steps"], pot.Leader(leader=("owner 0",)), {}),
    "imports": (games.ZOO["ceiling at a cost"], pot.Cournot(), {}),
    "exports": (games.floor_duopoly(3.0), pot.Cournot(), {}),
    "corner": (games.ZOO["ceiling"], pot.Cournot(), {}),
    "isoelastic": (games.ZOO["isoelastic steps"], pot.Cournot(), {}),
    "isoelastic, leader": (games.ZOO["isoelastic steps"], pot.Leader(leader=("A",), followers=pot.Competitive()), {}),
    "smooth": (games.ZOO["smooth and steps"], pot.Cournot(), {}),
    "joint cap": (games.ZOO["steps"], pot.Cournot(), {"cap": pot.JointCap(cap_kt=2.0)}),
    "nobody runs": (games.ZOO["nobody runs"], pot.Cournot(), {}),
    "several": (games.floor_duopoly(1.8), pot.Cournot(), {}),
}


@pytest.mark.parametrize("name", list(ASKED))
def test_every_figure_of_a_market_is_looked_at(name):
    industry, concept, options = ASKED[name]
    result = pot.solve(industry, concept, **options)
    assert (len(result.others) > 0) == (name == "several")
    assert_caught(spoil(result, question=(*QUESTION, *(f"others[{k}].{item}" for k in range(2) for item in QUESTION))))


def test_a_leader_with_rising_costs_is_looked_at():
    result = pot.solve(games.ZOO["smooth and steps"], pot.Leader(leader=("A",)))
    assert_caught(spoil(result, question=QUESTION, only=("price", "output")))


def test_owners_are_looked_at_and_what_is_no_number_fails():
    result = pot.solve(games.ZOO["steps"], pot.Cournot())
    for changed, check in (
        ({"owner_profit_m": 1.01 * result.owner_profit_m}, "owner profit"),
        ({"owner_output_kt": 1.01 * result.owner_output_kt[::-1]}, "owner output"),
        ({"output_kt": np.where(result.output_kt > 0.0, result.output_kt, math.nan)}, "capacities"),
        ({"price_per_t": math.nan}, "demand"),
    ):
        assert check in failed(pot.verify(dataclasses.replace(result, **changed)).checks)


def led(result, output):
    """Restate a leader's answer with another output of its two plants: the price and what follows are right for it."""
    price = float(result.industry.demand.price_at(float(output.sum())))
    made = np.bincount([0, 0], output, 1)
    profit = np.array([float(output @ (price - np.array([3.0, 4.0])))]) / 1000.0
    slope = price / (result.industry.demand.elasticity * float(output.sum()))
    return dataclasses.replace(
        result, price_per_t=price, output_kt=output, owner_output_kt=made, owner_profit_m=profit,
        perceived_slope_per_kt=slope,
    )  # fmt: skip


@pytest.mark.parametrize("elasticity", [1.05, 1.5, 3.0])
def test_a_leader_under_isoelastic_demand_has_no_better_commitment(elasticity):
    """Without a ceiling or a fringe to fill the market: samples once began at a price of 1e12 and saw nothing."""
    demand = games.isoelastic(40.0, elasticity)
    alone = games.oligopoly([3.0, 4.0], demand, capacity=[0.4, 30.0], firms=["A", "A"])
    result = pot.solve(alone, pot.Leader(leader=("A",)))
    assert result.certificate.holds
    dear = np.array([0.0, float(result.output_kt.sum())])
    assert pot.verify(led(result, dear)).gain > 1e-3
    five = float(demand.quantity_at(5.0 * result.price_per_t))
    scarce = np.array([min(five, 0.4), max(0.0, five - 0.4)])
    wrong = pot.verify(led(result, scarce))
    assert failed(wrong.checks) == ("unilateral gain",)
    assert wrong.gain > 1e-3
    assert pot.verify(led(result, result.output_kt)).holds


@pytest.mark.parametrize("seed", range(30))
def test_the_verifier_reads_the_question_as_the_solver_does(seed):
    """By code of its own: that both readings agree on random questions is what lets a difference mean something."""
    rng = np.random.default_rng(seed)
    industry = games.random_steps(seed, ceiling=seed % 2 == 1)
    owners = industry.owners
    concept = [
        pot.Competitive(),
        pot.Cournot(),
        pot.Conjectural(theta=((owners[0], 0.3),), others=0.8),
        pot.Cartel(members=owners[:2], fringe=pot.Competitive()),
        pot.Leader(leader=owners[-1:], followers=pot.Conjectural(theta=0.5)),
    ][seed % 5]
    plants = tuple(
        dataclasses.replace(plant, running_kt=plant.capacity_kt * rng.uniform()) for plant in industry.plants
    )
    rule = pot.ProRata(share_of_running=0.3) if seed % 3 else pot.Stated(cuts_kt=((owners[0], 0.1),))
    industry = dataclasses.replace(industry, plants=plants).under(pot.JointCut(signatories=owners[:2], rule=rule))
    cost = tuple(plant.net_cash_cost_per_t() for plant in plants)
    avoidable = (
        pot.StopAndRestart(stop_per_t=cost, restart_per_t=tuple(c + 1.0 for c in cost)) if seed % 2 else pot.CashCost()
    )
    cap = None if isinstance(concept, pot.Leader) else pot.JointCap(cap_kt=1.0, owners=owners[:2])
    mine, theirs = asked(industry, concept, avoidable, cap).game, game_of(industry, concept, avoidable, cap)
    assert (mine.owners, mine.units, mine.leader) == (theirs.owners, theirs.units, theirs.leader)
    for name in ("theta", "limited", "unit_of_owner", "owner_of_plant", "tranche_price", "tranche_kt"):
        np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), rtol=1e-13)
    for game in (mine, theirs):
        assert np.all(np.diff(game.unit) >= 0)
    for values in ("capacity", "cost"):
        both = [
            np.bincount(game.plant, game.capacity * (getattr(game, values) if values == "cost" else 1.0), len(plants))
            for game in (mine, theirs)
        ]
        np.testing.assert_allclose(*both, rtol=1e-12)
    np.testing.assert_allclose(
        [mine.first, mine.second, mine.cap], [theirs.first, theirs.second, theirs.cap], rtol=1e-13
    )


def test_a_plant_at_an_absurd_cost_does_not_blur_the_gains_of_others():
    plants = tuple(
        pot.Plant(name=name, firm=name, capacity_kt=kt, other_cost_per_t=cost)
        for name, kt, cost in (("A", 300.0, 900.0), ("B", 200.0, 1000.0), ("C", 150.0, 1100.0))
    )
    dear = pot.Plant(name="D", firm="A", capacity_kt=80.0, other_cost_per_t=1.9e14)
    demand = pot.LinearDemand(price_per_t=1500.0, quantity_kt=930.0, elasticity=0.5)
    for order in ((*plants, dear), (dear, *plants), (plants[0], dear, *plants[1:])):
        found = pot.solve(pot.Industry(name="one", demand=demand, plants=order), pot.Cournot())
        assert found.certificate.holds
        assert pot.verify(found).holds


@pytest.mark.parametrize("idle_kt", [1.5e8, 9e8])
def test_a_plant_of_absurd_size_does_not_blur_which_lines_of_others_run(idle_kt):
    plants = tuple(
        pot.Plant(name=name, firm=name, capacity_kt=kt, running_kt=running, other_cost_per_t=cost)
        for name, kt, running, cost in (
            ("A", 300.0, 300.0, 900.0),
            ("huge", idle_kt, 120.0, 950.0),
            ("B", 204.9, 184.3, 1000.1),
            ("C", 150.3, 80.7, 1100.3),
        )
    )
    demand = pot.LinearDemand(price_per_t=1500.0, quantity_kt=930.0, elasticity=0.5)
    apart = pot.StopAndRestart(stop_per_t=(700.0, 750.0, 800.0, 900.0), restart_per_t=(1e4,) * 4)
    for order in (plants, plants[::-1], plants[1:] + plants[:1]):
        industry = pot.Industry(name="one", demand=demand, plants=order)
        for concept in (pot.Competitive(), pot.Cournot()):
            found = pot.solve(industry, concept, avoidable=apart)
            assert found.certificate.holds
            shifted = np.where(found.output_kt > 0.0, found.output_kt * (1.0 - 1e-6), 0.0)
            assert not pot.verify(dataclasses.replace(found, output_kt=shifted)).holds
