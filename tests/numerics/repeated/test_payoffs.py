"""Payoff sets and critical rates against a public oracle, brute force and what economics says they must obey."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.peers import peer

from potline.numerics.repeated.check import outer_supports, self_generation_gap, supports
from potline.numerics.repeated.payoffs import EMPTY, SETTLED, two_player_payoffs
from potline.numerics.repeated.rates import critical_rates, longest_lag, slack_at
from potline.numerics.repeated.transfers import best_responses, contract_gap, contracts, critical_factor

COURNOT = np.array([[[16.0, 3.0, 0.0], [21.0, 10.0, -1.0], [9.0, 5.0, -5.0]], [[9, 13, 3], [1, 4, 0], [0, -4, -15]]])
CIRCLE = np.stack([np.cos(np.linspace(0.0, 6.2, 63)), np.sin(np.linspace(0.0, 6.2, 63))], axis=1)


def drawn(seed: int) -> tuple[np.ndarray, float]:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, 6, 2)
    return rng.normal(size=(2, rows, columns)), float(rng.choice([0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 0.95]))


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> Callable[[np.ndarray, float], Any]:
    """Vertices by quantecon; None where it cannot say.

    Its compiled code writes past the end of an array in some games (0.11), so it runs uncompiled here, where that is an
    error; nor can it hold a set without area.
    """
    theory = peer("quantecon.game_theory")
    module = importlib.import_module("quantecon.game_theory.repeated_game")
    from scipy.spatial import QhullError

    for name in ("_R", "_find_C", "_intersect", "_update_u"):
        monkeypatch.setattr(module, name, getattr(module, name).py_func)

    def solve(payoffs: np.ndarray, delta: float) -> Any:
        game = theory.NormalFormGame((theory.Player(payoffs[0]), theory.Player(np.ascontiguousarray(payoffs[1].T))))
        try:
            hull = theory.RepeatedGame(game, delta).equilibrium_payoffs("abreu_sannikov", {"max_iter": 10_000})
        except (ValueError, QhullError, IndexError):
            return None
        return hull.points[hull.vertices]

    return solve


@pytest.mark.oracle
@pytest.mark.filterwarnings("default")
def test_fifty_random_games_agree_with_quantecon(oracle: Callable[[np.ndarray, float], Any]) -> None:
    compared, seed = 0, 0
    while compared < 50:
        payoffs, delta = drawn(seed)
        seed += 1
        theirs, ours = oracle(payoffs, delta), two_player_payoffs(payoffs, delta)
        if theirs is None:
            continue
        assert ours.status == SETTLED
        assert np.abs(supports(theirs, CIRCLE) - supports(ours.vertices, CIRCLE)).max() < 1e-9
        compared += 1


@pytest.mark.parametrize("seed", range(40))
def test_sets_generate_themselves_and_lie_in_the_outer_bound(seed: int) -> None:
    payoffs, delta = drawn(1000 + seed)
    found = two_player_payoffs(payoffs, delta)
    way, reach = outer_supports(payoffs, delta, directions=24, tolerance=1e-7)
    if found.status == EMPTY:
        stays = (best_responses(payoffs) <= payoffs).all(axis=0)
        assert not stays.any(), "a static equilibrium is an equilibrium of the repeated game"
        return
    assert self_generation_gap(payoffs, delta, found.vertices) < 1e-11
    assert (reach - supports(found.vertices, way)).min() > -1e-8


def test_more_directions_close_the_outer_bound() -> None:
    found = two_player_payoffs(COURNOT, 0.3)
    gaps = []
    for directions in (16, 64, 256):
        way, reach = outer_supports(COURNOT, 0.3, directions=directions)
        gaps.append(float((reach - supports(found.vertices, way)).max()))
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 0.05


def test_a_cut_corner_fails_self_generation() -> None:
    found = two_player_payoffs(COURNOT, 0.3)
    too_much = found.vertices.copy()
    too_much[np.argmax(too_much[:, 0])] += 0.5
    assert self_generation_gap(COURNOT, 0.3, too_much) > 1e-3


def test_no_pure_equilibrium_is_said() -> None:
    pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    found = two_player_payoffs(pennies, 0.2)
    assert found.status == EMPTY
    assert found.vertices.shape == (0, 2)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 10.0), st.floats(-5.0, 5.0))
def test_scale_shift_and_labels_change_nothing(seed: int, scale: float, shift: float) -> None:
    payoffs, delta = drawn(seed)
    found = two_player_payoffs(payoffs, delta)
    other = two_player_payoffs(payoffs * scale + shift, delta)
    swapped = two_player_payoffs(np.ascontiguousarray(payoffs[::-1].transpose(0, 2, 1)), delta)
    assert found.status == other.status == swapped.status
    if found.status == SETTLED:
        again = supports((other.vertices - shift) / scale, CIRCLE)
        assert np.allclose(supports(found.vertices, CIRCLE), again, atol=1e-8)
        assert np.allclose(supports(found.vertices, CIRCLE), supports(swapped.vertices[:, ::-1], CIRCLE), atol=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_side_payments_never_hurt(seed: int) -> None:
    payoffs, delta = drawn(2000 + seed)
    found, paid = two_player_payoffs(payoffs, delta), contracts(payoffs, delta)
    if found.status == SETTLED:
        assert paid.joint >= found.vertices.sum(axis=1).max() - 1e-9
        assert (paid.worst <= found.threat + 1e-9).all()


@pytest.mark.parametrize("seed", range(12))
def test_contracts_are_the_best_of_all_by_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(3, 2, 3, 2))
    delta = float(rng.choice([0.2, 0.4, 0.6, 0.9]))
    g, c = payoffs.reshape(3, -1), best_responses(payoffs).reshape(3, -1)
    need = (c - g).sum(axis=0)
    best = (-np.inf, np.inf)
    for path in range(g.shape[1]):
        for profiles in itertools.product(range(g.shape[1]), repeat=3):
            worst = sum(c[i, a] for i, a in enumerate(profiles))
            promised = delta * (g[:, path].sum() - worst)
            if all((1.0 - delta) * need[a] <= promised + 1e-12 for a in (path, *profiles)):
                best = max(best[0], g[:, path].sum()), min(best[1], worst)
    found = contracts(payoffs, delta)
    if found.profile < 0:
        assert best[0] == -np.inf
        return
    assert (found.joint, found.worst.sum()) == pytest.approx(best, abs=1e-12)
    assert contract_gap(payoffs, delta, found) < 1e-12


@pytest.mark.parametrize("seed", range(12))
def test_critical_factor_is_where_contracts_begin(seed: int) -> None:
    payoffs = np.random.default_rng(seed).normal(size=(3, 3, 2, 3))
    moved = (best_responses(payoffs) > payoffs).any(axis=0)
    profile = int(np.argmax(np.where(moved, payoffs.sum(axis=0), -np.inf)))
    factor = critical_factor(payoffs, profile)
    assert 0.0 < factor < 1.0
    assert contracts(payoffs, factor + 1e-9, profile=profile).profile == profile
    assert contracts(payoffs, factor - 1e-6, profile=profile).profile == -1


def test_contracts_scale_in_players() -> None:
    """Ten players who each may keep or break: everyone who keeps adds 1 to everybody and pays 2.5 for it."""
    players = 10
    keeps = np.stack(np.meshgrid(*[[1.0, 0.0]] * players, indexing="ij"))
    payoffs = keeps.sum(axis=0)[None] - 2.5 * keeps
    factor = critical_factor(payoffs, 0)
    assert factor == pytest.approx(1.5 / 9.0, abs=1e-12)
    found = contracts(payoffs, factor + 1e-9)
    assert found.joint == pytest.approx(players * (players - 2.5))
    assert contract_gap(payoffs, factor + 1e-9, found) < 1e-9


member = st.tuples(st.floats(-2.0, 5.0), st.floats(0.0, 5.0), st.floats(0.0, 5.0), st.floats(0.0, 3.0))


@settings(max_examples=200, deadline=None)
@given(member, st.floats(0.05, 3.0))
def test_rates_split_keeping_from_cheating(numbers: tuple[float, float, float, float], lag: float) -> None:
    """c, d - c and c - p, R: the sign of the slack is what the interval says, on a grid of rates."""
    c, more, loss, cost = numbers
    at = [np.array([v]) for v in (c, c + more, c - loss, cost)]
    low, high = (float(v[0]) for v in critical_rates(*at[:3], restart_cost=at[3], lag_years=lag))
    for rate in np.geomspace(1e-3, 50.0, 60):
        slack = float(slack_at(rate, *at, lag_years=lag)[0])
        if abs(slack) > 1e-9:
            assert (slack < 0.0) == (low < rate < high)


@settings(max_examples=100, deadline=None)
@given(member, st.floats(0.01, 1.0))
def test_longest_lag_leaves_nothing(numbers: tuple[float, float, float, float], rate: float) -> None:
    c, more, loss, cost = numbers
    at = [np.array([v]) for v in (c, c + more, c - loss, cost)]
    lag = float(longest_lag(rate, *at)[0])
    if np.isfinite(lag) and lag > 0.0:
        assert float(slack_at(rate, *at, lag_years=lag)[0]) == pytest.approx(0.0, abs=1e-9)


def test_who_loses_in_the_deal_never_keeps_it() -> None:
    one = np.ones(1)
    low, high = critical_rates(one, 2.0 * one, 1.5 * one, restart_cost=0.0 * one, lag_years=1.0)
    assert np.isnan(low[0])
    assert np.isinf(high[0])


def test_a_dear_restart_deters_even_the_impatient() -> None:
    one = np.ones(1)
    cheap = critical_rates(one, 3.0 * one, 0.0 * one, restart_cost=0.1 * one, lag_years=1.0)
    dear = critical_rates(one, 3.0 * one, 0.0 * one, restart_cost=3.0 * one, lag_years=1.0)
    assert 0.0 < cheap[0][0] < cheap[1][0] < np.inf
    assert np.isinf(dear[0][0])
