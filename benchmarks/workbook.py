"""How fast a case goes into a workbook and comes back: 1,000 plants, beside openpyxl, which writes and reads its cells.

What was read is looked at; then openpyxl does the same with the same cells, in the same process.
"""

from __future__ import annotations

import dataclasses
import math
import pathlib
import tempfile
import time

from benchmarks.reading import write_case
from potline.cases import Case, load

PLANTS = 1_000
LIMIT_S = 2.0
REPEATS = 3
Bar = dict[str, object]


def bars() -> list[Bar]:
    """Return the bar of workbooks."""
    return [written_and_read()]


def written_and_read() -> Bar:
    """Write a case of 1,000 plants as a workbook and read it; it must be the same case."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "case"
        built, other = write_case(folder, PLANTS - 6)
        case = load(folder)
        seconds: list[float] = []
        for turn in range(REPEATS):
            file = pathlib.Path(place) / f"{turn}.xlsx"
            start = time.process_time()
            case.save(file)
            read = load(file)
            seconds.append(time.process_time() - start)
            check_same(case, read)
            drawn = read.industry.plants[6:]
            assert math.fsum(plant.capacity_kt for plant in drawn) == built
            assert math.isclose(math.fsum(plant.other_cost_per_t for plant in drawn), other)
        peer, said = _openpyxl(file, pathlib.Path(place) / "peer.xlsx")
    mine = min(seconds)
    return {
        "name": f"workbook of {PLANTS:,} plants written and read",
        "group": "files",
        "figure": mine,
        "unit": "s of processor",
        "peer": "openpyxl, the same cells",
        "peer_figure": peer,
        "ratio": peer / mine if peer is not None else None,
        "bar": f"{LIMIT_S:g} s or less, and no more than the peer{said}",
        "holds": mine <= LIMIT_S and peer is not None and mine <= peer,
    }


def check_same(case: Case, read: Case) -> None:
    """Assert that a case came back with every number, source and name."""
    assert len(read.industry.plants) == PLANTS
    assert read.industry == case.industry
    assert (read.sources, read.record, read.factors, read.meeting) == (
        case.sources, case.record, case.factors, case.meeting,
    )  # fmt: skip
    for mine, other in zip(case.claims, read.claims, strict=True):
        assert dataclasses.replace(mine, where="") == dataclasses.replace(other, where="")


def _openpyxl(file: pathlib.Path, copy: pathlib.Path) -> tuple[float | None, str]:
    """Return the seconds in which openpyxl writes and reads the cells of a workbook; None, and why, without it."""
    try:
        import openpyxl
    except ModuleNotFoundError:
        return None, " (not run: openpyxl is not installed)"
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(file)}
    start = time.process_time()
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(copy)
    again = openpyxl.load_workbook(copy, read_only=True)
    read = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in again}
    seconds = time.process_time() - start
    assert [row[0] for row in read["plants"]] == [row[0] for row in sheets["plants"]]
    return seconds, ""


if __name__ == "__main__":
    for result in bars():
        print(result)
