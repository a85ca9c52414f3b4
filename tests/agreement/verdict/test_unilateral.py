"""What owners would do alone and what a deal adds: closed forms, outsiders that answer, small industries drawn."""

from __future__ import annotations

import math

import pytest
from tests.agreement.rising import drawn
from tests.agreement.tiny import varied
from tests.agreement.verdict.test_tonnages import three

import potline as pot
from potline.errors import InputError


def lossy(loss: float, owners: int = 3) -> pot.Case:
    """Owners of 100 kt at a slope of 0.1 a kt that lose so much on each tonne."""
    case = three(owners=owners)
    return varied(case, plants=case.industry.plants, other_cost_per_t=100.0 - loss)


@pytest.mark.parametrize(("loss", "cut", "gain"), [(5.0, 25.0, 0.0625), (2.0, 40.0, 0.16), (10.0, 0.0, 0.0)])
def test_an_owner_alone_cuts_half_of_what_pays(loss: float, cut: float, gain: float):
    """(r - l/b) / 2 of 100 kt, a gain of b times its square; its first tonne bounds its conduct by l / (b r)."""
    found = pot.unilateral_cuts(lossy(loss))
    for one in found.owners:
        assert one.cut_kt == pytest.approx(cut, abs=1e-9)
        assert one.price_rise_per_t == pytest.approx(0.1 * cut, abs=1e-9)
        assert one.gain_m_per_year == pytest.approx(gain, abs=1e-12)
        assert one.conduct_at_most == pytest.approx(loss / 10.0)
        assert one.loss_share_at_kt == 0.0


def test_a_pair_does_not_hold_where_all_would_act_alone_without_it():
    """Pairs idle 100 kt and gain 0.25; who leaves gets 87.5 * 3.75 - 62.5 from cuts of 12.5 kt each."""
    found = pot.unilateral_cuts(three())
    deal = found.deals[0]
    assert deal.coalition == ("A", "B")
    assert (deal.tonnage_kt, deal.price_rise_per_t, deal.outsiders_kt) == (pytest.approx(100.0), pytest.approx(10.0), 0)
    assert [one.gain_m_per_year for one in deal.members] == pytest.approx([0.25, 0.25])
    assert [one.left_gain_m_per_year for one in deal.members] == pytest.approx([0.265625, 0.265625])
    assert (deal.settled, deal.holds) == (True, False)
    assert [one.deal_gain_m_per_year for one in found.owners] == pytest.approx([0.25, 0.25, 1.0])
    assert found.owners[2].deal_adds_m_per_year == pytest.approx(1.0 - 0.0625)


def test_beyond_cuts_alone_an_outsider_takes_its_own_back():
    """From 12.5 kt each a pair idles 87.5 kt more; the third then idles nothing, and the price rises by 11.25."""
    deal = pot.unilateral_cuts(three()).deals[1]
    assert deal.baseline == pot.Baseline.NASH
    assert deal.tonnage_kt == pytest.approx(87.5)
    assert (deal.kept_rise_per_t, deal.price_rise_per_t) == (pytest.approx(12.5), pytest.approx(11.25))
    assert deal.outsiders_kt == pytest.approx(0.0, abs=1e-9)
    assert deal.members[0].kept_gain_m_per_year == pytest.approx(0.0, abs=1e-9)
    assert deal.members[0].gain_m_per_year == pytest.approx(-0.0546875)
    assert not deal.holds


def test_a_deal_that_no_outsider_answers_holds_as_it_did():
    """Who loses 18 a tonne cuts nothing alone; three of four hold 84.49 kt, and two that are left idle 10 kt each."""
    found = pot.unilateral_cuts(lossy(18.0, owners=4))
    deal = found.deals[0]
    assert len(deal.coalition) == 3
    assert deal.tonnage_kt == pytest.approx(0.5 * (120.0 + math.sqrt(2400.0)))
    assert deal.price_rise_per_t == deal.kept_rise_per_t
    assert [sum(kt for _, kt in one.left_cuts) for one in deal.members] == pytest.approx([10.0] * 3)
    assert deal.holds
    assert (found.would_cut, found.least_conduct, found.nash_cuts) == ((), None, ())


@pytest.mark.parametrize("seed", range(18))
def test_of_small_industries_every_figure_is_found_again(seed: int):
    """Rising imports, a spread of the headroom, idle lines, lump sums, whole lines and a shared input."""
    found = pot.unilateral_cuts(drawn(seed))
    assert found.certificate.holds
    for one in found.owners:
        assert (one.loss_share < 1.0) == (one.cut_kt > 0.0) or abs(one.loss_share - 1.0) < 1e-5


def test_owners_above_the_share_are_listed_at_the_table_or_not():
    case = drawn(3)
    all_of_them = pot.unilateral_cuts(case, least_share=0.0)
    assert [one.running_kt for one in all_of_them.owners] == sorted(o.running_kt for o in all_of_them.owners)[::-1]
    assert sum(one.running_share for one in all_of_them.owners) == pytest.approx(1.0)
    assert {one.owner for one in all_of_them.owners if not one.at_table} == {"F"}
    some = pot.unilateral_cuts(case, least_share=0.2, tonnages=all_of_them.tonnages)
    above = [one for one in all_of_them.owners if one.running_share > 0.2]
    assert [(one.owner, one.cut_kt) for one in some.owners] == [(one.owner, one.cut_kt) for one in above]


def test_tonnages_of_another_question_are_refused():
    with pytest.raises(InputError) as raised:
        pot.unilateral_cuts(three(), tonnages=pot.tonnages_that_hold(three(), rule=pot.Rule("efficient")))
    assert (
        str(raised.value) == "tonnages: found tonnages of 'alike', efficient; needed those of the same case and rule."
    )
