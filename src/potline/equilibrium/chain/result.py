"""The solved chain read by province: prices with their intervals, operating rates, flows, ore, imports, margins."""

from __future__ import annotations

__all__ = ["ChainPlace", "ChainResult", "OreFlow"]

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np

from potline._version import __version__
from potline.equilibrium.chain.network import ore_reference_per_t, place_of, use_of
from potline.equilibrium.concepts import Avoidable
from potline.equilibrium.network import NetworkEquilibrium, PriceIntervals
from potline.errors import InputError
from potline.industry import Industry, InputMarket
from potline.industry.chain import ABROAD, MARKET
from potline.showing import Shown
from potline.verification import Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPlace:
    """One place of the chain; money/t without tax, kt/year, nan or 0 where it has none.

    Attributes:
        input_price_per_t: price of the input, between ``input_low_per_t`` and ``input_high_per_t``: where these differ,
            any price between supports the same flows.
        product_price_per_t: price of the product before freight to the market.
        input_capacity_kt, input_made_kt, operating_rate: capacity, output and their ratio.
        product_made_kt, use_kt: product made; input used by plants and others.
        supplier_margin_per_t: price less cost of the dearest supplier that runs there; below 0 never.
        plant_margin_per_t: mean margin of what is made over what stopping would avoid.
    """

    name: str
    input_price_per_t: float
    input_low_per_t: float
    input_high_per_t: float
    product_price_per_t: float
    input_capacity_kt: float
    input_made_kt: float
    operating_rate: float
    product_made_kt: float
    use_kt: float
    supplier_margin_per_t: float
    plant_margin_per_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OreFlow:
    """Ore by source: used and available, kt/year; cost delivered and price there, money/t without tax."""

    source: str
    kind: str
    place: str
    used_kt: float
    capacity_kt: float
    delivered_per_t: float
    price_per_t: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainResult(Shown):
    """An equilibrium of the chain, with the question it answers.

    Attributes:
        industry, avoidable: what was asked about.
        equilibrium: prices and flows of the network, with its certificate.
        intervals: of every price.
        intervals_found: whether they were looked for; else each ends at the price itself.
        certificate: of the chain: its network, its intervals, and that it is the industry's own.
    """

    industry: Industry
    avoidable: Avoidable
    equilibrium: NetworkEquilibrium
    intervals: PriceIntervals
    intervals_found: bool
    certificate: Checked
    version: str = field(default=__version__)

    @property
    def status(self) -> Literal["certified", "failed"]:
        """Whether the certificate holds."""
        return "certified" if self.certificate.holds else "failed"

    @property
    def market(self) -> InputMarket:
        """The market of the input."""
        assert self.industry.input_market is not None
        return self.industry.input_market

    @property
    def price_per_t(self) -> float:
        """Price of the product at the market, money/t without tax; nan where plants are held."""
        return self._price(self.industry.product, MARKET)

    @property
    def product_kt(self) -> float:
        """Output of all plants, kt/year."""
        return sum(self._levels(plant.name) for plant in self.industry.plants)

    @property
    def input_imports_kt(self) -> float:
        """Imports of the input, kt/year."""
        return self._levels(f"{self.market.product} {ABROAD}")

    @property
    def product_imports_kt(self) -> float:
        """Imports of the product less exports, kt/year."""
        tranches = sum(self._levels(f"import tranche {k}") for k in range(1, len(self.industry.trade.tranches) + 1))
        return self._levels(f"{self.industry.product} {ABROAD}") + tranches - self._levels("exports")

    @property
    def average_operating_rate(self) -> float:
        """Output of all suppliers over their capacity."""
        total = sum(item.capacity_kt for item in self.market.suppliers)
        made = sum(self._levels(item.name) for item in self.market.suppliers)
        return made / total if total > 0.0 else math.nan

    @property
    def places(self) -> tuple[ChainPlace, ...]:
        """The provinces in which the input or the product is or could be made, in the order of the industry."""
        return _places(self)

    @property
    def ports(self) -> tuple[str, ...]:
        """Places that the input reaches from abroad."""
        product = self.market.product
        routes = self.equilibrium.network.routes
        return tuple(item.destination for item in routes if item.product == product and item.origin == ABROAD)

    @property
    def landed_per_t(self) -> float:
        """What a landed tonne of the input costs at a port, money/t without tax; ``inf`` where nothing is traded."""
        return self.market.parity.price_per_t if self.market.parity else math.inf

    def mean_input_price_per_t(self, *names: str) -> float:
        """Return the mean price of the input where it is made, by output: of the places named, or of all."""
        chosen = [item for item in self.places if item.input_made_kt > 0.0 and (not names or item.name in names)]
        total = sum(item.input_made_kt for item in chosen)
        return sum(item.input_made_kt * item.input_price_per_t for item in chosen) / total if total > 0.0 else math.nan

    def landed_at_per_t(self, place: str) -> float:
        """Return what a landed tonne costs at a place: parity at the best port plus freight from it."""
        routes = self.equilibrium.network.routes
        product = self.market.product
        ports = {
            item.destination: self.landed_per_t + self._extra(item.destination)
            for item in routes
            if item.product == product and item.origin == ABROAD
        }
        costs = [ports[place]] if place in ports else []
        costs += [
            ports[item.origin] + item.border_cost_per_t(0)
            for item in routes
            if item.product == product and item.destination == place and item.origin in ports
        ]
        return min(costs, default=math.inf)

    def parity_gap_per_t(self, place: str) -> float:
        """Return landed cost at a place less the price there, money/t: above 0 no import goes there."""
        return self.landed_at_per_t(place) - self.place(place).input_price_per_t

    def place(self, name: str) -> ChainPlace:
        """Return one place.

        Raises:
            InputError: the chain has no such place.
        """
        names = [item.name for item in self.equilibrium.network.places]
        if name not in names:
            raise InputError(f"found place {name!r}; needed a place of the chain: {', '.join(names)}.")
        product = self.market.product
        mine = [item for item in self.market.suppliers if place_of(self.market, item.government) == name]
        capacity = sum(item.capacity_kt for item in mine)
        supplied = sum(self._levels(item.name) for item in mine)
        price = self._price(product, name)
        run = [self._supplier_cost(item.name) for item in mine if self._levels(item.name) > 1e-9 * max(capacity, 1.0)]
        plants = [item for item in self.industry.plants if place_of(self.market, item.government) == name]
        made = sum(self._levels(item.name) for item in plants)
        low, high = self._interval(product, name)
        used = self._used(name)
        # Where nobody buys, what a first tonne would cost; where nobody sells, what a first tonne would earn.
        price = high if used <= 1e-9 and supplied <= 1e-9 and math.isfinite(high) else price
        worth, earned = self._price(self.industry.product, name), self._interval(self.industry.product, name)[0]
        worth = earned if made <= 1e-9 and math.isfinite(earned) else worth
        return ChainPlace(
            name=name,
            input_price_per_t=price,
            input_low_per_t=low,
            input_high_per_t=high,
            product_price_per_t=worth,
            input_capacity_kt=capacity,
            input_made_kt=supplied,
            operating_rate=supplied / capacity if capacity > 0.0 else math.nan,
            product_made_kt=made,
            use_kt=used,
            supplier_margin_per_t=price - max(run) if run else math.nan,
            plant_margin_per_t=self._plant_margin([item.name for item in plants]),
        )

    @property
    def ore(self) -> tuple[OreFlow, ...]:
        """Ore by source."""
        rate = self.market.parity.exchange_rate if self.market.parity else math.nan
        known = {item.name for item in self.equilibrium.network.activities}
        return tuple(
            OreFlow(
                source=item.name,
                kind=item.kind,
                place=place_of(self.market, item.government),
                used_kt=self._levels(f"ore {item.name}"),
                capacity_kt=item.capacity_kt,
                delivered_per_t=item.delivered_per_t(rate),
                price_per_t=self._price(item.kind, place_of(self.market, item.government)),
            )
            for item in self.market.ore
            if f"ore {item.name}" in known
        )

    def mean_use_per_t(self, product: str) -> float:
        """Return how much of an input the running plants use for a tonne, on average."""
        made = [(self._levels(item.name), use_of(item, product)) for item in self.industry.plants]
        total = sum(level for level, _ in made)
        return sum(level * use for level, use in made) / total if total > 0.0 else math.nan

    def output_kt(self, name: str) -> float:
        """Return what a plant or a supplier makes, kt/year."""
        return self._levels(name)

    def flows(self, product: str = "") -> tuple[tuple[str, str, float], ...]:
        """Return what moves by route, kt/year: origin, destination, flow; of the input unless a product is named."""
        wanted = product or self.market.product
        total = self.equilibrium.flow_kt.sum(axis=(0, 2))
        return tuple(
            (item.origin, item.destination, float(total[k]))
            for k, item in enumerate(self.equilibrium.network.routes)
            if item.product == wanted and total[k] > 1e-6
        )

    def _levels(self, activity: str) -> float:
        return _level_by_name(self.equilibrium).get(activity, 0.0)

    def _price(self, product: str, place: str) -> float:
        at = self._at(product, place)
        return math.nan if at is None else float(self.equilibrium.price_per_t[at[0], at[1], 0])

    def _interval(self, product: str, place: str) -> tuple[float, float]:
        at = self._at(product, place)
        if at is None:
            return math.nan, math.nan
        return float(self.intervals.low_per_t[at[0], at[1], 0]), float(self.intervals.high_per_t[at[0], at[1], 0])

    def _at(self, product: str, place: str) -> tuple[int, int] | None:
        products = [item.name for item in self.equilibrium.network.products]
        places = [item.name for item in self.equilibrium.network.places]
        if product not in products or place not in places:
            return None
        return products.index(product), places.index(place)

    def _extra(self, port: str) -> float:
        product = self.market.product
        return next(
            (
                item.freight_per_t
                for item in self.market.routes
                if (item.product, item.origin, item.destination) == (product, ABROAD, port)
            ),
            0.0,
        )

    def _supplier_cost(self, name: str) -> float:
        """Cost of a supplier with ore at its price there."""
        item = next(item for item in self.market.suppliers if item.name == name)
        use = item.ore_use_t_per_t
        place = place_of(self.market, item.government)
        delivery = item.delivery_per_t if self.market.routes else 0.0
        paid = use * (self._price(item.ore, place) - ore_reference_per_t(self.market, item)) if use else 0.0
        return item.cash_cost_per_t - delivery + paid

    def _used(self, place: str) -> float:
        product = self.market.product
        network = self.equilibrium.network
        used = sum(
            float(self.equilibrium.bought_kt[k, 0])
            for k, item in enumerate(network.demands)
            if (item.product, item.place) == (product, place)
        )
        for k, item in enumerate(network.activities):
            if item.place == place:
                used += sum(
                    amount.per_t * float(self.equilibrium.level_kt[k, 0])
                    for amount in item.inputs
                    if amount.product == product
                )
        return used

    def _plant_margin(self, names: list[str]) -> float:
        """Mean margin by output: worth of the product there less its input and what stopping avoids of each step."""
        network = self.equilibrium.network
        made, earned = 0.0, 0.0
        for k, item in enumerate(network.activities):
            if item.name not in names:
                continue
            level = float(self.equilibrium.level_kt[k, 0])
            worth = self._price(self.industry.product, item.place)
            worth -= sum(amount.per_t * self._price(amount.product, item.place) for amount in item.inputs)
            left = level
            for step in sorted(item.steps, key=lambda step: float(np.max(step.cost_per_t))):
                used = min(left, float(np.max(step.capacity_kt)))
                earned += used * (worth - float(np.max(step.cost_per_t)))
                left -= used
            made += level
        return earned / made if made > 0.0 else math.nan


@lru_cache(maxsize=4)
def _places(found: ChainResult) -> tuple[ChainPlace, ...]:
    names = [place_of(found.market, plant.government) for plant in found.industry.plants]
    names += [place_of(found.market, item.government) for item in found.market.suppliers]
    known = {item.name for item in found.equilibrium.network.places}
    return tuple(found.place(name) for name in dict.fromkeys(names) if name in known)


@lru_cache(maxsize=4)
def _level_by_name(equilibrium: NetworkEquilibrium) -> dict[str, float]:
    names = [item.name for item in equilibrium.network.activities]
    return dict(zip(names, equilibrium.level_kt[:, 0].tolist(), strict=True))
