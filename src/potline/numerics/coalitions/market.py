"""One market as the coalition kernel reads it: plants in cost order and owners' breakpoints, sorted once."""

from __future__ import annotations

__all__ = ["CoalitionMarket", "coalition_market", "member_rows"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoalitionMarket:
    """Plants in ascending cost, owners' breakpoints, and the rules of the game.

    Attributes:
        order: int[m], plant of the caller at each place of the cost order.
        owner: int[m], owners in cost order.
        plants: float[m, 5], cost, capacity, its owner's cheaper capacity, its owner's capacity at that cost, cash cost.
        conduct: float[owners].
        rules: float[4], intercept, slope, ceiling price, conduct of the merged owner.
        leads: the coalition moves first.
        events: float[E, 4], separate owners' breakpoints in the price.
        event_owner: int[E].
        ceiling_events: float[W, 4], breakpoints in the inverse slope share at the ceiling.
        ceiling_owner: int[W].
    """

    order: Integers
    owner: Integers
    plants: Floats
    conduct: Floats
    rules: Floats
    leads: bool
    events: Floats
    event_owner: Integers
    ceiling_events: Floats
    ceiling_owner: Integers

    @property
    def price_scale(self) -> float:
        """Choke price less the lowest cost, money/t: what price errors are measured against."""
        lowest = float(self.plants[0, 0]) if self.owner.size else 0.0
        gap = float(self.rules[0]) - lowest
        return gap if gap > 0.0 else max(abs(float(self.rules[0])), abs(lowest), 1.0)

    @property
    def quantity_scale(self) -> float:
        """Demand at the lowest cost, kt/year: what quantity errors are measured against."""
        return self.price_scale / float(self.rules[1])


def coalition_market(
    cost: ArrayLike,
    capacity: ArrayLike,
    owner: ArrayLike,
    *,
    owners: int,
    intercept: float,
    slope: float,
    conduct: ArrayLike = 1.0,
    merged_conduct: float = 1.0,
    ceiling: float = np.inf,
    leads: bool = False,
    cash_cost: ArrayLike | None = None,
) -> CoalitionMarket:
    """Sort plants and breakpoints: owner i's block starts at ``cost + conduct_i b before``, capacity later it is full.

    Args:
        cost: float[m], marginal cost of each plant, money/t.
        capacity: float[m], kt/year; infinity allowed.
        owner: int[m], each plant's owner, 0..owners - 1; an owner may have none.
        owners: number of owners.
        intercept: a of ``p = a - b Q``, money/t.
        slope: b, money/t per kt/year, above 0.
        conduct: float[owners] or one number; 0 price taker, 1 Cournot.
        merged_conduct: conduct of a coalition of two or more that does not lead.
        ceiling: price at which imports supply any quantity, money/t.
        leads: the coalition chooses its output first and the others respond (Stackelberg).
        cash_cost: float[m], what a tonne costs in the accounts, money/t; ``cost``, which decides output, unless given.

    Raises:
        ValueError: shapes differ, a number is not finite, or a value lies outside its range.

    Examples:
        >>> market = coalition_market([3.0, 1.0], [1.0, 1.0], [0, 1], owners=2, intercept=9.0, slope=2.0)
        >>> market.order.tolist(), market.events[:, 0].tolist()
        ([1, 0], [1.0, 3.0, 3.0, 5.0])
    """
    costs = np.ascontiguousarray(cost, dtype=np.float64)
    capacities = np.ascontiguousarray(capacity, dtype=np.float64)
    holder = np.ascontiguousarray(owner, dtype=np.int64)
    own = np.array(np.broadcast_to(np.asarray(conduct, dtype=np.float64), (owners,)))
    cash = costs if cash_cost is None else np.ascontiguousarray(cash_cost, dtype=np.float64)
    _check(costs, capacities, holder, cash, own, owners, intercept, slope, merged_conduct, ceiling)
    order = np.lexsort((holder, costs))
    costs, capacities, holder, cash = costs[order], capacities[order], holder[order], cash[order]
    endless = max((intercept - float(costs[0])) / slope, 0.0) if costs.size else 0.0
    capacities = np.where(np.isinf(capacities), endless, capacities)

    first = np.ones(costs.size, dtype=np.bool_)
    first[1:] = (costs[1:] != costs[:-1]) | (holder[1:] != holder[:-1])
    place = np.cumsum(first) - 1
    block_cost, block_owner = costs[first], holder[first]
    block = np.bincount(place, weights=capacities, minlength=block_cost.size)
    before = np.zeros(block.size)
    for i in range(owners):
        mine = block_owner == i
        before[mine] = np.cumsum(block[mine]) - block[mine]
    plants: Floats = np.stack([costs, capacities, before[place], block[place], cash], axis=1).astype(np.float64)

    takes = own[block_owner] == 0.0
    steep = np.where(takes, 1.0, own[block_owner] * slope)
    start = block_cost + np.where(takes, 0.0, steep * before)
    full = block_cost + np.where(takes, 0.0, steep * (before + block))
    rise = np.where(takes, 0.0, 1.0 / steep)
    up = np.column_stack([start, np.where(takes, block, -before), rise, block_cost * rise])
    down = np.column_stack([full, before + block, -rise, -block_cost * rise])
    events, event_owner = _interleaved(up, down, block_owner, block > 0.0, ~takes & (block > 0.0))

    gap = ceiling - block_cost
    live = ~takes & (block > 0.0) & (gap > 0.0) & np.isfinite(gap)
    safe = np.where(live, gap, 1.0)
    nothing = np.zeros(block.size)
    up = np.column_stack([before * steep / safe, -before, safe / steep, nothing])
    down = np.column_stack([(before + block) * steep / safe, before + block, -safe / steep, nothing])
    ceiling_events, ceiling_owner = _interleaved(up, down, block_owner, live, live)

    arrays = (order, holder, plants, own, events, event_owner, ceiling_events, ceiling_owner)
    rules = np.array([intercept, slope, ceiling, merged_conduct])
    for array in (*arrays, rules):
        array.flags.writeable = False
    return CoalitionMarket(
        order=order,
        owner=holder,
        plants=plants,
        conduct=own,
        rules=rules,
        leads=leads,
        events=events,
        event_owner=event_owner,
        ceiling_events=ceiling_events,
        ceiling_owner=ceiling_owner,
    )


def member_rows(masks: NDArray[np.int64], owners: int) -> Bytes:
    """Return uint8[count, owners], 1 where the owner's bit is set in the mask.

    Examples:
        >>> member_rows(np.array([0, 5]), 3).tolist()
        [[0, 0, 0], [1, 0, 1]]
    """
    little = np.ascontiguousarray(masks, dtype="<i8").reshape(-1, 1).view(np.uint8)
    return np.ascontiguousarray(np.unpackbits(little, axis=1, count=owners, bitorder="little"))


def _interleaved(
    up: Floats, down: Floats, owner: Integers, keep_up: NDArray[np.bool_], keep_down: NDArray[np.bool_]
) -> tuple[Floats, Integers]:
    """Sort start and end events by position, a block's start before its end when both fall together."""
    rows = np.stack([up, down], axis=1).reshape(-1, 4)
    kept = np.stack([keep_up, keep_down], axis=1).ravel()
    who = np.repeat(owner, 2)
    rows, who = rows[kept], who[kept]
    order = np.argsort(rows[:, 0], kind="stable")
    return np.ascontiguousarray(rows[order]), np.ascontiguousarray(who[order])


def _check(
    cost: Floats,
    capacity: Floats,
    owner: Integers,
    cash: Floats,
    conduct: Floats,
    owners: int,
    intercept: float,
    slope: float,
    merged_conduct: float,
    ceiling: float,
) -> None:
    if not (cost.ndim == capacity.ndim == owner.ndim == 1 and cost.size == capacity.size == owner.size):
        raise ValueError(
            f"found {cost.size} costs, {capacity.size} capacities and {owner.size} owners of plants; needed one each"
        )
    if cash.shape != cost.shape:
        raise ValueError(f"found {cash.size} cash costs; needed {cost.size}, one for each plant")
    if not (np.all(np.isfinite(cost)) and np.all(np.isfinite(cash))):
        raise ValueError("found a plant cost that is not a finite number; needed money/t")
    if not np.all(capacity >= 0.0):
        raise ValueError("found a capacity below 0 or not a number; needed 0 kt/year or more")
    if owner.size and (owner.min() < 0 or owner.max() >= owners):
        raise ValueError(f"found plant owner {owner.min()}..{owner.max()}; needed 0..{owners - 1}")
    if not np.all((conduct >= 0.0) & np.isfinite(conduct)) or not 0.0 <= merged_conduct < np.inf:
        raise ValueError("found a conduct below 0 or not finite; needed 0 (price taker) or more, 1 is Cournot")
    if not np.isfinite(intercept) or not 0.0 < slope < np.inf:
        raise ValueError(f"found demand p = {intercept} - {slope} Q; needed a finite intercept and a slope above 0")
    if not ceiling > -np.inf:
        raise ValueError(f"found ceiling price {ceiling}; needed a number, or infinity for none")
