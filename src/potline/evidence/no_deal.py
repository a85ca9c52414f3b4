"""The market nobody agrees in: does it hold the state that was observed?

Running lines offer at the price at which they would stop, idle lines at the price at which they would restart, and
everybody takes the price as given. If the model is right about who runs, that market holds the observed output and
price: within 1 per cent and within 0.5 per cent. Where no source says which lines run, the case gives the idle
capacity to the lines that would restart last; the other reading, an equal share of every such line, is beside it.
"""

from __future__ import annotations

__all__ = ["OUTPUT_TOLERANCE", "PRICE_TOLERANCE", "HeldState", "NoDealMarket", "no_deal_market"]

import dataclasses
import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case
from potline.equilibrium import Competitive, MarketEquilibrium, StopAndRestart, solve
from potline.industry import Industry, selector
from potline.reading import reads
from potline.showing import Shown
from potline.shutdown import StoppingPrices, stopping_prices
from potline.verification import Verified, verify

Floats = NDArray[np.float64]
OUTPUT_TOLERANCE = 0.01
PRICE_TOLERANCE = 0.005


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldState:
    """A state of the lines and the market that follows from it; arrays [J] in the order of the plants.

    Attributes:
        industry: with that state.
        market: prices and outputs, certified.
        stops: the prices at which lines stop and restart, certified.
    """

    industry: Industry
    market: MarketEquilibrium
    stops: StoppingPrices

    @property
    def p_stop_per_t(self) -> Floats:
        """The price below which each plant stops, money/t without tax."""
        return self.stops.p_stop_per_t

    @property
    def p_restart_per_t(self) -> Floats:
        """The price above which each plant restarts, money/t without tax."""
        return self.stops.p_restart_per_t

    @property
    def running_kt(self) -> Floats:
        """Running capacity of each plant, kt/year."""
        return np.array([plant.running_kt for plant in self.industry.plants])

    @property
    def output_gap_share(self) -> float:
        """Output of the market over what was running, less 1; nan where nothing was."""
        running = float(self.running_kt.sum())
        return self.market.quantity_kt / running - 1.0 if running > 0.0 else math.nan

    @property
    def price_gap_share(self) -> float:
        """Price of the market over the observed one, less 1."""
        return self.market.price_per_t / self.industry.price_per_t - 1.0

    @property
    def stopped_kt(self) -> float:
        """Running capacity that the market would stop, kt/year."""
        return float(np.maximum(0.0, self.running_kt - self.market.output_kt).sum())

    @property
    def restarted_kt(self) -> float:
        """Idle capacity that the market would restart, kt/year."""
        return float(np.maximum(0.0, self.market.output_kt - self.running_kt).sum())

    @property
    def holds(self) -> bool:
        """Whether output is held within 1 per cent and the price within 0.5 per cent."""
        return abs(self.output_gap_share) <= OUTPUT_TOLERANCE and abs(self.price_gap_share) <= PRICE_TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoDealMarket(Shown):
    """The observed state as the case allocates idle capacity, and the other allocation.

    Attributes:
        case: the question.
        observed: the case's state of the lines.
        pro_rata: idle capacity that nobody observed spread evenly over the lines whose state is not known.
        known: plants whose state a source gives, or that are ramping up.
    """

    case: Case = field(repr=False)
    observed: HeldState
    pro_rata: HeldState
    known: tuple[str, ...]

    @property
    def certificate(self) -> Verified:
        """What separate code finds of both states; checked when asked for."""
        return verify(self)

    @property
    def holds(self) -> bool:
        """Whether the case's state is held."""
        return self.observed.holds

    @property
    def moved_kt(self) -> float:
        """Running capacity that stands at another plant in the pro-rata allocation, kt/year."""
        return float(np.abs(self.pro_rata.running_kt - self.observed.running_kt).sum()) / 2.0


@reads
def no_deal_market(case: Case) -> NoDealMarket:
    """Solve the market without a deal at stopping and restart prices, in both allocations of idle capacity.

    A plant's state is known where the claim of its running capacity is not ``assumed``, while it is ramping up, and
    where its capacity has no limit, of which no share stands idle.

    Raises:
        InputError: the case has no price process.
        CertificateFailed: an answer does not pass its check.

    Examples:
        >>> from potline.industry import LinearDemand, Plant, PriceProcess
        >>> common = {"restart_cost_per_t": 800.0, "stop_cost_per_t": 200.0, "holding_cost_per_t": 500.0}
        >>> two = Industry(name="two", price_per_t=12_500.0, process=PriceProcess(volatility=0.2),
        ...                demand=LinearDemand(price_per_t=12_500.0, quantity_kt=150.0, elasticity=0.5),
        ...                plants=(Plant(name="A", firm="A", capacity_kt=100.0, other_cost_per_t=11_000.0, **common),
        ...                        Plant(name="B", firm="B", capacity_kt=100.0, running_kt=50.0,
        ...                              other_cost_per_t=13_500.0, **common)))
        >>> answer = no_deal_market(Case(name="two", industry=two))
        >>> answer.holds, answer.observed.market.price_per_t, answer.pro_rata.running_kt.tolist(), answer.moved_kt
        (True, 12500.0, [75.0, 75.0], 25.0)
    """
    known = _known(case)
    plants = case.industry.plants
    available = np.array([plant.capacity_kt - plant.commissioning_kt for plant in plants])
    running = np.array([plant.running_kt for plant in plants])
    fixed = np.array([plant.name in known for plant in plants], dtype=np.bool_)
    free = float(available[~fixed].sum())
    share = float(running[~fixed].sum()) / free if free > 0.0 else 0.0
    spread = np.where(fixed, running, share * available)
    other = dataclasses.replace(
        case.industry,
        plants=tuple(dataclasses.replace(plant, running_kt=float(spread[place])) for place, plant in enumerate(plants)),
    )
    return NoDealMarket(case=case, observed=_held(case.industry), pro_rata=_held(other), known=known)


def _known(case: Case) -> tuple[str, ...]:
    standing = {claim.path: claim.standing for claim in case.claims}
    return tuple(
        plant.name
        for plant in case.industry.plants
        if plant.commissioning_kt > 0.0
        or math.isinf(plant.capacity_kt)
        or standing.get(f"plant[{selector(plant.name)}].running_kt", "assumed") != "assumed"
    )


def _held(industry: Industry) -> HeldState:
    stops = stopping_prices(industry)
    return HeldState(
        industry=industry,
        market=solve(industry, Competitive(), avoidable=StopAndRestart.at(stops)),
        stops=stops,
    )
