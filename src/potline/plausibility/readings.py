"""A number of a case as it is read: whose it is, and what is compared with the usual range."""

from __future__ import annotations

__all__ = ["Readings", "of_industry", "of_members", "of_numbers", "use_of"]

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from potline.industry import Plant, selector

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """One field read for each of its members, or once for the industry.

    Attributes:
        field: of the usual range.
        noun, column: of the numbers' paths, ``noun[NAME].column``; without a noun the path is the column.
        members: all that could have such a number.
        at: places among them of those that have one, [N].
        values: as the industry holds them, money without tax, [N].
        compared: in the unit of the usual range, [N].
    """

    field: str
    noun: str = ""
    column: str
    members: Sequence[Any] = ()
    at: NDArray[np.int64]
    values: Floats
    compared: Floats

    def member(self, place: int) -> Any:
        """Return whose number it is."""
        return self.members[int(self.at[place])]

    def path(self, place: int) -> str:
        """Return the path of one number, in Python names."""
        return f"{self.noun}[{selector(self.member(place).name)}].{self.column}" if self.noun else self.column

    def name(self, place: int) -> str:
        """Return whose number it is, in words; empty for the industry's own."""
        return f"{self.noun} {self.member(place).name!r}" if self.noun else ""


def of_industry(field: str, path: str, value: float, compared: float | None = None) -> Readings:
    """Return one number, and what of it is compared where it is not itself; nothing where there is no number.

    Examples:
        >>> of_industry("discount_rate", "discount_rate", 0.1).compared, of_industry("a", "a", math.nan).values
        (array([0.1]), array([], dtype=float64))
    """
    shared = value if compared is None else compared
    there = int(math.isfinite(value) and math.isfinite(shared))
    return Readings(
        field=field,
        column=path,
        at=np.zeros(there, dtype=np.int64),
        values=np.full(there, value),
        compared=np.full(there, shared),
    )


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
        field: of the usual range.
        noun, column: of the numbers' paths, ``noun[NAME].column``.
        members: plants, governments and so on; those whose number is not finite, or has nothing above 0 to be compared
            with, are left out.
        value: the number of one of them.
        against: what it is a share of, of each; ``of``: the same for all.
    """
    numbers = np.fromiter(map(value, members), dtype=np.float64, count=len(members))
    whole = np.full(len(members), 1.0 if of is None else of)
    if against is not None:
        whole = np.fromiter(map(against, members), dtype=np.float64, count=len(members))
    return of_numbers(field, noun, column, members, numbers, whole)


def of_numbers(
    field: str, noun: str, column: str, members: Sequence[Any], numbers: Floats, whole: Floats | None = None
) -> Readings:
    """Return the numbers [N] of N members, compared by their share of ``whole`` [N] where it is given."""
    base = np.ones(numbers.size) if whole is None else whole
    at = np.flatnonzero(np.isfinite(numbers) & (base > 0.0) & np.isfinite(base))
    values = numbers[at]
    return Readings(
        field=field, noun=noun, column=column, members=members, at=at, values=values, compared=values / base[at]
    )


def use_of(plant: Plant, product: str) -> float:
    """Return how much of an input a plant uses for a tonne; 0 where it does not list it."""
    for item in plant.inputs:
        if item.product == product:
            return item.use_per_t
    return 0.0
