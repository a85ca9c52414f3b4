"""Imports that rise with the price in one market: closed forms, brute force, limits, spoils."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from tests import games

from potline.equilibrium import (
    CashCost,
    Competitive,
    Concept,
    Conjectural,
    Cournot,
    JointCap,
    Leader,
    MarketEquilibrium,
    solve,
    verify,
)
from potline.errors import InputError
from potline.industry import (
    ImportParity,
    Industry,
    IsoelasticDemand,
    LinearDemand,
    RestOfWorld,
    Trade,
    Tranche,
)

BORDER = 6.0


def rising(slope: float, parity: float = BORDER, spread: float = 0.0, floor: float = -math.inf) -> Trade:
    return Trade(
        parity=ImportParity(fob_usd_per_t=parity, exchange_rate=1.0),
        import_supply_slope_kt_per_price=slope,
        headroom_spread_per_t=spread,
        export_floor_per_t=floor,
    )


def with_trade(industry: Industry, trade: Trade) -> Industry:
    return dataclasses.replace(industry, trade=trade)


def random_market(seed: int) -> Industry:
    """Steps or smooth costs, linear or isoelastic demand; the border anywhere, often where the price comes to lie."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 9))
    cost = rng.uniform(0.5, 8.0, count)
    cost = np.round(cost) if seed % 5 == 0 else cost
    smooth = [(float(rng.uniform(0.2, 2.0)), float(rng.uniform(0.6, 1.6))) for _ in range(count)]
    demand: LinearDemand | IsoelasticDemand = games.line(float(rng.uniform(8.0, 20.0)), float(rng.uniform(0.3, 2.0)))
    if seed % 2:
        demand = games.isoelastic(float(rng.uniform(10.0, 60.0)), float(rng.uniform(0.2, 1.5)))
    return games.oligopoly(
        cost.tolist(),
        demand,
        capacity=rng.uniform(0.2, 3.0, count).tolist(),
        firms=[f"owner {rng.integers(3)}" for _ in range(count)],
        smooth=smooth if seed % 3 == 0 else None,
        trade=rising(float(10.0 ** rng.uniform(-2.0, 1.5)), float(rng.uniform(1.0, 12.0))),
    )


def best_profit(result: MarketEquilibrium, owner: str, theta: float) -> tuple[float, float]:
    """Return an owner's profit and the most it believes it can have, on a grid of outputs, demand inverted by hand."""
    industry = result.industry
    demand, trade = industry.demand, industry.trade
    assert trade.parity is not None
    border, slope = trade.parity.price_per_t, trade.slope_kt_per_price
    mine = [i for i, plant in enumerate(industry.plants) if plant.firm == owner]

    def price_of(sold: float) -> float:
        low, high = 1e-6, 1e4
        for _ in range(80):
            middle = 0.5 * (low + high)
            taken = (
                demand.quantity_kt * (middle / demand.price_per_t) ** -demand.elasticity
                if isinstance(demand, IsoelasticDemand)
                else (demand.intercept_per_t - middle) / demand.slope_per_kt
            )
            low, high = (middle, high) if taken - slope * max(middle - border, 0.0) > sold else (low, middle)
        return 0.5 * (low + high)

    def cost_of(output: float) -> float:
        """Cheapest first, a thousand parts at a time."""
        offers: list[tuple[float, float]] = []
        for i in mine:
            plant = industry.plants[i]
            parts = np.linspace(0.0, plant.capacity_kt, 200)
            middle, size = 0.5 * (parts[1:] + parts[:-1]), np.diff(parts)
            rise = plant.smooth_cost
            extra = (middle / rise.scale) ** (1.0 / rise.exponent) if rise else 0.0 * middle
            offers += list(zip((plant.net_cash_cost_per_t() + extra).tolist(), size.tolist(), strict=True))
        spent, left = 0.0, output
        for unit, size in sorted(offers):
            taken = min(size, left)
            spent, left = spent + taken * unit, left - taken
        return spent

    total, own = float(result.output_kt.sum()), float(result.output_kt[mine].sum())
    room = sum(industry.plants[i].capacity_kt for i in mine)
    tried = [price_of(total + theta * (q - own)) * q - cost_of(q) for q in np.linspace(0.0, room, 121).tolist()]
    return result.price_per_t * own - cost_of(own), max(tried)


