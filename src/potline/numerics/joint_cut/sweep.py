r"""The compiled sweep behind :mod:`potline.numerics.joint_cut.deals`: every coalition of every draw, no iteration.

Rows and what a cut does to the market: :mod:`potline.numerics.joint_cut.path`.
"""

from __future__ import annotations

__all__ = [
    "BELIEFS",
    "COLLAPSE",
    "KEEP",
    "REOPTIMISE",
    "RESPREAD",
    "sweep_deals",
    "sweep_listed",
]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.brief import brief, prepare
from potline.numerics.joint_cut.events import NO_DEAL, PLANS, UNKNOWN, choose, chosen
from potline.numerics.joint_cut.hold import COLLAPSE, KEEP, REOPTIMISE, RESPREAD
from potline.numerics.joint_cut.path import cut_of, market_at
from potline.numerics.joint_cut.rise import ANNUITY
from potline.numerics.joint_cut.stay import Room
from potline.numerics.joint_cut.totals import CLOSE, Book, Game, cut_at, lay_path, sizes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRO_RATA, EFFICIENT, STATED = 0, 1, 2
BELIEFS = 4
VOLUNTARY, TRANSFERS, UNANIMITY, PARTICIPATION, MONEY = 0, 1, 2, 3, 4


@kernel
def _plan(
    rule: int,
    mask: int,
    full: int,
    least: float,
    game: Game,
    book: Book,
    work: Floats,
    head: Integers,
    walk: Floats,
    short: int,
    plan: Floats,
) -> tuple[float, float, bool]:
    """Write what each member idles, its loss and its use of the input.

    ``walk`` and ``short``: as :func:`potline.numerics.joint_cut.brief.prepare` leaves them, -1 for the long way.
    Return tonnes in all (-1: no deal), what is withdrawn beside them, and whether every member idles something; in
    equal shares of what each runs it does.
    """
    _, _, _, _, pieces, first, size, held, base, stated = game
    members, running, promised, kept = 0, 0.0, 0.0, base[0]
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            members += 1
            running += size[i, 0]
            promised += min(stated[i], size[i, 0]) if rule == STATED else size[i, 0]
            kept -= held[i]
    if members < 2 or promised < least * (1.0 - CLOSE) or mask & ~full != 0:
        return -1.0, kept, False
    if rule == EFFICIENT and short >= 0 and least > 0.0:
        liked = brief(rule, mask, game, walk, short, least, work[first.size])
        lay_path(rule, mask, first.size, game, book, head, liked)
        cut_at(liked, first.size, game, book, plan)
    elif rule == EFFICIENT:
        chosen(rule, mask, least, game, book, work, head, plan)
    total, idles = 0.0, True
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            if rule != EFFICIENT:
                wanted = min(stated[i], size[i, 0]) if rule == STATED else least * (size[i, 0] / running)
                plan[i, 0], plan[i, 1], plan[i, 2] = cut_of(pieces, first[i], first[i + 1], wanted)
            total += plan[i, 0]
            idles &= rule == PRO_RATA or plan[i, 0] > CLOSE * least
        else:
            plan[i, 0], plan[i, 1], plan[i, 2] = 0.0, 0.0, 0.0
    return total, kept, idles


@kernel
def _gains(
    mask: int,
    annuity: float,
    size: Floats,
    plan: Floats,
    idles: bool,
    rise: float,
    cheaper: float,
    base: Floats,
    gain: Floats,
) -> tuple[float, float, float]:
    """Write members' gains in the deal, millions over the term; return the least, their sum and what they lack.

    Not ``idles``: a member idles nothing, so that there is no deal unless it pays; the least is ``-inf``.
    """
    worst, summed, lacking = np.inf if idles else -np.inf, 0.0, 0.0 if idles else np.inf
    for i in range(gain.size):
        if (mask >> i) & 1:
            gain[i] = (size[i, 0] - plan[i, 0]) * rise - size[i, 0] * base[1]
            gain[i] += (size[i, 1] - plan[i, 2]) * cheaper - size[i, 1] * base[2]
            gain[i] = (annuity * gain[i] - plan[i, 1]) * 1e-3
            worst = min(worst, gain[i])
            summed += gain[i]
            lacking -= min(gain[i], 0.0)
    return worst, summed, lacking


