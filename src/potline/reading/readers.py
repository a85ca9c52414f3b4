"""From an annotation to a reader: what a parameter or a field may hold, and the words where it holds something else."""

from __future__ import annotations

__all__ = ["reader_of"]

import collections.abc
import dataclasses
import os
import re
import types
import typing
from collections.abc import Callable
from enum import EnumType
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from potline.reading.bounds import Array, Form, Hint, Within
from potline.reading.refusals import Unread, a, did_you_mean, found_as, listed
from potline.reading.values import Reader, array, choice, formed, number, simple, text, truth, whole

_SEVERAL = (tuple, collections.abc.Sequence, collections.abc.Collection, collections.abc.Iterable)
_FUNCTION: Any = get_origin(Callable[[], None])


@cache
def reader_of(annotation: Any) -> Reader:
    """Return the reader of an annotation, whose names are resolved.

    Examples:
        >>> reader_of(int | None).words, reader_of(tuple[str, ...]).words, reader_of(Literal["cash", "full"]).words
        ('a whole number, or None', 'a text or a tuple of texts', "'cash' or 'full'")
    """
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(args[0], args[1:])
    if origin in (Union, types.UnionType):
        return _union(tuple(reader_of(item) for item in args))
    if origin is Literal:
        return choice(args)
    if annotation in _PLAIN:
        return _PLAIN[annotation]()
    if origin is tuple and args[-1] is not Ellipsis:
        return _fixed(tuple(reader_of(item) for item in args))
    if origin in _SEVERAL:
        return _several(reader_of(args[0]), ordered=origin in (tuple, collections.abc.Sequence))
    if origin is collections.abc.Mapping:
        return _mapping(reader_of(args[1]))
    if origin is _FUNCTION:
        return simple("a function", "functions", callable)
    if origin is os.PathLike:
        return simple("a path", "paths", lambda value: isinstance(value, os.PathLike))
    if getattr(annotation, "_is_protocol", False):
        return _protocol(annotation)
    if isinstance(annotation, EnumType):
        return choice(tuple(annotation))
    if isinstance(annotation, type):
        return _instance(annotation)
    raise TypeError(f"no reader for the annotation {annotation!r}")


def _annotated(base: Any, marks: tuple[Any, ...]) -> Reader:
    reader: Reader | None = None
    for mark in marks:
        if isinstance(mark, Within):
            reader = whole(mark) if base is int else number(mark)
        elif isinstance(mark, Form):
            reader = formed(mark)
        elif isinstance(mark, Array):
            reader = array(mark.dimensions)
        elif isinstance(mark, Hint):
            reader = _hinted(reader or reader_of(base), mark.words)
    return reader or reader_of(base)


def _hinted(reader: Reader, words: str) -> Reader:
    def read(value: Any) -> Any:
        try:
            return reader.read(value)
        except Unread as error:
            raise Unread(error.found, error.needed, error.hint or words, placed=error.placed) from None

    return Reader(reader.needed, reader.many, read)


def _union(parts: tuple[Reader, ...]) -> Reader:
    needed = tuple(dict.fromkeys(words for part in parts for words in part.needed))
    whole = Reader(needed, "", lambda value: value).words

    def read(value: Any) -> Any:
        errors: list[Unread] = []
        for part in parts:
            try:
                return part.read(value)
            except Unread as error:
                errors.append(error)
        nearest = next((error for error in errors if error.placed), None)
        if nearest is not None:
            raise nearest
        raise Unread(found_as(value), whole, next((error.hint for error in errors if error.hint), ""))

    return Reader(needed, whole, read, frozenset(kind for part in parts for kind in part.kinds))


def _is(value: Any, *kinds: type) -> bool:
    return isinstance(value, kinds)


def _fixed(parts: tuple[Reader, ...]) -> Reader:
    word = {2: "pair"}.get(len(parts), f"tuple of {len(parts)}")
    inside = f"({', '.join(part.words for part in parts)})"

    def read(value: Any) -> Any:
        if not _is(value, tuple, list) or len(value) != len(parts):
            raise Unread(found_as(value), f"{a(word)} {inside}")
        items = tuple(value)
        named = isinstance(items[0], str)
        found = tuple(
            _placed(part, item, f"for {items[0]!r}" if named and k else f"at place {k + 1}")
            for k, (part, item) in enumerate(zip(parts, items, strict=True))
        )
        return items if all(new is old for new, old in zip(found, items, strict=True)) else found

    return Reader((f"{a(word)} {inside}",), f"{word}s {inside}", read)


def _placed(part: Reader, item: Any, words: str) -> Any:
    try:
        return part.read(item)
    except Unread as error:
        raise error.inside(words) from None


