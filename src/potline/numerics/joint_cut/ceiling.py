r"""A tonnage above which no coalition holds a deal, proven for all coalitions of a large meeting at once.

Boxes as in :mod:`potline.numerics.joint_cut.bounds`, with the tonnage asked for as one more interval: of all tonnages
in it and all coalitions in the box the bound says how much each member's test can be at most. A box holds nothing where

    voluntary, all or none   those whose test can be 0 or more cannot reach the tonnage, or are fewer than two
    transfers                no choice of members that reaches the tonnage has tests that can sum to 0

Where those who stay share the same tonnage, one owner who stays is no deal: pairs are bounded apart, by that. A box of
which that cannot be said is cut in two where it is widest, the one with the highest tonnage first, so that at
any time nothing holds above the highest tonnage that is left. What a member gets that leaves is bounded from below by
what it is sure of: nothing where those who stay choose anew or the deal ends.
"""

from __future__ import annotations

__all__ = ["ceiling"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.bounds import Bounds, Boxes, bound
from potline.numerics.joint_cut.games import EFFICIENT, PRO_RATA, Games, games_of
from potline.numerics.joint_cut.rise import P0, Q0
from potline.numerics.joint_cut.rows import Rows
from potline.numerics.joint_cut.sweep import COLLAPSE, REOPTIMISE, RESPREAD

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

VOLUNTARY, TRANSFERS, ALL_OR_NONE = range(3)
AT_ONCE = 256
BUDGET = 60_000
NARROW = 1e-4
NOTHING = 1e-6  # of what those present run: less is no deal
PAIRS = -2
SLACK = 2e-9  # of revenue: a test as near to 0 counts as one that holds


def ceiling(
    read: Rows,
    belief: int,
    institution: int,
    *,
    floor_kt: float = 0.0,
    budget: int = BUDGET,
    narrow: float = NARROW,
) -> tuple[float, int]:
    """Return a tonnage above which no coalition of one meeting holds, and how many boxes were bounded.

    Args:
        read: one draw, from :func:`potline.numerics.joint_cut.rows.rows_of`; at most 62 owners. Its least cut is not
            read.
        belief: what those who stay do; ``reoptimise`` is bounded as ``collapse``.
        institution: voluntary, transfers, all or none.
        floor_kt: a tonnage that holds; nothing below it is looked at.
        budget: boxes.
        narrow: a box this narrow, relative to its upper ends, is not cut any further.

    Examples:
        Three owners of 100 kt, slope 0.1 a kt, and 5 lost on each tonne: at most 200 kt hold in pairs, 250 in all.

        >>> from potline.numerics.joint_cut.arrange import CutMarket, CutPlants, arrange
        >>> from potline.numerics.joint_cut.rows import rows_of
        >>> one, three = np.ones(1), np.ones((1, 3))
        >>> market = CutMarket(price_per_t=100 * one, quantity_kt=1000 * one, elasticity=one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * three, idle_kt=0 * three, loss_part_per_t=5 * three,
        ...     loss_whole_per_t=5 * three, stop_price_per_t=three, restart_price_per_t=three, relief_use=0 * three,
        ...     line_kt=np.zeros(3), owner=np.arange(3))
        >>> rows = rows_of(arrange(market, plants, 3), np.arange(3), one)
        >>> round(ceiling(rows, COLLAPSE, VOLUNTARY)[0])
        250
    """
    way = COLLAPSE if belief == REOPTIMISE or institution == ALL_OR_NONE else belief
    games, limits = games_of(read), (budget, narrow)
    if way != RESPREAD:
        return _searched(games, way, institution, 2, floor_kt, limits)
    pairs = _searched(games, COLLAPSE, institution, PAIRS, floor_kt, limits)
    more = _searched(games, way, institution, 3, pairs[0], limits)
    return more[0], pairs[1] + more[1]


def _searched(
    games: Games, way: int, institution: int, members: int, floor_kt: float, limits: tuple[int, float]
) -> tuple[float, int]:
    """Cut boxes until all that are left are narrow, or the budget is spent; ``members`` are the least there are."""
    budget, narrow = limits
    scale = 1e-3 * float(games.market[0, P0] * games.market[0, Q0])
    open_, spent = _left(games, _whole(games, way, institution), institution, members, scale), 1
    settled = max(floor_kt, NOTHING * float(games.running[0].sum()))
    open_ = _above(open_, settled)
    while open_.game.size and spent < budget:
        top = open_.least[:, 1]
        order = np.argsort(-top, kind="stable")[:AT_ONCE]
        chosen = np.zeros(top.size, dtype=np.bool_)
        chosen[order] = True
        parents, rest = open_.rows(chosen), open_.rows(~chosen)
        width = _widths(games, parents)
        fine: Flags = np.all(width <= narrow, axis=1)
        settled = max(settled, float(parents.least[fine, 1].max(initial=0.0)))
        halves = _halves(parents.rows(~fine), width[~fine])
        spent += halves.game.size
        open_ = Boxes.joined([rest, _left(games, halves, institution, members, scale)])
        open_ = _above(open_, settled)
    return max(settled, float(open_.least[:, 1].max(initial=0.0))), spent


def _above(boxes: Boxes, settled: float) -> Boxes:
    higher: Flags = np.greater(boxes.least[:, 1], settled)
    return boxes.rows(higher)


def _whole(games: Games, way: int, institution: int) -> Boxes:
    """Return the box of all tonnages and coalitions."""
    running = games.running[0]
    total, n = float(running.sum()), running.size
    quiet = games.quiet[:1]
    inside = ~quiet if institution == ALL_OR_NONE else np.zeros((1, n), dtype=np.bool_)
    low = total if institution == ALL_OR_NONE else 0.0
    ends = [low, total] if games.rule == PRO_RATA else [0.0, float(games.head.shape[1])]
    return Boxes(
        game=np.zeros(1, dtype=np.int64),
        way=np.array([way], dtype=np.int64),
        ends=np.array([ends if games.rule in (PRO_RATA, EFFICIENT) else [0.0, 0.0]]),
        least=np.array([[0.0, total]]),
        fall=np.array([[0.0, 1e3 * float(games.market[0, Q0])]]),
        inside=inside,
        outside=quiet.copy(),
    )


def _left(games: Games, boxes: Boxes, institution: int, members: int, scale: float) -> Boxes:
    """Return the boxes of which it cannot be said that nothing holds, narrowed."""
    if games.rule == PRO_RATA:  # members run at least what they idle together
        boxes.ends[:, 0] = np.maximum(boxes.ends[:, 0], boxes.least[:, 0])
        boxes = boxes.rows(boxes.ends[:, 1] >= boxes.ends[:, 0])
    if boxes.game.size == 0:
        return boxes
    found = bound(games, boxes)
    boxes.fall[:] = found.fall
    test = found.test_m + SLACK * scale
    may = ~boxes.outside
    if institution == TRANSFERS:
        return boxes.rows(~found.empty & (_summed(found, test, may) if members != PAIRS else _paired(found, test, may)))
    if institution == ALL_OR_NONE:
        return boxes.rows(~found.empty & ~(boxes.inside & (test < 0.0)).any(axis=1))
    boxes.outside |= test < 0.0
    able = ~boxes.outside
    weight = np.where(able, found.weight[:, :, 1], 0.0)
    reach = weight.sum(axis=1) if members != PAIRS else _two(weight)
    return boxes.rows(~found.empty & (reach >= found.needed[:, 0]) & (able.sum(axis=1) >= abs(members)))


def _two(values: Floats) -> Floats:
    """Return the sum of the two largest in each row."""
    return np.sort(values, axis=1)[:, -2:].sum(axis=1)


def _paired(found: Bounds, test: Floats, may: Flags) -> Flags:
    """Return where two members may reach the tonnage and have tests that sum to 0."""
    reach = _two(np.where(may, found.weight[:, :, 1], 0.0)) >= found.needed[:, 0]
    return reach & (_two(np.where(may, test, -np.inf)) >= 0.0)


def _summed(found: Bounds, test: Floats, may: Flags) -> Flags:
    """Return where members that reach the tonnage may have tests that sum to 0: the best first, then the cheapest."""
    weight, needed = found.weight[:, :, 1], found.needed[:, 0]
    good = may & (test >= 0.0)
    gained, reach = np.where(good, test, 0.0).sum(axis=1), np.where(good, weight, 0.0).sum(axis=1)
    bad = may & (test < 0.0) & (weight > 0.0)
    price = np.where(bad, -test / np.where(weight > 0.0, weight, 1.0), np.inf)
    order = np.argsort(price, axis=1, kind="stable")
    kt = np.take_along_axis(np.where(bad, weight, 0.0), order, axis=1)
    dear = np.take_along_axis(np.where(bad, price, 0.0), order, axis=1)
    before = np.cumsum(kt, axis=1) - kt
    taken = np.clip((needed - reach)[:, None] - before, 0.0, kt)
    paid = (taken * dear).sum(axis=1)
    return (reach + kt.sum(axis=1) >= needed) & (gained >= paid)


def _widths(games: Games, boxes: Boxes) -> Floats:
    """Return how wide boxes are in tonnage, the rule's number and the fall, relative to their upper ends, [N, 3]."""
    tiny = 1e-9 * float(games.running[0].sum())
    sides = [boxes.least, boxes.ends, boxes.fall]
    found = [(side[:, 1] - side[:, 0]) / np.maximum(side[:, 1], tiny) for side in sides]
    if games.rule == EFFICIENT:
        found[1] = (boxes.ends[:, 1] - boxes.ends[:, 0]) / games.head.shape[1]
    return np.stack(found, axis=1)


def _halves(parents: Boxes, width: Floats) -> Boxes:
    """Cut boxes in two where they are widest."""
    if parents.game.size == 0:
        return parents
    low, high = parents.rows(np.arange(parents.game.size)), parents.rows(np.arange(parents.game.size))
    side = np.argmax(width, axis=1)
    for k, name in enumerate(("least", "ends", "fall")):
        mine = side == k
        ends = getattr(parents, name)
        middle = 0.5 * (ends[mine, 0] + ends[mine, 1])
        getattr(low, name)[mine, 1] = middle
        getattr(high, name)[mine, 0] = middle
    return Boxes.joined([low, high])
