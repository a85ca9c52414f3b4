"""What differs between two run folders, read from their manifests and results alone."""

from __future__ import annotations

__all__ = ["RunDifference", "repeated_sentence", "run_difference", "tables_of_run"]

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from potline.errors import InputError, Problem
from potline.report.changed_since import changed_table
from potline.report.manifest import differences, read_manifest
from potline.report.saying import say
from potline.report.side_by_side import Beside, TableBeside, beside_table, numbers_beside, tables_beside
from potline.report.table import Table, col, table_from, table_of

RESULTS = "results.json"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunDifference:
    """Two runs side by side.

    Attributes:
        settings: what differs of inputs, overrides, settings and versions.
        numbers: headline numbers that differ.
        files: CSV and JSON files whose contents differ, or that one run lacks.
        tables: all of it, then each table with the rows that differ.
        changed: every number that differs as one table, which a workbook leads with; None where none does.
        sentences: how much of each.
    """

    settings: tuple[Beside, ...]
    numbers: tuple[Beside, ...]
    files: tuple[str, ...]
    tables: tuple[Table, ...]
    changed: Table | None
    sentences: tuple[str, ...]


def run_difference(run: Path, other: Path) -> RunDifference:
    """Return what differs between two runs.

    Raises:
        InputError: one of the folders is no run.
    """
    manifests = read_manifest(run), read_manifest(other)
    results = _results(run), _results(other)
    settings = tuple(item for item in numbers_beside(*map(_asked, manifests)) if item.moved)
    headlines = numbers_beside(results[0]["headline"], results[1]["headline"])
    numbers = tuple(item for item in headlines if item.moved)
    files = differences(*manifests)
    pairs = tables_beside(*map(_tables, results))
    compared = [item.shown for item in pairs if _moves(item)]
    listed = table_of(files, [col("name", "", lambda name: name)], name="files", title=say("compare.files"))
    told = say(
        "compare.runs_differ", settings=len(settings), numbers=len(numbers), tables=len(compared), files=len(files)
    )
    alike = not (settings or numbers or compared or files)
    return RunDifference(
        settings=settings,
        numbers=numbers,
        files=files,
        tables=(
            beside_table("settings", settings, title=say("compare.settings")),
            beside_table("numbers", numbers, title=say("compare.numbers")),
            listed,
            *compared,
        ),
        changed=changed_table({"settings": settings, "headline": numbers}, pairs, title=say("workbook.changed_beside")),
        sentences=(say("compare.runs_alike") if alike else told,),
    )


def repeated_sentence(files: int, changed: Sequence[str]) -> str:
    """Say whether a run that was repeated came out the same."""
    if changed:
        return say("compare.not_reproduced", count=len(changed), names=list(changed))
    return say("compare.reproduced", count=files)


def tables_of_run(run: Path) -> tuple[Table, ...]:
    """Return the tables of a run folder.

    Raises:
        InputError: the folder is no run.
    """
    return tuple(_tables(_results(run)))


def _moves(item: TableBeside) -> bool:
    return bool(item.shown.rows) or item.before is None or item.after is None


def _asked(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run was asked, and by what."""
    names = ("potline", "case", "settings", "versions", "kernels_sha256")
    return {name: found[name] for name in names if name in found}


def _results(run: Path) -> dict[str, Any]:
    file = (run if run.is_dir() else run.parent) / RESULTS
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        whole = {name: found[name] for name in ("headline", "tables")}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        needed = "the results.json of a run"
        raise InputError([Problem(where=str(file), found="none that can be read", needed=needed)]) from None
    return whole


def _tables(results: Mapping[str, Any]) -> Iterator[Table]:
    for name, found in results["tables"].items():
        yield table_from(name, found)
