"""A Sankey diagram: nodes in columns, bands between them as wide as what flows; geometry is worked out here."""

from __future__ import annotations

__all__ = ["Band", "SankeyColumn", "sankey"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.theme import GREY, INK

STEPS = 12
NODE = 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A flow between two nodes of neighbouring columns; ``group`` colours it.

    Examples:
        >>> Band(column=0, origin="ore", destination="Henan", size=10.0, group="ore").size
        10.0
    """

    column: int
    origin: str
    destination: str
    size: float
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SankeyColumn:
    """A column of nodes: its title, and its nodes from the top in the order given."""

    title: str
    nodes: tuple[str, ...]


def sankey(
    columns: Sequence[SankeyColumn],
    bands: Sequence[Band],
    *,
    colours: Mapping[str, str],
    labels: Mapping[tuple[int, str], str],
    scales: Sequence[float],
    width: int = 760,
    height: int = 430,
) -> Chart:
    """Draw bands between columns; a column's ``scale`` turns its sizes into height, so that units may differ."""
    bottom, top = _nodes(columns, bands, scales)
    shapes = _shapes(bands, scales, top)
    boxes = [
        {"x": column - NODE / 2 if column else 0.0, "x2": column + NODE / 2, "y": low, "y2": top[column, name]}
        for (column, name), low in bottom.items()
    ]
    last = len(columns) - 1
    words = [
        {
            "x": column + (NODE / 2 + 0.02 if column < last else -NODE / 2 - 0.02),
            "y": (low + top[column, name]) / 2,
            "text": labels.get((column, name), name),
            "side": "left" if column < last else "right",
        }
        for (column, name), low in bottom.items()
        if top[column, name] - low > 0.001
    ]
    heads = [{"x": float(k), "y": 1.035, "text": item.title} for k, item in enumerate(columns)]
    x_scale = {"domain": [-0.1, last + 0.3], "nice": False, "zero": False}
    y_scale = {"domain": [0.0, 1.06], "nice": False}
    x, y = channel("x:Q", scale=x_scale, axis=None), channel("y:Q", scale=y_scale, axis=None)
    area = (
        chart(shapes)
        .mark("area", opacity=0.55, interpolate="monotone")
        .encode(
            x=x, y=y, y2="y2:Q", detail="band:N",
            color=channel(
                "group:N",
                scale={"domain": list(colours), "range": list(colours.values())},
                legend={"title": None, "columns": 4},
            ),
        )
    )  # fmt: skip
    box = chart(boxes).mark("rect", color=GREY).encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    texts = [
        chart([row for row in words if row["side"] == side])
        .mark("text", align=side, baseline="middle", fontSize=11, color=INK)
        .encode(x=x, y=y, text="text:N")
        for side in ("left", "right")
        if any(row["side"] == side for row in words)
    ]
    head = chart(heads).mark("text", fontSize=12, fontWeight="bold", align="center").encode(x=x, y=y, text="text:N")
    return layered(area, box, *texts, head).sized(width=width, height=height)


def _nodes(
    columns: Sequence[SankeyColumn], bands: Sequence[Band], scales: Sequence[float]
) -> tuple[dict[tuple[int, str], float], dict[tuple[int, str], float]]:
    """Return bottom and top of each node in 0..1, from the top down with equal gaps."""
    bottom: dict[tuple[int, str], float] = {}
    top: dict[tuple[int, str], float] = {}
    for k, column in enumerate(columns):
        sizes: dict[str, float] = {}
        for name in column.nodes:
            leaves = sum(band.size for band in bands if band.column == k and band.origin == name)
            comes = sum(band.size for band in bands if band.column == k - 1 and band.destination == name)
            sizes[name] = max(leaves * scales[k] if k < len(scales) else 0.0, comes * scales[k - 1] if k else 0.0)
        free = max(0.0, 1.0 - sum(sizes.values()))
        gap = min(0.03, free / max(len(sizes) - 1, 1))
        at = 1.0
        for name, size in sizes.items():
            top[k, name], bottom[k, name] = at, at - size
            at -= size + gap
    return bottom, top


def _shapes(
    bands: Sequence[Band], scales: Sequence[float], top: Mapping[tuple[int, str], float]
) -> list[dict[str, Any]]:
    """Return the points of each band: a smooth step from one node's edge to the other's."""
    used_from, used_to = dict(top), dict(top)
    rows: list[dict[str, Any]] = []
    for number, band in enumerate(bands):
        start, end = (band.column, band.origin), (band.column + 1, band.destination)
        tall = band.size * scales[band.column]
        first, last = used_from[start], used_to[end]
        used_from[start] -= tall
        used_to[end] -= tall
        left, right = band.column + NODE / 2, band.column + 1 - NODE / 2
        for step in range(STEPS + 1):
            share = step / STEPS
            smooth = share * share * (3.0 - 2.0 * share)
            high = first + (last - first) * smooth
            rows.append(
                {
                    "band": number,
                    "x": round(left + (right - left) * share, 5),
                    "y": round(high - tall, 6),
                    "y2": round(high, 6),
                    "group": band.group,
                }
            )
    return rows
