r"""The conditions of a compiled network as arrays: what each column costs, with its slopes, and the whole in one scale.

.. math:: F_x = c + Qx + kx^2 + Rx - P(x) + \theta\,\frac{P(Q)}{e Q} x_s - W'y, \qquad F_y = Ax - r

``P`` stands at demands of constant elasticity e, the term in ``theta`` at what a seller with market power sells into
them, and ``R`` at deliveries whose sellers foresee how prices answer (:mod:`~potline.equilibrium.network.responses`).
"""

from __future__ import annotations

__all__ = ["CEILING", "Conditions", "Entries", "scale_of"]

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork, Kind
from potline.numerics.complementarity.pattern import fixed_pattern
from potline.numerics.complementarity.problem import ComplementarityProblem

if TYPE_CHECKING:
    from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Entries = tuple[Ints, Ints, Floats]

CEILING = 1e3


class Conditions:
    """Marginal costs and their slopes.

    Attributes:
        rows, columns: where slopes of marginal cost by quantities can stand, shape (entries,).
        money, flow: the scale, money/t and kt.
        ceiling: a price that no market should need, CEILING times ``money``.
        lower: least quantity of each column: 0; what demand of constant elasticity takes at the ceiling; none for other
            demand that only sellers with market power serve: it is the sum of what they sell, and without a bound of
            its own the price of its row is what buyers pay, where they buy nothing too.
    """

    def __init__(self, compiled: CompiledNetwork, money: float, flow: float, response: Entries | None = None) -> None:
        curves = compiled.curves
        self.money, self.flow, self.ceiling = money, flow, CEILING * money
        own = np.arange(compiled.linear.size)
        bent = np.flatnonzero(compiled.cubic)
        fixed = [(own, own, compiled.diagonal), compiled.cross, *([response] if response else [])]
        place, of = (np.concatenate(parts) for parts in list(zip(*fixed, strict=True))[:2])
        self.compiled, self.bent = compiled, bent
        self.fixed: Floats = np.concatenate([values for _, _, values in fixed])
        self.at, self.of = place, of
        self.rows = np.concatenate((place, bent, curves.column, curves.sale, curves.sale))
        self.columns = np.concatenate((of, bent, curves.column, curves.sale, curves.column[curves.of]))
        self.lower = np.where(_is_sum_of_sales(compiled), -np.inf, 0.0)
        self.lower[curves.column] = curves.quantity * (self.ceiling / curves.price) ** -curves.elasticity

    def marginal_cost(self, x: Floats) -> Floats:
        """Return what one more of each column costs, apart from the prices of balances, shape (columns,)."""
        compiled, curves = self.compiled, self.compiled.curves
        cost = compiled.linear + compiled.cubic * x * x + np.bincount(self.at, self.fixed * x[self.of], x.size)
        if curves.column.size:
            price = self._prices(x)
            cost[curves.column] -= price
            fall = (price / (curves.elasticity * x[curves.column]))[curves.of]
            cost[curves.sale] += curves.theta * fall * x[curves.sale]
        return cost

    def slopes(self, x: Floats) -> Floats:
        """Return the slopes of marginal cost in the order of ``rows`` and ``columns``."""
        compiled, curves = self.compiled, self.compiled.curves
        bought = x[curves.column]
        fall = self._prices(x) / (curves.elasticity * bought)
        turned = -(1.0 + 1.0 / curves.elasticity) * fall / bought
        by_bought = curves.theta * x[curves.sale] * turned[curves.of]
        twice = 2.0 * compiled.cubic[self.bent] * x[self.bent]
        return np.concatenate((self.fixed, twice, fall, curves.theta * fall[curves.of], by_bought))

    def _prices(self, x: Floats) -> Floats:
        curves = self.compiled.curves
        return curves.price * (x[curves.column] / curves.quantity) ** (-1.0 / curves.elasticity)

    def problem(self) -> tuple[ComplementarityProblem, Floats, Floats]:
        """Return the problem in units of ``flow`` and ``money`` with its bounds: quantities first, then prices.

        Prices that nothing else limits stop at the ceiling, where goods may be short.
        """
        from scipy import sparse

        compiled, flow, money = self.compiled, self.flow, self.money
        size, rows = compiled.linear.size, compiled.right.size
        matrix, pricing = sparse.csr_array(compiled.matrix), sparse.csr_array(compiled.pricing.T)
        balance, paid = sparse.coo_array(compiled.matrix), sparse.coo_array(compiled.pricing)
        build = fixed_pattern(
            np.concatenate((self.rows, paid.col, size + balance.row)),
            np.concatenate((self.columns, size + paid.row, balance.col)),
            size + rows,
        )
        constant = np.concatenate((-paid.data, balance.data))

        def evaluate(point: Floats) -> Floats:
            x, price = point[:size] * flow, point[size:] * money
            cost = self.marginal_cost(x) - pricing @ price
            return np.concatenate((cost / money, (matrix @ x - compiled.right) / flow))

        def jacobian(point: Floats) -> sparse.csc_array:
            return build(np.concatenate((self.slopes(point[:size] * flow) * (flow / money), constant)))

        affine = not (self.bent.size or compiled.curves.column.size)
        most = np.full((compiled.network.periods, compiled.block), np.inf)
        most[:, compiled.unrationed] = CEILING
        lower = np.concatenate((self.lower / flow, np.full(rows, -np.inf)))
        upper = np.concatenate((compiled.upper / flow, most.ravel()))
        return ComplementarityProblem(evaluate=evaluate, jacobian=jacobian, linear=affine), lower, upper


def _is_sum_of_sales(compiled: CompiledNetwork) -> NDArray[np.bool_]:
    """Return which columns are demand with a row of its own, to which sellers sell, shape (columns,)."""
    demand = np.flatnonzero(compiled.kind == Kind.DEMAND)
    row = compiled.matrix.indices[compiled.matrix.indptr[demand]] % compiled.block
    direct = (row >= compiled.row_product.size) & ~np.isin(row, compiled.markets.row)
    found = np.zeros(compiled.kind.size, np.bool_)
    found[demand[direct]] = True
    return found


def scale_of(compiled: CompiledNetwork, x: Floats, price: Floats) -> tuple[float, float]:
    """Return a size of flows, kt, and of prices, money/t, from a point and from what the network states."""
    curves = compiled.curves
    flows = (x, curves.quantity, compiled.right)
    paid = (price, curves.price, compiled.linear)
    return max(1e-12, *(float(np.abs(item).max(initial=0.0)) for item in flows)), max(
        1e-12, *(float(np.abs(item).max(initial=0.0)) for item in paid)
    )
