"""Names of numbers as files write them, with the case's currency, and as models have them, with ``cur`` for it."""

from __future__ import annotations

__all__ = ["to_field", "to_file"]


def to_field(column: str, currency: str) -> str:
    """Return the model's name of a file's name: ``cur`` for the currency.

    Examples:
        >>> to_field("other_cost_cny_per_t", "CNY"), to_field("trade.parity.fob_usd_per_t", "CNY")
        ('other_cost_cur_per_t', 'trade.parity.fob_usd_per_t')
    """
    return "_".join("cur" if word == currency.lower() and word else word for word in column.split("_"))


def to_file(name: str, currency: str) -> str:
    """Return the file's name of a model's name; ``cur`` stays where no currency is known.

    Examples:
        >>> to_file("other_cost_cur_per_t", "CNY"), to_file("other_cost_cur_per_t", "")
        ('other_cost_cny_per_t', 'other_cost_cur_per_t')
    """
    return "_".join((currency.lower() or "cur") if word == "cur" else word for word in name.split("_"))
