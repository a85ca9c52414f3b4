"""The cost curve: one bar a plant, as wide as its capacity, against the price."""

from __future__ import annotations

__all__ = ["cost_curve_figures"]

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from potline.costs import CostCurve
from potline.report.chart import channel, chart, layered
from potline.report.figure import Figure, figure
from potline.report.theme import FALL, GREY, INK, OTHERS, axis_start, axis_title, category_colours, grouped_names
from potline.report.words import amount, counted, listing, money, money_m, percent, tonnes

Key = Literal["province", "owner", "state"]
_STATES = {"running": "#0072b2", "ramping up": FALL, "idle": GREY}


def cost_curve_figures(curve: CostCurve, *, source: str) -> tuple[Figure, ...]:
    """Draw the curve coloured by province, by owner, and by what each line does."""
    return tuple(_cost_curve(curve, key, source) for key in ("province", "owner", "state"))


def cost_sentence(curve: CostCurve) -> str:
    """Say how much stands under water, where, and what it loses."""
    water = curve.under_water()
    currency = curve.industry.currency
    price = money(curve.with_vat(curve.price_per_t), currency)
    kind = f"{curve.measure} cost {'after' if curve.net else 'before'} support"
    if not water.plants:
        return f"At {price} every plant covers its {kind}."
    sunk = {group.name: group.under_water_kt for group in curve.by("province") if group.under_water_kt > 0.0}
    first = sorted(sunk, key=lambda name: -sunk[name])[:3]
    where = listing([f"{name or 'no province'} ({tonnes(sunk[name])})" for name in first])
    return (
        f"At {price}, {len(water.plants)} of {counted(len(curve.plants), 'plant')} ({tonnes(water.capacity_kt)}, "
        f"{percent(water.capacity_share)} of capacity) do not cover their {kind}; most of it stands in {where}. Their "
        f"running lines lose {money_m(water.loss_m_per_year, currency)} a year."
    )


def _cost_curve(curve: CostCurve, key: Key, source: str) -> Figure:
    currency, vat = curve.industry.currency, curve.industry.vat_rate
    rows, domain, colours = _bars(curve, key)
    price = curve.with_vat(curve.price_per_t)
    highest = max([float(row["cost"]) for row in rows] + [price])
    start = axis_start(min([float(row["cost"]) for row in rows] + [price]), highest)
    for row in rows:
        row["base"] = start
    unit = f"{currency}/t" + (f" with {percent(vat)} VAT" if vat else "")
    total = curve.total_capacity_kt
    scale = {"domain": [start, highest + 0.06 * (highest - start)], "nice": False}
    y_axis = channel("base:Q", scale=scale, title=axis_title(_cost_name(curve), unit, starts_at=start))
    bars = (
        chart(rows)
        .mark("rect", stroke="white", strokeWidth=0.5)
        .encode(
            x=channel(
                "from:Q",
                title="Cumulative capacity, kt/year",
                scale={"domain": [0, total], "nice": False},
                axis={"grid": False, "tickCount": 10},
            ),
            x2="to:Q",
            y=y_axis,
            y2="cost:Q",
            color=channel(
                "group:N",
                scale={"domain": domain, "range": colours},
                legend={"title": None, "columns": 8 if key == "province" else 4, "labelLimit": 170},
            ),
        )
    )
    line = chart([{"price": price}]).mark("rule", color=INK, strokeWidth=1.6, strokeDash=[6, 3]).encode(y="price:Q")
    at_left = chart([{"price": price, "at": 0.0, "text": f"Price {amount(price)}"}])
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
        title=f"{_cost_name(curve)} of {counted(len(curve.plants), 'plant')}, by {key}",
        subtitle="Each bar is one plant, as wide as its capacity; "
        f"{percent(share)} of all capacity covers its cost (dotted)",
        sentence=cost_sentence(curve),
        source=source,
        units=f"x: kt/year; y: {unit}",
        height=290,
    )


def _cost_name(curve: CostCurve) -> str:
    return f"{'Net' if curve.net else 'Gross'} {curve.measure} cost"


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
            "group": labels[place] if labels[place] in kept else OTHERS,
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
        parts = {"running": plant.running_kt, "ramping up": plant.commissioning_kt, "idle": plant.idle_kt}
        for state, size in parts.items():
            if size <= 0.0:
                continue
            rows.append(
                {
                    "from": at,
                    "to": at + size,
                    "cost": curve.with_vat(float(curve.cost_per_t[place])),
                    "group": state,
                    "plant": name,
                }
            )
            at += size
    return rows, list(_STATES), list(_STATES.values())
