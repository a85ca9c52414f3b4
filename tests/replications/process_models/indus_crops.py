"""Crops of the Indus basin: what each technique gives and takes an acre."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product as combinations
from typing import Any

SEASONS = ("kharif", "rabi")
Technique = tuple[str, ...]


def expand(table: dict[str, Any]) -> dict[Technique, Any]:
    """Give each technique of a row its own entry."""
    return {
        name: row for key, row in table.items() for name in combinations(*(part.split(",") for part in key.split()))
    }


def monthly(data: dict[str, Any], product: str, values: Iterable[float], sign: float = 1.0) -> dict[str, float]:
    """Write an amount of a product for each month."""
    return {f"{product} {month}": sign * float(value) for month, value in zip(data["months"], values, strict=True)}


def techniques(data: dict[str, Any], rain: Iterable[float]) -> Iterator[tuple[str, dict[str, float], float]]:
    """Return name, amounts and cost of each technique; ``rain`` is what crops need not be given, feet by month."""
    price, pounds, rain = data["input_price"], data["pounds_per_maund"], list(rain)
    kinds = {kind: expand(data[kind]) for kind in ("land", "bullock", "labour", "tractor", "water")}
    outputs, weeds = expand(data["output"]), expand(data["weeds"])
    deviation = {crop: row for key, row in data["deviation"].items() for crop in key.split(",")}
    for technique in kinds["land"]:
        crop = technique[0]
        maunds, straw, cash, nitrogen, phosphate = outputs.get(technique, [0.0] * 5)
        if nitrogen:
            more, better = response(data, crop, maunds, nitrogen)
            maunds, straw, nitrogen = maunds * better, straw * better, nitrogen * more
        eaten = crop in data["fodder"]
        amounts = fodder(data, crop, maunds if eaten else straw, weeds.get(technique, [0.0, 0.0]))
        amounts |= {} if eaten else {crop: maunds * pounds}
        for kind, rows in kinds.items():
            taken = rows.get(technique, [0.0] * 12)
            if kind == "water":
                taken = [max(0.0, wanted - given) for wanted, given in zip(taken, rain, strict=True)]
            amounts |= monthly(data, kind, taken, -1.0)
        amounts |= {f"year {k}": price["deflator"] * value for k, value in enumerate(deviation[crop])}
        amounts["groundwater"] = data["rice_seepage"] if crop in data["rice"] else 0.0
        amounts["mill area"] = -1.0 if crop == "sc-mill" else 0.0
        yield " ".join(technique), amounts, cash + price["nitrogen"] * nitrogen + price["phosphorus"] * phosphate


def response(data: dict[str, Any], crop: str, maunds: float, nitrogen: float) -> tuple[float, float]:
    """Return by how much nitrogen and yield rise where nitrogen is used at the best rate for its price."""
    if crop not in data["response"]:
        return 1.0, 1.0
    power = data["response"][crop]
    worth = data["price"][crop] * maunds * data["pounds_per_maund"]
    more = min(3.0, (power * worth / data["input_price"]["nitrogen"] / nitrogen) ** (1.0 / (1.0 - power)))
    return more, more**power


def fodder(data: dict[str, Any], crop: str, maunds: float, weeds: list[float]) -> dict[str, float]:
    """Return fodder, green fodder and protein by season, pounds, of a crop and of the weeds in it."""
    pounds, table = data["pounds_per_maund"], data["nutrient"]
    own = table.get(crop, {"fodder": [0.0, 0.0], "protein": [0.0, 0.0]})
    amounts: dict[str, float] = {}
    for k, season in enumerate(SEASONS):
        eaten = own["fodder"][k] * maunds * pounds
        weed = table["weed"]["fodder"][k] * weeds[k] * pounds
        amounts[f"fodder {season}"] = eaten + weed
        amounts[f"green {season}"] = weed + (eaten if crop in data["fodder"] else 0.0)
        protein = own["protein"][k] * maunds + table["weed"]["protein"][k] * weeds[k]
        amounts[f"protein {season}"] = protein * pounds
    return amounts
