"""Lag, rate, period, noise and each stake walk into their limit: who keeps a deal there is who keeps it near it."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.enforcement.test_incentives import DEAL
from tests.agreement.tiny import tiny

import potline as pot
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import incentives
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot
from potline.agreement.enforcement.table import IncentiveTable
from potline.cases import PlantNoise
from potline.errors import InputError
from potline.industry import PriceProcess

SMALL = (1e-3, 1e-6, 1e-9)
FREE = dataclasses.replace(DEAL, restart_cost_m=(0.0, 0.0), punisher_cost_m=())
deals = pytest.mark.parametrize("deal", [DEAL, FREE], ids=["costly restarts", "free restarts"])
CASE = dataclasses.replace(tiny(), factors=(), noise=PlantNoise())


def told(table: IncentiveTable, per_year: float = 1.0) -> list[float]:
    """Return slack of each member, and critical rates in units of ``per_year``; certified."""
    assert table.certificate.holds
    rates = [row.critical_rate_per_year / per_year for row in table.rows]
    return [*(row.slack_m_per_year for row in table.rows), *rates, table.critical_rate_per_year / per_year]


@deals
def test_the_lag_tends_to_none_and_none_is_refused(deal: DealPayoffs):
    """Seen at once, a cheat gets what it has without the deal: the slack tends to c - p + rate R."""
    for small in SMALL:
        found = told(incentives(deal, lag_months=small, discount_rate=0.1))
        costs = [0.1 * cost for cost in deal.restart_cost_m]
        assert found[:2] == pytest.approx([2.0 + costs[0], 1.5 + costs[1]], abs=small)
    rate = [told(incentives(FREE, lag_months=lag), 12.0 / lag)[2:] for lag in (1.0, *SMALL)]
    for other in rate[1:]:
        assert other == pytest.approx(rate[0], rel=1e-9)
    with pytest.raises(InputError, match="incentives, lag_months: found 0; needed a number above 0, or None"):
        incentives(deal, lag_months=0.0)


@deals
@pytest.mark.parametrize("periods", [1, 3])
def test_the_period_of_a_stick_tends_to_none(deal: DealPayoffs, periods: int):
    """Without costs rates are one number a period, however short that is; with them nobody is tempted any more."""
    found = [told(incentives(deal, StickAndCarrot(periods=periods), period_months=m), 12.0 / m) for m in (1.0, *SMALL)]
    assert found[3][:2] == pytest.approx([0.0, 0.0], abs=1e-8)
    for one in found[1:]:
        assert one[2:] == (
            pytest.approx(found[0][2:], rel=1e-9, nan_ok=True) if deal is FREE else pytest.approx([math.inf] * 3)
        )


@deals
@pytest.mark.parametrize("strategy", [Grim(), StickAndCarrot(periods=3)])
def test_the_discount_rate_tends_to_none(deal: DealPayoffs, strategy: object):
    none = told(incentives(deal, strategy, discount_rate=0.0))
    for small in SMALL:
        assert told(incentives(deal, strategy, discount_rate=small)) == pytest.approx(none, abs=5.0 * small)


@deals
def test_under_noise_the_rate_tends_to_none_and_none_is_refused(deal: DealPayoffs):
    """Ever more patient members lose ever less to ever longer spells: slack tends to what the deal is worth."""
    noisy = GreenPorter(noise=0.03)
    found = [told(incentives(deal, noisy, discount_rate=small)) for small in SMALL]
    for one in found[1:]:
        assert one[2:] == pytest.approx(found[0][2:], rel=1e-9)
    assert found[0][0] < found[1][0] < found[2][0] < 2.0
    with pytest.raises(InputError, match="discount_rate: found 0 under GreenPorter; needed above 0"):
        incentives(deal, noisy, discount_rate=0.0)


@deals
@pytest.mark.parametrize("trigger", [None, 0.95])
def test_noise_tends_to_none(deal: DealPayoffs, trigger: float | None):
    none = told(incentives(deal, GreenPorter(noise=0.0, trigger=trigger), discount_rate=0.1))
    assert none[2:] == pytest.approx(told(incentives(deal, discount_rate=0.1))[2:])  # seen after a period, for sure
    for small in (*SMALL, 1e-12):
        found = told(incentives(deal, GreenPorter(noise=small, trigger=trigger), discount_rate=0.1))
        assert found == pytest.approx(none, abs=1e-9)


@deals
def test_with_more_and_more_noise_nothing_keeps_anybody_and_still_more_is_refused(deal: DealPayoffs):
    found = [told(incentives(deal, GreenPorter(noise=noise), discount_rate=0.1)) for noise in (0.3, 1.0, 3.0, 10.0)]
    for one in found[1:]:
        assert one[:2] == pytest.approx(found[-1][:2], abs=1e-3)
        assert max(one[:2]) < 0.0
        assert all(math.isnan(rate) for rate in one[2:])
    with pytest.raises(InputError) as raised:
        GreenPorter(noise=11.0)
    assert (
        str(raised.value) == "GreenPorter, noise: found 11; needed a number from 0 to 10, or nan where there is none."
    )


@deals
def test_what_a_deal_brings_beyond_its_end_tends_to_none(deal: DealPayoffs):
    """A member kept by nothing but the cost of a restart is tempted at every rate."""
    none = told(incentives(dataclasses.replace(deal, coordinate_m=deal.punish_m)))
    assert none[2:] == pytest.approx([0.0] * 3, abs=1e-15)
    for small in SMALL:
        more = dataclasses.replace(deal, coordinate_m=tuple(value + small for value in deal.punish_m))
        assert told(incentives(more)) == pytest.approx(none, abs=2.0 * small)


@deals
def test_what_cheating_brings_tends_to_none(deal: DealPayoffs):
    """Nobody is tempted by nothing at any rate; by little only at a high one."""
    none = told(incentives(dataclasses.replace(deal, defect_m=deal.coordinate_m)))
    assert none[2:] == [math.inf] * 3
    for small, rate in zip(SMALL, (7.0, 14.0, 21.0), strict=True):
        more = told(incentives(dataclasses.replace(deal, defect_m=tuple(value + small for value in deal.coordinate_m))))
        assert more[:2] == pytest.approx(none[:2], abs=small)
        assert min(more[2:]) > rate


def test_a_members_stake_tends_to_none_but_its_patience_does_not():
    """One that has nothing at stake takes no part; one that has, however little, is a member (docs/model.md)."""
    member = {
        name: (getattr(DEAL, name)[0], 0.0) for name in ("coordinate_m", "defect_m", "punish_m", "restart_cost_m")
    }
    none = incentives(dataclasses.replace(DEAL, **member, punisher_cost_m=()))
    assert none.certificate.holds
    rates = set()
    for small in SMALL:
        part = {name: (value[0], small * getattr(DEAL, name)[1]) for name, value in member.items()}
        found = incentives(dataclasses.replace(DEAL, **part, punisher_cost_m=()))
        assert found.certificate.holds
        assert found.rows[0] == none.rows[0]
        assert found.rows[1].slack_m_per_year == pytest.approx(0.0, abs=2.0 * small)
        assert found.with_transfers_rate_per_year == pytest.approx(none.with_transfers_rate_per_year, abs=2.0 * small)
        rates.add(round(found.rows[1].critical_rate_per_year, 9))
    assert len(rates) == 1


def test_a_meetings_deal_over_a_short_lag_and_at_small_rates():
    held = pot.enforcement(CASE, lag_months=1e-9)
    for small in SMALL[:2]:
        near = pot.enforcement(CASE, lag_months=small)
        for a, b in ((near.signing, held.signing), (near.running, held.running)):
            assert told(a)[:3] == pytest.approx(told(b)[:3], abs=500.0 * small)
    with pytest.raises(InputError, match="enforcement, lag_months: found 0; needed a number above 0, or None"):
        pot.enforcement(CASE, lag_months=0.0)
    none = pot.enforcement(CASE, discount_rate=0.0)
    for small in SMALL:
        near = pot.enforcement(CASE, discount_rate=small)
        assert near.certificate.holds
        for a, b in ((near.signing, none.signing), (near.running, none.running)):
            assert told(a)[:3] == pytest.approx(told(b)[:3], abs=2000.0 * small + 1e-6)


def test_a_deal_over_time_where_the_price_hardly_moves():
    """Its noise is the volatility over a month."""

    def held(volatility: float) -> pot.OverTime:
        process = PriceProcess(volatility=volatility)
        return pot.enforcement_over_time(
            dataclasses.replace(CASE, industry=dataclasses.replace(CASE.industry, process=process))
        )

    none = held(0.0)
    assert none.certificate.holds
    assert len(none.threats) == 4
    for small in SMALL:
        near = held(small)
        assert near.certificate.holds
        for a, b in zip(near.threats, none.threats, strict=True):
            assert a.holds == b.holds
            for side in ("signing", "running"):
                assert told(getattr(a, side))[:3] == pytest.approx(
                    told(getattr(b, side))[:3], abs=20.0 if small == 1e-3 else 1e-6
                )
