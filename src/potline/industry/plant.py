"""Plants, what goes into them, and what stopping one costs.

Capacities and outputs in kt/year, prices and costs in money/t without value-added tax, power in money/kWh and
kWh/t, lump sums in millions a year. A plant holds central values of its data and no answer of any question.
"""

from __future__ import annotations

__all__ = ["ELECTRICITY", "Input", "Plant", "SmoothCost", "overfull"]

import dataclasses
import math
from collections.abc import Iterable
from typing import Annotated

from potline.choices import Valuation
from potline.errors import Problem
from potline.reading import Name, NonNegative, Positive, Real, Share, Unlimited, Within, noun, unique
from potline.showing import Short
from potline.text import apart

ELECTRICITY = "electricity"


@noun
class Input:
    r"""One input of a plant: use, market price, and the share the owner makes itself.

    Cost a tonne: ``use * price`` valued at market, ``use * ((1 - own_share) * price + own_share * own_cost)`` at cost.

    Attributes:
        product: name of the input; ``electricity`` is counted in kWh, others in t.
        use_per_t: units of input per t of product.
        price_per_unit: market price delivered to the plant, money per unit without tax.
        own_share: share of the use that the owner makes itself, 0..1.
        own_cost_per_unit: what the owner's own production costs, delivered, money per unit without tax.

    Examples:
        >>> coke = Input(product="coke", use_per_t=1.93, price_per_unit=2200.0, own_share=0.5,
        ...                 own_cost_per_unit=1900.0)
        >>> round(coke.cost_per_t("at_market"), 1), round(coke.cost_per_t("at_cost"), 1)
        (4246.0, 3956.5)
    """

    product: Name
    use_per_t: NonNegative
    price_per_unit: float
    own_share: Share = 0.0
    own_cost_per_unit: float = 0.0

    def cost_per_t(self, own_inputs: Valuation = Valuation.AT_MARKET) -> float:
        """Return what this input costs per t of product."""
        if own_inputs == Valuation.AT_MARKET:
            return self.use_per_t * self.price_per_unit
        bought = (1.0 - self.own_share) * self.price_per_unit
        return self.use_per_t * (bought + self.own_share * self.own_cost_per_unit)


@noun
class SmoothCost:
    r"""A rising part of marginal cost, ``(q / scale) ** (1 / exponent)``, on top of the constant part.

    Source: Murphy, Sherali and Soyster (1982), Mathematical Programming 24, p. 92.

    Examples:
        >>> SmoothCost(scale=5.0, exponent=1.0).marginal_per_t(10.0)
        2.0
    """

    scale: Positive
    exponent: Positive = 1.0

    def marginal_per_t(self, output_kt: float) -> float:
        """Return the rising part of marginal cost at an output."""
        return (output_kt / self.scale) ** (1.0 / self.exponent)


