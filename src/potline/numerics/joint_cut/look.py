r"""Where one coalition holds, event by event, added to what others hold.

Between two events a stretch is halved until :func:`potline.numerics.joint_cut.hold.sift` knows all of it; roots are
narrowed down from both sides. A stretch that others hold already is passed over.
"""

from __future__ import annotations

__all__ = ["NEAR", "covered", "look"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner
from potline.numerics.joint_cut.hold import ROUNDING, SUMS, judge, least, passes, sift
from potline.numerics.joint_cut.rise import SHAPE
from potline.numerics.joint_cut.totals import Book, Game, copy

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEAR = 1e-10  # of K_max, beside an event
AGAIN = 1e-9  # of what a coalition reaches: a stretch that narrow is halved no more
CLOSER = 1e-14  # of the same: how near roots are found
TINY = 1e-5  # of K_max: a stretch from 0 no longer than that may be there by rounding
PARTS, TURNS = 16, 100


@inner
def append(found: Floats, count: int, low: float, high: float, starts: float, ends: float) -> int:
    """Add an interval behind those that are there, or to the last of them; return how many there are."""
    if count > 0:
        last = found[min(count, found.shape[0]) - 1]
        if low < last[1] or (low == last[1] and (starts > 0.0 or last[3] > 0.0)):
            if high > last[1] or (high == last[1] and ends > last[3]):
                last[1], last[3] = high, ends
            return count
    if count < found.shape[0]:
        found[count, 0], found[count, 1], found[count, 2], found[count, 3] = low, high, starts, ends
    return count + 1


@inner
def covered(union: Floats, count: int, low: float, high: float) -> bool:
    """Return whether an interval of a union holds all from ``low`` to ``high``."""
    for k in range(min(count, union.shape[0])):
        if union[k, 0] <= low and (union[k, 1] > high or (union[k, 1] == high and union[k, 3] > 0.0)):
            return True
    return False


@inner
def join(union: Floats, count: int, more: Floats, many: int, room: Floats) -> int:
    """Put intervals into a union that is sorted, as they are; return how many it has."""
    i, j, total, many = 0, 0, 0, min(many, more.shape[0])
    while i < count or j < many:
        first = j == many
        if i < count and j < many:
            first = union[i, 0] < more[j, 0] or (union[i, 0] == more[j, 0] and union[i, 2] >= more[j, 2])
        row = union[i] if first else more[j]
        total = append(room, total, row[0], row[1], row[2], row[3])
        if first:
            i += 1
        else:
            j += 1
    copy(room, union, min(total, union.shape[0]))
    return total


@inner
def look(
    rule: int,
    belief: int,
    which: int,
    mask: int,
    low: float,
    high: float,
    events: Floats,
    many: int,
    most: float,
    game: Game,
    book: Book,
    reach: Floats,
    anew: Floats,
    plan: Floats,
    other: Floats,
    samples: Floats,
    sort: Integers,
    union: Floats,
    count: int,
    room: Floats,
) -> int:
    """Add to a union, (intervals, 4), the tonnages at which a coalition holds; return how many intervals it has.

    Between ``low`` and ``high``; elsewhere the coalition holds nothing. Samples: 0 and 2 at the ends of a part of a
    stretch, 3 anywhere, 4 and 5 just inside the stretch, 6 where it ends.
    """
    n, near, start, found, total, closed = reach.size - 2, NEAR * most, 0.0, room[0], 0, 0.0
    narrow, tiny = AGAIN * reach[n], CLOSER * reach[n]
    for k in range(many):
        stop = events[k]
        if stop < low:
            start, closed = stop, 0.0
            continue
        if start >= high and start > low:
            break
        if covered(union, count, start, stop):
            start, closed = stop, 1.0
            continue
        inset = min(near, 0.25 * (stop - start))
        begin, finish = start + inset, stop - inset
        for at in range(3):
            tonnage = stop if at == 2 else finish if at == 1 else begin
            judge(rule, belief, mask, tonnage, reach, anew, game, book, plan, other, samples[4 + at])
        ends = 1.0 if passes(which, mask, samples[6], sort, ROUNDING) else 0.0
        width = (finish - begin) / (PARTS if game[0][SHAPE] != 0.0 else 1)
        now = begin
        copy(samples[4], samples[0], n + 1)
        while now < finish:
            then = now + width if finish - now - width > 0.5 * narrow else finish
            if then == finish:
                copy(samples[5], samples[2], n + 1)
            else:
                judge(rule, belief, mask, then, reach, anew, game, book, plan, other, samples[2])
            force = bool(then - now <= 2.0 * narrow)
            code = sift(which, mask, samples[0], samples[2], then - now, force, game, sort)
            if code == 3 and not force:
                width = 0.5 * (then - now)
                continue
            first, final = now, then
            for wanted in range(1, 3 if code > 1 else 1):
                some = False
                for i in range(n):
                    some |= sort[i] == wanted
                if not some:
                    continue
                left, right, side, close = now, then, 0, 0.0
                before = least(which, mask, samples[0], sort, wanted)
                after = least(which, mask, samples[2], sort, wanted)
                if (before >= 0.0) == (after >= 0.0):  # one of them holds within rounding only
                    close = ROUNDING * min(samples[0, n, SUMS], samples[2, n, SUMS])
                    before, after = before + close, after + close
                for turn in range(TURNS):
                    x = (left * after - right * before) / (after - before) if turn % 4 < 3 else 0.5 * (left + right)
                    x = min(max(x, left + tiny), right - tiny)  # so that the bracket closes from both sides
                    judge(rule, belief, mask, x, reach, anew, game, book, plan, other, samples[3])
                    value = least(which, mask, samples[3], sort, wanted) + close
                    if (value >= 0.0) == (before >= 0.0):
                        left, before = x, value
                        after *= 0.5 if side == 1 else 1.0
                        side = 1
                    else:
                        right, after = x, value
                        before *= 0.5 if side == -1 else 1.0
                        side = -1
                    if value == 0.0:
                        left, right = x, x
                    if right - left <= 2.0 * tiny:
                        break
                if wanted == 1:
                    first = 0.5 * (left + right)
                else:
                    final = 0.5 * (left + right)
            if code > 0 and first <= final:
                opens, shuts = first == begin, final == finish
                left, right = (start if opens else first), (stop if shuts else final)
                total = append(found, total, left, right, closed if opens else 1.0, ends if shuts else 1.0)
            now = then
            copy(samples[2], samples[0], n + 1)
            width = min(2.0 * width, finish - now) if game[0][SHAPE] == 0.0 else width
        if ends > 0.0:
            total = append(found, total, stop, stop, 1.0, 1.0)
        start, closed = stop, ends
    if total > 0 and found[0, 0] == 0.0 and found[0, 1] <= TINY * most:
        judge(rule, belief, mask, 0.5 * found[0, 1], reach, anew, game, book, plan, other, samples[3])
        if least(which, mask, samples[3], sort, 0) <= ROUNDING * samples[3, n, SUMS]:
            total -= 1
            copy(found[1:], found, total)
    return join(union, count, found, total, room[1])
