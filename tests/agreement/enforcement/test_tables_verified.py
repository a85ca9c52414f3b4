"""Certificates of incentive tables, of a meeting's enforcement and its deal over time: each figure spoilt in turn."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.agreement.enforcement.test_incentives import DEAL
from tests.agreement.enforcement.test_over_time import twins
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement import DealPayoffs, GreenPorter, Grim, StickAndCarrot, incentives
from potline.errors import InputError

ASKED = ("stakes", "conduct", "quotas", "strategy", "discount_rate", "period_months", "lag_months")
FREE = dataclasses.replace(DEAL, restart_cost_m=(0.0, 0.0), punisher_cost_m=())
IDLED = dataclasses.replace(DEAL, idle_on_m=(0.4, 0.9))
LOSER = dataclasses.replace(DEAL, coordinate_m=(0.5, 2.0))
BLIND = dataclasses.replace(FREE, cheat_price_per_t=(10.0, 10.0))


@pytest.mark.parametrize(
    ("deal", "strategy", "options"),
    [
        (IDLED, Grim(), {"lag_months": 6.0}),
        (FREE, Grim(), {}),
        (LOSER, Grim(), {}),
        (IDLED, StickAndCarrot(periods=4), {}),
        (IDLED, GreenPorter(noise=0.03), {}),
        (FREE, GreenPorter(noise=0.03, trigger=0.95), {}),
        (FREE, GreenPorter(false_alarm=0.01, detection=0.9), {}),
    ],
    ids=["grim", "free", "loser", "stick", "noise", "trigger", "chances"],
)
def test_every_figure_of_a_table_is_looked_at(deal, strategy, options):
    found = incentives(deal, strategy, **options)
    right = {}
    if deal is IDLED and isinstance(strategy, GreenPorter):  # the best trigger leaves it 4e-16: 1 % of that is nothing
        right = {f"rows[1].slack_m_per_year {how}": "binds" for how in ("raised by 1 %", "lowered by 20 %")}
    assert_caught(spoil(found, question=ASKED, most=3), right)


@pytest.mark.parametrize(
    ("noise", "rate"),
    [(0.0, 0.1), (1e-12, 0.1), (1e-9, 0.1), (0.5, 0.1), (0.03, 1e-9), (0.03, 0.6), (0.03, 3.0)],
)
@pytest.mark.parametrize("deal", [DEAL, BLIND], ids=["seen", "blind"])
def test_a_spell_is_certified_at_any_noise_and_rate(deal, noise, rate):
    found = incentives(deal, GreenPorter(noise=noise), discount_rate=rate, check="report")
    assert not [item for item in found.certificate.checks if not item.holds]


def test_no_noise_is_the_limit_of_little_noise():
    """What moves the price is seen at once: the critical rate is that of the plainest threat, the deal worth c."""
    grim = incentives(FREE)
    for deal, trigger in ((DEAL, None), (FREE, 0.95), (FREE, 0.91), (FREE, 1.0)):
        found = [incentives(deal, GreenPorter(noise=noise, trigger=trigger)) for noise in (0.0, 1e-9, 1e-6)]
        for one in found[1:]:
            assert one.critical_rate_per_year == pytest.approx(found[0].critical_rate_per_year, rel=1e-9, nan_ok=True)
            assert one.spell.false_alarm == pytest.approx(found[0].spell.false_alarm, abs=1e-9)
            assert one.spell.detection == pytest.approx(found[0].spell.detection, abs=1e-9)
            assert one.spell.value_m_per_year == pytest.approx(found[0].spell.value_m_per_year, rel=1e-9)
            slack = [row.slack_m_per_year for row in found[0].rows]
            assert [row.slack_m_per_year for row in one.rows] == pytest.approx(slack, rel=1e-6, abs=1e-9)
    exact = incentives(FREE, GreenPorter(noise=0.0))
    assert exact.critical_rate_per_year == pytest.approx(grim.critical_rate_per_year, rel=1e-9)
    assert exact.spell.value_m_per_year == pytest.approx(FREE.coordinate_m, rel=1e-12)


def test_the_best_spell_is_found_in_closed_form():
    """Chances given, the shortest spell that is enough: y delta (N beta - B alpha) = (1 - delta)(B - N)."""
    strategy = GreenPorter(false_alarm=0.1, detection=0.8)
    found = incentives(FREE, strategy, discount_rate=0.1)
    factor = math.exp(-0.1)
    needed = []
    for c, d, p in zip(FREE.coordinate_m, FREE.defect_m, FREE.punish_m, strict=True):
        deal, cheat = (1.0 - factor) * (c - p), (1.0 - factor) * (d - p)
        needed.append((1.0 - factor) * (cheat - deal) / (factor * (0.8 * deal - 0.1 * cheat)))
    periods = math.ceil(math.log(1.0 - max(needed)) / math.log(factor))
    assert found.spell.length_periods == periods
    y = 1.0 - factor**periods
    worth = [
        p + (1.0 - factor) * (c - p) / (1.0 - factor + 0.1 * factor * y)
        for c, p in zip((3.0, 2.0), (1.0, 0.5), strict=True)
    ]
    assert found.spell.value_m_per_year == pytest.approx(worth, rel=1e-12)


def test_a_rate_of_0_under_noise_is_refused():
    with pytest.raises(InputError) as caught:
        incentives(FREE, GreenPorter(noise=0.1), discount_rate=0.0)
    assert str(caught.value) == (
        "discount_rate: found 0 under GreenPorter; needed above 0. "
        "At no discount all that is lost in spells counts for nothing a year."
    )


def costly():
    return twins(stop_cost_per_t=1.0, restart_cost_per_t=2.0)


MEETING = ("case", "named", "rule", "collapse", "discount_rate", "lag_months")
TABLES = tuple(f"{table}.{name}" for table in ("running", "signing") for name in ASKED)


@pytest.mark.parametrize("collapse", ["restart", "best_response"])
def test_every_figure_of_an_enforcement_is_looked_at(collapse):
    found = pot.enforcement(costly(), collapse=collapse)
    assert_caught(spoil(found, question=(*MEETING, *TABLES), most=2))


def test_every_figure_of_a_deal_over_time_is_looked_at():
    found = pot.enforcement_over_time(costly(), lags_months=(1.0, 12.0))
    own = ("threats", "delays")
    assert_caught(spoil(found, question=("case", "named", "rule", "discount_rate", *own), most=3))
    assert_caught(spoil(found, question=("case",), only=("threats[0].signing.rows", "delays[1].running_free"), most=1))


def test_every_group_that_is_listed_is_looked_at():
    """Three owners, four groups in which nobody loses."""
    from tests.agreement.crowd import crowd

    found = pot.enforcement(crowd(3, least=100.0))
    assert (len(found.patience), found.feasible, found.idle_on) == (4, 4, ("F00", "F02"))
    only = ("patience", "feasible", "idle_on", "coalition", "least_cut_kt")
    right = {"patience reversed": "no patience is too little for any of the four, so their order says nothing"}
    assert {item.rate_per_year for item in found.patience} == {math.inf}
    assert_caught(spoil(found, question=("case",), only=only, most=3), right)


def test_a_deal_of_no_stated_group_is_refused_by_its_certificate():
    found = pot.enforcement_over_time(costly())
    assert not pot.verify(dataclasses.replace(found, coalition=("A",))).holds
    assert not pot.verify(dataclasses.replace(found, coalition=())).holds
    nobody = dataclasses.replace(found, threats=())
    assert not pot.verify(nobody).holds


def test_stakes_that_are_no_numbers_are_refused():
    found = incentives(FREE)
    for name in ("coordinate_m", "defect_m", "punish_m"):
        wrong = object.__new__(DealPayoffs)
        for field in dataclasses.fields(DealPayoffs):
            object.__setattr__(wrong, field.name, getattr(FREE, field.name))
        object.__setattr__(wrong, name, (math.nan, 1.0))
        assert not pot.verify(dataclasses.replace(found, deal=wrong, stakes=wrong)).holds


@pytest.mark.parametrize("collapse", ["restart", "best_response"])
def test_lines_that_a_member_restarted_without_a_deal_run_on_in_one(collapse):
    """Alone E idles 133 kt and restarts its idle 40, F its 80: whoever cheats, those 120 kt make up for cuts."""
    from tests.agreement.tiny import tiny

    case = tiny(ceiling=math.inf)
    demand = dataclasses.replace(case.industry.demand, elasticity=0.2)
    case = dataclasses.replace(case, industry=dataclasses.replace(case.industry, demand=demand))
    found = pot.enforcement(case, baseline="nash", collapse=collapse)
    before, deal = dict(found.baseline_cuts), found.signing.deal
    assert found.coalition == deal.owners == ("N", "E", "S")
    runs = {"N": 600.0, "E": 510.0, "S": 500.0}
    left = {owner: kt - before[owner] for owner, kt in runs.items()}
    cuts = {owner: 150.0 * kt / sum(left.values()) for owner, kt in left.items()}
    slope = 12_500.0 / (0.2 * 1830.0)
    for owner, price in zip(deal.owners, deal.cheat_price_per_t, strict=True):
        fall = sum(before.values()) + 150.0 - cuts[owner] - 120.0
        assert price == pytest.approx(12_500.0 + slope * fall, rel=1e-12)
    assert deal.price_per_t == pytest.approx(12_500.0 + slope * (sum(before.values()) + 150.0 - 120.0), rel=1e-12)


@pytest.mark.parametrize(
    "strategy", [Grim(), StickAndCarrot(), GreenPorter(noise=0.05)], ids=lambda one: type(one).__name__
)
@pytest.mark.parametrize("asked", ["discount_rate", "period_months", "lag_months"])
def test_a_question_in_no_time_is_refused(strategy, asked):
    """Also of an industry, whose stakes are found anew before the table is looked at."""
    plants = tuple(pot.Plant(name=name, firm=name, capacity_kt=9.0, other_cost_per_t=1.0) for name in "AB")
    demand = pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0)
    found = incentives(pot.Industry(name="two", demand=demand, plants=plants), strategy)
    for wrong in (math.nan, math.inf, -math.inf):
        assert not pot.verify(dataclasses.replace(found, **{asked: wrong})).holds
