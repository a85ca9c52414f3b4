"""Enforcement of deals: strategies against each other, against simulation and limits; the flagship; errors."""

from __future__ import annotations

import dataclasses
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import potline as pot
from potline.agreement.enforcement.collusion import collusion_under_noise
from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.incentives import critical_discount_factor, incentives
from potline.agreement.enforcement.meeting import enforcement
from potline.agreement.enforcement.prices import price_deal
from potline.agreement.enforcement.quantities import quantity_deal, quantity_market
from potline.agreement.enforcement.strategies import GreenPorter, Grim, StickAndCarrot
from potline.equilibrium import Cournot, solve
from potline.errors import Infeasible, InputError
from potline.industry import Industry, LinearDemand, Plant, Trade, Tranche
from potline.textbook.payoffs import RepeatedGame
from potline.textbook.repeated_games import game_deal, payoff_set

DEAL = DealPayoffs(
    owners=("A", "B"),
    coordinate_m=(3.0, 2.0),
    defect_m=(5.0, 4.0),
    punish_m=(1.0, 0.5),
    restart_cost_m=(0.2, 0.3),
    price_per_t=10.0,
    cheat_price_per_t=(9.0, 9.2),
)


def firms(costs: list[float], capacities: list[float], *, trade: Trade = Trade()) -> Industry:
    plants = [
        Plant(name=f"{i}", firm=f"{i}", capacity_kt=k, other_cost_per_t=c)
        for i, (c, k) in enumerate(zip(costs, capacities, strict=True))
    ]
    demand = LinearDemand.from_line(intercept_per_t=1000.0, slope_per_kt=1.0)
    return Industry(name="test", demand=demand, plants=tuple(plants), trade=trade)


def test_grim_agrees_with_months_added_up() -> None:
    """Two flows a month, paid out and discounted one by one, are worth the same at the critical rate."""
    table = incentives(DEAL, lag_months=6.0, period_months=1.0)
    for i, row in enumerate(table.rows):
        rate = row.critical_rate_per_year
        months = np.arange(int(12 * 60 / rate))
        weight = np.exp(-rate * months / 12.0) * -math.expm1(-rate / 12.0) / rate
        keeps = weight.sum() * row.coordinate_m
        cheats = weight @ np.where(months < 6, row.defect_m, row.punish_m) - DEAL.restart_cost_m[i]
        assert cheats == pytest.approx(keeps, rel=1e-9)
    assert table.certificate.holds


def test_monthly_and_yearly_are_one_figure() -> None:
    by_month, by_year = (incentives(DEAL, period_months=m, lag_months=6.0) for m in (1.0, 12.0))
    assert by_month.critical_factor**12 == pytest.approx(by_year.critical_factor, rel=1e-12)
    assert by_month.monthly_factor == by_month.critical_factor
    assert by_month.yearly_factor == pytest.approx(by_year.critical_factor)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 2.0), st.floats(0.1, 12.0), st.floats(1.01, 3.0))
def test_slower_detection_and_cheaper_restarts_hurt(cost: float, lag: float, factor: float) -> None:
    deal = dataclasses.replace(DEAL, restart_cost_m=(cost, cost), punisher_cost_m=())
    dear = dataclasses.replace(DEAL, restart_cost_m=(cost + 0.1,) * 2, punisher_cost_m=())
    base = incentives(deal, lag_months=lag).critical_rate_per_year
    assert incentives(deal, lag_months=lag * factor).critical_rate_per_year <= base
    assert incentives(dear, lag_months=lag).critical_rate_per_year >= base


def test_side_payments_need_no_more_patience() -> None:
    alone = critical_discount_factor(DEAL)
    assert critical_discount_factor(DEAL, transfers=True) <= alone


