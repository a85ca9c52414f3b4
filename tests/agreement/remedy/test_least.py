"""Remedies: closed forms of twins, properties that must hold, levels checked against brute force, the flagship."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.agreement import ConditionalStockpile, meeting
from potline.agreement.remedy.direct import least_penalty, least_transfer
from potline.agreement.remedy.least import remedy
from potline.agreement.remedy.levers import Levers, outcomes, table_at
from potline.agreement.table.games import games_of, play, scores
from potline.agreement.table.laid_out import lay_out
from potline.cases import Case, Meeting, load
from potline.choices import TESTED, Belief, Instrument
from potline.errors import InputError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess, Trade, Tranche


def twins(*, cost: float = 8.0, least: float = 100.0, ceiling: float = math.inf, **plant: float) -> Case:
    """Two owners of 100 kt at price 10, slope 0.1 a kt, no volatility: the loss of a tonne idled is 10 - cost."""
    industry = Industry(
        name="twins",
        price_per_t=10.0,
        discount_rate=0.1,
        demand=LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        trade=Trade(tranches=(Tranche(price_per_t=ceiling),)) if math.isfinite(ceiling) else Trade(),
        plants=tuple(Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=cost, **plant) for n in "AB"),
    )
    meet = Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=least, sweep_kt=(50.0, 150.0))
    return Case(name="twins", industry=industry, meeting=meet)


def lopsided(cost: float = 9600.0, volatility: float = 0.18) -> Case:
    """Three unequal owners with idle lines, lump sums, pressure and a ceiling."""
    rows = (("North", 600.0, 500.0, cost), ("East", 400.0, 400.0, 11_800.0), ("South", 300.0, 300.0, 12_300.0))
    industry = Industry(
        name="lopsided",
        price_per_t=12_500.0,
        process=PriceProcess(volatility=volatility),
        demand=LinearDemand(price_per_t=12_500.0, quantity_kt=1200.0, elasticity=0.5),
        trade=Trade(tranches=(Tranche(price_per_t=14_500.0),)),
        plants=tuple(
            Plant(
                name=name,
                firm=name,
                capacity_kt=size,
                running_kt=runs,
                other_cost_per_t=c,
                support_per_t=200.0,
                lump_sum_m_per_year=20.0,
                stop_cost_per_t=200.0,
                holding_cost_per_t=200.0,
                restart_cost_per_t=600.0,
                pressure_per_t=300.0,
            )
            for name, size, runs, c in rows
        ),
    )
    owners = ("North", "East", "South")
    return Case(
        name="lopsided",
        industry=industry,
        meeting=Meeting(date="", firms=owners, owners=owners, least_cut_kt=150.0, sweep_kt=(75.0, 300.0)),
    )


@pytest.fixture(scope="module")
def found():
    return remedy(twins())


@pytest.fixture(scope="module")
def every():
    return remedy(lopsided(), every=True)


def test_twins_in_closed_form(found):
    # u = 10, gain 50 * 10 - 50 * 2 = 400; outside it 100 * 5 = 500: each lacks 100, thousand a year.
    assert found.margins[0].margin_m_per_year == pytest.approx(-0.1)
    transfer = found.measure("transfer")
    assert transfer.level == pytest.approx(0.2)
    assert sorted((p.payer, p.payee, round(p.m_per_year, 9)) for p in transfer.payments) == [
        ("the state", "A", 0.1),
        ("the state", "B", 0.1),
    ]
    assert found.measure("compensation").level == pytest.approx(2.0, rel=1e-8)
    assert found.measure("compensation").public_cost_m_per_year == pytest.approx(0.2, rel=1e-8)
    assert found.measure("penalty").level == pytest.approx(0.1)
    assert found.measure("penalty", "transfers").level == pytest.approx(0.1)
    assert found.measure("penalty", "unanimity").level == 0.0


def test_the_quota_of_twins_in_closed_form():
    # Buying k kt a kt idled: u = 10 (1 + k), outside 5 (1 + k): 500 (1 + k) - 100 = 500 (1 + k): never at no premium;
    # with a premium m: 50 k m = 100, so k = 2 / m.
    assert not remedy(twins(), premium_per_t=0.0).measure("stockpile quota").suffices
    held = remedy(twins(), premium_per_t=4.0).measure("stockpile quota")
    assert held.level == pytest.approx(0.5, abs=2e-6)
    assert held.outlay_m_per_year == pytest.approx((25.0 + 4.0) * 50.0 * 1e-3, rel=1e-5)
    assert held.public_cost_m_per_year == pytest.approx((15.0 + 4.0) * 50.0 * 1e-3, rel=1e-5)
    assert remedy(twins()).measure("stockpile premium").level == pytest.approx(2.0, rel=1e-8)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"premium_per_t": -1.0}, "premium_per_t: found -1; needed a number from 0 to 1e+12, or None. {vat}"),
        ({"premium_per_t": math.nan}, "premium_per_t: found nan; needed a number from 0 to 1e+12, or None. {vat}"),
        ({"premium_per_t": 1e300}, "premium_per_t: found 1e+300; needed a number from 0 to 1e+12, or None. {vat}"),
        ({"largest_term_years": 0.0}, "largest_term_years: found 0; needed a number above 0, at most 1000."),
        ({"largest_term_years": 1e300}, "largest_term_years: found 1e+300; needed a number above 0, at most 1000."),
    ],
)
def test_levels_that_nobody_pays_are_refused(options, text):
    with pytest.raises(InputError) as caught:
        remedy(twins(), **options)
    assert str(caught.value) == f"remedy, {text.format(vat='It is without VAT.')}"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"kt_per_kt_idled": 1e300}, "kt_per_kt_idled: found 1e+300; needed a number from 0 to 1000."),
        ({"kt_per_kt_idled": -1.0}, "kt_per_kt_idled: found -1; needed a number from 0 to 1000."),
        (
            {"kt_per_kt_idled": 0.5, "premium_per_t": 1e300},
            "premium_per_t: found 1e+300; needed a number from 0 to 1e+12.",
        ),
    ],
)
def test_a_stockpile_that_nobody_buys_is_refused(options, text):
    with pytest.raises(InputError) as caught:
        ConditionalStockpile(**options)
    assert str(caught.value) == f"ConditionalStockpile, {text}"


def test_the_share_of_switching_cost_in_closed_form():
    # Stopping costs 4: the loss is 2 + 4/A, the state's share must bring it to 0.
    case = twins(stop_cost_per_t=4.0)
    found = remedy(case).measure("switching cost paid")
    assert not found.suffices  # even all of it leaves the loss of 2
    assert remedy(twins(cost=10.0, stop_cost_per_t=4.0)).measure("switching cost paid").level == pytest.approx(1.0)


def test_an_agreement_needs_nothing():
    result = remedy(twins(cost=10.5))
    for item in result.measures:
        if item.instrument in ("transfer", "compensation", "penalty", "switching cost paid"):
            assert (item.suffices, item.level, item.public_cost_m_per_year) == (True, 0.0, 0.0)


def test_of_measures_that_pay_the_same_but_for_rounding_the_first_kind_is_the_cheapest():
    result = remedy(twins(cost=10.5))
    asked = ("voluntary", "observed", "keep")
    paid = {"transfer": 3.0000000000000004, "compensation": 3.0, "switching cost paid": 3.0001}
    measures = tuple(
        dataclasses.replace(item, level=1.0, public_cost_m_per_year=paid.get(item.instrument, 4.0))
        for item in reversed(result.measures)
    )
    found = dataclasses.replace(result, measures=measures).cheapest(*asked)
    assert found is not None
    assert found.instrument == "transfer"


def test_no_coalition_reaches_the_tonnage():
    result = remedy(twins(least=500.0))
    assert all(not item.suffices and math.isnan(item.level) for item in result.measures)
    assert result.margins[0].verdict == "infeasible"
    assert result.cheapest() is None


def test_the_evaluation_agrees_with_the_sweep_in_both_baselines():
    levers = Levers(meeting=lay_out(lopsided()), premium_per_t=0.0)
    for base in ("observed", "nash"):
        here, baseline, games = table_at(levers, "compensation", 0.0, base)
        again = play(here, levers.meeting.question, games.mask, games.cut_kt, baseline=baseline)
        for field in ("cut_kt", "gain_m", "outside_gain_m", "price_rise_per_t"):
            assert np.allclose(getattr(games, field), getattr(again, field), atol=1e-8)


def test_the_transfer_is_the_meeting_s_outside_money():
    case = lopsided()
    held = meeting(case, draws=0)
    result = remedy(case)
    assert result.measure("transfer").level == pytest.approx(held.outside_money.without_compensation_m_per_year)
    assert result.measure("transfer", "transfers").level == pytest.approx(
        held.outside_money.with_compensation_m_per_year
    )
    assert result.margins[0].margin_m_per_year == pytest.approx(held.margin_m_per_year)


def test_every_measure_stands_and_payments_add_up(every):
    assert every.certificate.holds
    names = {item.instrument for item in every.measures}
    assert names == set(Instrument)
    for item in every.measures:
        if not item.suffices:
            assert math.isnan(item.level)
            continue
        assert item.margin_m_per_year >= -1e-9
        assert math.isnan(item.margin_below_m_per_year) or item.margin_below_m_per_year < 1e-9
        if item.instrument in ("compensation", "switching cost paid", "transfer"):
            state = sum(p.m_per_year for p in item.payments if p.payer == "the state")
            assert state == pytest.approx(item.public_cost_m_per_year, abs=1e-9)
        if item.instrument == "transfer" and item.institution == "transfers":
            paid_in = sum(p.m_per_year for p in item.payments if p.payee == "the common fund")
            paid_out = sum(p.m_per_year for p in item.payments if p.payer == "the common fund")
            assert paid_in == pytest.approx(paid_out, abs=1e-9)
    assert (
        every.measure("support removed").public_cost_m_per_year <= 0.0 or not every.measure("support removed").suffices
    )


def test_a_changed_case_gives_the_margin_at_the_level(every):
    """A penalty aside, moving the case's own input to the level found brings its meeting to a margin of 0."""
    paths = {"pressure removed": "plant[*].pressure_per_t", "longer term": "meeting.term_years"}
    from potline.industry import Change

    for name, path in paths.items():
        for item in every.measures:
            if item.instrument != name or not item.suffices or item.level == 0.0:
                continue
            change = (
                Change(path=path, operation="multiply", value=1.0 - item.level)
                if name == "pressure removed"
                else Change(path=path, value=item.level)
            )
            held = meeting(lopsided().under(change), draws=0)
            margin = held.margin(item.institution, item.baseline, "", item.leaving)
            assert margin.margin_m_per_year == pytest.approx(item.margin_m_per_year, abs=1e-6)


