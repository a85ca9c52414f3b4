"""Meetings of more than twenty owners: alike or all different, the verdict, the bound and what is left out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.agreement.crowd import crowd

from potline.agreement import agreement_share, meeting
from potline.agreement.checks.meeting import verify_meeting
from potline.agreement.table.question import everyone_at, question_of
from potline.agreement.table.scores import scored
from potline.agreement.table.stakes import stakes
from potline.agreement.verdict.result import Margin, verdict_of
from potline.cases import load
from potline.choices import Baseline, Belief, Institution, Rule
from potline.compiled import compile_industry
from potline.errors import InputError
from potline.numerics.joint_cut.deals import alone, deals
from potline.shutdown import priced_at, terms_of


@pytest.fixture(scope="module")
def searched():
    return meeting(crowd(24), draws=64)


def test_a_large_meeting_says_what_no_group_exceeds(searched):
    assert searched.examined.method == "searched"
    assert searched.certificate.holds
    assert 0 < searched.examined.coalitions < 2**24
    assert searched.obstacles is None
    assert searched.share is None
    for m in searched.margins:
        assert m.upper_m_per_year >= m.margin_m_per_year or m.verdict == "infeasible"
        assert m.verdict == verdict_of(m.margin_m_per_year, m.upper_m_per_year)
        if m.institution == "unanimity" and m.rule != "efficient":  # there the dearest tonnes are not of all
            assert len(m.coalition) == 24
            assert m.gap_m_per_year == 0.0
    assert (searched.sweep.upper_m_per_year >= searched.sweep.margin_m_per_year).all()
    money = searched.outside_money
    assert 0.0 <= money.least_with_m_per_year <= money.with_compensation_m_per_year
    assert 0.0 <= money.least_without_m_per_year <= money.without_compensation_m_per_year


def test_the_table_of_a_large_meeting_holds_what_decides(searched):
    table = searched.coalitions
    assert not table.complete
    best = int(np.nanargmax(table.margin_m_per_year))
    assert table.names(best) == searched.coalition
    assert table.margin_m_per_year[best] == searched.margin_m_per_year
    assert table.margin_m_per_year.max() <= searched.margin().upper_m_per_year
    tests = [min(row.gain_m_per_year, row.slack_m_per_year) for row in searched.owners if row.member]
    assert min(tests) == pytest.approx(searched.margin_m_per_year)
    assert len([row for row in searched.owners if row.member]) == len(searched.coalition)


def test_the_search_bounds_what_can_still_be_gone_through():
    """15 owners at the table, once all their groups and once as if there were too many."""
    case = crowd(24, attend=15)
    here, asked = world(case)
    from potline.numerics.joint_cut.rows import rows_of
    from potline.numerics.joint_cut.search import GOALS, search

    least = np.array([asked.least_cut_kt])
    exact = deals(here.arrangement, asked.attendees, least)
    found = search(rows_of(here.arrangement, asked.attendees, least), budget=300)
    for way, test in GOALS:
        assert found.lower_m[0, way, test] <= exact.best_m[0, way, test] + 1e-6
        assert exact.best_m[0, way, test] <= found.upper_m[0, way, test] + 1e-6


def test_owners_alike_are_counted_by_kind():
    held = meeting(crowd(24, kinds=3), draws=0)
    assert held.examined.method == "alike"
    assert held.examined.coalitions == 9**3
    assert held.coalitions.complete
    assert held.certificate.holds
    assert all(m.gap_m_per_year == 0.0 for m in held.margins)
    rows = {row.owner: row for row in held.owners}
    assert rows["F00"].running_kt == rows["F03"].running_kt


def test_a_group_too_large_to_list_is_still_answered_exactly():
    """17 owners: 131,072 coalitions are scored, those that decide are listed."""
    held = meeting(crowd(17), draws=0)
    assert held.examined.method == "every"
    assert held.examined.coalitions == 2**17
    assert held.obstacles is None
    assert not held.coalitions.complete
    assert held.certificate.holds
    assert all(m.gap_m_per_year == 0.0 for m in held.margins)


def test_everyone_is_every_owner_that_runs_a_plant():
    case = crowd(6, attend=3)
    idle = dataclasses.replace(case.industry.plants[5], running_kt=0.0)
    case = dataclasses.replace(
        case, industry=dataclasses.replace(case.industry, plants=(*case.industry.plants[:5], idle))
    )
    everyone = everyone_at(case).meeting
    assert everyone is not None
    assert everyone.owners == ("F00", "F01", "F02", "F03", "F04")
    held = meeting(case, draws=0, everyone=True)
    assert [row.owner for row in held.owners] == ["F00", "F01", "F02", "F03", "F04"]
    assert held.margin(Institution.UNANIMITY).coalition == ("F00", "F01", "F02", "F03", "F04")


def test_all_producers_of_the_flagship_are_decided():
    """32 owners run something; pro rata, in both baselines, the bounds meet to the tolerance."""
    here, asked = world(
        everyone_at(load("china-aluminium-2013")), price=load("china-aluminium-2013").industry.price_per_t
    )
    assert asked.attendees.size == 32
    for base in (None, alone(here.arrangement)):
        found = scored(here, asked, Rule.PRO_RATA, base)
        known = [belief.place for belief in Belief if belief != Belief.REOPTIMISE]
        gap = (found.table.upper_m - found.table.best_m)[0, known, :2]
        assert 0.0 < found.tolerance_m < 0.01
        assert (gap <= found.tolerance_m).all()
        assert found.table.best_m[0, Belief.KEEP.place, 0] < 0.0
        assert found.coalitions < 10_000


def test_the_certificate_notices_a_bound_that_is_too_low(searched):
    first = searched.margins[0]
    low = dataclasses.replace(first, upper_m_per_year=first.margin_m_per_year - 1.0)
    found = verify_meeting(dataclasses.replace(searched, margins=(low, *searched.margins[1:])))
    assert [check.name for check in found.checks if not check.holds] == [
        "meeting: margins and verdicts",
        "meeting: no group better",
    ]


def test_a_bound_on_the_other_side_of_zero_decides_nothing():
    margin = Margin(
        institution=Institution.VOLUNTARY, baseline=Baseline.OBSERVED, rule=Rule.PRO_RATA, leaving=Belief.KEEP,
        margin_m_per_year=-2.0, coalition=("A", "B"), upper_m_per_year=1.0,
    )  # fmt: skip
    assert margin.verdict == "not decided"
    assert margin.gap_m_per_year == 3.0
    assert dataclasses.replace(margin, upper_m_per_year=-1.0).verdict == "no agreement"
    assert dataclasses.replace(margin, margin_m_per_year=0.0).verdict == "agreement"


def test_sizes_that_cannot_be_dealt_with_say_what_would_do():
    with pytest.raises(InputError) as problem:
        agreement_share(crowd(24), draws=8)
    assert str(problem.value) == (
        "meeting, firms: found 24 deciding owners with plants; needed 2 to 20. Every set of them is a possible deal, "
        "and here all are gone through. Name fewer firms in `meeting.firms`; `potline meeting` bounds what more of "
        "them can agree."
    )
    with pytest.raises(InputError) as problem:
        meeting(crowd(63), draws=0)
    assert str(problem.value) == (
        "meeting, firms: found 63 deciding owners with plants; needed 2 to 62. Every set of them is a possible deal; "
        "62 are the most that can be searched. Let small owners decide together: give them one `owner` in firms.csv."
    )


def world(case, price=12_500.0):
    asked = question_of(case, most=62)
    compiled = compile_industry(case.industry)
    terms = terms_of(compiled, np.array([1.0]))
    return stakes(compiled, terms, priced_at(terms, np.array([price]))), asked
