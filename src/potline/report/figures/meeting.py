"""The meeting: margins by institution, every coalition, the tonnage asked for, and the share of ranges that agree."""

from __future__ import annotations

__all__ = ["margins_figure", "sweep_figure"]

import math
from typing import TYPE_CHECKING

from potline.choices import Baseline, Belief
from potline.report.chart import Chart, beside
from potline.report.drawings import Line, TileCell, lines, tile_table
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.theme import CATEGORIES, axis_title
from potline.report.words import counted, quantity, set_text, signed

if TYPE_CHECKING:
    from potline.agreement import MeetingResult


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
                row=say(
                    "meeting.from_and_if",
                    baseline=called("baseline", item.baseline),
                    leaving=called("leaving", item.leaving),
                ),
                column=called("institution_short", item.institution),
                value=item.margin_m_per_year,
                text=called("code", "infeasible")
                if math.isnan(item.margin_m_per_year)
                else signed(item.margin_m_per_year),
            )
            for item in meeting.margins
            if item.rule == rule
        ]
        part = tile_table(cells, reach=reach, cell_width=width, cell_height=34, row_labels=place == 0)
        heading = {
            "text": say("meeting.sharing", rule_words=called("rule", rule)),
            "fontSize": 13,
            "anchor": "start",
            "frame": "group",
            "offset": 22,
        }
        parts.append(part.sized(title=heading))
    agreed = [item for item in meeting.margins if item.margin_m_per_year >= 0.0]
    every = counted(len(meeting.margins), "combination")
    if not agreed:
        sentence = say("meeting.none_of_of_sharing_institution", every=every) + " "
    else:
        sentence = say("meeting.of_of_sharing_institution_baseline", agreed=len(agreed), every=every) + " "
    head = meeting.margin()
    sentence += (
        say("meeting.the_headline_voluntary_from_what")
        if math.isnan(head.margin_m_per_year)
        else say(
            "meeting.the_headline_voluntary_from_what_2", currency=currency, margin_m_per_year=head.margin_m_per_year
        )
    )
    return figure(
        beside(*parts, spacing=14),
        name="margins",
        title=say("meeting.is_there_an_agreement_the"),
        subtitle=say("meeting.best_groups_worst_test_m", currency=currency),
        sentence=sentence,
        source=source,
        units=say("meeting.m_a_year", currency=currency),
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
                        name=set_text(f"{called('institution_short', institution)}, {called('baseline', baseline)}"),
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
        say("obstacles.cut_under", cut=quantity(value, "kt/year"), institution=called("institution_short", name))
        for name, value in largest.items()
        if not math.isnan(value)
    ]
    low, high = float(sweep.least_cut_kt[0]), float(sweep.least_cut_kt[-1])
    tried = say("obstacles.between_and_kt_year" if low < high else "obstacles.of_kt_year", low=low, high=high)
    none = [called("institution_short", name) for name, value in largest.items() if math.isnan(value)]
    sentence = say(
        "obstacles.the_largest_cut_found_that" if holds else "obstacles.no_cut_holds_together_under",
        tried=tried,
        holds=holds,
    )
    if holds and none:
        sentence += say("obstacles.none", none=none)
    return figure(
        lines(
            items,
            x_title=say("obstacles.least_tonnage_asked_for_kt"),
            y_title=axis_title(say("obstacles.margin"), say("obstacles.m_a_year", currency=currency)),
            zero_rule=True,
            upright=[(meeting.least_cut_kt, say("obstacles.the_proposal"))],
            height=230,
        ),
        name="tonnage_sweep",
        title=say("obstacles.would_a_smaller_or_larger"),
        subtitle=say("obstacles.at_or_above_0_an"),
        sentence=sentence + ".",
        source=source,
        units=say("obstacles.x_kt_year_y_m", currency=currency),
        width=None,
        height=None,
    )


def _pale(place: int) -> str:
    return ("#56b4e9", "#7fcdb5", "#e3b9d3")[place % 3]
