"""What the margin hangs on, in figures, tables and words."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from potline.agreement import (
    StabilityMap,
    Tornado,
    stability_map,
    tonnage_attribution,
    tonnage_map,
    tonnage_sensitivity,
    tonnage_tornado,
    tornado,
)
from potline.answers import Answers
from potline.cases import Case, InputRange
from potline.report.figures.coalitions import coalition_figure
from potline.report.figures.stability import map_figure
from potline.report.figures.tonnage_map import tonnage_map_figure
from potline.report.figures.tonnage_obstacles import tonnage_obstacles_figure
from potline.report.figures.tornado import sensitivity_figure, tonnage_tornado_figure, tornado_figure
from potline.report.figures.triggers import trigger_figure
from potline.report.tables.stability import (
    boundary_table,
    map_table,
    sensitivity_table,
    tonnage_map_table,
    tonnage_sensitivity_table,
    tonnage_tornado_table,
    tornado_table,
)
from potline.report.tables.tonnage_obstacles import tonnage_obstacles_table
from potline.report.tables.triggers import trigger_table


@pytest.fixture(scope="module")
def plane(starter: Case) -> StabilityMap:
    tonnage = InputRange(input="meeting.least_cut_kt", low=20.0, high=2500.0)
    return stability_map(starter, tonnage, InputRange(input="demand.elasticity", low=0.2, high=0.9), points=(9, 4))


def test_a_map_draws_every_point_with_a_numeric_axis_and_marks_the_case(starter: Case, plane: StabilityMap) -> None:
    drawn = map_figure([plane], currency=starter.currency, source="a test")
    layers = drawn.chart_spec["layer"]
    cells = [row for layer in layers if layer["mark"]["type"] == "rect" for row in layer["data"]["values"]]
    assert len(cells) == 9 * 4
    assert sum(row["margin"] is None for row in cells) == int(np.isnan(plane.margin_m_per_year).sum()) > 0
    for layer in layers:
        assert layer["encoding"]["x"]["type"] == layer["encoding"]["y"]["type"] == "quantitative"
    case = [layer for layer in layers if layer["mark"].get("shape") == "cross"]
    assert case[0]["data"]["values"][0]["x"] == starter.meeting.least_cut_kt
    scale = next(layer["encoding"]["color"]["scale"] for layer in layers if "color" in layer["encoding"])
    assert scale["domain"][0] == -scale["domain"][-1]
    assert scale["domain"][len(scale["domain"]) // 2] == pytest.approx(0.0)
    assert "an agreement exists in" in drawn.sentence


def test_tables_of_a_map_hold_its_points_and_its_boundary(starter: Case, plane: StabilityMap) -> None:
    table = map_table(plane, starter.currency)
    assert len(table.rows) == 36
    verdicts = table.column("verdict")
    assert verdicts[0] == plane.verdict(0, 0)
    assert verdicts[-1] == plane.verdict(3, 8)
    assert len(boundary_table(plane, starter.currency).rows) == len(plane.boundary)


def test_a_tornado_of_the_largest_cut_shows_what_its_rows_hold(starter: Case) -> None:
    found = tonnage_tornado(starter, leaving="collapse")
    first = found.rows[0]
    drawn = tonnage_tornado_figure(found, source="a test")
    assert drawn is not None
    assert drawn.sentence.startswith(
        f"Moved alone, {first.input.name} moves the largest cut that holds most, "
        f"by {first.swing_kt:,.0f} kt/year ({first.low_kt:,.0f} at"
    )
    assert ("counted as 0" in drawn.sentence) == (found.none_share > 0.0)
    bars = drawn.chart_spec["layer"][0]["data"]["values"]
    assert [bar["to"] for bar in bars[:2]] == pytest.approx([first.low_kt, first.high_kt])
    table = tonnage_tornado_table(found)
    assert table.column("swing_kt") == pytest.approx([row.swing_kt for row in found.rows])
    assert table.column("nothing_share") == pytest.approx([row.none_share for row in found.rows])
    same = dataclasses.replace(first, interval=found.base_interval, values=first.values[:1], base_kt=found.base_kt)
    assert tonnage_tornado_figure(dataclasses.replace(found, rows=(same,)), source="a test") is None


def test_inputs_that_are_left_out_of_a_tornado_are_counted(starter: Case) -> None:
    found = tonnage_tornado(starter, leaving="collapse")
    flat = dataclasses.replace(found.rows[-1], interval=found.base_interval, base_kt=found.base_kt)
    drawn = tonnage_tornado_figure(dataclasses.replace(found, rows=(found.rows[0], flat, flat)), source="a test")
    assert drawn is not None
    assert "2 inputs that moved it little or not at all left out" in str(drawn.chart_spec["title"])
    other = tornado(starter)
    still = dataclasses.replace(other.rows[-1], margins_m_per_year=(other.base_m_per_year,) * 9)
    shown = tornado_figure(dataclasses.replace(other, rows=(other.rows[0], still)), currency="EUR", source="a test")
    assert shown is not None
    assert "1 input that moved it little or not at all left out" in str(shown.chart_spec["title"])


def test_a_map_of_the_largest_cut_draws_every_point(starter: Case) -> None:
    slope = InputRange(input="demand.elasticity", low=0.2, high=0.9)
    term = InputRange(input="meeting.term_years", low=1.0, high=3.0)
    found = tonnage_map(starter, slope, term, points=(4, 3), leaving="collapse")
    drawn = tonnage_map_figure(found, source="a test")
    cells = drawn.chart_spec["layer"][0]["data"]["values"]
    assert [cell["largest"] for cell in cells] == found.k_star_kt.ravel().tolist()
    least, most = found.k_star_kt.min(), found.k_star_kt.max()
    assert drawn.sentence.startswith("In the plane of demand.elasticity and meeting.term_years, all other inputs as in")
    assert f"lies between {least:,.0f} and {most:,.0f} kt/year." in drawn.sentence
    assert tonnage_map_table(found).column("largest_kt") == tuple(found.k_star_kt.ravel().tolist())


def test_obstacles_of_the_largest_cut_are_drawn_from_the_one_to_the_other(starter: Case) -> None:
    found = tonnage_attribution(starter)
    drawn = tonnage_obstacles_figure(found, source="a test")
    assert drawn is not None
    most = max(found.obstacles, key=lambda item: item.held_kt)
    start = f"Most in the way of a larger cut, kt/year won back without it: {most.name} (+{most.held_kt:,.0f})"
    assert drawn.sentence.startswith(start)
    table = tonnage_obstacles_table(found)
    assert len(table.rows) == 10
    held = table.column("held_kt")
    assert (held[0], held[-1]) == (found.k_star_kt, found.freed_kt)
    assert sum(held[1:-1]) == pytest.approx(held[-1] - held[0])
    nothing = tuple(dataclasses.replace(item, held_kt=0.0) for item in found.obstacles)
    assert tonnage_obstacles_figure(dataclasses.replace(found, obstacles=nothing), source="a test") is None


def test_indices_of_the_largest_cut_have_a_figure_and_a_table(starter: Case) -> None:
    found = tonnage_sensitivity(starter, draws=8, leaving="collapse")
    drawn = sensitivity_figure(found, source="a test")
    assert drawn is not None
    assert drawn.name == "tonnage_sensitivity"
    assert "most of the variance of the largest cut that holds hangs on" in drawn.sentence
    table = tonnage_sensitivity_table(found)
    assert list(table.column("total_index")) == sorted(found.total.tolist(), reverse=True)


def test_a_tornado_names_what_turns_and_what_decides(starter: Case) -> None:
    found = tornado(starter)
    drawn = tornado_figure(found, currency=starter.currency, source="a test")
    assert drawn is not None
    assert drawn.sentence.startswith(
        f"Moved alone over its stated range, {found.rows[0].input.name} moves the margin most"
    )
    deciding = [row.input.name for row in found.rows if row.decides]
    assert ("None of them changes the verdict alone." in drawn.sentence) == (not deciding)
    first = dataclasses.replace(found.rows[0], margins_m_per_year=(1.0, 9.0, -4.0, 2.0), values=(0.0, 1.0, 2.0, 3.0))
    turned = tornado_figure(dataclasses.replace(found, rows=(first,)), currency=starter.currency, source="a test")
    assert turned is not None
    assert f"{first.input.name} reaches −4 at 2 and 9 at 1" in turned.sentence
    table = tornado_table(found, starter.currency)
    assert table.column("input") == tuple(row.input.name for row in found.rows)


def test_nothing_is_drawn_of_margins_that_do_not_exist(starter: Case) -> None:
    found = tornado(starter.override("meeting.least_cut_kt=5000"))
    assert all(math.isnan(row.swing_m_per_year) for row in found.rows)
    assert tornado_figure(found, currency=starter.currency, source="a test") is None


def test_indices_and_triggers_are_in_the_answers_with_their_words(answers: Answers) -> None:
    found, industry = answers, answers.case.industry
    assert isinstance(found.tornado, Tornado)
    assert found.tonnage_tornado is not None
    assert found.sensitivity is not None
    indices = sensitivity_figure(found.sensitivity, source="a test")
    assert indices is not None
    totals = sensitivity_table(found.sensitivity, industry.currency).column("total_index")
    assert list(totals) == sorted(totals, reverse=True)
    drawn = trigger_figure(found.triggers, industry, rule="pro_rata", source="a test")
    assert drawn is not None
    table = trigger_table(found.triggers, industry)
    assert set(table.column("parity")) == {"held", "follows"}
    for item in found.triggers:
        assert item.trigger_per_t[0] == industry.price_per_t


def test_a_case_without_factors_or_with_a_crowd_is_asked_less(starter: Case) -> None:
    few = Answers(dataclasses.replace(starter, factors=()), draws=8)
    assert (few.tornado, few.sensitivity, few.maps) == (None, None, ())
    assert len(few.triggers) == 2
    assert starter.meeting is not None
    crowd = dataclasses.replace(starter.meeting, owners=tuple(f"owner {k}" for k in range(11)))
    for less in (dataclasses.replace(starter, meeting=crowd), dataclasses.replace(starter, meeting=None)):
        found = Answers(less, draws=8)
        assert (found.tornado, found.sensitivity, found.maps, found.triggers) == (None, None, (), ())


def test_the_map_of_coalitions_says_who_it_hangs_on(answers: Answers) -> None:
    held = answers.meeting
    assert held is not None
    drawn = coalition_figure(held, source="a test")
    assert drawn is not None
    first = held.coalitions.pivots[0]
    needed = math.isnan(first.without_m_per_year)
    assert (f"Without {first.owner}" in drawn.sentence) == needed or first.decides
