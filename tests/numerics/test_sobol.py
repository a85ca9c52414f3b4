"""Scrambled Sobol points against SciPy's, bit for bit, and the balance they exist for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from potline.numerics.sobol import TABULATED, sobol


@pytest.mark.parametrize(
    ("dimensions", "exponent"), [(1, 0), (1, 6), (2, 1), (85, 7), (170, 9), (TABULATED, 2), (TABULATED + 1, 1)]
)
def test_the_points_are_those_of_scipy(dimensions: int, exponent: int) -> None:
    for seed in (0, 7):
        found = sobol(dimensions, exponent, np.random.default_rng(seed))
        theirs = qmc.Sobol(dimensions, rng=np.random.default_rng(seed)).random_base2(exponent)
        np.testing.assert_array_equal(found, theirs)


@settings(max_examples=30)
@given(st.integers(1, 300), st.integers(0, 9), st.integers(0, 2**32))
def test_each_dimension_has_one_point_in_every_cell(dimensions: int, exponent: int, seed: int) -> None:
    points = sobol(dimensions, exponent, np.random.default_rng(seed))
    assert points.shape == (1 << exponent, dimensions)
    cells = np.floor(points * (1 << exponent)).astype(int)
    np.testing.assert_array_equal(np.sort(cells, axis=0), np.arange(1 << exponent)[:, None] + np.zeros(dimensions, int))


def test_successive_scramblings_differ() -> None:
    rng = np.random.default_rng(7)
    assert np.all(sobol(3, 4, rng) != sobol(3, 4, rng))
