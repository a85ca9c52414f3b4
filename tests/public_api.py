"""The public names with what they take, one a line: ``python -m tests.public_api`` writes the list anew."""

from __future__ import annotations

import dataclasses
import enum
import inspect
from pathlib import Path
from typing import Any

import potline

LISTED = Path(__file__).with_name("public_api.txt")


def lines() -> list[str]:
    """Return each public name: a verb with its arguments, a class with its fields, a choice with its words."""
    return [f"{name}{_of(getattr(potline, name))}" for name in sorted(potline.__all__) if name != "__version__"]


def _of(value: Any) -> str:
    if isinstance(value, enum.EnumType):
        return f" in {', '.join(repr(word.value) for word in value)}"
    if dataclasses.is_dataclass(value):
        fields = [item.name for item in dataclasses.fields(value) if not item.name.startswith("_")]
        return f"({', '.join(fields)}){_methods(value)}"
    if inspect.isclass(value):
        return _methods(value)
    if callable(value):
        try:
            found = inspect.signature(inspect.unwrap(value)).parameters.values()
        except ValueError:
            return ""
        return f"({', '.join(_argument(item) for item in found)})"
    return ""


def _argument(item: inspect.Parameter) -> str:
    star = {item.VAR_POSITIONAL: "*", item.VAR_KEYWORD: "**"}.get(item.kind, "")
    named = "=" if item.kind is item.KEYWORD_ONLY else ""
    return f"{star}{item.name}{named}{'' if item.default is item.empty else '?'}"


def _methods(value: type) -> str:
    own = {name for kind in value.__mro__ if kind.__module__.startswith("potline") for name in vars(kind)}
    kept = sorted(name for name in own - {"contradictions"} if not name.startswith("_") and _is_method(value, name))
    return f" .{' .'.join(kept)}" if kept else ""


def _is_method(value: type, name: str) -> bool:
    return name not in getattr(value, "__dataclass_fields__", ()) and (
        callable(getattr(value, name, None)) or isinstance(inspect.getattr_static(value, name), property)
    )


if __name__ == "__main__":
    LISTED.write_text("\n".join(lines()) + "\n", encoding="utf-8", newline="\n")
