"""Many roots narrowed together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potline.numerics.bracketing import Brackets, narrow


def test_a_smooth_root_takes_few_evaluations_and_a_jump_no_more_than_halving():
    asked: list[int] = []

    def both(x, k):
        asked.extend(k.tolist())
        return np.where(k == 0, np.exp(x) - 1.5, np.where(x < 0.3, 1.0, np.nan))

    ends = np.zeros(2), np.full(2, 2.0)
    found = narrow(
        both, Brackets(low=ends[0], high=ends[1], at_low=np.array([-0.5, 1.0]), at_high=np.array([5.9, np.nan])), 1e-9
    )
    assert found.high[0] == pytest.approx(np.log(1.5), abs=4e-9)
    assert found.low[1] < 0.3 <= found.high[1]
    assert found.high[1] - found.low[1] <= 2e-9
    assert asked.count(0) <= 12
    assert asked.count(1) <= 31


@given(root=st.floats(0.02, 0.98), power=st.sampled_from([1, 3, 5]), sign=st.sampled_from([-1.0, 1.0]))
def test_each_end_keeps_its_side_and_the_root_stays_between(root, power, sign):
    def value(x, k):
        return sign * (x - root) ** power

    start = Brackets(low=np.zeros(1), high=np.ones(1), at_low=value(np.zeros(1), None), at_high=value(np.ones(1), None))
    found = narrow(value, start, 1e-7)
    assert found.low[0] - 1e-15 <= root <= found.high[0] + 1e-15
    assert found.high[0] - found.low[0] <= 1e-7 * (1 + 1e-6)
    assert (found.at_low[0] >= 0.0) != (found.at_high[0] >= 0.0)
