"""Shares of a game against definitions applied one by one, and the programs against textbook linear programs."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import linprog

from potline.numerics.sharing import programs as shares_programs
from potline.numerics.sharing.certificate import combination_error, kohlberg_test, largest_complaint
from potline.numerics.sharing.levels import lexicographic_levels
from potline.numerics.sharing.programs import INFEASIBLE, SOLVED, STALLED, extreme_payoff, least_total
from potline.numerics.sharing.values import (
    banzhaf_values,
    coalition_sizes,
    coalition_sums,
    settlement_groups,
    shapley_values,
)

KINDS = ("any", "few values", "voting", "cover")


def game(kind: str, n: int, seed: int) -> np.ndarray:
    """Draw a game in which together there is as much as in all alone."""
    rng = np.random.default_rng([seed, n])
    size = coalition_sizes(n)
    if kind == "any":
        worth = rng.normal(size=1 << n) * 10.0 + 3.0 * size
    elif kind == "few values":
        worth = rng.integers(0, 4, 1 << n).astype(float)
    elif kind == "voting":
        weight = rng.integers(1, 9, n).astype(float)
        worth = (coalition_sums(weight) > 0.55 * weight.sum()).astype(float)
    else:
        worth = np.maximum(0.0, coalition_sums(rng.normal(1.0, 3.0, n))) + size**1.5
    worth[0] = 0.0
    worth[-1] = max(worth[-1], worth[1 << np.arange(n)].sum())
    return worth


def by_orders(worth: np.ndarray) -> np.ndarray:
    n = worth.size.bit_length() - 1
    total = np.zeros(n)
    for order in permutations(range(n)):
        mask = 0
        for i in order:
            total[i] += worth[mask | 1 << i] - worth[mask]
            mask |= 1 << i
    return total / math.factorial(n)


def textbook_nucleolus(worth: np.ndarray, *, bounded: bool) -> np.ndarray:
    """Maschler, Peleg & Shapley (1979): at each level, fix every coalition that can never complain by less."""
    n = worth.size.bit_length() - 1
    masks = np.arange(1, worth.size - 1)
    rows = (masks[:, None] >> np.arange(n) & 1).astype(float)
    fixed: dict[int, float] = {}
    floor = [(float(v) if bounded else None, None) for v in worth[1 << np.arange(n)]]
    while True:
        still = [k for k in range(masks.size) if k not in fixed]
        equal = np.array([[*np.ones(n), 0.0]] + [[*rows[k], 0.0] for k in fixed])
        right = np.array([worth[-1], *fixed.values()])
        upper = np.hstack([-rows[still], -np.ones((len(still), 1))])
        first = linprog(
            np.append(np.zeros(n), 1.0),
            A_ub=upper,
            b_ub=-worth[masks[still]],
            A_eq=equal,
            b_eq=right,
            bounds=[*floor, (None, None)],
        )
        assert first.success
        level = first.x[n]
        for k in still:
            more = linprog(
                np.append(-rows[k], 0.0),
                A_ub=upper,
                b_ub=-worth[masks[still]],
                A_eq=equal,
                b_eq=right,
                bounds=[*floor, (level, level + 1e-9)],
            )
            assert more.success
            if -more.fun <= worth[masks[k]] - level + 1e-6:
                fixed[k] = float(worth[masks[k]] - level)
        if np.linalg.matrix_rank(np.vstack([np.ones(n), *(rows[k] for k in fixed)])) == n:
            return first.x[:n]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 6])
def test_values_are_averages_over_orders_and_coalitions(n: int) -> None:
    worth = np.append(0.0, np.random.default_rng(n).normal(size=(1 << n) - 1))
    np.testing.assert_allclose(shapley_values(worth), by_orders(worth), atol=1e-12)
    for i in range(n):
        without = [mask for mask in range(1 << n) if not mask >> i & 1]
        mean = np.mean([worth[mask | 1 << i] - worth[mask] for mask in without])
        assert banzhaf_values(worth)[i] == pytest.approx(mean, abs=1e-12)


def test_integers_are_added_exactly() -> None:
    worth = np.random.default_rng(3).integers(0, 1000, 1 << 10).astype(float)
    worth[0] = 0.0
    assert shapley_values(worth).sum() == pytest.approx(worth[-1], rel=1e-14)


def test_sums_and_sizes_of_coalitions() -> None:
    payoff = np.array([3.0, -1.0, 0.5])
    for mask in range(8):
        members = [i for i in range(3) if mask >> i & 1]
        assert coalition_sums(payoff)[mask] == payoff[members].sum()
        assert coalition_sizes(3)[mask] == len(members)


def most_groups(balance: tuple[float, ...]) -> int:
    """Return the most groups that sum to zero, over all partitions."""

    def partitions(rest: list[float]) -> list[list[list[float]]]:
        if not rest:
            return [[]]
        found = []
        for groups in partitions(rest[1:]):
            found.append([[rest[0]], *groups])
            for k, group in enumerate(groups):
                found.append([*groups[:k], [rest[0], *group], *groups[k + 1 :]])
        return found

    return max(len(groups) for groups in partitions(list(balance)) if all(sum(group) == 0 for group in groups))


@pytest.mark.parametrize("seed", range(12))
def test_there_are_no_more_groups_that_settle_by_themselves(seed: int) -> None:
    balance = np.random.default_rng(seed).integers(-4, 5, 7).astype(float)
    balance[-1] -= balance.sum()
    group = settlement_groups(balance, 1e-9)
    assert group.max() + 1 == most_groups(tuple(balance))
    for number in range(group.max() + 1):
        assert balance[group == number].sum() == 0.0


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_levels_end_where_the_textbook_programs_end(kind: str, n: int, bounded: bool) -> None:
    for seed in range(2):
        worth = game(kind, n, seed)
        found = lexicographic_levels(worth, bounded=bounded)
        assert found.status == SOLVED
        assert len(found.settled) <= n - 1
        np.testing.assert_allclose(found.payoff, textbook_nucleolus(worth, bounded=bounded), atol=2e-6)


@pytest.mark.parametrize("bounded", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [2, 6, 9, 11])
def test_payoffs_pass_kohlbergs_test_and_others_do_not(kind: str, n: int, bounded: bool) -> None:
    for seed in range(3):
        worth = game(kind, n, seed)
        found = lexicographic_levels(worth, bounded=bounded)
        tolerance = 1e-9 * np.abs(worth).max()
        right = kohlberg_test(worth, found.payoff, bounded=bounded, tolerance=tolerance)
        assert right.balanced
        assert max(right.moved, right.efficiency_gap, right.bound_gap) <= tolerance
        wrong = found.payoff.copy()
        wrong[[0, 1]] += np.array([1e-5, -1e-5]) * np.abs(worth).max()
        test = kohlberg_test(worth, wrong, bounded=bounded, tolerance=tolerance)
        assert not test.balanced or test.bound_gap > tolerance


def test_levels_fall_and_name_coalitions_that_complain_by_them() -> None:
    worth = game("any", 8, 5)
    found = lexicographic_levels(worth, bounded=False)
    levels = [item.level for item in found.settled]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == pytest.approx(largest_complaint(worth, found.payoff), abs=1e-12)
    complaint = worth - coalition_sums(found.payoff)
    for item in found.settled:
        np.testing.assert_allclose(complaint[item.coalitions], item.level, atol=1e-11)
        assert item.weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(("nudge", "patience"), [(0.0, 4), (0.0, -1), (3.0, 4)])
@pytest.mark.parametrize("kind", KINDS)
def test_other_ways_to_pivot_end_in_the_same_point(
    kind: str, nudge: float, patience: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    worth = game(kind, 7, 1)
    usual = lexicographic_levels(worth, bounded=True).payoff
    monkeypatch.setattr(shares_programs, "NUDGE", nudge)
    monkeypatch.setattr(shares_programs, "PATIENCE", patience)
    careful = lexicographic_levels(worth, bounded=True)
    assert careful.status == SOLVED
    np.testing.assert_allclose(careful.payoff, usual, atol=1e-10)


def test_bounds_that_leave_nothing_are_reported() -> None:
    assert lexicographic_levels(np.array([0.0, 2.0, 2.0, 3.0]), bounded=True).status == INFEASIBLE


def test_running_out_of_rounds_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares_programs, "ROUNDS", 1)
    assert lexicographic_levels(game("any", 6, 0), bounded=True).status == STALLED


def test_one_player_has_all() -> None:
    found = lexicographic_levels(np.array([0.0, -3.0]), bounded=True)
    assert found.payoff.tolist() == [-3.0]
    assert found.settled == ()


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("seed", range(3))
def test_extreme_payoffs_are_those_of_a_plain_program(n: int, seed: int) -> None:
    worth = game("any", n, seed)
    worth[-1] = 60.0
    level = lexicographic_levels(worth, bounded=False, programs=1).settled[0].level
    allowed = max(0.0, level)
    masks = np.arange(1, worth.size - 1)
    rows = (masks[:, None] >> np.arange(n) & 1).astype(float)
    for player in range(n):
        for largest in (False, True):
            sign = -1.0 if largest else 1.0
            plain = linprog(
                sign * np.eye(n)[player],
                A_ub=-rows,
                b_ub=allowed - worth[masks],
                A_eq=np.ones((1, n)),
                b_eq=worth[-1:],
                bounds=(None, None),
            )
            status, point, proof = extreme_payoff(worth, player, largest=largest, level=allowed)
            assert status == SOLVED
            assert point[player] == pytest.approx(plain.x[player], abs=1e-6)
            assert combination_error(proof, sign * np.eye(n)[player]) <= 1e-12


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_total_is_that_of_a_plain_program(kind: str) -> None:
    worth = game(kind, 5, 2)
    masks = np.arange(1, worth.size - 1)
    rows = (masks[:, None] >> np.arange(5) & 1).astype(float)
    plain = linprog(np.ones(5), A_ub=-rows, b_ub=-worth[masks], bounds=(None, None))
    status, payoff, weights = least_total(worth)
    assert status == SOLVED
    assert payoff.sum() == pytest.approx(plain.fun, abs=1e-7)
    assert weights @ worth == pytest.approx(payoff.sum(), abs=1e-9)
    assert combination_error(weights, np.ones(5)) <= 1e-12


def test_the_least_core_can_have_more_than_one_point_and_the_nucleolus_is_one() -> None:
    worth = np.array([0.0, 0, 0, 0, 0, 0, 0, 3.0])
    worth[3] = 2.5
    first = lexicographic_levels(worth, bounded=False, programs=1)
    last = lexicographic_levels(worth, bounded=False)
    assert len(first.settled) == 1
    assert largest_complaint(worth, first.payoff) == pytest.approx(first.settled[0].level)
    np.testing.assert_allclose(last.payoff, [1.375, 1.375, 0.25], atol=1e-12)


def test_combination_errors_show_wrong_and_negative_weights() -> None:
    assert combination_error(np.array([0.0, 1.0, 0.5, 0.0]), np.ones(2)) == 0.5
    assert combination_error(np.array([0.0, -1.0, -1.0, 2.0]), np.ones(2)) == 1.0
