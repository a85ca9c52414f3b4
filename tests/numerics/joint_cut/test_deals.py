"""The joint-cut kernel against a plain restatement, and against economics."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.numerics.joint_cut import reference as reference

from potline.numerics.joint_cut.deals import EFFICIENT, CutMarket, CutPlants, alone, arrange, deals, listed, repeat
from potline.numerics.joint_cut.rows import rows_of


def make(seed, *, draws=1, owners=4, plants=7, isoelastic=False, relief="step", potlines=False, cheap=False, low=False):
    """A small industry of random plants; ``cheap`` cuts cost little, so that owners cut alone."""
    r = np.random.default_rng(seed)
    owner = np.concatenate([np.arange(owners), r.integers(0, owners, plants - owners)])
    running = np.round(r.uniform(50, 600, plants))
    idle = np.where(r.random(plants) < 0.6, np.round(r.uniform(20, 200, plants)), 0.0)
    stop = r.uniform(9000, 14000, (draws, plants))
    part = np.maximum(12500 - stop, 0) * (0.02 if cheap else 1.0) + r.uniform(
        50, 200 if cheap else 1500, (draws, plants)
    )
    whole = part + (r.random(plants) < 0.4) * r.uniform(50, 400)
    restart = stop + r.uniform(-2000, 2500, (draws, plants))
    fall, per_t = {
        "none": (np.empty(0), np.empty(0)),
        "step": (np.array([0, 60.0, 60.0, 300.0, 300.0]), np.array([0, 0, 35.0, 35.0, 90.0])),
        "linear": (np.array([0, 100.0, 500.0]), np.array([0, 30.0, 60.0])),
    }[relief]
    market = CutMarket(
        price_per_t=r.uniform(12000, 13000, draws),
        quantity_kt=np.full(draws, running.sum()),
        elasticity=r.uniform(0.4, 1.2, draws),
        isoelastic=isoelastic,
        ceiling_per_t=r.uniform(11500 if low else 12800, 14500, draws)
        if seed % 3
        else np.full(draws, 40_000.0 if isoelastic else np.inf),
        annuity=r.uniform(0.6, 1.8, draws),
        relief_output_fall_kt=np.tile(fall, (draws, 1)),
        relief_per_t=np.tile(per_t, (draws, 1)),
    )
    return market, CutPlants(
        running_kt=np.tile(running, (draws, 1)),
        idle_kt=np.tile(idle, (draws, 1)),
        loss_part_per_t=part,
        loss_whole_per_t=whole,
        stop_price_per_t=stop,
        restart_price_per_t=restart,
        relief_use=r.uniform(0, 2, (draws, plants)) * (r.random(plants) < 0.7),
        line_kt=np.where(r.random(plants) < 0.5, np.round(r.uniform(30, 120, plants)), 0.0) * potlines,
        owner=owner,
    )


def world(market, plants, owners, base_cut=None):
    return reference.World(
        price=market.price_per_t[0],
        quantity=market.quantity_kt[0],
        elasticity=market.elasticity[0],
        isoelastic=market.isoelastic,
        ceiling=market.ceiling_per_t[0],
        annuity=market.annuity[0],
        relief=list(zip(market.relief_output_fall_kt[0], market.relief_per_t[0], strict=True)),
        plants=[
            reference.Plant(*row)
            for row in zip(
                plants.owner.tolist(),
                plants.running_kt[0],
                plants.idle_kt[0],
                plants.loss_part_per_t[0],
                plants.loss_whole_per_t[0],
                plants.stop_price_per_t[0],
                plants.restart_price_per_t[0],
                plants.relief_use[0],
                plants.line_kt,
                strict=True,
            )
        ],
        owners=owners,
        base_cut=[0.0] * owners if base_cut is None else list(base_cut),
    )


options = {
    "seed": st.integers(0, 10**6),
    "isoelastic": st.booleans(),
    "relief": st.sampled_from(["none", "step", "linear"]),
    "potlines": st.booleans(),
    "low": st.booleans(),
    "cheap": st.booleans(),
}
shapes = st.fixed_dictionaries(options)

RULES = ("pro_rata", "efficient", "stated")
LEAVING = ("keep", "respread", "collapse")  # the older model knows no other
TESTS = ("voluntary", "transfers", "unanimity", "participation", "without_compensation")


@settings(max_examples=60, deadline=None)
@given(shape=shapes, rule=st.sampled_from(RULES), share=st.floats(0.02, 0.6))
@pytest.mark.parametrize("nash", [False, True])
def test_scores_are_those_of_a_plain_restatement(shape, rule, share, nash):
    owners, attendees = 4, np.array([2, 0, 1])
    market, plants = make(**shape)
    arrangement = arrange(market, plants, owners)
    base = alone(arrangement) if nash else None
    least = np.array([share * sum(plants.running_kt[0][plants.owner != 3])])
    stated = np.array([0.3, 0.5, 0.4]) * least
    found = deals(
        arrangement, attendees, least, rule=RULES.index(rule), stated_cut_kt=stated, baseline=base, table=True
    )
    plain = world(market, plants, owners, None if base is None else base.cut_kt[0])

    def planned(coalition):
        mask = sum(1 << attendees.tolist().index(i) for i in coalition)
        return {i: found.member_cut_kt[0, mask, attendees.tolist().index(i)] for i in coalition}

    named = dict(zip(attendees.tolist(), stated, strict=True))
    wanted = reference.meeting(plain, attendees.tolist(), least[0], rule, named, planned)
    scale = 1e-3 * market.price_per_t[0] * plants.running_kt.sum()
    for w, way in enumerate(LEAVING, start=1):
        for k, institution in enumerate(TESTS):
            expected = wanted.get((way, institution), -math.inf)
            if math.isinf(expected):
                assert found.best_mask[0, w, k] == -1
            else:
                assert abs(found.best_m[0, w, k] - expected) <= 1e-8 * scale, (way, institution)


@settings(max_examples=40, deadline=None)
@given(shape=shapes)
def test_nobody_gains_by_changing_its_own_cut(shape):
    market, plants = make(**shape)
    found = alone(arrange(market, plants, 4), solo=True)
    plain = world(market, plants, 4)
    for profile in (found.cut_kt[0], None):
        if profile is not None and not found.settled[0]:
            continue
        for i in range(4):
            cuts = [0.0] * 4 if profile is None else list(profile)
            mine = found.solo_cut_kt[0, i] if profile is None else cuts[i]
            others = sum(cuts) - cuts[i]
            ends = np.cumsum([p.running for p in plain.order(i)])
            candidates = [mine, 0.0, *ends, *(ends - 1e-5), *np.linspace(0.0, plain.capacity(i), 40)]
            values = []
            for x in candidates:
                _, u, cheaper = plain.market(others + plain.tonnes(i, x), ())
                values.append(plain.value(i, x, u, cheaper))
            scale = market.annuity[0] * market.price_per_t[0] * plain.capacity(i)
            assert max(values) - values[0] <= 1e-6 * scale
            if profile is None:
                assert abs(values[0] * 1e-3 - found.solo_gain_m[0, i]) <= 1e-6 * scale * 1e-3


@settings(max_examples=30, deadline=None)
@given(shape=shapes, share=st.floats(0.05, 0.4))
def test_the_efficient_cut_beats_every_other_along_its_order(shape, share):
    market, plants = make(**shape)
    least = np.array([share * plants.running_kt[0].sum()])
    found = deals(arrange(market, plants, 4), np.arange(4), least, rule=EFFICIENT, table=True)
    plain = world(market, plants, 4)
    coalition = (0, 1, 2, 3)
    heads = {i: plain.order(i) for i in coalition}
    order = []
    while any(heads.values()):
        i = min((i for i in coalition if heads[i]), key=lambda i: heads[i][0].loss_part)
        order.append(heads[i].pop(0))
    scale = market.annuity[0] * market.price_per_t[0] * plants.running_kt[0].sum()

    def summed(total):
        extra, left = dict.fromkeys(coalition, 0.0), total
        for p in order:
            part = min(left, p.running)
            if p.potline > 0 and part > 1e-9:
                part = min(p.running, math.ceil(part / p.potline - 1e-9) * p.potline)
            extra[p.owner] += part
            left = max(0.0, left - part)
        gain, cut, _, _, _ = reference.gains(plain, coalition, extra)
        return sum(gain[i] for i in coalition), sum(cut.values())

    chosen = found.gain_m[0, -1].sum() * 1e3
    assert found.member_cut_kt[0, -1].sum() >= least[0] * (1 - 1e-9)
    for total in np.linspace(least[0], plants.running_kt[0].sum(), 60):
        value, _ = summed(total)
        assert value <= chosen + 1e-6 * scale


@settings(max_examples=20, deadline=None)
@given(shape=shapes, share=st.floats(0.05, 0.4), rule=st.sampled_from(RULES[:2]))
def test_names_and_units_change_nothing(shape, share, rule):
    market, plants = make(**shape)
    least = np.array([share * plants.running_kt[0].sum()])
    base = deals(arrange(market, plants, 4), np.arange(4), least, rule=RULES.index(rule)).best_m
    turned = np.array([3, 1, 0, 2])
    renamed = CutPlants(
        **{name: getattr(plants, name) for name in CutPlants.__slots__} | {"owner": turned[plants.owner]}
    )
    other = deals(arrange(market, renamed, 4), np.arange(4), least, rule=RULES.index(rule)).best_m
    scale = 1e-3 * market.price_per_t[0] * plants.running_kt.sum()
    assert np.allclose(np.nan_to_num(other, neginf=-1e9), np.nan_to_num(base, neginf=-1e9), atol=1e-9 * scale)
    money = {
        "price_per_t", "ceiling_per_t", "relief_per_t", "loss_part_per_t", "loss_whole_per_t",
        "stop_price_per_t", "restart_price_per_t",
    }  # fmt: skip
    tonnes = {"quantity_kt", "running_kt", "idle_kt", "relief_output_fall_kt", "line_kt"}

    def scaled(noun):
        values = {name: getattr(noun, name) for name in type(noun).__slots__}
        return type(noun)(**{n: v * (7.0 if n in money else 0.25 if n in tonnes else 1) for n, v in values.items()})

    again = deals(arrange(scaled(market), scaled(plants), 4), np.arange(4), 0.25 * least, rule=RULES.index(rule)).best_m
    assert np.allclose(np.nan_to_num(again / 1.75, neginf=-1e9), np.nan_to_num(base, neginf=-1e9), atol=1e-7 * scale)


@settings(max_examples=30, deadline=None)
@given(shape=shapes, share=st.floats(0.05, 0.3))
def test_a_ceiling_never_raises_the_price_and_outsiders_cuts_never_hurt_it(shape, share):
    market, plants = make(**shape)
    fields = {name: getattr(market, name) for name in CutMarket.__slots__}
    least = np.array([share * plants.running_kt[0].sum()])
    free = CutMarket(**fields | {"ceiling_per_t": np.array([np.inf])})  # pro rata: no cut is chosen
    under = deals(arrange(market, plants, 4), np.arange(4), least, table=True)
    above = deals(arrange(free, plants, 4), np.arange(4), least, table=True)
    reached = ~np.isnan(under.price_rise_per_t[0])
    assert (under.price_rise_per_t[0][reached] <= above.price_rise_per_t[0][reached] + 1e-7).all()
    more = deals(arrange(market, plants, 4), np.arange(4), 1.5 * least, table=True)
    both = reached & ~np.isnan(more.price_rise_per_t[0])
    if not shape["potlines"]:
        assert (more.price_rise_per_t[0][both] >= under.price_rise_per_t[0][both] - 1e-7).all()


def test_threads_and_neighbours_change_no_result():
    market, plants = make(5, draws=9, cheap=True)
    arrangement = arrange(market, plants, 4)
    least = np.full(9, 200.0)
    one, four = alone(arrangement, threads=1), alone(arrangement, threads=4)
    assert np.array_equal(one.cut_kt, four.cut_kt)
    a = deals(arrangement, np.arange(4), least, baseline=one, threads=1)
    b = deals(arrangement, np.arange(4), least, baseline=four, threads=4)
    assert np.array_equal(a.best_m, b.best_m)
    whole = deals(arrangement, np.arange(4), least, baseline=one, table=True)
    assert np.array_equal(a.best_m, whole.best_m)
    single = CutMarket(**{n: v[3:4] if n != "isoelastic" and v.size > 1 else v for n, v in _fields(market).items()})
    rows = {n: v[3:4] if v.ndim == 2 else v for n, v in _fields(plants).items()}
    alone_row = arrange(single, CutPlants(**rows), 4)
    assert np.array_equal(alone(alone_row).cut_kt[0], one.cut_kt[3])
    twice = repeat(alone_row, 2)
    assert np.array_equal(
        deals(twice, np.arange(4), np.array([200.0, 300.0])).best_m[0],
        deals(arrangement, np.arange(4), least).best_m[3],
    )


def _fields(noun):
    return {name: getattr(noun, name) for name in type(noun).__slots__}


def test_no_coalition_reaches_the_tonnage():
    market, plants = make(1)
    found = deals(arrange(market, plants, 4), np.arange(2), np.array([1e6]))
    assert (found.best_mask == -1).all()
    assert np.isneginf(found.best_m).all()


def alike(n, *, ceiling=math.inf, isoelastic=False):
    """n owners of 100 kt at price 10, loss 4 a tonne; linear demand falls by 0.1 per kt."""
    one, each = np.ones(1), np.ones((1, n))
    market = CutMarket(
        price_per_t=10.0 * one,
        quantity_kt=100.0 * n * one,
        elasticity=1.0 / n * one,
        isoelastic=isoelastic,
        ceiling_per_t=ceiling * one,
        annuity=one,
        relief_output_fall_kt=np.empty((1, 0)),
        relief_per_t=np.empty((1, 0)),
    )
    return market, CutPlants(
        running_kt=100.0 * each,
        idle_kt=0.0 * each,
        loss_part_per_t=4.0 * each,
        loss_whole_per_t=4.0 * each,
        stop_price_per_t=each,
        restart_price_per_t=each,
        relief_use=0.0 * each,
        line_kt=np.zeros(n),
        owner=np.arange(n),
    )


@pytest.mark.parametrize("n", [1, 2, 3, 10, 40])
def test_best_cuts_alone_are_those_of_the_formula(n):
    """(100 - x) b - b X = 4 for each, so X = n (100 - 40) / (n + 1)."""
    found = alone(arrange(*alike(n), n))
    assert found.settled[0]
    assert found.cut_kt[0] == pytest.approx(np.full(n, 60.0 / (n + 1)), rel=1e-13)
    assert found.total_kt[0] == pytest.approx(60.0 * n / (n + 1), rel=1e-13)


@pytest.mark.parametrize("isoelastic", [False, True])
def test_best_cuts_alone_stop_at_a_ceiling(isoelastic):
    """Alone each would cut more; together they stop where imports begin, and nobody gains by another split."""
    market, plants = alike(10, ceiling=12.0, isoelastic=isoelastic)
    found = alone(arrange(market, plants, 10))
    fall = 1000.0 * (1.0 - 1.2**-0.1) if isoelastic else 20.0
    assert found.settled[0]
    assert found.total_kt[0] == pytest.approx(fall, rel=1e-12)
    assert found.price_rise_per_t[0] == pytest.approx(2.0, rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(shape=shapes)
def test_best_cuts_alone_lie_at_the_top_of_what_each_owner_gains(shape):
    """The parabola through three cuts near an owner's own has its top there: no response stops short of it."""
    market, plants = make(**shape | {"isoelastic": False, "relief": "none", "potlines": False, "cheap": True})
    found = alone(arrange(market, plants, 4))
    if not found.settled[0]:
        return
    assert found.regret[0] <= 1e-13
    plain, cuts = world(market, plants, 4), list(found.cut_kt[0])
    for i in range(4):
        others, step = sum(cuts) - cuts[i], 1e-3 * plain.capacity(i)
        ends = np.cumsum([p.running for p in plain.order(i)])
        if min(np.abs(np.concatenate([[0.0], ends]) - cuts[i])) < 3.0 * step:
            continue
        rises = [plain.market(others + cuts[i] + d, ())[1] for d in (-step, 0.0, step)]
        if abs(rises[2] - 2.0 * rises[1] + rises[0]) > 1e-9 or rises[2] == rises[0]:
            continue  # a kink of the market lies between them
        left, mid, right = (plain.value(i, cuts[i] + d, u, 0.0) for d, u in zip((-step, 0.0, step), rises, strict=True))
        assert abs(0.5 * step * (right - left) / (2.0 * mid - left - right)) <= 1e-6 * step + 1e-9


