"""A state that holds: closed forms, the plain reference on drawn industries, limits, and every figure spoilt."""

import dataclasses
import math
import random

import numpy as np
import pytest
from tests.reference.state import Seen, constant_price, state_of
from tests.spoiling import assert_caught, spoil

import potline as pot
from potline.compiled import compile_industry
from potline.numerics.switching.options import solve_thresholds
from potline.plausibility import usual_ranges
from potline.shutdown import observed_state, policy_effects, priced_at, stopping_prices, terms_of
from potline.shutdown.seen import seen
from potline.shutdown.state import MOST_OVER
from potline.shutdown.terms import FEW


def market(plants, quantity=None, price=620.0, **more):
    bought = sum(plant.running_kt for plant in plants) if quantity is None else quantity
    demand = pot.LinearDemand(price_per_t=price, quantity_kt=bought, elasticity=0.3)
    return pot.Industry(name="steel", price_per_t=price, demand=demand, plants=tuple(plants), **more)


def ten(**more):
    """Ten owners of 100 kt at 400, 420, ... 580, each running 85; no switching cost."""
    costs = [400.0 + 20.0 * k for k in range(10)]
    plants = [
        pot.Plant(name=f"{c}", firm=f"{c}", capacity_kt=100.0, running_kt=85.0, other_cost_per_t=c) for c in costs
    ]
    return market(plants, **more)


DEAR = pot.Plant(name="dear", firm="A", capacity_kt=50.0, other_cost_per_t=700.0)
SLOW = {"stop_cost_per_t": 15.0, "holding_cost_per_t": 10.0, "restart_cost_per_t": 30.0}


def test_idle_tonnes_below_their_restart_price_and_the_interval():
    found = pot.state(pot.Case(name="ten", industry=ten()))
    assert (found.below_restart_kt, found.not_explained_kt, found.status) == (150.0, 0.0, pot.StateStatus.PARTLY)
    assert (found.lowest_per_t, found.highest_per_t) == (580.0, 400.0)
    assert found.width_share == pytest.approx(-180.0 / 620.0)
    assert found.certificate.holds


def test_availability_explains_what_stands_idle():
    assert observed_state(ten(availability_share=0.85)).status == pot.StateStatus.HOLDS
    some = observed_state(ten(availability_share=0.9))
    assert (some.below_restart_kt, some.unavailable_kt.sum()) == (pytest.approx(50.0), pytest.approx(100.0))
    never_below_what_runs = observed_state(ten(availability_share=0.5))
    assert (never_below_what_runs.idle_kt == 0.0).all()
    own = dataclasses.replace(ten().plants[0], availability_share=0.85)
    one = dataclasses.replace(ten(), plants=(own, *ten().plants[1:]))
    assert observed_state(one).below_restart_kt == 135.0


def test_availability_of_one_equals_none():
    plain, whole = ten(), ten(availability_share=1.0)
    each = dataclasses.replace(
        plain, plants=tuple(dataclasses.replace(plant, availability_share=1.0) for plant in plain.plants)
    )
    for other in (whole, each):
        assert np.array_equal(compile_industry(other).restartable_kt(), compile_industry(plain).idle_kt())
        assert other.restartable_kt == plain.restartable_kt == (15.0,) * 10


