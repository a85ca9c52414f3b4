"""Keys of the record: a name, perhaps with an argument in brackets, and the function that computes it."""

from __future__ import annotations

__all__ = [
    "Basis",
    "DrawnMeetings",
    "Floats",
    "Quantity",
    "dated_table",
    "industry_number",
    "months_of",
    "number_of",
    "parse_key",
    "price_in",
    "table",
    "weighted",
]

import dataclasses
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from potline.cases import Case
from potline.evidence.known import Known, NotComputed
from potline.industry import Plant
from potline.units import python_name

Floats = NDArray[np.float64]
Basis = Literal["input", "fitted", "computed"]
_KEY = re.compile(r"^(?P<name>[A-Za-z_]\w*)(?:\[(?P<argument>[^\]]*)\])?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Something the model computes: the function of the answers and the key's argument.

    The function takes the answers, the key's argument and the period of the record's entry. It returns prices without
    tax; the record shows them with tax where the claim's unit says so.

    Attributes:
        compute: the function.
        basis: ``input`` where the case sets it, or it is arithmetic on what the case sets; ``computed`` where it
            follows from a cost curve, a stopping price, a market or the meeting. ``fitted`` is for what inputs were
            set to meet; a case says so itself, in the note of an entry.
        costly: whether it is solved anew over the stated ranges only where it agrees at the central values.
        over_draws: the same in meetings drawn over the stated ranges, all at once, where it follows from the meeting.
    """

    compute: Callable[[Known, str, str], float]
    basis: Basis = "computed"
    costly: bool = False
    over_draws: Callable[[DrawnMeetings, str], Floats] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnMeetings:
    """A case's meeting in B draws.

    Attributes:
        case: the case.
        owners: of the industry.
        agreed: 1 where the verdict of the headline is an agreement, else 0, [B].
        cut_kt: what each owner cuts in the baseline ``nash``, kt/year, [B, owners].
        flexibility: per cent of price per per cent of running capacity that all present withdraw, [B].
    """

    case: Case
    owners: tuple[str, ...]
    agreed: Floats
    cut_kt: Floats
    flexibility: Floats


def table(
    *functions: Callable[[Known, str], float], basis: Basis = "computed", costly: bool = False
) -> dict[str, Quantity]:
    """Return quantities of one basis by the names of their functions.

    The functions hold at the case's date; those of :func:`dated_table` take the entry's period as well.

    Examples:
        >>> def running_kt(answers: Known, where: str) -> float:
        ...     "Running capacity, kt/year."
        ...     return 1.0
        >>> table(running_kt)["running_kt"].basis
        'computed'
    """
    return {item.__name__: Quantity(compute=_undated(item), basis=basis, costly=costly) for item in functions}


def dated_table(*functions: Callable[[Known, str, str], float]) -> dict[str, Quantity]:
    """Return quantities whose functions take the period of the record's entry as a third argument."""
    return {function.__name__: Quantity(compute=function) for function in functions}


def parse_key(text: str, currency: str) -> tuple[str, str]:
    """Return a key's name without the currency, and its argument.

    Examples:
        >>> parse_key("cash_cost_percentile_cny_per_t[50]", "CNY")
        ('cash_cost_percentile_per_t', '50')
        >>> parse_key("capacity_kt", "CNY")
        ('capacity_kt', '')
    """
    match = _KEY.match(text.strip())
    if match is None:
        return text, ""
    return python_name(match["name"], currency), match["argument"] or ""


def industry_number(case: Case, key: str) -> float:
    """Return the number of the industry at a dotted path of Python names.

    Examples:
        >>> from potline.industry import Industry, LinearDemand
        >>> small = Case(name="small", industry=Industry(name="small", plants=(),
        ...              demand=LinearDemand(price_per_t=1.0, quantity_kt=9.0, elasticity=1.0)))
        >>> industry_number(small, "demand.quantity_kt")
        9.0
    """
    noun: Any = case.industry
    for name in key.split("."):
        fields = {field.name for field in dataclasses.fields(noun)} if dataclasses.is_dataclass(noun) else set[str]()
        if name not in fields:
            raise NotComputed("no_such_quantity", key=key)
        noun = getattr(noun, name)
    return number_of(noun, key)


def number_of(value: Any, key: str) -> float:
    """Return a number, or say that there is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
        raise NotComputed("no_number", key=key)
    return float(value)


def weighted(plants: Sequence[Plant], value: Callable[[Plant], float], weight: Callable[[Plant], float]) -> float:
    """Return the weighted average over plants, or say that there are none."""
    total = sum(weight(plant) for plant in plants)
    if total <= 0.0:
        raise NotComputed("no_capacity")
    return sum(value(plant) * weight(plant) for plant in plants) / total


def price_in(case: Case, period: str) -> float:
    """Return the product's price without tax in a period: the mean of the months that the case holds, else its own.

    The months are those of the series named after the product's exchange, such as ``shfe_PRODUCT_cny_per_t``.
    """
    industry = case.industry
    own = number_of(industry.price_per_t, "price_per_t")
    suffix = f"_{'_'.join(industry.product.split())}_{case.currency.lower()}_per_t"
    series = next((item for item in case.series if item.name.endswith(suffix)), None)
    try:
        wanted = months_of(period.replace(" ", "-"))
    except NotComputed:
        return own
    if series is None:
        return own
    found = [value for month, value in zip(series.months, series.values, strict=True) if month in wanted]
    if not found:
        return own
    return sum(found) / len(found) / (1.0 + industry.vat_rate if series.vat == "included" else 1.0)


def months_of(period: str) -> tuple[str, ...]:
    """Return the months of ``2013``, ``2013-Q1``, ``2013-03`` or ``2013-01..2013-02``.

    Examples:
        >>> months_of("2013-Q1")
        ('2013-01', '2013-02', '2013-03')
        >>> months_of("2012-12..2013-01")
        ('2012-12', '2013-01')
    """
    if match := re.fullmatch(r"(\d{4})", period):
        first, count = 12 * int(match[1]), 12
    elif match := re.fullmatch(r"(\d{4})-Q([1-4])", period):
        first, count = 12 * int(match[1]) + 3 * (int(match[2]) - 1), 3
    elif match := re.fullmatch(r"(\d{4})-(\d{2})(?:\.\.(\d{4})-(\d{2}))?", period):
        first = 12 * int(match[1]) + int(match[2]) - 1
        count = 12 * int(match[3]) + int(match[4]) - first if match[3] else 1
    else:
        raise NotComputed("no_period", period=period)
    return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, first + count))


def _undated(function: Callable[[Known, str], float]) -> Callable[[Known, str, str], float]:
    return lambda answers, argument, _: function(answers, argument)
