"""Averages of marginal contributions over all coalitions, and the groups of balances that settle among themselves.

A game of n players is an array of ``2**n`` worths; bit i of an index is player i.
"""

from __future__ import annotations

__all__ = ["banzhaf_values", "coalition_sizes", "coalition_sums", "settlement_groups", "shapley_values"]

import math

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def shapley_values(worth: Floats) -> Floats:
    r"""Return every player's marginal contribution averaged over all orders of arrival.

    ``phi_i = 1/n sum_s 1/C(n-1, s) sum over S of size s without i of [v(S + i) - v(S)]``, in ``n 2**(n-1)`` steps.
    Source: Shapley (1953), Contributions to the Theory of Games II, p. 307.

    Args:
        worth: v, float[2**n].

    Examples:
        >>> shapley_values(np.array([0.0, 1.0, 2.0, 9.0])).tolist()
        [4.0, 5.0]
    """
    sums = _sums_of(worth)
    n = sums.shape[0]
    weight = np.array([1.0 / (n * math.comb(n - 1, size)) for size in range(n)])
    return sums @ weight


def banzhaf_values(worth: Floats) -> Floats:
    """Return every player's marginal contribution averaged over all coalitions of the others, float[n].

    ``beta_i = 2**(1-n) sum over S without i of [v(S + i) - v(S)]``; they need not sum to v(N). Source: Banzhaf (1965),
    Rutgers Law Review 19, p. 317; Dubey & Shapley (1979), Mathematics of Operations Research 4, p. 99.

    Examples:
        >>> banzhaf_values(np.array([0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0])).tolist()
        [0.5, 0.5, 0.5]
    """
    sums = _sums_of(worth)
    return sums.sum(axis=1) / 2.0 ** (sums.shape[0] - 1)


def coalition_sums(payoff: Floats) -> Floats:
    """Return ``x(S) = sum of x_i over S`` for every coalition, float[2**n].

    Examples:
        >>> coalition_sums(np.array([1.0, 2.0])).tolist()
        [0.0, 1.0, 2.0, 3.0]
    """
    total = np.zeros(1, dtype=np.float64)
    for share in payoff:
        total = np.concatenate([total, total + share])
    return total


def coalition_sizes(players: int) -> NDArray[np.uint8]:
    """Return the number of members of every coalition, uint8[2**n].

    Examples:
        >>> coalition_sizes(2).tolist()
        [0, 1, 1, 2]
    """
    size = np.zeros(1, dtype=np.uint8)
    for _ in range(players):
        size = np.concatenate([size, size + np.uint8(1)])
    return size


def settlement_groups(balance: Floats, tolerance: float) -> Integers:
    """Split balances into as many groups that sum to zero as there can be; return each one's group, int[n].

    A group of k that holds no smaller such group cannot be settled with fewer than k - 1 payments, so the most groups
    give the fewest payments. All subsets are tried, ``n 2**n`` steps.

    Args:
        balance: float[n], to receive if positive, to pay if negative; sums to zero.
        tolerance: a sum of no more than this is zero.

    Examples:
        >>> settlement_groups(np.array([5.0, -3.0, -5.0, 3.0]), 1e-9).tolist()
        [0, 1, 0, 1]
    """
    players = balance.size
    size = coalition_sizes(players)
    settled = np.abs(coalition_sums(balance)) <= tolerance
    most = np.zeros(size.size, dtype=np.int8)
    last = np.zeros(size.size, dtype=np.int8)
    order = np.argsort(size, kind="stable")
    ends = np.cumsum(np.bincount(size))
    for members in range(1, players + 1):
        mask = order[ends[members - 1] : ends[members]]
        best = np.full(mask.size, -1, dtype=np.int8)
        for i in range(players):
            before = np.where(mask >> i & 1, most[mask & ~(1 << i)], -1)
            better = before > best
            best[better] = before[better]
            last[mask[better]] = i
        most[mask] = best + settled[mask]
    group = np.zeros(players, dtype=np.int64)
    number, left = -1, size.size - 1
    while left:
        number += bool(settled[left]) or number < 0
        group[last[left]] = number
        left ^= 1 << int(last[left])
    return group


def _sums_of(worth: Floats) -> Floats:
    players = worth.size.bit_length() - 1
    return _marginal_sums(np.ascontiguousarray(worth, dtype=np.float64), coalition_sizes(players), players)


@kernel
def _marginal_sums(worth: Floats, size: NDArray[np.uint8], players: int) -> Floats:
    """Return the sums of ``v(S + i) - v(S)`` by player and size of S, float[n, n]."""
    sums = np.zeros((players, players))
    for i in range(players):
        step = 1 << i
        for high in range(0, worth.size, 2 * step):
            for mask in range(high, high + step):
                sums[i, size[mask]] += worth[mask + step] - worth[mask]
    return sums
