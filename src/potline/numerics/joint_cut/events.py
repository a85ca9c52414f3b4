r"""The tonnages at which the test of a coalition may bend or jump: its *events*.

The points of its path; under ``keep`` where the market bends without a member; under ``respread`` the points of the
path of the others, and what they reach; where the rule lets members cut more than K, the tonnages at which another
total becomes better. Those nearer than 1e-9 of K_max are one.
"""

from __future__ import annotations

__all__ = ["NO_DEAL", "UNKNOWN", "events_of", "lay"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.hold import KEEP, REOPTIMISE, RESPREAD
from potline.numerics.joint_cut.liked import best_total, rank
from potline.numerics.joint_cut.path import market_at
from potline.numerics.joint_cut.totals import EFFICIENT, STATED, Book, Game, cut_at, lay_path, mark, sort

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNKNOWN, NO_DEAL = -2.0, -1.0


@kernel
def _turns(mask: int, slot: int, game: Game, book: Book, plan: Floats, points: Floats, count: int, near: float) -> int:
    """Add the tonnages at which another total than K becomes better, or is no more; return how many there are."""
    crest = book[4]
    many, low = count, 0.0
    for k in range(book[5][slot]):
        high = crest[slot, k, 0]
        inset = min(near, 0.25 * (high - low))
        a, b = low + inset, high - inset
        _, before = best_total(mask, slot, a, game, book, plan)
        _, after = best_total(mask, slot, b, game, book, plan)
        if (before > 0.0) != (after > 0.0):
            for _ in range(100):
                middle = 0.5 * (a + b)
                if not a < middle < b:
                    break
                _, now = best_total(mask, slot, middle, game, book, plan)
                if (now > 0.0) == (before > 0.0):
                    a = middle
                else:
                    b = middle
            points[many] = b if before > 0.0 else a
            many += 1
        low = high
    return many


@kernel
def lay(
    rule: int,
    mask: int,
    slot: int,
    near: float,
    game: Game,
    book: Book,
    reach: Floats,
    work: Floats,
    head: Integers,
    plan: Floats,
) -> int:
    """Lay the path of a coalition and write its events into row ``slot`` of the work array; return how many."""
    n = reach.size - 2
    points = work[slot]
    lay_path(rule, mask, slot, game, book, head)
    reach[slot] = book[0][slot, book[2][slot]]
    if rule == STATED and slot <= n:
        reach[slot] = 0.0
        for i in range(n):
            if (mask >> i) & 1:
                reach[slot] += min(game[9][i], game[6][i, 0])
        points[0] = reach[slot]
        return 1
    count = mark(mask, slot, -1, game, book, work[n + 2], plan, points, 0, 0)
    if rule == EFFICIENT or slot > n:
        count = rank(mask, slot, game, book, plan, points, count, work[n + 3 : n + 5])
    if rule == EFFICIENT and slot <= n:
        count = _turns(mask, slot, game, book, plan, points, count, near)
        sort(points, count)
    return count


@kernel
def events_of(
    rule: int,
    belief: int,
    mask: int,
    count: int,
    near: float,
    game: Game,
    book: Book,
    reach: Floats,
    work: Floats,
    head: Integers,
    plan: Floats,
    anew: Floats,
) -> int:
    """Write the events of a coalition under a belief into row n + 5, and lay what is read of those who stay."""
    n, members = reach.size - 2, 0
    points, many = work[n + 5], count
    for k in range(count):
        points[k] = work[n, k]
    for i in range(n):
        members += (mask >> i) & 1
    for i in range(n):
        if (mask >> i) & 1 == 0:
            continue
        stays = mask ^ (1 << i)
        if belief == REOPTIMISE and anew[stays, 0] == UNKNOWN:
            lay(rule, stays, n + 1, 0.0, game, book, reach, work, head, plan)
            total, _ = best_total(stays, n + 1, 0.0, game, book, plan)
            anew[stays, 0], anew[stays, 1] = NO_DEAL, 0.0
            if total > 0.0:
                kt, _, _ = cut_at(total, n + 1, game, book, plan)
                kt += book[3][n + 1]
                _, anew[stays, 0], anew[stays, 1] = market_at(game[0], game[1], game[2], game[3], stays, kt)
        elif belief == KEEP and rule != STATED:
            many = mark(mask, n, i, game, book, work[n + 2], plan, points, count, many)
        elif belief == RESPREAD and members > 2:
            more = lay(rule, stays, i, near, game, book, reach, work, head, plan)
            for k in range(more):
                points[many + k] = work[i, k]
            points[many + more] = reach[i]
            many += more + 1
    sort(points, many)
    left = 0
    for k in range(many):
        if 10.0 * near < points[k] <= reach[n] and (k + 1 == many or points[k + 1] - points[k] > 10.0 * near):
            points[left] = points[k]
            left += 1
    if left == 0 or points[left - 1] < reach[n]:
        points[left] = reach[n]
        left += 1
    return left
