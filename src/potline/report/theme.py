"""One look for every figure: white ground, colours told apart without colour vision, a unit on every axis.

Colours are those of Okabe and Ito (2008, "Color Universal Design"), which stay apart under the common forms of colour
blindness and in grey print. Text is laid out in Liberation Sans, which the renderer holds in memory, and set in the
narrower fonts beside this file (laying it out in them takes three times as long), so a picture looks the same on a
machine without fonts.
"""

from __future__ import annotations

__all__ = [
    "ACCENT",
    "CATEGORIES",
    "FALL",
    "FONT",
    "GREY",
    "INK",
    "MEASURED",
    "RISE",
    "TOTAL",
    "UNKNOWN",
    "axis_line",
    "axis_start",
    "axis_title",
    "called_others",
    "category_colours",
    "chart_config",
    "cut_mark",
    "diverging",
    "grouped_names",
    "ink_on",
    "outlined",
]

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from potline.report.saying import say
from potline.report.words import headed, set_text

MEASURED = "Liberation Sans"
FONT = (
    "Potline Sans, Liberation Sans, Arial, Helvetica, Potline Han, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, "
    "sans-serif"
)
INK = "#1d2733"
SOFT = "#5b6673"
GRID = "#e4e8ec"
GREY = "#b4bcc5"
UNKNOWN = "#f3ead3"
"""Behind what no number is known for."""
ACCENT = "#0b3d5c"
RISE = "#d55e00"
FALL = "#009e73"
TOTAL = "#0b3d5c"
CATEGORIES = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442")

_NEGATIVE = ((0.55, (179, 62, 0)), (0.25, (232, 135, 70)), (0.0, (247, 244, 240)))
_POSITIVE = ((0.0, (247, 244, 240)), (0.25, (104, 171, 214)), (0.55, (0, 84, 140)))

_MOST_OUTLINED = 150
"""Bars side by side above which white lines between them would eat them."""


def outlined(bars: int) -> bool:
    """Whether white lines part so many bars of one figure.

    Examples:
        >>> outlined(65), outlined(913)
        (True, False)
    """
    return bars <= _MOST_OUTLINED


def chart_config() -> dict[str, Any]:
    """Return the Vega-Lite configuration shared by all figures."""
    return {
        "aria": False,
        "background": "white",
        "font": MEASURED,
        "padding": 8,
        "view": {"stroke": None},
        "title": {"anchor": "start", "fontSize": 15.5, "color": INK, "subtitleColor": SOFT, "subtitleFontSize": 12.5,
                  "offset": 10, "subtitlePadding": 4},
        "axis": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12.5,
                 "titleFontWeight": "normal", "gridColor": GRID, "domainColor": "#8b95a1", "tickColor": "#8b95a1",
                 "titlePadding": 8, "labelFlush": False},
        "axisBand": {"grid": False},
        "legend": {"orient": "top", "direction": "horizontal", "labelColor": INK, "titleColor": INK,
                   "labelFontSize": 12, "titleFontSize": 12.5, "titleFontWeight": "normal", "symbolType": "square",
                   "symbolSize": 110, "columnPadding": 14, "titleOrient": "left",
                   "offset": 6},
        "header": {"labelColor": INK, "labelFontSize": 12.5, "labelFontWeight": "bold", "titleColor": INK},
        "range": {"category": list(CATEGORIES)},
        "text": {"color": INK, "fontSize": 12},
    }  # fmt: skip


def grouped_names(
    sizes: Mapping[str, float], most: int = len(CATEGORIES), first: Mapping[str, float] | None = None
) -> tuple[str, ...]:
    """Return the names that get a colour of their own, largest first; the rest are ``others``.

    The three largest of ``first`` (where above 0) have a colour in any case: what the figure is about.

    Examples:
        >>> grouped_names({"Henan": 4.0, "Gansu": 1.0, "Shandong": 5.0}, most=2)
        ('Shandong', 'Henan')
        >>> grouped_names({"Henan": 4.0, "Gansu": 1.0, "Shandong": 5.0}, most=2, first={"Gansu": 1.0})
        ('Shandong', 'Gansu')
    """
    meant = first or {}
    sure = [name for name in sorted(meant, key=lambda name: (-meant[name], name)) if meant[name] > 0.0][:3]
    ordered = sorted(sizes, key=lambda name: (-sizes[name], name))
    kept = set([*sure, *(name for name in ordered if name not in sure)][:most])
    return tuple(name for name in ordered if name in kept)


