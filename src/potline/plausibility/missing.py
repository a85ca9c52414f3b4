"""What one member lacks and all others have: an input, a cost, a province."""

from __future__ import annotations

__all__ = ["lacking"]

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from potline.cases import Case
from potline.plausibility.readings import Places, use_of
from potline.plausibility.warning import CaseWarning

_COSTS = ("other_cost_per_t", "stop_cost_per_t", "restart_cost_per_t", "holding_cost_per_t")
_STAKES = ("jobs_per_kt", "tax_per_t", "value_added_per_t")
_FEWEST = 3


def lacking(case: Case) -> Iterator[CaseWarning]:
    """Yield a warning for what all others have and one member, or one in twenty, has not."""
    industry, places = case.industry, Places(case)
    market = industry.alumina
    products = dict.fromkeys(item.product for plant in industry.plants for item in plant.inputs if item.use_per_t > 0.0)
    users = {product: {plant.name for plant in industry.plants if use_of(plant, product) > 0.0} for product in products}
    for product, names in users.items():
        yield from _few(
            places, "plant", "capacity_kt", industry.plants, f"no {product}", lambda one, names=names: one.name in names
        )
    for name in _COSTS:
        has = _above_0(name)
        yield from _few(places, "plant", name, industry.plants, f"a {name} of 0", has)
    for name, words in (("government", "no province"), ("power_source", "no source of power")):
        yield from _few(places, "plant", "capacity_kt", industry.plants, words, _text(name))
    for name in _STAKES:
        yield from _few(places, "government", name, industry.governments, f"a {name} of 0", _above_0(name))
    makers = market.refineries if market is not None else ()
    yield from _few(places, "refinery", "capacity_kt", makers, "no province", _text("government"))


def _few(
    places: Places, noun: str, column: str, members: Sequence[Any], words: str, has: Callable[[Any], bool]
) -> Iterator[CaseWarning]:
    without = [member for member in members if not has(member)]
    if not 0 < len(without) <= max(1, len(members) // 20) or len(members) < _FEWEST:
        return
    first = without[0]
    more = f", and {len(without) - 1} more like it" if len(without) > 1 else ""
    have = len(members) - len(without)
    yield CaseWarning(
        kind="missing",
        where=places.where(f"{noun}[{first.name}].{column}", f"{noun} {first.name!r}").partition(", column")[0],
        found=f"{words} for {noun} {first.name!r}{more}",
        usual=f"all {have} others have it",
        hint="Write it, or keep the 0 where there is truly none.",
    )


def _above_0(name: str) -> Callable[[Any], bool]:
    return lambda member: getattr(member, name) != 0.0


def _text(name: str) -> Callable[[Any], bool]:
    return lambda member: bool(getattr(member, name))
