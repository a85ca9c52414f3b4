r"""Turn a declared network into the arrays of one program, a noun at a time and never a variable at a time.

Columns are steps of activities, routes, demands, sellers' sales, stocks and totals; rows are balances by product, place
and period, in order of periods, and the sums that define totals. With prices y of the rows the equilibrium is

.. math:: 0 \le x \perp c + Qx + k x^2 - W'y \ge 0 \ (x \le u), \qquad Ax = r

``W`` (``pricing``) is ``A`` and ``Q`` symmetric where the equilibrium is a convex program; wedges on endogenous prices,
indexed contracts and one-way cross terms make them differ, curves of constant elasticity and foreseen derived demand
add terms of their own, and :attr:`CompiledNetwork.beyond_convex` names each.
Money of later periods is discounted, so that a row's price in money of its own period is ``y / weight``.
"""

from __future__ import annotations

__all__ = ["Kind", "compile_network"]

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.concepts import NetworkConcept
from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.equilibrium.network.buying import buy, deliver
from potline.equilibrium.network.checks import check_network
from potline.equilibrium.network.keeping import keep
from potline.equilibrium.network.layout import Layout
from potline.equilibrium.network.making import index, make
from potline.equilibrium.network.moving import move
from potline.equilibrium.network.sellers import sellers_of
from potline.industry.network import Network

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def compile_network(network: Network, concept: NetworkConcept, stage: str = "") -> CompiledNetwork:
    """Compile a network under a concept; market power sits at the product ``stage``.

    Raises:
        InputError: the network or the concept mean nothing; every problem is listed.

    Examples:
        >>> from potline.equilibrium.concepts import Competitive
        >>> from potline.industry.network import Activity, Amount, LocalDemand, Place, Product
        >>> here = Network(name="here", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...     activities=(Activity(name="mill", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0),),
        ...     demands=(LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0),))
        >>> compiled = compile_network(here, Competitive())
        >>> compiled.matrix.toarray().tolist(), compiled.linear.tolist()
        ([[1.0, -1.0]], [2.0, -10.0])
    """
    check_network(network)
    sellers = sellers_of(network, concept, stage)
    layout = Layout(network, sellers)
    indexed = make(layout)
    move(layout)
    curves = buy(layout)
    markets = deliver(layout)
    index(layout, indexed)
    keep(layout)
    block = layout.pairs + len(layout.sums)
    right = np.zeros((layout.periods, block))
    right[:, : layout.pairs] = layout.right
    for number, (_, values) in enumerate(layout.sums):
        right[:, layout.pairs + number] = values
    rows, cols, values, paid = layout.columns.entries(block)
    shape = (layout.periods * block, layout.columns.count)
    matrix = _compressed(rows, cols, values, shape)
    pricing = matrix if np.array_equal(values, paid) else _compressed(rows, cols, paid, shape)
    kind, noun, period, seller, step, linear, diagonal, cubic, upper = layout.columns.fields()
    cross = _cross(layout, kind, noun, period)
    layer, product, place = np.nonzero(layout.pair >= 0)
    order = np.argsort(layout.pair[layer, product, place])
    return CompiledNetwork(
        network=network,
        stages=sellers.stages,
        sellers=("", *sellers.names),
        theta=np.array((0.0, *sellers.theta)),
        kind=kind,
        noun=noun,
        period=period,
        seller=seller,
        step=step,
        linear=linear,
        diagonal=diagonal,
        cubic=cubic,
        upper=upper,
        cross=cross,
        curves=curves,
        markets=markets,
        matrix=matrix,
        pricing=pricing,
        right=right.ravel(),
        block=block,
        row_product=product[order],
        row_place=place[order],
        row_seller=layer[order],
        pair=layout.pair,
        unrationed=np.unique(np.array(layout.unrationed, np.int64)),
        weight=layout.weight,
        beyond_convex=tuple(layout.beyond),
    )


def _cross(layout: Layout, kind: Ints, noun: Ints, period: Ints) -> tuple[Ints, Ints, Floats]:
    """Return the entries of Q off its diagonal; note the terms that hold in one direction only."""
    rows: list[Ints] = []
    cols: list[Ints] = []
    values: list[Floats] = []
    names = {(item.product, item.place): k for k, item in enumerate(layout.network.demands)}
    acts = {item.name: k for k, item in enumerate(layout.network.activities)}
    terms = {(item.kind, item.place, item.of, item.by): item.per_t_per_kt for item in layout.network.cross_terms}
    for (which, place, of, by), value in terms.items():
        wanted = Kind.DEMAND if which == "demand" else Kind.ACTIVITY
        a = names[of, place] if which == "demand" else acts[of]
        b = names[by, place] if which == "demand" else acts[by]
        ours, theirs = (
            np.flatnonzero((kind == wanted) & (noun == a)),
            np.flatnonzero((kind == wanted) & (noun == b)),
        )
        left, right = np.meshgrid(ours, theirs, indexing="ij")
        same = period[left] == period[right]
        rows.append(left[same])
        cols.append(right[same])
        values.append(value * layout.weight[period[left[same]]])
        if abs(terms.get((which, place, by, of), 0.0) - value) > 1e-12 * abs(value):
            layout.beyond.append(f"the cross term of {by!r} on {of!r} is not matched by that of {of!r} on {by!r}")
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return np.concatenate(rows), np.concatenate(cols), np.concatenate(values)


def _compressed(rows: Ints, cols: Ints, values: Floats, shape: tuple[int, int]) -> sparse.csc_array:
    from scipy import sparse

    result = sparse.csc_array((values, (rows, cols)), shape=shape)
    result.sum_duplicates()
    if np.any(result.data == 0.0):
        result.eliminate_zeros()
    return result
