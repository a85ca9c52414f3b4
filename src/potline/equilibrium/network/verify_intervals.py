"""Check intervals of prices: the conditions that flows put on prices, written out from the nouns, and two programs.

What runs between its bounds fixes a combination of prices, what is empty bounds one from above, what is full from
below. A price that the fixed combinations pin by themselves has no interval (singular values of each group of prices
that hang together); for every other price the least and the most are found over all conditions at once.
"""

from __future__ import annotations

__all__ = ["verify_intervals"]

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.asked import asked_reach, asked_sellers
from potline.equilibrium.network.conditions_again import Conditions, conditions_on_prices
from potline.equilibrium.network.result import NetworkEquilibrium
from potline.verification import Check

if TYPE_CHECKING:
    from potline.equilibrium.network.intervals import PriceIntervals

Floats = NDArray[np.float64]
_RANK = 1e-9
_TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def verify_intervals(result: NetworkEquilibrium, intervals: PriceIntervals, tolerance: float = 1e-6) -> Check:
    """Return how far the ends stated are from those found, relative to the largest price.

    Args:
        result: the equilibrium that the intervals belong to.
        intervals: as stated.
        tolerance: what is allowed.
    """
    network = result.network
    sellers = asked_sellers(network, result.concept, result.stage)
    known = conditions_on_prices(result, sellers)
    low, high = result.price_per_t.copy(), result.price_per_t.copy()
    product = {item.name: k for k, item in enumerate(network.products)}
    place = {item.name: k for k, item in enumerate(network.places)}
    bought = {(item.product, item.place) for item in network.demands if item.product in sellers.stages}
    moving = _not_pinned(known)
    for name, where in asked_reach(network, sellers)[0] - bought - set(result.markets):
        for t in range(network.periods):
            column = known.variable[0, name, where, t]
            if column in moving:
                at = product[name], place[where], t
                low[at], high[at] = _end(known, column, 1.0), _end(known, column, -1.0)
    worst = 0.0
    for found, stated in ((low, intervals.low_per_t), (high, intervals.high_per_t)):
        same = (found == stated) | (np.isnan(found) & np.isnan(stated))
        with np.errstate(invalid="ignore"):
            worst = np.maximum(worst, np.max(np.where(same, 0.0, np.abs(found - stated)), initial=0.0))
    return Check(
        name="price intervals", value=float(worst) / known.money, tolerance=tolerance, unit="of the largest price",
        method="both ends again from the conditions that flows put on prices",
    )  # fmt: skip


def _not_pinned(known: Conditions) -> set[int]:
    """Return the variables that equations alone leave open."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    equal = sparse.csr_array(known.equal)
    if not equal.shape[0]:
        return set(range(known.count))
    pattern = abs(equal).T @ abs(equal)
    groups, member = connected_components(pattern, directed=False)
    loose: set[int] = set()
    row_group = member[equal.indices[equal.indptr[:-1]]]
    order, row_order = np.argsort(member, kind="stable"), np.argsort(row_group, kind="stable")
    ends = np.searchsorted(member[order], np.arange(groups + 1))
    row_ends = np.searchsorted(row_group[row_order], np.arange(groups + 1))
    for g in range(groups):
        own, rows = order[ends[g] : ends[g + 1]], row_order[row_ends[g] : row_ends[g + 1]]
        if not rows.size:
            loose.update(own.tolist())
            continue
        _, singular, right = np.linalg.svd(equal[rows][:, own].toarray())
        rank = int((singular > _RANK * singular.max()).sum())
        open_here = np.abs(right[rank:]).max(axis=0, initial=0.0) > 1e-7
        loose.update(own[open_here].tolist())
    return loose


def _end(known: Conditions, column: int, sign: float) -> float:
    """Return the least price (``sign`` 1) or the most (-1); infinite where nothing bounds it."""
    from scipy import optimize

    goal = np.zeros(known.count)
    goal[column] = sign
    program: Any = optimize.linprog
    found = program(
        goal, A_eq=known.equal, b_eq=known.fixed, A_ub=known.limit, b_ub=known.most,
        bounds=np.stack([known.low, np.full(known.count, np.inf)], axis=1), method="highs", options=dict(_TIGHT),
    )  # fmt: skip
    if int(found.status) == 3:
        return -sign * np.inf
    return sign * float(found.fun) * known.money if int(found.status) == 0 else np.nan
