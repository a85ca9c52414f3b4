"""Stopping prices: why plants that lose money run on, and the band in which everybody stays as they are."""

from __future__ import annotations

__all__ = ["bands_figure", "stopping_by_owner_figure", "stopping_waterfall_figure"]

from collections.abc import Sequence
from typing import Any

import numpy as np

from potline.industry import Industry
from potline.report.chart import channel, chart, layered
from potline.report.drawings import Block, Level, Step, blocks, waterfall
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.theme import CATEGORIES, GREY, INK, axis_line, axis_start, axis_title
from potline.report.words import amount, listing
from potline.shutdown import COMPONENTS, NOT_EXPLAINED, StoppingPrices

_STEPS = (*COMPONENTS, NOT_EXPLAINED)
_COLOURS: dict[str, str] = dict(
    zip(_STEPS, (CATEGORIES[2], CATEGORIES[6], CATEGORIES[0], CATEGORIES[4], CATEGORIES[5], GREY), strict=True)
)


_BANDS = (CATEGORIES[2], GREY, CATEGORIES[1])
"""Colours of what would restart, stays and would stop."""


def quoted_unit(industry: Industry) -> str:
    """Return the unit of a price as it is quoted."""
    return say(
        "stops.t_with_vat" if industry.vat_rate else "stops.t", currency=industry.currency, vat_rate=industry.vat_rate
    )


def stopping_waterfall_figure(stops: StoppingPrices, *, source: str) -> Figure:
    """Draw the waterfall from gross cash cost to stopping price, averaged over the running lines that lose money.

    Where none does, over all running lines.
    """
    industry = stops.industry
    running = np.array([plant.running_kt for plant in industry.plants])
    losing = np.where(stops.net_cash_cost_per_t > industry.price_per_t, running, 0.0)
    weight = losing if losing.sum() > 0.0 else running
    who = say("stops.that_loses_money") if losing.sum() > 0.0 else say("stops.running")
    kt = float(weight.sum())
    weight = weight / max(kt, 1e-300)
    gross, stop = (
        industry.with_vat(float(values @ weight)) for values in (stops.waterfall.gross_per_t, stops.p_stop_per_t)
    )
    parts = {name: industry.with_vat(float(stops.waterfall.component(name) @ weight)) for name in COMPONENTS}
    price = industry.with_vat(industry.price_per_t)
    rest = industry.with_vat(float(stops.waterfall.not_explained_per_t @ weight))
    steps = [
        Step(label=say("stops.gross_cash_cost"), value=gross, total=True),
        *(Step(label=called("step_short", name), value=-parts[name]) for name in COMPONENTS),
        *([Step(label=called("step_short", NOT_EXPLAINED), value=-rest)] if rest else []),
        Step(label=say("stops.stopping_price"), value=stop, total=True),
    ]
    largest = sorted(COMPONENTS, key=lambda name: -parts[name])[:3]
    named = listing(
        [f"{called('step', name).lower()} ({amount(parts[name])})" for name in largest if parts[name] >= 0.5]
    )
    sentence = say(
        "stops.the_average_running_tonne_costs",
        who=who,
        currency=industry.currency,
        gross=gross,
        price=price,
        stop=stop,
        named=named,
    )
    return figure(
        waterfall(
            steps,
            title=say("stops.price_as_quoted"),
            unit=quoted_unit(industry),
            level=(price, say("stops.price", price=price)),
        ),
        name="stopping_waterfall",
        title=say("stops.why_lines_that_lose_money") if losing.sum() > 0.0 else say("stops.from_cash_cost_to_stopping"),
        subtitle=say(
            "stops.average_over_of_running_lines" if losing.sum() > 0.0 else "stops.average_over_of_running_lines_2",
            kt=kt,
        ),
        sentence=sentence,
        source=source,
        units=quoted_unit(industry),
        width=None,
        height=None,
    )


def _owners_words(
    order: Sequence[str], losing: Sequence[str], above: Sequence[str], *, at: str, price: float, currency: str
) -> str:
    """Say whose cost lies above the price, and whose average running tonne would stop."""
    return say(
        ("stops.of_the_owners_have_an" if above else "stops.of_the_owners_have_an_2")
        if losing
        else ("stops.the_average_gross_cash_cost" if above else "stops.the_average_gross_cash_cost_2"),
        order=len(order),
        at=at,
        losing=losing,
        currency=currency,
        price=price,
        above=above,
        count=len(losing),
    )


