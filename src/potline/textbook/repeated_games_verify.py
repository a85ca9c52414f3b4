r"""Check what a repeated game can give, from both sides, and that a game said to have no equilibrium has none.

Without side payments: every vertex stated is attained by some action pair and a continuation inside the set
(self-generation), and no payoff lies beyond, because an outer bound by half-planes along its own edges reaches no
further. With them: the contracts stated leave nobody a gain, and the descent that drops every profile whose promises
cost more than the most that any contract could be worth ends at the same sum and the same worst payoffs.
"""

from __future__ import annotations

__all__ = ["prove_empty", "verify_payoffs"]

import numpy as np
from numpy.typing import NDArray

from potline.numerics.repeated.check import outer_gap, outer_supports, self_generation_gap, supports
from potline.numerics.repeated.transfers import Contracts, contract_gap
from potline.textbook.payoffs import PayoffSet
from potline.verification import Check, Checked

Floats = NDArray[np.float64]


def verify_payoffs(result: PayoffSet, tolerance: float = 1e-9) -> Checked:
    """Return the certificate of a payoff set.

    Args:
        result: the answer.
        tolerance: what is allowed, relative to the spread of payoffs.
    """
    vertices = np.asarray(result.vertices_m, dtype=np.float64)
    if not np.isfinite(vertices).all() or vertices.ndim != 2:
        return Checked((Check(name="vertices", value=np.nan, tolerance=0.0, method="finite numbers"),))
    return Checked(tuple(_with_payments(result, tolerance) if result.transfers else _pair(result, tolerance)))


def prove_empty(payoffs: Floats, factor: float, *, transfers: bool) -> bool:
    """Return whether no pure equilibrium exists: the bound from outside, or the descent, comes to nothing."""
    if transfers:
        return bool(np.isnan(_descent(payoffs, factor)[0]))
    _, reach = outer_supports(payoffs, factor, directions=64)
    return bool(np.all(np.isneginf(reach)))


def _spread(payoffs: Floats) -> float:
    flat = payoffs.reshape(payoffs.shape[0], -1)
    return max(float(np.ptp(flat, axis=1).max()), 1e-300)


def _pair(result: PayoffSet, tolerance: float) -> list[Check]:
    payoffs, vertices, factor = result.game.payoffs_m, result.vertices_m, result.factor
    scale = _spread(payoffs)
    rows = [
        Check(name="order of vertices", value=float(_turns(vertices)), tolerance=0.0, unit="vertices"),
        Check(
            name="attained", value=self_generation_gap(payoffs, factor, vertices), tolerance=tolerance,
            method="every vertex by an action pair and a continuation inside",
        ),
        Check(
            name="nothing beyond", value=outer_gap(payoffs, factor, vertices), tolerance=10.0 * tolerance,
            method="half-planes along the edges, moved in until they rest",
        ),
        Check(name="worst payoffs", value=_apart(result.worst_m, vertices.min(axis=0)) / scale, tolerance=tolerance),
        Check(
            name="joint payoff", tolerance=tolerance,
            value=abs(result.joint_m - float(vertices.sum(axis=1).max())) / scale,
        ),
    ]  # fmt: skip
    gap = np.nan
    if result.outer_directions:
        way, reach = outer_supports(payoffs, factor, directions=result.outer_directions)
        gap = float((reach - supports(vertices, way)).max()) / scale
    rows.append(_outer(result, gap, tolerance))
    return rows


def _outer(result: PayoffSet, found: float, tolerance: float) -> Check:
    """Return the row of the outer gap stated; not a number where none was asked for."""
    apart = 0.0 if np.isnan(found) and np.isnan(result.outer_gap) else abs(result.outer_gap - found)
    return Check(name="outer gap", value=apart, tolerance=10.0 * tolerance)


def _turns(vertices: Floats) -> int:
    """Count what is out of order: a start that is not leftmost, and corners that do not turn counterclockwise."""
    first = np.lexsort((vertices[:, 1], vertices[:, 0]))[0]
    if vertices.shape[0] < 3:
        return int(first != 0)
    edge = np.roll(vertices, -1, axis=0) - vertices
    after = np.roll(edge, -1, axis=0)
    return int(first != 0) + int(np.sum(edge[:, 0] * after[:, 1] - edge[:, 1] * after[:, 0] <= 0.0))


def _with_payments(result: PayoffSet, tolerance: float) -> list[Check]:
    payoffs, factor, count = result.game.payoffs_m, result.factor, len(result.game.players)
    scale = _spread(payoffs)
    joint, worst = _descent(payoffs, factor)
    spare = joint - float(worst.sum())
    corners = np.vstack([worst, worst + spare * np.eye(count)])
    places = [_place(profile, payoffs.shape[1:]) for profile in (result.profile, *result.punishments)]
    gap = np.nan
    if all(place >= 0 for place in places) and len(places) == count + 1:
        stated = Contracts(
            joint=result.joint_m, worst=np.array(result.worst_m), profile=places[0],
            punishments=np.array(places[1:]), liquidity=np.nan,
        )  # fmt: skip
        gap = max(
            contract_gap(payoffs, factor, stated),
            abs(float(payoffs.reshape(count, -1)[:, places[0]].sum()) - result.joint_m) / scale,
        )
    return [
        Check(name="contracts", value=gap, tolerance=tolerance, method="every one-shot deviation and every payment"),
        Check(name="joint payoff", value=abs(result.joint_m - joint) / scale, tolerance=tolerance),
        Check(name="worst payoffs", value=_apart(result.worst_m, worst) / scale, tolerance=tolerance),
        Check(name="vertices", value=_apart(result.vertices_m, corners) / scale, tolerance=tolerance),
        _outer(result, np.nan, tolerance),
    ]


def _apart(stated: Floats | tuple[float, ...], found: Floats) -> float:
    given = np.asarray(stated, dtype=np.float64)
    return float(np.max(np.abs(given - found))) if given.shape == found.shape else np.inf


def _place(profile: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """Return the flat index of a profile; -1 where it is none."""
    known = len(profile) == len(shape) and all(a in range(n) for a, n in zip(profile, shape, strict=True))
    return int(np.ravel_multi_index(tuple(int(a) for a in profile), shape)) if known else -1


def _descent(payoffs: Floats, factor: float) -> tuple[float, Floats]:
    """Return the largest sum and the worst payoffs that contracts with payments can give; nan where none exists.

    A profile can be played only if its temptations cost no more than ``factor / (1 - factor)`` times the best sum less
    the worst payoffs of what may still be played. Dropping those that cost more only lowers that.
    """
    count = payoffs.shape[0]
    best = np.stack([np.broadcast_to(payoffs[i].max(axis=i, keepdims=True), payoffs.shape[1:]) for i in range(count)])
    tempts, total = (best - payoffs).sum(axis=0), payoffs.sum(axis=0)
    alive = np.ones(total.shape, dtype=np.bool_)
    room = 1e-12 * max(float(np.abs(payoffs).max()), 1e-300)
    while alive.any():
        worst = np.array([best[i][alive].min() for i in range(count)])
        most = factor / (1.0 - factor) * (float(total[alive].max()) - float(worst.sum()))
        kept = alive & (tempts <= most + room)
        if np.array_equal(kept, alive):
            return float(total[alive].max()), worst
        alive = kept
    return float("nan"), np.zeros(count) + np.nan
