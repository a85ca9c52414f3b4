from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.errors import InputError
from potline.industry import Change, Industry, LinearDemand, Plant
from potline.reading import changed, nouns_unread

PLANT = Plant(name="A", firm="F", capacity_kt=10.0, other_cost_per_t=3.0, support_per_t=1.0)
NUMBERS = ["capacity_kt", "running_kt", "other_cost_per_t", "exit_cost_per_t", "lump_sum_pro_rata", "line_kt"]
VALUES = st.one_of(st.floats(), st.integers(-3, 3), st.booleans(), st.none(), st.text(max_size=3))


@given(st.dictionaries(st.sampled_from(NUMBERS), VALUES))
def test_a_copy_and_its_refusals_are_those_of_a_plant_made_anew(values: dict[str, object]) -> None:
    found: list[object] = []
    for make in (changed, dataclasses.replace):
        try:
            found.append(make(PLANT, **values))
        except InputError as error:
            found.append(str(error))
    assert repr(found[0]) == repr(found[1])


def test_what_was_left_out_is_filled_in_again() -> None:
    assert changed(PLANT, running_kt=math.nan, capacity_kt=7.0).running_kt == 7.0
    assert PLANT.running_kt == 10.0


def test_what_does_not_go_together_is_refused() -> None:
    industry = Industry(
        name="one", plants=(PLANT,), demand=LinearDemand(price_per_t=5.0, quantity_kt=9.0, elasticity=1.0)
    )
    with pytest.raises(InputError, match="found 2 of plant 'A'"):
        changed(industry, plants=(PLANT, PLANT))
    with nouns_unread():
        assert len(changed(industry, plants=(PLANT, PLANT)).plants) == 2
    assert industry.under(Change(path="plant[A].capacity_kt", value=20.0)).plants[0].capacity_kt == 20.0


def test_a_plain_data_class_is_replaced() -> None:
    @dataclasses.dataclass(frozen=True)
    class Plain:
        size: float

    assert changed(Plain(1.0), size=2.0) == Plain(2.0)
