"""Whole lines through the public verb."""

from __future__ import annotations

import dataclasses

import pytest
from tests import games
from tests.spoiling import assert_caught, spoil

from potline.equilibrium import StopAndRestart
from potline.equilibrium.lines import solve_lines
from potline.errors import InputError
from potline.industry import Industry, Plant, Trade, Tranche


def two_plants() -> Industry:
    return Industry(
        name="lines",
        demand=games.line(30.0, 1.0),
        plants=(
            Plant(name="a", firm="A", capacity_kt=8.0, running_kt=4.0, line_kt=2.0, other_cost_per_t=5.0),
            Plant(name="b", firm="B", capacity_kt=9.0, line_kt=4.0, other_cost_per_t=6.0),
        ),
    )


def test_restart_costs_keep_lines_idle() -> None:
    cheap = solve_lines(two_plants())
    assert cheap.output_kt.tolist() == [8.0, 8.0]
    dear = solve_lines(two_plants(), avoidable=StopAndRestart(stop_per_t=(5.0, 6.0), restart_per_t=(14.0, 14.0)))
    assert dear.output_kt[0] == 4.0
    assert dear.gain == 0.0
    # Profit is at cash cost whatever was avoidable.
    assert dear.owner_profit_m[0] == pytest.approx(4.0 * (dear.price_per_t - 5.0) / 1000.0)


def test_refusals() -> None:
    with pytest.raises(InputError, match="found IsoelasticDemand; needed LinearDemand"):
        solve_lines(dataclasses.replace(two_plants(), demand=games.isoelastic(10.0, 1.5)))
    with pytest.raises(InputError, match="import price 12, export floor -inf; needed none between 13 and 30"):
        solve_lines(dataclasses.replace(two_plants(), trade=Trade(tranches=(Tranche(price_per_t=12.0),))))
    with pytest.raises(InputError, match=r"a line of 2 kt/year; needed steps, in lines of a whole number of 3 kt/year"):
        solve_lines(two_plants(), unit_kt=3.0)


def test_every_figure_in_whole_lines_is_looked_at() -> None:
    dear = StopAndRestart(stop_per_t=(5.0, 6.0), restart_per_t=(14.0, 14.0))
    for result in (solve_lines(two_plants()), solve_lines(two_plants(), avoidable=dear)):
        assert_caught(spoil(result, question=("industry", "avoidable", "unit_kt")))
