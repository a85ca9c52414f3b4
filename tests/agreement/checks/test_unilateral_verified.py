"""The certificate of cuts alone: every figure spoilt in turn, and seen."""

from __future__ import annotations

import pytest
from tests.agreement.rising import drawn
from tests.agreement.verdict.test_tonnages import three
from tests.agreement.verdict.test_unilateral import lossy
from tests.spoiling import assert_caught, spoil

import potline as pot

QUESTION = ("case", "rule", "least_share", "tonnages")


NOTHING = "a member of the largest deal beyond cuts alone gains nothing there, and rounding of nothing is nothing"


@pytest.mark.parametrize("case", [three(), lossy(18.0, owners=4), drawn(2), drawn(5)])
def test_every_figure_is_looked_at(case: pot.Case):
    found = pot.unilateral_cuts(case)
    names = ("owners[*].further_deal_gain_m_per_year *", "deals[1].members[*].kept_gain_m_per_year *")
    beyond = len(found.deals) == 2 and found.nash_cuts
    assert_caught(spoil(found, question=QUESTION, most=24), dict.fromkeys(names, NOTHING) if beyond else {})
