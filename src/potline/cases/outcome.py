"""What happened after a meeting: its noun, and how ``[outcome]`` is read."""

from __future__ import annotations

__all__ = ["Decision", "Outcome", "read_outcome"]

import math
from collections.abc import Collection
from typing import Annotated, Any, Literal

from potline.cases.cells import Quantity, is_table, shown
from potline.cases.problems import did_you_mean
from potline.cases.reader import Reader
from potline.cases.said import said_at
from potline.cases.schema import OUTCOME, OutcomeBlock
from potline.cases.written import Origin
from potline.equality import same_values
from potline.reading import NonNegative, Within, noun

Decision = Literal["none", "pledge", "mandate"]
Maybe = Annotated[float, Within(low=0.0, infinite=True, missing=True)]


@noun
class Outcome:
    """What was decided and what came of it; never an input. Numbers are ``nan`` where nothing was published.

    Attributes:
        decision: nothing, a pledge of those present, or an order of the state.
        summary: in words.
        pledged_kt: capacity pledged or ordered to stop, kt/year.
        made_before_kt: the part that stood already.
        announced_kt: pairs (firm, kt/year) where cuts were announced by firm.
        kept_months: how long it was kept, ``inf`` for good.
        restart_price_per_t: at which idle lines came back.
        price_after_per_t, price_after_month: a price some months later; prices without tax.

    Examples:
        >>> Outcome(decision="pledge", pledged_kt=500.0, kept_months=4.0).made_before_kt
        nan
    """

    decision: Decision
    summary: str = ""
    pledged_kt: Maybe = math.nan
    made_before_kt: Maybe = math.nan
    announced_kt: tuple[tuple[str, NonNegative], ...] = ()
    kept_months: Maybe = math.nan
    restart_price_per_t: Maybe = math.nan
    price_after_per_t: Maybe = math.nan
    price_after_month: str = ""
    source: str = ""

    __eq__ = same_values


def read_outcome(reader: Reader, firms: Collection[str]) -> Outcome | None:
    """Read ``[outcome]``; None where the case says nothing of what happened."""
    data: Any = reader.document.values.get("outcome")
    if data is None:
        return None
    block = reader.block(OutcomeBlock, data, ("outcome",))
    numbers: dict[str, float] = {}
    for name, quantity in OUTCOME.items():
        raw = getattr(block, name)
        if raw is not None:
            path = f"outcome.{name}".replace("_cur", "")
            keys, said = ("outcome", reader.to_file(name)), said_at(reader, ("outcome",))
            numbers[name.replace("_cur", "")] = reader.number(raw, quantity, keys, path, said=said)
    if "price_after_per_t" in numbers and not block.price_after_month:
        reader.at_key(("outcome", "price_after_month"), "nothing", "the month of that price", "Write `YYYY-MM`.")
    return Outcome(
        decision=block.decision,
        summary=block.summary,
        announced_kt=_announced(reader, block, firms),
        price_after_month=block.price_after_month,
        source="; ".join(block.source),
        **numbers,
    )


def _announced(reader: Reader, block: OutcomeBlock, firms: Collection[str]) -> tuple[tuple[str, float], ...]:
    keys = ("outcome", "announced_kt")
    if block.announced_kt is None:
        return ()
    if not is_table(block.announced_kt):
        reader.at_key(keys, shown(block.announced_kt), "a table `[outcome.announced_kt]` with lines `Firm = 100`")
        return ()
    source = reader.sources_at_key(block.source, ("outcome", "source"))
    origin = Origin(unit="kt/year", vat="none", source=source, standing=block.standing, note=block.note)
    cuts: list[tuple[str, float]] = []
    for firm, amount in block.announced_kt.items():
        interval = reader.quantity(amount, Quantity(minimum=0.0), (*keys, firm))
        if firm not in firms:
            hint = did_you_mean(firm, firms, "Firms")
            reader.at_key((*keys, firm), f"unknown firm {firm!r}", "a firm of firms.csv", hint)
        if interval is not None:
            where = f"case.toml line {reader.document.line((*keys, firm))}"
            cuts.append((firm, reader.claim(f"outcome.announced_kt[{firm}]", interval, origin, where=where)))
    return tuple(cuts)
