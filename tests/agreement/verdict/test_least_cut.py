"""What is equal on paper decides no meeting, and its verdict names the tonnage with enough digits."""

from __future__ import annotations

import dataclasses

import pytest
from tests.agreement.table.test_limits import twins

import potline as pot
from potline.report.verdict import meeting_quote


@pytest.mark.parametrize("rule", ["pro_rata", "efficient"])
def test_a_least_cut_equal_on_paper_to_what_all_run_can_be_made(rule):
    """0.7 + 0.1 is less than 0.8 in the last bit; the verdict said that nobody can idle 1 kt."""
    case = twins(volatility=0.2)
    sizes = {"A": 0.7, "B": 0.1}
    plants = tuple(
        dataclasses.replace(plant, capacity_kt=sizes[plant.firm], running_kt=sizes[plant.firm])
        for plant in case.industry.plants
    )
    demand = dataclasses.replace(case.industry.demand, quantity_kt=0.8)
    case = dataclasses.replace(
        case,
        industry=dataclasses.replace(case.industry, plants=plants, demand=demand),
        meeting=dataclasses.replace(case.meeting, least_cut_kt=0.8),
    )
    held = pot.meeting(case, rule=rule)
    assert 0.7 + 0.1 < 0.8
    assert held.verdict != "infeasible"
    assert held.certificate.holds
    word, sentence = meeting_quote(held, "CNY")
    assert "0.8 kt/year" in sentence
    assert " 1 kt" not in word + sentence
