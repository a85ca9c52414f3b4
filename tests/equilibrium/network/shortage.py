"""Proof that a network has no equilibrium: a sum of its conditions that no point meets, checked in exact arithmetic.

Conditions that are lines are rows ``M z >= right`` (or =) over quantities and prices z. Weights w for which ``w M z``
stays below ``w right`` everywhere in the box prove that no z meets them all (Farkas). HiGHS proposes weights; rational
numbers, made of the very floats of the problem, decide. Prices have no ceiling here but a box of ``BOX`` times the
scale, so that what rounding leaves of a weight is bounded too.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.conditions import Conditions

Floats = NDArray[np.float64]
BOX = 1e9


def is_proven(compiled: CompiledNetwork, conditions: Conditions) -> bool:
    """Whether weights were found that prove it."""
    matrix, right, equal, low, high = _lines(compiled, conditions)
    weights = _proposed(matrix, right, equal, low, high)
    return weights is not None and _proves(matrix, right, equal, low, high, weights)


def _lines(
    compiled: CompiledNetwork, conditions: Conditions
) -> tuple[sparse.csr_array, Floats, NDArray[np.bool_], Floats, Floats]:
    """Return ``M z >= right`` (``=`` where equal) and the box of z, in units of flow and money.

    Balances, and what each column costs where that is a line and no capacity limits the column.
    """
    curves, flow, money = compiled.curves, conditions.flow, conditions.money
    size, rows = compiled.linear.size, compiled.right.size
    low, high = conditions.lower / flow, compiled.upper / flow
    fixed = [(np.arange(size), np.arange(size), compiled.diagonal), compiled.cross]
    place, of, slope = (np.concatenate(parts) for parts in zip(*fixed, strict=True))
    quadratic = sparse.csr_array((slope * flow / money, (place, of)), shape=(size, size))
    bent = compiled.cubic != 0.0
    bent[curves.column] = bent[curves.sale] = True
    kept = np.flatnonzero(~bent & np.isposinf(high))
    costs = sparse.hstack((quadratic, -sparse.csr_array(compiled.pricing.T)), format="csr")[kept]
    balances = sparse.hstack((sparse.csr_array(compiled.matrix), sparse.csr_array((rows, rows))), format="csr")
    matrix = sparse.csr_array(sparse.vstack((costs, balances)))
    right = np.concatenate((-compiled.linear[kept] / money, compiled.right / flow))
    equal = np.concatenate((np.isneginf(low[kept]), np.full(rows, True)))
    box = np.full(rows, BOX)
    return (
        matrix, right, equal,
        np.concatenate((np.maximum(low, -BOX), -box)), np.concatenate((np.minimum(high, BOX), box)),
    )  # fmt: skip


def _proposed(matrix, right: Floats, equal: NDArray[np.bool_], low: Floats, high: Floats) -> Floats | None:
    """Return weights of the rows from the least total by which they must be missed; None where they can be met."""
    count, size = matrix.shape
    over = sparse.csr_array((-np.ones(int(equal.sum())), (np.flatnonzero(equal), np.arange(int(equal.sum())))),
                            shape=(count, int(equal.sum())))  # fmt: skip
    whole = sparse.hstack((matrix, sparse.eye_array(count), over), format="csr")
    cost = np.concatenate((np.zeros(size), np.ones(whole.shape[1] - size)))
    bounds = np.column_stack((np.concatenate((low, np.zeros(whole.shape[1] - size))),
                              np.concatenate((high, np.full(whole.shape[1] - size, np.inf)))))  # fmt: skip
    bounds[:size][np.abs(bounds[:size]) >= BOX] *= np.inf
    found = linprog(
        cost, A_ub=-whole[~equal], b_ub=-right[~equal], A_eq=whole[equal], b_eq=right[equal], bounds=bounds,
        method="highs",
    )  # fmt: skip
    if found.status != 0 or not found.fun > 1e-7:
        return None
    weights = np.zeros(count)
    weights[~equal] = np.maximum(-found.ineqlin.marginals, 0.0)
    weights[equal] = found.eqlin.marginals
    return weights


def _proves(matrix, right: Floats, equal: NDArray[np.bool_], low: Floats, high: Floats, weights: Floats) -> bool:
    """Whether the weighted sum asks for more than it can be anywhere in the box, in rational numbers."""
    if not np.all(np.isfinite(weights)) or np.any(weights[~equal] < 0.0):
        return False
    asked, most = Fraction(0), Fraction(0)
    sums: dict[int, Fraction] = {}
    for row in np.flatnonzero(weights).tolist():
        weight = Fraction(float(weights[row]))
        asked += weight * Fraction(float(right[row]))
        for k in range(matrix.indptr[row], matrix.indptr[row + 1]):
            column = int(matrix.indices[k])
            sums[column] = sums.get(column, Fraction(0)) + weight * Fraction(float(matrix.data[k]))
    for column, total in sums.items():
        most += total * Fraction(float(high[column] if total > 0 else low[column]))
    return most < asked
