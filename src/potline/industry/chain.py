"""The market of an input that the industry shares, such as coke for steel works."""

from __future__ import annotations

__all__ = ["ABROAD", "MARKET", "InputMarket", "OreSource", "Supplier", "SupplyRoute"]

import math

from potline.industry.market import ImportParity
from potline.reading import Name, NonNegative, Unlimited, noun
from potline.showing import Short

ABROAD = "abroad"
MARKET = "market"


@noun
class OreSource:
    """Ore of one kind that reaches the suppliers of one province.

    Attributes:
        kind: the kind of ore, as in :attr:`Supplier.ore`.
        government: province of the suppliers it reaches.
        cif_usd_per_t: price at the port of ore from abroad; 0 for domestic ore.
        cost_per_t: money/t without tax: of domestic ore its price at the supplier, of other ore port charges and haul.
        capacity_kt: what can come in a year.

    Examples:
        >>> ore = OreSource(name="Indonesia", kind="imported ore", cif_usd_per_t=54.0, cost_per_t=40.0)
        >>> ore.delivered_per_t(6.2)
        374.8
    """

    name: Name
    kind: str
    government: str = ""
    cif_usd_per_t: NonNegative = 0.0
    cost_per_t: float = 0.0
    capacity_kt: Unlimited = math.inf

    def delivered_per_t(self, exchange_rate: float) -> float:
        """Return what a tonne costs at the supplier, money/t without tax."""
        return (self.cif_usd_per_t * exchange_rate if self.cif_usd_per_t else 0.0) + self.cost_per_t


@noun
class SupplyRoute:
    """A way for the input or the product between provinces, ports, ``abroad`` and the ``market`` of the product.

    Attributes:
        freight_per_t: money/t without tax; from abroad what comes on top of import parity.
        capacity_kt: what can move in a year.
        lag_months: between the price at the origin and arrival.

    Examples:
        >>> SupplyRoute(name="rail", product="coke", origin="Shanxi", destination="Gansu").freight_per_t
        0.0
    """

    name: Name
    product: str
    origin: str
    destination: str
    freight_per_t: float = 0.0
    capacity_kt: Unlimited = math.inf
    lag_months: NonNegative = 0.0


@noun
class Supplier:
    """Supply of the input from one place at a constant cash cost, money/t without tax, delivered to plants.

    Attributes:
        delivery_per_t: the part of the cash cost that is delivery.
        ore_use_t_per_t: ore for a tonne; 0 where ore is not told apart from other cost.
        added_kt: capacity being added, not part of ``capacity_kt``.

    Examples:
        >>> Supplier(name="Shandong", capacity_kt=20_000.0, cash_cost_per_t=2000.0).government
        ''
    """

    name: Name
    capacity_kt: NonNegative
    cash_cost_per_t: float
    government: str = ""
    ore: str = ""
    delivery_per_t: float = 0.0
    ore_use_t_per_t: NonNegative = 0.0
    added_kt: NonNegative = 0.0


@noun
class InputMarket(Short):
    """The market of one input: domestic supply as a step curve, imports at parity.

    Attributes:
        product: name of the input as in :class:`~potline.industry.plant.Input`.
        price_per_t: observed domestic price, money/t without tax.
        suppliers: domestic supply.
        other_use_kt: use outside the plants of the industry, kt/year.
        parity: import parity; None where the input is not traded.
        ore, routes: ore and ways between places, read by :func:`potline.equilibrium.chain`; may be empty.

    Examples:
        >>> InputMarket(product="coke", price_per_t=2180.0).parity is None
        True
    """

    product: str
    price_per_t: float
    suppliers: tuple[Supplier, ...] = ()
    other_use_kt: NonNegative = 0.0
    parity: ImportParity | None = None
    ore: tuple[OreSource, ...] = ()
    routes: tuple[SupplyRoute, ...] = ()
