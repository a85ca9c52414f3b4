"""Demand lines that a published model cuts into steps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from tests.replications.process_models.parts import use

from potline.industry.network import Activity, CostStep, FixedDemand


@dataclass(frozen=True)
class Curve:
    """Demand in steps: the quantities where they meet, from 0 up, and what each is worth to buyers in all."""

    quantity: list[float]
    worth: list[float]

    @classmethod
    def through(cls, price: float, quantity: float, elasticity: float, *, high: float, low: float, steps: int) -> Curve:
        """Cut the line through a point between two multiples of its price; the grid may begin below 0."""
        slope = price / quantity / elasticity
        most = price - slope * quantity
        grid = np.linspace((high * price - most) / slope, (low * price - most) / slope, steps + 1)
        kept = np.unique(np.maximum(grid, 0.0))
        return cls(kept.tolist(), np.interp(kept, grid, most * grid + 0.5 * slope * grid**2).tolist())

    def buyers(self, product: str, place: str) -> tuple[Activity, FixedDemand]:
        """Return buyers of each further step, a negative cost, and the quantity bought at any price."""
        steps = tuple(
            CostStep(capacity_kt=after - before, cost_per_t=(less - more) / (after - before))
            for (before, less), (after, more) in pairwise(zip(self.quantity, self.worth, strict=True))
        )
        activity = Activity(
            name=f"buyers of {product} {place}", place=place, inputs=use(product, place).inputs, steps=steps
        )
        return activity, FixedDemand(product=product, place=place, quantity_kt=self.quantity[0])