def called_others() -> str:
    """Return what groups without a colour of their own are called together."""
    return say("page.others")


def category_colours(names: Sequence[str], *, others: bool) -> tuple[list[str], list[str]]:
    """Return the domain and range of a colour scale for at most seven names and the rest.

    Examples:
        >>> category_colours(["Henan"], others=True)
        (['Henan', 'others'], ['#0072b2', '#b4bcc5'])
    """
    domain = list(names)
    colours = [CATEGORIES[place % len(CATEGORIES)] for place in range(len(domain))]
    return ([*domain, called_others()], [*colours, GREY]) if others else (domain, colours)


def axis_start(lowest: float, highest: float, *, gap: float = 0.12) -> float:
    """Return a round start of an axis a little below the lowest value; 0 where that is near anyway.

    Examples:
        >>> axis_start(10950.0, 16400.0), axis_start(300.0, 2100.0)
        (10000.0, 0.0)
    """
    if lowest <= 0.0 or lowest < 0.35 * highest:
        return 0.0
    step = 10.0 ** math.floor(math.log10(max(highest - lowest, 1e-9)))
    return min(lowest, max(0.0, math.floor((lowest - gap * (highest - lowest)) / step) * step))


def axis_title(text: str, unit: str, *, starts_at: float = 0.0) -> list[str]:
    """Return the lines of an axis title with its unit, marked where the axis does not start at 0.

    Examples:
        >>> axis_title("Net cash cost", "CNY/t"), axis_title("Net cash cost", "CNY/t", starts_at=9000.0)
        (['Net cash cost, CNY/t'], ['Net cash cost, CNY/t', '(axis starts at 9,000)'])
    """
    return [headed(text, unit)] + ([say("page.axis_starts_at", start=starts_at)] if starts_at else [])


def axis_line(text: str, unit: str, *, starts_at: float = 0.0) -> str:
    """Return the title of an axis in one line."""
    return set_text(" ".join(axis_title(text, unit, starts_at=starts_at)))


def cut_mark(values: Sequence[float]) -> str:
    """Return the words that mark an axis fitted to values that all lie on one side of 0; none where 0 is on it.

    Examples:
        >>> cut_mark([-647.0, -287.0]), cut_mark([-5.0, 13.0])
        (' (axis does not reach 0)', '')
    """
    found = [value for value in values if math.isfinite(value)]
    return " " + say("page.axis_not_from_0") if found and (min(found) > 0.0 or max(found) < 0.0) else ""


def diverging(value: float, reach: float) -> str:
    """Return a colour between orange (below 0) and blue (above 0) for a value within ``-reach..reach``.

    Depth goes with the square root of the value, so that the sign of a small one can be seen.

    Examples:
        >>> diverging(0.0, 10.0), diverging(-10.0, 10.0), diverging(10.0, 10.0)
        ('#f7f4f0', '#b33e00', '#00548c')
    """
    if math.isnan(value) or reach <= 0.0:
        return "#f7f4f0"
    share = max(-1.0, min(1.0, value / reach))
    stops = _POSITIVE if share >= 0.0 else tuple(reversed(_NEGATIVE))
    place = math.sqrt(abs(share)) * 0.55
    for (low, start), (high, end) in pairwise(stops):
        if place <= high:
            weight = (place - low) / (high - low)
            mixed = (round(a + weight * (b - a)) for a, b in zip(start, end, strict=True))
            return "#" + "".join(f"{part:02x}" for part in mixed)
    return "#" + "".join(f"{part:02x}" for part in stops[-1][1])


def ink_on(colour: str) -> str:
    """Return white or dark ink, whichever reads better on a colour.

    Examples:
        >>> ink_on("#00548c"), ink_on("#f7f4f0")
        ('#ffffff', '#1d2733')
    """
    channels = [int(colour[place : place + 2], 16) / 255.0 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.0685 else INK
