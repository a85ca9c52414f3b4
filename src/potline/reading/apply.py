"""Where readers are used: on every field of a noun as it is made, on every argument of a verb as it is called."""

from __future__ import annotations

__all__ = [
    "changed",
    "check_noun",
    "field_reader",
    "is_noun",
    "made_unread",
    "noun",
    "nouns_unread",
    "place_of",
    "read_all",
    "read_fields",
    "reads",
]

import dataclasses
import functools
import inspect
import operator
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import chain, compress, repeat
from typing import Any, ParamSpec, TypeVar, dataclass_transform, get_type_hints, overload

from potline.errors import InputError, Problem
from potline.reading.binding import named_fields, unbound
from potline.reading.collector import uncollected
from potline.reading.readers import reader_of
from potline.reading.refusals import Unread
from potline.reading.values import Reader

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a class: their names, values all at once, what puts one in its place, defaults and readers."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    puts: tuple[Callable[[Any, Any], None], ...]
    defaults: tuple[Any, ...]
    readers: tuple[Reader, ...]


_FIELDS: dict[type, _Fields] = {}
_FILLED: dict[type, Callable[[Any], None]] = {}
_NOUNS: set[type] = {tuple}
_UNREAD: ContextVar[bool] = ContextVar("nouns are made unread", default=False)


def read_fields(made: object) -> None:
    """Read every field of a noun as its annotation says, and put in its place what was read.

    A default is not read: nouns are made by the thousand, most of their fields as they come.

    Raises:
        InputError: with the problems of all fields.
    """
    fields = _FIELDS.get(type(made)) or _fields(type(made))
    values = fields.values(made)
    _read(made, fields, values, compress(range(len(values)), map(operator.is_not, values, fields.defaults)))


def changed(made: T, **values: Any) -> T:
    """Return a copy of a noun with other values of some fields; these alone are read, as the rest was before.

    It does what :func:`dataclasses.replace` does in a fraction of its time: cases are changed by the thousand, a field
    at a time.

    Raises:
        InputError: with the problems of the fields changed, or what of the copy does not go together.
    """
    kind = type(made)
    if kind not in _NOUNS:
        return dataclasses.replace(made, **values)  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
    fields = _FIELDS.get(kind) or _fields(kind)
    copy = object.__new__(kind)
    held = list(fields.values(made))
    places = sorted(map(fields.names.index, values))
    for k in places:
        held[k] = values[fields.names[k]]
    for put, value in zip(fields.puts, held, strict=True):
        put(copy, value)
    unread = _UNREAD.get()
    if not unread:
        _read(copy, fields, held, [k for k in places if held[k] is not fields.defaults[k]])
    if kind in _FILLED:
        _FILLED[kind](copy)
    if not unread:
        check_noun(copy)
    return copy


def _read(made: object, fields: _Fields, values: Sequence[Any], places: Iterable[int]) -> None:
    problems: list[Problem] = []
    for k in places:
        value, reader = values[k], fields.readers[k]
        if type(value) in reader.kinds or (type(value) is float and reader.low <= value <= reader.high):
            continue
        try:
            found = reader.read(value)
        except Unread as error:
            problems.append(error.at(f"{place_of(made)}, {fields.names[k]}"))
        else:
            if found is not value:
                object.__setattr__(made, fields.names[k], found)
    if problems:
        raise InputError(problems)


def check_noun(made: object) -> None:
    """Ask a noun with a method ``contradictions`` what of it does not go together.

    Raises:
        InputError: with all of that.
    """
    contradictions: Callable[[], Iterable[Problem]] | None = getattr(made, "contradictions", None)
    problems = tuple(contradictions()) if contradictions is not None else ()
    if problems:
        raise InputError(problems)


def read_all(made: object) -> None:
    """Read a noun and all nouns in it, which were made unread: those of a kind together, field by field.

    Raises:
        InputError: with the problems of all of them.
    """
    problems: list[Problem] = []
    waiting: list[object] = [made]
    while waiting:
        kinds: dict[type, list[Any]] = {}
        for item in waiting:
            kinds.setdefault(type(item), []).append(item)
        waiting = list(chain.from_iterable(kinds.pop(tuple, ())))
        for kind, nouns in kinds.items():
            if kind in _NOUNS:
                problems += _of_a_kind(kind, nouns, waiting)
    if problems:
        raise InputError(problems)


def _of_a_kind(kind: type, nouns: list[Any], parts: list[Any]) -> Iterator[Problem]:
    """Yield the problems of nouns of one kind, and add what they hold to ``parts``."""
    fields = _FIELDS.get(kind) or _fields(kind)
    columns = list(zip(*map(fields.values, nouns), strict=True))
    types = [set(map(type, column)) for column in columns]
    unsure = [k for k, reader in enumerate(fields.readers) if not reader.keeps_all(columns[k], types[k])]
    sound: list[Any] = [] if unsure else nouns
    for item, values in zip(nouns, zip(*columns, strict=True), strict=True) if unsure else ():
        try:
            _read(item, fields, values, [k for k in unsure if values[k] is not fields.defaults[k]])
            sound.append(item)
        except InputError as error:
            yield from error.problems
    contradictions: Callable[[Any], Iterable[Problem]] | None = getattr(kind, "contradictions", None)
    if contradictions is not None:
        yield from chain.from_iterable(map(contradictions, sound))
    for column, held in zip(columns, types, strict=True):
        if held & _NOUNS:
            parts += [value for value in column if type(value) in _NOUNS]


@contextmanager
def nouns_unread() -> Generator[None]:
    """Make nouns unread inside, for who reports what is wrong by file and row, and reads all of them at the end."""
    token = _UNREAD.set(True)
    try:
        yield
    finally:
        _UNREAD.reset(token)


