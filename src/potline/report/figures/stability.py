"""The stability map: where an agreement exists in the plane of two inputs."""

from __future__ import annotations

__all__ = ["input_words", "map_figure"]

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from potline.cases.inputs import NamedInput
from potline.report.chart import Chart, beside, channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.figures.meeting import BASELINE_WORDS, INSTITUTION_WORDS, LEAVING_WORDS, RULE_WORDS
from potline.report.theme import INK, diverging
from potline.report.words import listing, percent, short, signed

if TYPE_CHECKING:
    from potline.agreement import BoundaryPoint, StabilityMap

_SHADES = 41
_EMPTY = "#c9ced4"
_RIM = 0.012


def map_figure(maps: Sequence[StabilityMap], *, currency: str, source: str) -> Figure:
    """Draw maps of the same two inputs side by side, one a way of leaving, with the line where the margin is 0."""
    first = maps[0]
    finite = [abs(float(m)) for item in maps for m in item.margin_m_per_year.ravel() if math.isfinite(m)]
    reach = max([*finite, 1e-9])
    width = 300 if len(maps) > 1 else 520
    panels = [_panel(item, reach, currency, width, labelled=place == 0) for place, item in enumerate(maps)]
    drawing = beside(*panels, spacing=4) if len(panels) > 1 else panels[0]
    both = f"{first.first.name} and {first.second.name}"
    said = [
        f"{percent(item.agreed_share)} of it if {LEAVING_WORDS[item.leaving]}" for item in maps
    ]  # fmt: skip
    sentence = (
        f"In the plane of {both}, all other inputs as in the case, an agreement exists in {listing(said)}."
        f"{_line_words(maps)}"
    )
    return figure(
        drawing,
        name="stability_map",
        title=f"Where in the plane of {both} does an agreement exist?",
        subtitle=f"{INSTITUTION_WORDS[first.institution].capitalize()} deal, {BASELINE_WORDS[first.baseline]}, sharing "
        f"{RULE_WORDS[first.rule]}; black line: margin 0; cross: the case"
        + (
            "; grey: nobody can make the cut"
            if any(math.isnan(m) for item in maps for m in item.margin_m_per_year.ravel())
            else ""
        ),
        sentence=sentence,
        source=source,
        units=f"x: {first.first.unit}; y: {first.second.unit}; colour: m {currency} a year",
        width=None,
        height=None,
    )


def input_words(item: NamedInput) -> str:
    """Name an input for an axis: its name, and the unit of its values or what they do.

    Examples:
        >>> input_words(NamedInput(name="coke price", path="", operation="multiply", unit="times", tax=1.0, low=0.9,
        ...                        high=1.1, base=1.0))
        'coke price, times the case’s'
    """
    if item.operation == "multiply":
        return f"{item.name}, times the case’s"
    unit = "without unit" if item.unit in ("", "1") else item.unit
    return f"{item.name}, {unit}{' added' if item.operation == 'add' else ''}"


def _panel(item: StabilityMap, reach: float, currency: str, width: int, *, labelled: bool) -> Chart:
    x_edges, y_edges = _edges(item.first_values.tolist()), _edges(item.second_values.tolist())
    rows = [
        {
            "x": x_edges[column],
            "x2": x_edges[column + 1],
            "y": y_edges[row],
            "y2": y_edges[row + 1],
            "margin": None if math.isnan(item.margin_m_per_year[row, column]) else float(
                item.margin_m_per_year[row, column]
            ),
        }
        for row in range(len(y_edges) - 1)
        for column in range(len(x_edges) - 1)
    ]  # fmt: skip
    places = [reach * step * abs(step) for step in (2.0 * k / (_SHADES - 1) - 1.0 for k in range(_SHADES))]
    scale = {"domain": places, "range": [diverging(place, reach) for place in places], "interpolate": "rgb"}
    legend = {
        "title": f"Margin, m {currency} a year (orange: no agreement, blue: agreement)",
        "orient": "bottom",
        "titleOrient": "top",
        "titleLimit": 420,
        "values": [-reach, -0.25 * reach, 0.0, 0.25 * reach, reach],
        "format": ",.0f",
    }
    x_axis = _axis("x", item.first, x_edges, labelled=True)
    y_axis = _axis("y", item.second, y_edges, labelled=labelled)
    at = {"x": x_axis, "y": y_axis}
    colour = channel("margin:Q", scale=scale, legend=legend if labelled else None)
    cells = chart([row for row in rows if row["margin"] is not None]).mark("rect", strokeWidth=0.8).encode(
        x=x_axis, x2="x2:Q", y=y_axis, y2="y2:Q", color=colour, stroke=channel("margin:Q", scale=scale, legend=None)
    )  # fmt: skip
    layers: list[Chart] = []
    infeasible = [row for row in rows if row["margin"] is None]
    if infeasible:
        layers.append(
            chart(infeasible).mark("rect", color=_EMPTY, stroke=_EMPTY).encode(x=x_axis, x2="x2:Q", y=y_axis, y2="y2:Q")
        )
    layers.append(cells)
    marks = _line_rows(item.boundary, item.second_values.tolist())
    if marks:
        base = chart(marks)
        for stroke, thick in (("white", 5.0), (INK, 2.2)):
            layers.append(base.mark("line", color=stroke, strokeWidth=thick).encode(**at, detail="part:N", order="y:Q"))
        layers.append(base.mark("point", color=INK, filled=True, size=16, opacity=1).encode(**at))
    if not (math.isnan(item.first.base) or math.isnan(item.second.base)) and _inside(item):
        spot = chart(
            [{"x": item.first.base, "y": item.second.base, "text": f"the case: {signed(item.base_m_per_year)}"}]
        )
        layers.append(spot.mark("point", shape="cross", size=150, filled=True, color=INK, stroke="white", opacity=1,
                                      strokeWidth=1.5).encode(**at))  # fmt: skip
        right = item.first.base <= 0.5 * (x_edges[0] + x_edges[-1])
        words: dict[str, Any] = {"align": "left" if right else "right", "dx": 10 if right else -10, "dy": -11,
                                 "fontSize": 12, "fontWeight": "bold"}  # fmt: skip
        layers.append(
            spot.mark("text", **words, color="white", stroke="white", strokeWidth=4).encode(**at, text="text:N")
        )
        layers.append(spot.mark("text", **words).encode(**at, text="text:N"))
    title = {
        "text": f"When one leaves, {LEAVING_WORDS[item.leaving]}",
        "fontSize": 13,
        "anchor": "start",
        "frame": "group",
        "offset": 6,
    }
    return layered(*layers).sized(width=width, height=250, title=title)


