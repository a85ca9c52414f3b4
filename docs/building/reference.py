"""The reference: every name of ``potline.__all__``, in groups that the modules themselves make. No name stands here."""

from __future__ import annotations

__all__ = ["Room", "rooms", "write_reference"]

import enum
import importlib
import inspect
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import potline

# A package with more names than this is shown room by room.
MANY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A module of the public vocabulary and its names, as they stand in ``potline.__all__``."""

    module: str
    names: tuple[str, ...]

    @property
    def page(self) -> str:
        """The page's name."""
        return self.module.removeprefix("potline.").replace(".", "-")


def rooms() -> tuple[Room, ...]:
    """Return every public name under the module that a reader would look in, in the order of ``__all__``."""
    names = [name for name in potline.__all__ if not name.startswith("__")]
    module = {name: getattr(potline, name).__module__.split(".") for name in names}
    first = {name: ".".join(module[name][:2]) for name in names}
    count = Counter(first.values())
    home = {name: first[name] if count[first[name]] <= MANY else ".".join(module[name][:3]) for name in names}
    return tuple(
        Room(module=one, names=tuple(name for name in names if home[name] == one))
        for one in dict.fromkeys(home.values())
    )


def write_reference(place: Path) -> None:
    """Write a page for each room, and one that lists all names with what each is for."""
    place.mkdir(parents=True, exist_ok=True)
    found = rooms()
    _write(place / "index.rst", _index(found))
    for room in found:
        _write(place / f"{room.page}.rst", _page(room))


def _index(found: tuple[Room, ...]) -> str:
    lines = [
        *_head("Every public name", "="),
        "``import potline as pot`` brings them all, each imported when it is used.",
        "",
    ]
    lines += [".. toctree::", "   :hidden:", "", *(f"   {room.page}" for room in found), ""]
    for room in found:
        lines += [*_head(_title(room), "-"), f":doc:`{room.module} <{room.page}>`", ""]
        for name in room.names:
            lines += [f"* {_role(name)} {_first(getattr(potline, name))}"]
        lines += [""]
    return "\n".join(lines)


def _page(room: Room) -> str:
    module = importlib.import_module(room.module)
    lines = [f".. title:: {room.module}", "", *_head(_title(room), "=")]
    lines += [f"``{room.module}``", "", (inspect.getdoc(module) or "").partition("\n\n")[2], ""]
    verbs = [name for name in room.names if inspect.isroutine(getattr(potline, name))]
    nouns = [name for name in room.names if name not in verbs]
    for title, names in (("Verbs", verbs), ("Nouns", nouns)):
        lines += _head(title, "-") if names else []
        for name in names:
            lines += _entry(name)
    return "\n".join(lines)


def _entry(name: str) -> list[str]:
    value = getattr(potline, name)
    if inspect.isroutine(value):
        return [f".. autofunction:: potline.{name}", ""]
    if not inspect.isclass(value):
        return [f".. autodata:: potline.{name}", ""]
    if issubclass(value, BaseException):
        return [f".. autoexception:: potline.{name}", "   :members:", "   :show-inheritance:", ""]
    every = ["   :undoc-members:"] if issubclass(value, enum.Enum) else []
    return [f".. autoclass:: potline.{name}", "   :members:", *every, ""]


def _role(name: str) -> str:
    value = getattr(potline, name)
    role = "func" if inspect.isroutine(value) else "class" if inspect.isclass(value) else "data"
    return f":py:{role}:`~potline.{name}`:"


def _title(room: Room) -> str:
    """Return the module's own first words."""
    return _first(importlib.import_module(room.module)).rstrip(".")


def _first(thing: object) -> str:
    """Return the first paragraph of a docstring on one line, up to its first full stop."""
    paragraph = " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())
    return re.split(r"(?<=[.])\s", paragraph, maxsplit=1)[0]


def _head(text: str, under: str) -> list[str]:
    return [text, under * (len(text) + 2), ""]


def _write(place: Path, text: str) -> None:
    place.write_text(text + "\n", encoding="utf-8", newline="\n")
