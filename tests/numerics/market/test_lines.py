"""Whole lines: the potential's maximum is an equilibrium, and the count is that of trying every profile."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.numerics.market.lines import best_lines, count_equilibria


def equilibria(a: float, b: float, levels: np.ndarray, cost: np.ndarray) -> list[tuple[int, ...]]:
    """Try every profile."""
    choices = [[k for k in range(levels.shape[1]) if levels[i, k] >= 0] for i in range(levels.shape[0])]

    def profit(profile: tuple[int, ...], i: int) -> float:
        total = sum(int(levels[j, k]) for j, k in enumerate(profile))
        return (a - b * total) * int(levels[i, profile[i]]) - float(cost[i, profile[i]])

    found = []
    for profile in itertools.product(*choices):
        if all(
            profit((*profile[:i], k, *profile[i + 1 :]), i) <= profit(profile, i) + 1e-12
            for i in range(len(profile))
            for k in choices[i]
        ):
            found.append(profile)
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 3), st.floats(0.1, 3.0))
def test_against_every_profile(seed: int, owners: int, lines: int, slope: float) -> None:
    rng = np.random.default_rng(seed)
    levels = np.full((owners, lines + 1), -1, np.int64)
    for i in range(owners):
        most = rng.integers(1, lines + 1)
        levels[i, : most + 1] = np.concatenate(([0], np.cumsum(rng.integers(1, 4, most))))
    cost = np.where(levels > 0, rng.uniform(0.0, 30.0, levels.shape), 0.0)
    found = equilibria(20.0, slope, levels, cost)
    choice, _ = best_lines(20.0, slope, levels, cost)
    assert tuple(choice.tolist()) in found
    assert count_equilibria(20.0, slope, levels, cost, 1e-12) == len(found)


@pytest.mark.parametrize("owners", [30])
def test_large_industries_need_no_enumeration(owners: int) -> None:
    levels = np.tile(np.arange(11, dtype=np.int64), (owners, 1))
    cost = levels * np.linspace(1.0, 5.0, owners)[:, None]
    choice, _ = best_lines(20.0, 0.1, levels, cost)
    price = 20.0 - 0.1 * choice.sum()
    # One more or one less line gains no owner anything.
    for i, q in enumerate(choice):
        margin = price - 1.0 - 4.0 * i / (owners - 1)
        assert q == 10 or margin - 0.1 * (q + 1) <= 1e-9
        assert q == 0 or margin - 0.1 * (q - 1) >= -1e-9
