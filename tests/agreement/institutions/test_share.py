"""Shares under institutions that look ahead, and the owners a verdict hangs on."""

from __future__ import annotations

import dataclasses
import math

import pytest

from potline.agreement import (
    ConditionalStockpile,
    Farsighted,
    Mandated,
    Sequential,
    Unanimity,
    Voluntary,
    VoluntaryWithTransfers,
    agreement_share,
    convene,
    institution_share,
    meeting,
)
from potline.cases import Case, Factor, Meeting
from potline.choices import Belief
from potline.industry import Industry, LinearDemand, Plant, PriceProcess


def trio(least: float = 150.0) -> Case:
    owners = ("North", "East", "South")
    industry = Industry(
        name="trio",
        price_per_t=12_500.0,
        process=PriceProcess(volatility=0.18),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1200.0, elasticity=0.5),
        plants=tuple(
            Plant(
                name=name, firm=name, capacity_kt=500.0, running_kt=400.0, other_cost_per_t=cost,
                stop_cost_per_t=200.0, holding_cost_per_t=200.0, restart_cost_per_t=600.0,
            )
            for name, cost in zip(owners, (9600.0, 11_800.0, 12_300.0), strict=True)
        ),
    )  # fmt: skip
    factors = (
        Factor(name="elasticity", path="demand.elasticity", low=0.3, central=0.5, high=1.5),
        Factor(name="least cut", path="meeting.least_cut_kt", low=50.0, central=150.0, high=500.0),
        Factor(name="term", path="meeting.term_years", low=0.5, central=1.0, high=3.0),
    )
    asked = Meeting(date="", firms=owners, owners=owners, least_cut_kt=least)
    return Case(name="trio", industry=industry, meeting=asked, factors=factors)


def test_institutions_of_the_sweep_have_the_same_share_draw_by_draw():
    case = trio()
    swept = agreement_share(case, draws=32)
    one_by_one = institution_share(case, (Voluntary(), VoluntaryWithTransfers(), Unanimity()), draws=32)
    assert one_by_one.share.tolist() == swept.share[:, Belief.KEEP.place].tolist()
    assert one_by_one.error == pytest.approx(swept.error[:, Belief.KEEP.place])
    assert 0.0 < swept.of() < 1.0
    asked = (Voluntary(), VoluntaryWithTransfers())
    anew = institution_share(case, asked, draws=16, leaving=Belief.REOPTIMISE)
    swept = agreement_share(case, draws=16)
    assert anew.share.tolist() == swept.share[:, Belief.REOPTIMISE.place, :2].tolist()


def test_with_nothing_uncertain_a_share_is_the_verdict():
    case = dataclasses.replace(trio(), factors=())
    asked = (Sequential(), Farsighted(), Mandated(), ConditionalStockpile(kt_per_kt_idled=0.5))
    found = institution_share(case, asked, draws=8)
    for k, institution in enumerate(asked):
        for b, baseline in enumerate(("observed", "nash")):
            agrees = convene(case, institution, baseline=baseline).verdict == "agreement"
            assert found.share[b, k] == float(agrees)
            assert found.error[b, k] == 0.0
    assert found.institutions == ("sequential", "farsighted", "mandated", "conditional stockpile")


def test_a_mandate_agrees_wherever_the_cut_can_be_made():
    case = trio()
    swept = agreement_share(case, draws=32)
    mandated = institution_share(case, (Mandated(),), draws=32)
    assert mandated.share[:, 0].tolist() == pytest.approx((1.0 - swept.infeasible).tolist())


def test_pivots_are_the_best_margins_with_and_without_an_owner():
    table = meeting(trio(), draws=0).coalitions
    for pivot in table.pivots:
        rows = range(table.mask.size)
        inside = [float(table.margin_m_per_year[row]) for row in rows if pivot.owner in table.names(row)]
        outside = [float(table.margin_m_per_year[row]) for row in rows if pivot.owner not in table.names(row)]
        assert pivot.with_m_per_year == max(inside)
        assert pivot.without_m_per_year == max(outside)
        assert pivot.decides == ((max(inside + outside) >= 0.0) != (max(outside) >= 0.0))
    losses = [pivot.with_m_per_year - pivot.without_m_per_year for pivot in table.pivots]
    assert losses == sorted(losses, reverse=True)


def test_an_owner_without_whom_no_group_reaches_the_tonnage_decides():
    table = meeting(trio(least=850.0), draws=0).coalitions
    assert all(math.isnan(pivot.without_m_per_year) and pivot.decides for pivot in table.pivots)
