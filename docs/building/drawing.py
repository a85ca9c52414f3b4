"""A drawing of what stands on what, from the arrows of a ``mermaid`` block: SVG, in no need of a script."""

from __future__ import annotations

__all__ = ["drawn"]

import re
from html import escape

ARROW = re.compile(r"^ *(\w+) --> (\w+)$", re.MULTILINE)
WIDE, HIGH, APART, FLOOR = 112, 30, 24, 70


def drawn(text: str) -> str:
    """Return the arrows ``a --> b`` as a picture for a page: what is imported stands below what imports it.

    Args:
        text: the lines of a ``graph TD``.

    Examples:
        >>> drawn("graph TD\\n    cli --> questions\\n").count("<rect")
        2
    """
    arrows = ARROW.findall(text)
    floors = _floors(arrows)
    broad = max(len(row) for row in floors) * (WIDE + APART)
    at = {name: ((column + 0.5) * broad / len(row), (level + 0.5) * FLOOR)
          for level, row in enumerate(floors) for column, name in enumerate(row)}  # fmt: skip
    lines = [_line(*at[above], *at[below]) for above, below in arrows]
    boxes = [_box(name, *place) for name, place in at.items()]
    said = escape("; ".join(f"{above} imports {below}" for above, below in arrows))
    size = f'viewBox="0 0 {broad:.0f} {len(floors) * FLOOR}" style="max-width: {broad:.0f}px; width: 100%"'
    head = f'<svg class="drawing" role="img" aria-label="{said}" xmlns="http://www.w3.org/2000/svg" {size}>'
    mark = (
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="currentColor"/></marker>'
    )
    return "\n".join([head, mark, *lines, *boxes, "</svg>"])


def _floors(arrows: list[tuple[str, str]]) -> list[list[str]]:
    """Return names from top to bottom, each one floor above the highest that it needs."""
    names = list(dict.fromkeys(name for arrow in arrows for name in arrow))
    height = dict.fromkeys(names, 0)
    for _ in names:
        for above, below in arrows:
            height[above] = max(height[above], height[below] + 1)
    return [[name for name in names if height[name] == level] for level in range(max(height.values()), -1, -1)]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return an arrow as a curve, so that one which passes a floor bends around its middle."""
    y1, y2 = y1 + HIGH / 2, y2 - HIGH / 2
    bend = (y2 - y1) / 2
    curve = f"M{x1:.0f} {y1:.0f} C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
    return f'<path d="{curve}" fill="none" stroke="currentColor" stroke-opacity="0.6" marker-end="url(#tip)"/>'


def _box(name: str, x: float, y: float) -> str:
    corner = f'x="{x - WIDE / 2:.0f}" y="{y - HIGH / 2:.0f}" width="{WIDE}" height="{HIGH}" rx="4"'
    return (
        f'<rect {corner} fill="var(--color-background-secondary, #f4f4f4)" stroke="currentColor"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" font-size="14" fill="currentColor">'
        f"{escape(name)}</text>"
    )
