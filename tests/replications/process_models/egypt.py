"""Egyptian agriculture: five regions share the Nile; crops take land and labour by month and give grain and fodder.

The demand curves of the model are steps: a quantity is bought at any price, the rest in nine steps of falling value.
What the first quantity is worth, and a constant for meat and milk, are :func:`constant` and not part of the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.replications.process_models.curves import Curve
from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, CostStep, FixedDemand, Network, Route

NATION = "Egypt"
MONTHS = ("oct", "nov", "dec", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep")


def curve(data: dict[str, Any], row: dict[str, Any]) -> Curve:
    """Calibrate a demand at its base price, consumption and elasticity."""
    ends = {"high": data["price_high"], "low": data["price_low"], "steps": data["steps"]}
    return Curve.through(row["price"], row["quantity"], row["elasticity"], **ends)


@dataclass
class Farms:
    """The tables, and what is written so far."""

    data: dict[str, Any] = field(default_factory=lambda: tables("egypt"))
    activities: list[Activity] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    demands: list[FixedDemand] = field(default_factory=list)

    def resources(self) -> None:
        """Add land, labour and vegetable land by region, bought nutrients, and the Nile."""
        data = self.data
        self.activities.append(supply("water", NATION, capacity_kt=data["water_limit"] / 1000.0))
        for k, (region, row) in enumerate(data["region"].items()):
            self.routes.append(Route(product="water", origin=NATION, destination=region))
            for month, wage in zip(MONTHS, row["wage"], strict=True):
                pay = wage * data["days_a_month"]
                family = CostStep(capacity_kt=data["family_share"] * row["farmers"], cost_per_t=pay)
                hired = CostStep(capacity_kt=float("inf"), cost_per_t=data["hired_wage"] * pay)
                self.activities += [
                    supply(f"land {month}", region, capacity_kt=float(row["area"])),
                    supply(f"labour {month}", region, steps=(family, hired)),
                ]
            for season, limit in data["vegetables"].items():
                room = data["vegetable_allowance"] * limit["area"][k]
                self.activities.append(supply(f"{season} vegetable land", region, capacity_kt=room))
            for nutrient in ("protein", "starch"):
                self.activities.append(supply(nutrient, region, cost_per_t=float(data["nutrient_price"])))
                self.demands.append(FixedDemand(product=nutrient, place=region, quantity_kt=float(row[nutrient])))
            self.activities += [use(product, region) for product in ("protein", "starch", "dry fodder")]
            for crop in data["straw"]["crops"]:
                fed = self.fodder(crop, 1.0)
                self.activities.append(process(f"feeding {crop} {region}", region, fed | {f"{crop} straw": -1.0}))
        for a, b, cost in data["straw"]["freight"]:
            for crop in data["straw"]["crops"]:
                for origin, destination in ((a, b), (b, a)):
                    self.routes.append(
                        Route(
                            product=f"{crop} straw", origin=origin, destination=destination, freight_per_t=float(cost)
                        )
                    )

    def fodder(self, crop: str, tonnes: float) -> dict[str, float]:
        """Return nutrients of fodder, and the dry fodder it brings or must be mixed with."""
        protein, starch = (0.01 * percent * tonnes for percent in self.data["crop"][crop][:2])
        dry = tonnes if crop in self.data["fodder"]["dry"] else 0.0
        if crop in self.data["fodder"]["green"]:
            dry = -self.data["dry_per_green"] * tonnes
        return {"protein": protein, "starch": starch, "dry fodder": dry}

    def yields(self, crop: str, k: int) -> dict[str, float]:
        """Return what a feddan of a crop gives the market in a region."""
        data = self.data
        tonnes = data["yield"].get(crop, [0.0] * 5)[k]
        given = {data["sold_as"].get(crop, crop): tonnes, "veg-oil": tonnes * data["oil"].get(crop, 0.0)}
        return {product: value for product, value in given.items() if value > 0.0}

    def cost(self, crop: str, k: int, tractor: float) -> float:
        """Return the cost of a feddan without labour; crops without a market yield bear none."""
        data = self.data
        if not self.yields(crop, k):
            return 0.0
        other, pesticide, nitrogen, phosphate = data["crop"][crop][2:]
        side = data["by_product"].get(crop)
        income = side["price"] * side["yield"][k] if side else 0.0
        fertilizer = nitrogen * data["nitrogen"] + phosphate * data["phosphate"]
        return data["tractor_hour"] * tractor + other + pesticide + fertilizer - income

    def crops(self) -> None:
        """Add each crop in each region where it gives something, and the way of its goods to the market."""
        data = self.data
        made: dict[tuple[str, str], None] = {}
        for k, (region, place) in enumerate(data["region"].items()):
            for crop, row in data[place["zone"]].items():
                given = self.yields(crop, k)
                made |= dict.fromkeys((region, product) for product in given)
                feed = row.get("feed", 0.0)
                if crop in data["straw"]["crops"]:
                    given[f"{crop} straw"] = feed
                elif feed:
                    given |= self.fodder(crop, feed)
                if not given:
                    continue
                given["water"] = -sum(row["water"]) / 1000.0
                for month, land, days in zip(MONTHS, row["land"], row["labour"], strict=True):
                    given[f"land {month}"] = -land
                    given[f"labour {month}"] = -days / data["days_a_month"]
                for season, limit in data["vegetables"].items():
                    if crop in limit["crops"]:
                        given[f"{season} vegetable land"] = -1.0
                most = float(data["most_area"].get(crop, [float("inf")] * 5)[k])
                cost = self.cost(crop, k, row["tractor"])
                self.activities.append(process(f"{crop} {region}", region, given, cost_per_t=cost, capacity_kt=most))
        for region, product in made:
            self.routes.append(Route(product=product, origin=region, destination=NATION))

    def market(self) -> None:
        """Add selling with its losses, the steps of demand, imports and exports."""
        for crop, row in self.data["market"].items():
            sold = f"{crop} sold"
            buyers, least = curve(self.data, row).buyers(sold, NATION)
            kept = 1.0 - row.get("lost", 0.0)
            self.activities += [process(f"selling {crop}", NATION, {crop: -1.0, sold: kept}), use(crop, NATION), buyers]
            self.demands.append(least)
            if "import" in row:
                price, most = row["import"]
                self.activities.append(supply(sold, NATION, cost_per_t=float(price), capacity_kt=float(most)))
            if "export" in row:
                price, most = row["export"]
                self.activities.append(use(sold, NATION, cost_per_t=-float(price), capacity_kt=float(most)))


def constant() -> float:
    """Return what the least consumption is worth and the value of meat and milk."""
    data = tables("egypt")
    lines = [curve(data, row) for row in data["market"].values()]
    return data["meat_and_milk"] + sum(line.worth[0] for line in lines)


def egypt() -> Network:
    """Write the model in 1000 t and 1000 pounds."""
    farms = Farms()
    farms.resources()
    farms.crops()
    farms.market()
    return Network(
        name="egypt",
        products=products(farms.activities),
        places=places(NATION, *farms.data["region"]),
        activities=tuple(farms.activities),
        routes=tuple(farms.routes),
        demands=tuple(farms.demands),
    )
