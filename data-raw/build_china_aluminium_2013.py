"""Build the case china-aluminium-2013 from the tables in this folder.

Run ``python data-raw/build_china_aluminium_2013.py`` in an environment where the project is installed; it writes
``src/potline/cases/china-aluminium-2013``, or the folder named with ``--out``. The same tables give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from episodes.dates import DATES
from episodes.plants import build as plants_of
from flagship.case_file import case_text
from flagship.chain import build_series, build_suppliers
from flagship.plants import build_governments, build_plants
from flagship.process import estimate
from flagship.space import build_ore, build_routes
from flagship.tables import read, write
from flagship.window import build_window

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "src" / "potline" / "cases" / "china-aluminium-2013"
COPIED = ("documented_stops", "firms", "policies", "projects", "record", "sources")


def build(folder: Path) -> None:
    """Write the case folder."""
    folder.mkdir(parents=True, exist_ok=True)
    plants, lines = build_plants()
    write(folder / "plants.csv", plants)
    write(folder / "governments.csv", build_governments(lines))
    write(folder / "suppliers.csv", build_suppliers())
    write(folder / "ore.csv", build_ore())
    write(folder / "chain_routes.csv", build_routes())
    write(folder / "series.csv", build_series())
    write(folder / "window.csv", build_window(lines, plants_of(DATES[0])[0]))
    for name in COPIED:
        write(folder / f"{name}.csv", read(f"compiled/{name}.csv"))
    (folder / "case.toml").write_text(case_text(estimate()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder to write")
    build(parser.parse_args().out)
