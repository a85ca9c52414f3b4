"""The tables of a run in another form: Parquet, tidy long rows, the long format of the IAMC."""

from __future__ import annotations

__all__ = ["exported"]

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from potline._version import __version__
from potline.errors import InputError, Problem
from potline.frame import Frame
from potline.report.folder import MANIFEST, SCHEMA, file_hashes, whole_folder
from potline.report.manifest import read_manifest
from potline.report.run_difference import tables_of_run
from potline.report.table import frame_of


def exported(run: Path, out: Path, form: str, *, region: str = "") -> tuple[Path, ...]:
    """Write the tables of a run: a file a table, or one of all for ``long`` and ``iamc``, and return their places.

    Args:
        run: the run folder.
        out: a new folder, or one of an earlier export.
        form: ``csv``, ``json``, ``parquet``, ``long`` or ``iamc``.
        region: of rows that name none, for ``iamc``; the case's name unless given.

    Raises:
        InputError: no run, no such form, or the place is taken.
    """
    found = read_manifest(run)
    frames = [frame_of(table) for table in tables_of_run(run)]
    name, date = str(found["case"]["name"]), str(found["case"].get("date") or "")
    with whole_folder(out) as folder:
        for place, frame in _files(frames, form, name, date, region or name):
            frame.save(folder / place)
        content = {"schema": SCHEMA, "potline": __version__, "files_sha256": file_hashes(folder)}
        (folder / MANIFEST).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8", newline="\n")
    return tuple(sorted(item for item in out.iterdir() if item.name != MANIFEST))


def _files(frames: list[Frame], form: str, name: str, date: str, region: str) -> Iterable[tuple[str, Frame]]:
    if form == "iamc":
        year = date[:4]
        if not year.isdigit():
            raise InputError([Problem(where="iamc", found=repr(date), needed="a case with a date, YYYY-MM")])
        rows = [frame.to_iamc(scenario=name, year=int(year), region=region) for frame in frames]
        return [("iamc.csv", _together("iamc", rows))]
    if form == "long":
        return [("long.csv", _together("long", [_tidy(frame) for frame in frames]))]
    return [(f"{frame.name}.{form}", frame) for frame in frames]


def _tidy(frame: Frame) -> Frame:
    """Return the long rows of a table with the words of a row in one cell, so that all tables stand in one file."""
    long = frame.to_long()
    rows: list[tuple[Any, ...]] = []
    for row in long.records():
        *words, variable, unit, value = row.values()
        rows.append((frame.name, "; ".join(str(word) for word in words if word is not None), variable, unit, value))
    return Frame(name="long", columns=("table", "row", "variable", "unit", "value"), rows=tuple(rows))


def _together(name: str, frames: list[Frame]) -> Frame:
    return Frame(name=name, columns=frames[0].columns, rows=tuple(row for frame in frames for row in frame.rows))
