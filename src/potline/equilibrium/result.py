"""One equilibrium of one market, with the question it answers; and what plants earn in it."""

from __future__ import annotations

__all__ = ["MarketEquilibrium", "cash_costs", "plant_profits"]

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from potline._version import __version__
from potline.equilibrium.certificate import Certificate, Uniqueness
from potline.equilibrium.concepts import Avoidable, Concept, JointCap, Sweep
from potline.industry import Industry
from potline.showing import Shown

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarketEquilibrium(Shown):
    """One equilibrium of one market, with the question it answers.

    Attributes:
        price_per_t: money/t without tax.
        output_kt: of each plant, shape (plants,), in the industry's order.
        owner_output_kt, owner_profit_m: of each owner, shape (owners,), in the order of ``industry.owners``; profit
            at cash cost (lump sums apart), million a year, whatever cost decided who runs.
        imports_kt: net imports of the product, negative for exports.
        multiplier_per_t: of the joint cap, money/t; 0 where it does not bind.
        perceived_slope_per_kt: what owners see of ``|P'|``, money/t per kt; 0 while imports or exports give way.
        others: the other equilibria found, price descending; empty where there is one.
        status: ``certified``, or ``failed`` where the certificate does not hold (only with ``check="report"``).
    """

    industry: Industry
    concept: Concept
    avoidable: Avoidable
    cap: JointCap | None
    method: Sweep
    price_per_t: float
    output_kt: Floats
    owner_output_kt: Floats
    owner_profit_m: Floats
    imports_kt: float
    multiplier_per_t: float
    perceived_slope_per_kt: float
    certificate: Certificate
    others: tuple[MarketEquilibrium, ...] = ()
    version: str = __version__

    @property
    def status(self) -> Literal["certified", "failed"]:
        """Whether the certificate holds."""
        return "certified" if self.certificate.holds else "failed"

    @property
    def uniqueness(self) -> Uniqueness:
        """What is known about other equilibria."""
        return self.certificate.uniqueness

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners, in the order of the owner arrays."""
        return self.industry.owners

    @property
    def quantity_kt(self) -> float:
        """Domestic output, kt/year."""
        return float(self.output_kt.sum())

    @property
    def profit_m(self) -> dict[str, float]:
        """Profit of each owner at cash cost, million a year."""
        return dict(zip(self.owners, self.owner_profit_m.tolist(), strict=True))

    def plant_table(self) -> list[dict[str, str | float]]:
        """Return one row a plant: name, firm, owner, capacity, running, output, utilisation, cash cost, profit."""
        cash = cash_costs(self.industry)
        profit = plant_profits(self.industry, self.price_per_t, self.output_kt)
        return [
            {
                "plant": plant.name,
                "firm": plant.firm,
                "owner": self.industry.owner(plant.firm),
                "capacity_kt": plant.capacity_kt,
                "running_kt": plant.running_kt,
                "output_kt": float(self.output_kt[j]),
                "cash_cost_per_t": float(cash[j]),
                "profit_m": float(profit[j]),
            }
            for j, plant in enumerate(self.industry.plants)
        ]

    def owner_table(self) -> list[dict[str, str | float]]:
        """Return one row an owner: name, output, share of domestic output, profit."""
        total = max(self.quantity_kt, 1e-300)
        return [
            {
                "owner": owner,
                "output_kt": float(self.owner_output_kt[i]),
                "share": float(self.owner_output_kt[i]) / total,
                "profit_m": float(self.owner_profit_m[i]),
            }
            for i, owner in enumerate(self.owners)
        ]


def cash_costs(industry: Industry) -> Floats:
    """Return net cash cost of each plant, money/t."""
    return np.array([plant.net_cash_cost_per_t(industry.own_inputs) for plant in industry.plants])


def plant_profits(industry: Industry, price: float, output: Floats) -> Floats:
    """Return profit of each plant at cash cost, million a year."""
    profit = output * (price - cash_costs(industry))
    for j, plant in enumerate(industry.plants):
        if plant.smooth_cost is not None:
            scale, power = plant.smooth_cost.scale, 1.0 + 1.0 / plant.smooth_cost.exponent
            profit[j] -= scale * (output[j] / scale) ** power / power
    return profit / 1000.0
