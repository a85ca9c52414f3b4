"""Figures and tables of one answer, written into a folder a user names."""

from __future__ import annotations

__all__ = ["write_answer"]

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from potline._version import __version__

if TYPE_CHECKING:
    from potline.report.figure import Figure
    from potline.report.table import Table


def write_answer(out: Path, figures: Iterable[Figure], tables: Iterable[Table], *, workbook: bytes = b"") -> Path:
    """Write figures as SVG and PNG, tables as CSV, a workbook as ``tables.xlsx``, a manifest, and return the folder.

    Raises:
        InputError: the place holds what is not ours, or cannot be written.
    """
    from potline.report.figure import png, sourced, standalone, svg, with_source
    from potline.report.folder import MANIFEST, SCHEMA, file_hashes, whole_folder
    from potline.report.table import csv_text

    with whole_folder(out) as folder:
        for item in figures:
            drawn = with_source(svg(item), sourced(item))
            (folder / f"{item.name}.svg").write_text(standalone(drawn), encoding="utf-8", newline="\n")
            (folder / f"{item.name}.png").write_bytes(png(drawn))
        for table in tables:
            (folder / f"{table.name}.csv").write_text(csv_text(table), encoding="utf-8", newline="\n")
        if workbook:
            (folder / "tables.xlsx").write_bytes(workbook)
        content = {"schema": SCHEMA, "potline": __version__, "files_sha256": file_hashes(folder)}
        (folder / MANIFEST).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
    return out
