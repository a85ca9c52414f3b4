"""A tonnage above which nothing holds: never below the largest that does, and near it where the bound is exact."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.numerics.joint_cut.as_rows import rows_for
from tests.numerics.joint_cut.test_tonnages import alike
from tests.reference.industries import drawn, drawn_alike

from potline.numerics.joint_cut.ceiling import ALL_OR_NONE, TRANSFERS, VOLUNTARY, ceiling
from potline.numerics.joint_cut.hold import COLLAPSE, KEEP, REOPTIMISE, RESPREAD
from potline.numerics.joint_cut.rows import Rows
from potline.numerics.joint_cut.tonnages import tonnages

EVERY = [(belief, k) for belief in (REOPTIMISE, KEEP, RESPREAD, COLLAPSE) for k in (VOLUNTARY, TRANSFERS, ALL_OR_NONE)]


def largest(rows: Rows, belief: int, institution: int) -> float:
    found = tonnages(rows)
    count = int(found.count[0, belief, institution])
    return float(found.interval[0, belief, institution, count - 1, 1]) if count else 0.0


@pytest.mark.parametrize("rule", ["pro_rata", "efficient", "stated"])
@pytest.mark.parametrize("seed", range(10))
def test_nothing_that_holds_lies_above_it(seed: int, rule: str) -> None:
    game = dataclasses.replace(drawn(seed), rule=rule)
    rows = rows_for(game, tuple(range(game.owners)))
    most = float(rows.pieces[0, :, 0].sum())
    for belief, institution in EVERY:
        bound, spent = ceiling(rows, belief, institution, budget=4000)
        assert bound >= largest(rows, belief, institution) * (1.0 - 1e-9), (belief, institution)
        assert bound <= most * (1.0 + 1e-9)
        assert spent <= 9200


@pytest.mark.parametrize("seed", range(4))
def test_alike_owners_are_bounded_too(seed: int) -> None:
    meeting, _ = drawn_alike(seed)
    rows = rows_for(meeting.game, meeting.present)
    for belief, institution in EVERY:
        assert ceiling(rows, belief, institution, budget=4000)[0] >= largest(rows, belief, institution) * (1.0 - 1e-9)


@pytest.mark.parametrize("n", [3, 5])
def test_where_leaving_brings_nothing_the_bound_is_what_holds(n: int) -> None:
    meeting = alike(n)
    rows = rows_for(meeting.game, meeting.present)
    for institution in (VOLUNTARY, ALL_OR_NONE):
        bound = ceiling(rows, COLLAPSE, institution)[0]
        assert bound == pytest.approx(largest(rows, COLLAPSE, institution), rel=2e-3)
        assert bound == pytest.approx(100.0 * n - 50.0, rel=2e-3)


def test_more_boxes_never_loosen_it_and_what_holds_is_its_floor() -> None:
    meeting = alike(6)
    rows = rows_for(meeting.game, meeting.present)
    bounds = [ceiling(rows, COLLAPSE, TRANSFERS, budget=budget)[0] for budget in (1, 50, 500, 5000)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[0] <= 600.0
    assert ceiling(rows, KEEP, VOLUNTARY, floor_kt=599.0)[0] >= 599.0
    assert np.isfinite(ceiling(rows, REOPTIMISE, VOLUNTARY)[0])
