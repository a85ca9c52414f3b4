"""Readers of one value: a number, a whole number, yes or no, a text, one of some words, an array."""

from __future__ import annotations

__all__ = ["Reader", "array", "choice", "formed", "number", "simple", "text", "truth", "whole"]

import math
import numbers
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import chain
from typing import Any

from potline.reading.bounds import Form, Within
from potline.reading.refusals import Unread, did_you_mean, found_as, listed


@dataclass(frozen=True, slots=True)
class Reader:
    """What may stand somewhere.

    Attributes:
        needed: in words, alternatives one by one.
        many: in words, for several of them.
        read: returns what was read, or raises Unread.
        kinds: types whose every value may stand there as it is.
        low, high: floats that may, both ends included.
        each: of a tuple, what may stand in it.
    """

    needed: tuple[str, ...]
    many: str
    read: Callable[[Any], Any]
    kinds: frozenset[type] = frozenset()
    low: float = math.inf
    high: float = -math.inf
    each: Reader | None = None

    @property
    def words(self) -> str:
        """What is needed, in words; None is the last of it."""
        others = listed(words for words in self.needed if words != "None")
        return others if "None" not in self.needed else f"{others}, or None" if len(self.needed) > 1 else "None"

    def takes(self, value: object) -> bool:
        """Whether a value may stand there."""
        try:
            self.read(value)
        except Unread:
            return False
        return True

    def keeps_all(self, values: Collection[Any], types: set[type]) -> bool:
        """Whether each of many values, of these types, may stand there as it is, as far as that is soon seen."""
        if types == {float}:
            return all(map(self.low.__le__, values)) and all(map(self.high.__ge__, values))
        if types == {tuple} and self.each is not None:
            return set(map(type, chain.from_iterable(values))) <= self.each.kinds
        return types <= self.kinds or (types == {str} and all(map(self._keeps, set(values))))

    def _keeps(self, value: object) -> bool:
        try:
            return self.read(value) is value
        except Unread:
            return False


def simple(needed: str, many: str, good: Callable[[Any], bool], *kinds: type) -> Reader:
    """Return the reader of what passes a test."""

    def read(value: Any) -> Any:
        if good(value):
            return value
        raise Unread(found_as(value), needed)

    return Reader((needed,), many, read, frozenset(kinds))


def number(within: Within) -> Reader:
    """Return the reader of a number; ``True`` is none, a numpy number is."""

    needed = within.words

    def read(value: Any) -> Any:
        if type(value) is not float and type(value) is not int:
            if isinstance(value, bool) or not isinstance(value, numbers.Real):
                raise Unread(found_as(value), needed, _unquoted(value))
            value = float(value)
        if within.admits(value):
            return value
        raise Unread(found_as(value), needed)

    low, high = within.ends
    return Reader((needed,), within.words_of("numbers").replace("a ", ""), read, low=low, high=high)


def whole(within: Within) -> Reader:
    """Return the reader of a whole number; 64.0 is none."""

    needed = within.words_of("a whole number")

    def read(value: Any) -> Any:
        if type(value) is not int:
            if isinstance(value, bool) or not isinstance(value, numbers.Integral):
                raise Unread(found_as(value), needed, _unquoted(value))
            value = int(value)
        if within.admits(value):
            return value
        raise Unread(found_as(value), needed)

    return Reader((needed,), within.words_of("whole numbers"), read)


def _unquoted(value: Any) -> str:
    try:
        return f"Write {float(value):.15g}, without quotes." if isinstance(value, str) else ""
    except ValueError:
        return ""


def truth() -> Reader:
    """Return the reader of yes or no."""

    def read(value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if type(value).__module__ == "numpy" and type(value).__name__ in ("bool", "bool_"):
            return bool(value)
        raise Unread(found_as(value), "True or False")

    return Reader(("True", "False"), "True or False", read, frozenset((bool,)))


def text() -> Reader:
    """Return the reader of a text."""

    return simple("a text", "texts", lambda value: isinstance(value, str), str)


def formed(form: Form) -> Reader:
    """Return the reader of a text of a form."""
    fits = re.compile(form.regex).fullmatch
    return simple(form.needed, form.many, lambda value: isinstance(value, str) and fits(value) is not None)


def choice(words: tuple[Any, ...]) -> Reader:
    """Return the reader of one of some words, or members of a type whose word was given, which names the nearest."""

    needed = tuple(repr(word) for word in words)

    def read(value: Any) -> Any:
        if isinstance(value, str) and value in words:
            return words[words.index(value)]
        near = did_you_mean(value, words) if isinstance(value, str) else ""
        raise Unread(found_as(value), listed(needed), near if near.startswith("Did") else "")

    return Reader(needed, listed(needed), read)


def array(dimensions: int | None) -> Reader:
    """Return the reader of numbers in an array, a list or lists of lists."""

    needed = "numbers" if dimensions is None else f"an array of numbers with {dimensions} axis"
    needed = needed if dimensions in (None, 1) else needed.replace("axis", "axes")

    def read(value: Any) -> Any:
        import numpy as np

        try:
            given = np.asarray(value)
        except (TypeError, ValueError):
            raise Unread(found_as(value), needed, "All rows have one length.") from None
        if given.dtype.kind not in "iuf" and given.size:
            raise Unread(found_as(value), needed)
        if dimensions is not None and given.ndim != dimensions:
            raise Unread(f"numbers of shape {given.shape}", needed)
        return value

    return Reader((needed,), "arrays of numbers", read)
