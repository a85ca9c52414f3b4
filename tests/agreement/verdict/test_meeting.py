"""The meeting: verdict, tables, attribution, shares and certificate on small industries and on the flagship."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from potline.agreement import OBSTACLES, agreement_share, attribution, margin_sensitivity, meeting
from potline.agreement.table.draws import draw_case
from potline.agreement.table.market_again import clear_again
from potline.agreement.table.removed import Removals, shapley
from potline.cases import Case, Factor, Meeting, PlantNoise, load
from potline.choices import TESTED, Baseline, Belief, Institution, Rule
from potline.compiled import compile_industry
from potline.errors import InputError
from potline.industry import (
    Change,
    Firm,
    Industry,
    Input,
    InputMarket,
    IsoelasticDemand,
    LinearDemand,
    Plant,
    PriceProcess,
    Supplier,
    Trade,
    Tranche,
)


def small(
    *, ceiling: float = math.inf, pressure: float = 150.0, isoelastic: bool = False, potline: float = 0.0
) -> Industry:
    """Five owners (one with an affiliate), eight plants, alumina from three refineries."""
    costs = (9800.0, 12600.0, 11900.0, 12900.0, 10500.0, 12300.0, 11000.0, 13100.0)
    firms = ("North", "North", "East", "East", "South", "West", "Far", "Far")
    sizes = (600.0, 200.0, 400.0, 150.0, 500.0, 300.0, 700.0, 250.0)
    running = (600.0, 160.0, 400.0, 150.0, 450.0, 300.0, 700.0, 0.0)
    demand = IsoelasticDemand if isoelastic else LinearDemand
    return Industry(
        name="small",
        price_per_t=12_500.0,
        demand=demand(price_per_t=12_500.0, quantity_kt=sum(running), elasticity=0.6),
        process=PriceProcess(volatility=0.18),
        trade=Trade(tranches=(Tranche(price_per_t=ceiling),)) if math.isfinite(ceiling) else Trade(),
        firms=(Firm(name="West", owner="East"),),
        input_market=InputMarket(
            product="alumina",
            price_per_t=2200.0,
            suppliers=(
                Supplier(name="A", capacity_kt=4500.0, cash_cost_per_t=2100.0),
                Supplier(name="B", capacity_kt=700.0, cash_cost_per_t=2150.0),
                Supplier(name="C", capacity_kt=2000.0, cash_cost_per_t=2200.0),
            ),
        ),
        plants=tuple(
            Plant(
                name=f"P{k}",
                firm=firm,
                capacity_kt=size,
                running_kt=runs,
                inputs=(Input(product="alumina", use_per_t=1.93, price_per_unit=2200.0, own_share=0.5 * (k % 2)),),
                other_cost_per_t=cost - 1.93 * 2200.0,
                support_per_t=100.0 * (k % 3),
                lump_sum_m_per_year=40.0 * (k == 1),
                stop_cost_per_t=200.0,
                holding_cost_per_t=300.0,
                restart_cost_per_t=900.0,
                pressure_per_t=pressure,
                line_kt=potline,
            )
            for k, (firm, size, runs, cost) in enumerate(zip(firms, sizes, running, costs, strict=True))
        ),
    )


def case_of(industry: Industry, *, least: float = 200.0, rule: str = "pro_rata", stated=()) -> Case:
    return Case(
        name="small",
        industry=industry,
        meeting=Meeting(
            date="",
            firms=("North", "East", "West", "South"),
            owners=("North", "East", "South"),
            least_cut_kt=least,
            sweep_kt=(50.0, 100.0, 400.0),
            rule=rule,  # type: ignore[arg-type]
            stated_cuts_kt=stated,
        ),
        factors=(
            Factor(name="elasticity", path="demand.elasticity", low=0.3, central=0.6, high=0.9, triangular=True),
            Factor(name="restart", path="plant[*].restart_cost_per_t", low=600.0, central=900.0, high=1500.0),
            Factor(name="term", path="meeting.term_years", low=0.5, central=1.0, high=1.5),
        ),
        noise=PlantNoise(common_per_t=100.0, plant_per_t=(200.0,) * 8),
    )


@pytest.fixture(scope="module")
def held():
    return meeting(case_of(small(ceiling=13_200.0)), draws=64)


def test_the_result_remembers_its_question(held):
    assert (held.case_name, held.rule, held.term_years, held.least_cut_kt) == ("small", "pro_rata", 1.0, 200.0)
    assert held.industry.name == "small"
    assert held.version


def test_the_headline_is_the_first_margin_and_the_table_agrees(held):
    first = held.margin()
    assert (first.margin_m_per_year, first.coalition) == (held.margin_m_per_year, held.coalition)
    best = int(np.argmax(held.coalitions.margin_m_per_year))
    assert held.coalitions.margin_m_per_year[best] == held.margin_m_per_year
    assert held.coalitions.names(best) == held.coalition
    assert held.coalitions.price_per_t[best] == held.deal_price_per_t
    worst = np.minimum(held.coalitions.least_gain_m_per_year, held.coalitions.least_slack_m_per_year)
    assert np.allclose(worst, held.coalitions.margin_m_per_year)
    row = next(row for row in held.owners if row.owner == held.coalition[0])
    assert row.slack_m_per_year == pytest.approx(row.gain_m_per_year - row.outside_gain_m_per_year)
    tests = [min(row.gain_m_per_year, row.slack_m_per_year) for row in held.owners if row.member]
    assert min(tests) == pytest.approx(held.margin_m_per_year)


def test_every_institution_baseline_rule_and_way_of_leaving_is_there(held):
    keys = {(m.institution, m.baseline, m.rule, m.leaving) for m in held.margins}
    assert len(keys) == len(held.margins) == 4 * 2 * 2 * 3
    for m in held.margins:
        if m.institution == "unanimity":  # under efficient who is dear idles all: not everybody has a part
            assert m.coalition == (() if m.rule == "efficient" else ("North", "East", "South"))


def test_transfers_and_ways_of_leaving_are_ordered(held):
    for baseline in ("observed", "nash"):
        stays = held.margin("voluntary", baseline, leaving="keep").margin_m_per_year
        ends = held.margin("voluntary", baseline, leaving="collapse").margin_m_per_year
        assert ends >= stays - 1e-9
    money = held.outside_money
    assert money.without_compensation_m_per_year >= money.with_compensation_m_per_year - 1e-9


@pytest.mark.parametrize("isoelastic", [False, True])
@pytest.mark.parametrize("potline", [0.0, 45.0])
@pytest.mark.parametrize("ceiling", [40_000.0, 12_900.0, 12_000.0])
def test_certificates_hold_across_markets(isoelastic, potline, ceiling):
    case = case_of(small(isoelastic=isoelastic, potline=potline, ceiling=ceiling), rule="efficient")
    held = meeting(case, draws=0)
    assert held.certificate.holds
    assert held.nash_settled


def test_stated_cuts():
    held = meeting(case_of(small(), rule="stated", stated=(("North", 120.0), ("West", 60.0), ("South", 90.0))), draws=0)
    assert held.certificate.holds
    assert {m.rule for m in held.margins} == {"stated", "pro_rata", "efficient"}
    assert set(held.coalitions.cut_kt.round(6)) == {210.0, 270.0}


def test_attribution_sums_and_a_missing_obstacle_costs_nothing():
    case = case_of(small(ceiling=13_200.0, pressure=0.0))
    found = attribution(case, draws=8)
    assert tuple(item.name for item in found.obstacles) == OBSTACLES
    assert found.largest_gap_m_per_year <= 1e-6
    held = sum(item.held_m_per_year for item in found.obstacles)
    cleared = sum(item.cleared_m_per_year for item in found.obstacles)
    assert held == pytest.approx(found.freed_m_per_year - found.margin_m_per_year, abs=1e-6)
    assert cleared == pytest.approx(found.cleared_freed_m_per_year - found.cleared_margin_m_per_year, abs=1e-6)
    parts = {item.name: item for item in found.obstacles}
    assert parts["pressure"].held_m_per_year == parts["pressure"].cleared_m_per_year == 0.0
    assert parts["free riding"].held_m_per_year >= 0.0
    assert parts["import ceiling"].held_low_m_per_year >= -1e-9
    assert parts["switching cost"].held_low_m_per_year <= parts["switching cost"].held_high_m_per_year
    assert meeting(case, draws=0).margin_m_per_year == pytest.approx(found.margin_m_per_year, abs=1e-9)


def test_removals_of_what_is_not_there_share_a_game(monkeypatch):
    """Games played once for all sets of removals that come to the same give the margins of all games played apart."""

    every = ((np.arange(128)[:, None] >> np.arange(7)) & 1).astype(np.bool_)
    apart = Removals(every, np.arange(128), np.arange(128) % 32)
    for industry in (small(), small(ceiling=13_200.0, pressure=0.0)):
        case = case_of(industry)
        compiled = compile_industry(industry)
        assert Removals.of(compiled, np.array([1.0])).removed.shape[0] < 128
        found = attribution(case, draws=8)
        with monkeypatch.context() as patched:
            patched.setattr(Removals, "of", staticmethod(lambda *_: apart))
            all_of_them = attribution(case, draws=8)
        assert np.array_equal(found.held_margins, all_of_them.held_margins)
        assert np.array_equal(found.cleared_margins, all_of_them.cleared_margins)
        assert np.array_equal(found.by_draw_m_per_year, all_of_them.by_draw_m_per_year)


def test_the_margin_without_pressure_is_that_of_a_case_without_it():
    case = case_of(small(ceiling=13_200.0))
    whole = meeting(case, draws=0)
    free = meeting(case_of(small(ceiling=13_200.0, pressure=0.0)), draws=0)
    assert whole.without_pressure.margin_m_per_year == pytest.approx(free.margin_m_per_year)


def test_shapley_of_a_glove_game():
    # One left glove (player 0), two right: v = 1 where 0 meets 1 or 2.
    v = np.array([[0, 0, 0, 1, 0, 1, 0, 1.0]])
    assert shapley(v)[0] == pytest.approx([2 / 3, 1 / 6, 1 / 6])


def test_draws_keep_to_their_ranges_and_seeds_reproduce():
    case = case_of(small())
    drawn = draw_case(case, 500, 3)
    assert drawn.compiled.draws == 512
    assert drawn.factors.shape == (512, 3)
    for k, factor in enumerate(case.factors):
        assert (drawn.factors[:, k] >= factor.low).all()
        assert (drawn.factors[:, k] <= factor.high).all()
    assert drawn.factors[:, 0].mean() == pytest.approx(0.6, abs=0.01)
    assert np.array_equal(drawn.term_years, drawn.factors[:, 2])
    noise = drawn.compiled.net_cash_cost_per_t() - compile_industry(small()).net_cash_cost_per_t()
    assert noise.std(axis=0).mean() == pytest.approx(math.hypot(100.0, 200.0), rel=0.15)
    assert np.array_equal(draw_case(case, 500, 3).factors, drawn.factors)
    assert not np.array_equal(draw_case(case, 500, 4).factors, drawn.factors)


def test_shares_reproduce_and_know_their_error():
    case = case_of(small(ceiling=13_200.0))
    one, two = agreement_share(case, draws=64, seed=5), agreement_share(case, draws=64, seed=5)
    assert np.array_equal(one.margin_m_per_year, two.margin_m_per_year)
    assert one.share.shape == one.error.shape == one.bound.shape == (2, 4, 3)
    assert np.isnan(one.bound[(one.share > 0) & (one.share < 1)]).all()
    zero = one.share == 0.0
    assert np.allclose(one.bound[zero], 1.0 - 0.05 ** (1.0 / 64))
    assert one.settled == 1.0
    low, middle, high = one.quantiles(0.05, 0.5, 0.95)
    assert low <= middle <= high


def test_no_uncertainty_gives_the_central_answer():
    case = dataclasses.replace(case_of(small(ceiling=13_200.0)), factors=(), noise=PlantNoise())
    share = agreement_share(case, draws=8)
    central = meeting(case, draws=0)
    assert share.draws == 8
    assert share.margin_m_per_year[3, 0, Belief.KEEP.place, 0] == pytest.approx(central.margin_m_per_year, abs=1e-9)
    nash = central.margin(Institution.TRANSFERS, Baseline.NASH, leaving=Belief.RESPREAD).margin_m_per_year
    assert share.margin_m_per_year[3, 1, 1, 1] == pytest.approx(nash, abs=1e-9)


def test_threads_change_nothing(monkeypatch):
    case = case_of(small(ceiling=13_200.0))
    monkeypatch.setenv("POTLINE_THREADS", "1")
    one = agreement_share(case, draws=32)
    monkeypatch.setenv("POTLINE_THREADS", "3")
    assert np.array_equal(agreement_share(case, draws=32).margin_m_per_year, one.margin_m_per_year)


def test_infeasible_is_a_verdict_of_its_own():
    held = meeting(case_of(small(), least=5000.0), draws=8)
    assert held.verdict == "infeasible"
    assert math.isnan(held.margin_m_per_year)
    assert held.coalition == ()
    assert held.coalitions.mask.size == 0
    assert held.share is not None
    assert held.share.of() == 0.0
    assert held.share.infeasible.tolist() == [1.0, 1.0]


def test_the_largest_tonnage_lies_between_an_agreement_and_none():
    held = meeting(case_of(small(pressure=0.0), least=25.0), draws=0)
    for k, largest in enumerate(held.sweep.largest_cut_kt):
        column = held.sweep.margin_m_per_year[0, :, Belief.KEEP.place, k]
        if math.isnan(largest):
            assert not (column >= 0.0).any()
            continue
        at = meeting(case_of(small(pressure=0.0), least=largest), draws=0).margin(TESTED[k]).margin_m_per_year
        assert at >= 0.0
        if largest < held.sweep.least_cut_kt[-1]:
            above = (
                meeting(case_of(small(pressure=0.0), least=largest + 1.0), draws=0).margin(TESTED[k]).margin_m_per_year
            )
            assert above < 0.0


def test_the_market_cleared_again_balances():
    compiled = compile_industry(small(ceiling=13_000.0))
    rng = np.random.default_rng(2)
    stop = rng.uniform(8_000, 14_000, (40, 8))
    restart = stop + rng.uniform(500, 3_000, (40, 8))
    state = clear_again(compiled, stop, restart, np.full(40, 13_000.0))
    running = compiled.plant("running_kt")[0]
    total = running + np.maximum(compiled.idle_kt()[0], 0.0)
    demand = np.array([compiled.industry.demand.quantity_at(p) for p in state.price_per_t])
    made = state.running_kt.sum(axis=1)
    below = state.price_per_t < 13_000.0
    assert np.allclose(made[below], demand[below])
    assert (made <= demand + 1e-6).all()
    assert np.allclose(state.running_kt + state.idle_kt, total)
    p = state.price_per_t[:, None]
    assert (state.running_kt >= np.where(stop < p, running, 0.0) - 1e-9).all()
    assert (
        state.running_kt <= np.where(stop <= p, running, 0.0) + np.where(restart <= p, total - running, 0.0) + 1e-9
    ).all()


def test_errors_say_what_is_needed():
    bare = Case(name="bare", industry=small())
    with pytest.raises(InputError, match=r"case 'bare': found no meeting; needed a \[meeting\] table in case.toml"):
        meeting(bare)
    with pytest.raises(InputError) as error:
        meeting(case_of(small()), rule="equal")  # pyright: ignore[reportArgumentType]
    assert str(error.value) == ("meeting, rule: found 'equal'; needed 'pro_rata', 'efficient' or 'stated', or None.")
    with pytest.raises(InputError, match="found no cut of an owner present"):
        meeting(case_of(small()), rule=Rule.STATED)
    lonely = dataclasses.replace(
        case_of(small()), meeting=Meeting(date="", firms=("A",), owners=("North",), least_cut_kt=1.0)
    )
    with pytest.raises(InputError, match="found 1 deciding owners with plants; needed 2 to 62"):
        meeting(lonely)


def test_a_cut_without_bound_is_refused():
    needed = "found isoelastic demand of elasticity 0.60 without import parity, and owners who cut together with 0.75"
    with pytest.raises(InputError, match=needed):
        meeting(case_of(small(isoelastic=True)))


def test_progress_runs_from_start_to_end():
    parts: list[float] = []
    meeting(case_of(small()), draws=16, progress=parts.append)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0


def test_the_flagship_meeting_ends_without_an_agreement():
    """April 2013: the firms met in Beijing and agreed nothing."""
    held = meeting(load("china-aluminium-2013"), draws=128)
    assert held.certificate.holds
    assert held.nash_settled
    assert held.verdict == "no agreement"
    assert held.obstacles is not None
    assert held.obstacles.largest_gap_m_per_year <= 1e-6
    assert held.share is not None
    assert held.share.of() <= 0.05
    assert held.share.settled == 1.0
    assert all(item.gain_m_per_year > 0.0 for item in held.lone_cuts)


def test_relabelling_owners_changes_no_margin():
    case = case_of(small(ceiling=13_200.0))
    assert case.meeting is not None
    turned = dataclasses.replace(case.meeting, owners=("South", "North", "East"))
    one, two = meeting(case, draws=0), meeting(dataclasses.replace(case, meeting=turned), draws=0)
    for m in one.margins:
        other = two.margin(m.institution, m.baseline, m.rule, m.leaving)
        assert other.margin_m_per_year == pytest.approx(m.margin_m_per_year, abs=1e-7, nan_ok=True)


def test_costs_of_somebody_absent_move_no_loss():
    case = case_of(small(ceiling=13_200.0))
    moved = case.under(Change(path="plant[P6].other_cost_per_t", operation="add", value=-100.0))
    one, two = meeting(case, draws=0), meeting(moved, draws=0)
    assert [row.loss_per_t for row in one.owners] == pytest.approx([row.loss_per_t for row in two.owners])


def test_indices_name_what_moves_the_margin():
    found = margin_sensitivity(case_of(small()), draws=64)
    assert found.factors == ("elasticity", "restart", "term", "errors of plants' costs")
    assert found.draws == 64 * 6
    assert (found.total >= -1e-12).all()
    assert found.first.sum() == pytest.approx(1.0, abs=0.35)
    assert (found.first <= found.total + 3.0 * (found.first_error + found.total_error) + 0.05).all()
    quiet = dataclasses.replace(case_of(small()), noise=PlantNoise())
    other = margin_sensitivity(quiet, draws=16)
    assert other.factors == ("elasticity", "restart", "term")


def test_metal_of_a_deal_balances_at_import_parity():
    case = load("china-aluminium-2013")
    held = meeting(case, draws=0)
    at_parity = case.industry.demand.quantity_at(held.ceiling_per_t)
    output = case.industry.demand.quantity_kt - held.deal_cut_kt + held.deal_restarts_kt
    assert held.deal_price_per_t == held.ceiling_per_t
    assert held.deal_imports_kt == pytest.approx(at_parity - output)
    assert held.deal_imports_kt > 800.0
