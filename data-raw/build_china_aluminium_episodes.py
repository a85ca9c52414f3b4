"""Build the cases of June 2013, December 2015 and July 2017 from the tables in this folder.

Run ``python data-raw/build_china_aluminium_episodes.py`` in an environment where the project is installed; it writes
``src/potline/cases/NAME`` and ``docs/cases/NAME.md`` for each case, or into ``--out`` and ``--pages``. The same
tables give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from episodes.case_file import case_text
from episodes.dates import DATES, Date, of_case
from episodes.pages import page
from episodes.plants import build as build_plants
from flagship.chain import build_suppliers
from flagship.process import cny_per_usd, estimate, metal_usd
from flagship.space import build_ore
from flagship.tables import number, read, write

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "src" / "potline" / "cases"
PAGES = ROOT / "docs" / "cases"
RECORD = ("id", "quote", "subject", "value", "unit", "period", "standing", "corrected_value", "correction_source",
          "quantity", "repeats", "note")  # fmt: skip


def build(date: Date, folder: Path, pages: Path) -> None:
    """Write the folder of a case, and its page."""
    folder.mkdir(parents=True, exist_ok=True)
    plants, governments = build_plants(date)
    write(folder / "plants.csv", plants)
    write(folder / "governments.csv", governments)
    write(folder / "firms.csv", [*read("compiled/firms.csv"), *read("compiled/episodes/firms.csv")])
    write(folder / "sources.csv", [*read("compiled/sources.csv"), *read("compiled/episodes/sources.csv")])
    write(folder / "series.csv", _series(date))
    write(folder / "record.csv", [{name: row[name] for name in RECORD} for row in of_case("record", date)])
    if documented := of_case("documented_stops", date):
        write(folder / "documented_stops.csv", [_less(row, "case") for row in documented])
    if date.keeps_refineries:
        write(folder / "policies.csv", read("compiled/policies.csv"))
        write(folder / "suppliers.csv", build_suppliers())
        write(folder / "ore.csv", build_ore())
        write(folder / "projects.csv", read("compiled/projects.csv"))
    (folder / "case.toml").write_text(case_text(date, estimate(date.last), plants), encoding="utf-8", newline="\n")
    pages.mkdir(parents=True, exist_ok=True)
    (pages / f"{date.name}.md").write_text(page(date, folder), encoding="utf-8", newline="\n")


def _less(row: dict[str, str], column: str) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if name != column}


def _series(date: Date) -> list[dict[str, str]]:
    both = {"lme_aluminium_usd_per_t": metal_usd(), "cny_per_usd": cny_per_usd()}
    return [
        {"series": name, "month": month, "value": number(value), "note": ""}
        for name, values in both.items()
        for month, value in values.items()
        if "2000-01" <= month <= date.last
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CASES, help="folder to write the cases into")
    parser.add_argument("--pages", type=Path, default=PAGES, help="folder to write the pages into")
    asked = parser.parse_args()
    for item in DATES:
        build(item, asked.out / item.name, asked.pages)
