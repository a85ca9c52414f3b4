r"""Where the test of one coalition holds as a function of the tonnage K: between two events, exactly.

With linear demand a member's cut, the net fall of output q and the relief F are straight lines in K between two
events, and u is concave. So what member i gains, and what it gains by leaving, bend by

    gain''  = -A [2 x' q' u'(q) - (r - x) q'^2 u''(q) + 2 use' F'],        outside'' = A r q_i'^2 u''(q_i),

q_i the fall without it: both of one sign, and bounded on any stretch by u' at its ends and by the extremes of u''. A
test that those bounds keep from 0, or that can have one root only, is settled; any other stretch is halved. Nothing
is missed. Where demand is isoelastic a stretch is looked at in 16 parts instead.

A sample, [members + 1, 6]: each member's cut, use, gain, gain outside, fall of output without it; in the last row the
fall, the relief, the money sums, whether every member idles something, and whether there is a deal at all.
"""

from __future__ import annotations

__all__ = [
    "ALL_OR_NONE",
    "COLLAPSE",
    "KEEP",
    "REOPTIMISE",
    "RESPREAD",
    "ROUNDING",
    "SUMS",
    "judge",
    "least",
    "passes",
    "sift",
]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner
from potline.numerics.joint_cut.liked import total_at
from potline.numerics.joint_cut.path import market_at
from potline.numerics.joint_cut.rise import (
    ANNUITY,
    ELASTICITY,
    HEADROOM,
    P0,
    Q0,
    SHAPE,
    SPREAD,
    price_bend,
    price_growth,
)
from potline.numerics.joint_cut.totals import CLOSE, Book, Game, cut_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

REOPTIMISE, KEEP, RESPREAD, COLLAPSE = range(4)
VOLUNTARY, TRANSFERS, ALL_OR_NONE = range(3)
ROUNDING = 1e-12  # of the money sums
CUT, USED, GAIN, OUTSIDE, REST = range(5)
FALL, RELIEF, SUMS, IDLES, DEAL = range(5)


@inner
def judge(
    rule: int,
    belief: int,
    mask: int,
    tonnage: float,
    reach: Floats,
    anew: Floats,
    game: Game,
    book: Book,
    plan: Floats,
    other: Floats,
    sample: Floats,
) -> None:
    """Write a sample: what members gain in the deal and by leaving it, over the term, kt times money/t."""
    market, relief, lines, bits, _, first, size, held, base, _ = game
    kept, n = book[3], first.size - 1
    own, annuity, sums, idles, members = sample[n], market[ANNUITY], 0.0, 1.0, 0
    own[DEAL] = 0.0
    if tonnage > reach[n] * (1.0 + CLOSE):
        return
    total = total_at(rule, mask, n, tonnage, reach[n], game, book, plan)
    kt, _, _ = cut_at(total, n, game, book, plan)
    fall, rise, cheaper = market_at(market, relief, lines, bits, mask, kept[n] + kt)
    for i in range(n):
        members += (mask >> i) & 1
    for i in range(n):
        if (mask >> i) & 1:
            runs, buys = size[i, 0], size[i, 1]
            gain = (runs - plan[i, 0]) * rise - runs * base[1] + (buys - plan[i, 2]) * cheaper - buys * base[2]
            sample[i, CUT], sample[i, USED], sample[i, GAIN] = plan[i, 0], plan[i, 2], annuity * gain - plan[i, 1]
            sums += annuity * (runs * (rise + base[1]) + buys * (cheaper + base[2])) + abs(plan[i, 1])
            if plan[i, 0] <= CLOSE * tonnage:
                idles = 0.0
            without, relieved, stays = -1.0, 0.0, mask ^ (1 << i)
            sample[i, REST] = 0.0
            if belief == REOPTIMISE:
                without, relieved = anew[stays, 0], anew[stays, 1]
            elif belief == KEEP:
                rest = kept[n] + kt - plan[i, 0] + held[i]
                sample[i, REST], without, relieved = market_at(market, relief, lines, bits, stays, rest)
            elif belief == RESPREAD and members > 2 and tonnage <= reach[i] * (1.0 + CLOSE):
                left = total_at(rule, stays, i, tonnage, reach[i], game, book, other)
                left, _, _ = cut_at(left, i, game, book, other)
                sample[i, REST], without, relieved = market_at(market, relief, lines, bits, stays, kept[i] + left)
            sample[i, OUTSIDE] = 0.0
            if without >= 0.0:
                sample[i, OUTSIDE] = annuity * (runs * (without - base[1]) + buys * (relieved - base[2]))
                sums += annuity * (runs * (without + base[1]) + buys * (relieved + base[2]))
    own[FALL], own[RELIEF], own[SUMS], own[IDLES], own[DEAL] = fall, cheaper, sums, idles, 1.0


