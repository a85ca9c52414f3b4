r"""The compiled sweep behind :mod:`potline.numerics.joint_cut.deals`: every coalition of every draw, no iteration.

Rows and what a cut does to the market: :mod:`potline.numerics.joint_cut.path`.
"""

from __future__ import annotations

__all__ = ["sweep_deals", "sweep_listed"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel
from potline.numerics.joint_cut.path import KT, USE, best_on_path, cut_of, market_at
from potline.numerics.joint_cut.rise import ANNUITY

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PRO_RATA, EFFICIENT, STATED = 0, 1, 2
VOLUNTARY, TRANSFERS, UNANIMITY, PARTICIPATION, MONEY = 0, 1, 2, 3, 4


@kernel
def _efficient(
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    mask: int,
    pieces: Floats,
    owner: Integers,
    merged: Integers,
    path: Integers,
    others: float,
    least: float,
    plan: Floats,
) -> None:
    count = 0
    for j in merged:
        if (mask >> owner[j]) & 1:
            path[count] = j
            count += 1
    wanted, _, _, _ = best_on_path(market, relief, lines, bits, mask, pieces, path[:count], others, least)
    done = 0.0
    for k in range(count):
        j = path[k]
        if wanted - done <= 1e-9 * wanted:
            break
        part, loss, use = cut_of(pieces, j, j + 1, wanted - done)
        done += part
        plan[owner[j], 0] += part
        plan[owner[j], 1] += loss
        plan[owner[j], 2] += use


@kernel
def _plan(
    rule: int,
    market: Floats,
    relief: Floats,
    lines: Floats,
    bits: Integers,
    mask: int,
    full: int,
    pieces: Floats,
    first: Integers,
    owner: Integers,
    merged: Integers,
    stated: Floats,
    least: float,
    others: float,
    held: Floats,
    size: Floats,
    path: Integers,
    plan: Floats,
) -> tuple[float, float]:
    """Write what each member idles, its loss and its use of the input; return tonnes in all (-1: no deal) and kept."""
    members, running, promised, kept = 0, 0.0, 0.0, others
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            members += 1
            running += size[i, 0]
            promised += min(stated[i], size[i, 0]) if rule == STATED else size[i, 0]
            kept -= held[i]
    if members < 2 or promised < least * (1.0 - 1e-12) or mask & ~full != 0:
        return -1.0, kept
    for i in range(first.size - 1):
        plan[i, 0], plan[i, 1], plan[i, 2] = 0.0, 0.0, 0.0
    if rule == EFFICIENT:
        _efficient(market, relief, lines, bits, mask, pieces, owner, merged, path, kept, least, plan)
    total = 0.0
    for i in range(first.size - 1):
        if (mask >> i) & 1:
            if rule != EFFICIENT:
                wanted = min(stated[i], size[i, 0]) if rule == STATED else least * (size[i, 0] / running)
                plan[i, 0], plan[i, 1], plan[i, 2] = cut_of(pieces, first[i], first[i + 1], wanted)
            total += plan[i, 0]
    return total, kept


@kernel
def _sizes(pieces: Floats, first: Integers, owner: Integers, size: Floats) -> int:
    """Write what each owner runs and the input that takes, (owners, 2), and whose pieces are; return who runs any."""
    everything = 0.0
    for i in range(first.size - 1):
        size[i, 0], size[i, 1] = 0.0, 0.0
        for j in range(first[i], first[i + 1]):
            owner[j] = i
            size[i, 0] += pieces[j, KT]
            size[i, 1] += pieces[j, KT] * pieces[j, USE]
        everything += size[i, 0]
    full = 0
    for i in range(first.size - 1):
        if size[i, 0] > 1e-9 * everything:
            full |= 1 << i
    return full


@kernel
def _gains(
    mask: int, annuity: float, size: Floats, plan: Floats, rise: float, cheaper: float, base: Floats, gain: Floats
) -> tuple[float, float, float]:
    """Write members' gains in the deal, millions over the term; return the least, their sum and what they lack."""
    worst, summed, lacking = np.inf, 0.0, 0.0
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
    wide: bool,
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
    """Write the scores of a coalition, (3 leaving rules, 5 institutions), and what each member gets outside it.

    ``again`` is the rise and relief of the deal without each member, rise -1 where there is none; not ``wide``: leave
    out the first leaving rule. ``score`` is in millions a year, ``leave`` (owners, 3) over the term.
    """
    annuity = market[ANNUITY]
    for way in range(3):
        score[way, VOLUNTARY], score[way, TRANSFERS], score[way, MONEY] = worst, 0.0, 0.0
    for i in range(gain.size):
        if (mask >> i) & 1:
            leave[i, 0], leave[i, 1], leave[i, 2] = 0.0, 0.0, 0.0
            if wide:
                rest = withdrawn - plan[i, 0] + held[i]
                _, rise, cheaper = market_at(market, relief, lines, bits, mask ^ (1 << i), rest)
                leave[i, 0] = size[i, 0] * (rise - base[1]) + size[i, 1] * (cheaper - base[2])
            if again[i, 0] >= 0.0:
                leave[i, 1] = size[i, 0] * (again[i, 0] - base[1]) + size[i, 1] * (again[i, 1] - base[2])
            leave[i, 0] *= annuity * 1e-3
            leave[i, 1] *= annuity * 1e-3
            for way in range(3):
                test = min(gain[i], gain[i] - leave[i, way])
                score[way, VOLUNTARY] = min(score[way, VOLUNTARY], test)
                score[way, TRANSFERS] += gain[i] - max(0.0, leave[i, way])
                score[way, MONEY] += min(0.0, test)
    for way in range(3):
        score[way, UNANIMITY] = worst if mask == full else -np.inf
        score[way, PARTICIPATION] = worst
        for k in range(5):
            score[way, k] /= annuity


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
    merged: Integers,
    stated: Floats,
    least: Floats,
    base: Floats,
    held: Floats,
    masks: Integers,
    step: Integers,
    best: Floats,
    chosen: Integers,
    table: Floats,
    gains: Floats,
) -> None:
    """Score every coalition in ``masks`` of every draw and keep the best by leaving rule and institution.

    Row c without owner i stands ``step[i]`` rows before c. Writes ``best`` (draws, 3 leaving rules, 5 institutions) in
    millions a year and ``chosen``, their coalitions (-1 where none reaches the least tonnage); where they have rows,
    ``table`` (draws, coalitions, 4 + 15): cut, fall, price rise, relief, then the scores, and ``gains`` (draws,
    coalitions, members, 5): cut, gain in the deal, gains when the member leaves under the three rules, millions over
    the term. An owner that runs nothing has nothing to sign: no coalition holds it, and all present are all others.
    """
    n = first.size - 1
    owner, path = np.zeros(pieces.shape[1], np.int64), np.empty(pieces.shape[1], np.int64)
    size, gain, plan = np.empty((n, 2)), np.empty(n), np.zeros((n, 3))
    effects, again = np.empty((masks.size, 2)), np.empty((n, 2))
    score, leave = np.empty((3, 5)), np.zeros((n, 3))
    for b in range(start, stop):
        m, f, lk, bb, pc, annuity = market[b], relief[b], lines[b], bits[b], pieces[b], market[b, ANNUITY]
        order, start_at, idle = merged[b], base[b], held[b]
        for way in range(3):
            for k in range(5):
                best[b, way, k] = -np.inf
                chosen[b, way, k] = -1
        full = _sizes(pc, first, owner, size)
        for c in range(masks.size):
            mask = masks[c]
            effects[c, 0] = -1.0
            total, kept = _plan(
                rule, m, f, lk, bb, mask, full, pc, first, owner, order, stated, least[b], start_at[0], idle, size,
                path, plan,
            )  # fmt: skip
            if total < 0.0:
                continue
            fall, rise, cheaper = market_at(m, f, lk, bb, mask, kept + total)
            effects[c, 0], effects[c, 1] = rise, cheaper
            worst, summed, lacking = _gains(mask, annuity, size, plan, rise, cheaper, start_at, gain)
            wide = table.shape[1] > 0 or (
                worst > best[b, 0, VOLUNTARY] * annuity
                or summed > best[b, 0, TRANSFERS] * annuity
                or -lacking > best[b, 0, MONEY] * annuity
            )
            for i in range(n):
                if (mask >> i) & 1:
                    again[i, 0], again[i, 1] = effects[c - step[i], 0], effects[c - step[i], 1]
            _judge(
                wide,
                worst,
                m,
                f,
                lk,
                bb,
                mask,
                full,
                kept + total,
                size,
                plan,
                start_at,
                idle,
                gain,
                again,
                score,
                leave,
            )
            for way in range(3):
                for k in range(5):
                    if (way > 0 or wide or UNANIMITY <= k <= PARTICIPATION) and score[way, k] > best[b, way, k]:
                        best[b, way, k] = score[way, k]
                        chosen[b, way, k] = mask
                    if table.shape[1] > 0:
                        table[b, c, 4 + 5 * way + k] = score[way, k]
            if table.shape[1] > 0:
                table[b, c, 0], table[b, c, 1], table[b, c, 2], table[b, c, 3] = total, fall, rise, cheaper
            if gains.shape[1] > 0:
                for i in range(n):
                    if (mask >> i) & 1:
                        gains[b, c, i, 0], gains[b, c, i, 1] = plan[i, 0], gain[i]
                        for way in range(3):
                            gains[b, c, i, 2 + way] = leave[i, way]


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
    merged: Integers,
    stated: Floats,
    least: Floats,
    base: Floats,
    held: Floats,
    draw: Integers,
    masks: Integers,
    table: Floats,
    gains: Floats,
) -> None:
    """Score coalition ``masks[c]`` of draw ``draw[c]`` for each c: ``table`` and ``gains`` as :func:`sweep_deals`'.

    Where masks follow each other the deal without a member is read from its row instead of being worked out again.
    """
    n = first.size - 1
    owner, path = np.zeros(pieces.shape[1], np.int64), np.empty(pieces.shape[1], np.int64)
    size, gain, plan, other = np.empty((n, 2)), np.empty(n), np.zeros((n, 3)), np.zeros((n, 3))
    again = np.empty((n, 2))
    score, leave = np.empty((3, 5)), np.zeros((n, 3))
    for c in range(start, stop):
        b, mask = int(draw[c]), int(masks[c])
        m, f, lk, bb, pc = market[b], relief[b], lines[b], bits[b], pieces[b]
        order, start_at, idle = merged[b], base[b], held[b]
        full = _sizes(pc, first, owner, size)
        total, kept = _plan(
            rule, m, f, lk, bb, mask, full, pc, first, owner, order, stated, least[b], start_at[0], idle, size, path,
            plan,
        )  # fmt: skip
        if total < 0.0:
            continue
        fall, rise, cheaper = market_at(m, f, lk, bb, mask, kept + total)
        worst, _, _ = _gains(mask, m[ANNUITY], size, plan, rise, cheaper, start_at, gain)
        for i in range(n):
            if (mask >> i) & 1:
                again[i, 0] = -1.0
                rest, at = mask ^ (1 << i), c - (1 << i)
                if at >= start and masks[at] == rest and draw[at] == b:
                    if table[at, 2] >= 0.0:
                        again[i, 0], again[i, 1] = table[at, 2], table[at, 3]
                    continue
                left, stays = _plan(
                    rule, m, f, lk, bb, rest, full, pc, first, owner, order, stated, least[b], start_at[0], idle,
                    size, path, other,
                )  # fmt: skip
                if left >= 0.0:
                    _, again[i, 0], again[i, 1] = market_at(m, f, lk, bb, rest, stays + left)
        _judge(
            True, worst, m, f, lk, bb, mask, full, kept + total, size, plan, start_at, idle, gain, again, score, leave
        )
        table[c, 0], table[c, 1], table[c, 2], table[c, 3] = total, fall, rise, cheaper
        for way in range(3):
            for k in range(5):
                table[c, 4 + 5 * way + k] = score[way, k]
        if gains.shape[0] > 0:
            for i in range(n):
                if (mask >> i) & 1:
                    gains[c, i, 0], gains[c, i, 1] = plan[i, 0], gain[i]
                    for way in range(3):
                        gains[c, i, 2 + way] = leave[i, way]
