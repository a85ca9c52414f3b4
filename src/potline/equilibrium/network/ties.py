r"""Whether other quantities go with the same prices: flows whose sum of gains is nothing, by two linear programs.

At given prices a quantity may change by d where its marginal cost is its worth and has no slope, downwards from above
zero and upwards from below its bound, if all balances stay: ``A d = 0``, ``Q d = 0``. Any two answers of a monotone
network differ by such a d (Mangasarian 1988, Operations Research Letters 7, pp. 21-26). A random goal is
not 0 at such a d, so that one of its two ends is found beyond 0; steps of one activity have one goal, since a
change between them alone is none.
"""

from __future__ import annotations

__all__ = ["other_quantities"]

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.compilation import compile_network
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.numerics.convex.linear import solve_linear

if TYPE_CHECKING:
    from potline.equilibrium.network.state import NetworkState

Floats = NDArray[np.float64]

_NEAR, _FOUND = 1e-9, 1e-6


def other_quantities(result: NetworkState) -> bool:
    """Return whether an equilibrium of a monotone network has another one beside it, at the same prices.

    Examples:
        >>> from potline.equilibrium.network.solve import solve_network
        >>> from potline.industry.network import Activity, Amount, LocalDemand, Network, Place, Product
        >>> def pair(dearer: float) -> Network:
        ...     makers = tuple(Activity(name=n, place="west", outputs=(Amount(product="metal"),), cost_per_t=c)
        ...                    for n, c in (("A", 2.0), ("B", 2.0 + dearer)))
        ...     return Network(name="pair", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...         activities=makers, demands=(LocalDemand(product="metal", place="west", intercept_per_t=10.0,
        ...                                                 slope_per_kt=1.0),))
        >>> other_quantities(solve_network(pair(0.0))), other_quantities(solve_network(pair(0.1)))
        (True, False)
    """
    from scipy import sparse

    compiled = compile_network(result.network, result.concept, result.stage)
    x, price = result.answer.x, result.answer.price
    if x.shape != compiled.linear.shape or price.shape != compiled.right.shape or not np.isfinite([*x, *price]).all():
        return False
    flow, money = scale_of(compiled, x, price)
    conditions = Conditions(compiled, money, flow)
    loss = conditions.marginal_cost(x) - compiled.pricing.T @ price
    tiny = _NEAR * max(float(np.abs(x).max(initial=0.0)), 1e-300)
    free = (np.abs(loss) <= _NEAR * money) & (compiled.cubic == 0.0) & (compiled.diagonal == 0.0)
    free[compiled.curves.column] = free[compiled.curves.sale] = False
    less, more = free & (x > tiny), free & (x < compiled.upper - tiny)
    moves = np.flatnonzero(less | more)
    if moves.size < 2:
        return False
    own = np.unique(
        np.stack([part[moves] for part in (compiled.kind, compiled.noun, compiled.period, compiled.seller)], axis=1),
        axis=0,
        return_inverse=True,
    )[1].ravel()
    goal = np.random.default_rng(moves.size).standard_normal(moves.size)[own]
    rows, columns, values = compiled.cross
    slopes = sparse.csc_array((values, (rows, columns)), shape=(x.size, x.size))[:, moves]
    equal = sparse.vstack([sparse.csc_array(compiled.matrix)[:, moves], slopes], format="csr")
    equal = equal[np.flatnonzero(np.diff(equal.indptr) > 0)]
    low, high = np.where(less[moves], -1.0, 0.0), np.where(more[moves], 1.0, 0.0)
    found = (
        solve_linear(sign * goal, equal=equal, right=np.zeros(equal.shape[0]), low=low, upper=high)
        for sign in (1.0, -1.0)
    )
    return any(one.status == "solved" and one.value < -_FOUND for one in found)