@settings(max_examples=12, deadline=None)
@given(st.floats(9000.0, 12_400.0), st.floats(0.05, 0.3), st.sampled_from(["compensation", "switching cost paid"]))
def test_paying_more_never_lowers_a_margin(cost, volatility, name):
    levers = Levers(meeting=lay_out(lopsided(cost, volatility)), premium_per_t=0.0)
    for base in ("observed", "nash"):
        margin = outcomes(
            levers, name, np.linspace(0.0, 1.0, 9) * (1.0 if name != "compensation" else 2000.0), base
        ).margin_m
        others_are_paid_too = Belief.REOPTIMISE.place  # and cut more once a member leaves, which makes leaving better
        assert (np.diff(np.delete(margin, others_are_paid_too, axis=1), axis=0) >= -1e-9).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_direct_levels_against_brute_force(seed, way):
    rng = np.random.default_rng(seed)
    levers = Levers(meeting=lay_out(lopsided()), premium_per_t=0.0)
    _, _, games = table_at(levers, "compensation", 0.0, "observed")
    import dataclasses

    games = dataclasses.replace(
        games,
        gain_m=rng.normal(0.0, 10.0, games.gain_m.shape),
        outside_gain_m=np.where(games.inside[:, :, None], rng.normal(0.0, 10.0, games.outside_gain_m.shape), 0.0),
    )
    for k in range(3):
        level, row = least_penalty(games, tuple(Belief)[way], TESTED[k])
        tried = np.linspace(0.0, 80.0, 801)
        moved = [
            dataclasses.replace(games, outside_gain_m=np.where(games.inside[:, :, None], games.outside_gain_m - f, 0.0))
            for f in tried
        ]
        holds = np.array([scores(item)[:, way, k].max() >= 0.0 for item in moved])
        if row < 0:
            assert not holds.any()
        else:
            assert abs(tried[np.argmax(holds)] - level) <= 0.1 + 1e-9
        money, where, shares = least_transfer(games, tuple(Belief)[way], TESTED[k])
        paid = dataclasses.replace(games, gain_m=games.gain_m + np.where(games.inside, shares, 0.0))
        assert scores(paid)[where, way, k] >= -1e-9
        assert money >= -1e-12


