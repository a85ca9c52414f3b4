"""The meeting: margins by institution, every coalition, the tonnage asked for, and the share of ranges that agree."""

from __future__ import annotations

__all__ = ["margins_figure", "sweep_figure"]

import math
from typing import TYPE_CHECKING

from potline.choices import Baseline, Belief, Institution, Rule
from potline.report.chart import Chart, beside
from potline.report.drawings import Line, TileCell, lines, tile_table
from potline.report.figure import Figure, figure
from potline.report.theme import CATEGORIES, axis_title
from potline.report.words import amount, counted, listing, money_m, quantity, signed

if TYPE_CHECKING:
    from potline.agreement import MeetingResult

INSTITUTION_WORDS = {
    Institution.VOLUNTARY: "voluntary",
    Institution.TRANSFERS: "with transfers",
    Institution.UNANIMITY: "all or none",
}
LEAVING_WORDS = {
    Belief.KEEP: "others keep their cut",
    Belief.RESPREAD: "others take it over",
    Belief.COLLAPSE: "the deal is off",
}
BASELINE_WORDS = {Baseline.OBSERVED: "from what runs today", Baseline.NASH: "from best cuts alone"}
RULE_WORDS = {
    Rule.PRO_RATA: "pro rata to running capacity",
    Rule.EFFICIENT: "dearest tonnes first",
    Rule.STATED: "stated cuts",
}
RULE_HOW = {
    Rule.PRO_RATA: "each in proportion to the capacity it runs",
    Rule.EFFICIENT: "the dearest tonnes of all members first",
    Rule.STATED: "in the cuts the case states",
}


def margins_figure(meeting: MeetingResult, *, source: str) -> Figure:
    """Draw the margin by institution, baseline and leaving rule, one table of tiles a sharing rule."""
    currency = meeting.industry.currency
    rules = list(dict.fromkeys([meeting.rule, *(item.rule for item in meeting.margins)]))
    finite = [abs(item.margin_m_per_year) for item in meeting.margins if math.isfinite(item.margin_m_per_year)]
    reach = max(finite, default=1.0)
    parts: list[Chart] = []
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
        heading = {
            "text": f"Sharing: {RULE_WORDS[rule]}",
            "fontSize": 13,
            "anchor": "start",
            "frame": "group",
            "offset": 22,
        }
        parts.append(part.sized(title=heading))
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
        beside(*parts, spacing=14),
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


def sweep_figure(meeting: MeetingResult, *, source: str) -> Figure | None:
    """Draw the margin against the tonnage asked for, by institution, in both baselines."""
    sweep, currency = meeting.sweep, meeting.industry.currency
    keep = sweep.leaving.index(Belief.KEEP)
    items: list[Line] = []
    colours = (CATEGORIES[0], CATEGORIES[2], CATEGORIES[5])
    for b, baseline in enumerate(Baseline):
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
                        colour=colours[k % 3] if baseline == Baseline.OBSERVED else _pale(k),
                        marked=True,
                        dashed=baseline == Baseline.NASH,
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
    tried = f"between {amount(low)} and {amount(high)} kt/year" if low < high else f"of {amount(low)} kt/year"
    none = [INSTITUTION_WORDS[name] for name, value in largest.items() if math.isnan(value)]
    sentence = (
        f"The largest cut found {tried} that holds together: {listing(holds)}"
        if holds
        else f"No cut {tried} holds together under any institution"
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
