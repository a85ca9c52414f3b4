"""The cleared market of the shared input, and its certificate: checked without the solver."""

from __future__ import annotations

__all__ = ["TOLERANCE", "AluminaCertificate", "AluminaResult", "RefineryGroup", "verify_alumina"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.industry import Industry

Floats = NDArray[np.float64]
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class AluminaCertificate:
    """Largest relative violation of balance and of the complementarity of every step, and the bound it must meet."""

    largest_violation: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the violation is within the bound."""
        return self.largest_violation <= self.tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class RefineryGroup:
    """The refineries of one province: capacity and output, kt/year, operating rate and average cash cost, money/t."""

    government: str
    capacity_kt: float
    output_kt: float
    operating_rate: float
    cash_cost_per_t: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AluminaResult:
    """The market of the shared input, cleared; arrays [M], one a refinery, money without tax.

    Attributes:
        industry: the industry asked about, with the parity used.
        smelter_output_kt: smelter output, kt/year. demand_kt: use of the input, kt/year.
        price_per_t: domestic price, the lowest that clears the market, money/t.
        price_high_per_t: the highest that clears it; above the lowest only where the last step is exactly full.
        parity_per_t: what a landed tonne costs; ``inf`` where nothing is traded.
        imports_kt: kt/year.
        refineries, governments: names. cash_cost_per_t, capacity_kt, output_kt: money/t and kt/year.
        certificate: from :func:`verify_alumina`.
    """

    industry: Industry
    smelter_output_kt: float
    demand_kt: float
    price_per_t: float
    price_high_per_t: float
    parity_per_t: float
    imports_kt: float
    refineries: tuple[str, ...]
    governments: tuple[str, ...]
    cash_cost_per_t: Floats
    capacity_kt: Floats
    output_kt: Floats
    certificate: AluminaCertificate

    @property
    def operating_rate(self) -> Floats:
        """Output over capacity of each refinery [M]; nan where it has none."""
        full = self.capacity_kt > 0.0
        return np.divide(self.output_kt, self.capacity_kt, out=np.full(full.shape, np.nan), where=full)

    @property
    def average_operating_rate(self) -> float:
        """Output over capacity of all refineries; nan where there is none."""
        total = float(self.capacity_kt.sum())
        return float(self.output_kt.sum()) / total if total > 0.0 else math.nan

    @property
    def gap_per_t(self) -> float:
        """Domestic price of the model less landed parity, money/t: 0 where imports come in, else below."""
        return self.price_per_t - self.parity_per_t

    @property
    def observed_gap_per_t(self) -> float:
        """Observed domestic price less landed parity, money/t; nan where none is observed."""
        market = self.industry.alumina
        return (market.price_per_t if market else math.nan) - self.parity_per_t

    def by_province(self) -> tuple[RefineryGroup, ...]:
        """Return the refineries grouped by province, in order of first appearance."""
        groups: list[RefineryGroup] = []
        for name in dict.fromkeys(self.governments):
            mine = np.array([government == name for government in self.governments])
            capacity, output = float(self.capacity_kt[mine].sum()), float(self.output_kt[mine].sum())
            weighted = float((self.capacity_kt[mine] * self.cash_cost_per_t[mine]).sum())
            groups.append(
                RefineryGroup(
                    government=name,
                    capacity_kt=capacity,
                    output_kt=output,
                    operating_rate=output / capacity if capacity > 0.0 else math.nan,
                    cash_cost_per_t=weighted / capacity if capacity > 0.0 else math.nan,
                )
            )
        return tuple(groups)


def verify_alumina(result: AluminaResult) -> AluminaCertificate:
    """Check a cleared market without the solver: every condition at both ends of the price interval.

    Balance ``sum output + imports = demand``; a refinery that makes something costs no more than the price, one that
    could make more costs no less; imports come in only at parity, and the price never exceeds it. Quantities are
    measured against demand and prices against the price.
    """
    scale = max(result.demand_kt, 1e-300)
    worst = abs(float(result.output_kt.sum()) + result.imports_kt - result.demand_kt) / scale
    worst = max(worst, -min(0.0, result.imports_kt) / scale)
    if result.output_kt.size:
        worst = max(worst, float((-result.output_kt).max()) / scale)
        worst = max(worst, float((result.output_kt - result.capacity_kt).max()) / scale)
    small = TOLERANCE * scale
    for price in {result.price_per_t, result.price_high_per_t}:
        if math.isinf(price):  # nothing abroad: no upper end
            price = max(result.price_per_t, float(result.cash_cost_per_t.max(initial=0.0)))
        unit = max(abs(price), 1e-300)
        makes, could = result.output_kt > small, result.output_kt < result.capacity_kt - small
        over = np.where(makes, result.cash_cost_per_t - price, 0.0)
        under = np.where(could, price - result.cash_cost_per_t, 0.0)
        worst = max(worst, float(over.max(initial=0.0)) / unit, float(under.max(initial=0.0)) / unit)
        if math.isfinite(result.parity_per_t):
            worst = max(worst, (price - result.parity_per_t) / unit)
            if result.imports_kt > small:
                worst = max(worst, abs(price - result.parity_per_t) / unit)
    if math.isinf(result.parity_per_t) and result.imports_kt > small:
        worst = math.inf
    return AluminaCertificate(largest_violation=worst, tolerance=TOLERANCE)
