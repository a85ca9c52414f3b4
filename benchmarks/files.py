"""What is read and written: a vendor's list of 1,433 steel plants made into a checked case, beside pandas by hand.

The peer does by hand what the import does to the rows, with everything known beforehand and nothing said: it reads the
list, keeps what runs or stands idle and has a capacity, takes the owner with the largest share, and writes the plants.
"""

from __future__ import annotations

import pathlib
import resource
import sys
import tempfile
import time

from potline.cases import load
from potline.lists import import_list

Bar = dict[str, object]

DATA = pathlib.Path(__file__).resolve().parents[1] / "data-raw"
LIST = DATA / "published" / "steel_plants_gem_2023.csv"
MAPPING = pathlib.Path(__file__).resolve().parents[1] / "src" / "potline" / "cases" / "steel-2023" / "mapping.toml"
KEPT, CAPACITY_KT, ROUNDS = 913, 2_325_746.28875, 3
IMPORT_BAR_S, RUN_BAR_S, RUN_BAR_MB = 2.0, 25.0, 450.0


def bars() -> list[Bar]:
    """Return the bars of files."""
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        return [*_import(folder), *_run(folder)]


def _import(folder: pathlib.Path) -> list[Bar]:
    """Import the steel list, assert what stands in the case, and time the same rows by hand."""
    import_list(LIST, folder / "warm", mapping=MAPPING)
    ours, theirs = [], []
    for turn in range(ROUNDS):
        start = time.perf_counter()
        done = import_list(LIST, folder / f"case-{turn}", mapping=MAPPING)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        plants, capacity = _by_hand(folder / f"by-hand-{turn}.csv")
        theirs.append(time.perf_counter() - start)
        assert (done.kept, done.rows, plants) == (KEPT, 1433, KEPT), (done.kept, done.rows, plants)
        assert abs(capacity - CAPACITY_KT) < 1e-3, capacity
    built = sum(plant.capacity_kt for plant in load(folder / "case-0").industry.plants)
    assert abs(built - CAPACITY_KT) < 1e-3, built
    figure, peer = min(ours), min(theirs)
    return [
        {
            "name": "steel list imported and checked",
            "group": "files",
            "figure": figure,
            "unit": "s",
            "peer": "pandas by hand, unchecked",
            "peer_figure": peer,
            "ratio": peer / figure,
            "bar": f"{IMPORT_BAR_S:g} s or less",
            "holds": figure <= IMPORT_BAR_S,
        }
    ]


def _by_hand(out: pathlib.Path) -> tuple[int, float]:
    """Do what an analyst writes for this one list in pandas; return plants and capacity."""
    import pandas as pd

    table = pd.read_csv(LIST, dtype=str)
    table = table[table["status"].isin(["operating", "mothballed"])].copy()
    table["capacity_kt"] = pd.to_numeric(table["crude_steel_ktpa"], errors="coerce")
    table = table[table["capacity_kt"] > 0.0].copy()
    parts = table["parent"].str.split(";").explode().str.extract(r"^\s*(?P<owner>.+?)\s*\[(?P<share>[\d.]+)%\]")
    parts["share"] = pd.to_numeric(parts["share"])
    named = parts[parts["owner"].str.lower() != "other"]
    largest = named.sort_values("share", ascending=False, kind="stable")
    table["decides"] = largest[~largest.index.duplicated()]["owner"]
    table.rename(columns={"owner": "firm", "country": "province"}).to_csv(out, index=False)
    return len(table), float(table["capacity_kt"].sum())


def _run(folder: pathlib.Path) -> list[Bar]:
    """Run the shipped case of the world in a process of its own: seconds, and the most memory of one process."""
    import subprocess

    start = time.perf_counter()
    command = [sys.executable, "-m", "potline", "run", "steel-2023", "--quiet", "--out", str(folder / "run")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    assert ended.returncode == 0, ended.stderr
    assert "12.8 Mt/year (1 % of capacity) do not cover their cash cost" in ended.stdout, ended.stdout
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0
    rows = (("s", seconds, RUN_BAR_S), ("MB", most, RUN_BAR_MB))
    return [
        {
            "name": f"potline run steel-2023, {unit}",
            "group": "files",
            "figure": figure,
            "unit": unit,
            "bar": f"{limit:g} {unit} or less",
            "holds": figure <= limit,
        }
        for unit, figure, limit in rows
    ]


if __name__ == "__main__":
    for result in bars():
        print(result)
