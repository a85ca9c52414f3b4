r"""Tonnages at which a coalition cannot hold, by bounds over stretches of any length.

Between K_1 and K_2 what a member idles, u and F grow. So what member i gains is nowhere above either of

    (r - x) u(K_2) + f,   (r - x_1) [u_1 + u'_1 (q - q_1)] - (x - x_1) u_1 + f,
    f = (w - use_1) F(K_2) - loss_1 - l (x - x_1)

with l the least loss of its tonnes, the second as u is concave, and what it gains by leaving not below what it is at
K_1. Where the others go on cutting, the fall without it is less by ``x + s`` at most, s what its own idle lines could
restart, so that what it gives up by leaving is no more than ``u'(q_i) (x + s)``. Where cuts are straight lines in K all
of these are, and two ends decide; else the larger end stands for both.

A sample, [members + 1, 7]: each member's cut, loss and use; in the last row what is withdrawn, the rise of the price,
the relief, the slope of u, the fall of output, the tonnage, the coalition (-1: of another draw).
"""

from __future__ import annotations

__all__ = ["window"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner
from potline.numerics.joint_cut.hold import KEEP, REOPTIMISE, RESPREAD, TRANSFERS
from potline.numerics.joint_cut.liked import total_at
from potline.numerics.joint_cut.path import market_at
from potline.numerics.joint_cut.rise import ANNUITY, SHAPE, price_growth
from potline.numerics.joint_cut.totals import Book, Game, cut_at

Floats = NDArray[np.float64]

FINEST = 1.0 / 64.0  # of what a coalition reaches: no window is narrowed down further
SURE = 5e-11  # of the money sums: far more than what a test may be short of
TINY = 1e-5  # of K_max: a stretch from 0 no longer than that may be there by rounding
DONE, LOST, USED = range(3)
GROSS, RISE, RELIEF, GROWTH, FALL, TONNAGE, WHO = range(7)


@inner
def _read(rule: int, mask: int, tonnage: float, reach: Floats, game: Game, book: Book, sample: Floats) -> None:
    """Write the sample of a coalition at a tonnage."""
    market, relief, lines, bits, _, first, _, _, _, _ = game
    n = first.size - 1
    own, total = sample[n], 0.0
    if own[TONNAGE] == tonnage and own[WHO] == mask:
        return
    if tonnage > 0.0:
        total = total_at(rule, mask, n, tonnage, reach[n], game, book, sample)
    kt, _, _ = cut_at(total, n, game, book, sample)
    own[GROSS] = book[3][n] + kt
    own[FALL], own[RISE], own[RELIEF] = market_at(market, relief, lines, bits, mask, own[GROSS])
    own[GROWTH] = price_growth(market, own[FALL], own[FALL]) if market[SHAPE] == 0.0 else np.inf
    own[TONNAGE], own[WHO] = tonnage, mask


@inner
def _lower(near: float, far: float, other: float, another: float) -> tuple[float, float]:
    """Return of two straight lines, by their ends, the one that lies lower in the middle."""
    return (near, far) if near + far <= other + another else (other, another)


@inner
def _without(
    rule: int, belief: int, mask: int, i: int, a: Floats, b: Floats, straight: bool, cheapest: float,
    reach: Floats, game: Game, book: Book, other: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Return what the test of a member is at most at both ends, over the annuity, where the others go on cutting."""
    market, relief, lines, bits, _, first, size, held, _, _ = game
    n, stays = first.size - 1, mask ^ (1 << i)
    own, end, spare = a[n], b[n], -held[i]
    if belief == KEEP:
        gross = own[GROSS] - a[i, DONE] + held[i]
    else:
        left = total_at(rule, stays, i, own[TONNAGE], reach[i], game, book, other) if own[TONNAGE] > 0.0 else 0.0
        left, _, _ = cut_at(left, i, game, book, other)
        gross = book[3][i] + left
        spare += 0.0 if straight else max(0.0, end[GROSS] - book[3][n] - left)
    fall, rise, cheaper = market_at(market, relief, lines, bits, stays, gross)
    for k in range(bits.size):
        if lines[k, 0] > end[FALL]:
            break
        if (bits[k] >> i) & 1:
            spare += lines[k, 1]
    steep = price_growth(market, fall, fall) if market[SHAPE] == 0.0 else np.inf
    runs, most, moves = size[i, 0], max(0.0, end[RISE] - rise), 1.0 if belief == KEEP else 0.0
    x, y = a[i, DONE], b[i, DONE]
    less, more = max(0.0, moves * x + spare), max(0.0, moves * y + spare)
    near, far = most, most
    if steep < np.inf:
        near, far = _lower(most, most, steep * less, steep * more)
    same = size[i, 1] * (end[RELIEF] - cheaper) - a[i, USED] * own[RELIEF] - a[i, LOST] / market[ANNUITY]
    return runs * near - x * own[RISE] + same, runs * far - y * own[RISE] - cheapest * (y - x) + same


@inner
def _fails(
    rule: int, which: int, belief: int, mask: int, a: Floats, b: Floats, straight: bool, most: float, cheapest: Floats,
    reach: Floats, anew: Floats, game: Game, book: Book, other: Floats,
) -> bool:  # fmt: skip
    """Return whether a coalition surely holds nowhere between two samples, both ends among them."""
    market, _, _, _, _, first, size, _, base, _ = game
    n, annuity, members = first.size - 1, market[ANNUITY], mask & (mask - 1) & ((mask & (mask - 1)) - 1)
    own, end = a[n], b[n]
    near, far, sums = 0.0, 0.0, 0.0
    for i in range(n):
        if (mask >> i) & 1:
            rise, cheaper = end[RISE], end[RELIEF]
            if belief == REOPTIMISE:
                rise, cheaper = max(rise, anew[mask ^ (1 << i), 0]), max(cheaper, anew[mask ^ (1 << i), 1])
            sums += 2.0 * (size[i, 0] * (rise + base[1]) + size[i, 1] * (cheaper + base[2])) + b[i, LOST] / annuity
    sure = SURE * sums
    part = TINY * most / end[TONNAGE] if own[TONNAGE] == 0.0 else 1.0
    for i in range(n):
        if (mask >> i) & 1:
            runs, buys, x, y = size[i, 0], size[i, 1], a[i, DONE], b[i, DONE]
            least = cheapest[i] / annuity
            same = (buys - a[i, USED]) * end[RELIEF] - runs * base[1] - buys * base[2] - a[i, LOST] / annuity
            low, high = (runs - x) * end[RISE], (runs - y) * end[RISE] - least * (y - x)
            if straight:
                tangent = (runs - x) * (own[RISE] + own[GROWTH] * (end[GROSS] - own[GROSS]))
                low, high = _lower(low, high, (runs - x) * own[RISE], tangent - (y - x) * (own[RISE] + least))
            low, high, out = low + same, high + same, 0.0
            if belief == REOPTIMISE:
                stays = mask ^ (1 << i)
                if anew[stays, 0] >= 0.0:
                    out = max(0.0, runs * (anew[stays, 0] - base[1]) + buys * (anew[stays, 1] - base[2]))
            elif belief == KEEP or (belief == RESPREAD and members != 0 and end[TONNAGE] <= reach[i]):
                one, two = _without(
                    rule, belief, mask, i, a, b, straight, least, reach, game, book, other
                )  # fmt: skip
                low, high = _lower(low, high, one, two)
            low, high = low - out, high - out
            if not straight:
                low = max(low, high)
                high = low
            if which == TRANSFERS:
                near += low
                far += high
            elif max(low, part * high) < -sure or (part < 1.0 and low <= sure and part * high < -sure):
                return True
    if which != TRANSFERS:
        return False
    return max(near, far) < -sure or (part < 1.0 and near <= sure and part * far < -sure)


@inner
def window(
    rule: int, which: int, belief: int, mask: int, low: float, high: float, straight: bool, most: float,
    cheapest: Floats, reach: Floats, anew: Floats, game: Game, book: Book, samples: Floats, other: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Return between which tonnages a coalition may hold, of those from ``low`` to ``high``; the second 0 for none.

    It is narrowed down from both sides.
    """
    a, b = samples[0], samples[1]
    _read(rule, mask, low, reach, game, book, a)
    _read(rule, mask, high, reach, game, book, b)
    if _fails(rule, which, belief, mask, a, b, straight, most, cheapest, reach, anew, game, book, other):
        return low, 0.0
    finest, width = FINEST * reach[reach.size - 2], 0.5 * (high - low)
    for side in range(2):
        free = 2 + 2 * side
        while width >= finest:
            whole, m = width >= high - low, samples[free]
            if not whole:
                _read(rule, mask, high - width if side == 0 else low + width, reach, game, book, m)
            one, two = (a if whole else m, b) if side == 0 else (a, b if whole else m)
            if _fails(rule, which, belief, mask, one, two, straight, most, cheapest, reach, anew, game, book, other):
                if whole:
                    return low, 0.0
                if side == 0:
                    high, b = high - width, m
                else:
                    low, a = low + width, m
                free ^= 1
                width = min(2.0 * width, high - low)
            else:
                width *= 0.5
        width = 0.5 * (high - low)
    return low, high