def _axis(field: str, item: NamedInput, edges: Sequence[float], *, labelled: bool) -> dict[str, Any]:
    rim = _RIM * (edges[-1] - edges[0])
    scale = {"domain": [edges[0] - rim, edges[-1] + rim], "zero": False, "nice": False}
    shown = 1.0 if labelled else 0.0
    axis = {
        "grid": False,
        "tickCount": 5,
        "labelOpacity": shown,
        "tickOpacity": shown,
        "titleOpacity": shown,
        "titleLimit": 320,
    }
    cut = [f"(axis starts at {short(edges[0])})"] if edges[0] > 0.0 else []
    return channel(f"{field}:Q", title=[input_words(item), *cut], scale=scale, axis=axis)


def _edges(values: Sequence[float]) -> list[float]:
    """Return the edges of cells about evenly spaced values, the first and last cut at the values."""
    return [values[0], *(0.5 * (a + b) for a, b in pairwise(values)), values[-1]]


def _inside(item: StabilityMap) -> bool:
    x, y = item.first_values, item.second_values
    return bool(x[0] <= item.first.base <= x[-1] and y[0] <= item.second.base <= y[-1])


def _line_rows(boundary: Sequence[BoundaryPoint], seconds: Sequence[float]) -> list[dict[str, Any]]:
    """Return the points of the line where agreement begins or ends, in parts without a gap from row to row."""
    by_row: dict[float, list[BoundaryPoint]] = {}
    for point in boundary:
        by_row.setdefault(point.second, []).append(point)
    rows: list[dict[str, Any]] = []
    part, before = 0, ""
    for second in seconds:
        here = by_row.get(second, [])
        kind = "|".join(point.agreement for point in here)
        part += kind != before
        before = kind
        rows.extend(
            {"x": point.first, "y": point.second, "part": f"{part} {place}"} for place, point in enumerate(here)
        )
    return rows


def _line_words(maps: Sequence[StabilityMap]) -> str:
    """Say where the line runs in the first map that has one, from its lowest to its highest row."""
    for item in maps:
        ends = [item.boundary[0], item.boundary[-1]] if item.boundary else []
        if not ends or any(sum(p.second == end.second for p in item.boundary) > 1 for end in ends):
            continue
        low, high = ends
        if low.agreement != high.agreement or low.second == high.second:
            continue
        return (
            f" If {LEAVING_WORDS[item.leaving]}, it takes {item.first.name} {low.agreement} "
            f"{_valued(low.first, item.first)} where {item.second.name} is {_valued(low.second, item.second)}, and "
            f"{low.agreement} {_valued(high.first, item.first)} where it is {_valued(high.second, item.second)}."
        )
    return ""


def _valued(value: float, item: NamedInput) -> str:
    if item.operation == "multiply":
        return f"{short(value)} times the case's"
    words = short(value) if item.unit in ("", "1") else f"{short(value)} {item.unit}"
    return f"{'+' if value > 0.0 else ''}{words} from the case's" if item.operation == "add" else words
