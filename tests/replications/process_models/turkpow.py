"""Turkish power: what to build and what to run in six years.

The years stand unevenly apart and a plant serves every later year, so the products are dated: building is one activity
that yields capacity in all years after it, and its cost is the discounted sum of the charges of those years.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.replications.process_models.parts import places, process, products, supply, tables, use

from potline.industry.network import Activity, FixedDemand, Network

GRID = "Turkey"


@dataclass
class Plan:
    """The tables, and the activities and fixed demands so far."""

    data: dict[str, Any] = field(default_factory=lambda: tables("turkpow"))
    activities: list[Activity] = field(default_factory=list)
    demands: list[FixedDemand] = field(default_factory=list)

    def weight(self, year: int) -> float:
        """Return what money of a year is worth in the base year."""
        return (1.0 + self.data["interest"]) ** -self.age(year)

    def age(self, year: int) -> int:
        return year - self.data["base_year"]

    def recovery(self, life: int) -> float:
        """Return the yearly charge of a unit of capital."""
        rate = self.data["interest"]
        return rate / (1.0 - (1.0 + rate) ** -life)

    def after(self, year: int) -> list[int]:
        return [later for later in self.data["years"] if later >= year]

    def demand(self, block: str, year: int) -> float:
        return round(self.data["block"][block][1] * (1.0 + self.data["growth"]) ** self.age(year))

    def layers(self) -> dict[str, tuple[list[str], float]]:
        """Return for each block the blocks a unit in it serves, and the share of the year it runs."""
        blocks = self.data["block"]
        hours = [row[0] for row in blocks.values()]
        return {name: (list(blocks)[: k + 1], sum(hours[: k + 1]) / sum(hours)) for k, name in enumerate(blocks)}

    def require(self, product: str, quantity: float) -> None:
        """Ask for a quantity at least."""
        self.demands.append(FixedDemand(product=product, place=GRID, quantity_kt=quantity))
        self.activities.append(use(product, GRID))

    def limit(self, product: str, quantity: float) -> None:
        """Offer a quantity at most."""
        self.activities.append(supply(product, GRID, capacity_kt=quantity))

    def build(self, unit: str, year: int, amounts: dict[str, float], cost: float, most: float) -> None:
        """Add the building of a unit in a year; what is ordered must be built."""
        row = self.data["hydro_unit"].get(unit) or self.data["thermal_unit"][unit]
        order = row.get("ordered", {}).get(str(year))
        if order is not None:
            amounts = amounts | {f"order {unit} {year}": 1.0}
            self.require(f"order {unit} {year}", float(order))
        self.activities.append(process(f"build {unit} {year}", GRID, amounts, cost_per_t=cost, capacity_kt=most))

    def run(self, unit: str, year: int, running: float, energy: bool) -> None:
        """Add running a unit in each block of a year; capacity and energy that are left are lost."""
        self.activities += [use(f"{kind} {unit} {year}", GRID) for kind in ("power", *(("energy",) if energy else ()))]
        for block, (served, share) in self.layers().items():
            amounts = {f"load {name} {year}": 1.0 for name in served} | {f"power {unit} {year}": -1.0}
            if energy:
                amounts[f"energy {unit} {year}"] = -share
            cost = self.weight(year) * running * share
            self.activities.append(process(f"run {unit} {block} {year}", GRID, amounts, cost_per_t=cost))

    def hydro(self) -> None:
        """Add dams: they share a limit on their capacity, and each has a site and a yearly energy."""
        common = self.data["hydro"]
        for unit, row in self.data["hydro_unit"].items():
            available = common["availability"]
            self.limit(f"site {unit}", float(row["most"]))
            for year in self.data["years"]:
                served = self.after(year)
                gives = {f"power {unit} {t}": available for t in served}
                gives |= {f"reserve {t}": available for t in served}
                gives |= {f"energy {unit} {t}": row["energy"] for t in served}
                if year == self.data["years"][0] and row.get("initial"):
                    standing = process(f"standing {unit}", GRID, gives, capacity_kt=float(row["initial"]))
                    self.activities.append(standing)
                takes = {f"hydro room {t}": -1.0 for t in served} | {f"site {unit}": -1.0}
                charge = self.recovery(common["life"]) * row["capital"] * sum(map(self.weight, served))
                most = float("inf") if year >= row["from"] else 0.0
                self.build(unit, year, gives | takes, charge, most)
                self.run(unit, year, common["running"], energy=True)

    def thermal(self) -> None:
        """Add thermal units by vintage; the first vintage holds what stands."""
        common = self.data["thermal"]
        for unit, row in self.data["thermal_unit"].items():
            self.limit(f"site {unit}", float(row["most"]))
            for year, most in zip(self.data["years"], row["yearly"], strict=True):
                served, vintage = self.after(year), f"{unit} of {year}"
                gives = {f"power {vintage} {t}": row["availability"] for t in served}
                gives |= {f"reserve {t}": row["availability"] for t in served}
                if year == self.data["years"][0]:
                    standing = process(f"standing {unit}", GRID, gives, capacity_kt=float(row["initial"]))
                    self.activities.append(standing)
                capital = row["capital"] * (1.0 + row["capital_trend"]) ** self.age(year)
                charge = self.recovery(common["life"]) * capital * sum(map(self.weight, served))
                self.build(unit, year, gives | {f"site {unit}": -1.0}, charge, float(most))
                running = row["running"] * (1.0 + common["running_trend"]) ** self.age(year)
                for t in served:
                    self.run(vintage, t, running, energy=False)


def turkpow() -> Network:
    """Write the model."""
    plan = Plan()
    initial = sum(row.get("initial", 0) for row in plan.data["hydro_unit"].values())
    for year in plan.data["years"]:
        peak = plan.demand("peak", year)
        for block in plan.data["block"]:
            plan.require(f"load {block} {year}", plan.demand(block, year))
        plan.require(f"reserve {year}", (1.0 + plan.data["reserve"]) * peak)
        plan.limit(f"hydro room {year}", plan.data["hydro_share"] * peak - initial)
    plan.hydro()
    plan.thermal()
    return Network(
        name="turkpow",
        products=products(plan.activities),
        places=places(GRID),
        activities=tuple(plan.activities),
        demands=tuple(plan.demands),
    )
