"""A meeting of steel makers: 913 plants of 748 owners, eight of them at the table.

Plants, owners and capacities are published (``data-raw/published/steel_plants_gem_2023.csv``, "Global Energy Monitor,
Global Steel Plant Tracker, March 2023, CC BY 4.0"): those operating or mothballed with a crude steel capacity.
Everything else, costs, running shares, price and demand, is made up: drawn from SEED or written below, to have a case
of that size. No number of it says anything about steel.

``python -m benchmarks.steel FOLDER`` writes the case folder; the same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import pathlib
import sys

import numpy as np

LIST = pathlib.Path(__file__).resolve().parents[1] / "data-raw" / "published" / "steel_plants_gem_2023.csv"
SEED = 913
AT_THE_TABLE = 8
PRICE = 600.0
STATES = ("operating", "mothballed")
PLANTS, OWNERS = 913, 748
# mean and standard deviation of the cash cost drawn, USD/t; the share of the capacity that runs lies between 0.65 and 1
BLAST_FURNACE, OTHER = (510.0, 45.0), (545.0, 40.0)

NUMBERS = {
    "price_usd_per_t": (f"{PRICE:g}", "USD/t", "excluded"),
    "discount_rate": ("0.1 in 0.08..0.12", "a year", "none"),
    "demand.elasticity": ("0.3 in 0.2..0.5", "1", "none"),
    "process.volatility": ("0.2 in 0.15..0.25", "a year", "none"),
}
DEFAULTS = {
    "stop_cost_usd_per_t": ("5 in 2..10", "USD per t/year"),
    "holding_cost_usd_per_t": ("10 in 5..15", "USD per t/year, a year"),
    "restart_cost_usd_per_t": ("20 in 10..40", "USD per t/year"),
    "exit_cost_usd_per_t": ("60 in 40..100", "USD per t/year"),
}
MEETING = {"term_years": ("1", "years"), "least_cut_kt": ("20000 in 10000..30000", "kt/year")}


def write_case(folder: pathlib.Path, schema: int = 2) -> None:
    """Write the case folder; schema 1 is what the starting commit reads."""
    folder.mkdir(parents=True, exist_ok=True)
    with LIST.open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["status"] in STATES and row["crude_steel_ktpa"]]
    owners = list(dict.fromkeys(row["owner"] for row in listed))
    assert (len(listed), len(owners)) == (PLANTS, OWNERS)
    draw = np.random.default_rng(SEED)
    plants, sold, capacity = [], 0.0, dict.fromkeys(owners, 0.0)
    for row in listed:
        mean, deviation = BLAST_FURNACE if "BF" in row["process"] else OTHER
        cost, share = draw.normal(mean, deviation), draw.uniform(0.65, 1.0)
        built = float(row["crude_steel_ktpa"])
        running = round(built * share, 1) if row["status"] == "operating" else 0.0
        sold, capacity[row["owner"]] = sold + running, capacity[row["owner"]] + built
        name = f"{row['plant']} ({row['gem_plant_id']})"
        plants.append([name, row["owner"], row["country"], f"{built:g}", f"{running:g}", f"{cost:.2f}", "med", "drawn"])
    seated = sorted(owners, key=lambda owner: -capacity[owner])[:AT_THE_TABLE]
    numbers = {**NUMBERS, "demand.quantity_kt": (f"{sold:.1f}", "kt/year", "none")}
    columns = ["plant", "firm", "province", "capacity_kt", "running_kt", "other_cost_usd_per_t", "confidence", "source"]
    write_table(folder / "plants.csv", columns, plants)
    write_table(folder / "firms.csv", ["firm", "owner"], [[owner, ""] for owner in owners])
    countries = dict.fromkeys(row["country"] for row in listed)
    write_table(folder / "governments.csv", ["province", "note"], [[country, ""] for country in countries])
    write_table(folder / "sources.csv", ["source", "title", "address", "licence"], SOURCES)
    (folder / "case.toml").write_text(case_text(numbers, seated, schema), encoding="utf-8", newline="\n")


SOURCES = [
    ["gem", "Global Energy Monitor, Global Steel Plant Tracker, March 2023",
     "https://globalenergymonitor.org/projects/global-steel-plant-tracker/",
     "Global Energy Monitor, Global Steel Plant Tracker, March 2023, CC BY 4.0"],
    ["drawn", f"made up for a benchmark; drawn from seed {SEED}", "", "CC0-1.0"],
]  # fmt: skip


def case_text(numbers: dict[str, tuple[str, str, str]], seated: list[str], schema: int) -> str:
    """Return case.toml."""
    parts = [
        f"[case]\nschema = {schema}\n"
        'name = "steel-913"\ntitle = "913 steel plants, made-up costs"\ndate = "2023-03"\n'
        'currency = "USD"\nproduct = "steel"\nvat_rate = 0\n'
        'description = "Published plants, owners and capacities; every other number is made up for a benchmark."\n'
    ]
    parts += [claim(f'numbers."{name}"', *given) for name, given in numbers.items()]
    parts += [claim(f"defaults.plants.{name}", *given, "none") for name, given in DEFAULTS.items()]
    parts += [
        f'[columns.plants.{name}]\nunit = "{unit}"\nvat = "none"\nsource = "{source}"\nstanding = "{standing}"\n'
        for name, unit, source, standing in (
            ("capacity_kt", "kt/year", "gem", "reported"),
            ("running_kt", "kt/year", "drawn", "assumed"),
            ("other_cost_usd_per_t", "USD/t", "drawn", "assumed"),
        )
    ]
    factors = [("demand elasticity", "demand.elasticity"), ("volatility", "process.volatility")]
    factors += [("discount rate", "discount_rate")]
    factors += [(name.partition("_usd")[0].replace("_", " "), f"plant[*].{name[:-10]}_per_t") for name in DEFAULTS]
    parts += [f'[[factors]]\nname = "{name}"\nclaim = "{path}"\n' for name, path in factors]
    parts.append(
        "[noise]\ncommon_usd_per_t = 20\nplant_usd_per_t = { high = 15, med = 30, low = 45 }\n"
        'source = "drawn"\nstanding = "assumed"\n'
    )
    firms = ", ".join(f'"{owner}"' for owner in seated)
    parts.append(
        f'[meeting]\ndate = "2023-03-15"\nfirms = [{firms}]\nrule = "pro_rata"\nsweep_kt = [10000, 20000, 40000]\n'
        'source = "drawn"\nstanding = "assumed"\n'
    )
    parts += [claim(f"meeting.{name}", *given, "none") for name, given in MEETING.items()]
    return "\n".join(parts)


def claim(name: str, value: str, unit: str, vat: str) -> str:
    """Return one number with its standing."""
    return f'[{name}]\nvalue = "{value}"\nunit = "{unit}"\nvat = "{vat}"\nsource = "drawn"\nstanding = "assumed"\n'


def write_table(path: pathlib.Path, header: list[str], rows: list[list[str]]) -> None:
    """Write one table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(header)
        write.writerows(rows)


if __name__ == "__main__":
    write_case(pathlib.Path(sys.argv[1]))
