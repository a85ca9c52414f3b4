"""Scenarios of the chain, as changes."""

from __future__ import annotations

__all__ = ["with_new_capacity", "without_ore"]

from potline.errors import InputError, Problem
from potline.industry import Change, Industry, selector


def without_ore(industry: Industry, source: str, *, stocks: str = "", stocks_kt: float = 0.0) -> tuple[Change, ...]:
    """Return the changes that take a source of ore away, and draw a stock of ore in its place where one is named.

    Raises:
        InputError: the chain has no such source.

    Examples:
        >>> from potline.industry import OreSource, InputMarket, LinearDemand
        >>> demand = LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)
        >>> mine = Industry(name="one", plants=(), demand=demand,
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0,
        ...                         ore=(OreSource(name="Indonesia", kind="imported ore"),)))
        >>> without_ore(mine, "Indonesia")
        (Change(path='ore[Indonesia].capacity_kt', operation='set', value=0.0),)
    """
    known = [item.name for item in industry.input_market.ore] if industry.input_market else []
    problems = [
        Problem(where="ore", found=repr(name), needed=f"a source of the chain: {', '.join(known) or 'none'}")
        for name in (source, *((stocks,) if stocks else ()))
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    gone = Change(path=f"ore[{selector(source)}].capacity_kt", value=0.0)
    return (gone, Change(path=f"ore[{selector(stocks)}].capacity_kt", value=stocks_kt)) if stocks else (gone,)


def with_new_capacity(industry: Industry) -> tuple[Change, ...]:
    """Return the changes that finish the capacity of suppliers being added.

    Examples:
        >>> from potline.industry import InputMarket, LinearDemand, Supplier
        >>> one = Supplier(name="S", capacity_kt=10.0, cash_cost_per_t=1800.0, added_kt=5.0)
        >>> demand = LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)
        >>> rising = Industry(name="one", plants=(), demand=demand,
        ...     input_market=InputMarket(product="coke", price_per_t=2000.0, suppliers=(one,)))
        >>> rising.under(*with_new_capacity(rising)).input_market.suppliers[0].capacity_kt
        15.0
    """
    suppliers = industry.input_market.suppliers if industry.input_market else ()
    return tuple(
        Change(path=f"supplier[{selector(item.name)}].{field}", operation="add", value=sign * item.added_kt)
        for item in suppliers
        if item.added_kt > 0.0
        for field, sign in (("capacity_kt", 1.0), ("added_kt", -1.0))
    )
