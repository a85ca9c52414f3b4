"""The cleared market of the shared input, and its certificate: checked without the solver."""

from __future__ import annotations

__all__ = ["TOLERANCE", "InputMarketCertificate", "InputMarketResult", "SupplierGroup", "verify_input_market"]

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from potline.industry import Industry, InputMarket
from potline.reading import Positive, reads
from potline.showing import Short, Shown
from potline.verification import Check, all_hold, verify

Floats = NDArray[np.float64]
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class InputMarketCertificate(Short):
    """What independent code found about a cleared market: rows relative to demand or to the price."""

    checks: tuple[Check, ...]
    tolerance: float

    @property
    def largest_violation(self) -> float:
        """The largest of all; not a number where one of them is none."""
        return max((check.value for check in self.checks), default=math.nan, key=lambda value: (value != value, value))

    @property
    def holds(self) -> bool:
        """Whether every row is within the bound."""
        return all_hold(self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierGroup:
    """The suppliers of one province: capacity and output, kt/year, operating rate and average cash cost, money/t."""

    government: str
    capacity_kt: float
    output_kt: float
    operating_rate: float
    cash_cost_per_t: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputMarketResult(Shown):
    """The market of the shared input, cleared; arrays [M], one a supplier, money without tax.

    Attributes:
        industry: the industry asked about, with the parity used.
        plant_output_kt: output of each plant asked about, kt/year [J].
        capacity_share: capacity of suppliers asked about, as a share of the stated one.
        product_output_kt: output of all plants, kt/year.
        demand_kt: use of the input, kt/year.
        price_per_t: domestic price, the lowest that clears the market, money/t.
        price_high_per_t: the highest that clears it; above the lowest only where the last step is exactly full.
        parity_per_t: what a landed tonne costs; ``inf`` where nothing is traded.
        imports_kt: kt/year.
        suppliers, governments: names.
        cash_cost_per_t, capacity_kt, output_kt: money/t and kt/year.
        certificate: from :func:`verify_input_market`.
    """

    industry: Industry
    plant_output_kt: Floats
    capacity_share: float
    product_output_kt: float
    demand_kt: float
    price_per_t: float
    price_high_per_t: float
    parity_per_t: float
    imports_kt: float
    suppliers: tuple[str, ...]
    governments: tuple[str, ...]
    cash_cost_per_t: Floats
    capacity_kt: Floats
    output_kt: Floats
    certificate: InputMarketCertificate

    @property
    def operating_rate(self) -> Floats:
        """Output over capacity of each supplier [M]; nan where it has none."""
        full = self.capacity_kt > 0.0
        return np.divide(self.output_kt, self.capacity_kt, out=np.full(full.shape, np.nan), where=full)

    @property
    def average_operating_rate(self) -> float:
        """Output over capacity of all suppliers; nan where there is none."""
        total = float(self.capacity_kt.sum())
        return float(self.output_kt.sum()) / total if total > 0.0 else math.nan

    @property
    def gap_per_t(self) -> float:
        """Domestic price of the model less landed parity, money/t: 0 where imports come in, else below."""
        return self.price_per_t - self.parity_per_t

    @property
    def observed_gap_per_t(self) -> float:
        """Observed domestic price less landed parity, money/t; nan where none is observed."""
        market = self.industry.input_market
        return (market.price_per_t if market else math.nan) - self.parity_per_t

    def by_province(self) -> tuple[SupplierGroup, ...]:
        """Return the suppliers grouped by province, in order of first appearance."""
        groups: list[SupplierGroup] = []
        for name in dict.fromkeys(self.governments):
            mine = np.array([government == name for government in self.governments])
            capacity, output = float(self.capacity_kt[mine].sum()), float(self.output_kt[mine].sum())
            weighted = float((self.capacity_kt[mine] * self.cash_cost_per_t[mine]).sum())
            groups.append(
                SupplierGroup(
                    government=name,
                    capacity_kt=capacity,
                    output_kt=output,
                    operating_rate=output / capacity if capacity > 0.0 else math.nan,
                    cash_cost_per_t=weighted / capacity if capacity > 0.0 else math.nan,
                )
            )
        return tuple(groups)


def verify_input_market(result: InputMarketResult, tolerance: float = TOLERANCE) -> InputMarketCertificate:
    """Check a cleared market from the industry and the figures stated.

    What the plants use and what suppliers can make at which cost is added up anew. A price clears the market if
    suppliers below it make no more than demand and those at it or below, with imports from parity on, no less. The low
    price is the lowest that does and the high one the highest; suppliers at the low price share what is left by
    capacity, and imports are the rest. Quantities are relative to demand, prices to the price; parity and the high
    price may lie far above it and are relative to themselves.

    Args:
        result: the answer.
        tolerance: what is allowed.
    """
    market = result.industry.input_market
    if market is None:
        return InputMarketCertificate(checks=(), tolerance=tolerance)
    use = [sum(item.use_per_t for item in plant.inputs if item.product == market.product)
           for plant in result.industry.plants]  # fmt: skip
    demand = float(np.dot(use, result.plant_output_kt)) + market.other_use_kt
    cost = np.array([item.cash_cost_per_t for item in market.suppliers])
    capacity = np.array([item.capacity_kt for item in market.suppliers]) * result.capacity_share
    parity = _parity(market)
    names = tuple(item.name for item in market.suppliers), tuple(item.government for item in market.suppliers)
    size = max(demand, 1e-300)
    unit = max(abs(result.price_per_t), 1e-300)
    wrong = float((result.suppliers, result.governments) != names)
    values = {
        "names": wrong,
        "use": abs(result.demand_kt - demand) / size,
        "plant output": abs(result.product_output_kt - float(result.plant_output_kt.sum())) / size,
        "capacity of suppliers": _apart(result.capacity_kt, capacity) / size,
        "cash cost": _apart(result.cash_cost_per_t, cost) / unit,
        "parity": _off(result.parity_per_t, parity, unit),
        "price": _off_price(result, demand, cost, capacity, parity, tolerance, unit),
        "output": _off_output(result, demand, cost, capacity) / size,
        "imports": _off_imports(result, demand, parity, tolerance) / size,
    }
    rows = (Check(name=name, value=float(value), tolerance=tolerance) for name, value in values.items())
    return InputMarketCertificate(checks=tuple(rows), tolerance=tolerance)


def _parity(market: InputMarket) -> float:
    """Return what a landed tonne costs without tax, ``inf`` where nothing is traded."""
    terms = market.parity
    if terms is None:
        return math.inf
    landed = (terms.fob_usd_per_t + terms.freight_usd_per_t) * terms.exchange_rate * (1.0 + terms.duty_share)
    return landed + terms.port_charges_per_t / (1.0 + terms.vat_rate)


def _off(stated: float, found: float, unit: float) -> float:
    """Return how far a price stated lies from the one found, relative to that one, or to the unit where it is more."""
    return 0.0 if stated == found else abs(stated - found) / max(unit, abs(found))


def _apart(stated: Floats, found: Floats) -> float:
    return float(np.max(np.abs(stated - found), initial=0.0)) if stated.shape == found.shape else math.inf


def _off_price(
    result: InputMarketResult,
    demand: float,
    cost: Floats,
    capacity: Floats,
    parity: float,
    tolerance: float,
    unit: float,
) -> float:
    """Return how far the two prices stated lie from the lowest and the highest that clear the market, relative."""
    near = tolerance * max(demand, 1e-300)

    def clears(price: float) -> bool:
        below, upto = float(capacity[cost < price].sum()), float(capacity[cost <= price].sum())
        return price <= parity and below <= demand + near and (upto >= demand - near or price == parity)

    ends = [price for price in {*cost.tolist(), parity} if price <= parity and clears(price)]
    low, high = min(ends, default=math.nan), max(ends, default=math.nan)
    return float(np.max([_off(result.price_per_t, low, unit), _off(result.price_high_per_t, high, unit)]))


def _off_output(result: InputMarketResult, demand: float, cost: Floats, capacity: Floats) -> float:
    """Return how far output lies from full below the price and an equal share of the rest at it, kt."""
    wanted = np.where(cost < result.price_per_t, capacity, 0.0)
    at = np.abs(cost - result.price_per_t) <= 1e-12 * abs(result.price_per_t)
    wanted = np.where(at, 0.0, wanted)
    room = float(capacity[at].sum())
    left = min(max(demand - float(wanted.sum()), 0.0), room)
    wanted = np.where(at, capacity * (left / room if room > 0.0 else 0.0), wanted)
    return _apart(result.output_kt, wanted)


def _off_imports(result: InputMarketResult, demand: float, parity: float, tolerance: float) -> float:
    """Return how far imports lie from what suppliers do not make, or come in below parity, kt."""
    gap = abs(result.imports_kt + float(result.output_kt.sum()) - demand)
    below = result.imports_kt if result.price_per_t < parity * (1.0 - tolerance) or math.isinf(parity) else 0.0
    return float(np.max([gap, -result.imports_kt, below]))


@verify.register
@reads(name="verify")
def _(result: InputMarketResult, tolerance: Positive | None = None) -> InputMarketCertificate:
    return verify_input_market(result, tolerance or TOLERANCE)
