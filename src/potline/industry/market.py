"""Demand, trade and the law of the price."""

from __future__ import annotations

__all__ = ["Demand", "ImportParity", "IsoelasticDemand", "LinearDemand", "PriceProcess", "Trade", "Tranche"]

import math
from typing import Annotated

from potline.equality import same_values
from potline.reading import NonNegative, Positive, Real, Share, Unlimited, Within, noun, reads


@noun
class LinearDemand:
    r"""Linear demand through an observed point, ``P(Q) = a - b Q``, ``b = p0 / (elasticity Q0)``, ``a = p0 + b Q0``.

    Attributes:
        price_per_t, quantity_kt: the point (p0, Q0); money/t without tax and kt/year.
        elasticity: own-price elasticity at the point, positive, of the horizon asked about, stocks included.

    Examples:
        >>> demand = LinearDemand(price_per_t=10.0, quantity_kt=10.0, elasticity=1.0)
        >>> demand.intercept_per_t, demand.slope_per_kt, demand.price_at(5.0)
        (20.0, 1.0, 15.0)
        >>> LinearDemand.from_line(intercept_per_t=20.0, slope_per_kt=1.0).quantity_at(15.0)
        5.0
    """

    price_per_t: Positive
    quantity_kt: Positive
    elasticity: Positive

    @classmethod
    @reads
    def from_line(cls, *, intercept_per_t: Positive, slope_per_kt: Positive) -> LinearDemand:
        """Return the demand ``P = a - b Q`` (anchored at the middle of the line, where elasticity is 1)."""
        return cls(
            price_per_t=intercept_per_t / 2.0,
            quantity_kt=intercept_per_t / (2.0 * slope_per_kt),
            elasticity=1.0,
        )

    @property
    def slope_per_kt(self) -> float:
        """b, money/t per kt/year, positive."""
        return self.price_per_t / (self.elasticity * self.quantity_kt)

    @property
    def intercept_per_t(self) -> float:
        """a, money/t."""
        return self.price_per_t + self.slope_per_kt * self.quantity_kt

    def price_at(self, quantity_kt: float) -> float:
        """Return the price at a quantity, money/t."""
        return self.intercept_per_t - self.slope_per_kt * quantity_kt

    def quantity_at(self, price_per_t: float) -> float:
        """Return the quantity at a price, kt/year, never below 0."""
        return max(0.0, (self.intercept_per_t - price_per_t) / self.slope_per_kt)


@noun
class IsoelasticDemand:
    r"""Demand of constant elasticity, ``Q(p) = Q0 (p / p0) ** -elasticity``.

    Examples:
        >>> IsoelasticDemand(price_per_t=1.0, quantity_kt=5000.0, elasticity=1.1).quantity_at(1.0)
        5000.0
    """

    price_per_t: Positive
    quantity_kt: Positive
    elasticity: Positive

    def price_at(self, quantity_kt: float) -> float:
        """Return the price at a quantity, money/t."""
        return self.price_per_t * (quantity_kt / self.quantity_kt) ** (-1.0 / self.elasticity)

    def quantity_at(self, price_per_t: float) -> float:
        """Return the quantity at a price, kt/year."""
        return self.quantity_kt * (price_per_t / self.price_per_t) ** -self.elasticity


Demand = LinearDemand | IsoelasticDemand


@noun
class ImportParity:
    r"""What a tonne from abroad costs at the domestic market.

    With tax ``(FOB + freight) * FX * (1 + duty) * (1 + VAT) + port charges``; :attr:`price_per_t` is that without
    tax, divided by ``1 + VAT``.

    Attributes:
        fob_usd_per_t: price abroad (for one traded on an exchange: the price there).
        freight_usd_per_t: freight and premium.
        exchange_rate: domestic money per USD.
        duty_share, vat_rate: shares.
        port_charges_per_t: money/t, as added to the price with tax.

    Examples:
        >>> parity = ImportParity(fob_usd_per_t=335.0, freight_usd_per_t=23.0, exchange_rate=6.24, vat_rate=0.17,
        ...                       port_charges_per_t=75.0)
        >>> round(parity.price_with_vat_per_t)
        2689
    """

    fob_usd_per_t: NonNegative
    freight_usd_per_t: float = 0.0
    exchange_rate: Positive
    duty_share: NonNegative = 0.0
    vat_rate: Share = 0.0
    port_charges_per_t: float = 0.0

    @property
    def price_with_vat_per_t(self) -> float:
        """Parity with value-added tax, money/t."""
        landed = (self.fob_usd_per_t + self.freight_usd_per_t) * self.exchange_rate * (1.0 + self.duty_share)
        return landed * (1.0 + self.vat_rate) + self.port_charges_per_t

    @property
    def price_per_t(self) -> float:
        """Parity without value-added tax, money/t."""
        return self.price_with_vat_per_t / (1.0 + self.vat_rate)


@noun
class Tranche:
    """A quantity that comes in at a price: an import tranche, money/t without tax and kt/year.

    Examples:
        >>> Tranche(price_per_t=12_600.0).quantity_kt
        inf
    """

    price_per_t: Real
    quantity_kt: Unlimited = math.inf


@noun
class Trade:
    """Trade of the product: import parity is a ceiling on the price, export parity a floor.

    Attributes:
        parity: the parity from which an unlimited tranche follows; None where tranches are given directly.
        tranches: import tranches; used as they are, beside the one of ``parity``.
        export_floor_per_t: price at which any quantity leaves the country, money/t without tax; ``-inf``: none.

    Examples:
        >>> Trade(tranches=(Tranche(price_per_t=12_600.0),)).import_tranches[0].price_per_t
        12600.0
    """

    parity: ImportParity | None = None
    tranches: tuple[Tranche, ...] = ()
    export_floor_per_t: Real = -math.inf

    @property
    def import_tranches(self) -> tuple[Tranche, ...]:
        """All import tranches, cheapest first."""
        own = (Tranche(price_per_t=self.parity.price_per_t),) if self.parity else ()
        return tuple(sorted((*self.tranches, *own), key=lambda tranche: tranche.price_per_t))

    @property
    def ceiling_per_t(self) -> float:
        """Price at which imports are unlimited, money/t; ``inf`` where no tranche is."""
        unlimited = [item.price_per_t for item in self.import_tranches if math.isinf(item.quantity_kt)]
        return min(unlimited, default=math.inf)


@noun
class PriceProcess:
    r"""The law of the product's price p: ``dp / p = (drift + kappa (log mean - log p)) dt + volatility dW``.

    Without mean reversion (``kappa = 0``) this is geometric Brownian motion, and ``drift = 0`` leaves the expected
    price where it is.

    Attributes:
        volatility: a year, share.
        drift: a year.
        kappa: mean reversion a year, 0 for none.
        mean_price_per_t: price reverted to, money/t; needed where ``kappa`` is above 0.

    Examples:
        >>> PriceProcess(volatility=0.18).kappa
        0.0
    """

    volatility: NonNegative
    drift: float = 0.0
    kappa: NonNegative = 0.0
    mean_price_per_t: Annotated[float, Within(above=0.0, missing=True)] = math.nan

    __eq__ = same_values
