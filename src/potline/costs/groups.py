"""What a cost curve says of a part of the industry: what stands under water, and one province, owner or firm."""

from __future__ import annotations

__all__ = ["CostGroup", "UnderWater"]

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnderWater:
    """What costs more than a price.

    An owner or firm is under water when its running plants together lose money, ``sum (p - c_j) running_j < 0``;
    one that runs nothing is judged by its capacity.

    Attributes:
        price_per_t: the price, money/t without tax.
        plants: plants under water, cheapest first.
        capacity_kt, running_kt: their capacity and running capacity, kt/year.
        capacity_share, running_share: of all capacity and of all running capacity.
        owners, firms: deciding owners and legal firms under water, in the industry's order.
        owners_share, firms_share: share of their number.
        loss_m_per_year: cash loss of the running plants under water, million a year.
        result_m_per_year: result of all running plants together, million a year.
    """

    price_per_t: float
    plants: tuple[str, ...]
    capacity_kt: float
    running_kt: float
    capacity_share: float
    running_share: float
    owners: tuple[str, ...]
    firms: tuple[str, ...]
    owners_share: float
    firms_share: float
    loss_m_per_year: float
    result_m_per_year: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CostGroup:
    """The plants of one province, owner or firm taken together.

    Attributes:
        name: province, owner or firm.
        plants: number of plants.
        capacity_kt, running_kt: kt/year.
        cost_per_t: average cost weighted by capacity, money/t without tax.
        lowest_per_t, highest_per_t: lowest and highest cost of its plants.
        under_water_kt: capacity that costs more than the curve's price, kt/year.
        loss_m_per_year: cash loss of its running plants under water, million a year.
        result_m_per_year: result of its running plants, million a year.
    """

    name: str
    plants: int
    capacity_kt: float
    running_kt: float
    cost_per_t: float
    lowest_per_t: float
    highest_per_t: float
    under_water_kt: float
    loss_m_per_year: float
    result_m_per_year: float
