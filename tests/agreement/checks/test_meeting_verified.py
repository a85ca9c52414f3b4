"""The certificate of a meeting, of its obstacles and of its shares: every figure spoilt in turn, and seen."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from tests.agreement.crowd import crowd
from tests.agreement.tiny import tiny
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement import agreement_share, attribution, meeting
from potline.agreement.certificate import Certificate, certified
from potline.choices import OnFailure
from potline.errors import CertificateFailed, InputError
from potline.verification import Check

PARTS = ("case", "obstacles", "share")
ROUNDS = {"nash_rounds *ed by*": "how many rounds it took says nothing of where they end"}


def held(**settings):
    """A meeting without its obstacles and shares, which have certificates of their own."""
    found = meeting(tiny(**settings), draws=0)
    return dataclasses.replace(found, obstacles=None)


def test_every_figure_of_a_meeting_is_looked_at():
    found = held()
    assert_caught(
        spoil(found, most=2, question=PARTS),
        right=ROUNDS
        | {
            "coalitions.cut_kt *s*": "every group idles the tonnage asked for: equal but for rounding",
            "coalitions.output_fall_kt *s*": "the same, where no line restarts",
        },
    )


def test_every_figure_of_a_meeting_with_an_agreement_is_looked_at():
    """No pressure, a small cut: agreements, a largest tonnage with one, a cut that pays its owner alone."""
    found = held(least=30.0, pressure=0.0, sweep=(400.0,))
    assert found.verdict == "agreement"
    assert_caught(
        spoil(
            found,
            most=2,
            question=PARTS,
            only=("margin", "verdict", "coalition", "sweep", "lone", "nash", "outs"),
        ),
        right=ROUNDS,
    )


def test_every_figure_of_a_meeting_that_cannot_be_is_looked_at():
    found = held(least=5000.0)
    assert found.verdict == "infeasible"
    assert found.certificate.check("meeting: no group reaches the tonnage").holds
    assert_caught(
        spoil(
            found,
            most=2,
            question=PARTS,
            only=("margin", "verdict", "coalition", "deal", "months", "outside", "owners"),
        ),
    )


def test_infeasible_is_proven_and_not_taken_on_trust():
    """The same answer for a tonnage that two can reach: nothing is nan by right."""
    found = held(least=5000.0)
    reachable = tiny()
    wrong = dataclasses.replace(found, case=reachable, meeting=reachable.meeting, least_cut_kt=150.0)
    checks = {check.name: check.holds for check in pot.verify(wrong).checks}
    assert not checks["meeting: no group reaches the tonnage"]


def test_each_margin_is_compared_with_its_group_from_both_sides():
    """A margin of 100 bn too much, none, half of one, another group: seen wherever it stands."""
    found = held()
    for k, margin in enumerate(found.margins):
        value = margin.margin_m_per_year
        wrong = (
            {"margin_m_per_year": value + 1e5},
            {"margin_m_per_year": math.nan},
            {"margin_m_per_year": 0.5 * value - 1.0},
            {"coalition": margin.coalition[:1]},
        )
        told = {"margin_m_per_year": 1.0, "upper_m_per_year": 1.0}  # of no group, where there is none
        spoilt = dataclasses.replace(margin, **(told if math.isnan(value) else wrong[k % 4]))
        rows = (*found.margins[:k], spoilt, *found.margins[k + 1 :])
        first = {name: getattr(rows[0], name) for name in ("margin_m_per_year", "coalition", "verdict")}
        assert not pot.verify(dataclasses.replace(found, margins=rows, **first)).holds, (k, margin)


def test_every_figure_of_the_obstacles_is_looked_at():
    found = attribution(tiny(), draws=8)
    assert_caught(
        spoil(found, most=2, question=("case", "rule")),
        right={
            "largest_gap_m_per_year *ed by*": "rounding: a hundredth of 1e-13",
            "ends_mask*": "groups of draws that are not held again",
        },
    )


def test_every_figure_of_the_shares_is_looked_at():
    found = agreement_share(tiny(), draws=8)
    assert_caught(
        spoil(found, most=2, question=("case", "rule", "case_name", "owners", "factor_names")),
    )


@pytest.mark.parametrize("wrong", [-1e-12, -math.inf])
def test_a_gain_from_another_cut_below_0_is_refused(wrong):
    """The largest and the number of draws at rest stay what they are."""
    found = agreement_share(tiny(), draws=8)
    regret = found.regret.copy()
    regret[0] = wrong
    assert regret.max() == found.largest_regret
    assert [check.name for check in pot.verify(dataclasses.replace(found, regret=regret)).checks if not check.holds]


def test_a_shared_part_of_another_case_is_refused():
    found = meeting(tiny(), draws=8)
    other = agreement_share(tiny(ceiling=12_900.0), draws=8)
    checks = pot.verify(dataclasses.replace(found, share=other)).checks
    assert [check.name for check in checks if not check.holds] == ["meeting, its parts: question"]


def test_many_owners_are_checked_too():
    found = meeting(crowd(24), draws=0)
    assert found.certificate.holds
    assert_caught(
        spoil(found, most=2, question=PARTS, only=("margins[0]", "margin_m", "verdict", "coalition.", "deal_p")),
        right={
            "margins[0].upper_m_per_year *ed by*": "a bound that is higher holds as well, where groups are searched"
        },
    )


def test_what_fails_is_said():
    found = held()
    case = dataclasses.replace(found.case, name="other")
    assert [c.name for c in pot.verify(dataclasses.replace(found, case=case)).checks if not c.holds] == [
        "meeting: question"
    ]
    with pytest.raises(InputError) as refused:
        pot.verify(found, 1e-3)
    assert str(refused.value) == (
        "tolerance: found 0.001; needed none for a MeetingResult. Each of its checks states its own; read "
        "`certificate.checks`."
    )


def test_a_failed_certificate_raises():
    found = held()
    broken = Certificate(checks=(Check(name="gains", value=np.nan, tolerance=1e-9, unit="of revenue"),))
    with pytest.raises(CertificateFailed) as failed:
        certified(found, lambda _: broken, OnFailure.RAISE, "the meeting of 'small'")
    assert str(failed.value) == (
        "the meeting of 'small' does not pass its check (gains: found nan, needed 1e-09 or less of revenue). "
        'Pass check="report" to look at the answer, and please report the case.'
    )
