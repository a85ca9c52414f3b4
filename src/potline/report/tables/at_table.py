"""The table of who sits at the table, and of what is known of many owners."""

from __future__ import annotations

__all__ = ["at_table_table", "bounds_table"]

from typing import TYPE_CHECKING

from potline.choices import Belief
from potline.report.at_table import known_of, seated_words
from potline.report.table import Reading, Table, code, col, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from potline.agreement import TonnageBounds
    from potline.answers.windows import Seated


def at_table_table(seated: Sequence[Seated]) -> Table:
    """Return what holds, and what is proven not to, by who sits at the table."""

    def two(leaving: Belief) -> list[Reading[Seated]]:
        return [
            col(f"{leaving}_kt", "kt/year", lambda one: known_of(one.found, leaving)[0]),
            col(f"{leaving}_none_above_kt", "kt/year", lambda one: known_of(one.found, leaving)[1]),
        ]

    return table_of(
        seated,
        [
            col("who", "", seated_words),
            col("owners", "", lambda one: one.owners),
            *(column for leaving in Belief for column in two(leaving)),
            col("group", "", lambda one: "; ".join(known_of(one.found, Belief.REOPTIMISE)[2])),
        ],
        said="at_table.at_table",
    )


def bounds_table(found: TonnageBounds) -> Table:
    """Return what is known of the largest tonnage of many owners."""
    return table_of(
        found.bounds,
        [
            code("institution", lambda one: one.institution),
            code("baseline", lambda one: one.baseline),
            code("leaving", lambda one: one.leaving),
            col("found_kt", "kt/year", lambda one: one.found_kt),
            col("none_above_kt", "kt/year", lambda one: one.bound_kt),
            col("gap_kt", "kt/year", lambda one: one.gap_kt),
            col("group", "", lambda one: "; ".join(one.coalition)),
        ],
        said="at_table.tonnage_bounds",
    )
