"""``verify`` of answers whose question cannot be asked any more: a certificate that fails and says why."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.tiny import tiny

import potline as pot
from potline.verification import STANDS, WHOLE


def changed(answer, **fields):
    """Return an answer with other fields, also where its noun would refuse them."""
    wrong = object.__new__(type(answer))
    for field in dataclasses.fields(answer):
        object.__setattr__(wrong, field.name, fields.get(field.name, getattr(answer, field.name)))
    return wrong


@pytest.fixture(scope="module")
def case():
    return tiny(least=40.0, margin=300.0, pressure=0.0)


@pytest.mark.parametrize("trigger", [math.nan, -1.0, math.inf, 0.0])
def test_a_trigger_that_is_no_price_fails(case, trigger):
    found = pot.propose(case, pot.Conditional(proposal=pot.Tabled(), trigger_per_t=11_900.0))
    wrong = changed(found, proposal=changed(found.proposal, trigger_per_t=trigger))
    seen = pot.verify(wrong)
    assert not seen.holds
    if trigger != math.inf:
        assert [row.name for row in seen.checks] == [STANDS]
        assert "LinearDemand, price_per_t: found" in seen.checks[0].method


def test_a_range_of_triggers_of_any_shape_fails(case):
    found = pot.trigger_range(case, lowest_per_t=11_000.0, points=4)
    dated = changed(case, date="nonsense")
    wrong = ({"leaving": "nonsense"}, {"ranges_per_t": ((),)}, {"ranges_per_t": ((math.nan, math.nan),)},
             {"trigger_per_t": found.trigger_per_t * math.nan}, {"case": dated})  # fmt: skip
    assert found.certificate.holds
    for fields in wrong:
        assert not pot.verify(changed(found, **fields)).holds, fields


@pytest.mark.parametrize("name", ["obstacles", "held_margins", "cleared_margins", "held_mask", "cleared_mask"])
def test_an_answer_cut_short_fails(case, name):
    found = pot.attribution(case)
    seen = pot.verify(changed(found, **{name: getattr(found, name)[:0]}))
    assert [row.name for row in seen.checks] == [WHOLE]
    assert not seen.holds


def test_what_cannot_be_read_of_the_call_is_refused_still(case):
    held = pot.meeting(case, draws=0)
    with pytest.raises(pot.InputError, match=r"tolerance: found 0\.001"):
        pot.verify(held, 1e-3)
    with pytest.raises(pot.InputError, match="needed an answer that can be verified"):
        pot.verify(case)


def test_a_market_whose_question_cannot_be_asked_fails_at_any_tolerance():
    one = pot.Industry(
        name="one",
        demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
        plants=(pot.Plant(name="A", firm="A", capacity_kt=3.0, other_cost_per_t=1.0),),
    )
    found = pot.solve(one)
    wrong = changed(found, concept="competitive")
    assert not pot.verify(wrong).holds
    assert not pot.verify(wrong, pot.Accuracy()).holds
