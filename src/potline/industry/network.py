"""A chain in space: products, places, what turns one product into another, what moves it, who buys it, what is stored.

Quantities are kt of each product in a period and money is per tonne without value-added tax; a product counted
otherwise (electricity in GWh) keeps the names and says so in :attr:`Product.unit`. A number that differs between
periods is written as a tuple, one value a period.
"""

from __future__ import annotations

__all__ = [
    "Activity",
    "Amount",
    "CostStep",
    "CrossTerm",
    "FixedDemand",
    "IsoelasticLocalDemand",
    "LocalDemand",
    "Network",
    "Place",
    "PlaceDemand",
    "Product",
    "Quota",
    "Route",
    "Series",
    "Stock",
]

import math
from typing import Literal

from potline.reading import Name, Positive, Real, noun, reads
from potline.showing import Shown

Series = Real | tuple[Real, ...]


@noun
class Product:
    """Something with a balance at every place.

    Examples:
        >>> Product(name="coke").unit
        'kt'
    """

    name: Name
    unit: str = "kt"


@noun
class Place:
    """A province, a port, a node of the railway, or the world outside.

    Examples:
        >>> Place(name="Henan").group
        ''
    """

    name: Name
    group: str = ""


@noun
class Amount:
    """What one tonne of an activity takes or makes of a product.

    Attributes:
        per_t: amount of the product for each unit of the activity's level.
        indexed_to, index_share: a contract that prices all of this input that is used, however much that is, at
            ``index_share`` times what buyers pay for the product ``indexed_to``. Makers of the input are still paid
            its own price: the difference is paid by whoever wrote the contract and moves no quantity of his.
        index_place: where the price of ``indexed_to`` is read; the activity's own place where empty.

    Examples:
        >>> Amount(product="coke", per_t=1.93, indexed_to="steel", index_share=0.17).index_place
        ''
    """

    product: str
    per_t: Real = 1.0
    indexed_to: str = ""
    index_share: Real = 0.0
    index_place: str = ""


@noun
class CostStep:
    """A piece of capacity with its own cost.

    Examples:
        >>> CostStep(capacity_kt=120.0, cost_per_t=11_400.0).capacity_kt
        120.0
    """

    capacity_kt: Series
    cost_per_t: Series


@noun
class Activity:
    r"""Something done at a place: mining, processing, making, buying from outside, selling outside.

    A level of x costs ``cost_per_t x + cost_slope x^2 / 2`` (marginal cost ``cost_per_t + cost_slope x``), or the sum
    of its steps. Buying from outside has outputs only, selling outside inputs only and a negative cost.

    Attributes:
        inputs, outputs: the recipe.
        owner: who decides; its own name where empty.
        cost_per_t: money/t apart from the inputs of the recipe.
        cost_slope: money/t per kt.
        capacity_kt: of the level, a period; not used where there are steps.
        steps: pieces of capacity with their own costs.

    Examples:
        >>> plant = Activity(name="Lanzhou", place="Gansu", inputs=(Amount(product="coke", per_t=1.93),),
        ...                    outputs=(Amount(product="steel"),), cost_per_t=9_800.0, capacity_kt=35.0)
        >>> plant.decides
        'Lanzhou'
    """

    name: Name
    place: Name
    inputs: tuple[Amount, ...] = ()
    outputs: tuple[Amount, ...] = ()
    cost_per_t: Series = 0.0
    cost_slope: Series = 0.0
    capacity_kt: Series = math.inf
    steps: tuple[CostStep, ...] = ()
    owner: str = ""

    @property
    def decides(self) -> str:
        """Return the owner, or the activity's own name where none is given."""
        return self.owner or self.name


