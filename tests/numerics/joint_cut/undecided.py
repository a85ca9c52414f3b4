"""How many of 200 drawn meetings of 21 to 62 owners stay undecided, by belief: ``python -m`` this module."""

from __future__ import annotations

from collections import Counter

import numpy as np
from tests.numerics.joint_cut.test_search import drawn

from potline.choices import Belief, Institution
from potline.numerics.joint_cut.deals import arrange
from potline.numerics.joint_cut.rows import rows_of
from potline.numerics.joint_cut.search import search

MEETINGS, BUDGET = 200, 200
TESTS = (Institution.VOLUNTARY, Institution.TRANSFERS)


def verdicts(seed: int) -> dict[tuple[Belief, Institution], str]:
    """Return what is known of one meeting: shares pro rata, a tonnage of 1 to 30 % of what all run."""
    r = np.random.default_rng(1000 + seed)
    owners = int(r.integers(21, 63))
    market, plants = drawn(seed, owners)
    least = np.array([r.uniform(0.01, 0.3) * plants.running_kt.sum()])
    found = search(rows_of(arrange(market, plants, owners), np.arange(owners), least), budget=BUDGET)

    def verdict(*at: int) -> str:
        if found.lower_m[0, *at] >= 0.0:
            return "agreement"
        return "no agreement" if found.upper_m[0, *at] < 0.0 else "not decided"

    return {(belief, test): verdict(belief.place, test.place) for belief in Belief for test in TESTS}


if __name__ == "__main__":
    every = [verdicts(seed) for seed in range(MEETINGS)]
    for at in every[0]:
        print(*at, dict(Counter(one[at] for one in every)))
