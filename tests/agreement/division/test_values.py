"""Division of a joint gain: axioms as properties, beliefs by hand, who pays whom, and every refusal by its text."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.agreement import meeting
from potline.agreement.division import core as core_room
from potline.agreement.division import values
from potline.agreement.division.answers import ByNash, ByNucleolus, ByShapley
from potline.agreement.division.bargaining import nash_bargaining
from potline.agreement.division.core import core
from potline.agreement.division.game import (
    CoalitionGame,
    OutsidersAlone,
    OutsidersTogether,
    OutsidersWorst,
    coalition_game,
)
from potline.agreement.division.payments import deal_game, divide, payments
from potline.agreement.division.values import banzhaf, nucleolus, shapley
from potline.cases import Case, Meeting
from potline.errors import CertificateFailed, Infeasible, InputError
from potline.industry import Industry, LinearDemand, Plant, PriceProcess
from potline.numerics.sharing.values import coalition_sums

NAMES = ("Aba", "Baotou", "Chalco", "Datong", "Emei")
VALUES = {"shapley": shapley, "banzhaf": banzhaf, "nucleolus": lambda game: nucleolus(game).payoff}


def named(worth: np.ndarray) -> CoalitionGame:
    return CoalitionGame(players=NAMES[: worth.size.bit_length() - 1], worth=worth)


def rearranged(worth: np.ndarray, order: list[int]) -> np.ndarray:
    """Return the worths with player ``order[i]`` in place i."""
    new = np.zeros_like(worth)
    for mask in range(worth.size):
        new[mask] = worth[sum(1 << old for i, old in enumerate(order) if mask >> i & 1)]
    return new


@st.composite
def games(draw: st.DrawFn, least: int = 2, most: int = 4) -> np.ndarray:
    """Draw worths in quarters, as much together as in all alone at least."""
    n = draw(st.integers(least, most))
    worth = np.array([0, *draw(st.lists(st.integers(-40, 80), min_size=(1 << n) - 1, max_size=(1 << n) - 1))]) / 4.0
    worth[-1] = max(worth[-1], worth[1 << np.arange(n)].sum())
    return worth


few = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize("name", VALUES)
@few
@given(worth=games(), scale=st.sampled_from([1e-6, 0.3, 7.0, 1e8]), data=st.data())
def test_units_and_a_sure_income_change_nothing_else(name: str, worth: np.ndarray, scale: float, data: st.DataObject):
    n = worth.size.bit_length() - 1
    income = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=n, max_size=n)), dtype=float)
    before = VALUES[name](named(worth))
    after = VALUES[name](named(scale * (worth + coalition_sums(income))))
    np.testing.assert_allclose(after, scale * (before + income), atol=1e-8 * scale)


@pytest.mark.parametrize("name", VALUES)
@few
@given(worth=games(), data=st.data())
def test_names_do_not_matter(name: str, worth: np.ndarray, data: st.DataObject):
    n = worth.size.bit_length() - 1
    order = data.draw(st.permutations(range(n)))
    moved = VALUES[name](named(rearranged(worth, list(order))))
    np.testing.assert_allclose(moved, VALUES[name](named(worth))[list(order)], atol=1e-9)


@pytest.mark.parametrize("name", VALUES)
@few
@given(worth=games(most=3), alone=st.integers(-5, 5))
def test_who_adds_only_its_own_worth_gets_that(name: str, worth: np.ndarray, alone: int):
    with_dummy = np.concatenate([worth, worth + alone])
    assert VALUES[name](named(with_dummy))[-1] == pytest.approx(alone, abs=1e-9)


@pytest.mark.parametrize("name", VALUES)
@few
@given(worth=games())
def test_equals_are_treated_equally(name: str, worth: np.ndarray):
    n = worth.size.bit_length() - 1
    swapped = rearranged(worth, [1, 0, *range(2, n)])
    share = VALUES[name](named((worth + swapped) / 2.0))
    assert share[0] == pytest.approx(share[1], abs=1e-9)


@pytest.mark.parametrize("name", ["shapley", "nucleolus"])
@few
@given(worth=games())
def test_all_is_given_out(name: str, worth: np.ndarray):
    assert VALUES[name](named(worth)).sum() == pytest.approx(worth[-1], abs=1e-9)


@few
@given(first=games(3, 3), second=games(3, 3))
def test_the_shapley_value_of_a_sum_is_the_sum(first: np.ndarray, second: np.ndarray):
    both = shapley(named(first + second))
    np.testing.assert_allclose(both, shapley(named(first)) + shapley(named(second)), atol=1e-10)


@few
@given(worth=games(), player=st.integers(0, 1), rise=st.integers(1, 50), data=st.data())
def test_contributing_more_never_brings_a_smaller_shapley_value(
    worth: np.ndarray, player: int, rise: int, data: st.DataObject
):
    mask = data.draw(st.integers(1, worth.size - 1)) | 1 << player
    more = worth.copy()
    more[mask] += rise
    assert shapley(named(more))[player] > shapley(named(worth))[player]


@few
@given(worth=games())
def test_the_nucleolus_lies_in_the_core_and_the_least_core(worth: np.ndarray):
    game = named(worth)
    found, answer = core(game), nucleolus(game, individually_rational=False)
    if len(game.players) > 1:
        assert answer.complaints[0] == pytest.approx(found.least_complaint, abs=1e-9)
    if not found.empty:
        rational = nucleolus(game).payoff
        np.testing.assert_allclose(rational, answer.payoff, atol=1e-8)
        assert np.all(rational >= found.low - 1e-8)
        assert np.all(rational <= found.high + 1e-8)
        assert found.shortfall == 0.0
    else:
        assert np.isnan(found.low).all()
        assert found.shortfall > 0.0
        assert all(item.weight > 1e-9 for item in found.balanced_weights)
        proof = sum(item.weight * game.of(*item.members) for item in found.balanced_weights)
        assert proof == pytest.approx(game.total + found.shortfall, abs=1e-9)
        for player in game.players:
            assert sum(w.weight for w in found.balanced_weights if player in w.members) == pytest.approx(1.0)


@few
@given(worth=games())
def test_a_core_is_empty_exactly_while_its_shortfall_is_missing(worth: np.ndarray):
    found = core(named(worth))
    if found.empty:
        filled = worth.copy()
        filled[-1] += found.shortfall * (1.0 + 1e-12)
        assert not core(named(filled)).empty
        filled[-1] -= 0.01 * found.shortfall
        assert core(named(filled)).empty


def test_convex_games_have_the_shapley_value_in_the_core() -> None:
    worth = np.array([bin(mask).count("1") ** 2.0 for mask in range(32)]) + coalition_sums(np.arange(5.0))
    found, share = core(named(worth)), shapley(named(worth))
    assert not found.empty
    np.testing.assert_allclose(found.low, worth[1 << np.arange(5)], atol=1e-9)
    assert np.all((coalition_sums(share) >= worth - 1e-9)[1:])


def test_levels_name_who_complains() -> None:
    answer = nucleolus(named(np.array([0.0, 0, 0, 2.5, 0, 0, 0, 3.0])))
    assert answer.complaints == pytest.approx((-0.25, -1.375))
    assert answer.settled[0] == (("Aba", "Baotou"), ("Chalco",))
    assert answer.of("Chalco") == pytest.approx(0.25)
    assert answer.certificate.holds


def test_just_enough_for_everyone_alone_leaves_no_choice() -> None:
    answer = nucleolus(named(np.array([0.0, 1, 2, 3, 4, 9, 9, 7.0])))
    assert answer.payoff.tolist() == [1.0, 2.0, 4.0]
    assert answer.certificate.holds


def test_one_player() -> None:
    alone = named(np.array([0.0, 5.0]))
    assert shapley(alone).tolist() == nucleolus(alone).payoff.tolist() == core(alone).low.tolist() == [5.0]
    assert core(alone).least_complaint == -math.inf


def test_answers_cannot_be_changed() -> None:
    game = named(np.array([0.0, 1, 2, 9]))
    for array in (game.worth, shapley(game), nucleolus(game).payoff, core(game).low, core(game).point):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_a_game_among_some() -> None:
    game = named(np.arange(8.0) ** 2)
    small = game.restricted(["Chalco", "Aba"])
    assert small.worth.tolist() == [0.0, 16.0, 1.0, 25.0]
    assert small.of("Aba", "Chalco") == game.of("Chalco", "Aba") == 25.0


@pytest.mark.parametrize(
    ("players", "worth", "text"),
    [
        ((), [0.0], "players: found 0; needed 1 to 20."),
        (tuple(map(str, range(21))), [0.0], "players: found 21; needed 1 to 20. Merge small owners."),
        (("A", "A"), [0, 1, 1, 2], "players: found 'A' twice; needed different names."),
        (
            ("A", "B"),
            [0, 1, 2],
            "worth: found shape (3,); needed (4,) for 2 players. Index 0 is nobody; bit i of an index is player i.",
        ),
        (("A", "B"), [0, 1, 2, math.nan], "worth of A, B: found nan; needed a finite number."),
        (("A", "B"), [0, 1, math.inf, 1], "worth of B: found inf; needed a finite number."),
        (("A", "B"), [3, 1, 1, 1], "worth of nobody: found 3; needed 0."),
    ],
)
def test_games_that_are_none(players: tuple[str, ...], worth: list[float], text: str) -> None:
    with pytest.raises(InputError) as error:
        CoalitionGame(players=players, worth=np.array(worth))
    assert str(error.value) == text


def test_no_nucleolus_where_all_lose() -> None:
    with pytest.raises(Infeasible) as error:
        nucleolus(named(np.array([0.0, 2, 2, 3])))
    assert str(error.value) == (
        "Nucleolus: found 3 together and 4 in all alone; needed as much together. "
        "Pass individually_rational=False for the prenucleolus."
    )
    assert nucleolus(named(np.array([0.0, 2, 2, 3])), individually_rational=False).payoff.tolist() == [1.5, 1.5]


def test_certificates_reject_wrong_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    game = named(np.array([0.0, 1, 2, 9, 3, 8, 7, 20]))
    solve = values.lexicographic_levels

    def wrong(worth: np.ndarray, **options: bool):
        found = solve(worth, **options)
        return SimpleNamespace(
            status=0, payoff=found.payoff + np.array([50.0, -50.0, 0.0]), settled=found.settled, pivots=1
        )

    monkeypatch.setattr(values, "lexicographic_levels", wrong)
    with pytest.raises(CertificateFailed, match=r"^the nucleolus does not pass its check .nucleolus: balanced"):
        nucleolus(game)
    assert not nucleolus(game, check="report").certificate.holds
    monkeypatch.setattr(core_room, "lexicographic_levels", wrong)
    with pytest.raises(CertificateFailed, match=r"^the core does not pass its check .core: least complaint"):
        core(game)
    assert not core(game, check="report").certificate.holds


# Beliefs ------------------------------------------------------------------------------------------------------------


def cournot(group: tuple[str, ...], others: tuple[tuple[str, ...], ...]) -> float:
    return 1.0 / (len(others) + 2.0) ** 2


@pytest.mark.parametrize("n", [2, 3, 5])
def test_what_a_group_expects_depends_on_its_belief(n: int) -> None:
    gamma = coalition_game(NAMES[:n], cournot)
    delta = coalition_game(NAMES[:n], cournot, belief=OutsidersTogether())
    alpha = coalition_game(NAMES[:n], cournot, belief=OutsidersWorst())
    for mask in range(1, 1 << n):
        outside = n - mask.bit_count()
        assert gamma.worth[mask] == pytest.approx(1.0 / (outside + 2.0) ** 2)
        assert delta.worth[mask] == pytest.approx(1.0 / (min(outside, 1) + 2.0) ** 2)
    np.testing.assert_array_equal(alpha.worth, gamma.worth)
    assert not core(gamma).empty
    assert core(delta).empty == (n > 2)


def test_the_worst_grouping_is_looked_for_among_all() -> None:
    seen: list[tuple[tuple[str, ...], ...]] = []

    def worth(group: tuple[str, ...], others: tuple[tuple[str, ...], ...]) -> float:
        if group == ("Aba",):
            seen.append(tuple(sorted(tuple(sorted(g)) for g in others)))
        return float(len(others) != 2)

    game = coalition_game(NAMES, worth, belief=OutsidersWorst())
    assert len(seen) == len(set(seen)) == 15
    assert game.of("Aba") == 0.0
    assert game.total == 1.0
    assert coalition_game(NAMES, worth, belief=OutsidersAlone()).of("Aba") == 1.0


def test_too_many_players_for_all_groupings() -> None:
    with pytest.raises(InputError) as error:
        coalition_game([str(i) for i in range(11)], cournot, belief=OutsidersWorst())
    text = "players: found 11; needed 10 or fewer. Take another belief, or merge small owners."
    assert str(error.value) == text


# Bargaining ---------------------------------------------------------------------------------------------------------


def test_with_payments_the_surplus_is_shared_by_weight() -> None:
    bargain = nash_bargaining(
        ("A", "B"), [[4.0, 4.0], [9.0, 1.0]], disagreement=[2.0, 3.0], weights=[1.0, 3.0], terms="payments"
    )
    assert bargain.probability.tolist() == [0.0, 1.0]
    assert bargain.payoff.tolist() == [3.25, 6.75]
    assert bargain.paid.tolist() == [-5.75, 5.75]
    assert bargain.agreed


def test_without_payments_the_largest_product_counts() -> None:
    bargain = nash_bargaining(("A", "B"), [[4.0, 4.0], [9.0, 1.0], [2.0, 20.0]], disagreement=[1.0, 0.0], terms="none")
    assert bargain.payoff.tolist() == [2.0, 20.0]
    assert bargain.paid.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("terms", ["payments", "none", "lotteries"])
def test_nobody_agrees_to_a_loss(terms: str) -> None:
    bargain = nash_bargaining(("A", "B"), [[4.0, 0.0], [3.0, 1.0]], disagreement=[3.0, 2.0], terms=terms)
    assert not bargain.agreed
    assert bargain.payoff.tolist() == [3.0, 2.0]
    assert bargain.probability.tolist() == [0.0, 0.0]


def test_lotteries_of_two_ends() -> None:
    bargain = nash_bargaining(("A", "B"), [[10.0, 0.0], [0.0, 4.0]], weights=[3.0, 1.0], terms="lotteries")
    np.testing.assert_allclose(bargain.probability, [0.75, 0.25], atol=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_no_lottery_does_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    menu, power = rng.normal(1.0, 2.0, (40, 4)), rng.uniform(0.5, 2.0, 4)
    bargain = nash_bargaining(NAMES[:4], menu, weights=power, terms="lotteries")
    assert bargain.agreed
    assert bargain.gap <= 1e-9
    slope = (menu / bargain.payoff) @ (power / power.sum()) - 1.0
    assert slope.max() <= 1e-9
    mixes = rng.dirichlet(np.full(40, 0.1), 2000) @ menu
    good = mixes[(mixes > 0.0).all(axis=1)]
    assert np.all(np.log(good) @ power <= np.log(bargain.payoff) @ power + 1e-9)


@few
@given(data=st.data(), scale=st.sampled_from([0.01, 3.0, 1000.0]))
def test_bargains_do_not_depend_on_anybodys_units(data: st.DataObject, scale: float) -> None:
    menu = np.array(
        data.draw(st.lists(st.tuples(*[st.integers(1, 20)] * 3), min_size=1, max_size=6, unique=True)), dtype=float
    )
    unit = np.array([scale, 1.0, 5.0])
    plain = nash_bargaining(NAMES[:3], menu, terms="lotteries").payoff
    other = nash_bargaining(NAMES[:3], menu * unit + 7.0, disagreement=np.full(3, 7.0), terms="lotteries").payoff
    np.testing.assert_allclose(other, plain * unit + 7.0, rtol=1e-6)


def test_equal_weights_of_a_game_of_two_are_the_shapley_value_and_the_nucleolus() -> None:
    game = named(np.array([0.0, 2, 5, 11]))
    bargain = nash_bargaining(game.players, [5.5, 5.5], disagreement=game.alone)
    np.testing.assert_allclose(bargain.payoff, shapley(game))
    np.testing.assert_allclose(bargain.payoff, nucleolus(game).payoff)


@pytest.mark.parametrize(
    ("outcomes", "options", "text"),
    [
        ([[1.0, 2.0, 3.0]], {}, "outcomes: found shape (1, 3); needed (outcomes, 2)."),
        ([1.0, math.nan], {}, "outcomes: found a value that is not a number; needed finite numbers."),
        ([1.0, 2.0], {"weights": [1.0, 0.0]}, "weights: found 0; needed above 0. Leave the player out."),
        ([1.0, 2.0], {"disagreement": [1.0]}, "disagreement: found shape (1,); needed (2,)."),
        (
            [1.0, 2.0],
            {"terms": "swaps"},
            "nash_bargaining, terms: found 'swaps'; needed 'payments', 'none' or 'lotteries'.",
        ),
    ],
)
def test_bargains_that_are_none(outcomes: list[float], options: dict[str, object], text: str) -> None:
    with pytest.raises(InputError) as error:
        nash_bargaining(("A", "B"), outcomes, **options)
    assert str(error.value) == text


# Who pays whom ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(balance=st.lists(st.integers(-9, 9), min_size=1, max_size=7), unit=st.sampled_from([1.0, 0.1, 1e6]))
def test_payments_settle_with_one_fewer_than_members_of_each_group(balance: list[int], unit: float) -> None:
    wanted = np.array([*balance, -sum(balance)], dtype=float) * unit
    players = tuple("ABCDEFGH"[: wanted.size])
    before = np.arange(wanted.size) * unit
    made = payments(players, before, before + wanted)
    net = dict.fromkeys(players, 0.0)
    for item in made:
        assert item.amount_m_per_year > 0.0
        net[item.payer] -= item.amount_m_per_year
        net[item.receiver] += item.amount_m_per_year
    np.testing.assert_allclose(list(net.values()), wanted, atol=1e-8 * unit)
    paying = {item.payer for item in made}
    assert not paying & {item.receiver for item in made}
    assert len(made) <= max(0, np.count_nonzero(wanted) - 1)


def test_payments_are_the_same_however_often_one_asks() -> None:
    after = [3.0, 3.0, -2.0, -2.0, -2.0]
    made = payments(NAMES, np.zeros(5), after)
    assert [(p.payer, p.receiver, p.amount_m_per_year) for p in made] == [
        ("Chalco", "Aba", 2.0),
        ("Datong", "Baotou", 2.0),
        ("Emei", "Aba", 1.0),
        ("Emei", "Baotou", 1.0),
    ]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ([0, 0], [1, 1], "payments: found totals 0 and 2; needed the same total before and after."),
        (
            [0],
            [1, 1],
            "payments: found 2 players, shapes (1,) and (2,); needed 1 to 20 players and a payoff each.",
        ),
        ([0, math.nan], [1, 1], "payments: found a value that is not a number; needed finite numbers."),
    ],
)
def test_payments_that_cannot_be(before: list[float], after: list[float], text: str) -> None:
    with pytest.raises(InputError) as error:
        payments(("A", "B"), before, after)
    assert str(error.value) == text


TABLE = SimpleNamespace(
    owners=("A", "B", "C", "D"),
    mask=np.array([3, 5, 6, 7, 15]),
    gain_m_per_year=np.array([2.0, 4.0, -1.0, 9.0, 10.0]),
)


def test_groups_that_gain_nothing_sign_nothing() -> None:
    game = deal_game(TABLE, ("C", "A", "B"), alone_m_per_year={"B": 1.0, "A": -4.0})
    assert game.players == ("C", "A", "B")
    assert game.of("B", "C") == 1.0
    assert game.of("A", "B") == 2.0
    assert game.of("B") == 1.0
    assert game.of("A") == 0.0
    assert game.total == 9.0


@pytest.mark.parametrize("rule", [ByNucleolus(), ByShapley(), ByNash(weights={"C": 2.0})])
def test_a_deal_is_divided_and_paid(rule: ByNucleolus | ByShapley | ByNash) -> None:
    own = {"A": -3.0, "B": 8.0, "C": 4.0}
    done = divide(TABLE, own, rule=rule)
    assert done.share_m_per_year.sum() == pytest.approx(9.0)
    net = dict(own)
    for item in done.payments:
        net[item.payer] -= item.amount_m_per_year
        net[item.receiver] += item.amount_m_per_year
    np.testing.assert_allclose(list(net.values()), done.share_m_per_year, atol=1e-9)
    worst = max(done.game.worth[mask] - coalition_sums(done.share_m_per_year)[mask] for mask in range(1, 7))
    assert done.largest_complaint_m_per_year == pytest.approx(worst)
    assert done.in_core == (not done.complaining)


def test_the_group_that_would_rather_deal_by_itself_is_named() -> None:
    done = divide(TABLE, {"A": 1.0, "B": 4.0, "C": 4.0}, rule=ByNash(disagreement={"B": 7.0}))
    assert done.share_m_per_year.tolist() == pytest.approx([2 / 3, 7 + 2 / 3, 2 / 3])
    assert done.complaining == ("A", "C")
    assert not done.in_core


@pytest.mark.parametrize(
    ("own", "options", "text"),
    [
        ({"A": 1.0, "Z": 1.0}, {}, "members: found 'Z'; needed one of A, B, C, D."),
        ({"A": 1.0, "D": 1.0}, {}, "members: found A, D, which make no deal; needed a coalition of the table."),
        ({"A": 1.0, "B": 2.0}, {}, "own_gain_m_per_year: found a sum of 3; needed 2, the gain of A, B."),
        (
            {"A": 1.0, "B": 1.0},
            {"rule": ByNash(disagreement={"A": 5.0})},
            "rule ByNash: found a gain of 2 and disagreement payoffs of 5; needed a gain above their sum.",
        ),
    ],
)
def test_divisions_that_cannot_be(own: dict[str, float], options: dict[str, ByNash], text: str) -> None:
    with pytest.raises(InputError) as error:
        divide(TABLE, own, **options)
    assert str(error.value) == text


def test_the_deal_of_a_meeting_can_be_divided() -> None:
    firms = ("North", "East", "South")
    plants = tuple(
        Plant(
            name=firm,
            firm=firm,
            capacity_kt=300.0,
            other_cost_per_t=cost,
            stop_cost_per_t=50.0,
            holding_cost_per_t=40.0,
            restart_cost_per_t=150.0,
        )
        for firm, cost in zip(firms, (1500.0, 1900.0, 2050.0), strict=True)
    )
    industry = Industry(
        name="three firms",
        price_per_t=2000.0,
        process=PriceProcess(volatility=0.2),
        demand=LinearDemand(price_per_t=2000.0, quantity_kt=900.0, elasticity=1.2),
        plants=plants,
    )
    question = Meeting(date="", firms=firms, owners=firms, least_cut_kt=240.0)
    held = meeting(Case(name="three firms", industry=industry, meeting=question), draws=0)
    own = {row.owner: row.gain_m_per_year for row in held.owners if row.member}
    done = divide(held.coalitions, own, rule=ByShapley())
    assert done.game.players == held.coalition
    assert done.share_m_per_year.sum() == pytest.approx(sum(own.values()))
    assert len(done.payments) < len(own)
