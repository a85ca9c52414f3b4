r"""Sobol indices over the uncertain factors of a case, of whatever is computed at points of the unit cube.

``first_k = Var(E[m | factor k]) / Var(m)``, the part of the variance that knowing factor k would remove, and
``total_k = E[Var(m | all but k)] / Var(m)``, the part that stays while only k is unknown. The errors of the plants'
costs count as one factor. Estimators: Saltelli et al. (2010), Computer Physics Communications 181, p. 262, rows (b) and
(f) of table 2, on scrambled Sobol points.
"""

from __future__ import annotations

__all__ = ["PLANT_ERRORS", "Indices", "design", "indices_of"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.agreement.table.draws import RANDOMISATIONS, dimensions, sobol_points
from potline.cases import Case
from potline.compiled import frozen
from potline.errors import InputError, Problem

Floats = NDArray[np.float64]

PLANT_ERRORS = "errors of plants' costs"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Indices:
    """First and total indices of F factors with their standard errors, [F]; mean and deviation of what was computed."""

    first: Floats
    first_error: Floats
    total: Floats
    total_error: Floats
    mean: float
    deviation: float


def design(case: Case, draws: int, seed: int) -> tuple[tuple[str, ...], list[Floats]]:
    """Return the names of the factors, and the points: first, second, the first with each factor of the second in turn.

    Raises:
        InputError: a factor whose range has no width.
    """
    _refuse_still(case)
    width, factors = dimensions(case), len(case.factors)
    each = 1 << max(0, int(np.ceil(np.log2(max(1, draws) / RANDOMISATIONS))))
    both = sobol_points(2 * width, each, seed)
    first, second = both[:, :width], both[:, width:]
    groups = [np.array([k]) for k in range(factors)]
    names = [factor.name for factor in case.factors]
    if width > factors:
        groups.append(np.arange(factors, width))
        names.append(PLANT_ERRORS)
    points = [first, second]
    for columns in groups:
        mixed = first.copy()
        mixed[:, columns] = second[:, columns]
        points.append(mixed)
    return tuple(names), points


def indices_of(held: Floats) -> Indices:
    """Return the indices of values at the points of :func:`design`, [2 + F, N].

    Examples:
        Four points by eight scramblings, and one factor that alone moves what is computed:

        >>> u = np.linspace(0.0, 1.0, 32)
        >>> found = indices_of(np.stack([u, u[::-1], u[::-1]]))
        >>> round(float(found.total[0]), 2)
        2.0
    """
    a, b = held[0], held[1]
    each = a.size // RANDOMISATIONS
    mean, variance = float(np.mean([a, b])), float(np.var(np.concatenate([a, b])))
    scale = variance if variance > 0.0 else math.nan
    count = held.shape[0] - 2
    first, total = np.empty((count, RANDOMISATIONS)), np.empty((count, RANDOMISATIONS))
    for k, c in enumerate(held[2:]):
        first[k] = ((b - mean) * (c - a)).reshape(RANDOMISATIONS, each).mean(axis=1) / scale
        total[k] = ((a - c) ** 2).reshape(RANDOMISATIONS, each).mean(axis=1) / (2.0 * scale)
    root = math.sqrt(RANDOMISATIONS)
    return Indices(
        first=frozen(first.mean(axis=1)),
        first_error=frozen(first.std(axis=1, ddof=1) / root),
        total=frozen(total.mean(axis=1)),
        total_error=frozen(total.std(axis=1, ddof=1) / root),
        mean=mean,
        deviation=math.sqrt(variance) if variance >= 0.0 else math.nan,
    )


def _refuse_still(case: Case) -> None:
    """Refuse factors whose range has no width: an index of 0 would read as if moving them did nothing."""
    still = [item for item in case.factors if not item.high > item.low]
    if still:
        needed = "a range LOW..HIGH of finite numbers, low below high"
        raise InputError(
            [
                Problem(where=f"factor {item.name!r}", found=f"{item.low:.15g}..{item.high:.15g}", needed=needed,
                        hint="Leave it out of the case's factors.")
                for item in still
            ]
        )  # fmt: skip
