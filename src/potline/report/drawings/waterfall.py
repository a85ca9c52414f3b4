"""A waterfall: from a first total, step by step, to a last one."""

from __future__ import annotations

__all__ = ["Step", "waterfall"]

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from potline.report.chart import Chart, channel, chart, layered
from potline.report.theme import FALL, INK, RISE, TOTAL, axis_start, axis_title
from potline.report.words import amount, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One bar: a total that stands on the axis, or a change that hangs from the bar before.

    ``low`` and ``high`` span the change's own spread, where it is known.

    Examples:
        >>> Step(label="Gross cash cost", value=14900.0, total=True).value
        14900.0
    """

    label: str
    value: float
    total: bool = False
    low: float = math.nan
    high: float = math.nan


def waterfall(
    steps: Sequence[Step],
    *,
    title: str,
    unit: str,
    truncate: bool = True,
    rising_is_good: bool = False,
    width: int = 700,
    height: int = 280,
    level: tuple[float, str] | None = None,
    totals_follow: bool = True,
) -> Chart:
    """Draw steps from left to right; ``level`` is a dashed line with its label.

    ``totals_follow`` says that a total is where the steps before it lead; False lets it stand by itself.
    """
    bars = _bars(steps, rising_is_good=rising_is_good, totals_follow=totals_follow)
    tops = [float(bar["top"]) for bar in bars] + ([level[0]] if level else [])
    lows = [min(float(bar["low"]), float(bar["high"])) for bar, step in zip(bars, steps, strict=True) if not step.total]
    lows += [step.value for step in steps if step.total] + ([level[0]] if level else [])
    lowest, highest = min(lows), max([0.0, *tops])
    start = axis_start(lowest, highest, gap=0.35) if truncate and lowest > 0.0 else 0.0
    for bar in bars:
        if bar["low"] == 0.0 and steps[int(bar["place"])].total:
            bar["low"] = start
    reach = highest - min(start, lowest)
    domain = [start if start else min(0.0, lowest - 0.08 * reach), highest + 0.12 * reach]
    order = [step.label for step in steps]
    x_axis = channel(
        "label:N",
        sort=order,
        title=None,
        scale={"paddingInner": 0.25, "paddingOuter": 0.15},
        axis={
            "labelAngle": 0,
            "labelLimit": int(width / max(len(steps), 1)),
            "labelExpr": "split(datum.label, '|')",
            "ticks": False,
            "labelPadding": 6,
        },
    )
    y_axis = channel("low:Q", scale={"domain": domain, "nice": False}, title=axis_title(title, unit, starts_at=start))
    base = chart(bars)
    drawn = base.mark("bar").encode(x=x_axis, y=y_axis, y2="high:Q", color=channel("colour:N", scale=None))
    text = base.mark("text", dy=-7, fontWeight="bold").encode(x=x_axis, y="top:Q", text="text:N")
    layers = [drawn, text]
    if domain[0] < 0.0:
        layers.append(chart([{"zero": 0.0}]).mark("rule", color=INK).encode(y="zero:Q"))
    if level:
        words = chart([{"level": level[0], "text": level[1]}])
        layers.append(words.mark("rule", color=INK, strokeDash=[6, 3], strokeWidth=1.4).encode(y="level:Q"))
        layers.append(
            words.mark("text", align="right", dx=-4, dy=-7, fontWeight="bold").encode(
                x={"value": width}, y="level:Q", text="text:N"
            )
        )
    return layered(*layers).sized(width=width, height=height)


def _bars(steps: Sequence[Step], *, rising_is_good: bool, totals_follow: bool) -> list[dict[str, Any]]:
    bars: list[dict[str, Any]] = []
    height_now = 0.0
    for place, step in enumerate(steps):
        low, high = (0.0, step.value) if step.total else (height_now, height_now + step.value)
        height_now = step.value if step.total or not totals_follow else high
        colour = TOTAL if step.total else FALL if (step.value >= 0.0) == rising_is_good else RISE
        bars.append(
            {
                "place": place,
                "label": step.label,
                "low": low,
                "high": high,
                "top": max(low, high),
                "end": height_now,
                "colour": colour,
                "text": amount(step.value) if step.total else signed(step.value),
            }
        )
    return bars
