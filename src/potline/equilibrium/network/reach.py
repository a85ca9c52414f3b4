r"""What nobody can pay: columns that cannot sell at the price at which the last buyer gives up, brought near.

The most that one more kt is worth at a row, ``V``, is what the best of its users would pay,

.. math:: V_r = \max(0, \max_{j: a_{rj} < 0} (\sum_{i: a_{ij} > 0} a_{ij} V_i - c_j) / |a_{rj}|),

with ``-c_j`` the choke price where column j is demand. A column that costs far more than its outputs are worth is idle,
and so is one without capacity; a cost of 1e9 beside prices of 20 only spoils the scale of everything else. Such costs
are cut to a little beyond that worth. Where a solution of the cut network leaves these columns idle it solves the
network itself: they lose more there. Those that are used all the same (demand of constant elasticity pays any price, a
by-product may be worth less than nothing) get their costs back by and by, each step from the answer before.
"""

from __future__ import annotations

__all__ = ["Near", "brought_near"]

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAR = 10.0
CURVED = 30.0
ROUNDS = 200
SETTLED = 1e-12
IDLE = 1e-9
STEP = 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Near:
    """A network with costs cut, and the columns that were.

    Attributes:
        network: with these costs.
        whole: the network itself, but for the costs of what has no capacity.
        idle: columns that are thought to be idle, shape (idle,).
    """

    network: CompiledNetwork
    whole: CompiledNetwork
    idle: Ints

    def solved(self, x: Floats) -> Floats | None:
        """Return the quantities where they solve the network itself, what is idle at exactly 0; None elsewhere."""
        used = self._used(x)
        same = self.network.linear[used] == self.whole.linear[used]
        if not np.all(same & (self.network.upper[used] == self.whole.upper[used])):
            return None
        found = x.copy()
        found[np.setdiff1d(self.idle, used)] = 0.0
        return found

    def nearer(self, x: Floats) -> Near:
        """Give columns that are used ``STEP`` times their costs, at most their own, and their capacity back."""
        used = self._used(x)
        cost, upper = self.network.linear.copy(), self.network.upper.copy()
        cost[used] = np.minimum(STEP * cost[used], self.whole.linear[used])
        upper[used] = self.whole.upper[used]
        return dataclasses.replace(self, network=dataclasses.replace(self.network, linear=cost, upper=upper))

    def _used(self, x: Floats) -> Ints:
        return self.idle[x[self.idle] > IDLE * float(np.abs(x).max(initial=0.0))]


def brought_near(compiled: CompiledNetwork) -> Near | None:
    """Return the network with such costs cut; None where there are none.

    Args:
        compiled: the network; costs that are at most FAR times the largest worth stay as they are.

    Examples:
        >>> from potline.equilibrium.concepts import Competitive
        >>> from potline.equilibrium.network.compilation import compile_network
        >>> from potline.industry.network import Activity, Amount, LocalDemand, Network, Place, Product
        >>> metal = (Amount(product="metal"),)
        >>> mills = [Activity(name=f"mill {c:g}", place="west", outputs=metal, cost_per_t=c) for c in (2.0, 1e9)]
        >>> here = Network(name="here", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...     activities=tuple(mills),
        ...     demands=(LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0),))
        >>> near = brought_near(compile_network(here, Competitive()))
        >>> near.network.linear.tolist(), near.idle.tolist()
        ([2.0, 20.0, -10.0], [1])
        >>> near.solved(np.array([8.0, 0.0, 8.0])).tolist(), near.solved(np.array([7.0, 1.0, 8.0]))
        ([8.0, 0.0, 8.0], None)
        >>> brought_near(near.network)
    """
    linear, none = compiled.linear, compiled.upper == 0.0
    choke = max(0.0, float(-linear.min(initial=0.0)), CURVED * float(compiled.curves.price.max(initial=0.0)))
    if not none.any() and float(linear.max(initial=0.0)) <= FAR * choke:
        return None
    worth = _worth(compiled)
    if worth is None:
        return None
    most = float(worth[np.isfinite(worth)].max(initial=0.0))
    gross = _gross(compiled, worth)
    idle = np.flatnonzero((linear > gross + FAR * most) | none)
    if most == 0.0 or idle.size == 0:
        return None
    known, empty = np.isfinite(gross[idle]), none[idle]
    cost, upper, own = linear.copy(), compiled.upper.copy(), linear.copy()
    cost[idle] = np.where(known, gross[idle] + most, np.minimum(linear[idle], most))
    upper[idle[known & empty]] = np.inf
    own[idle[empty]] = cost[idle[empty]]
    whole = dataclasses.replace(compiled, linear=own)
    return Near(network=dataclasses.replace(compiled, linear=cost, upper=upper), whole=whole, idle=idle)


def _gross(compiled: CompiledNetwork, worth: Floats) -> Floats:
    """Return what the outputs of a unit of each column are worth at most, shape (columns,)."""
    matrix = compiled.matrix
    column = np.repeat(np.arange(compiled.linear.size), np.diff(matrix.indptr))
    made = matrix.data > 0.0
    value = matrix.data[made] * worth[matrix.indices[made]]
    return np.bincount(column[made], value, compiled.linear.size).astype(np.float64)


def _worth(compiled: CompiledNetwork) -> Floats | None:
    """Return ``V``, discounted money/t, infinite where somebody pays any price; None where it does not settle."""
    matrix, rows = compiled.matrix, compiled.right.size
    column = np.repeat(np.arange(compiled.linear.size), np.diff(matrix.indptr))
    taken = matrix.data < 0.0
    row, user, amount = matrix.indices[taken], column[taken], -matrix.data[taken]
    worth = np.zeros(rows)
    within = np.arange(rows) % compiled.block
    worth[np.isin(within, compiled.unrationed)] = np.inf
    curved = matrix.indices[matrix.indptr[compiled.curves.column]]
    worth[curved] = 0.0
    np.maximum.at(worth, curved, CURVED * compiled.curves.price)
    worth[(within < compiled.row_product.size) & (compiled.right > 0.0)] = np.inf
    if compiled.cross[2].size and float(compiled.cross[2].min()) < 0.0:
        return None  # demand may then pay more than its choke price
    for _ in range(ROUNDS):
        finite, before = np.isfinite(worth), worth.copy()
        np.maximum.at(worth, row, (_gross(compiled, worth) - compiled.linear)[user] / amount)
        same = worth[finite] - before[finite] <= SETTLED * np.abs(worth[finite])
        if same.all():
            return worth
    return None
