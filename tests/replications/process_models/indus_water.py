"""Water of the Indus polygons: what canals, watercourses and fields lose, and what the ground gains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Months = NDArray[np.float64]


@dataclass(frozen=True)
class Reach:
    """Shares of water that seep and evaporate on one part of its way, by month."""

    seeps: Months
    evaporates: Months

    @property
    def lost(self) -> Months:
        return self.seeps + self.evaporates

    def times(self, share: float) -> Reach:
        return Reach(share * self.seeps, share * self.evaporates)


def series(values: Any) -> Months:
    """Read monthly numbers."""
    return np.array(values, np.float64)


def reaches(common: dict[str, Any], polygon: dict[str, Any]) -> dict[str, Reach]:
    """Return the losses of main canals, minor canals, watercourses, fields and private wells."""
    pan = series(polygon["pan"])
    head = series(polygon["canal_level"]) - polygon["table"]
    scale = common["evaporation"] * pan / pan.max()
    found: dict[str, Reach] = {}
    for k, kind in enumerate(("main", "minor")):
        bed = sum(length * float(np.interp(width, *common["canal_width"])) for length, width in polygon[kind])
        seeps = common["permeability"] * common["cusec"] * bed * series(common["operation"]) * head
        evaporates = polygon["wetted"][k] * pan * polygon["adjustment"][k] * 1e-6
        found[kind] = Reach(seeps / polygon["canal_capacity"][k], evaporates)
    for kind in ("watercourse", "field"):
        seeps = common["loss"] - scale + series(common["seepage"][kind])
        found[kind] = Reach(seeps, scale + series(common["evaporated"][kind]))
    return found | {"well": found["watercourse"].times(0.5)}


@dataclass(frozen=True)
class Water:
    """What one polygon's farms meet.

    Attributes:
        canal: at the root zone, 1000 acre-feet. well: share of pumped water that reaches the root zone.
        well_returns: share of pumped water that seeps back. rain: what rain and the ground give a crop, feet.
        fallow: what an acre that lies idle adds to the ground, feet. ground: net inflow to the ground but for farms.
    """

    canal: Months
    well: Months
    well_returns: Months
    rain: Months
    fallow: Months
    ground: float


def water(data: dict[str, Any], name: str) -> Water:
    """Work out the water of a polygon."""
    common, polygons = data["hydrology"], data["polygon"]
    here, way = polygons[name], reaches(common, polygons[name])
    main, minor, course, field, well = (way[kind] for kind in ("main", "minor", "watercourse", "field", "well"))
    above = reaches(common, polygons[here["upper"]])["main"].times(common["upstream"]) if here["upper"] else None
    head = 1000.0 * sum(series(flow) for flow in here["canals"].values())
    arriving = head * (1.0 - above.lost) if above else head
    rain, pan, kept = series(here["rain"]), series(here["pan"]), 1.0 - common["runoff"]
    depth = here["surface"] - here["table"]
    at_field, at_canal = (float(np.interp(feet, *common["capillary"])) for feet in (depth, 0.5 * depth))

    to_ground = course.seeps + (1.0 - course.lost) * field.seeps
    to_ground = main.seeps + (1.0 - main.lost) * (minor.seeps + (1.0 - minor.lost) * to_ground)
    gained = float(np.sum(arriving * to_ground)) + transit(data, name)
    dry, wet = here["area"] - here["irrigated"], here["irrigated"]
    rained = float(np.sum(kept * ((field.seeps + common["extra_seepage"]) * dry + field.seeps * wet) * rain))
    drawn = float(np.sum(pan)) * (sum(here["wetted"]) * at_canal + wet * at_field) / 1000.0
    flows = sum(
        width
        * (there + here["transmissibility"])
        / 2000.0
        * (level - here["table"])
        * common["cusec"]
        / length
        / 1000.0
        for length, width, there, level in here["underflow"]
    )
    return Water(
        canal=arriving * (1.0 - main.lost) * (1.0 - minor.lost) * (1.0 - course.lost) * (1.0 - field.lost),
        well=(1.0 - well.lost) * (1.0 - field.lost),
        well_returns=well.seeps + (1.0 - well.lost) * field.seeps,
        rain=(kept - field.lost) * rain * 1000.0 / here["area"] + pan * (1.0 - common["nonconsumptive"]) * at_field,
        fallow=kept * common["extra_seepage"] * rain / here["area"],
        ground=gained + rained / here["area"] + sum(here["river"]) / 1000.0 + flows - drawn,
    )


def transit(data: dict[str, Any], name: str) -> float:
    """Return what seeps in a polygon from water on its way to the polygon below."""
    common = data["hydrology"]
    seeps = reaches(common, data["polygon"][name])["main"].times(common["upstream"]).seeps
    below = [polygon for polygon in data["polygon"].values() if polygon["upper"] == name]
    return float(sum(np.sum(1000.0 * series(flow) * seeps) for polygon in below for flow in polygon["canals"].values()))