def test_rows_know_who_decides() -> None:
    table = incentives(DEAL, discount_rate=0.1, lag_months=6.0)
    assert table.decisive.owner == "B"
    assert table.holds
    assert table.holds_with_transfers
    assert table.row("A").tempted
    assert table.table("rows").column("owner") == ("A", "B")
    longest = incentives(DEAL, discount_rate=0.1, lag_months=table.decisive.longest_lag_months)
    assert longest.decisive.slack_m_per_year == pytest.approx(0.0, abs=1e-12)


def test_exit_of_a_loser_is_a_verdict_of_its_own() -> None:
    deal = dataclasses.replace(DEAL, coordinate_m=(0.5, 2.0))
    table = incentives(deal)
    assert math.isnan(table.critical_factor)
    assert not table.row("A").keeps
    assert table.certificate.holds


def test_stick_and_carrot_beats_grim_between_equals() -> None:
    for n in (2, 3, 5, 8):
        industry = firms([400.0] * n, [900.0] * n)
        assert critical_discount_factor(industry, StickAndCarrot()) < critical_discount_factor(industry)


def test_capacity_blunts_the_stick_and_the_cheat() -> None:
    """With the Cournot output as capacity no stick is harsher than no deal, with the quota nobody can cheat."""
    at_cournot = firms([400.0] * 2, [200.0] * 2)
    grim = critical_discount_factor(at_cournot)
    assert math.isnan(critical_discount_factor(at_cournot, StickAndCarrot()))
    assert critical_discount_factor(at_cournot, StickAndCarrot(periods=60)) == pytest.approx(grim, abs=1e-9)
    assert not incentives(at_cournot, StickAndCarrot(periods=60)).exactness.startswith("exact")
    assert critical_discount_factor(firms([400.0] * 2, [150.0] * 2)) == 0.0


def test_unequal_owners_get_a_stick_that_is_checked() -> None:
    industry = firms([300.0, 400.0, 450.0], [300.0, 400.0, 250.0])
    for periods in (1, 2, 4):
        table = incentives(industry, StickAndCarrot(periods=periods), discount_rate=0.05)
        assert table.certificate.holds
        assert 0.0 <= table.severity <= 1.0
        given_stick = incentives(industry, StickAndCarrot(periods=periods, severity=0.9 * table.severity))
        assert not given_stick.critical_factor < table.critical_factor - 1e-9


def test_a_stick_of_no_deal_is_a_short_grim() -> None:
    """Stakes by hand are punished by some periods without a deal; ever longer ones approach the grim figure."""
    free = dataclasses.replace(DEAL, restart_cost_m=(0.0, 0.0), punisher_cost_m=())
    grim = critical_discount_factor(free)
    factors = [critical_discount_factor(free, StickAndCarrot(periods=k)) for k in (2, 4, 16, 64)]
    assert factors == sorted(factors, reverse=True)
    assert factors[-1] == pytest.approx(grim, abs=1e-6)
    assert math.isnan(critical_discount_factor(free, StickAndCarrot(periods=1)))


def test_stick_with_lag_and_restart_cost_is_checked_state_by_state() -> None:
    table = incentives(DEAL, StickAndCarrot(periods=24), period_months=1.0, lag_months=6.0)
    assert table.certificate.holds


def test_quantity_deal_agrees_with_the_market_solver() -> None:
    """The best answer to fixed rivals is a monopoly on what they leave; Nash payoffs are those of solve()."""
    trade = Trade(tranches=(Tranche(price_per_t=640.0),))
    industry = firms([300.0, 400.0, 350.0], [260.0, 300.0, 90.0], trade=trade)
    deal, market = quantity_deal(industry), quantity_market(industry)
    apart = solve(industry, Cournot())
    assert deal.punish_m == pytest.approx(apart.owner_profit_m.tolist(), rel=1e-9)
    for i in range(3):
        others = 180.0 + 10.0 * i
        left = dataclasses.replace(
            industry,
            plants=(industry.plants[i],),
            demand=LinearDemand.from_line(intercept_per_t=1000.0 - others, slope_per_kt=1.0),
        )
        monopoly = solve(left, Cournot())
        assert market.best(i, others)[1] / 1e3 == pytest.approx(float(monopoly.owner_profit_m[0]), rel=1e-9)
        outputs = np.linspace(0.0, market.capacity(i), 2001)
        assert max(market.profit(i, float(q), others) for q in outputs) <= market.best(i, others)[1] + 1e-9


