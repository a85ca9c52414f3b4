"""The market of an input that the industry shares: alumina for smelters."""

from __future__ import annotations

__all__ = ["InputMarket", "Refinery"]

from dataclasses import dataclass

from potline.industry.market import ImportParity


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinery:
    """Supply of the input from one place at a constant cash cost, money/t without tax, delivered to smelters.

    Examples:
        >>> Refinery(name="Shandong", capacity_kt=20_000.0, cash_cost_per_t=2000.0).government
        ''
    """

    name: str
    capacity_kt: float
    cash_cost_per_t: float
    government: str = ""
    bauxite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputMarket:
    """The market of one input: domestic supply as a step curve, imports at parity.

    Attributes:
        product: name of the input as in :class:`~potline.industry.plant.Input`.
        price_per_t: observed domestic price, money/t without tax.
        refineries: domestic supply.
        other_use_kt: use outside the plants of the industry, kt/year.
        parity: import parity; None where the input is not traded.

    Examples:
        >>> InputMarket(product="alumina", price_per_t=2180.0).parity is None
        True
    """

    product: str
    price_per_t: float
    refineries: tuple[Refinery, ...] = ()
    other_use_kt: float = 0.0
    parity: ImportParity | None = None
