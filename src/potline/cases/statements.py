"""Where each table and key of a TOML text stands, so that a name in it can be changed and all else stays as it is."""

from __future__ import annotations

__all__ = ["Part", "Statement", "edited", "statements"]

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_STRING = r'"""(?:[^\\]|\\.)*?"""' r"|'''.*?'''" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'"
_TOKEN = re.compile(
    rf"(?P<blank>[ \t\r\n]+|#[^\n]*)|(?P<text>{_STRING})|(?P<bare>[A-Za-z0-9_-]+)|(?P<mark>.)", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a dotted key, and where it stands in the text, its quotes included."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A header ``[a.b]`` or a line ``a.b = value``.

    Attributes:
        table: the table it stands in; of a header, nothing.
        parts: its own key.
        start, end: of the value; both 0 for a header.
    """

    table: tuple[str, ...] = ()
    parts: tuple[Part, ...]
    start: int = 0
    end: int = 0

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the top of the document to its own."""
        return (*self.table, *(part.name for part in self.parts))


def statements(text: str) -> Iterator[Statement]:
    """Yield the headers and keys of a TOML text in order; keys inside a value in braces are part of the value.

    Examples:
        >>> [item.path for item in statements('[a."b.c"]\\nd.e = 1  # why\\n[[f]]\\ng = ["]", 2]')]
        [('a', 'b.c'), ('a', 'b.c', 'd', 'e'), ('f',), ('f', 'g')]
    """
    table: tuple[str, ...] = ()
    place = 0
    while (token := _next(text, place)) is not None:
        if token[0] == "[":
            start = token.end() + (text[token.end() : token.end() + 1] == "[")
            parts, place = _key(text, start)
            table = tuple(part.name for part in parts)
            place = text.find("\n", place) if "\n" in text[place:] else len(text)
            yield Statement(parts=parts)
        else:
            parts, place = _key(text, token.start())
            start = place + len(text[place:]) - len(text[place:].lstrip(" \t"))
            place = _end_of_value(text, start)
            yield Statement(table=table, parts=parts, start=start, end=place)


def edited(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with pieces of it replaced: start, end and what stands there then."""
    pieces: list[str] = []
    place = 0
    for start, end, new in sorted(changes):
        pieces += [text[place:start], new]
        place = end
    return "".join([*pieces, text[place:]])


def _next(text: str, place: int) -> re.Match[str] | None:
    """Return the next token that is no space and no comment."""
    match = _TOKEN.match(text, place)
    while match is not None and match["blank"]:
        match = _TOKEN.match(text, match.end())
    return match


def _key(text: str, place: int) -> tuple[tuple[Part, ...], int]:
    """Return the parts of a key and the place behind what ends it, ``=`` or ``]``."""
    parts: list[Part] = []
    while (token := _next(text, place)) is not None:
        place = token.end()
        if token["mark"] in ("=", "]"):
            break
        if token["mark"] is None:
            name = token[0]
            if token["text"]:
                name = str(tomllib.loads(f"key = {name}")["key"])
            parts.append(Part(name=name, start=token.start(), end=token.end()))
    return tuple(parts), place


def _end_of_value(text: str, place: int) -> int:
    """Return the place behind a value: where its line ends outside brackets and texts, its comment left out."""
    depth = 0
    end = place
    while (match := _TOKEN.match(text, place)) is not None:
        if match["blank"]:
            if depth == 0 and (match[0][0] == "#" or "\n" in match[0]):
                break
        else:
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
            end = match.end()
        place = match.end()
    return end
