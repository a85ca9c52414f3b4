"""What is uncertain of a case made from a list: a factor for each number that was stated as a range."""

from __future__ import annotations

__all__ = ["MOST_FACTORS", "factors_of"]

import re
from collections.abc import Sequence
from typing import Any

from potline.lists.mapping import RUNNING_SHARE, Assumed, ListMapping
from potline.lists.selecting import Listed
from potline.sources import parse_interval

MOST_FACTORS = 20


def factors_of(kept: Sequence[Listed], mapping: ListMapping) -> list[dict[str, Any]]:
    """Return a factor for each range: numbers and defaults by their own, columns by a multiple for all plants alike.

    A column assumed by groups moves as one: from ``sum k low / sum k central`` to ``sum k high / sum k central``, k the
    capacities. What runs is no factor: the state of the plants is that of the central values.
    """
    found: list[dict[str, Any]] = []
    for name, about in mapping.numbers.items():
        if ".." in str(about.get("value", "")):
            found.append({"name": _words(name), "claim": name.replace("_cur", "")})
    for name, about in mapping.defaults.items():
        if ".." in str(about.get("value", "")):
            found.append({"name": _words(name), "claim": f"plant[*].{_python(name)}"})
    for item in mapping.assumed:
        if item.column != RUNNING_SHARE and (ends := _together(item, kept)):
            found.append(
                {
                    "name": _words(item.column),
                    "path": f"plant[*].{_python(item.column)}",
                    "operation": "multiply",
                    "range": f"1 in {ends[0]:.6g}..{ends[1]:.6g}",
                    "source": item.about["source"],
                    "standing": "assumed",
                    "note": "the ranges of all plants together, by capacity",
                }
            )
    return found


def _together(item: Assumed, kept: Sequence[Listed]) -> tuple[float, float] | None:
    """Return the ends of a column's ranges as multiples of its central values; None where no plant has a range."""
    low = central = high = 0.0
    for plant in kept:
        text = item.value_for(plant.cells)
        if text and text != "inf":
            interval = parse_interval(text)
            size = 0.5 * (plant.capacity.low + plant.capacity.high)
            low, central = low + size * interval.low, central + size * interval.central
            high += size * interval.high
    return (low / central, high / central) if central > 0.0 and low < high else None


def _python(column: str) -> str:
    return column.replace("_cur", "")


def _words(name: str) -> str:
    """Return what people call a number.

    Examples:
        >>> _words("other_cost_cur_per_t"), _words("demand.elasticity"), _words("scrap_use_t_per_t")
        ('other cost', 'demand elasticity', 'scrap use')
    """
    bare = re.sub(r"_(cur_per_t|cur_per_kwh|kwh_per_t|t_per_t|usd_per_t)$", "", name)
    return re.sub(r"[._]+", " ", bare)
