"""The search over coalitions: whatever it spends, the best score of all lies between its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potline.numerics.joint_cut.deals import CutMarket, CutPlants, alone, arrange, coalitions_of, deals, listed, repeat
from potline.numerics.joint_cut.rows import EFFICIENT, PRO_RATA, STATED, rows_of
from potline.numerics.joint_cut.search import GOALS, search
from potline.numerics.joint_cut.sweep import COLLAPSE, KEEP, REOPTIMISE


def drawn(seed, owners, *, isoelastic=False, relief="none", potlines=False, low=False, cheap=False, tied=False):
    """A market and plants of owners of one to a few plants, some of them idle, some losing money; losses may tie."""
    r = np.random.default_rng(seed)
    plants = owners + int(r.integers(0, owners))
    owner = np.concatenate([np.arange(owners), r.integers(0, owners, plants - owners)])
    running = r.uniform(100.0, 900.0, plants) * (r.random(plants) < 0.9)
    running[0] = 500.0
    part = r.uniform(-300.0 if cheap else 200.0, 2500.0, (1, plants))
    part = 400.0 * np.ceil(part / 400.0) if tied else part
    fall, per_t = {
        "none": ([], []),
        "step": ([0.0, 150.0, 150.0, 400.0], [0.0, 0.0, 35.0, 90.0]),
        "linear": ([0.0, 100.0, 500.0], [0.0, 30.0, 60.0]),
    }[relief]
    none = 40_000.0 if isoelastic else np.inf
    market = CutMarket(
        price_per_t=r.uniform(12_000.0, 13_000.0, 1),
        quantity_kt=np.array([running.sum()]),
        elasticity=r.uniform(0.4, 1.2, 1),
        isoelastic=isoelastic,
        ceiling_per_t=r.uniform(11_500.0 if low else 12_800.0, 14_500.0, 1) if seed % 3 else np.array([none]),
        annuity=r.uniform(0.6, 1.8, 1),
        relief_output_fall_kt=np.array([fall]),
        relief_per_t=np.array([per_t]),
    )
    return market, CutPlants(
        running_kt=running[None],
        idle_kt=(r.uniform(0.0, 400.0, plants) * (r.random(plants) < 0.6))[None],
        loss_part_per_t=part,
        loss_whole_per_t=part + r.uniform(0.0, 600.0, plants) * (r.random(plants) < 0.3),
        stop_price_per_t=r.uniform(9000.0, 13_000.0, (1, plants)),
        restart_price_per_t=r.uniform(12_000.0 if low else 12_500.0, 15_000.0, (1, plants)),
        relief_use=r.uniform(0.0, 2.0, (1, plants)) * (r.random(plants) < 0.7),
        line_kt=np.where(r.random(plants) < 0.5, np.round(r.uniform(30.0, 120.0, plants)), 0.0) * potlines,
        owner=owner,
    )


def scale_of(market):
    return 1e-3 * float(market.price_per_t[0] * market.quantity_kt[0])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    owners=st.integers(3, 9),
    missing=st.integers(0, 2),
    shape=st.fixed_dictionaries(
        {
            "isoelastic": st.booleans(),
            "relief": st.sampled_from(["none", "step", "linear"]),
            "potlines": st.booleans(),
            "low": st.booleans(),
            "cheap": st.booleans(),
            "tied": st.booleans(),
        }
    ),
    share=st.floats(0.0, 0.6),
    nash=st.booleans(),
    budget=st.sampled_from([1, 5, 40, 400]),
)
@pytest.mark.parametrize("rule", [PRO_RATA, EFFICIENT, STATED])
def test_the_best_of_all_coalitions_lies_between_the_bounds(rule, seed, owners, missing, shape, share, nash, budget):
    market, plants = drawn(seed, owners, **shape)
    arrangement = arrange(market, plants, owners)
    who = np.sort(np.random.default_rng(seed).permutation(owners)[: max(2, owners - missing)])
    base = alone(arrangement) if nash else None
    least = np.array([share * plants.running_kt[0][np.isin(plants.owner, who)].sum()])
    stated = np.random.default_rng(seed + 1).uniform(0.0, 0.6, who.size) * least
    every = deals(arrangement, who, least, rule=rule, stated_cut_kt=stated, baseline=base)
    read = rows_of(arrangement, who, least, rule=rule, stated_cut_kt=stated, baseline=base)
    found = search(read, budget=budget)
    close = 1e-9 * scale_of(market)
    assert np.array_equal(found.lower_m[:, :, 2], every.best_m[:, :, 2])
    assert np.array_equal(found.upper_m[:, :, 2], every.best_m[:, :, 2])
    for way, test in (*GOALS, (REOPTIMISE, 0), (REOPTIMISE, 1)):
        best = every.best_m[0, way, test]
        assert found.lower_m[0, way, test] <= best + close
        assert best <= found.upper_m[0, way, test] + close
        mask = int(found.mask[0, way, test])
        assert (mask < 0) == np.isneginf(best)
        if mask >= 0:
            again = listed(read, np.zeros(1, np.int64), np.array([mask]))
            assert again.score_m[0, 0, way, test] == found.lower_m[0, way, test]


@pytest.mark.parametrize("seed", [67, 329, 376, 2575])
def test_a_member_stated_to_idle_all_it_runs_is_bounded_too(seed):
    """The sum of its lines and the last bit of what is stated may differ: nothing of it was then looked at."""
    market, plants = drawn(seed, 9)
    arrangement, who = arrange(market, plants, 9), np.arange(9)
    least = np.array([0.5 * plants.running_kt.sum()])
    stated = np.random.default_rng(seed + 1).uniform(0.0, 0.6, 9) * least
    every = deals(arrangement, who, least, rule=STATED, stated_cut_kt=stated)
    found = search(rows_of(arrangement, who, least, rule=STATED, stated_cut_kt=stated), budget=1)
    for way, test in GOALS:
        assert every.best_m[0, way, test] <= found.upper_m[0, way, test] + 1e-9 * scale_of(market)


def test_enough_boxes_close_the_gap():
    """Ten owners, 1,013 coalitions of two or more: most bounds meet, and then the best found is the best of all."""
    met = 0
    for seed in range(6):
        market, plants = drawn(seed, 10)
        arrangement, who = arrange(market, plants, 10), np.arange(10)
        least = np.array([0.2 * plants.running_kt.sum()])
        every = deals(arrangement, who, least)
        found = search(rows_of(arrangement, who, least), goals=((KEEP, 0), (COLLAPSE, 0)), budget=3000)
        for way in (KEEP, COLLAPSE):
            if found.upper_m[0, way, 0] - found.lower_m[0, way, 0] <= found.tolerance_m[0]:
                met += 1
                assert abs(found.lower_m[0, way, 0] - every.best_m[0, way, 0]) <= 2.0 * found.tolerance_m[0]
    assert met >= 9


def test_more_boxes_never_loosen_the_bounds_and_nothing_hangs_on_chance():
    market, plants = drawn(8, 9, low=True)
    read = rows_of(arrange(market, plants, 9), np.arange(9), np.array([800.0]))
    few, same, many = (search(read, budget=budget) for budget in (20, 20, 200))
    assert np.array_equal(few.upper_m, same.upper_m)
    assert np.array_equal(few.mask, same.mask)
    assert (many.upper_m[0, :, :2] <= few.upper_m[0, :, :2] + 1e-9).all()
    assert (many.lower_m >= few.lower_m).all()


def test_draws_searched_together_are_bounded_as_alone():
    market, plants = drawn(4, 8, relief="linear")
    arrangement, who = arrange(market, plants, 8), np.arange(8)
    least = np.array([300.0, 900.0])
    both = search(rows_of(repeat(arrangement, 2), who, least), budget=300)
    every = deals(repeat(arrangement, 2), who, least)
    close = 1e-9 * scale_of(market)
    for way, test in GOALS:
        assert (both.lower_m[:, way, test] <= every.best_m[:, way, test] + close).all()
        assert (every.best_m[:, way, test] <= both.upper_m[:, way, test] + close).all()


def test_a_listed_coalition_is_scored_as_in_the_sweep():
    market, plants = drawn(11, 6, potlines=True, relief="step")
    arrangement, who, least = arrange(market, plants, 6), np.arange(6), np.array([500.0])
    for rule in (PRO_RATA, EFFICIENT):
        every = deals(arrangement, who, least, rule=rule, table=True)
        masks = np.arange(63, -1, -1)
        some = listed(rows_of(arrangement, who, least, rule=rule), np.zeros(64, np.int64), masks, members=True)
        for name in ("cut_kt", "price_rise_per_t", "score_m", "gain_m", "member_cut_kt", "outside_gain_m"):
            assert np.array_equal(getattr(some, name)[0, ::-1], getattr(every, name)[0], equal_nan=True), name
        assert np.array_equal(some.best_m, every.best_m)
        assert [some.row(int(mask)) for mask in masks[:3]] == [0, 1, 2]
        assert some.row(99) == -1


def twins(counts, seed, *, potline=0.0):
    """Owners of as many kinds as counts, shuffled; those of a kind alike in everything."""
    r = np.random.default_rng(seed)
    order = r.permutation(np.repeat(np.arange(len(counts)), counts))
    kinds = [
        [
            (r.uniform(50, 300), r.uniform(0, 150) * (r.random() < 0.6), r.uniform(-100, 2000), r.uniform(0, 300),
             r.uniform(9000, 13_000), r.uniform(12_500, 13_500), r.uniform(0, 2), potline)
            for _ in range(int(r.integers(1, 4)))
        ]
        for _ in counts
    ]  # fmt: skip
    rows = np.array([plant for kind in order for plant in kinds[kind]])
    owner = np.repeat(np.arange(order.size), [len(kinds[kind]) for kind in order])
    one = np.ones(1)
    market = CutMarket(
        price_per_t=12_500.0 * one, quantity_kt=np.array([rows[:, 0].sum()]), elasticity=0.7 * one,
        ceiling_per_t=14_000.0 * one, annuity=one, relief_output_fall_kt=np.array([[0.0, 100.0, 500.0]]),
        relief_per_t=np.array([[0.0, 30.0, 60.0]]),
    )  # fmt: skip
    plants = CutPlants(
        running_kt=rows[None, :, 0], idle_kt=rows[None, :, 1], loss_part_per_t=rows[None, :, 2],
        loss_whole_per_t=rows[None, :, 2] + rows[None, :, 3], stop_price_per_t=rows[None, :, 4],
        restart_price_per_t=rows[None, :, 5], relief_use=rows[None, :, 6], line_kt=rows[:, 7], owner=owner,
    )  # fmt: skip
    return market, plants, order


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("nash", [False, True])
def test_owners_alike_are_bucketed_without_changing_a_digit(seed, nash):
    counts = np.random.default_rng(seed).integers(1, 5, 3)
    market, plants, order = twins(counts, seed, potline=80.0 * (seed % 2))
    arrangement, who = arrange(market, plants, order.size), np.arange(order.size)
    least = np.array([0.25 * plants.running_kt.sum()])
    base = alone(arrangement) if nash else None
    for rule in (PRO_RATA, EFFICIENT):
        read = rows_of(arrangement, who, least, rule=rule, baseline=base)
        every = deals(arrangement, who, least, rule=rule, baseline=base)
        kinds = deals(arrangement, who, least, rule=rule, baseline=base, alike=True, table=True)
        assert np.allclose(kinds.best_m, every.best_m, rtol=0.0, atol=1e-12 * scale_of(market))
        if not nash:
            assert [int(k) for k in read.kind] == [int(np.flatnonzero(order == kind)[0]) for kind in order]
            assert kinds.mask.size == np.prod(counts + 1) == coalitions_of(read.kind)[0].size


def test_forty_owners_of_three_kinds_are_answered_exactly():
    """2,940 coalitions instead of 10 ** 12; the search agrees with all of them."""
    market, plants, _ = twins([14, 13, 13], 3)
    arrangement, who, least = arrange(market, plants, 40), np.arange(40), np.array([800.0])
    exact = deals(arrangement, who, least, alike=True, table=True)
    assert exact.mask.size == 15 * 14 * 14
    found = search(rows_of(arrangement, who, least), budget=200)
    close = 1e-9 * scale_of(market)
    for way, test in GOALS:
        assert found.lower_m[0, way, test] <= exact.best_m[0, way, test] + close
        assert exact.best_m[0, way, test] <= found.upper_m[0, way, test] + close
