"""Where each balance and each market stands while a network is compiled, and the columns so far."""

from __future__ import annotations

__all__ = ["Layout"]

import numpy as np
from numpy.typing import NDArray

from potline.equilibrium.network.arrays import Columns
from potline.equilibrium.network.sellers import Sellers
from potline.industry.network import FixedDemand, Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Layout:
    """The state of one compilation.

    Attributes:
        pair: row within a period of (seller, product, place), -1 where there is none; seller 0 takes prices.
        markets: (product, place) where a product sold with market power is bought by activities, and maybe by final
            demand as well: number of the market.
        demand_row: row of final demand that only sellers serve.
        sums: noun and right side of each row below the balances.
        right: of balances, shape (periods, pairs).
        unrationed: rows within a period whose buyers want more than nothing at any price.
        beyond: why the convex kernel cannot carry the network, a sentence each.
    """

    def __init__(self, network: Network, sellers: Sellers) -> None:
        self.network, self.sellers = network, sellers
        self.periods = network.periods
        self.product = {item.name: k for k, item in enumerate(network.products)}
        self.place = {item.name: k for k, item in enumerate(network.places)}
        self.weight = np.power(1.0 - network.discount_per_period, np.arange(network.periods), dtype=np.float64)
        self.columns = Columns()
        self.sums: list[tuple[int, Floats]] = []
        self.beyond: list[str] = []
        self.unrationed: list[int] = []
        self.demand_row: dict[tuple[int, int], int] = {}
        self.balances()
        self.right = np.zeros((self.periods, self.pairs))
        self.markets: dict[tuple[int, int], int] = {}
        self.market_row: list[int] = []
        derived = {self.product[name] for name in sellers.derived}
        bought = [(self.product[item.product], self.place[item.place]) for item in network.demands]
        bought += [
            (self.product[amount.product], self.place[item.place])
            for item in network.activities
            for amount in item.inputs
        ]
        for at in dict.fromkeys(bought):
            if at[0] in derived:
                self.markets[at] = len(self.markets)
                self.market_row.append(self.new_sum(-1))

    def balances(self) -> None:
        """Give every (product, place, seller) that something touches a row in each period."""
        network, sellers = self.network, self.sellers
        used = np.zeros((len(network.products), len(network.places)), np.bool_)
        for activity in network.activities:
            for amount in (*activity.inputs, *activity.outputs):
                used[self.product[amount.product], self.place[activity.place]] = True
        for route in network.routes:
            used[self.product[route.product], self.place[route.origin]] = True
            used[self.product[route.product], self.place[route.destination]] = True
        for noun in (*network.demands, *network.stocks):
            used[self.product[noun.product], self.place[noun.place]] = True
        for name in sellers.stages:
            if name not in sellers.shared:
                used[self.product[name]] = False
        layers = len(sellers.names)
        self.pair = np.full((layers + 1, len(network.products), len(network.places)), -1, np.int64)
        self.pair[0][used] = np.arange(int(used.sum()))
        count = int(used.sum())
        for layer, (product, places) in enumerate(zip(sellers.product, sellers.reach, strict=True), start=1):
            for place in places:
                self.pair[layer, self.product[product], self.place[place]] = count
                count += 1
        self.pairs = count

    def new_sum(self, noun: int, values: Floats | None = None) -> int:
        """Return the row number within a period of a new sum; its right side is 0 or ``values``."""
        self.sums.append((noun, np.zeros(self.periods) if values is None else values))
        return self.pairs + len(self.sums) - 1

    def sold(self, product: int) -> bool:
        """Whether a product is sold with market power."""
        return self.network.products[product].name in self.sellers.stages

    def buyer_row(self, product: int, place: int) -> int:
        """Return the row whose price buyers pay at a place, -1 where nobody buys and price takers have nothing."""
        market = self.markets.get((product, place))
        if market is not None:
            return self.market_row[market]
        return self.demand_row.get((product, place), int(self.pair[0, product, place]))

    def fixed(self) -> list[FixedDemand]:
        """Return the demands for a stated quantity."""
        return [item for item in self.network.demands if isinstance(item, FixedDemand)]