def made_unread(kind: type[T], count: int, columns: Mapping[str, Iterable[Any]]) -> list[T]:
    """Make many nouns at once, field by field, of values that were read before, and filled in where that is needed.

    Args:
        kind: a noun.
        count: how many.
        columns: the values of each field; those of others are its default.
    """
    fields = _FIELDS.get(kind) or _fields(kind)
    with uncollected():
        made = [kind.__new__(kind) for _ in range(count)]
        for name, put, default in zip(fields.names, fields.puts, fields.defaults, strict=True):
            deque(map(put, made, columns.get(name, repeat(default))), maxlen=0)
    return made


def _fields(kind: type) -> _Fields:
    hints = get_type_hints(kind, include_extras=True)
    items = dataclasses.fields(kind)
    names = tuple(item.name for item in items)

    def values(made: object) -> tuple[Any, ...]:
        return tuple(getattr(made, name) for name in names)

    found = _Fields(
        names=names,
        values=operator.attrgetter(*names) if len(names) > 1 else values,
        puts=tuple(getattr(kind, name).__set__ for name in names),
        defaults=tuple(item.default for item in items),
        readers=tuple(reader_of(hints[item.name]) for item in items),
    )
    _FIELDS[kind] = found
    return found


def field_reader(kind: type, name: str) -> Reader:
    """Return the reader of one field of a noun, for who holds many values of it in an array."""
    fields = _FIELDS.get(kind) or _fields(kind)
    return fields.readers[fields.names.index(name)]


def is_noun(kind: object) -> bool:
    """Whether a class is a noun, whose fields are read as it is made."""
    return isinstance(kind, type) and kind in _NOUNS - {tuple}


def place_of(made: object) -> str:
    """Return how messages call a noun: its class, and its name where it has one."""
    name = getattr(made, "name", "")
    kind = type(made).__name__
    return f"{kind} {name!r}" if isinstance(name, str) and name and name != kind.casefold() else kind


@overload
def noun(kind: type[T]) -> type[T]: ...


@overload
def noun(*, eq: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def noun(kind: type[T] | None = None, *, eq: bool = True) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a class a noun: frozen, slotted, keyword-only, and every field read as its annotation says.

    After that a ``__post_init__`` of the class fills in what was left out, and its method ``contradictions`` yields a
    :class:`~potline.errors.Problem` for whatever does not go together.

    Examples:
        >>> @noun
        ... class Sack:
        ...     weight_kg: float
        >>> Sack(weight_kg=float("nan"))
        Traceback (most recent call last):
        potline.errors.InputError: Sack, weight_kg: found nan; needed a finite number.
    """
    if kind is None:
        return functools.partial(_noun, eq=eq)
    return _noun(kind, eq=eq)


def _noun(kind: type[T], *, eq: bool) -> type[T]:
    own: Callable[[Any], None] | None = kind.__dict__.get("__post_init__")
    checks = hasattr(kind, "contradictions")

    def __post_init__(self: Any) -> None:
        unread = _UNREAD.get()
        if not unread:
            read_fields(self)
        if own is not None:
            own(self)
        if checks and not unread:
            check_noun(self)

    kind.__post_init__ = __post_init__  # pyright: ignore[reportAttributeAccessIssue]
    made = dataclass(frozen=True, slots=True, kw_only=True, eq=eq)(kind)
    named_fields(made)
    _NOUNS.add(made)
    if own is not None:
        _FILLED[made] = own
    return made


@overload
def reads(verb: Callable[P, R]) -> Callable[P, R]: ...


@overload
def reads(*, name: str) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def reads(verb: Callable[P, R] | None = None, *, name: str = "") -> Any:
    """Make a verb read every argument as its annotation says, before anything is computed.

    ``name`` is what messages call it where its users know it by another name.

    Raises:
        InputError: with the problems of all arguments.

    Examples:
        >>> @reads
        ... def drawn(draws: int = 8) -> int:
        ...     return draws
        >>> drawn("64")
        Traceback (most recent call last):
        potline.errors.InputError: drawn, draws: found '64'; needed a whole number. Write 64, without quotes.
    """
    if verb is None:
        return functools.partial(_reads, name=name)
    return _reads(verb, name=name)


def _reads(verb: Callable[..., Any], *, name: str) -> Callable[..., Any]:
    signature = inspect.signature(verb)
    title = name or verb.__qualname__

    @functools.cache
    def readers() -> dict[str, Reader]:
        given = {key: item.annotation for key, item in signature.parameters.items() if key != "self"}
        holder = type(title, (), {"__annotations__": {k: v for k, v in given.items() if v is not signature.empty}})
        hints = get_type_hints(holder, inspect.unwrap(verb).__globals__, include_extras=True)
        return {key: reader_of(hint) for key, hint in hints.items()}

    @functools.wraps(verb)
    def read(*args: Any, **kwargs: Any) -> Any:
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError:
            method = next(iter(signature.parameters), "") in ("self", "cls")
            raise unbound(title, signature.parameters.values(), args[1:] if method else args, kwargs) from None
        known = readers()
        problems: list[Problem] = []
        for key, value in bound.arguments.items():
            if key not in known:
                continue
            try:
                if signature.parameters[key].kind is inspect.Parameter.VAR_POSITIONAL:
                    bound.arguments[key] = tuple(known[key].read(item) for item in value)
                else:
                    bound.arguments[key] = known[key].read(value)
            except Unread as error:
                problems.append(error.at(f"{title}, {key}"))
        if problems:
            raise InputError(problems)
        return verb(*bound.args, **bound.kwargs)

    return read
