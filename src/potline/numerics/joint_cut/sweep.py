r"""The compiled sweep behind :mod:`potline.numerics.joint_cut.deals`: every coalition of every draw, no iteration.

All market effects of a cut run through one number, the net fall of output q: withdrawn capacity less what
others restart. The price rises by ``u(q) = min(P(Q0 - q), ceiling) - p0`` and the shared input gets cheaper by
``F(q)``; both are known and non-decreasing, so each idle line restarts at one value ``q_k`` that no coalition
changes. Sorted by it, the lines are walked once a coalition: q + restarts(q) = withdrawn.

Rows: ``market`` = p0, Q0, elasticity, shape (0 linear, 1 isoelastic), headroom below the ceiling, fall of output at
which the ceiling binds, annuity; ``relief`` = (fall of output, fall of the input's price), two equal falls are a
step; ``lines`` = (q_k, kt, F there); ``pieces`` = (kt, loss per t, loss once the piece is complete, use of the
input per t, line kt), grouped by owner in the order in which the owner idles them.
"""

from __future__ import annotations

__all__ = ["search_alone", "sweep_deals", "sweep_listed"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

P0, Q0, ELASTICITY, SHAPE, HEADROOM, CEILING_FALL, ANNUITY = 0, 1, 2, 3, 4, 5, 6
KT, LOSS, JUMP, USE, LINE_SIZE = 0, 1, 2, 3, 4
PRO_RATA, EFFICIENT, STATED = 0, 1, 2
VOLUNTARY, TRANSFERS, UNANIMITY, PARTICIPATION, MONEY = 0, 1, 2, 3, 4
SLIVER, TURNS = 1e-6, 64
EDGE, INSIDE, KINK, BESIDE = 0, 1, 2, 3  # where a best cut lies: docs of _best_on_path


@kernel
def _rise(market: Floats, fall: float) -> float:
    if market[SHAPE] == 0.0:
        rise = market[P0] / market[ELASTICITY] * min(fall / market[Q0], 1.0)
    else:
        rise = market[P0] * (max(1.0 - fall / market[Q0], 1e-9) ** (-1.0 / market[ELASTICITY]) - 1.0)
    return min(rise, market[HEADROOM])


@kernel
def _relief(relief: Floats, fall: float) -> float:
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
def _effects(
    market: Floats, relief: Floats, lines: Floats, bits: Integers, mask: int, withdrawn: float
) -> tuple[float, float, float]:
    fall, marginal = _clear(lines, bits, mask, withdrawn)
    cheaper = lines[marginal, 2] if marginal >= 0 else _relief(relief, fall)
    return fall, _rise(market, fall), cheaper


@kernel
def _cut(pieces: Floats, first: int, last: int, wanted: float) -> tuple[float, float, float]:
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
def _stretch(
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
    if market[CEILING_FALL] > left + tiny:
        room = min(room, market[CEILING_FALL] - left)
    return left, room, -1


@kernel
def _best_on_path(
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
    annuity, iso = market[ANNUITY], market[SHAPE] != 0.0
    running, using = 0.0, 0.0
    for j in order:
        running += pieces[j, KT]
        using += pieces[j, KT] * pieces[j, USE]
    x, loss, use = 0.0, 0.0, 0.0
    best_x, best, kind, piece = 0.0, -np.inf, EDGE, 0
    if least <= 0.0:
        _, rise, cheaper = _effects(market, relief, lines, bits, mask, others)
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
                fall, room, marginal = _stretch(market, relief, lines, bits, mask, others + x)
                step = min(step, room)
                if done + step > kt * (1.0 - 1e-9):
                    step = kt - done
                if marginal >= 0 and relief.shape[0] > 0 and x >= least * (1.0 - 1e-12):
                    d = SLIVER * step  # a line that restarts at a step of F lifts it at once
                    _, rise, cheaper = _effects(market, relief, lines, bits, mask, others + x + d)
                    value = annuity * ((running - x - d) * rise + (using - use - s * d) * cheaper) - loss - per_t * d
                    if value > best:
                        best_x, best, kind, piece = x + d, value, BESIDE, int(j)
                if marginal < 0 and x >= least * (1.0 - 1e-12):
                    near, far = _relief(relief, fall + 0.25 * step), _relief(relief, fall + 0.75 * step)
                    gradient = (far - near) / (0.5 * step)
                    near -= 0.25 * step * gradient
                    low, high, slope_low, slope_high = SLIVER * step, step, 0.0, 0.0
                    bend = low
                    if iso:
                        k = 1.0 + 1.0 / market[ELASTICITY]
                        if k > 2.0:
                            bend = (k * (running - x) - 2.0 * (market[Q0] - fall)) / (k - 2.0)
                            bend = min(max(bend, low), high)
                    for turn in range(TURNS):
                        d = low
                        if turn == 1:
                            d = bend
                        elif turn == 2:
                            d = high
                        elif turn > 2:
                            d = 0.5 * (low + high) if iso else low + (high - low) * slope_low / (slope_low - slope_high)
                        rise = _rise(market, fall + d)
                        growth = 0.0
                        if fall + 0.5 * step < market[CEILING_FALL]:
                            growth = market[P0] / (market[ELASTICITY] * market[Q0])
                            if iso:
                                growth = (market[P0] + rise) / (market[ELASTICITY] * (market[Q0] - fall - d))
                        cheaper = near + gradient * d
                        slope = annuity * (
                            (running - x - d) * growth - rise - s * cheaper + (using - use - s * d) * gradient
                        )
                        slope -= per_t
                        value = annuity * ((running - x - d) * rise + (using - use - s * d) * cheaper)
                        value -= loss + per_t * d
                        if value > best and (turn == 0 or turn == TURNS - 1 or (turn > 2 and not iso)):
                            best_x, best, kind, piece = x + d, value, BESIDE if turn == 0 else INSIDE, int(j)
                        if turn < 2:
                            if turn == 0 or slope > slope_low:
                                low, slope_low = d, slope
                        elif turn == 2:
                            slope_high = slope
                            if slope_low <= 0.0 or slope_high >= 0.0:
                                break
                        elif not iso:
                            break
                        elif slope > 0.0:
                            low = d
                        else:
                            high = d
            x += step
            done += step
            loss += step * per_t
            use += step * s
            if x >= least * (1.0 - 1e-12):
                _, rise, cheaper = _effects(market, relief, lines, bits, mask, others + x)
                value = annuity * ((running - x) * rise + (using - use) * cheaper) - loss
                if done >= kt * (1.0 - 1e-9) and pieces[j, JUMP] > 0.0:
                    kept = SLIVER * kt
                    if unit == 0.0 and value > best and x - kept >= least:
                        _, rise, cheaper = _effects(market, relief, lines, bits, mask, others + x - kept)
                        short = annuity * ((running - x + kept) * rise + (using - use + kept * s) * cheaper)
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
            solo[b, i, 0], solo[b, i, 1], _, _ = _best_on_path(
                m, f, lk, bits, nobody, pc, path[first[i] : first[i + 1]], 0.0, 0.0
            )
        total, regret, settled, turn = np.sum(cut[b]), 0.0, False, 0
        while turn < rounds and not settled:
            turn += 1
            regret, settled = 0.0, True
            for seat in range(sequence.shape[1]):
                i = sequence[b, seat]
                others = total - cut[b, i]
                better, value, kind, piece = _best_on_path(
                    m, f, lk, bits, nobody, pc, path[first[i] : first[i + 1]], others, 0.0
                )
                place[b, i, 0], place[b, i, 1] = kind, piece
                running, using = 0.0, 0.0
                for j in range(first[i], first[i + 1]):
                    running += pc[j, KT]
                    using += pc[j, KT] * pc[j, USE]
                x, loss, use = _cut(pc, int(first[i]), int(first[i + 1]), cut[b, i])
                _, rise, cheaper = _effects(m, f, lk, bits, nobody, others + x)
                now = m[ANNUITY] * ((running - x) * rise + (using - use) * cheaper) - loss
                scale = m[ANNUITY] * m[P0] * running
                if scale > 0.0:
                    regret = max(regret, (value - now) / scale)
                    if value - now > tolerance * scale:
                        cut[b, i], settled = better, False
                        total = np.sum(cut[b])
        fall, rise, cheaper = _effects(m, f, lk, bits, nobody, total)
        state[b, 0], state[b, 1], state[b, 2], state[b, 3] = regret, turn, 1.0 if settled else 0.0, total
        state[b, 4], state[b, 5], state[b, 6] = fall, rise, cheaper


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
    wanted, _, _, _ = _best_on_path(market, relief, lines, bits, mask, pieces, path[:count], others, least)
    done = 0.0
    for k in range(count):
        j = path[k]
        if wanted - done <= 1e-9 * wanted:
            break
        part, loss, use = _cut(pieces, j, j + 1, wanted - done)
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
                plan[i, 0], plan[i, 1], plan[i, 2] = _cut(pieces, first[i], first[i + 1], wanted)
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
                _, rise, cheaper = _effects(market, relief, lines, bits, mask ^ (1 << i), rest)
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
            fall, rise, cheaper = _effects(m, f, lk, bb, mask, kept + total)
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
        fall, rise, cheaper = _effects(m, f, lk, bb, mask, kept + total)
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
                    _, again[i, 0], again[i, 1] = _effects(m, f, lk, bb, rest, stays + left)
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
