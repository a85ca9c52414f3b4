r"""Cournot competition in whole lines: an exact potential game under linear demand, whatever the costs.

With inverse demand ``a - b Q`` the function

.. math:: \Phi(q) = a Q - \tfrac{b}{2} Q^2 - \sum_i \left( \tfrac{b}{2} q_i^2 + C_i(q_i) \right)

changes with each owner's own choice exactly as its profit does, so its maximum is an equilibrium in pure strategies.
Given the total Q it is separable: the maximum, and the number of equilibria, follow by adding one owner at a time.
Sources: Slade (1994), Journal of Industrial Economics 42, p. 45; Monderer and Shapley (1996), Games and Economic
Behavior 14, p. 124.
"""

from __future__ import annotations

__all__ = ["best_lines", "count_equilibria"]

from typing import TYPE_CHECKING

import numpy as np

from potline.numerics.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@kernel
def best_lines(intercept: float, slope: float, levels: Integers, cost: Floats) -> tuple[Integers, float]:
    """Find the choices that maximise the potential; of several, the least total, later owners choosing the least.

    Args:
        intercept: a, money per unit.
        slope: b, money per unit per unit.
        levels: outputs each owner can choose, in whole units, padded with -1, shape (owners, choices).
        cost: their cost, money, shape (owners, choices).

    Returns:
        the choice of each owner, shape (owners,), and the potential.

    Examples:
        >>> choice, _ = best_lines(10.0, 1.0, np.array([[0, 3], [0, 3]]), np.array([[0.0, 3.0], [0.0, 3.0]]))
        >>> choice.tolist()
        [1, 1]
    """
    owners, choices = levels.shape
    reach = 0
    for i in range(owners):
        most = 0
        for k in range(choices):
            most = max(most, levels[i, k])
        reach += most
    value = np.full((owners + 1, reach + 1), -np.inf)
    taken = np.full((owners, reach + 1), -1, np.int64)
    value[0, 0] = 0.0
    for i in range(owners):
        for k in range(choices):
            q = levels[i, k]
            if q < 0:
                continue
            own = 0.5 * slope * q * q + cost[i, k]
            for total in range(q, reach + 1):
                worth = value[i, total - q] - own
                if worth > value[i + 1, total]:
                    value[i + 1, total] = worth
                    taken[i, total] = k
    best, total = -np.inf, 0
    for t in range(reach + 1):
        worth = value[owners, t] + intercept * t - 0.5 * slope * t * t
        if worth > best:
            best, total = worth, t
    choice = np.zeros(owners, np.int64)
    for i in range(owners - 1, -1, -1):
        choice[i] = taken[i, total]
        total -= levels[i, choice[i]]
    return choice, best


@kernel
def count_equilibria(intercept: float, slope: float, levels: Integers, cost: Floats, slack: float) -> int:
    """Count the equilibria in pure strategies, total by total.

    Owner i may choose q at a total Q only if q is a best response to ``Q - q``; the equilibria at Q are the ways in
    which such choices add up to Q.

    Args:
        intercept: as in :func:`best_lines`, as the three arguments that follow.
        slope: money per unit per unit.
        levels: shape (owners, choices).
        cost: shape (owners, choices).
        slack: a gain up to which a choice still counts as best, money.

    Examples:
        >>> count_equilibria(10.0, 1.0, np.array([[0, 3], [0, 3]]), np.array([[0.0, 3.0], [0.0, 3.0]]), 1e-9)
        1
    """
    owners, choices = levels.shape
    reach = 0
    for i in range(owners):
        most = 0
        for k in range(choices):
            most = max(most, levels[i, k])
        reach += most
    count = 0
    ways = np.zeros(reach + 1, np.int64)
    longer = np.zeros(reach + 1, np.int64)
    for total in range(reach + 1):
        ways[:] = 0
        ways[0] = 1
        possible = True
        for i in range(owners):
            longer[:] = 0
            possible = False
            for k in range(choices):
                q = levels[i, k]
                rest = total - q
                if q < 0 or rest < 0:
                    continue
                profit = (intercept - slope * total) * q - cost[i, k]
                stays = True
                for j in range(choices):
                    other = levels[i, j]
                    if other >= 0:
                        gain = (intercept - slope * (rest + other)) * other - cost[i, j] - profit
                        if gain > slack:
                            stays = False
                            break
                if stays:
                    possible = True
                    for t in range(q, total + 1):
                        longer[t] += ways[t - q]
            if not possible:
                break
            ways, longer = longer, ways
        if possible:
            count += ways[total]
    return count
