"""Stopping prices: why plants that lose money run on, and the band in which everybody stays as they are."""

from __future__ import annotations

__all__ = ["STEP_LABELS", "bands_figure", "stopping_by_owner_figure", "stopping_waterfall_figure"]

from collections.abc import Sequence
from typing import Any

import numpy as np

from potline.industry import Industry
from potline.report.chart import channel, chart, layered
from potline.report.drawings import Block, Level, Step, blocks, waterfall
from potline.report.figure import Figure, figure
from potline.report.theme import CATEGORIES, GREY, INK, axis_start, axis_title
from potline.report.words import amount, listing, money, percent, some, tonnes
from potline.shutdown import COMPONENTS, StoppingPrices

STEP_LABELS = {
    "support": "Support a tonne",
    "lump_sum": "Lump sum while running",
    "switching_cost": "Cost of stopping and restarting",
    "waiting": "Value of waiting",
    "pressure": "Government pressure",
}
_SHORT = {
    "support": "Support|a tonne",
    "lump_sum": "Lump sum|while running",
    "switching_cost": "Stopping and|restarting",
    "waiting": "Value of|waiting",
    "pressure": "Government|pressure",
}
_COLOURS: dict[str, str] = dict(
    zip(COMPONENTS, (CATEGORIES[2], CATEGORIES[6], CATEGORIES[0], CATEGORIES[4], CATEGORIES[5]), strict=True)
)


def quoted_unit(industry: Industry) -> str:
    """Return the unit of a price as it is quoted."""
    return f"{industry.currency}/t" + (f" with {percent(industry.vat_rate)} VAT" if industry.vat_rate else "")


def stopping_waterfall_figure(stops: StoppingPrices, *, source: str) -> Figure:
    """Draw the waterfall from gross cash cost to stopping price, averaged over the running lines that lose money.

    Where none does, over all running lines.
    """
    industry = stops.industry
    running = np.array([plant.running_kt for plant in industry.plants])
    losing = np.where(stops.net_cash_cost_per_t > industry.price_per_t, running, 0.0)
    weight = losing if losing.sum() > 0.0 else running
    who = "that loses money" if losing.sum() > 0.0 else "running"
    kt = float(weight.sum())
    weight = weight / max(kt, 1e-300)
    gross, stop = (
        industry.with_vat(float(values @ weight)) for values in (stops.waterfall.gross_per_t, stops.p_stop_per_t)
    )
    parts = {name: industry.with_vat(float(stops.waterfall.component(name) @ weight)) for name in COMPONENTS}
    price = industry.with_vat(industry.price_per_t)
    steps = [
        Step(label="Gross|cash cost", value=gross, total=True),
        *(Step(label=_SHORT[name], value=-parts[name]) for name in COMPONENTS),
        Step(label="Stopping|price", value=stop, total=True),
    ]
    largest = sorted(COMPONENTS, key=lambda name: -parts[name])[:3]
    named = listing([f"{STEP_LABELS[name].lower()} ({amount(parts[name])})" for name in largest if parts[name] >= 0.5])
    sentence = (
        f"The average running tonne {who} costs {money(gross, industry.currency)} against a price of {amount(price)}, "
        f"but would be stopped only below {money(stop, industry.currency)}. What lies between: {named}."
    )
    return figure(
        waterfall(steps, title="Price as quoted", unit=quoted_unit(industry), level=(price, f"Price {amount(price)}")),
        name="stopping_waterfall",
        title="Why lines that lose money run on" if losing.sum() > 0.0 else "From cash cost to stopping price",
        subtitle=f"Average over {tonnes(kt)} of running lines {'under water' if losing.sum() > 0.0 else ''}; each step "
        "averaged over the order of removal, so the steps add up",
        sentence=sentence,
        source=source,
        units=quoted_unit(industry),
        width=None,
        height=None,
    )


