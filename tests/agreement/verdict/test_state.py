"""A meeting counted from a state that does not hold by itself: both ends, what is not explained, and no verdict."""

import dataclasses

import pytest
from tests.agreement.rising import drawn

import potline as pot
from potline.agreement.checks.state import told


def case(plants, least, present=2, quantity=None, **more):
    bought = sum(plant.running_kt for plant in plants) if quantity is None else quantity
    industry = pot.Industry(
        name="steel", price_per_t=620.0, plants=tuple(plants),
        demand=pot.LinearDemand(price_per_t=620.0, quantity_kt=bought, elasticity=0.3), **more,
    )  # fmt: skip
    names = tuple(plant.firm for plant in plants[:present])
    meeting = pot.Meeting(date="", firms=names, owners=names, least_cut_kt=least)
    return pot.Case(name="steel", industry=industry, meeting=meeting)


def ten(**more):
    """Ten owners of 100 kt at 400, 420, ... 580, each running 85; two of them cut 100 kt pro rata."""
    plants = [
        pot.Plant(name=f"{k}", firm=f"{k}", capacity_kt=100.0, running_kt=85.0, other_cost_per_t=400.0 + 20.0 * k)
        for k in range(10)
    ]
    return case(plants, 100.0, **more)


def test_the_price_with_a_deal_at_both_ends():
    least, most = (pot.meeting(ten(), draws=0, idle_below=pot.IdleBelow(end)) for end in ("least", "most"))
    assert least.deal_price_per_t == 620.0
    assert most.deal_price_per_t == pytest.approx(863.14, abs=0.005)
    assert pot.meeting(ten(), draws=0).deal_price_per_t == most.deal_price_per_t
    assert (most.state.below_restart_kt, most.state.not_explained_kt) == (150.0, 0.0)
    assert least.certificate.holds
    assert most.certificate.holds


def test_both_ends_of_the_tonnages_that_hold():
    """At the least end a cut of 120 kt or less is filled at once and moves no price: nobody idles for nothing."""
    least, most = (pot.tonnages_that_hold(ten(), idle_below=pot.IdleBelow(end)) for end in ("least", "most"))
    for found in (least, most):
        assert found.certificate.holds
        assert found.state.below_restart_kt == 150.0
    assert least.set_of("unanimity").intervals == ()
    assert most.set_of("unanimity").k_star_kt > 0.0


def test_availability_leaves_nothing_to_restart_and_one_is_none():
    full = pot.meeting(ten(availability_share=0.85), draws=0, idle_below=pot.IdleBelow.LEAST)
    assert full.deal_price_per_t == pytest.approx(863.14, abs=0.005)
    one, none = (
        pot.meeting(ten(**more), draws=0, idle_below=pot.IdleBelow.LEAST) for more in ({"availability_share": 1.0}, {})
    )
    assert one.margins == none.margins


def test_idling_what_is_not_explained_loses_nothing_and_gains_nothing():
    """A plant at 700 runs 50 kt at 620; imports come at 620, so that no cut moves the price."""
    dear = pot.Plant(name="dear", firm="A", capacity_kt=50.0, other_cost_per_t=700.0)
    fair = dataclasses.replace(dear, name="fair", firm="B", other_cost_per_t=620.0)
    flat = pot.Trade(tranches=(pot.Tranche(price_per_t=620.0),))
    held = pot.meeting(case([dear, fair], 50.0, trade=flat), draws=0)
    assert (held.state.not_explained_kt, held.state.mean_not_explained_per_t) == (50.0, pytest.approx(80.0))
    (row,) = (row for row in held.owners if row.owner == "A")
    assert row.loss_per_t == pytest.approx(0.0, abs=1e-9)
    assert row.gain_m_per_year == pytest.approx(0.0, abs=1e-12)
    assert row.alone_gain_m_per_year == pytest.approx(0.0, abs=1e-12)
    assert held.certificate.holds


def test_more_than_is_bought_carries_no_verdict():
    over = ten(quantity=85.0)
    held = pot.meeting(over, draws=0)  # certified or not: this is no exception
    assert (held.verdict, held.state.status) == ("no verdict", pot.StateStatus.NOTHING)
    assert held.margin().verdict in ("agreement", "no agreement")
    for one in pot.compare_institutions(over):
        assert (one.verdict, one.certificate.holds) == ("no verdict", True)
        assert not pot.verify(dataclasses.replace(one, verdict="agreement")).holds
    assert not pot.verify(dataclasses.replace(held, verdict=held.margin().verdict)).holds
    put = pot.propose(over, pot.Tabled())
    assert (put.verdict, put.certificate.holds) == ("no verdict", True)
    assert not pot.tonnages_that_hold(over).state.explained


@pytest.mark.parametrize("quantity", [800.0, 833.0, 834.0, 850.0, 900.0])
def test_the_checker_agrees_on_what_carries_a_verdict(quantity):
    here = ten(quantity=quantity)
    assert (told(here, "agreement") == "agreement") == pot.state(here).explained


def test_a_verdict_told_where_there_is_one_is_not_withheld():
    held = pot.meeting(ten(), draws=0)
    assert not pot.verify(dataclasses.replace(held, verdict="no verdict")).holds


@pytest.mark.parametrize("seed", [6, 11])
def test_drawn_meetings_with_idle_lines_below_their_restart_price_at_both_ends(seed):
    here = drawn(seed)
    assert pot.state(here).below_restart_kt > 0.0
    most, least = (pot.meeting(here.at(end), draws=0) for end in pot.IdleBelow)
    assert most.certificate.holds
    assert least.certificate.holds
    assert most.deal_price_per_t >= least.deal_price_per_t
