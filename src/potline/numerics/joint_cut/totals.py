r"""How a coalition shares a total cut, and where that bends or jumps.

A coalition shares a total X along *blocks*: members take parts of a block in proportion to their tonnes in it, one
block after the other. Pro rata and stated cuts are one block; ``efficient`` merges the members' orders by loss,
smallest head first, and heads that tie are one block. *Points* of a path are the totals at which a cut or the market
bends or jumps: ends of blocks, plants and whole lines, restarts, the kink of u, corners of F. Just above a point there
may be a jump up, which a millionth of the stretch above stands for (:func:`beside`).

Rows are those of :mod:`potline.numerics.joint_cut.path`. ``game`` = (market, relief, lines, bits, pieces, first, size,
held, base, stated) of a draw, ``size`` = (runs, buys of the input) by member. ``book`` = (ends, cum, blocks, kept,
crest, crests) by slot: totals at ends of blocks and what each member is asked for there, how many blocks, what is
withdrawn beside the cut, and (total, best gain from there on, where it is), how many.
"""

from __future__ import annotations

__all__ = [
    "CLOSE",
    "EFFICIENT",
    "JUMP",
    "STATED",
    "Book",
    "Game",
    "beside",
    "by_line",
    "copy",
    "cut_at",
    "lay_path",
    "mark",
    "sizes",
    "sort",
]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner
from potline.numerics.joint_cut.path import KT, LOSS, USE
from potline.numerics.joint_cut.rise import ANNUITY, KINK_FALL, P0, Q0

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Game = tuple[Floats, Floats, Floats, Integers, Floats, Integers, Floats, Floats, Floats, Floats]
Book = tuple[Floats, Floats, Integers, Floats, Floats, Integers]

EFFICIENT, STATED = 1, 2
JUMP, LINE_SIZE = 2, 4
CLOSE, TIE, KEPT_ON = 1e-12, 1e-10, 1e-6


@inner
def sort(values: Floats, count: int) -> None:
    """Sort the first numbers of an array, the smallest first."""
    gap = count // 2
    while gap > 0:
        for k in range(gap, count):
            value, j = values[k], k
            while j >= gap and values[j - gap] > value:
                values[j] = values[j - gap]
                j -= gap
            values[j] = value
        gap = 1 if gap == 2 else int(gap / 2.2)


@inner
def copy(source: Floats, target: Floats, count: int) -> None:
    """Copy the first rows of a table; NumPy's assignment would make an array."""
    for k in range(count):
        for c in range(min(source.shape[1], target.shape[1])):
            target[k, c] = source[k, c]


@inner
def sizes(pieces: Floats, first: Integers, size: Floats) -> int:
    """Write what each owner runs and the input that takes; return who runs any."""
    everything, full = 0.0, 0
    for i in range(first.size - 1):
        size[i, 0], size[i, 1] = 0.0, 0.0
        for j in range(first[i], first[i + 1]):
            size[i, 0] += pieces[j, KT]
            size[i, 1] += pieces[j, KT] * pieces[j, USE]
        everything += size[i, 0]
    for i in range(first.size - 1):
        full |= (1 << i) if size[i, 0] > 1e-9 * everything else 0
    return full


