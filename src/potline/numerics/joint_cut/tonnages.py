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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.events import EVENTS, NO_DEAL, PLANS, UNKNOWN, choose, events_of, lay
from potline.numerics.joint_cut.hold import (
    ALL_OR_NONE,
    COLLAPSE,
    REOPTIMISE,
    RESPREAD,
    ROUNDING,
    TRANSFERS,
    VOLUNTARY,
    judge,
    passes,
)
from potline.numerics.joint_cut.look import NEAR, look
from potline.numerics.joint_cut.path import KT, LOSS
from potline.numerics.joint_cut.rise import SHAPE
from potline.numerics.joint_cut.rows import Rows
from potline.numerics.joint_cut.screen import window
from potline.numerics.joint_cut.totals import CLOSE, EFFICIENT, JUMP, STATED, by_line, copy, sizes
from potline.numerics.parallel import split

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_OWNERS = 20
BELIEFS, INSTITUTIONS, INTERVALS = 4, 3, 64
KIND = 1e-10  # owners that differ by no more run as much
UNLAID = -(1 << 60)


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

    def listed(self, beliefs: Sequence[int], institutions: Sequence[int]) -> tuple[Integers, Floats, Flags]:
        """Return the intervals of chosen sets one after another, those of a draw together.

        Returns:
            where each set begins, and where the last ends, (draws x beliefs x institutions + 1,); the intervals,
            (intervals, 4); which of them end in K*.
        """
        which = np.ix_(np.arange(self.most.size), np.asarray(beliefs), np.asarray(institutions))
        count: Integers = self.count[which]
        place = np.arange(self.interval.shape[3], dtype=np.int64)
        there: Flags = place < count[..., None]
        last: Flags = place == count[..., None] - 1
        return np.concatenate([[0], np.cumsum(count)]), self.interval[which][there], last[there]


def tonnages(
    rows: Rows,
    *,
    beliefs: Sequence[int] = range(BELIEFS),
    lone_stayer_cuts: bool = True,
    threads: int | None = None,
) -> Tonnages:
    """Find the tonnages in (0, K_max] at which some coalition holds.

    Args:
        rows: the meeting, from :func:`potline.numerics.joint_cut.rows.rows_of`; at most 20 owners. Its least cut is
            not read.
        beliefs: which are asked about; of others nothing is told but ``collapse``, which bounds all.
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

        Pairs and all three without a member that could leave, one after the other:

        >>> found = tonnages(rows_of(arrange(market, plants, 3), np.arange(3), one), beliefs=[COLLAPSE])
        >>> begin, interval, largest = found.listed([COLLAPSE], [VOLUNTARY, ALL_OR_NONE])
        >>> begin.tolist(), interval.round(6).tolist(), largest.tolist()
        ([0, 1, 2], [[0.0, 250.0, 0.0, 1.0], [0.0, 250.0, 0.0, 1.0]], [True, True])
    """
    draws, n = rows.market.shape[0], rows.first.size - 1
    if n > MOST_OWNERS:
        raise ValueError(f"{n} owners: at most {MOST_OWNERS}")
    shape = (draws, BELIEFS, INSTITUTIONS)
    interval, count = np.full((*shape, INTERVALS, 4), np.nan), np.zeros(shape, np.int64)
    tops, holder = np.full((*shape, 4), np.nan), np.full((*shape, 3), -1, np.int64)
    most = np.zeros(draws)
    arrays = (rows.market, rows.relief, rows.lines, rows.bits, rows.pieces, rows.first, rows.base, rows.held)

    asked = sum(1 << belief for belief in {*beliefs, COLLAPSE})

    def task(start: int, stop: int) -> None:
        search(
            start,
            stop,
            rows.rule,
            lone_stayer_cuts,
            asked,
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
    interval[np.greater_equal(np.arange(INTERVALS), count[..., None])] = np.nan  # left over where intervals joined
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
        np.zeros((n + 2, points, 8)),
        np.zeros(n + 2, np.int64),
        np.zeros((1 << n, 2 + 2 * BELIEFS)),
        np.zeros((2 * n + 10, (n + 1) * points)),
        np.full((13, n + 1, 7), -1.0),
        np.zeros((3, n + 3), np.int64),
        np.zeros((3, INTERVALS, 4)),
    )


