r"""Coalitions of a meeting, evaluated by a checker: cuts by the rule, markets, gains, and what leaving brings.

For a coalition S: what each member idles, the market with its idle lines held, the gain of each owner at the table
(of one outside: what the risen margin brings it), and of a member that leaves what it gets when the others ``keep``
their cuts, ``respread`` the tonnage among themselves, or ``collapse``; under ``reoptimise`` it stands as 0 here, the
least, until :mod:`potline.agreement.checks.anew` has it.
"""

from __future__ import annotations

__all__ = ["BELIEFS", "Table", "Terms", "every_mask", "reaching", "scores", "table", "wanted"]

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.alone import Base
from potline.agreement.checks.best import best, problem_of
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines, cleared, lines_of
from potline.agreement.checks.owners import Idled, idled, pieces_of
from potline.choices import Belief, Rule

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

BELIEFS = tuple(Belief)
_ENOUGH = 1e-12
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """What members are paid: a year per tonne idled, by plant [J]; product bought per kt idled, and above the price."""

    paid_per_t: Floats | None = None
    bought: float = 0.0
    premium: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """C coalitions of n seats; millions a year.

    Attributes:
        mask: [C].
        inside: [C, n].
        reached: whether two or more reach the tonnage, [C].
        cut, bought: kt, [C, n].
        fall, rise, relief: of the market, [C].
        gain, loss: [C, n]; ``loss`` of what is idled, million over the term.
        leave: [C, n, 4]; of members, by belief.
    """

    mask: Integers
    inside: Flags
    reached: Flags
    cut: Floats
    bought: Floats
    fall: Floats
    rise: Floats
    relief: Floats
    gain: Floats
    loss: Floats
    leave: Floats

    def row(self, mask: int) -> int:
        """Return where a coalition stands, -1 where it does not."""
        found = np.flatnonzero(self.mask == mask)
        return int(found[0]) if found.size else -1


def every_mask(seats: int) -> Integers:
    """Return all coalitions of two or more."""
    masks = np.arange(1 << seats, dtype=np.int64)
    return masks[np.bitwise_count(masks) > 1]


def members(masks: Integers, seats: int) -> Flags:
    """Return who is in, [C, n]."""
    return (masks[:, None] >> np.arange(seats)) & 1 == 1


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
    held = _held(facts, inside)
    pieces = pieces_of(facts, facts.seat, base.cut, base.relief)
    active = held[:, pieces.owner] & (pieces.kt > 0.0)
    kept = np.where(inside, base.kept[facts.seat], 0.0).sum(axis=1)
    least = np.full(masks.size, facts.least)
    total, _ = best(facts, lines, problem_of(pieces, active, base.total - kept, held, least))
    size = np.where(active, pieces.kt, 0.0)
    part = np.clip(total[:, None] - (size.cumsum(axis=1) - size), 0.0, size)
    return np.stack([np.where(pieces.owner == i, part, 0.0).sum(axis=1) for i in facts.seat], axis=1)


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
    n, paid = facts.seat.size, terms or Terms()
    every, plan = main, asked
    if asked is None:
        smaller = (main[:, None] ^ (np.int64(1) << np.arange(n)))[members(main, n)]
        every = np.unique(np.concatenate([main, smaller]) if respread else main)
        plan = wanted(facts, lines, base, every)
        reached = reaching(facts, base, every)
    else:
        reached = np.ones(main.size, dtype=np.bool_)
    assert plan is not None
    inside = members(every, n)
    cut, bought, here, quiet, bonus = _idle(facts, base, inside, plan, paid)
    stock = bought.sum(axis=1) if paid.bought > 0.0 else None
    own = base.kept[facts.seat]
    withdrawn = base.total + np.where(inside, cut - own, 0.0).sum(axis=1)
    market = cleared(facts, lines if stock is None else lines_of(facts, stock), withdrawn, _held(facts, inside), stock)
    start = _worth(facts, quiet, base.rise, base.relief)
    free, signed = (_worth(facts, place, market.rise, market.relief) - start for place in (quiet, here))
    gain = np.where(inside, signed + facts.annuity * bonus, free)
    loss = np.where(inside, here.loss - quiet.loss, 0.0)
    place = np.searchsorted(every, main) if asked is None else np.arange(main.size)
    leave = np.zeros((main.size, n, len(BELIEFS)))
    mine = inside[place]
    apart, leaver = np.nonzero(mine if leaving else np.zeros_like(mine))
    stays = mine[apart].copy()
    stays[np.arange(apart.size), leaver] = False
    rest = np.where(stays, cut[place][apart] - own, 0.0).sum(axis=1) + base.total
    bought_then = np.where(stays, bought[place][apart], 0.0).sum(axis=1) if stock is not None else None
    then = cleared(
        facts, lines if bought_then is None else lines_of(facts, bought_then), rest, _held(facts, stays), bought_then
    )
    kept = (_worth(facts, quiet, then.rise, then.relief) - start)[np.arange(apart.size), leaver]
    leave[apart, leaver, Belief.KEEP.place] = kept
    if respread:
        rows, member = np.nonzero(mine)
        there = _places(every, main[rows] ^ (np.int64(1) << member))
        leave[rows, member, Belief.RESPREAD.place] = np.where((there >= 0) & reached[there], free[there, member], 0.0)
    unit = 1e-3 / facts.annuity
    return Table(
        mask=main,
        inside=mine,
        reached=reached[place],
        cut=np.where(mine, cut[place], 0.0),
        bought=bought[place],
        fall=market.fall[place],
        rise=market.rise[place],
        relief=market.relief[place],
        gain=gain[place] * unit,
        loss=loss[place] * 1e-3,
        leave=leave * unit,
    )