@noun
class Plant(Short):
    r"""One plant: size and state, cash cost, support, and the costs of stopping and starting.

    Net cash cost ``c = inputs + other_cost + freight - support_per_kwh * kWh/t - support_per_t``.
    Capacity is running, idle (stopped, can restart) or commissioning (being ramped up, not a restart).

    Attributes:
        name, firm, government: who and where; ``government`` is the province that may press or support.
        capacity_kt: built capacity, may be ``inf`` in textbook industries.
        running_kt: running capacity; all that is not commissioning unless stated.
        commissioning_kt: built but still ramping.
        availability_share: share of the capacity that is not ramping which can run in a year; the industry's unless
            given. Never less than what runs.
        inputs: what is used per t of product.
        other_cost_per_t: labour, maintenance and other cash cost.
        freight_per_t: product to market.
        support_per_kwh, support_per_t: support that falls with each tonne not made.
        lump_sum_m_per_year: support paid while the plant runs, million a year; lost when the whole plant stops, or
            pro rata when ``lump_sum_pro_rata``.
        stop_cost_per_t, restart_cost_per_t, exit_cost_per_t: E, R, X per t/y of capacity; ``inf`` exit cost: no exit.
        holding_cost_per_t: h, a year while idle.
        pressure_per_t: g, a year while not running.
        depreciation_per_t, interest_per_t: what full cost adds to cash cost.
        line_kt: size of one line; 0 where not listed (capacity can be cut by any amount).
        power_source: ``grid`` or ``captive`` where known, to select plants by.
        smooth_cost: a rising part of marginal cost, for textbook industries.

    Examples:
        >>> plant = Plant(name="Fushun", firm="Chalco", capacity_kt=190.0, other_cost_per_t=600.0, support_per_kwh=0.02,
        ...               inputs=(Input(product="electricity", use_per_t=13_900.0, price_per_unit=0.5),))
        >>> plant.gross_cash_cost_per_t(), plant.net_cash_cost_per_t(), plant.idle_kt
        (7550.0, 7272.0, 0.0)
    """

    name: Name
    firm: Name
    capacity_kt: Unlimited
    government: str = ""
    running_kt: Annotated[float, Within(low=0.0, infinite=True, missing=True)] = math.nan
    commissioning_kt: NonNegative = 0.0
    availability_share: Annotated[float, Within(low=0.0, high=1.0, missing=True)] = math.nan
    inputs: tuple[Input, ...] = ()
    other_cost_per_t: float = 0.0
    freight_per_t: float = 0.0
    support_per_kwh: float = 0.0
    support_per_t: float = 0.0
    lump_sum_m_per_year: float = 0.0
    lump_sum_pro_rata: bool = False
    stop_cost_per_t: float = 0.0
    holding_cost_per_t: float = 0.0
    restart_cost_per_t: float = 0.0
    exit_cost_per_t: Real = math.inf
    pressure_per_t: float = 0.0
    depreciation_per_t: float = 0.0
    interest_per_t: float = 0.0
    line_kt: NonNegative = 0.0
    power_source: str = ""
    smooth_cost: SmoothCost | None = None

    def __post_init__(self) -> None:
        if self.running_kt != self.running_kt:
            object.__setattr__(self, "running_kt", self.capacity_kt - self.commissioning_kt)

    def __setstate__(self, state: list[object]) -> None:
        """Take the fields from elsewhere; a number that is not stated is the same nan in every process."""
        for item, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, item.name, math.nan if value != value else value)

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem for each input that stands there twice."""
        products = [item.product for item in self.inputs]
        if len(set(products)) < len(products):
            yield from unique("input", f"Plant {self.name!r}", products)

    @property
    def idle_kt(self) -> float:
        """Capacity that stands idle and could restart, kt/year."""
        if math.isinf(self.capacity_kt):
            return 0.0
        return self.capacity_kt - self.running_kt - self.commissioning_kt

    def restartable_kt(self, availability_share: float = 1.0) -> float:
        """Return the idle capacity that can run in a year, kt/year.

        Args:
            availability_share: of the industry, where the plant gives none of its own.

        Examples:
            >>> mill = Plant(name="A", firm="A", capacity_kt=100.0, running_kt=85.0)
            >>> mill.restartable_kt(), mill.restartable_kt(0.95), mill.restartable_kt(0.8)
            (15.0, 10.0, 0.0)
        """
        own = self.availability_share
        share = availability_share if math.isnan(own) else own
        if share >= 1.0 or math.isinf(self.capacity_kt):
            return max(self.idle_kt, 0.0)
        return max(share * (self.capacity_kt - self.commissioning_kt) - self.running_kt, 0.0)

    def input(self, product: str) -> Input | None:
        """Return the input of that name, or None."""
        return next((item for item in self.inputs if item.product == product), None)

    @property
    def power_use_kwh_per_t(self) -> float:
        """Electricity used, kWh per t; 0 where no electricity is listed."""
        electricity = self.input(ELECTRICITY)
        return electricity.use_per_t if electricity else 0.0

    @property
    def support_total_per_t(self) -> float:
        """Support per tonne s, money/t: per kWh times kWh/t, plus per tonne."""
        return self.support_per_kwh * self.power_use_kwh_per_t + self.support_per_t

    @property
    def lump_sum_per_t(self) -> float:
        """Lump sum per running tonne l = 1000 L / running kt; 0 where nothing runs."""
        return 1000.0 * self.lump_sum_m_per_year / self.running_kt if self.running_kt > 0.0 else 0.0

    def gross_cash_cost_per_t(self, own_inputs: Valuation = Valuation.AT_MARKET) -> float:
        """Return cash cost before support, money/t."""
        return sum(item.cost_per_t(own_inputs) for item in self.inputs) + self.other_cost_per_t + self.freight_per_t

    def net_cash_cost_per_t(self, own_inputs: Valuation = Valuation.AT_MARKET) -> float:
        """Return cash cost after per-tonne support, money/t; lump sums are not in it."""
        return self.gross_cash_cost_per_t(own_inputs) - self.support_total_per_t

    def full_cost_per_t(self, own_inputs: Valuation = Valuation.AT_MARKET) -> float:
        """Return net cash cost plus depreciation and interest, money/t."""
        return self.net_cash_cost_per_t(own_inputs) + self.depreciation_per_t + self.interest_per_t


def overfull(plants: Iterable[Plant]) -> Iterable[Problem]:
    """Yield a problem for each plant of which more runs and starts up than was built.

    Examples:
        >>> [problem.found for problem in overfull([Plant(name="A", firm="A", capacity_kt=9.0, running_kt=20.0)])]
        ['capacity 9, running 20, commissioning 0 kt/year']
    """
    for plant in plants:
        if not plant.idle_kt >= -1e-9 * plant.capacity_kt:
            most, least = apart(plant.capacity_kt, plant.running_kt)
            yield Problem(
                where=f"plant {plant.name!r}",
                found=f"capacity {most}, running {least}, commissioning {plant.commissioning_kt:g} kt/year",
                needed="0 or more, and running plus commissioning within capacity",
            )
