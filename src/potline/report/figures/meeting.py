"""The meeting: margins by institution, every coalition, the tonnage asked for, and the share of ranges that agree."""

from __future__ import annotations

__all__ = ["coalition_figure", "margins_figure", "sweep_figure"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from potline.report.drawings import Line, TileCell, lines, tile_table
from potline.report.figure import Figure, chart, figure, layered
from potline.report.theme import CATEGORIES, FALL, GREY, INK, axis_title, cut_mark
from potline.report.words import amount, counted, listing, money_m, quantity, signed, tonnes

if TYPE_CHECKING:
    from potline.agreement import MeetingResult

INSTITUTIONS = ("voluntary", "transfers", "unanimity")
INSTITUTION_WORDS = {"voluntary": "voluntary", "transfers": "with transfers", "unanimity": "all or none"}
LEAVING_WORDS = {"keep": "others keep their cut", "respread": "others take it over", "collapse": "the deal is off"}
BASELINE_WORDS = {"observed": "from what runs today", "nash": "from best cuts alone"}
RULE_WORDS = {"pro_rata": "pro rata to running capacity", "efficient": "dearest tonnes first", "stated": "stated cuts"}
RULE_HOW = {
    "pro_rata": "each in proportion to the capacity it runs",
    "efficient": "the dearest tonnes of all members first",
    "stated": "in the cuts the case states",
}
_MOST = 120


def margins_figure(meeting: MeetingResult, *, source: str) -> Figure:
    """Draw the margin by institution, baseline and leaving rule, one table of tiles a sharing rule."""
    import altair as alt

    currency = meeting.industry.currency
    rules = list(dict.fromkeys([meeting.rule, *(item.rule for item in meeting.margins)]))
    finite = [abs(item.margin_m_per_year) for item in meeting.margins if math.isfinite(item.margin_m_per_year)]
    reach = max(finite, default=1.0)
    parts: list[Any] = []
    width = 84 if len(rules) > 1 else 170
    for place, rule in enumerate(rules):
        cells = [
            TileCell(
                row=f"{BASELINE_WORDS[item.baseline]}:|{LEAVING_WORDS[item.leaving]}",
                column=INSTITUTION_WORDS[item.institution],
                value=item.margin_m_per_year,
                text="infeasible" if math.isnan(item.margin_m_per_year) else signed(item.margin_m_per_year),
            )
            for item in meeting.margins
            if item.rule == rule
        ]
        part = tile_table(cells, reach=reach, cell_width=width, cell_height=34, row_labels=place == 0)
        heading = alt.TitleParams(f"Sharing: {RULE_WORDS[rule]}", fontSize=13, anchor="start", frame="group", offset=22)
        parts.append(part.properties(title=heading))
    agreed = [item for item in meeting.margins if item.margin_m_per_year >= 0.0]
    every = counted(len(meeting.margins), "combination")
    if not agreed:
        sentence = f"None of {every} of sharing, institution, baseline and leaving rule gives an agreement. "
    else:
        sentence = f"{len(agreed)} of {every} of sharing, institution, baseline and leaving rule give an agreement. "
    head = meeting.margin()
    sentence += (
        "The headline (voluntary, from what runs today, others keep their cut) is infeasible."
        if math.isnan(head.margin_m_per_year)
        else f"The headline (voluntary, from what runs today, others keep their cut) stands at "
        f"{money_m(head.margin_m_per_year, currency)} a year."
    )
    return figure(
        alt.hconcat(*parts, spacing=14),
        name="margins",
        title="Is there an agreement? The margin under every set of rules",
        subtitle=f"Best group's worst test, m {currency} a year; 0 or more (blue): an agreement; first tile: the "
        "headline",
        sentence=sentence,
        source=source,
        units=f"m {currency} a year",
        width=None,
        height=None,
    )


def coalition_figure(meeting: MeetingResult, *, source: str) -> Figure | None:
    """Draw the margin of every group by its size and, owner by owner, the best margin with and without it."""
    import altair as alt

    table, currency = meeting.coalitions, meeting.industry.currency
    if table.mask.size == 0:
        return None
    best = int(np.argmax(table.margin_m_per_year))
    rows = [
        {
            "size": int(table.size[k]),
            "margin": float(table.margin_m_per_year[k]),
            "group": "holds" if table.margin_m_per_year[k] >= 0.0 else "breaks",
        }
        for k in _shown(table.size, table.margin_m_per_year)
    ]
    domain = ["holds", "breaks"]
    x_axis = alt.X(
        "size:O", title="Owners in the group", axis=alt.Axis(labelAngle=0, grid=False),
        sort=sorted({int(size) for size in table.size}),
    )  # fmt: skip
    y_axis = alt.Y(
        "margin:Q", title=axis_title("Margin of the group", f"m {currency} a year"), scale=alt.Scale(padding=10)
    )
    colour = alt.Color("group:N", scale=alt.Scale(domain=domain, range=[FALL, "#7b8794"]), legend=None)
    zero = chart([{"zero": 0.0}]).mark_rule(color=INK, strokeWidth=1.2).encode(y="zero:Q")
    points = chart(rows).mark_tick(thickness=2, size=26, opacity=0.75).encode(x=x_axis, y=y_axis, color=colour)
    mark = chart(
        [
            {
                "size": int(table.size[best]),
                "margin": float(table.margin_m_per_year[best]),
                "text": "best" if meeting.verdict == "agreement" else "nearest",
            }
        ]
    )
    ring = mark.mark_point(size=110, filled=True, color=CATEGORIES[3], opacity=1).encode(x=x_axis, y=y_axis)
    words = mark.mark_text(dx=10, align="left", fontWeight="bold").encode(x=x_axis, y=y_axis, text="text:N")
    left = layered(zero, points, ring, words).properties(width=290, height=230)
    pivot = _pivots(meeting) if table.complete else []
    panels = [left, _pivot_chart(pivot, currency)] if pivot else [left]
    missing = [name for name, _, without in pivot if math.isnan(without)]
    holding = int((table.margin_m_per_year >= 0.0).sum())
    which = "can reach" if table.complete else "that can reach"
    sentence = (
        f"{counted(int(table.mask.size), 'group')} of the owners present {which} {tonnes(meeting.least_cut_kt)}"
        f"{'' if table.complete else ' are shown, of many more'}; "
        f"{holding or 'none'} of them {'holds' if holding < 2 else 'hold'} together. "
        f"{'The best is' if holding else 'The one that comes nearest is'} {listing(table.names(best))}, at "
        f"{money_m(float(table.margin_m_per_year[best]), currency)} a year."
    )
    if missing:
        sentence += f" Without {listing(missing)} no group reaches the tonnage."
    return figure(
        alt.hconcat(*panels, spacing=26).resolve_scale(color="independent"),  # pyright: ignore[reportUnknownMemberType]
        name="coalitions",
        title="Every group that could cut, and who it hangs on" if pivot else "Groups that could cut",
        subtitle="Left: one mark a group. Right: best margin of groups with an owner and without it"
        if pivot
        else "One mark a group: those that decide, the same without a member, the best tried, and others drawn",
        sentence=sentence,
        source=source,
        units=f"m {currency} a year",
        width=None,
        height=None,
    )


def sweep_figure(meeting: MeetingResult, *, source: str) -> Figure | None:
    """Draw the margin against the tonnage asked for, by institution, in both baselines."""
    sweep, currency = meeting.sweep, meeting.industry.currency
    keep = sweep.leaving.index("keep")
    items: list[Line] = []
    colours = (CATEGORIES[0], CATEGORIES[2], CATEGORIES[5])
    for b, baseline in enumerate(("observed", "nash")):
        for k, institution in enumerate(sweep.institutions):
            points = tuple(
                (float(cut), float(value))
                for cut, value in zip(sweep.least_cut_kt, sweep.margin_m_per_year[b, :, keep, k], strict=True)
                if not math.isnan(value)
            )
            if points:
                items.append(
                    Line(
                        name=f"{INSTITUTION_WORDS[institution]}, {BASELINE_WORDS[baseline]}",
                        points=points,
                        colour=colours[k % 3] if baseline == "observed" else _pale(k),
                        marked=True,
                        dashed=baseline == "nash",
                    )
                )
    if not items:
        return None
    largest = dict(zip(sweep.institutions, sweep.largest_cut_kt, strict=True))
    holds = [
        f"{quantity(value, 'kt/year')} {INSTITUTION_WORDS[name]}"
        for name, value in largest.items()
        if not math.isnan(value)
    ]
    low, high = float(sweep.least_cut_kt[0]), float(sweep.least_cut_kt[-1])
    none = [INSTITUTION_WORDS[name] for name, value in largest.items() if math.isnan(value)]
    sentence = (
        f"The largest cut found between {amount(low)} and {amount(high)} kt/year that holds together: {listing(holds)}"
        if holds
        else f"No cut between {amount(low)} and {amount(high)} kt/year holds together under any institution"
    )
    if holds and none:
        sentence += f"; none {listing(none)}"
    return figure(
        lines(
            items,
            x_title="Least tonnage asked for, kt/year",
            y_title=axis_title("Margin", f"m {currency} a year"),
            zero_rule=True,
            upright=[(meeting.least_cut_kt, "the proposal")],
            height=230,
        ),
        name="tonnage_sweep",
        title="Would a smaller or larger cut hold?",
        subtitle="At or above 0: an agreement; when a member leaves, the others keep their cut",
        sentence=sentence + ".",
        source=source,
        units=f"x: kt/year; y: m {currency} a year",
        width=None,
        height=None,
    )


def _pale(place: int) -> str:
    return ("#56b4e9", "#7fcdb5", "#e3b9d3")[place % 3]


def _shown(size: Any, margin: Any) -> list[int]:
    """Return the rows drawn: all, or the best of each size and an even sample of the rest."""
    kept: list[int] = []
    for count in sorted({int(value) for value in size}):
        here = np.flatnonzero(size == count)
        here = here[np.argsort(-margin[here], kind="stable")]
        if here.size > _MOST:
            here = here[np.unique(np.linspace(0, here.size - 1, _MOST).round().astype(int))]
        kept.extend(int(row) for row in here)
    return kept


def _pivots(meeting: MeetingResult) -> list[tuple[str, float, float]]:
    """Return each owner with the best margin of groups that hold it and of groups that do not."""
    table = meeting.coalitions
    rows: list[tuple[str, float, float]] = []
    for k, owner in enumerate(table.owners):
        inside = (table.mask >> k & 1).astype(bool)
        with_it, without = (
            float(table.margin_m_per_year[chosen].max()) if chosen.any() else math.nan for chosen in (inside, ~inside)
        )
        rows.append((owner, with_it, without))
    return sorted(rows, key=lambda row: (-_low(row[1] - row[2]), row[0]))


def _low(value: float) -> float:
    return math.inf if math.isnan(value) else value


def _pivot_chart(rows: Sequence[tuple[str, float, float]], currency: str) -> Any:
    import altair as alt

    order = [name for name, _, _ in rows]
    values: list[dict[str, Any]] = [
        {"owner": name, "best": value, "kind": kind}
        for name, with_it, without in rows
        for kind, value in (("with it", with_it), ("without it", without))
        if not math.isnan(value)
    ]
    spans = [
        {"owner": name, "low": min(a, b), "high": max(a, b)}
        for name, a, b in rows
        if not (math.isnan(a) or math.isnan(b))
    ]
    y_axis = alt.Y("owner:N", sort=order, title=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False))
    mark = cut_mark([row["best"] for row in values]).strip()
    x_axis = alt.X(
        "best:Q",
        title=[f"Best margin, m {currency} a year", *([mark] if mark else [])],
        scale=alt.Scale(zero=False, padding=12),
        axis=alt.Axis(tickCount=4),
    )
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=["with it", "without it"], range=[CATEGORIES[0], CATEGORIES[1]]),
        legend=alt.Legend(title=None, orient="top", symbolType="circle"),
    )
    layers: list[Any] = []
    if spans:
        layers.append(chart(spans).mark_rule(color=GREY, strokeWidth=3).encode(
            x=alt.X("low:Q", scale=alt.Scale(zero=False, padding=12)), x2="high:Q", y=y_axis))  # fmt: skip
    layers.append(chart(values).mark_point(filled=True, size=85, opacity=1).encode(x=x_axis, y=y_axis, color=colour))
    return layered(*layers).properties(width=190, height=205)
