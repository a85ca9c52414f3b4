"""The price at which lines did stop beside that at which the model stops as much."""

from __future__ import annotations

__all__ = ["documented_figure"]

import math
from typing import TYPE_CHECKING

from potline.choices import StopKind
from potline.report.documented import counted_sentence
from potline.report.drawings import DotRow, dots
from potline.report.figure import Figure, figure
from potline.report.saying import each_line, say
from potline.report.theme import CATEGORIES, INK

if TYPE_CHECKING:
    from potline.evidence import DocumentedStops, StopTest


def documented_figure(found: DocumentedStops, *, source: str) -> Figure | None:
    """Draw one row an event: the model's price less that quoted, with the span over inputs; None without a row."""
    rows = [_row(found, test) for test in found.tests if math.isfinite(test.threshold_per_t)]
    if not rows:
        return None
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    return figure(
        dots(
            rows,
            x_title=say("documented.figure_x"),
            groups=each_line("documented.figure_groups"),
            colours=(CATEGORIES[0], INK),
            x_domain=(math.floor(min(-1.0, *ends)), math.ceil(max(1.0, *ends))),
            width=300,
            label_limit=260,
            text_limit=190,
        ),
        name="documented_stops",
        title=say("documented.figure_title"),
        subtitle=say("documented.figure_subtitle"),
        sentence=counted_sentence(found),
        source=source,
        units=say("documented.figure_units"),
        width=None,
        height=None,
    )


def _row(found: DocumentedStops, test: StopTest) -> DotRow:
    quoted, price = found.case.industry.with_vat, test.event.price_per_t
    ends = [end for one in test.by_input for end in (one.low_threshold_per_t, one.high_threshold_per_t)]
    moved = [100.0 * (end / price - 1.0) for end in (test.threshold_per_t, *ends) if math.isfinite(end)]
    stopped, ran_on = each_line("documented.figure_groups")
    return DotRow(
        label=test.event.event,
        value=moved[0],
        group=ran_on if test.event.kind == StopKind.RAN_ON else stopped,
        low=min(moved),
        high=max(moved),
        text=say("documented.figure_text", price=quoted(price), threshold=quoted(test.threshold_per_t)),
    )
