"""Tonnages that hold: closed forms, the three owners of the model, and random industries against the reference."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from tests.numerics.joint_cut.as_rows import rows_for
from tests.reference.flagship import flagship
from tests.reference.game import Game, nash
from tests.reference.industries import drawn, drawn_alike
from tests.reference.market import Market
from tests.reference.meeting import BELIEFS, INSTITUTIONS, Meeting
from tests.reference.owners import Plant
from tests.reference.prize import Prize
from tests.reference.tonnages import Interval, answer, same

from potline.numerics.joint_cut.hold import COLLAPSE, KEEP, REOPTIMISE, TRANSFERS, VOLUNTARY
from potline.numerics.joint_cut.rows import Rows
from potline.numerics.joint_cut.tonnages import MOST_OWNERS, Tonnages, tonnages

TENTH = Prize(price_per_t=100.0, quantity_kt=1000.0, elasticity=1.0)  # b = 0.1
DRAWN = 300 if os.environ.get("POTLINE_TONNAGES") == "all" else 16


def intervals(found: Tonnages, institution: str, belief: str, draw: int = 0) -> tuple[Interval, ...]:
    """Return a set as the reference tells one."""
    at = draw, BELIEFS.index(belief), INSTITUTIONS.index(institution)
    return tuple(Interval(a, b, c > 0.0, d > 0.0) for a, b, c, d in found.interval[at][: found.count[at]].tolist())


def held_of(meeting: Meeting, **options) -> Tonnages:
    return tonnages(rows_for(meeting.game, meeting.present), **options)


def alike(n: int, prize: Prize = TENTH, *, parts: int = 1, lump: float = 0.0, rule: str = "pro_rata") -> Meeting:
    """Return n owners of 100 kt that lose 5 a tonne, and ``lump`` with the last tonne of a plant."""
    one = [Plant(owner=i, running_kt=100.0 / parts, loss_per_t=5.0, lump=lump) for i in range(n) for _ in range(parts)]
    game = Game(market=Market(prize), plants=tuple(one), owners=n, annuity=1.0, rule=rule)
    return Meeting(game=game, present=tuple(range(n)))


def test_three_owners_hold_fifty_to_a_hundred_in_pairs():
    found = held_of(alike(3))
    assert same(intervals(found, "voluntary", "reoptimise"), (Interval(50.0, 100.0, True, True),))
    assert (int(found.holder[0, 0, 0]), int(found.holders[0, 0, 0])) == (0b011, 3)
    assert np.isnan(found.with_all[0, 0, 0]).all()
    assert found.with_largest[0, 0, 0].tolist() == [pytest.approx(100.0), 1.0]
    assert found.most[0] == 300.0


def test_three_owners_hold_up_to_a_hundred_and_fifty_if_a_lone_stayer_may_not_cut():
    found = held_of(alike(3), lone_stayer_cuts=False)
    assert same(intervals(found, "voluntary", "reoptimise"), (Interval(0.0, 150.0, False, True),))


@pytest.mark.parametrize("lump", [1e-3, 10.0, 1e4])
def test_a_lump_sum_takes_the_upper_end_away(lump):
    found = held_of(alike(3, parts=2, lump=lump))
    assert same(intervals(found, "voluntary", "reoptimise"), (Interval(50.0, 100.0, True, False),))


def test_three_owners_under_the_other_beliefs():
    wanted = {
        "keep": (Interval(0.0, 50.0, False, True),),
        "respread": (Interval(0.0, 150.0, False, True), Interval(200.0, 250.0, False, True)),
        "collapse": (Interval(0.0, 250.0, False, True),),
    }
    found = held_of(alike(3))
    for belief, told in wanted.items():
        assert same(intervals(found, "voluntary", belief), told), belief


def test_the_cartel_of_two_holds_whatever_little_is_asked():
    """``efficient``: any pair idles its 75 kt, which a leading cartel would; three together do not hold at K near 0."""
    found, wanted = held_of(alike(3, rule="efficient")), answer(alike(3, rule="efficient"), "voluntary", "reoptimise")
    told = intervals(found, "voluntary", "reoptimise")
    assert same(told, wanted.tonnages)
    assert 1e-6 in told[0]
    assert 75.0 in told[0]


@pytest.mark.parametrize("seed", range(60))
def test_owners_alike_hold_what_the_closed_form_says(seed):
    held, form = drawn_alike(seed)
    found = held_of(held)
    for belief in BELIEFS:
        assert same(intervals(found, "voluntary", belief), tuple(form.tonnages(belief)), 1e-6 * form.r), belief


@pytest.mark.parametrize(("n", "size", "loss"), [(3, 100.0, 5.0), (4, 80.0, 2.0), (4, 100.0, 9.0)])
def test_counted_from_best_cuts_alone_each_has_lost_what_it_still_runs(n, size, loss):
    plants = tuple(Plant(owner=i, running_kt=size, loss_per_t=loss) for i in range(n))
    game = Game(market=Market(TENTH), plants=plants, owners=n, annuity=1.0)
    left = size - (size - loss / 0.1) / (n + 1)
    found = held_of(Meeting(game=replace(game, baseline_kt=nash(game).cut_kt), present=tuple(range(n))))
    for belief, top in {"reoptimise": left, "respread": left, "collapse": (n - 1) * left}.items():
        assert same(intervals(found, "voluntary", belief), (Interval(0.0, top, False, True),)), belief
    assert intervals(found, "voluntary", "keep") == ()


@pytest.mark.parametrize("seed", range(DRAWN))
def test_random_industries_hold_what_the_reference_says(seed):
    """Every rule, import supply, restart, whole line, lump sum and step of relief that the reference draws.

    Counted from best cuts alone without lump sums: a plant kept on with a millionth for its lump sum is one line here.
    """
    game = drawn(seed, owners=3 + seed % 2, relief=seed % 3 == 0)
    if seed % 4 == 3:
        game = replace(game, plants=tuple(replace(plant, lump=0.0) for plant in game.plants))
        game = replace(game, baseline_kt=nash(game).cut_kt)
    held = Meeting(game=game, present=tuple(range(game.owners)) if seed % 5 else (2, 0, 1))
    found = held_of(held)
    for w, belief in enumerate(BELIEFS):
        for k, institution in enumerate(INSTITUTIONS):
            wanted = answer(held, institution, belief)
            assert same(intervals(found, institution, belief), wanted.tonnages, 1e-6), (belief, institution)
            for told, top in ((found.with_all, wanted.with_all), (found.with_largest, wanted.with_largest)):
                assert told[0, w, k, 0] == pytest.approx(top, abs=1e-6, nan_ok=True), (belief, institution)
            if wanted.tonnages:
                seats = [held.present[i] for i in range(len(held.present)) if found.holder[0, w, k] >> i & 1]
                top = wanted.largest if wanted.reached else wanted.largest - 1e-9 * held.most
                judged = held.judged(tuple(seats), top - 1e-9 * held.most, belief)
                assert judged is not None
                assert judged.test(institution) >= -1e-6 * judged.sums


def test_the_flagship_of_482483e():
    """Under ``reoptimise`` two small owners hold 160 kt; 122 kt hold under ``keep``, too."""
    found = held_of(flagship().meeting())
    tops = {belief: intervals(found, "voluntary", belief)[-1].high for belief in BELIEFS}
    wanted = {"reoptimise": 160.2908, "keep": 159.1605, "respread": 892.7186, "collapse": 1051.7147}
    assert tops == pytest.approx(wanted, abs=1e-3)
    assert 122.0 in intervals(found, "voluntary", "keep")[0]
    assert int(found.holder[0, 0, 0]) == 0b0101000  # Nanshan and Xinfa
    assert np.isnan(found.with_largest[0, 0, 0]).all()
    beyond = held_of(flagship().meeting(nash=True))
    assert not beyond.count.any()


def test_draws_and_threads_change_nothing():
    one, other = (drawn(seed, owners=3, imports="spread", rule="pro_rata", potlines=False) for seed in (1, 1))
    rows = rows_for(one, (0, 1, 2))
    twice = {
        name: np.concatenate([getattr(rows, name)] * 2)
        for name in ("market", "relief", "lines", "bits", "pieces", "merged", "least", "base", "held")
    }
    both = Rows(rule=rows.rule, first=rows.first, stated=rows.stated, kind=rows.kind, **twice)
    single, many = tonnages(rows_for(other, (0, 1, 2)), threads=1), tonnages(both, threads=2)
    for draw in range(2):
        assert np.array_equal(many.interval[draw], single.interval[0], equal_nan=True)
        assert np.array_equal(many.holder[draw], single.holder[0])


def test_chosen_sets_are_listed_one_after_another():
    rows = rows_for(drawn(3, owners=3, imports="spread"), (0, 1, 2))
    every, chosen = tonnages(rows), tonnages(rows, beliefs=[KEEP])
    beliefs, institutions = [KEEP, COLLAPSE], [TRANSFERS, VOLUNTARY]
    begin, interval, largest = chosen.listed(beliefs, institutions)
    assert begin.size == 5
    for k, (w, i) in enumerate((w, i) for w in beliefs for i in institutions):
        mine, count = slice(begin[k], begin[k + 1]), int(every.count[0, w, i])
        assert np.array_equal(interval[mine], every.interval[0, w, i, :count])
        assert largest[mine].tolist() == [j == count - 1 for j in range(count)]
    assert not chosen.count[0, REOPTIMISE, VOLUNTARY]


def test_too_many_owners_are_refused():
    plants = tuple(Plant(owner=i, running_kt=10.0, loss_per_t=1.0) for i in range(MOST_OWNERS + 1))
    game = Game(market=Market(TENTH), plants=plants, owners=MOST_OWNERS + 1, annuity=1.0)
    with pytest.raises(ValueError, match=r"^21 owners: at most 20$"):
        tonnages(rows_for(game, tuple(range(MOST_OWNERS + 1))))
