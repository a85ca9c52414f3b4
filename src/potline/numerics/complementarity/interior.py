r"""A primal-dual interior path for mixed complementarity: robust where the start says nothing about the answer.

With a worth w of each lower bound and v of each upper one, Newton's method follows the points where

    F(y) - w + v = 0,   w (y - l) = mu,   v (u - y) = mu

as mu falls to 0, by Mehrotra's predictor and corrector with one common step length, since F is not a gradient. The
matrix of each step is ``J + diag(w / (y - l) + v / (u - y))``. Near the end of the path Newton's method on the free
variables takes over.
"""

from __future__ import annotations

__all__ = ["follow_interior_path"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.complementarity.newton import Outcome, finish, newton
from potline.numerics.complementarity.scaled import NOT_FINITE, SINGULAR, SOLVED, STALLED, ScaledProblem, Solve

Floats = NDArray[np.float64]

_NEAREST = 0.995
_HANDOVERS = (1e-6, 1e-8, 1e-10, 1e-12, 1e-14, 1e-16)


def follow_interior_path(view: ScaledProblem, start: Floats, tolerance: float, limit: int) -> Outcome:
    """Follow the path from inside the box near ``start`` (scaled) and finish by Newton."""
    wide = view.upper > view.lower
    below, above = view.bounded_below & wide, view.bounded_above & wide
    fixed = ~wide
    y: Floats = _inside(view, start)
    value = view.evaluate(y)
    if not np.all(np.isfinite(value)):
        return Outcome(point=start, residual=np.inf, status=NOT_FINITE, iterations=0)
    w: Floats = np.where(below, np.maximum(value, 1.0), 0.0)
    v: Floats = np.where(above, np.maximum(-value, 1.0), 0.0)
    best = Outcome(point=y, residual=view.residual(y, value), status=STALLED, iterations=0)
    pairs = max(1, int(below.sum() + above.sum()))
    handover, short, turn = 0, 0, 0
    dy: Floats
    dw: Floats
    dv: Floats
    bend_w: Floats | float
    bend_v: Floats | float
    for turn in range(limit):
        s = np.where(below, y - view.lower, 1.0)
        t = np.where(above, view.upper - y, 1.0)
        mu = float(w @ s + v @ t) / pairs
        gap = value - w + v
        error = float(np.abs(np.where(fixed, 0.0, gap)).max())
        reached = sum(max(mu, 1e-3 * error) <= level for level in _HANDOVERS)
        if reached > handover:
            handover = reached
            point = _rounded(view, y, w, v)
            best = _better(best, finish(view, point, view.evaluate(point), tolerance, 0, limit=8), turn)
            if best.status == SOLVED:
                return best
        if short >= 6 or reached == len(_HANDOVERS):
            break
        entries = view.jacobian(y)
        if not np.all(np.isfinite(entries)):
            break
        solve = _factored(view, entries, fixed, w / s + v / t)
        if solve is None:
            return Outcome(point=best.point, residual=best.residual, status=SINGULAR, iterations=turn)
        dy = dw = dv = np.zeros(y.size)
        target, bend_w, bend_v, length = 0.0, 0.0, 0.0, 0.0
        for predictor in (True, False):
            pull = np.where(below, (target - bend_w) / s, 0.0)
            push = np.where(above, (target - bend_v) / t, 0.0)
            dy = solve(np.where(fixed, 0.0, -value + pull - push))
            dw = np.where(below, pull - w - w / s * dy, 0.0)
            dv = np.where(above, push - v + v / t * dy, 0.0)
            reaches = _reach(s, dy, below), _reach(t, -dy, above), _reach(w, dw, below), _reach(v, dv, above)
            length = float(min(1.0, *reaches))
            if predictor:
                after = float(_moved(w, length, dw) @ (s + length * dy * below))
                after += float(_moved(v, length, dv) @ (t - length * dy * above))
                target = _target(after / (pairs * mu), mu, error)
                bend_w, bend_v = dy * dw, -dy * dv
        if not np.isfinite(length):
            break
        length *= _NEAREST
        for _ in range(10):
            trial: Floats = _moved(y, length, dy)
            there = view.evaluate(trial)
            ahead = np.where(fixed, 0.0, there - (w + length * dw) + (v + length * dv))
            if np.all(np.isfinite(there)) and float(np.abs(ahead).max()) <= max((1.0 - 0.1 * length) * error, mu):
                break
            length *= 0.5
        else:
            break
        y, value = trial, there
        w, v = _moved(w, length, dw), _moved(v, length, dv)
        short = short + 1 if length < 0.3 else 0
    return _better(best, newton(view, _rounded(view, y, w, v), tolerance, 40), turn)


def _factored(view: ScaledProblem, entries: Floats, fixed: NDArray[np.bool_], barrier: Floats) -> Solve | None:
    """Factor the matrix of a step, moved off a singular one; None where that does not help either."""
    if np.any(fixed):
        entries = np.where(fixed[view.rows], 0.0, entries)
    entries = entries.copy()
    entries[view.diagonal] += barrier + fixed
    solve = view.factor_pattern(entries)
    if solve is None:
        entries[view.diagonal] += 1e-2
        solve = view.factor(view.matrix(entries), careful=True)
    return solve


def _target(left: float, mu: float, error: float) -> float:
    """Return Mehrotra's mu to aim at, ``left`` the share of mu after the predictor; no lower than the error allows."""
    target = mu * max(min(1.0, max(0.0, left)) ** 3, 1e-4)
    return max(target, 0.1 * min(error, mu))


def _inside(view: ScaledProblem, start: Floats) -> Floats:
    """Move a point off its bounds by 1 in the scale, or a quarter of the way across."""
    room = np.minimum(1.0, 0.25 * (view.upper - view.lower))
    return np.clip(start, view.lower + room, view.upper - room)


def _moved(point: Floats, length: float, step: Floats) -> Floats:
    return point + length * step


def _rounded(view: ScaledProblem, y: Floats, w: Floats, v: Floats) -> Floats:
    """Put what is nearer to its bound than the bound's worth on the bound."""
    low = view.bounded_below & (y - view.lower < w)
    high = view.bounded_above & (view.upper - y < v)
    return np.clip(np.where(low, view.lower, np.where(high, view.upper, y)), view.lower, view.upper)


def _reach(value: Floats, step: Floats, where: NDArray[np.bool_]) -> float:
    """Return the longest step that keeps ``value`` at 0 or above."""
    falling = where & (step < 0.0)
    return float((-value[falling] / step[falling]).min(initial=np.inf))


def _better(best: Outcome, found: Outcome, turn: int) -> Outcome:
    kept = found if found.status == SOLVED or found.residual < best.residual else best
    return Outcome(point=kept.point, residual=kept.residual, status=kept.status, iterations=turn + found.iterations)