@kernel
def _judge(
    anew: bool,
    kept: bool,
    worst: float,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    mask: int,
    full: int,
    withdrawn: float,
    size: Floats,
    plan: Floats,
    base: Floats,
    held: Floats,
    gain: Floats,
    again: Floats,
    score: Floats,
    leave: Floats,
) -> None:
    """Write the scores of a coalition, (4 beliefs, 5 institutions), and what each member gets outside it.

    ``again`` is the rise and relief of the deal without each member, chosen anew and respread, the rise -1 where there
    is none; not ``anew`` or not ``kept``: that belief is left out. ``worst`` is the least gain, ``-inf`` where a member
    idles nothing: then only those who may pay it have a deal. ``score`` is in millions a year, ``leave`` (owners, 4)
    over the term.
    """
    annuity = market[ANNUITY]
    for way in range(BELIEFS):
        score[way, VOLUNTARY], score[way, TRANSFERS], score[way, MONEY] = worst, 0.0, 0.0 if worst > -np.inf else worst
    for i in range(gain.size):
        if (mask >> i) & 1:
            for way in range(BELIEFS):
                leave[i, way] = 0.0
            if kept:
                rest = withdrawn - plan[i, 0] + held[i]
                _, rise, cheaper = market_at(market, relief, lines, bits, mask ^ (1 << i), rest)
                leave[i, KEEP] = size[i, 0] * (rise - base[1]) + size[i, 1] * (cheaper - base[2])
            if anew and again[i, 0] >= 0.0:
                leave[i, REOPTIMISE] = size[i, 0] * (again[i, 0] - base[1]) + size[i, 1] * (again[i, 1] - base[2])
            if again[i, 2] >= 0.0:
                leave[i, RESPREAD] = size[i, 0] * (again[i, 2] - base[1]) + size[i, 1] * (again[i, 3] - base[2])
            for way in range(BELIEFS):
                leave[i, way] *= annuity * 1e-3
                test = min(gain[i], gain[i] - leave[i, way])
                score[way, VOLUNTARY] = min(score[way, VOLUNTARY], test)
                score[way, TRANSFERS] += gain[i] - max(0.0, leave[i, way])
                score[way, MONEY] += min(0.0, test)
    for way in range(BELIEFS):
        score[way, UNANIMITY] = worst if mask == full else -np.inf
        score[way, PARTICIPATION] = worst
        for k in range(5):
            score[way, k] /= annuity


@kernel
def _payoffs(mask: int, plan: Floats, gain: Floats, leave: Floats, told: Floats) -> None:
    """Write each member's cut, its gain in the deal and what it gets when it leaves, by belief."""
    for i in range(gain.size):
        if (mask >> i) & 1:
            told[i, 0], told[i, 1] = plan[i, 0], gain[i]
            for way in range(BELIEFS):
                told[i, 2 + way] = leave[i, way]


@kernel
def _promises(worst: float, summed: float, lacking: float, best: Floats, annuity: float) -> bool:
    """Return whether a coalition may beat the best so far under a belief: leaving brings nobody less than nothing."""
    return bool(
        worst > best[VOLUNTARY] * annuity or summed > best[TRANSFERS] * annuity or -lacking > best[MONEY] * annuity
    )


@kernel
def sweep_deals(
    start: int,
    stop: int,
    rule: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    pieces: Floats,
    first: Integers,
    stated: Floats,
    least: Floats,
    base: Floats,
    held: Floats,
    merged: Integers,
    masks: Integers,
    step: Integers,
    room: Room,
    stayed: Floats,
    best: Floats,
    chosen: Integers,
    table: Floats,
    gains: Floats,
) -> None:
    """Score every coalition in ``masks`` of every draw and keep the best by belief and institution.

    Row c without owner i stands ``step[i]`` rows before c. Writes ``best`` (draws, 4 beliefs, 5 institutions) in
    millions a year and ``chosen``, their coalitions (-1 where none reaches the least tonnage); where they have rows,
    ``table`` (draws, coalitions, 4 + 20): cut, fall, price rise, relief, then the scores, and ``gains`` (draws,
    coalitions, members, 6): cut, gain in the deal, gains when the member leaves under the four beliefs, millions over
    the term. An owner that runs nothing has nothing to sign: no coalition holds it, and all present are all others.

    ``stayed`` (coalitions, 2): what those who stay choose anew, worked out where a coalition may be the best; without
    rows that belief is left out.
    """
    n, asked = first.size - 1, stayed.shape[0] > 0
    gain, plan = np.empty(n), np.zeros((n, 3))
    effects, again = np.empty((masks.size, 2)), np.empty((n, 4))
    score, leave = np.empty((BELIEFS, 5)), np.zeros((n, BELIEFS))
    ends, cum, blocks, kept_by, crest, crests, work, head, walk = room
    book, wide = (ends, cum, blocks, kept_by, crest, crests), table.shape[1] > 0
    size, planned = work[n + PLANS :, :2], work[n + PLANS :, 2:5]
    for b in range(start, stop):
        m, f, lk, bb, pc, annuity = market[b], relief[b], lines[b], bits[b], pieces[b], market[b, ANNUITY]
        order, start_at, idle = merged[b], base[b], held[b]
        for way in range(BELIEFS):
            for k in range(5):
                best[b, way, k] = -np.inf
                chosen[b, way, k] = -1
        full = sizes(pc, first, size)
        game = (m, f, lk, bb, pc, first, size, idle, start_at, stated)
        short = prepare(rule, game, order, walk) if asked or rule == EFFICIENT else -1
        for c in range(stayed.shape[0]):
            stayed[c, 0] = UNKNOWN if masks[c] != 0 else NO_DEAL
        for c in range(masks.size):
            mask = masks[c]
            effects[c, 0] = -1.0
            total, kept, idles = _plan(rule, mask, full, least[b], game, book, work, head, walk, short, plan)
            if total < 0.0:
                continue
            fall, rise, cheaper = market_at(m, f, lk, bb, mask, kept + total)
            effects[c, 0], effects[c, 1] = rise, cheaper
            worst, summed, lacking = _gains(mask, annuity, size, plan, idles, rise, cheaper, start_at, gain)
            keeps = wide or _promises(worst, summed, lacking, best[b, KEEP], annuity)
            anew = asked and (wide or _promises(worst, summed, lacking, best[b, REOPTIMISE], annuity))
            for i in range(n):
                if (mask >> i) & 1:
                    at = c - step[i]
                    again[i, 2], again[i, 3] = effects[at, 0], effects[at, 1]
                    if anew:
                        if stayed[at, 0] == UNKNOWN:
                            if short >= 0:
                                brief(rule, mask ^ (1 << i), game, walk, short, 0.0, stayed[at])
                            else:
                                choose(rule, mask ^ (1 << i), game, book, work, head, planned, stayed[at])
                        again[i, 0], again[i, 1] = stayed[at, 0], stayed[at, 1]
            _judge(
                anew, keeps, worst, m, f, lk, bb, mask, full, kept + total, size, plan, start_at, idle, gain, again,
                score, leave,
            )  # fmt: skip
            for way in range(BELIEFS):
                known = anew if way == REOPTIMISE else keeps or way != KEEP
                for k in range(5):
                    scored = known or (UNANIMITY <= k <= PARTICIPATION and (way != REOPTIMISE or asked))
                    if scored and score[way, k] > best[b, way, k]:
                        best[b, way, k] = score[way, k]
                        chosen[b, way, k] = mask
                    if wide:
                        table[b, c, 4 + 5 * way + k] = score[way, k] if scored else np.nan
            if wide:
                table[b, c, 0], table[b, c, 1], table[b, c, 2], table[b, c, 3] = total, fall, rise, cheaper
            if gains.shape[1] > 0:
                _payoffs(mask, plan, gain, leave, gains[b, c])


