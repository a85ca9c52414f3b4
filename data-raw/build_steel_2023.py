"""Build the shipped cases ``steel-2023`` (the world) and ``steel-china-2023`` by ``pot.import_list``.

Run ``python data-raw/build_steel_2023.py`` where the project is installed. It reads the tracker's list
``published/steel_plants_gem_2023.csv`` and the tables of ``steel/``, works out what share of each country's plants
runs, and writes mapping file, case, rows dropped and record of both into ``src/potline/cases/``. The same tables give
the same bytes; a test builds both anew and compares.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path

import potline as pot

HERE = Path(__file__).resolve().parent
LIST = HERE / "published" / "steel_plants_gem_2023.csv"
CASES = HERE.parent / "src" / "potline" / "cases"
WORLD, CHINA = "steel-2023", "steel-china-2023"
TOO_SMALL, MOST = 0.10, 0.95


def running_shares() -> dict[str, str]:
    """Return the share of the listed capacity that runs, by country and for all others together."""
    capacity: dict[str, float] = defaultdict(float)
    for row in rows(LIST):
        if row["status"] == "operating" and row["crude_steel_ktpa"]:
            capacity[row["country"]] += float(row["crude_steel_ktpa"])
    output = {row["country"]: float(row["output_kt"]) for row in rows(HERE / "steel" / "output_2022.csv")}
    world = output.pop("World")
    missing = set(output) - set(capacity)
    assert not missing, missing
    shares = {country: range_of(made / capacity[country]) for country, made in output.items()}
    rest = sum(built for country, built in capacity.items() if country not in output)
    return {**shares, "*": range_of((world - sum(output.values())) / rest)}


def range_of(share: float) -> str:
    """Return a share with its low end, a tenth less for plants too small for the list."""
    central = min(share, MOST)
    return f"{central:.3f} in {(1.0 - TOO_SMALL) * central:.3f}..{central:.3f}"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mapping_text(china: bool) -> str:
    """Return the mapping file of a case."""
    shares = {country: text for country, text in running_shares().items() if not china or country == "China"}
    text = (HERE / "steel" / "mapping.toml").read_text(encoding="utf-8")
    text = replaced(text, 'RUNNING_SHARES = "?"', "\n".join(f'"{name}" = "{share}"' for name, share in shares.items()))
    if china:
        for old, new in tomllib.loads((HERE / "steel" / "china.toml").read_text(encoding="utf-8")).items():
            text = replaced(text, old, new)
    return text


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def build(out: Path = CASES) -> None:
    """Write both cases into a folder."""
    for name in (WORLD, CHINA):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / name
            folder.mkdir()
            (folder / "mapping.toml").write_text(mapping_text(name == CHINA), encoding="utf-8", newline="\n")
            done = pot.import_list(LIST, folder)
            if name == WORLD:
                shutil.copy(HERE / "steel" / "record.csv", folder / "record.csv")
            pot.load(folder)
            shutil.rmtree(out / name, ignore_errors=True)
            shutil.copytree(folder, out / name)
        print(f"{name}: {done.kept} plants of {done.firms} firms; dropped: {dict(done.reasons)}")


if __name__ == "__main__":
    build()
