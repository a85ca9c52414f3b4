"""The compiled sweep behind :mod:`potline.numerics.coalitions.table`: one market per coalition, no iteration.

Every owner's supply is piecewise linear in the price: block k (its plants of one cost, cheapest first) starts
at ``cost + conduct b before`` and is full at ``cost + conduct b (before + capacity)``. The breakpoints of the
owners who stay separate are sorted once for all coalitions and read through the mask; those of the merged
owner come out sorted while its plants are read in cost order. Merging the two lists and walking up until
supply meets ``(a - p) / b`` solves a market in one pass.

A row of events is ``(position, change of fixed supply, change of slope, change of constant)``: between two
events supply is ``fixed + slope x - constant``. A row with slope 0 is a jump (a price taker's block).
"""

from __future__ import annotations

__all__ = ["solve_range"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]

COST, CAPACITY, BEFORE, BLOCK, CASH = 0, 1, 2, 3, 4


@kernel
def _crossing(
    events: Floats,
    event_owner: Integers,
    joined: Bytes,
    merged: Floats,
    merged_count: int,
    fixed: float,
    demand: float,
    demand_slope: float,
) -> float:
    """Return the x at which supply first meets ``demand - demand_slope x``; infinity if it never does."""
    slope, constant, active = 0.0, 0.0, 0
    here, i, k = -np.inf, 0, 0
    count = event_owner.shape[0]
    while True:
        while i < count and joined[event_owner[i]]:
            i += 1
        x = np.inf
        from_merged = False
        if i < count:
            x = events[i, 0]
        if k < merged_count and merged[k, 0] < x:
            x = merged[k, 0]
            from_merged = True
        if x == np.inf:
            if demand_slope == 0.0:
                return np.inf
            break
        if fixed + slope * x - constant >= demand - demand_slope * x:
            break
        if from_merged:
            d_fixed, d_slope, d_constant = merged[k, 1], merged[k, 2], merged[k, 3]
            k += 1
        else:
            d_fixed, d_slope, d_constant = events[i, 1], events[i, 2], events[i, 3]
            i += 1
        fixed += d_fixed
        if d_slope == 0.0:
            if fixed + slope * x - constant >= demand - demand_slope * x:
                return x
        else:
            slope += d_slope
            constant += d_constant
            active += 1 if d_slope > 0.0 else -1
            if active == 0:
                slope, constant = 0.0, 0.0
        here = x
    total = slope + demand_slope
    answer = (demand + constant - fixed) / total if total > 0.0 else here
    return min(max(answer, here), x)


@kernel
def _best_on_piece(
    high: float,
    low: float,
    alpha: float,
    beta: float,
    at_high: float,
    at_low: float,
    steps: Floats,
    step: int,
    best: Floats,
) -> int:
    """Raise ``best = (profit, price, quantity)`` over quantities ``low..high`` where ``p = alpha - beta x``.

    ``at_high`` and ``at_low`` are the exact prices at the ends where an end is a breakpoint, else nan: a price
    taker whose cost is the price must find it equal to the last digit.
    """
    largest = high
    while True:
        while step > 1 and steps[step - 1, 0] >= high:
            step -= 1
        floor = max(low, steps[step - 1, 0])
        cost = steps[step, 2]
        x = high if alpha > cost else floor
        if beta > 0.0:
            x = min(max((alpha - cost) / (2.0 * beta), floor), high)
        price = alpha - beta * x
        if x == largest and not np.isnan(at_high):
            price = at_high
        elif x == low and not np.isnan(at_low):
            price = at_low
        value = price * x - steps[step - 1, 1] - cost * (x - steps[step - 1, 0])
        if value > best[0] + 1e-12 * abs(best[0]):
            best[0], best[1], best[2] = value, price, x
        high = floor
        if high <= low or step == 1:
            return step


@kernel
def _lead(
    events: Floats, event_owner: Integers, joined: Bytes, steps: Floats, step_count: int, market: Floats, best: Floats
) -> bool:
    """Find the first mover's best quantity over every piece of its profit; return whether it sits at the ceiling."""
    a, b, ceiling = market[0], market[1], market[2]
    capacity = steps[step_count, 0]
    best[0], best[1], best[2] = -1e300, a, 0.0
    fixed, slope, constant, active = 0.0, 0.0, 0.0, 0
    count = event_owner.shape[0]
    i, step, first = 0, step_count, True
    here = min(a - b * capacity, ceiling)
    while True:
        while i < count and joined[event_owner[i]]:
            i += 1
        event = events[i, 0] if i < count else np.inf
        if first:
            here = min(here, event)
            first = False
        beta = 1.0 / (slope + 1.0 / b)
        alpha = (a / b + constant - fixed) * beta
        end = min(event, ceiling)
        if end == np.inf:
            end = max(alpha, here)
        high, low = (alpha - here) / beta, (alpha - end) / beta
        top, bottom = min(high, capacity), max(low, 0.0)
        if top >= bottom:
            at_high = here if top == high else np.nan
            at_low = end if bottom == low else np.nan
            step = _best_on_piece(top, bottom, alpha, beta, at_high, at_low, steps, step, best)
        if low <= 0.0 or event == np.inf or event > ceiling:
            break
        if events[i, 2] == 0.0:
            top, bottom = min(low, capacity), max(low - events[i, 1], 0.0)
            if top >= bottom:
                step = _best_on_piece(top, bottom, event, 0.0, np.nan, np.nan, steps, step, best)
        else:
            slope += events[i, 2]
            constant += events[i, 3]
            active += 1 if events[i, 2] > 0.0 else -1
            if active == 0:
                slope, constant = 0.0, 0.0
        fixed += events[i, 1]
        here = event
        i += 1
    if ceiling < np.inf and low > 0.0:
        before = best[0]
        _best_on_piece(min(low, capacity), 0.0, ceiling, 0.0, np.nan, np.nan, steps, step_count, best)
        return bool(best[0] > before)
    return False


