"""The sentences of one language: templates with named numbers, a file a question, read when one of them is first said.

English stands in ``sentences/en/*.toml``. A template is a line of text with fields, ``{cut:tonnes}``, or a table of
such lines by number, ``one`` and ``other`` (and ``zero``); a language without a singular gives ``other`` alone. What
another language does not say is said in English.
"""

from __future__ import annotations

__all__ = ["Catalogue", "Room", "Template", "english", "has", "in_language", "speaking", "template", "templates"]

import tomllib
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any, cast

from potline.choices import Language

Template = str | Mapping[str, str]
Room = Mapping[str, Any]
"""Templates by key; a table's words are nested: title, note, columns."""
Catalogue = Callable[[str], Room]
"""From the name of a room, which is a file, to its templates."""
_FORMS = {"zero", "one", "other"}


@cache
def _read(language: Language, room: str) -> Room:
    place = files("potline.report") / "sentences" / language / f"{room}.toml"
    return tomllib.loads(place.read_text(encoding="utf-8")) if place.is_file() else {}


def english(room: str) -> Room:
    """Return the English templates of a room; none where no file holds them.

    Examples:
        >>> english("numbers")["yes"]
        'yes'
    """
    return _read(Language.ENGLISH, room)


@cache
def _room(language: Language, room: str) -> Room:
    return _over(english(room), _read(language, room))


def _over(usual: Room, own: Room) -> Room:
    """Return templates with those of another language in their place, each whole with all its forms."""
    found = dict(usual)
    for name, content in own.items():
        below = found.get(name)
        nested = isinstance(content, Mapping) and isinstance(below, Mapping) and not content.keys() <= _FORMS
        found[name] = _over(cast("Room", below), cast("Room", content)) if nested else content
    return found


def in_language(language: Language) -> Catalogue:
    """Return the catalogue of a language, with English where it says nothing.

    Examples:
        >>> in_language(Language.CHINESE)("numbers")["yes"]
        '是'
    """
    return lambda room: _room(language, room)


_SPOKEN: ContextVar[Catalogue] = ContextVar("spoken", default=english)


@contextmanager
def speaking(spoken: Catalogue | Language) -> Generator[None]:
    """Say everything within by another catalogue, or in another language; a thread has to be told again.

    Examples:
        >>> with speaking(Language.CHINESE):
        ...     template("numbers.yes")
        '是'
        >>> with speaking(lambda room: {"yes": "是"}):
        ...     template("numbers.yes")
        '是'
    """
    token = _SPOKEN.set(in_language(spoken) if isinstance(spoken, Language) else spoken)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def templates(key: str) -> Room:
    """Return the templates below a key, ``room.table.columns``; none where the key is not there."""
    room, *rest = key.split(".")
    found: Any = _SPOKEN.get()(room)
    for name in rest:
        found = found.get(name, {})
    return found


def has(key: str) -> bool:
    """Say whether a key stands in the catalogue."""
    above, _, name = key.rpartition(".")
    return name in templates(above)


def template(key: str, count: float | None = None) -> str:
    """Return the template of a key, in the form that fits a count.

    Args:
        key: room and name, ``numbers.yes``.
        count: what the sentence counts; None where it counts nothing.

    Raises:
        KeyError: no catalogue of this language holds the key.

    Examples:
        >>> template("nouns.plant", 1), template("nouns.plant", 12), template("nouns.plant", 0)
        ('{n} plant', '{n} plants', 'no plants')
    """
    above, _, name = key.rpartition(".")
    found: Template = templates(above)[name]
    if isinstance(found, str):
        return found
    form = "zero" if count == 0 else "one" if count == 1 else "other"
    return found.get(form, found["other"])
