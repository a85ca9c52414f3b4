"""A blank is never 0: blank cells, rows cut short and tables without costs are refused, each with what is missing."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest

from potline.cases import check, load
from potline.cases.cells import Quantity
from potline.cases.folders import shipped_folder
from potline.cases.tables import TABLES
from potline.cases.validation import cell_of

FLAGSHIP = "china-aluminium-2013"
FILES = sorted(item.name for item in shipped_folder(FLAGSHIP).iterdir() if item.name.endswith(".csv"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flagship") / "case"
    folder.mkdir()
    for item in shipped_folder(FLAGSHIP).iterdir():
        if item.is_file():
            (folder / item.name).write_bytes(item.read_bytes())
    return folder


def rows_of(folder: Path, file: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((folder / file).read_text(encoding="utf-8"), newline="")))


def changed(source: Path, place: Path, file: str, rows: list[list[str]]) -> list[str]:
    """Return the problems of a copy of a case with other rows in one of its tables."""
    shutil.copytree(source, place)
    with (place / file).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(rows)
    return [str(problem) for problem in check(place)]


@pytest.mark.parametrize("file", FILES)
def test_a_row_cut_short_is_refused_with_the_cells_missing_in_every_table(
    whole: Path, tmp_path: Path, file: str
) -> None:
    rows = rows_of(whole, file)
    header = rows[0]
    rows[2] = rows[2][: len(header) - 2]
    assert changed(whole, tmp_path / "case", file, rows) == [
        f"{file} row 3: found {len(header) - 2} cells; needed {len(header)}, as in the header; missing: "
        f"{', '.join(header[-2:])}. Write a comma for each cell, also for one that stays blank."
    ]


def test_a_row_that_ends_before_its_costs_is_one_problem(starter: Path) -> None:
    path = starter / "plants.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[5] = "Gamma,Gamma,Southland,150"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [str(problem) for problem in check(starter)] == [
        "plants.csv row 6: found 4 cells; needed 14, as in the header; missing: running_kt, power_source, "
        "power_price_eur_per_kwh, power_use_kwh_per_t, alumina_use_t_per_t, alumina_price_eur_per_t, "
        "other_cost_eur_per_t, depreciation_eur_per_t, confidence, note. Write a comma for each cell, also for one "
        "that stays blank."
    ]


def strict_columns() -> list[tuple[str, str]]:
    """Return the columns of numbers of the flagship's tables whose blank means nothing and is refused."""
    found: list[tuple[str, str]] = []
    for file in FILES:
        model = TABLES[file.removesuffix(".csv")]
        header = shipped_folder(FLAGSHIP).joinpath(file).read_text(encoding="utf-8").splitlines()[0].split(",")
        for column in header:
            name = column.replace("cny", "cur")
            cell = cell_of(model, name)
            if isinstance(cell, Quantity) and not cell.blank and name not in model.required:
                found.append((file, column))
    return found


@pytest.mark.parametrize(("file", "column"), strict_columns(), ids=lambda value: value)
def test_a_blank_cell_of_a_column_of_numbers_is_refused_in_every_table(
    whole: Path, tmp_path: Path, file: str, column: str
) -> None:
    rows = rows_of(whole, file)
    rows[3][rows[0].index(column)] = ""
    model = TABLES[file.removesuffix(".csv")]
    name = rows[3][rows[0].index(model.required[0])]
    assert changed(whole, tmp_path / "case", file, rows) == [
        f"{file} row 4, column {column}: found nothing for {model.noun} {name!r}; "
        "needed a number, `0` where there is none."
    ]


def test_strict_columns_are_those_of_costs_and_quantities() -> None:
    assert strict_columns() == [
        ("chain_routes.csv", "freight_cny_per_t"),
        ("governments.csv", "jobs_per_kt"),
        ("governments.csv", "tax_cny_per_t"),
        ("governments.csv", "value_added_cny_per_t"),
        ("ore.csv", "cost_cny_per_t"),
        ("plants.csv", "commissioning_kt"),
        ("plants.csv", "power_use_kwh_per_t"),
        ("plants.csv", "freight_cny_per_t"),
        ("suppliers.csv", "delivery_cny_per_t"),
        ("suppliers.csv", "ore_use_t_per_t"),
        ("suppliers.csv", "added_kt"),
    ]


def test_a_plant_whose_costs_are_all_blank_is_refused_cell_by_cell(starter: Path) -> None:
    path = starter / "plants.csv"
    text = path.read_text(encoding="utf-8")
    old = "captive,0.0468,13900,1.93,360,345,100,high"
    assert old in text
    path.write_text(text.replace(old, "captive,,,,,,,high"), encoding="utf-8")
    none = "found nothing for plant 'Gamma'; needed a number, `0` where there is none."
    assert [str(problem) for problem in check(starter)] == [
        f"plants.csv row 6, column power_use_kwh_per_t: {none}",
        f"plants.csv row 6, column alumina_use_t_per_t: {none}",
        f"plants.csv row 6, column other_cost_eur_per_t: {none}",
        f"plants.csv row 6, column depreciation_eur_per_t: {none}",
    ]


def test_a_blank_pair_of_an_input_is_refused_and_a_use_of_0_needs_no_price(starter: Path) -> None:
    path = starter / "plants.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1.93,360,345", ",,345"), encoding="utf-8")
    assert [str(problem) for problem in check(starter)] == [
        "plants.csv row 6, column alumina_use_t_per_t: found nothing for plant 'Gamma'; needed a number, `0` where "
        "there is none."
    ]
    path.write_text(text.replace("1.93,360,345", "0,,345"), encoding="utf-8")
    assert check(starter) == ()
    assert load(starter).industry.plant("Gamma").input("alumina") is None


