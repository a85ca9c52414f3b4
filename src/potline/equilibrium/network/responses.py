r"""How prices where activities buy answer one more kt there, as sellers with market power foresee it.

At given quantities x, let f be the columns strictly between their bounds, without those that make, move, store or sell
the products of the stage itself and of the stages before it. One more kt at market m moves the rest by the solution of

.. math:: H_{ff}\,dx - W_f'\,dy = 0, \qquad A_f\,dx = -e_m

with H the slopes of marginal cost. ``B[m', m] = dy_{m'}`` in the markets' rows, and a seller's marginal revenue at m is
``y_m + theta sum_{m'} B[m', m] x_{m'}``. It is exact while no column meets or leaves a bound.
"""

from __future__ import annotations

__all__ = ["Entries", "foreseen", "in_conditions"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.conditions import Conditions, scale_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Entries = tuple[Ints, Ints, Floats]

NEAR = 1e-9
PROXIMAL = 1e-12


def foreseen(compiled: CompiledNetwork, x: Floats, price: Floats) -> Floats:
    """Return B over all markets and periods, discounted money/t per kt, shape (periods * markets, periods * markets).

    Entries between markets of different stages, and of stages with a stated fall, are 0.
    """
    markets = compiled.markets
    periods, count = compiled.network.periods, markets.row.size
    rows = (np.arange(periods)[:, None] * compiled.block + markets.row[None, :]).ravel()
    flow, money = scale_of(compiled, x, price)
    answer = np.zeros((rows.size, rows.size))
    products = [item.name for item in compiled.network.products]
    stages = [products.index(name) for name in compiled.stages]
    for number in range(len(stages) - 1, -1, -1):
        here = np.flatnonzero(np.tile((markets.product == stages[number]) & markets.foreseen, periods))
        if here.size == 0 or count == 0:
            continue
        known = Conditions(compiled, money, flow, in_conditions(compiled, answer))
        answer[np.ix_(here, here)] = _answers(compiled, known, x, rows[here], stages[: number + 1])
    # Where nothing is brought, the first tonne moves no price.
    brought = np.bincount(markets.market, x[markets.column], rows.size)
    idle = brought <= NEAR * float(np.abs(x).max(initial=0.0))
    answer[idle], answer[:, idle] = 0.0, 0.0
    return answer


def in_conditions(compiled: CompiledNetwork, answer: Floats) -> Entries:
    """Return the entries of R: ``-theta B[m', m]`` between deliveries of one seller."""
    markets = compiled.markets
    strong = np.flatnonzero(markets.theta > 0.0)
    seller = compiled.seller[markets.column[strong]]
    order = strong[np.argsort(seller, kind="stable")]
    ends = np.cumsum(np.unique(seller, return_counts=True)[1])
    rows, columns, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    for group in np.split(order, ends[:-1]):
        at = markets.market[group]
        felt = -markets.theta[group][:, None] * answer[np.ix_(at, at)].T
        left, right = np.nonzero(felt)
        rows.append(markets.column[group[left]])
        columns.append(markets.column[group[right]])
        values.append(felt[left, right])
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(values)


def _answers(
    compiled: CompiledNetwork, known: Conditions, x: Floats, rows: Ints, before: list[int]
) -> Floats:
    """Return how the prices of some rows answer one more kt in each, shape (rows, rows)."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    flow, money = known.flow, known.money
    held = _held(compiled, before)
    free = np.flatnonzero((x > known.lower + NEAR * flow) & (x < compiled.upper - NEAR * flow) & ~held)
    size, count = compiled.linear.size, compiled.right.size
    slopes = sparse.csr_array((known.slopes(x), (known.rows, known.columns)), shape=(size, size))[free][:, free]
    step = PROXIMAL * sparse.eye_array(free.size), PROXIMAL * sparse.eye_array(count)
    whole = sparse.block_array(
        [
            [slopes * (flow / money) + step[0], -compiled.pricing[:, free].T],
            [compiled.matrix[:, free], step[1]],
        ],
        format="csc",
    )
    push = np.zeros((free.size + count, rows.size))
    push[free.size + rows, np.arange(rows.size)] = -1.0
    return splu(whole).solve(push)[free.size + rows] * (money / flow)


def _held(compiled: CompiledNetwork, products: list[int]) -> NDArray[np.bool_]:
    """Return which columns make, move, store or sell these products."""
    network, kind, noun = compiled.network, compiled.kind, compiled.noun
    sold = {network.products[p].name for p in products}
    makers = [any(amount.product in sold for amount in item.outputs) for item in network.activities]
    of_noun = {
        Kind.ACTIVITY: makers,
        Kind.ROUTE: [item.product in sold for item in network.routes],
        Kind.STOCK: [item.product in sold for item in network.stocks],
        Kind.SALE: [item.product in sold for item in network.demands],
        Kind.DELIVERY: np.isin(compiled.markets.product, products).tolist(),
    }
    of_noun[Kind.ROUTE_TOTAL], of_noun[Kind.STOCK_TOTAL] = of_noun[Kind.ROUTE], of_noun[Kind.STOCK]
    found = np.zeros(noun.size, np.bool_)
    for which, held in of_noun.items():
        here = kind == which
        found[here] = np.array(held, np.bool_)[noun[here]]
    return found
