r"""What is seen of the lines, as numbers of every draw: one inequality a line, and what makes it hold.

A line that runs at p0 has a stopping price of p0 or less, one that stands idle a restart price of p0 or more
(``docs/theory/state.md``). Where the first does not hold, the least w of 0 or more with ``p_stop(c - w) = p0`` is
what is not explained. Where the second does not, the line restarts with the first money above p0, or not within a term.
"""

from __future__ import annotations

__all__ = ["DUST", "Seen", "above", "seen"]

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.choices import IdleBelow
from potline.compiled import CompiledIndustry
from potline.numerics.bracketing import Brackets, narrow
from potline.numerics.ties import TIE
from potline.shutdown.terms import FEW, Terms, inputs_of, key_of, solved_at, solved_of_all

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
DUST = 1e-9
"""Share of a plant's capacity up to which what stands idle is rounding."""
_NARROW = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What makes the state of the lines hold, [B, J], money/t without tax; see :class:`potline.shutdown.Terms`."""

    not_explained: Floats
    restart_added: Floats


def above(first: Floats, second: Floats) -> Flags:
    """Return where a price lies above another and does not tie with it."""
    return first > second + TIE * np.abs(second)


def seen(terms: Terms, compiled: CompiledIndustry, *, everywhere: bool = False) -> Seen:
    """Find what makes the state of the lines hold at the industry's own price, in each draw.

    Only lines whose costs leave it open are priced: ``p_stop <= c' - min(h + rho E, rho X)`` and ``p_restart >= c' - h
    + rho R`` hold whatever the price does.

    Args:
        terms: of the plants, B draws.
        compiled: the same industry: its price, what runs, what stands idle and can run.
        everywhere: price all lines, to see what the sieve left out; the answer is the same.
    """
    price = np.array(np.broadcast_to(compiled.number("price_per_t")[:, None], terms.gross_cost.shape))
    running, idle = compiled.plant("running_kt"), compiled.restartable_kt()
    lines = (price, running, idle, compiled.plant("capacity_kt"))
    most = compiled.industry.idle_below == IdleBelow.MOST
    key = key_of((*inputs_of(terms), *lines, np.array([everywhere, most])))
    asked = _Asked(key=key, terms=terms, lines=lines, most=most, everywhere=everywhere)
    return _seen(asked) if price.size <= FEW else _seen.__wrapped__(asked)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked, as a key of what is kept: equal where all numbers are, to the bit."""

    key: bytes
    terms: Terms = field(compare=False)
    lines: tuple[Floats, ...] = field(compare=False)
    most: bool = field(compare=False)
    everywhere: bool = field(compare=False)


@functools.lru_cache(maxsize=64)
def _seen(asked: _Asked) -> Seen:
    terms, everywhere = asked.terms, asked.everywhere
    price, running, idle, capacity = asked.lines
    rate = terms.discount_rate[:, None]
    with np.errstate(invalid="ignore"):
        saved = np.minimum(terms.holding_cost + rate * terms.stop_cost, rate * terms.exit_cost)
        runs = (running > 0.0) & np.isfinite(running) & (price > 0.0)
        stands = (idle > DUST * capacity) & (price > 0.0)
        part, whole = terms.part_cost, terms.whole_cost
        dear = runs & (everywhere | above(whole - saved, price))
        cheap = stands & (everywhere | (part - terms.holding_cost + rate * terms.restart_cost < price))
        if terms.lumpy.any() or 2 * np.count_nonzero(dear | cheap) < price.size or (terms.kappa > 0.0).any():
            stop, restart = solved_at(terms, whole, dear).stop, solved_at(terms, part, cheap).restart
        else:  # whoever asks what idling costs needs all of them next
            found = solved_of_all(terms, part)
            stop, restart = np.where(dear, found.stop, np.nan), np.where(cheap, found.restart, np.nan)
        over, under = above(stop, price), above(price, restart)
    added = np.where(under, np.inf if asked.most else price - restart, 0.0)
    return Seen(not_explained=_least(terms, whole, saved, price, over), restart_added=added)


def _least(terms: Terms, cost: Floats, saved: Floats, price: Floats, over: Flags) -> Floats:
    """Return the least w with ``p_stop(cost - w) <= price``, 0 where lines need none.

    At ``w = cost - saved - price`` a line would not stop even if the price stayed for ever.
    """
    result = np.zeros(cost.shape)
    if not over.any():
        return result
    place = np.nonzero(over)
    most = (cost - saved - price)[place]

    def holds(points: Floats, which: Integers) -> Floats:
        asked, less = np.zeros(over.shape, dtype=np.bool_), np.zeros(over.shape)
        at = (place[0][which], place[1][which])
        asked[at], less[at] = True, points
        return (price - solved_at(terms, cost - less, asked).stop)[at]

    every = np.arange(most.size, dtype=np.int64)
    nothing = np.zeros(most.size)
    start = Brackets(low=nothing, high=most, at_low=holds(nothing, every), at_high=np.maximum(holds(most, every), 0.0))
    result[place] = narrow(holds, start, _NARROW).high
    return result