def _several(part: Reader, *, ordered: bool) -> Reader:
    words = part.takes("a word")
    needed = (*part.needed, f"a tuple of {part.many}") if words else (f"a tuple of {part.many}",)

    def read(value: Any) -> Any:
        if _is(value, str) and words:
            return (part.read(value),)
        if ordered and _is(value, set, frozenset):
            raise Unread(found_as(value), listed(needed), "A set has no order: write it as a tuple.")
        if getattr(value, "ndim", 1) and _is(value, collections.abc.Collection) and not _is(value, str, dict, type):
            items = value if _is(value, tuple) else tuple(value.tolist() if hasattr(value, "tolist") else value)
        else:
            single = "Write it as `(one,)`: a tuple of one has a comma."
            raise Unread(found_as(value), listed(needed), single if part.takes(value) else "")
        if part.keeps_all(items, set(map(type, items))):
            return items
        found = tuple(_placed(part, item, f"at place {k + 1}") for k, item in enumerate(items))
        return items if all(new is old for new, old in zip(found, items, strict=True)) else found

    return Reader(needed, f"tuples of {part.many}", read, each=part)


def _mapping(part: Reader) -> Reader:
    needed = f"a mapping of names to {part.many}"

    def read(value: Any) -> Any:
        if not _is(value, collections.abc.Mapping):
            raise Unread(found_as(value), needed)
        for name, item in value.items():
            if not isinstance(name, str):
                raise Unread(f"{found_as(name)} among its names", needed)
            _placed(part, item, f"for {name!r}")
        return value

    return Reader((needed,), f"mappings of names to {part.many}", read)


def _protocol(kind: Any) -> Reader:
    names = sorted(_members(kind))
    needed = f"{a(kind.__name__)}, with {listed(names, 'and')}"
    return simple(needed, needed, lambda value: not isinstance(value, type) and all(hasattr(value, n) for n in names))


def _members(kind: Any) -> set[str]:
    own: set[str] = set()
    for base in kind.__mro__[:-1]:
        own |= {*vars(base), *getattr(base, "__annotations__", ())}
    return {name for name in own if not name.startswith("_")}


def _instance(kind: type) -> Reader:
    needed = _written(kind)

    def read(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        raise Unread(found_as(value), needed, _instead(kind, value))

    return Reader((needed,), f"{kind.__name__} objects", read, frozenset((kind,)))


def _required(kind: type) -> list[str]:
    if not dataclasses.is_dataclass(kind):
        return []
    missing = dataclasses.MISSING
    return [f.name for f in dataclasses.fields(kind) if f.default is missing and f.default_factory is missing]


def _written(kind: Any) -> str:
    """Say how a small noun is written, and name a large one."""
    name: str = kind.__name__
    required = _required(kind)
    if not dataclasses.is_dataclass(kind) or len(required) > 2 or hasattr(kind, "how_to_get"):
        return a(name)
    inside = ", ".join(f"{field}=..." for field in required) or ("..." if dataclasses.fields(kind) else "")
    return f"{name}({inside})"


def _instead(kind: type, value: Any) -> str:
    """Say what to write instead of a value that is not of a kind."""
    if isinstance(value, type):
        return f"Write `{_written(kind)}`: with brackets it is made." if issubclass(value, kind) else ""
    if isinstance(value, str):
        plain = re.sub(r"[^a-z]", "", value.casefold())
        if did_you_mean(plain, (kind.__name__.casefold(),)).startswith("Did") and _written(kind).endswith(")"):
            return f"Write `{_written(kind)}`, without quotes."
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if isinstance(getattr(value, field.name, None), kind):
                name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(value).__name__).lower()
                return f"Use `{name}.{field.name}`."
    required = _required(kind)
    if len(required) == 1 and isinstance(value, (int, float)) and not isinstance(value, bool):
        hints = typing.get_type_hints(kind, include_extras=True)
        if reader_of(hints[required[0]]).takes(value):
            return f"Write `{kind.__name__}({required[0]}={value:g})`."
    how: str = getattr(kind, "how_to_get", "")
    return how.replace("NAME", repr(value)) if isinstance(value, str) and len(value) < 40 else how


_PLAIN: dict[Any, Callable[[], Reader]] = {
    float: lambda: number(Within()),
    int: lambda: whole(Within()),
    bool: truth,
    str: text,
    type(None): lambda: simple("None", "None", lambda value: value is None, type(None)),
    Any: lambda: Reader(("anything",), "anything", lambda value: value),
    object: lambda: Reader(("anything",), "anything", lambda value: value),
}
