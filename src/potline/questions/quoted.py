"""A price as it is asked for, quoted with value-added tax."""

from __future__ import annotations

__all__ = ["untaxed_price"]

import math

from potline.cases.schema import NUMBERS
from potline.errors import InputError, Problem
from potline.units import without_vat


def untaxed_price(option: str, price: float, vat_rate: float) -> float:
    """Return a price given as quoted without its tax, money/t.

    Args:
        option: what it was given with, as the error names it.
        price: as quoted.
        vat_rate: share.

    Raises:
        InputError: the price is 0 or less, no number, or of a size that no number of a case has.

    Examples:
        >>> untaxed_price("--price", 1800.0, 0.2)
        1500.0
    """
    needed = NUMBERS["price_cur_per_t"].refusal(price) if math.isfinite(price) else "above 0"
    if needed:
        where, found = option, f"{price:g}"
        raise InputError([Problem(where=where, found=found, needed=f"a price {needed}, as quoted with VAT")])
    return without_vat(price, vat_rate)
