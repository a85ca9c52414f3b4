r"""Semismooth Newton for mixed complementarity, with the step on free variables tried first.

With ``a = x - l``, ``b = u - x`` and ``phi(a, f) = a + f - sqrt(a^2 + f^2)`` the merit is ``sum Phi_i^2 / 2``,

    Phi_i = F_i (free), phi(a, F) (below), -phi(b, -F) (above), phi(a, -phi(b, -F)) (both).

Two directions: (1) fix every variable whose bound is nearer than its condition and solve the others' linearised
conditions, ``J_ff d_f = -F_f - J_fb d_b``, the Newton step of ``min(a, F)``; (2) ``(D_a + D_f J) d = -Phi``. J carries
a proximal term that falls with the residual and rises where a matrix is singular. A step is projected into the
box and halved until the merit is below the largest of the last few; where neither direction serves, a
Levenberg-Marquardt and then a gradient step.
"""

from __future__ import annotations

__all__ = ["Outcome", "finish", "newton"]

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from potline.numerics.complementarity.merit import fischer, merit_of
from potline.numerics.complementarity.scaled import (
    ITERATION_LIMIT,
    NOT_FINITE,
    SINGULAR,
    SOLVED,
    STALLED,
    ScaledProblem,
)  # fmt: skip

Floats = NDArray[np.float64]

_MEMORY = 6
_PATIENCE = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """Where a phase ended: the point with the least residual, in its scale."""

    point: Floats
    residual: float
    status: int
    iterations: int


def newton(view: ScaledProblem, start: Floats, tolerance: float, limit: int, hurry: bool = False) -> Outcome:
    """Search from ``start`` (scaled) for a residual within the tolerance.

    In a hurry it takes only steps on free variables, and gives up as soon as six of them bring no merit below 0.3 of
    the least so far.
    """
    y, value = start, view.evaluate(start)
    if not np.all(np.isfinite(value)):
        return Outcome(point=y, residual=np.inf, status=NOT_FINITE, iterations=0)
    merit = merit_of(view, y, value)
    best, best_residual, best_merit, best_turn = y, view.residual(y, value), merit, 0
    recent: deque[float] = deque([merit], maxlen=_MEMORY)
    swift_merit, swift_turn = merit, 0

    def ended(status: int, turn: int) -> Outcome:
        return Outcome(point=best, residual=best_residual, status=status, iterations=turn)

    for turn in range(limit):
        residual = view.residual(y, value)
        if residual < best_residual:
            best, best_residual = y, residual
        if residual <= tolerance:
            return finish(view, y, value, tolerance, turn)
        if merit < 0.9 * best_merit:
            best_merit, best_turn = merit, turn
        if merit < 0.3 * swift_merit:
            swift_merit, swift_turn = merit, turn
        if turn - best_turn > 4 * _PATIENCE or (hurry and turn - swift_turn >= 6):
            return ended(STALLED, turn)
        entries = view.jacobian(y)
        if not np.all(np.isfinite(entries)):
            return ended(NOT_FINITE, turn)
        prox = min(1e-2, merit)
        wandering = turn - best_turn > _PATIENCE
        reference = merit if wandering else max(recent)
        moved = None if wandering else _search_free(view, y, value, entries, prox, reference)
        if moved is None and hurry:
            return ended(STALLED, turn)
        if moved is None:
            moved = _search_merit(view, y, value, entries, prox, max(reference, merit))
        if not isinstance(moved, tuple):
            return ended(SINGULAR if moved == SINGULAR else STALLED, turn)
        y, value = moved
        merit = merit_of(view, y, value)
        recent.append(merit)
    return ended(ITERATION_LIMIT, limit)


def finish(view: ScaledProblem, y: Floats, value: Floats, tolerance: float, turn: int, limit: int = 2) -> Outcome:
    """Take full steps on the free variables, without regularisation, while each at least halves the residual."""
    residual = view.residual(y, value)
    for _ in range(limit):
        step = _free_step(view, y, value, view.jacobian(y), 0.0)
        if step is None:
            break
        trial = np.clip(y + step, view.lower, view.upper)
        there = view.evaluate(trial)
        found = view.residual(trial, there)
        if not found <= 0.5 * residual:
            break
        turn += 1
        y, value, residual = trial, there, found
    return Outcome(point=y, residual=residual, status=SOLVED if residual <= tolerance else STALLED, iterations=turn)


