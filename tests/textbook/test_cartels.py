"""Internal and external stability against definitions applied coalition by coalition."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from potline.equilibrium.concepts import Competitive, Conjectural, StopAndRestart
from potline.errors import CertificateFailed, InputError
from potline.industry import Industry, IsoelasticDemand, LinearDemand, Plant, SmoothCost, Trade, Tranche
from potline.numerics.coalitions.table import coalition_market, coalition_table
from potline.textbook.cartels import cartel_stability, market_stability

LINE = LinearDemand.from_line(intercept_per_t=20.0, slope_per_kt=1.0)


def industry(*plants: tuple[str, float, float], trade: Trade | None = None) -> Industry:
    return Industry(
        name="small",
        demand=LINE,
        trade=trade or Trade(),
        plants=tuple(
            Plant(name=f"{firm}{j}", firm=firm, capacity_kt=capacity, other_cost_per_t=cost)
            for j, (firm, cost, capacity) in enumerate(plants)
        ),
    )


FOUR = industry(("A", 1.0, 3.0), ("A", 4.0, 5.0), ("B", 2.0, 6.0), ("C", 2.0, 6.0), ("D", 5.0, 9.0))


@pytest.mark.parametrize("leads", [False, True])
def test_slacks_are_those_of_the_definition(leads: bool) -> None:
    found = cartel_stability(FOUR, leads=leads)
    market = coalition_market(
        [1.0, 4.0, 2.0, 2.0, 5.0],
        [3.0, 5.0, 6.0, 6.0, 9.0],
        [0, 0, 1, 2, 3],
        owners=4,
        intercept=20.0,
        slope=1.0,
        leads=leads,
    )
    profit = coalition_table(market).profit / 1000.0
    assert found.size.size == 12
    assert found.number.sum() == 16
    for row in range(found.size.size):
        mask = int(found.coalitions[row] @ (1 << np.arange(4)))
        inside = [profit[mask, i] - profit[mask & ~(1 << i), i] for i in range(4) if mask >> i & 1]
        outside = [profit[mask, i] - profit[mask | (1 << i), i] for i in range(4) if not mask >> i & 1]
        assert found.internal_slack_m[row] == pytest.approx(min(inside, default=math.inf))
        assert found.external_slack_m[row] == pytest.approx(min(outside, default=math.inf))
        gain = sum(profit[mask, i] - profit[0, i] for i in range(4) if mask >> i & 1)
        assert found.profitable[row] == (gain >= -1e-12)
    assert found.certificate.holds


def test_identical_owners_counted_give_what_listing_gives() -> None:
    rng = np.random.default_rng(0)
    cost, capacity = np.repeat([2.0, 3.0], [4, 3]), np.repeat([1.5, 4.0], [4, 3])
    rules = {"owners": 7, "intercept": 20.0, "slope": 1.0}
    counted = market_stability(coalition_market(cost, capacity, np.arange(7), **rules))
    nearly = 1.0 + 1e-13 * rng.random(7)
    listed = market_stability(coalition_market(cost, capacity, np.arange(7), conduct=nearly, **rules))
    assert (counted.size.size, listed.size.size) == (20, 128)
    assert counted.stable_sizes == listed.stable_sizes
    assert counted.profitable_sizes == listed.profitable_sizes
    assert counted.number @ counted.stable == np.count_nonzero(listed.stable)
    assert counted.number @ counted.profitable == np.count_nonzero(listed.profitable)


def test_names_follow_owners_and_rows_can_be_read() -> None:
    found = cartel_stability(FOUR)
    assert found.owners == ("A", "B", "C", "D")
    assert found.members(0) == ()
    assert found.members(int(np.argmax(found.size))) == found.owners
    named = {found.members(row) for row in range(found.size.size) if found.size[row] == 2}
    assert named < set(combinations(found.owners, 2))


def test_a_leading_cartel_with_price_taking_outsiders_may_not_pay() -> None:
    takers = cartel_stability(FOUR, fringe=Competitive(), leads=True)
    assert takers.certificate.holds
    mixed = cartel_stability(FOUR, fringe=Conjectural(theta=(("A", 1.0),), others=0.5))
    assert mixed.certificate.holds
    assert mixed.kind.tolist() == [0, 1, 1, 2]


def test_output_follows_avoidable_cost_and_profit_cash_cost() -> None:
    plain = industry(("A", 2.0, 9.0), ("B", 2.0, 9.0))
    stops = StopAndRestart(stop_per_t=(0.0, 0.0), restart_per_t=(9.0, 9.0))
    found = cartel_stability(plain, avoidable=stops)
    output = 20.0 / 3.0
    assert found.price_per_t[0] == pytest.approx(output)
    assert found.profit_m[0] == pytest.approx((output - 2.0) * output / 1000.0)


def test_imports_without_limit_cap_what_a_cartel_can_gain() -> None:
    ceiling = Trade(tranches=(Tranche(price_per_t=5.0),))
    free = cartel_stability(industry(("A", 2.0, 9.0), ("B", 2.0, 9.0)))
    held = cartel_stability(industry(("A", 2.0, 9.0), ("B", 2.0, 9.0), trade=ceiling))
    assert free.price_per_t[-1] > 5.0
    assert held.price_per_t.tolist() == [5.0, 5.0, 5.0]


def test_what_the_table_does_not_cover_is_listed_at_once() -> None:
    plants = (
        Plant(name="A", firm="A", capacity_kt=9.0, smooth_cost=SmoothCost(scale=1.0)),
        Plant(name="B", firm="B", capacity_kt=9.0, other_cost_per_t=1.0),
    )
    trade = Trade(tranches=(Tranche(price_per_t=4.0, quantity_kt=1.0),), export_floor_per_t=0.5)
    demand = IsoelasticDemand(price_per_t=5.0, quantity_kt=5.0, elasticity=2.0)
    with pytest.raises(InputError) as raised:
        cartel_stability(Industry(name="all wrong", demand=demand, plants=plants, trade=trade))
    assert str(raised.value).splitlines() == [
        "demand: found isoelastic demand; needed LinearDemand.",
        "plants: found a plant with `smooth_cost`; needed step costs.",
        "trade.export_floor_per_t: found 0.5; needed no export floor.",
        "trade.tranches: found a limited import tranche; needed imports without limit at one price, or none.",
    ]


def test_too_many_different_coalitions_are_refused() -> None:
    firms = np.arange(21)
    market = coalition_market(firms, np.ones(21), firms, owners=21, intercept=50.0, slope=1.0)
    with pytest.raises(InputError) as raised:
        market_stability(market)
    assert str(raised.value) == (
        "industry: found 21 owners, 2097152 different coalitions; needed 1048576 or fewer. Merge small owners."
    )


def test_a_certificate_that_fails_raises_or_is_reported() -> None:
    market = coalition_market([1.0, 1.1, 1.3], [9.0, 9.0, 9.0], [0, 1, 2], owners=3, intercept=10.0, slope=0.7)
    match = r"^the table of cartels does not pass its check \(cartels: .* needed 1e-20 or less"
    with pytest.raises(CertificateFailed, match=match):
        market_stability(market, tolerance=1e-20)
    assert not market_stability(market, tolerance=1e-20, check="report").certificate.holds
