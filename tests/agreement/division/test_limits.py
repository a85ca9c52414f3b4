"""A stake walks to nothing, two owners become equal: each division is there what it is near it, or refused by name."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.division.test_values import games, named, rearranged
from tests.agreement.tiny import tiny

from potline.agreement.division.answers import ByNash, ByNucleolus, ByShapley, Core
from potline.agreement.division.bargaining import nash_bargaining
from potline.agreement.division.core import core
from potline.agreement.division.meeting import divide_meeting
from potline.agreement.division.payments import deal_game, divide
from potline.agreement.division.values import banzhaf, nucleolus, shapley
from potline.cases import Case, PlantNoise
from potline.errors import InputError
from potline.industry import Plant

SMALL = (1e-3, 1e-6, 1e-9)
MENU = [[5.0, 2.0], [1.0, 4.0], [3.0, 3.0]]
TERMS = ("payments", "none", "lotteries")
few = settings(max_examples=8, deadline=None)


def values_of(worth: np.ndarray) -> tuple[np.ndarray, Core]:
    """Return every division in one row, and the core, all certified."""
    game = named(worth)
    found = core(game)
    inner = (nucleolus(game).payoff, nucleolus(game, individually_rational=False).payoff)
    return np.concatenate([shapley(game), banzhaf(game), *inner, [found.least_complaint, found.shortfall]]), found


def tends(make: object, players: int) -> None:
    """Assert that divisions move with a stake of s by no more than a few times s, and the core's ends likewise."""
    at, found = values_of(make(0.0))
    for small in SMALL:
        near, beside = values_of(make(small))
        assert np.abs(near - at).max() <= 8.0 * players * small + 1e-13 * np.abs(at).max()
        if not (found.empty or beside.empty):  # a core of one point may be empty as near to it as can be
            for end in ("low", "high"):
                moved = np.abs(getattr(beside, end) - getattr(found, end)).max()
                assert moved <= 8.0 * players * small + 1e-12 * np.abs(at).max()


@few
@given(worth=games(most=4), data=st.data())
def test_a_stake_tends_to_none(worth: np.ndarray, data: st.DataObject):
    """A player that adds s times something to each group: nothing at s = 0."""
    adds = np.array(data.draw(st.lists(st.integers(0, 8), min_size=worth.size, max_size=worth.size))) / 8.0
    adds[-1] = max(adds[-1], adds[0])  # together no less than alone
    tends(lambda s: np.concatenate([worth, worth + s * adds]), worth.size.bit_length())


@few
@given(worth=games(most=4), data=st.data())
def test_two_players_become_equal(worth: np.ndarray, data: st.DataObject):
    n = worth.size.bit_length() - 1
    apart = np.array(data.draw(st.lists(st.integers(-8, 8), min_size=worth.size, max_size=worth.size))) / 8.0
    apart[0] = 0.0
    apart[1 << np.arange(n)] = -np.abs(apart[1 << np.arange(n)])  # together they never have less than alone
    apart[-1] = abs(apart[-1])
    equal = (worth + rearranged(worth, [1, 0, *range(2, n)])) / 2.0
    tends(lambda s: equal + s * apart, n)


@pytest.mark.parametrize("rule", [ByShapley(), ByNucleolus(), ByNash(), ByNash(weights={"C": 1e-9})])
def test_what_is_divided_tends_to_what_it_is_without_an_owner(rule):
    """And so does who pays whom; an owner without gain and weight takes nothing and pays nothing."""
    shares = {}
    for small in (0.0, *SMALL):
        table = _Gains(("A", "B", "C"), np.array([3, 5, 6, 7]), np.array([6.0, 2.0 * small, small, 6.0 + 4.0 * small]))
        done = divide(table, {"A": 9.0, "B": -3.0, "C": 4.0 * small}, rule=rule)
        assert done.certificate.holds
        shares[small] = done.share_m_per_year
        assert done.share_m_per_year == pytest.approx(shares[0.0], abs=5.0 * small)
    weight = 1e-9 if getattr(rule, "weights", {}) else 1.0
    if isinstance(rule, ByNash):
        total = 2.0 + weight
        assert shares[0.0] == pytest.approx([6.0 / total, 6.0 / total, 6.0 * weight / total], rel=1e-12)
    else:
        assert shares[0.0] == pytest.approx([3.0, 3.0, 0.0], abs=1e-12)
    assert deal_game(table, ("A", "B", "C")).alone.tolist() == [0.0, 0.0, 0.0]


class _Gains:
    def __init__(self, owners: tuple[str, ...], mask: np.ndarray, gain: np.ndarray) -> None:
        self.owners, self.mask, self.gain_m_per_year = owners, mask, gain


