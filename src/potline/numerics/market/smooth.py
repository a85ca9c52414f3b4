"""Clear one market where no sweep is exact: isoelastic demand, or marginal costs that rise smoothly.

A block offers up to its capacity at ``MC(q) = cost + (q / scale) ** (1 / exponent)`` (a step where ``scale`` is 0).
Given the price p and the slope m that owners see, owner i's marginal revenue y solves ``y + theta_i m H_i(y) = p``
with ``H_i`` the sum of its blocks' supplies: monotone in y. The market clears in one dimension. With isoelastic
demand the *shares* ``q_i(p) / D(p)`` rise with p although the outputs need not, so the root is taken on their sum:
bracketed Newton steps to the last bit.
"""

from __future__ import annotations

__all__ = ["CLEARED", "NO_LOWER_PRICE", "NO_UPPER_PRICE", "OUTSIDE", "clear_blocks", "owner_outputs", "supply_at"]

from typing import TYPE_CHECKING

import numpy as np

from potline.numerics.compilation import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

CLEARED = 0
OUTSIDE = 1
NO_UPPER_PRICE = 2
NO_LOWER_PRICE = 3


@kernel
def _offered(
    y: float, first: int, last: int, cost: Floats, capacity: Floats, scale: Floats, exponent: Floats
) -> tuple[float, float, float]:
    """Return supply at marginal cost y without and with steps at exactly y, and its derivative."""
    below, at, growth = 0.0, 0.0, 0.0
    for k in range(first, last):
        if y < cost[k]:
            break
        if scale[k] == 0.0:
            if y > cost[k]:
                below += capacity[k]
            else:
                at += capacity[k]
        elif y > cost[k]:
            q = scale[k] * (y - cost[k]) ** exponent[k]
            if q < capacity[k]:
                below += q
                growth += exponent[k] * q / (y - cost[k])
            else:
                below += capacity[k]
    return below, below + at, growth


@kernel
def _owner(
    target: float,
    weight: float,
    steep: float,
    first: int,
    last: int,
    cost: Floats,
    capacity: Floats,
    scale: Floats,
    exponent: Floats,
) -> tuple[float, float, float, float]:
    """Solve ``weight y + steep H(y) = target``; return y, the least and most output there, and dH/dy."""
    if steep == 0.0:
        low, high, growth = _offered(target, first, last, cost, capacity, scale, exponent)
        return target, low, high, growth
    if first == last or weight * cost[first] >= target:
        y = target / weight if weight > 0.0 else (cost[first] if first < last else 0.0)
        return y, 0.0, 0.0, 0.0
    left, right = first, last
    while right - left > 1:
        middle = (left + right) // 2
        low, high, growth = _offered(cost[middle], first, last, cost, capacity, scale, exponent)
        if weight * cost[middle] + steep * low <= target:
            left = middle
        else:
            right = middle
    low, high, growth = _offered(cost[left], first, last, cost, capacity, scale, exponent)
    if weight * cost[left] + steep * high >= target:
        q = (target - weight * cost[left]) / steep
        return cost[left], q, q, np.inf
    a = cost[left]
    if weight > 0.0:
        b = target / weight
        if right < last:
            b = min(b, cost[right])
    elif right < last:
        b = cost[right]
    else:
        b = a + 1.0 + abs(a)
        for _ in range(1000):
            low, high, growth = _offered(b, first, last, cost, capacity, scale, exponent)
            if steep * low >= target:
                break
            if growth == 0.0:
                return b, low, low, 0.0
            b = a + 2.0 * (b - a)
    y = b
    for turn in range(200):
        low, high, growth = _offered(y, first, last, cost, capacity, scale, exponent)
        gap = weight * y + steep * low - target
        if gap > 0.0:
            b = y
        else:
            a = y
        if gap == 0.0 or b - a <= 2e-16 * max(abs(a), abs(b)):
            break
        step = weight + steep * growth
        new = y - gap / step if step > 0.0 else a
        if not (a < new < b) or (turn > 15 and turn % 2 == 0):  # where a block fills, steps may go to and fro
            new = 0.5 * (a + b)
        if new == y:
            break
        y = new
    low, high, growth = _offered(y, first, last, cost, capacity, scale, exponent)
    q = (target - weight * y) / steep if steep * growth > weight else low
    return y, q, q, growth


