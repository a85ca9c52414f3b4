"""Certificates of proposals and of triggers: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot

PLAIN = (
    pot.Tabled(),
    pot.CostOrder(total_kt=90.0),
    pot.CapacityOffLine(share=0.12),
    pot.Announced(cuts_kt=(("N", 30.0), ("E", 70.0), ("S", 20.0))),
    pot.Maintenance(total_kt=80.0, limit_kt=15.0),
)
QUESTION = ("case", "proposal", "baseline", "leaving", "least_new_kt")


def case(**settings):
    return tiny(**{"least": 40.0, "margin": 300.0, **settings})


@pytest.mark.parametrize(("baseline", "leaving"), [("observed", "keep"), ("nash", "respread")])
@pytest.mark.parametrize("plain", PLAIN, ids=lambda one: type(one).__name__)
def test_every_figure_of_a_proposal_is_looked_at(plain, baseline, leaving):
    found = pot.propose(case(), plain, baseline=baseline, leaving=leaving)
    assert_caught(spoil(found, most=3, question=QUESTION))


@pytest.mark.parametrize("parity", ["held", "follows"])
def test_every_figure_of_a_condition_is_looked_at(parity):
    asked = pot.Conditional(proposal=pot.Tabled(), trigger_per_t=11_900.0, window_years=2.0, parity=parity)
    found = pot.propose(case(), asked)
    assert found.condition.stopped_kt > 0.0 or found.condition.probability > 0.0
    assert_caught(spoil(found, most=3, question=QUESTION))


def test_a_condition_on_a_price_that_reverts_is_checked():
    there = case()
    process = dataclasses.replace(there.industry.process, kappa=0.5, mean_price_per_t=12_000.0)
    there = dataclasses.replace(there, industry=dataclasses.replace(there.industry, process=process))
    found = pot.propose(there, pot.Conditional(proposal=pot.Tabled(), trigger_per_t=11_900.0))
    assert found.certificate.holds
    wrong = dataclasses.replace(found.condition, probability=1.001 * found.condition.probability)
    assert not pot.verify(dataclasses.replace(found, condition=wrong)).holds


@pytest.mark.parametrize(
    "asked", [{"leaving": "collapse"}, {"baseline": "nash"}, {"proposal": pot.CostOrder(total_kt=90.0)}], ids=str
)
def test_every_figure_of_the_triggers_is_looked_at(asked):
    found = pot.trigger_range(case(pressure=0.0), lowest_per_t=11_000.0, points=4, **asked)
    question = ("case", "proposal", "baseline", "leaving", "parity")
    assert_caught(spoil(found, most=3, question=question))


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
def test_triggers_at_a_price_that_is_none_are_refused(wrong):
    """Also where a range ends between two prices of the scan, beside which the price is a yardstick."""
    found = pot.trigger_range(case(), lowest_per_t=9_000.0, points=4)
    assert found.trigger_per_t[-1] < found.lowest_per_t < found.price_per_t
    assert not pot.verify(dataclasses.replace(found, price_per_t=wrong)).holds
    assert not pot.verify(dataclasses.replace(found, trigger_per_t=found.trigger_per_t * 0.0 + abs(wrong))).holds
