"""The market without a deal: what would have to fall for lines to stop, and to rise for lines to restart."""

from __future__ import annotations

__all__ = ["supply_figure"]

import math

import numpy as np

from potline.evidence import NoDealMarket
from potline.report.drawings import Block, Level, blocks
from potline.report.figure import Figure, figure
from potline.report.figures.stops import quoted_unit
from potline.report.theme import CATEGORIES, GREY, axis_start, axis_title
from potline.report.words import amount, money, percent, tonnes


def _apart(price: float, output: float) -> str:
    if max(abs(price), abs(output)) < 0.0005:
        return "as was observed"
    return f"the price {percent(abs(price), 1)} and output {percent(abs(output), 1)} from what was observed"


def supply_figure(market: NoDealMarket, *, source: str) -> Figure:
    """Draw running lines by stopping price and idle lines by restart price, against the price and import parity."""
    state = market.observed
    industry = state.industry
    vat = industry.with_vat(1.0)
    price = vat * state.market.price_per_t
    ceiling = vat * industry.trade.ceiling_per_t
    running = state.running_kt
    idle = np.array([plant.idle_kt for plant in industry.plants])
    names = ("running, at its stopping price", "idle, at its restart price")
    offers = [(vat * float(state.p_stop_per_t[j]), float(running[j]), names[0]) for j in range(running.size)]
    offers += [(vat * float(state.p_restart_per_t[j]), float(idle[j]), names[1]) for j in range(idle.size)]
    offers = sorted((offer for offer in offers if offer[1] > 0.0), key=lambda offer: (offer[0], offer[2]))
    finite = [offer[0] for offer in offers if math.isfinite(offer[0])]
    top = min(max([*finite, price]), 1.6 * price) + 600.0
    low = axis_start(min([*finite, price]), top, gap=0.03)
    close = math.isfinite(ceiling) and 0.0 <= ceiling - price < 0.06 * (top - low)
    levels = [Level(at=price, label=f"Price {amount(price)}", below=close)]
    if math.isfinite(ceiling):
        levels.append(Level(at=ceiling, label=f"Import parity {amount(ceiling)}", side="right"))
    unit = quoted_unit(industry)
    under = [offer for offer in offers if offer[2] == names[1] and offer[0] <= vat * industry.price_per_t * 1.10]
    near = sum(offer[1] for offer in under)
    sentence = (
        f"With no deal the market clears at {money(price, industry.currency)} with output of "
        f"{tonnes(state.market.quantity_kt)}, {_apart(state.price_gap_share, state.output_gap_share)}. "
        f"{tonnes(float(idle.sum()))} "
        f"{'stands' if idle.sum() < 0.5 else 'stand'} idle"
        + (
            f"; {tonnes(near)} of it would restart before the price is 10 % higher: the resistance above the price."
            if near >= 0.5
            else ", and nothing of it would restart before the price is 10 % higher."
        )
    )
    return figure(
        blocks(
            [Block(width=size, low=low, high=min(offer, top), group=name) for offer, size, name in offers],
            levels,
            x_title="Cumulative capacity in order of the price at which it stops or restarts, kt/year",
            y_title=axis_title("Price as quoted", unit, starts_at=low),
            y_domain=(low, top),
            groups=names,
            colours=(CATEGORIES[0], GREY),
        ),
        name="market_without_deal",
        title="The market nobody agrees in: who stops and who restarts at which price",
        sentence=sentence,
        source=source,
        units=f"x: kt/year; y: {unit}",
        width=None,
        height=None,
    )
