"""What one member lacks and all others have: an input, a cost, a province."""

from __future__ import annotations

__all__ = ["lacking"]

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from potline.cases import Case
from potline.industry import selector
from potline.plausibility.places import Places
from potline.plausibility.readings import use_of
from potline.plausibility.warning import CaseWarning

_OF_PLANTS = {
    "other_cost_per_t": "other cost",
    "stop_cost_per_t": "cost of stopping",
    "restart_cost_per_t": "restart cost",
    "holding_cost_per_t": "holding cost",
    "government": "province",
    "power_source": "source of power",
}
_OF_GOVERNMENTS = {"jobs_per_kt": "jobs", "tax_per_t": "tax", "value_added_per_t": "value added"}
_FEWEST = 3


def lacking(case: Case, places: Places) -> Iterator[CaseWarning]:
    """Yield a warning for the members that lack what all others have: one of them, or one in twenty."""
    industry, market = case.industry, case.industry.input_market
    plants = industry.plants
    products = dict.fromkeys(item.product for plant in plants for item in plant.inputs if item.use_per_t > 0.0)
    uses = {product: _user(product) for product in products}
    yield from _lacking(places, "plant", "capacity_kt", plants, uses | _holders(_OF_PLANTS))
    yield from _lacking(places, "government", "jobs_per_kt", industry.governments, _holders(_OF_GOVERNMENTS))
    makers = market.suppliers if market is not None else ()
    yield from _lacking(places, "supplier", "capacity_kt", makers, _holders({"government": "province"}))


def _lacking(
    places: Places, noun: str, column: str, members: Sequence[Any], things: dict[str, Callable[[Any], bool]]
) -> Iterator[CaseWarning]:
    """Yield one warning for each group of members, with everything that it lacks."""
    lacked: dict[tuple[str, ...], list[str]] = {}
    for thing, has in things.items():
        without = tuple(member.name for member in members if not has(member))
        if 0 < len(without) <= max(1, len(members) // 20) and len(members) >= _FEWEST:
            lacked.setdefault(without, []).append(thing)
    for names, found in lacked.items():
        first = names[0]
        more = f", and {len(names) - 1} more like it" if len(names) > 1 else ""
        words = " and ".join([part for part in (", ".join(found[:-1]), found[-1]) if part])
        yield CaseWarning(
            kind="missing",
            where=places.row(f"{noun}[{selector(first)}].{column}", f"{noun} {first!r}"),
            found=f"no {words} for {noun} {first!r}{more}",
            usual=f"all {len(members) - len(names)} others have {'it' if len(found) == 1 else 'them'}",
            hint="Write what is missing, or keep the 0 where there is truly none.",
        )


def _user(product: str) -> Callable[[Any], bool]:
    return lambda plant: use_of(plant, product) > 0.0


def _holders(words: dict[str, str]) -> dict[str, Callable[[Any], bool]]:
    """Return for each thing in words whether a member has it: a number other than 0, or a name."""

    def holder(name: str) -> Callable[[Any], bool]:
        return lambda member: bool(getattr(member, name))

    return {word: holder(name) for name, word in words.items()}
