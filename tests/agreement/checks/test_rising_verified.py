"""The certificate with rising imports and a spread of the headroom: figures spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.rising import curved, with_imports
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement import attribution, meeting

PARTS = ("case", "obstacles", "share")
ROUNDS = {"nash_rounds *ed by*": "how many rounds it took says nothing of where they end"}


def held(rule="pro_rata"):
    found = meeting(with_imports(tiny(rule=rule), slope=1.5, spread=250.0), draws=0)
    return dataclasses.replace(found, obstacles=None)


FEW = ("deal_", "margin_m", "verdict", "coalition", "ceiling")


def test_price_margin_and_group_are_looked_at():
    assert_caught(
        spoil(held(), most=2, question=PARTS, only=(*FEW, "margins", "nash", "lone", "outs", "months", "owners")),
        right=ROUNDS
        | {
            "coalitions.cut_kt *s*": "every group idles the tonnage asked for: equal but for rounding",
            "coalitions.output_fall_kt *s*": "the same, where no line restarts",
        },
    )


def test_they_are_where_a_group_cuts_what_pays_most():
    assert_caught(spoil(held("efficient"), most=2, question=PARTS, only=FEW))


@pytest.mark.parametrize("rule", ["pro_rata", "efficient"])
@pytest.mark.parametrize(
    "other",
    [
        {"slope": 1.5},
        {"slope": 1.5, "spread": 251.0},
        {"slope": 1.51, "spread": 250.0},
        {"spread": 250.0},
        {"slope": 1.5, "spread": 250.0, "parity": 13_101.0},
    ],
    ids=["no spread", "more spread", "more imports", "flat", "higher parity"],
)
def test_the_answer_of_other_imports_is_refused(rule, other):
    """All figures of a meeting with another slope, spread or parity, told as those of this one."""
    case, found = with_imports(tiny(rule=rule), slope=1.5, spread=250.0), held(rule)
    wrong = dataclasses.replace(found, case=with_imports(case, **other), industry=with_imports(case, **other).industry)
    failed = [check.name for check in pot.verify(wrong).checks if not check.holds]
    assert "meeting: market of a deal" in failed


def test_isoelastic_with_a_slope_is_looked_at():
    case = with_imports(curved(tiny(rule="efficient"), 0.9), slope=0.4)
    found = dataclasses.replace(meeting(case, draws=0), obstacles=None)
    wrong = with_imports(case, slope=0.41)
    assert not pot.verify(dataclasses.replace(found, case=wrong, industry=wrong.industry)).holds


def test_the_obstacles_are_looked_at_with_them():
    found = attribution(with_imports(tiny(), slope=0.5, spread=200.0), draws=8)
    assert_caught(
        spoil(found, most=2, question=("case", "rule"), only=("held_m", "cleared_margins", "cleared_p", "obstacles")),
    )
    gone = dataclasses.replace(found.case.industry, trade=pot.Trade())
    wrong = dataclasses.replace(found, case=dataclasses.replace(found.case, industry=gone))
    assert not pot.verify(wrong).holds
    assert math.isfinite(found.held_margins[0])
