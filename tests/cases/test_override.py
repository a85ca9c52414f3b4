"""Overrides speak the files' names, currency and tax basis."""

from __future__ import annotations

from pathlib import Path

import pytest

from potline.cases import Case, load
from potline.errors import InputError
from potline.industry import Change


@pytest.fixture
def case(starter: Path) -> Case:
    return load(starter)


def test_price_with_tax_moves_the_point_of_demand(case: Case) -> None:
    moved = case.override("price_eur_per_t=1800")
    assert moved.industry.price_per_t == moved.industry.demand.price_per_t == 1500
    assert moved.industry.demand.quantity_kt == case.industry.demand.quantity_kt
    assert moved.industry.demand.elasticity == case.industry.demand.elasticity
    assert moved.changes == ("price_eur_per_t=1800",)
    assert moved.digest == case.digest
    assert case.changes == ()


def test_set_add_and_multiply_in_the_basis_of_the_file(case: Case) -> None:
    moved = case.override(
        "plant[North 1].power_price_eur_per_kwh=0.06",
        "plant[province=Southland].power_price_eur_per_kwh += 0.012",
        "plant[firm=Alpha,power_source=grid].other_cost_eur_per_t*=2",
    ).industry
    prices = [plant.input("electricity").price_per_unit for plant in moved.plants]  # type: ignore[union-attr]
    assert prices == pytest.approx([0.05, 0.043, 0.045, 0.058, 0.049, 0.058])
    assert [plant.other_cost_per_t for plant in moved.plants] == [330, 700, 340, 360, 345, 740]


def test_numbers_the_files_do_not_give_are_without_tax(case: Case) -> None:
    moved = case.override("plant[*].freight_eur_per_t=12", "trade.export_floor_eur_per_t=1200", "process.drift=0.01")
    assert {plant.freight_per_t for plant in moved.industry.plants} == {12}
    assert moved.industry.trade.export_floor_per_t == 1200


def test_meeting_noise_and_infinite_exit_cost(case: Case) -> None:
    moved = case.override("meeting.least_cut_kt=70", "meeting.term_years*=2", "noise.common_eur_per_t=0",
                          "plant[*].exit_cost_eur_per_t=inf", "plant[North 1].lump_sum_pro_rata=yes")  # fmt: skip
    assert moved.meeting is not None
    assert (moved.meeting.least_cut_kt, moved.meeting.term_years, moved.noise.common_per_t) == (70, 2, 0)
    assert moved.industry.plant("Gamma").exit_cost_per_t == float("inf")
    assert moved.industry.plant("North 1").lump_sum_pro_rata is True


def test_a_number_set_by_hand_is_no_longer_uncertain(case: Case) -> None:
    names = [factor.name for factor in case.override("demand.elasticity=0.7").factors]
    assert names == ["restart cost", "grid power price"]
    assert case.override("demand.elasticity*=2").factors[0].high == 1.8
    assert case.override("demand.elasticity+=0.1").factors[0].low == pytest.approx(0.4)


def test_under_takes_changes_of_industry_and_meeting(case: Case) -> None:
    changes = (Change(path="meeting.term_years", value=3.0), Change(path="price_per_t", operation="add", value=50.0))
    moved = case.under(*changes)
    assert moved.meeting is not None
    assert moved.meeting.term_years == 3.0
    assert moved.industry.demand.price_per_t == moved.industry.price_per_t == case.industry.price_per_t + 50.0
    with pytest.raises(InputError) as error:
        case.under(Change(path="meeting.place", value=1.0))
    assert str(error.value) == (
        "path 'meeting.place': found no number 'place'; needed a number of the meeting. "
        "Numbers: term_years, least_cut_kt."
    )


REFUSED = {
    "price_eur_per_t=abc": "found 'abc'; needed one number.",
    "price_eur_per_t=14,000": "found '14,000'; needed a number without commas. "
    "Write `14000`; a decimal sign is a point.",
    "price_eur_per_t=1..2": "found the range 1..2; needed one number. Ranges belong in `[[factors]]` of case.toml.",
    "prise_eur_per_t=1": "found unknown number 'prise_eur_per_t'; needed a number of the case, or plant[NAME].COLUMN. "
    "Did you mean 'price_eur_per_t'?",
    "price_per_t=1": "found unknown number 'price_per_t'; needed a number of the case, or plant[NAME].COLUMN. "
    "Did you mean 'price_eur_per_t'?",
    "plant[Gama].capacity_kt=1": "found a path that selects no plant: unknown plant 'Gama'; "
    "needed a plant of the case. Did you mean 'Gamma'?",
    "plant[province=Northlnd].capacity_kt=1": "found a path that selects no plant: unknown province 'Northlnd'; "
    "needed a province of the case. Did you mean 'Northland'?",
    "plant[provnce=Northland].capacity_kt=1": "found unknown selector 'provnce'; needed a column to select by. "
    "Did you mean 'province'?",
    "plant[firm=Gamma,province=Northland].capacity_kt=1": "found a path that selects no plant; "
    "needed a selector that at least one plant meets.",
    "plnt[Gamma].capacity_kt=1": "found unknown member 'plnt'; needed plant[...], government[...], supplier[...], "
    "ore[...] or route[...]. Did you mean 'plant'?",
    "plant[Gamma].capcity_kt=1": "found unknown column 'capcity_kt'; needed a column of numbers of plants.csv. "
    "Did you mean 'capacity_kt'?",
    "plant[Gamma].capacity_kt=-4": "found a result of -4; needed 0 or more. "
    "If the plant closed, set `capacity_kt` to 0.",
    "plant[Gamma].capacity_kt=4": "found running_kt + commissioning_kt = 150 for plant 'Gamma'; "
    "needed at most capacity_kt = 4. Override `running_kt` too.",
    "plant[Gamma].running_kt=150.0000001": "found running_kt + commissioning_kt = 150.0000001 for plant 'Gamma'; "
    "needed at most capacity_kt = 150. Override `running_kt` too.",
    "discount_rate=0": "found a result of 0; needed above 0.",
    "meeting.least_cut_kt=0": "found a result of 0; needed above 0.",
    "process.kappa=0.1": "found a return to a mean price that the case lacks; "
    "needed process.mean_price_eur_per_t beside process.kappa. Set `process.mean_price_eur_per_t` too.",
    "discount_rate": "found no `=`; needed PATH=VALUE, PATH+=VALUE or PATH*=VALUE. For example `discount_rate=0.08`.",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(case: Case, text: str) -> None:
    with pytest.raises(InputError) as caught:
        case.override(text)
    assert str(caught.value) == f"override {text!r}: {REFUSED[text]}"


def test_all_refused_overrides_are_reported_together(case: Case) -> None:
    with pytest.raises(InputError) as caught:
        case.override("x=1", "discount_rate=0.08", "y=2")
    assert len(caught.value.problems) == 2


def test_capacity_and_running_may_be_lowered_together(case: Case) -> None:
    plant = case.override("plant[Gamma].capacity_kt=4", "plant[Gamma].running_kt=4").industry.plant("Gamma")
    assert (plant.capacity_kt, plant.running_kt, plant.idle_kt) == (4, 4, 0)
