"""Cut the tracker's table of steel plants down to what the benchmark of a large meeting reads.

Run ``python data-raw/select_steel_plants.py TABLE`` with the whole table of the Global Steel Plant Tracker, March 2023,
as CSV; it writes ``published/steel_plants_2023.csv``: plants operating or mothballed with a crude steel capacity, in
the tracker's order. The same table gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

KEPT = {
    "gem_plant_id": "id",
    "plant": "plant",
    "owner": "owner",
    "country": "country",
    "status": "status",
    "process": "process",
    "crude_steel_ktpa": "crude_steel_kt_per_year",
}
STATES = ("operating", "mothballed")


def select(table: Path, out: Path) -> None:
    """Write the plants kept."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["status"] in STATES and row["crude_steel_ktpa"].strip()]
    with out.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(KEPT.values())
        write.writerows([row[name] for name in KEPT] for row in rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", type=Path, help="the tracker's table")
    select(parser.parse_args().table, Path(__file__).with_name("published") / "steel_plants_2023.csv")
