r"""The total that a coalition likes best, in one walk: linear demand, no relief, no lump sums, no whole lines.

Where losses are 0 or more and rise along each owner's order, and along blocks as they are shared,

    G(x) = A (R - x) u(q) - L(x)

falls on a plateau, where an idle line takes up what is cut, and between plateaus its slope falls from end to end. So a
best is the start of a plateau or the first place between two at which the slope is 0: beyond that u lies below what it
would be if nothing restarted, of which G has its top there. What u and its slope are where a line restarts no
coalition changes; so a walk asks for u a few times only.
"""

from __future__ import annotations

__all__ = ["brief", "prepare"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.path import KT, LOSS
from potline.numerics.joint_cut.rise import (
    ANNUITY,
    KINK_FALL,
    Q0,
    SHAPE,
    SPREAD,
    price_bend,
    price_growth,
    price_rise,
)
from potline.numerics.joint_cut.totals import EFFICIENT, JUMP, LINE_SIZE, STATED, Game

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EXACT = 1e-14  # of the money sums: totals that bring as much
NEAR = 1e-12  # of what is run
TURNS = 100
END, OWNER, MORE = 0, 1, 2


@kernel
def prepare(rule: int, game: Game, merged: Integers, path: Floats) -> int:
    """Write what no coalition changes; return how many places the path has, -1 where a draw needs the long way.

    Rows of ``path``: (share of an owner's output at which a plant ends, owner, change of its loss there times its
    output), by share; ``efficient``: (tonnes, owner, loss) in the merged order. Behind as many as there are pieces, by
    owner its first loss times its output; behind these, by idle line u and its slope just below the fall at which it
    restarts; then one to work in.
    """
    market, relief, lines, _, pieces, first, size, _, _, _ = game
    owners = pieces.shape[0]
    if rule == STATED or relief.shape[0] > 0 or market[SHAPE] != 0.0:
        return -1
    count = 0
    for i in range(first.size - 1):
        done, last = 0.0, 0.0
        for j in range(first[i], first[i + 1]):
            kt, loss = pieces[j, KT], pieces[j, LOSS]
            if kt <= 0.0:
                continue
            if pieces[j, JUMP] != 0.0 or pieces[j, LINE_SIZE] > 0.0 or loss < last:
                return -1
            if done == 0.0:
                path[owners + i, 0] = loss * size[i, 0]
            elif rule != EFFICIENT:
                k = count
                while k > 0 and path[k - 1, END] > done / size[i, 0]:
                    for column in range(3):
                        path[k, column] = path[k - 1, column]
                    k -= 1
                path[k, END], path[k, OWNER], path[k, MORE] = done / size[i, 0], i, (loss - last) * size[i, 0]
                count += 1
            done += kt
            last = loss
    if rule == EFFICIENT:
        for j in merged:
            if pieces[j, KT] > 0.0:
                i = 0
                while first[i + 1] <= j:
                    i += 1
                path[count, END], path[count, OWNER], path[count, MORE] = pieces[j, KT], i, pieces[j, LOSS]
                count += 1
    for k in range(lines.shape[0]):
        q = lines[k, 0]
        if not q < np.inf:
            break
        row = owners + first.size - 1 + k
        path[row, 0], path[row, 1] = price_rise(market, q), price_growth(market, q, q * (1.0 - 1e-9))
    return count


@kernel
def _next(rule: int, mask: int, running: float, path: Floats, count: int, p: int, way: Floats) -> int:
    """Write where the next segment of a path ends and its loss a tonne into ``way``; return its place on the path.

    ``way`` = (end, loss a tonne, sum of members' losses times their output).
    """
    if rule != EFFICIENT and p >= 0:
        way[2] += path[p, MORE]
    p += 1
    while p < count and (mask >> int(path[p, OWNER])) & 1 == 0:
        p += 1
    if rule == EFFICIENT:
        way[0] = way[0] + path[p, END] if p < count else running
        way[1] = path[p, MORE] if p < count else way[1]
    else:
        way[0] = running * path[p, END] if p < count else running
        way[1] = way[2] / running
    return p


@kernel
def _root(market: Floats, made: float, fall: float, middle: float, loss: float, slope: float, width: float) -> float:
    """Return how far into a segment the slope of G is 0; it is above 0 at its start and below at its end."""
    annuity = market[ANNUITY]
    growth = price_growth(market, fall, middle)
    if market[SPREAD] == 0.0:
        return min(slope / (2.0 * annuity * growth), width)
    low, high = 0.0, width
    d = min(max(-slope / (annuity * (made * price_bend(market, fall) - 2.0 * growth)), 0.0), width)
    for _ in range(TURNS):
        growth = price_growth(market, fall + d, middle)
        now = annuity * ((made - d) * growth - price_rise(market, fall + d)) - loss
        if now > 0.0:
            low = d
        else:
            high = d
        bends = annuity * ((made - d) * price_bend(market, fall + d) - 2.0 * growth)
        last, d = d, d - now / bends
        if not low < d < high:
            d = 0.5 * (low + high)
        if abs(d - last) <= 1e-15 * market[Q0]:
            break
    return d


@kernel
def brief(rule: int, mask: int, game: Game, path: Floats, count: int, lowest: float, told: Floats) -> float:
    """Return the total of ``lowest`` or more that a coalition likes best; write its rise and a relief of 0.

    A rise of -1 where that total is none.
    """
    market, _, lines, bits, pieces, first, size, held, base, _ = game
    owners = pieces.shape[0]
    lined, way = owners + first.size - 1, path[path.shape[0] - 1]
    annuity: float = market[ANNUITY]
    left: float = base[0]
    running, x, lost, k, plateau = 0.0, 0.0, 0.0, 0, 0.0
    way[0], way[1], way[2] = 0.0, 0.0, 0.0
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            running += size[i, 0]
            left -= held[i]
            way[2] += path[owners + i, 0]
    told[0], told[1] = -1.0, 0.0
    if not running > 0.0:
        return 0.0
    left += lowest
    while k < bits.size and left > lines[k, 0]:
        if bits[k] & mask == 0:
            left -= lines[k, 1]
            if left <= lines[k, 0]:
                plateau, left = lines[k, 0] - left, lines[k, 0]
        k += 1
    q, tiny = left, NEAR * running
    rise = price_rise(market, q)
    p = _next(rule, mask, running, path, count, -1, way)
    while way[0] < lowest - tiny and p < count:
        lost += (way[0] - x) * way[1]
        x = way[0]
        p = _next(rule, mask, running, path, count, p, way)
    lost += (lowest - x) * way[1]
    x = lowest
    if x > 0.0:
        told[0] = rise
        if p < count and x >= way[0] - tiny:
            p = _next(rule, mask, running, path, count, p, way)
    best: float = annuity * (running - x) * rise - lost
    total: float = x
    then: float = q
    high: float = rise
    while x < running - tiny:
        while k < bits.size and bits[k] & mask != 0:
            k += 1
        then = q if plateau > 0.0 else lines[k, 0] if k < bits.size else np.inf
        kink = plateau == 0.0
        for edge in (market[KINK_FALL], market[Q0]):
            if kink and q < edge < then:
                then = edge
        restarts = bool(kink and k < bits.size and then == lines[k, 0])
        to = x + plateau if plateau > 0.0 else x + (then - q)
        over = to >= running
        if over:
            then, to = q + (0.0 if plateau > 0.0 else running - x), running
        middle, crossed = 0.5 * (q + then), False
        place, was, gone, end, loss, summed = p, x, lost, way[0], way[1], way[2]
        while way[0] < to - tiny and p < count:
            lost += (way[0] - x) * way[1]
            x = way[0]
            p = _next(rule, mask, running, path, count, p, way)
        lost += (to - x) * way[1]
        x = to
        if plateau == 0.0:  # is the slope above 0 up to its end? losses there are those of the last segment
            grows, high = -1.0, rise
            if not over:
                high = path[lined + k, 0] if restarts else price_rise(market, then)
                growth = path[lined + k, 1] if restarts else price_growth(market, then, middle)
                grows = annuity * ((running - to) * growth - high) - way[1]
            crossed = grows <= 0.0
        if crossed:
            p, x, lost, way[0], way[1], way[2] = place, was, gone, end, loss, summed
            now = annuity * ((running - x) * price_growth(market, q, middle) - rise) - way[1]
            while now > 0.0:
                made, step = running - x, (min(way[0], to) if p < count else to) - x
                high = price_rise(market, q + step)
                far = annuity * ((made - step) * price_growth(market, q + step, middle) - high) - way[1]
                if far < 0.0:
                    step = _root(market, made, q, middle, way[1], now, step)
                    high = price_rise(market, q + step)
                x, q, rise, lost = x + step, q + step, high, lost + step * way[1]
                if far < 0.0 or x >= to - tiny:
                    break
                now = far + way[1]
                p = _next(rule, mask, running, path, count, p, way)
                now -= way[1]
        elif p < count and x >= way[0] - tiny:
            p = _next(rule, mask, running, path, count, p, way)
        if not crossed and plateau == 0.0:
            q, rise = then, high
        value = annuity * (running - x) * rise - lost
        if plateau == 0.0 and value > best + EXACT * (annuity * running * rise + lost):
            best, told[0], total = value, rise, x
        if crossed or over:
            break
        plateau = lines[k, 1] if restarts else 0.0
        k += 1 if restarts else 0
    return total
