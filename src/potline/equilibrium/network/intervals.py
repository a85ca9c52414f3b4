r"""Intervals of prices that support the same flows, where the equilibrium leaves a price open.

At given flows x the prices y that go with them satisfy ``W_j'y = g_j`` for columns between their bounds, ``<=`` at
zero and ``>=`` at the upper bound, ``g`` being marginal cost. Rows that columns between their bounds tie together form
groups; a group whose equations do not pin its prices can move, and two linear programs in those few directions give
the ends.
"""

from __future__ import annotations

__all__ = ["PriceIntervals", "price_intervals"]

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.equilibrium.network.foreseeing import Settled
from potline.equilibrium.network.foresight import between_deliveries
from potline.equilibrium.network.state import NetworkState
from potline.numerics.convex.linear import solve_linear
from potline.numerics.convex.program import ConvexAnswer
from potline.showing import Short

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceIntervals(Short):
    """Lowest and highest price of each product, place and period, money/t; equal where the price is unique.

    Attributes:
        low_per_t, high_per_t: shape (products, places, periods); infinite where nothing bounds the price.
    """

    low_per_t: Floats
    high_per_t: Floats


def price_intervals(result: NetworkState) -> PriceIntervals:
    """Return the interval of every price that supports the flows of an equilibrium.

    Examples:
        >>> from potline.equilibrium.network.solve import solve_network
        >>> from potline.industry.network import Activity, Amount, FixedDemand, Network, Place, Product
        >>> here = Network(name="full", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...     activities=tuple(Activity(name=f"{c:g}", place="west", outputs=(Amount(product="metal"),), cost_per_t=c,
        ...                               capacity_kt=1.0) for c in (1.0, 4.0)),
        ...     demands=(FixedDemand(product="metal", place="west", quantity_kt=1.0),))
        >>> found = price_intervals(solve_network(here))
        >>> found.low_per_t.item(), found.high_per_t.item()
        (1.0, 4.0)
    """
    compiled = compile_network(result.network, result.concept, result.stage)
    low, high = _row_intervals(compiled, result.answer)
    lowest, highest = result.price_per_t.copy(), result.price_per_t.copy()
    mine = np.flatnonzero(compiled.row_seller == 0)
    products = [item.name for item in result.network.products]
    places = [item.name for item in result.network.places]
    sold = np.zeros(result.price_per_t.shape[:2], np.bool_)
    for product, place in (*((item.product, item.place) for item in result.network.demands), *result.markets):
        if product in result.stages:
            sold[products.index(product), places.index(place)] = True
    mine = mine[~sold[compiled.row_product[mine], compiled.row_place[mine]]]
    at = (compiled.row_product[mine], compiled.row_place[mine])
    shape = (compiled.network.periods, compiled.block)
    lowest[at] = low.reshape(shape).T[mine] / compiled.weight
    highest[at] = high.reshape(shape).T[mine] / compiled.weight
    return PriceIntervals(low_per_t=lowest, high_per_t=highest)


