r"""The conduct that not cutting reveals: the least share of a cut's effect at which some cut of an owner pays.

An owner with conduct theta takes that share of what its cut moves into account: it idles x where

    theta A [(R - x) u(q) + (W - w(x)) F(q)] > loss(x),        q the fall of output at its own withdrawal x.

So one that idles nothing has theta of at most ``loss(x) / (A [(R - x) u + (W - w) F])``, whatever x; the least of these
is its bound, and it is less than 1 exactly where a cut pays a Cournot owner. Between two kinks of the loss and of the
market the bracket is concave in x with linear demand and the loss a straight line, so that the quotient falls and then
rises: its slope has the sign of ``loss' N - loss N'``, which never falls, and one root at most.
"""

from __future__ import annotations

__all__ = ["revealed"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import inner, kernel
from potline.numerics.joint_cut.arrange import Arrangement
from potline.numerics.joint_cut.path import (
    JUMP,
    KT,
    LINE_SIZE,
    LOSS,
    PARTS,
    USE,
    market_at,
    relief_of,
    stretch_at,
)
from potline.numerics.joint_cut.rise import (
    ANNUITY,
    ELASTICITY,
    IMPORTS,
    KINK_FALL,
    Q0,
    SHAPE,
    price_growth,
    price_rise,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

HALVINGS = 200


@inner
def _worth(market: Floats, at: Floats, d: float) -> tuple[float, float]:
    """Return N and its slope d tonnes into a stretch: see :func:`_on_stretch`."""
    made, bought, use, fall, middle, moves, near, gradient = at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]
    rise = price_rise(market, fall + moves * d)
    growth = moves * price_growth(market, fall + moves * d, middle)
    cheaper = near + gradient * d
    worth = (made - d) * rise + (bought - use * d) * cheaper
    slope = (made - d) * growth - rise - use * cheaper + (bought - use * d) * gradient
    return market[ANNUITY] * worth, market[ANNUITY] * slope


@inner
def _quotient(market: Floats, at: Floats, spent: float, per_t: float, d: float) -> float:
    """Return the loss over N; where both begin at 0, their slopes'."""
    worth, slope = _worth(market, at, d)
    lost = spent + per_t * d
    if lost <= 0.0 and worth <= 0.0:
        lost, worth = per_t, slope
    return max(lost, 0.0) / worth if worth > 0.0 else np.inf


@inner
def _on_stretch(market: Floats, at: Floats, spent: float, per_t: float, low: float, high: float) -> tuple[float, float]:
    """Return the least quotient between two places of a stretch, and its place.

    ``at`` = what is made and bought where it begins, use of the input a tonne, the fall of output there and in its
    middle, 1 where output falls with the cut and 0 where an idle line answers, F there and its slope.
    """
    best, where = _quotient(market, at, spent, per_t, low), low
    last = _quotient(market, at, spent, per_t, high)
    if last < best:
        best, where = last, high
    near, far = low, high
    for end in range(2):
        d = high if end else low
        worth, slope = _worth(market, at, d)
        sign = per_t * worth - (spent + per_t * d) * slope
        if (end == 0 and sign >= 0.0) or (end == 1 and sign <= 0.0):
            return best, where
    for _ in range(HALVINGS):
        d = 0.5 * (near + far)
        if not near < d < far:
            break
        worth, slope = _worth(market, at, d)
        if per_t * worth - (spent + per_t * d) * slope < 0.0:
            near = d
        else:
            far = d
    inner = _quotient(market, at, spent, per_t, 0.5 * (near + far))
    return (inner, 0.5 * (near + far)) if inner < best else (best, where)


@inner
def _piecewise(market: Floats, at: Floats, spent: float, per_t: float, step: float) -> tuple[float, float]:
    """Return the same over a stretch.

    With demand of constant elasticity it bends the other way first, or is looked at in parts.
    """
    low, parts = 0.0, 1
    best, where = _quotient(market, at, spent, per_t, 0.0), 0.0
    if market[SHAPE] != 0.0 and at[5] > 0.0:
        k = 1.0 + 1.0 / market[ELASTICITY]
        if at[4] >= market[KINK_FALL] and 0.0 < market[IMPORTS] < np.inf:
            parts = PARTS
        elif k > 2.0 and at[4] < market[KINK_FALL]:
            low = min(max((k * at[0] - 2.0 * (market[Q0] - at[3])) / (k - 2.0), 0.0), step)
    for part in range(parts):
        begin, end = low + (step - low) * part / parts, low + (step - low) * (part + 1) / parts
        found, there = _on_stretch(market, at, spent, per_t, begin, end)
        if found < best:
            best, where = found, there
    return best, where


@inner
def _least(
    market: Floats, relief: Floats, lines: Floats, bits: Integers, pieces: Floats, first: int, last: int, at: Floats
) -> tuple[float, float]:
    """Return the least quotient of an owner and the cut at which it is, ``inf`` and nan where none brings anything."""
    running, using, x, loss, use = 0.0, 0.0, 0.0, 0.0, 0.0
    nobody = 0 * lines.shape[0]
    for j in range(first, last):
        running += pieces[j, KT]
        using += pieces[j, KT] * pieces[j, USE]
    best, where = np.inf, np.nan
    for j in range(first, last):
        kt, per_t, s, unit = pieces[j, KT], pieces[j, LOSS], pieces[j, USE], pieces[j, LINE_SIZE]
        done = 0.0
        while done < kt * (1.0 - 1e-9):
            step, fall, room, marginal = kt - done, 0.0, 0.0, -1
            if unit > 0.0:
                step = min(step, unit)
            else:
                fall, room, marginal = stretch_at(market, relief, lines, bits, nobody, x)
                step = min(step, room)
            if done + step > kt * (1.0 - 1e-9):
                step = kt - done
            if unit <= 0.0:
                at[0], at[1], at[2], at[3], at[4], at[5] = running - x, using - use, s, fall, fall, 0.0
                at[6], at[7] = lines[max(marginal, 0), 2] if marginal >= 0 else 0.0, 0.0
                if marginal < 0:
                    low, high = relief_of(relief, fall + 0.25 * step), relief_of(relief, fall + 0.75 * step)
                    at[4], at[5], at[7] = fall + 0.5 * step, 1.0, (high - low) / (0.5 * step)
                    at[6] = low - 0.25 * step * at[7]
                    if abs(at[6]) <= 1e-12 * low:  # rounding of none: a first tonne would bring something for nothing
                        at[6] = 0.0
                found, d = _piecewise(market, at, loss, per_t, step)
                if found < best:
                    best, where = found, x + d
            x += step
            done += step
            loss += step * per_t
            use += step * s
            if unit > 0.0:
                lump = pieces[j, JUMP] if done >= kt * (1.0 - 1e-9) else 0.0
                _, rise, cheaper = market_at(market, relief, lines, bits, nobody, x)
                worth = market[ANNUITY] * ((running - x) * rise + (using - use) * cheaper)
                if worth > 0.0 and max(loss + lump, 0.0) / worth < best:
                    best, where = max(loss + lump, 0.0) / worth, x
        if kt > 0.0:
            loss += pieces[j, JUMP]
    return best, where


@kernel
def _each(market: Floats, relief: Floats, lines: Floats, pieces: Floats, first: Integers, found: Floats) -> None:
    bits, at = np.zeros(lines.shape[1], np.int64), np.zeros(8)
    for b in range(found.shape[0]):
        for i in range(found.shape[1]):
            found[b, i, 0], found[b, i, 1] = _least(
                market[b], relief[b], lines[b], bits, pieces[b], int(first[i]), int(first[i + 1]), at
            )


def revealed(arrangement: Arrangement) -> tuple[Floats, Floats]:
    """Return the least loss over what a cut brings, and the cut at which it is, [draws, owners] each.

    Nobody else cuts, and every idle line answers the price. What is only approached counts: 0 kt is the first tonne,
    and a plant whose lump sum is lost with its last tonne is idled but for that. ``inf`` and nan where no cut of an
    owner brings it anything.

    Args:
        arrangement: from :func:`potline.numerics.joint_cut.arrange.arrange`.

    Examples:
        One owner of 100 kt, slope 0.1 a kt, loss 4 a tonne: 4 x over (100 - x) 0.1 x is least at the first tonne, 0.4.
        A loss of 14 makes it 1.4: no cut pays even a Cournot owner.

        >>> from potline.numerics.joint_cut.arrange import CutMarket, CutPlants, arrange
        >>> one, two = np.ones(1), np.ones((1, 2))
        >>> market = CutMarket(price_per_t=10 * one, quantity_kt=1000 * one, elasticity=0.1 * one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> loss = np.array([[4.0, 14.0]])
        >>> plants = CutPlants(running_kt=100 * two, idle_kt=0 * two, loss_part_per_t=loss, loss_whole_per_t=loss,
        ...     stop_price_per_t=two, restart_price_per_t=two, relief_use=0 * two, line_kt=np.zeros(2),
        ...     owner=np.arange(2))
        >>> share, at = revealed(arrange(market, plants, 2))
        >>> share.round(9).tolist(), at.tolist()
        ([[0.4, 1.4]], [[0.0, 0.0]])
    """
    found = np.empty((arrangement.draws, arrangement.first.size - 1, 2))
    rows = (arrangement.market, arrangement.relief, arrangement.lines, arrangement.pieces)
    _each(*rows, arrangement.first, found)
    return found[:, :, 0], found[:, :, 1]
