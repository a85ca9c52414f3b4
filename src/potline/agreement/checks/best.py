r"""The best cut along an order of plants, found by a checker: every kink, and the roots of the slope between them.

Over x, with R and W what is made and what input that takes, the payoff is

    A [(R - x) u(q) + (W - w(x)) F(q)] - loss(x),        q the fall of output at a withdrawal of ``others + x``.

Between two neighbouring kinks F does not move, so the slope is ``A [(R - x) u' - u - s F] - l`` where q moves with x,
and negative where it does not. Under linear demand it falls all the way, as u' does; else a stretch is looked at in
parts.
"""

from __future__ import annotations

__all__ = ["Problem", "best", "problem_of", "roots_of", "slopes", "value_at"]

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.checks.facts import Facts
from potline.agreement.checks.market import Lines, Market, cleared, headroom_fall, on_stretch
from potline.agreement.checks.owners import KEPT_ON, Pieces

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

_ROOT_STEPS = 60
_PARTS = 16  # of a stretch where the slope of a payoff may turn
_EDGE = 1e-9
_TOGETHER = 2_000_000  # numbers of one array: some 16 MB


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """M problems of up to P pieces each, in the order in which they are idled.

    Attributes:
        kt, line, loss, jump, use: of the pieces, [M, P]; where there is none, 0.
        ends: tonnes once each is whole.
        others: withdrawn beside, [M].
        held: owners whose idle lines stay idle, [M, O].
        least: tonnes at least, [M].
    """

    kt: Floats
    line: Floats
    loss: Floats
    jump: Floats
    use: Floats
    ends: Floats
    others: Floats
    held: Flags
    least: Floats

    @property
    def total(self) -> Floats:
        """Tonnes that can be idled, [M, 1]."""
        return self.ends[:, -1:]


def problem_of(pieces: Pieces, active: Flags, others: Floats, held: Flags, least: Floats) -> Problem:
    """Return the problems over the ``active`` pieces, [M, all pieces], packed."""
    width = max(1, int(active.sum(axis=1).max(initial=0)))
    chosen = np.argsort(~active, axis=1, kind="stable")[:, :width]
    there = np.take_along_axis(active, chosen, axis=1)
    columns = {
        name: np.where(there, getattr(pieces, name)[chosen], 0.0) for name in ("kt", "line", "loss", "jump", "use")
    }
    return Problem(**columns, ends=columns["kt"].cumsum(axis=1), others=others, held=held, least=least)


def value_at(facts: Facts, lines: Lines, problem: Problem, x: Floats) -> tuple[Floats, Market]:
    """Return the payoff over the term, thousand, and the markets, at tonnes x [M, C]."""
    shape = x.shape
    kt, ends = problem.kt[:, None, :], problem.ends[:, None, :]
    part = np.clip(x[:, :, None] - (ends - kt), 0.0, kt)
    whole = (kt > 0.0) & (x[:, :, None] >= ends - _EDGE * kt)
    use = (part * problem.use[:, None, :]).sum(axis=2)
    loss = (part * problem.loss[:, None, :] + np.where(whole, problem.jump[:, None, :], 0.0)).sum(axis=2)
    flat = cleared(facts, lines, (problem.others[:, None] + x).ravel(), np.repeat(problem.held, shape[1], axis=0))
    market = Market(*(values.reshape(shape) for values in (flat.fall, flat.rise, flat.relief)))
    running, using = problem.total - x, (problem.kt * problem.use).sum(axis=1)[:, None] - use
    return facts.annuity * (running * market.rise + using * market.relief) - loss, market


def best(facts: Facts, lines: Lines, problem: Problem) -> tuple[Floats, Floats]:
    """Return the best tonnes and their payoff, thousand, [M] each.

    Problems with as many places to look at are looked at together, some millions of numbers at a time.
    """
    x = _distinct(_candidates(facts, lines, problem))
    width = 1 + np.count_nonzero(x > 0.0, axis=1)
    order = np.argsort(width, kind="stable")
    at, most = np.empty(x.shape[0]), np.empty(x.shape[0])
    first = 0
    while first < order.size:
        across = max(lines.at.shape[1], problem.kt.shape[1])
        last = first + 1
        while last < order.size and (last + 1 - first) * int(width[order[last]]) * across <= _TOGETHER:
            last += 1
        rows = order[first:last]
        at[rows], most[rows] = _best(facts, lines, _some(problem, rows), x[rows, -int(width[rows[-1]]) :])
        first = last
    return at, most


