"""Clear one market of linear demand and step costs: the exact event sweep.

Owner i sells ``q_i`` where ``p - theta_i b q_i`` meets its step curve, so its supply is piecewise linear in p:
step k, offered at cost ``c_k`` behind ``Q`` kt of cheaper steps, begins at ``p = c_k + theta_i b Q``, rises by
``1 / (theta_i b)`` and is full at ``c_k + theta_i b (Q + cap_k)``; with ``theta_i = 0`` it comes at once, at
``p = c_k``. Sorting these events gives the one price at which supply meets demand: O(n log n), no iteration.
"""

from __future__ import annotations

__all__ = ["allocate", "clear_steps", "group_by_owner", "step_outputs"]

from typing import TYPE_CHECKING

import numpy as np

from potline.numerics.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


def clear_steps(
    quantity_at_zero: float,
    quantity_per_price: float,
    slope: float,
    theta: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
) -> tuple[float, float, bool]:
    r"""Find the price at which step supply meets linear demand.

    Solves ``S(p) = quantity_at_zero - quantity_per_price p`` where ``S`` is the sum of the owners' supplies at
    perceived slope ``theta_i * slope``. A vertical demand (``quantity_per_price = 0``) finds the price of a given
    total. Where nothing is offered below the choke price, that price is returned.

    Args:
        quantity_at_zero: quantity demanded at price 0, kt.
        quantity_per_price: fall of demand per money/t, kt; 0 or more.
        slope: ``|P'|`` as the owners see it, money/t per kt; above 0 where any theta is.
        theta: conduct, shape (owners,).
        start: first step of each owner and the number of steps, shape (owners + 1,).
        cost: step costs, ascending within an owner, money/t, shape (steps,).
        capacity: step sizes, kt, may be ``inf``, shape (steps,).

    Returns:
        price, quantity, and whether the price stands on a step of a price taker (whose output is then what is left).
        The price is ``inf`` where supply never reaches a vertical demand.

    Examples:
        >>> theta, start = np.ones(2), np.array([0, 1, 2])
        >>> clear_steps(10.0, 1.0, 1.0, theta, start, np.array([1.0, 1.0]), np.array([9.0, 9.0]))
        (4.0, 6.0, False)
    """
    at, rise, jump = _events(slope, theta, start, cost, capacity)
    return _sweep(
        quantity_at_zero,
        quantity_per_price,
        slope,
        theta,
        start,
        cost,
        capacity,
        at,
        rise,
        jump,
        np.argsort(at),
    )


def group_by_owner(owner: Integers, owners: int, cost: Floats) -> tuple[Integers, Integers]:
    """Return the order that groups steps by owner with ascending cost, and each owner's first position.

    Args:
        owner: owner of each step, shape (steps,).
        owners: number of owners.
        cost: step costs, shape (steps,).

    Returns:
        order, shape (steps,), and start, shape (owners + 1,).

    Examples:
        >>> order, start = group_by_owner(np.array([1, 0, 1]), 2, np.array([3.0, 5.0, 2.0]))
        >>> order.tolist(), start.tolist()
        ([1, 2, 0], [0, 1, 3])
    """
    return _bucket(np.argsort(cost), owner, owners)


