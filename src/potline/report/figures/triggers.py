"""A cut that waits for a price: at which triggers it would hold."""

from __future__ import annotations

__all__ = ["trigger_figure"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.choices import Rule
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.theme import CATEGORIES, axis_line, axis_start, axis_title
from potline.report.words import range_words

if TYPE_CHECKING:
    from potline.agreement import TriggerRange
    from potline.industry import Industry


def trigger_figure(found: Sequence[TriggerRange], industry: Industry, *, rule: Rule, source: str) -> Figure | None:
    """Draw the margin at each trigger, one line a reading of import parity; None where no group is ever able."""
    colours = (CATEGORIES[0], CATEGORIES[1])
    items = [
        Line(
            name=called("parity", item.parity),
            points=tuple(
                (industry.with_vat(float(level)), float(margin))
                for level, margin in zip(item.trigger_per_t, item.margin_m_per_year, strict=True)
                if not math.isnan(float(margin))
            ),
            colour=colours[place % 2],
        )
        for place, item in enumerate(found)
    ]
    items = [item for item in items if item.points]
    if not items:
        return None
    said = [
        say("triggers.where", parity_words=called("parity", item.parity), ranges=_ranges(item, industry))
        for item in found
    ]
    levels = [float(level) for item in items for level, _ in item.points]
    start = axis_start(min(levels), max(levels))
    unit = say(
        "triggers.t_with_vat" if industry.vat_rate else "triggers.t",
        currency=industry.currency,
        vat_rate=industry.vat_rate,
    )
    sentence = say(
        "triggers.a_plan_to_make_the", leaving_words=called("leaving", found[0].leaving), parts="; ".join(said)
    )
    return figure(
        lines(
            items,
            x_title=axis_line(say("triggers.trigger_as_quoted"), unit, starts_at=start),
            y_title=axis_title(
                say("triggers.margin_at_the_trigger"), say("triggers.m_a_year", currency=industry.currency)
            ),
            zero_rule=True,
            upright=[(industry.with_vat(found[0].price_per_t), say("triggers.today"))],
            x_domain=(start, 1.03 * max(levels)),
            height=250,
        ),
        name="triggers",
        title=say("triggers.at_which_price_would_a"),
        subtitle=say("triggers.lines_that_stop_by_themselves", rule_words=called("rule", rule)),
        sentence=sentence,
        source=source,
        units=say("triggers.x_t_y_m_a", currency=industry.currency),
        width=None,
        height=None,
    )


def _ranges(item: TriggerRange, industry: Industry) -> str:
    parts: list[str] = []
    at_top = False
    for low, high in item.ranges_per_t:
        ends = industry.with_vat(low), industry.with_vat(high)
        at_top = high >= item.price_per_t
        parts.append(
            say("triggers.from_up", currency=industry.currency, ends=ends[0]) if at_top else range_words(*ends)
        )
    if not parts:
        low = industry.with_vat(float(item.trigger_per_t[-1]))
        return say("triggers.at_no_trigger_between_and", low=low)
    return say(
        "triggers.at_triggers" if at_top else "triggers.at_triggers_t",
        parts=parts,
        currency=industry.currency,
    )