def test_a_plant_that_runs_above_its_cost_is_not_explained_by_so_much():
    found = observed_state(market([DEAR, dataclasses.replace(DEAR, name="fair", other_cost_per_t=620.0)]))
    assert found.not_explained_kt == 50.0
    assert found.mean_not_explained_per_t == pytest.approx(80.0, abs=1e-9)
    industry = found.industry
    priced = priced_at(terms_of(compile_industry(industry), 1.0), 620.0)
    assert priced.loss_whole[0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert priced.stop_price[0] == pytest.approx([620.0, 620.0], abs=1e-9)


@pytest.mark.parametrize(
    "process",
    [
        {"volatility": 0.2},
        {"volatility": 0.2, "drift": 0.03},
        {"volatility": 0.2, "kappa": 0.4, "mean_price_per_t": 700.0},
        {"volatility": 0.0, "drift": 0.04},
    ],
)
@pytest.mark.parametrize(
    "more", [{}, {"exit_cost_per_t": 20.0}, {"lump_sum_m_per_year": 2.0}, {"pressure_per_t": 30.0}]
)
def test_with_what_is_not_explained_a_plant_stops_at_the_price_itself(process, more):
    plant = dataclasses.replace(DEAR, other_cost_per_t=1000.0, **SLOW, **more)
    industry = market([plant], process=pot.PriceProcess(**process))
    found = observed_state(industry)
    assert found.stop_per_t[0] > 620.0 > 0.0
    assert found.certificate.holds
    less = found.not_explained_per_t[0]
    named = dataclasses.replace(industry, plants=(dataclasses.replace(plant, support_per_t=less),))
    assert stopping_prices(named).p_stop_per_t[0] == pytest.approx(620.0, rel=1e-7)
    held = stopping_prices(industry, state=found)
    assert held.p_stop_per_t[0] == pytest.approx(620.0, rel=1e-9)
    assert held.certificate.holds
    fall = held.waterfall_of("dear")
    assert list(fall)[-2:] == ["not_explained", "p_stop"]
    assert fall["gross_cash_cost"] - sum(list(fall.values())[1:-1]) == pytest.approx(fall["p_stop"], abs=1e-9)
    assert fall["not_explained"] == pytest.approx(found.stop_per_t[0] - 620.0, rel=1e-7)


def test_losses_are_those_of_the_cheaper_plant_and_idle_lines_keep_their_own_cost():
    plant = dataclasses.replace(DEAR, capacity_kt=80.0, running_kt=50.0, other_cost_per_t=1000.0, **SLOW)
    industry = market([plant], process=pot.PriceProcess(volatility=0.2))
    terms = terms_of(compile_industry(industry), 1.0)
    less = float(terms.not_explained[0, 0])
    named = dataclasses.replace(industry, plants=(dataclasses.replace(plant, support_per_t=less + 1e-9),))
    here, there = priced_at(terms, 620.0), priced_at(terms_of(compile_industry(named), 1.0), 620.0)
    assert here.loss_whole == pytest.approx(there.loss_whole, rel=1e-6)
    assert here.loss_whole[0, 0] >= 0.0
    assert here.restart_price[0, 0] == pytest.approx(float(observed_state(industry).restart_per_t[0]))
    assert here.restart_price[0, 0] > there.restart_price[0, 0] + 0.9 * less


def test_idle_lines_below_their_restart_price_at_both_ends():
    for end, restart in (("most", math.inf), ("least", 620.0)):
        industry = ten(idle_below=pot.IdleBelow(end))
        assert (priced_at(terms_of(compile_industry(industry), 1.0), 620.0).restart_price == restart).all()


def test_where_the_state_holds_nothing_is_taken_off():
    rows = [(500.0, 100.0, 100.0), (610.0, 90.0, 90.0), (640.0, 100.0, 0.0)]
    plants = [
        pot.Plant(name=f"{c}", firm="A", capacity_kt=kt, running_kt=runs, other_cost_per_t=c, **SLOW)
        for c, kt, runs in rows
    ]
    industry = market(plants, process=pot.PriceProcess(volatility=0.2))
    found = observed_state(industry)
    assert found.status == pot.StateStatus.HOLDS
    assert found.lowest_per_t < 620.0 < found.highest_per_t
    assert not found.not_explained_per_t.any()
    terms = terms_of(compile_industry(industry), 1.0)
    assert not terms.not_explained.any()
    assert not terms.restart_added.any()
    plain, given = stopping_prices(industry), stopping_prices(industry, state=found)
    for name in ("p_stop_per_t", "p_restart_per_t", "idle_restart_per_t"):
        assert np.array_equal(getattr(plain, name), getattr(given, name))
    assert list(given.average_waterfall()) == list(plain.average_waterfall())


def drawn_industry(seed, **process):
    r = random.Random(seed)
    plants = []
    for k in range(r.randint(2, 6)):
        capacity = r.uniform(20.0, 200.0)
        costs = {name: r.uniform(0.0, 40.0) for name in SLOW} if r.random() < 0.7 else {}
        plants.append(
            pot.Plant(
                name=f"{k}", firm=f"{k % 3}", capacity_kt=capacity,
                running_kt=capacity * r.choice((0.0, 0.6, 0.85, 1.0)), other_cost_per_t=r.uniform(450.0, 800.0),
                pressure_per_t=r.choice((0.0, 25.0)), availability_share=r.choice((math.nan, 0.7, 0.95, 1.0)), **costs,
            )
        )  # fmt: skip
    more = {"process": pot.PriceProcess(**process)} if process else {}
    return market(plants, quantity=max(sum(plant.running_kt for plant in plants), 1.0), **more)


@pytest.mark.parametrize("seed", range(40))
def test_drawn_industries_at_a_constant_price_beside_the_reference(seed):
    """Closed forms of the thresholds, brentq for what is not explained."""
    industry = drawn_industry(seed)
    lines = []
    for k, plant in enumerate(industry.plants):
        stops, restarts = constant_price(
            pressure=plant.pressure_per_t, holding=plant.holding_cost_per_t, stop_cost=plant.stop_cost_per_t,
            restart_cost=plant.restart_cost_per_t,
        )  # fmt: skip
        share = 1.0 if math.isnan(plant.availability_share) else plant.availability_share
        lines.append(
            Seen(owner=k, capacity_kt=plant.capacity_kt, running_kt=plant.running_kt, available=share,
                 cost_per_t=plant.net_cash_cost_per_t(), stops=stops, restarts=restarts)
        )  # fmt: skip
    right = state_of(lines, 620.0, industry.demand.quantity_kt)
    found = observed_state(industry)
    assert found.certificate.holds
    assert found.not_explained_per_t == pytest.approx(np.array(right.wedges), abs=1e-8)
    assert found.not_explained_kt == pytest.approx(right.unexplained_kt)
    assert found.below_restart_kt == pytest.approx(right.below_restart_kt)
    assert (found.lowest_per_t, found.highest_per_t) == pytest.approx(right.holds)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "process", [{"volatility": 0.25}, {"volatility": 0.2, "kappa": 0.5, "mean_price_per_t": 640.0}]
)
def test_drawn_industries_beside_plain_halving(seed, process):
    industry = drawn_industry(seed, **process)
    found = observed_state(industry)
    assert found.certificate.holds
    law = {"sigma": process["volatility"], "kappa": process.get("kappa", 0.0), "theta": math.log(640.0)}
    for k, plant in enumerate(industry.plants):
        rest = {name.removesuffix("_per_t"): getattr(plant, name) for name in SLOW}

        def prices(less, plant=plant, rest=rest):
            cost = plant.net_cash_cost_per_t() - plant.pressure_per_t - less
            return solve_thresholds(cost, **rest, **law, discount_rate=0.1)

        low, high = 0.0, 0.0
        if plant.running_kt > 0.0 and prices(0.0).p_stop > 620.0:
            high = 700.0
            for _ in range(50):
                middle = 0.5 * (low + high)
                low, high = (middle, high) if prices(middle).p_stop > 620.0 else (low, middle)
        assert found.not_explained_per_t[k] == pytest.approx(high, abs=1e-4)
        below = plant.restartable_kt() > 1e-6 and prices(0.0).p_restart < 620.0
        assert bool(found.below[k]) == bool(below)


