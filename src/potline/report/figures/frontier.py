"""The frontier: what each tonnage costs the public, by instrument and institution."""

from __future__ import annotations

__all__ = ["frontier_figure"]

import math
from typing import TYPE_CHECKING

from potline.choices import Institution
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.figures.meeting import INSTITUTION_WORDS
from potline.report.tables.remedy_words import INSTRUMENT_NAMES, frontier_sentence
from potline.report.theme import CATEGORIES, axis_title

if TYPE_CHECKING:
    from potline.agreement import Remedy

_COLOURS = {"transfer": CATEGORIES[0], "compensation": CATEGORIES[3], "stockpile premium": CATEGORIES[2]}
_SHOWN = (
    ("transfer", Institution.VOLUNTARY),
    ("compensation", Institution.VOLUNTARY),
    ("stockpile premium", Institution.VOLUNTARY),
)
_DASHED = (("transfer", Institution.TRANSFERS), ("transfer", Institution.UNANIMITY))
_PALE = {Institution.TRANSFERS: CATEGORIES[4], Institution.UNANIMITY: CATEGORIES[5]}


def frontier_figure(found: Remedy, *, source: str) -> Figure | None:
    """Draw public cost against tonnage: three payments where nobody is bound, and money where others rules hold."""
    items: list[Line] = []
    for name, institution in (*_SHOWN, *_DASHED):
        points = tuple(
            (point.least_cut_kt, point.public_cost_m_per_year)
            for point in found.frontier
            if (point.instrument, point.institution) == (name, institution)
            and math.isfinite(point.public_cost_m_per_year)
        )
        if points:
            other = institution != Institution.VOLUNTARY
            items.append(
                Line(
                    name=f"{INSTRUMENT_NAMES[name].split(',')[0]}, {INSTITUTION_WORDS[institution]}",
                    points=points,
                    colour=_PALE[institution] if other else _COLOURS[name],
                    marked=True,
                    dashed=other,
                )
            )
    if not items:
        return None
    return figure(
        lines(
            items,
            x_title="Least tonnage asked for, kt/year",
            y_title=axis_title("Public cost", f"m {found.currency} a year"),
            upright=[(found.least_cut_kt, "the proposal")],
            height=260,
        ),
        name="remedy_frontier",
        title="What would a cut of each size cost the public?",
        subtitle="Least level at which an agreement exists; when a member leaves, the others keep their cut",
        sentence=frontier_sentence(found),
        source=source,
        units=f"x: kt/year; y: m {found.currency} a year",
        width=None,
        height=None,
    )