def _row_intervals(compiled: CompiledNetwork, answer: ConvexAnswer) -> tuple[Floats, Floats]:
    """Return the lowest and highest price of each row."""
    from scipy import sparse

    matrix = compiled.pricing
    x, price = answer.x, answer.price
    flow, money = scale_of(compiled, x, price)
    felt = between_deliveries(compiled, answer.basis.answers) if isinstance(answer.basis, Settled) else None
    slope = Conditions(compiled, money, flow, felt).marginal_cost(x)
    tiny = NEAR * max(float(np.abs(x).max(initial=0.0)), 1e-300)
    empty, full = x <= tiny, x >= compiled.upper - tiny
    between = ~empty & ~full
    free, moves = _free_directions(matrix, between)
    low, high = price.copy(), price.copy()
    if free.size == 0:
        return low, high
    shift: Any = matrix.T @ moves
    slack = slope - matrix.T @ price
    bound = np.concatenate((np.flatnonzero(empty & ~(full & (compiled.upper <= tiny))), np.flatnonzero(full & ~empty)))
    sign = np.where(empty[bound], 1.0, -1.0)
    limit = sparse.csr_array(sparse.diags_array(sign) @ sparse.csr_array(shift)[bound])
    touched = np.flatnonzero(np.diff(limit.indptr) > 0)
    room = np.maximum(sign * slack[bound], 0.0)[touched]
    limit = limit[touched]
    by_row = sparse.csr_array(moves)
    # A direction alone in its rows gives all of them from two programs.
    answers: dict[bytes, tuple[float, float]] = {}
    for row in free.tolist():
        begin, end = by_row.indptr[row], by_row.indptr[row + 1]
        index, weight = by_row.indices[begin:end], by_row.data[begin:end]
        lead = weight[0]
        key = np.concatenate((index.astype(float), weight / lead)).tobytes()
        if key not in answers:
            goal = np.zeros(moves.shape[1])
            goal[index] = weight / lead
            answers[key] = (-_reach(-goal, limit, room), _reach(goal, limit, room))
        ends = answers[key]
        least, most = (ends[0] * lead, ends[1] * lead) if lead > 0.0 else (ends[1] * lead, ends[0] * lead)
        low[row], high[row] = price[row] + min(least, 0.0), price[row] + max(most, 0.0)
    return low, high


def _reach(goal: Floats, limit: Any, room: Floats) -> float:
    """Return the most of ``goal'w`` with ``limit w <= room``."""
    if room.size == 0:
        return np.inf
    found = solve_linear(-goal, limit=limit, most=room, low=-np.inf)
    return -found.value if found.status == "solved" else np.inf


def _free_directions(matrix: Any, between: NDArray[np.bool_]) -> tuple[Ints, Any]:
    """Return the rows whose price is not pinned, and the directions they can move in, shape (rows, directions)."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    rows = matrix.shape[0]
    inner = sparse.csc_array(matrix[:, np.flatnonzero(between)])
    pattern = sparse.csr_array(abs(inner))
    count, group = connected_components(pattern @ pattern.T, directed=False)
    lengths = np.diff(inner.indptr)
    sums = np.add.reduceat(np.append(inner.data, 0.0), inner.indptr[:-1]) if lengths.size else np.zeros(0)
    simple = (lengths == 1) | ((lengths == 2) & (sums == 0.0))
    of_column = group[inner.indices[inner.indptr[:-1]]] if lengths.size else np.zeros(0, np.int64)
    plain = np.bincount(of_column, ~simple, count) == 0
    pinned = np.bincount(of_column, lengths == 1, count) > 0
    at_row: list[Ints] = []
    at_move: list[Ints] = []
    values: list[Floats] = []
    moves = 0
    members = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[members], np.arange(count + 1))
    for g in np.flatnonzero(~(plain & pinned)).tolist():
        own = members[starts[g] : starts[g + 1]]
        if plain[g]:
            basis = np.ones((own.size, 1))
        else:
            basis = _null_space(inner[own][:, np.flatnonzero(of_column == g)].toarray().T)
        for k in range(basis.shape[1]):
            used = np.abs(basis[:, k]) > 1e-10
            at_row.append(own[used])
            at_move.append(np.full(int(used.sum()), moves))
            values.append(basis[used, k])
            moves += 1
    if moves == 0:
        return np.zeros(0, np.int64), sparse.csr_array((rows, 0))
    entries = (np.concatenate(values), (np.concatenate(at_row), np.concatenate(at_move)))
    return np.unique(np.concatenate(at_row)), sparse.csc_array(entries, shape=(rows, moves))


def _null_space(matrix: Floats) -> Floats:
    _, singular, right = np.linalg.svd(matrix, full_matrices=True)
    rank = int((singular > 1e-10 * max(singular.max(initial=0.0), 1e-300)).sum())
    return right[rank:].T
