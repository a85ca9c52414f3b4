r"""The set of tonnages at which some coalition holds a deal, for four beliefs and three institutions.

Each coalition's test is a function of K that bends or jumps at events only (:mod:`potline.numerics.joint_cut.events`);
:mod:`potline.numerics.joint_cut.hold` finds where it holds between two of them.

The union over coalitions is what is asked. A coalition is looked at only where nobody before it holds: first all
present, then coalitions with the largest owner, then the others, so that the union grown so far answers for each.

Under ``reoptimise`` what a leaver gets depends on who stays and on nothing else: a table by coalition, filled on
demand.
"""

from __future__ import annotations

__all__ = ["MOST_OWNERS", "Tonnages", "tonnages"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.events import NO_DEAL, UNKNOWN, events_of, lay
from potline.numerics.joint_cut.hold import COLLAPSE, ROUNDING, judge, passes
from potline.numerics.joint_cut.look import NEAR, covered, look
from potline.numerics.joint_cut.rows import Rows
from potline.numerics.joint_cut.totals import CLOSE, EFFICIENT, STATED, sizes
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_OWNERS = 20
BELIEFS, INSTITUTIONS, INTERVALS = 4, 3, 64
KIND = 1e-10  # owners that differ by no more run as much


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tonnages:
    """The tonnages that hold, by draw, belief (reoptimise, keep, respread, collapse) and institution.

    Institutions: voluntary, transfers, all or none.

    Attributes:
        interval: lower end, upper end, whether the one belongs, whether the other does, (..., intervals, 4).
        count: how many intervals there are.
        with_all, with_largest: (K*, whether it belongs) of the coalition of all, and of those with (one of) the largest
            owner; nan where none holds, (..., 2).
        holder: a coalition that holds K* or comes to it, -1 for none.
        holders: how many do.
        most: what those present run, shape (draws,).
    """

    interval: Floats
    count: Integers
    with_all: Floats
    with_largest: Floats
    holder: Integers
    holders: Integers
    most: Floats


def tonnages(rows: Rows, *, lone_stayer_cuts: bool = True, threads: int | None = None) -> Tonnages:
    """Find the tonnages in (0, K_max] at which some coalition holds.

    Args:
        rows: the meeting, from :func:`potline.numerics.joint_cut.rows.rows_of`; at most 20 owners. Its least cut is
            not read.
        lone_stayer_cuts: whether one owner who stays plays its best cut alone under ``reoptimise``; else there is no
            deal.
        threads: all cores unless told otherwise; no result depends on it.

    Raises:
        ValueError: where a set falls into more than 64 intervals.

    Examples:
        Three owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: under ``reoptimise`` pairs hold 50 to 100 kt,
        both ends among them.

        >>> from potline.numerics.joint_cut.arrange import CutMarket, CutPlants, arrange
        >>> from potline.numerics.joint_cut.hold import REOPTIMISE
        >>> from potline.numerics.joint_cut.rows import rows_of
        >>> one, three = np.ones(1), np.ones((1, 3))
        >>> market = CutMarket(price_per_t=100 * one, quantity_kt=1000 * one, elasticity=one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * three, idle_kt=0 * three, loss_part_per_t=5 * three,
        ...     loss_whole_per_t=5 * three, stop_price_per_t=three, restart_price_per_t=three, relief_use=0 * three,
        ...     line_kt=np.zeros(3), owner=np.arange(3))
        >>> found = tonnages(rows_of(arrange(market, plants, 3), np.arange(3), one))
        >>> found.count[0, REOPTIMISE, 0].item(), found.interval[0, REOPTIMISE, 0, 0].round(6).tolist()
        (1, [50.0, 100.0, 1.0, 1.0])
    """
    draws, n = rows.market.shape[0], rows.first.size - 1
    if n > MOST_OWNERS:
        raise ValueError(f"{n} owners: at most {MOST_OWNERS}")
    shape = (draws, BELIEFS, INSTITUTIONS)
    interval, count = np.full((*shape, INTERVALS, 4), np.nan), np.zeros(shape, np.int64)
    tops, holder = np.full((*shape, 4), np.nan), np.full((*shape, 3), -1, np.int64)
    most = np.zeros(draws)
    arrays = (rows.market, rows.relief, rows.lines, rows.bits, rows.pieces, rows.first, rows.base, rows.held)

    def task(start: int, stop: int) -> None:
        search(
            start,
            stop,
            rows.rule,
            lone_stayer_cuts,
            *arrays,
            rows.stated,
            *_room(rows),
            interval,
            count,
            tops,
            holder,
            most,
        )

    split(task, draws, threads)
    for told in (interval, count, tops, holder):
        told[:, :, 2] = told[:, 3:, 2]  # all or none is asked once
    if (count > INTERVALS).any():
        raise ValueError(f"a set of {int(count.max())} intervals: at most {INTERVALS}")
    return Tonnages(
        interval=interval[..., : max(1, int(count.max(initial=0))), :],
        count=count,
        with_all=tops[..., :2],
        with_largest=tops[..., 2:],
        holder=holder[..., 0],
        holders=np.maximum(holder[..., 1], 0),
        most=most,
    )


def _room(
    rows: Rows,
) -> tuple[Floats, Floats, Integers, Floats, Floats, Integers, Floats, Floats, Floats, Integers, Floats]:
    """Return arrays to work in: the arguments of :func:`search` from ``ends`` to ``own``."""
    n, pieces, efficient = rows.first.size - 1, rows.pieces.shape[1], rows.rule == EFFICIENT
    blocks = pieces + 1 if efficient else 1
    units = rows.pieces[:, :, 4]
    lines = np.where(units > 0.0, np.ceil(rows.pieces[:, :, 0] / np.where(units > 0.0, units, 1.0)) + 1.0, 2.0)
    bends = 2 * rows.bits.shape[1] + rows.relief.shape[1] + 2
    edges = blocks + (2 if efficient else 1) * int(lines.sum(axis=1).max(initial=0.0))
    points = 16 * (edges + bends + n + 8)
    return (
        np.zeros((n + 2, blocks + 1)),
        np.zeros((n + 2, blocks + 1, n)),
        np.zeros(n + 2, np.int64),
        np.zeros(n + 2),
        np.zeros((n + 2, points, 3)),
        np.zeros(n + 2, np.int64),
        np.zeros((1 << n, 2)),
        np.zeros((2 * n + 8, (n + 1) * points)),
        np.zeros((7, n + 1, 5)),
        np.zeros((3, max(n, 3)), np.int64),
        np.zeros((INSTITUTIONS + 2, INTERVALS, 4)),
    )


@kernel
def search(
    begin: int,
    end: int,
    rule: int,
    lone: bool,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    pieces: Floats,
    first: Integers,
    base: Floats,
    held: Floats,
    stated: Floats,
    ends: Floats,
    cum: Floats,
    blocks: Integers,
    kept: Floats,
    crest: Floats,
    crests: Integers,
    anew: Floats,
    work: Floats,
    samples: Floats,
    numbers: Integers,
    own: Floats,
    interval: Floats,
    count: Integers,
    tops: Floats,
    holder: Integers,
    most: Floats,
) -> None:
    """Write what :class:`Tonnages` holds of some draws; ``holder`` = (coalition, how many, its members)."""
    n = first.size - 1
    size, plan, other, reach = work[n + 6 :, :2], work[n + 6 :, 2:5], work[n + 6 :, 5:8], work[2 * n + 6, : n + 2]
    head, order, asked, at = numbers[0], numbers[1], numbers[2], work[2 * n + 7]
    book = (ends, cum, blocks, kept, crest, crests)
    for b in range(begin, end):
        game = (
            market[b], relief[b], lines[b], bits[b], pieces[b], first, size, held[b], base[b], stated,
        )  # fmt: skip
        full, largest, most[b] = sizes(pieces[b], first, size), 0.0, 0.0
        for i in range(n):
            if (full >> i) & 1:
                most[b] += size[i, 0]
                largest = max(largest, size[i, 0])
        giants, near = 0, NEAR * most[b]
        for i in range(n):
            giants |= (1 << i) if size[i, 0] >= largest * (1.0 - KIND) else 0
        for mask in range(1 << n):
            anew[mask, 0] = NO_DEAL if not lone and mask & (mask - 1) == 0 else UNKNOWN
        for stage in range(4):
            for mask in range(1, 1 << n):
                if mask & ~full != 0 or mask & (mask - 1) == 0:
                    continue
                if stage < 3 and stage != (0 if mask == full else 1 if mask & giants != 0 else 2):
                    continue
                events, top, members = 0, 0.0, 0
                for i in range(n):
                    if (mask >> i) & 1:
                        top += min(stated[i], size[i, 0]) if rule == STATED else size[i, 0]
                        members += 1
                for turn in range(BELIEFS):  # collapse first: no other belief holds what it does not
                    belief = COLLAPSE if turn == 0 else turn - 1
                    union, many = interval[b, belief], count[b, belief]
                    last = INSTITUTIONS if mask == full and belief == COLLAPSE else INSTITUTIONS - 1
                    news = False
                    for which in range(last):
                        total = min(many[which], INTERVALS)
                        if stage < 3:
                            low, high = own[INSTITUTIONS + 1, which, 1], own[INSTITUTIONS + 1, which, 2]
                            news |= turn == 0 or (low < high and not covered(union[which], total, low, high))
                        elif total > 0:  # K*, or just below it
                            row = union[which, total - 1]
                            at[which] = row[1] if row[3] > 0.0 else max(row[1] - near, 0.5 * (row[0] + row[1]))
                            news |= at[which] <= top * (1.0 + CLOSE)
                    if not news:
                        continue
                    if events == 0:
                        events = lay(rule, mask, n, near, game, book, reach, work, head, plan)
                    if stage < 3:
                        marked = events_of(rule, belief, mask, events, near, game, book, reach, work, head, plan, anew)
                        look(
                            rule, belief, mask, last, marked, most[b], game, book, reach, work, anew, plan, other,
                            samples, order, union, many, own, asked,
                        )  # fmt: skip
                        continue
                    news = False
                    for which in range(last):  # what fails though no member could leave need not be laid out
                        asked[which] = 0
                        if many[which] > 0 and at[which] <= top * (1.0 + CLOSE):
                            judge(rule, COLLAPSE, mask, at[which], reach, anew, game, book, plan, other, samples[0])
                            asked[which] = 1 if passes(which, mask, samples[0], order, 2.0 * ROUNDING) else 0
                        news |= asked[which] > 0
                    if not news:
                        continue
                    events_of(rule, belief, mask, events, near, game, book, reach, work, head, plan, anew)
                    for which in range(last):
                        if asked[which] > 0:
                            judge(rule, belief, mask, at[which], reach, anew, game, book, plan, other, samples[0])
                            told = holder[b, belief, which]
                            if passes(which, mask, samples[0], order, 2.0 * ROUNDING):
                                told[1] = max(told[1], 0) + 1
                                if told[1] == 1 or members < told[2]:
                                    told[0], told[2] = mask, members
            for belief in range(BELIEFS):
                for which in range(INSTITUTIONS if stage < 2 else 0):
                    last = min(count[b, belief, which], interval.shape[3]) - 1
                    for c in range(2 if last >= 0 else 0):
                        tops[b, belief, which, 2 * stage + c] = interval[b, belief, which, last, 1 + 2 * c]