def test_the_flagship_and_its_command():
    import json

    from click.testing import CliRunner

    from potline.cli.app import command

    case = load("china-aluminium-2013")
    result = remedy(case)
    held = meeting(case, draws=0)
    assert result.certificate.holds
    assert result.measure("transfer").level == pytest.approx(held.outside_money.without_compensation_m_per_year)
    answer = CliRunner().invoke(command, ["remedy", "china-aluminium-2013", "--json"])
    assert answer.exit_code == 0, answer.output
    content = json.loads(answer.output)
    assert set(content["tables"]) == {
        "remedy_least_cost",
        "remedy_levels",
        "remedies",
        "remedy_payments",
        "remedy_frontier",
    }
    assert "no agreement" in " ".join(content["answer"])


def test_a_case_without_a_meeting_is_refused():
    import dataclasses

    with pytest.raises(InputError):
        remedy(dataclasses.replace(twins(), meeting=None))


def test_games_keep_what_outsiders_gain():
    levers = Levers(meeting=lay_out(twins()), premium_per_t=0.0)
    here, base, games = table_at(levers, "compensation", 0.0, "observed")
    assert base is None
    assert games_of.__doc__ is not None
    assert games.gain_m[0].tolist() == pytest.approx([0.4, 0.4])
    assert here.plants.running_kt.sum() == 200.0


