"""What need not be said of each number: its name says the unit, its table may say tax, source and standing of all."""

from __future__ import annotations

__all__ = ["NOT_IN_COLUMNS", "SAID", "apart_from_said", "completed", "is_money", "said_at"]

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from potline.cases.cells import Quantity, is_table
from potline.cases.documents import Document
from potline.cases.problems import Problems
from potline.cases.schema import SaidBlock

NOT_IN_COLUMNS = {
    ("documented_stops", "price"),
    ("policies", "amount"),
    ("record", "value"),
    ("record", "corrected_value"),
    ("series", "value"),
    ("window", "value"),
}
"""Columns of numbers whose rows say all that a column would."""
SAID = tuple(SaidBlock.model_fields)
"""Keys that a table may say of all its numbers or columns."""


def apart_from_said(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a table says of all that stands in it, and the rest.

    Examples:
        >>> apart_from_said({"vat": "excluded", "price_eur_per_t": 80, "note": {"value": 1}})
        ({'vat': 'excluded'}, {'price_eur_per_t': 80, 'note': {'value': 1}})
    """
    said = {key: value for key, value in given.items() if key in SAID and not is_table(value)}
    return said, {key: value for key, value in given.items() if key not in said}


def is_money(unit: str) -> bool:
    """Whether a number of a unit may hold value-added tax: an amount in the case's currency.

    Examples:
        >>> [is_money(unit) for unit in ("CUR/t", "m CUR/year", "CUR/USD", "kt/year", "USD/t")]
        [True, True, False, False, False]
    """
    return unit.startswith(("CUR", "m CUR")) and unit != "CUR/USD"


def completed(own: Mapping[str, Any], said: Mapping[str, Any], quantity: Quantity | None, unit: str) -> dict[str, Any]:
    """Return what is known of a number: what it says itself, then what its table says, then what its name says.

    Args:
        own: what it says itself.
        said: what its table says of all.
        quantity: what it may hold; None where that is not known.
        unit: the unit that its name implies, in the case's currency.

    Examples:
        >>> completed({"value": 5}, {"vat": "excluded", "source": "S"}, Quantity(unit="kt/year"), "kt/year")
        {'unit': 'kt/year', 'vat': 'none', 'source': 'S', 'value': 5}
    """
    named = quantity is not None and bool(unit) and not unit.startswith("see ")
    known: dict[str, Any] = {"unit": unit} if named else {}
    known |= said
    if named and quantity is not None and not is_money(quantity.unit):
        known["vat"] = "none"
    return known | dict(own)


class _Reads(Protocol):
    """What reads a case, as far as it is needed here."""

    document: Document
    problems: Problems
    source_ids: dict[str, None]

    def block(self, model: type[SaidBlock], data: Any, keys: Sequence[str]) -> SaidBlock: ...
    def sources_at_key(self, ids: Iterable[str], keys: Sequence[str]) -> str: ...


def said_at(reader: _Reads, keys: Collection[str]) -> dict[str, Any]:
    """Return what the table at some keys says of all that stands in it; what is unsound is reported and left out."""
    table: Any = reader.document.values
    for key in keys:
        table = table.get(key) if is_table(table) else None
    given = apart_from_said(table)[0] if is_table(table) else dict[str, Any]()
    if not given:
        return {}
    before = reader.problems.count
    block = reader.block(SaidBlock, given, tuple(keys))
    if reader.problems.count > before:
        given = {key: value for key, value in given.items() if key in block.model_fields_set}
    for item in block.source:
        if reader.source_ids and item not in reader.source_ids:
            reader.sources_at_key((item,), (*keys, "source"))
            reader.source_ids[item] = None  # told once, and not again for each number
    return given
