"""The table of what each obstacle takes from the largest cut that holds."""

from __future__ import annotations

__all__ = ["tonnage_obstacles_table"]

from potline.agreement import TonnageAttribution
from potline.report.saying import called, say
from potline.report.table import Table, col, table_of


def tonnage_obstacles_table(found: TonnageAttribution) -> Table:
    """Return one row an obstacle between the largest cut as it is and without all, market held and cleared again."""
    return table_of(
        [
            (say("obstacles.largest_as_it_is"), found.k_star_kt, found.cleared_k_star_kt),
            *((called("obstacle", item.name), item.held_kt, item.cleared_kt) for item in found.obstacles),
            (say("obstacles.largest_without_all"), found.freed_kt, found.cleared_freed_kt),
        ],
        [
            col("obstacle", "", lambda row: row[0]),
            col("held_kt", "kt/year", lambda row: row[1]),
            col("cleared_kt", "kt/year", lambda row: row[2]),
        ],
        said="obstacles.tonnage_obstacles",
        leaving=found.leaving,
    )
