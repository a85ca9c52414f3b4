r"""Payoffs of repeated two-player games: every pair that a pure-strategy subgame-perfect equilibrium can give.

With stage payoffs g, h_i(a) = (1 - delta)/delta [max_b g_i(b, a_-i) - g_i(a)] and threats u, one round is

    R(W, u) = co union over a of (1 - delta) g(a) + delta C(a, W, u)

where C is g(a) itself if g(a) lies in W and g(a) >= u + h(a), and otherwise those extreme points of W above u + h(a)
at which one of the two constraints binds (at most four). From the convex hull of all payoffs the rounds fall to the
set, and u rises to its corner. Public randomisation is allowed. Source: Abreu and Sannikov (2014), Theoretical
Economics 9, pp. 313-338.
"""

from __future__ import annotations

__all__ = ["EMPTY", "SETTLED", "UNSETTLED", "PayoffPolygon", "two_player_payoffs"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.numerics.compilation import kernel

Floats = NDArray[np.float64]

SETTLED, UNSETTLED, EMPTY = 0, 1, 2
CLOSE = 1e-11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PayoffPolygon:
    """A convex set of payoff pairs.

    Attributes:
        vertices: counterclockwise from the leftmost, shape (vertices, 2); none where no pure equilibrium exists.
        threat: worst payoff of each player in the set, shape (2,).
        rounds: of the operator.
        status: SETTLED, UNSETTLED (rounds ran out) or EMPTY.
    """

    vertices: Floats
    threat: Floats
    rounds: int
    status: int


def two_player_payoffs(
    payoffs: Floats, delta: float, *, tolerance: float = 1e-13, rounds: int = 100_000
) -> PayoffPolygon:
    """Find all average payoffs of pure subgame-perfect equilibria of a two-player game played for ever.

    Args:
        payoffs: of both players, shape (2, rows, columns); the first player picks the row.
        delta: discount factor, above 0 and below 1.
        tolerance: largest move of a vertex in the last round, relative to the spread of payoffs.
        rounds: at most.

    Examples:
        The prisoners' dilemma of a patient pair: from mutual defection to full cooperation.

        >>> dilemma = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
        >>> two_player_payoffs(dilemma, 0.9).vertices.round(9).tolist()
        [[3.0, 3.0], [9.75, 3.0], [9.0, 9.0], [3.0, 9.75]]
    """
    origin = payoffs.reshape(2, -1).min(axis=1)
    scale = max(float((payoffs.reshape(2, -1).max(axis=1) - origin).max()), 1e-300)
    stage = np.ascontiguousarray((payoffs - origin[:, None, None]) / scale, dtype=np.float64)
    gain = np.empty_like(stage)
    gain[0] = (stage[0].max(axis=0)[None, :] - stage[0]) * ((1.0 - delta) / delta)
    gain[1] = (stage[1].max(axis=1)[:, None] - stage[1]) * ((1.0 - delta) / delta)
    threat = np.array([stage[0].max(axis=0).min(), stage[1].max(axis=1).min()])
    g, h = (np.ascontiguousarray(array.reshape(2, -1).T) for array in (stage, gain))
    room = np.empty((8 * g.shape[0] + 8, 2))
    count, done, status = settle(g, h, float(delta), threat, room, float(tolerance), rounds)
    vertices = _corners(room[:count]) * scale + origin
    vertices.setflags(write=False)
    worst = vertices.min(axis=0) if count else threat * scale + origin
    return PayoffPolygon(vertices=vertices, threat=worst, rounds=int(done), status=int(status))


def _corners(shape: Floats) -> Floats:
    """Drop vertices that lie on the line between their neighbours but for rounding."""
    kept = list(range(shape.shape[0]))
    for k in range(shape.shape[0]):
        if len(kept) < 3 or k not in kept:
            continue
        place = kept.index(k)
        before, after = shape[kept[place - 1]], shape[kept[(place + 1) % len(kept)]]
        along, to = after - before, shape[k] - before
        if (
            abs(along[0] * to[1] - along[1] * to[0]) <= 1e-10 * float(np.hypot(*along))
            and 0.0 < along @ to < along @ along
        ):
            kept.remove(k)
    return np.ascontiguousarray(shape[kept])


@kernel
def hull(points: Floats, count: int, out: Floats) -> int:
    """Write the counterclockwise convex hull of the first ``count`` points, which it sorts; return its size."""
    gap = count // 2
    while gap > 0:  # shell sort, by the first coordinate, then the second
        for i in range(gap, count):
            x, y = points[i, 0], points[i, 1]
            j = i
            while j >= gap and (points[j - gap, 0] > x or (points[j - gap, 0] == x and points[j - gap, 1] > y)):
                points[j, 0], points[j, 1] = points[j - gap, 0], points[j - gap, 1]
                j -= gap
            points[j, 0], points[j, 1] = x, y
        gap //= 2
    size = 0
    start = 1
    for k in range(2 * count - 1):
        i = k if k < count else 2 * count - 2 - k
        if k == count:
            start = size
        while size > start:
            ax, ay = out[size - 1, 0] - out[size - 2, 0], out[size - 1, 1] - out[size - 2, 1]
            bx, by = points[i, 0] - out[size - 1, 0], points[i, 1] - out[size - 1, 1]
            if ax * by - ay * bx > 0.0:
                break
            size -= 1
        out[size, 0], out[size, 1] = points[i, 0], points[i, 1]
        size += 1
    if count > 1:
        size -= 1
    kept = 0
    for i in range(size):  # drop what rounding left: doubles, and points on the line between their neighbours
        x, y = out[i, 0], out[i, 1]
        if kept > 0 and abs(x - out[kept - 1, 0]) <= CLOSE and abs(y - out[kept - 1, 1]) <= CLOSE:
            continue
        if kept > 0 and i + 1 < size:
            ax, ay = x - out[kept - 1, 0], y - out[kept - 1, 1]
            bx, by = out[i + 1, 0] - x, out[i + 1, 1] - y
            if abs(ax * by - ay * bx) <= 1e-14 * (abs(ax) + abs(ay)) and ax * bx + ay * by > 0.0:
                continue
        out[kept, 0], out[kept, 1] = x, y
        kept += 1
    if kept > 1 and abs(out[kept - 1, 0] - out[0, 0]) <= CLOSE and abs(out[kept - 1, 1] - out[0, 1]) <= CLOSE:
        kept -= 1
    return kept


@kernel
def clip(shape: Floats, count: int, axis: int, bound: float, out: Floats) -> int:
    """Write the part of a convex polygon with ``coordinate[axis] >= bound``; return its size."""
    size = 0
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        here, there = shape[i, axis] - bound, shape[j, axis] - bound
        if here >= -CLOSE:
            out[size, 0], out[size, 1] = shape[i, 0], shape[i, 1]
            if abs(here) <= CLOSE:
                out[size, axis] = bound
            size += 1
        if (here > CLOSE and there < -CLOSE) or (here < -CLOSE and there > CLOSE):
            part = here / (here - there)
            other = 1 - axis
            out[size, axis] = bound
            out[size, other] = shape[i, other] + part * (shape[j, other] - shape[i, other])
            size += 1
    return size


@kernel
def beyond(shape: Floats, count: int, x: float, y: float) -> float:
    """Return how far a point lies outside a convex polygon, a segment or a point."""
    nearest, within = np.inf, count > 2
    for i in range(count):
        j = i + 1 if i + 1 < count else 0
        ax, ay = shape[j, 0] - shape[i, 0], shape[j, 1] - shape[i, 1]
        bx, by = x - shape[i, 0], y - shape[i, 1]
        if ax * by - ay * bx < 0.0:
            within = False
        length = ax * ax + ay * ay
        part = min(max((ax * bx + ay * by) / length, 0.0), 1.0) if length > 0.0 else 0.0
        nearest = min(nearest, np.hypot(bx - part * ax, by - part * ay))
    return 0.0 if within else nearest


@kernel
def settle(
    g: Floats, h: Floats, delta: float, threat: Floats, room: Floats, tolerance: float, rounds: int
) -> tuple[int, int, int]:
    """Apply R until vertices and threats rest; leave the vertices in ``room``.

    Args:
        g, h: payoffs and deviation gains by action pair, shape (pairs, 2).
        threat: shape (2,), changed.
        room: shape (8 pairs + 8, 2), receives the vertices.

    Returns:
        number of vertices, rounds done, status.
    """
    pairs = g.shape[0]
    width = room.shape[0]
    points = np.empty((width, 2))
    fresh = np.empty((width, 2))
    parts = np.empty((3, width + 8, 2))
    for a in range(pairs):
        points[a, 0], points[a, 1] = g[a, 0], g[a, 1]
    total, count, moved = pairs, 0, 1.0
    for done in range(rounds + 1):
        size = hull(points, total, fresh)
        for k in range(count):
            moved = max(moved, beyond(fresh, size, room[k, 0], room[k, 1]))
        for k in range(size):
            room[k, 0], room[k, 1] = fresh[k, 0], fresh[k, 1]
        count = size
        if moved <= tolerance:
            return count, done, SETTLED
        total, moved = 0, 0.0
        for a in range(pairs):
            if (
                g[a, 0] >= threat[0] + h[a, 0] - 1e-14
                and g[a, 1] >= threat[1] + h[a, 1] - 1e-14
                and beyond(room, count, g[a, 0], g[a, 1]) <= CLOSE
            ):
                points[total, 0], points[total, 1] = g[a, 0], g[a, 1]
                total += 1
                continue
            size = count
            for k in range(count):
                parts[0, k, 0], parts[0, k, 1] = room[k, 0], room[k, 1]
            for axis in range(2):
                size = clip(parts[axis], size, axis, threat[axis] + h[a, axis], parts[axis + 1])
            found = 0
            for k in range(size):
                if parts[2, k, 0] != threat[0] + h[a, 0] and parts[2, k, 1] != threat[1] + h[a, 1]:
                    continue
                x = delta * parts[2, k, 0] + (1.0 - delta) * g[a, 0]
                y = delta * parts[2, k, 1] + (1.0 - delta) * g[a, 1]
                known = found == 4
                for m in range(total - found, total):
                    known = known or (points[m, 0] == x and points[m, 1] == y)
                if not known:
                    points[total, 0], points[total, 1] = x, y
                    total, found = total + 1, found + 1
        if total == 0:
            return 0, done + 1, EMPTY
        for axis in range(2):
            low = points[0, axis]
            for k in range(total):
                low = min(low, points[k, axis])
            moved = max(moved, low - threat[axis])
            threat[axis] = max(threat[axis], low)
    return count, rounds, UNSETTLED