def _some(problem: Problem, rows: Integers) -> Problem:
    """Return some of the problems, without places for pieces that none of them has."""
    used = np.flatnonzero((problem.kt[rows] > 0.0).any(axis=0))
    width = 1 + int(used.max(initial=0))
    return Problem(
        kt=problem.kt[rows, :width], line=problem.line[rows, :width], loss=problem.loss[rows, :width],
        jump=problem.jump[rows, :width], use=problem.use[rows, :width], ends=problem.ends[rows, :width],
        others=problem.others[rows], held=problem.held[rows], least=problem.least[rows],
    )  # fmt: skip


def _distinct(x: Floats) -> Floats:
    """Return ascending rows that begin at 0 with what repeats as another 0, [M, C]."""
    return np.sort(np.where(np.diff(x, axis=1, prepend=-1.0) > 0.0, x, 0.0), axis=1)


def _best(facts: Facts, lines: Lines, problem: Problem, x: Floats) -> tuple[Floats, Floats]:
    """Return the same, looking at tonnes x [M, C], ascending, and at what lies between them."""
    value, market = value_at(facts, lines, problem, x)
    a, b = x[:, :-1], x[:, 1:]
    middle = 0.5 * (a + b)
    piece = _piece_at(problem, middle)
    lined = (np.take_along_axis(problem.line, piece, axis=1) > 0.0) & (middle < problem.total)
    open_ = (b - a > _EDGE * np.maximum(problem.total, 1e-300)) & ~lined
    more = _roots(facts, problem, a, b, market, piece, open_)
    if facts.steps.size:
        more = np.concatenate([more, np.where(open_, a + KEPT_ON * (b - a), np.nan)], axis=1)
    more = np.sort(more, axis=1)  # nan last
    more = more[:, : max(1, int((~np.isnan(more)).sum(axis=1).max(initial=0)))]
    more = np.where(np.isnan(more), x[:, :1], more)
    other, _ = value_at(facts, lines, problem, more)
    every, values = np.concatenate([x, more], axis=1), np.concatenate([value, other], axis=1)
    values = np.where(every >= problem.least[:, None] * (1.0 - 1e-12), values, -np.inf)
    row, top = np.arange(x.shape[0], dtype=np.int64), values.argmax(axis=1)
    return every[row, top], values[row, top]


def slopes(facts: Facts, lines: Lines, problem: Problem, x: Floats) -> tuple[Floats, Floats]:
    """Return the slope of the payoff just below and just above tonnes x [M], money/t a year.

    0 on a side where there is none: at an end, within a line, where a lump sum is lost or a step of relief begins.
    """
    total = problem.ends[:, -1]
    near = _EDGE * total
    _, here = value_at(facts, lines, problem, x[:, None])
    lump = np.where(problem.jump > 0.0, problem.ends, -np.inf)
    edge = (np.abs(lump - x[:, None]) <= 2.0 * KEPT_ON * problem.kt).any(axis=1)
    fall = here.fall[:, 0]
    _, lower = value_at(facts, lines, problem, np.maximum(x - 1e-5 * facts.quantity, 0.0)[:, None])
    stepped = here.relief[:, 0] > lower.relief[:, 0] * (1.0 + _EDGE)
    sides: list[Floats] = []
    for sign in (-1.0, 1.0):
        far = np.clip(x + 2.0 * sign * near, 0.0, total)
        inside = (x + 2.0 * sign * near == far) & ~edge & ~((sign < 0.0) & stepped)
        _, there = value_at(facts, lines, problem, far[:, None])
        moves = np.abs(there.fall[:, 0] - fall) > near
        piece = _piece_at(problem, (0.5 * (x + far))[:, None])
        use, loss, line = (
            np.take_along_axis(of, piece, axis=1)[:, 0] for of in (problem.use, problem.loss, problem.line)
        )
        middle = 0.5 * (there.fall[:, 0] + fall)
        growth = np.where(moves, on_stretch(facts, fall, middle)[1], 0.0)
        slope = (total - x) * growth - here.rise[:, 0] - use * there.relief[:, 0] - loss / facts.annuity
        sides.append(np.where(inside & (line <= 0.0), slope, 0.0))
    return sides[0], sides[1]


