"""The certificate of a remedy: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses
import fnmatch

import pytest
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot

QUESTION = ("case", "rule")


@pytest.fixture(scope="module")
def found():
    return pot.remedy(tiny(least=150.0, pressure=50.0, sweep=(60.0,)))


def some(found, keep):
    """The remedy with some of its measures, so that it is checked again quickly."""
    return dataclasses.replace(found, measures=tuple(item for item in found.measures if keep(item)), frontier=())


def test_every_instrument_and_margin_is_there(found):
    assert {item.instrument for item in found.measures if item.suffices}
    assert any(not item.suffices for item in found.measures)
    assert any(item.payments for item in found.measures)


NAMES = ("transfer", "compensation", "stockpile quota", "stockpile premium", "switching cost paid", "support removed",
         "lump sums removed", "pressure removed", "penalty", "longer term", "lower discount rate",
         "import ceiling lifted")  # fmt: skip
FIELDS = ("instrument", "institution", "baseline", "leaving", "rule", "unit")
ASKED = tuple(f"measures[{k}].{name}" for k in range(3) for name in FIELDS)
ORDER = "the list is in no order"
RIGHT = {
    "measures reversed": ORDER,
    "*payments reversed": ORDER,
    "*.largest_tried *": "how far levels were tried says nothing of a level that was found",
    "*.margin_m_per_year *ed by *": "at the least level the margin is 0 but for rounding",
    "*.margin_below_m_per_year *ed by *": "a hair below it too",
}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_measure_is_looked_at(found, name):
    kinds = ("voluntary", "transfers") if name == "transfer" else ("voluntary",)
    one = some(found, lambda item: item.instrument == name and item.institution in kinds)
    assert pot.verify(one).holds
    seen = spoil(one, only=("measures",), question=(*QUESTION, *ASKED), most=2)
    missed = [item.name for item in seen if not item.noticed]
    assert_caught(
        seen, right={key: why for key, why in RIGHT.items() if fnmatch.filter(missed, key.replace("[", "[[]"))}
    )
    large = [item.name for item in seen if "margin" in item.name and not item.noticed]
    assert all(abs(item.margin_m_per_year) < 1e-3 for item in one.measures if item.suffices) or not large


def test_every_margin_and_the_frontier_are_looked_at(found):
    bare = dataclasses.replace(found, measures=())
    right = {
        "margins reversed": ORDER,
        "frontier reversed": ORDER,
        "premium_per_t *ed by *": "of the stockpile quota, which is a measure",
    }
    assert_caught(spoil(bare, question=(*QUESTION, "measures"), most=3), right=right)


def test_all_baselines_and_ways_hold():
    every = pot.remedy(tiny(least=150.0, pressure=50.0), every=True)
    assert every.certificate.holds
    nash = some(every, lambda item: item.baseline == "nash" and item.instrument in ("transfer", "pressure removed"))
    wrong = tuple(
        dataclasses.replace(item, margin_m_per_year=1.01 * item.margin_m_per_year + 0.01) for item in nash.measures
    )
    assert not pot.verify(dataclasses.replace(nash, measures=wrong)).holds