@inner
def lay_path(rule: int, mask: int, slot: int, game: Game, book: Book, head: Integers, enough: float) -> None:
    """Write the blocks along which the coalition ``mask`` shares a total, merged ones as far as ``enough`` tonnes."""
    market, _, _, _, pieces, first, size, held, base, stated = game
    ends, cum, blocks, kept, _, _ = book
    n = first.size - 1
    ends[slot, 0], kept[slot], factor, total = 0.0, base[0], np.inf, 0.0
    for i in range(n):
        cum[slot, 0, i], cum[slot, 1, i], head[i] = 0.0, 0.0, first[i]
        if (mask >> i) & 1:
            kept[slot] -= held[i]
            if rule == STATED and min(stated[i], size[i, 0]) > 0.0:
                factor = min(factor, size[i, 0] / min(stated[i], size[i, 0]))
    if rule != EFFICIENT:
        for i in range(n):
            if (mask >> i) & 1:
                cum[slot, 1, i] = size[i, 0]
                if rule == STATED:
                    cum[slot, 1, i] = min(stated[i], size[i, 0]) * factor if factor < np.inf else 0.0
                total += cum[slot, 1, i]
        ends[slot, 1] = total
        blocks[slot] = 1
        return
    count, forgone = 0, market[ANNUITY] * base[2]
    while True:
        least = np.inf
        for i in range(n):
            while (mask >> i) & 1 and head[i] < first[i + 1]:
                j = head[i]
                if pieces[j, KT] > 0.0:
                    least = min(least, pieces[j, LOSS] + forgone * pieces[j, USE])
                    break
                head[i] += 1
        if least == np.inf:
            break
        count += 1
        for i in range(n):
            cum[slot, count, i] = cum[slot, count - 1, i]
            while (mask >> i) & 1 and head[i] < first[i + 1]:
                j = head[i]
                loss = pieces[j, LOSS] + forgone * pieces[j, USE]
                if pieces[j, KT] > 0.0 and abs(loss - least) > TIE * max(abs(loss), abs(least), market[P0]):
                    break
                cum[slot, count, i] += pieces[j, KT]
                total += pieces[j, KT]
                head[i] += 1
        ends[slot, count] = total
        if total >= enough:
            break
    blocks[slot] = count


@inner
def cut_at(total: float, slot: int, game: Game, book: Book, plan: Floats) -> tuple[float, float, float]:
    """Write what each member idles (tonnes, loss, use) when a total is asked for; return the sums."""
    _, _, _, _, pieces, first, _, _, _, _ = game
    ends, cum, blocks, _, _, _ = book
    k = 0
    while k < blocks[slot] - 1 and total > ends[slot, k + 1]:
        k += 1
    size, left = ends[slot, k + 1] - ends[slot, k], max(total - ends[slot, k], 0.0)
    part = 1.0 if left >= size * (1.0 - CLOSE) else left / size
    kt_all, loss_all, use_all = 0.0, 0.0, 0.0
    for i in range(first.size - 1):
        asked = cum[slot, k, i] + part * (cum[slot, k + 1, i] - cum[slot, k, i])
        done, loss, use = 0.0, 0.0, 0.0
        for j in range(first[i], first[i + 1]):
            kt, unit, more = pieces[j, KT], pieces[j, LINE_SIZE], asked - done
            if more <= CLOSE * asked:
                break
            if kt <= 0.0:
                continue
            if unit > 0.0:
                more = math.ceil(more / unit - CLOSE) * unit
            if more >= kt * (1.0 - CLOSE):
                more = kt
                loss += pieces[j, JUMP]
            done += more
            loss += more * pieces[j, LOSS]
            use += more * pieces[j, USE]
        plan[i, 0], plan[i, 1], plan[i, 2] = done, loss, use
        kt_all += done
        loss_all += loss
        use_all += use
    return kt_all, loss_all, use_all


@inner
def by_line(mask: int, game: Game) -> bool:
    """Return whether a member stops by whole lines."""
    pieces, first = game[4], game[5]
    for i in range(first.size - 1):
        for j in range(first[i], first[i + 1] if (mask >> i) & 1 else first[i]):
            if pieces[j, KT] > 0.0 and pieces[j, LINE_SIZE] > 0.0:
                return True
    return False


@inner
def beside(mask: int, game: Game, points: Floats, count: int) -> int:
    """Add to the points of a path the places just above them, where a cut or F may jump up; return how many."""
    if game[1].shape[0] == 0 and not by_line(mask, game):
        return count
    for k in range(count - 1, -1, -1):
        last = points[k - 1] if k > 0 else 0.0
        points[2 * k + 1], points[2 * k] = points[k], last + KEPT_ON * (points[k] - last)
    return 2 * count