def test_quotas_move_temptation() -> None:
    industry = firms([300.0, 420.0], [600.0, 600.0])
    table = {name: incentives(industry, quotas=name) for name in ("cournot", "capacity", "efficient")}
    assert table["efficient"].row("1").coordinate_m == 0.0
    assert math.isnan(table["efficient"].critical_factor)
    assert 0.0 < table["cournot"].critical_factor < 1.0
    stated = quantity_deal(industry, quotas={"0": 200.0, "1": 100.0})
    assert incentives(stated).certificate.holds


def test_noise_only_hurts() -> None:
    free = dataclasses.replace(DEAL, restart_cost_m=(0.0, 0.0), punisher_cost_m=())
    grim = critical_discount_factor(free)
    factors = [critical_discount_factor(free, GreenPorter(noise=s)) for s in (0.002, 0.02, 0.04, 0.06)]
    assert factors[0] == pytest.approx(grim, abs=1e-6)
    assert factors == sorted(factors)
    table = incentives(free, GreenPorter(noise=0.03), discount_rate=0.1)
    assert table.holds
    assert table.certificate.holds
    assert table.spell is not None
    assert table.spell.false_alarm < min(table.spell.detection)


def test_a_given_trigger_is_never_better_than_the_best() -> None:
    free = dataclasses.replace(DEAL, restart_cost_m=(0.0, 0.0), punisher_cost_m=())
    best = critical_discount_factor(free, GreenPorter(noise=0.05))
    for trigger in (0.85, 0.9, 0.95, 1.0):
        fixed = critical_discount_factor(free, GreenPorter(noise=0.05, trigger=trigger))
        assert math.isnan(fixed) or fixed >= best - 1e-9


def test_best_noisy_collusion_lies_between_monopoly_and_cournot() -> None:
    industry = firms([400.0] * 2, [900.0] * 2)
    outputs, values = [], []
    for noise in (0.005, 0.02, 0.05, 0.1):
        found = collusion_under_noise(industry, GreenPorter(noise=noise), discount_rate=0.05)
        assert found.largest_gain_m_per_year < 1e-6
        assert found.apart_m_per_year < found.value_m_per_year < found.collusive_m_per_year
        outputs.append(found.output_kt)
        values.append(found.value_m_per_year)
    assert 150.0 < outputs[0] < outputs[-1] < 200.0
    assert outputs == sorted(outputs)
    assert values == sorted(values, reverse=True)
    with pytest.raises(Infeasible, match=r"no collusion between 2 owners holds under a noise of 0\.5 a period"):
        collusion_under_noise(industry, GreenPorter(noise=0.5), discount_rate=0.5)


def test_games_with_and_without_side_payments() -> None:
    game = RepeatedGame(payoffs_m=np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]]))
    assert incentives(game_deal(game, (0, 0))).critical_factor == pytest.approx(1.0 / 7.0)
    free = payoff_set(game, 0.9, outer_directions=16)
    paid = payoff_set(game, 0.9, transfers=True)
    assert free.certificate.holds
    assert paid.certificate.holds
    assert free.outer_gap >= 0.0
    assert paid.vertices_m.tolist() == [[3.0, 3.0], [15.0, 3.0], [3.0, 15.0]]
    pennies = RepeatedGame(payoffs_m=np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]))
    with pytest.raises(Infeasible, match=r"no pure-strategy equilibrium of the repeated game at factor 0\.2"):
        payoff_set(pennies, 0.2)


