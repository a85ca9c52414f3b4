"""A waterfall that runs downwards, one or more panels side by side with the same rows."""

from __future__ import annotations

__all__ = ["ladder"]

import math
from collections.abc import Mapping, Sequence
from typing import Any

from potline.report.chart import Chart, beside, channel, chart, layered
from potline.report.drawings.waterfall import Step
from potline.report.theme import FALL, INK, RISE, TOTAL
from potline.report.words import amount, signed


def ladder(
    panels: Mapping[str, Sequence[Step]],
    *,
    x_title: str,
    rising_is_good: bool = True,
    width: int = 255,
    row_height: int = 27,
    label_limit: int = 190,
) -> Chart:
    """Draw the steps of each panel from top to bottom; all panels have the same rows and the same axis."""
    order = [step.label for step in next(iter(panels.values()))]
    drawn = {name: _bars(steps, rising_is_good) for name, steps in panels.items()}
    ends = [float(bar[key]) for bars in drawn.values() for bar in bars for key in ("left", "right")]
    reach = max(max(ends, default=1.0) - min(ends, default=0.0), 1e-9)
    longest = 7 * max((len(bar["text"]) for bars in drawn.values() for bar in bars), default=0) + 10
    room = max(0.2, longest / max(width - 2 * longest, 1)) * reach
    domain = [min([0.0, *ends]) - room, max([0.0, *ends]) + room]
    charts: list[Chart] = []
    for place, (name, bars) in enumerate(drawn.items()):
        labels = {"labelLimit": label_limit, "ticks": False, "domain": False, "labels": place == 0, "grid": False}
        y_axis = channel("label:N", sort=order, title=None, axis=labels, scale={"paddingInner": 0.3})
        x_axis = channel("low:Q", title=x_title, scale={"domain": domain, "nice": False}, axis={"tickCount": 5})
        base = chart(bars)
        drawing = layered(
            base.mark("bar").encode(x=x_axis, x2="high:Q", y=y_axis, color=channel("colour:N", scale=None)),
            chart([{"zero": 0.0}]).mark("rule", color=INK, strokeWidth=1.2).encode(x="zero:Q"),
            *_spread(bars, y_axis),
            *_halo(base, y_axis),
            base.where("datum.side > 0")
            .mark("text", align="left", dx=5, fontSize=12)
            .encode(x="right:Q", y=y_axis, text="text:N"),
            base.where("datum.side < 0")
            .mark("text", align="right", dx=-5, fontSize=12)
            .encode(x="left:Q", y=y_axis, text="text:N"),
        )
        charts.append(
            drawing.sized(
                width=width,
                height=row_height * len(order),
                title={"text": name, "fontSize": 13, "anchor": "start", "fontWeight": "bold", "offset": 4},
            )
        )
    return beside(*charts, spacing=18)


def _spread(bars: Sequence[Mapping[str, Any]], y_axis: Mapping[str, Any]) -> list[Chart]:
    """Return a thin line over each bar whose spread is known."""
    known = [bar for bar in bars if bar["spread_low"] is not None]
    if not known:
        return []
    base = chart(known)
    span = base.mark("rule", color=INK, strokeWidth=1.4).encode(x="spread_low:Q", x2="spread_high:Q", y=y_axis)
    ends = [
        base.mark("tick", color=INK, thickness=1.4, size=9).encode(x=f"spread_{end}:Q", y=y_axis)
        for end in ("low", "high")
    ]
    return [span, *ends]


def _halo(base: Chart, y_axis: Mapping[str, Any]) -> list[Chart]:
    """Return the labels in white with a white outline, drawn below them so that no axis runs through a number."""
    white: dict[str, Any] = {"fontSize": 12, "color": "white", "stroke": "white", "strokeWidth": 4}
    return [
        base.where("datum.side > 0")
        .mark("text", align="left", dx=5, **white)
        .encode(x="right:Q", y=y_axis, text="text:N"),
        base.where("datum.side < 0")
        .mark("text", align="right", dx=-5, **white)
        .encode(x="left:Q", y=y_axis, text="text:N"),
    ]


def _bars(steps: Sequence[Step], rising_is_good: bool) -> list[dict[str, Any]]:
    bars: list[dict[str, Any]] = []
    now = 0.0
    for step in steps:
        value = 0.0 if math.isnan(step.value) else step.value
        start, end = (0.0, value) if step.total else (now, now + value)
        now = end
        good = (value >= 0.0) == rising_is_good
        words = amount(step.value) if step.total else signed(step.value)
        spread = not math.isnan(step.low + step.high)
        reached = [start, end, *((start + step.low, start + step.high) if spread else ())]
        bars.append(
            {
                "label": step.label,
                "low": start,
                "high": end,
                "left": min(reached),
                "right": max(reached),
                "spread_low": start + step.low if spread else None,
                "spread_high": start + step.high if spread else None,
                "side": 1 if end >= start else -1,
                "colour": TOTAL if step.total else (FALL if good else RISE),
                "text": words,
            }
        )
    return bars
