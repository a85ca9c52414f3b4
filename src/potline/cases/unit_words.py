"""Whether a unit as written is the unit that the name of a column or number implies."""

from __future__ import annotations

__all__ = ["same_unit"]

import re

_SHORTER = (
    (r"\btonnes?\b", "t"),
    (r"\bmillion\b", "m"),
    (r"\b(y|yr)\b", "year"),
    (r"\s*,?\s*\ba year\b", "/year"),
    (r"\s*\bper\b\s*", "/"),
    (r"\s*/\s*", "/"),
    (r"\s+", " "),
)
_CAPACITY_MONEY = frozenset({"cur/t", "cur/t/year", "cur/t/year/year", "cur/(t/year)", "cur/(t/year)/year"})
_ALSO: dict[str, frozenset[str]] = {
    "kt/year": frozenset({"kt"}),
    "cur/t/year": _CAPACITY_MONEY,
    "cur/t/year/year": _CAPACITY_MONEY,
    "m cur/year": frozenset({"m cur"}),
    "share": frozenset({"1"}),
    "1": frozenset({"share"}),
    "/year": frozenset({"1/year", "share/year"}),
    "years": frozenset({"year"}),
    "months": frozenset({"month"}),
    "jobs/kt/year": frozenset({"jobs/kt"}),
}
"""Other spellings of a unit, all of the same scale, after the words are shortened."""


def same_unit(given: str, wanted: str, currency: str) -> bool:
    """Whether two units are of the same quantity and scale; units in ``see ...`` fit any.

    Examples:
        >>> same_unit("EUR per t/y", "EUR per t/year", "EUR"), same_unit("EUR/MWh", "EUR/kWh", "EUR")
        (True, False)
    """
    if not wanted or wanted.startswith("see "):
        return True
    first, second = _short(given, currency), _short(wanted, currency)
    return first == second or first in _ALSO.get(second, ())


def _short(unit: str, currency: str) -> str:
    text = unit.strip().casefold()
    if currency:
        text = re.sub(rf"\b{re.escape(currency.casefold())}\b", "cur", text)
    for pattern, word in _SHORTER:
        text = re.sub(pattern, word, text)
    return text