@kernel
def _merged_events(
    plants: Floats, member: Integers, count: int, conduct: float, slope: float, at: float, merged: Floats
) -> int:
    """Write the merged owner's breakpoints in the price, or (``at`` finite) in 1/t there; return their number."""
    e, reached, steep = 0, 0.0, conduct * slope
    for k in range(count):
        cost, capacity = plants[member[k], COST], plants[member[k], CAPACITY]
        if steep == 0.0:
            if at == np.inf:
                merged[e, 0] = cost
                merged[e, 1] = capacity
                merged[e, 2] = 0.0
                merged[e, 3] = 0.0
                e += 1
        elif capacity > 0.0 and cost < at:
            rise, base = 1.0 / steep, cost
            if at < np.inf:
                rise, base = (at - cost) / steep, 0.0
            merged[e, 0] = base + reached / rise
            merged[e, 1] = -reached
            merged[e, 2] = rise
            merged[e, 3] = base * rise
            reached += capacity
            merged[e + 1, 0] = base + reached / rise
            merged[e + 1, 1] = reached
            merged[e + 1, 2] = -rise
            merged[e + 1, 3] = -base * rise
            e += 2
    return e


@kernel
def _within(x: float, top: float) -> float:
    """Return x held between 0 and top."""
    return top if x > top else (x if x > 0.0 else 0.0)


@kernel
def _produce(
    plants: Floats,
    owner: Integers,
    joined: Bytes,
    inverse: Floats,
    member: Integers,
    count: int,
    merged_inverse: float,
    lead_quantity: float,
    p: float,
    stretch: float,
    demanded: float,
    quantity: Floats,
) -> float:
    """Write every plant's output at price p, ``stretch`` being 1/t; return the demand left over."""
    supplied, marginal, waiting = 0.0, 0.0, False
    for j in range(owner.shape[0]):
        if joined[owner[j]]:
            continue
        reach = stretch * inverse[owner[j]]
        gap, capacity, q = p - plants[j, COST], plants[j, CAPACITY], 0.0
        if gap > 0.0:
            q = capacity
            if reach < np.inf:
                block = plants[j, BLOCK]
                q = _within(gap * reach - plants[j, BEFORE], block)
                if block != capacity:
                    q *= capacity / block
            supplied += q
        elif gap == 0.0 and reach == np.inf:
            q = -1.0
            waiting = True
            marginal += capacity
        quantity[j] = q
    k, reached, reach = 0, 0.0, stretch * merged_inverse
    while k < count:
        cost = plants[member[k], COST]
        last, block = k, 0.0
        while last < count and plants[member[last], COST] == cost:
            block += plants[member[last], CAPACITY]
            last += 1
        gap, part = p - cost, 0.0
        if lead_quantity >= 0.0:
            part = _within(lead_quantity - reached, block)
        elif gap > 0.0:
            part = _within(gap * reach - reached, block) if reach < np.inf else block
        elif gap == 0.0 and reach == np.inf:
            part = -1.0
            waiting = True
            marginal += block
        if part > 0.0:
            supplied += part
            part /= block
        for r in range(k, last):
            quantity[member[r]] = part * plants[member[r], CAPACITY] if part >= 0.0 else -1.0
        reached += block
        k = last
    rest = demanded - supplied
    if waiting:
        part = _within(rest / marginal, 1.0) if marginal > 0.0 else 0.0
        for j in range(owner.shape[0]):
            if quantity[j] < 0.0:
                quantity[j] = plants[j, CAPACITY] * part
        rest -= marginal * part
    return rest


