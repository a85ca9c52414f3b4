"""Every table about a meeting's deal: institutions, enforcement, division, remedy."""

from __future__ import annotations

__all__ = ["deal_tables"]

from potline.report.deals import DealAnswers
from potline.report.table import Table
from potline.report.tables.division import division_tables
from potline.report.tables.enforcement import enforcement_tables
from potline.report.tables.institutions import institutions_table
from potline.report.tables.remedy import remedy_tables


def deal_tables(found: DealAnswers, currency: str) -> tuple[Table, ...]:
    """Return the tables of what was answered."""
    return (
        institutions_table(found.institutions, currency),
        *(enforcement_tables(found.over_time, currency) if found.over_time is not None else ()),
        *division_tables(found.division, currency),
        *(remedy_tables(found.remedy) if found.remedy is not None else ()),
    )