def stopping_by_owner_figure(stops: StoppingPrices, owners: Sequence[str], *, source: str, at: str) -> Figure | None:
    """Draw the same steps owner by owner, lowest stopping price first; None where none of them runs anything.

    ``at`` says who the owners are.
    """
    industry = stops.industry
    running = np.array([plant.running_kt for plant in industry.plants])
    holder = np.array(industry.plant_owners)
    rows: list[dict[str, Any]] = []
    ends: dict[str, tuple[float, float]] = {}
    for owner in owners:
        weight = np.where(holder == owner, running, 0.0)
        if weight.sum() <= 0.0:
            continue
        weight = weight / weight.sum()
        low = industry.with_vat(float(stops.p_stop_per_t @ weight))
        place = low
        for name in reversed(_STEPS):
            size = industry.with_vat(float(stops.waterfall.component(name) @ weight))
            if abs(size) < 0.5:
                continue
            rows.append({"owner": owner, "from": place, "to": place + size, "step": called("step", name)})
            place += size
        ends[owner] = (low, place)
    if not ends:
        return None
    order = sorted(ends, key=lambda name: ends[name][0])
    price = industry.with_vat(industry.price_per_t)
    lowest = min([low for low, _ in ends.values()] + [price])
    highest = max([high for _, high in ends.values()] + [price])
    start = axis_start(lowest, highest, gap=0.2)
    drawn = [name for name in _STEPS if any(row["step"] == called("step", name) for row in rows)]
    y_axis = channel("owner:N", sort=order, title=None, axis={"labelLimit": 190, "ticks": False, "domain": False})
    title = axis_line(say("stops.price_as_quoted"), quoted_unit(industry), starts_at=start)
    x_scale = {"domain": [start, highest + 0.04 * (highest - start)], "nice": False}
    x_axis = channel("from:Q", title=title, scale=x_scale, axis={"tickCount": 8})
    colour = channel(
        "step:N",
        scale={"domain": [called("step", name) for name in drawn], "range": [_COLOURS[name] for name in drawn]},
        legend={"title": None, "columns": 3, "labelLimit": 210},
    )
    bars = (
        chart(rows)
        .mark("bar", size=17, stroke="white", strokeWidth=0.6)
        .encode(x=x_axis, x2="to:Q", y=y_axis, color=colour)
    )
    marks = [{"owner": name, "stop": ends[name][0], "text": amount(ends[name][0])} for name in order]
    text = (
        chart(marks).mark("text", align="right", dx=-5, fontWeight="bold").encode(x="stop:Q", y=y_axis, text="text:N")
    )
    line = chart([{"price": price}]).mark("rule", color=INK, strokeDash=[6, 3], strokeWidth=1.6).encode(x="price:Q")
    above = [name for name in order if ends[name][0] > industry.with_vat(industry.price_per_t)]
    losing = [name for name in order if ends[name][1] > price]
    sentence = _owners_words(order, losing, above, at=at, price=price, currency=industry.currency)
    return figure(
        layered(bars, text, line).sized(width=560, height=30 * len(order)),
        name="stopping_by_owner",
        title=say("stops.where_owners_would_stop_and", at=at),
        subtitle=say("stops.bar_from_the_stopping_price", price=price),
        sentence=sentence,
        source=source,
        units=quoted_unit(industry),
        width=None,
        height=None,
    )


def bands_figure(stops: StoppingPrices, *, source: str) -> Figure:
    """Draw each plant's band from stopping to restart price against the price, lowest stopping price first."""
    industry = stops.industry
    price = industry.with_vat(industry.price_per_t)
    stop = industry.with_vat(1.0) * stops.p_stop_per_t
    restart = industry.with_vat(1.0) * stops.p_restart_per_t
    capacity = np.array([plant.capacity_kt for plant in industry.plants])
    finite = restart[np.isfinite(restart)]
    low = axis_start(float(stop.min()), float(finite.max(initial=price)), gap=0.03)
    high = min(float(finite.max(initial=price)), 1.6 * price) * 1.02
    names = (
        say("stops.would_restart_if_idle"),
        say("stops.stays_as_it_is_running"),
        say("stops.would_stop_if_running"),
    )
    group = np.where(restart <= price, 0, np.where(stop <= price, 1, 2))
    items = [
        Block(
            width=float(capacity[place]),
            low=float(stop[place]),
            high=float(min(restart[place], high)),
            group=names[int(group[place])],
            tick=industry.with_vat(float(stops.net_cash_cost_per_t[place])),
        )
        for place in np.argsort(stop, kind="stable")
    ]
    sizes = [float(capacity[group == k].sum()) for k in range(3)]
    sinking = stops.running_below_stop_kt(industry.price_per_t)
    idle = np.array([plant.idle_kt for plant in industry.plants])
    back = float(idle[restart <= price].sum())
    unit = quoted_unit(industry)
    sentence = say(
        "stops.at_of_capacity_would_neither",
        currency=industry.currency,
        price=price,
        staying=sizes[1],
        share=sizes[1] / max(capacity.sum(), 1e-9),
        sinking=sinking,
        back=back,
    )
    return figure(
        blocks(
            items,
            [Level(at=price, label=say("stops.price", price=price))],
            x_title=say("stops.cumulative_capacity_in_order_of"),
            y_title=axis_title(say("stops.price_as_quoted"), unit, starts_at=low),
            y_domain=(low, high),
            groups=[name for name, size in zip(names, sizes, strict=True) if size > 0.0],
            colours=[colour for colour, size in zip(_BANDS, sizes, strict=True) if size > 0.0],
        ),
        name="stop_restart_bands",
        title=say("stops.stopping_and_restart_price_of"),
        subtitle=say("stops.each_block_is_one_plant"),
        sentence=sentence,
        source=source,
        units=say("stops.x_kt_year_y", unit=unit),
        width=None,
        height=None,
    )
