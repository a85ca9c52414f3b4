"""A meeting as a game: what a group that cuts gains, and the cuts that owners make alone (model, section 6).

Owner i, with q_i running in the baseline, idles x_i of it in a deal that withdraws X in all:

    dV_i = A [(q_i - x_i) u + (w_i - use(x_i)) F - q_i u_0 - w_i F_0] - loss(x_i)         (x_i = 0 outside the deal)

with w_i what q_i buys of the shared input, and (u, F) the market once idle lines of others have answered. Members keep
their own idle lines idle; what the baseline ``nash`` restarted stays on. Gains are over the term, kt times money/t.
"""

from __future__ import annotations

__all__ = ["Game", "Nash", "Problem", "best_total", "cut_alone", "nash"]

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from scipy.optimize import brentq
from tests.reference.market import Market, State
from tests.reference.owners import KEPT_ON, Cut, Path, Plant, edges_of, first_of, idle, in_order, path_of, remaining

EXACT = 1e-14
ROUNDS = 2_000
PARTS = 32  # of a stretch searched for stationary points where u need not be concave


@dataclass(frozen=True, kw_only=True)
class Game:
    """Owners 0, 1, ..., their plants, the market, and what everybody cuts without any deal.

    Attributes:
        annuity: A(T). rule: how a group shares a total. stated_kt: by owner, for the rule ``stated``.
        baseline_kt: cut of each owner in the baseline; nothing where it is ``observed``.
        ramp_kt: by owner, what its own lines ramp up by, a mean over the term; they are among its plants. A member
            asked for x idles x and these, unless they are ``exempt``; then it idles x.
    """

    market: Market
    plants: tuple[Plant, ...]
    owners: int
    annuity: float
    rule: str = "pro_rata"
    stated_kt: Mapping[int, float] = field(default_factory=dict[int, float])
    baseline_kt: tuple[float, ...] = ()
    ramp_kt: Mapping[int, float] = field(default_factory=dict[int, float])
    exempt: bool = False

    @cached_property
    def before(self) -> State:
        """Return the market in the baseline."""
        return self.market.state(sum(self.baseline_kt))

    @cached_property
    def running(self) -> list[list[Plant]]:
        """Return what each owner runs in the baseline, in the order in which it idles it."""
        cut = self.baseline_kt or (0.0,) * self.owners
        return [remaining(in_order(self.plants, i), cut[i]) for i in range(self.owners)]

    @cached_property
    def size(self) -> list[float]:
        """Return q_i."""
        return [sum(p.running_kt for p in mine) for mine in self.running]

    @cached_property
    def buys(self) -> list[float]:
        """Return w_i."""
        return [sum(p.running_kt * p.use for p in mine) for mine in self.running]

    @cached_property
    def restarted(self) -> list[float]:
        """Return what idle lines of each owner make in the baseline."""
        back = self.market.restarted(sum(self.baseline_kt))
        return [
            sum(b for b, k in zip(back, self.market.lines, strict=True) if k.owner == i) for i in range(self.owners)
        ]

    def on_top(self, owner: int) -> float:
        """Return what a member idles beside what it is asked for."""
        return 0.0 if self.exempt else self.ramp_kt.get(owner, 0.0)

    def path(self, group: Collection[int]) -> Path:
        """Return how a group shares a total: what ramps up is no part of it."""
        asked = {i: self.size[i] - self.ramp_kt.get(i, 0.0) for i in sorted(group)}
        return path_of(
            self.rule,
            {i: first_of(remaining(self.running[i], self.on_top(i)), asked[i]) for i in asked},
            self.stated_kt,
            relief_forgone=self.annuity * self.before.relief,
            scale=self.market.prize.price_per_t,
        )

    def cuts(self, asked: Mapping[int, float]) -> dict[int, Cut]:
        """Return what each member idles when asked for so much."""
        return {i: idle(self.running[i], x + self.on_top(i) if x > 0.0 else 0.0) for i, x in asked.items()}

    def withdrawn(self, cuts: Mapping[int, Cut]) -> float:
        """Return what all withdraw in a deal, less what members' idle lines have restarted already."""
        return sum(self.baseline_kt) + sum(cut.kt for cut in cuts.values()) - sum(self.restarted[i] for i in cuts)

    def after(self, cuts: Mapping[int, Cut]) -> State:
        """Return the market in a deal."""
        return self.market.state(self.withdrawn(cuts), cuts)

    def gain(self, owner: int, state: State, cut: Cut = Cut()) -> float:
        """Return dV_i."""
        before, size, buys = self.before, self.size[owner], self.buys[owner]
        now = (size - cut.kt) * state.rise + (buys - cut.use) * state.relief
        return self.annuity * (now - size * before.rise - buys * before.relief) - cut.loss

    def problem(self, group: Collection[int]) -> Problem:
        """Return the choice of a total by a group that maximises what it gains together."""
        path = self.path(group)
        return Problem(self, path, tuple(sorted(group)), self.withdrawn(dict.fromkeys(group, Cut())), deal=True)