def stopping_by_owner_figure(stops: StoppingPrices, owners: Sequence[str], *, source: str, at: str) -> Figure:
    """Draw the same steps owner by owner, lowest stopping price first; ``at`` says who the owners are."""
    industry = stops.industry
    running = np.array([plant.running_kt for plant in industry.plants])
    holder = np.array([industry.owner(plant.firm) for plant in industry.plants])
    rows: list[dict[str, Any]] = []
    ends: dict[str, tuple[float, float]] = {}
    for owner in owners:
        weight = np.where(holder == owner, running, 0.0)
        if weight.sum() <= 0.0:
            continue
        weight = weight / weight.sum()
        low = industry.with_vat(float(stops.p_stop_per_t @ weight))
        place = low
        for name in reversed(COMPONENTS):
            size = industry.with_vat(float(stops.waterfall.component(name) @ weight))
            if abs(size) < 0.5:
                continue
            rows.append({"owner": owner, "from": place, "to": place + size, "step": STEP_LABELS[name]})
            place += size
        ends[owner] = (low, place)
    order = sorted(ends, key=lambda name: ends[name][0])
    price = industry.with_vat(industry.price_per_t)
    lowest = min([low for low, _ in ends.values()] + [price])
    highest = max([high for _, high in ends.values()] + [price])
    start = axis_start(lowest, highest, gap=0.2)
    drawn = [name for name in COMPONENTS if any(row["step"] == STEP_LABELS[name] for row in rows)]
    y_axis = channel("owner:N", sort=order, title=None, axis={"labelLimit": 190, "ticks": False, "domain": False})
    title = " ".join(axis_title("Price as quoted", quoted_unit(industry), starts_at=start))
    x_scale = {"domain": [start, highest + 0.04 * (highest - start)], "nice": False}
    x_axis = channel("from:Q", title=title, scale=x_scale, axis={"tickCount": 8})
    colour = channel(
        "step:N",
        scale={"domain": [STEP_LABELS[name] for name in drawn], "range": [_COLOURS[name] for name in drawn]},
        legend={"title": None, "columns": 3, "labelLimit": 210},
    )
    bars = chart(rows).mark("bar", size=17, stroke="white", strokeWidth=0.6).encode(x=x_axis, x2="to:Q", y=y_axis,
                                                                                 color=colour)  # fmt: skip
    marks = [{"owner": name, "stop": ends[name][0], "text": amount(ends[name][0])} for name in order]
    text = (
        chart(marks).mark("text", align="right", dx=-5, fontWeight="bold").encode(x="stop:Q", y=y_axis, text="text:N")
    )
    line = chart([{"price": price}]).mark("rule", color=INK, strokeDash=[6, 3], strokeWidth=1.6).encode(x="price:Q")
    above = [name for name in order if ends[name][0] > industry.with_vat(industry.price_per_t)]
    losing = [name for name in order if ends[name][1] > price]
    sentence = (
        f"Of the {len(order)} owners {at}, {listing(losing)} {'has' if len(losing) == 1 else 'have'} an average gross "
        f"cash cost above the price of {money(price, industry.currency)}; "
        if losing
        else f"The average gross cash cost of each of the {len(order)} owners {at} is below the price of "
        f"{money(price, industry.currency)}; "
    ) + (
        f"at this price the average running tonne of {listing(above)} would stop."
        if above
        else "none of their average running tonnes would stop at this price."
    )
    return figure(
        layered(bars, text, line).sized(width=560, height=30 * len(order)),
        name="stopping_by_owner",
        title=f"Where owners {at} would stop, and what keeps them running below cost",
        subtitle=f"Bar: from the stopping price (number) up to gross cash cost; dashed: the price, {amount(price)}",
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
    names = ("would restart if idle", "stays as it is, running or idle", "would stop if running")
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
    sentence = (
        f"At {money(price, industry.currency)}, {tonnes(sizes[1])} ({percent(sizes[1] / max(capacity.sum(), 1e-9))} "
        f"of capacity) would neither stop if running nor restart if idle; {some(sinking, 'running lines')} would "
        f"stop, and {some(back, 'idle lines')} restart, at this price."
    )
    return figure(
        blocks(
            items,
            [Level(at=price, label=f"Price {amount(price)}")],
            x_title="Cumulative capacity in order of stopping price, kt/year",
            y_title=axis_title("Price as quoted", unit, starts_at=low),
            y_domain=(low, high),
            groups=names,
            colours=(CATEGORIES[2], GREY, CATEGORIES[1]),
        ),
        name="stop_restart_bands",
        title="Stopping and restart price of every plant",
        subtitle="Each block is one plant, from the price at which it stops up to that at which it restarts; line: "
        "cash cost",
        sentence=sentence,
        source=source,
        units=f"x: kt/year; y: {unit}",
        width=None,
        height=None,
    )
