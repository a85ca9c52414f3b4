"""Input relief: how much of a cut is undone because the input gets cheaper."""

from __future__ import annotations

__all__ = ["ChainRelief", "chain_relief", "price_moved"]

from dataclasses import dataclass

import numpy as np

from potline.equilibrium.chain.result import ChainResult
from potline.equilibrium.chain.solving import chain
from potline.equilibrium.concepts import Avoidable
from potline.equilibrium.cuts import withdrawn_kt
from potline.equilibrium.input_market import input_relief
from potline.industry import Agreement, Industry
from potline.reading import reads
from potline.showing import Shown

_SOLVED = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChainRelief(Shown):
    """A cut in the chain, with the input's price held and with it cleared.

    Attributes:
        cut_kt: running capacity withdrawn, kt/year.
        before, held, after: without the cut; with it at the input prices of before; with it and all prices cleared.
        price_fall_per_t: fall of the input's price by place, money/t without tax.
        one_market_fall_per_t: the same where the input has one price, at the same fall of output.
    """

    cut_kt: float
    before: ChainResult
    held: ChainResult
    after: ChainResult
    price_fall_per_t: tuple[tuple[str, float], ...]
    one_market_fall_per_t: float

    @property
    def answered_kt(self) -> float:
        """Output of others and idle lines that answers the higher price of the product, kt/year."""
        return self.held.product_kt - (self.before.product_kt - self.cut_kt)

    @property
    def undone_kt(self) -> float:
        """Output that comes back because the input got cheaper, kt/year."""
        return self.after.product_kt - self.held.product_kt

    @property
    def undone_share(self) -> float:
        """The same over the cut."""
        return self.undone_kt / self.cut_kt if self.cut_kt > 0.0 else 0.0

    @property
    def saving_m_per_year(self) -> float:
        """What plants that run after the cut save on the input, million a year."""
        falls, product = dict(self.price_fall_per_t), self.after.market.product
        made = {item.name: item.product_made_kt for item in self.after.places}
        use = self.before.mean_use_per_t(product)
        return sum(made[name] * use * falls[name] for name in made if name in falls) / 1000.0

    @property
    def mean_fall_per_t(self) -> float:
        """Fall of the input's price, mean by what plants and others use after the cut, money/t."""
        falls = dict(self.price_fall_per_t)
        used = {item.name: item.use_kt for item in self.after.places if item.name in falls}
        total = sum(used.values())
        return sum(used[name] * falls[name] for name in used) / total if total > 0.0 else 0.0


@reads
def chain_relief(
    industry: Industry, cut: Agreement, *, before: ChainResult | None = None, avoidable: Avoidable | None = None
) -> ChainRelief:
    """Compare the chain before a cut, after it at held input prices, and after it with everything cleared.

    Args:
        industry: with a market of the input.
        cut: who idles how much.
        before: the chain without the cut, where it is solved already.
        avoidable: as in :func:`potline.equilibrium.chain`.

    Raises:
        InputError: the cut means nothing, or there is no market of the input.

    Examples:
        >>> from potline.industry import Input, InputMarket, JointCut, LinearDemand, Plant, ProRata, Supplier
        >>> ore = Input(product="coke", use_per_t=2.0, price_per_unit=2000.0)
        >>> small = Industry(name="small", price_per_t=9000.0,
        ...     demand=LinearDemand(price_per_t=9000.0, quantity_kt=50.0, elasticity=1.0),
        ...     plants=(Plant(name="A", firm="A", capacity_kt=30.0, inputs=(ore,)),
        ...             Plant(name="B", firm="B", capacity_kt=20.0, inputs=(ore,))),
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0,
        ...                         suppliers=(Supplier(name="S", capacity_kt=90.0, cash_cost_per_t=1800.0),
        ...                                     Supplier(name="H", capacity_kt=90.0, cash_cost_per_t=2000.0))))
        >>> found = chain_relief(small, JointCut(signatories=("A",), rule=ProRata(total_kt=10.0)))
        >>> found.mean_fall_per_t, found.one_market_fall_per_t, found.undone_kt
        (200.0, 200.0, 0.0)
    """
    first = before if before is not None else chain(industry, avoidable=avoidable)
    costs = first.avoidable
    less = industry.under(cut)
    withdrawn = sum(running for running, _ in withdrawn_kt(less, costs))
    prices = {item.name: item.input_price_per_t for item in first.places}
    held = chain(less, avoidable=costs, input_price_per_t=prices, intervals=False)
    after = chain(less, avoidable=costs, start=first.equilibrium)
    fall, relief = input_relief(industry)
    lost = max(0.0, first.product_kt - after.product_kt)
    place = min(int(np.searchsorted(fall, lost, side="right")), fall.size - 1)
    now = {item.name: item.input_price_per_t for item in after.places}
    return ChainRelief(
        cut_kt=withdrawn,
        before=first,
        held=held,
        after=after,
        price_fall_per_t=tuple((name, price_moved(now[name], prices[name])) for name in prices if name in now),
        one_market_fall_per_t=float(np.interp(lost, fall[: place + 1], relief[: place + 1])),
    )


def price_moved(before_per_t: float, after_per_t: float) -> float:
    """Return how much a price of a chain moved; nothing where it is the same to what a chain is solved to.

    Examples:
        >>> price_moved(2000.0, 2000.0000001), price_moved(2000.0, 2000.5)
        (0.0, 0.5)
    """
    moved = after_per_t - before_per_t
    return 0.0 if abs(moved) <= _SOLVED * max(abs(before_per_t), abs(after_per_t)) else moved
