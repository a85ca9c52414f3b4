"""The frontier: what each tonnage costs the public, by instrument and institution."""

from __future__ import annotations

__all__ = ["frontier_figure"]

import math
import re
from typing import TYPE_CHECKING

from potline.choices import Institution, Instrument
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.tables.remedy_words import frontier_sentence
from potline.report.theme import CATEGORIES, axis_title

if TYPE_CHECKING:
    from potline.agreement import Remedy

_COLOURS = {
    Instrument.TRANSFER: CATEGORIES[0],
    Instrument.COMPENSATION: CATEGORIES[3],
    Instrument.STOCKPILE_PREMIUM: CATEGORIES[2],
}
_SHOWN = (
    (Instrument.TRANSFER, Institution.VOLUNTARY),
    (Instrument.COMPENSATION, Institution.VOLUNTARY),
    (Instrument.STOCKPILE_PREMIUM, Institution.VOLUNTARY),
)
_DASHED = ((Instrument.TRANSFER, Institution.TRANSFERS), (Instrument.TRANSFER, Institution.UNANIMITY))
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
                    name=say(
                        "remedy.paid_under",
                        instrument=re.split("[,，]", called("instrument", name))[0],
                        institution=called("institution_short", institution),
                    ),
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
            x_title=say("remedy.least_tonnage_asked_for_kt"),
            y_title=axis_title(say("remedy.public_cost"), say("remedy.m_a_year", currency=found.currency)),
            upright=[(found.least_cut_kt, say("remedy.the_proposal"))],
            height=260,
        ),
        name="remedy_frontier",
        title=say("remedy.what_would_a_cut_of"),
        subtitle=say("remedy.least_level_at_which_an"),
        sentence=frontier_sentence(found),
        source=source,
        units=say("remedy.x_kt_year_y_m", currency=found.currency),
        width=None,
        height=None,
    )
