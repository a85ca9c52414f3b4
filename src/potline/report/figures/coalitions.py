"""The map of coalitions: every group by its size and margin, and the owners it hangs on."""

from __future__ import annotations

__all__ = ["coalition_figure"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from potline.report.chart import Chart, beside, channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.saying import say
from potline.report.theme import CATEGORIES, GREY, INK, axis_title, cut_mark

if TYPE_CHECKING:
    from potline.agreement import MeetingResult, Pivot

_MOST = 120
_WIDTH = 290
_WITH, _WITHOUT = CATEGORIES[0], CATEGORIES[1]


def coalition_figure(meeting: MeetingResult, *, source: str) -> Figure | None:
    """Draw the margin of every group by its size and, owner by owner, the best margin with and without it."""
    table, currency = meeting.coalitions, meeting.industry.currency
    there = ~np.isnan(table.margin_m_per_year)
    if not there.any():
        return None
    best = int(np.nanargmax(table.margin_m_per_year))
    pivots = table.pivots if table.complete else ()
    panels = [_groups(meeting, best, pivots), *([_pivot_chart(pivots, currency)] if pivots else [])]
    which = say("meeting.can_reach") if table.complete else say("meeting.that_can_reach")
    holding = int((table.margin_m_per_year >= 0.0).sum())
    sentence = say(
        "meeting.of_the_owners_present_of",
        size=int(there.sum()),
        which=which,
        least_cut_kt=meeting.least_cut_kt,
        more="" if table.complete else " " + say("meeting.are_shown_of_many_more"),
        holding=holding,
        count=holding,
        best_one=say("meeting.the_best_is") if holding else say("meeting.the_one_that_comes_nearest"),
        names=table.names(best),
        currency=currency,
        margin_m_per_year=float(table.margin_m_per_year[best]),
        pivot_words=_pivot_words(pivots),
    ).strip()
    return figure(
        beside(*panels, spacing=26, colours_apart=True),
        name="coalitions",
        title=say("meeting.every_group_that_could_cut") if pivots else say("meeting.groups_that_could_cut"),
        subtitle=say("meeting.left_one_mark_a_group", owner=pivots[0].owner)
        if pivots
        else say("meeting.one_mark_a_group_those"),
        sentence=sentence,
        source=source,
        units=say("meeting.m_a_year", currency=currency),
        width=None,
        height=None,
    )


def _groups(meeting: MeetingResult, best: int, pivots: Sequence[Pivot]) -> Chart:
    table, currency = meeting.coalitions, meeting.industry.currency
    first = pivots[0].owner if pivots else table.owners[0]
    seat = table.owners.index(first)
    kinds = [say("meeting.with", first=first), say("meeting.without", first=first)]
    rows = [
        {
            "size": int(table.size[k]),
            "margin": float(table.margin_m_per_year[k]),
            "kind": kinds[0] if int(table.mask[k]) >> seat & 1 else kinds[1],
        }
        for k in _shown(table.size, table.margin_m_per_year)
    ]
    x_axis = channel(
        "size:O",
        title=say("meeting.owners_in_the_group"),
        axis={"labelAngle": 0, "grid": False},
        sort=sorted({int(size) for size in table.size}),
    )
    y_axis = channel(
        "margin:Q",
        title=axis_title(say("meeting.margin_of_the_group"), say("meeting.m_a_year", currency=currency)),
        scale={"padding": 10},
    )
    colour = channel(
        "kind:N",
        scale={"domain": kinds, "range": [_WITH, "#9aa5b1"]},
        legend={"title": None, "symbolType": "square"},
    )
    sizes = np.unique(table.size).size
    zero = chart([{"zero": 0.0}]).mark("rule", color=INK, strokeWidth=1.2).encode(y="zero:Q")
    points = (
        chart(rows)
        .mark("tick", thickness=2, size=min(26.0, 0.8 * _WIDTH / sizes), opacity=0.8)
        .encode(x=x_axis, y=y_axis, color=colour)
    )
    mark = chart(
        [
            {
                "size": int(table.size[best]),
                "margin": float(table.margin_m_per_year[best]),
                "text": say("meeting.best" if meeting.verdict == "agreement" else "meeting.nearest"),
            }
        ]
    )
    ring = mark.mark("point", size=110, filled=True, color=CATEGORIES[3], opacity=1).encode(x=x_axis, y=y_axis)
    words = mark.mark("text", dx=16, align="left", fontWeight="bold").encode(x=x_axis, y=y_axis, text="text:N")
    return layered(zero, points, ring, words).sized(width=_WIDTH, height=230)


def _pivot_words(pivots: Sequence[Pivot]) -> str:
    """Say on whom it hangs: who decides the verdict; else whose absence costs most, and who is better left out."""
    if not pivots:
        return ""
    needed = [pivot.owner for pivot in pivots if math.isnan(pivot.without_m_per_year)]
    if needed:
        return say("meeting.without_no_group_reaches_the", needed=needed)
    deciding = [pivot.owner for pivot in pivots if pivot.decides]
    first = pivots[0]
    words = say("meeting.pivotal_since_no_group_agrees", deciding=deciding) if deciding else ""
    if not deciding and first.with_m_per_year > first.without_m_per_year:
        words = say(
            "meeting.it_hangs_most_on_without",
            owner=first.owner,
            without_m_per_year=first.without_m_per_year,
            with_m_per_year=first.with_m_per_year,
        )
    burden = [pivot.owner for pivot in pivots if pivot.with_m_per_year < pivot.without_m_per_year]
    if burden:
        words += " " + say("meeting.groups_do_better_without", burden=burden)
    return words.strip()


def _shown(size: Any, margin: Any) -> list[int]:
    """Return the rows drawn: all, or the best of each size and an even sample of the rest."""
    kept: list[int] = []
    for count in sorted({int(value) for value in size}):
        here = np.flatnonzero((size == count) & ~np.isnan(margin))
        here = here[np.argsort(-margin[here], kind="stable")]
        if here.size > _MOST:
            here = here[np.unique(np.linspace(0, here.size - 1, _MOST).round().astype(int))]
        kept.extend(int(row) for row in here)
    return kept


def _pivot_chart(pivots: Sequence[Pivot], currency: str) -> Chart:
    order = [pivot.owner for pivot in pivots]
    values: list[dict[str, Any]] = [
        {"owner": pivot.owner, "best": value, "kind": kind}
        for pivot in pivots
        for kind, value in (
            (say("meeting.with_it"), pivot.with_m_per_year),
            (say("meeting.without_it"), pivot.without_m_per_year),
        )
        if not math.isnan(value)
    ]
    spans = [
        {
            "owner": pivot.owner,
            "low": min(pivot.with_m_per_year, pivot.without_m_per_year),
            "high": max(pivot.with_m_per_year, pivot.without_m_per_year),
        }
        for pivot in pivots
        if not math.isnan(pivot.with_m_per_year + pivot.without_m_per_year)
    ]
    y_axis = channel("owner:N", sort=order, title=None, axis={"labelLimit": 150, "ticks": False, "domain": False})
    mark = cut_mark([row["best"] for row in values]).strip()
    x_axis = channel(
        "best:Q",
        title=[say("meeting.best_margin_m_a_year", currency=currency), *([mark] if mark else [])],
        scale={"zero": False, "padding": 12},
        axis={"tickCount": 4},
    )
    colour = channel(
        "kind:N",
        scale={"domain": [say("meeting.with_it"), say("meeting.without_it")], "range": [_WITH, _WITHOUT]},
        legend={"title": None, "orient": "top", "symbolType": "circle"},
    )
    layers: list[Chart] = []
    if spans:
        layers.append(
            chart(spans)
            .mark("rule", color=GREY, strokeWidth=3)
            .encode(x=channel("low:Q", scale={"zero": False, "padding": 12}), x2="high:Q", y=y_axis)
        )
    layers.append(chart(values).mark("point", filled=True, size=85, opacity=1).encode(x=x_axis, y=y_axis, color=colour))
    return layered(*layers).sized(width=190, height=205)