@pytest.mark.parametrize("kappa", [0.0, 0.4])
def test_lines_that_the_sieve_leaves_out_need_nothing(kappa):
    plants = [
        pot.Plant(
            name=f"{k}", firm=f"{k}", capacity_kt=100.0, running_kt=70.0, other_cost_per_t=300.0 + 12.0 * k, **SLOW
        )
        for k in range(60)
    ]
    process = pot.PriceProcess(volatility=0.2, kappa=kappa, mean_price_per_t=650.0)
    compiled = compile_industry(market(plants, process=process)).under(
        pot.DrawnChange(path="price_per_t", values=[500.0, 620.0, 700.0])
    )
    terms = terms_of(compiled, 1.0)
    everywhere = seen(terms, compiled, everywhere=True)
    assert np.array_equal(everywhere.not_explained > 0.0, terms.not_explained > 0.0)
    assert everywhere.not_explained == pytest.approx(terms.not_explained, abs=1e-6)
    assert np.array_equal(everywhere.restart_added, terms.restart_added)
    assert 0 < np.count_nonzero(terms.not_explained) < 180
    assert 0 < np.count_nonzero(terms.restart_added) < 180


@pytest.mark.parametrize("idle", [0.0, 0.3])
def test_many_draws_give_what_each_gives_by_itself(idle):
    """Of many draws most lines are solved once, those that are not explained again: to the bit as one draw alone."""
    plants = [
        pot.Plant(name=f"{k}", firm=f"{k}", capacity_kt=100.0, running_kt=100.0 * (1.0 - idle),
                  other_cost_per_t=560.0 + 8.0 * k, **SLOW)
        for k in range(30)
    ]  # fmt: skip
    prices = np.linspace(500.0, 760.0, 150)
    drawn = compile_industry(market(plants, process=pot.PriceProcess(volatility=0.2))).under(
        pot.DrawnChange(path="price_per_t", values=prices)
    )
    terms = terms_of(drawn, 1.0)
    together = priced_at(terms, prices)
    assert terms.gross_cost.size > FEW
    assert 0 < np.count_nonzero(terms.not_explained) < terms.gross_cost.size
    for draw in (0, 40, 75, 149):
        alone = compile_industry(market(plants, process=pot.PriceProcess(volatility=0.2))).under(
            pot.DrawnChange(path="price_per_t", values=prices[draw : draw + 1])
        )
        own = terms_of(alone, 1.0)
        apart = priced_at(own, prices[draw])
        assert np.array_equal(own.not_explained[0], terms.not_explained[draw])
        assert np.array_equal(own.restart_added[0], terms.restart_added[draw])
        for name in ("stop_price", "restart_price", "loss_part", "loss_whole"):
            assert np.array_equal(getattr(apart, name)[0], getattr(together, name)[draw])


