"""Checks of meetings with many owners: what a check looks at at once stays small."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from tests.agreement.crowd import crowd

import potline as pot
from potline.agreement.checks.alone import regret
from potline.agreement.checks.best import Problem, best
from potline.agreement.checks.facts import read
from potline.agreement.checks.market import Lines, cleared, lines_of


def test_best_cuts_of_many_owners_are_looked_at_a_part_at_a_time():
    """Every owner's places to look at, beside every idle line: a gigabyte, were all looked at together."""
    facts = read(crowd(600, attend=5), rule=pot.Rule.PRO_RATA)
    lines, cut = lines_of(facts), np.zeros(600)
    tracemalloc.start()
    gain, _, _ = regret(facts, lines, cut)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert gain >= 0.0
    assert peak < 200e6


def test_parts_change_nothing(monkeypatch):
    """The best cut of an owner is the same whoever else is looked at beside it."""
    facts = read(crowd(40, attend=5), rule=pot.Rule.PRO_RATA)
    lines, cut = lines_of(facts), np.zeros(40)
    seen: list[Problem] = []
    monkeypatch.setattr("potline.agreement.checks.alone.best", lambda *given: seen.append(given[2]) or best(*given))
    regret(facts, lines, cut)
    whole = best(facts, lines, seen[0])
    monkeypatch.setattr("potline.agreement.checks.best._TOGETHER", 1)
    alone = best(facts, lines, seen[0])
    assert whole[0] == pytest.approx(alone[0], abs=1e-9)
    assert whole[1] == pytest.approx(alone[1], rel=1e-12)
    assert (whole[1] >= 0.0).all()


@pytest.mark.parametrize("seed", range(20))
def test_many_markets_are_cleared_as_one_by_one(monkeypatch, seed):
    """Thresholds that tie, at 0 and without end, lines held and lines of no size: the same to the bit."""
    rng = np.random.default_rng(seed)
    facts = read(crowd(12, attend=4), rule=pot.Rule.PRO_RATA)
    count, markets = int(rng.integers(1, 40)), int(rng.integers(1, 300))
    at = np.sort(rng.choice([0.0, 0.0, 1.0, 2.0, 5.0, np.inf, *rng.uniform(0.0, 50.0, 8)], count))
    kt = rng.choice([0.0, 1.0, 2.5, *rng.uniform(0.0, 9.0, 5)], count)
    lines = Lines(at[None], rng.uniform(0.0, 3.0, count)[None], kt[None], rng.integers(0, 12, count)[None])
    held = np.zeros((markets, 12), dtype=np.bool_)
    held[:, [1, 3, 5, 7]] = (rng.random((7, 4)) < 0.5)[rng.integers(0, 7, markets)]
    supply = rng.choice([0.0, 1.0, 3.5, *rng.uniform(0.0, 100.0, 20)], markets)
    alone = cleared(facts, lines, supply, held)
    monkeypatch.setattr("potline.agreement.checks.market._MANY", 0)
    together = cleared(facts, lines, supply, held)
    for name in ("fall", "rise", "relief"):
        assert np.array_equal(getattr(alone, name), getattr(together, name))