@kernel
def _join(c: int, rows: Bytes, leads: bool, owner: Integers, joined: Bytes, member: Integers) -> int:
    """Mark the members of coalition c and list their plants; none where it acts as separate owners do."""
    size, count = 0, 0
    for i in range(joined.shape[0]):
        joined[i] = rows[c, i] if rows.shape[0] > 0 else (c >> i) & 1
        size += joined[i]
    if size >= 2 or (leads and size == 1):
        for j in range(owner.shape[0]):
            if joined[owner[j]]:
                member[count] = j
                count += 1
    if count == 0:
        for i in range(joined.shape[0]):
            joined[i] = 0
    return count


@kernel
def solve_range(
    start: int,
    stop: int,
    rows: Bytes,
    events: Floats,
    event_owner: Integers,
    ceiling_events: Floats,
    ceiling_owner: Integers,
    plants: Floats,
    owner: Integers,
    conduct: Floats,
    market: Floats,
    leads: bool,
    price: Floats,
    imports: Floats,
    share: Floats,
    profit: Floats,
    output: Floats,
    joined: Bytes,
    member: Integers,
    inverse: Floats,
    quantity: Floats,
    merged: Floats,
    steps: Floats,
    best: Floats,
) -> None:
    """Solve coalitions ``start..stop``: rows of ``rows``, or the bits of the index when it has no row.

    Args:
        start: first coalition.
        stop: one past the last coalition.
        rows: uint8[count, owners], 1 for a member; shape (0, owners) to read masks from the index.
        events: float[E, 4], separate owners' breakpoints in the price, ascending.
        event_owner: int[E], their owners.
        ceiling_events: float[W, 4], the same in the inverse of the slope share, at the ceiling price.
        ceiling_owner: int[W], their owners.
        plants: float[m, 5], cost, capacity, owner's cheaper capacity, owner's capacity at this cost, cash cost;
            ascending cost.
        owner: int[m].
        conduct: float[owners].
        market: float[4], intercept, slope, ceiling price, conduct of the merged owner.
        leads: the coalition moves first.
        price: float[count], written.
        imports: float[count], written when the ceiling is finite.
        share: float[count], slope share at the ceiling, written as imports.
        profit: float[count, owners], written.
        output: float[m, width], written from column 0 for coalition ``start``; width 0 to leave it alone.
        joined: uint8[owners], scratch; so are the rest, one set a thread (allocating here costs compile time).
        member: int[m].
        inverse: float[owners].
        quantity: float[m].
        merged: float[2 m, 4].
        steps: float[m + 1, 3].
        best: float[3].
    """
    m, n = plants.shape[0], conduct.shape[0]
    a, b, ceiling, merged_conduct = market[0], market[1], market[2], market[3]
    for i in range(n):
        inverse[i] = 1.0 / (conduct[i] * b)
    merged_inverse = 1.0 / (merged_conduct * b)
    for c in range(start, stop):
        count = _join(c, rows, leads, owner, joined, member)
        moves_first = leads and count > 0
        taken, lead_quantity = 0.0, -1.0
        if moves_first:
            steps[0, 0] = 0.0
            steps[0, 1] = 0.0
            for k in range(count):
                cost, capacity = plants[member[k], COST], plants[member[k], CAPACITY]
                steps[k + 1, 0] = steps[k, 0] + capacity
                steps[k + 1, 1] = steps[k, 1] + cost * capacity
                steps[k + 1, 2] = cost
            bound = _lead(events, event_owner, joined, steps, count, market, best)
            p, lead_quantity = best[1], best[2]
            taken = lead_quantity
            bound = bound or p >= ceiling
        else:
            e = _merged_events(plants, member, count, merged_conduct, b, np.inf, merged)
            p = _crossing(events, event_owner, joined, merged, e, 0.0, a / b, 1.0 / b)
            bound = p > ceiling

        stretch = 1.0
        if bound:
            p = ceiling
            fixed, e = 0.0, 0
            for j in range(m):
                o = owner[j]
                takes = (joined[o] == 0 and conduct[o] == 0.0) or (joined[o] and not leads and merged_conduct == 0.0)
                if takes and plants[j, COST] <= p:
                    fixed += plants[j, CAPACITY]
            if not moves_first:
                e = _merged_events(plants, member, count, merged_conduct, b, p, merged)
            wanted = (a - p) / b - taken
            if fixed < wanted:
                x = _crossing(ceiling_events, ceiling_owner, joined, merged, e, fixed, wanted, 0.0)
                stretch = x if x > 1.0 else 1.0

        rest = _produce(
            plants,
            owner,
            joined,
            inverse,
            member,
            count,
            merged_inverse,
            lead_quantity,
            p,
            stretch,
            (a - p) / b,
            quantity,
        )
        price[c] = p
        if ceiling < np.inf:
            imports[c] = rest if stretch == np.inf and rest > 0.0 else 0.0
            share[c] = 1.0 / stretch
        for i in range(n):
            profit[c, i] = 0.0
        for j in range(m):
            profit[c, owner[j]] += (p - plants[j, CASH]) * quantity[j]
        if output.shape[1] > 0:
            for j in range(m):
                output[j, c - start] = quantity[j]