def test_a_blank_price_self_supply_or_own_cost_of_an_input_in_use_is_refused(starter: Path) -> None:
    path = starter / "plants.csv"
    rows = [line.split(",", 10) for line in path.read_text(encoding="utf-8").splitlines()]
    added = ("self_supply_share,own_cost_eur_per_t", "0.5,200", ",", "0,", "1,", "0,", "0,")
    for row, more in zip(rows, added, strict=True):
        cells = [f"alumina_{name}" for name in more.split(",")] if row is rows[0] else more.split(",")
        row[10:10] = cells
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    with (starter / "case.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[columns.plants.alumina_self_supply_share]\nunit = "share"\nvat = "none"\nsource = "example"\n'
            'standing = "assumed"\n[columns.plants.alumina_own_cost_eur_per_t]\nunit = "EUR/t"\nvat = "none"\n'
            'source = "example"\nstanding = "assumed"\n'
        )
    assert [str(problem) for problem in check(starter)] == [
        "plants.csv row 3, column alumina_self_supply_share: found nothing for plant 'North 2'; needed a number, "
        "because alumina_use_t_per_t, alumina_price_eur_per_t is given. "
        "Or state it for all in `[defaults.plants.alumina_self_supply_share]`.",
        "plants.csv row 5, column alumina_own_cost_eur_per_t: found nothing for plant 'Beta South'; needed a number, "
        "because alumina_use_t_per_t, alumina_price_eur_per_t, alumina_self_supply_share is given. "
        "Or state it for all in `[defaults.plants.alumina_own_cost_eur_per_t]`.",
    ]


def test_a_table_of_plants_without_any_cost_is_refused(starter: Path) -> None:
    (starter / "plants.csv").write_text(
        "plant,firm,capacity_kt\nNorth 1,Alpha,300\nBeta North,Beta Smelting,200\nGamma,Gamma,150\n", encoding="utf-8"
    )
    problems = [str(problem) for problem in check(starter)]
    assert problems[-1] == (
        "plants.csv row 1: found no column of cash cost; needed at least other_cost_eur_per_t. "
        "Write 0 in it where a tonne costs nothing."
    )


def test_a_default_fills_a_blank_cell(starter: Path) -> None:
    path = starter / "plants.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("captive,0.0468,13900,1.93,360,345,", "captive,0.0468,13900,1.93,360,,"), "utf-8")
    with (starter / "case.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[defaults.plants.other_cost_eur_per_t]\nvalue = 344\nunit = "EUR/t"\nvat = "excluded"\n'
            'source = "example"\nstanding = "assumed"\n'
        )
    assert check(starter) == ()
    assert load(starter).industry.plant("Gamma").other_cost_per_t == 344


def test_a_way_from_abroad_needs_its_lag(whole: Path, tmp_path: Path) -> None:
    rows = rows_of(whole, "chain_routes.csv")
    rows[1][rows[0].index("lag_months")] = ""
    assert changed(whole, tmp_path / "case", "chain_routes.csv", rows) == [
        "chain_routes.csv row 2, column lag_months: found nothing for route 'alumina abroad to Qingdao port'; "
        "needed a number, because it comes from abroad. Write 0 where it lands at once."
    ]


@pytest.mark.parametrize(
    ("old", "key", "expected"),
    [
        ('path = "plant[power_source=grid].power_price_per_kwh"', "path",
         "found nothing; needed a path. Or `claim = PATH`."),
        ('source = "example"', "source", "found nothing; needed a source."),
        ('range = "1 in 0.95..1.10"', "range",
         "found nothing; needed a number, `low..high` or `central in low..high`."),
        ('name = "grid power price"', "name", "found nothing; needed name for people."),
    ],
)  # fmt: skip
def test_a_blank_in_a_factor_is_refused_and_drops_no_factor(starter: Path, old: str, key: str, expected: str) -> None:
    path = starter / "case.toml"
    head, mark, rest = path.read_text(encoding="utf-8").partition('name = "grid power price"')
    text = mark + rest
    assert old in text
    path.write_text(head + text.replace(old, f'{key} = ""', 1), encoding="utf-8")
    line = (head + text[: text.index(old)]).count("\n") + 1
    assert [str(problem) for problem in check(starter)] == [f"case.toml line {line}, key factors[3].{key}: {expected}"]


def test_every_other_blank_in_case_toml_is_refused_or_says_nothing(starter: Path, tmp_path: Path) -> None:
    """Only text for people may be blank: a description, a quote, a note, a place."""
    lines = (starter / "case.toml").read_text(encoding="utf-8").splitlines()
    taken: list[str] = []
    for place, line in enumerate(lines):
        found = re.match(r"\s*(\w+)\s*=\s*(?!\{)(.*?)(\s+#.*)?$", line)
        if found is None:
            continue
        folder = tmp_path / str(place)
        shutil.copytree(starter, folder)
        blank = [*lines[:place], f'{found[1]} = ""', *lines[place + 1 :]]
        (folder / "case.toml").write_text("\n".join(blank) + "\n", encoding="utf-8")
        if not check(folder):
            taken.append(found[1])
    assert sorted(set(taken)) == ["description", "note", "place", "quote"]
