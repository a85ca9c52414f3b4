"""A cut that waits for a price: at which triggers it would hold."""

from __future__ import annotations

__all__ = ["trigger_figure"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.choices import Rule
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.figures.meeting import LEAVING_WORDS, RULE_WORDS
from potline.report.theme import CATEGORIES, axis_start, axis_title
from potline.report.words import amount, listing, money, percent, range_words

if TYPE_CHECKING:
    from potline.agreement import TriggerRange
    from potline.industry import Industry

PARITY_WORDS = {"held": "import parity stays", "follows": "import parity falls as much"}


def trigger_figure(found: Sequence[TriggerRange], industry: Industry, *, rule: Rule, source: str) -> Figure | None:
    """Draw the margin at each trigger, one line a reading of import parity; None where no group is ever able."""
    colours = (CATEGORIES[0], CATEGORIES[1])
    items = [
        Line(
            name=PARITY_WORDS[item.parity],
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
    said = [f"where {PARITY_WORDS[item.parity]}, {_ranges(item, industry)}" for item in found]
    levels = [float(level) for item in items for level, _ in item.points]
    start = axis_start(min(levels), max(levels))
    unit = f"{industry.currency}/t" + (f" with {percent(industry.vat_rate)} VAT" if industry.vat_rate else "")
    sentence = (
        f"A plan to make the same cut once the price has fallen to a trigger would hold, if "
        f"{LEAVING_WORDS[found[0].leaving]}: {'; '.join(said)}."
    )
    return figure(
        lines(
            items,
            x_title=" ".join(axis_title("Trigger as quoted", unit, starts_at=start)),
            y_title=axis_title("Margin at the trigger", f"m {industry.currency} a year"),
            zero_rule=True,
            upright=[(industry.with_vat(found[0].price_per_t), "today")],
            x_domain=(start, 1.03 * max(levels)),
            height=250,
        ),
        name="triggers",
        title="At which price would a cut that waits for it hold?",
        subtitle="Lines that stop by themselves on the way down have stopped; at or above 0: an agreement; sharing: "
        f"{RULE_WORDS[rule]}",
        sentence=sentence,
        source=source,
        units=f"x: {industry.currency}/t; y: m {industry.currency} a year",
        width=None,
        height=None,
    )


def _ranges(item: TriggerRange, industry: Industry) -> str:
    parts: list[str] = []
    for low, high in item.ranges_per_t:
        ends = industry.with_vat(low), industry.with_vat(high)
        at_top = high >= item.price_per_t
        parts.append(f"from {money(ends[0], industry.currency)} up" if at_top else range_words(*ends))
    if not parts:
        low = industry.with_vat(float(item.trigger_per_t[-1]))
        return f"at no trigger between {amount(low)} and today's price"
    return f"at triggers {listing(parts)}{'' if parts[-1].endswith('up') else f' {industry.currency}/t'}"
