"""Published divisions, closed forms, and 50 random games beside an independent package."""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.peers import peer

from potline.agreement.division.core import core
from potline.agreement.division.game import CoalitionGame
from potline.agreement.division.values import banzhaf, nucleolus, shapley
from potline.numerics.sharing.values import coalition_sizes, coalition_sums

TALMUD: dict[str, Any] = next(
    case
    for case in yaml.safe_load((Path(__file__).parent / "published.yaml").read_text(encoding="utf-8"))["cases"]
    if case["id"] == "talmud"
)


def numbered(worth: np.ndarray) -> CoalitionGame:
    return CoalitionGame(players=tuple(f"{i + 1}" for i in range(worth.size.bit_length() - 1)), worth=worth)


def bankruptcy(claims: list[float], estate: float) -> CoalitionGame:
    return numbered(np.maximum(0.0, estate - (sum(claims) - coalition_sums(np.array(claims)))))


def voting(quota: float, weights: list[float]) -> CoalitionGame:
    return numbered((coalition_sums(np.array(weights)) >= quota).astype(float))


def test_talmud() -> None:
    inputs, expected, tolerance = TALMUD["inputs"], TALMUD["expected"], 1e-6
    for estate, shares in zip(inputs["estates"], expected["nucleolus"], strict=True):
        found = nucleolus(bankruptcy(inputs["claims"], estate))
        assert found.payoff == pytest.approx(shares, abs=tolerance)
        assert found.certificate.holds
    value = shapley(bankruptcy(inputs["claims"], 200))
    assert value == pytest.approx(expected["shapley_E200"], abs=tolerance)


def contested_garment(claims: np.ndarray, estate: float) -> np.ndarray:
    """Equal awards up to half of each claim, then equal losses: Aumann & Maschler (1985), JET 36, p. 195."""
    half, total = claims / 2.0, claims.sum()
    spread = estate if estate <= total / 2.0 else total - estate
    low, high = 0.0, float(half.max())
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if np.minimum(half, middle).sum() < spread else (low, middle)
    share = np.minimum(half, high)
    return share if estate <= total / 2.0 else claims - share


@pytest.mark.parametrize("estate", [50.0, 150.0, 250.0, 300.0, 333.0, 425.0, 550.0, 600.0])
def test_the_marriage_contract_at_other_estates(estate: float) -> None:
    claims = [100.0, 200.0, 300.0]
    expected = contested_garment(np.array(claims), estate)
    assert nucleolus(bankruptcy(claims, estate)).payoff == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_other_claims(seed: int) -> None:
    rng = np.random.default_rng(seed)
    claims = np.sort(rng.uniform(10.0, 400.0, 3 + seed % 6))
    estate = float(rng.uniform(0.05, 0.95) * claims.sum())
    found = nucleolus(bankruptcy(claims.tolist(), estate)).payoff
    assert found == pytest.approx(contested_garment(claims, estate), abs=1e-8)


@pytest.mark.parametrize("costs", [[1.0, 2.0, 3.0], [3.0, 3.0, 8.0, 10.0, 10.0], [1.0, 1.5, 4.0, 6.0, 6.5, 11.0, 12.0]])
def test_the_runway(costs: list[float]) -> None:
    """Airport game: Littlechild & Owen (1973), Management Science 20, p. 370; Littlechild (1974), IJGT 3, p. 21."""
    n, cost = len(costs), np.array(costs)
    most = np.zeros(1)
    for c in costs:
        most = np.concatenate([most, np.maximum(most, c)])
    game = numbered(coalition_sums(cost) - most)
    steps = np.diff(cost, prepend=0.0)
    fees = np.cumsum(steps / (n - np.arange(n)))
    assert cost - shapley(game) == pytest.approx(fees, abs=1e-12)

    paid, done, before = np.zeros(n), 0, 0.0
    while done < n:
        each = [(cost[k] - before) / (k - done + 2) for k in range(done, n - 1)] + [(cost[-1] - before) / (n - done)]
        least = min(each)
        last = max(k for k, value in enumerate(each) if value <= least + 1e-12) + done
        paid[done : last + 1] = least
        before += least * (last + 1 - done)
        done = last + 1
    assert cost - nucleolus(game).payoff == pytest.approx(paid, abs=1e-9)


def gloves(left: int, right: int) -> CoalitionGame:
    ones = np.ones(left + right)
    lefts, rights = coalition_sums(ones * (np.arange(ones.size) < left)), coalition_sums(ones)
    return numbered(np.minimum(lefts, rights - lefts))


@pytest.mark.parametrize(
    ("left", "right", "value_left", "value_right"),
    [(1, 2, 2 / 3, 1 / 6), (2, 3, 0.65, 7 / 30), (3, 3, 0.5, 0.5), (1, 4, 0.8, 0.05)],
)
def test_gloves(left: int, right: int, value_left: float, value_right: float) -> None:
    """Shapley & Shubik (1969), International Economic Review 10, p. 337: the scarce side has the core."""
    game = gloves(left, right)
    assert shapley(game) == pytest.approx([value_left] * left + [value_right] * right, abs=1e-12)
    found = core(game)
    if left < right:
        assert found.low == pytest.approx([1.0] * left + [0.0] * right, abs=1e-9)
        assert found.high == pytest.approx(found.low, abs=1e-9)
        assert nucleolus(game).payoff == pytest.approx(found.low, abs=1e-9)
    else:
        assert found.high == pytest.approx(np.ones(left + right), abs=1e-9)
        assert nucleolus(game).payoff == pytest.approx(np.full(left + right, 0.5), abs=1e-9)


