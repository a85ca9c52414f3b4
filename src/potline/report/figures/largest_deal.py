"""How large a cut would hold: share(K), one line for what is expected of those who stay."""

from __future__ import annotations

__all__ = ["largest_deal_figure"]

from typing import TYPE_CHECKING

import numpy as np

from potline.choices import Belief
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.tables.largest_deal import tonnages_shown
from potline.report.theme import CATEGORIES

if TYPE_CHECKING:
    from potline.agreement import TonnageShare

_FINE = 4


def largest_deal_figure(share: TonnageShare, *, source: str) -> Figure:
    """Draw in what share of the ranges a cut of each size holds."""
    top = tonnages_shown(share)[-1]
    shown = np.linspace(top / (60 * _FINE), top, 60 * _FINE)
    items = [
        Line(
            name=called("leaving", leaving).capitalize(),
            points=tuple(zip(shown.tolist(), (100.0 * share.at(shown, leaving=leaving)).tolist(), strict=True)),
            colour=CATEGORIES[place],
            dashed=place > 0,
        )
        for place, leaving in enumerate(Belief)
    ]
    at = np.array(share.asked_kt)
    parts = [
        say(
            "largest_deal.figure_part",
            share=float(share.at(at, leaving=leaving)),
            belief=called("leaving", leaving),
        )
        for leaving in Belief
    ]
    return figure(
        lines(
            items,
            x_title=say("largest_deal.figure_x"),
            y_title=[say("largest_deal.figure_y")],
            y_domain=(0.0, 100.0),
            x_domain=(0.0, top),
            upright=[(share.asked_kt, say("largest_deal.figure_asked"))] if share.asked_kt > 0.0 else [],
            width=400,
            height=230,
        ),
        name="largest_deal",
        title=say("largest_deal.figure_title"),
        subtitle=say("largest_deal.figure_subtitle"),
        sentence=say("largest_deal.figure_sentence", asked=share.asked_kt, parts=parts),
        source=source,
        units=say("largest_deal.figure_units"),
        width=None,
        height=None,
    )
