"""Agriculture of the Agreste: three farm types grow twelve crops and cattle, eat, hire, and sell in one zone.

What the least consumption is worth is :func:`least_worth` and not part of the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.replications.process_models.curves import Curve
from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network, Route

ZONE = "agreste"
LAND = ("good", "medium", "pasture")


@dataclass
class Farms:
    """The tables, and what is written so far."""

    data: dict[str, Any] = field(default_factory=lambda: tables("nebrazil"))
    activities: list[Activity] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    demands: list[FixedDemand] = field(default_factory=list)

    def land(self, farm: str, row: dict[str, Any]) -> None:
        """Add land, part of it committed to sisal; better land may serve as worse."""
        for kind, hectares in zip(LAND, row["land"], strict=True):
            committed = self.data["sisal_land"].get(kind, 0.0)
            room = row["farms"] * hectares
            self.activities += [
                supply(f"{kind} land", farm, capacity_kt=(1.0 - committed) * room),
                use(f"{kind} land", farm),
            ]
            if committed:
                self.activities.append(supply(f"{kind} sisal land", farm, capacity_kt=committed * room))
        for better, worse in pairwise(LAND):
            amounts = {f"{better} land": -1.0, f"{worse} land": 1.0}
            self.activities.append(process(f"{better} as {worse} land {farm}", farm, amounts))

    def labour(self, farm: str, row: dict[str, Any]) -> None:
        """Add family, hired and permanent labour by month; hired and permanent workers are the region's."""
        data = self.data
        days, months = float(data["days_a_month"]), data["months"]
        for month in months:
            family = {"cost_per_t": data["family_wage"] / days, "capacity_kt": days * row["farms"] * row["family"]}
            hired = {f"days {month}": 1.0, f"worker {month}": -1.0 / days}
            self.activities += [
                supply(f"days {month}", farm, **family),
                process(f"hiring {month} {farm}", farm, hired, cost_per_t=data["hired_wage"] / days),
                use(f"days {month}", farm),
            ]
            self.routes.append(Route(product=f"worker {month}", origin=ZONE, destination=farm))
        permanent = {f"days {month}": days for month in months} | {f"worker {month}": -1.0 for month in months}
        wage = data["permanent_wage_share"] * data["permanent_wage"]
        self.activities.append(process(f"permanent workers {farm}", farm, permanent, cost_per_t=wage))

    def growing(self, farm: str) -> None:
        """Add crops on good and medium land, and the sale of what they give."""
        grown: dict[str, None] = {}
        for crop, row in self.data["crop"].items():
            for kind in LAND[:2]:
                gives = {product: kilos / 1000.0 for product, kilos in row[kind].items()}
                if not gives:
                    continue
                grown |= dict.fromkeys(gives)
                ground = f"{kind} sisal land" if "sisal" in gives else f"{kind} land"
                takes = {f"days {m}": -d for m, d in zip(self.data["months"], row["labour"], strict=True)}
                amounts = gives | takes | {ground: -1.0}
                self.activities.append(
                    process(f"{crop} on {kind} land {farm}", farm, amounts, cost_per_t=float(row["cost"]))
                )
        for product in grown:
            self.activities.append(use(product, farm))
            self.routes.append(Route(product=product, origin=farm, destination=ZONE))

    def cattle_and_family(self, farm: str, row: dict[str, Any]) -> None:
        """Add cattle on three ways of feeding, and what families eat."""
        data = self.data
        for name, (medium, pasture, ration) in data["cattle"].items():
            amounts = {"medium land": -medium, "pasture land": -pasture}
            for month, days in zip(data["months"], data["maintenance"], strict=True):
                amounts[f"days {month}"] = -(data["pasture_labour"] + pasture * days)
            cost = ration + data["veterinary"] - data["cattle_price"]
            self.activities.append(process(f"cattle {name} {farm}", farm, amounts, cost_per_t=cost))
        for name, eaten in data["bundle"].items():
            amounts = {"family fed": 1.0} | {product: -tonnes for product, tonnes in eaten.items()}
            value = -float(data["own_consumption"])
            self.activities.append(process(f"bundle {name} {farm}", farm, amounts, cost_per_t=value))
        self.demands.append(FixedDemand(product="family fed", place=farm, quantity_kt=row["farms"]))

    def market(self) -> None:
        """Add the region's workers, its buyers, and exports."""
        data = self.data
        for month in data["months"]:
            self.activities.append(supply(f"worker {month}", ZONE, capacity_kt=data["workers"]))
        for product, line in curves(data).items():
            buyers, least = line.buyers(product, ZONE)
            self.activities.append(buyers)
            self.demands.append(least)
            if product in data["exported"]:
                price = 1000.0 * data["market"][product][1]
                self.activities.append(use(product, ZONE, cost_per_t=-price))


def curves(data: dict[str, Any]) -> dict[str, Curve]:
    """Calibrate demand with Frisch's own-price elasticities, quantities in 1000 t."""
    whole = sum(spent for spent, _ in data["expenditure"].values())
    lines: dict[str, Curve] = {}
    for product, (tonnes, price_per_kg) in data["market"].items():
        spent, engel = data["expenditure"][product]
        share = spent / whole
        elasticity = -engel * (share - (1.0 - share * engel) / data["frisch"])
        lines[product] = Curve.through(
            1000.0 * price_per_kg, tonnes / 1000.0, elasticity,
            high=data["price_high"], low=data["price_low"], steps=data["steps"],
        )  # fmt: skip
    return lines


def least_worth() -> float:
    """Return what the least consumption is worth, 1000 cruzeiros."""
    return sum(line.worth[0] for line in curves(tables("nebrazil")).values())


def nebrazil() -> Network:
    """Write the model in 1000 t and cruzeiros a tonne."""
    farms = Farms()
    for farm, row in farms.data["farm"].items():
        farms.land(farm, row)
        farms.labour(farm, row)
        farms.growing(farm)
        farms.cattle_and_family(farm, row)
    farms.market()
    return Network(
        name="nebrazil",
        products=products(farms.activities),
        places=places(ZONE, *farms.data["farm"]),
        activities=tuple(farms.activities),
        routes=tuple(farms.routes),
        demands=tuple(farms.demands),
    )
