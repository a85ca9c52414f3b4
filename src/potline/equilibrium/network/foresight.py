r"""How prices where activities buy answer one more kt there, as sellers with market power foresee it.

At given quantities x, let f be the columns away from their bounds, without those that make, move, store or sell the
products of the stage itself and of the stages before it. One more kt at market m moves the rest by the solution of

.. math:: H_{ff}\,dx - W_f'\,dy = 0, \qquad A_f\,dx = -e_m

with H the slopes of marginal cost. ``B[m', m] = dy_{m'}`` in the markets' rows, and a seller's marginal revenue at m is
``y_m + theta sum_{m'} B[m', m] x_{m'}``.

Where an activity is just full, derived demand bends and B jumps; sellers often stand exactly there. So a full column j
stays among f with a stiffness ``sigma_j = t_j / (1 - t_j)`` added to ``H_jj``, and its capacity is kept by

.. math:: 0 \le t_j \perp u_j - x_j \ge 0, \qquad \text{worth of capacity} = \max(0, t_j - 1) \cdot \text{money}

At ``0 < t < 1`` the activity is full and earns nothing: B lies between its two sides, the same for all sellers. From
``t = 1`` on it cannot move at all and its capacity is worth something.
"""

from __future__ import annotations

__all__ = ["Foresight", "foresight_at"]

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.conditions import Conditions, Entries

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEAR = 1e-9
PROXIMAL = 1e-11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foresight:
    """Answers of prices at given quantities, for any stiffness of full columns.

    Attributes:
        full: columns that stand at their capacity, shape (full,).
        free: B where none of them is stiff, shape (n, n), n = periods * markets, discounted money/t per kt.
        out, back: answers of prices to a push on full columns, shape (n, full), and of full columns to one more kt,
            shape (full, n).
        own: of full columns to pushes on them, shape (full, full).
    """

    full: Ints
    free: Floats
    out: Floats
    back: Floats
    own: Floats

    def answers(self, bend: Floats) -> tuple[Floats, Floats, Floats]:
        """Return B at t (clipped to 1), and its slopes by each t_j as factors: ``a[:, j] b[j, :]``."""
        t = np.clip(bend, 0.0, 1.0)
        size = t.size
        inner = np.diag(1.0 - t) + t[:, None] * self.own
        solved = np.linalg.solve(inner, np.eye(size))
        stiff = solved * t[None, :]
        left = self.out @ solved
        right = self.back - (self.own - np.eye(size)) @ stiff @ self.back
        return self.free + self.out @ stiff @ self.back, left, right


def foresight_at(
    compiled: CompiledNetwork, x: Floats, full: Ints, money: float, flow: float, felt: Floats
) -> list[Foresight]:
    """Return the foresight of each stage at quantities x, the last stage first; ``felt`` is B so far, shape (n, n)."""
    markets, periods = compiled.markets, compiled.network.periods
    rows = (np.arange(periods)[:, None] * compiled.block + markets.row[None, :]).ravel()
    products = [item.name for item in compiled.network.products]
    stages = [products.index(name) for name in compiled.stages]
    brought = np.bincount(markets.market, x[markets.column], rows.size)
    busy = brought > NEAR * flow
    found: list[Foresight] = []
    for number in range(len(stages) - 1, -1, -1):
        here = np.flatnonzero(np.tile((markets.product == stages[number]) & markets.foreseen, periods) & busy)
        if here.size == 0:
            continue
        later = np.flatnonzero(np.isin(np.tile(markets.product, periods), stages[number + 1 :]))
        kept = np.zeros_like(felt)
        kept[np.ix_(later, later)] = felt[np.ix_(later, later)]
        known = Conditions(compiled, money, flow, between_deliveries(compiled, kept))
        held = _held(compiled, stages[: number + 1])
        found.append(_stage(compiled, known, x, rows, here, held, full))
    return found


def between_deliveries(compiled: CompiledNetwork, answer: Floats) -> Entries:
    """Return ``-theta B[m', m]`` between deliveries of one seller, as entries of the conditions."""
    rows, columns = delivery_pairs(compiled)
    markets = compiled.markets
    values = -markets.theta[rows] * answer[markets.market[columns], markets.market[rows]]
    some = values != 0.0
    return markets.column[rows[some]], markets.column[columns[some]], values[some]


def delivery_pairs(compiled: CompiledNetwork) -> tuple[Ints, Ints]:
    """Return all pairs of deliveries of one seller with market power at one product, by their number."""
    markets = compiled.markets
    count = max(markets.row.size, 1)
    strong = np.flatnonzero((markets.theta > 0.0) & markets.foreseen[markets.market % count])
    seller = compiled.seller[markets.column[strong]]
    order = strong[np.argsort(seller, kind="stable")]
    ends = np.cumsum(np.unique(seller, return_counts=True)[1])
    parts = [np.meshgrid(group, group, indexing="ij") for group in np.split(order, ends[:-1])]
    rows = np.concatenate([left.ravel() for left, _ in parts])
    return rows, np.concatenate([right.ravel() for _, right in parts])


def _stage(
    compiled: CompiledNetwork, known: Conditions, x: Floats, rows: Ints, here: Ints, held: NDArray[np.bool_], full: Ints
) -> Foresight:
    """Return the foresight of one stage, zero outside its own markets and followers."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    flow, money = known.flow, known.money
    inside = (x > known.lower + NEAR * flow) & (x < compiled.upper - NEAR * flow)
    inside[full] = True
    free = np.flatnonzero(inside & ~held)
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
    solve = splu(whole).solve
    mine = np.flatnonzero(~held[full])
    place = np.searchsorted(free, full[mine])
    push = np.zeros((free.size + count, here.size + mine.size))
    push[free.size + rows[here], np.arange(here.size)] = 1.0
    push[place, here.size + np.arange(mine.size)] = 1.0
    moved = solve(push)
    unit = money / flow
    answer = Foresight(
        full=full,
        free=np.zeros((rows.size, rows.size)),
        out=np.zeros((rows.size, full.size)),
        back=np.zeros((full.size, rows.size)),
        own=np.eye(full.size),
    )
    price = free.size + rows[here]
    answer.free[np.ix_(here, here)] = -moved[price, : here.size] * unit
    answer.out[np.ix_(here, mine)] = moved[price, here.size :] * unit
    answer.back[np.ix_(mine, here)] = moved[place, : here.size]
    answer.own[np.ix_(mine, mine)] = moved[place, here.size :]
    return answer


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
