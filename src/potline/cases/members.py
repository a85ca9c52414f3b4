"""Read the members of an industry but its plants: firms, governments, suppliers, projects."""

from __future__ import annotations

__all__ = ["numbers_of", "paths_of", "read_firms", "read_governments", "read_projects", "read_suppliers"]

from collections.abc import Collection
from typing import Any

from potline.cases.cells import Quantity
from potline.cases.reader import Reader
from potline.cases.rows import Rows
from potline.cases.tables import FirmRow, GovernmentRow, ProjectRow, SupplierRow
from potline.cases.validation import cell_of
from potline.industry import Firm, Government, Project, Supplier, selector


def read_firms(reader: Reader) -> tuple[Firm, ...]:
    """Read firms.csv; owners must be firms that decide for themselves."""
    rows = reader.rows(FirmRow)
    owners = {block.firm: block.owner for _, _, block in rows}
    for table, row, block in rows:
        reader.known(table, row, "owner", block.owner, owners, "firms.csv")
        above = owners.get(block.owner, "")
        if block.owner != block.firm and above not in ("", block.owner):
            reader.at_cell(
                table, row, "owner", f"owner {block.owner!r}, itself owned by {above!r}",
                "the firm that decides", f"Write {above!r}.",
            )  # fmt: skip
    return tuple(
        Firm(name=block.firm, owner="" if block.owner == block.firm else block.owner, kind=block.kind, note=block.note)
        for _, _, block in rows
    )


def read_governments(reader: Reader) -> tuple[Government, ...]:
    """Read governments.csv."""
    rows = reader.rows(GovernmentRow)
    return tuple(
        Government(name=block.province, note=block.note, **values)
        for (_, _, block), values in zip(rows, numbers_of(reader, rows, "government"), strict=True)
    )


def read_suppliers(reader: Reader, provinces: Collection[str]) -> tuple[Supplier, ...]:
    """Read suppliers.csv."""
    result: list[Supplier] = []
    rows = reader.rows(SupplierRow)
    for (table, row, block), values in zip(rows, numbers_of(reader, rows, "supplier"), strict=True):
        reader.known(table, row, "province", block.province, provinces, "governments.csv")
        whole: dict[str, Any] = {"capacity_kt": 0.0, "cash_cost_per_t": 0.0, **values}
        result.append(Supplier(name=block.supplier, government=block.province, ore=block.ore, **whole))
    return tuple(result)


def read_projects(reader: Reader, provinces: Collection[str], firms: Collection[str]) -> tuple[Project, ...]:
    """Read projects.csv."""
    result: list[Project] = []
    rows = reader.rows(ProjectRow)
    for (table, row, block), values in zip(rows, numbers_of(reader, rows, "project"), strict=True):
        reader.known(table, row, "province", block.province, provinces, "governments.csv")
        reader.known(table, row, "firm", block.firm, firms, "firms.csv")
        whole: dict[str, Any] = {"capacity_kt": 0.0, **values}
        result.append(
            Project(name=block.project, government=block.province, firm=block.firm, start=block.start, **whole)
        )
    return tuple(result)


def numbers_of(reader: Reader, rows: Rows[Any], noun: str) -> list[dict[str, Any]]:
    """Return the numbers of each row by field, and make their claims; ``noun`` begins the paths of these."""
    names = [name for name in rows.columns if isinstance(cell_of(rows.model, name), Quantity)]
    fields = [(name, name.replace("_cur", "")) for name in names]
    found = reader.numbers(rows, paths_of(rows, noun), fields)
    columns = [(field, found[name]) for name, field in fields if name in found]
    return [
        {field: values[place] for field, values in columns if values[place] is not None}
        for place in range(len(rows.rows))
    ]


def paths_of(rows: Rows[Any], noun: str) -> list[str]:
    """Return what the paths of each row's numbers begin with."""
    return [f"{noun}[{selector(name)}]." for name in rows.column(rows.model.required[0])]
