"""Arrange the arrays of :mod:`potline.numerics.joint_cut.deals` as the compiled sweep reads them.

Sorting and root finding that no coalition changes are done here once, over the whole draw axis with NumPy: the
order in which an owner idles its plants, and the net fall of output at which each idle line restarts.
"""

from __future__ import annotations

__all__ = ["Arrangement", "CutMarket", "CutPlants", "arrange", "relief_at", "restart_lines"]

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.rise import KINK_FALL, Q0, SHAPE, SPREAD, fall_at, growth_at, rise_at, rise_rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_AT_ONCE = 2**17  # lines times draws times edges held in memory together
_NEWTON = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutMarket:
    """The market in which a cut is made, one row a draw.

    Attributes:
        price_per_t, quantity_kt, elasticity: the point demand runs through, shape (draws,).
        isoelastic: demand of constant elasticity; else linear.
        ceiling_per_t: import parity, ``inf`` for none, shape (draws,): imports begin there.
        import_slope: kt/year of imports for each unit of money per t above it, ``inf`` for any quantity at parity.
        headroom_spread_per_t: standard deviation of the headroom to parity over the term; linear demand only.
        annuity: present value of 1 a year over the term, shape (draws,).
        relief_output_fall_kt, relief_per_t: fall of the shared input's price (money per unit) against the fall of
            output, both non-decreasing and from 0; two equal falls are a step; shape (draws, points), maybe no point.
    """

    price_per_t: Floats
    quantity_kt: Floats
    elasticity: Floats
    isoelastic: bool = False
    ceiling_per_t: Floats
    import_slope: Floats = field(default_factory=lambda: np.array([np.inf]))
    headroom_spread_per_t: Floats = field(default_factory=lambda: np.array([0.0]))
    annuity: Floats
    relief_output_fall_kt: Floats
    relief_per_t: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutPlants:
    """The plants, one row a draw, one column a plant.

    Attributes:
        running_kt, idle_kt: state, shape (draws, plants).
        loss_part_per_t: loss over the term per t idled while the plant goes on running.
        loss_whole_per_t: the same per t of the whole plant once all of it is idled (a lump sum is lost with it).
        stop_price_per_t: an owner idles the plants with the highest one first.
        restart_price_per_t: price at which idle capacity comes back.
        relief_use: units of the shared input bought per t.
        line_kt: size of a line, 0 where any amount can be idled, shape (plants,).
        owner: owner of each plant, shape (plants,).
    """

    running_kt: Floats
    idle_kt: Floats
    loss_part_per_t: Floats
    loss_whole_per_t: Floats
    stop_price_per_t: Floats
    restart_price_per_t: Floats
    relief_use: Floats
    line_kt: Floats
    owner: Integers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrangement:
    """The rows of :mod:`potline.numerics.joint_cut.sweep` for all owners, and where they came from.

    Attributes:
        market, relief, lines, pieces: as the sweep reads them.
        first: first piece of each owner.
        line_owner: owner of each idle line, shape (draws, lines).
        piece_plant: plant of each piece (draws, pieces).
    """

    market: Floats
    relief: Floats
    lines: Floats
    line_owner: Integers
    pieces: Floats
    piece_plant: Integers
    first: Integers

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.market.shape[0]


def arrange(market: CutMarket, plants: CutPlants, owners: int) -> Arrangement:
    """Sort plants and idle lines, and find the fall of output at which each idle line restarts.

    Args:
        market, plants: one row a draw.
        owners: number of owners.

    Returns:
        the rows the compiled sweep reads.
    """
    rows = rise_rows(
        price_per_t=market.price_per_t,
        quantity_kt=market.quantity_kt,
        elasticity=market.elasticity,
        isoelastic=market.isoelastic,
        headroom_per_t=market.ceiling_per_t - market.price_per_t,
        headroom_spread_per_t=market.headroom_spread_per_t,
        import_slope=market.import_slope,
        annuity=market.annuity,
    )
    relief = np.ascontiguousarray(np.stack([market.relief_output_fall_kt, market.relief_per_t], axis=2))
    lines, line_owner = restart_lines(rows, relief, plants)
    pieces, piece_plant, first = _pieces(plants, owners)
    return Arrangement(
        market=rows,
        relief=relief,
        lines=lines,
        line_owner=line_owner,
        pieces=pieces,
        piece_plant=piece_plant,
        first=first,
    )


