r"""The stakes of a cartel of owners who set prices under capacity limits.

The deal charges the joint-profit price; a cheat undercuts it and sells what it can; the end is the equilibrium of
prices, in mixed strategies where the rivals of the largest cannot serve the market.
"""

from __future__ import annotations

__all__ = ["price_deal"]

import math

import numpy as np

from potline.agreement.enforcement.deals import DealPayoffs
from potline.agreement.enforcement.quantities import QuantityMarket, quantity_market
from potline.errors import InputError, Problem
from potline.industry import Industry
from potline.numerics.ties import tied
from potline.reading import reads


@reads
def price_deal(industry: Industry, *, shares: str = "capacity") -> DealPayoffs:
    r"""Return the stakes of a cartel of all owners who set prices and are limited by capacity.

    With capacities k, one unit cost c and demand D: in the deal the joint-profit price and shares of what is sold; a
    cheat undercuts, selling min(k_i, D(p)) at the best price p up to that; without a deal, where the others of the
    largest owner n can serve the market at cost, nobody earns anything, and else ``(p_low - c) min(k_i, D(p_low))``
    with ``(p_low - c) min(k_n, D(p_low)) = max over p of (p - c) (D(p) - K_-n)``: who pays most is served first.

    Args:
        industry: linear demand and one unit cost for all; capacities may differ only if demand is inelastic (a share of
            1e-9 or less between cost and the highest price), because small owners may earn more otherwise.
        shares: of what the deal sells: ``capacity`` or ``equal``.

    Raises:
        InputError: costs differ, or capacities differ under elastic demand.

    Source: Compte, Jenny and Rey (2002), European Economic Review 46, pp. 1-29; Brock and Scheinkman (1985), Review of
        Economic Studies 52, pp. 371-382; Kreps and Scheinkman (1983), Bell Journal of Economics 14, pp. 326-337.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> trio = Industry(name="trio", demand=LinearDemand.from_line(intercept_per_t=1.0, slope_per_kt=1.0),
        ...     plants=tuple(Plant(name=n, firm=n, capacity_kt=9.0) for n in "ABC"))
        >>> deal = price_deal(trio)
        >>> [round(1e3 * value[0], 9) for value in (deal.coordinate_m, deal.defect_m, deal.punish_m)]
        [0.083333333, 0.25, 0.0]
    """
    market = quantity_market(industry)
    sizes = np.array([float(end.max(initial=0.0)) for end in market.ends])
    unit = float(np.concatenate(market.costs)[0])
    top = min(market.ceiling, market.intercept)

    def demand(price: float) -> float:
        return max(0.0, (market.intercept - price) / market.slope)

    def earns(price: float, most: float, taken: float = 0.0) -> float:
        return (price - unit) * max(0.0, min(most, demand(price) - taken))

    problems: list[Problem] = []
    if any((cost != unit).any() for cost in market.costs):
        problems.append(Problem(where="industry, plants", found="different unit costs", needed="one for all"))
    if np.ptp(sizes) > 1e-12 * sizes.max() and demand(unit) - demand(top) > 1e-9 * demand(unit):
        problems.append(
            Problem(
                where="industry, capacities",
                found="unequal capacities under elastic demand",
                needed="equal ones, or demand that does not change up to the highest price",
            )
        )
    if shares not in ("capacity", "equal"):
        problems.append(Problem(where="shares", found=repr(shares), needed="capacity or equal"))
    if problems:
        raise InputError(problems)

    def best(most: float, taken: float, highest: float) -> tuple[float, float]:
        peak = 0.5 * (market.intercept - market.slope * taken + unit)
        full = market.intercept - market.slope * (most + taken)
        tried = [p for p in (highest, peak, full) if unit <= p <= highest]
        return max(((p, earns(p, most, taken)) for p in tried), key=lambda pair: pair[1], default=(unit, 0.0))

    total, largest = float(sizes.sum()), int(np.argmax(sizes))
    price, joint = best(total, 0.0, top)
    weight = sizes / total if shares == "capacity" else np.full(sizes.size, 1.0 / sizes.size)
    _, rest = best(float(sizes[largest]), total - float(sizes[largest]), top)
    cheat = [best(float(k), 0.0, price) for k in sizes]
    lowest = _lowest_price(rest, float(sizes[largest]), unit, market, top) if rest > 0.0 else unit
    earned = np.array([joint * weight, [profit for _, profit in cheat], [earns(lowest, float(k)) for k in sizes]])
    in_deal, cheating, punished = (tied(earned.T, price * sizes).T / 1e3).tolist()
    return DealPayoffs(
        owners=market.owners,
        coordinate_m=tuple(in_deal),
        defect_m=tuple(cheating),
        punish_m=tuple(punished),
        price_per_t=price,
        cheat_price_per_t=tuple(p for p, _ in cheat),
    )


def _lowest_price(rest: float, size: float, unit: float, market: QuantityMarket, top: float) -> float:
    """Solve ``(p - c) min(k, D(p)) = rest`` on the rising side; two closed forms."""
    by_capacity = unit + rest / size
    if (market.intercept - by_capacity) / market.slope >= size:
        return min(by_capacity, top)
    middle, half = 0.5 * (market.intercept + unit), 0.5 * (market.intercept - unit)
    return min(middle - math.sqrt(max(half * half - market.slope * rest, 0.0)), top)
