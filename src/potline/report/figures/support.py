"""Support: what it keeps above water, and where plants would stop without it."""

from __future__ import annotations

__all__ = ["policies_figure", "under_water_figure"]

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from potline.costs import CostCurve
from potline.industry import Industry
from potline.report.chart import channel, chart, layered
from potline.report.drawings import Line, lines
from potline.report.figure import Figure, figure
from potline.report.saying import say
from potline.report.theme import CATEGORIES, INK, axis_line, axis_start, axis_title
from potline.report.words import amount

if TYPE_CHECKING:
    from potline.shutdown import PolicyEffect

_REACH = 0.15
_POINTS = 121


def under_water_figure(net: CostCurve, gross: CostCurve, full: CostCurve, *, source: str) -> Figure:
    """Draw the share of capacity under water as the price moves, before and after support, and on full cost."""
    currency = net.industry.currency
    prices = [net.price_per_t * (1.0 - _REACH + 2.0 * _REACH * k / (_POINTS - 1)) for k in range(_POINTS)]
    before, after = gross.under_water(), net.under_water()
    saved = before.capacity_kt - after.capacity_kt
    supported = any(plant.support_total_per_t > 0.0 for plant in net.industry.plants)
    curves = {"cash_cost": net, "full_cost": full}
    colours: tuple[str, ...] = (CATEGORIES[0], CATEGORIES[4])
    if supported:
        curves = {"cash_before": gross, "cash_after": net, "full_after": full}
        colours = (CATEGORIES[3], *colours)
    items = [
        Line(
            name=say(f"costs.curve.{name}"),
            points=tuple(
                (net.with_vat(price), 100.0 * float(water) / (curve.total_capacity_kt or 1.0))
                for price, water in zip(prices, curve.under_water_kt(prices), strict=True)
            ),
            colour=colour,
            step=True,
        )
        for (name, curve), colour in zip(curves.items(), colours, strict=True)
    ]
    unit = say(
        "costs.t_with_vat_2" if net.industry.vat_rate else "costs.t", currency=currency, vat_rate=net.industry.vat_rate
    )
    now = net.with_vat(net.price_per_t)
    sentence = say(
        "costs.at_of_capacity_is_under",
        currency=currency,
        now=now,
        cash_share=after.capacity_share,
        full_share=full.under_water().capacity_share,
    )
    if supported:
        sentence = say(
            "costs.at_of_capacity_would_be",
            currency=currency,
            now=now,
            share_before=before.capacity_share,
            share_after=after.capacity_share,
            saved=saved,
        )
    step = 10.0 ** (math.floor(math.log10(max(now, 1e-9))) - 2)
    start = math.ceil(net.with_vat(prices[0]) / step) * step
    drawn = lines(
        [_from(item, start) for item in items],
        x_title=axis_line(say("costs.price_2"), unit, starts_at=start),
        y_title=axis_title(say("costs.capacity_under_water"), say("costs.of_all_capacity")),
        y_domain=(0.0, 100.0),
        x_domain=(start, net.with_vat(prices[-1])),
        upright=[(now, say("costs.price_now", now=now))],
        height=230,
    )
    return figure(
        drawn,
        name="under_water",
        title=say("costs.capacity_under_water_as_the"),
        sentence=sentence,
        source=source,
        units=say("costs.x_y_of_capacity", unit=unit),
        width=None,
        height=None,
    )


def _from(line: Line, start: float) -> Line:
    return dataclasses.replace(line, points=tuple(point for point in line.points if float(point[0]) >= start))


