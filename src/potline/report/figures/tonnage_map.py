"""How large a cut would hold in the plane of two inputs."""

from __future__ import annotations

__all__ = ["tonnage_map_figure"]

from typing import TYPE_CHECKING

from potline.report.chart import channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.figures.stability import cell_rows, edges_of, input_axis, is_inside, spot_marks
from potline.report.saying import called, say
from potline.report.theme import diverging

if TYPE_CHECKING:
    from potline.agreement import TonnageMap

_SHADES = 21


def tonnage_map_figure(found: TonnageMap, *, source: str) -> Figure:
    """Draw K* at each point of the grid, the darker the larger; where nothing holds it is 0, the palest."""
    first, second = found.first, found.second
    x_edges, y_edges = edges_of(found.first_values.tolist()), edges_of(found.second_values.tolist())
    k_star = found.k_star_kt
    reach = max(float(k_star.max()), 1e-9)
    places = [reach * k / (_SHADES - 1) for k in range(_SHADES)]
    scale = {"domain": places, "range": [diverging(place, reach) for place in places], "interpolate": "rgb"}
    legend = {
        "title": say("inputs.largest_axis", cut_mark=""),
        "orient": "bottom",
        "titleOrient": "top",
        "format": ",.0f",
    }
    x_axis, y_axis = input_axis("x", first, x_edges, labelled=True), input_axis("y", second, y_edges, labelled=True)
    cells = (
        chart(cell_rows("largest", k_star.tolist(), x_edges, y_edges))
        .mark("rect", strokeWidth=0.8)
        .encode(
            x=x_axis,
            x2="x2:Q",
            y=y_axis,
            y2="y2:Q",
            color=channel("largest:Q", scale=scale, legend=legend),
            stroke=channel("largest:Q", scale=scale, legend=None),
        )
    )
    words = say("inputs.largest_the_case", base_kt=found.base_kt)
    right = first.base <= 0.5 * (x_edges[0] + x_edges[-1])
    marks = (
        spot_marks(first.base, second.base, words, {"x": x_axis, "y": y_axis}, right=right) if is_inside(found) else []
    )
    both = say("inputs.and", first=first.name, second=second.name)
    said = say("inputs.largest_in_the_plane", both=both, least=float(k_star.min()), most=float(k_star.max()))
    if found.none_share > 0.0:
        said += " " + say("inputs.largest_nothing", none_share=found.none_share)
    return figure(
        layered(cells, *marks).sized(width=520, height=250),
        name="tonnage_map",
        title=say("inputs.largest_where", both=both),
        subtitle=say(
            "inputs.largest_cross",
            institution=called("institution_short", found.institution).capitalize(),
            baseline_words=called("baseline", found.baseline),
            rule_words=called("rule", found.rule),
            leaving_words=called("leaving", found.leaving),
        ),
        sentence=said,
        source=source,
        units=say("inputs.largest_x_y", x_unit=first.unit, y_unit=second.unit),
        width=None,
        height=None,
    )
