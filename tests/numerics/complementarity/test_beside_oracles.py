"""Two hundred random markets, solved by codes that share nothing with ours, not even how they read the question."""

from __future__ import annotations

import numpy as np
import pytest
from tests.numerics.complementarity import zoo as zoo
from tests.oracles.asking import COUNTS, Tally, ask, was_solved
from tests.oracles.reading import Floats

from potline.numerics.complementarity.problem import solve_complementarity

INSTANCES = zoo.zoo()
pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def known() -> list[dict[str, Floats | str]]:
    begin = zip(*(zoo.starts(INSTANCES, name) for name in ("stated", "zero", "random")), strict=True)
    return ask(INSTANCES, [list(points) for points in begin])


def test_two_hundred_markets_have_another_answer_to_compare_with(known):
    assert (len(zoo.KINDS), len(INSTANCES)) == (5, 200)
    tally = Tally("200 random markets")
    for item, by in zip(INSTANCES, known, strict=True):
        tally.add(item.name, {oracle: was_solved(answer) for oracle, answer in by.items()})
    tally.require()


@pytest.mark.parametrize("name", zoo.STARTS)
def test_ours_is_the_answer_of_every_oracle_from_any_start(known, name):
    largest = 0.0
    for item, by, point in zip(INSTANCES, known, zoo.starts(INSTANCES, name), strict=True):
        theirs = {oracle: answer for oracle, answer in by.items() if not isinstance(answer, str)}
        ours = solve_complementarity(item.problem, item.lower, item.upper, point)
        assert ours.solved or not theirs, item.name
        for oracle, answer in theirs.items():
            gap = float(np.abs(ours.point - answer).max())
            assert gap <= 1e-6, (item.name, oracle)
            largest = max(largest, gap)
    COUNTS.append(f"200 random markets, ours from the start {name!r}: largest difference of any variable {largest:.0e}")
