"""Dots and ranges, one row a name: claims against the model, coalitions by size, factors by weight."""

from __future__ import annotations

__all__ = ["DotRow", "dots"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.theme import GREY, INK


@dataclass(frozen=True, slots=True, kw_only=True)
class DotRow:
    """One row: a label, a dot, a range beside it (where known), the dot's group and words at the end of the row.

    Examples:
        >>> DotRow(label="Share under water", value=4.0, group="within the stated range").low is None
        True
    """

    label: str
    value: float
    group: str
    low: float | None = None
    high: float | None = None
    text: str = ""


def dots(
    items: Sequence[DotRow],
    *,
    x_title: str,
    groups: Sequence[str],
    colours: Sequence[str],
    x_domain: tuple[float, float],
    level: float | None = 0.0,
    width: int = 420,
    row_height: int = 21,
    label_limit: int = 300,
    text_limit: int = 230,
) -> Chart:
    """Draw rows from top to bottom in the order given; dots beyond the axis are drawn at its end as triangles."""
    rows: list[dict[str, Any]] = []
    for item in items:
        shown = min(max(item.value, x_domain[0]), x_domain[1])
        rows.append(
            {
                "label": item.label,
                "value": shown,
                "beyond": "within" if shown == item.value else "above" if item.value > shown else "below",
                "low": None if item.low is None else max(item.low, x_domain[0]),
                "high": None if item.high is None else min(item.high, x_domain[1]),
                "group": item.group,
                "text": item.text,
            }
        )
    order = [item.label for item in items]
    y_axis = channel(
        "label:N",
        sort=order,
        title=None,
        axis={"labelLimit": label_limit, "ticks": False, "domain": False, "grid": True},
    )
    x_axis = channel("value:Q", title=x_title, scale={"domain": list(x_domain), "nice": False})
    legend = {"title": None, "columns": 3, "labelLimit": 260} if len(groups) > 1 else None
    colour = channel("group:N", scale={"domain": list(groups), "range": list(colours)}, legend=legend)
    shape = channel(
        "beyond:N",
        scale={"domain": ["within", "above", "below"], "range": ["circle", "triangle-right", "triangle-left"]},
        legend=None,
    )
    base = chart(rows)
    layers: list[Chart] = []
    ranged = [row for row in rows if row["low"] is not None and row["high"] is not None]
    if ranged:
        start = channel("low:Q", title=x_title, scale={"domain": list(x_domain), "nice": False})
        span = chart(ranged).mark("rule", color=GREY, strokeWidth=5, strokeCap="round")
        layers.append(span.encode(x=start, x2="high:Q", y=y_axis))
    if level is not None:
        layers.append(chart([{"level": level}]).mark("rule", color=INK, strokeWidth=1.2).encode(x="level:Q"))
    layers.append(
        base.mark("point", size=75, filled=True, opacity=1).encode(x=x_axis, y=y_axis, color=colour, shape=shape)
    )
    if any(item.text for item in items):
        layers.append(
            base.mark("text", align="left", dx=8, fontSize=11.5, limit=text_limit).encode(
                x={"value": width}, y=y_axis, text="text:N"
            )
        )
    return layered(*layers).sized(width=width, height=row_height * len(items))