def _pieces(plants: CutPlants, owners: int) -> tuple[Floats, Integers, Integers]:
    by_price = np.argsort(-plants.stop_price_per_t, axis=1, kind="stable")
    by_owner = np.argsort(plants.owner[by_price], axis=1, kind="stable")
    order = np.take_along_axis(by_price, by_owner, axis=1)
    jump = plants.running_kt * (plants.loss_whole_per_t - plants.loss_part_per_t)
    line_size = np.broadcast_to(plants.line_kt, plants.running_kt.shape)
    columns = (plants.running_kt, plants.loss_part_per_t, jump, plants.relief_use, line_size)
    pieces = np.stack([np.take_along_axis(column, order, axis=1) for column in columns], axis=2)
    first = np.concatenate([[0], np.cumsum(np.bincount(plants.owner, minlength=owners))]).astype(np.int64)
    return np.ascontiguousarray(pieces), order.astype(np.int64), first


def restart_lines(rows: Floats, relief: Floats, plants: CutPlants) -> tuple[Floats, Integers]:
    """Return the idle lines in the order in which they restart, (draws, lines, 3), and whose they are.

    Args:
        rows: of the market, (draws, columns).
        relief: (draws, points, 2).
        plants: as many draws, or one for all.
    """
    idle = np.flatnonzero((plants.idle_kt > 0.0).any(axis=0))
    need = np.maximum(plants.restart_price_per_t[:, idle] - rows[:, :1], 0.0)
    use, kt = (np.broadcast_to(values[:, idle], need.shape) for values in (plants.relief_use, plants.idle_kt))
    at, cheaper = _restart_points(rows, relief, need, use)
    order = np.lexsort((cheaper, at), axis=1)
    lines = np.stack([at, kt, cheaper], axis=2)
    owner = np.broadcast_to(plants.owner[idle], at.shape)
    return (
        np.ascontiguousarray(np.take_along_axis(lines, order[:, :, None], axis=1)),
        np.ascontiguousarray(np.take_along_axis(owner, order, axis=1)).astype(np.int64),
    )


