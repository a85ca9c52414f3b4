"""Rows that are the sum of others, in any table with tonnes; what one lacks and all others have."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from potline.cases import Case, load, new
from potline.cases import check as problems_of
from potline.cases.folders import shipped_folder
from potline.industry import Industry, LinearDemand, Plant, Project, StatePurchase
from potline.plausibility import check

FLAGSHIP = "china-aluminium-2013"


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    new(tmp_path / "starter")
    return tmp_path / "starter"


def texts(case: Case, kind: str) -> list[str]:
    return [str(warning) for warning in check(case) if warning.kind == kind]


def added(folder: Path, file: str, row: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as handle:
        handle.write(row + "\n")


def test_a_total_row_of_plants(starter: Path) -> None:
    total = "Total,Gamma,Southland,980,930,captive,0.0468,13900,1.93,360,345,100,high,sum"
    added(starter, "plants.csv", total)
    assert problems_of(starter) == ()
    assert texts(load(starter), "sum") == [
        "plants.csv row 8: found capacity_kt 980 and running_kt 930 kt/year for plant 'Total', the sum of 6 other "
        "rows; a row is usually one of its kind, not a total. Delete the row: it counts beside those that it sums."
    ]


@pytest.mark.parametrize("name", ["All refineries", "Total"])
def test_a_total_row_of_refineries(starter: Path, name: str) -> None:
    added(starter, "suppliers.csv", f"{name},Southland,2200,270,local,example")
    assert texts(load(starter), "sum") == [
        f"suppliers.csv row 5: found capacity_kt 2200 kt/year for supplier '{name}', the sum of 3 "
        "other rows; a row is usually one of its kind, not a total. "
        "Delete the row: it counts beside those that it sums."
    ]


@pytest.mark.parametrize(
    ("file", "row", "expected"),
    [
        (
            "projects.csv", {"project": "Total", "capacity_kt": "4200"},
            "projects.csv row 4: found capacity_kt 4200 kt/year for project 'Total', the sum of 2 other rows",
        ),
        (
            "policies.csv",
            {"policy": "Total", "kind": "state_purchase", "amount": "400", "unit": "kt", "price_cny_per_t": "15137",
             "in_force": "no", "source": "own", "standing": "assumed"},
            "policies.csv row 7: found quantity_kt 400 kt/year for policy 'Total', the sum of 2 other rows",
        ),
        (
            "ore.csv",
            {"ore": "Total", "kind": "imported ore", "province": "Shandong", "cost_cny_per_t": "400",
             "capacity_kt": "SUM", "source": "own", "standing": "assumed"},
            "ore.csv row 12: found capacity_kt ",
        ),
    ],
)  # fmt: skip
def test_a_total_row_of_any_table_with_tonnes(tmp_path: Path, file: str, row: dict[str, str], expected: str) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    for item in shipped_folder(FLAGSHIP).iterdir():
        if item.is_file():
            (folder / item.name).write_bytes(item.read_bytes())
    case = load(folder)
    assert case.industry.input_market is not None
    whole = sum(ore.capacity_kt for ore in case.industry.input_market.ore if ore.capacity_kt < 1e9)
    header = (folder / file).read_text(encoding="utf-8").splitlines()[0].split(",")
    added(folder, file, ",".join(row.get(name, "").replace("SUM", f"{whole:g}") for name in header))
    said = texts(load(folder), "sum")
    assert len(said) == 1
    assert said[0].startswith(expected)
    shutil.rmtree(folder)


def made(capacities: list[float], names: list[str] | None = None, places: list[str] | None = None) -> Case:
    plants = tuple(
        Plant(name=names[k] if names else f"plant {k}", firm="one", capacity_kt=capacity, other_cost_per_t=60.0,
              government=places[k] if places else "")
        for k, capacity in enumerate(capacities)
    )  # fmt: skip
    running = sum(capacities)
    demand = LinearDemand(price_per_t=100.0, quantity_kt=running, elasticity=0.5)
    return Case(name="made", industry=Industry(name="made", plants=plants, price_per_t=100.0, demand=demand))


def test_a_sum_of_four_others_needs_no_name_and_one_of_three_does() -> None:
    assert len(texts(made([10.0, 20.0, 30.0, 41.0, 101.0]), "sum")) == 1
    assert texts(made([10.0, 20.0, 30.0, 60.0]), "sum") == []
    assert len(texts(made([10.0, 20.0, 30.0, 60.0], names=["a", "b", "c", "合计"]), "sum")) == 1
    assert texts(made([10.0, 20.0, 30.0, 41.0, 102.0]), "sum") == []


def test_a_total_to_rounding_where_its_name_says_so() -> None:
    assert len(texts(made([10.4, 20.4, 30.4, 61.0], names=["a", "b", "c", "Grand total"]), "sum")) == 1
    assert texts(made([10.4, 20.4, 30.4, 65.0], names=["a", "b", "c", "Grand total"]), "sum") == []


def test_a_subtotal_of_a_province() -> None:
    names, places = ["a", "b", "North subtotal", "c", "d"], ["North", "North", "North", "South", "South"]
    assert texts(made([10.0, 20.0, 30.0, 40.0, 50.0], names, places), "sum") == [
        "plant 'North subtotal': found capacity_kt 30 and running_kt 30 kt/year for plant 'North subtotal', the sum of "
        "2 other rows; a row is usually one of its kind, not a total. "
        "Delete the row: it counts beside those that it sums."
    ]


def test_a_subtotal_that_bears_the_name_of_its_firm(starter: Path) -> None:
    """Two plants of Beta Smelting, 200 and 100 kt/year of which 80 run, and a row for both."""
    text = (starter / "plants.csv").read_text(encoding="utf-8")
    for name, said in (("Beta", 1), ("Beta Smelting", 1), ("Beta West", 0)):
        (starter / "plants.csv").write_text(text, encoding="utf-8")
        added(starter, "plants.csv", f"{name},Beta Smelting,Southland,300,280,grid,0.05,13800,1.93,350,340,85,med,")
        assert texts(load(starter), "sum") == said * [
            f"plants.csv row 8: found capacity_kt 300 and running_kt 280 kt/year for plant {name!r}, the sum of 2 "
            "other rows; a row is usually one of its kind, not a total. Delete the row: it counts beside those that it "
            "sums."
        ]


def test_a_sum_that_runs_otherwise_is_no_total() -> None:
    case = made([10.0, 20.0, 30.0, 41.0, 101.0])
    idle = dataclasses.replace(case.industry.plants[-1], running_kt=50.0)
    industry = dataclasses.replace(case.industry, plants=(*case.industry.plants[:-1], idle))
    assert texts(dataclasses.replace(case, industry=industry), "sum") == []


def test_projects_and_purchases_made_in_python() -> None:
    case = made([10.0])
    projects = tuple(Project(name=name, capacity_kt=size) for name, size in (("a", 1.0), ("b", 2.0), ("total", 3.0)))
    bought = tuple(
        StatePurchase(name=name, quantity_kt=size, price_per_t=100.0)
        for name, size in (("a", 0.5), ("b", 1.0), ("total", 1.5))
    )
    industry = dataclasses.replace(case.industry, projects=projects, policies=bought)
    assert [text.partition(":")[0] for text in texts(dataclasses.replace(case, industry=industry), "sum")] == [
        "project 'total'",
        "policy 'total'",
    ]


def test_what_one_plant_lacks_and_all_others_have(starter: Path) -> None:
    path = starter / "plants.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("Gamma,Gamma,Southland,150,,captive,0.0468,13900,1.93,360,345,", "Gamma,Gamma,,150,,,,0,0,,0,"),
        encoding="utf-8",
    )
    assert problems_of(starter) == ()
    assert texts(load(starter), "missing") == [
        "plants.csv row 6: found no electricity, alumina, other cost, province and source of power for plant 'Gamma'; "
        "all 5 others have them. Write what is missing, or keep the 0 where there is truly none."
    ]


def test_what_one_province_lacks_and_all_others_have(starter: Path) -> None:
    added(starter, "governments.csv", 'Eastland,5,0,290,"example, not data"')
    assert texts(load(starter), "missing") == [
        "governments.csv row 4: found no tax for government 'Eastland'; all 2 others have it. "
        "Write what is missing, or keep the 0 where there is truly none."
    ]


def test_what_several_lack_is_not_missing(starter: Path) -> None:
    case = load(starter)
    plants = tuple(
        dataclasses.replace(plant, inputs=plant.inputs[:1]) if k < 2 else plant
        for k, plant in enumerate(case.industry.plants)
    )
    industry = dataclasses.replace(case.industry, plants=plants)
    assert texts(dataclasses.replace(case, industry=industry), "missing") == []
