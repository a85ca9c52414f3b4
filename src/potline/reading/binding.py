"""What was handed over as what: unknown names, names left out and values without a name, refused in our words."""

from __future__ import annotations

__all__ = ["binds", "named_fields", "unbound"]

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from potline.errors import InputError, Problem
from potline.reading.refusals import did_you_mean, found_as

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

SHOWN = 20
Parameter = inspect.Parameter


def unbound(
    title: str, parameters: Iterable[Parameter], args: Sequence[object], given: Mapping[str, object]
) -> InputError:
    """Return the error that says which names are unknown, left out or given twice, and which values have no name.

    Examples:
        >>> def drawn(draws: int, *, seed: int = 7) -> int:
        ...     return draws
        >>> print(unbound("drawn", inspect.signature(drawn).parameters.values(), (), {"seeds": 3}))
        drawn: found the argument 'seeds'; needed one that it takes. Did you mean 'seed'?
        drawn: found no draws; needed one. Write draws=...
    """
    known = [item for item in parameters if item.name not in ("self", "cls")]
    by_place = [
        item.name for item in known if item.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    named = {item.name for item in known if item.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)}
    names = [item.name for item in known if item.name in named]
    there = f"Names: {', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else '.'}" if names else ""
    problems = [
        Problem(
            where=title,
            found=f"the argument {name!r}",
            needed="one that it takes" if names else "no arguments",
            hint=did_you_mean(name, names, "Names") if names else "",
        )
        for name in given
        if name not in named and not any(item.kind is Parameter.VAR_KEYWORD for item in known)
    ]
    if len(args) > len(by_place):
        found = f"{found_as(args[len(by_place)])} without a name"
        needed = f"names but for the first {len(by_place)}" if by_place else "every value with its name"
        problems.append(Problem(where=title, found=found, needed=needed, hint=there))
    filled = by_place[: len(args)]
    problems += [
        Problem(where=title, found=f"{name} twice", needed="it once", hint=f"Leave {name}=... out.")
        for name in filled
        if name in given
    ]
    problems += [
        Problem(where=title, found=f"no {item.name}", needed="one", hint=f"Write {item.name}=...")
        for item in known
        if item.name in named and item.default is Parameter.empty and item.name not in (*filled, *given)
    ]
    return InputError(
        problems or [Problem(where=title, found="arguments that do not fit", needed="others", hint=there)]
    )


def binds(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a verb that hands its arguments on refuse, in our words, what it has no name for.

    Examples:
        >>> @binds("drawn")
        ... def drawn(draws: int, **options: object) -> int:
        ...     return draws
        >>> drawn()
        Traceback (most recent call last):
        potline.errors.InputError: drawn: found no draws; needed one. Write draws=...
    """

    def bound(verb: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(verb)

        @functools.wraps(verb)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                signature.bind(*args, **kwargs)
            except TypeError:
                raise unbound(name, signature.parameters.values(), args, kwargs) from None
            return verb(*args, **kwargs)

        return called

    return bound


def named_fields(kind: type[T]) -> type[T]:
    """Make a class refuse, in our words, fields that it does not have; nothing is asked where all of them fit."""
    made = kind.__init__
    signature = inspect.signature(made)

    @functools.wraps(made)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            made(self, *args, **kwargs)
        except TypeError:
            try:
                signature.bind(self, *args, **kwargs)
            except TypeError:
                raise unbound(kind.__name__, signature.parameters.values(), args, kwargs) from None
            raise

    kind.__init__ = __init__
    return kind