@pytest.mark.parametrize("name", ["compensation", "stockpile premium", "switching cost paid"])
def test_a_payment_by_the_tonne_solved_directly_is_where_the_searched_margin_turns(every, name):
    """The closed form against the sweep: just below the level no agreement, at it one, and no lower grid level."""
    levers = Levers(meeting=lay_out(lopsided()), premium_per_t=0.05 * 12_500.0)
    found = 0
    for base in ("observed", "nash"):
        for leaving in (Belief.KEEP, Belief.RESPREAD, Belief.COLLAPSE):
            for k, institution in enumerate(("voluntary", "transfers", "unanimity")):
                item = every.measure(name, institution, base, leaving)
                if not item.suffices or item.level == 0.0:
                    continue
                found += 1
                tried = item.level * np.array([0.25, 0.5, 0.75, 1.0 - 1e-6, 1.0 + 1e-6])
                margin = outcomes(levers, name, tried, base).margin_m[:, leaving.place, k]
                assert (margin[:-1] < 0.0).all()
                assert margin[-1] >= 0.0
    assert found > 0 or name == "switching cost paid"


def test_the_frontier_at_the_tonnage_asked_is_the_measure(every):
    at = [point for point in every.frontier if point.least_cut_kt == 150.0]
    assert {(point.instrument, point.institution) for point in at} == {
        (name, institution)
        for name in ("transfer", "compensation", "stockpile premium")
        for institution in ("voluntary", "transfers", "unanimity")
    }
    for point in at:
        item = every.measure(point.instrument, point.institution)
        if item.suffices:
            assert point.level == pytest.approx(item.level, rel=1e-9, abs=1e-9)
            assert point.public_cost_m_per_year == pytest.approx(item.public_cost_m_per_year, rel=1e-6, abs=1e-6)


def test_no_payment_is_cheaper_than_money_to_each_who_lacks_it(every):
    """Whatever else the state pays by the tonne idled, each member gets at least what it lacks."""
    money = {(p.least_cut_kt, p.institution): p for p in every.frontier if p.instrument == "transfer"}
    for point in every.frontier:
        if point.instrument == "compensation" and math.isfinite(point.public_cost_m_per_year):
            least = money[point.least_cut_kt, point.institution].public_cost_m_per_year
            assert point.public_cost_m_per_year >= least - 1e-6


def test_the_frontier_of_the_efficient_rule_is_searched():
    ask = remedy(lopsided(), rule="efficient")
    item = ask.measure("compensation")
    at = next(p for p in ask.frontier if (p.least_cut_kt, p.instrument, p.institution)
              == (150.0, "compensation", "voluntary"))  # fmt: skip
    assert (at.level == item.level) or (math.isnan(at.level) and math.isnan(item.level))
