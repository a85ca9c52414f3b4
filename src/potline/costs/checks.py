"""Check a cost curve plant by plant, from the industry that it names: order, costs, sums, and what is under water."""

from __future__ import annotations

__all__ = ["verify_curve"]

import itertools
import math
from collections import defaultdict

from potline.choices import CostMeasure, Valuation
from potline.costs.curve import CostCurve
from potline.industry import Plant
from potline.reading import refuse
from potline.verification import Check, Checked, verify, worst

_CLOSE = 1e-9


def verify_curve(result: CostCurve) -> Checked:
    """Return the certificate of a cost curve and of what it says at its own price.

    Every cost is added up from a plant's inputs, support and other costs; sums and groups are made anew, in another
    order. ``order`` and ``names`` count differences, all else is relative to the largest cost or capacity.
    """
    plants, industry = result.industry.plants, result.industry
    by_name = {plant.name: plant for plant in plants}
    decides = {firm.name: firm.owner or firm.name for firm in industry.firms}
    known = [by_name.get(name) for name in result.plants]
    named = sorted(result.plants) == sorted(by_name) and None not in known
    if not named:
        return Checked((Check(name="curve: names", value=1.0, tolerance=0.0, unit="differences"),))
    order = [plant for plant in known if plant is not None]
    cost = [_cost(result, plant) for plant in order]
    size = max((abs(value) for value in cost), default=1.0) or 1.0
    total = math.fsum(plant.capacity_kt for plant in plants) or 1.0
    names = [
        result.firms == tuple(plant.firm for plant in order),
        result.owners == tuple(decides.get(plant.firm, plant.firm) for plant in order),
        result.governments == tuple(plant.government for plant in order),
        result.net in (True, False) and result.measure in tuple(CostMeasure),
    ]
    sums = [math.fsum(plant.capacity_kt for plant in order[: k + 1]) for k in range(len(order))]
    runs = [math.fsum(plant.running_kt for plant in order[: k + 1]) for k in range(len(order))]
    pairs = [
        *zip(result.capacity_kt.tolist(), (plant.capacity_kt for plant in order), strict=False),
        *zip(result.running_kt.tolist(), (plant.running_kt for plant in order), strict=False),
        *zip(result.cumulative_capacity_kt.tolist(), sums, strict=False),
        *zip(result.cumulative_running_kt.tolist(), runs, strict=False),
    ]
    whole = all(
        array.shape == (len(plants),)
        for array in (
            result.cost_per_t, result.capacity_kt, result.running_kt, result.cumulative_capacity_kt,
            result.cumulative_running_kt,
        )
    )  # fmt: skip
    stated = result.cost_per_t.tolist()
    rows = [
        ("names", float(names.count(False) + (not whole)), 0.0, "differences", "read again from the plants"),
        ("costs", worst(abs(a - b) for a, b in zip(stated, cost, strict=False)) / size, _CLOSE, "of the largest",
         "added up from inputs, support and other costs"),
        ("order", float(sum(not a <= b for a, b in itertools.pairwise(stated))), 0.0, "differences",
         "each plant no cheaper than the one before"),
        ("capacities", worst(abs(a - b) for a, b in pairs) / total, _CLOSE, "of all capacity", "summed anew"),
    ]  # fmt: skip
    fine = whole and all(names) and all(map(math.isfinite, itertools.chain(*pairs, stated)))
    if fine and math.isfinite(result.price_per_t):
        rows.append(("under water", _water(result, order, cost), _CLOSE, "relative", "plant by plant at its price"))
    elif not fine or not math.isnan(result.price_per_t) or not math.isnan(industry.price_per_t):
        rows.append(("under water", math.nan, _CLOSE, "relative", "the price is none"))
    return Checked(
        tuple(
            Check(name=f"curve: {name}", value=value, tolerance=tolerance, unit=unit, method=method)
            for name, value, tolerance, unit, method in rows
        )
    )


def _cost(result: CostCurve, plant: Plant) -> float:
    """Return the cost of a plant, added up."""
    own = result.industry.own_inputs == Valuation.AT_COST
    parts = [plant.other_cost_per_t, plant.freight_per_t]
    for item in plant.inputs:
        price = item.price_per_unit
        if own:
            price += item.own_share * (item.own_cost_per_unit - item.price_per_unit)
        parts.append(item.use_per_t * price)
    if result.net:
        power = math.fsum(item.use_per_t for item in plant.inputs if item.product == "electricity")
        parts += [-plant.support_per_t, -plant.support_per_kwh * power]
    if result.measure == CostMeasure.FULL:
        parts += [plant.depreciation_per_t, plant.interest_per_t]
    return math.fsum(parts)


def _water(result: CostCurve, order: list[Plant], cost: list[float]) -> float:
    """Return the largest relative gap of what the curve says of its own price, in all and by group."""
    said, price = result.under_water(), result.price_per_t
    near = 1e-12 * max(abs(price), 1.0)
    dear = [k for k, value in enumerate(cost) if value > price + near]
    touching = [k for k, value in enumerate(cost) if abs(value - price) <= near]
    if touching:  # equal on paper: either side is right
        return 0.0
    built = math.fsum(plant.capacity_kt for plant in order)
    kt = built or 1.0
    money = math.fsum(abs(price - c) * plant.running_kt for c, plant in zip(cost, order, strict=True)) / 1e3 or 1.0
    lost = math.fsum((cost[k] - price) * order[k].running_kt for k in dear) / 1e3
    gaps = [
        (said.capacity_kt - math.fsum(order[k].capacity_kt for k in dear)) / kt,
        (said.running_kt - math.fsum(order[k].running_kt for k in dear)) / kt,
        (said.loss_m_per_year - lost) / money,
        0.0 if said.plants == tuple(order[k].name for k in dear) else 1.0,
        said.capacity_share - math.fsum(order[k].capacity_kt for k in dear) / kt
        if built
        else 0.0
        if math.isnan(said.capacity_share)
        else 1.0,
    ]
    labels = {"province": result.governments, "owner": result.owners, "firm": result.firms}
    for key, names in labels.items():
        members: dict[str, list[int]] = defaultdict(list)
        for k, name in enumerate(names):
            members[name].append(k)
        for group in result.by(key):  # type: ignore[arg-type]
            mine = members.pop(group.name, [])
            gaps.append(0.0 if len(mine) == group.plants and mine else 1.0)
            gaps.append((group.capacity_kt - math.fsum(order[k].capacity_kt for k in mine)) / kt)
            gaps.append((group.under_water_kt - math.fsum(order[k].capacity_kt for k in mine if k in dear)) / kt)
            result_m = math.fsum((price - cost[k]) * order[k].running_kt for k in mine) / 1e3
            gaps.append((group.result_m_per_year - result_m) / money)
        gaps.append(float(len(members)))
    return worst(abs(gap) for gap in gaps)


@verify.register
def _(result: CostCurve, tolerance: object = None) -> Checked:
    if tolerance is not None:
        raise refuse("tolerance", repr(tolerance), "none for a CostCurve", "Each of its checks states its own.")
    return verify_curve(result)
