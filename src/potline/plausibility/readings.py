"""A number of a case as it is read: whose it is, and what is compared with the usual range."""

from __future__ import annotations

__all__ = ["Readings", "of_industry", "of_members", "use_of"]

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from potline.industry import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One field read for each of its members, or once for the industry.

    Attributes:
        field: of the usual range.
        noun, column: of the numbers' paths, ``noun[NAME].column``; without a noun the path is the column.
        members: whose numbers they are; empty for the industry's own.
        values: as the industry holds them, money without tax. compared: in the unit of the usual range.
    """

    field: str
    noun: str = ""
    column: str
    members: Sequence[Any] = ()
    values: Sequence[float]
    compared: Sequence[float]

    def path(self, place: int) -> str:
        """Return the path of one number, in Python names."""
        return f"{self.noun}[{self.members[place].name}].{self.column}" if self.noun else self.column

    def name(self, place: int) -> str:
        """Return whose number it is, in words; empty for the industry's own."""
        return f"{self.noun} {self.members[place].name!r}" if self.noun else ""


def of_industry(field: str, path: str, value: float, compared: float | None = None) -> Readings:
    """Return one number, and what of it is compared where it is not itself; nothing where there is no number.

    Examples:
        >>> of_industry("discount_rate", "discount_rate", 0.1).compared, of_industry("a", "a", math.nan).values
        ((0.1,), ())
    """
    shared = value if compared is None else compared
    if not (math.isfinite(value) and math.isfinite(shared)):
        return Readings(field=field, column=path, values=(), compared=())
    return Readings(field=field, column=path, values=(value,), compared=(shared,))


def of_members(
    field: str,
    noun: str,
    column: str,
    members: Sequence[Any],
    value: Callable[[Any], float],
    against: Callable[[Any], float] | None = None,
    *,
    of: float | None = None,
) -> Readings:
    """Return one number of each member, compared by its share of another where one is given.

    Args:
        field: of the usual range. noun, column: of the numbers' paths, ``noun[NAME].column``.
        members: plants, governments and so on; those whose number is not finite, or has nothing above 0 to be compared
            with, are left out.
        value: the number of one of them. against: what it is a share of, of each; ``of``: the same for all.
    """
    whole = 1.0 if of is None else of
    found = [(member, value(member), whole if against is None else against(member)) for member in members]
    kept = [(member, number, base) for member, number, base in found if math.isfinite(number) and 0.0 < base < math.inf]
    return Readings(
        field=field,
        noun=noun,
        column=column,
        members=[member for member, _, _ in kept],
        values=[number for _, number, _ in kept],
        compared=[number / base for _, number, base in kept],
    )


def use_of(plant: Plant, product: str) -> float:
    """Return how much of an input a plant uses for a tonne; 0 where it does not list it."""
    item = plant.input(product)
    return item.use_per_t if item is not None else 0.0