@kernel
def search(
    begin: int,
    end: int,
    rule: int,
    lone: bool,
    beliefs: int,
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
    room: Floats,
    interval: Floats,
    count: Integers,
    tops: Floats,
    holder: Integers,
    most: Floats,
) -> None:
    """Write what :class:`Tonnages` holds of some draws; ``holder`` = (coalition, how many, its members)."""
    n = first.size - 1
    plans, reach, cheapest = work[n + PLANS : 2 * n + PLANS], work[2 * n + PLANS, : n + 2], work[2 * n + PLANS + 1]
    size, plan, other, limit = plans[:, :2], plans[:, 2:5], plans[:, 5:8], work[2 * n + PLANS + 2]
    asked = limit[2:]
    head, order, laid = numbers[0], numbers[1], numbers[2]
    book = (ends, cum, blocks, kept, crest, crests)
    for b in range(begin, end):
        game = (
            market[b], relief[b], lines[b], bits[b], pieces[b], first, size, held[b], base[b], stated,
        )  # fmt: skip
        full, largest, most[b], sound = sizes(pieces[b], first, size), 0.0, 0.0, rule != STATED
        for i in range(n):
            cheapest[i] = np.inf
            for j in range(first[i], first[i + 1]):
                if pieces[b, j, KT] > 0.0:
                    cheapest[i] = min(cheapest[i], pieces[b, j, LOSS])
                    sound &= pieces[b, j, LOSS] >= 0.0 and pieces[b, j, JUMP] >= 0.0
            if (full >> i) & 1:
                most[b] += size[i, 0]
                largest = max(largest, size[i, 0])
        giants, near = 0, NEAR * most[b]
        for i in range(n):
            giants |= (1 << i) if size[i, 0] >= largest * (1.0 - KIND) else 0
        for mask in range(1 << n):
            anew[mask, 0] = NO_DEAL if not lone and mask & (mask - 1) == 0 else UNKNOWN
        samples[:, n, :] = -1.0
        for stage in range(4):
            for mask in range(1, 1 << n):
                if mask & ~full != 0 or mask & (mask - 1) == 0:
                    continue
                if stage < 3 and stage != (0 if mask == full else 1 if mask & giants != 0 else 2):
                    continue
                members = 0
                for i in range(n):
                    members += (mask >> i) & 1
                    laid[i] = UNLAID
                laid[n] = UNLAID
                straight = rule != EFFICIENT and market[b, SHAPE] == 0.0 and not by_line(mask, game)
                for turn in range(BELIEFS):  # collapse first: no other belief holds what it does not
                    belief, marked = COLLAPSE if turn == 0 else turn - 1, 0
                    if (beliefs >> belief) & 1 == 0:
                        continue
                    if laid[n] == UNLAID:
                        laid[n] = lay(rule, mask, n, game, book, reach, work, head)
                    news = stage < 3
                    for which in range(INSTITUTIONS - 1 if stage == 3 else 0):  # K*, or just below it
                        at, many = 0.0, min(count[b, belief, which], INTERVALS)
                        if many > 0:
                            row = interval[b, belief, which, many - 1]
                            at = row[1] if row[3] > 0.0 else max(row[1] - near, 0.5 * (row[0] + row[1]))
                            if at > reach[n] * (1.0 + CLOSE) or at >= anew[mask, 2 + 2 * belief + which]:
                                at = 0.0
                        asked[which] = at
                        news |= at > 0.0
                    for i in range(n if news else 0):  # what those who stay choose anew, or how they share K
                        stays = mask ^ (1 << i)
                        if (mask >> i) & 1 == 0:
                            continue
                        if belief == REOPTIMISE and anew[stays, 0] == UNKNOWN:
                            choose(rule, stays, game, book, work, head, plan, anew[stays])
                        elif belief == RESPREAD and laid[i] == UNLAID and members > 2:
                            laid[i] = lay(rule, stays, i, game, book, reach, work, head)
                    for which in (TRANSFERS, VOLUNTARY):  # nothing holds in the second that the first refuses
                        union, many = interval[b, belief, which], count[b, belief, which]
                        if many > INTERVALS or (stage == 3 and asked[which] == 0.0):
                            continue
                        if stage < 3:
                            fails = np.inf if turn == 0 else limit[which]
                            if which == VOLUNTARY:
                                fails = min(fails, anew[mask, 2 + 2 * belief + TRANSFERS])
                            top = min(fails, reach[n])
                            copy(union, room[2], many)
                            for k in range(many + 1):  # gaps of the union
                                low = room[2, k - 1, 1] if k > 0 else 0.0
                                high = min(top, room[2, k, 0]) if k < many else top
                                touches = k > 0 and (room[2, k - 1, 3] > 0.0 or (k < many and room[2, k, 2] > 0.0))
                                if low > high or (low == high and (low == 0.0 or touches)):
                                    continue
                                if sound:
                                    low, high = window(
                                        rule, which, belief, mask, low, high, straight, most[b], cheapest, reach,
                                        anew, game, book, samples[7:], other,
                                    )  # fmt: skip
                                    if k == many:
                                        fails = min(fails, high if high > 0.0 else low)
                                    if high == 0.0:
                                        continue
                                if marked == 0:
                                    marked = events_of(rule, belief, mask, laid, near, game, book, reach, work, plan)
                                count[b, belief, which] = look(
                                    rule, belief, which, mask, low, high, work[n + EVENTS], marked, most[b], game,
                                    book, reach, anew, plan, other, samples, order, union,
                                    count[b, belief, which], room,
                                )  # fmt: skip
                            anew[mask, 2 + 2 * belief + which] = fails
                            if turn == 0:
                                limit[which] = fails
                            continue
                        judge(rule, belief, mask, asked[which], reach, anew, game, book, plan, other, samples[0])
                        told = holder[b, belief, which]
                        if passes(which, mask, samples[0], order, 2.0 * ROUNDING):
                            told[1] = max(told[1], 0) + 1
                            if told[1] == 1 or members < told[2]:
                                told[0], told[2] = mask, members
            for belief in range(BELIEFS):
                for which in range(INSTITUTIONS - 1 if stage < 2 else 0):
                    last = min(count[b, belief, which], INTERVALS) - 1
                    for c in range(2 if last >= 0 else 0):
                        tops[b, belief, which, 2 * stage + c] = interval[b, belief, which, last, 1 + 2 * c]
            if stage == 0:  # all or none: what all present hold if none can leave
                copy(interval[b, COLLAPSE, VOLUNTARY], interval[b, COLLAPSE, ALL_OR_NONE], INTERVALS)
                count[b, COLLAPSE, ALL_OR_NONE] = count[b, COLLAPSE, VOLUNTARY]
                if count[b, COLLAPSE, VOLUNTARY] > 0:
                    holder[b, COLLAPSE, ALL_OR_NONE, 0], holder[b, COLLAPSE, ALL_OR_NONE, 1] = full, 1
                    for c in range(4):
                        tops[b, COLLAPSE, ALL_OR_NONE, c] = tops[b, COLLAPSE, VOLUNTARY, c % 2]