@noun
class Route:
    r"""A way for one product from one place to another.

    The bill of a flow t is ``(cost_per_t + crowding_slope t + crowding_cubic t^2) t`` where ``cost_per_t`` is
    :attr:`border_cost_per_t`: freight, duty and port charges. Carriers are paid either that average (``carriage =
    "average"``) or the marginal cost, which counts what one more tonne adds to the bill of all others.

    Attributes:
        product, origin, destination: names.
        freight_per_t: money/t.
        capacity_kt: a quota or a capacity, a period.
        duty_share, vat_rate: shares.
        vat_recovered: whether the buyer gets the tax back; then only port charges, which the trade adds to the price
            with tax, feel it.
        customs_value_per_t: value that duty is charged on, before freight; None charges the price at the origin, which
            is endogenous (for a seller with market power: what a tonne is worth to it there).
        port_charges_per_t: money/t, added to the price with tax.
        crowding_slope, crowding_cubic: money/t per kt and per kt^2.
        lag_periods: periods between leaving and arriving.
        afloat_kt: what arrives in each of the first ``lag_periods``.
        loss_share: share lost on the way.
        name: how messages and tables call it; made of its parts where empty.

    Examples:
        >>> sea = Route(product="coke", origin="Bunbury", destination="Qingdao", freight_per_t=143.5, duty_share=0.0,
        ...             vat_rate=0.17, customs_value_per_t=2090.4, port_charges_per_t=75.0)
        >>> sea.label, round(sea.border_cost_per_t(0), 1)
        ('coke Bunbury -> Qingdao', 207.6)
    """

    product: str
    origin: str
    destination: str
    freight_per_t: Series = 0.0
    capacity_kt: Series = math.inf
    duty_share: Series = 0.0
    vat_rate: Series = 0.0
    vat_recovered: bool = True
    customs_value_per_t: Series | None = None
    port_charges_per_t: Series = 0.0
    crowding_slope: Series = 0.0
    crowding_cubic: Series = 0.0
    carriage: Literal["marginal", "average"] = "marginal"
    lag_periods: int = 0
    afloat_kt: Real = 0.0
    loss_share: Real = 0.0
    name: str = ""

    @property
    def label(self) -> str:
        """Return the name, or product, origin and destination."""
        return self.name or f"{self.product} {self.origin} -> {self.destination}"

    def ad_valorem(self, period: int) -> float:
        """Return duty, and value-added tax that is not returned, as a share of the landed value."""
        tax = 0.0 if self.vat_recovered else at(self.vat_rate, period)
        return (1.0 + at(self.duty_share, period)) * (1.0 + tax) - 1.0

    def border_cost_per_t(self, period: int) -> float:
        """Return freight, duty, tax that is not returned and port charges, money/t without tax."""
        wedge, freight = self.ad_valorem(period), at(self.freight_per_t, period)
        value = 0.0 if self.customs_value_per_t is None else at(self.customs_value_per_t, period)
        returned = 1.0 + at(self.vat_rate, period) if self.vat_recovered else 1.0
        return freight + wedge * (value + freight) + at(self.port_charges_per_t, period) / returned


@noun
class LocalDemand:
    r"""Linear demand for a product at a place, ``P(Q) = intercept_per_t - slope_per_kt Q`` a period.

    Examples:
        >>> LocalDemand(product="steel", place="Foshan", intercept_per_t=60_000.0, slope_per_kt=150.0).place
        'Foshan'
    """

    product: str
    place: str
    intercept_per_t: Series
    slope_per_kt: Series

    @classmethod
    @reads
    def calibrated(
        cls, *, product: str, place: str, price_per_t: Positive, quantity_kt: Positive, elasticity: Positive
    ) -> LocalDemand:
        """Return the line through an observed point with a given elasticity there."""
        slope = price_per_t / (elasticity * quantity_kt)
        return cls(product=product, place=place, intercept_per_t=price_per_t + slope * quantity_kt, slope_per_kt=slope)


@noun
class FixedDemand:
    """A quantity of a product that a place takes at any price.

    Examples:
        >>> FixedDemand(product="steel", place="Monterrey", quantity_kt=2.188).place
        'Monterrey'
    """

    product: str
    place: str
    quantity_kt: Series


