"""Unit suffixes of column names and paths; values are converted only at a file's edge.

A file's column says quantity, currency and unit (``power_price_cny_per_kwh``); the Python name of the same
quantity leaves the currency out (``power_price_per_kwh``), because the case states it once.
"""

from __future__ import annotations

__all__ = ["KWH_PER_MWH", "MONTHS_PER_YEAR", "millions", "python_name", "without_vat"]

MONTHS_PER_YEAR = 12
KWH_PER_MWH = 1000.0


def python_name(column: str, currency: str) -> str:
    """Return the Python name of a file's column: the same words without the currency.

    Examples:
        >>> python_name("power_price_cny_per_kwh", "CNY")
        'power_price_per_kwh'
        >>> python_name("lump_sum_m_cny_per_year", "CNY")
        'lump_sum_m_per_year'
    """
    words = [word for word in column.split("_") if word != currency.lower()]
    return "_".join(words)


def without_vat(amount: float, rate: float) -> float:
    """Return an amount quoted with value-added tax without it, ``amount / (1 + rate)``.

    Examples:
        >>> round(without_vat(1170.0, 0.17), 6)
        1000.0
    """
    return amount / (1.0 + rate)


def millions(quantity_kt: float, money_per_t: float) -> float:
    """Return money in millions, ``kt * money/t / 1000``.

    Examples:
        >>> millions(1000.0, 250.0)
        250.0
    """
    return quantity_kt * money_per_t / 1000.0
