"""Read ``case.toml``: limits first, then TOML, with the line of each key."""

from __future__ import annotations

__all__ = ["Document", "read_toml"]

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from potline.cases.files import decoded
from potline.cases.problems import Problems
from potline.text import first_control

DEEPEST, LONGEST = 16, 200
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"""|\Z)' + r"|'''.*?(?:'''|\Z)" + r'|"(?:[^"\\\n]|\\.)*"?' + r"|'[^'\n]*'?|#[^\n]*"
    rf"|[\[{{]|[\]}}]|[.=,\n]|[0-9A-Za-z_-]{{{LONGEST + 1},}}",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML document and the line of each key."""

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])

    def line(self, keys: Sequence[str]) -> int:
        """Return the line of a key, or of the nearest table that holds it; 0 where unknown."""
        for count in range(len(keys), 0, -1):
            if tuple(keys[:count]) in self.lines:
                return self.lines[tuple(keys[:count])]
        return 0


def read_toml(data: bytes, file: str, problems: Problems) -> Document | None:
    """Return a TOML document with the line of each key, or None, with a problem."""
    text = decoded(data, file, problems)
    if text is None:
        return None
    if beyond := _beyond(text):
        line, found, needed = beyond
        problems.add(file, line=line, found=found, needed=needed)
        return None
    try:
        values = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", str(error))
        what = match["what"] if match else str(error)
        line = int(match["line"]) if match and match["line"] else text.count("\n") + 1
        problems.add(
            file,
            line=line,
            found=f"text that is not TOML ({what[:1].lower()}{what[1:]})",
            needed='lines such as `key = "text"`, `key = 1.5` or `[table]`',
        )
        return None
    if not values:
        problems.add(
            file, found="no keys", needed="at least a table `[case]`", hint="Compare with `potline new FOLDER`."
        )
    document = Document(values, _lines(text))
    for keys, name in _controls(values):
        found, needed = f"a control character, {name}", "text without control characters"
        problems.add(file, line=document.line(keys), key=".".join(keys), found=found, needed=needed, hint="Delete it.")
    return document


def _beyond(text: str) -> tuple[int, str, str] | None:
    """Return the line of what is nested too deep or too long to be a number, what it is and the limit; None for none.

    Examples:
        >>> _beyond("a = " + "[" * 17), _beyond("[[[[x]]]]")
        ((1, 'tables or lists inside each other 17 deep', 'at most 16 levels'), None)
    """
    depth = dots = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in "[{":
            depth, dots = depth + 1, 0
        elif token in "]}":
            depth = max(0, depth - 1)
        elif token == ".":
            dots += 1
        elif token in "=,\n":
            dots = 0
        elif token[0] not in "\"'#":
            found = f"a number or a bare word of {len(token):,} characters"
            return text.count("\n", 0, match.start()) + 1, found, f"at most {LONGEST}"
        if depth + dots > DEEPEST:
            found = f"tables or lists inside each other {depth + dots} deep"
            return text.count("\n", 0, match.start()) + 1, found, f"at most {DEEPEST} levels"
    return None


def _controls(values: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place of each text, and each key, with a control character, and its name."""
    if isinstance(values, dict):
        for key, value in cast("dict[str, Any]", values).items():
            if name := first_control(key)[1]:
                yield keys, name
            yield from _controls(value, (*keys, key))
    elif isinstance(values, list):
        for number, value in enumerate(cast("list[Any]", values)):
            yield from _controls(value, (*keys, str(number)))
    elif isinstance(values, str) and (name := first_control(values)[1]):
        yield keys, name


_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Find the line of each key; enough for tables, arrays of tables and keys at the start of a line."""
    lines: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if match := re.match(rf"\s*(?P<open>\[\[?)\s*(?P<keys>{_KEYS})\s*\]", line):
            table = _parts(match["keys"])
            if len(match["open"]) == 2:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, number)
        elif match := re.match(rf"\s*(?P<keys>{_KEYS})\s*=", line):
            lines.setdefault((*table, *_parts(match["keys"])), number)
    return lines


def _parts(keys: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, keys))
