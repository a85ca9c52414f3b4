"""Who runs: one default for every verb and command that asks it, and what stands for it when it is named."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import potline as pot
from potline.answers import Answers
from potline.cli import command
from potline.equilibrium import avoidable_cost
from potline.shutdown import stopping_prices

LINE = pot.LinearDemand.from_line(intercept_per_t=20.0, slope_per_kt=0.1)
COSTS = {"A": 10.0, "B": 11.0, "C": 12.0}
MOVING = pot.Industry(
    name="moving", demand=LINE, price_per_t=12.0, process=pot.PriceProcess(volatility=0.3), discount_rate=0.1,
    plants=tuple(
        pot.Plant(name=name, firm=name, capacity_kt=40.0, running_kt=20.0, other_cost_per_t=cost,
                  restart_cost_per_t=3.0, holding_cost_per_t=0.2)
        for name, cost in COSTS.items()
    ),
)  # fmt: skip


def smelters() -> pot.Industry:
    return pot.load("china-aluminium-2013").industry


# What is asked, and the figures of the answer that depend on who runs.
ASKED: dict[str, tuple[Callable[..., Any], Callable[[Any], Any]]] = {
    "solve": (lambda **said: pot.solve(MOVING, **said), lambda found: [found.price_per_t, *found.output_kt]),
    "solve_lines": (
        lambda **said: pot.solve_lines(MOVING, unit_kt=5.0, **said),
        lambda found: [found.price_per_t, *found.output_kt],
    ),
    "cartel_stability": (lambda **said: pot.cartel_stability(MOVING, **said), lambda found: found.profit_m.ravel()),
    "chain": (lambda **said: pot.chain(smelters(), **said), lambda found: [found.price_per_t]),
    "chain_relief": (
        lambda **said: pot.chain_relief(smelters(), cut_of(smelters()), **said),
        lambda found: [found.before.price_per_t],
    ),
}


def cut_of(industry: pot.Industry) -> pot.JointCut:
    return pot.JointCut(signatories=industry.owners[:2], rule=pot.ProRata(share_of_running=0.1))


def test_every_verb_that_can_be_told_who_runs_is_here():
    told = {
        name
        for name in pot.__all__
        if inspect.isfunction(getattr(pot, name)) and "avoidable" in inspect.signature(getattr(pot, name)).parameters
    }
    assert told | {"solve"} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_unless_told_lines_stop_and_restart_at_their_prices(name):
    ask, figures = ASKED[name]
    industry = smelters() if name.startswith("chain") else MOVING
    stopping = pot.StopAndRestart.at(stopping_prices(industry))
    assert avoidable_cost(industry) == stopping
    unless_told = np.array(figures(ask()), dtype=float)
    assert np.array_equal(unless_told, np.array(figures(ask(avoidable=stopping)), dtype=float))
    assert not np.allclose(unless_told, np.array(figures(ask(avoidable=pot.CashCost())), dtype=float), rtol=1e-6)


def test_an_industry_without_a_law_of_its_price_runs_by_cash_cost_everywhere():
    still = pot.Industry(name="still", demand=LINE, plants=MOVING.plants)
    assert avoidable_cost(still) == pot.CashCost()
    for verb in (pot.solve, lambda industry, **said: pot.solve_lines(industry, unit_kt=5.0, **said)):
        assert verb(still).price_per_t == verb(still, avoidable=pot.CashCost()).price_per_t


def outputs(*arguments: str) -> list[float]:
    """Return what `potline market` says each plant makes."""
    done = CliRunner().invoke(command, ["market", "china-aluminium-2013", "--no-chain", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    table = json.loads(done.stdout)["tables"]["plants"]
    at = [column["name"] for column in table["columns"]].index("output_kt")
    return sorted(row[at] for row in table["rows"])


def test_the_command_says_what_the_verb_says():
    industry = smelters()
    unless_told = sorted(pot.solve(industry).output_kt.tolist())
    assert outputs() == outputs("--cost", "stopping") == unless_told
    by_cash = sorted(pot.solve(industry, avoidable=pot.CashCost()).output_kt.tolist())
    assert outputs("--cost", "cash") == by_cash != unless_told


def test_the_answers_of_a_case_take_the_same():
    case = pot.load("china-aluminium-2013")
    answers = Answers(case)
    assert answers.chain is not None
    assert answers.market is not None
    assert answers.chain.avoidable == pot.chain(case).avoidable == avoidable_cost(case.industry)
    assert answers.chain.price_per_t == pot.chain(case).price_per_t
    assert answers.market.observed.market.avoidable == avoidable_cost(case.industry)
    assert answers.market.observed.market.price_per_t == pot.solve(case.industry).price_per_t