@pytest.mark.parametrize("concept", [Competitive(), Cournot(), Conjectural(theta=0.4)], ids=str)
def test_random_markets_are_certified(concept: Concept) -> None:
    above, at, below = 0, 0, 0
    for seed in range(120):
        industry = random_market(seed)
        result = solve(industry, concept)
        assert industry.trade.parity is not None
        border, slope = industry.trade.parity.price_per_t, industry.trade.slope_kt_per_price
        assert result.imports_kt == pytest.approx(slope * max(result.price_per_t - border, 0.0), rel=1e-9, abs=1e-12)
        near = abs(result.price_per_t - border) <= 1e-9 * border
        above, at, below = (
            above + (result.price_per_t > border and not near),
            at + near,
            below + (result.price_per_t < border and not near),
        )
    assert min(above, below) > 20
    assert concept != Cournot() or at > 3


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("theta", [0.4, 1.0])
def test_nobody_gains_on_a_grid(seed: int, theta: float) -> None:
    result = solve(random_market(seed), Conjectural(theta=theta))
    for owner in result.industry.owners:
        now, best = best_profit(result, owner, theta)
        assert best <= now + 2e-3 * max(1.0, abs(now))


@pytest.mark.parametrize("firms", [1, 2, 5])
@pytest.mark.parametrize("slope", [0.25, 1.0, 4.0])
def test_symmetric_cournot_in_closed_form(firms: int, slope: float) -> None:
    """Above the border P = (a + b m w - b Q) / (1 + b m), which n owners of cost c bring to (P(0) + n c) / (n + 1)."""
    a, b, c, border = 10.0, 1.0, 1.0, 1.5
    result = solve(with_trade(games.symmetric(firms, intercept=a, cost=c), rising(slope, border)), Cournot())
    intercept = (a + b * slope * border) / (1.0 + b * slope)
    wanted = (intercept + firms * c) / (firms + 1.0)
    if wanted < border:
        wanted = max(border if (a + firms * c) / (firms + 1.0) > border else 0.0, 0.0)
    assert result.price_per_t == pytest.approx(wanted, rel=1e-12)
    seen = result.perceived_slope_per_kt
    flat = b / (1.0 + b * slope)
    assert flat * (1.0 - 1e-12) <= seen <= b * (1.0 + 1e-12)
    assert result.uniqueness == ("several" if flat < seen < b and firms > 1 else "proven")


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("concept", [Competitive(), Cournot()], ids=str)
def test_a_steep_supply_is_a_ceiling_and_none_is_no_trade(seed: int, concept: Concept) -> None:
    industry = random_market(seed)
    parity = industry.trade.parity
    ceiling = solve(with_trade(industry, Trade(parity=parity)), concept)
    steep = solve(with_trade(industry, Trade(parity=parity, import_supply_slope_kt_per_price=1e10)), concept)
    assert steep.price_per_t == pytest.approx(ceiling.price_per_t, rel=1e-6)
    assert steep.imports_kt == pytest.approx(ceiling.imports_kt, abs=1e-4)
    if concept == Cournot() and isinstance(industry.demand, IsoelasticDemand):
        return
    none = solve(with_trade(industry, Trade()), concept)
    for slope in (0.0, 1e-13):
        shut = solve(with_trade(industry, Trade(parity=parity, import_supply_slope_kt_per_price=slope)), concept)
        assert shut.price_per_t == pytest.approx(none.price_per_t, rel=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_many_small_tranches_come_to_the_slope(seed: int) -> None:
    industry = random_market(2 * seed)
    assert industry.trade.parity is not None
    border, slope, count = industry.trade.parity.price_per_t, industry.trade.slope_kt_per_price, 4000
    steps = np.linspace(border, border + 20.0, count + 1)
    size = slope * 20.0 / count
    tranches = tuple(Tranche(price_per_t=float(p), quantity_kt=size) for p in 0.5 * (steps[1:] + steps[:-1]))
    stepped = solve(with_trade(industry, Trade(tranches=tranches)))
    assert solve(industry).price_per_t == pytest.approx(stepped.price_per_t, abs=20.0 / count)


def test_the_rest_of_the_world_gives_the_slope() -> None:
    industry = games.symmetric(2)
    abroad = Trade(
        parity=ImportParity(fob_usd_per_t=1.0, exchange_rate=1.5, duty_share=0.1),
        rest_of_world=RestOfWorld(quantity_kt=2.75, supply_elasticity=0.6),
    )
    stated = Trade(parity=abroad.parity, import_supply_slope_kt_per_price=1.0)
    assert abroad.slope_kt_per_price == pytest.approx(1.0)
    one, other = (solve(with_trade(industry, trade), Cournot()) for trade in (abroad, stated))
    assert one.price_per_t == pytest.approx(other.price_per_t, rel=1e-14)
    assert one.imports_kt > 0.0


def test_a_spread_is_no_part_of_one_date() -> None:
    industry = games.symmetric(2)
    plain, spread = (solve(with_trade(industry, rising(1.0, 2.0, spread=size)), Cournot()) for size in (0.0, 0.7))
    assert plain.price_per_t == spread.price_per_t


def test_a_cap_and_a_floor_beside_imports_that_rise() -> None:
    industry = with_trade(games.oligopoly([1.0] * 3, games.line(10.0, 1.0), capacity=6.0), rising(0.5, 4.0, floor=2.0))
    capped = solve(industry, cap=JointCap(cap_kt=3.0))
    # 10 - Q with 0.5 (p - 4) from abroad and 3 at home: 10 - p = 3 + 0.5 (p - 4).
    assert capped.price_per_t == pytest.approx(6.0)
    assert capped.imports_kt == pytest.approx(1.0)
    assert solve(industry).imports_kt < 0.0  # exports at the floor
    nothing = solve(
        with_trade(games.oligopoly([3.0], games.isoelastic(12.0, 1.0)), rising(1.0)), cap=JointCap(cap_kt=0.0)
    )
    # 12 / p = p - 6.
    assert nothing.price_per_t == pytest.approx(3.0 + math.sqrt(21.0))


@pytest.mark.parametrize("concept", [Competitive(), Cournot()], ids=str)
@pytest.mark.parametrize("elastic", [False, True])
def test_a_spoilt_answer_is_seen(concept: Concept, elastic: bool) -> None:
    demand = games.isoelastic(40.0, 0.8) if elastic else games.line(20.0, 1.0)
    result = solve(
        games.oligopoly([2.0, 3.0], demand, capacity=3.0, trade=rising(0.7, 4.0)), concept, avoidable=CashCost()
    )
    assert result.imports_kt > 0.0
    for change in (
        {"price_per_t": result.price_per_t * 1.001},
        {"imports_kt": result.imports_kt * 1.01},
        {"imports_kt": 0.0},
        {"perceived_slope_per_kt": 1.0 if not elastic else result.perceived_slope_per_kt * 1.3},
        {"industry": with_trade(result.industry, rising(0.71, 4.0))},
        {"industry": with_trade(result.industry, rising(0.7, 4.01))},
        {"industry": with_trade(result.industry, Trade(parity=result.industry.trade.parity))},
    ):
        assert not verify(dataclasses.replace(result, **change)).holds, change


def test_refusals() -> None:
    industry = with_trade(games.symmetric(2), rising(1.0))
    with pytest.raises(InputError, match=r"found imports that rise along a slope; needed any quantity at parity"):
        solve(industry, Leader(leader=("1",)))
    with pytest.raises(InputError, match=r"trade\.export_floor_per_t: found 7; needed less than the cheapest import"):
        solve(with_trade(industry, rising(1.0, floor=7.0)))
