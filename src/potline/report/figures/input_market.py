"""The shared input: what suppliers offer, what plants need, and where imports come in."""

from __future__ import annotations

__all__ = ["imports_figure", "parity_figure", "supplier_figure"]

import math
from typing import TYPE_CHECKING

from potline.report.drawings import Block, Level, Line, band_rows, blocks, lines
from potline.report.figure import Figure, figure
from potline.report.theme import CATEGORIES, GREY, RISE, axis_start, axis_title
from potline.report.words import amount, counted, listing, month_words, percent, quantity, signed, tonnes

if TYPE_CHECKING:
    from potline.equilibrium.input_market import InputMarketResult
    from potline.evidence import InputImports


def supplier_figure(market: InputMarketResult, *, source: str) -> Figure:
    """Draw the suppliers as a step curve against demand and import parity."""
    industry = market.industry
    vat = 1.0 + industry.vat_rate
    unit = f"{industry.currency}/t" + (f" with {percent(industry.vat_rate)} VAT" if industry.vat_rate else "")
    order = sorted(range(len(market.suppliers)), key=lambda place: float(market.cash_cost_per_t[place]))
    names = {True: "running at the model's price", False: "priced out"}
    product = industry.input_market.product if industry.input_market else "input"
    costs = [vat * float(market.cash_cost_per_t[place]) for place in order]
    parity, price = vat * market.parity_per_t, vat * market.price_per_t
    levels = [Level(at=market.demand_kt, label=f"demand {tonnes(market.demand_kt)}", upright=True, side="right")]
    if math.isfinite(parity):
        levels.append(Level(at=parity, label=f"Import parity {amount(parity)}"))
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
        x_title=f"Cumulative {product} capacity, kt/year",
        y_title=axis_title("Cash cost delivered", unit, starts_at=low),
        y_domain=(low, high + 0.18 * (high - low)),
        groups=list(names.values()),
        colours=["#56b4e9", GREY],
        x_most=max(capacity, 1.03 * market.demand_kt),
        height=250,
    )
    shut = (
        f"suppliers run at {percent(market.average_operating_rate)} of {tonnes(capacity)}"
        if capacity
        else "no supplier is listed"
    )
    come = (
        f"imports of {quantity(market.imports_kt, 'kt/year')} fill the rest at parity"
        if market.imports_kt > 0.0
        else "no imports come in at parity"
    )
    sentence = (
        f"Plants and other users need {tonnes(market.demand_kt)} of {product}; {shut}, {come}, and the price clears "
        f"at {amount(price)} {industry.currency}/t"
        + (
            f", {amount(abs(parity - price))} {industry.currency}/t below landed parity."
            if math.isfinite(parity) and price < parity
            else "."
        )
    )
    return figure(
        drawn,
        name="suppliers",
        title=f"Domestic {product}: suppliers by cash cost, against import parity",
        sentence=sentence,
        source=source,
        units=f"x: kt/year; y: {unit}",
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
            name="model, price abroad published",
            points=tuple((month.month, month.imports_kt) for month in scored),
            colour=CATEGORIES[0],
            points_only=True,
        ),
        Line(
            name="model, price abroad derived (not scored)",
            points=tuple((month.month, month.imports_kt) for month in other),
            colour=CATEGORIES[4],
            points_only=True,
            dashed=True,
        ),
    ]
    drawn = lines(
        [item for item in items if item.points],
        x_title="Month of landing",
        y_title=axis_title(f"Imports of {product}", "kt/month"),
        bars=[(month.month, month.customs_kt) for month in known],
        bars_name="customs",
        gaps=[month.month for month in imports.months if math.isnan(month.customs_kt)],
        gaps_name="customs not known",
        months=True,
        height=230,
    )
    below = [month for month in scored if month.imports_kt <= 0.0 < month.customs_kt]
    sentence = (
        f"Over {counted(len(scored), 'month')} with a published price abroad the step model misses customs by "
        f"{quantity(imports.mean_absolute_error_kt, 'kt a month')} on average (mean error "
        f"{signed(imports.mean_error_kt)} kt; customs average {amount(imports.mean_customs_kt)} kt). "
    )
    sentence += (
        f"It says none in {listing([month_words(month.month) for month in below], most=4)}, and cargoes came in all "
        "the same: contracts, qualities and stocks are what the step model leaves out."
        if below
        else "It never says none where customs shows some."
    )
    return figure(
        drawn,
        name="input_imports",
        title=f"Imports of {product}: customs, and what parity alone would bring in",
        subtitle=f"A month's cargoes are priced {counted(imports.lag_months, 'month')} before landing; nothing is "
        "fitted",
        sentence=sentence,
        source=source,
        units="x: month; y: kt/month",
        width=None,
        height=None,
    )


def parity_figure(imports: InputImports, *, product: str, currency: str, vat_rate: float, source: str) -> Figure:
    """Draw what a landed tonne cost against the domestic price of the model, as quoted."""
    months = [month for month in imports.months if math.isfinite(month.parity_with_vat_per_t)]
    unit = f"{currency}/t" + (f" with {percent(vat_rate)} VAT" if vat_rate else "")
    landed = Line(
        name="landed import",
        points=tuple((month.month, month.parity_with_vat_per_t) for month in months),
        colour=RISE,
        marked=True,
    )
    home = Line(
        name="domestic, model",
        points=tuple((month.month, month.price_with_vat_per_t) for month in months),
        colour=CATEGORIES[0],
        marked=True,
    )
    values = [value for line in (landed, home) for _, value in line.points]
    start = axis_start(min(values), max(values), gap=0.25)
    drawn = lines(
        [landed, home],
        x_title="Month of landing",
        y_title=axis_title("Price", unit, starts_at=start),
        y_domain=(start, max(values) + 0.1 * (max(values) - start)),
        band=band_rows(
            [month.month for month in months],
            [month.price_with_vat_per_t for month in months],
            [month.parity_with_vat_per_t for month in months],
        ),
        band_name="gap: landed above domestic",
        months=True,
        height=230,
    )
    last = months[-1]
    gap = -last.gap_with_vat_per_t
    sentence = (
        f"In {month_words(last.month)} a landed tonne of {product} cost {amount(last.parity_with_vat_per_t)} "
        f"{currency}/t with VAT and a domestic one {amount(last.price_with_vat_per_t)}: "
        + (f"imports were {amount(gap)} {currency}/t dearer." if gap > 0.0 else "imports set the price.")
    )
    return figure(
        drawn,
        name="input_parity",
        title=f"{product.capitalize()}: landed import against domestic price",
        sentence=sentence,
        source=source,
        units=f"x: month; y: {unit}",
        width=None,
        height=None,
    )
