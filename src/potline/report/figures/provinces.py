"""The province map: average margin and what stands under water, one square a province."""

from __future__ import annotations

__all__ = ["province_figure"]

from potline.costs import CostCurve
from potline.report.drawings import province_map
from potline.report.figure import Figure, figure
from potline.report.places import below_the_map
from potline.report.saying import say

_FITTING, _MOST = 40, 30
"""How many places one map holds, and how many of the largest stand on it where there are more."""


def province_figure(curve: CostCurve, *, source: str) -> Figure | None:
    """Draw the average cash margin of each province and its share under water; None where nothing is built."""
    currency = curve.industry.currency
    groups = [group for group in curve.by("province") if group.name and group.capacity_kt > 0.0]
    margins = {group.name: curve.price_per_t - group.cost_per_t for group in groups}
    if not margins:
        return None
    largest = sorted(groups, key=lambda group: -group.capacity_kt)[: _MOST if len(groups) > _FITTING else None]
    drawn = {group.name: margins[group.name] for group in groups if group in largest}
    shares = {group.name: group.under_water_kt / group.capacity_kt for group in groups}
    texts = {name: say("costs.under", margins=margins[name], shares=shares[name]) for name in margins}
    tax = " " + say("costs.without_vat") if curve.industry.vat_rate else ""
    losing = [name for name in margins if margins[name] < 0.0]
    worst = sorted(losing, key=lambda name: margins[name])
    if worst:
        sentence = (
            say(
                "costs.the_average_plant_loses_money",
                losing=len(losing),
                margins=len(margins),
                worst=[
                    say("costs.with_its_margin", name=name, margin=margins[name], currency=currency, tax=tax)
                    for name in worst[:3]
                ],
            )
            + " "
        )
    else:
        sentence = say("costs.the_average_plant_covers_its", margins=len(margins)) + " "
    best = max(margins, key=lambda name: margins[name])
    sentence += say("costs.it_earns_most_in_t", best=best, margins=margins[best], currency=currency, tax=tax)
    sentence += below_the_map(drawn)
    if len(drawn) < len(margins):
        sentence += " " + say("costs.the_largest_of_them", drawn=len(drawn))
    unit = (
        say("costs.t_without_vat", currency=currency) if curve.industry.vat_rate else say("costs.t", currency=currency)
    )
    return figure(
        province_map(drawn, texts),
        name="province_map",
        title=say("costs.average_cash_margin_by_province"),
        subtitle=say("costs.price_less_net_cash_cost", unit=unit),
        sentence=sentence,
        source=source,
        units=say("costs.of_capacity", unit=unit),
        width=None,
        height=None,
    )