@cache
def flagship() -> pot.Case:
    return pot.load("china-aluminium-2013")


def test_flagship_stakes_are_those_of_the_meeting() -> None:
    """Cheating at once has the slack of the meeting's table; what was paid to idle and to restart lowers temptation."""
    held = pot.meeting(flagship(), draws=0)
    found = enforcement(flagship(), coalition=held.coalition)
    for row in found.signing.rows:
        owner = next(item for item in held.owners if item.owner == row.owner)
        assert row.coordinate_m == pytest.approx(owner.gain_m_per_year, rel=1e-12)
        assert row.defect_m == pytest.approx(owner.outside_gain_m_per_year, rel=1e-12)
        later = found.running.row(row.owner)
        assert later.coordinate_m > row.coordinate_m
        assert later.restart_cost_m == pytest.approx(owner.cut_kt * 0.625, rel=0.05)
    assert found.signing.certificate.holds
    assert found.running.certificate.holds


def test_flagship_needs_quick_detection_and_a_threat_meant() -> None:
    quick = enforcement(flagship(), lag_months=1.0)
    assert quick.holds
    assert quick.easiest is not None
    assert quick.easiest.coalition == quick.coalition
    assert quick.easiest.rate_per_year == pytest.approx(
        min(quick.running.critical_rate_per_year, quick.signing.critical_rate_per_year), rel=1e-9
    )
    assert not enforcement(flagship(), lag_months=12.0).holds
    meant = enforcement(flagship(), lag_months=1.0, collapse="best_response")
    assert meant.idle_on == ("Chalco",)
    assert not meant.holds
    assert quick.running.row("Chalco").punishing_pays_m_per_year < 0.0
    assert enforcement(flagship(), baseline="nash").willing == 0


def test_errors_name_what_is_wrong() -> None:
    with pytest.raises(InputError) as caught:
        incentives(DEAL, discount_rate=-1.0, period_months=0.0, lag_months=-2.0)
    assert str(caught.value) == (
        "incentives, discount_rate: found -1; needed a number of 0 or more.\n"
        "incentives, period_months: found 0; needed a number above 0.\n"
        "incentives, lag_months: found -2; needed a number above 0, or None."
    )
    with pytest.raises(InputError, match="deal, defect_m: found 1 numbers; needed 2"):
        DealPayoffs(owners=("A", "B"), coordinate_m=(1.0, 1.0), defect_m=(1.0,), punish_m=(1.0, 1.0))
    with pytest.raises(InputError, match="whole number of periods"):
        incentives(DEAL, StickAndCarrot(), lag_months=18.0)
    with pytest.raises(InputError, match="The noise is what delays detection"):
        incentives(DEAL, GreenPorter(noise=0.1), lag_months=24.0)
    with pytest.raises(InputError, match="needed noise of 0 or more"):
        incentives(DEAL, GreenPorter())
    with pytest.raises(InputError, match="unequal capacities under elastic demand"):
        price_deal(firms([400.0] * 2, [300.0, 400.0]))
    with pytest.raises(InputError, match="quota of '0': found 950; needed 0 to its capacity of 900"):
        quantity_deal(firms([400.0] * 2, [900.0] * 2), quotas={"0": 950.0, "1": 1.0})
    with pytest.raises(InputError, match="owners at the table"):
        enforcement(flagship(), coalition=("Chalco", "Nobody"))
    with pytest.raises(InputError, match=r"game: found 3 players; needed two\. Pass transfers=True"):
        payoff_set(RepeatedGame(payoffs_m=np.zeros((3, 2, 2, 2))), 0.5)
    with pytest.raises(InputError, match="transfers: found"):
        critical_discount_factor(DEAL, StickAndCarrot(periods=4), transfers=True)
    assert Grim() == Grim()