def policies_figure(effects: Sequence[PolicyEffect], industry: Industry, *, source: str) -> Figure | None:
    """Draw, policy by policy, net cash cost and stopping price of the plants it reaches, without and with it."""
    if not effects:
        return None
    unit = say(
        "policies.t_with_vat" if industry.vat_rate else "policies.t",
        currency=industry.currency,
        vat_rate=industry.vat_rate,
    )
    price = industry.with_vat(industry.price_per_t)
    rows = _policies_rows(effects, industry)
    ends = [float(row[key]) for row in rows for key in ("without", "with")] + [price]
    start = axis_start(min(ends), max(ends), gap=0.2)
    reach = max(ends) - start
    kinds = [say("policies.net_cash_cost"), say("policies.stopping_price")]
    x_scale = {"domain": [start, max(ends) + 0.2 * reach], "nice": False}
    x_title = axis_line(say("policies.price_as_quoted"), unit, starts_at=start)
    y_axis = channel(
        "policy:N",
        title=None,
        sort=list(dict.fromkeys(row["policy"] for row in rows)),
        axis={
            "labelLimit": 280,
            "ticks": False,
            "domain": False,
            "labelExpr": "split(datum.label, '|')",
            "labelOffset": -6,
        },
    )
    offset = channel("kind:N", sort=kinds)
    colour = channel(
        "kind:N",
        scale={"domain": kinds, "range": [CATEGORIES[1], CATEGORIES[0]]},
        legend={"title": None, "symbolType": "circle"},
    )
    base = chart(rows)
    x_axis = channel("without:Q", title=x_title, scale=x_scale, axis={"tickCount": 6})
    stroke = base.mark("rule", strokeWidth=3).encode(x=x_axis, x2="with:Q", y=y_axis, yOffset=offset, color=colour)
    hollow = base.mark("point", size=70, filled=False, strokeWidth=2, fill="white").encode(
        x=x_axis, y=y_axis, yOffset=offset, color=colour
    )
    filled = base.mark("point", size=80, filled=True, opacity=1).encode(
        x=channel("with:Q", scale=x_scale), y=y_axis, yOffset=offset, color=colour
    )
    text = base.mark("text", align="left", dx=9, fontSize=11.5).encode(
        x=channel("right:Q", scale=x_scale), y=y_axis, yOffset=offset, text="text:N"
    )
    line = chart([{"price": price}]).mark("rule", color=INK, strokeDash=[6, 3], strokeWidth=1.5).encode(x="price:Q")
    return figure(
        layered(stroke, hollow, filled, text, line).sized(width=430, height=54 * len(effects)),
        name="policies",
        title=say("policies.what_each_policy_does_cost"),
        subtitle=say("policies.average_of_the_plants_it", price=price),
        sentence=_policies_words(effects, industry),
        source=source,
        units=unit,
        width=None,
        height=None,
    )


def _policies_rows(effects: Sequence[PolicyEffect], industry: Industry) -> list[dict[str, Any]]:
    """Return a row for each policy and each of cost and stopping price, as quoted."""
    rows: list[dict[str, Any]] = []
    for effect in effects:
        label = say("policies.named_in_force" if effect.in_force else "policies.named_as_if", policy=effect.policy)
        pairs = {
            say("policies.net_cash_cost"): (effect.net_cost_without_per_t, effect.net_cost_with_per_t),
            say("policies.stopping_price"): (effect.stop_without_per_t, effect.stop_with_per_t),
        }
        for kind, (without, with_it) in pairs.items():
            rows.append(
                {
                    "policy": label,
                    "kind": kind,
                    "without": industry.with_vat(without),
                    "with": industry.with_vat(with_it),
                    "text": f"{amount(industry.with_vat(without))} → {amount(industry.with_vat(with_it))}",
                    "right": max(industry.with_vat(without), industry.with_vat(with_it)),
                }
            )
    return rows


def _policies_words(effects: Sequence[PolicyEffect], industry: Industry) -> str:
    """Say what lump sums do, and what the first policy a tonne does."""
    lump = [effect for effect in effects if effect.kind == "lump sum"]
    per_tonne = [effect for effect in effects if effect.kind == "per tonne"]
    sentences: list[str] = []
    tax = " " + say("policies.with_vat") if industry.vat_rate else ""
    for effect in lump:
        fall = industry.with_vat(effect.stop_without_per_t - effect.stop_with_per_t)
        sentences.append(
            say("policies.leaves_cash_cost_as_it", policy=effect.policy, fall=fall, currency=industry.currency, tax=tax)
        )
    for effect in per_tonne[:1]:
        fall = industry.with_vat(effect.net_cost_without_per_t - effect.net_cost_with_per_t)
        lifted = effect.under_water_without_kt - effect.under_water_with_kt
        sentences.append(
            say(
                "policies.in_force_lowers_cash_cost" if effect.in_force else "policies.were_it_in_force_lowers",
                policy=effect.policy,
                fall=fall,
                currency=industry.currency,
                tax=tax,
                lifted=lifted,
                capacity_kt=effect.capacity_kt,
            )
        )
    return " ".join(sentences)
