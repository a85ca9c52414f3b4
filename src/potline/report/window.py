"""At which price and in which month a cut would hold, in words."""

from __future__ import annotations

__all__ = ["held_sentence", "month_sentences", "price_sentence"]

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from potline.report.saying import say
from potline.report.words import month_words, tonnes

if TYPE_CHECKING:
    from potline.agreement import TonnageWindow, WindowPoint


def price_sentence(found: TonnageWindow, prices_per_t: Sequence[float]) -> str:
    """Say what the lowest and the highest of some prices make of the largest cut; empty where there is one price."""
    low, high = found.at_price(min(prices_per_t)), found.at_price(max(prices_per_t))
    if low is high:
        return ""
    industry, less = found.case.industry, high.set_of().k_star_kt < low.set_of().k_star_kt
    return say(
        "window.falls" if less or (_none(high) and not _none(low)) else "window.by_price",
        low_kt=_kt(low),
        low=industry.with_vat(low.price_per_t),
        high_kt=_kt(high),
        high=industry.with_vat(high.price_per_t),
        currency=industry.currency,
    )


def month_sentences(found: TonnageWindow) -> str:
    """Say in which month most would hold, and in which nothing."""
    points = found.points
    without = [point for point in points if _none(point)]
    if len(without) == len(points):
        return say("window.by_month_nothing", first=points[0].month, last=points[-1].month)
    best = max((point for point in points if not _none(point)), key=lambda point: point.set_of().k_star_kt)
    above = without and all(point.headroom_per_t <= 0.0 for point in without)
    key = "window.by_month_above" if above else "window.by_month_without" if without else "window.by_month"
    months = [month_words(point.month) for point in without]
    return say(key, month=best.month, largest=best.set_of().k_star_kt, months=months)


def held_sentence(found: TonnageWindow) -> str:
    """Say that what the window does not give of a month is held."""
    known = {fact.path for fact in found.case.window}
    parity = found.case.industry.trade.parity
    held = parity is not None and "trade.parity.freight_usd_per_t" not in known
    return say("window.held_freight" if held else "window.held")


def _none(point: WindowPoint) -> bool:
    return math.isnan(point.set_of().k_star_kt)


def _kt(point: WindowPoint) -> str:
    return say("window.nothing") if _none(point) else tonnes(point.set_of().k_star_kt)
