"""What the published process models have in common: their tables, and recipes written with signs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from potline.industry.network import Activity, Amount, Place, Product

TABLES = Path(__file__).parents[1] / "data"


def tables(model: str) -> dict[str, Any]:
    """Read the tables of a model."""
    return tomllib.loads((TABLES / f"{model}.toml").read_text(encoding="utf-8"))


def process(name: str, place: str, amounts: Mapping[str, float], **others: Any) -> Activity:
    """Write a process whose table counts what it takes as negative and what it makes as positive."""
    return Activity(
        name=name,
        place=place,
        inputs=tuple(Amount(product=c, per_t=-value) for c, value in amounts.items() if value < 0.0),
        outputs=tuple(Amount(product=c, per_t=value) for c, value in amounts.items() if value > 0.0),
        **others,
    )


def supply(product: str, place: str, **others: Any) -> Activity:
    """Write a purchase from outside, or hours of a productive unit."""
    return Activity(name=f"{product} into {place}", place=place, outputs=(Amount(product=product),), **others)


def use(product: str, place: str, **others: Any) -> Activity:
    """Write a sale to outside, or the free disposal that an inequality in a material balance allows."""
    return Activity(name=f"{product} out of {place}", place=place, inputs=(Amount(product=product),), **others)


def products(activities: Iterable[Activity]) -> tuple[Product, ...]:
    """Name the products of some activities, in order of first appearance."""
    names = [amount.product for activity in activities for amount in (*activity.inputs, *activity.outputs)]
    return tuple(Product(name=name) for name in dict.fromkeys(names))


def places(*names: str) -> tuple[Place, ...]:
    """Name places once each."""
    return tuple(Place(name=name) for name in dict.fromkeys(names))
