"""Checks of a coalition table from plant outputs alone; nothing here is shared with the sweep that solved it."""

from __future__ import annotations

__all__ = ["largest_violation", "unilateral_gains"]

from typing import cast

import numpy as np
from numpy.typing import NDArray

from potline.numerics.coalitions.market import CoalitionMarket

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]


def largest_violation(
    market: CoalitionMarket,
    members: Bytes,
    price: Floats,
    imports: Floats | None,
    slope_share: Floats | None,
    profit: Floats,
    output: Floats,
) -> tuple[float, int]:
    """Return the largest violation of the market's conditions over coalitions, and where it is.

    With ``lambda_j = p - t conduct_i b q_i - cost_j``: ``q_j = clip(q_j + lambda_j, 0, capacity_j)``;
    ``sum q + imports = (a - p) / b``; ``p <= ceiling``, imports only there and only with t = 0; the profit of
    each owner is the margin of its plants. Prices are relative to choke price less lowest cost, quantities to
    demand at the lowest cost; what is not a number counts as infinite. A first mover's own condition is not
    here: :func:`unilateral_gains` tests it.

    Args:
        market: plants in cost order and rules.
        members: uint8[count, owners].
        price: float[count], money/t.
        imports: float[count], kt/year, or None.
        slope_share: float[count], t, or None.
        profit: float[count, owners].
        output: float[m, count], kt/year, plants in cost order.
    """
    a, b, ceiling, merged_conduct = market.rules
    unit, volume = market.price_scale, market.quantity_scale
    joined = np.ascontiguousarray(members.T).astype(np.bool_)
    size = joined.sum(axis=0)
    joined &= (size >= 1) if market.leads else (size >= 2)
    total = np.zeros((market.conduct.size, price.size))
    margin = np.zeros_like(total)
    for j, o in enumerate(market.owner):
        total[o] += output[j]
        margin[o] += (price - market.plants[j, 4]) * output[j]
    worst = np.abs(margin - profit.T).max(axis=0, initial=0.0) / (unit * volume)

    supply = total.sum(axis=0) if imports is None else total.sum(axis=0) + imports
    np.maximum(worst, np.abs(supply - (a - price) / b) / volume, out=worst)
    together = np.where(joined, total, 0.0).sum(axis=0) * (merged_conduct * b)
    net = cast("Floats", np.where(joined, together, total * (market.conduct * b)[:, None]))
    if slope_share is not None:
        net *= slope_share
    np.subtract(price, net, out=net)
    net /= unit
    step = np.empty(price.size)
    for j, o in enumerate(market.owner):
        quantity = output[j] / volume
        np.subtract(net[o], market.plants[j, 0] / unit, out=step)
        step += quantity
        np.clip(step, 0.0, market.plants[j, 1] / volume, out=step)
        step -= quantity
        np.abs(step, out=step)
        if market.leads:
            step[joined[o]] = 0.0
            np.maximum(worst, -quantity, out=worst)
            np.maximum(worst, quantity - market.plants[j, 1] / volume, out=worst)
        np.maximum(worst, step, out=worst)
    if imports is not None and slope_share is not None:
        room, bought = (ceiling - price) / unit, imports / volume
        for wrong in (
            -room,
            -bought,
            np.minimum(bought, room),
            np.minimum(bought, slope_share),
            np.minimum(1.0 - slope_share, room),
            np.abs(slope_share - 0.5) - 0.5,
        ):
            np.maximum(worst, wrong, out=worst)
    worst[np.isnan(worst)] = np.inf
    where = int(np.argmax(worst))
    return float(worst[where]), where


