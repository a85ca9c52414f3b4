"""The project's Markdown laid out for the site: links between pages kept, what they lead to beside them.

On GitHub a link is a path from the page's folder. In the site every page stands at one of two places (``docs/x.md``
becomes ``x.md``, any other ``project/x.md``), so each link to a file of the project is written anew: to the page where
it is one, else to a copy of the file, which the site offers to read.
"""

from __future__ import annotations

__all__ = ["lay_out"]

import os
import re
import shutil
from pathlib import Path

from docs.building.drawing import drawn
from docs.building.navigation import HOME, ROOT, Group

LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)\s]*)?\)")
DRAWING = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def lay_out(groups: tuple[Group, ...], place: Path, root: Path = ROOT) -> None:
    """Write every page of the project into a folder that the generator reads.

    Args:
        groups: the navigation.
        place: the folder to write into.
        root: the project's folder.

    Raises:
        FileNotFoundError: a page links to a file that is not there.
    """
    at = {page: _at(page) for group in groups for page in group.pages}
    at |= {group.folded: f"{_at(group.folded)}/index.md" for group in groups if group.folded}
    at[HOME] = "index.md"
    for page, staged in at.items():
        if (root / page).is_file():
            _write(place / staged, _page(root, page, at, place))
    for group in groups:
        if group.folded:
            _write(place / at[group.folded], _list(group, root))
    with (place / "index.md").open("a", encoding="utf-8") as home:
        home.writelines(_tree(group, at) for group in groups)


def _at(page: str) -> str:
    """Return where a page of the project stands in the site."""
    if page.startswith("docs/"):
        return page.removeprefix("docs/")
    return "project/" + page.replace("/", "-")


def _page(root: Path, page: str, at: dict[str, str], place: Path) -> str:
    """Return a page's text with its links as the site needs them, and its drawings drawn."""

    def link(match: re.Match[str]) -> str:
        found = (root / page).parent / match[1]
        if not found.exists():
            raise FileNotFoundError(f"{page} links to {match[1]}, which is not there; mend the link")
        target = found.resolve().relative_to(root).as_posix()
        target = at[target] if target in at else _copied(root, target, place)
        return f"]({os.path.relpath(target, Path(at[page]).parent)}{match[2] or ''})"

    text = (root / page).read_text(encoding="utf-8")
    return DRAWING.sub(lambda match: drawn(match[1]), LINK.sub(link, text))


def _copied(root: Path, target: str, place: Path) -> str:
    """Copy a file of the project beside the pages and return where it stands; of a folder, a list of its files."""
    source, staged = root / target, f"files/{target}"
    if source.is_dir():
        staged += "/contents.txt"
        names = sorted(item.name for item in source.iterdir() if not item.name.startswith((".", "__")))
        _write(place / staged, "\n".join([f"{target}/", *(f"    {name}" for name in names), ""]))
    else:
        staged += ".txt" if source.suffix == ".md" else ""  # a page that stands in no navigation is shown as it is
        (place / staged).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place / staged)
    return staged


def _list(group: Group, root: Path) -> str:
    """Return the page that lists the pages of a folded group, each under its own heading's words."""
    names = [Path(page).name for page in group.pages]
    heads = [(root / page).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for page in group.pages]
    lines = [f"* [{head}]({name})" for head, name in zip(heads, names, strict=True)]
    return "\n".join([f"# {group.title}", "", *lines, "", "```{toctree}", ":hidden:", "", *names, "```", ""])


def _tree(group: Group, at: dict[str, str]) -> str:
    """Return a group of the navigation as the generator reads it."""
    pages = [at[group.folded]] if group.folded else [at[page] for page in group.pages]
    made = [f"{name}/index" if name == "reference" else name for name in group.made]
    return "\n".join(["", "```{toctree}", ":hidden:", f":caption: {group.title}", "", *pages, *made, "```", ""])


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")
