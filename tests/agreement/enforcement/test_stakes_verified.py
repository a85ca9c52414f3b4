"""Stakes computed from an industry: every figure spoilt in turn, together with the rows that repeat it."""

from __future__ import annotations

import contextlib
import dataclasses
import math

import numpy as np
import pytest
from tests.agreement.enforcement.test_incentives import firms
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement import DealPayoffs, GreenPorter, Grim, StickAndCarrot, incentives
from potline.errors import InputError
from potline.industry import Industry, LinearDemand, Plant, Trade, Tranche

ASKED = ("stakes", "conduct", "quotas", "strategy", "discount_rate", "period_months", "lag_months")
UNEQUAL = firms([300.0, 400.0, 350.0], [260.0, 300.0, 90.0])
BOUNDED = firms(
    [300.0, 420.0], [600.0, 600.0], trade=Trade(tranches=(Tranche(quantity_kt=math.inf, price_per_t=560.0),))
)
ALIKE = firms([400.0] * 3, [420.0] * 3)
STEEP = Industry(
    name="steep",
    demand=LinearDemand(price_per_t=100.0, quantity_kt=50.0, elasticity=1e-10),
    plants=tuple(
        Plant(name=f"{kt:g}", firm=f"{kt:g}", capacity_kt=kt, other_cost_per_t=40.0) for kt in (20.0, 25.0, 30.0)
    ),
    trade=Trade(tranches=(Tranche(quantity_kt=math.inf, price_per_t=150.0),)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("industry", "strategy", "options"),
    [
        (UNEQUAL, Grim(), {}),
        (UNEQUAL, Grim(), {"quotas": "capacity"}),
        (UNEQUAL, Grim(), {"quotas": "efficient", "lag_months": 3.0}),
        (BOUNDED, Grim(), {}),
        (UNEQUAL, StickAndCarrot(), {}),
        (ALIKE, StickAndCarrot(periods=2), {}),
        (BOUNDED, StickAndCarrot(severity=0.4), {}),
        (ALIKE, Grim(), {"conduct": "price"}),
        (STEEP, Grim(), {"conduct": "price"}),
        (STEEP, Grim(), {"conduct": "price", "quotas": "equal"}),
    ],
    ids=[
        "cournot", "capacity", "efficient", "bounded", "stick", "long stick", "given stick", "price",
        "unequal prices", "equal shares",
    ],
)  # fmt: skip
def test_every_stake_of_an_industry_is_looked_at(industry, strategy, options):
    """Each of the deal's figures is spoilt, and the rows that repeat it with it: only the industry says otherwise."""
    found = incentives(industry, strategy, **options)
    wrong = spoil(found, question=ASKED, only=("deal",), check=_repeated, most=2)
    assert wrong
    checks = ("incentives: stakes", "incentives: question")
    assert not [item.name for item in wrong if not set(checks[: 1 + ("owners" in item.path)]) & set(item.noticed)]
    assert_caught(spoil(found, question=ASKED, only=("severity", "deal"), most=2))


def _repeated(result):
    """Verify a table whose rows repeat its deal."""
    deal = result.deal
    rows = []
    for i, row in enumerate(result.rows):
        own = {}
        for name in ("coordinate_m", "defect_m", "punish_m", "restart_cost_m"):
            values = getattr(deal, name)
            own[name] = values[i] if i < len(values) else math.nan
        rows.append(dataclasses.replace(row, owner=deal.owners[i], **own))
    return pot.verify(dataclasses.replace(result, rows=tuple(rows)))


def drawn(seed: int) -> Industry:
    """Return one to five owners, some of equal cost or unlimited capacity, with a ceiling or none."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 6))
    costs = np.round(rng.uniform(-100.0, 900.0, count), int(rng.integers(-2, 2)))
    sizes = np.where(rng.random(count) < 0.1, math.inf, rng.uniform(5.0, 700.0, count))
    ceiling = round(float(rng.uniform(300.0, 900.0)), int(rng.integers(-2, 2)))
    tranches = () if rng.random() < 0.5 else (Tranche(quantity_kt=math.inf, price_per_t=ceiling),)
    return firms(costs.tolist(), sizes.tolist(), trade=Trade(tranches=tranches))


@pytest.mark.parametrize("seed", range(20))
def test_stakes_of_random_industries_are_those_of_separate_code(seed):
    """Under seeds 6, 16 and 17 another stick once needed less patience than the one found."""
    for quotas in ("cournot", "capacity", "efficient"):
        for strategy in (Grim(), StickAndCarrot(severity=0.7)):
            with contextlib.suppress(InputError):  # a quota above capacity
                assert incentives(drawn(seed), strategy, quotas=quotas).certificate.holds
    assert incentives(drawn(seed), StickAndCarrot(periods=1 + seed % 3)).certificate.holds


def test_who_sells_all_has_nothing_to_cheat():
    """Deal, cheating and end are one: equal to the last bit, though each is found on its own."""
    for seed in (14, 30):
        (row,) = incentives(drawn(seed)).rows
        assert row.coordinate_m == row.defect_m == row.punish_m
        assert (row.critical_rate_per_year, row.keeps) == (math.inf, True)


def test_prices_that_a_noise_blurs_are_those_of_the_industry():
    found = incentives(UNEQUAL, GreenPorter(noise=0.02))
    wrong = dataclasses.replace(found.deal, price_per_t=1.01 * found.deal.price_per_t)
    check = pot.verify(dataclasses.replace(found, deal=wrong)).check("incentives: stakes")
    assert not check.holds


def test_a_worse_stick_is_noticed():
    """A deal that is right for a severity that is not the best: the group needs more patience than it must."""
    found = incentives(UNEQUAL, StickAndCarrot())
    other = incentives(UNEQUAL, StickAndCarrot(severity=0.5 * found.severity))
    assert other.critical_rate_per_year < 0.99 * found.critical_rate_per_year
    assert not pot.verify(dataclasses.replace(other, strategy=StickAndCarrot())).holds


def test_owners_who_sell_nothing_have_nothing_at_stake():
    found = incentives(firms([1100.0, 1200.0], [100.0, 100.0]))
    assert (found.deal.coordinate_m, found.deal.defect_m, found.deal.punish_m) == ((0.0, 0.0),) * 3


def test_no_rounding_gives_an_owner_a_part_in_a_stick():
    """The price without a deal is just the cost of the third, which sells nothing or a hair: it has no part."""
    for cost in (400.0, 400.0 - 1e-12, 400.0 + 1e-12):
        third = incentives(firms([100.0, 100.0, cost], [900.0, 900.0, 300.0]), StickAndCarrot(severity=0.2))
        assert third.deal.stick_m[2] == third.deal.stick_defect_m[2] == pytest.approx(0.0, abs=1e-12)
        assert math.isnan(third.critical_factor)  # it would sell at the price of the deal
        assert third.certificate.holds


def test_lines_that_an_agreement_idles_and_lines_that_start_up_sell_nothing():
    """A cheat has no more lines than the market without a deal: 100 and 80 kt in place of 200 each."""
    pair = firms([100.0, 200.0], [200.0, 200.0])
    cut = pot.JointCut(signatories=("0", "1"), rule=pot.Stated(cuts_kt=(("0", 100.0), ("1", 120.0))))
    starting = tuple(
        dataclasses.replace(plant, running_kt=kt, commissioning_kt=200.0 - kt)
        for plant, kt in zip(pair.plants, (100.0, 80.0), strict=True)
    )
    small = incentives(firms([100.0, 200.0], [100.0, 80.0])).deal
    for other in (pair.under(cut), dataclasses.replace(pair, plants=starting)):
        assert incentives(other).deal == small


def test_costs_far_below_0_take_more_than_demand_at_a_price_of_0():
    """One owner is paid 2,000 a tonne: it sells where 1000 - 2 q + 2000 = 0, at a price below 0."""
    found = incentives(firms([-2000.0, 900.0], [math.inf, 50.0]))
    assert found.deal.price_per_t == pytest.approx(-500.0, rel=1e-12)
    assert found.deal.coordinate_m[0] == pytest.approx(2250.0, rel=1e-12)
    assert found.certificate.holds


def test_stakes_given_beside_another_industry_are_noticed():
    found = incentives(UNEQUAL)
    assert not pot.verify(dataclasses.replace(found, stakes=ALIKE)).holds
    assert isinstance(found.deal, DealPayoffs)
