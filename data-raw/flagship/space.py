"""The chain in space: ore by source, and ways for alumina by rail between provinces and from the ports."""

from __future__ import annotations

__all__ = ["build_ore", "build_routes", "distances_km", "freight"]

import math

from flagship.tables import between, number, read
from potline.sources import Interval, parse_interval

QUOTED = parse_interval("630..730")
"""Guangxi to Shihezi, CNY/t with tax, 2019 (S43): the one freight of alumina that the sources hold."""
TERMINALS = parse_interval("20..60")
PORTS = ("Qingdao port", "Lianyungang port", "Bayuquan port", "Fangchenggang port")


def build_ore() -> list[dict[str, str]]:
    """Return ore.csv."""
    return read("compiled/ore.csv")


def build_routes() -> list[dict[str, object]]:
    """Return chain_routes.csv: from abroad to ports, and from refining provinces and ports to all others."""
    kilometres = distances_km()
    refining = [row["province"] for row in read("compiled/refineries.csv")]
    users = [row["province"] for row in read("compiled/provinces.csv")]
    rows = [
        _abroad("alumina", port, "1.5..2", "six to eight weeks between the price abroad and the port") for port in PORTS
    ]
    rows.append(_abroad("aluminium", "market", "1..2", "sea and customs, assumed"))
    for origin in (*refining, *PORTS):
        for user in users:
            if user == origin:
                continue
            km = kilometres[origin, user]
            cost = freight(km)
            rows.append(
                {
                    "route": f"alumina {origin} to {user}",
                    "product": "alumina",
                    "origin": origin,
                    "destination": user,
                    "freight_cny_per_t": between(cost.central, cost.low, cost.high, 0),
                    "lag_months": "",
                    "source": "S43;own",
                    "standing": "assumed",
                    "note": f"{number(km, 0)} km",
                }
            )
    return rows


def freight(km: float) -> Interval:
    """Return freight by rail: loading and unloading, and a rate a km that gives the quoted freight for its distance."""
    far = distances_km()["Guangxi", "Xinjiang"]
    return Interval(
        central=TERMINALS.central + (QUOTED.central - TERMINALS.central) / far * km,
        low=TERMINALS.low + (QUOTED.low - TERMINALS.high) / far * km,
        high=TERMINALS.high + (QUOTED.high - TERMINALS.low) / far * km,
    )


def distances_km() -> dict[tuple[str, str], float]:
    """Return the shortest way by rail between any two places."""
    links = [(row["from"], row["to"], float(row["km"])) for row in read("compiled/rail.csv")]
    places = sorted({place for first, second, _ in links for place in (first, second)})
    far = {(a, b): 0.0 if a == b else math.inf for a in places for b in places}
    for first, second, km in links:
        far[first, second] = far[second, first] = km
    for middle in places:
        for a in places:
            for b in places:
                # No cargo goes through a port or a row without a place.
                if middle not in PORTS and middle != "mixed":
                    far[a, b] = min(far[a, b], far[a, middle] + far[middle, b])
    return far


def _abroad(product: str, port: str, lag: str, note: str) -> dict[str, object]:
    return {
        "route": f"{product} abroad to {port}",
        "product": product,
        "origin": "abroad",
        "destination": port,
        "freight_cny_per_t": "0",
        "lag_months": lag,
        "source": "facts" if product == "alumina" else "own",
        "standing": "derived" if product == "alumina" else "assumed",
        "note": note,
    }
