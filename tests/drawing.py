"""The drawing of docs/architecture.md, made from the imports: ``python -m tests.drawing`` rewrites it."""

from __future__ import annotations

from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- drawing: made from the imports -->", "<!-- end of drawing -->"
GROUND = {
    *("errors", "limits", "units", "sources", "equality", "text", "verification", "reading", "choices"),
    *("showing", "frame", "beside"),
}


def drawing() -> str:
    """Return the folders as a Mermaid graph; an arrow runs to what is imported, and none that another path implies."""
    graph = grimp.build_graph("potline", cache_dir=None)
    arrows = {
        (_folder(importer), _folder(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    arrows = {(one, other) for one, other in arrows if one != other and "" not in (one, other)}
    shown = sorted(pair for pair in arrows if not _implied(pair, arrows))
    return "\n".join(["```mermaid", "graph TD", *(f"    {one} --> {other}" for one, other in shown), "```"])


def rewritten(text: str) -> str:
    """Return the page with the drawing between its marks."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{drawing()}\n{END}{after}"


def _folder(module: str) -> str:
    parts = module.split(".")
    if len(parts) < 2 or parts[1] in {"_version", "__main__"}:
        return ""
    return "ground" if parts[1] in GROUND else parts[1]


def _implied(pair: tuple[str, str], arrows: set[tuple[str, str]]) -> bool:
    start, end = pair
    seen: set[str] = set()
    waiting = [other for one, other in arrows if one == start and other != end]
    while waiting:
        place = waiting.pop()
        if place == end:
            return True
        if place not in seen:
            seen.add(place)
            waiting += [other for one, other in arrows if one == place]
    return False


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
