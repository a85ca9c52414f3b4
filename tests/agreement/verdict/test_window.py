"""The window of a deal: at other prices and in other months every point is a meeting of its own."""

from __future__ import annotations

import dataclasses

import pytest
from tests.agreement.rising import drawn
from tests.agreement.tiny import tiny
from tests.agreement.verdict.test_tonnages import three
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.agreement import TonnageSet, WindowPoint
from potline.errors import InputError


def ends(one: TonnageSet) -> list[tuple[float, float, bool, bool]]:
    return [(item.low_kt, item.high_kt, item.low_belongs, item.high_belongs) for item in one.intervals]


def by_hand(case: pot.Case, price: float) -> pot.Case:
    """Return the case at a price, written anew: demand passes through it, all else stays."""
    demand = dataclasses.replace(case.industry.demand, price_per_t=price)
    return dataclasses.replace(case, industry=dataclasses.replace(case.industry, price_per_t=price, demand=demand))


def with_window(**facts: float) -> pot.Case:
    """Return three owners alike, and two months of which something else is known."""
    window = [
        pot.MonthFact(month="2013-01", path="price_cny_per_t", value=97.0, low=97.0, high=97.0),
        pot.MonthFact(month="2013-02", path="plant[A0].running_kt", value=60.0, low=50.0, high=70.0),
        pot.MonthFact(month="2013-02", path="demand.quantity_kt", value=960.0, low=960.0, high=960.0),
    ]
    window += [pot.MonthFact(month="2013-03", path=name, value=v, low=v, high=v) for name, v in facts.items()]
    return dataclasses.replace(three(), currency="CNY", window=tuple(window))


def sets(point: WindowPoint | pot.TonnagesThatHold) -> list[tuple[object, ...]]:
    """Return what a point says of its sets, to ten figures."""
    return [
        (one.institution, one.leaving, one.baseline, one.coalition, one.coalitions, pytest.approx(one.most_kt),
         [pytest.approx(row, rel=1e-9, abs=1e-7) for row in ends(one)])
        for one in point.sets
    ]  # fmt: skip


@pytest.mark.parametrize("case", [three(), tiny(margin=300.0), drawn(1), drawn(3)], ids=["alike", "tiny", "1", "3"])
def test_each_price_is_a_meeting_of_its_own(case: pot.Case) -> None:
    own = case.industry.price_per_t
    prices = tuple(share * own for share in (0.96, 0.99, 1.0, 1.01, 1.04))
    found = pot.tonnages_by_price(case, prices)
    assert [point.price_per_t for point in found.points] == list(prices)
    for price, point in zip(prices, found.points, strict=True):
        hand = pot.tonnages_that_hold(by_hand(case, price))
        assert [(*row[:5], one.most_kt, ends(one)) for row, one in zip(sets(hand), hand.sets, strict=True)] == [
            (*row[:5], pytest.approx(one.most_kt), row[-1]) for row, one in zip(sets(point), point.sets, strict=True)
        ]
        assert dict(point.nash_cuts) == pytest.approx(dict(hand.nash_cuts))
        assert found.case_of(point).industry.demand.price_per_t == price
    assert found.certificate.holds
    assert found.at_price(0.995 * own).price_per_t in prices


def test_a_rebound_shrinks_what_holds_where_parity_and_cost_stay() -> None:
    case = three()
    parity = pot.ImportParity(fob_usd_per_t=101.0, exchange_rate=1.0)
    case = dataclasses.replace(case, industry=dataclasses.replace(case.industry, trade=pot.Trade(parity=parity)))
    found = pot.tonnages_by_price(case, (97.0, 99.0, 100.5, 101.0))
    k_star = found.k_star_kt(leaving="collapse")
    assert k_star == tuple(sorted(k_star, reverse=True))
    assert k_star[-1] == 0.0
    assert [round(point.headroom_per_t, 9) for point in found.points] == [4.0, 2.0, 0.5, 0.0]


