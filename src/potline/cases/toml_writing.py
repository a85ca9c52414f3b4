"""Pieces of TOML as every file that we write holds them: texts, keys, paths, values."""

from __future__ import annotations

__all__ = ["toml_key", "toml_path", "toml_string", "toml_value"]

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_string(text: str) -> str:
    """Return text as a basic string.

    Examples:
        >>> print(toml_string('the "old" one'))
        "the \\"old\\" one"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """Return a key, in quotes where it needs them.

    Examples:
        >>> toml_key("price"), toml_key("demand.elasticity")
        ('price', '"demand.elasticity"')
    """
    return name if _BARE.fullmatch(name) else toml_string(name)


def toml_path(keys: Iterable[str]) -> str:
    """Return keys with points between them.

    Examples:
        >>> toml_path(("numbers", "demand.elasticity", "value"))
        'numbers."demand.elasticity".value'
    """
    return ".".join(map(toml_key, keys))


def toml_value(value: Any, other: Callable[[Any], str] = str) -> str:
    """Return a value; one that is no text, number, list or table is written by ``other``.

    Examples:
        >>> toml_value("a"), toml_value(0.1), toml_value(["a", 2]), toml_value({"low": 1})
        ('"a"', '0.1', '["a", 2]', '{ low = 1 }')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return toml_string(value)
    if isinstance(value, Mapping):
        inside = cast("Mapping[str, Any]", value).items()
        return f"{{ {', '.join(f'{toml_key(str(key))} = {toml_value(one, other)}' for key, one in inside)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml_value(item, other) for item in cast('Sequence[Any]', value))}]"
    return other(value)
