r"""The tonnages at which the test of a coalition may bend or jump: its *events*.

The points of its path; under ``keep`` where the market bends without a member; under ``respread`` the points of the
path of the others, and what they reach; where the rule lets members cut more than K, the tonnages at which another
total becomes better. Those nearer than 1e-9 of K_max are one.
"""

from __future__ import annotations

__all__ = ["EVENTS", "NO_DEAL", "PLANS", "UNKNOWN", "choose", "chosen", "events_of", "lay"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner
from potline.numerics.joint_cut.hold import KEEP, RESPREAD
from potline.numerics.joint_cut.liked import best_total, favourite, rank
from potline.numerics.joint_cut.path import market_at
from potline.numerics.joint_cut.totals import EFFICIENT, STATED, Book, Game, cut_at, lay_path, mark, sort

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNKNOWN, NO_DEAL = -2.0, -1.0
GROSS, LINE, EVENTS, PLANS = 2, 3, 6, 7  # rows of the work array behind those of members and of the deal


@inner
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


@inner
def lay(rule: int, mask: int, slot: int, game: Game, book: Book, reach: Floats, work: Floats, head: Integers) -> int:
    """Lay the path of a coalition; where it may cut more than K, find what it likes best from each point on.

    Return minus one and the number of points that stand in row ``slot`` of the work array.
    """
    n = reach.size - 2
    lay_path(rule, mask, slot, game, book, head, np.inf)
    reach[slot] = book[0][slot, book[2][slot]]
    if rule == STATED:
        reach[slot] = 0.0
        for i in range(n):
            if (mask >> i) & 1:
                reach[slot] += min(game[9][i], game[6][i, 0])
    elif rule == EFFICIENT:
        plan, points = work[n + PLANS :, 2:5], work[slot]
        count = mark(mask, slot, -1, game, book, work[n + GROSS], plan, points, 0, 0)
        return -1 - rank(mask, slot, game, book, plan, points, count, work[n + LINE :])
    return -1


@inner
def _points(
    rule: int, mask: int, slot: int, count: int, near: float, game: Game, book: Book, reach: Floats, work: Floats,
    plan: Floats,
) -> int:  # fmt: skip
    """Write the events of a coalition by itself into row ``slot`` of the work array; return how many."""
    points = work[slot]
    if rule == STATED:
        points[0] = reach[slot]
        return 1
    if rule != EFFICIENT:
        return mark(mask, slot, -1, game, book, work[reach.size - 2 + GROSS], plan, points, 0, 0)
    count = _turns(mask, slot, game, book, plan, points, count, near)
    sort(points, count)
    return count


@inner
def chosen(
    rule: int, mask: int, least: float, game: Game, book: Book, work: Floats, head: Integers, plan: Floats
) -> tuple[float, float]:
    """Return the total of ``least`` or more that members like best together, and what of it is idled.

    Write who idles what. Those who stay choose anew with a least of 0: 0 for none.
    """
    n = game[5].size - 1
    slot, points = n + 1, work[n + 1]
    lay_path(rule, mask, slot, game, book, head, np.inf)
    count = mark(mask, slot, -1, game, book, work[n + GROSS], plan, points, 0, 0)
    total = favourite(mask, slot, least, game, book, plan, points, count, work[n + LINE :], book[4][slot])
    kt, _, _ = cut_at(total, slot, game, book, plan)
    return total, kt


@inner
def choose(
    rule: int, stays: int, game: Game, book: Book, work: Floats, head: Integers, plan: Floats, told: Floats
) -> None:
    """Write the rise and the relief at the total that those who stay choose anew, the rise ``NO_DEAL`` for none."""
    total, kt = chosen(rule, stays, 0.0, game, book, work, head, plan)
    told[0], told[1] = NO_DEAL, 0.0
    if total > 0.0:
        withdrawn = book[3][game[5].size] + kt
        _, told[0], told[1] = market_at(game[0], game[1], game[2], game[3], stays, withdrawn)


@inner
def events_of(
    rule: int,
    belief: int,
    mask: int,
    laid: Integers,
    near: float,
    game: Game,
    book: Book,
    reach: Floats,
    work: Floats,
    plan: Floats,
) -> int:
    """Write the events of a coalition under a belief; return how many.

    ``laid``: how many each slot has by itself, less than 0 where that is not known yet.
    """
    n, members = reach.size - 2, 0
    points, gross = work[n + EVENTS], work[n + GROSS]
    for i in range(n):
        members += (mask >> i) & 1
    if laid[n] < 0:
        laid[n] = _points(rule, mask, n, -1 - laid[n], near, game, book, reach, work, plan)
    many = laid[n]
    for k in range(many):
        points[k] = work[n, k]
    for i in range(n):
        if (mask >> i) & 1 == 0:
            continue
        stays = mask ^ (1 << i)
        if belief == KEEP and rule != STATED:
            many = mark(mask, n, i, game, book, gross, plan, points, laid[n], many)
        elif belief == RESPREAD and members > 2:
            if laid[i] < 0:
                laid[i] = _points(rule, stays, i, -1 - laid[i], near, game, book, reach, work, plan)
            for k in range(laid[i]):
                points[many + k] = work[i, k]
            points[many + laid[i]] = reach[i]
            many += laid[i] + 1
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
