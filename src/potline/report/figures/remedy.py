"""The remedy: what a tonnage costs the public, by institution and instrument."""

from __future__ import annotations

__all__ = ["frontier_figure"]

import math

from potline.agreement.remedy_result import Remedy
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.figures.meeting import INSTITUTION_WORDS
from potline.report.theme import CATEGORIES, axis_title
from potline.report.words import money_m, tonnes


def frontier_figure(found: Remedy, *, source: str) -> Figure | None:
    """Draw public cost against the tonnage asked for; None where no tonnage has a cost."""
    items: list[Line] = []
    colours = dict(zip(INSTITUTION_WORDS, (CATEGORIES[0], CATEGORIES[2], CATEGORIES[5]), strict=True))
    for instrument in dict.fromkeys(point.instrument for point in found.frontier):
        for institution, words in INSTITUTION_WORDS.items():
            points = tuple(
                (point.least_cut_kt, point.public_cost_m_per_year)
                for point in found.frontier
                if (point.instrument, point.institution) == (instrument, institution)
                and math.isfinite(point.public_cost_m_per_year)
            )
            if points:
                items.append(
                    Line(
                        name=f"{instrument}, {words}",
                        points=points,
                        colour=colours[institution],
                        marked=True,
                        dashed=instrument != "transfer",
                    )
                )
    if not items:
        return None
    head = found.measure("transfer")
    sentence = (
        f"Money from outside that makes a voluntary cut of {tonnes(found.least_cut_kt)} hold: "
        f"{money_m(head.public_cost_m_per_year, found.currency)} a year."
        if head.suffices
        else f"No group reaches {tonnes(found.least_cut_kt)}, whatever it is paid."
    )
    return figure(
        lines(
            items,
            x_title="Least tonnage asked for, kt/year",
            y_title=axis_title("Public cost", f"m {found.currency} a year"),
            zero_rule=True,
            upright=[(found.least_cut_kt, "the proposal")],
            height=230,
        ),
        name="remedy_frontier",
        title="What would a cut cost the public?",
        subtitle="Dashed: paid on each tonne idled; solid: to each member what it lacks, and no more",
        sentence=sentence,
        source=source,
        units=f"x: kt/year; y: m {found.currency} a year",
        width=None,
        height=None,
    )
