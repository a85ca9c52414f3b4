"""The shared input: what suppliers offer, what plants need, and where imports come in."""

from __future__ import annotations

__all__ = ["imports_figure", "parity_figure", "supplier_figure"]

import math
from typing import TYPE_CHECKING

from potline.report.drawings import Block, Level, Line, band_rows, blocks, lines
from potline.report.figure import Figure, figure
from potline.report.saying import say
from potline.report.theme import CATEGORIES, GREY, RISE, axis_start, axis_title
from potline.report.words import month_words

if TYPE_CHECKING:
    from potline.equilibrium.input_market import InputMarketResult
    from potline.evidence import InputImports


def _supplier_words(market: InputMarketResult, product: str) -> str:
    """Say what is needed, who makes it, and what a landed tonne costs."""
    industry, capacity = market.industry, float(market.capacity_kt.sum())
    parity, price = industry.with_vat(market.parity_per_t), industry.with_vat(market.price_per_t)
    shut = (
        say("input_market.suppliers_run_at_of", average_operating_rate=market.average_operating_rate, capacity=capacity)
        if capacity
        else say("input_market.no_supplier_is_listed")
    )
    come = (
        say("input_market.imports_of_kt_year_fill", imports_kt=market.imports_kt)
        if market.imports_kt > 0.0
        else say("input_market.no_imports_come_in_at")
    )
    return say(
        "input_market.plants_and_other_users_need"
        if math.isfinite(parity) and price < parity
        else "input_market.plants_and_other_users_need_2",
        demand_kt=market.demand_kt,
        product=product,
        shut=shut,
        come=come,
        price=price,
        currency=industry.currency,
        parity=abs(parity - price),
    )


def supplier_figure(market: InputMarketResult, *, source: str) -> Figure:
    """Draw the suppliers as a step curve against demand and import parity."""
    industry = market.industry
    vat = 1.0 + industry.vat_rate
    unit = say(
        "input_market.t_with_vat" if industry.vat_rate else "input_market.t",
        currency=industry.currency,
        vat_rate=industry.vat_rate,
    )
    order = sorted(range(len(market.suppliers)), key=lambda place: float(market.cash_cost_per_t[place]))
    names = {True: say("input_market.running_at_the_models_price"), False: say("input_market.priced_out")}
    product = industry.input_market.product if industry.input_market else say("page.the_input")
    costs = [vat * float(market.cash_cost_per_t[place]) for place in order]
    parity, price = vat * market.parity_per_t, vat * market.price_per_t
    levels = [
        Level(
            at=market.demand_kt,
            label=say("input_market.demand", demand_kt=market.demand_kt),
            upright=True,
            side="right",
        )
    ]
    if math.isfinite(parity):
        levels.append(Level(at=parity, label=say("input_market.import_parity", parity=parity)))
    tops = costs + ([parity] if math.isfinite(parity) else []) + [price]
    low, high = axis_start(min(tops), max(tops), gap=0.3), max(tops)
    items: list[Block] = []
    for place, cost in zip(order, costs, strict=True):
        made = float(market.output_kt[place])
        left = float(market.capacity_kt[place]) - made
        if made > 0.0:
            items.append(Block(width=made, low=low, high=cost, group=names[True]))
        if left > 1e-9:
            items.append(Block(width=left, low=low, high=cost, group=names[False]))
    capacity = float(market.capacity_kt.sum())
    drawn = blocks(
        items,
        levels,
        x_title=say("input_market.cumulative_capacity_kt_year", product=product),
        y_title=axis_title(say("input_market.cash_cost_delivered"), unit, starts_at=low),
        y_domain=(low, high + 0.18 * (high - low)),
        groups=list(names.values()),
        colours=["#56b4e9", GREY],
        x_most=max(capacity, 1.03 * market.demand_kt),
        height=250,
    )
    sentence = _supplier_words(market, product)
    return figure(
        drawn,
        name="suppliers",
        title=say("input_market.domestic_suppliers_by_cash_cost", product=product),
        sentence=sentence,
        source=source,
        units=say("input_market.x_kt_year_y", unit=unit),
        width=None,
        height=None,
    )