@pytest.mark.parametrize("terms", TERMS)
def test_bargaining_power_tends_to_none_and_none_is_refused(terms):
    """With ever less of it a player gets what the others leave it; none at all bargains over nothing."""
    alone = nash_bargaining(("A", "B"), MENU, terms=terms).payoff
    for small in SMALL:
        found = nash_bargaining(("A", "B", "C"), np.c_[MENU, [1.0, 2.0, 0.5]], weights=[1.0, 1.0, small], terms=terms)
        paid = np.array([0.5, 0.5, 0.0]) if terms == "payments" else np.zeros(3)  # by C, whose outcome they share
        wanted = [*alone, (found.probability @ [1.0, 2.0, 0.5]) * (terms != "payments")]
        assert found.payoff == pytest.approx(np.array(wanted) + paid, abs=10.0 * small + 1e-9)
    with pytest.raises(InputError, match=r"weights: found 0; needed above 0\. Leave the player out\."):
        nash_bargaining(("A", "B", "C"), np.c_[MENU, [1.0, 2.0, 0.5]], weights=[1.0, 1.0, 0.0], terms=terms)


@pytest.mark.parametrize("terms", TERMS)
@pytest.mark.parametrize("stake", [(1.0, 2.0, 0.5), (3.0, 0.1, 1.0)])
def test_a_bargainers_stake_tends_to_none(terms, stake):
    """Without payments the outcome depends on how little is at stake, however little: so none at all is refused."""
    whole = nash_bargaining(("A", "B", "C"), np.c_[MENU, stake], terms=terms)
    for small in SMALL:
        near = nash_bargaining(("A", "B", "C"), np.c_[MENU, small * np.array(stake)], terms=terms)
        assert near.agreed
        if terms != "payments":
            assert near.probability == pytest.approx(whole.probability, abs=1e-7)
        else:
            assert near.payoff == pytest.approx([7.0 / 3.0] * 3, abs=4.0 * small)
    if terms == "payments":
        assert nash_bargaining(("A", "B", "C"), np.c_[MENU, [0.0] * 3]).payoff == pytest.approx([7.0 / 3.0] * 3)
    else:
        with pytest.raises(InputError) as raised:
            nash_bargaining(("A", "B", "C"), np.c_[MENU, [0.0] * 3], terms=terms)
        assert str(raised.value) == (
            "outcomes: found what 'C' has without agreement, in each outcome; needed something to gain or to lose. "
            "Leave the player out."
        )


@pytest.mark.parametrize("terms", TERMS)
def test_two_bargainers_become_equal_and_what_there_is_to_gain_tends_to_none(terms):
    for small in (0.0, *SMALL):
        found = nash_bargaining(("A", "B"), [[5.0, 2.0], [2.0, 5.0 + small], [3.4, 3.4]], terms=terms)
        equal = [3.4, 3.4] if terms == "none" else [3.5, 3.5]
        assert found.payoff == pytest.approx(equal, abs=small + 1e-9)
        if small or terms == "payments":
            little = nash_bargaining(("A", "B"), [5.0 + small, 2.0 + small], disagreement=[5.0, 2.0], terms=terms)
            assert little.agreed == (small > 0.0)
            assert little.payoff == pytest.approx([5.0, 2.0], abs=2.0 * small)


def with_more(base: Case, capacity: float) -> Case:
    """Return the case with one more owner at the table, of a plant of some size."""
    more = Plant(name="more", firm="more", capacity_kt=capacity, running_kt=capacity, other_cost_per_t=12_000.0)
    names = ("N", "E", "S", "more")
    return dataclasses.replace(
        base,
        industry=dataclasses.replace(base.industry, plants=(*base.industry.plants, more)),
        meeting=dataclasses.replace(base.meeting, firms=names, owners=names),
    )


def test_a_meeting_is_divided_alike_with_an_owner_of_next_to_nothing():
    """Where no owner reaches the tonnage alone. By bargaining all that take part share alike, and one of 0 does not."""
    base = dataclasses.replace(tiny(least=700.0, ceiling=20_000.0), factors=(), noise=PlantNoise())
    without = divide_meeting(base)
    assert without.certificate.holds
    assert len(without.coalition) == 3
    for capacity in (0.0, 1e-9, 1e-6, 1e-3):
        found = divide_meeting(with_more(base, capacity))
        assert found.certificate.holds
        assert found.coalition[:3] == without.coalition
        there = "more" in found.coalition
        for before, after in zip(without.divisions[: 2 if there else 3], found.divisions, strict=False):
            assert after.share_m_per_year[:3] == pytest.approx(before.share_m_per_year, abs=1e2 * capacity + 1e-3)


def test_a_partner_of_next_to_nothing_makes_a_deal_of_a_lone_cut_but_not_where_lone_cuts_count():
    """A deal takes two signatures. Where an owner may idle alone what pays it alone, a second one adds nothing."""
    base = dataclasses.replace(tiny(ceiling=20_000.0), factors=(), noise=PlantNoise())
    without, beside = divide_meeting(base), divide_meeting(with_more(base, 1e-3))
    game = beside.divisions[0].game
    assert game.of("N") == 0.0
    assert game.of("N", "more") > 100.0
    cores = [item.core_with_lone_cuts for item in (without, beside)]
    assert cores[1].game.of("N", "more") == pytest.approx(cores[0].game.of("N"), abs=0.1)
    for end in ("low", "high"):
        assert getattr(cores[1], end)[:3] == pytest.approx(getattr(cores[0], end), abs=0.3)