@inner
def _edges(mask: int, slot: int, game: Game, book: Book, points: Floats) -> int:
    """Write the totals at which a member's cut bends or jumps, sorted; return how many."""
    _, _, _, _, pieces, first, _, _, _, _ = game
    ends, cum, blocks, _, _, _ = book
    count = 0
    for k in range(blocks[slot]):
        points[count] = ends[slot, k + 1]
        count += 1
    for i in range(first.size - 1):
        begin = 0.0
        for j in range(first[i], first[i + 1] if (mask >> i) & 1 else first[i]):
            kt, unit, many = pieces[j, KT], pieces[j, LINE_SIZE], 1
            if kt <= 0.0:
                continue
            if unit > 0.0:
                many = max(1, math.ceil(kt / unit - CLOSE))
            elif pieces[j, JUMP] > 0.0:
                many = 2
            for m in range(1, many + 1):
                edge = begin + (kt if m == many else m * unit if unit > 0.0 else kt * (1.0 - KEPT_ON))
                for k in range(blocks[slot]):
                    before, mine = cum[slot, k, i], cum[slot, k + 1, i] - cum[slot, k, i]
                    if mine > 0.0 and before - CLOSE * edge <= edge <= (before + mine) * (1.0 + CLOSE):
                        part = min(1.0, max(0.0, (edge - before) / mine))
                        points[count] = ends[slot, k] + (ends[slot, k + 1] - ends[slot, k]) * part
                        count += 1
            begin += kt
    sort(points, count)
    return count


@inner
def bends(mask: int, game: Game, gross: Floats) -> int:
    """Write what is withdrawn where q, u or F bends or jumps: restarts, the kink, corners of F; return how many."""
    market, relief, lines, bits, _, _, _, _, _, _ = game
    corners, count, before, back, last = relief.shape[0], 0, 0.0, 0.0, -1.0
    for k in range(bits.size):  # in the order in which they restart
        if not lines[k, 0] < np.inf:
            break
        if lines[k, 0] != last:
            last, before = lines[k, 0], back
            gross[count] = last + before
            count += 1
        if bits[k] & mask == 0:
            back += lines[k, 1]
            gross[count] = last + back
            count += 1
    k, back, last = 0, 0.0, 0.0
    for c in range(corners + 2):
        q = relief[c, 0] if c < corners else market[KINK_FALL] if c == corners else market[Q0]
        if q < last:
            k, back = 0, 0.0
        last = q
        while k < bits.size and lines[k, 0] < q:
            if bits[k] & mask == 0:
                back += lines[k, 1]
            k += 1
        if q < np.inf:
            gross[count] = q + back
            count += 1
    return count


@inner
def mark(
    mask: int,
    slot: int,
    leaver: int,
    game: Game,
    book: Book,
    gross: Floats,
    plan: Floats,
    points: Floats,
    edges: int,
    count: int,
) -> int:
    """Write the points of a coalition's path, sorted; return how many there are.

    ``leaver``: -1, or a member: append to the ``count`` numbers, of which the first ``edges`` are the points of the
    path, where the market bends without that member, the others' cuts kept.
    """
    held = game[7]
    ends, cum, blocks, kept, _, _ = book
    top, beyond = ends[slot, blocks[slot]], kept[slot] + (held[leaver] if leaver >= 0 else 0.0)
    if leaver < 0:
        edges = _edges(mask, slot, game, book, points)
        count = edges
    many, low = bends(mask ^ (1 << leaver) if leaver >= 0 else mask, game, gross), 0.0
    straight = blocks[slot] == 1 and not by_line(mask, game)
    if straight and top > 0.0:
        rate = 1.0 - (cum[slot, 1, leaver] / top if leaver >= 0 else 0.0)
        for m in range(many):
            x = (gross[m] - beyond) / rate
            if 0.0 < x < top:
                points[count] = x
                count += 1
    for k in range(0 if straight else edges + 1):
        high = points[k] if k < edges else top
        if high <= low or high > top:
            continue
        at, _, _ = cut_at(low + 0.25 * (high - low), slot, game, book, plan)
        at += beyond - (plan[leaver, 0] if leaver >= 0 else 0.0)
        to, _, _ = cut_at(low + 0.75 * (high - low), slot, game, book, plan)
        to += beyond - (plan[leaver, 0] if leaver >= 0 else 0.0)
        for m in range(many if to > at else 0):
            x = low + (high - low) * (0.25 + 0.5 * (gross[m] - at) / (to - at))
            if low < x < high:
                points[count] = x
                count += 1
        low = high
    if leaver >= 0:
        return count
    sort(points, count)
    left, last = 0, 0.0
    for k in range(count):
        if points[k] - last > 1e-11 * top and points[k] <= top * (1.0 + CLOSE):
            last = points[k]
            points[left] = last
            left += 1
    return left
