"""Figures and tables of one answer, written into a folder a user names."""

from __future__ import annotations

__all__ = ["write_answer"]

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from potline.report.figure import Figure
    from potline.report.table import Table


def write_answer(out: Path, figures: Iterable[Figure], tables: Iterable[Table]) -> Path:
    """Write each figure as SVG and PNG and each table as CSV, and return the folder."""
    from potline.report.figure import png, standalone, svg, with_source
    from potline.report.table import csv_text

    out.mkdir(parents=True, exist_ok=True)
    for item in figures:
        drawn = with_source(svg(item), item.source)
        (out / f"{item.name}.svg").write_text(standalone(drawn), encoding="utf-8", newline="\n")
        (out / f"{item.name}.png").write_bytes(png(drawn))
    for table in tables:
        (out / f"{table.name}.csv").write_text(csv_text(table), encoding="utf-8", newline="\n")
    return out