@inner
def _test(which: int, sample: Floats, i: int) -> float:
    """Return the test of one member; under ``transfers`` its part of the sum."""
    return sample[i, GAIN] - (0.0 if which == ALL_OR_NONE else max(0.0, sample[i, OUTSIDE]))


@inner
def least(which: int, mask: int, sample: Floats, sort: Integers, wanted: int) -> float:
    """Return the least test of the members of a sort, 0 for all; under ``transfers`` the sum of all."""
    result = 0.0 if which == TRANSFERS else np.inf
    for i in range(sample.shape[0] - 1):
        if (mask >> i) & 1:
            if which == TRANSFERS:
                result += _test(which, sample, i)
            elif wanted == 0 or sort[i] == wanted:
                result = min(result, _test(which, sample, i))
    return result


@inner
def passes(which: int, mask: int, sample: Floats, sort: Integers, rounding: float) -> bool:
    """Return whether a coalition holds at a tonnage, but for rounding, a part of the money sums."""
    own = sample[sample.shape[0] - 1]
    if own[DEAL] == 0.0 or (which != TRANSFERS and own[IDLES] == 0.0):
        return False
    return least(which, mask, sample, sort, 0) >= -rounding * own[SUMS]


@inner
def _bent(market: Floats, low: float, high: float) -> tuple[float, float]:
    """Return the least and the largest |u''| between two falls of output."""
    if market[SPREAD] == 0.0:
        return 0.0, 0.0
    a, b, top = -price_bend(market, low), -price_bend(market, high), market[HEADROOM] * market[ELASTICITY]
    top *= market[Q0] / market[P0]
    return min(a, b), -price_bend(market, top) if low < top < high else max(a, b)


@inner
def _bounds(which: int, a: Floats, b: Floats, i: int, width: float, game: Game) -> tuple[float, float]:
    """Return bounds of the second derivative of a member's test between two samples."""
    market, _, _, _, _, _, size, _, _, _ = game
    n = a.shape[0] - 1
    if market[SHAPE] != 0.0:
        return 0.0, 0.0
    cut, fall = (b[i, CUT] - a[i, CUT]) / width, (b[n, FALL] - a[n, FALL]) / width
    most = 2.0 * (b[i, USED] - a[i, USED]) / width * (b[n, RELIEF] - a[n, RELIEF]) / width
    fewest = most
    if fall > 0.0:
        middle = 0.5 * (a[n, FALL] + b[n, FALL])
        steep, flat = price_growth(market, a[n, FALL], middle), price_growth(market, b[n, FALL], middle)
        low, high = _bent(market, a[n, FALL], b[n, FALL])
        most += 2.0 * cut * fall * steep + (size[i, 0] - a[i, CUT]) * fall * fall * high
        fewest += 2.0 * cut * fall * flat + (size[i, 0] - b[i, CUT]) * fall * fall * low
    low, high = 0.0, 0.0
    fall = (b[i, REST] - a[i, REST]) / width
    if which != ALL_OR_NONE and fall > 0.0:
        low, high = _bent(market, a[i, REST], b[i, REST])
        low, high = size[i, 0] * fall * fall * low, size[i, 0] * fall * fall * high
    return market[ANNUITY] * (low - most), market[ANNUITY] * (high - fewest)


@inner
def sift(which: int, mask: int, a: Floats, b: Floats, width: float, force: bool, game: Game, sort: Integers) -> int:
    """Return what is known between two samples: 0 it fails, 1 it holds, 2 it has roots as ``sort`` says, 3 nothing.

    ``sort`` by member: 0 holds, 1 from a root on, 2 up to a root. ``force``: go by the signs at the ends.
    """
    n = a.shape[0] - 1
    if a[n, DEAL] == 0.0 or b[n, DEAL] == 0.0:
        return 0
    if which != TRANSFERS and (a[n, IDLES] == 0.0 or b[n, IDLES] == 0.0):
        return 0
    close, code = ROUNDING * min(a[n, SUMS], b[n, SUMS]), 1
    before, after, down, up = 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        sort[i] = 0
    for i in range(n):
        if (mask >> i) & 1:
            low, high = _bounds(which, a, b, i, width, game)
            if which == TRANSFERS:
                before += _test(which, a, i)
                after += _test(which, b, i)
                down += low
                up += high
                if mask >> (i + 1) != 0:
                    continue
            else:
                before, after, down, up = _test(which, a, i), _test(which, b, i), low, high
            p, q, part = before + close, after + close, 0.125 * width * width
            if force:
                down, up = 0.0, 0.0
            if max(p, q) - min(down, 0.0) * part < 0.0:
                return 0
            if min(p, q) - max(up, 0.0) * part >= 0.0:
                continue
            one = up <= 0.0 or down >= 0.0 or abs(q - p) > width * width * max(-down, up)
            if (p >= 0.0) == (q >= 0.0) or not one:
                code = 3
            elif code == 1:
                code = 2
            sort[0 if which == TRANSFERS else i] = 1 if q >= 0.0 else 2
    return code
