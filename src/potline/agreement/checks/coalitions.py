r"""Coalitions of a meeting, evaluated by a checker: cuts by the rule, markets, gains, and what leaving brings.

For a coalition S: what each member idles, the market with its idle lines held, the gain of each owner at the table
(of one outside: what the risen margin brings it), and of a member that leaves what it gets when the others ``keep``
their cuts, ``respread`` the tonnage among themselves, or ``collapse``; under ``reoptimise`` it stands as 0 here, the
least, until :mod:`potline.agreement.checks.anew` has it.
"""

from __future__ import annotations

__all__ = ["BELIEFS", "Table", "Terms", "every_mask", "idling", "members", "reaching", "scores", "table", "wanted"]

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.alone import Base
from potline.agreement.checks.best import best, problem_of
from potline.agreement.checks.evaluation import BELIEFS, Table, Terms, evaluated, held_by, members
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines
from potline.agreement.checks.owners import Pieces, pieces_of
from potline.agreement.checks.paths import Paths
from potline.choices import Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ENOUGH = 1e-12
_NOTHING = 1e-9
_TIE = 1e-10
_UNPAID = [0, 2, 3, 4]  # tests in which no member pays another


def every_mask(seats: int) -> Integers:
    """Return all coalitions of two or more."""
    masks = np.arange(1 << seats, dtype=np.int64)
    return masks[np.bitwise_count(masks) > 1]


def reaching(facts: Facts, base: Base, masks: Integers) -> Flags:
    """Return which coalitions reach the tonnage: two owners or more that run something, and enough to cut."""
    inside, left = members(masks, facts.seat.size), (facts.size - base.cut)[facts.seat]
    promised = np.minimum(facts.stated, left) if facts.rule == Rule.STATED else left
    enough = inside @ promised >= facts.least * (1.0 - _ENOUGH)
    return enough & (inside.sum(axis=1) > 1) & ~(inside & ~_able(facts, base)).any(axis=1)


def wanted(facts: Facts, lines: Lines, base: Base, masks: Integers) -> Floats:
    """Return what each member idles by the meeting's rule beyond the baseline, before whole lines, [C, n]."""
    inside, left = members(masks, facts.seat.size), (facts.size - base.cut)[facts.seat]
    if facts.rule == Rule.STATED:
        return np.where(inside, np.minimum(facts.stated, left), 0.0)
    if facts.rule == Rule.PRO_RATA:
        together = (inside @ left)[:, None]
        return np.where(inside, facts.least * left / np.where(together > 0.0, together, 1.0), 0.0)
    held = held_by(facts, inside)
    pieces = pieces_of(facts, facts.seat, base.cut, base.relief)
    active = held[:, pieces.owner] & (pieces.kt > 0.0)
    kept = np.where(inside, base.kept[facts.seat], 0.0).sum(axis=1)
    least = np.full(masks.size, facts.least)
    total, _ = best(facts, lines, problem_of(pieces, active, base.total - kept, held, least))
    size = np.where(active, pieces.kt, 0.0)
    part = np.clip(total[:, None] - (size.cumsum(axis=1) - size), 0.0, size)
    plan = np.stack([np.where(pieces.owner == i, part, 0.0).sum(axis=1) for i in facts.seat], axis=1)
    several = np.flatnonzero(_sharing(facts, pieces, base, inside))
    if several.size:
        plan[several] = Paths(facts, lines, base).agreed(masks[several], facts.least)
    return plan


def _sharing(facts: Facts, pieces: Pieces, base: Base, inside: Flags) -> Flags:
    """Return in which coalitions plants of several members tie, so that they idle them in equal shares, [C]."""
    key = np.where(pieces.kt > 0.0, pieces.loss + facts.annuity * base.relief * pieces.use, -np.inf)
    for i in facts.seat:
        mine = pieces.owner == i
        key[mine] = np.maximum.accumulate(key[mine])
    runs = pieces.kt > 0.0
    key, seat = key[runs], (pieces.owner[runs][:, None] == facts.seat[None, :]).astype(np.float64)
    near = np.maximum(np.maximum(np.abs(key[:, None]), np.abs(key[None, :])), facts.price)
    tied = seat.T @ (np.abs(key[:, None] - key[None, :]) <= _TIE * near).astype(np.float64) @ seat > 0.0
    np.fill_diagonal(tied, val=False)
    return ((inside @ tied) & inside).any(axis=1)


