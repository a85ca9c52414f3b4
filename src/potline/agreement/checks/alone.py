"""Best cuts alone, checked: nobody gains by another cut, and each cut lies where what it brings is flat or turns."""

from __future__ import annotations

__all__ = ["Base", "base_of", "regret", "solo"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.best import Problem, best, problem_of, slopes, value_at
from potline.agreement.checks.facts import Facts, by_owner
from potline.agreement.checks.market import Lines, cleared
from potline.agreement.checks.owners import idled, pieces_of

Floats = NDArray[np.float64]

_CLOSE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Base:
    """What owners idle without a deal: by owner of the industry [O], and the market at it.

    ``kept``: what each owner's idle lines have restarted, [O].
    """

    cut: Floats
    kept: Floats
    total: float
    fall: float
    rise: float
    relief: float


def base_of(facts: Facts, lines: Lines, cut: Floats | None) -> Base:
    """Return the market at given cuts, with what has restarted by owner: lines that tie restart in equal shares."""
    owners = len(facts.owners)
    if cut is None or not cut.any():
        none = np.zeros(owners)
        return Base(cut=none, kept=none, total=0.0, fall=0.0, rise=0.0, relief=0.0)
    total = float(cut.sum())
    market = cleared(facts, lines, np.array([total]), np.zeros((1, owners), dtype=np.bool_))
    fall, relief = float(market.fall[0]), float(market.relief[0])
    at, there, kt = lines.at[0], lines.relief[0], lines.kt[0]
    level = np.abs(at - fall) <= _CLOSE * max(fall, 1e-300)
    tied = level & (np.abs(there - relief) <= _CLOSE * max(relief, 1e-300))
    before = ((at < fall) & ~level) | (level & (there < relief) & ~tied)
    left = total - fall - float(kt[before].sum())
    amount = np.where(before, kt, 0.0)
    if tied.any():
        amount = amount + np.where(tied, kt * min(max(left / float(kt[tied].sum()), 0.0), 1.0), 0.0)
    return Base(
        cut=cut,
        kept=by_owner(lines.owner[0], amount, owners),
        total=total,
        fall=fall,
        rise=float(market.rise[0]),
        relief=relief,
    )


def regret(facts: Facts, lines: Lines, cut: Floats) -> tuple[float, float, float]:
    """Return how far cuts of all owners, [O], are from where nobody would change its own.

    Returns:
        the largest gain of an owner from another cut, of its revenue over the term; the largest slope in a direction
        it could go, of the price; and how far a cut is from tonnes that can be idled, kt. Revenue and price are those
        that the cuts bring, as gains and slopes round by a share of them.
    """
    who = np.flatnonzero(facts.size > 0.0)
    if who.size == 0:
        return 0.0, 0.0, 0.0
    problem = _problem(facts, who, float(cut.sum()) - cut[who])
    x = cut[who]
    at, market = value_at(facts, lines, problem, x[:, None])
    now, price = at[:, 0], facts.price + market.rise[:, 0]
    _, most = best(facts, lines, problem)
    gain = (most - now) / (facts.annuity * price * facts.size[who])
    below, above = slopes(facts, lines, problem, x)
    steep = np.maximum(np.maximum(above, 0.0), np.maximum(-below, 0.0)) / price
    done = idled(facts, who, x[:, None]).kt[:, 0]
    beyond = np.maximum(x - facts.size[who], 0.0)
    return float(gain.max()), float(steep.max()), float(np.maximum(np.abs(done - x), beyond).max())


def solo(facts: Facts, lines: Lines, cut: Floats) -> tuple[Floats, Floats]:
    """Return what each owner would gain by its given cut [O] if nobody else cut, and by its best, million a year."""
    who = np.arange(len(facts.owners))
    problem = _problem(facts, who, np.zeros(who.size))
    at_none, at_cut = (value_at(facts, lines, problem, x[:, None])[0][:, 0] for x in (np.zeros(who.size), cut))
    _, most = best(facts, lines, problem)
    unit = 1e-3 / facts.annuity
    return (at_cut - at_none) * unit, (most - at_none) * unit


def _problem(facts: Facts, who: NDArray[np.int64], others: Floats) -> Problem:
    """Return the problem of each owner when it alone decides; all idle lines answer."""
    owners = len(facts.owners)
    pieces = pieces_of(facts, np.arange(owners), np.zeros(owners), 0.0, merged=False)
    active = pieces.owner[None, :] == who[:, None]
    return problem_of(pieces, active, others, np.zeros((who.size, owners), dtype=np.bool_), np.zeros(who.size))
