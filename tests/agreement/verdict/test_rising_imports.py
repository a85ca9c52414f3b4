"""Rising imports and a spread of the headroom by the public verbs: against the plain reference, and in their limits."""

from __future__ import annotations

import dataclasses
import itertools
import math
import os

import numpy as np
import pytest
from tests.agreement.rising import PRICE, curved, drawn, reference_of, with_imports
from tests.agreement.tiny import tiny, varied
from tests.reference.prize import Prize

import potline as pot
from potline.agreement.checks.facts import read
from potline.agreement.checks.market import rise_at
from potline.choices import Baseline, Belief, Institution, Tested

INDUSTRIES = 300 if os.environ.get("POTLINE_INDUSTRIES") == "all" else 18
NAMES: dict[Tested, str] = {
    Institution.VOLUNTARY: "voluntary",
    Institution.TRANSFERS: "transfers",
    Institution.UNANIMITY: "all_or_none",
}


def wanted(held, tonnage, belief) -> dict[Tested, float]:
    """Return the margin of each institution, million a year."""
    judged = [held.judged(group, tonnage, belief) for group in held.groups]
    there = [one for one in judged if one is not None]
    unit = 1e-3 / held.game.annuity
    return {name: unit * max((one.test(kind) for one in there), default=-math.inf) for name, kind in NAMES.items()}


@pytest.mark.parametrize("seed", range(INDUSTRIES))
def test_margins_are_those_of_the_plain_reference(seed):
    """Every rule, baseline, belief and institution that a meeting tells; POTLINE_INDUSTRIES=all asks 300 industries.

    Just above a step of relief the best of ``efficient`` stands for a millionth of a stretch, whose ends the reference
    sets apart from the kernel and the certificate.
    """
    _compared(drawn(seed))


@pytest.mark.parametrize("seed", range(12))
def test_members_alike_idle_alike(seed):
    """Plants of two costs, whoever owns them: those that tie are idled in equal shares, by sweep and certificate."""
    case = drawn(seed)
    kinds = case.industry.plants[:2]
    plants = tuple(
        dataclasses.replace(
            kinds[j % 2],
            name=own.name,
            firm=own.firm,
            capacity_kt=own.capacity_kt,
            running_kt=own.running_kt,
            line_kt=own.line_kt,
            inputs=own.inputs,
            other_cost_per_t=kinds[j % 2].other_cost_per_t + _bought(kinds[j % 2]) - _bought(own),
            lump_sum_m_per_year=kinds[j % 2].lump_sum_m_per_year * own.running_kt / kinds[j % 2].running_kt,
        )
        for j, own in enumerate(case.industry.plants)
    )
    _compared(varied(case, plants=plants, rule="efficient"))


def _bought(plant):
    return sum(item.use_per_t * item.price_per_unit for item in plant.inputs)


def _compared(case):
    found = pot.meeting(case, draws=0)
    assert found.certificate.holds
    near = 1e-9 * 1e-3 * PRICE * case.industry.demand.quantity_kt
    for rule, base in itertools.product(dict.fromkeys(m.rule for m in found.margins), Baseline):
        cuts = found.nash_cuts if base == Baseline.NASH else ()
        if base == Baseline.NASH and not found.nash_settled:
            continue
        held = reference_of(case, rule, cuts)
        close = near * (10.0 if rule == "efficient" and held.game.market.relief else 1.0)
        for belief in Belief:
            right = wanted(held, case.meeting.least_cut_kt, belief)
            for name, value in right.items():
                told = found.margin(name, base, rule, belief).margin_m_per_year
                if value == -math.inf:
                    assert math.isnan(told), (rule, base, belief, name)
                else:
                    assert told == pytest.approx(value, abs=close), (rule, base, belief, name)