def test_each_draw_finds_its_own_and_other_draws_change_nothing():
    industry = market([DEAR, dataclasses.replace(DEAR, name="fair", other_cost_per_t=610.0)])
    costs = [610.0, 640.0, 700.0]
    drawn = compile_industry(industry).under(pot.DrawnChange(path="plant[dear].other_cost_per_t", values=costs))
    assert terms_of(drawn, 1.0).not_explained[:, 0] == pytest.approx([0.0, 20.0, 80.0])


def test_more_than_is_taken_is_explained_by_nothing():
    assert not observed_state(ten(quantity=85.0)).explained
    assert usual_ranges()["state.balance"].high == MOST_OVER
    assert observed_state(ten(quantity=850.0 / 1.0199)).explained
    stored = pot.StatePurchase(name="reserve", quantity_kt=765.0, price_per_t=620.0)
    assert observed_state(ten(quantity=85.0, policies=(stored,))).explained
    assert observed_state(ten(quantity=85.0, trade=pot.Trade(export_floor_per_t=620.0))).explained


def test_a_policy_is_told_at_what_is_not_explained_with_it_in_force():
    plant = dataclasses.replace(DEAR, government="H", **SLOW)
    paid = pot.LumpSum(name="aid", government="H", firm="A", money_m_per_year=1.0)
    industry = market([plant], process=pot.PriceProcess(volatility=0.2)).under(
        pot.Change(path="plant[dear].other_cost_per_t", value=950.0)
    )
    case = pot.Case(name="one", industry=industry, other_policies=(paid,))
    stops = stopping_prices(industry, state=observed_state(industry))
    (effect,) = policy_effects(case, stops)
    assert effect.stop_without_per_t == pytest.approx(620.0)
    assert effect.stop_with_per_t < 615.0