def unilateral_gains(market: CoalitionMarket, members: Bytes, price: Floats, imports: Floats, output: Floats) -> Floats:
    """Return float[count, owners + 1], each separate owner's and then the coalition's largest unilateral gain.

    Args:
        market: plants in cost order and rules.
        members: uint8[count, owners].
        price: float[count], money/t.
        imports: float[count], kt/year.
        output: float[m, count], kt/year, plants in cost order.
    """
    b, ceiling, merged_conduct = float(market.rules[1]), float(market.rules[2]), float(market.rules[3])
    owners, count = market.conduct.size, price.size
    joined = members.astype(np.bool_)
    size = joined.sum(axis=1)
    joined &= ((size >= 1) if market.leads else (size >= 2))[:, None]
    mover = np.where(joined, owners, np.arange(owners))
    conduct = np.append(market.conduct, merged_conduct)
    row = np.arange(count)
    quantity, earned = np.zeros((count, owners + 1)), np.zeros((count, owners + 1))
    for j, o in enumerate(market.owner):
        quantity[row, mover[:, o]] += output[j]
        earned[row, mover[:, o]] += (price - market.plants[j, 0]) * output[j]
    beta = conduct * b
    alpha = price[:, None] + beta * (quantity + imports[:, None])
    kink = np.full_like(alpha, np.inf)
    if ceiling < np.inf:
        np.divide(alpha - ceiling, beta, out=kink, where=beta > 0.0)
    best, before, spent = np.zeros_like(alpha), np.zeros_like(alpha), np.zeros_like(alpha)
    for j, o in enumerate(market.owner):
        who = mover[:, o]
        cost, capacity = float(market.plants[j, 0]), float(market.plants[j, 1])
        low, fall, top = before[row, who], beta[who], alpha[row, who]
        peak = np.full(count, np.inf)
        np.divide(top - cost, 2.0 * fall, out=peak, where=fall > 0.0)
        for x in (low + capacity, np.clip(peak, low, low + capacity), np.clip(kink[row, who], low, low + capacity)):
            value = np.minimum(ceiling, top - fall * x) * x - spent[row, who] - cost * (x - low)
            best[row, who] = np.maximum(best[row, who], value)
        before[row, who] += capacity
        spent[row, who] += cost * capacity
    gain = best - earned
    if market.leads:
        for r in range(count):
            if joined[r].any():
                gain[r, owners] = _best_lead(market, joined[r]) - earned[r, owners]
    present = np.zeros((count, owners + 1), dtype=np.bool_)
    present[:, :owners] = ~joined
    present[:, owners] = joined.any(axis=1)
    return np.where(present, gain, 0.0)


def _best_lead(market: CoalitionMarket, joined: NDArray[np.bool_]) -> float:
    """Return a first mover's largest profit, from the whole path of prices its quantity can bring about."""
    a, b, ceiling = float(market.rules[0]), float(market.rules[1]), float(market.rules[2])
    mine = joined[market.owner]
    cost, capacity = market.plants[mine, 0], market.plants[mine, 1]
    reach = np.concatenate([[0.0], np.cumsum(capacity)])
    spent = np.concatenate([[0.0], np.cumsum(cost * capacity)])
    rivals = market.plants[~mine]
    steep = b * market.conduct[market.owner[~mine]]
    corners = np.concatenate(
        [rivals[:, 0] + steep * rivals[:, 2], rivals[:, 0] + steep * (rivals[:, 2] + rivals[:, 3])]
    )
    prices = np.unique(np.concatenate([corners, [a, min(a - b * reach[-1], corners.min(initial=a))]]))
    if ceiling < np.inf:
        prices = np.append(prices[prices < ceiling], ceiling)
    gap = prices[:, None] - rivals[:, 0]
    part = rivals[:, 1] / np.where(rivals[:, 3] > 0.0, rivals[:, 3], 1.0)
    smooth = np.clip(gap / np.where(steep > 0.0, steep, 1.0) - rivals[:, 2], 0.0, rivals[:, 3]) * part
    left = np.where(steep > 0.0, smooth, np.where(gap > 0.0, rivals[:, 1], 0.0)).sum(axis=1)
    right = np.where(steep > 0.0, smooth, np.where(gap >= 0.0, rivals[:, 1], 0.0)).sum(axis=1)
    p = np.repeat(prices, 2)
    x = np.repeat((a - prices) / b, 2)
    x[0::2] -= left
    x[1::2] -= right
    if ceiling < np.inf:
        p, x = np.append(p, ceiling), np.append(x, min(0.0, x[-1]))
    x = np.minimum.accumulate(x)
    best = 0.0
    for k in range(p.size - 1):
        high, low = x[k], x[k + 1]
        inner = reach[(reach > low) & (reach < high)]
        cuts = np.concatenate([[high], inner[::-1], [low]])
        share = (high - cuts) / (high - low) if high > low else np.array([0.0, 1.0])
        at = p[k] + share * (p[k + 1] - p[k])
        keep = (cuts >= 0.0) & (cuts <= reach[-1] * (1.0 + 1e-15))
        cuts, at = cuts[keep], at[keep]
        if not cuts.size:
            continue
        value = at * cuts - np.interp(cuts, reach, spent)
        best = max(best, float(value.max()))
        if cuts.size > 1:
            half_x, half_p = 0.5 * (cuts[1:] + cuts[:-1]), 0.5 * (at[1:] + at[:-1])
            half = half_p * half_x - np.interp(half_x, reach, spent)
            bend = value[1:] + value[:-1] - 2.0 * half
            lean = value[1:] - value[:-1]
            peak = np.where(bend < 0.0, 0.5 - lean / np.where(bend < 0.0, 4.0 * bend, 1.0), 0.5)
            peak = np.clip(peak, 0.0, 1.0)
            top_x, top_p = cuts[:-1] + peak * np.diff(cuts), at[:-1] + peak * np.diff(at)
            best = max(best, float((top_p * top_x - np.interp(top_x, reach, spent)).max()))
    return best
