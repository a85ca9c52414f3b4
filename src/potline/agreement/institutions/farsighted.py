r"""Two ways in which owners look ahead: proposals in turn (Bloch 1996), and the largest consistent set (Chwe 1994).

Both are exact over finite sets of states, as bit masks, and know nothing of industries.
"""

from __future__ import annotations

__all__ = ["InTurn", "in_turn", "largest_consistent_set"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class InTurn:
    """What comes of proposals in turn.

    Attributes:
        group: mask of the group that forms, 0 for none.
        left: players that stood aside before, in order.
        payoffs: of every player.
        settled: whether at every step one profile of refusals consistent with itself was found; where false, none in
            pure and stationary strategies without delay is certain, and the outcome is that of the players' most
            cautious refusals.
    """

    group: int
    left: tuple[int, ...]
    payoffs: tuple[float, ...]
    settled: bool


def in_turn(players: int, payoff: Callable[[int], tuple[float, ...] | None], order: tuple[int, ...]) -> InTurn:
    r"""Solve a game of proposals in turn in which one group forms at most.

    The first player of ``order`` still present proposes a group with itself, or stands aside for good and the next one
    proposes. Those asked answer; whoever refuses proposes next. Once a group of two or more forms the game is over.
    What player j gets by refusing, a_j, is what it gets as the one that proposes, so

        a_i = max over groups S with i, accepted by all others (payoff_j(S) >= a_j), of payoff_i(S), or standing aside.

    This map is antitone; iterated from "all accept" it brackets every solution, and where both ends meet it is unique.

    Args:
        players: at most 10.
        payoff: of the group with a mask (0: nobody cuts), one number a player; None where the group cannot form.
        order: who proposes first.

    Source: Bloch (1996), Games and Economic Behavior 14, pp. 90-123, with one group.

    Examples:
        Three equal firms with P = 10 - Q and no cost: a cartel of all, since nobody gains from two against one.

        >>> def cournot(mask):
        ...     size = max(1, mask.bit_count())
        ...     each = (10.0 / (3 - size + 2)) ** 2
        ...     return tuple(each / size if mask >> k & 1 else each for k in range(3))
        >>> in_turn(3, cournot, (0, 1, 2)).group
        7
    """
    value: dict[int, InTurn] = {}
    nothing = payoff(0) or (0.0,) * players
    worth = {mask: payoff(mask) for mask in range(1 << players) if mask.bit_count() > 1}
    for here in sorted(range(1 << players), key=int.bit_count):
        if here == 0:
            value[0] = InTurn(group=0, left=(), payoffs=nothing, settled=True)
            continue
        present = [k for k in order if here >> k & 1]
        aside = {i: value[here ^ (1 << i)] for i in present}
        groups = [(m, w) for m, w in worth.items() if m & ~here == 0 and w is not None]

        def answered(
            refusal: dict[int, float],
            i: int,
            aside: dict[int, InTurn] = aside,
            groups: list[tuple[int, tuple[float, ...]]] = groups,
        ) -> tuple[float, int, int]:
            best = (aside[i].payoffs[i], 0, 0)
            for mask, paid in groups:
                if mask >> i & 1 and all(paid[j] >= refusal[j] for j in refusal if j != i and mask >> j & 1):
                    best = max(best, (paid[i], mask.bit_count(), -mask))
            return best

        low = dict.fromkeys(present, -np.inf)
        high = low
        for _ in range(2 * len(worth) * players + 4):
            high = {i: answered(low, i)[0] for i in present}
            new = {i: answered(high, i)[0] for i in present}
            if new == low:
                break
            low = new
        settled = low == high
        first = present[0]
        _, size, negative = answered(high, first)
        if size:
            paid = worth[-negative]
            assert paid is not None
            value[here] = InTurn(group=-negative, left=(), payoffs=paid, settled=settled)
        else:
            after = aside[first]
            value[here] = InTurn(
                group=after.group,
                left=(first, *after.left),
                payoffs=after.payoffs,
                settled=settled and after.settled,
            )
    return value[(1 << players) - 1]


def largest_consistent_set(payoff: Floats, moves: Integers) -> Flags:
    r"""Return which states belong to the largest consistent set, [N].

    State b dominates a indirectly where a chain of moves leads from a to b and all who move at each step prefer b to
    where they stand. A state is kept while every move away from it may end in a kept state, at once or by domination,
    in which not all who made the move gain.

    Args:
        payoff: of each player in each state, [N, n], at most 62 players.
        moves: rows (from, to, mask of those who move), [M, 3]; larger sets that make the same move add nothing.

    Source: Chwe (1994), Journal of Economic Theory 63, pp. 299-325, definitions 1 and 2 and proposition 1.

    Examples:
        Two states and one player who can move and prefers the second: only that one is kept.

        >>> largest_consistent_set(np.array([[0.0], [1.0]]), np.array([[0, 1, 1], [1, 0, 1]])).tolist()
        [False, True]
    """
    states, players = payoff.shape
    gains = np.zeros((states, states), dtype=np.int64)
    for k in range(players):
        gains |= np.where(payoff[None, :, k] > payoff[:, None, k], np.int64(1) << k, np.int64(0))
    start, end, who = moves[:, 0], moves[:, 1], moves[:, 2]
    ends = np.eye(states, dtype=np.bool_)
    for b in range(states):
        willing = (who & ~gains[start, b]) == 0
        first, last = start[willing], end[willing]
        reached: Flags = np.asarray(np.arange(states) == b, dtype=np.bool_)
        while True:
            new = reached.copy()
            new[first[reached[last]]] = True
            if np.array_equal(new, reached):
                break
            reached = new
        ends[:, b] = reached
    mine = [np.flatnonzero(start == a) for a in range(states)]
    kept = np.ones(states, dtype=np.bool_)
    while True:
        before = kept.copy()
        for a in np.flatnonzero(before).tolist():
            refusing = (who[mine[a], None] & ~gains[a][None, :]) != 0
            kept[a] = bool((ends[end[mine[a]]] & before & refusing).any(axis=1).all())
        if np.array_equal(kept, before):
            return kept
