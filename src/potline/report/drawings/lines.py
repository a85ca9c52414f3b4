"""Lines over an axis, with bands behind them, bars beside them and levels across."""

from __future__ import annotations

__all__ = ["Line", "band_rows", "lines"]

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.saying import say
from potline.report.theme import GREY, INK, UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line: its name, its points, whether points are marked, and whether it is dashed.

    Examples:
        >>> Line(name="model", points=((0.0, 1.0), (1.0, 2.0))).dashed
        False
    """

    name: str
    points: tuple[tuple[float | str, float], ...]
    colour: str = INK
    marked: bool = False
    dashed: bool = False
    step: bool = False
    points_only: bool = False


def band_rows(xs: Sequence[float | str], lows: Sequence[float], highs: Sequence[float]) -> list[dict[str, Any]]:
    """Return rows of a band between two lines."""
    return [{"x": x, "low": low, "high": high} for x, low, high in zip(xs, lows, highs, strict=True)]


def lines(
    items: Sequence[Line],
    *,
    x_title: str,
    y_title: Sequence[str],
    y_domain: tuple[float, float] | None = None,
    band: Sequence[Mapping[str, Any]] = (),
    bars: Sequence[tuple[float | str, float]] = (),
    bars_name: str = "",
    band_name: str = "",
    gaps: Sequence[str] = (),
    gaps_name: str = "",
    months: bool = False,
    zero_rule: bool = False,
    upright: Sequence[tuple[float, str]] = (),
    width: int = 700,
    height: int = 260,
    x_domain: tuple[float, float] | None = None,
) -> Chart:
    """Draw lines; ``months`` reads x as YYYY-MM, ``bars`` and ``band`` stand behind and join the legend.

    ``gaps`` are months without a number: shaded over the whole height, so that none is read as 0.
    """
    colour = _colour(items, [(bars_name, GREY), (band_name, "#cfe3f1"), (gaps_name if gaps else "", UNKNOWN)])
    x_scale: dict[str, Any] = {"zero": False, "nice": False}
    if x_domain:
        x_scale = {"zero": False, "nice": False, "domain": list(x_domain)}
    if months:
        x_axis = channel(
            "x:T",
            title=x_title,
            scale={"padding": 16} if bars else {},
            axis={"format": say("numbers.month_on_an_axis"), "grid": False, "labelOverlap": True},
        )
    else:
        x_axis = channel("x:Q", title=x_title, axis={"grid": False, "tickCount": 9}, scale=x_scale)
    y_scale = {"domain": list(y_domain), "nice": False} if y_domain else {"zero": True}
    y_axis = channel("y:Q", title=list(y_title), scale=y_scale)
    slots = len({x for x, _ in bars} | {x for line in items for x, _ in line.points}) or 1
    layers: list[Chart] = []
    y_title = list(y_title)
    if gaps:
        rows = [{"x": f"{month}-01T00:00:00", "end": f"{_after(month)}-01T00:00:00", "name": gaps_name}
                for month in gaps]  # fmt: skip
        layers.append(chart(rows).mark("rect").encode(x=x_axis, x2="end:T", color=colour))
    if band:
        rows = [{**row, "x": _date(row["x"], months), "name": band_name} for row in band]
        fill: dict[str, Any] = {"color": colour} if band_name else {"color": {"value": "#cfe3f1"}}
        layers.append(
            chart(rows).mark("area", opacity=0.9).encode(x=x_axis, y=channel("low:Q", title=y_title, scale=y_scale),
                                                      y2="high:Q", **fill)
        )  # fmt: skip
    if bars:
        rows = [{"x": _date(x, months), "y": y, "name": bars_name} for x, y in bars]
        layers.append(chart(rows).mark("bar", width=max(3, int(0.62 * width / slots))).encode(
            x=x_axis, y=y_axis, color=colour))  # fmt: skip
    if zero_rule:
        layers.append(chart([{"zero": 0.0}]).mark("rule", color=INK, strokeWidth=1.2).encode(y="zero:Q"))
    for at, label in upright:
        layers += _upright(at, label, x_scale)
    layers += [_drawn(line, months, x_axis, y_axis, colour) for line in items]
    return layered(*layers).sized(width=width, height=height)


def _colour(items: Sequence[Line], behind: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return colours by name, with a legend where there are two names or more; ``behind`` as pairs (name, colour)."""
    also = [(name, shade) for name, shade in behind if name]
    names = [line.name for line in items] + [name for name, _ in also]
    colours = [line.colour for line in items] + [shade for _, shade in also]
    legend = (
        {"title": None, "columns": 3, "labelLimit": 280, "symbolType": "stroke", "symbolStrokeWidth": 4}
        if len(names) > 1
        else None
    )
    return channel("name:N", scale={"domain": names, "range": colours}, legend=legend)


def _upright(at: float, label: str, x_scale: Mapping[str, Any]) -> list[Chart]:
    mark = chart([{"at": at, "text": label}])
    place = channel("at:Q", scale=x_scale)
    return [
        mark.mark("rule", color=INK, strokeDash=[3, 3]).encode(x=place),
        mark.mark("text", align="left", dx=5, fontSize=12).encode(x=place, y={"value": 8}, text="text:N"),
    ]


def _drawn(
    line: Line, months: bool, x_axis: Mapping[str, Any], y_axis: Mapping[str, Any], colour: Mapping[str, Any]
) -> Chart:
    rows = [{"x": _date(x, months), "y": y, "name": line.name} for x, y in line.points]
    if line.points_only:
        dots = chart(rows).mark("point", size=60, filled=not line.dashed, opacity=1, strokeWidth=1.8)
        return dots.encode(x=x_axis, y=y_axis, color=colour)
    style: dict[str, Any] = {"strokeWidth": 2.2, "point": {"size": 38, "filled": True} if line.marked else False}
    if line.dashed:
        style["strokeDash"] = [5, 3]
    if line.step:
        style["interpolate"] = "step-after"
    return chart(rows).mark("line", **style).encode(x=x_axis, y=y_axis, color=colour)


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _date(x: Any, months: bool) -> Any:
    return f"{x}-15T00:00:00" if months else x