def imports_figure(imports: InputImports, *, product: str, source: str) -> Figure:
    """Draw the model's imports month by month against customs.

    Months without a published price abroad stand apart; months that customs is not known for are gaps, not 0.
    """
    known = [month for month in imports.months if not math.isnan(month.customs_kt)]
    scored = imports.scored
    other = [month for month in imports.months if not month.scored]
    items = [
        Line(
            name=say("input_market.model_price_abroad_published"),
            points=tuple((month.month, month.imports_kt) for month in scored),
            colour=CATEGORIES[0],
            points_only=True,
        ),
        Line(
            name=say("input_market.model_price_abroad_derived_not"),
            points=tuple((month.month, month.imports_kt) for month in other),
            colour=CATEGORIES[4],
            points_only=True,
            dashed=True,
        ),
    ]
    drawn = lines(
        [item for item in items if item.points],
        x_title=say("input_market.month_of_landing"),
        y_title=axis_title(say("input_market.imports_of", product=product), "kt/month"),
        bars=[(month.month, month.customs_kt) for month in known],
        bars_name=say("input_market.customs"),
        gaps=[month.month for month in imports.months if math.isnan(month.customs_kt)],
        gaps_name=say("input_market.customs_not_known"),
        months=True,
        height=230,
    )
    below = [month for month in scored if month.imports_kt <= 0.0 < month.customs_kt]
    sentence = (
        say(
            "input_market.over_with_a_published_price",
            scored=len(scored),
            mean_absolute_error_kt=imports.mean_absolute_error_kt,
            mean_error_kt=imports.mean_error_kt,
            mean_customs_kt=imports.mean_customs_kt,
        )
        + " "
    )
    sentence += (
        say("input_market.it_says_none_in_and", below=[month_words(month.month) for month in below])
        if below
        else say("input_market.it_never_says_none_where")
    )
    return figure(
        drawn,
        name="input_imports",
        title=say("input_market.imports_of_customs_and_what", product=product),
        subtitle=say("input_market.a_months_cargoes_are_priced", lag_months=imports.lag_months),
        sentence=sentence,
        source=source,
        units=say("input_market.x_month_y_kt_month"),
        width=None,
        height=None,
    )


def parity_figure(imports: InputImports, *, product: str, currency: str, vat_rate: float, source: str) -> Figure:
    """Draw what a landed tonne cost against the domestic price of the model, as quoted."""
    months = [month for month in imports.months if math.isfinite(month.parity_with_vat_per_t)]
    unit = say("input_market.t_with_vat" if vat_rate else "input_market.t", currency=currency, vat_rate=vat_rate)
    landed = Line(
        name=say("input_market.landed_import"),
        points=tuple((month.month, month.parity_with_vat_per_t) for month in months),
        colour=RISE,
        marked=True,
    )
    home = Line(
        name=say("input_market.domestic_model"),
        points=tuple((month.month, month.price_with_vat_per_t) for month in months),
        colour=CATEGORIES[0],
        marked=True,
    )
    values = [value for line in (landed, home) for _, value in line.points]
    start = axis_start(min(values), max(values), gap=0.25)
    drawn = lines(
        [landed, home],
        x_title=say("input_market.month_of_landing"),
        y_title=axis_title(say("input_market.price"), unit, starts_at=start),
        y_domain=(start, max(values) + 0.1 * (max(values) - start)),
        band=band_rows(
            [month.month for month in months],
            [month.price_with_vat_per_t for month in months],
            [month.parity_with_vat_per_t for month in months],
        ),
        band_name=say("input_market.gap_landed_above_domestic"),
        months=True,
        height=230,
    )
    last = months[-1]
    gap = -last.gap_with_vat_per_t
    sentence = say(
        "input_market.in_a_landed_tonne_of" if gap > 0.0 else "input_market.in_a_landed_tonne_of_2",
        month=last.month,
        product=product,
        parity_with_vat_per_t=last.parity_with_vat_per_t,
        currency=currency,
        price_with_vat_per_t=last.price_with_vat_per_t,
        gap=gap,
    )
    return figure(
        drawn,
        name="input_parity",
        title=say("input_market.landed_import_against_domestic_price", product=product.capitalize()),
        sentence=sentence,
        source=source,
        units=say("input_market.x_month_y", unit=unit),
        width=None,
        height=None,
    )
