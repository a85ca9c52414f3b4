"""Coalitions of a meeting, evaluated by a checker at what their members are asked for: markets, gains, leaving."""

from __future__ import annotations

__all__ = ["BELIEFS", "Table", "Terms", "evaluated", "held_by", "members"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.alone import Base
from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines, cleared, lines_of
from potline.agreement.checks.owners import Idled, idled
from potline.choices import Belief

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

BELIEFS = tuple(Belief)


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


def members(masks: Integers, seats: int) -> Flags:
    """Return who is in, [C, n]."""
    return (masks[:, None] >> np.arange(seats)) & 1 == 1


def evaluated(
    facts: Facts,
    lines: Lines,
    base: Base,
    main: Integers,
    *,
    every: Integers,
    place: Integers,
    plan: Floats,
    reached: Flags,
    respread: bool = True,
    leaving: bool = True,
    terms: Terms | None = None,
) -> Table:
    """Evaluate coalitions at what each member idles.

    Args:
        facts, lines, base: the meeting.
        main: the coalitions, [C].
        every: these and those that they become when one leaves, if any, [E].
        place: where the first stand among the second, [C].
        plan: what members of each idle beyond the baseline, before whole lines, [E, n].
        reached: which of them are a deal, [E].
        respread, leaving, terms: as in :func:`potline.agreement.checks.coalitions.table`.
    """
    n, paid = facts.seat.size, terms or Terms()
    inside = members(every, n)
    cut, bought, here, quiet, bonus = _idle(facts, base, inside, plan, paid)
    stock = bought.sum(axis=1) if paid.bought > 0.0 else None
    own = base.kept[facts.seat]
    withdrawn = base.total + np.where(inside, cut - own, 0.0).sum(axis=1)
    market = cleared(
        facts, lines if stock is None else lines_of(facts, stock), withdrawn, held_by(facts, inside), stock
    )
    start = _worth(facts, quiet, base.rise, base.relief)
    free, signed = (_worth(facts, place, market.rise, market.relief) - start for place in (quiet, here))
    gain = np.where(inside, signed + facts.annuity * bonus, free)
    loss = np.where(inside, here.loss - quiet.loss, 0.0)
    leave = np.zeros((main.size, n, len(BELIEFS)))
    mine = inside[place]
    apart, leaver = np.nonzero(mine if leaving else np.zeros_like(mine))
    stays = mine[apart].copy()
    stays[np.arange(apart.size), leaver] = False
    rest = np.where(stays, cut[place][apart] - own, 0.0).sum(axis=1) + base.total
    bought_then = np.where(stays, bought[place][apart], 0.0).sum(axis=1) if stock is not None else None
    then = cleared(
        facts, lines if bought_then is None else lines_of(facts, bought_then), rest, held_by(facts, stays), bought_then
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


def held_by(facts: Facts, inside: Flags) -> Flags:
    """Return whose idle lines stay idle in coalitions, [C, owners of the industry]."""
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
