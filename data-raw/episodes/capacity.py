"""Capacity at a date: what was reported, and the rest by power stations built since the date before.

A station feeds ``KT_PER_MW`` kt a year. Where the stations of a plant could feed more than it had, it may have grown.
What the country gained beyond the reported plants is divided in proportion to that surplus. Each such plant is an
assumption, from no growth to twice as much.
"""

from __future__ import annotations

__all__ = ["KT_PER_MW", "Grown", "grow", "new_plants", "own_mw"]

from dataclasses import dataclass

from episodes.dates import Date
from flagship.tables import Row, read

KT_PER_MW = 8.76 * 0.62 / 13.844
"""Hours of a year in thousands, the load that fits 2012, and MWh per t."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A plant's capacity at a date: reported, grown by the rule, or as it was."""

    capacity_kt: float
    before_kt: float
    commissioning_kt: float = 0.0
    source: str = ""
    note: str = ""

    @property
    def by_rule(self) -> bool:
        """Whether the rule made it larger."""
        return not self.source and self.capacity_kt > self.before_kt


def new_plants() -> list[Row]:
    """Return the plants that the table of 2013 does not hold."""
    return read("compiled/episodes/plants.csv")


def own_mw(year: int) -> dict[str, float]:
    """Return MW of own coal units at the end of a year, by plant."""
    stations = {row["station"]: row["plant"] for row in read("compiled/own_power.csv")}
    stations |= {row["station"]: row["plant"] for row in read("compiled/episodes/stations.csv")}
    result: dict[str, float] = {}
    for row in read("published/china_captive_power_units.csv"):
        gone = row["retired_year"] and int(row["retired_year"]) <= year
        plant = stations.get(row["station"], "")
        if int(row["start_year"]) <= year and not gone and plant:
            result[plant] = result.get(plant, 0.0) + float(row["capacity_mw"])
    return result


def grow(before: dict[str, float], date: Date) -> dict[str, Grown]:
    """Return the capacity of every plant at a date from that at the date before."""
    rows = [row for row in read("compiled/episodes/capacity.csv") if row["case"] == date.name]
    if not rows:
        return {plant: Grown(capacity_kt=kt, before_kt=kt) for plant, kt in before.items()}
    reported = {row["plant"]: row for row in rows if row["plant"]}
    total = float(next(row["capacity_kt"] for row in rows if not row["plant"]))
    known = {row["plant"] for row in new_plants()} | set(before)
    surplus = {
        plant: max(0.0, KT_PER_MW * mw - before.get(plant, 0.0))
        for plant, mw in own_mw(date.year_of_units).items()
        if plant in known and plant not in reported
    }
    gain = sum(float(row["capacity_kt"]) - before.get(plant, 0.0) for plant, row in reported.items())
    rest = total - sum(before.values()) - gain
    each = rest / sum(surplus.values())
    if rest < 0.0:
        raise ValueError(f"{date.name}: reported plants grew by more than the country")
    result: dict[str, Grown] = {}
    for plant in known:
        old = before.get(plant, 0.0)
        if row := reported.get(plant):
            result[plant] = Grown(
                capacity_kt=float(row["capacity_kt"]),
                before_kt=old,
                commissioning_kt=float(row["commissioning_kt"] or 0.0),
                source=row["source"],
                note=row["note"],
            )
        elif old or surplus.get(plant):
            result[plant] = Grown(capacity_kt=old + each * surplus.get(plant, 0.0), before_kt=old)
    return result
