"""What is known of the largest tonnage of many owners: found where it can be recounted, bounded where it is proven."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.rising import drawn
from tests.agreement.tiny import tiny
from tests.agreement.verdict.test_tonnages import three
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.choices import TESTED, Baseline, Belief
from potline.errors import InputError


@pytest.mark.parametrize("case", [tiny(margin=300.0), drawn(2), drawn(5)], ids=["tiny", "2", "5"])
@pytest.mark.parametrize("rule", [pot.Rule.PRO_RATA, pot.Rule.EFFICIENT])
def test_of_few_owners_what_is_found_is_the_largest_and_the_bound_lies_above(case: pot.Case, rule: pot.Rule) -> None:
    known = pot.tonnage_bounds(case, rule=rule, every=True)
    exact = pot.tonnages_that_hold(case, rule=rule)
    for one in known.bounds:
        told = exact.set_of(one.institution, one.leaving, one.baseline)
        assert one.most_kt == pytest.approx(told.most_kt)
        if one.institution != "unanimity":
            assert one.found_kt == pytest.approx(told.k_star_kt, nan_ok=True)
            assert one.found_belongs == told.k_star_belongs
        assert one.bound_kt >= (told.k_star_kt if told.intervals else 0.0) * (1.0 - 1e-9)
        assert one.gap_kt >= 0.0
    assert known.certificate.holds


def test_twenty_four_owners_alike_hold_a_hundred_in_pairs() -> None:
    known = pot.tonnage_bounds(three(owners=24), every=True)
    one = known.bound_of()
    assert one.found_kt == pytest.approx(100.0)
    assert len(one.coalition) == 2
    assert known.owners == 24
    all_sign = known.bound_of("unanimity")
    assert len(all_sign.coalition) == 24
    assert all_sign.found_kt == pytest.approx(all_sign.bound_kt, rel=1e-3)
    assert len(known.bounds) == len(Baseline) * len(TESTED) * len(Belief)


def test_the_headline_alone_is_asked_unless_told() -> None:
    known = pot.tonnage_bounds(three(owners=22))
    assert [one.leaving for one in known.bounds] == [*Belief]
    assert known.nash_cuts == ()
    with pytest.raises(InputError, match=r"found transfers, observed; needed tonnage_bounds\(every=True\)"):
        known.bound_of("transfers")
    with pytest.raises(InputError, match="needed an institution with a test"):
        known.bound_of("mandated")


def test_where_nothing_holds_nothing_is_found_and_the_bound_is_next_to_nothing() -> None:
    case = three(owners=22)
    at_the_price = pot.Trade(parity=pot.ImportParity(fob_usd_per_t=100.0, exchange_rate=1.0))
    industry = dataclasses.replace(case.industry, trade=at_the_price)
    known = pot.tonnage_bounds(dataclasses.replace(case, industry=industry))
    for one in known.bounds:
        assert math.isnan(one.found_kt)
        assert one.coalition == ()
        assert one.bound_kt < 1e-3 * one.most_kt


def test_every_figure_is_looked_at() -> None:
    known = pot.tonnage_bounds(three())
    right = {
        "bounds[*].bound_kt raised by 1 %": "a higher bound is true as well",
        "bounds[*].found_kt lowered by 20 %": "less holds as well",
    }
    assert_caught(spoil(known, question=("case", "rule", "every"), most=2), right)
