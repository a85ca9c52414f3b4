r"""The compiled part of :func:`potline.numerics.joint_cut.deals.alone`: best responses in turn, and where they meet.

Turns come ever closer and stop short. Once it is known where each one lies (at an edge of a plant,
inside a stretch, at a kink of the market) the joint point is one equation. Inside a stretch of the market, with
q = X - what has restarted, an owner's response solves

    (R - x) u'(q) - u(q) - s F(q) + (W - w(x)) F'(q) = l / A,

which is linear in x at a given q; the sum of the cuts is X. Where some stop at a kink of the market q is the kink, and
the last of those in turn takes what the others leave. Secants find q: at once where u is a straight line, else inside a
bracket that is halved every third turn, since what owners cut together falls as q rises, and steeply where a narrow
spread bends u.
"""

from __future__ import annotations

__all__ = ["MEETING", "meet", "search_alone"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.path import BESIDE, INSIDE, KINK, KT, LOSS, USE, best_on_path, cut_of, market_at
from potline.numerics.joint_cut.rise import (
    ANNUITY,
    HEADROOM,
    KINK_FALL,
    P0,
    Q0,
    SHAPE,
    SPREAD,
    TAKEN,
    price_growth,
    price_rise,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MEETING = (INSIDE, KINK)
SECANTS = 200
NEAR = 1e-3  # of what it runs: further off, a response belongs to another stretch


@kernel
def search_alone(
    start: int,
    stop: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    pieces: Floats,
    first: Integers,
    sequence: Integers,
    rounds: int,
    tolerance: float,
    cut: Floats,
    place: Integers,
    solo: Floats,
    state: Floats,
) -> None:
    """Look for cuts that no owner would change alone, by best responses in the order ``sequence`` (draws, owners).

    Starts from ``cut`` (draws, owners) and writes it, and ``place`` (draws, owners, 2): kind and piece of each owner's
    last best response; ``solo`` (draws, owners, 2) where it has rows: the best cut against nobody and its gain;
    ``state`` (draws, 7): regret, rounds, settled, total cut, fall, rise, relief. Every idle line answers the price,
    whoever owns it.
    """
    bits = np.zeros(lines.shape[1], np.int64)
    nobody = 0 * first.size  # a literal 0 would compile a second specialisation of every helper
    path = np.arange(pieces.shape[1], dtype=np.int64)
    for b in range(start, stop):
        m, f, lk, pc = market[b], relief[b], lines[b], pieces[b]
        for i in range(solo.shape[1]):
            solo[b, i, 0], solo[b, i, 1], _, _ = best_on_path(
                m, f, lk, bits, nobody, pc, path[first[i] : first[i + 1]], 0.0, 0.0
            )
        total, regret, settled, turn = np.sum(cut[b]), 0.0, False, 0
        while turn < rounds and not settled:
            turn += 1
            regret, settled = 0.0, True
            for seat in range(sequence.shape[1]):
                i = sequence[b, seat]
                others = total - cut[b, i]
                better, value, kind, piece = best_on_path(
                    m, f, lk, bits, nobody, pc, path[first[i] : first[i + 1]], others, 0.0
                )
                place[b, i, 0], place[b, i, 1] = kind, piece
                running, using = 0.0, 0.0
                for j in range(first[i], first[i + 1]):
                    running += pc[j, KT]
                    using += pc[j, KT] * pc[j, USE]
                x, loss, use = cut_of(pc, int(first[i]), int(first[i + 1]), cut[b, i])
                _, rise, cheaper = market_at(m, f, lk, bits, nobody, others + x)
                now = m[ANNUITY] * ((running - x) * rise + (using - use) * cheaper) - loss
                scale = m[ANNUITY] * (m[P0] + rise) * running
                if scale > 0.0:
                    regret = max(regret, (value - now) / scale)
                    if value - now > tolerance * scale:
                        cut[b, i], settled = better, False
                        total = np.sum(cut[b])
        fall, rise, cheaper = market_at(m, f, lk, bits, nobody, total)
        state[b, 0], state[b, 1], state[b, 2], state[b, 3] = regret, turn, 1.0 if settled else 0.0, total
        state[b, 4], state[b, 5], state[b, 6] = fall, rise, cheaper


@kernel
def _stretch(market: Floats, relief: Floats, lines: Floats, total: float, at_kink: bool) -> tuple[float, float, float]:
    """Return the ends of the stretch of falls q that holds a total cut, and what has restarted before it.

    ``at_kink``: the stretch that ends where the total lies, nearest.
    """
    close = 1e-6 * market[Q0]
    back, low = 0.0, 0.0
    for k in range(lines.shape[0] + 1):
        high = lines[k, 0] if k < lines.shape[0] else market[Q0]
        if total <= high + back + close or k == lines.shape[0]:
            fall = min(max(total - back, low), high)
            before, after = low, high
            nearest, near = high, abs(high - fall)
            for m in range(relief.shape[0] + 1):
                x = relief[m, 0] if m < relief.shape[0] else market[KINK_FALL]
                if low < x < high:
                    if abs(x - fall) < near:
                        nearest, near = x, abs(x - fall)
                    if x <= fall:
                        before = max(before, x)
                    else:
                        after = min(after, x)
            if at_kink:
                before, after = low, nearest
                for m in range(relief.shape[0] + 1):
                    x = relief[m, 0] if m < relief.shape[0] else market[KINK_FALL]
                    if x < nearest:
                        before = max(before, x)
            return before, after, back
        low = high
        back += lines[k, 1]
    return 0.0, 0.0, 0.0


@kernel
def _line(relief: Floats, low: float, high: float) -> tuple[float, float]:
    """Return F at the lower end of a stretch without a kink inside, and its slope."""
    middle = 0.5 * (low + high)
    for m in range(1, relief.shape[0]):
        x0, x1 = relief[m - 1, 0], relief[m, 0]
        if x0 < middle <= x1:
            slope = (relief[m, 1] - relief[m - 1, 1]) / (x1 - x0)
            return relief[m - 1, 1] + slope * (low - x0), slope
    return relief[relief.shape[0] - 1, 1] if relief.shape[0] > 0 else 0.0, 0.0


@kernel
def _price(market: Floats, middle: float, fall: float) -> tuple[float, float]:
    """Return u and u' on the stretch that holds ``middle``; where u is a straight line there, beyond its ends too."""
    growth = price_growth(market, fall, middle)
    if market[SHAPE] == 0.0 and market[SPREAD] == 0.0:
        level = 0.0 if middle < market[KINK_FALL] else market[TAKEN] * market[HEADROOM]
        return level + growth * fall, growth
    return price_rise(market, fall), growth


@kernel
def _responses(
    market: Floats, relief: Floats, pieces: Floats, first: Integers, place: Integers, low: float, high: float,
    fall: float, found: Floats,
) -> tuple[float, bool]:  # fmt: skip
    """Write the responses at a fall of output of owners inside the stretch.

    Returns the sum of all but those at a kink, and whether each response lies in its piece.
    """
    rise, growth = _price(market, 0.5 * (low + high), fall)
    cheaper, gradient = _line(relief, low, high)
    cheaper += gradient * (fall - low)
    total, sound = 0.0, True
    for i in range(first.size - 1):
        if place[i, 0] == INSIDE:
            j = place[i, 1]
            running, using, begin, used = 0.0, 0.0, 0.0, 0.0
            for k in range(first[i], first[i + 1]):
                running += pieces[k, KT]
                using += pieces[k, KT] * pieces[k, USE]
                if k < j:
                    begin += pieces[k, KT]
                    used += pieces[k, KT] * pieces[k, USE]
            s = pieces[j, USE]
            value = running * growth - rise - s * cheaper + (using - used + s * begin) * gradient
            found[i] = (value - pieces[j, LOSS] / market[ANNUITY]) / (growth + s * gradient)
            sound &= begin <= found[i] <= begin + pieces[j, KT]
            if market[SPREAD] > 0.0:  # past its piece a response ends there, and turns go on
                found[i] = min(max(found[i], begin), begin + pieces[j, KT])
        if place[i, 0] != KINK:
            total += found[i]
    return total, sound


@kernel
def _root(
    market: Floats, relief: Floats, pieces: Floats, first: Integers, place: Integers, low: float, high: float,
    back: float, found: Floats,
) -> bool:  # fmt: skip
    """Write the responses that add up to their own fall of output, by secants; return whether they exist."""
    straight = market[SHAPE] == 0.0 and market[SPREAD] == 0.0
    total = np.sum(found)
    fall = min(max(total - back, low), high)
    other = fall + 1e-4 * market[Q0] if straight else 0.5 * (fall + (high if fall - low < high - fall else low))
    at, sound = _responses(market, relief, pieces, first, place, low, high, other, found)
    beyond = at - other - back
    near, far = low, high
    for turn in range(SECANTS):
        at, sound = _responses(market, relief, pieces, first, place, low, high, fall, found)
        gap = at - fall - back
        if gap == 0.0 or (gap == beyond and straight):
            break
        near, far = (fall, far) if gap > 0.0 else (near, fall)
        step = gap * (fall - other) / (gap - beyond) if gap != beyond else np.inf
        if not straight and (turn % 3 == 2 or not near < fall - step < far):
            step = fall - 0.5 * (near + far)
        other, beyond = fall, gap
        fall -= step
        if abs(step) <= 1e-16 * market[Q0]:
            break
    if market[SPREAD] > 0.0:  # responses turn on the last digits of the fall: one of them makes it good
        most = -1
        for i in range(first.size - 1):
            if place[i, 0] == INSIDE and (most < 0 or found[i] > found[most]):
                most = i
        found[most] += fall + back - np.sum(found)
    return sound and low <= fall <= high


@kernel
def _beside(
    market: Floats, relief: Floats, lines: Floats, pieces: Floats, first: Integers, place: Integers, cut: Floats,
    found: Floats,
) -> bool:  # fmt: skip
    """Write the joint point of owners of whom some stop just above a step of relief, demand of constant elasticity.

    There the output has fallen as far as it has: who would cut less if nothing jumped holds it there, the one that
    would cut least by what the others leave; all others respond to that fall. Turns that gain less than rounding leave
    them apart. Returns whether there is such a point nearby.
    """
    low, high, back = _stretch(market, relief, lines, np.sum(cut), False)
    fall = min(max(np.sum(cut) - back, low), high)
    free = place.copy()
    for i in range(cut.size):
        if place[i, 0] == BESIDE:
            free[i, 0] = INSIDE
    _responses(market, relief, pieces, first, free, low, high, fall, found)
    last, least = -1, 0.0
    for i in range(cut.size):
        if place[i, 0] == BESIDE and found[i] - cut[i] < 0.0:
            if last < 0 or found[i] - cut[i] < least:
                last, least = i, found[i] - cut[i]
            found[i] = cut[i]
    if last < 0:
        return False
    found[last] += fall + back - np.sum(found)
    for i in range(cut.size):
        running = 0.0
        for j in range(first[i], first[i + 1]):
            running += pieces[j, KT]
        if abs(found[i] - cut[i]) > NEAR * running or not 0.0 <= found[i] <= running:
            return False
    return True


@kernel
def meet(
    start: int,
    stop: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    pieces: Floats,
    first: Integers,
    sequence: Integers,
    place: Integers,
    cut: Floats,
    found: Floats,
) -> None:
    """Write the joint point of the best responses whose places are known, ``found`` (draws, owners).

    ``place``, ``cut`` and the rows: as :func:`search_alone` leaves them. Where the
    places admit no such point ``found`` is ``cut``.
    """
    for b in range(start, stop):
        m, f, pc, at = market[b], relief[b], pieces[b], place[b]
        inside, beside, last = False, False, -1
        for seat in range(sequence.shape[1]):
            i = sequence[b, seat]
            inside |= at[i, 0] == INSIDE
            beside |= at[i, 0] == BESIDE
            if at[i, 0] == KINK:
                last = i
        for i in range(cut.shape[1]):
            found[b, i] = cut[b, i]
        if beside and last < 0 and m[SHAPE] != 0.0 and f.shape[0] > 0:
            if not _beside(m, f, lines[b], pc, first, at, cut[b], found[b]):
                for i in range(cut.shape[1]):
                    found[b, i] = cut[b, i]
            continue
        if not inside and last < 0:
            continue
        low, high, back = _stretch(m, f, lines[b], np.sum(cut[b]), last >= 0)
        if last < 0:
            sound = _root(m, f, pc, first, at, low, high, back, found[b])
        else:
            total, sound = _responses(m, f, pc, first, at, low, high, high, found[b])
            for i in range(cut.shape[1]):
                if at[i, 0] == KINK and i != last:
                    total += found[b, i]
            found[b, last] = high + back - total
        if not sound and m[SPREAD] == 0.0:
            for i in range(cut.shape[1]):
                found[b, i] = cut[b, i]