def scores(facts: Facts, base: Base, found: Table) -> Floats:
    """Return the tests of coalitions, million a year, [C, 4 beliefs, 5].

    The worst member's smaller of gain and slack; the sum of gains less what each can get outside; the worst gain where
    all who run something are in; the worst gain; minus the money that would make up what each lacks. ``-inf`` where the
    tonnage is not reached.
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
    result[~found.reached] = -np.inf
    return result


def _able(facts: Facts, base: Base) -> Flags:
    """Return who at the table still runs something to idle, [n]."""
    left = (facts.size - base.cut)[facts.seat]
    return left > _NOTHING * max(float(left.sum()), 1e-300)


def _held(facts: Facts, inside: Flags) -> Flags:
    held = np.zeros((inside.shape[0], len(facts.owners)), dtype=np.bool_)
    held[:, facts.seat] = inside
    return held


def _places(masks: Integers, wanted: Integers) -> Integers:
    """Return where coalitions stand among some, -1 where they do not."""
    order = np.argsort(masks, kind="stable")
    at = order[np.minimum(np.searchsorted(masks, wanted, sorter=order), masks.size - 1)]
    return np.where(masks[at] == wanted, at, -1)


def _idle(
    facts: Facts, base: Base, inside: Flags, plan: Floats, terms: Terms
) -> tuple[Floats, Floats, Idled, Idled, Floats]:
    """Return cuts, product bought, where seats stand in a deal [C, n] and without [n], money paid a year (thousand)."""
    before, inner = base.cut[facts.seat], [*range(1, inside.shape[0] + 1)]
    asked = np.concatenate([before[None], before + np.where(inside, plan, 0.0)])
    both = idled(facts, facts.seat, asked.T, terms.paid_per_t)
    quiet, here = both.at(0), both.at(inner)
    cut = np.where(inside, here.kt - before, 0.0)
    bought = np.where(inside, np.minimum(terms.bought * cut, facts.size[facts.seat] - here.kt), 0.0)
    bonus = np.where(inside, here.paid - quiet.paid + terms.premium * bought, 0.0)
    return cut, bought, here, quiet, bonus


def _worth(facts: Facts, place: Idled, rise: Floats | float, relief: Floats | float) -> Floats:
    """Return the payoff of each seat over the term at rises and reliefs, thousand, [.., n]."""
    runs, uses = facts.size[facts.seat] - place.kt, facts.bought_kt[facts.seat] - place.use
    dearer, cheaper = (np.expand_dims(np.asarray(change), -1) for change in (rise, relief))
    return facts.annuity * (runs * dearer + uses * cheaper) - place.loss