def test_each_month_is_the_case_with_what_is_known_of_it() -> None:
    case = with_window()
    found = pot.tonnages_by_month(case)
    assert [point.month for point in found.points] == ["2013-01", "2013-02"] == list(case.months)
    plants = tuple(
        dataclasses.replace(plant, running_kt=60.0) if plant.name == "A0" else plant for plant in case.industry.plants
    )
    demand = dataclasses.replace(case.industry.demand, quantity_kt=960.0)
    second = dataclasses.replace(case, industry=dataclasses.replace(case.industry, plants=plants, demand=demand))
    for point, hand in zip(found.points, (by_hand(case, 97.0), second), strict=True):
        told = pot.tonnages_that_hold(hand)
        assert [ends(one) for one in point.sets] == [ends(one) for one in told.sets]
        assert point.nash_cuts == told.nash_cuts
        assert point.running_kt == sum(plant.running_kt for plant in hand.industry.plants)
    assert found.certificate.holds


def test_the_flagship_by_month_is_the_case_in_each_month() -> None:
    case = pot.load("china-aluminium-2013")
    found = pot.tonnages_by_month(case)
    for point in found.points:
        there = case.in_month(point.month)
        told = pot.tonnages_that_hold(there)
        assert [ends(one) for one in point.sets] == [ends(one) for one in told.sets]
        runs = sum(plant.running_kt for plant in there.industry.plants)
        assert there.industry.demand.quantity_kt == pytest.approx(runs)
        assert told.state.explained
    quoted = [price * 1.17 for price in case.quoted_prices_per_t]
    assert quoted == pytest.approx([14400.0, 14555.0, 14600.0, 14790.0])
    k_star = pot.tonnages_by_price(case, case.quoted_prices_per_t).k_star_kt()
    assert k_star == tuple(sorted(k_star, reverse=True))


def test_every_figure_of_few_points_is_looked_at() -> None:
    found = pot.tonnages_by_price(three(), (97.0, 100.0))
    assert_caught(spoil(found, question=("case", "rule", "prices_per_t"), most=2))
    assert_caught(spoil(pot.tonnages_by_month(with_window()), question=("case", "rule", "prices_per_t"), most=2))


def test_of_many_points_each_is_looked_at_in_part() -> None:
    found = pot.tonnages_by_price(three(), tuple(96.0 + 0.5 * k for k in range(12)))
    assert found.certificate.holds
    for k, point in enumerate(found.points):
        for name, value in (("price_per_t", 50.0), ("headroom_per_t", 1.0), ("running_kt", 1.0)):
            points = (*found.points[:k], dataclasses.replace(point, **{name: value}), *found.points[k + 1 :])
            assert not pot.verify(dataclasses.replace(found, points=points)).holds
        wide = tuple(dataclasses.replace(one, most_kt=1.1 * one.most_kt) for one in point.sets)
        points = (*found.points[:k], dataclasses.replace(point, sets=wide), *found.points[k + 1 :])
        assert not pot.verify(dataclasses.replace(found, points=points)).holds


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(InputError, match=r"prices_per_t: found no price; needed one at least"):
        pot.tonnages_by_price(three(), ())
    with pytest.raises(InputError, match=r"case 'alike': found no window; needed window.csv"):
        pot.tonnages_by_month(three())
    with pytest.raises(InputError, match=r"Case.in_month, month: found '2014-01'"):
        with_window().in_month("2014-01")


def test_more_firms_come_to_the_table() -> None:
    case = tiny()
    assert case.meeting is not None
    met = case.meeting.owners
    other = next(owner for owner in case.industry.owners if owner not in met)
    joined = case.joined_by(other)
    assert joined.meeting is not None
    assert joined.meeting.owners == (*met, other)
    assert joined.meeting.least_cut_kt == case.meeting.least_cut_kt
    assert pot.tonnages_that_hold(joined).certificate.holds
    with pytest.raises(InputError, match=r"Case.joined_by: found 'nobody'; needed a firm with plants"):
        case.joined_by("nobody")
    with pytest.raises(InputError, match=rf"found '{met[0]}', of owner '{met[0]}', who is there"):
        case.joined_by(met[0])
