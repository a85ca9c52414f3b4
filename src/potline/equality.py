"""Equality by value for nouns in which a number may be missing (nan)."""

from __future__ import annotations

__all__ = ["same_values"]

from dataclasses import fields
from typing import cast


def same_values(one: object, other: object) -> bool:
    """Whether two nouns of one type hold the same values; missing numbers are equal to missing numbers.

    From Python 3.13 a data class compares its fields one by one, and ``nan != nan`` would make two equal nouns differ.
    A class uses this as its ``__eq__``; its hash follows from the same fields.

    Examples:
        >>> from dataclasses import dataclass
        >>> @dataclass(frozen=True)
        ... class Price:
        ...     value: float = float("nan")
        ...     __eq__ = same_values
        >>> Price() == Price(), Price(1.0) == Price(2.0)
        (True, False)
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return NotImplemented
    return all(
        _same(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)  # pyright: ignore[reportArgumentType]
    )


def _same(one: object, other: object) -> bool:
    if one is other:  # most parts of a changed noun are those of the noun before
        return True
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        these, those = cast("tuple[object, ...]", one), cast("tuple[object, ...]", other)
        return len(these) == len(those) and all(map(_same, these, those))
    return one == other
