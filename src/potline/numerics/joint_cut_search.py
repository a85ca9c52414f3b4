r"""Search all coalitions of a large meeting for the best one, with a proven bound on what was missed.

Branch and bound over boxes of coalitions (:mod:`potline.numerics.joint_cut_bounds`). In a box the coalition that would
attain the bound is evaluated exactly by the sweep; a box that cannot beat the best found is dropped, any other is cut
in two: along the number that fixes members' cuts, along the net fall of output, or into coalitions with and without
one owner, whichever the bound hangs on most. Pairs and the coalition of all are evaluated one by one, so a box speaks
of three owners or more. What is still open when the budget is spent gives the bound.
"""

from __future__ import annotations

__all__ = ["GOALS", "Found", "search"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut import listed
from potline.numerics.joint_cut_bounds import Boxes, Games, bound, games_of
from potline.numerics.joint_cut_rows import Rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

VOLUNTARY, TRANSFERS, UNANIMITY, PARTICIPATION, MONEY = range(5)
GOALS = ((0, VOLUNTARY), (1, VOLUNTARY), (2, VOLUNTARY), (0, TRANSFERS), (1, TRANSFERS), (2, TRANSFERS), (0, MONEY))
BUDGET = 20_000
TOLERANCE = 1e-8
AT_ONCE = 1024


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """The best coalitions found and what no coalition exceeds, axes (draws, 3 ways of leaving, 5 institutions).

    Attributes:
        lower_m, mask: exact score of the best found, million a year, ``-inf`` and -1 where none reaches the tonnage.
        upper_m: no coalition scores more; ``inf`` where not asked for.
        tolerance_m: bounds that far apart count as met, (draws,).
        coalitions, boxes: evaluated exactly, and bounded, in each draw.
    """

    lower_m: Floats
    mask: Integers
    upper_m: Floats
    tolerance_m: Floats
    coalitions: Integers
    boxes: Integers


@dataclass(slots=True, eq=False)
class _Search:
    """Best found and spent so far."""

    read: Rows
    games: Games
    lower: Floats
    mask: Integers
    coalitions: Integers

    def evaluate(self, game: Integers, inside: Flags) -> None:
        power = np.int64(1) << np.arange(inside.shape[1], dtype=np.int64)
        pairs = np.unique(np.stack([game, inside @ power], axis=1), axis=0)
        game, masks = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
        found = listed(self.read, game, masks)
        better = found.best_m > self.lower
        self.lower = np.where(better, found.best_m, self.lower)
        self.mask = np.where(better, found.best_mask, self.mask)
        np.add.at(self.coalitions, game, 1)


def search(
    read: Rows,
    *,
    goals: tuple[tuple[int, int], ...] = GOALS,
    budget: int = BUDGET,
    tolerance: float = TOLERANCE,
) -> Found:
    """Return the best score over all coalitions in every draw, between an attained lower and a proven upper bound.

    Args:
        read: the meeting, from :func:`potline.numerics.joint_cut_rows.rows_of`.
        goals: (way of leaving, institution) to bound; participation is voluntary under ``collapse``.
        budget: boxes bounded for each draw and goal, at most. tolerance: relative to price times quantity.
    """
    games = games_of(read)
    draws, n = games.running.shape
    state = _Search(
        read,
        games,
        np.full((draws, 3, 5), -np.inf),
        np.full((draws, 3, 5), -1, np.int64),
        np.zeros(draws, np.int64),
    )
    every = np.arange(draws)
    pairs = np.array([[i == a or i == b for i in range(n)] for a in range(n) for b in range(a)] + [[True] * n])
    state.evaluate(np.repeat(every, len(pairs)), np.tile(pairs, (draws, 1)))
    close = tolerance * 1e-3 * games.market[:, 0] * games.market[:, 1]
    ways, tests = (np.array(column) for column in zip(*goals, strict=True))
    count = len(goals)
    closed = np.full(draws * count, -np.inf)
    spent = np.zeros(draws * count, np.int64)
    boxes, problem = _whole(games, np.repeat(every, count), np.tile(ways, draws), np.arange(draws * count))
    draw_of, way_of, test_of = np.repeat(every, count), np.tile(ways, draws), np.tile(tests, draws)

    def lower(which: Integers) -> Floats:
        return state.lower[draw_of[which], way_of[which], test_of[which]]

    judged = _judge(state, boxes, test_of[problem], lower(problem))
    np.add.at(spent, problem, 1)
    while True:
        best = lower(problem)
        open_ = judged.upper > best + close[draw_of[problem]]
        np.maximum.at(closed, problem[~open_], judged.upper[~open_])
        boxes, problem, judged = boxes.rows(open_), problem[open_], judged.rows(open_)
        able = spent[problem] < budget
        if not able.any():
            break
        order = np.lexsort((-judged.upper, problem))
        start = np.searchsorted(problem[order], problem[order])
        rank = np.empty(order.size, np.int64)
        rank[order] = np.arange(order.size) - start
        most = max(1, AT_ONCE // (2 * np.unique(problem[able]).size))
        chosen = able & (rank < most)
        parents, of = boxes.rows(chosen), problem[chosen]
        children, parent = _split(games, parents, judged.rows(chosen), lower(of))
        born = of[parent]
        news = _judge(state, children, test_of[born], lower(born))
        news.upper = np.minimum(news.upper, judged.upper[chosen][parent])
        np.add.at(spent, born, 1)
        boxes = Boxes.joined([boxes.rows(~chosen), children])
        problem = np.concatenate([problem[~chosen], born])
        judged = _Judged.joined(judged.rows(~chosen), news)
    upper = np.full((draws, 3, 5), np.inf)
    left = closed.copy()
    np.maximum.at(left, problem, judged.upper)
    upper[draw_of, way_of, test_of] = np.maximum(left, lower(np.arange(draws * count)))
    upper[:, :, UNANIMITY] = state.lower[:, :, UNANIMITY]
    if (2, VOLUNTARY) in goals:
        upper[:, :, PARTICIPATION] = upper[:, 2:, VOLUNTARY]
    return Found(
        lower_m=state.lower,
        mask=state.mask,
        upper_m=upper,
        tolerance_m=close,
        coalitions=state.coalitions,
        boxes=spent.reshape(draws, count).sum(axis=1),
    )


@dataclass(slots=True, eq=False)
class _Judged:
    """Of each box: bound, owner to branch on (-1 none), and what the bound owes to its two widths."""

    upper: Floats
    owner: Integers
    spread: Floats

    def rows(self, index: Integers | Flags) -> _Judged:
        return _Judged(self.upper[index], self.owner[index], self.spread[index])

    @staticmethod
    def joined(a: _Judged, b: _Judged) -> _Judged:
        return _Judged(
            np.concatenate([a.upper, b.upper]),
            np.concatenate([a.owner, b.owner]),
            np.concatenate([a.spread, b.spread]),
        )


def _whole(games: Games, game: Integers, way: Integers, problem: Integers) -> tuple[Boxes, Integers]:
    """Return boxes that hold every coalition of three or more."""
    n, running = games.running.shape[1], games.running[game]
    if games.rule == 0:
        low = np.maximum(games.least[game], 1e-9 * games.market[game, 1])
        ends = np.stack([low, np.maximum(running.sum(axis=1), low)], axis=1)
    elif games.rule == 1:
        ends = np.tile([0.0, float(games.head.shape[1])], (game.size, 1))
    else:
        ends = np.zeros((game.size, 2))
    nobody = np.zeros((game.size, n), dtype=np.bool_)
    fall = np.tile([0.0, np.inf], (game.size, 1)) * np.ones(2)
    fall[:, 1] = games.market[game, 1] * 1e3
    return Boxes(game=game, way=way, ends=ends, fall=fall, inside=nobody, outside=nobody.copy()), problem


def _judge(state: _Search, boxes: Boxes, test: Integers, lower: Floats) -> _Judged:
    """Bound boxes, fix what follows, and evaluate the coalitions that would attain the bounds."""
    games = state.games
    found = bound(games, boxes)
    boxes.fall[:] = found.fall
    value = np.where((test == MONEY)[:, None], np.minimum(found.test_m, 0.0), found.test_m)
    maximin = test == VOLUNTARY
    hi, lo = found.weight[:, :, 0 + 1], found.weight[:, :, 0]
    undecided = ~(boxes.inside | boxes.outside)
    inside_lo = np.where(boxes.inside, lo, 0.0).sum(axis=1)
    shut = undecided & (inside_lo[:, None] + lo > found.needed[:, 1:])
    shut |= undecided & maximin[:, None] & (value < lower[:, None])
    boxes.outside |= shut
    undecided &= ~shut
    may_hi = np.where(boxes.outside, 0.0, hi).sum(axis=1)
    must = undecided & (may_hi[:, None] - hi < found.needed[:, :1])
    boxes.inside |= must
    undecided &= ~must
    empty = found.empty | (inside_lo > found.needed[:, 1]) | (may_hi < found.needed[:, 0])
    empty |= (~boxes.outside).sum(axis=1) < 3
    upper, owner, taken = np.empty(test.size), np.empty(test.size, np.int64), np.empty(undecided.shape, np.bool_)
    for chosen, pick in ((maximin, _weakest), (~maximin, _summed)):
        if chosen.any():
            upper[chosen], owner[chosen], taken[chosen] = pick(
                value[chosen], boxes.inside[chosen], undecided[chosen], lo[chosen], hi[chosen], found.needed[chosen]
            )
    upper[empty] = -np.inf
    members = boxes.inside | taken
    worst = np.argmin(np.where(members, value, np.inf), axis=1)
    row = np.arange(test.size)
    spread = np.where(
        maximin[:, None],
        found.spread[row, worst],
        np.where(members[:, :, None], found.spread, 0.0).sum(axis=1),
    )
    worth = upper > lower
    more = members | (undecided & maximin[:, None] & (value >= upper[:, None]))
    for flags in (members, more):
        if worth.any():
            state.evaluate(boxes.game[worth], flags[worth])
    decided = ~undecided.any(axis=1)
    upper[decided] = -np.inf
    return _Judged(upper, owner, spread)


def _weakest(
    value: Floats, inside: Flags, undecided: Flags, low: Floats, high: Floats, needed: Floats
) -> tuple[Floats, Integers, Flags]:
    """Bound the worst member: owners join in falling order until their weights and number suffice."""
    del low
    row = np.arange(value.shape[0])
    held = np.where(inside, value, np.inf).min(axis=1)
    offered = np.where(undecided, value, -np.inf)
    order = np.argsort(-offered, axis=1, kind="stable")
    ranked = np.take_along_axis(offered, order, axis=1)
    weight = np.take_along_axis(np.where(undecided, high, 0.0), order, axis=1)
    weight = np.where(inside, high, 0.0).sum(axis=1)[:, None] + np.cumsum(weight, axis=1)
    size = inside.sum(axis=1)[:, None] + np.arange(1, value.shape[1] + 1)
    suffices = (weight >= needed[:, :1]) & (size >= 3) & (ranked > -np.inf)
    at = np.argmax(suffices, axis=1)
    already = (np.where(inside, high, 0.0).sum(axis=1) >= needed[:, 0]) & (inside.sum(axis=1) >= 3)
    upper = np.where(suffices.any(axis=1), np.minimum(held, ranked[row, at]), -np.inf)
    upper = np.where(already, held, upper)
    largest = np.argmax(np.where(undecided, high, -1.0), axis=1)
    owner = np.where(already, largest, order[row, at])
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1]), order.shape), axis=1)
    return upper, owner, undecided & (rank <= at[:, None]) & ~already[:, None]


