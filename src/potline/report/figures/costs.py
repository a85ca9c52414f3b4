"""The cost curve: one bar a plant, as wide as its capacity, against the price."""

from __future__ import annotations

__all__ = ["cost_curve_figures"]

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from potline.costs import CostCurve
from potline.report.chart import channel, chart, layered
from potline.report.drawings import parted
from potline.report.figure import Figure, figure
from potline.report.saying import called, say
from potline.report.theme import (
    FALL,
    GREY,
    INK,
    axis_start,
    axis_title,
    called_others,
    category_colours,
    grouped_names,
)
from potline.report.words import listing, money, tonnes

Key = Literal["province", "owner", "state"]
_STATES = {"running": "#0072b2", "ramping_up": FALL, "idle": GREY}


def cost_curve_figures(curve: CostCurve, *, source: str) -> tuple[Figure, ...]:
    """Draw the curve coloured by province, by owner, and by what each line does."""
    return tuple(_cost_curve(curve, key, source) for key in ("province", "owner", "state"))


def cost_sentence(curve: CostCurve) -> str:
    """Say how much stands under water, where, and what it loses."""
    water = curve.under_water()
    currency = curve.industry.currency
    price = money(curve.with_vat(curve.price_per_t), currency)
    kind = say(f"costs.kind.{curve.measure}_{'net' if curve.net else 'gross'}")
    if not water.plants:
        return say("costs.at_every_plant_covers_its", price=price, kind=kind)
    sunk = {group.name: group.under_water_kt for group in curve.by("province") if group.under_water_kt > 0.0}
    first = sorted(sunk, key=lambda name: -sunk[name])[:3]
    where = listing([f"{name or say('costs.no_province')} ({tonnes(sunk[name])})" for name in first])
    return say(
        "costs.at_of_of_capacity_do",
        price=price,
        plants=len(water.plants),
        all_plants=len(curve.plants),
        capacity_kt=water.capacity_kt,
        capacity_share=water.capacity_share,
        kind=kind,
        where=where,
        currency=currency,
        loss_m_per_year=water.loss_m_per_year,
    )


def _cost_curve(curve: CostCurve, key: Key, source: str) -> Figure:
    currency, vat = curve.industry.currency, curve.industry.vat_rate
    rows, domain, colours = _bars(curve, key)
    price = curve.with_vat(curve.price_per_t)
    highest = max([float(row["cost"]) for row in rows] + [price])
    start = axis_start(min([float(row["cost"]) for row in rows] + [price]), highest)
    for row in rows:
        row["base"] = start
    unit = say("costs.t_with_vat" if vat else "costs.t", currency=currency, vat=vat)
    total = curve.total_capacity_kt
    scale = {"domain": [start, highest + 0.06 * (highest - start)], "nice": False}
    y_axis = channel("base:Q", scale=scale, title=axis_title(_cost_name(curve), unit, starts_at=start))
    shade = {"domain": domain, "range": colours}
    mark, edge = parted(len(curve.plants), shade, 0.5)
    bars = (
        chart(rows)
        .mark("rect", **mark)
        .encode(
            x=channel(
                "from:Q",
                title=say("costs.cumulative_capacity_kt_year"),
                scale={"domain": [0, total], "nice": False},
                axis={"grid": False, "tickCount": 10},
            ),
            x2="to:Q",
            y=y_axis,
            y2="cost:Q",
            color=channel(
                "group:N",
                scale=shade,
                legend={"title": None, "columns": 8 if key == "province" else 4, "labelLimit": 170},
            ),
            **edge,
        )
    )
    line = chart([{"price": price}]).mark("rule", color=INK, strokeWidth=1.6, strokeDash=[6, 3]).encode(y="price:Q")
    at_left = chart([{"price": price, "at": 0.0, "text": say("costs.price", price=price)}])
    outlines: list[dict[str, Any]] = [{"color": "white", "stroke": "white", "strokeWidth": 4}, {}]
    label = [
        at_left.mark("text", align="left", dx=6, dy=-9, fontWeight="bold", **outline).encode(
            x="at:Q", y="price:Q", text="text:N"
        )
        for outline in outlines
    ]
    share = curve.break_even_percentile()
    drop = chart([{"at": share * total, "base": start, "price": price}])
    marker = drop.mark("rule", color=INK, strokeWidth=1, strokeDash=[2, 2]).encode(x="at:Q", y="base:Q", y2="price:Q")
    drawing = layered(bars, line, *label, marker) if 0.0 < share < 1.0 else layered(bars, line, *label)
    name = "cost_curve" if key == "province" else f"cost_curve_by_{key}"
    return figure(
        drawing,
        name=name,
        title=say("costs.of_by", cost_name=_cost_name(curve), plants=len(curve.plants), key=called("group", key)),
        subtitle=say("costs.each_bar_is_one_plant", share=share),
        sentence=cost_sentence(curve),
        source=source,
        units=say("costs.x_kt_year_y", unit=unit),
        height=290,
    )


def _cost_name(curve: CostCurve) -> str:
    return say(f"costs.called.{curve.measure}_{'net' if curve.net else 'gross'}")


def _bars(curve: CostCurve, key: Key) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    if key == "state":
        return _state_bars(curve)
    labels: Sequence[str] = curve.governments if key == "province" else curve.owners
    groups = curve.by(key)
    sizes = {group.name: group.capacity_kt for group in groups}
    kept = grouped_names(sizes, first={group.name: group.under_water_kt for group in groups})
    domain, colours = category_colours(kept, others=len(sizes) > len(kept))
    rows = [
        {
            "from": float(curve.cumulative_capacity_kt[place] - curve.capacity_kt[place]),
            "to": float(curve.cumulative_capacity_kt[place]),
            "cost": curve.with_vat(float(curve.cost_per_t[place])),
            "group": labels[place] if labels[place] in kept else called_others(),
            "plant": curve.plants[place],
        }
        for place in range(len(curve.plants))
    ]
    return rows, domain, colours


def _state_bars(curve: CostCurve) -> tuple[list[dict[str, Any]], list[str], list[str]]:
    plants: Mapping[str, Any] = {plant.name: plant for plant in curve.industry.plants}
    rows: list[dict[str, Any]] = []
    for place, name in enumerate(curve.plants):
        plant = plants[name]
        at = float(curve.cumulative_capacity_kt[place] - curve.capacity_kt[place])
        parts = {"running": plant.running_kt, "ramping_up": plant.commissioning_kt, "idle": plant.idle_kt}
        for state, size in parts.items():
            if size <= 0.0:
                continue
            rows.append(
                {
                    "from": at,
                    "to": at + size,
                    "cost": curve.with_vat(float(curve.cost_per_t[place])),
                    "group": called("state", state),
                    "plant": name,
                }
            )
            at += size
    there = [name for name in _STATES if called("state", name) in {row["group"] for row in rows}]
    return rows, [called("state", name) for name in there], [_STATES[name] for name in there]
