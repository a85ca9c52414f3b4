"""The province map: average margin and what stands under water, one square a province."""

from __future__ import annotations

__all__ = ["province_figure"]

from potline.costs import CostCurve
from potline.report.drawings import province_map
from potline.report.figure import Figure, figure
from potline.report.places import below_the_map
from potline.report.words import listing, percent, signed


def province_figure(curve: CostCurve, *, source: str) -> Figure:
    """Draw the average cash margin of each province and the share of its capacity under water."""
    currency = curve.industry.currency
    groups = [group for group in curve.by("province") if group.name and group.capacity_kt > 0.0]
    margins = {group.name: curve.price_per_t - group.cost_per_t for group in groups}
    shares = {group.name: group.under_water_kt / group.capacity_kt for group in groups}
    texts = {name: f"{signed(margins[name])}|{percent(shares[name])} under" for name in margins}
    tax = " without VAT" if curve.industry.vat_rate else ""
    losing = [name for name in margins if margins[name] < 0.0]
    worst = sorted(losing, key=lambda name: margins[name])
    if worst:
        sentence = (
            f"The average plant loses money in {len(losing)} of {len(margins)} regions, most in "
            f"{listing([f'{name} ({signed(margins[name])} {currency}/t{tax})' for name in worst[:3]])}; "
        )
    else:
        sentence = f"The average plant covers its cash cost in all {len(margins)} regions; "
    best = max(margins, key=lambda name: margins[name])
    sentence += f"it earns most in {best} ({signed(margins[best])} {currency}/t{tax})."
    sentence += below_the_map(margins)
    unit = f"{currency}/t without VAT" if curve.industry.vat_rate else f"{currency}/t"
    return figure(
        province_map(margins, texts),
        name="province_map",
        title="Average cash margin by province",
        subtitle=f"Price less net cash cost, {unit}, weighted by capacity; below it the share of capacity under water",
        sentence=sentence,
        source=source,
        units=f"{unit}; % of capacity",
        width=None,
        height=None,
    )
