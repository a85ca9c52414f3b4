"""What a check of a network equilibrium has found so far."""

from __future__ import annotations

__all__ = ["Books"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.asked import asked_sellers
from potline.equilibrium.network.result import NetworkEquilibrium

Floats = NDArray[np.float64]

TINY = 1e-11


class Books:
    """Balances and the worst violations, while nouns are checked one kind after the other.

    Attributes:
        net: what comes less what goes, kt, shape (sellers, products, places, periods).
        market: the same where activities buy from sellers with market power, shape (markets, periods).
    """

    def __init__(self, result: NetworkEquilibrium) -> None:
        self.result, self.network = result, result.network
        self.sellers = asked_sellers(self.network, result.concept, result.stage)
        self.periods = self.network.periods
        self.product = {item.name: k for k, item in enumerate(self.network.products)}
        self.place = {item.name: k for k, item in enumerate(self.network.places)}
        self.market_of = {at: k for k, at in enumerate(result.markets)}
        self.weight = np.power(1.0 - self.network.discount_per_period, np.arange(self.periods), dtype=np.float64)
        self.value = result.value_per_t
        self.net = np.zeros(self.value.shape)
        self.market = result.delivered_kt.sum(axis=0)
        groups = (result.level_kt, result.flow_kt, result.bought_kt, result.stock_kt)
        self.size = float(np.max([1e-300, *(np.abs(group).max(initial=0.0) for group in groups)]))
        self.tiny = TINY * self.size
        known = np.abs(self.value[np.isfinite(self.value)])
        self.money = max(1e-300, float(known.max(initial=0.0)))
        self.bounds, self.worst, self.where, self.gap, self.turnover = 0.0, 0.0, "", 0.0, 0.0

    def taken(self, product: str, place: str, amount: Floats) -> Floats:
        """Note what a buyer at a place takes, kt; return the price it pays, each of shape (periods,)."""
        p, at = self.product[product], self.place[place]
        market = self.market_of.get((product, place))
        if market is None:
            self.net[0, p, at] -= amount
        else:
            self.market[market] -= amount
        return self.result.price_per_t[p, at]

    def report(self, violation: Floats, name: str) -> None:
        """Keep the largest violation, money/t, and where it is."""
        largest = float(np.max(violation, initial=0.0))
        if not largest <= self.worst:
            self.worst, self.where = (largest, name) if largest == largest else (np.inf, name)

    def inside(self, x: Floats, upper: Floats | float = np.inf) -> None:
        """Keep the largest flow beyond its bounds."""
        beyond = [np.max(-x, initial=0.0), np.max(x - upper, initial=0.0)]
        self.bounds = float(np.max([self.bounds, *(np.array(beyond) / self.size)]))

    def pair(self, x: Floats, upper: Floats, gain: Floats, name: str) -> None:
        """Check that what gains is full and what loses is empty; add to the gap."""
        self.report(np.where(x < upper - self.tiny, gain, 0.0), name)
        self.report(np.where(x > self.tiny, -gain, 0.0), name)
        room = np.where(np.isfinite(upper), upper - x, 0.0)
        self.gap += float(
            np.sum(self.weight[: x.shape[-1]] * (x * np.maximum(-gain, 0.0) + room * np.maximum(gain, 0)))
        )