def _free_step(view: ScaledProblem, y: Floats, value: Floats, entries: Floats, prox: float) -> Floats | None:
    """Return the Newton step of ``min(x - l, max(F, x - u))``: bounds first, then the free variables' conditions."""
    below = view.bounded_below & (y - view.lower <= value)
    above = view.bounded_above & (view.upper - y <= -value) & ~below
    step = np.zeros(y.size)
    step[below] = view.lower[below] - y[below]
    step[above] = view.upper[above] - y[above]
    free = np.flatnonzero(~(below | above))
    whole = view.matrix(entries)
    rhs = -(value + whole @ step)[free]
    part = whole[:, free][free, :] if free.size < y.size else whole
    for strength in (prox, max(1e-9, 1e2 * prox), 1e-1):
        shifted = part
        if strength > 0.0:
            shifted = sparse.csc_array(part + sparse.diags_array(np.full(free.size, strength), format="csc"))
        found = view.solve(shifted, rhs)
        if found is not None:
            step[free] = found
            return step
    return None


def _search_free(
    view: ScaledProblem, y: Floats, value: Floats, entries: Floats, prox: float, reference: float
) -> tuple[Floats, Floats] | None:
    step = _free_step(view, y, value, entries, prox)
    if step is None:
        return None
    length = 1.0
    while length >= 0.1:
        trial = np.clip(y + length * step, view.lower, view.upper)
        there = view.evaluate(trial)
        if np.all(np.isfinite(there)) and merit_of(view, trial, there) <= (1.0 - 1e-2 * length) * reference:
            return trial, there
        length *= 0.5
    return None


def _search_merit(
    view: ScaledProblem, y: Floats, value: Floats, entries: Floats, prox: float, reference: float
) -> tuple[Floats, Floats] | int | None:
    phi, by_point, by_value = fischer(view, y, value)
    slopes = by_value[view.rows] * entries
    slopes[view.diagonal] += by_point
    gradient = view.matrix(slopes).T @ phi
    tried = False
    for direction, least in _directions(view, slopes, phi, by_value, gradient, prox):
        if direction is None:
            continue
        tried = True
        if float(gradient @ direction) >= 0.0:
            continue
        length = 1.0
        while length >= least:
            trial = np.clip(y + length * direction, view.lower, view.upper)
            there = view.evaluate(trial)
            if np.all(np.isfinite(there)) and np.any(trial != y):
                target = reference + 1e-4 * min(0.0, float(gradient @ (trial - y)))
                if merit_of(view, trial, there) <= target:
                    return trial, there
            length *= 0.5
    return None if tried else SINGULAR


def _directions(
    view: ScaledProblem, slopes: Floats, phi: Floats, by_value: Floats, gradient: Floats, prox: float
) -> Iterator[tuple[Floats | None, float]]:
    """Yield directions from the fastest to the safest, each with the shortest step worth trying."""
    for strength in (prox, 1e-1):
        shifted = slopes.copy()
        shifted[view.diagonal] += strength * by_value
        yield view.solve_pattern(shifted, -phi), 2.0**-8
    count = phi.size
    rows = view.matrix(slopes)
    damp = min(1.0, max(1e-6, float(np.linalg.norm(phi))))
    eye = sparse.eye_array(count, format="csc")
    block = sparse.csc_array(sparse.block_array([[eye, rows], [rows.T, -damp * eye]], format="csc"))
    found = view.solve(block, np.concatenate((-phi, np.zeros(count))))
    yield (None if found is None else found[count:]), 2.0**-12
    through = rows @ gradient
    curvature = float(through @ through)
    reach = float(gradient @ gradient) / curvature if curvature > 0.0 else 1.0
    yield -reach * gradient, 2.0**-30
