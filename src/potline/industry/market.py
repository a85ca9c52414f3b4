"""Demand, trade and the law of the price."""

from __future__ import annotations

__all__ = [
    "Demand",
    "ImportParity",
    "IsoelasticDemand",
    "LinearDemand",
    "PriceProcess",
    "RestOfWorld",
    "Trade",
    "Tranche",
]

import math
from collections.abc import Iterable
from typing import Annotated

from potline.equality import same_values
from potline.errors import Problem
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
class RestOfWorld:
    """The market abroad that imports are drawn from, as far as it moves the price there.

    Attributes:
        quantity_kt: what it makes and uses, kt/year.
        supply_elasticity: net: by how many per cent of the quantity more is left over for export where the price
            there is one per cent higher, supply, use and stocks taken together.

    Examples:
        >>> RestOfWorld(quantity_kt=25_000.0, supply_elasticity=0.6).supply_elasticity
        0.6
    """

    quantity_kt: Positive
    supply_elasticity: NonNegative


@noun
class Trade:
    """Trade of the product: import parity is a ceiling on the price, or where imports begin; export parity a floor.

    Attributes:
        parity: import parity; any quantity comes in at it, unless a slope or the rest of the world is given. None where
            tranches are given directly.
        tranches: import tranches; used as they are, beside the one of ``parity``.
        export_floor_per_t: price at which any quantity leaves the country, money/t without tax; ``-inf``: none.
        import_supply_slope_kt_per_price: kt/year that come in for each unit of money/t, without tax, that the price
            lies above parity; 0: nothing comes; ``inf``: any quantity at parity, a flat ceiling.
        rest_of_world: in its place, what the slope follows from.
        headroom_spread_per_t: standard deviation of what is left between price and parity over the term of a deal,
            money/t without tax; one below a millionth of the price is none. It is read where a cut for a term is
            valued, not by a market at one date.

    Examples:
        >>> Trade(tranches=(Tranche(price_per_t=12_600.0),)).import_tranches[0].price_per_t
        12600.0

        A market of 25 Mt abroad at 2,000 USD/t, of which 0.6 per cent more is left over for each per cent of price:
        1.2 kt for each CNY/t.

        >>> at_the_border = ImportParity(fob_usd_per_t=2000.0, exchange_rate=6.25)
        >>> rising = Trade(parity=at_the_border, rest_of_world=RestOfWorld(quantity_kt=25e3, supply_elasticity=0.6))
        >>> rising.slope_kt_per_price, rising.ceiling_per_t, rising.rises
        (1.2, 12500.0, True)
    """

    parity: ImportParity | None = None
    tranches: tuple[Tranche, ...] = ()
    export_floor_per_t: Real = -math.inf
    import_supply_slope_kt_per_price: Unlimited = math.inf
    rest_of_world: RestOfWorld | None = None
    headroom_spread_per_t: NonNegative = 0.0

    def contradictions(self) -> Iterable[Problem]:
        """Yield a problem where a slope or a spread has no parity to begin at, or stands beside what it replaces."""
        abroad, stated = self.rest_of_world, math.isfinite(self.import_supply_slope_kt_per_price)
        name = "import_supply_slope_kt_per_price" if stated else "rest_of_world" if abroad else "headroom_spread_per_t"
        if not (stated or abroad or self.headroom_spread_per_t):
            return
        if self.parity is None:
            needed, hint = "an import parity", "Imports begin at parity: give `trade.parity`."
            yield Problem(where=f"trade.{name}", found="no trade.parity", needed=needed, hint=hint)
        if self.tranches:
            found, needed = f"{name} beside trade.tranches", "one of the two"
            hint = "Tranches are a supply of imports of their own, each a step."
            yield Problem(where="trade", found=found, needed=needed, hint=hint)
        if stated and abroad:
            found = "import_supply_slope_kt_per_price beside rest_of_world"
            yield Problem(where="trade", found=found, needed="one of the two", hint="The slope follows from the other.")
        if abroad and self.parity and not self.parity.fob_usd_per_t > 0.0:
            found, needed = f"trade.parity.fob_usd_per_t {self.parity.fob_usd_per_t:g}", "a price abroad above 0"
            yield Problem(
                where="trade.rest_of_world", found=found, needed=needed, hint="Its elasticity is taken there."
            )

    @property
    def slope_kt_per_price(self) -> float:
        """Import supply above parity, kt/year for each money/t: as stated, or ``Q eta / (P FX (1 + duty))``."""
        abroad, parity = self.rest_of_world, self.parity
        if abroad is None or parity is None:
            return self.import_supply_slope_kt_per_price
        landed = parity.fob_usd_per_t * parity.exchange_rate * (1.0 + parity.duty_share)
        return abroad.quantity_kt * abroad.supply_elasticity / landed

    @property
    def rises(self) -> bool:
        """Whether imports come along a slope, and not in any quantity at one price."""
        return self.parity is not None and math.isfinite(self.slope_kt_per_price)

    @property
    def not_steps(self) -> tuple[Problem, ...]:
        """What a verb says that takes imports in steps only, where they rise along a slope; else nothing."""
        if not self.rises:
            return ()
        name = "rest_of_world" if self.rest_of_world else "import_supply_slope_kt_per_price"
        found, needed = "imports that rise along a slope", "any quantity at parity, or tranches"
        hint = "Leave the slope away here; a meeting and what follows from it read it."
        return (Problem(where=f"trade.{name}", found=found, needed=needed, hint=hint),)

    @property
    def import_tranches(self) -> tuple[Tranche, ...]:
        """All import tranches, cheapest first; none for imports along a slope."""
        own = (Tranche(price_per_t=self.parity.price_per_t),) if self.parity and not self.rises else ()
        return tuple(sorted((*self.tranches, *own), key=lambda tranche: tranche.price_per_t))

    @property
    def ceiling_per_t(self) -> float:
        """Price at which imports are unlimited, or from which they rise, money/t; ``inf`` where there is none."""
        unlimited = [item.price_per_t for item in self.tranches if math.isinf(item.quantity_kt)]
        return min([*unlimited, self.parity.price_per_t if self.parity else math.inf])


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