def _restart_points(rows: Floats, relief: Floats, need: Floats, use: Floats) -> tuple[Floats, Floats]:
    """Solve ``u(q) + use F(q) = need`` for the least q, and return F there.

    Shapes: rows (draws, columns), relief (draws, points, 2), need and use (draws, lines). ``inf`` where never reached.
    """
    draws, points = relief.shape[:2]
    last = rows[:, Q0] * (1.0 - 1e-9)
    edge = np.concatenate([relief[:, :, 0], np.minimum(rows[:, KINK_FALL], last)[:, None], last[:, None]], axis=1)
    edge = np.sort(np.minimum(edge, last[:, None]), axis=1)
    edge = np.concatenate([np.zeros((draws, 1)), edge], axis=1)
    rise = rise_at(rows, edge)
    before, after = (relief_at(relief, edge, upper=upper) for upper in (False, True))
    before[:, 0] = 0.0
    result = np.full(need.shape, np.inf)
    cheaper = np.full(need.shape, relief[:, -1:, 1] if points else 0.0)
    at_once = max(1, _AT_ONCE // max(draws * edge.shape[1], 1))
    for first in range(0, need.shape[1], at_once):
        some = slice(first, first + at_once)
        found, relieved = _on_stretch(rows, edge, rise, before, after, need[:, some], use[:, some])
        result[:, some] = found
        cheaper[:, some] = np.where(np.isinf(found), cheaper[:, some], relieved)
    return result, cheaper


def _on_stretch(
    rows: Floats, edge: Floats, rise: Floats, before: Floats, after: Floats, need: Floats, use: Floats
) -> tuple[Floats, Floats]:
    """Return q and F of some lines, ``inf`` and any F where the rise needed is never reached.

    Shapes: edge, rise, before and after (draws, edges); need and use (draws, lines).
    """
    reached = rise[:, None, :] + use[:, :, None] * after[:, None, :] >= need[:, :, None]
    hit = reached.any(axis=2) & np.isfinite(need)  # where nothing holds the price, it has no limit either
    g = np.argmax(reached, axis=2)
    h = np.maximum(g - 1, 0)
    row = np.arange(rows.shape[0], dtype=np.int64)[:, None]
    rise_g, edge_g, before_g, edge_h, after_h = rise[row, g], edge[row, g], before[row, g], edge[row, h], after[row, h]
    on_step = (rise_g + use * before_g <= need) | (g == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = (need - rise_g) / use
    at_step = np.clip(np.where(use > 0.0, level, before_g), before_g, after[row, g])
    q = _between(rows, edge_h, edge_g, after_h, before_g, use, np.where(hit, need, 0.0))
    width = edge_g - edge_h
    part = np.where(width > 0.0, (q - edge_h) / np.where(width > 0.0, width, 1.0), 0.0)
    inside = after_h + part * (before_g - after_h)
    return np.where(hit, np.where(on_step, edge_g, q), np.inf), np.where(on_step, at_step, inside)


def _between(
    rows: Floats, low: Floats, high: Floats, relief_low: Floats, relief_high: Floats, use: Floats, need: Floats
) -> Floats:
    """Solve ``u(q) + use F(q) = need`` on a stretch where F is linear and no kink lies inside.

    Newton from where u alone would meet the need: with F at the end of the stretch where the headroom has a spread
    (u is concave: from below it climbs to the root), without F else (from above it descends, at once for a line).
    Shapes: rows (draws, columns), the others (draws, lines).
    """
    gradient = use * (relief_high - relief_low) / np.where(high > low, high - low, 1.0)
    middle, smooth = 0.5 * (low + high), rows[:, SPREAD, None] > 0.0
    q = np.clip(fall_at(rows, need - np.where(smooth, use * relief_high, 0.0)), low, high)
    turns = np.where(smooth | (rows[:, SHAPE, None] != 0.0), _NEWTON, 2)
    for turn in range(int(turns.max(initial=0))):
        slope = growth_at(rows, q, middle) + gradient
        gap = rise_at(rows, q) + use * relief_low + gradient * (q - low) - need
        step = np.where(slope > 0.0, gap / np.where(slope > 0.0, slope, 1.0), 0.0)
        new = np.where(turn < turns, np.clip(q - step, low, high), q)
        if np.array_equal(new, q):
            break
        q = new
    return q


def relief_at(relief: Floats, fall: Floats, *, upper: bool) -> Floats:
    """Return F at falls of output, (draws,) or (draws, several); at a step its lower or its upper value."""
    points = relief.shape[1]
    if points == 0 or fall.size == 0:
        return np.zeros(fall.shape)
    several = fall.reshape(fall.shape[0], -1)
    x, y = relief[:, :, 0], relief[:, :, 1]
    close = 1e-11 * np.abs(x)
    count = np.empty(several.shape, np.int64)
    at_once = max(1, _AT_ONCE // max(fall.shape[0] * points, 1))
    for first in range(0, several.shape[1], at_once):
        at = several[:, first : first + at_once, None]
        below = x[:, None] <= at + close[:, None] if upper else x[:, None] < at - close[:, None]
        count[:, first : first + at_once] = below.sum(axis=2)
    row = np.arange(fall.shape[0], dtype=np.int64)[:, None]
    left, right = np.clip(count - 1, 0, points - 1), np.clip(count, 0, points - 1)
    width = x[row, right] - x[row, left]
    part = np.where(width > 0.0, (several - x[row, left]) / np.where(width > 0.0, width, 1.0), 1.0)
    return (y[row, left] + np.clip(part, 0.0, 1.0) * (y[row, right] - y[row, left])).reshape(fall.shape)
