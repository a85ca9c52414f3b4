"""What the site shows and in which order, read from ``navigation.toml``."""

from __future__ import annotations

__all__ = ["HOME", "ROOT", "Group", "navigation"]

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = "docs/README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading of the navigation and what stands under it.

    Attributes:
        title: the heading.
        pages: Markdown files of the project, paths from its folder, each once.
        made: names of pages that are written when the site is built.
        folded: the folder whose pages stand behind one page that lists them; empty where each stands in the navigation.
    """

    title: str
    pages: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    folded: str = ""


def navigation(root: Path = ROOT) -> tuple[Group, ...]:
    """Read the navigation: a pattern stands for all files that no line before it names.

    Raises:
        FileNotFoundError: a line names a file that is not there, or a pattern that finds none.
    """
    groups: list[Group] = []
    taken: set[str] = {HOME}
    for group in tomllib.loads((root / "docs/building/navigation.toml").read_text(encoding="utf-8"))["group"]:
        pages: list[str] = []
        for line in group.get("pages", []):
            found = sorted(path.relative_to(root).as_posix() for path in root.glob(line))
            if not found:
                raise FileNotFoundError(f"navigation.toml names {line!r}, which finds no file; name one that exists")
            pages += [page for page in found if page not in taken]
            taken.update(found)
        groups.append(Group(title=group["title"], pages=tuple(pages), made=tuple(group.get("made", [])),
                            folded=group.get("folded", "")))  # fmt: skip
    return tuple(groups)
