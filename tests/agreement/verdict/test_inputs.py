"""The margin over its inputs: two at a time and one at a time, each point against a meeting held there."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import potline as pot
from potline.agreement import BoundaryPoint, margin_sensitivity, meeting, stability_map, tornado
from potline.cases import Case, Factor, InputRange, Meeting
from potline.errors import InputError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess


@pytest.fixture(scope="module")
def flagship() -> Case:
    return pot.load("china-aluminium-2013")


def trio(**meeting_numbers: float) -> Case:
    owners = ("North", "East", "South")
    industry = Industry(
        name="trio",
        price_per_t=12_500.0,
        process=PriceProcess(volatility=0.18),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1200.0, elasticity=0.5),
        plants=tuple(
            Plant(
                name=name, firm=name, capacity_kt=500.0, running_kt=400.0, other_cost_per_t=cost,
                stop_cost_per_t=200.0, holding_cost_per_t=200.0, restart_cost_per_t=600.0,
            )
            for name, cost in zip(owners, (9600.0, 11_800.0, 12_300.0), strict=True)
        ),
    )  # fmt: skip
    asked = Meeting(date="", firms=owners, owners=owners, **{"least_cut_kt": 150.0, **meeting_numbers})
    return Case(name="trio", industry=industry, meeting=asked)


PLANES = [
    (
        InputRange(input="trade.parity.freight_usd_per_t", low=120.0, high=260.0),
        InputRange(input="meeting.least_cut_kt", low=100.0, high=1500.0),
    ),
    (
        InputRange(input="price_cny_per_t", low=13_500.0, high=15_500.0),
        InputRange(input="plant[province=Henan].power_price_cny_per_kwh*", low=0.85, high=1.1),
    ),
    (
        InputRange(input="meeting.term_years", low=0.5, high=3.0),
        InputRange(input="plant[*].restart_cost_cny_per_t+", low=-200.0, high=600.0),
    ),
]
SIGNS = {"*": "*=", "+": "+="}


def as_set(name: str, value: float) -> str:
    return f"{name[:-1]}{SIGNS[name[-1]]}{value!r}" if name[-1] in SIGNS else f"{name}={value!r}"


@pytest.mark.parametrize(("first", "second"), PLANES)
def test_points_of_a_map_are_meetings_with_both_inputs_set(flagship, first, second):
    found = stability_map(flagship, first, second, points=(4, 3))
    for row, column in ((0, 0), (1, 2), (2, 3)):
        values = found.first_values[column], found.second_values[row]
        changes = [as_set(item.input, float(value)) for item, value in zip((first, second), values, strict=True)]
        held = meeting(flagship.override(*changes), draws=0)
        assert found.margin_m_per_year[row, column] == pytest.approx(held.margin_m_per_year, rel=1e-9)
        assert found.group(row, column) == held.coalition
        assert found.verdict(row, column) == held.verdict


def test_every_institution_baseline_and_way_of_leaving_can_be_mapped(flagship):
    first, second = PLANES[0]
    chosen = {"institution": "transfers", "baseline": "nash", "leaving": "respread"}
    found = stability_map(flagship, first, second, points=(2, 2), rule="efficient", **chosen)
    changes = [as_set(first.input, first.high), as_set(second.input, second.low)]
    held = meeting(flagship.override(*changes), draws=0, rule="efficient").margin(**chosen)
    assert found.margin_m_per_year[0, 1] == pytest.approx(held.margin_m_per_year, rel=1e-9)
    assert found.group(0, 1) == held.coalition


def test_the_margin_is_0_on_the_boundary_and_changes_sign_across_it(flagship):
    first, second = PLANES[0]
    found = stability_map(flagship, first, second, points=(7, 3), leaving="collapse")
    assert found.boundary
    smooth = [point for point in found.boundary if not point.jumps]
    assert smooth
    for point in smooth[:1]:
        step = 1e-4 if point.agreement == "above" else -1e-4
        margins = [
            meeting(
                flagship.override(as_set(first.input, point.first + side), as_set(second.input, point.second)), draws=0
            )
            .margin(leaving="collapse")
            .margin_m_per_year
            for side in (-step, 0.0, step)
        ]
        assert margins[0] < 0.0 <= margins[1] < margins[2]
        assert margins[1] == pytest.approx(0.0, abs=1e-3)


def test_where_no_group_can_reach_the_tonnage_the_map_says_so():
    found = stability_map(
        trio(),
        InputRange(input="meeting.least_cut_kt", low=100.0, high=2000.0),
        InputRange(input="demand.elasticity", low=0.2, high=0.8),
        points=(9, 3),
        institution="unanimity",
    )
    assert found.verdict(0, 8) == "infeasible"
    assert found.group(0, 8) == ()
    ends = [point for point in found.boundary if point.jumps]
    assert all(point.agreement == "below" and np.isnan(point.beyond_m_per_year) for point in ends)


def test_a_boundary_point_that_ends_at_infeasible_jumps():
    edge = BoundaryPoint(
        first=1.0, second=1.0, agreement="below", margin_m_per_year=5.0, beyond=2.0, beyond_m_per_year=float("nan")
    )
    assert edge.jumps
    assert not dataclasses.replace(edge, margin_m_per_year=1e-9, beyond_m_per_year=-1e-9).jumps


@pytest.mark.parametrize("factor", ["grid power price", "metal premium", "term of the cut", "alumina price"])
def test_ends_of_a_tornado_are_meetings_with_the_factor_moved(flagship, factor):
    chosen = next(item for item in flagship.factors if item.name == factor)
    row = tornado(flagship, inputs=[factor], points=2).rows[0]
    for value, margin in zip((chosen.low, chosen.high), (row.low_m_per_year, row.high_m_per_year), strict=True):
        held = meeting(flagship.under(chosen.change(value)), draws=0)
        assert margin == pytest.approx(held.margin_m_per_year, rel=1e-9)


def test_a_tornado_holds_all_factors_by_swing_and_flags_those_that_turn(flagship):
    found = tornado(flagship)
    swings = [row.swing_m_per_year for row in found.rows]
    assert swings == sorted(swings, reverse=True)
    assert {row.input.name for row in found.rows} == {factor.name for factor in flagship.factors}
    assert found.base_m_per_year == pytest.approx(meeting(flagship, draws=0).margin_m_per_year, rel=1e-12)
    turning = {row.input.name for row in found.rows if row.turns}
    assert "metal premium" in turning
    assert "restart cost" not in turning
    premium = next(row for row in found.rows if row.input.name == "metal premium")
    assert premium.least_m_per_year < min(premium.low_m_per_year, premium.high_m_per_year)
    assert premium.verdicts == ("no agreement", "no agreement")


def test_an_input_that_does_nothing_has_no_swing_and_comes_last():
    found = tornado(
        trio(),
        inputs=[
            InputRange(input="plant[*].depreciation_per_t", low=0.0, high=500.0),
            InputRange(input="demand.elasticity", low=0.3, high=0.9),
        ],
    )
    last = found.rows[1]
    assert last.input.name == "plant[*].depreciation_per_t"
    assert (last.swing_m_per_year, last.turns, last.decides) == (0.0, False, False)


def test_a_case_whose_price_is_a_factor_moves_demand_with_it():
    case = trio()
    moved = dataclasses.replace(
        case, factors=(Factor(name="price", path="price_per_t", low=12e3, central=12_500.0, high=13e3),)
    )
    row = tornado(moved, points=2).rows[0]
    held = meeting(case.under(moved.factors[0].change(13e3)), draws=0)
    assert row.high_m_per_year == pytest.approx(held.margin_m_per_year, rel=1e-9)


def test_sobol_indices_of_one_factor_are_1():
    case = dataclasses.replace(
        trio(), factors=(Factor(name="price", path="price_per_t", low=12e3, central=12_500.0, high=13e3),)
    )
    found = margin_sensitivity(case, draws=256)
    assert found.total[0] == pytest.approx(1.0, abs=5 * found.total_error[0] + 0.05)
    assert found.first[0] == pytest.approx(1.0, abs=5 * found.first_error[0] + 0.05)


ERRORS = [
    (
        ("demand.elastisity", 0.1, 0.5),
        "input 'demand.elastisity': found unknown number 'demand.elastisity'; needed a number of the case, or "
        "plant[NAME].COLUMN, or the name of a factor. Did you mean 'demand.elasticity'?",
    ),
    (
        ("discount_rate", -0.1, 0.5),
        "input 'discount_rate', at -0.1: found a result of -0.1; needed above 0.",
    ),
    (
        ("discount_rate", 0.2, 0.1),
        "InputRange 'discount_rate': found 0.2..0.1; needed low <= high.",
    ),
    (
        ("discount_rate", float("nan"), float("nan")),
        "input 'discount_rate': found no range; needed a range LOW..HIGH of finite numbers, low below high.",
    ),
    (
        ("government[Henan].jobs_per_kt", 1.0, 2.0),
        "case.toml, factors, path 'government[Henan].jobs_per_kt': found a number of a government; needed the path of "
        "a number that can be drawn.",
    ),
]


@pytest.mark.parametrize(("given", "text"), ERRORS)
def test_inputs_that_cannot_be_moved_are_refused(flagship, given, text):
    name, low, high = given
    with pytest.raises(InputError) as caught:
        tornado(flagship, inputs=[InputRange(input=name, low=low, high=high)])
    assert str(caught.value) == text


def test_questions_that_make_no_map_or_tornado_are_refused(flagship):
    with pytest.raises(
        InputError, match=r"^the two inputs: found discount_rate twice; needed two different numbers\.$"
    ):
        stability_map(flagship, "discount rate", InputRange(input="discount_rate", low=0.05, high=0.1))
    with pytest.raises(InputError, match=r"^stability_map, points: found 1 at place 1; needed a whole number"):
        stability_map(flagship, "discount rate", "volatility", points=(1, 9))
    with pytest.raises(InputError, match=r"^tornado, points: found 1; needed a whole number of 2 or more\.$"):
        tornado(flagship, points=1)
    with pytest.raises(InputError) as caught:
        tornado(trio())
    assert str(caught.value) == (
        "case 'trio', factors: found none with a range; needed inputs with their ranges. Give the case "
        "`[[factors]]`, or name inputs."
    )
