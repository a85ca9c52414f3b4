"""The market without a deal: what would have to fall for lines to stop, and to rise for lines to restart."""

from __future__ import annotations

__all__ = ["supply_figure"]

import math

import numpy as np

from potline.evidence import NoDealMarket
from potline.evidence.no_deal import HeldState
from potline.report.drawings import Block, Level, blocks
from potline.report.figure import Figure, figure
from potline.report.figures.stops import quoted_unit
from potline.report.saying import say
from potline.report.theme import CATEGORIES, GREY, axis_start, axis_title


def _apart(price: float, output: float) -> str:
    if math.isnan(output):
        return say("market.the_price_from", price=abs(price))
    if max(abs(price), abs(output)) < 0.0005:
        return say("market.as_was_observed")
    return say("market.the_price_and_output_from", price=abs(price), output=abs(output))


def _supply_words(state: HeldState, price: float, idle: float, near: float) -> str:
    """Say where the market comes to without a deal, and what idle capacity would come back near the price."""
    currency = state.industry.currency
    return say(
        ("market.with_no_deal_the_market" if near >= 0.5 else "market.with_no_deal_the_market_2")
        if idle < 0.5
        else ("market.with_no_deal_the_market_3" if near >= 0.5 else "market.with_no_deal_the_market_4"),
        currency=currency,
        price=price,
        quantity_kt=state.market.quantity_kt,
        apart=_apart(state.price_gap_share, state.output_gap_share),
        idle=idle,
        near=near,
    )


def supply_figure(market: NoDealMarket, *, source: str) -> Figure:
    """Draw running lines by stopping price and idle lines by restart price, against the price and import parity."""
    state = market.observed
    industry = state.industry
    vat = industry.with_vat(1.0)
    price = vat * state.market.price_per_t
    ceiling = vat * industry.trade.ceiling_per_t
    running = state.running_kt
    idle = np.array([plant.idle_kt for plant in industry.plants])
    names = (say("market.running_at_its_stopping_price"), say("market.idle_at_its_restart_price"))
    offers = [(vat * float(state.p_stop_per_t[j]), float(running[j]), names[0]) for j in range(running.size)]
    offers += [(vat * float(state.p_restart_per_t[j]), float(idle[j]), names[1]) for j in range(idle.size)]
    offers = sorted((offer for offer in offers if offer[1] > 0.0), key=lambda offer: (offer[0], offer[2]))
    finite = [offer[0] for offer in offers if math.isfinite(offer[0])]
    top = min(max([*finite, price]), 1.6 * price) + 0.04 * price
    low = axis_start(min([*finite, price]), top, gap=0.03)
    close = math.isfinite(ceiling) and 0.0 <= ceiling - price < 0.06 * (top - low)
    levels = [Level(at=price, label=say("market.price", price=price), below=close)]
    if math.isfinite(ceiling):
        levels.append(Level(at=ceiling, label=say("market.import_parity", ceiling=ceiling), side="right"))
    unit = quoted_unit(industry)
    under = [offer for offer in offers if offer[2] == names[1] and offer[0] <= vat * industry.price_per_t * 1.10]
    near = sum(offer[1] for offer in under)
    sentence = _supply_words(state, price, float(idle.sum()), near)
    return figure(
        blocks(
            [Block(width=size, low=low, high=min(offer, top), group=name) for offer, size, name in offers],
            levels,
            x_title=say("market.cumulative_capacity_in_order_of"),
            y_title=axis_title(say("market.price_as_quoted"), unit, starts_at=low),
            y_domain=(low, top),
            groups=names,
            colours=(CATEGORIES[0], GREY),
        ),
        name="market_without_deal",
        title=say("market.the_market_nobody_agrees_in"),
        sentence=sentence,
        source=source,
        units=say("market.x_kt_year_y", unit=unit),
        width=None,
        height=None,
    )