@pytest.mark.parametrize("near", [1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("rule", ["pro_rata", "efficient"])
def test_limits_are_come_near_by_the_public_meeting(rule, near):
    """m -> 0: as without imports; m -> infinity: a flat ceiling; sigma_H -> 0: a bend.

    Counted from best cuts alone a bend has many equilibria and a spread one of them: no limit of margins there.
    """
    case = tiny(rule=rule)
    demand = case.industry.demand
    assert isinstance(demand, pot.LinearDemand)
    b = demand.slope_per_kt
    pairs = (
        (with_imports(case, slope=near / b), with_imports(case, slope=0.0)),
        (with_imports(case, slope=0.0, spread=200.0), tiny(rule=rule, ceiling=math.inf)),
        (with_imports(case, slope=1.0 / (near * b)), with_imports(case)),
        (with_imports(case), tiny(rule=rule)),
        (with_imports(case, slope=2.0, spread=near * 600.0), with_imports(case, slope=2.0)),
        (with_imports(case, spread=near * 600.0), with_imports(case)),
    )
    for k, (close, limit) in enumerate(pairs):
        found = [pot.meeting(one, draws=0).margins for one in (close, limit)]
        seen = [(m for m in margins if k < 4 or m.baseline == Baseline.OBSERVED) for margins in found]
        margins = [[m.margin_m_per_year for m in rows] for rows in seen]
        revenue = 1e-3 * PRICE * case.industry.demand.quantity_kt
        here, there = np.array(margins)
        assert np.array_equal(np.isnan(here), np.isnan(there))
        assert np.nanmax(np.abs(here - there)) <= near * revenue


@pytest.mark.parametrize("slope", [0.2, 2.0, math.inf])
@pytest.mark.parametrize("spread", [0.013, 0.1, 3.0])
def test_best_cuts_alone_come_to_rest_in_a_narrow_spread(slope, spread):
    """From a millionth of the price on: two owners who would both fill the headroom, and one who does."""
    found = pot.meeting(with_imports(tiny(), slope=slope, spread=spread), draws=0)
    assert found.nash_settled
    assert found.certificate.check("meeting: best cuts alone: slope").value <= 1e-9
    assert [owner for owner, _ in found.nash_cuts] == ["E"]


def test_the_slope_of_the_market_abroad_is_the_slope_stated():
    """Q eta / (P FX (1 + duty)), in the verdict, in draws of the price abroad, and in the tornado's ends."""
    derived, stated = (with_imports(tiny(), slope=2.0, spread=200.0, derived=one) for one in (True, False))
    a, b = (pot.meeting(one, draws=0).margins for one in (derived, stated))
    assert [m.margin_m_per_year for m in a] == pytest.approx([m.margin_m_per_year for m in b], rel=1e-12, nan_ok=True)
    path = "trade.parity.fob_usd_per_t"
    parity = derived.industry.trade.parity
    assert parity is not None
    fob = parity.fob_usd_per_t
    factor = pot.Factor(name="abroad", path=path, low=0.98 * fob, central=fob, high=1.05 * fob)
    moved = pot.tornado(dataclasses.replace(derived, factors=(factor,)))
    (row,) = moved.rows
    for value, margin in zip(row.values, row.margins_m_per_year, strict=True):
        alone = pot.meeting(derived.under(pot.Change(path=path, value=float(value))), draws=0)
        assert float(margin) == pytest.approx(alone.margin_m_per_year, abs=1e-9)


@pytest.mark.parametrize(
    ("rule", "least"),
    [("pro_rata", 150.0), ("efficient", 560.0), ("efficient", 505.0)],
    ids=["pro_rata", "efficient", "few"],
)
def test_every_verb_of_a_meeting_is_certified_with_them(rule, least):
    """Share, attribution with the market held and cleared again, remedy, proposal, institutions, division.

    Under ``efficient`` no two can idle 150 kt with a part for each; at 505 only one pair can, not the one that gains
    most, and at 560 all pairs.
    """
    case = with_imports(tiny(rule=rule, least=least), slope=0.3, spread=250.0)
    assert pot.meeting(case, draws=32).certificate.holds
    for answer in (
        pot.remedy(case),
        pot.propose(case, pot.Tabled()),
        *pot.compare_institutions(case),
        pot.enforcement(case),
        pot.divide_meeting(case),
    ):
        assert pot.verify(answer).holds


def test_without_imports_means_no_slope_in_the_attribution():
    """Removing the ceiling leads to the meeting of a slope of 0; where nothing comes, it brings nothing."""
    case = with_imports(tiny(), slope=1.0, spread=200.0)
    found = pot.attribution(case)
    free = pot.attribution(with_imports(tiny(), slope=0.0, spread=200.0))
    assert found.held_margins[1 << 6] == pytest.approx(free.held_margins[0], abs=1e-9)
    assert free.held_margins[1 << 6] == free.held_margins[0]


def test_the_checkers_rise_is_that_of_the_reference():
    """The certificate's own curves, each against halving and closed forms of the reference, to 1e-12 of the price."""
    for seed in range(24):
        case = drawn(seed)
        cases = [case]
        if case.industry.trade.headroom_spread_per_t == 0.0 or seed % 3 == 0:
            trade = dataclasses.replace(case.industry.trade, headroom_spread_per_t=0.0)
            cases.append(curved(varied(case, trade=trade), 0.4 + 0.1 * seed))
        for one in cases:
            facts, held = read(one), reference_of(one, "pro_rata").game.market.prize
            falls = np.array([0.0, 1e-6, 1e-3, 0.02, 0.1, 0.3, 0.7]) * facts.quantity
            right = [held.rise(float(fall)) for fall in falls]
            assert rise_at(facts, falls) == pytest.approx(np.array(right), abs=1e-12 * PRICE), seed


@pytest.mark.parametrize("seed", range(6))
def test_isoelastic_demand_with_a_slope_is_certified(seed):
    case = with_imports(curved(tiny(rule="efficient"), 0.3 + 0.3 * seed), slope=10.0 ** (seed / 2 - 1.5))
    found = pot.meeting(case, draws=32)
    assert found.certificate.holds
    held = reference_of(case, "efficient")
    near = 1e-9 * 1e-3 * PRICE * case.industry.demand.quantity_kt
    right, paid = wanted(held, 150.0, "keep"), Institution.TRANSFERS
    assert found.margin(paid).margin_m_per_year == pytest.approx(right[paid], abs=near)
    own = right[Institution.VOLUNTARY]
    assert found.margin_m_per_year == pytest.approx(math.nan if own == -math.inf else own, abs=near, nan_ok=True)


@pytest.mark.parametrize("seed", [8, 32, 36, 40])
def test_isoelastic_demand_with_steps_of_relief_is_certified(seed):
    """Two owners stop just above a step of relief: one holds the fall there, the other answers it to the last digit."""
    case = drawn(seed)
    trade = dataclasses.replace(case.industry.trade, headroom_spread_per_t=0.0)
    case = dataclasses.replace(case, industry=dataclasses.replace(case.industry, trade=trade))
    errors = dataclasses.replace(case.noise, plant_per_t=(60.0,) * len(case.industry.plants))
    case = dataclasses.replace(curved(case, case.industry.demand.elasticity), noise=errors)
    found = pot.meeting(case, draws=16)
    assert found.certificate.holds
    assert found.certificate.check("draws: best cuts alone").value < 1e-10


def test_a_spread_in_a_draw_needs_linear_demand():
    case = with_imports(curved(tiny(), 0.6))
    factor = pot.Factor(name="spread", path="trade.headroom_spread_per_t", low=0.0, central=100.0, high=200.0)
    with pytest.raises(pot.InputError, match=r"headroom_spread_per_t: found .* isoelastic demand"):
        pot.agreement_share(dataclasses.replace(case, factors=(factor,)), draws=8)


def test_the_reference_takes_the_same_cases():
    prize = reference_of(drawn(1), "pro_rata").game.market.prize
    assert isinstance(prize, Prize)
    assert 0.0 < prize.import_slope < math.inf
