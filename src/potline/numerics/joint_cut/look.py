r"""Where one coalition holds, event by event, added to what others hold.

Between two events a stretch is halved until :func:`potline.numerics.joint_cut.hold.sift` knows all of it; roots are
narrowed down from both sides. A stretch that others hold already is passed over.
"""

from __future__ import annotations

__all__ = ["NEAR", "covered", "look"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.hold import COLLAPSE, ROUNDING, SUMS, judge, least, passes, sift
from potline.numerics.joint_cut.path import LOSS, market_at
from potline.numerics.joint_cut.rise import ANNUITY, SHAPE
from potline.numerics.joint_cut.totals import JUMP, Book, Game, copy, cut_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEAR = 1e-10  # of K_max, beside an event
AGAIN = 1e-9  # of what a coalition reaches: a stretch that narrow is halved no more
CLOSER = 1e-14  # of the same: how near roots are found
TINY = 1e-5  # of K_max: a stretch from 0 no longer than that may be there by rounding
PARTS, TURNS = 16, 100


@kernel
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


@kernel
def covered(union: Floats, count: int, low: float, high: float) -> bool:
    """Return whether an interval of a union holds all from ``low`` to ``high``."""
    for k in range(min(count, union.shape[0])):
        if union[k, 0] <= low and (union[k, 1] > high or (union[k, 1] == high and union[k, 3] > 0.0)):
            return True
    return False


@kernel
def join(union: Floats, count: int, more: Floats, many: int, room: Floats) -> int:
    """Put intervals into a union that is sorted, as they are; return how many it has."""
    i, j, total = 0, 0, 0
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


@kernel
def look(
    rule: int,
    belief: int,
    mask: int,
    last: int,
    events: int,
    most: float,
    game: Game,
    book: Book,
    reach: Floats,
    work: Floats,
    anew: Floats,
    plan: Floats,
    other: Floats,
    samples: Floats,
    sort: Integers,
    union: Floats,
    count: Integers,
    own: Floats,
    many: Integers,
) -> None:
    """Add to the unions of a belief, (institutions, intervals, 4), the tonnages at which a coalition holds.

    Under ``collapse`` all of it is looked at, and between which ends each institution holds is written into the last
    row of ``own``; no other belief can hold outside them.

    Samples: 0 and 2 at the ends of a part of a stretch, 3 anywhere, 4 and 5 just inside the stretch, 6 where it ends.
    """
    n, near, start, limits = reach.size - 2, NEAR * most, 0.0, own[own.shape[0] - 1]
    closed = limits[:, 0]
    narrow, tiny = AGAIN * reach[n], CLOSER * reach[n]
    for which in range(last):
        many[which], closed[which] = 0, 0.0
    most_gain, rise, dear = 0.0, 0.0, belief == COLLAPSE
    if dear:  # beyond some tonnage all that is lost exceeds what the largest rise brings
        for j in range(game[4].shape[0]):
            dear &= game[4][j, LOSS] >= 0.0 and game[4][j, JUMP] >= 0.0
        kt, _, _ = cut_at(reach[n], n, game, book, plan)
        _, rise, cheaper = market_at(game[0], game[1], game[2], game[3], mask, book[3][n] + kt)
        for i in range(n):
            if (mask >> i) & 1:
                most_gain += game[6][i, 0] * (rise - game[8][1]) + game[6][i, 1] * (cheaper - game[8][2])
    for k in range(events):
        if dear:
            kt, lost, _ = cut_at(start, n, game, book, plan)
            if game[0][ANNUITY] * (most_gain - kt * rise) < lost * (1.0 - 1e-9):
                break
        stop = work[n + 5, k]
        inset = min(near, 0.25 * (stop - start))
        begin, finish, laid = start + inset, stop - inset, False
        for which in range(last):
            if belief != COLLAPSE and (stop < limits[which, 1] or start >= limits[which, 2]):
                closed[which] = 0.0
                continue
            if belief != COLLAPSE and covered(union[which], count[which], start, stop):
                closed[which] = 1.0
                continue
            for at in range(0 if laid else 3):
                tonnage = stop if at == 2 else finish if at == 1 else begin
                judge(rule, belief, mask, tonnage, reach, anew, game, book, plan, other, samples[4 + at])
            laid = True
            ends = 1.0 if passes(which, mask, samples[6], sort, ROUNDING) else 0.0
            width = (finish - begin) / (PARTS if game[0][SHAPE] != 0.0 else 1)
            now, found, total = begin, own[which], many[which]
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
                    low, high, side, close = now, then, 0, 0.0
                    before = least(which, mask, samples[0], sort, wanted)
                    after = least(which, mask, samples[2], sort, wanted)
                    if (before >= 0.0) == (after >= 0.0):  # one of them holds within rounding only
                        close = ROUNDING * min(samples[0, n, SUMS], samples[2, n, SUMS])
                        before, after = before + close, after + close
                    for turn in range(TURNS):
                        x = (low * after - high * before) / (after - before) if turn % 4 < 3 else 0.5 * (low + high)
                        x = min(max(x, low + tiny), high - tiny)  # so that the bracket closes from both sides
                        judge(rule, belief, mask, x, reach, anew, game, book, plan, other, samples[3])
                        value = least(which, mask, samples[3], sort, wanted) + close
                        if (value >= 0.0) == (before >= 0.0):
                            low, before = x, value
                            after *= 0.5 if side == 1 else 1.0
                            side = 1
                        else:
                            high, after = x, value
                            before *= 0.5 if side == -1 else 1.0
                            side = -1
                        if value == 0.0:
                            low, high = x, x
                        if high - low <= 2.0 * tiny:
                            break
                    if wanted == 1:
                        first = 0.5 * (low + high)
                    else:
                        final = 0.5 * (low + high)
                if code > 0 and first <= final:
                    opens, shuts = first == begin, final == finish
                    low, high = (start if opens else first), (stop if shuts else final)
                    total = append(found, total, low, high, closed[which] if opens else 1.0, ends if shuts else 1.0)
                now = then
                copy(samples[2], samples[0], n + 1)
                width = min(2.0 * width, finish - now) if game[0][SHAPE] == 0.0 else width
            if ends > 0.0:
                total = append(found, total, stop, stop, 1.0, 1.0)
            many[which], closed[which] = total, ends
        start = stop
    for which in range(last):
        found, total = own[which], many[which]
        if total > 0 and found[0, 0] == 0.0 and found[0, 1] <= TINY * most:
            judge(rule, belief, mask, 0.5 * found[0, 1], reach, anew, game, book, plan, other, samples[3])
            if least(which, mask, samples[3], sort, 0) <= ROUNDING * samples[3, n, SUMS]:
                total -= 1
                copy(found[1:], found, total)
        if belief == COLLAPSE:
            limits[which, 1] = found[0, 0] if total > 0 else np.inf
            limits[which, 2] = found[min(total, found.shape[0]) - 1, 1] if total > 0 else 0.0
        count[which] = join(union[which], count[which], found, total, own[last])
