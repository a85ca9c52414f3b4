"""What is said of a meeting of more than twenty owners."""

from __future__ import annotations

import dataclasses
import json

import pytest
from tests.agreement.crowd import crowd

from potline.agreement import meeting
from potline.choices import Baseline
from potline.questions.verbs import brief
from potline.report.figures.coalitions import coalition_figure
from potline.report.figures.meeting import margins_figure, sweep_figure
from potline.report.tables.meeting import meeting_tables
from potline.report.verdict import examined_sentence, meeting_lines, meeting_quote


@pytest.fixture(scope="module")
def searched():
    return meeting(crowd(22), draws=0)


def test_the_lines_say_how_many_groups_were_scored_and_what_is_proven(searched):
    sentence = examined_sentence(searched, "CNY")
    how = searched.examined
    assert sentence.startswith(
        f"{how.coalitions:,} groups were scored, and no group of all that 22 owners can form does"
    )
    assert f"proven by bounds on {how.boxes:,} sets of groups." in sentence
    assert sentence.endswith(
        "What stands in the way, and shares of the stated ranges, are left out with so many owners."
    )
    assert sentence in meeting_lines(searched, "CNY")


def test_a_verdict_that_is_not_decided_is_said_so(searched):
    first = dataclasses.replace(searched.margin(), margin_m_per_year=-7.0, upper_m_per_year=4.0)
    again = dataclasses.replace(first, baseline=Baseline.NASH)
    said = (searched.margin(), searched.margin(baseline=Baseline.NASH))
    rest = (again, *(m for m in searched.margins if m not in said))
    open_ = dataclasses.replace(
        searched, margins=(first, *rest), verdict=first.verdict, margin_m_per_year=first.margin_m_per_year
    )
    assert meeting_quote(open_, "CNY") == (
        "Not decided.",
        "No group of the 22 owners present was found that can idle 600 kt/year together with each member better off "
        "inside; the best found misses by 7.0 m CNY a year, but only that none does better than 4.0 m CNY is proven.",
    )
    assert "does better by more than 11 m CNY a year" in examined_sentence(open_, "CNY")
    hangs = meeting_lines(open_, "CNY")[2]
    assert "not decided if they " in hangs
    assert "if they keep their cut, as the verdict takes it" in hangs.partition("not decided")[2]


def test_tables_hold_the_bound_and_name_those_who_are_out(searched):
    tables = {table.name: table for table in meeting_tables(searched)}
    assert "obstacles" not in tables
    margins = tables["margins"]
    names = [column.name for column in margins.columns]
    low, high = names.index("margin_m_cny_per_year"), names.index("upper_margin_m_cny_per_year")
    for row, item in zip(margins.rows, searched.margins, strict=True):
        assert (row[low], row[high]) == (item.margin_m_per_year, item.upper_m_per_year)
        if len(item.coalition) == 22:
            assert row[names.index("group")] == "all 22"
    assert tables["groups"].title.startswith("Some groups that reach the tonnage: those that decide")
    assert len(tables["tonnage_sweep"].rows[0]) == 9
    assert len(tables["outside_money"].rows[0]) == 4


def test_figures_draw_what_there_is(searched):
    drawn = coalition_figure(searched, source="model")
    assert drawn is not None
    assert "are shown, of many more" in drawn.sentence
    assert drawn.title == "Groups that could cut"
    assert margins_figure(searched, source="model").title
    assert sweep_figure(searched, source="model") is not None


def test_the_brief_of_a_large_meeting_reads_without_obstacles():
    page = brief(crowd(24, kinds=3), draws=8).html
    assert "Groups of 24 owners were counted by how many of each kind they hold: 729 were scored" in page
    assert "With so many owners the obstacles are not taken apart" in page
    assert "Every group that could cut, and who it hangs on" in page
    assert "checks of this run hold" in page


def test_json_of_the_tables_is_plain(searched):
    for table in meeting_tables(searched):
        json.dumps([list(row) for row in table.rows])
