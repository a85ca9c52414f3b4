"""Blocks along an axis: bars as wide as a quantity and from one height to another, with levels across."""

from __future__ import annotations

__all__ = ["Block", "Level", "blocks", "parted"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.theme import INK, outlined


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle: its width, from which height to which, and its group.

    Examples:
        >>> Block(width=550.0, low=11000.0, high=12500.0, group="stays as it is").width
        550.0
    """

    width: float
    low: float
    high: float
    group: str
    tick: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A dashed line across at a height (or, ``upright``, at a place along the axis), with its label."""

    at: float
    label: str
    upright: bool = False
    side: str = "left"
    below: bool = False


def parted(bars: int, shade: Mapping[str, Any], width: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return mark and channels of the lines that part bars: white, or of their colour where white would eat them."""
    if outlined(bars):
        return {"stroke": "white", "strokeWidth": width}, {}
    return {"strokeWidth": 0.3}, {"stroke": channel("group:N", scale=shade, legend=None)}


def blocks(
    items: Sequence[Block],
    levels: Sequence[Level],
    *,
    x_title: str,
    y_title: Sequence[str],
    y_domain: tuple[float, float],
    groups: Sequence[str],
    colours: Sequence[str],
    legend_columns: int = 4,
    stroke: float = 0.5,
    width: int = 700,
    height: int = 290,
    tick_colour: str = INK,
    x_most: float | None = None,
) -> Chart:
    """Draw blocks from left to right in the order given; a block's ``tick`` is a short line across it."""
    rows = _rows(items, y_domain)
    total = x_most if x_most is not None else rows[-1]["to"] if rows else 0.0
    base = chart(rows)
    x_axis = channel(
        "from:Q",
        title=x_title,
        scale={"domain": [0, total], "nice": False},
        axis={"grid": False, "tickCount": 10},
    )
    y_axis = channel("low:Q", title=list(y_title), scale={"domain": list(y_domain), "nice": False})
    legend = {"title": None, "columns": legend_columns, "labelLimit": 230} if len(groups) > 1 else None
    shade = {"domain": list(groups), "range": list(colours)}
    colour = channel("group:N", scale=shade, legend=legend)
    mark, edge = parted(len(items), shade, stroke)
    layers = [base.mark("rect", **mark).encode(x=x_axis, x2="to:Q", y=y_axis, y2="high:Q", color=colour, **edge)]
    ticks = [row for row in rows if row["tick"] is not None and y_domain[0] <= row["tick"] <= y_domain[1]]
    if ticks:
        layers.append(
            chart(ticks).mark("rule", color=tick_colour, strokeWidth=1.6).encode(x="from:Q", x2="to:Q", y="tick:Q")
        )
    for level in levels:
        words = chart([{"at": level.at, "text": level.label, "top": y_domain[1]}])
        if level.upright:
            layers.append(words.mark("rule", color=INK, strokeDash=[3, 3], strokeWidth=1.3).encode(x="at:Q"))
            layers.append(
                words.mark("text", align="right" if level.side == "right" else "left", dx=-5 if level.side == "right"
                                else 5, dy=8, fontSize=12)
                .encode(x="at:Q", y="top:Q", text="text:N")
            )  # fmt: skip
            continue
        layers.append(words.mark("rule", color=INK, strokeDash=[6, 3], strokeWidth=1.5).encode(y="at:Q"))
        side = {"value": width - 5 if level.side == "right" else 6}
        layers.append(
            words.mark(
                "text",
                align="right" if level.side == "right" else "left",
                dy=11 if level.below else -7,
                fontWeight="bold",
            ).encode(x=side, y="at:Q", text="text:N")
        )
    return layered(*layers).sized(width=width, height=height)


def _rows(items: Sequence[Block], y_domain: tuple[float, float]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    at = 0.0
    for item in items:
        rows.append(
            {
                "from": at,
                "to": at + item.width,
                "low": max(item.low, y_domain[0]),
                "high": min(item.high, y_domain[1]),
                "group": item.group,
                "tick": item.tick,
            }
        )
        at += item.width
    return rows
