"""The conditions of a compiled network as formulas in text for other codes, written from its arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import CompiledNetwork
from potline.equilibrium.network.complementarity import nearest_program
from potline.equilibrium.network.conditions import Conditions, scale_of
from potline.numerics.convex.solve import solve_convex

Floats = NDArray[np.float64]


class NetworkProblem:
    """What :func:`tests.oracles.asking.ask` needs of a network; starts at its nearest program."""

    def __init__(self, compiled: CompiledNetwork) -> None:
        near = solve_convex(nearest_program(compiled))
        flow, money = scale_of(compiled, near.x, near.price)
        self.conditions = Conditions(compiled, money, flow)
        self.compiled, self.name = compiled, compiled.network.name
        self.problem, self.lower, self.upper = self.conditions.problem()
        begin = np.concatenate((near.x / flow, near.price / money))
        begin[compiled.curves.column] = compiled.curves.quantity / flow
        self.start = np.clip(begin, self.lower, self.upper)

    def dearest(self) -> Floats:
        """Return another start: prices that nothing limits at their ceiling, curves buying what they do there."""
        capped = np.isfinite(self.upper)
        capped[: self.compiled.linear.size] = False
        point = np.where(capped, self.upper, self.start)
        point[self.compiled.curves.column] = self.lower[self.compiled.curves.column]
        return point

    def at_ceiling(self, point: Floats) -> bool:
        """Whether the price of something stands where nothing limits it."""
        prices = slice(self.compiled.linear.size, None)
        return bool(np.any(point[prices] >= self.upper[prices] * (1.0 - 1e-9)))

    def rows(self) -> list[str]:
        """Return F in words, a row each."""
        compiled, curves = self.compiled, self.compiled.curves
        flow, money, size = self.conditions.flow, self.conditions.money, self.compiled.linear.size
        slopes = np.zeros((self.start.size, self.start.size))
        slopes[np.arange(size), np.arange(size)] = compiled.diagonal * flow / money
        np.add.at(slopes, compiled.cross[:2], compiled.cross[2] * flow / money)
        slopes[:size, size:] = -compiled.pricing.T.toarray()
        slopes[size:, :size] = compiled.matrix.toarray()
        terms = [[repr(float(item))] for item in (*(compiled.linear / money), *(-compiled.right / flow))]
        for row, column in zip(*np.nonzero(slopes), strict=True):
            terms[row].append(f"({float(slopes[row, column])!r})*x{column + 1}")
        for column in np.flatnonzero(compiled.cubic).tolist():
            terms[column].append(f"({float(compiled.cubic[column] * flow**2 / money)!r})*x{column + 1}*x{column + 1}")
        prices: list[str] = []
        for k, column in enumerate(curves.column.tolist()):
            usual, share = float(curves.price[k] / money), float(flow / curves.quantity[k])
            prices.append(f"({usual!r})*(({share!r})*x{column + 1})**({float(-1.0 / curves.elasticity[k])!r})")
            terms[column].append(f"(-1)*{prices[-1]}")
        for sale, k, theta in zip(curves.sale.tolist(), curves.of.tolist(), curves.theta, strict=True):
            fall = float(theta / curves.elasticity[k])
            terms[sale].append(f"({fall!r})*{prices[k]}*x{sale + 1}/x{curves.column[k] + 1}")
        # PATH's language wants every variable in some equation: a balance that nothing enters has a price of 0.
        for column in np.flatnonzero(~slopes.any(axis=0)).tolist():
            if column not in curves.column:
                terms[column].append(f"(1e-9)*x{column + 1}")
        return [" + ".join(row) for row in terms]
