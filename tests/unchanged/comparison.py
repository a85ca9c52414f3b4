"""Compare two sets of outputs cell by cell: words and order equal; numbers equal too, or within a tolerance.

A cell is one line of words, one cell of a CSV, or one key or value of a JSON. Within a cell, numbers are the runs that
look like one, so that ``−489 m CNY`` and ``489 m CNY`` differ in their number and not in their words.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Outputs = Mapping[str, str]
Cells = list[tuple[str, str]]

RELATIVE = 1e-9
NOTHING = 1e-9
"""Numbers up to this size are residuals, equal to 0: sums that cancel end there, elsewhere in each machine."""
RENAMED = pathlib.Path(__file__).resolve().parents[2] / "docs" / "decisions" / "renamed.csv"
_PATH = re.compile(r"(\w+)(\[.*\]\.)([\w.]+)")
_PLACE = re.compile(r"(\w+\.csv)( row \d+)()")
_NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+−]?\d+)?(?!\w)")


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """One cell that changed: which output, where in it, what stood there and what does now."""

    output: str
    place: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.output}, {self.place}: was {self.old!r}, is {self.new!r}"


def differences(old: Outputs, new: Outputs, *, relative: float | None) -> Iterator[Difference]:
    """Yield what differs between two sets of outputs; ``relative = None`` allows numbers no tolerance."""
    for name in sorted(old.keys() | new.keys()):
        if name not in old or name not in new:
            yield Difference(name, "output", "there" if name in old else "absent", "there" if name in new else "absent")
        elif old[name] != new[name]:
            yield from _cells_differ(name, _cells(name, old[name]), _cells(name, new[name]), relative)


def _cells_differ(name: str, old: Cells, new: Cells, relative: float | None) -> Iterator[Difference]:
    for (place, was), (place_now, now) in zip(old, new, strict=False):
        if place != place_now:
            yield Difference(name, place, place, place_now)
            return  # what follows stands elsewhere
        if was != now and (relative is None or not _alike(was, now, relative)):
            yield Difference(name, place, was, now)
    if len(old) != len(new):
        place = (old if len(old) > len(new) else new)[min(len(old), len(new))][0]
        yield Difference(name, place, f"{len(old)} cells", f"{len(new)} cells")


def _alike(old: str, new: str, relative: float) -> bool:
    """Return whether two cells have the same words, and numbers within the tolerance."""
    if words_in(old) != words_in(new):
        return False
    return all(_near(was, now, relative) for was, now in zip(numbers_in(old), numbers_in(new), strict=True))


def _near(old: float, new: float, relative: float) -> bool:
    size = max(abs(old), abs(new))
    return abs(old - new) <= relative * size or size <= NOTHING


def words_in(text: str) -> list[str]:
    """Return what stands between the numbers of a text."""
    return _NUMBER.split(text)


def numbers_in(text: str) -> list[float]:
    """Return the numbers of a text in order."""
    return [float(found.replace("−", "-").replace(",", "")) for found in _NUMBER.findall(text)]


def _cells(name: str, text: str) -> Cells:
    """Return the cells of an output in order, each with its place."""
    if name.endswith(".csv"):
        rows = list(csv.reader(io.StringIO(text)))
        header = rows[0] if rows else []
        head = [(f"header, column {column}", cell) for column, cell in enumerate(header, 1)]
        return head + [
            (f"row {number}, {header[column] if column < len(header) else column}", cell)
            for number, row in enumerate(rows[1:], 2)
            for column, cell in enumerate(row)
        ]
    if name.endswith(".json"):
        try:
            return list(_leaves(json.loads(text), "$"))
        except ValueError:  # the command refused: words
            pass
    return [(f"line {number}", " ".join(line.split())) for number, line in enumerate(text.splitlines(), 1)]


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield place, "{" + ", ".join(value) + "}"
        for key, item in value.items():
            yield from _leaves(item, f"{place}.{key}")
    elif isinstance(value, list):
        yield place, f"[{len(value)}]"
        for number, item in enumerate(value):
            yield from _leaves(item, f"{place}[{number}]")
    else:
        yield place, value if isinstance(value, str) else json.dumps(value)


def renames() -> dict[str, str]:
    """Return the names of columns and keys that changed, old -> new."""
    with RENAMED.open(encoding="utf-8", newline="") as file:
        return {row["old"]: row["new"] for row in csv.DictReader(file)}


def renamed(outputs: Outputs, names: Mapping[str, str]) -> dict[str, str]:
    """Return outputs under their new names: in file names, and in cells, keys and strings that hold no space.

    Where one does, noun and field of a path ``noun[A name].field`` and the file of ``file.csv row 2`` are names.
    """
    if not names:
        return dict(outputs)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})(?!\w)")

    def new(text: str) -> str:
        return pattern.sub(lambda found: names[found.group()], text)

    def name(text: str) -> str:
        if " " not in text:
            return new(text)
        found = _PATH.fullmatch(text) or _PLACE.fullmatch(text)
        return text if found is None else "".join((new(found[1]), found[2], new(found[3])))

    return {name(path): _renamed_text(path, text, name) for path, text in outputs.items()}


def _renamed_text(path: str, text: str, name: Any) -> str:
    if path.endswith(".csv"):
        out = io.StringIO()
        rows: Sequence[Sequence[str]] = list(csv.reader(io.StringIO(text)))
        csv.writer(out, lineterminator="\n").writerows([[name(cell) for cell in row] for row in rows])
        return out.getvalue()
    if path.endswith(".json"):
        try:
            return json.dumps(_renamed_json(json.loads(text), name), ensure_ascii=False)
        except ValueError:
            return text
    return text


def _renamed_json(value: Any, name: Any) -> Any:
    if isinstance(value, dict):
        return {name(key): _renamed_json(item, name) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed_json(item, name) for item in value]
    return name(value) if isinstance(value, str) else value
