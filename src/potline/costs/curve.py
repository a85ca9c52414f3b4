r"""The cost curve: plants in order of cost, cumulative capacity, and what stands under water at a price.

Cash cost of plant j, net of support per tonne, is ``c_j``; full cost adds depreciation and interest. At a price p,
both without value-added tax, the plants with ``c_j > p`` are under water, the break-even percentile is the share of
capacity with ``c_j <= p``, and the loss is ``sum max(0, c_j - p) running_j / 1000`` million a year. Lump sums are in
no cost a tonne and in no loss here: they are lost only when a whole plant stops.
"""

from __future__ import annotations

__all__ = ["CostCurve", "cost_curve"]

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from potline.choices import CostMeasure, Valuation
from potline.compiled import compile_industry
from potline.costs.groups import CostGroup, UnderWater
from potline.errors import InputError, Problem
from potline.industry import Industry
from potline.reading import Share, reads, refuse
from potline.showing import Shown
from potline.verification import Verified, verify

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@reads
def cost_curve(
    industry: Industry,
    *,
    net: bool = True,
    measure: CostMeasure = CostMeasure.CASH,
    own_inputs: Valuation | None = None,
    price_per_t: float | None = None,
) -> CostCurve:
    """Order the plants of an industry by cost.

    Args:
        industry: the plants and the price.
        net: after support per tonne; False gives the cost before it.
        measure: ``cash``, or ``full`` with depreciation and interest.
        own_inputs: how inputs a firm makes itself are valued; as the industry says unless given.
        price_per_t: the price to compare with, money/t without tax; the industry's unless given.

    Raises:
        InputError: no plants, or a plant of unlimited capacity.

    Examples:
        >>> from potline.industry import LinearDemand, Plant
        >>> three = Industry(name="three", price_per_t=12.0, vat_rate=0.17,
        ...                  demand=LinearDemand(price_per_t=12.0, quantity_kt=60.0, elasticity=1.0),
        ...                  plants=(Plant(name="A", firm="X", capacity_kt=10.0, other_cost_per_t=13.0),
        ...                          Plant(name="B", firm="X", capacity_kt=20.0, other_cost_per_t=10.0),
        ...                          Plant(name="C", firm="Y", capacity_kt=30.0, other_cost_per_t=15.0)))
        >>> curve = cost_curve(three)
        >>> curve.plants, curve.cumulative_capacity_kt.tolist()
        (('B', 'A', 'C'), [20.0, 30.0, 60.0])
        >>> water = curve.under_water()
        >>> water.capacity_kt, water.loss_m_per_year, water.owners
        (40.0, 0.1, ('Y',))
        >>> curve.break_even_percentile(), curve.percentile(0.5), round(curve.with_vat(10.0), 6)
        (0.3333333333333333, 13.0, 11.7)
    """
    _check(industry)
    if own_inputs is not None:
        industry = dataclasses.replace(industry, own_inputs=own_inputs)
    compiled = compile_industry(industry)
    cost = (compiled.net_cash_cost_per_t() if net else compiled.gross_cash_cost_per_t())[0]
    if measure == CostMeasure.FULL:
        cost = cost + compiled.plant("depreciation_per_t")[0] + compiled.plant("interest_per_t")[0]
    order = np.argsort(cost, kind="stable")
    plants = [industry.plants[int(place)] for place in order]
    capacity, running = compiled.plant("capacity_kt")[0][order], compiled.plant("running_kt")[0][order]
    return CostCurve(
        industry=industry,
        net=net,
        measure=measure,
        price_per_t=industry.price_per_t if price_per_t is None else price_per_t,
        plants=tuple(plant.name for plant in plants),
        firms=tuple(plant.firm for plant in plants),
        owners=tuple(compiled.owners[compiled.owner_index[place]] for place in order),
        governments=tuple(plant.government for plant in plants),
        cost_per_t=_frozen(cost[order]),
        capacity_kt=_frozen(capacity),
        running_kt=_frozen(running),
        cumulative_capacity_kt=_frozen(np.cumsum(capacity)),
        cumulative_running_kt=_frozen(np.cumsum(running)),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CostCurve(Shown):
    """Plants ordered by cost; arrays [J], cheapest first, money without tax.

    Attributes:
        industry: the industry asked about, valued as asked.
        net: costs are after support per tonne.
        measure: ``cash`` or ``full``.
        price_per_t: the price compared with where none is given, money/t.
        plants, firms, owners, governments: names, one a plant.
        cost_per_t: money/t.
        capacity_kt, running_kt: kt/year.
        cumulative_capacity_kt, cumulative_running_kt: running sums, kt/year.
    """

    industry: Industry
    net: bool
    measure: CostMeasure
    price_per_t: float
    plants: tuple[str, ...]
    firms: tuple[str, ...]
    owners: tuple[str, ...]
    governments: tuple[str, ...]
    cost_per_t: Floats
    capacity_kt: Floats
    running_kt: Floats
    cumulative_capacity_kt: Floats
    cumulative_running_kt: Floats

    @property
    def certificate(self) -> Verified:
        """What separate code finds of the curve, and of what it says at its own price; checked when asked for."""
        return verify(self)

    @property
    def total_capacity_kt(self) -> float:
        """Capacity of all plants, kt/year."""
        return float(self.cumulative_capacity_kt[-1])

    @property
    def total_running_kt(self) -> float:
        """Running capacity of all plants, kt/year."""
        return float(self.cumulative_running_kt[-1])

    @property
    def mean_per_t(self) -> float:
        """Average cost weighted by capacity, money/t."""
        return _mean(self.cost_per_t, self.capacity_kt)

    @property
    def mean_running_per_t(self) -> float:
        """Average cost weighted by running capacity, money/t; nan where nothing runs."""
        return _mean(self.cost_per_t, self.running_kt)

    @reads
    def with_vat(self, money_per_t: float) -> float:
        """Return the quoted price, with value-added tax, at which a cost breaks even: ``cost * (1 + vat)``."""
        return self.industry.with_vat(money_per_t)

    @reads
    def without_vat(self, quoted_per_t: float) -> float:
        """Return the price without value-added tax that a quoted price leaves to the plant."""
        return quoted_per_t / (1.0 + self.industry.vat_rate)

    @reads
    def percentile(self, share: Share) -> float:
        """Return the lowest cost at or below which that share of capacity stands, money/t.

        Raises:
            InputError: the share is not within 0..1.
        """
        wanted = share * self.total_capacity_kt * (1.0 - 1e-12)
        place = int(np.searchsorted(self.cumulative_capacity_kt, wanted))
        while place < len(self.plants) - 1 and self.capacity_kt[place] == 0.0:
            place += 1
        return float(self.cost_per_t[place])

    @reads
    def break_even_percentile(self, price_per_t: float | None = None) -> float:
        """Return the share of capacity whose cost is at or below the price."""
        return self._share(self._price(price_per_t), self.cumulative_capacity_kt)

    def under_water_kt(self, price_per_t: ArrayLike, *, running: bool = False) -> Floats:
        """Return the capacity (or running capacity) that costs more than each price, kt/year [as the prices]."""
        cumulative = self.cumulative_running_kt if running else self.cumulative_capacity_kt
        below = np.searchsorted(self.cost_per_t, np.asarray(price_per_t, dtype=np.float64), side="right")
        return cumulative[-1] - np.concatenate(([0.0], cumulative))[below]

    @reads
    def under_water(self, price_per_t: float | None = None) -> UnderWater:
        """Return what costs more than the price (the curve's unless given), money/t without tax."""
        price = self._price(price_per_t)
        below = int(np.searchsorted(self.cost_per_t, price, side="right"))
        gap = price - self.cost_per_t
        owners, owners_share = self._losing(self.owners, self.industry.owners, gap)
        all_firms = tuple(dict.fromkeys(plant.firm for plant in self.industry.plants))
        firms, firms_share = self._losing(self.firms, all_firms, gap)
        return UnderWater(
            price_per_t=price,
            plants=self.plants[below:],
            capacity_kt=float(self.capacity_kt[below:].sum()),
            running_kt=float(self.running_kt[below:].sum()),
            capacity_share=1.0 - self._share(price, self.cumulative_capacity_kt),
            running_share=1.0 - self._share(price, self.cumulative_running_kt),
            owners=owners,
            firms=firms,
            owners_share=owners_share,
            firms_share=firms_share,
            loss_m_per_year=float(-(gap[below:] * self.running_kt[below:]).sum() / 1000.0) + 0.0,
            result_m_per_year=float((gap * self.running_kt).sum() / 1000.0),
        )

    @reads
    def by(self, key: Literal["province", "owner", "firm"]) -> tuple[CostGroup, ...]:
        """Return the plants grouped, cheapest group first."""
        labels = {"province": self.governments, "owner": self.owners, "firm": self.firms}[key]
        names = tuple(dict.fromkeys(labels))
        index, count = _index(labels, names), len(names)
        gap = self._price(None) - self.cost_per_t
        lost = np.maximum(0.0, -gap)

        def total(weights: Floats) -> Floats:
            return np.bincount(index, weights=weights, minlength=count).astype(np.float64)

        plants = np.bincount(index, minlength=count)
        capacity, running = total(self.capacity_kt), total(self.running_kt)
        weight = np.where(capacity[index] > 0.0, self.capacity_kt, 1.0)
        cost = total(weight * self.cost_per_t) / total(weight)
        lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(lowest, index, self.cost_per_t)
        np.maximum.at(highest, index, self.cost_per_t)
        water = total(self.capacity_kt * (gap < 0.0))
        loss, result = total(lost * self.running_kt) / 1000.0, total(gap * self.running_kt) / 1000.0
        return tuple(
            CostGroup(
                name=names[int(i)],
                plants=int(plants[i]),
                capacity_kt=float(capacity[i]),
                running_kt=float(running[i]),
                cost_per_t=float(cost[i]),
                lowest_per_t=float(lowest[i]),
                highest_per_t=float(highest[i]),
                under_water_kt=float(water[i]),
                loss_m_per_year=float(loss[i]),
                result_m_per_year=float(result[i]),
            )
            for i in np.argsort(cost, kind="stable")
        )

    def _share(self, price_per_t: float, cumulative_kt: Floats) -> float:
        if cumulative_kt[-1] <= 0.0:
            return math.nan
        below = int(np.searchsorted(self.cost_per_t, price_per_t, side="right"))
        return float(cumulative_kt[below - 1] / cumulative_kt[-1]) if below else 0.0

    def _price(self, price_per_t: float | None) -> float:
        price = self.price_per_t if price_per_t is None else price_per_t
        if math.isnan(price):
            raise refuse("price_per_t", "none, and the industry states none", "a price, money/t without tax")
        return price

    def _losing(self, labels: Sequence[str], names: tuple[str, ...], gap: Floats) -> tuple[tuple[str, ...], float]:
        index, count = _index(labels, names), len(names)
        runs = np.bincount(index, weights=self.running_kt, minlength=count)[index] > 0.0
        weight = np.where(runs, self.running_kt, self.capacity_kt)
        losing = np.bincount(index, weights=weight * gap, minlength=count) < 0.0
        return tuple(name for name, loses in zip(names, losing, strict=True) if loses), float(losing.mean())


def _mean(values: Floats, weights: Floats) -> float:
    total = float(weights.sum())
    return float((values * weights).sum() / total) if total > 0.0 else math.nan


def _index(labels: Sequence[str], names: tuple[str, ...]) -> Integers:
    place = {name: position for position, name in enumerate(names)}
    return np.array([place[label] for label in labels], dtype=np.int64)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    result = np.ascontiguousarray(array)
    result.setflags(write=False)
    return result


def _check(industry: Industry) -> None:
    if not industry.plants:
        raise InputError([Problem(where=f"industry {industry.name!r}", found="no plants", needed="one at least")])
    problems = [
        Problem(
            where=f"plant {plant.name!r}",
            found="unlimited capacity",
            needed="a finite capacity_kt for a cost curve",
        )
        for plant in industry.plants
        if math.isinf(plant.capacity_kt)
    ]
    if problems:
        raise InputError(problems)
