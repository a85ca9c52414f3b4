"""Tiles: a table whose cells are coloured by sign and size, and a map of one square a province."""

from __future__ import annotations

__all__ = ["TileCell", "province_map", "tile_table"]

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.places import tiles_for
from potline.report.theme import diverging, ink_on

_FITS, _WIDEST, _ACROSS, _TALLEST = 12, 150, 720, 64
"""Letters that a square holds; its largest width; the width of a page; its largest height, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileCell:
    """A cell: its row, its column, the value that colours it and the words in it (lines split by ``|``).

    Examples:
        >>> TileCell(row="keep", column="voluntary", value=-312.0, text="−312").value
        -312.0
    """

    row: str
    column: str
    value: float
    text: str


def tile_table(
    cells: Sequence[TileCell],
    *,
    reach: float | None = None,
    cell_width: int = 150,
    cell_height: int = 38,
    row_labels: bool = True,
) -> Chart:
    """Draw a table of tiles, rows and columns in the order given: orange below 0, blue above."""
    rows = list(dict.fromkeys(cell.row for cell in cells))
    columns = list(dict.fromkeys(cell.column for cell in cells))
    finite = [abs(cell.value) for cell in cells if math.isfinite(cell.value)]
    most = reach if reach is not None else max(finite, default=1.0)
    values: list[dict[str, Any]] = []
    for cell in cells:
        colour = diverging(cell.value, most)
        values.append(
            {"row": cell.row, "column": cell.column, "text": cell.text, "colour": colour, "ink": ink_on(colour)}
        )
    x_axis = channel(
        "column:N",
        sort=columns,
        title=None,
        scale={"paddingInner": 0.03, "paddingOuter": 0.0},
        axis={
            "orient": "top",
            "labelAngle": 0,
            "ticks": False,
            "domain": False,
            "labelLimit": cell_width,
            "labelExpr": "split(datum.label, '|')",
        },
    )
    y_axis = channel(
        "row:N",
        sort=rows,
        title=None,
        scale={"paddingInner": 0.06, "paddingOuter": 0.0},
        axis={
            "ticks": False,
            "domain": False,
            "labels": row_labels,
            "labelLimit": 260,
            "labelExpr": "split(datum.label, '|')",
            "labelLineHeight": 13,
            "labelOffset": -6 if any("|" in row for row in rows) else 0,
        },
    )
    base = chart(values)
    tile = base.mark("rect", cornerRadius=3).encode(x=x_axis, y=y_axis, color=channel("colour:N", scale=None))
    text = base.mark("text", fontSize=12, lineBreak="|").encode(
        x=x_axis, y=y_axis, text="text:N", color=channel("ink:N", scale=None)
    )
    return layered(tile, text).sized(width=cell_width * len(columns), height=cell_height * len(rows))


def province_map(
    values: Mapping[str, float], texts: Mapping[str, str], *, reach: float | None = None, side: int = 82
) -> Chart:
    """Draw one square a province, coloured by its value; names the map does not know stand in a row below."""
    longest = max(map(len, values))
    if longest > _FITS and not any(tile.known for tile in tiles_for(values)):
        side = min(_WIDEST, side + 8 * (longest - _FITS))
    tiles = tiles_for(values, wide=min(6, _ACROSS // side))
    finite = [abs(value) for value in values.values() if math.isfinite(value)]
    most = reach if reach is not None else max(finite, default=1.0)
    rows: list[dict[str, Any]] = []
    for tile in tiles:
        colour = diverging(values[tile.name], most)
        rows.append(
            {
                "x": float(tile.column),
                "x2": tile.column + 0.95,
                "middle": tile.column + 0.475,
                "y": -float(tile.row),
                "y2": -tile.row - 0.93,
                "high": -tile.row - 0.24,
                "low": -tile.row - 0.43,
                "name": tile.name,
                "text": texts[tile.name],
                "colour": colour,
                "ink": ink_on(colour),
            }
        )
    columns = max(tile.column for tile in tiles) + 1
    depth = max(tile.row for tile in tiles) + 1
    x_scale = {"domain": [0, columns], "nice": False}
    y_scale = {"domain": [-depth, 0], "nice": False, "zero": False}
    base = chart(rows)
    square = base.mark("rect", cornerRadius=5).encode(
        x=channel("x:Q", scale=x_scale, axis=None),
        x2="x2:Q",
        y=channel("y:Q", scale=y_scale, axis=None),
        y2="y2:Q",
        color=channel("colour:N", scale=None),
    )
    ink = channel("ink:N", scale=None)
    name = base.mark("text", fontSize=11.5, fontWeight="bold", limit=side + 10).encode(
        x="middle:Q", y="high:Q", text="name:N", color=ink
    )
    words = base.mark("text", fontSize=11.5, lineBreak="|", baseline="top").encode(
        x="middle:Q", y="low:Q", text="text:N", color=ink
    )
    return layered(square, name, words).sized(width=side * columns, height=min(int(side * 0.7), _TALLEST) * depth)