@kernel
def step_outputs(
    price: Floats, steep: Floats, start: Integers, cost: Floats, capacity: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what each owner sells at a price it meets with step costs.

    Args:
        price: price less what the owner pays for room under a cap, money/t, shape (owners,).
        steep: perceived slope ``theta_i m``, money/t per kt, shape (owners,).
        start: first step of each owner and the number of steps, shape (owners + 1,).
        cost: step costs, ascending within an owner, money/t, shape (steps,).
        capacity: step sizes, kt, shape (steps,).

    Returns:
        marginal revenue, least and most output (they differ only where a price taker stands on a step), and ``inf``
        for owners inside a step, else 0; each of shape (owners,).

    Examples:
        >>> marginal, low, high, inside = step_outputs(np.array([5.0]), np.ones(1), np.array([0, 2]),
        ...                                            np.array([1.0, 2.5]), np.array([2.0, 3.0]))
        >>> marginal.tolist(), low.tolist(), inside.tolist()
        ([2.5], [2.5], [inf])
    """
    count = steep.size
    marginal, low = price.copy(), np.zeros(count)
    high, inside = np.zeros(count), np.zeros(count)
    for i in range(count):
        p, rate, behind, reached = price[i], steep[i], 0.0, -np.inf
        if rate == 0.0:
            for k in range(start[i], start[i + 1]):
                if cost[k] < p:
                    low[i] += capacity[k]
                if cost[k] <= p:
                    high[i] += capacity[k]
            continue
        level = p
        for k in range(start[i], start[i + 1]):
            level = p - rate * behind
            if cost[k] >= level:
                level = min(level, cost[k])
                break
            if cost[k] + rate * (behind + capacity[k]) > p:
                level = cost[k]
                behind = min(max((p - level) / rate, behind), behind + capacity[k])
                inside[i] = np.inf
                break
            behind += capacity[k]
            reached = cost[k]
            level = p - rate * behind
        marginal[i] = max(level, reached)
        low[i], high[i] = behind, behind
    return marginal, low, high, inside


@kernel
def _bucket(by_cost: Integers, owner: Integers, owners: int) -> tuple[Integers, Integers]:
    start = np.zeros(owners + 1, np.int64)
    for i in owner:
        start[i + 1] += 1
    for i in range(owners):
        start[i + 1] += start[i]
    place = start[:-1].copy()
    order = np.empty(by_cost.size, np.int64)
    for j in by_cost:
        order[place[owner[j]]] = j
        place[owner[j]] += 1
    return order, start


@kernel
def _events(
    slope: float, theta: Floats, start: Integers, cost: Floats, capacity: Floats
) -> tuple[Floats, Floats, Floats]:
    count = cost.size
    at = np.full(2 * count, np.inf)
    rise = np.zeros(2 * count)
    jump = np.zeros(2 * count)
    for i in range(theta.size):
        steep = theta[i] * slope
        behind = 0.0
        for k in range(start[i], start[i + 1]):
            if capacity[k] <= 0.0:
                continue
            if steep > 0.0:
                at[2 * k] = cost[k] + steep * behind
                rise[2 * k] = 1.0 / steep
                behind += capacity[k]
                at[2 * k + 1] = cost[k] + steep * behind
                rise[2 * k + 1] = -1.0 / steep
            else:
                at[2 * k] = cost[k]
                jump[2 * k] = capacity[k]
    return at, rise, jump


@kernel
def _sweep(
    quantity_at_zero: float,
    quantity_per_price: float,
    slope: float,
    theta: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
    at: Floats,
    rise: Floats,
    jump: Floats,
    order: Integers,
) -> tuple[float, float, bool]:
    choke = quantity_at_zero / quantity_per_price if quantity_per_price > 0.0 else np.inf
    if quantity_per_price == 0.0 and quantity_at_zero <= 0.0:
        return -np.inf, 0.0, False
    low, high = -np.inf, np.inf
    supply, growth, here = 0.0, 0.0, 0.0
    for e in order:
        p = at[e]
        if p > choke or p == np.inf:
            high = p
            break
        before = supply + growth * (p - here) if growth > 0.0 else supply
        demand = quantity_at_zero - quantity_per_price * p
        if before >= demand:
            high = p
            break
        if before + jump[e] >= demand:
            return float(p), float(demand), True
        supply, here, low = before + jump[e], p, p
        growth = growth + rise[e] if rise[e] > 0.0 else max(0.0, growth + rise[e])
    # The interval is known; the price follows from its steps alone, free of the error summed on the way.
    fixed, level, weight = 0.0, 0.0, 0.0
    for i in range(theta.size):
        steep = theta[i] * slope
        behind = 0.0
        for k in range(start[i], start[i + 1]):
            if capacity[k] <= 0.0:
                continue
            if steep == 0.0:
                if cost[k] <= low:
                    fixed += capacity[k]
                continue
            begin = cost[k] + steep * behind
            if begin > low:
                break
            if cost[k] + steep * (behind + capacity[k]) > low:
                level += cost[k] / steep + behind
                weight += 1.0 / steep
            else:
                fixed += capacity[k]
            behind += capacity[k]
    if weight + quantity_per_price == 0.0:
        return np.inf, fixed, False
    # An interior step sells (p - c_k) / steep - behind, so level - weight p is what it lacks.
    price = (quantity_at_zero - fixed + level) / (weight + quantity_per_price)
    price = min(max(price, low), min(high, choke))
    return price, fixed + weight * price - level, False


@kernel
def allocate(
    marginal: Floats,
    output: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
    scale: Floats,
    exponent: Floats,
) -> Floats:
    """Share each owner's output among its blocks.

    A block below the owner's marginal revenue is full, a smooth one stands where its marginal cost meets it, and
    steps at exactly that cost share what is left by size (equally, where their size is unlimited).

    Args:
        marginal: marginal revenue of each owner, money/t, shape (owners,).
        output: output of each owner, kt, shape (owners,).
        start: first block of each owner and the number of blocks, shape (owners + 1,).
        cost: block costs, money/t, shape (blocks,).
        capacity: block sizes, kt, shape (blocks,).
        scale: scale of the rising part, 0 for a step, shape (blocks,).
        exponent: exponent of the rising part, shape (blocks,).

    Returns:
        output of each block, kt, shape (blocks,).

    Examples:
        >>> allocate(np.array([2.0]), np.array([4.0]), np.array([0, 3]), np.array([1.0, 2.0, 2.0]),
        ...          np.array([3.0, 1.0, 3.0]), np.zeros(3), np.ones(3)).tolist()
        [3.0, 0.25, 0.75]
    """
    result = np.zeros(cost.size)
    for i in range(marginal.size):
        y, left, size, unlimited = marginal[i], output[i], 0.0, 0
        for k in range(start[i], start[i + 1]):
            if scale[k] > 0.0:
                if y > cost[k]:
                    result[k] = min(capacity[k], scale[k] * (y - cost[k]) ** exponent[k])
            elif cost[k] < y:
                result[k] = capacity[k]
            elif cost[k] == y:
                size += capacity[k]
                unlimited += capacity[k] == np.inf
            left -= result[k]
        left = max(0.0, left)
        for k in range(start[i], start[i + 1]):
            if scale[k] == 0.0 and cost[k] == y and capacity[k] > 0.0:
                if unlimited > 0:
                    result[k] = left / unlimited if capacity[k] == np.inf else 0.0
                else:
                    result[k] = min(capacity[k], left * (capacity[k] / size))
    return result