def test_noise_says_nothing_where_a_ceiling_holds_the_price() -> None:
    """With the price at import parity with and without the cheat, no trigger tells them apart."""
    blind = dataclasses.replace(DEAL, cheat_price_per_t=(10.0, 10.0), restart_cost_m=(0.0, 0.0), punisher_cost_m=())
    assert math.isnan(critical_discount_factor(blind, GreenPorter(noise=0.05)))
    found = enforcement(flagship(), GreenPorter(noise=0.02))
    assert min(found.signing.deal.cheat_price_per_t) == found.signing.deal.price_per_t
    assert not found.holds


def test_noisy_deals_with_restart_costs_are_checked_too() -> None:
    table = incentives(DEAL, GreenPorter(noise=0.03), discount_rate=0.1)
    free = dataclasses.replace(DEAL, punisher_cost_m=(0.0, 0.0))
    assert table.certificate.holds
    assert table.critical_rate_per_year <= incentives(free, GreenPorter(noise=0.03)).critical_rate_per_year + 1e-9


def test_a_member_whom_the_deal_costs_refuses_the_stick_however_patient():
    """From a stick of 0 the way leads back to a loss of 2 a year: refusing it for good is worth 0."""
    deal = DealPayoffs(
        owners=("loser", "winner"),
        coordinate_m=(-2.0, 3.0),
        defect_m=(1.0, 5.0),
        punish_m=(0.0, 0.0),
        restart_cost_m=(50.0, 50.0),
        stick_m=(0.0, 0.0),
        stick_defect_m=(0.0, 0.0),
    )
    found = incentives(deal, StickAndCarrot(periods=12), discount_rate=0.1, period_months=1.0)
    assert math.isnan(found.row("loser").critical_rate_per_year)
    assert found.row("winner").critical_rate_per_year == math.inf
    assert math.isnan(found.critical_rate_per_year)
    assert found.certificate.holds


def test_a_stick_depends_on_costs_and_not_on_demand_less_costs_alone():
    """As docs/theory/enforcement.md says it: a - c is 9 in both, the way towards a price of 0 longer in the second."""
    found = []
    for intercept, cost in ((10.0, 1.0), (100.0, 91.0)):
        plants = tuple(Plant(name=name, firm=name, capacity_kt=30.0, other_cost_per_t=cost) for name in "AB")
        line = LinearDemand.from_line(intercept_per_t=intercept, slope_per_kt=1.0)
        industry = Industry(name="pair", demand=line, plants=plants)
        deal = quantity_deal(industry, severity=0.2)
        stick = StickAndCarrot(severity=0.2)
        found.append((deal.coordinate_m, deal.defect_m, deal.punish_m))
        expected = {10.0: (0.88e-3, 0.47701, 0.1071429), 100.0: (-65.52e-3, 0.86734, 0.0277778)}[intercept]
        assert deal.stick_m[0] == pytest.approx(expected[0], rel=1e-4)
        assert critical_discount_factor(industry, stick) == pytest.approx(expected[1], abs=1e-5)
        assert incentives(industry, StickAndCarrot()).severity == pytest.approx(expected[2], abs=1e-6)
        assert critical_discount_factor(industry, StickAndCarrot()) == pytest.approx(0.28125, abs=1e-6)
    assert np.array(found[0]) == pytest.approx(np.array(found[1]), rel=1e-9)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"noise": 0.05, "false_alarm": 0.1}, "noise and false_alarm"),
        ({"noise": 0.05, "false_alarm": 0.1, "detection": 0.5}, "noise and false_alarm and detection"),
        ({"trigger": 0.9, "detection": 0.5}, "trigger and detection"),
    ],
)
def test_chances_and_what_they_would_follow_from_are_not_both_given(given, found):
    with pytest.raises(InputError) as refused:
        GreenPorter(**given)
    assert str(refused.value) == (
        f"GreenPorter: found {found}; needed noise, with or without a trigger, or false_alarm and detection. "
        "Leave one of the two out."
    )
