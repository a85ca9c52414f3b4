r"""Repeated games with side payments: one line and n worst payoffs describe all that any number of players can get.

Where players may pay each other before every round, a set of stationary contracts is enough: one profile a_e is played,
and player i is punished by one profile a_i. With c_i(a) the best that i gets against the others' part of a,
``U = sum g(a_e)`` and ``v_i = c_i(a_i)``, such contracts exist exactly if for each of the n + 1 profiles

    (1 - delta) [sum_i c_i(a) - sum_i g_i(a)]  <=  delta (U - sum_i v_i)

and the payoff set is every u with sum u <= U and u_i >= v_i (money can be burnt). The right side only falls as profiles
drop out, so one descent finds the largest. Source: Goldlucke and Kranz (2012), Journal of Economic Theory 147,
pp. 1191-1221, theorem 1 and section 4 (perfect monitoring).
"""

from __future__ import annotations

__all__ = ["Contracts", "best_responses", "contract_gap", "contracts", "critical_factor"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contracts:
    """The best stationary contracts at one discount factor.

    Attributes:
        joint: U.
        worst: v, shape (players,).
        profile: flat index of a_e, -1 where no pure contract exists.
        punishments: flat index of each a_i, shape (players,).
        liquidity: what a round's promises may cost at most.
    """

    joint: float
    worst: Floats
    profile: int
    punishments: NDArray[np.int64]
    liquidity: float


def best_responses(payoffs: Floats) -> Floats:
    """Return c_i(a): what player i gets from its best action against the others' part of a, shape of ``payoffs``.

    Args:
        payoffs: shape (players, actions of the first, ..., actions of the last).
    """
    players = payoffs.shape[0]
    best = [np.broadcast_to(payoffs[i].max(axis=i, keepdims=True), payoffs.shape[1:]) for i in range(players)]
    return np.stack(best)


def contracts(payoffs: Floats, delta: float, *, profile: int = -1) -> Contracts:
    """Find the largest joint payoff and the lowest payoff of each player.

    Args:
        payoffs: shape (players, actions, ..., actions).
        delta: discount factor, 0 to below 1.
        profile: only contracts that play this one, by flat index; any unless given.

    Examples:
        Two players who gain 1 each from cheating on (2, 2), worst case 0: they need a discount factor of a third.

        >>> dilemma = np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]])
        >>> contracts(dilemma, 0.34).joint, contracts(dilemma, 0.33).joint
        (4.0, 0.0)
    """
    g = payoffs.reshape(payoffs.shape[0], -1)
    c = best_responses(payoffs).reshape(g.shape)
    total = g.sum(axis=0)
    need = np.maximum(c.sum(axis=0) - total, 0.0)
    room = 1e-12 * max(float(np.abs(g).max()), 1e-300)
    allowed = np.ones(need.size, dtype=np.bool_)
    while True:
        chosen = profile if profile >= 0 and allowed[profile] else int(np.argmax(np.where(allowed, total, -np.inf)))
        if not allowed.any() or (profile >= 0 and chosen != profile):
            return Contracts(
                joint=float("nan"),
                worst=np.full(g.shape[0], np.nan),
                profile=-1,
                punishments=np.full(g.shape[0], -1, dtype=np.int64),
                liquidity=float("nan"),
            )
        punishments = np.where(allowed, c, np.inf).argmin(axis=1).astype(np.int64)
        worst = c[np.arange(g.shape[0]), punishments]
        liquidity = delta / (1.0 - delta) * float(total[chosen] - worst.sum())
        keeps = need <= liquidity + room
        if (keeps | ~allowed).all():
            return Contracts(
                joint=float(total[chosen]), worst=worst, profile=chosen, punishments=punishments, liquidity=liquidity
            )
        allowed &= keeps


def critical_factor(payoffs: Floats, profile: int) -> float:
    """Return the least discount factor at which a profile can be played for ever with side payments; nan where none.

    The condition is a step function of what a round may cost, so every step is tried: the answer is exact.

    Examples:
        >>> dilemma = np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]])
        >>> round(critical_factor(dilemma, 0), 12)
        0.333333333333
    """
    g = payoffs.reshape(payoffs.shape[0], -1)
    c = best_responses(payoffs).reshape(g.shape)
    total = g.sum(axis=0)
    need = np.maximum(c.sum(axis=0) - total, 0.0)
    order = np.argsort(need, kind="stable")
    worst = np.minimum.accumulate(c[:, order], axis=1).sum(axis=0)
    levels = need[order]
    last = np.append(levels[1:] > levels[:-1], True)
    levels, worst = levels[last], worst[last]
    gain = total[profile] - worst
    usable = (levels >= need[profile]) & ((gain > 0.0) | ((gain == 0.0) & (levels == 0.0)))
    if not usable.any():
        return float("nan")
    levels, gain = levels[usable], gain[usable]
    return float(np.where(levels > 0.0, levels / np.where(levels > 0.0, levels + gain, 1.0), 0.0).min())


def contract_gap(payoffs: Floats, delta: float, found: Contracts) -> float:
    """Write the payments out and return the largest gain from one deviation, relative to the payoffs' spread.

    After profile k each player ends the round with a continuation w_i (its share less what it pays), at least v_i.
    Built here: on the path everybody's temptation is covered and the rest shared alike; a punished player gets just
    ``v_i`` in all. Checked: nobody gains by another action or by not paying, and nobody is promised money not there.

    Examples:
        >>> dilemma = np.array([[[2.0, -1.0], [3.0, 0.0]], [[2.0, 3.0], [-1.0, 0.0]]])
        >>> contract_gap(dilemma, 0.5, contracts(dilemma, 0.5))
        0.0
    """
    players, shape = payoffs.shape[0], payoffs.shape[1:]
    worst_gap = 0.0
    for state in range(-1, players):
        flat = found.profile if state < 0 else int(found.punishments[state])
        actions = [int(a) for a in np.unravel_index(flat, shape)]
        now = np.array([payoffs[(i, *actions)] for i in range(players)])
        tempted = np.array(
            [max(payoffs[(i, *actions[:i], b, *actions[i + 1 :])] for b in range(shape[i])) for i in range(players)]
        )
        after = found.worst + (1.0 - delta) / delta * (tempted - now)
        if state >= 0:
            after[state] = (found.worst[state] - (1.0 - delta) * now[state]) / delta
        left = found.joint - float(after.sum())
        shares = np.ones(players)
        if state >= 0:
            shares[state] = 0.0
        after = after + shares / shares.sum() * max(left, 0.0)
        keep = (1.0 - delta) * now + delta * after
        cheat = (1.0 - delta) * tempted + delta * found.worst
        gaps = [-left, float((cheat - keep).max()), float((found.worst - after).max())]
        if state >= 0:
            gaps.append(abs(float(keep[state] - found.worst[state])))
        worst_gap = max(worst_gap, *gaps)
    spread = payoffs.reshape(players, -1)
    scale = max(float((spread.max(axis=1) - spread.min(axis=1)).max()), 1e-300)
    return max(0.0, worst_gap / scale if worst_gap / scale > 1e-15 else 0.0)