@dataclass(frozen=True)
class Problem:
    """One total cut to choose along a path.

    Attributes:
        game, path: see there. group: who cuts. others: withdrawn beside it. deal: whether the group's own idle lines
            stay idle and its ramp comes on top; else all lines answer, as where an owner cuts alone.
    """

    game: Game
    path: Path
    group: tuple[int, ...]
    others: float
    deal: bool

    def cut(self, total: float) -> Cut:
        """Return what the group idles at a total asked for."""
        asked = self.path.asked(total)
        game = self.game
        cuts = game.cuts(asked) if self.deal else {i: idle(game.running[i], x) for i, x in asked.items()}
        parts = cuts.values()
        return Cut(sum(c.kt for c in parts), sum(c.loss for c in parts), sum(c.use for c in parts))

    def market(self, cut: Cut) -> State:
        """Return the market at a cut of the group."""
        return self.game.market.state(self.others + cut.kt, self.group if self.deal else ())

    def value(self, total: float) -> float:
        """Return ``A [(R - x) u + (W - use) F] - loss`` of the group at a total asked for."""
        cut = self.cut(total)
        state = self.market(cut)
        running, buys = (sum(numbers[i] for i in self.group) for numbers in (self.game.size, self.game.buys))
        return self.game.annuity * ((running - cut.kt) * state.rise + (buys - cut.use) * state.relief) - cut.loss

    @cached_property
    def points(self) -> list[float]:
        """Return the totals in (0, all] at which something bends or jumps.

        Just above a step of F, a whole potline or the start of a cut the value may jump up, so that its best is come
        near and not reached: the total a millionth of the stretch above stands for it.
        """
        found = set(self.path.ends())
        for i in self.group:
            for edge in edges_of(self.game.running[i]):
                found |= set(self.path.totals_at(i, edge - (self.game.on_top(i) if self.deal else 0.0)))
        top = self.path.total
        edges = [0.0, *sorted(x for x in found if 0.0 < x < top), top]
        bends = [x - self.others for x in self.game.market.bends(self.group if self.deal else ())]
        for a, b in pairwise(edges):  # between two edges tonnes are a straight line in the total
            at, to = (self.cut(a + part * (b - a)).kt for part in (0.25, 0.75))
            if to > at:
                found |= {x for k in bends if a < (x := a + (b - a) * (0.25 + 0.5 * (k - at) / (to - at))) < b}
        points = sorted(x for x in found if 0.0 < x <= top)
        points = [x for x, last in zip(points, [0.0, *points], strict=False) if x - last > 1e-11 * top]
        lined = any(plant.line_kt > 0.0 for i in self.group for plant in self.game.running[i])
        if lined or self.game.market.relief or self.game.ramp_kt:
            points += [a + KEPT_ON * (b - a) for a, b in pairwise([0.0, *points])]
        return sorted(points)

    def stationary(self, low: float, high: float) -> list[float]:
        """Return where the value is stationary, from above 0 to below, between two points with no other between them.

        There everything but u is a straight line, read off at two places; so the slope needs u' and no difference. With
        linear demand it falls all the way; else the stretch is searched in parts.
        """
        game, (a, b) = self.game, (low + 0.25 * (high - low), low + 0.75 * (high - low))
        cuts = [self.cut(x) for x in (a, b)]
        states = [self.market(cut) for cut in cuts]
        lines = [(c.kt, c.loss, c.use, s.fall, s.relief) for c, s in zip(cuts, states, strict=True)]
        climb = [(q - p) / (b - a) for p, q in zip(*lines, strict=True)]
        running, buys = (sum(numbers[i] for i in self.group) for numbers in (game.size, game.buys))

        def slope(x: float) -> float:
            kt, _, use, fall, relief = (p + (x - a) * c for p, c in zip(lines[0], climb, strict=True))
            prize, (dkt, dloss, duse, dfall, drelief) = game.market.prize, climb
            gained = (running - kt) * prize.growth(fall) * dfall - dkt * prize.rise(fall)
            gained += (buys - use) * drelief - duse * relief
            return game.annuity * gained - dloss

        width = high - low
        parts = PARTS if game.market.prize.isoelastic else 1
        ends = [low + width * (1e-9 + (1.0 - 2e-9) * k / parts) for k in range(parts + 1)]
        return [
            float(brentq(slope, x, y, xtol=1e-15 * max(y, 1.0), rtol=1e-15))
            for x, y in pairwise(ends)
            if slope(x) > 0.0 > slope(y)
        ]

    @cached_property
    def candidates(self) -> list[tuple[float, float]]:
        """Return every total that may be best, with its value: 0, all points, all stationary points between them."""
        ends = [0.0, *self.points]
        totals = sorted({*ends, *(x for a, b in pairwise(ends) for x in self.stationary(a, b))})
        return [(x, self.value(x)) for x in totals]

    @cached_property
    def sums(self) -> float:
        """Return the largest money sums that a value is the difference of: its rounding is a part of them."""
        cut = self.cut(self.path.total)
        return self.game.annuity * sum(self.game.size[i] for i in self.group) * self.market(cut).rise + abs(cut.loss)


