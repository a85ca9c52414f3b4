"""The tonnages that hold, from a case: the three owners of the model, and limits."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.rising import drawn
from tests.agreement.tiny import tiny

import potline as pot
from potline.errors import InputError


def three(*, owners: int = 3, parts: int = 1, lump: float = 0.0, rule: str = "pro_rata") -> pot.Case:
    """Owners of 100 kt that lose 5 a tonne, at a price that rises by 0.1 for each kt withdrawn; a term of one year."""
    names = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:owners])
    size = 100.0 / parts
    industry = pot.Industry(
        name="alike",
        price_per_t=100.0,
        process=pot.PriceProcess(volatility=0.0),
        demand=pot.LinearDemand(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0),
        plants=tuple(
            pot.Plant(
                name=f"{name}{k}", firm=name, capacity_kt=size, other_cost_per_t=95.0, lump_sum_m_per_year=1e-3 * lump
            )
            for name in names
            for k in range(parts)
        ),
    )
    meeting = pot.Meeting(date="", firms=names, owners=names, least_cut_kt=10.0, rule=rule)
    return pot.Case(name="alike", industry=industry, meeting=meeting)


def ends(one) -> list[tuple[float, float, bool, bool]]:
    return [(item.low_kt, item.high_kt, item.low_belongs, item.high_belongs) for item in one.intervals]


def test_three_owners_hold_fifty_to_a_hundred_in_pairs():
    found = pot.tonnages_that_hold(three())
    one = found.set_of()
    assert (one.institution, one.leaving, one.baseline, one.most_kt) == ("voluntary", "reoptimise", "observed", 300.0)
    assert ends(one) == [(pytest.approx(50.0), pytest.approx(100.0), True, True)]
    assert (one.coalition, one.coalitions, one.k_star_belongs) == (("A", "B"), 3, True)
    assert math.isnan(one.with_all_kt)
    assert one.with_largest_kt == pytest.approx(100.0)
    assert 75.0 in one
    assert 49.0 not in one
    assert ends(found.set_of(leaving="keep")) == [(0.0, pytest.approx(50.0), False, True)]
    assert ends(found.set_of("unanimity")) == [(0.0, pytest.approx(250.0), False, True)]


def test_a_lump_sum_lost_with_a_whole_plant_takes_the_end_away():
    one = pot.tonnages_that_hold(three(parts=2, lump=0.5)).set_of()
    assert ends(one) == [(pytest.approx(50.0), pytest.approx(100.0), True, False)]
    assert (one.k_star_belongs, 100.0 in one) == (False, False)


def test_beyond_what_each_cuts_alone_nothing_holds_if_the_others_keep_their_cuts():
    found = pot.tonnages_that_hold(three())
    assert dict(found.nash_cuts) == pytest.approx(dict.fromkeys("ABC", 12.5))
    assert ends(found.set_of(leaving="reoptimise", baseline="nash")) == [(0.0, pytest.approx(87.5), False, True)]
    assert ends(found.set_of(leaving="keep", baseline="nash")) == []


def test_the_rule_is_the_case_s_unless_told():
    told, own = (
        pot.tonnages_that_hold(tiny(margin=300.0, pressure=0.0, rule=rule), rule="efficient")
        for rule in ("pro_rata", "efficient")
    )
    assert [ends(one) for one in told.sets] == [ends(one) for one in own.sets]
    assert any(one.intervals for one in told.sets)
    assert told.rule == "efficient"


def test_more_owners_than_can_be_gone_through_are_refused():
    with pytest.raises(InputError, match="21 deciding owners with plants; needed 2 to 20"):
        pot.tonnages_that_hold(three(owners=21))


def test_nine_owners_are_looked_at_in_part():
    found = pot.tonnages_that_hold(three(owners=9))
    assert found.certificate.holds
    one = found.set_of()
    assert one.k_star_kt == pytest.approx(100.0)
    wrong = dataclasses.replace(one, coalition=("A",))
    assert not pot.verify(dataclasses.replace(found, sets=(wrong, *found.sets[1:]))).holds


@pytest.mark.parametrize("seed", range(4))
def test_rising_imports_and_a_spread_of_the_headroom_pass_the_check(seed):
    assert pot.tonnages_that_hold(drawn(seed)).certificate.holds


def test_words_that_are_none_are_refused():
    found = pot.tonnages_that_hold(three())
    with pytest.raises(InputError, match="needed an institution with a test"):
        found.set_of("mandated")
    with pytest.raises(InputError, match="Belief: found 'kept'"):
        found.set_of(leaving="kept")