def _summed(
    value: Floats, inside: Flags, undecided: Flags, low: Floats, high: Floats, needed: Floats
) -> tuple[Floats, Integers, Flags]:
    """Bound the sum: all that add to it, then in fractions what weighs enough at least cost, or little enough."""
    plus = undecided & (value > 0.0)
    members = inside | plus
    upper = np.where(members, value, 0.0).sum(axis=1)
    short = needed[:, 0] - np.where(members, high, 0.0).sum(axis=1)
    over = np.where(members, low, 0.0).sum(axis=1) - needed[:, 1]
    owner = np.argmax(np.where(undecided, high, -1.0), axis=1)
    taken = plus.copy()
    for lacking, some, weight, sign in ((short, undecided & ~plus, high, 1.0), (over, plus, low, -1.0)):
        rows = np.flatnonzero(lacking > 0.0)
        if rows.size == 0:
            continue
        usable = some[rows] & (weight[rows] > 0.0)
        safe = np.where(usable, weight[rows], 1.0)
        price = np.where(usable, -sign * value[rows] / safe, np.inf)
        order = np.argsort(price, axis=1, kind="stable")
        size = np.take_along_axis(np.where(usable, weight[rows], 0.0), order, axis=1)
        before = np.cumsum(size, axis=1) - size
        part = np.clip(lacking[rows, None] - before, 0.0, size)
        paid = np.where(part > 0.0, np.take_along_axis(price, order, axis=1), 0.0)
        fits = size.sum(axis=1) >= lacking[rows] * (1.0 - 1e-12)
        upper[rows] = np.where(fits, upper[rows] - (part * paid).sum(axis=1), -np.inf)
        used = np.zeros_like(usable)
        np.put_along_axis(used, order, part > 0.0, axis=1)
        last = np.maximum((part > 0.0).sum(axis=1) - 1, 0)
        owner[rows] = order[np.arange(rows.size), last]
        taken[rows] = taken[rows] | used if sign > 0.0 else taken[rows] & ~used
    return upper, owner, taken