def _candidates(facts: Facts, lines: Lines, problem: Problem) -> Floats:
    """Return every place where the payoff bends or jumps, ascending; what is none of them repeats another, [M, C]."""
    kt, ends, total = problem.kt, problem.ends, problem.total
    begins = ends - kt
    least = np.minimum(np.maximum(problem.least[:, None], 0.0), total)
    edges = [np.zeros_like(total), ends]
    lump = (problem.jump > 0.0) & (problem.line <= 0.0)
    if lump.any():
        edges.append(np.where(lump, ends - KEPT_ON * kt, total))
    lined = problem.line > 0.0
    count = int(np.ceil(np.where(lined, kt / np.where(lined, problem.line, 1.0), 0.0)).max(initial=0.0))
    for k in range(1, count):
        edges.append(np.where(lined, np.minimum(begins + k * problem.line, ends), total))
    owner = np.broadcast_to(lines.owner, (kt.shape[0], lines.at.shape[1]))
    free = np.where(np.take_along_axis(problem.held, owner, axis=1), 0.0, lines.kt)
    back = free.cumsum(axis=1)
    answers = (free > 0.0) & np.isfinite(lines.at)
    market = [np.where(answers, lines.at + end, -np.inf) for end in (back - free, back)]
    kinks = np.append(facts.steps, headroom_fall(facts))
    kinks = kinks[np.isfinite(kinks)]
    if kinks.size:
        before = np.where(lines.at[:, None, :] < kinks[:, None], free[:, None, :], 0.0).sum(axis=2)
        market.append(kinks + before)
    x = np.concatenate([np.concatenate(market, axis=1) - problem.others[:, None], least], axis=1)
    within = (x > 0.0) & (x < total)
    if lined.any():
        within &= np.take_along_axis(problem.line, _piece_at(problem, x), axis=1) <= 0.0
    return np.sort(np.concatenate([*edges, np.where(within, x, 0.0)], axis=1), axis=1)


def _piece_at(problem: Problem, x: Floats) -> Integers:
    """Return the piece that tonnes x lie in, [M, C]."""
    found = np.empty(x.shape, dtype=np.int64)
    for row, ends in enumerate(problem.ends):
        found[row] = np.searchsorted(ends, x[row], side="right")
    return np.minimum(found, problem.ends.shape[1] - 1)


def _roots(
    facts: Facts, problem: Problem, a: Floats, b: Floats, market: Market, piece: Integers, open_: Flags
) -> Floats:
    """Return where the slope passes from above 0 to below it between neighbours; nan in place of none, [M, some]."""
    q_a, q_b = market.fall[:, :-1], market.fall[:, 1:]
    bought = 0.5 * (q_a + q_b) < facts.quantity  # beyond it no number
    row, c = np.nonzero(open_ & bought & (q_b - q_a > 0.5 * (b - a)))
    first, last, q = a[row, c], b[row, c], q_a[row, c]
    middle = 0.5 * (q + q_b[row, c])
    total = problem.total[row, 0]
    use, loss = problem.use[row, piece[row, c]], problem.loss[row, piece[row, c]]
    relief = np.append(0.0, facts.relief)[np.searchsorted(facts.steps, middle)]

    def slope(x: Floats, which: Integers) -> Floats:
        rise, growth = on_stretch(facts, q[which] + (x - first[which]), middle[which])
        return facts.annuity * ((total[which] - x) * growth - rise - use[which] * relief[which]) - loss[which]

    parts = _PARTS if facts.isoelastic else 1
    every = np.arange(row.size)
    ends = [first + (last - first) * (k / parts) for k in range(parts + 1)]
    at = [slope(x, every) for x in ends]
    found = np.full((a.shape[0], 1 + parts * a.shape[1]), np.nan)
    for k in range(parts):
        which = np.flatnonzero((at[k] > 0.0) & (at[k + 1] < 0.0))
        if which.size:
            x = roots_of(lambda y, which=which: slope(y, which), ends[k][which], ends[k + 1][which])
            found[row[which], 1 + c[which] * parts + k] = x
    return found


def roots_of(slope: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return the roots of a slope that is above 0 at ``low`` and below it at ``high``: regula falsi, Illinois."""
    at_low, at_high = slope(low), slope(high)
    x, side = low, np.zeros(low.shape)
    for _ in range(_ROOT_STEPS):
        new = low + (high - low) * at_low / (at_low - at_high)
        if bool((np.abs(new - x) <= 1e-16 * high).all()):
            break
        x, at = new, slope(new)
        above = at >= 0.0
        at_high = np.where(above & (side > 0.0), 0.5 * at_high, np.where(above, at_high, at))
        at_low = np.where(~above & (side < 0.0), 0.5 * at_low, np.where(above, at, at_low))
        low, high = np.where(above, x, low), np.where(above, high, x)
        side = np.where(above, 1.0, -1.0)
    return x