def test_a_state_without_a_price_is_refused():
    with pytest.raises(pot.InputError) as error:
        pot.state(pot.Case(name="ten", industry=dataclasses.replace(ten(), price_per_t=math.nan)))
    assert str(error.value) == (
        "industry.price_per_t: found none; needed a price above 0. A state is tested by the price at which it is seen."
    )


def test_stops_of_other_plants_than_the_state_are_refused():
    moving = dataclasses.replace(ten(), process=pot.PriceProcess(volatility=0.2))
    with pytest.raises(pot.InputError, match="found a state of other plants"):
        stopping_prices(moving, state=observed_state(market([DEAR])))


def drawn_case():
    rows = [(1000.0, 80.0, 50.0), (560.0, 100.0, 90.0), (640.0, 60.0, 60.0)]
    plants = [
        pot.Plant(name=f"{c}", firm=f"{c}", capacity_kt=kt, running_kt=runs, other_cost_per_t=c, **SLOW)
        for c, kt, runs in rows
    ]
    industry = market(plants, process=pot.PriceProcess(volatility=0.1))
    factor = pot.Factor(name="volatility", path="process.volatility", low=0.02, central=0.1, high=0.4)
    owners = industry.owners
    meeting = pot.Meeting(date="", firms=owners, owners=owners, least_cut_kt=60.0)
    noise = pot.PlantNoise(common_per_t=20.0)
    return pot.Case(name="drawn", industry=industry, meeting=meeting, factors=(factor,), noise=noise)


def test_the_share_of_draws_that_needs_something_and_its_tonnes():
    found = pot.state(drawn_case(), draws=64)
    assert found.share is not None
    assert (found.share.draws, found.certificate.holds) == (64, True)
    assert found.share.share == (found.share.not_explained_kt > 0.0).mean() > 0.5
    assert set(found.share.not_explained_kt.tolist()) <= {0.0, 50.0, 60.0, 110.0}
    assert 0.0 < found.share.share_below < 1.0
    assert found.share.mean_below_kt == pytest.approx(10.0)


ALLOWED = {
    "share.not_explained_kt": "looked at in some draws only",
    "share.not_explained_per_t": "the same",
    "share.below_restart_kt": "the same",
}


def test_every_figure_of_a_state_spoilt_is_noticed():
    found = pot.state(drawn_case())
    assert_caught(spoil(found, question=("industry", "certificate", "share")), {})


def test_draws_spoilt_are_noticed():
    found = pot.state(drawn_case(), draws=8)
    assert found.share is not None
    for name in ("not_explained_kt", "not_explained_per_t", "below_restart_kt"):
        values = getattr(found.share, name)
        share = dataclasses.replace(found.share, **{name: values * 1.01 + 0.1})
        assert not pot.verify(dataclasses.replace(found, share=share)).holds
    assert not pot.verify(dataclasses.replace(found, share=dataclasses.replace(found.share, seed=8))).holds


def test_stopping_prices_with_a_state_spoilt_are_noticed():
    case = drawn_case()
    stops = stopping_prices(case.industry, state=pot.state(case))
    only = ("idle_thresholds_per_t", "waterfall.not_explained_per_t", "p_stop_per_t")
    assert_caught(spoil(stops, question=("industry", "certificate", "state"), only=only), {})
