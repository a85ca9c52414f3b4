"""A state that holds: what runs and what stands idle at the price of the date (model, section 3).

What is seen gives one inequality a line: idle at p0 means p_restart >= p0, running means p_stop <= p0.

1. Idle tonnage beyond the capacity that can run in a year (``available``, never below what runs) never restarts within
   the term. What is left idle with p_restart < p0 is answered at two ends: it restarts with the first unit of money
   (``least``), or not within the term (``most``).
2. A line that runs with p_stop > p0 has the least wedge w >= 0 with ``p_stop(c - w) = p0`` taken off its cost wherever
   its thresholds and its loss are worked out. It enters no account.
3. Running more than is demanded is explained by nothing: no verdict.

A plant here has one cost and two thresholds as functions of it, so that any option can stand behind them.
"""

from __future__ import annotations

__all__ = ["END", "Seen", "State", "constant_price", "lines_at", "state_of"]

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.optimize import brentq
from tests.reference.market import IdleLine

END = ("least", "most")
Threshold = Callable[[float], float]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One plant as it is seen at the date.

    Attributes:
        owner: whose. capacity_kt, running_kt: the difference stands idle. cost_per_t: cash cost c.
        stops, restarts: p_stop and p_restart as functions of c, increasing. available: share that can run in a year.
    """

    owner: int
    capacity_kt: float
    running_kt: float
    cost_per_t: float
    stops: Threshold
    restarts: Threshold
    available: float = 1.0

    @property
    def idle_kt(self) -> float:
        """Return idle tonnage that can run within the year."""
        return max(self.available * self.capacity_kt - self.running_kt, 0.0)


@dataclass(frozen=True)
class State:
    """What a state comes to.

    Attributes:
        verdict: whether any answer may be given: not where more runs than is demanded.
        wedges: what is not explained of each plant's cost, money/t. unexplained_kt: tonnes that run with one.
        below_restart_kt: idle tonnes below their restart price, which the two ends answer.
        holds: prices between which the same lines would run and stand idle; empty (low > high) where none.
    """

    verdict: bool
    wedges: tuple[float, ...]
    unexplained_kt: float
    below_restart_kt: float
    holds: tuple[float, float]


def state_of(plants: Sequence[Seen], price_per_t: float, demanded_kt: float, *, near: float = 1e-9) -> State:
    """Return what holds of a state at a price at which so much is demanded."""
    wedges = tuple(_wedge(plant, price_per_t) for plant in plants)
    below = sum(plant.idle_kt for plant in plants if plant.restarts(plant.cost_per_t) < price_per_t)
    stops = [plant.stops(plant.cost_per_t) for plant in plants if plant.running_kt > 0.0]
    restarts = [plant.restarts(plant.cost_per_t) for plant in plants if plant.idle_kt > 0.0]
    return State(
        verdict=sum(plant.running_kt for plant in plants) <= demanded_kt * (1.0 + near),
        wedges=wedges,
        unexplained_kt=sum(plant.running_kt for plant, w in zip(plants, wedges, strict=True) if w > 0.0),
        below_restart_kt=below,
        holds=(max(stops, default=-math.inf), min(restarts, default=math.inf)),
    )


def lines_at(plants: Sequence[Seen], price_per_t: float, end: str) -> tuple[IdleLine, ...]:
    """Return the idle lines that may answer a rise, at an end of what the state leaves open."""
    if end not in END:
        raise ValueError(f"end {end!r}: needed {' or '.join(END)}")
    lines: list[IdleLine] = []
    for plant in plants:
        need = plant.restarts(plant.cost_per_t) - price_per_t
        if plant.idle_kt > 0.0 and (need >= 0.0 or end == "least"):
            lines.append(IdleLine(owner=plant.owner, kt=plant.idle_kt, need_per_t=max(need, 0.0)))
    return tuple(lines)


def constant_price(
    *,
    lump_per_t: float = 0.0,
    pressure: float = 0.0,
    holding: float = 0.0,
    stop_cost: float = 0.0,
    restart_cost: float = 0.0,
    rate: float = 0.1,
) -> tuple[Threshold, Threshold]:
    """Return p_stop and p_restart where the price never moves and nobody leaves for good.

    Running saves l, g and h: ``p_stop = c - l - g - h - rho E`` and ``p_restart = c - l - g - h + rho R``.
    """
    saved = lump_per_t + pressure + holding
    return lambda c: c - saved - rate * stop_cost, lambda c: c - saved + rate * restart_cost


def _wedge(plant: Seen, price_per_t: float) -> float:
    """Return the least w >= 0 with ``p_stop(c - w) <= p0`` of a plant that runs."""
    if plant.running_kt <= 0.0 or plant.stops(plant.cost_per_t) <= price_per_t:
        return 0.0
    high = 1.0
    while plant.stops(plant.cost_per_t - high) > price_per_t:
        high *= 2.0
    return float(brentq(lambda w: plant.stops(plant.cost_per_t - w) - price_per_t, 0.0, high, xtol=1e-12, rtol=1e-15))