@noun
class IsoelasticLocalDemand:
    r"""Demand of constant elasticity for a product at a place, ``P(Q) = price (Q / quantity)^(-1 / elasticity)``.

    Attributes:
        price_per_t, quantity_kt: a point on the curve, a period.
        elasticity: of quantity by price, its size.

    Examples:
        >>> IsoelasticLocalDemand(
        ...     product="steel", place="Foshan", price_per_t=14_500.0, quantity_kt=400.0, elasticity=1.2).elasticity
        1.2
    """

    product: str
    place: str
    price_per_t: Series
    quantity_kt: Series
    elasticity: Real


PlaceDemand = LocalDemand | IsoelasticLocalDemand | FixedDemand


@noun
class CrossTerm:
    """How one quantity moves another's price: ``per_t_per_kt`` money/t for each kt of the other, where both stand.

    Between demands at one place (``kind = "demand"``, named by product): the price of ``of`` FALLS by it. Between
    activities (``kind = "activity"``): the marginal cost of ``of`` RISES by it. A term holds in one direction; where
    the other direction differs no single program describes the market.

    Examples:
        >>> CrossTerm(of="ingot", by="billet", place="Henan", per_t_per_kt=0.2).kind
        'demand'
    """

    of: str
    by: str
    per_t_per_kt: float
    place: str = ""
    kind: Literal["demand", "activity"] = "demand"


@noun
class Stock:
    """A store of a product at a place, kept from the end of one period to the next.

    Attributes:
        cost_per_t: money/t a period.
        capacity_kt: largest stock.
        loss_share: lost from one period to the next.
        opening_kt: in hand at the start.
        closing_kt: must be in hand at the end, at least.

    Examples:
        >>> Stock(product="steel", place="Foshan", cost_per_t=20.0, opening_kt=400.0).closing_kt
        0.0
    """

    product: str
    place: str
    cost_per_t: Series = 0.0
    capacity_kt: Series = math.inf
    loss_share: Real = 0.0
    opening_kt: Real = 0.0
    closing_kt: Real = 0.0


@noun
class Quota:
    """A limit on the sum of flows over several routes (by label) in each period.

    Examples:
        >>> Quota(name="coke licence", routes=("coke Bunbury -> Qingdao",), limit_kt=300.0).limit_kt
        300.0
    """

    name: Name
    routes: tuple[str, ...]
    limit_kt: Series


@noun
class Network(Shown):
    """A chain in space over one or more periods.

    Attributes:
        discount_per_period: share by which a period's money counts less than that of the period before.

    Examples:
        >>> pair = Network(
        ...     name="pair", products=(Product(name="metal"),), places=(Place(name="west"), Place(name="east")),
        ...     activities=(Activity(name="mill", place="west", outputs=(Amount(product="metal"),), cost_per_t=2.0),),
        ...     routes=(Route(product="metal", origin="west", destination="east", freight_per_t=1.0),),
        ...     demands=(LocalDemand(product="metal", place="east", intercept_per_t=10.0, slope_per_kt=1.0),))
        >>> pair.owners
        ('mill',)
    """

    name: Name
    products: tuple[Product, ...]
    places: tuple[Place, ...]
    activities: tuple[Activity, ...] = ()
    routes: tuple[Route, ...] = ()
    demands: tuple[PlaceDemand, ...] = ()
    cross_terms: tuple[CrossTerm, ...] = ()
    stocks: tuple[Stock, ...] = ()
    quotas: tuple[Quota, ...] = ()
    periods: int = 1
    discount_per_period: float = 0.0
    currency: str = "money"

    @property
    def owners(self) -> tuple[str, ...]:
        """The owners of activities, in order of first appearance."""
        return tuple(dict.fromkeys(activity.decides for activity in self.activities))


def at(series: Series, period: int) -> float:
    """Return the value of a number in one period."""
    return series[period] if isinstance(series, tuple) else series