@pytest.mark.parametrize("nash", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_an_efficient_cut_found_in_one_walk_is_that_of_the_long_way(seed, nash):
    """Where demand is linear and nothing jumps: the same total, parts and tests, coalition by coalition."""
    market, plants = make(seed, draws=4, owners=5, plants=11, relief="none", cheap=seed % 2 == 0, low=seed % 5 == 0)
    lost = (0.05 if seed % 2 == 0 else 0.5) * (15_000.0 - plants.stop_price_per_t)  # rises along each owner's order
    lost = np.where(seed % 3 == 0, np.round(lost, -2), lost)  # some tie
    market = dataclasses.replace(market, headroom_spread_per_t=np.full(4, 150.0 * (seed % 4 == 1)))
    plants = dataclasses.replace(plants, loss_part_per_t=lost, loss_whole_per_t=lost, relief_use=0.0 * lost)
    arrangement = arrange(market, plants, 5)
    base = alone(arrangement) if nash else None
    left = arrangement.pieces[:, :, 0].sum(axis=1) - (base.total_kt if base is not None else 0.0)
    least = np.array([0.02, 0.1, 0.3, 0.6]) * left
    found = deals(arrangement, np.arange(5), least, rule=EFFICIENT, baseline=base, table=True)
    read = rows_of(arrangement, np.arange(5), least, rule=EFFICIENT, baseline=base)
    for draw in range(4):
        masks = np.flatnonzero(~np.isnan(found.cut_kt[draw])).astype(np.int64)
        other = listed(read, np.full(masks.size, draw), masks, members=True)
        most = np.abs(found.best_m[draw]).max()
        assert found.cut_kt[draw, masks] == pytest.approx(other.cut_kt[0], rel=1e-9)
        parts = other.member_cut_kt[0]
        assert found.member_cut_kt[draw, masks] == pytest.approx(parts, rel=1e-7, abs=1e-6, nan_ok=True)
        assert found.best_m[draw] == pytest.approx(other.best_m[draw], rel=1e-9, abs=1e-9 * most)
