r"""Checks of a nucleolus and of statements about the core; nothing here is shared with the programs that found them.

Kohlberg's test. Let B(t) be the coalitions that complain by t or more at x. Payoffs x with ``x(N) = v(N)`` are the
prenucleolus exactly when every B(t) is balanced: positive weights exist with ``sum w_S 1_S = 1_N``. With payoffs held
to ``x_i >= v_i``, those at their bound may join with weights of 0 or more (the nucleolus). It is enough to walk down
the levels, look only at coalitions outside the span of those already balanced, and stop at full rank: n - 1 levels at
most.

T is balanced together with bounds B, given the span L of what went before, exactly when ``-sum over T of 1_S`` lies in
the cone of T and B plus L. The distance to that cone is found by non-negative least squares (Lawson & Hanson 1974,
chapter 23).

Coalitions within a tolerance of a level are taken to tie. Where the test passes, x is the exact nucleolus of a game
whose worths differ from those given by no more than ``moved``.

Sources: Kohlberg (1971), SIAM Journal on Applied Mathematics 20, p. 62; fewer levels: Nguyen (2016), Simplifying the
Kohlberg criterion on the nucleolus.
"""

from __future__ import annotations

__all__ = ["KohlbergTest", "combination_error", "kohlberg_test", "largest_complaint"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

IN_SPAN = 1e-6
BALANCED = 1e-7
CHUNK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class KohlbergTest:
    """What the test found; amounts in units of worth.

    Attributes:
        efficiency_gap: ``|x(N) - v(N)|``.
        bound_gap: largest ``v_i - x_i``, 0 where no bounds are asked for.
        moved: by how much a worth must change at most for coalitions taken to tie to do so exactly.
        levels: walked down.
        balanced: whether every one was; if not, the last was not.
        imbalance: largest distance to the cone, relative to the number of coalitions at the level.
    """

    efficiency_gap: float
    bound_gap: float
    moved: float
    levels: int
    balanced: bool
    imbalance: float


def kohlberg_test(worth: Floats, payoff: Floats, *, bounded: bool, tolerance: float) -> KohlbergTest:
    """Test whether payoffs are the nucleolus (``bounded``) or the prenucleolus of a game.

    Args:
        worth: v, float[2**n].
        payoff: x, float[n].
        bounded: payoffs are held to ``x_i >= v_i``.
        tolerance: complaints and bounds within it are taken to tie, in units of worth.

    Examples:
        >>> worth = np.array([0.0, 1.0, 2.0, 9.0])
        >>> kohlberg_test(worth, np.array([4.0, 5.0]), bounded=True, tolerance=1e-9).balanced
        True
        >>> kohlberg_test(worth, np.array([5.0, 4.0]), bounded=True, tolerance=1e-9).balanced
        False
    """
    n = payoff.size
    complaint = worth - np.array(_sums(payoff))
    single = 1 << np.arange(n)
    at_bound = np.flatnonzero(complaint[single] >= -tolerance) if bounded else np.zeros(0, dtype=np.int64)
    span = np.full((n, 1), n**-0.5)
    bounds = np.eye(n)[:, at_bound]
    order = 1 + np.argsort(-complaint[1:-1], kind="stable")
    ordered, start = -complaint[order], 0
    moved, imbalance, levels, balanced = 0.0, 0.0, 0, True
    while span.shape[1] < n and balanced:
        while not (outside := _outside(order[start : start + CHUNK], span)).any():
            start += CHUNK
        start += int(np.argmax(outside))
        top = -float(ordered[start])
        tied = order[start : np.searchsorted(ordered, tolerance - top, side="right")]
        tied = tied[_outside(tied, span)]
        moved = max(moved, float(top - complaint[tied].min()))
        rows = (tied[None, :] >> np.arange(n)[:, None] & 1).astype(np.float64)
        inside, held = _away(rows, span), _away(bounds, span)
        miss, weight = _cone_distance(np.hstack([inside, held]), -inside.sum(axis=1))
        imbalance = max(imbalance, miss / tied.size)
        balanced = miss <= BALANCED * tied.size
        levels += 1
        span = _basis(np.hstack([span, inside, held[:, weight[tied.size :] > BALANCED]]))
    return KohlbergTest(
        efficiency_gap=abs(float(complaint[-1])),
        bound_gap=max(0.0, float(complaint[single].max())) if bounded else 0.0,
        moved=moved,
        levels=levels,
        balanced=bool(balanced),
        imbalance=imbalance,
    )


def largest_complaint(worth: Floats, payoff: Floats) -> float:
    """Return the largest ``v(S) - x(S)`` over coalitions other than none and all; minus infinity for one player.

    Examples:
        >>> largest_complaint(np.array([0.0, 1.0, 2.0, 9.0]), np.array([4.0, 5.0]))
        -3.0
    """
    return float((worth - np.array(_sums(payoff)))[1:-1].max(initial=-np.inf))


def combination_error(weights: Floats, target: Floats) -> float:
    """Return the largest error of ``sum w_S 1_S = target`` and of ``w_S >= 0`` for S other than all players.

    Examples:
        >>> combination_error(np.array([0.0, 1.0, 1.0, 0.0]), np.ones(2))
        0.0
    """
    used = np.flatnonzero(weights)
    total = np.zeros(target.size)
    for i in range(target.size):
        total[i] = weights[used[used >> i & 1 == 1]].sum()
    return max(float(np.abs(total - target).max()), max(0.0, -float(weights[:-1].min(initial=0.0))))


def _sums(payoff: Floats) -> Floats:
    """Return x(S) by reading every player's bit."""
    total = np.zeros((2,) * payoff.size)
    for i, share in enumerate(payoff):
        where: list[int | slice] = [slice(None)] * payoff.size
        where[payoff.size - 1 - i] = 1
        total[tuple(where)] += share
    return total.ravel()


def _outside(masks: Integers, span: Floats) -> NDArray[np.bool_]:
    """Return which coalitions lie outside the span: squared length above that of the projection."""
    size, length = np.zeros(masks.size), np.zeros(masks.size)
    for column in span.T:
        product = np.zeros(masks.size)
        for i, entry in enumerate(column):
            product += np.where(masks >> i & 1, entry, 0.0)
        length += product * product
    for i in range(span.shape[0]):
        size += masks >> i & 1
    return size - length > IN_SPAN


def _away(columns: Floats, span: Floats) -> Floats:
    """Return what is left of columns after their projection on the span, taken twice for accuracy."""
    rest = columns - span @ (span.T @ columns)
    return rest - span @ (span.T @ rest)


def _basis(columns: Floats) -> Floats:
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    return left[:, size > IN_SPAN * size[0]]


def _cone_distance(columns: Floats, point: Floats) -> tuple[float, Floats]:
    """Return the distance of a point to the cone of columns, and weights of the nearest element."""
    weight = np.zeros(columns.shape[1])
    active = np.zeros(weight.size, dtype=np.bool_)
    scale = max(1.0, float(np.abs(point).max()))
    rest = point
    for _ in range(50 * columns.shape[0] + 50):
        pull = np.where(active, -np.inf, columns.T @ rest)
        best = int(np.argmax(pull))
        if pull[best] <= 1e-10 * scale:
            break
        active[best] = True
        while True:
            trial = np.zeros(weight.size)
            trial[active] = np.linalg.lstsq(columns[:, active], point, rcond=None)[0]
            if not np.any(active & (trial <= 0.0)):
                break
            falling = np.flatnonzero(active & (trial <= 0.0))
            share = float((weight[falling] / np.maximum(weight[falling] - trial[falling], 1e-300)).min())
            weight = np.where(active, weight + share * (trial - weight), 0.0)
            active &= weight > 1e-13 * scale
            weight[~active] = 0.0
        weight = trial
        rest = point - columns @ weight
    return float(np.linalg.norm(rest)), weight
