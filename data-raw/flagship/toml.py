"""Write blocks of case.toml."""

from __future__ import annotations

__all__ = ["Number", "block", "factor", "fields", "number_block", "text"]

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A block of case.toml."""

    path: str
    value: str
    unit: str
    vat: str
    source: str
    standing: str
    note: str = ""
    quote: str = ""


def text(value: str) -> str:
    """Return a quoted string."""
    return json.dumps(value, ensure_ascii=False)


def block(name: str, given: Iterable[tuple[str, str]], brackets: str = "[]") -> str:
    """Return a table with its lines; empty values are left out."""
    half = len(brackets) // 2
    lines = [f"{brackets[:half]}{name}{brackets[half:]}"]
    return "\n".join([*lines, *(f"{key} = {text(value)}" for key, value in given if value)]) + "\n"


def fields(item: object, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of name and text of an item's attributes."""
    return [(name, str(getattr(item, name))) for name in names]


def number_block(table: str, item: Number) -> str:
    """Return the table of one number."""
    path = f'"{item.path}"' if "." in item.path else item.path
    return block(f"{table}.{path}", fields(item, ("value", "unit", "vat", "source", "standing", "quote", "note")))


def factor(given: Mapping[str, str]) -> str:
    """Return a table ``[[factors]]``."""
    return block("factors", given.items(), "[[]]")