def table(
    facts: Facts,
    lines: Lines,
    base: Base,
    masks: Iterable[int] | Integers,
    *,
    asked: Floats | None = None,
    respread: bool = True,
    leaving: bool = True,
    terms: Terms | None = None,
) -> Table:
    """Evaluate coalitions.

    Args:
        facts, lines, base: the meeting.
        masks: the coalitions, [C].
        asked: what each member idles beyond the baseline, [C, n], by a proposal, where a deal without a member is one
            of those listed, if any; by the meeting's rule unless given.
        respread: whether it is asked for.
        leaving: whether what a member gets that leaves is asked for; else it stands as 0.
        terms: what members are paid; nothing unless told.
    """
    main = np.asarray(masks if isinstance(masks, np.ndarray) else sorted(masks), dtype=np.int64)
    n = facts.seat.size
    if asked is not None:
        same, reached = np.arange(main.size, dtype=np.int64), np.ones(main.size, dtype=np.bool_)
        every, place, plan = main, same, asked
    else:
        smaller = (main[:, None] ^ (np.int64(1) << np.arange(n)))[members(main, n)]
        every = np.unique(np.concatenate([main, smaller]) if respread else main)
        place = np.searchsorted(every, main)
        plan, reached = wanted(facts, lines, base, every), reaching(facts, base, every)
    return evaluated(
        facts, lines, base, main, every=every, place=place, plan=plan, reached=reached, respread=respread,
        leaving=leaving, terms=terms,
    )  # fmt: skip


def scores(facts: Facts, base: Base, found: Table, *, paid: bool = False) -> Floats:
    """Return the tests of coalitions, million a year, [C, 4 beliefs, 5].

    The worst member's smaller of gain and slack; the sum of gains less what each can get outside; the worst gain where
    all who run something are in; the worst gain; minus the money that would make up what each lacks. ``-inf`` where the
    tonnage is not reached, and but for the second where a member idles nothing, unless it is ``paid`` to be one.
    """
    inside, gain = found.inside, found.gain
    result = np.full((found.mask.size, len(BELIEFS), 5), -np.inf)
    whole = (inside == _able(facts, base)).all(axis=1)
    worst = np.where(inside, gain, np.inf).min(axis=1, initial=np.inf)
    for way in range(len(BELIEFS)):
        left = found.leave[:, :, way]
        test = np.where(inside, np.minimum(gain, gain - left), np.inf)
        result[:, way, 0] = test.min(axis=1, initial=np.inf)
        result[:, way, 1] = np.where(inside, gain - np.maximum(left, 0.0), 0.0).sum(axis=1)
        result[:, way, 2] = np.where(whole, worst, -np.inf)
        result[:, way, 3] = worst
        result[:, way, 4] = np.minimum(np.where(inside, test, 0.0), 0.0).sum(axis=1)
    if not paid:
        result[:, :, _UNPAID] = np.where(idling(facts, found)[:, None, None], result[:, :, _UNPAID], -np.inf)
    result[~found.reached] = -np.inf
    return result


def idling(facts: Facts, found: Table) -> Flags:
    """Return in which coalitions every member idles something, [C]; in equal shares of what each runs it does."""
    if facts.rule == Rule.PRO_RATA:
        return np.ones(found.mask.size, dtype=np.bool_)
    return np.asarray((~found.inside | (found.cut > _ENOUGH * facts.least)).all(axis=1))


def _able(facts: Facts, base: Base) -> Flags:
    """Return who at the table still runs something to idle, [n]."""
    left = (facts.size - base.cut)[facts.seat]
    return left > _NOTHING * max(float(left.sum()), 1e-300)
