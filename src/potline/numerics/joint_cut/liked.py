r"""The total cut that a coalition likes best.

What members gain together at a total X,

    G(X) = A [(R - x) u(q) + (W - use) F(q)] - loss,

is a smooth function of X between the points of the path. With linear demand it is concave there, and has one stationary
point at most. ``game`` and ``book``: :mod:`potline.numerics.joint_cut.totals`.
"""

from __future__ import annotations

__all__ = ["best_total", "favourite", "rank", "total_at"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner
from potline.numerics.joint_cut.path import KT, LOSS, USE, market_at
from potline.numerics.joint_cut.rise import ANNUITY, Q0, SHAPE, price_growth, price_rise
from potline.numerics.joint_cut.totals import EFFICIENT, JUMP, STATED, Book, Game, beside, by_line, cut_at, sort

Floats = NDArray[np.float64]

EXACT = 1e-14  # of the money sums: totals that bring as much
SURE = 1e-11  # of the same: what is less by more needs no look
PARTS, TURNS, STEP = 32, 100, 32


@inner
def _gain(mask: int, slot: int, total: float, game: Game, book: Book, plan: Floats) -> tuple[float, float]:
    """Return G at a total, and the money sums that it is a difference of."""
    market, relief, lines, bits, _, first, size, _, _, _ = game
    kt, loss, use = cut_at(total, slot, game, book, plan)
    _, rise, cheaper = market_at(market, relief, lines, bits, mask, book[3][slot] + kt)
    made, bought = -kt, -use
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            made += size[i, 0]
            bought += size[i, 1]
    return market[ANNUITY] * (made * rise + bought * cheaper) - loss, market[ANNUITY] * (made + kt) * rise + abs(loss)


@inner
def _slope(market: Floats, at: Floats, by: Floats, d: float) -> float:
    """Return the slope of G a distance from where it was read: ``at`` and ``by`` = what is made, bought, q, F, loss."""
    made, bought, fall, cheaper = at[0] + d * by[0], at[1] + d * by[1], at[2] + d * by[2], at[3] + d * by[3]
    growth = price_growth(market, fall, at[2]) * by[2] if by[2] != 0.0 else 0.0
    slope = made * growth + by[0] * price_rise(market, fall) + bought * by[3] + by[1] * cheaper
    return market[ANNUITY] * slope - by[4]


@inner
def _top(market: Floats, at: Floats, by: Floats, low: float, high: float) -> float:
    """Return where the slope passes 0 from above between two distances; nan where it does not."""
    near, far = _slope(market, at, by, low), _slope(market, at, by, high)
    if not near > 0.0 > far:
        return math.nan
    side, tiny = 0, 1e-15 * market[Q0]
    for turn in range(TURNS):
        d = (low * far - high * near) / (far - near) if turn % 4 < 3 else 0.5 * (low + high)
        d = min(max(d, low + tiny), high - tiny)  # so that the bracket closes from both sides
        slope = _slope(market, at, by, d)
        if slope > 0.0:
            low, near = d, slope
            far *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            high, far = d, slope
            near *= 0.5 if side == -1 else 1.0
            side = -1
        if slope == 0.0:
            return d
        if high - low <= 2.0 * tiny:
            break
    return 0.5 * (low + high)


@inner
def _stationary(
    mask: int,
    slot: int,
    low: float,
    high: float,
    game: Game,
    book: Book,
    plan: Floats,
    points: Floats,
    count: int,
    line: Floats,
) -> int:
    """Write the stationary points of G between two points behind those that are there; return how many there are."""
    market, relief, lines, bits, _, first, size, _, _, _ = game
    at, by, width = line[0], line[1], high - low
    for half in range(2):
        kt, loss, use = cut_at(low + (0.25 + 0.5 * half) * width, slot, game, book, plan)
        fall, _, cheaper = market_at(market, relief, lines, bits, mask, book[3][slot] + kt)
        row = by if half else at
        row[0], row[1], row[2], row[3], row[4] = -kt, -use, fall, cheaper, loss
    for c in range(5):
        by[c] = (by[c] - at[c]) / (0.5 * width)
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            at[0] += size[i, 0]
            at[1] += size[i, 1]
    parts = PARTS if market[SHAPE] != 0.0 else 1
    for part in range(parts):
        near = width * (-0.25 + 1e-9 + (1.0 - 2e-9) * part / parts)
        d = _top(market, at, by, near, near + width * (1.0 - 2e-9) / parts)
        if not math.isnan(d):
            points[count] = low + 0.25 * width + d
            count += 1
    return count


@inner
def rank(mask: int, slot: int, game: Game, book: Book, plan: Floats, points: Floats, count: int, line: Floats) -> int:
    """Add stationary points to the points of a path, and write ``crest``; return how many there are.

    Places just above a point are ranked too, but are no points.
    """
    _, _, _, _, crest, crests = book
    end, left, low = points.size - 1, count, 0.0  # the points are kept from the end of the row on
    for k in range(count):
        points[end - k] = points[k]
    count = beside(mask, game, points, count)
    many = count
    for k in range(count):
        many = _stationary(mask, slot, low, points[k], game, book, plan, points, many, line)
        low = points[k]
    for k in range(count, many):
        points[end - left] = points[k]
        left += 1
    sort(points, many)
    crests[slot] = many
    for k in range(many - 1, -1, -1):
        value, sums = _gain(mask, slot, points[k], game, book, plan)
        crest[slot, k, 0], crest[slot, k, 1], crest[slot, k, 2] = points[k], value, points[k]
        if k + 1 < many and value < crest[slot, k + 1, 1]:
            crest[slot, k, 1] = crest[slot, k + 1, 1]
            if value < crest[slot, k + 1, 1] - EXACT * sums:
                crest[slot, k, 2] = crest[slot, k + 1, 2]
    for k in range(left):
        points[k] = points[end - k]
    return left


@inner
def _note(mask: int, slot: int, total: float, whole: Floats, game: Game, book: Book, plan: Floats, row: Floats) -> None:
    """Write what a total brings: G, money sums, tonnes, loss, use, rise, relief, slope of u."""
    market, relief, lines, bits, _, _, _, _, _, _ = game
    kt, loss, use = cut_at(total, slot, game, book, plan)
    fall, rise, cheaper = market_at(market, relief, lines, bits, mask, book[3][slot] + kt)
    row[0] = market[ANNUITY] * ((whole[0] - kt) * rise + (whole[1] - use) * cheaper) - loss
    row[1] = market[ANNUITY] * (whole[0] * rise + whole[1] * cheaper) + abs(loss)
    row[2], row[3], row[4], row[5], row[6] = kt, loss, use, rise, cheaper
    row[7] = price_growth(market, fall, fall) if market[SHAPE] == 0.0 else np.inf


@inner
def _most(a: Floats, b: Floats, whole: Floats, annuity: float, cheapest: float, straight: bool) -> float:
    """Return what G nowhere exceeds between two totals: u and F at most as at the second, u below its tangent."""
    more = b[2] - a[2]
    made, same = whole[0] - a[2], annuity * (whole[1] - a[4]) * b[6] - a[3]
    if not straight:
        return annuity * made * b[5] + same
    least = cheapest * more
    most = max(annuity * made * b[5], annuity * (made - more) * b[5] - least)
    if a[7] < np.inf:
        tangent = annuity * (made * a[7] - a[5]) * more - least
        most = min(most, annuity * made * a[5] + max(tangent, 0.0))
    return most + same


@inner
def favourite(
    mask: int, slot: int, lowest: float, game: Game, book: Book, plan: Floats, points: Floats, count: int, line: Floats,
    rows: Floats,
) -> float:  # fmt: skip
    """Return the total that a coalition likes best of ``lowest`` and more, of those that tie the smallest.

    Between two points only where G could exceed the best known; ``rows``: as many as there are points, and one, of 8.
    """
    market, pieces, first = game[0], game[4], game[5]
    whole, cheapest, rising = line[2], np.inf, True
    whole[0], whole[1] = 0.0, 0.0
    for i in range(first.size - 1):
        for j in range(first[i], first[i + 1] if (mask >> i) & 1 else first[i]):
            whole[0] += pieces[j, KT]
            whole[1] += pieces[j, KT] * pieces[j, USE]
            if pieces[j, KT] > 0.0:
                cheapest = min(cheapest, pieces[j, LOSS])
                rising &= pieces[j, LOSS] >= 0.0 and pieces[j, JUMP] >= 0.0
    straight = book[2][slot] == 1 and not by_line(mask, game)
    many, count = beside(mask, game, points, count), 0
    for k in range(many):
        if points[k] > lowest:
            points[count] = points[k]
            count += 1
    for k in range(count, -1, -1):
        rows[k, 1] = -1.0
        if k % STEP == 0 or k == count:
            _note(mask, slot, points[k - 1] if k > 0 else lowest, whole, game, book, plan, rows[k])
    best = -np.inf
    for k in range(0, count, STEP):
        best = max(best, rows[k, 0], rows[min(k + STEP, count), 0])
    k, step, many = 0, STEP, count
    while k < count:
        then = min(k + step, count)
        if rows[then, 1] < 0.0:
            _note(mask, slot, points[then - 1], whole, game, book, plan, rows[then])
            best = max(best, rows[then, 0])
        most = _most(rows[k], rows[then], whole, market[ANNUITY], cheapest, straight) if rising else np.inf
        if most >= best - SURE * rows[then, 1]:
            if then > k + 1:
                step //= 2
                continue
            low = points[k - 1] if k > 0 else lowest
            before = many
            many = _stationary(mask, slot, low, points[k], game, book, plan, points, many, line)
            for c in range(before, many):
                best = max(best, _gain(mask, slot, points[c], game, book, plan)[0])
        k = then
        while step < STEP and k % (2 * step) == 0:
            step *= 2
    low = 0
    for k in range(1, count + 1):
        if rows[k, 1] >= 0.0 and rows[k, 0] >= best - SURE * rows[k, 1]:
            points[low] = points[k - 1]
            low += 1
    for k in range(count, many):
        points[low] = points[k]
        low += 1
    sort(points, low)
    best, total = -np.inf, lowest
    for k in range(low - 1, -1, -1):
        value, sums = _gain(mask, slot, points[k], game, book, plan)
        if value >= best - EXACT * sums:
            total = points[k]
        best = max(best, value)
    value, sums = _gain(mask, slot, lowest, game, book, plan)
    return total if best - value - EXACT * sums > 0.0 else lowest


@inner
def best_total(mask: int, slot: int, least: float, game: Game, book: Book, plan: Floats) -> tuple[float, float]:
    """Return the total of ``least`` or more with the largest G, of those that tie the smallest, and what it adds."""
    _, _, _, _, crest, crests = book
    low, high = 0, int(crests[slot])
    while low < high:
        middle = (low + high) // 2
        if crest[slot, middle, 0] > least:
            high = middle
        else:
            low = middle + 1
    value, sums = _gain(mask, slot, least, game, book, plan)
    if low == crests[slot]:
        return least, 0.0
    more = crest[slot, low, 1] - value - EXACT * sums
    return (crest[slot, low, 2] if more > 0.0 else least), more


@inner
def total_at(
    rule: int, mask: int, slot: int, tonnage: float, reach: float, game: Game, book: Book, plan: Floats
) -> float:
    """Return the total that a coalition idles in a deal of K tonnes, before whole lines."""
    if rule == STATED:
        return reach
    if rule != EFFICIENT:
        return tonnage
    total, _ = best_total(mask, slot, tonnage, game, book, plan)
    return total
