"""What vendors call things: names of columns, words of states, words that say nothing."""

from __future__ import annotations

__all__ = ["MEANINGS", "PARTS", "known_headings", "plain", "state_word", "words_of"]

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

PARTS = ("plant", "id", "status", "capacity", "running", "owners", "firm", "place", "group")
"""Columns that a list may have, in the order in which they are looked for."""
MEANINGS = ("running", "idle", "starting", "drop")
"""What a word of the column of states may mean."""


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("potline.lists").joinpath("headings.toml").read_text(encoding="utf-8"))


def known_headings(part: str) -> tuple[str, ...]:
    """Return what vendors call a column, in small letters without marks."""
    return tuple(_words()[part])


def words_of(kind: str) -> tuple[str, ...]:
    """Return the words of a kind: ``missing``, ``nobody``, ``totals`` or one of :data:`MEANINGS`."""
    return tuple(_words()["words"][kind])


def plain(text: str) -> str:
    """Return a heading in small letters without marks and without what stands in brackets.

    Examples:
        >>> plain("Nominal_Capacity (ktpa)"), plain("Plant  name*")
        ('nominal capacity', 'plant name')
    """
    bare = re.sub(r"[(\[（].*?[)\]）]", " ", text)
    return " ".join(re.sub(r"[\W_]+", " ", bare).casefold().split())


def state_word(cell: str) -> str:
    """Return what a state means, by its parts where it has several; "?" where they are not known or differ.

    Examples:
        >>> [state_word(cell) for cell in ("Operating", "operating; active", "operating; retired", "x")]
        ['running', 'running', '?', '?']
    """
    parts = [" ".join(re.sub(r"[\W_]+", " ", part).casefold().split()) for part in re.split(r"[;,/|]", cell)]
    found = {next((word for word in MEANINGS if part in words_of(word)), "?") for part in parts if part}
    return found.pop() if len(found) == 1 else "?"
