"""Comments of ``case.toml`` as rows of a sheet, and back to the keys they stand at."""

from __future__ import annotations

__all__ = ["HEAD", "comments_of", "notes_of", "with_comments"]

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from potline.cases.statements import statements
from potline.cases.toml_writing import toml_path

HEAD = ("block", "key", "above", "beside")
Path = tuple[str, ...]
Notes = Mapping[Path, tuple[str, str]]
"""What stands above a key and beside it, by its path; the path of nothing is the end of the file."""
_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)')


def comments_of(text: str) -> list[list[str]]:
    """Return the comments of a sound TOML text, a row for each key or header that has some; none inside a value.

    Examples:
        >>> comments_of('# first\\n[case]  # what\\nname = "#1"\\n# last')
        [['case', '', 'first', 'what'], ['', '', 'last', '']]
    """
    text = text.replace("\r\n", "\n")
    rows: list[list[str]] = []
    place = count = 0
    factor: Path = ()
    for item in statements(text):
        start = item.parts[0].start
        header = not item.end
        path = item.path
        if path[:1] == ("factors",):
            if header:
                factor, count = ("factors", str(count)), count + 1
            path = factor if header else (*factor, *path[1:])
        end = item.end if item.end else text.find("]", item.parts[-1].end)
        line_end = text.find("\n", end)
        line_end = len(text) if line_end < 0 else line_end
        beside = text[end:line_end].lstrip("] \t")
        above = _lines(text[place:start])
        if above or beside.startswith("#"):
            block, key = (path, "") if header else (path[:-1], item.parts[-1].name)
            rows.append([toml_path(block), key, above, _plain(beside) if beside.startswith("#") else ""])
        place = line_end
    if rest := _lines(text[place:]):
        rows.append(["", "", rest, ""])
    return rows


def notes_of(rows: Iterable[Sequence[str]]) -> dict[Path, tuple[str, str]]:
    """Return what stands above and beside each path, of rows of the sheet without its headings.

    Examples:
        >>> notes_of([['numbers."demand.quantity_kt"', "value", "", "tonnes"]])
        {('numbers', 'demand.quantity_kt', 'value'): ('', 'tonnes')}
    """
    found: dict[Path, tuple[str, str]] = {}
    for block, key, above, beside in rows:
        path = (*_parts(block), *((key,) if key else ()))
        before = found.get(path, ("", ""))
        found[path] = ("\n".join(filter(None, (before[0], above))), " ".join(filter(None, (before[1], beside))))
    return found


def with_comments(lines: Sequence[str], paths: Sequence[Path], notes: Notes) -> tuple[list[str], dict[int, int]]:
    """Return lines of TOML with comments at their paths, and where each line stands then, both counted from 1.

    A comment whose path is not there stands above the first that begins as it does, else at the end.
    """
    above: dict[int, list[str]] = {}
    beside: dict[int, str] = {}
    ends: list[str] = []
    for path, (over, at) in notes.items():
        if path in paths:
            place = paths.index(path)
            above.setdefault(place, []).extend(over.splitlines())
            beside[place] = " ".join(at.split())
            continue
        told = [*over.splitlines(), *at.splitlines()]
        near = next((k for k, other in enumerate(paths) if path and other[: len(path)] == path), -1)
        (above.setdefault(near, []) if near >= 0 else ends).extend(told)
    result: list[str] = []
    moved: dict[int, int] = {}
    for place, line in enumerate(lines):
        result += [""] if line.startswith("[") and result else []
        result += [f"# {text}".rstrip() for text in above.get(place, ())]
        result.append(f"{line}  # {beside[place]}" if beside.get(place) else line)
        moved[place + 1] = len(result)
    return [*result, *(f"# {text}".rstrip() for text in ends)], moved


def _lines(text: str) -> str:
    return "\n".join(_plain(line.strip()) for line in text.split("\n") if line.strip().startswith("#"))


def _plain(comment: str) -> str:
    return comment.removeprefix("#").strip()


def _parts(block: str) -> Path:
    return tuple(
        str(json.loads(f'"{match[1]}"')) if match[2] is None else match[2].strip() for match in _PART.finditer(block)
    )