@kernel
def sweep_listed(
    start: int,
    stop: int,
    rule: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    pieces: Floats,
    first: Integers,
    stated: Floats,
    least: Floats,
    base: Floats,
    held: Floats,
    draw: Integers,
    masks: Integers,
    room: Room,
    stayed: Floats,
    place: Integers,
    table: Floats,
    gains: Floats,
) -> None:
    """Score coalition ``masks[c]`` of draw ``draw[c]`` for each c: ``table`` and ``gains`` as :func:`sweep_deals`'.

    Where masks follow each other the deal without a member is read from its row instead of being worked out again.
    What those who stay choose anew is row ``place[c, i]`` of ``stayed``, or that of the coalition where no places are
    given; without rows that belief is left out.
    """
    n = first.size - 1
    gain, plan, other = np.empty(n), np.zeros((n, 3)), np.zeros((n, 3))
    again, anew = np.empty((n, 4)), stayed.shape[0] > 0
    score, leave = np.empty((BELIEFS, 5)), np.zeros((n, BELIEFS))
    ends, cum, blocks, kept_by, crest, crests, work, head, walk = room
    book, size = (ends, cum, blocks, kept_by, crest, crests), work[n + PLANS :, :2]
    for c in range(start, stop):
        b, mask = int(draw[c]), int(masks[c])
        m, f, lk, bb, pc = market[b], relief[b], lines[b], bits[b], pieces[b]
        start_at, idle = base[b], held[b]
        full = sizes(pc, first, size)
        game = (m, f, lk, bb, pc, first, size, idle, start_at, stated)
        total, kept, idles = _plan(rule, mask, full, least[b], game, book, work, head, walk, -1, plan)
        if total < 0.0:
            continue
        fall, rise, cheaper = market_at(m, f, lk, bb, mask, kept + total)
        worst, _, _ = _gains(mask, m[ANNUITY], size, plan, idles, rise, cheaper, start_at, gain)
        for i in range(n):
            if (mask >> i) & 1:
                again[i, 2] = NO_DEAL
                rest, at = mask ^ (1 << i), c - (1 << i)
                if anew:
                    row = place[c, i] if place.shape[0] > 0 else (b << n) + rest
                    again[i, 0], again[i, 1] = stayed[row, 0], stayed[row, 1]
                if at >= start and masks[at] == rest and draw[at] == b:
                    if table[at, 2] >= 0.0:
                        again[i, 2], again[i, 3] = table[at, 2], table[at, 3]
                    continue
                left, stays, _ = _plan(rule, rest, full, least[b], game, book, work, head, walk, -1, other)
                if left >= 0.0:
                    _, again[i, 2], again[i, 3] = market_at(m, f, lk, bb, rest, stays + left)
        _judge(
            anew, True, worst, m, f, lk, bb, mask, full, kept + total, size, plan, start_at, idle, gain, again, score,
            leave,
        )  # fmt: skip
        table[c, 0], table[c, 1], table[c, 2], table[c, 3] = total, fall, rise, cheaper
        for way in range(0 if anew else 1, BELIEFS):
            for k in range(5):
                table[c, 4 + 5 * way + k] = score[way, k]
        if gains.shape[0] > 0:
            _payoffs(mask, plan, gain, leave, gains[c])
