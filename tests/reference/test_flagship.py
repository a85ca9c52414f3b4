"""The flagship of commit 482483e, frozen: the reference and today's kernel give what that commit gave."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.reference.flagship import flagship
from tests.reference.game import nash
from tests.reference.tonnages import answer

from potline.choices import Belief, Rule
from potline.numerics.joint_cut.deals import CutMarket, CutPlants, alone, arrange, deals
from potline.numerics.joint_cut.rise import rise_at

FROZEN = flagship()
NAMES = ("voluntary", "transfers", "unanimity")


@pytest.fixture(scope="module")
def arrangement():
    f, plants = FROZEN.fields, {name: np.array([column]) for name, column in FROZEN.plants.items()}
    relief = np.array([f["relief"]])
    market = CutMarket(
        price_per_t=np.array([f["price_per_t"]]),
        quantity_kt=np.array([f["quantity_kt"]]),
        elasticity=np.array([f["elasticity"]]),
        ceiling_per_t=np.array([f["ceiling_per_t"]]),
        annuity=np.array([f["annuity"]]),
        relief_output_fall_kt=relief[:, :, 0],
        relief_per_t=relief[:, :, 1],
    )
    numbers = {name: plants[name] for name in ("running_kt", "idle_kt", "loss_part_per_t", "loss_whole_per_t")}
    numbers |= {name: plants[name] for name in ("stop_price_per_t", "restart_price_per_t", "relief_use")}
    owner = np.array(FROZEN.owner_of(FROZEN.plants["owner"]))
    read = CutPlants(**numbers, line_kt=plants["line_kt"][0], owner=owner)
    return arrange(market, read, len(f["owners"]))


def test_the_three_margins_are_those_that_were_printed():
    told = {way: m for base, rule, way, name, m, _ in FROZEN.fields["margins"] if (base, rule, name) == HEADLINE}
    assert told == pytest.approx({"keep": -489.223, "respread": -58.878, "collapse": 12.841}, abs=1e-3)


HEADLINE = ("observed", "pro_rata", "voluntary")


@pytest.mark.parametrize("rule", ["pro_rata", "efficient"])
@pytest.mark.parametrize("baseline", ["observed", "nash"])
def test_the_kernel_gives_every_margin(arrangement, baseline, rule):
    f = FROZEN.fields
    base = alone(arrangement) if baseline == "nash" else None
    present = np.array(FROZEN.owner_of(f["present"]))
    found = deals(arrangement, present, np.array([f["least_cut_kt"]]), rule=Rule(rule).place, baseline=base)
    for told, shared, way, name, margin, coalition in f["margins"]:
        if (told, shared) == (baseline, rule):
            place = Belief(way).place, NAMES.index(name)
            if rule == "efficient" and name != "transfers":  # a member might idle nothing at that commit
                held = FROZEN.meeting(rule=rule, nash=baseline == "nash")
                again = held.margin(f["least_cut_kt"], "all_or_none" if name == "unanimity" else name, way)
                margin, coalition = again.m_per_year, [f["owners"][i] for i in again.group]
                if not coalition:
                    assert (found.best_m[0, *place], found.best_mask[0, *place]) == (-np.inf, -1)
                    continue
            assert found.best_m[0, *place] == pytest.approx(margin, abs=1e-6)
            mask = sum(1 << f["present"].index(owner) for owner in coalition)
            assert found.best_mask[0, *place] == mask


def test_the_kernel_and_the_reference_give_the_rise(arrangement):
    prize = FROZEN.meeting().game.market.prize
    for fall, rise in FROZEN.fields["rises"]:
        assert prize.rise(fall) == pytest.approx(rise, abs=1e-9)
        assert rise_at(arrangement.market, np.array([fall]))[0] == pytest.approx(rise, abs=1e-9)


@pytest.mark.parametrize("rule", ["pro_rata", "efficient"])
@pytest.mark.parametrize("baseline", ["observed", "nash"])
def test_the_reference_gives_every_margin(baseline, rule):
    """Under ``efficient`` a member may idle nothing at that commit, and may not without pay in the reference."""
    held = FROZEN.meeting(rule=rule, nash=baseline == "nash")
    for told, shared, way, name, margin, coalition in FROZEN.fields["margins"]:
        if (told, shared) != (baseline, rule):
            continue
        found = held.margin(FROZEN.fields["least_cut_kt"], "all_or_none" if name == "unanimity" else name, way)
        if rule == "efficient" and name != "transfers":
            assert found.m_per_year <= margin + 1e-6
        else:
            assert found.m_per_year == pytest.approx(margin, abs=1e-6)
            assert set(found.group) == set(FROZEN.owner_of(coalition))


def test_best_cuts_alone_are_those_of_chalco():
    found = nash(FROZEN.meeting().game)
    told = {FROZEN.fields["owners"][i]: kt for i, kt in enumerate(found.cut_kt) if kt > 0.0}
    assert found.settled
    assert told == pytest.approx(dict(FROZEN.fields["nash_cut_kt"]), abs=1e-6)


def test_under_reoptimise_small_owners_hold_what_the_largest_would_cut_alone():
    """The margins of a trial: +88, -56 and -244 at 122, 250 and 1,000 kt; Chalco is in no group that holds."""
    held = FROZEN.meeting()
    margins = [held.margin(k, "voluntary", "reoptimise").m_per_year for k in (122.0, 250.0, 1000.0)]
    assert margins == pytest.approx([88.0, -56.0, -244.0], abs=0.5)
    found = answer(held, "voluntary", "reoptimise")
    assert len(found.tonnages) == 1
    assert found.tonnages[0].high == pytest.approx(160.2908, abs=1e-3)
    assert {FROZEN.fields["owners"][i] for i in found.group} == {"Nanshan", "Xinfa"}
    assert math.isnan(found.with_largest)


def test_the_prices_at_which_the_state_would_hold_say_little():
    """With value-added tax 13,470 to 15,893: no running line stops above that, no idle line restarts below this."""
    plants, vat = FROZEN.plants, 1.0 + FROZEN.fields["vat_rate"]
    stops = [s for s, kt in zip(plants["stop_price_per_t"], plants["running_kt"], strict=True) if kt > 0.0]
    restarts = [r for r, kt in zip(plants["restart_price_per_t"], plants["idle_kt"], strict=True) if kt > 0.0]
    assert (max(stops) * vat, min(restarts) * vat) == (
        pytest.approx(13_470.0, abs=1.0),
        pytest.approx(15_893.0, abs=1.0),
    )