def best_total(problem: Problem, least: float = 0.0) -> float:
    """Return the total, ``least`` or more, with the largest value; of those that tie the smallest."""
    found = [(x, value) for x, value in problem.candidates if x > least]
    found.insert(0, (least, problem.value(least)))
    best = max(value for _, value in found)
    return next(x for x, value in found if value >= best - EXACT * problem.sums)


@dataclass(frozen=True)
class Nash:
    """Cuts that nobody would change alone: by owner, and whether turns came to rest."""

    cut_kt: tuple[float, ...]
    settled: bool


def cut_alone(game: Game, owner: int, others: float = 0.0) -> float:
    """Return an owner's best cut of what it runs when others withdraw so much and no deal is there."""
    path = path_of("pro_rata", {owner: game.running[owner]}, {})
    return best_total(Problem(game, path, (owner,), others, deal=False))


def nash(game: Game) -> Nash:
    """Return the cuts that best responses in turn come to, the largest owner first, from no cut."""
    assert not any(game.baseline_kt)
    cut = [0.0] * game.owners
    turn = sorted(range(game.owners), key=lambda i: -game.size[i])
    near = 4.0 * math.ulp(game.market.prize.quantity_kt)
    for _ in range(ROUNDS):
        moved = 0.0
        for i in turn:
            if game.size[i] > 0.0:
                better = cut_alone(game, i, sum(cut) - cut[i])
                better = idle(game.running[i], better).kt
                moved, cut[i] = max(moved, abs(better - cut[i])), better
        if moved <= near:
            return Nash(tuple(cut), True)
    return Nash(tuple(cut), False)
