"""Irrigated farms of the Indus basin: crops by technique, animals, wells, groundwater, a household, and risk.

Two polygons stand side by side. Money itself is a product, "income": what families eat rises with it. Bad and good
years are products too, the deviation of revenue in each; closing a deviation of either sign costs what risk is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tests.replications.process_models.indus_crops import SEASONS, monthly, techniques
from tests.replications.process_models.indus_water import Water, water
from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network, Stock


@dataclass
class Polygon:
    """One polygon: the tables, its water, and what is written so far."""

    data: dict[str, Any]
    name: str
    here: dict[str, Any] = field(init=False)
    water: Water = field(init=False)
    activities: list[Activity] = field(default_factory=list)
    demands: list[FixedDemand] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here = self.data["polygon"][self.name]
        self.water = water(self.data, self.name)

    def do(self, name: str, amounts: dict[str, float], cost: float = 0.0, **others: Any) -> None:
        """Add an activity whose cost is also taken out of income."""
        whole = amounts | {"income": amounts.get("income", 0.0) - cost}
        self.activities.append(process(f"{name} {self.name}", self.name, whole, cost_per_t=cost, **others))

    def given(self, product: str, quantity: float) -> None:
        """Add what is there, or missing, and must be used up exactly."""
        if quantity >= 0.0:
            self.stocks.append(Stock(product=product, place=self.name, opening_kt=quantity, capacity_kt=0.0))
        else:
            self.demands.append(FixedDemand(product=product, place=self.name, quantity_kt=-quantity))

    def spare(self, *names: str) -> None:
        """Let products be thrown away."""
        self.activities += [use(name, self.name) for name in names]

    def grow(self) -> None:
        """Add every technique of every crop."""
        for name, amounts, cost in techniques(self.data, self.water.rain):
            self.do(name, amounts, cost)

    def animals(self) -> None:
        """Add animals, bought protein, and the draft power of bullocks, which cows must bear."""
        data, months = self.data, self.data["months"]
        for animal, row in data["animal"].items():
            amounts = {product: float(row[product]) for product in ("buff-milk", "catl-milk", "meat") if product in row}
            for season in SEASONS:
                amounts[f"fodder {season}"] = -row["fodder"]
                amounts[f"green {season}"] = -data["green_share"] * row["fodder"]
                amounts[f"protein {season}"] = -row["protein"]
            amounts |= monthly(data, "labour", [row["labour"]] * 12, -1.0)
            amounts["calf"] = {"cattle": data["draft"]["pairs_per_cow"], "bullock": -1.0}.get(animal, 0.0)
            if animal == "bullock":
                amounts |= monthly(data, "bullock", data["draft"]["hours"])
            self.do(animal, amounts)
        for season in SEASONS:
            self.do(f"protein {season}", {f"protein {season}": 1.0}, data["input_price"]["protein"])
            self.spare(f"fodder {season}", f"green {season}", f"protein {season}")
        self.spare("calf", *(f"bullock {m}" for m in months))

    def resources(self) -> None:
        """Add land, labour, tractors, wells, canals and the ground."""
        data, price, here = self.data, self.data["input_price"], self.here
        home = data["household"]
        scale = here["share"] * home["hours_a_month"] * home["growth"] / 1000.0
        family, hired = (
            scale * sum(n * i for n, i in zip(home[kind], home["intensity"], strict=True))
            for kind in ("family", "hired")
        )
        for k, month in enumerate(data["months"]):
            self.given(f"land {month}", here["irrigated"] / 1000.0)
            fallow = {f"land {month}": -1.0, "groundwater": float(self.water.fallow[k])}
            self.do(f"fallow {month}", fallow)
            self.activities.append(supply(f"labour {month}", self.name, capacity_kt=family))
            self.do(
                f"hire {month}", {f"labour {month}": 1.0}, price["wage"][k], capacity_kt=home["hired_share"] * hired
            )
            self.activities.append(supply(f"tractors {month}", self.name, capacity_kt=here["tractors"] / 1000.0))
            work = {f"tractor {month}": 1.0, f"tractors {month}": -1.0}
            self.do(f"tractor work {month}", work, float(price["tractor_running"]))
            self.activities.append(supply(f"water {month}", self.name, capacity_kt=float(self.water.canal[k])))
            self.spare(f"tractors {month}", f"water {month}")
            if here["fresh"]:
                self.activities.append(supply(f"wells {month}", self.name, capacity_kt=here["wells"] / 1000.0))
                pump = {f"water {month}": float(self.water.well[k]), f"wells {month}": -1.0}
                pump["groundwater"] = float(self.water.well_returns[k]) - 1.0
                self.do(f"pumping {month}", pump, float(price["well_running"]))
                self.spare(f"wells {month}")
        self.do("new tractors", monthly(data, "tractors", [data["capacity"]["tractor"]] * 12), float(price["tractor"]))
        self.given("groundwater", self.water.ground)
        if here["fresh"]:
            self.do("new wells", monthly(data, "wells", [data["capacity"]["well"]] * 12), float(price["well"]))
        else:
            cost = price["drain_running"] + price["drain"] / data["capacity"]["drain"]
            self.activities += [
                use("groundwater", self.name, cost_per_t=cost),
                supply("groundwater", self.name, cost_per_t=cost),
            ]
        self.activities.append(supply("mill area", self.name, capacity_kt=here["mill_area"] / 1000.0))

    def household(self) -> None:
        """Add selling, buying and eating; what is eaten at least rises with normal income, at selling prices."""
        data, home = self.data, self.data["household"]
        price, eaten = data["price"], data["eaten"]
        budget = sum(price[c] * least for c, (least, _, _) in eaten.items()) / home["food_share"]
        people = home["people"] * self.here["share"] * home["growth"] / 1000.0
        living = {"income": -1.0}
        for product, value in price.items():
            self.do(f"sell {product}", {product: -1.0}, -value)
            if product not in eaten:
                continue
            least, elasticity, weight = eaten[product]
            animal = any(product in row for row in data["animal"].values())
            bought = data["bought_at"]["livestock" if animal else "crop"] * value
            normal = bought - value if animal else value - bought
            self.do(f"eat {product}", {product: -1.0, f"eaten {product}": 1.0}, -value)
            self.do(f"buy {product}", {product: 1.0, "income": normal}, bought)
            share = home["propensity_to_consume"] * elasticity * weight / value
            living[f"eaten {product}"] = -share
            needed = (least - share * budget) * people
            self.spare(f"eaten {product}")
            if needed >= 0.0:
                self.demands.append(FixedDemand(product=f"eaten {product}", place=self.name, quantity_kt=needed))
            else:
                self.activities.append(supply(f"eaten {product}", self.name, capacity_kt=-needed))
        self.activities.append(process(f"living {self.name}", self.name, living))

    def risk(self) -> None:
        """Let the deviation of each year be closed, at the worth of its part in the mean absolute deviation."""
        years = len(next(iter(self.data["deviation"].values())))
        normal = math.sqrt(3.1445926 * years / (years - 1) / 2.0)
        cost = self.data["household"]["risk_aversion"] * normal / years
        for k in range(years):
            self.activities += [
                supply(f"year {k}", self.name, cost_per_t=cost),
                use(f"year {k}", self.name, cost_per_t=cost),
            ]


def indus() -> Network:
    """Write the model in 1000 acres, 1000 acre-feet, 1000 pounds and rupees."""
    data = tables("indus")
    polygons = [Polygon(data, name) for name in data["polygon"]]
    for polygon in polygons:
        polygon.grow()
        polygon.animals()
        polygon.resources()
        polygon.household()
        polygon.risk()
    activities = [activity for polygon in polygons for activity in polygon.activities]
    stocks = tuple(stock for polygon in polygons for stock in polygon.stocks)
    return Network(
        name="indus",
        products=products(activities),
        places=places(*data["polygon"]),
        activities=tuple(activities),
        demands=tuple(demand for polygon in polygons for demand in polygon.demands),
        stocks=stocks,
    )
