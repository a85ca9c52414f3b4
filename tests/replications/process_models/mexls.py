"""Mexican steel, large static: mines, pellet and coke plants, six steel mills, eight markets, 1979.

A productive unit that several processes share is a product "hours of the unit" made at its mill up to capacity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network, Quota, Route

PORT = "port"
Made = dict[str, set[str]]


@dataclass
class Chain:
    """The tables, and what is written so far."""

    data: dict[str, Any] = field(default_factory=lambda: tables("mexls"))
    activities: list[Activity] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    demands: list[FixedDemand] = field(default_factory=list)
    makes: Made = field(default_factory=dict)
    takes: Made = field(default_factory=dict)

    def add(
        self, name: str, place: str, recipe: dict[str, float], unit: str = "", share: float = 1.0, **o: Any
    ) -> None:
        """Add a process that works ``share`` hours of a unit for each tonne."""
        self.makes.setdefault(place, set()).update(c for c, value in recipe.items() if value > 0.0)
        self.takes.setdefault(place, set()).update(c for c, value in recipe.items() if value < 0.0)
        amounts = recipe | ({f"hours of {unit}": -share} if unit else {})
        self.activities.append(process(f"{name} {place}", place, amounts, **o))

    def unit(self, name: str, place: str, capacity: float) -> None:
        """Add a productive unit; idle hours are free."""
        hours = f"hours of {name}"
        self.activities += [supply(hours, place, capacity_kt=capacity), use(hours, place)]

    def ship(self, product: str, origin: str, destination: str, cost: float, **others: Any) -> None:
        """Add a route where the origin makes the product and the destination takes it."""
        if product in self.makes[origin] and product in self.takes[destination]:
            self.routes.append(
                Route(product=product, origin=origin, destination=destination, freight_per_t=cost, **others)
            )

    def raw_freight(self, distance: float) -> float:
        return freight(distance, self.data["freight"]["raw"])

    def mines(self) -> None:
        """Add mining and concentration where the mine holds the ore and has the unit."""
        data = self.data
        for mine, row in data["mine"].items():
            for unit, capacity in row.items():
                if unit != "reserve":
                    self.unit(unit, mine, data["utilization"]["mines"] * capacity)
            for name, recipe in data["mining_recipe"].items():
                unit = data["mining_unit"].get(name, "")
                if row["reserve"] in recipe and (not unit or unit in row):
                    self.add(name, mine, recipe, unit, cost_per_t=float(data["mining_cost"].get(name, 0)))

    def plants(self) -> None:
        """Add pellet and coke plants."""
        for plant, row in self.data["plant"].items():
            for name, capacity in row.items():
                room = self.data["utilization"]["plants"] * capacity
                self.add(name, plant, self.data["plant_recipe"][name], capacity_kt=room)

    def mills(self) -> None:
        """Add the processes of the steel mills for which the mill has the unit, and its units."""
        data = self.data
        for mill, units in data["mill"].items():
            for unit, capacity in units.items():
                self.unit(unit, mill, data["utilization"]["mills"][mill] * capacity)
            for name, recipe in data["recipe"][mill].items():
                unit, *share = data["mill_unit"][name]
                if unit in units:
                    self.add(name, mill, recipe, unit, *share)

    def purchases(self) -> None:
        """Add what plants and mills buy at home, and what mills buy abroad."""
        data = self.data
        rail = dict(zip(data["mill"], data["rail_to_mill"][PORT], strict=True))
        for place in (*data["plant"], *data["mill"]):
            for c, price in data["domestic_price"].items():
                if c in self.takes[place]:
                    self.activities.append(supply(c, place, cost_per_t=float(price)))
        for mill in data["mill"]:
            landing = freight(rail[mill], data["freight"]["raw"])
            for c, price in data["imported_price"].items():
                if c in self.takes[mill]:
                    cost = data["pesos_per_dollar"] * price + landing
                    self.activities.append(
                        Activity(
                            name=f"import of {c} {mill}", place=mill, outputs=supply(c, mill).outputs, cost_per_t=cost
                        )
                    )

    def shipments(self) -> tuple[Quota, ...]:
        """Add the shipments of ore, coal, pellets, coke and sponge iron; return the shares of Pena Colorada."""
        data, rules = self.data, self.data["shipment"]
        mills = list(data["mill"])
        for mine, (plant, c, distance) in rules["mine_to_plant"].items():
            self.ship(c, mine, plant, self.raw_freight(distance))
        shares = {mill: share for owner, share in rules["share_of_penacol"] for mill in owner}
        reaches = {"lastruchas": rules["lastruchas"], "alzada": rules["alzada"], "penacol": list(shares)}
        kinds = [(list(data["mine"]), "mine_to_mill"), (list(data["plant"]), "plant_to_mill"), (mills, "mill_to_mill")]
        for origins, kind in kinds:
            for origin in origins:
                for mill, distance in zip(mills, data["rail_to_mill"][origin], strict=True):
                    if mill == origin or mill not in reaches.get(origin, mills):
                        continue
                    for c in rules[kind]:
                        lost = 1.0 - data["coke_kept"] if c == "coke" else 0.0
                        self.ship(c, origin, mill, self.raw_freight(distance), loss_share=lost)
        made = data["utilization"]["plants"] * data["plant"]["penacol"]["pelt-c"]
        return tuple(
            Quota(
                name=f"penacol to {' and '.join(owner)}",
                routes=label(self.routes, "penacol", owner),
                limit_kt=share * made,
            )
            for owner, share in rules["share_of_penacol"]
        )

    def markets(self) -> Quota:
        """Add demand at home, imports of final products, and exports; return the limit on all exports."""
        data = self.data
        rate, dollar = data["freight"]["final"], data["pesos_per_dollar"]
        names = data["rail_to_market"]["markets"]
        by_port = dict(zip(names, data["rail_to_market"][PORT], strict=True))
        out = dict(zip(data["mill"], data["rail_to_mill"][PORT], strict=True))
        for c, price in data["final_price"].items():
            whole, parts = ("rebars", data["rebars"]) if c in data["rebars"] else (c, {c: 1.0})
            all_demand, outside, percent = data["demand"][whole]
            for market, share in zip(names, percent, strict=True):
                quantity = parts[c] * (all_demand - outside) * share / 100.0
                self.demands.append(FixedDemand(product=c, place=market, quantity_kt=quantity))
                cost = dollar * price + freight(by_port[market], rate)
                self.activities.append(supply(c, market, cost_per_t=cost))
            earned = -dollar * data["export_price_share"] * price
            self.activities.append(use(c, PORT, cost_per_t=earned, capacity_kt=float(data["export_limit"]["product"])))
            for place in (*names, PORT):
                self.takes.setdefault(place, set()).add(c)
            for mill in data["mill"]:
                for market, distance in zip(names, data["rail_to_market"][mill], strict=True):
                    self.ship(c, mill, market, freight(distance, rate))
                self.ship(c, mill, PORT, freight(out[mill], rate))
        limit = float(data["export_limit"]["all"])
        return Quota(name="exports", routes=label(self.routes, "", [PORT]), limit_kt=limit)


def freight(distance: float, rate: list[float]) -> float:
    """Return pesos a tonne; 0 without a distance."""
    return rate[0] + rate[1] * distance if distance else 0.0


def label(routes: Iterable[Route], origin: str, destinations: list[str]) -> tuple[str, ...]:
    """Name the routes to some destinations, from an origin where one is given."""
    return tuple(r.label for r in routes if r.destination in destinations and (not origin or r.origin == origin))


def mexls() -> Network:
    """Write the model in 1000 t and pesos, so that a million pesos is the unit of the optimum."""
    chain = Chain()
    chain.mines()
    chain.plants()
    chain.mills()
    chain.purchases()
    shares = chain.shipments()
    exports = chain.markets()
    spare = [use(c, place) for place, made in chain.makes.items() for c in sorted(made)]
    activities = (*chain.activities, *spare)
    return Network(
        name="mexls",
        products=products(activities),
        places=places(*(activity.place for activity in activities)),
        activities=activities,
        routes=tuple(chain.routes),
        demands=tuple(chain.demands),
        quotas=(*shares, exports),
    )
