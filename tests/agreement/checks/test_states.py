"""Certificates in states that a market would not hold: more runs than is demanded, a price that hardly matters."""

from __future__ import annotations

import dataclasses
import math

import pytest

import potline as pot
from potline.agreement.verdict.obstacles import OBSTACLES


def crowded(*, elasticity: float, ceiling: float, least: float, demanded: float = 6.0) -> pot.Case:
    """Three owners who run 18 kt together."""
    names = ("A", "B", "C")
    industry = pot.Industry(
        name="crowded",
        price_per_t=10.0,
        demand=pot.IsoelasticDemand(price_per_t=10.0, quantity_kt=demanded, elasticity=elasticity),
        trade=pot.Trade(tranches=(pot.Tranche(price_per_t=ceiling),)) if math.isfinite(ceiling) else pot.Trade(),
        plants=tuple(
            pot.Plant(
                name=name, firm=name, capacity_kt=8.0, running_kt=6.0, other_cost_per_t=cost, stop_cost_per_t=0.1,
                holding_cost_per_t=0.1, restart_cost_per_t=0.3, pressure_per_t=0.5,
            )
            for name, cost in zip(names, (8.0, 9.0, 9.5), strict=True)
        ),
    )  # fmt: skip
    return pot.Case(
        name="crowded", industry=industry, meeting=pot.Meeting(date="", firms=names, owners=names, least_cut_kt=least)
    )


@pytest.mark.parametrize("elasticity", [0.01, 0.03, 0.5, 2.0])
@pytest.mark.parametrize("least", [1.0, 7.0, 12.0])
def test_obstacles_are_certified_where_more_runs_than_is_demanded(elasticity, least):
    """Without the ceiling a cut of all that is demanded has no price: no margin, rather than 1e24."""
    found = pot.attribution(crowded(elasticity=elasticity, ceiling=12.0, least=least))
    assert found.certificate.holds
    ceiling = OBSTACLES.index("import ceiling")
    held = found.held_margins[1 << ceiling]
    assert math.isfinite(found.margin_m_per_year)
    if least == 7.0 and elasticity < 1.0:
        assert math.isnan(held)
        assert math.isnan(found.obstacles[ceiling].held_m_per_year)
    wrong = dataclasses.replace(found, held_margins=found.held_margins * 1.01)
    assert not pot.verify(wrong).holds


def test_what_the_meeting_refuses_the_obstacles_refuse():
    case = crowded(elasticity=0.5, ceiling=math.inf, least=1.0)
    for asked, share in ((pot.meeting, "3.00"), (pot.attribution, "1.00")):
        with pytest.raises(pot.InputError) as raised:
            asked(case)
        assert str(raised.value) == (
            "demand: found isoelastic demand of elasticity 0.50 without import parity, and owners who cut together "
            f"with {share} of the quantity; needed an elasticity above that share, or a ceiling on the price. Cutting "
            'more would always pay. Give the case `trade.parity`, or `demand = "linear"`.'
        )
