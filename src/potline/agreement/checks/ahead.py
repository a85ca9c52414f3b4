"""Two games of owners who look ahead, solved by a checker over tables of payoffs; payoffs alike but for rounding tie.

Proposals in turn (Bloch 1996, one group) and the largest consistent set (Chwe 1994), each from its definition.
"""

from __future__ import annotations

__all__ = ["consistent", "levelled", "proposed"]

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def levelled(payoff: Floats, width: float) -> Floats:
    """Return payoffs [C, n] in which what lies within ``width`` of its neighbour, owner by owner, is the same.

    0, what nobody's cut brings, is among them.
    """
    found = np.concatenate([np.zeros((1, payoff.shape[1])), payoff])
    for column in range(payoff.shape[1]):
        order = np.argsort(found[:, column], kind="stable")
        values = found[order, column]
        new = np.append(True, np.diff(values) > width)
        found[order, column] = values[new][np.cumsum(new) - 1]
    return found[1:] - found[0]


def proposed(mask: Integers, payoff: Floats, order: tuple[int, ...]) -> tuple[int, Floats, bool]:
    """Return the group that forms by proposals in turn (0 for none), all payoffs [n], and whether refusals settle.

    Whoever is first in ``order`` proposes a group with itself or stands aside; who refuses proposes next. What a
    refusal is worth to each is a profile a = F(a); F falls in a, so F applied twice from below brackets every profile.

    Args:
        mask: groups that can form, [C].
        payoff: [C, n]; nobody cuts for 0.
        order: who proposes, places of all n.
    """
    n = payoff.shape[1]
    member: Flags = np.asarray((mask[:, None] >> np.arange(n, dtype=np.int64)) & 1 == 1, dtype=np.bool_)
    group, paid, settled = {0: 0}, {0: np.zeros(n)}, {0: True}
    for here in sorted(range(1, 1 << n), key=lambda item: (bin(item).count("1"), item)):
        rows = np.flatnonzero((mask & ~np.int64(here)) == 0)
        inside: Flags = member[rows]
        worth: Floats = payoff[rows]
        present = np.array([here >> k & 1 == 1 for k in range(n)])
        aside = np.array([paid[here & ~(1 << k)][k] if present[k] else -np.inf for k in range(n)])

        def best(
            refusal: Floats, inside: Flags = inside, worth: Floats = worth, aside: Floats = aside
        ) -> tuple[Floats, Flags]:
            unwilling = inside & (worth < refusal)
            accepted = inside & (unwilling.sum(axis=1)[:, None] - unwilling == 0)
            return np.maximum(aside, np.where(accepted, worth, -np.inf).max(axis=0, initial=-np.inf)), accepted

        low = np.full(n, -np.inf)
        for _ in range(2 * n * (rows.size + 1) + 2):
            high = best(low)[0]
            raised = best(high)[0]
            if np.array_equal(raised, low):
                break
            low = raised
        high = best(low)[0]
        same = bool(np.array_equal(low[present], high[present]))
        first = next(k for k in order if present[k])
        value, accepted = best(high)
        offers = rows[accepted[:, first] & (worth[:, first] == value[first])]
        if offers.size:
            chosen = min(offers.tolist(), key=lambda row: (-int(member[row].sum()), int(mask[row])))
            group[here], paid[here], settled[here] = int(mask[chosen]), payoff[chosen], same
        else:
            rest = here & ~(1 << first)
            group[here], paid[here], settled[here] = group[rest], paid[rest], same and settled[rest]
    everyone = (1 << n) - 1
    return group[everyone], paid[everyone], settled[everyone]


def consistent(mask: Integers, payoff: Floats) -> Flags:
    """Return which states are in the largest consistent set, [1 + C]: no deal first, then each group.

    Members walk out, and the rest go on where they can, else the deal is off; a group not within the present one forms
    if all in it agree. A state stays while each move from it may lead, at once or by moves of people who all prefer the
    end, to a state that stays in which not all who moved gain.

    Args:
        mask: groups that can form, [C].
        payoff: [C, n]; 0 where nobody cuts.
    """
    n, states = payoff.shape[1], mask.size + 1
    group = np.append(np.int64(0), mask)
    worth = np.concatenate([np.zeros((1, n)), payoff])
    bit = np.int64(1) << np.arange(n, dtype=np.int64)
    prefers = np.zeros((states, states), dtype=np.int64)  # at [x, e]: who likes e better than x
    for k in range(n):
        prefers += np.where(worth[None, :, k] > worth[:, None, k], bit[k], 0)
    joins = (group[None, :] & ~group[:, None]) != 0
    shrinks = ((group[None, :] & ~group[:, None]) == 0) & (group[None, :] != group[:, None]) & (group[None, :] != 0)
    movers = np.where(joins, group[None, :], np.where(shrinks, group[:, None] ^ group[None, :], 0))
    ruin = [_ruins(int(here), set(mask.tolist())) for here in group]
    leads = np.zeros((states, states), dtype=np.bool_)  # at [d, e]: d is e, or ends there
    for e in range(states):
        willing = (movers != 0) & ((movers & ~prefers[:, e][:, None]) == 0)
        for x in range(states):
            willing[x, 0] |= any(gone & ~int(prefers[x, e]) == 0 for gone in ruin[x])
        reached = np.zeros(states, dtype=np.bool_)
        reached[e] = True
        size = 0
        while int(reached.sum()) > size:
            size = int(reached.sum())
            reached |= willing[:, reached].any(axis=1)
        leads[:, e] = reached
    stays = np.ones(states, dtype=np.bool_)
    while True:
        deterred = np.array([_deterred(x, movers, ruin[x], leads, stays, prefers) for x in range(states)])
        if np.array_equal(stays & deterred, stays):
            return stays
        stays &= deterred


def _ruins(here: int, able: set[int]) -> list[int]:
    """Return the smallest sets of members whose leaving ends a group."""
    found: list[int] = []
    gone = here
    every: list[int] = []
    while gone:
        every.append(gone)
        gone = (gone - 1) & here
    for item in sorted(every, key=lambda one: bin(one).count("1")):
        if (here & ~item) not in able and not any(small & ~item == 0 for small in found):
            found.append(item)
    return found


def _deterred(x: int, movers: Integers, ruin: list[int], leads: Flags, stays: Flags, prefers: Integers) -> bool:
    """Return whether every move from a state may end where not all who move gain."""
    ends = np.append(np.flatnonzero(movers[x] != 0), np.zeros(len(ruin), dtype=np.int64))
    who = np.append(movers[x][movers[x] != 0], np.array(ruin, dtype=np.int64))
    unhappy = (who[:, None] & ~prefers[x][None, :]) != 0
    return bool((leads[ends] & stays & unhappy).any(axis=1).all())
