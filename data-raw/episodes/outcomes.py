"""The table [outcome]: what happened."""

from __future__ import annotations

__all__ = ["outcome_blocks"]

from flagship.tables import read
from flagship.toml import Number, block, number_block, text


def outcome_blocks(case: str) -> list[str]:
    """Return the tables of a case's outcome."""
    rows = [row for row in read("compiled/episodes/outcomes.csv") if row["case"] == case]
    head = next(row for row in rows if row["key"] == "decision")
    months = [row["about"] for row in rows if row["key"].startswith("price_after")]
    given = [("decision", head["value"]), ("summary", head["note"]), ("price_after_month", months[0] if months else "")]
    parts = [block("outcome", [*given, ("source", head["source"]), ("standing", head["standing"])])]
    announced = [row for row in rows if row["key"].startswith("announced:")]
    if announced:
        lines = [f"{text(row['key'].partition(':')[2])} = {row['value']}" for row in announced]
        parts.append("\n".join(["[outcome.announced_kt]", *lines]) + "\n")
    parts += [
        number_block(
            "outcome",
            Number(row["key"], row["value"], row["unit"], row["vat"], row["source"], row["standing"], row["note"]),
        )
        for row in rows
        if row["key"] != "decision" and row not in announced
    ]
    return parts
