"""Every market-clearing point of a game without a leader.

Trade cuts the demand that domestic sellers face into sloped pieces (between two world prices) and flat ones (at a
world price, while imports or exports give way). On a sloped piece owners see ``|P'(D(p))|``; on a flat one they see
none and act as price takers. Where a flat piece ends above a sloped one (the end of an import tranche, read from
scarcity to plenty) any slope between 0 and ``b`` supports the corner: all owners then see the same share ``t`` of
``b``, the one that makes imports just vanish. Imports that rise by m a unit of price flatten demand above the price
they begin at, ``|P'| = b / (1 + b m)``, and the corner there is supported by a slope between that and ``b``. Each piece
holds at most one point.
"""

from __future__ import annotations

__all__ = ["Point", "clearing_points", "has_convex_kink", "supply_range"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.game import Game, NoAnswer
from potline.numerics.market.smooth import (
    CLEARED,
    NO_LOWER_PRICE,
    NO_UPPER_PRICE,
    clear_blocks,
    owner_outputs,
    supply_at,
)
from potline.numerics.market.sweep import allocate, clear_steps, step_outputs

Floats = NDArray[np.float64]

_LAST_DIGITS = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Point:
    """A price at which the market clears, with what supports it.

    Attributes:
        price: money/t.
        slope: what owners see of ``|P'|``, money/t per kt.
        marginal: marginal revenue of each unit less the multiplier, money/t.
        output: kt of each block.
        trade: net imports, kt.
        multiplier: of the joint cap, money/t.
        corner: whether an inner slope share supports it.
    """

    price: float
    slope: float
    marginal: Floats
    output: Floats
    trade: float
    multiplier: float
    corner: bool = False


def clearing_points(game: Game) -> list[Point]:
    """Return the clearing point of each piece of demand, highest price first.

    With a concave residual demand (at most a ceiling) or price takers only, there is exactly one. With finite import
    tranches or an export floor these are candidates: each satisfies every owner's conditions on its own piece, and
    whether it is an equilibrium is for the unilateral gains to say.

    Raises:
        NoAnswer: the price would have no upper bound.
    """
    # A price that two pieces share is on neither by its last digits.
    return _points(game, 0.0) or _points(game, _LAST_DIGITS)


def _points(game: Game, slack: float) -> list[Point]:
    """Return the points of pieces whose ends reach further by a share of demand."""
    points: list[Point] = []
    count = game.tranche_price.size
    imported = np.concatenate(([0.0], np.cumsum(game.tranche_kt)))
    single = not has_convex_kink(game) or not np.any(game.theta > 0.0)
    if game.rise > 0.0:
        found = _above_rise(game, slack)
        if found is not None:
            points.append(found)
    for k in range(count, -1, -1):
        if single and points:
            break
        # Sloped piece above tranche k - 1 (or the floor) and below tranche k.
        if math.isfinite(imported[k]):
            low = game.tranche_price[k - 1] if k > 0 else game.floor
            high = game.tranche_price[k] if k < count else game.rise_from
            found = _on_slope(game, float(imported[k]), float(low), float(high))
            if found is not None:
                points.append(found)
        if k > 0:
            flat = _on_flat(game, float(game.tranche_price[k - 1]), imported[k - 1], imported[k], slack)
            if flat is not None:
                points.append(flat)
    if math.isfinite(game.floor) and not (single and points):
        found = _on_flat(game, game.floor, -math.inf, 0.0, slack)
        if found is not None:
            points.append(found)
    return points[:1] if single else points


def has_convex_kink(game: Game) -> bool:
    """Whether trade makes the residual demand convex somewhere: a finite tranche, or an export floor."""
    return bool(np.any(np.isfinite(game.tranche_kt))) or math.isfinite(game.floor)


def supply_range(game: Game, price: float, slope: float) -> tuple[float, float]:
    """Return the least and most that all units sell together at a price and a slope, under the cap, kt."""
    low, high, _ = supply_at(price, slope, 0.0, game.cap, game.limited, game.theta, *_blocks(game))
    return low, high


def _blocks(game: Game) -> tuple[NDArray[np.int64], Floats, Floats, Floats, Floats]:
    return game.start, game.cost, game.capacity, game.scale, game.exponent


def _above_rise(game: Game, slack: float) -> Point | None:
    """Find the point at or above the price from which imports rise."""
    least = game.rise_from
    flat, steep = game.slope_at(least, rising=True), game.slope_at(least)
    total = game.demand_at(least) - game.outside
    digits = slack * (abs(game.demand_at(least)) + game.outside)
    if supply_range(game, least, flat)[0] < total - digits:
        return _on_slope(game, 0.0, least, math.inf, rising=True)
    if total < 0.0 or supply_range(game, least, steep)[0] > total + digits:
        return None
    share = _slope_share(game, least, steep, total)
    return _point(game, least, max(flat, share * steep), total, 0.0, corner=True)


def _on_slope(game: Game, imports: float, low: float, high: float, rising: bool = False) -> Point | None:
    shift, rise = imports + game.outside, game.rise if rising else 0.0
    slope = math.nan if game.isoelastic else game.slope_at(low, rising)
    first, second = game.first, game.second
    if rising and not game.isoelastic:
        first, second = first + rise * low, second + rise
    if not game.isoelastic and math.isinf(game.cap) and not np.any(game.scale > 0.0):
        price, _, _ = clear_steps(first - shift, second, slope, game.theta, game.start, game.cost, game.capacity)
        if price > high:
            return None
    else:
        takers = (game.theta[game.unit] == 0.0) & (game.scale == 0.0)
        jumps = np.sort(game.cost[takers & ((game.cost > 0.0) | (not game.isoelastic))])
        lowest = float(game.cost.min()) if game.cost.size else math.inf
        if rising:
            jumps, lowest = jumps[jumps > low], low
        if not game.cost.size and game.isoelastic and not rising:
            if shift <= 0.0:
                raise _unbounded(game)
            price = float((game.first / shift) ** (1.0 / game.second))
            status = CLEARED if price <= high else NO_LOWER_PRICE
        else:
            status, price = clear_blocks(
                game.isoelastic,
                first,
                second,
                shift,
                rise,
                low,
                0.0 if game.isoelastic else slope,
                lowest,
                high,
                jumps,
                game.cap,
                game.limited,
                game.theta,
                *_blocks(game),
            )
        if status == NO_UPPER_PRICE:
            raise _unbounded(game)
        if status == NO_LOWER_PRICE and math.isinf(low):
            raise NoAnswer(
                "Supply at no cost exceeds isoelastic demand at every positive price. Give the plants a positive "
                "cost or a capacity, or use linear demand."
            )
        if status != CLEARED:
            return None
    if price < low or (price == low and math.isfinite(game.floor) and low == game.floor):
        return None
    come = rise * (price - low) if rising else 0.0
    total = game.demand_at(price) - shift - come
    return _point(game, price, game.slope_at(price, rising), total, imports + come)


def _on_flat(game: Game, price: float, least: float, most: float, slack: float) -> Point | None:
    """Find the point at a world price, with net imports between ``least`` and ``most``."""
    demand = game.demand_at(price) - game.outside
    low, high = supply_range(game, price, 0.0)
    digits = slack * (abs(demand) + game.outside) if slack else 0.0
    # Trade is as small as clears the market: plants at just this cost run before imports and stop before exports.
    if low <= demand - least + digits and high >= demand - most - digits:
        total = min(high, demand - least) if least >= 0.0 else max(low, demand)
        total = min(max(low, total), high) if digits else total
        return _point(game, price, 0.0, max(0.0, total), demand - total)
    if least < 0.0 or low < demand - least:
        return None
    slope, total = game.slope_at(price), demand - least
    if total < 0.0 or supply_range(game, price, slope)[0] > total:
        return None
    share = _slope_share(game, price, slope, total)
    return _point(game, price, share * slope, total, least, corner=True)


def _slope_share(game: Game, price: float, slope: float, total: float) -> float:
    """Return the share of the slope at which supply at the price is ``total``: a root in its inverse."""

    def gap(inverse: float) -> float:
        return supply_range(game, price, slope / inverse)[0] - total

    low, high = 1.0, 2.0
    gap_low, gap_high = gap(low), gap(high)
    while gap_high < 0.0 and high < 1e15:
        low, gap_low = high, gap_high
        high *= 2.0
        gap_high = gap(high)
    side = 0
    for _ in range(200):
        if gap_high - gap_low == 0.0 or high - low <= 4e-16 * high:
            break
        middle = low - gap_low * (high - low) / (gap_high - gap_low)
        if not low < middle < high:
            middle = 0.5 * (low + high)
        value = gap(middle)
        if value == 0.0:
            return 1.0 / middle
        if value < 0.0:
            low, gap_low = middle, value
            gap_high = 0.5 * gap_high if side == -1 else gap_high
            side = -1
        else:
            high, gap_high = middle, value
            gap_low = 0.5 * gap_low if side == 1 else gap_low
            side = 1
    return 1.0 / high if abs(gap(high)) < abs(gap(low)) else 1.0 / low


def _point(game: Game, price: float, slope: float, total: float, trade: float, corner: bool = False) -> Point:
    """Say who sells what, given the price, the slope seen and what all sell together."""
    count = game.theta.size
    steep = game.theta * slope
    marginal, low, high, growth = _outputs(game, np.full(count, price), steep)
    held, multiplier = game.limited, 0.0
    output = low.copy()
    if low[held].sum() > game.cap * (1.0 + 1e-14):
        level = _level_of_cap(game, slope)
        inner = _outputs(game, np.full(count, level), steep)
        marginal[held], low[held], high[held] = inner[0][held], inner[1][held], inner[2][held]
        multiplier = max(0.0, price - level)
        growth[held] = inner[3][held]
        output[held] = _shared(game.cap, low[held], high[held], growth[held], steep[held], price)
        output[~held] = _shared(total - game.cap, low[~held], high[~held], growth[~held], steep[~held], price)
    else:
        output = _shared(total, low, high, growth, steep, price)
        if np.any(held) and output[held].sum() > game.cap:
            output[held] = _shared(game.cap, low[held], high[held], growth[held], steep[held], price)
            output[~held] = _shared(total - game.cap, low[~held], high[~held], growth[~held], steep[~held], price)
    blocks = allocate(marginal, output, *_blocks(game))
    return Point(
        price=price,
        slope=slope,
        marginal=marginal,
        output=blocks,
        trade=trade,
        multiplier=multiplier,
        corner=corner,
    )


def _outputs(game: Game, price: Floats, steep: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    if np.any(game.scale > 0.0):
        return owner_outputs(price, 1.0, steep, *_blocks(game))
    return step_outputs(price, steep, game.start, game.cost, game.capacity)


def _shared(total: float, low: Floats, high: Floats, growth: Floats, steep: Floats, price: float) -> Floats:
    """Share what is left among units on a step, by the size of the step (equally, where it is unlimited).

    Where nobody is, only rounding is left: units inside a step take it, the flattest most. One that nearly takes the
    price sells ``(price - cost) / steep``, so the rounding of the price is as large as ``price / steep``.
    """
    room = high - low
    left = total - float(low.sum())
    if np.any(room > 0.0):
        weight = np.where(np.isinf(room), 1.0, 0.0) if np.any(np.isinf(room)) else room
        return low + np.minimum(room, max(0.0, left) * (weight / weight.sum()))
    inside = np.isinf(growth) & (steep > 0.0)
    if not np.any(inside):
        return low
    weight = np.where(inside, 1.0 / np.where(inside, steep, 1.0), 0.0)
    if abs(left) > 1e-6 * max(abs(total), 1e-300) + 1e-14 * abs(price) * float(weight.sum()):
        return low
    return np.maximum(0.0, low + left * (weight / weight.sum()))


def _level_of_cap(game: Game, slope: float) -> float:
    """Return price less multiplier: the level at which the capped units sell just the cap."""
    if game.cap == 0.0:
        return float(game.cost[game.limited[game.unit]].min())
    mask = game.limited[game.unit]
    start = np.concatenate(([0], np.cumsum(np.where(game.limited, np.diff(game.start), 0)))).astype(np.int64)
    cost, capacity = game.cost[mask], game.capacity[mask]
    scale, exponent = game.scale[mask], game.exponent[mask]
    jumping = ((game.theta[game.unit] * slope == 0.0) & (game.scale == 0.0))[mask]
    _, level = clear_blocks(
        False,
        game.cap,
        0.0,
        0.0,
        0.0,
        0.0,
        slope,
        float(cost.min()),
        math.inf,
        np.sort(cost[jumping]),
        math.inf,
        game.limited,
        game.theta,
        start,
        cost,
        capacity,
        scale,
        exponent,
    )
    return level


def _unbounded(game: Game) -> NoAnswer:
    strategic = ", ".join(repr(game.units[int(i)]) for i in np.flatnonzero(game.theta > 0.0)[:4]) or "nobody"
    return NoAnswer(
        f"Isoelastic demand with elasticity {game.second:g} has no finite optimum here: sellers who hold back "
        f"({strategic}) would each raise the price until their share of sales falls to elasticity / theta, but those "
        "shares together do not reach 1. Add an import ceiling, price takers, or more sellers, or use linear demand."
    )