def _split(games: Games, boxes: Boxes, judged: _Judged, lower: Floats) -> tuple[Boxes, Integers]:
    """Cut each box in two, along what its bound hangs on most; return the halves and the boxes they are of."""
    count = boxes.game.size
    first, second = boxes.rows(np.arange(count)), boxes.rows(np.arange(count))
    low, high = boxes.ends[:, 0], boxes.ends[:, 1]
    wide = np.where(games.rule == 0, high - low > 1e-9 * high, high - low > 1e-9) & (games.rule != 2)
    tall = boxes.fall[:, 1] - boxes.fall[:, 0] > 1e-9 * games.market[boxes.game, 1]
    gap = np.where(np.isfinite(lower), judged.upper - lower, np.inf)
    by_number, by_fall = np.where(wide, judged.spread[:, 0], 0.0), np.where(tall, judged.spread[:, 1], 0.0)
    whole = (games.rule == 1) & (high - low > 1.0)
    split_number = wide & ((by_number >= by_fall) & (by_number > gap) | whole)
    split_fall = tall & ~split_number & (by_fall > gap)
    middle = 0.5 * (low + high)
    middle = np.where(whole, np.floor(middle), middle) if games.rule == 1 else np.sqrt(low * high)
    middle = np.where(whole & (middle <= low), low + 1.0, middle)
    first.ends[:, 1] = np.where(split_number, middle, high)
    second.ends[:, 0] = np.where(split_number, middle, low)
    centre = boxes.fall.mean(axis=1)
    first.fall[:, 1] = np.where(split_fall, centre, boxes.fall[:, 1])
    second.fall[:, 0] = np.where(split_fall, centre, boxes.fall[:, 0])
    member = np.flatnonzero(~(split_number | split_fall))
    first.inside[member, judged.owner[member]] = True
    second.outside[member, judged.owner[member]] = True
    children = Boxes.joined([first, second])
    if games.rule == 1:
        single = (np.floor(children.ends[:, 0]) + 1.0 >= children.ends[:, 1]) & (games.least[children.game] > 0.0)
        rows = np.flatnonzero(single)
        children.inside[rows, games.head[children.game[rows], np.floor(children.ends[rows, 0]).astype(np.int64)]] = True
        clash = (children.inside & children.outside).any(axis=1)
        return children.rows(~clash), np.tile(np.arange(count), 2)[~clash]
    return children, np.tile(np.arange(count), 2)
