r"""Bounds on what owners gain from joint cuts, over all coalitions of a box at once.

A coalition S acts on member i through two numbers only: one that fixes its own cut x_i (running capacity R of S where
a cut K is shared pro rata, ``x_i = K r_i / R``; the place s reached in the blocks of the path of all owners where it is
efficient; none where cuts are stated), and the net fall of output q. A box is an interval of each, the owners that are
in S for sure and those that are not. Over a box, in the notation of :mod:`potline.numerics.joint_cut.deals`,

    gain_i  <= A max over x_i of [(r_i - x_i) u(q_hi) + (w_i - use(x_i)) F(q_hi)] - loss(x_i) - A (r_i u0 + w_i F0)
    leave_i >= A [r_i (u(q'_i) - u0) + w_i (F(q'_i) - F0)]

with q'_i the least that output can still fall by once i has left. ``docs/theory/meeting.md`` derives both. Everything
here is one pass of array operations over (boxes, pieces), (boxes, lines) and (boxes, owners).
"""

from __future__ import annotations

__all__ = ["Bounds", "Boxes", "bound"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.games import CLOSE, EFFICIENT, PRO_RATA, STATED, Games, in_lines
from potline.numerics.joint_cut.rise import ANNUITY, P0, Q0, rise_at
from potline.numerics.joint_cut.sweep import KEEP, RESPREAD

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(slots=True, kw_only=True, eq=False)
class Boxes:
    """Sets of coalitions, N of them.

    Attributes:
        game: [N].
        way: in which leaving is answered, [N].
        ends: of the rule's number, [N, 2].
        least: ends of the tonnage asked for, [N, 2].
        fall: ends of the net fall of output, [N, 2].
        inside, outside: owners in for sure and out for sure, [N, n].
    """

    game: Integers
    way: Integers
    ends: Floats
    least: Floats
    fall: Floats
    inside: Flags
    outside: Flags

    def rows(self, index: Integers | Flags) -> Boxes:
        """Return chosen boxes, copied."""
        return Boxes(**{name: getattr(self, name)[index] for name in Boxes.__slots__})

    @staticmethod
    def joined(parts: list[Boxes]) -> Boxes:
        """Return all boxes of several lots."""
        return Boxes(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in Boxes.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """Over the coalitions of each box.

    Attributes:
        test_m: most that gain less what is to be had outside can be, million a year, [N, n].
        weight: [N, n, 2] and needed: [N, 2]: members' weights must be able to sum to what is needed: at their higher
            ends no less than its lower, at their lower ends no more than its higher.
        fall: ends of the net fall, narrowed, [N, 2].
        empty: no coalition is in it, [N].
        spread: how much of ``test_m`` hangs on the width of the rule's number and of the fall, [N, n, 2].
    """

    test_m: Floats
    weight: Floats
    needed: Floats
    fall: Floats
    empty: Flags
    spread: Floats


def bound(games: Games, boxes: Boxes) -> Bounds:
    """Bound every owner's test over each box, and narrow the box."""
    g, may = boxes.game, ~boxes.outside
    low, high = _cuts(games, boxes)
    base, held = games.base[g], games.held[g]
    inside_low, may_high = np.where(boxes.inside, low, 0.0).sum(axis=1), np.where(may, high, 0.0).sum(axis=1)
    most = may_high
    if games.rule == PRO_RATA:
        unit = np.maximum.reduceat(games.line_size, games.first, axis=1)[g]
        most = np.minimum(may_high, boxes.least[:, 1] * (1.0 + CLOSE) + np.where(may, unit, 0.0).sum(axis=1))
    least_total = np.maximum(boxes.least[:, 0] * (1.0 - 10.0 * CLOSE), inside_low)
    held_in, held_may = (np.where(flags, held, 0.0).sum(axis=1) for flags in (boxes.inside, may))
    reach_hi = np.where(games.line_at[g] <= (boxes.fall[:, 1] * (1.0 + CLOSE))[:, None], games.line_kt[g], 0.0)
    reach_lo = np.where(games.line_at[g] < (boxes.fall[:, 0] * (1.0 - CLOSE))[:, None], games.line_kt[g], 0.0)
    free_most, free_least = _free(games, g, boxes.inside), _free(games, g, may)
    close = CLOSE * games.market[g, Q0]
    top = boxes.fall[:, 1] + np.where(free_most, reach_hi, 0.0).sum(axis=1) + held_may - base[:, 0] + close
    bottom = boxes.fall[:, 0] + np.where(free_least, reach_lo, 0.0).sum(axis=1) + held_in - base[:, 0] - close
    most, least_total = np.minimum(most, top), np.maximum(least_total, bottom)
    fall_hi = _clear(games, g, free_least, base[:, 0] + most - held_may)
    fall_lo = _clear(games, g, free_most, base[:, 0] + least_total - held_in)
    fall = np.stack([np.maximum(fall_lo, boxes.fall[:, 0]), np.minimum(fall_hi, boxes.fall[:, 1])], axis=1)
    empty = (fall_lo > boxes.fall[:, 1] + close) | (fall_hi < boxes.fall[:, 0] - close) | (most < least_total - close)
    fall = np.maximum(np.sort(fall, axis=1), 0.0)
    gain = _gain(games, g, fall[:, 1], low, high)
    leave = _leave(games, boxes, fall[:, 0], high, most, least_total)
    test = (gain - np.maximum(leave, 0.0)) * 1e-3 / games.market[g, ANNUITY, None]
    if games.rule == PRO_RATA:
        weight = np.repeat(games.running[g][:, :, None], 2, axis=2)
        needed = boxes.ends * np.array([1.0 - CLOSE, 1.0 + CLOSE])
    else:
        weight, needed = np.stack([low, high], axis=2), np.stack([least_total - close, most + close], axis=1)
    rise = rise_at(games.market[g], fall)
    swing = games.running[g] * (rise[:, 1] - rise[:, 0])[:, None] * 1e-3
    width = (high - low) * (rise[:, 1, None] + np.abs(games.loss).max(axis=1)[g][:, None]) * 1e-3
    return Bounds(
        test_m=test + 1e-13 * (games.market[g, P0] * games.market[g, Q0])[:, None],
        weight=weight,
        needed=needed,
        fall=fall,
        empty=empty,
        spread=np.stack([width, swing], axis=2),
    )


def _cuts(games: Games, boxes: Boxes) -> tuple[Floats, Floats]:
    """Return the least and the most each owner idles if it is a member, [N, n]."""
    g = boxes.game
    if games.rule == STATED:
        return games.stated[g], games.stated[g]
    if games.rule == EFFICIENT:
        taken = (games.kt[g] * np.clip(boxes.ends[:, end, None] - games.place[g], 0.0, 1.0) for end in range(2))
        wanted = np.stack([np.add.reduceat(part, games.first, axis=1) for part in taken], axis=1)
    else:
        share = boxes.least / np.maximum(boxes.ends[:, ::-1], 1e-300)
        part = np.minimum(share * np.array([1.0 - CLOSE, 1.0 + CLOSE]), 1.0)
        wanted = part[:, :, None] * games.running[g][:, None, :]
    if not games.line_size.any():
        return wanted[:, 0], wanted[:, 1]
    kt, unit = games.kt[g], games.line_size[g]
    amounts = (np.clip(wanted[:, end][:, games.owner] - games.start[g], 0.0, kt) for end in range(2))
    low, high = (np.add.reduceat(in_lines(part, kt, unit), games.first, axis=1) for part in amounts)
    return low, high


def _free(games: Games, game: Integers, inside: Flags) -> Flags:
    """Return which lines may restart when the owners ``inside`` hold theirs, [N, L]."""
    padded = np.concatenate([inside, np.zeros((inside.shape[0], 1), dtype=np.bool_)], axis=1)
    return ~np.take_along_axis(padded, games.line_owner[game], axis=1)


def _clear(games: Games, game: Integers, free: Flags, withdrawn: Floats) -> Floats:
    """Return q with ``q + restarts(q) = withdrawn``: the least over k of max(q_k, withdrawn - the first k lines)."""
    left = withdrawn[:, None] - np.cumsum(np.where(free, games.line_kt[game], 0.0), axis=1)
    return np.minimum(withdrawn, np.maximum(games.line_at[game], left).min(axis=1, initial=np.inf))


def _clear_each(games: Games, game: Integers, free: Flags, withdrawn: Floats) -> Floats:
    """Return the same for each owner when, beside the lines ``free``, its own may restart; ``withdrawn`` [N, n]."""
    result, left = withdrawn.copy(), withdrawn.copy()
    row, n = np.arange(game.size), withdrawn.shape[1]
    furthest = float(withdrawn.max(initial=0.0))
    for k in range(games.line_at.shape[1]):
        at = games.line_at[game, k]
        if float(at.min(initial=np.inf)) > furthest:
            break
        kt, who = games.line_kt[game, k], games.line_owner[game, k]
        own = ~free[:, k] & (who < n)
        left -= np.where(free[:, k], kt, 0.0)[:, None]
        left[row[own], who[own]] -= kt[own]
        np.minimum(result, np.maximum(at[:, None], left), out=result)
    return result


def _relief(games: Games, game: Integers, fall: Floats, *, upper: bool) -> Floats:
    """Return F, at a step its upper or lower value."""
    points = games.relief.shape[1]
    if points == 0:
        return np.zeros_like(fall)
    result: Floats = games.relief[game, 0, 1] + np.zeros_like(fall)
    for k in range(1, points):
        x0, y0 = games.relief[game, k - 1, 0], games.relief[game, k - 1, 1]
        x1, y1 = games.relief[game, k, 0], games.relief[game, k, 1]
        width = np.where(x1 > x0, x1 - x0, 1.0)
        reached: Flags = fall >= x1 * (1.0 - CLOSE) if upper else fall > x1 * (1.0 + CLOSE)
        part: Floats = np.where(
            x1 > x0, np.minimum(np.maximum((fall - x0) / width, 0.0), 1.0), np.float64(1.0) * reached
        )
        result = result + (y1 - y0) * part
    return result


def _gain(games: Games, game: Integers, fall: Floats, low: Floats, high: Floats) -> Floats:
    """Return the most each owner gains at a fall of output, over its cuts from ``low`` to ``high``, [N, n]."""
    annuity = games.market[game, ANNUITY]
    rise = annuity * rise_at(games.market[game], fall)
    relief = annuity * _relief(games, game, fall * (1.0 + CLOSE), upper=True)
    start, kt, loss, use = (getattr(games, name)[game] for name in ("start", "kt", "loss", "use"))
    running, using = games.running[game], games.using[game]
    near, far = low[:, games.owner], high[:, games.owner]
    end = start + kt
    last = games.place[game] == np.inf
    whole: Flags = last & (far >= start * (1.0 - CLOSE))  # a cut of all that runs ends there but for rounding
    begun: Flags = whole | (far >= start - CLOSE * np.maximum(kt, start * CLOSE))
    touched = begun & (last | ((near < end - CLOSE * kt) & (kt > 0.0)))
    best = np.full(start.shape, -np.inf)
    for x in (np.clip(near, start, end), np.clip(far, start, end)):
        done = x - start
        value = (running[:, games.owner] - x) * rise[:, None] - games.loss_before[game] - loss * done
        value += (using[:, games.owner] - games.use_before[game] - use * done) * relief[:, None]
        best = np.maximum(best, value)
    best = np.where(touched, best, -np.inf)
    result = np.maximum.reduceat(best, games.first, axis=1)
    base = games.base[game]
    return result - annuity[:, None] * (running * base[:, 1:2] + using * base[:, 2:3])


def _apart(games: Games, boxes: Boxes, fall: Floats, high: Floats, most: Floats, least_total: Floats) -> Floats:
    """Return what output falls by at least when each owner has left, [N, n].

    From the fall with it in, at least ``fall``, answered by its lines and by those that are free for sure; and from
    what the others withdraw, answered by all lines that may be free. The larger counts.
    """
    g, may = boxes.game, ~boxes.outside
    base, held = games.base[g, 0], games.held[g]
    least = boxes.least[:, 0] * (1.0 - 10.0 * CLOSE)
    anew = (boxes.way == RESPREAD) & (games.rule != STATED)
    less = np.where(anew[:, None], np.maximum(most - least, 0.0)[:, None], high)
    sure = _free(games, g, may)
    before = np.where(games.line_at[g] < (fall * (1.0 - CLOSE))[:, None], games.line_kt[g], 0.0)
    answered = (fall + np.where(sure, before, 0.0).sum(axis=1))[:, None] - less + held
    first = np.minimum(fall[:, None], _clear_each(games, g, sure, np.maximum(answered, 0.0)))
    kept = np.where(boxes.inside, held, 0.0)
    others = np.where(anew, least, least_total)[:, None] - np.where(anew[:, None], 0.0, high)
    withdrawn = base[:, None] + others - kept.sum(axis=1)[:, None] + kept
    second = _clear_each(games, g, _free(games, g, boxes.inside), np.maximum(withdrawn, 0.0))
    return np.maximum(first, np.maximum(second, 0.0))


def _leave(games: Games, boxes: Boxes, fall: Floats, high: Floats, most: Floats, least_total: Floats) -> Floats:
    """Return the least each owner gets outside, [N, n]; 0 where there may be no deal without it."""
    g = boxes.game
    running, using, base = games.running[g], games.using[g], games.base[g]
    least = boxes.least[:, 1]
    again = boxes.way == RESPREAD
    others = np.where(boxes.inside, running, 0.0).sum(axis=1)[:, None] - np.where(boxes.inside, running, 0.0)
    if games.rule == PRO_RATA:
        others = np.maximum(others, boxes.ends[:, :1] - running)
    elif games.rule == STATED:
        promised = np.where(boxes.inside, games.promised[g], 0.0)
        others = promised.sum(axis=1)[:, None] - promised
        if not games.line_size.any():
            others = np.maximum(others, least_total[:, None] - high)
    stays = others >= (least + 10.0 * CLOSE * games.market[g, Q0])[:, None]
    apart = _apart(games, boxes, fall, high, most, least_total)
    rise = rise_at(games.market[g], apart) - base[:, 1:2]
    relief = _relief(games, g[:, None], apart * (1.0 - CLOSE), upper=False) - base[:, 2:3]
    value = games.market[g, ANNUITY, None] * (running * rise + using * relief)
    known = (again[:, None] & stays) | (boxes.way == KEEP)[:, None]
    return np.where(known, value, 0.0)