@kernel
def owner_outputs(
    target: Floats,
    weight: float,
    steep: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
    scale: Floats,
    exponent: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Solve ``weight y + steep_i H_i(y) = target_i`` for every owner.

    With ``weight = 1`` the target is the price and y the marginal revenue; with ``weight = 0`` and ``steep = 1``
    the target is an output and y its marginal cost.

    Args:
        target: shape (owners,).
        weight: 0 or 1.
        steep: perceived slope ``theta_i m``, money/t per kt, shape (owners,).
        start: first block of each owner and the number of blocks, shape (owners + 1,).
        cost: block costs, ascending within an owner, money/t, shape (blocks,).
        capacity: block sizes, kt, shape (blocks,).
        scale: 0 for a step, kt, shape (blocks,).
        exponent: shape (blocks,).

    Returns:
        y, least output, most output (they differ only where a price taker stands on a step) and dH/dy, each of
        shape (owners,).

    Examples:
        >>> y, low, high, growth = owner_outputs(np.array([10.0]), 1.0, np.array([1.0]), np.array([0, 1]),
        ...     np.array([0.0]), np.array([np.inf]), np.array([1.0]), np.array([1.0]))
        >>> y.tolist(), low.tolist()
        ([5.0], [5.0])
    """
    count = steep.size
    y, low = np.zeros(count), np.zeros(count)
    high, growth = np.zeros(count), np.zeros(count)
    for i in range(count):
        y[i], low[i], high[i], growth[i] = _owner(
            target[i], weight, steep[i], start[i], start[i + 1], cost, capacity, scale, exponent
        )
    return y, low, high, growth


@kernel
def supply_at(
    price: float,
    slope: float,
    slope_growth: float,
    limit: float,
    limited: Flags,
    theta: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
    scale: Floats,
    exponent: Floats,
) -> tuple[float, float, float]:
    """Return the least and most the owners sell together at a price, and the derivative of it.

    The owners marked ``limited`` sell at most ``limit`` together.

    Args:
        price: money/t.
        slope: ``|P'|`` at that price, money/t per kt.
        slope_growth: its derivative by price.
        limit: joint output cap, kt, ``inf`` for none.
        limited: whom the cap binds, shape (owners,).
        theta: conduct, shape (owners,).
        start: as in :func:`owner_outputs`, as the four arrays that follow.
        cost: money/t.
        capacity: kt.
        scale: kt.
        exponent: none.

    Examples:
        >>> supply_at(5.0, 1.0, 0.0, np.inf, np.zeros(1, np.bool_), np.ones(1), np.array([0, 1]), np.array([2.0]),
        ...           np.array([9.0]), np.zeros(1), np.ones(1))
        (3.0, 3.0, 1.0)
    """
    least, most, growth = 0.0, 0.0, 0.0
    held_least, held_most, held_growth = 0.0, 0.0, 0.0
    for i in range(theta.size):
        steep = theta[i] * slope
        _, low, high, offered = _owner(price, 1.0, steep, start[i], start[i + 1], cost, capacity, scale, exponent)
        shift = 1.0 - theta[i] * slope_growth * low
        rate = shift / steep if offered == np.inf else offered * shift / (1.0 + steep * offered)
        if limited[i]:
            held_least += low
            held_most += high
            held_growth += rate
        else:
            least += low
            most += high
            growth += rate
    if held_least >= limit:
        held_growth = 0.0
    return least + min(limit, held_least), most + min(limit, held_most), growth + held_growth


@kernel
def _gap(
    price: float,
    isoelastic: bool,
    first: float,
    second: float,
    shift: float,
    rise: float,
    rise_from: float,
    fixed_slope: float,
    limit: float,
    limited: Flags,
    theta: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
    scale: Floats,
    exponent: Floats,
) -> tuple[float, float, float]:
    """Return least and most supply less demand, and the derivative; as shares of demand if isoelastic."""
    if isoelastic:
        demand = first * price**-second
        slope = price / (second * demand)
        bend = (1.0 + second) * slope / price
        left, fall, over = demand, second, price
        if rise > 0.0:
            # Owners see the slope 1 / (e D / p + m) of what imports leave, (1 + m slope) times flatter.
            left = demand - rise * (price - rise_from)
            if left <= 0.0:
                return np.inf, np.inf, 0.0
            flatter = 1.0 + rise * slope
            slope, bend = slope / flatter, bend / (flatter * flatter)
            fall, over = second * demand / price + rise, left
    else:
        demand, slope, bend = first - second * price, fixed_slope, 0.0
        left, fall, over = demand, 0.0, 1.0
    low, high, growth = supply_at(price, slope, bend, limit, limited, theta, start, cost, capacity, scale, exponent)
    if isoelastic:
        share = (low + shift) / left
        return share - 1.0, (high + shift) / left - 1.0, growth / left + share * fall / over
    return low + shift - demand, high + shift - demand, growth + second


_JUMPS, _FALLING, _RISING, _ROOT = 0, 1, 2, 3


@kernel
def clear_blocks(
    isoelastic: bool,
    first: float,
    second: float,
    shift: float,
    rise: float,
    rise_from: float,
    fixed_slope: float,
    lowest: float,
    highest: float,
    jumps: Floats,
    limit: float,
    limited: Flags,
    theta: Floats,
    start: Integers,
    cost: Floats,
    capacity: Floats,
    scale: Floats,
    exponent: Floats,
) -> tuple[int, float]:
    r"""Find the price at which supply plus ``shift`` meets demand, at most ``highest``.

    Demand is ``first p ** -second`` if isoelastic, else ``first - second p`` with the slope ``fixed_slope``
    (``second = 0``: a given total). Without a highest price, isoelastic demand has one only if
    ``sum_i elasticity / theta_i > 1``: no seller's share exceeds ``elasticity / theta_i``; with imports that rise it
    always has one. Shares are then those of the demand that imports leave, which rise with the price likewise.

    Args:
        isoelastic: which demand.
        first: quantity at price 1 or at price 0, kt.
        second: elasticity, or kt per money/t.
        shift: kt sold by others, whatever the price.
        rise, rise_from: imports beside isoelastic demand, ``rise (p - rise_from)`` kt, where no price below
            ``rise_from`` is looked at; a linear demand has them in ``first`` and ``second``.
        fixed_slope: ``|P'|`` of a linear demand, money/t per kt.
        lowest: the least block cost, money/t; nothing is sold below.
        highest: upper end of the search, money/t, may be ``inf``.
        jumps: prices at which supply jumps (step costs of price takers), ascending; positive if isoelastic.
        limit: joint output cap, kt, ``inf`` for none.
        limited: whom the cap binds, shape (owners,).
        theta: conduct, shape (owners,).
        start: as in :func:`owner_outputs`, as the four arrays that follow.
        cost: money/t.
        capacity: kt.
        scale: kt.
        exponent: none.

    Returns:
        a status and the price: ``CLEARED``; ``OUTSIDE`` where demand exceeds supply at ``highest``;
        ``NO_UPPER_PRICE`` where it does at every price; ``NO_LOWER_PRICE`` where supply exceeds demand at every
        positive price.

    Examples:
        >>> one, none = np.ones(2), np.zeros(2)
        >>> clear_blocks(True, 100.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, np.inf, np.zeros(0), np.inf,
        ...              np.zeros(2, np.bool_), one, np.array([0, 1, 2]), one, np.full(2, np.inf), none, one)
        (0, 2.0)
    """
    if isoelastic and rise == 0.0 and shift <= 0.0 and highest == np.inf:
        reach = 0.0
        for i in range(theta.size):
            if start[i + 1] > start[i]:
                reach += second / theta[i] if theta[i] > 0.0 else np.inf
        if reach <= 1.0 + 1e-12:
            return NO_UPPER_PRICE, np.inf
    choke = (first - shift) / second if not isoelastic and second > 0.0 else np.inf
    if choke <= lowest:
        return (CLEARED, choke) if choke <= highest else (OUTSIDE, highest)
    top = min(choke, highest)
    left, right = -1, jumps.size
    a, b = lowest, top
    price = a
    phase = _JUMPS
    for _ in range(4000):
        if phase == _JUMPS:
            if right - left > 1:
                price = jumps[(left + right) // 2]
            else:
                # No jump between a and b from here on.
                if left >= 0:
                    a = jumps[left]
                if right < jumps.size:
                    b = min(b, jumps[right])
                if isoelastic and left < 0:
                    price = min(b, lowest if lowest > 0.0 else 1.0)
                    phase = _FALLING
                elif a >= b:
                    return OUTSIDE, highest
                elif b == np.inf:
                    price = max(2.0 * a, a + 1.0)
                    phase = _RISING
                else:
                    price = b
                    phase = _ROOT
        low, high, rate = _gap(
            price,
            isoelastic,
            first,
            second,
            shift,
            rise,
            rise_from,
            fixed_slope,
            limit,
            limited,
            theta,
            start,
            cost,
            capacity,
            scale,
            exponent,
        )
        if phase == _JUMPS:
            middle = (left + right) // 2
            if high < 0.0:
                left = middle
            elif low <= 0.0:
                return (CLEARED, price) if price <= highest else (OUTSIDE, highest)
            else:
                right = middle
        elif phase == _FALLING:
            if low < 0.0:
                a = price
                if b == np.inf:
                    price, phase = 2.0 * a, _RISING
                elif a >= b:
                    return OUTSIDE, highest
                else:
                    price, phase = b, _ROOT
            else:
                b = price
                price *= 0.5
                if price < 1e-100:
                    return NO_LOWER_PRICE, 0.0
        elif phase == _RISING:
            if low >= 0.0:
                b, phase = price, _ROOT
            else:
                a = price
                price += max(1.0, abs(price))
                if price > 1e100:
                    return NO_UPPER_PRICE, np.inf
        else:
            if low < 0.0 and price >= top:
                return (CLEARED, top) if top == choke else (OUTSIDE, highest)
            if low >= 0.0:
                b = price
            else:
                a = price
            if low == 0.0 or b - a <= 2e-16 * max(abs(a), abs(b)):
                break
            new = price - low / rate if rate > 0.0 else a
            if not (a < new < b):
                new = 0.5 * (a + b) if a <= 0.0 or b < 4.0 * a else np.sqrt(a) * np.sqrt(b)
            if abs(new - price) <= 1e-16 * abs(price):
                break
            price = new
    return CLEARED, price
