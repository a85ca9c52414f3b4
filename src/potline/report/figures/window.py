"""What would hold by price, one line for what is expected of those who stay, and by month."""

from __future__ import annotations

__all__ = ["window_figure"]

from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.choices import Belief
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.theme import CATEGORIES, INK
from potline.report.window import month_sentences, price_sentence
from potline.report.words import amount

if TYPE_CHECKING:
    from potline.agreement import TonnageWindow


def window_figure(
    by_price: TonnageWindow, by_month: TonnageWindow | None, prices_per_t: Sequence[float], *, source: str
) -> Figure:
    """Draw the largest cut that holds against the price, with the prices quoted, and the months as points."""
    industry = by_price.case.industry
    quoted = [industry.with_vat(point.price_per_t) for point in by_price.points]
    items = [
        Line(
            name=called("leaving", leaving).capitalize(),
            points=tuple(zip(quoted, by_price.k_star_kt(leaving=leaving), strict=True)),
            colour=CATEGORIES[place],
            dashed=place > 0,
        )
        for place, leaving in enumerate(Belief)
    ]
    told = [price_sentence(by_price, prices_per_t)]
    if by_month is not None:
        months = [industry.with_vat(point.price_per_t) for point in by_month.points]
        spots = tuple(zip(months, by_month.k_star_kt(), strict=True))
        items.append(Line(name=say("window.figure_months").capitalize(), points=spots, colour=INK, points_only=True))
        told.append(month_sentences(by_month))
    ends = (min(prices_per_t), max(prices_per_t))
    return figure(
        lines(
            items,
            x_title=say("window.figure_x", currency=industry.currency),
            y_title=[say("window.figure_y")],
            x_domain=(quoted[0], quoted[-1]),
            upright=[
                (industry.with_vat(price), amount(industry.with_vat(price)) if price in ends else "")
                for price in prices_per_t
            ],
        ),
        name="deal_by_price",
        title=say("window.figure_title"),
        subtitle=say("window.figure_subtitle"),
        sentence=" ".join(part for part in told if part),
        source=source,
        units=say("window.figure_units", currency=industry.currency),
        width=None,
        height=None,
    )
