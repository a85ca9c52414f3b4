r"""The market at a cut, and the best cut along a path: what the sweeps of :mod:`potline.numerics.joint_cut` share.

All market effects of a cut run through one number, the net fall of output q: withdrawn capacity less what
others restart. The price rises by ``u(q)`` and the shared input gets cheaper by ``F(q)``; both are known and
non-decreasing, so each idle line restarts at one value ``q_k`` that no coalition changes. Sorted by it, the lines are
walked once a coalition: q + restarts(q) = withdrawn.

Rows: ``market`` as in :mod:`potline.numerics.joint_cut.rise`, which has u; ``relief`` = (fall of output, fall of the
input's price), two equal falls are a step; ``lines`` = (q_k, kt, F there); ``pieces`` = (kt, loss per t, loss once the
piece is complete, use of the input per t, line kt), grouped by owner in the order in which the owner idles them.
"""

from __future__ import annotations

__all__ = [
    "BESIDE",
    "EDGE",
    "INSIDE",
    "JUMP",
    "KINK",
    "KT",
    "LINE_SIZE",
    "LOSS",
    "PARTS",
    "USE",
    "best_on_path",
    "cut_of",
    "market_at",
    "relief_of",
    "stretch_at",
]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.rise import (
    ANNUITY,
    ELASTICITY,
    IMPORTS,
    KINK_FALL,
    Q0,
    SHAPE,
    SPREAD,
    price_bend,
    price_growth,
    price_rise,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

KT, LOSS, JUMP, USE, LINE_SIZE = 0, 1, 2, 3, 4
SLIVER, TURNS = 1e-6, 100
PARTS = 16  # of a stretch where demand is isoelastic and imports rise: the slope need not fall
EDGE, INSIDE, KINK, BESIDE = 0, 1, 2, 3  # where a best cut lies: docs of best_on_path


@kernel
def relief_of(relief: Floats, fall: float) -> float:
    """Return F(q); at a step the lower value."""
    count = relief.shape[0]
    for m in range(count):
        if fall <= relief[m, 0] * (1.0 + 1e-11):
            if m == 0:
                return relief[0, 1]
            part = (fall - relief[m - 1, 0]) / (relief[m, 0] - relief[m - 1, 0])
            return relief[m - 1, 1] + (relief[m, 1] - relief[m - 1, 1]) * min(part, 1.0)
    return relief[count - 1, 1] if count > 0 else 0.0


@kernel
def _clear(lines: Floats, bits: Integers, mask: int, withdrawn: float) -> tuple[float, int]:
    """Return the net fall of output and the line that is marginal (-1: none); lines in ``mask`` stay idle."""
    left = withdrawn
    for k in range(bits.size):
        if left <= lines[k, 0]:
            return left, -1
        if bits[k] & mask == 0:
            left -= lines[k, 1]
            if left <= lines[k, 0]:
                return lines[k, 0], k
    return left, -1


@kernel
def market_at(
    market: Floats, relief: Floats, lines: Floats, bits: Integers, mask: int, withdrawn: float
) -> tuple[float, float, float]:
    """Return the net fall of output, the rise of the price and the relief at what is withdrawn."""
    fall, marginal = _clear(lines, bits, mask, withdrawn)
    cheaper = lines[marginal, 2] if marginal >= 0 else relief_of(relief, fall)
    return fall, price_rise(market, fall), cheaper


@kernel
def cut_of(pieces: Floats, first: int, last: int, wanted: float) -> tuple[float, float, float]:
    """Return tonnes, loss and use of the input of the plants idled; whole lines, so possibly above ``wanted``."""
    done, loss, use = 0.0, 0.0, 0.0
    for j in range(first, last):
        kt, unit = pieces[j, KT], pieces[j, LINE_SIZE]
        part = wanted - done
        if part <= 1e-9 * wanted:
            break
        if kt <= 0.0:
            continue
        if unit > 0.0:
            part = np.ceil(part / unit - 1e-9) * unit
        if part >= kt * (1.0 - 1e-9):
            part = kt
            loss += pieces[j, JUMP]
        done += part
        loss += part * pieces[j, LOSS]
        use += part * pieces[j, USE]
    return done, loss, use


@kernel
def stretch_at(
    market: Floats, relief: Floats, lines: Floats, bits: Integers, mask: int, withdrawn: float
) -> tuple[float, float, int]:
    """Return the net fall, how much more can be withdrawn before the next kink, and the marginal line or -1."""
    tiny = 1e-10 * market[Q0]
    left, room = withdrawn, np.inf
    for k in range(bits.size):
        if bits[k] & mask == 0:
            at = lines[k, 0]
            if left < at - tiny:
                room = at - left
                break
            left -= lines[k, 1]
            if left < at - tiny:
                return at, at - left, k
    left = max(left, 0.0)
    for m in range(relief.shape[0]):
        if relief[m, 0] > left + tiny:
            room = min(room, relief[m, 0] - left)
            break
    for edge in (market[Q0], market[KINK_FALL]):
        if edge > left + tiny:
            room = min(room, edge - left)
    return left, room, -1


@kernel
def _slope(
    market: Floats,
    fall: float,
    d: float,
    middle: float,
    made: float,
    bought: float,
    use: float,
    per_t: float,
    near: float,
    gradient: float,
) -> float:
    """Return the slope of ``A [(R - x) u + (W - w) F] - loss`` d tonnes into a stretch: see :func:`_stationary`."""
    rise, growth = price_rise(market, fall + d), price_growth(market, fall + d, middle)
    cheaper = near + gradient * d
    return market[ANNUITY] * ((made - d) * growth - rise - use * cheaper + (bought - use * d) * gradient) - per_t


@kernel
def _stationary(
    market: Floats,
    fall: float,
    step: float,
    low: float,
    high: float,
    slope_low: float,
    made: float,
    bought: float,
    use: float,
    per_t: float,
    near: float,
    gradient: float,
) -> float:
    """Return where between ``low`` and ``high`` the slope of ``A [(R - x) u + (W - w) F] - loss`` passes 0 from above.

    -1 where it does not. Counted from the start of a stretch of the market at a fall of output; there ``made`` is
    R - x, ``bought`` W - w, ``near`` F. With linear demand the slope falls from ``slope_low``, in one line or, with a
    spread of the headroom, along a curve: Newton inside a bracket.
    """
    middle, iso = fall + 0.5 * step, market[SHAPE] != 0.0
    if iso:
        slope_low = _slope(market, fall, low, middle, made, bought, use, per_t, near, gradient)
        k = 1.0 + 1.0 / market[ELASTICITY]
        if k > 2.0 and middle < market[KINK_FALL]:  # where the slope turns from rising to falling
            turn = min(max((k * made - 2.0 * (market[Q0] - fall)) / (k - 2.0), low), high)
            slope = _slope(market, fall, turn, middle, made, bought, use, per_t, near, gradient)
            if slope > slope_low:
                low, slope_low = turn, slope
    slope_high = _slope(market, fall, high, middle, made, bought, use, per_t, near, gradient)
    if slope_low <= 0.0 or slope_high >= 0.0:
        return -1.0
    d = 0.5 * (low + high) if iso else low + (high - low) * slope_low / (slope_low - slope_high)
    if not iso and market[SPREAD] == 0.0:
        return d
    for _ in range(TURNS):
        slope = _slope(market, fall, d, middle, made, bought, use, per_t, near, gradient)
        if slope > 0.0:
            low = d
        else:
            high = d
        last, d = d, 0.5 * (low + high)
        if not iso:
            bends = (made - last) * price_bend(market, fall + last) - 2.0 * use * gradient
            bends = market[ANNUITY] * (bends - 2.0 * price_growth(market, fall + last, middle))
            if low < last - slope / bends < high:
                d = last - slope / bends
        if abs(d - last) <= 1e-14 * market[Q0]:
            break
    return d


@kernel
def best_on_path(
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    mask: int,
    pieces: Floats,
    order: Integers,
    others: float,
    least: float,
) -> tuple[float, float, int, int]:
    """Return the cut of at least ``least`` along ``order`` that maximises ``A [(R - x) u + (W - w) F] - loss``.

    Evaluates every plant boundary (both sides where a lump sum is lost), every kink of the market, and the
    stationary point between two of them. Beside the cut and its value: which of these it is (EDGE of a plant or a
    line, INSIDE a stretch, KINK of the market, just BESIDE either), and the piece it lies in.
    """
    annuity = market[ANNUITY]
    parts = PARTS if market[SHAPE] != 0.0 and 0.0 < market[IMPORTS] < np.inf else 1
    exact = market[SPREAD] == 0.0 or relief.shape[0] > 0  # what lies just above a kink; else as at the kink
    running, using = 0.0, 0.0
    for j in order:
        running += pieces[j, KT]
        using += pieces[j, KT] * pieces[j, USE]
    x, loss, use, rise = 0.0, 0.0, 0.0, 0.0
    best_x, best, kind, piece = 0.0, -np.inf, EDGE, 0
    if least <= 0.0:
        _, rise, cheaper = market_at(market, relief, lines, bits, mask, others)
        best = annuity * (running * rise + using * cheaper)
    for j in order:
        kt, per_t, s, unit = pieces[j, KT], pieces[j, LOSS], pieces[j, USE], pieces[j, LINE_SIZE]
        done = 0.0
        while done < kt * (1.0 - 1e-9):
            step = kt - done
            fall, room, marginal = 0.0, 0.0, 0
            if unit > 0.0:
                step = min(step, unit)
            else:
                if x < least * (1.0 - 1e-12):
                    step = min(step, least - x)
                fall, room, marginal = stretch_at(market, relief, lines, bits, mask, others + x)
                step = min(step, room)
                if done + step > kt * (1.0 - 1e-9):
                    step = kt - done
                if marginal >= 0 and relief.shape[0] > 0 and x >= least * (1.0 - 1e-12):
                    d = SLIVER * step  # a line that restarts at a step of F lifts it at once
                    _, rise, cheaper = market_at(market, relief, lines, bits, mask, others + x + d)
                    value = annuity * ((running - x - d) * rise + (using - use - s * d) * cheaper) - loss - per_t * d
                    if value > best:
                        best_x, best, kind, piece = x + d, value, BESIDE, int(j)
                if marginal < 0 and x >= least * (1.0 - 1e-12):
                    near, far = relief_of(relief, fall + 0.25 * step), relief_of(relief, fall + 0.75 * step)
                    gradient = (far - near) / (0.5 * step)
                    near -= 0.25 * step * gradient
                    made, bought, begin = running - x, using - use, SLIVER * step if exact else 0.0
                    there = rise
                    if exact:
                        rise = price_rise(market, fall + begin)
                    d, growth = begin, price_growth(market, fall + begin, fall + 0.5 * step)
                    cheaper = near + gradient * d
                    value = annuity * ((made - d) * rise + (bought - s * d) * cheaper)
                    value -= loss + per_t * d
                    if value > best:
                        best_x, best, kind, piece = x + d, value, BESIDE, int(j)
                    if exact and market[SPREAD] > 0.0:  # a narrow spread turns within a sliver
                        d, begin, rise, cheaper = 0.0, 0.0, there, near
                        growth = price_growth(market, fall, fall + 0.5 * step)
                    slope = annuity * ((made - d) * growth - rise - s * cheaper + (bought - s * d) * gradient) - per_t
                    for part in range(parts if slope > 0.0 or market[SHAPE] != 0.0 else 0):
                        low = begin + (step - begin) * part / parts
                        high = begin + (step - begin) * (part + 1) / parts if part < parts - 1 else step
                        d = _stationary(market, fall, step, low, high, slope, made, bought, s, per_t, near, gradient)
                        if d < 0.0:
                            continue
                        rise, cheaper = price_rise(market, fall + d), near + gradient * d
                        value = annuity * ((made - d) * rise + (bought - s * d) * cheaper)
                        value -= loss + per_t * d
                        if value > best:
                            best_x, best, kind, piece = x + d, value, INSIDE, int(j)
            x += step
            done += step
            loss += step * per_t
            use += step * s
            if x >= least * (1.0 - 1e-12):
                _, rise, cheaper = market_at(market, relief, lines, bits, mask, others + x)
                value = annuity * ((running - x) * rise + (using - use) * cheaper) - loss
                if done >= kt * (1.0 - 1e-9) and pieces[j, JUMP] > 0.0:
                    kept = SLIVER * kt
                    if unit == 0.0 and value > best and x - kept >= least:
                        _, before, cheaper = market_at(market, relief, lines, bits, mask, others + x - kept)
                        short = annuity * ((running - x + kept) * before + (using - use + kept * s) * cheaper)
                        short -= loss - kept * per_t
                        if short > best:
                            best_x, best, kind, piece = x - kept, short, EDGE, int(j)
                    value -= pieces[j, JUMP]
                if value > best:
                    whole = unit > 0.0 or done >= kt * (1.0 - 1e-9)
                    best_x, best, kind, piece = x, value, EDGE if whole else KINK, int(j)
        if kt > 0.0:
            loss += pieces[j, JUMP]
    return best_x, best, kind, piece