def test_a_majority_of_shares() -> None:
    """[51; 35, 20, 15, 15, 15] is [5; 3, 2, 1, 1, 1], homogeneous and of constant sum: the nucleolus is its weights.

    Peleg (1968), SIAM Journal on Applied Mathematics 16, p. 527; values from the swings, by hand.
    """
    game = voting(51, [35, 20, 15, 15, 15])
    assert nucleolus(game).payoff == pytest.approx(np.array([3, 2, 1, 1, 1]) / 8, abs=1e-9)
    assert shapley(game) == pytest.approx(np.array([27, 12, 7, 7, 7]) / 60, abs=1e-12)
    assert core(game).empty
    orders = list(permutations(range(5)))
    weights = np.array([35, 20, 15, 15, 15])
    pivots = [next(i for k, i in enumerate(order) if weights[list(order[: k + 1])].sum() >= 51) for order in orders]
    assert shapley(game) == pytest.approx(np.bincount(pivots) / len(orders), abs=1e-12)


def test_the_council_of_the_six() -> None:
    """[12; 4, 4, 4, 2, 2, 1], 1958: Luxembourg never matters. Brams & Affuso (1976), Theory and Decision 7, p. 29."""
    game = voting(12, [4, 4, 4, 2, 2, 1])
    assert shapley(game) == pytest.approx(np.array([14, 14, 14, 9, 9, 0]) / 60, abs=1e-12)
    assert banzhaf(game) == pytest.approx(np.array([10, 10, 10, 6, 6, 0]) / 32, abs=1e-12)


def test_the_security_council() -> None:
    """Five vetoes and ten seats, 39 votes needed: 421/2145 and 4/2145, as Shapley & Shubik (1954) count."""
    game = voting(39, [7] * 5 + [1] * 10)
    assert shapley(game) == pytest.approx([421 / 2145] * 5 + [4 / 2145] * 10, abs=1e-12)
    assert nucleolus(game).payoff == pytest.approx([0.2] * 5 + [0.0] * 10, abs=1e-9)
    assert core(game).high == pytest.approx([1.0] * 5 + [0.0] * 10, abs=1e-9)


def test_the_tennessee_valley() -> None:
    """Costs of navigation, flood control, power (thousand dollars). Straffin & Heaney (1981), IJGT 10, p. 35."""
    cost = np.array([0, 163_520, 140_826, 301_607, 250_096, 378_821, 367_370, 412_584.0])
    alone = cost[[1, 2, 4]]
    game = numbered(coalition_sums(alone) - cost)
    assert alone - shapley(game) == pytest.approx([117_829, 100_756.5, 193_998.5], abs=1e-6)
    assert alone - nucleolus(game).payoff == pytest.approx([116_234, 93_540, 202_810], abs=1e-6)


def test_the_market_for_houses() -> None:
    """Three sellers, three buyers: Shapley & Shubik (1971), IJGT 1, p. 111; nucleolus: Solymosi & Raghavan (1994)."""
    surplus = np.array([[5, 8, 2], [7, 9, 6], [2, 3, 0]])
    worth = np.zeros(64)
    for mask in range(64):
        for order in permutations(range(3)):
            pairs = [(i, j) for i, j in enumerate(order) if mask >> i & 1 and mask >> (3 + j) & 1]
            worth[mask] = max(worth[mask], sum(surplus[pair] for pair in pairs))
    found = core(numbered(worth))
    assert found.low == pytest.approx([3, 5, 0, 1, 3, 0], abs=1e-9)
    assert found.high == pytest.approx([5, 6, 1, 2, 5, 1], abs=1e-9)
    assert nucleolus(numbered(worth)).payoff * 3 == pytest.approx([12, 17, 1, 5, 12, 1], abs=1e-9)


@pytest.mark.parametrize("n", [3, 5, 7])
def test_any_majority_of_equals_is_unstable(n: int) -> None:
    """Everybody gets 1/n, and any q = (n + 1)/2 complain by 1 - q/n; n/q would have to be there for the core."""
    game = voting(n // 2 + 1, [1.0] * n)
    found = core(game)
    assert found.empty
    assert found.least_complaint == pytest.approx(1.0 - (n // 2 + 1) / n, abs=1e-12)
    assert found.shortfall == pytest.approx(n / (n // 2 + 1) - 1.0, abs=1e-12)
    assert nucleolus(game).payoff == pytest.approx(np.full(n, 1.0 / n), abs=1e-12)


@pytest.mark.oracle
def test_fifty_random_games_beside_an_independent_package() -> None:
    """The package is ``coopgame-py`` on the index."""
    theory = peer("coopgame", having="nucleolus")
    rng = np.random.default_rng(20130425)
    for number in range(50):
        n = 3 + number % 7
        size = coalition_sizes(n)
        worth = rng.uniform(-10.0, 10.0, 1 << n) * size if number % 2 else rng.integers(0, 6, 1 << n).astype(float)
        worth[0] = 0.0
        worth[-1] = max(worth[-1], math.fsum(worth[1 << np.arange(n)])) + 1.0
        ours, theirs = numbered(worth), theory.Game(worth[1:].tolist())
        scale = np.abs(worth).max()
        assert shapley(ours) == pytest.approx(theory.shapley(theirs), abs=1e-9 * scale)
        assert banzhaf(ours) == pytest.approx(theory.banzhaf(theirs), abs=1e-9 * scale)
        expected = theory.nucleolus(theirs)["allocation"]
        assert nucleolus(ours).payoff == pytest.approx(expected, abs=1e-7 * scale)
        expected = theory.prenucleolus(theirs)["allocation"]
        assert nucleolus(ours, individually_rational=False).payoff == pytest.approx(expected, abs=1e-7 * scale)
