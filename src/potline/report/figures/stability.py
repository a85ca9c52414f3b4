"""The stability map: where an agreement exists in the plane of two inputs."""

from __future__ import annotations

__all__ = ["cell_rows", "edges_of", "input_axis", "input_words", "is_inside", "map_figure", "spot_marks"]

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from potline.cases.inputs import NamedInput
from potline.report.chart import Chart, beside, channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.theme import INK, diverging
from potline.report.words import short, unit_words

if TYPE_CHECKING:
    from potline.agreement import BoundaryPoint, StabilityMap, TonnageMap

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
    both = say("inputs.and", first=first.first.name, second=first.second.name)
    said = [
        say("inputs.of_it_if", agreed_share=item.agreed_share, leaving_words=called("leaving", item.leaving))
        for item in maps
    ]
    sentence = say("inputs.in_the_plane_of_all", both=both, parts=said, line_words=_line_words(maps))
    return figure(
        drawing,
        name="stability_map",
        title=say("inputs.where_in_the_plane_of", both=both),
        subtitle=say(
            "inputs.deal_sharing_black_line_margin"
            if any(math.isnan(m) for item in maps for m in item.margin_m_per_year.ravel())
            else "inputs.deal_sharing_black_line_margin_2",
            institution=called("institution_short", first.institution).capitalize(),
            baseline_words=called("baseline", first.baseline),
            rule_words=called("rule", first.rule),
        ),
        sentence=sentence,
        source=source,
        units=say("inputs.x_y_colour_m_a", x_unit=first.first.unit, y_unit=first.second.unit, currency=currency),
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
        return say("inputs.times_the_case_s", name=item.name)
    unit = say("inputs.without_unit") if item.unit in ("", "1") else unit_words(item.unit)
    return say("inputs.input_added" if item.operation == "add" else "inputs.input", name=item.name, unit=unit)


def spot_marks(x: float, y: float, said: str, at: Mapping[str, Any], *, right: bool) -> list[Chart]:
    """Return the mark of the case itself with its words, to its right where there is room."""
    layers: list[Chart] = []
    spot = chart([{"x": x, "y": y, "text": said}])
    layers.append(
        spot.mark(
            "point", shape="cross", size=150, filled=True, color=INK, stroke="white", opacity=1, strokeWidth=1.5
        ).encode(**at)
    )
    words: dict[str, Any] = {
        "align": "left" if right else "right",
        "dx": 10 if right else -10,
        "dy": -11,
        "fontSize": 12,
        "fontWeight": "bold",
    }
    layers.append(spot.mark("text", **words, color="white", stroke="white", strokeWidth=4).encode(**at, text="text:N"))
    layers.append(spot.mark("text", **words).encode(**at, text="text:N"))
    return layers


def _panel(item: StabilityMap, reach: float, currency: str, width: int, *, labelled: bool) -> Chart:
    x_edges, y_edges = edges_of(item.first_values.tolist()), edges_of(item.second_values.tolist())
    rows = cell_rows("margin", item.margin_m_per_year.tolist(), x_edges, y_edges)
    places = [reach * step * abs(step) for step in (2.0 * k / (_SHADES - 1) - 1.0 for k in range(_SHADES))]
    scale = {"domain": places, "range": [diverging(place, reach) for place in places], "interpolate": "rgb"}
    legend = {
        "title": say("inputs.margin_m_a_year_orange", currency=currency),
        "orient": "bottom",
        "titleOrient": "top",
        "titleLimit": 420,
        "values": [-reach, -0.25 * reach, 0.0, 0.25 * reach, reach],
        "format": ",.0f",
    }
    x_axis = input_axis("x", item.first, x_edges, labelled=True)
    y_axis = input_axis("y", item.second, y_edges, labelled=labelled)
    at = {"x": x_axis, "y": y_axis}
    colour = channel("margin:Q", scale=scale, legend=legend if labelled else None)
    cells = (
        chart([row for row in rows if not math.isnan(row["margin"])])
        .mark("rect", strokeWidth=0.8)
        .encode(
            x=x_axis, x2="x2:Q", y=y_axis, y2="y2:Q", color=colour, stroke=channel("margin:Q", scale=scale, legend=None)
        )
    )
    layers: list[Chart] = []
    infeasible = [{**row, "margin": None} for row in rows if math.isnan(row["margin"])]
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
    if is_inside(item):
        words = say("inputs.the_case", base_m_per_year=item.base_m_per_year)
        right = item.first.base <= 0.5 * (x_edges[0] + x_edges[-1])
        layers += spot_marks(item.first.base, item.second.base, words, at, right=right)
    title = {
        "text": say("inputs.when_one_leaves", leaving_words=called("leaving", item.leaving)),
        "fontSize": 13,
        "anchor": "start",
        "frame": "group",
        "offset": 6,
    }
    return layered(*layers).sized(width=width, height=250, title=title)


def input_axis(field: str, item: NamedInput, edges: Sequence[float], *, labelled: bool) -> dict[str, Any]:
    """Return the axis of an input over the edges of cells, without its words where another panel has them."""
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
    cut = [say("inputs.axis_starts_at", edges=edges[0])] if edges[0] > 0.0 else []
    return channel(f"{field}:Q", title=[input_words(item), *cut], scale=scale, axis=axis)


def cell_rows(
    name: str, values: Sequence[Sequence[float]], x_edges: Sequence[float], y_edges: Sequence[float]
) -> list[dict[str, float]]:
    """Return the cells of a map, row by row: their edges, and the value there under ``name``."""
    return [
        {"x": x, "x2": x2, "y": y, "y2": y2, name: value}
        for (y, y2), row in zip(pairwise(y_edges), values, strict=True)
        for (x, x2), value in zip(pairwise(x_edges), row, strict=True)
    ]


def edges_of(values: Sequence[float]) -> list[float]:
    """Return the edges of cells about evenly spaced values, the first and last cut at the values."""
    return [values[0], *(0.5 * (a + b) for a, b in pairwise(values)), values[-1]]


def is_inside(item: StabilityMap | TonnageMap) -> bool:
    """Whether the case itself lies on the map; one that is nan does not."""
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
        return " " + say(
            "inputs.if_it_takes_where_is",
            leaving_words=called("leaving", item.leaving),
            first=item.first.name,
            agreement=low.agreement,
            first_low=_valued(low.first, item.first),
            second=item.second.name,
            second_low=_valued(low.second, item.second),
            first_high=_valued(high.first, item.first),
            second_high=_valued(high.second, item.second),
        )
    return ""


def _valued(value: float, item: NamedInput) -> str:
    if item.operation == "multiply":
        return say("inputs.times_the_cases", value=value)
    words = short(value) if item.unit in ("", "1") else f"{short(value)} {unit_words(item.unit)}"
    return (
        say("inputs.from_the_cases" if value > 0.0 else "inputs.from_the_cases_2", amount=words)
        if item.operation == "add"
        else words
    )
