r"""Search all coalitions of a large meeting for the best one, with a proven bound on what was missed.

Branch and bound over boxes of coalitions (:mod:`potline.numerics.joint_cut.bounds`). In a box the coalition that would
attain the bound is evaluated exactly by the sweep; a box that cannot beat the best found is dropped, any other is cut
in two: along the number that fixes members' cuts, along the net fall of output, or into coalitions with and without
one owner, whichever the bound hangs on most. Pairs and the coalition of all are evaluated one by one, so a box speaks
of three owners or more. From each best found those with one owner more or fewer are scored too, as long as that brings
a better one. What is still open when the budget is spent gives the bound.
"""

from __future__ import annotations

__all__ = ["GOALS", "BestFound", "search"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.joint_cut.bounds import Boxes, bound
from potline.numerics.joint_cut.deals import listed
from potline.numerics.joint_cut.games import EFFICIENT, PRO_RATA, Games, games_of
from potline.numerics.joint_cut.rise import P0, Q0
from potline.numerics.joint_cut.rows import Rows
from potline.numerics.joint_cut.sweep import BELIEFS, COLLAPSE, KEEP, REOPTIMISE, RESPREAD

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

VOLUNTARY, TRANSFERS, UNANIMITY, PARTICIPATION, MONEY = range(5)
GOALS = (
    *((belief, VOLUNTARY) for belief in (KEEP, RESPREAD, COLLAPSE)),
    *((belief, TRANSFERS) for belief in (KEEP, RESPREAD, COLLAPSE)),
    (KEEP, MONEY),
)
BUDGET = 4_000
TOLERANCE = 1e-8
AT_ONCE = 1024
FEW = 256
KEPT = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestFound:
    """The best coalitions found and what no coalition exceeds, axes (draws, 4 beliefs, 5 institutions).

    Attributes:
        lower_m, mask: exact score of the best found, million a year, ``-inf`` and -1 where none reaches the tonnage.
        upper_m: no coalition scores more; ``inf`` where not asked for.
        tolerance_m: bounds that far apart count as met, (draws,).
        coalitions, boxes: evaluated exactly, and bounded, in each draw.
        tried: of a single draw, the coalitions with the best scores for the first goal, best first, at most 200.
    """

    lower_m: Floats
    mask: Integers
    upper_m: Floats
    tolerance_m: Floats
    coalitions: Integers
    boxes: Integers
    tried: tuple[int, ...]


def search(
    read: Rows,
    *,
    goals: tuple[tuple[int, int], ...] = GOALS,
    budget: int = BUDGET,
    tolerance: float = TOLERANCE,
) -> BestFound:
    """Return the best score over all coalitions in every draw, between an attained lower and a proven upper bound.

    Args:
        read: the meeting, from :func:`potline.numerics.joint_cut.rows.rows_of`; at most 62 owners.
        goals: (belief, institution) to bound; participation is voluntary under ``collapse``, unanimity is always
            exact. Where those who stay choose anew leaving brings no less than nothing: ``collapse`` bounds it.
        budget: boxes bounded for each draw and goal, about.
        tolerance: relative to price times quantity.

    Examples:
        The two owners of :func:`potline.numerics.joint_cut.deals`: only one coalition, so both bounds are its score.

        >>> from potline.numerics.joint_cut.deals import CutMarket, CutPlants, arrange
        >>> from potline.numerics.joint_cut.rows import rows_of
        >>> one, two = np.ones(1), np.ones((1, 2))
        >>> market = CutMarket(price_per_t=10 * one, quantity_kt=200 * one, elasticity=0.5 * one,
        ...     ceiling_per_t=np.inf * one, annuity=one, relief_output_fall_kt=np.empty((1, 0)),
        ...     relief_per_t=np.empty((1, 0)))
        >>> plants = CutPlants(running_kt=100 * two, idle_kt=0 * two, loss_part_per_t=two, loss_whole_per_t=two,
        ...     stop_price_per_t=two, restart_price_per_t=two, relief_use=0 * two, line_kt=np.zeros(2),
        ...     owner=np.arange(2))
        >>> found = search(rows_of(arrange(market, plants, 2), np.arange(2), 40.0 * one))
        >>> found.lower_m[0, 1, :2].round(3).tolist(), found.upper_m[0, 1, :2].round(3).tolist()
        ([0.1, 0.2], [0.1, 0.2])
    """
    state = _Search(read, goals)
    draws = state.lower.shape[0]
    close = tolerance * 1e-3 * state.games.market[:, P0] * state.games.market[:, Q0]
    lot = _judged(state, _whole(state.games, state.draw, state.way), np.arange(state.draw.size, dtype=np.int64))
    while True:
        state.climb()
        open_ = lot.upper > state.best(lot.problem) + close[state.draw[lot.problem]]
        np.maximum.at(state.closed, lot.problem[~open_], lot.upper[~open_])
        lot = lot.rows(open_)
        chosen = _next(lot, state.spent < budget)
        if not chosen.any():
            break
        lot = _Lot.joined(lot.rows(~chosen), _halves(state, lot.rows(chosen)))
    np.maximum.at(state.closed, lot.problem, lot.upper)
    upper = np.full((draws, BELIEFS, 5), np.inf)
    best = state.best(np.arange(state.draw.size, dtype=np.int64))
    upper[state.draw, state.way, state.test] = np.maximum(state.closed, best)
    upper[:, REOPTIMISE] = upper[:, COLLAPSE]
    upper[:, :, UNANIMITY] = state.lower[:, :, UNANIMITY]
    if (COLLAPSE, VOLUNTARY) in goals:
        upper[:, :, PARTICIPATION] = upper[:, COLLAPSE:, VOLUNTARY]
    return BestFound(
        lower_m=state.lower,
        mask=state.mask,
        upper_m=upper,
        tolerance_m=close,
        coalitions=state.coalitions,
        boxes=state.spent.reshape(draws, len(goals)).sum(axis=1),
        tried=tuple(sorted(state.tried, key=lambda mask: (-state.tried[mask], mask))[:KEPT]),
    )


class _Search:
    """What is asked, problem by problem (a draw and a goal), the best found and what was spent."""

    def __init__(self, read: Rows, goals: tuple[tuple[int, int], ...]) -> None:
        self.read, self.games, self.goal = read, games_of(read), goals[0]
        draws, n = self.games.running.shape
        every = np.arange(draws, dtype=np.int64)
        self.draw = np.repeat(every, len(goals))
        self.way = np.tile(np.array([way for way, _ in goals], dtype=np.int64), draws)
        self.test = np.tile(np.array([test for _, test in goals], dtype=np.int64), draws)
        self.lower = np.full((draws, BELIEFS, 5), -np.inf)
        self.mask = np.full((draws, BELIEFS, 5), -1, dtype=np.int64)
        self.coalitions = np.zeros(draws, dtype=np.int64)
        self.closed = np.full(self.draw.size, -np.inf)
        self.spent = np.zeros(self.draw.size, dtype=np.int64)
        self.tried: dict[int, float] = {}
        self.climbed: set[tuple[int, int]] = set()
        pairs = np.array([[i in (a, b) for i in range(n)] for a in range(n) for b in range(a)])
        self.evaluate(np.repeat(every, len(pairs)), np.tile(pairs, (draws, 1)))
        self.evaluate(every, ~self.games.quiet)

    def best(self, problem: Integers) -> Floats:
        """Return the best score found in each problem."""
        return self.lower[self.draw[problem], self.way[problem], self.test[problem]]

    def evaluate(self, game: Integers, inside: Flags) -> None:
        """Score coalitions exactly and keep the best."""
        power = np.int64(1) << np.arange(inside.shape[1], dtype=np.int64)
        pairs = np.unique(np.stack([game, inside @ power], axis=1), axis=0)
        game, masks = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
        threads = 1 if masks.size < FEW else None
        found = listed(self.read, game, masks, anew=False, threads=threads)
        best, chosen = found.best_m.copy(), found.best_mask.copy()
        exact = slice(UNANIMITY, PARTICIPATION + 1)  # asks nothing of those who stay
        best[:, REOPTIMISE, exact], chosen[:, REOPTIMISE, exact] = best[:, COLLAPSE, exact], chosen[:, COLLAPSE, exact]
        self._keep(best, chosen)
        tests = [VOLUNTARY, TRANSFERS, MONEY]
        most = np.nan_to_num(found.score_m[0, :, COLLAPSE][:, tests], nan=-np.inf, neginf=-np.inf)
        able = (most > self.lower[game, REOPTIMISE][:, tests]).any(axis=1)
        if able.any():
            anew = listed(
                self.read, np.ascontiguousarray(game[able]), np.ascontiguousarray(masks[able]), threads=threads
            )
            self._keep(anew.best_m, anew.best_mask)
        np.add.at(self.coalitions, game, 1)
        if self.lower.shape[0] == 1:
            score = found.score_m[0, :, self.goal[0], self.goal[1]]
            self.tried |= {int(m): float(v) for m, v in zip(masks, score, strict=True) if v > -np.inf}

    def climb(self) -> None:
        """Score the coalitions with one owner more or fewer than each best found, until none of them is better."""
        owners = np.arange(self.games.running.shape[1], dtype=np.int64)
        while True:
            draw = np.broadcast_to(np.arange(self.mask.shape[0])[:, None, None], self.mask.shape)
            best = set(zip(draw[self.mask >= 0].tolist(), self.mask[self.mask >= 0].tolist(), strict=True))
            new = sorted(best - self.climbed)
            if not new:
                return
            self.climbed.update(new)
            game, masks = np.array(new, dtype=np.int64).T
            beside = (masks[:, None] ^ (np.int64(1) << owners)).ravel()
            game = np.repeat(game, owners.size)
            inside = (beside[:, None] >> owners) & 1 > 0
            able = (inside.sum(axis=1) > 1) & ~(inside & self.games.quiet[game]).any(axis=1)
            if able.any():
                self.evaluate(game[able], inside[able])

    def _keep(self, best: Floats, mask: Integers) -> None:
        better = best > self.lower
        self.lower = np.where(better, best, self.lower)
        self.mask = np.where(better, mask, self.mask)


@dataclass(frozen=True, slots=True, eq=False)
class _Lot:
    """Boxes, the problem each belongs to, its bound, the owner to branch on, and what the bound owes to its widths."""

    boxes: Boxes
    problem: Integers
    upper: Floats
    owner: Integers
    spread: Floats

    def rows(self, index: Flags) -> _Lot:
        return _Lot(
            self.boxes.rows(index), self.problem[index], self.upper[index], self.owner[index], self.spread[index]
        )

    @staticmethod
    def joined(a: _Lot, b: _Lot) -> _Lot:
        return _Lot(
            Boxes.joined([a.boxes, b.boxes]),
            np.concatenate([a.problem, b.problem]),
            np.concatenate([a.upper, b.upper]),
            np.concatenate([a.owner, b.owner]),
            np.concatenate([a.spread, b.spread]),
        )


def _whole(games: Games, game: Integers, way: Integers) -> Boxes:
    """Return boxes that hold every coalition of three or more."""
    n, running, quantity = games.running.shape[1], games.running[game], games.market[game, Q0]
    ends = np.zeros((game.size, 2))
    if games.rule == PRO_RATA:
        ends[:, 0] = np.maximum(games.least[game], 1e-9 * quantity)
        ends[:, 1] = np.maximum(running.sum(axis=1), ends[:, 0])
    elif games.rule == EFFICIENT:
        ends[:, 1] = games.head.shape[1]
    fall = np.stack([np.zeros(game.size), 1e3 * quantity], axis=1)
    nobody = np.zeros((game.size, n), dtype=np.bool_)
    least = np.repeat(games.least[game][:, None], 2, axis=1)
    return Boxes(game=game, way=way, ends=ends, least=least, fall=fall, inside=nobody, outside=games.quiet[game])


def _next(lot: _Lot, able: Flags) -> Flags:
    """Return the boxes to cut: of every problem that may still spend, those with the highest bounds."""
    may = able[lot.problem]
    order = np.lexsort((-lot.upper, lot.problem))
    rank = np.empty(order.size, dtype=np.int64)
    first = np.searchsorted(lot.problem[order], lot.problem[order])
    rank[order] = np.arange(order.size, dtype=np.int64) - first
    return may & (rank < max(1, AT_ONCE // (2 * max(1, np.unique(lot.problem[may]).size))))


def _halves(state: _Search, parents: _Lot) -> _Lot:
    """Cut boxes in two and judge the halves; a half is bounded by its whole as well."""
    children, parent = _split(state.games, parents, state.best(parents.problem))
    halves = _judged(state, children, parents.problem[parent])
    np.minimum(halves.upper, parents.upper[parent], out=halves.upper)
    return halves


def _judged(state: _Search, boxes: Boxes, problem: Integers) -> _Lot:
    """Bound boxes, fix the owners that must be in or out, and score the coalitions that would attain the bounds."""
    found = bound(state.games, boxes)
    np.add.at(state.spent, problem, 1)
    lower, test = state.best(problem), state.test[problem]
    value = np.where((test == MONEY)[:, None], np.minimum(found.test_m, 0.0), found.test_m)
    maximin = test == VOLUNTARY
    low, high, needed = found.weight[:, :, 0], found.weight[:, :, 1], found.needed
    boxes.fall[:] = found.fall
    hopeless = maximin[:, None] & (value < lower[:, None])
    if state.games.rule != PRO_RATA:  # who idles nothing is a member only if it may pay
        hopeless |= (maximin | (test == MONEY))[:, None] & (high <= 0.0)
    empty = found.empty | _fixed(boxes, low, high, needed, hopeless)
    undecided = ~(boxes.inside | boxes.outside)
    upper, owner = np.empty(test.size), np.empty(test.size, dtype=np.int64)
    taken = np.empty(undecided.shape, dtype=np.bool_)
    for chosen, pick in ((maximin, _weakest), (~maximin, _summed)):
        if chosen.any():
            upper[chosen], owner[chosen], taken[chosen] = pick(
                value[chosen], boxes.inside[chosen], undecided[chosen], low[chosen], high[chosen], needed[chosen]
            )
    upper[empty] = -np.inf
    members = boxes.inside | taken
    worst = np.argmin(np.where(members, value, np.inf), axis=1)
    summed = np.where(members[:, :, None], found.spread, 0.0).sum(axis=1)
    spread = np.where(maximin[:, None], found.spread[np.arange(test.size, dtype=np.int64), worst], summed)
    worth = np.flatnonzero(upper > lower)
    if worth.size:
        more = members | (undecided & maximin[:, None] & (value >= upper[:, None]))
        state.evaluate(np.tile(boxes.game[worth], 2), np.concatenate([members[worth], more[worth]]))
    upper[~undecided.any(axis=1)] = -np.inf  # one coalition, and it has its score
    return _Lot(boxes, problem, upper, owner, spread)


def _fixed(boxes: Boxes, low: Floats, high: Floats, needed: Floats, hopeless: Flags) -> Flags:
    """Put out who weighs too much or is hopeless, put in who is needed; return which boxes hold no coalition."""
    undecided = ~(boxes.inside | boxes.outside)
    weighs = np.where(boxes.inside, low, 0.0).sum(axis=1)
    shut = undecided & (hopeless | (weighs[:, None] + low > needed[:, 1:]))
    boxes.outside |= shut
    reach = np.where(boxes.outside, 0.0, high).sum(axis=1)
    boxes.inside |= undecided & ~shut & (reach[:, None] - high < needed[:, :1])
    return (weighs > needed[:, 1]) | (reach < needed[:, 0]) | ((~boxes.outside).sum(axis=1) < 3)


def _weakest(
    value: Floats, inside: Flags, undecided: Flags, low: Floats, high: Floats, needed: Floats
) -> tuple[Floats, Integers, Flags]:
    """Bound the worst member: owners join in falling order until their weights and number suffice."""
    del low
    row = np.arange(value.shape[0], dtype=np.int64)
    held = np.where(inside, value, np.inf).min(axis=1)
    offered = np.where(undecided, value, -np.inf)
    order = np.argsort(-offered, axis=1, kind="stable")
    ranked = np.take_along_axis(offered, order, axis=1)
    weight = np.take_along_axis(np.where(undecided, high, 0.0), order, axis=1)
    weight = np.where(inside, high, 0.0).sum(axis=1)[:, None] + np.cumsum(weight, axis=1)
    size = inside.sum(axis=1)[:, None] + np.arange(1, value.shape[1] + 1, dtype=np.int64)
    suffices = (weight >= needed[:, :1]) & (size >= 3) & (ranked > -np.inf)
    at = np.argmax(suffices, axis=1)
    already = (np.where(inside, high, 0.0).sum(axis=1) >= needed[:, 0]) & (inside.sum(axis=1) >= 3)
    upper = np.where(suffices.any(axis=1), np.minimum(held, ranked[row, at]), -np.inf)
    upper = np.where(already, held, upper)
    largest = np.argmax(np.where(undecided, high, -1.0), axis=1)
    owner = np.where(already, largest, order[row, at])
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(order.shape[1], dtype=np.int64), order.shape), axis=1)
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
        owner[rows] = order[np.arange(rows.size, dtype=np.int64), last]
        taken[rows] = taken[rows] | used if sign > 0.0 else taken[rows] & ~used
    return upper, owner, taken


def _split(games: Games, lot: _Lot, lower: Floats) -> tuple[Boxes, Integers]:
    """Cut each box in two, along what its bound hangs on most; return the halves and the boxes they are of."""
    boxes = lot.boxes
    count, efficient = boxes.game.size, games.rule == EFFICIENT
    every = np.arange(count, dtype=np.int64)
    first, second = boxes.rows(every), boxes.rows(every)
    low, high = boxes.ends[:, 0], boxes.ends[:, 1]
    wide = high - low > 1e-9 * (1.0 if efficient else high)
    tall = boxes.fall[:, 1] - boxes.fall[:, 0] > 1e-9 * games.market[boxes.game, Q0]
    gap = np.where(np.isfinite(lower), lot.upper - lower, np.inf)
    by_number, by_fall = np.where(wide, lot.spread[:, 0], 0.0), np.where(tall, lot.spread[:, 1], 0.0)
    middle = np.sqrt(low * high)
    several = np.zeros(count, dtype=np.bool_)
    if efficient:  # one block of the path after the other, then parts of it
        several = high - low > 1.0
        middle = np.where(several, np.maximum(np.floor(0.5 * (low + high)), np.floor(low) + 1.0), 0.5 * (low + high))
    number = wide & (several | ((by_number >= by_fall) & (by_number > gap)))
    fall = tall & ~number & (by_fall > gap)
    centre = boxes.fall.mean(axis=1)
    first.ends[:, 1], second.ends[:, 0] = np.where(number, middle, high), np.where(number, middle, low)
    first.fall[:, 1] = np.where(fall, centre, boxes.fall[:, 1])
    second.fall[:, 0] = np.where(fall, centre, boxes.fall[:, 0])
    member = np.flatnonzero(~(number | fall))
    first.inside[member, lot.owner[member]] = True
    second.outside[member, lot.owner[member]] = True
    children, parent = Boxes.joined([first, second]), np.tile(every, 2)
    if not efficient:
        return children, parent
    place = np.floor(children.ends[:, 0]).astype(np.int64)
    head = games.head[children.game, np.minimum(place, games.head.shape[1] - 1)]
    single = np.flatnonzero((children.ends[:, 1] <= place + 1.0) & (games.least[children.game] > 0.0) & (head >= 0))
    children.inside[single, head[single]] = True  # who has the last block taken alone is a member
    valid = np.flatnonzero(~(children.inside & children.outside).any(axis=1))
    return children.rows(valid), parent[valid]
