"""Scenarios of the chain, as changes."""

from __future__ import annotations

__all__ = ["with_new_capacity", "without_bauxite"]

from potline.errors import InputError, Problem
from potline.industry import Change, Industry, selector


def without_bauxite(industry: Industry, source: str, *, stocks: str = "", stocks_kt: float = 0.0) -> tuple[Change, ...]:
    """Return the changes that take a source of ore away, and draw a stock of ore in its place where one is named.

    Raises:
        InputError: the chain has no such source.

    Examples:
        >>> from potline.industry import BauxiteSource, InputMarket, LinearDemand
        >>> demand = LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)
        >>> mine = Industry(name="one", plants=(), demand=demand,
        ...     alumina=InputMarket(product="alumina", price_per_t=2000.0,
        ...                         bauxite=(BauxiteSource(name="Indonesia", kind="imported ore"),)))
        >>> without_bauxite(mine, "Indonesia")
        (Change(path='bauxite[Indonesia].capacity_kt', operation='set', value=0.0),)
    """
    known = [item.name for item in industry.alumina.bauxite] if industry.alumina else []
    problems = [
        Problem(where="bauxite", found=repr(name), needed=f"a source of the chain: {', '.join(known) or 'none'}")
        for name in (source, *((stocks,) if stocks else ()))
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    gone = Change(path=f"bauxite[{selector(source)}].capacity_kt", value=0.0)
    return (gone, Change(path=f"bauxite[{selector(stocks)}].capacity_kt", value=stocks_kt)) if stocks else (gone,)


def with_new_capacity(industry: Industry) -> tuple[Change, ...]:
    """Return the changes that finish the refining capacity being added.

    Examples:
        >>> from potline.industry import InputMarket, LinearDemand, Refinery
        >>> one = Refinery(name="S", capacity_kt=10.0, cash_cost_per_t=1800.0, added_kt=5.0)
        >>> demand = LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)
        >>> rising = Industry(name="one", plants=(), demand=demand,
        ...     alumina=InputMarket(product="alumina", price_per_t=2000.0, refineries=(one,)))
        >>> rising.under(*with_new_capacity(rising)).alumina.refineries[0].capacity_kt
        15.0
    """
    refineries = industry.alumina.refineries if industry.alumina else ()
    return tuple(
        Change(path=f"refinery[{selector(item.name)}].{field}", operation="add", value=sign * item.added_kt)
        for item in refineries
        if item.added_kt > 0.0
        for field, sign in (("capacity_kt", 1.0), ("added_kt", -1.0))
    )
