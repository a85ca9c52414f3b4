r"""Demand that hardly answers its price: curves too steep for rounding, solved through softer ones that meet them.

A curve of elasticity e loses its price to rounding, ``eps p / e``. Where e is below SOFT the kernel gets the curve of
elasticity SOFT through the last price found and what is bought there, ``(p, Q(p))``, until the price stays: that point
lies on both curves. Demand that a seller with market power serves keeps its curve: he sees its slope.
"""

from __future__ import annotations

__all__ = ["SOFT", "softened", "stays", "stiff_curves"]

import dataclasses

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SOFT = 1e-5
STAYS = 1e-10


def stiff_curves(compiled: CompiledNetwork) -> Ints:
    """Return which curves rounding would spoil, shape (stiff,)."""
    curves = compiled.curves
    return np.setdiff1d(np.flatnonzero(curves.elasticity < SOFT), curves.of)


def softened(compiled: CompiledNetwork, stiff: Ints, price: Floats) -> CompiledNetwork:
    """Return the network with softer curves through the points of ``price`` (discounted money/t, shape (curves,)).

    Examples:
        >>> from potline.equilibrium.concepts import Competitive
        >>> from potline.equilibrium.network.compilation import compile_network
        >>> from potline.industry.network import Activity, Amount, IsoelasticLocalDemand, Network, Place, Product
        >>> here = Network(name="here", products=(Product(name="metal"),), places=(Place(name="west"),),
        ...     activities=(Activity(name="mill", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0),),
        ...     demands=(IsoelasticLocalDemand(product="metal", place="west", price_per_t=10.0, quantity_kt=5.0,
        ...                                    elasticity=1e-9),))
        >>> compiled = compile_network(here, Competitive())
        >>> soft = softened(compiled, stiff_curves(compiled), np.array([2.0])).curves
        >>> soft.price.tolist(), round(float(soft.quantity[0]) - 5.0, 11), soft.elasticity.tolist()
        ([2.0], 8.05e-09, [1e-05])
    """
    curves = compiled.curves
    at, quantity, elasticity = curves.price.copy(), curves.quantity.copy(), curves.elasticity.copy()
    at[stiff] = price[stiff]
    quantity[stiff] *= (price[stiff] / curves.price[stiff]) ** -elasticity[stiff]
    elasticity[stiff] = SOFT
    soft = dataclasses.replace(curves, price=at, quantity=quantity, elasticity=elasticity)
    return dataclasses.replace(compiled, curves=soft)


def stays(stiff: Ints, before: Floats, after: Floats) -> bool:
    """Return whether prices of the stiff curves are what they were."""
    return bool(np.all(np.abs(after[stiff] - before[stiff]) <= STAYS * before[stiff]))
