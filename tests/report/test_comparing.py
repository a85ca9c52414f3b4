"""Two cases side by side: what differs, its certificate, which sees what was spoiled, and two runs."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import polars
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from tests.agreement.tiny import tiny

import potline as pot
from potline.cli import command
from potline.questions import QUESTIONS
from potline.report.side_by_side import table_beside
from potline.report.table import Column, Table

STEEL = Path(__file__).parents[1] / "steel" / "works"
ONLY = ("costs", "largest_deal", "market")


@pytest.fixture(scope="module")
def found():
    case = pot.load("china-aluminium-2015")
    return pot.compare(
        case, case.override("price_cny_per_t+=500", "plant[province=Henan].other_cost_cny_per_t+=50"), only=ONLY
    )


def test_inputs_are_those_that_were_changed(found):
    henan = [plant.name for plant in found.before.industry.plants if plant.government == "Henan"]
    assert len(henan) > 1
    names = {item.name for item in found.inputs}
    assert names == {
        "industry.price_per_t",
        "industry.demand.price_per_t",
        *(f"industry.plants[{name}].other_cost_per_t" for name in henan),
    }
    assert all(item.difference == pytest.approx(50.0) for item in found.inputs if "other_cost" in item.name)


def test_numbers_and_tables_are_those_of_each_case(found):
    for case, end in ((found.before, "before"), (found.after, "after")):
        curve = pot.cost_curve(case.industry)
        assert getattr(found.number("under_water_cash_kt"), end) == curve.under_water().capacity_kt
        k_star = pot.tonnages_that_hold(case).set_of().k_star_kt
        assert getattr(found.number("largest_cut_that_holds_kt"), end) == pytest.approx(k_star)
    assert found.number("price_quoted_cny_per_t").difference == pytest.approx(500.0)
    plants = found.table("plants")
    cost = dict(zip(plants.column("plant"), plants.column("net_cash_cost_cny_per_t_difference"), strict=True))
    assert {round(cost[plant.name], 6) for plant in found.before.industry.plants if plant.government == "Henan"} == {
        50.0
    }


def test_the_certificate_holds_and_sees_what_is_spoiled(found):
    assert found.certificate.holds
    assert [row.name for row in found.certificate.checks] == [
        "differences", "inputs", "inputs_left_out", "cells", "rows_left_out", "answers",
    ]  # fmt: skip
    number = found.numbers[0]
    wrong = dataclasses.replace(number, difference=number.difference + 1.0)
    item = next(one for one in found.compared if one.name == "plants")
    rows = item.shown.rows
    other = (*rows[0][:-1], 12_345.0)
    spoiled = {
        "differences": {"numbers": (wrong, *found.numbers[1:])},
        "inputs": {"inputs": (dataclasses.replace(found.inputs[0], after=1.0, difference=
                                                     1.0 - found.inputs[0].before), *found.inputs[1:])},
        "inputs_left_out": {"inputs": found.inputs[1:]},
        "cells": {"compared": (dataclasses.replace(
            item, shown=dataclasses.replace(item.shown, rows=(other, *rows[1:]))),)},
        "rows_left_out": {"compared": (dataclasses.replace(
            item, shown=dataclasses.replace(item.shown, rows=rows[1:])),)},
        "answers": {"checks_after": (pot.Check(name="spoiled", value=2.0, tolerance=1.0),)},
    }  # fmt: skip
    for name, fields in spoiled.items():
        seen = pot.verify(dataclasses.replace(found, **fields))
        assert [row.name for row in seen.checks if not row.holds] == [name]


def test_a_case_beside_itself_differs_in_nothing():
    case = tiny(least=40.0, margin=300.0)
    same = pot.compare(case, case, only=("costs",))
    assert same.certificate.holds
    assert same.inputs == ()
    assert same.sentences() == ["No input differs.", "No headline number differs."]
    assert same.tables() == ("inputs", "numbers")


def test_each_question_is_told_of_when_its_turn_comes():
    case, told = tiny(least=40.0, margin=300.0), []
    pot.compare(case, case, only=("costs", "stops"), progress=lambda about, share: told.append((share, about)))
    abouts = [item.about for item in QUESTIONS if item.name in ("costs", "stops")]
    assert told == [(0.0, abouts[0]), (0.25, abouts[1]), (0.5, abouts[0]), (0.75, abouts[1]), (1.0, "done")]


def test_two_worlds_that_share_no_plant_stand_side_by_side():
    both = pot.compare(pot.load("china-aluminium-2017"), pot.load(STEEL), only=("costs",))
    assert both.certificate.holds
    plants = both.table("plants")
    assert len(plants) == len(both.before.industry.plants) + len(both.after.industry.plants)
    assert both.number("price_quoted_eur_per_t").before is None


def test_inputs_left_out_are_seen_in_the_files_too(tmp_path):
    case = pot.load(STEEL)
    case.save(tmp_path / "other")
    file = tmp_path / "other" / "plants.csv"
    head, first, *rest = file.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    at = head.split(",").index("other_cost_eur_per_t")
    cells[at] = "12345"
    file.write_text("\n".join((head, ",".join(cells), *rest)) + "\n", encoding="utf-8")
    both = pot.compare(case, pot.load(tmp_path / "other"), only=("costs",))
    assert both.certificate.holds
    assert [item.name for item in both.inputs] == [f"industry.plants[{cells[0]}].other_cost_per_t"]
    one = dataclasses.replace(both, inputs=())
    number = next(row for row in pot.verify(one).checks if row.name == "inputs_left_out")
    assert number.value == 2.0  # by the cases laid out, and by their files


def test_rows_are_matched_by_words_else_by_place():
    columns = (Column(name="plant"), Column(name="size_kt", unit="kt/year"))
    one = Table(name="t", title="T.", columns=columns, rows=(("A", 1.0), ("B", 2.0)))
    other = dataclasses.replace(one, rows=(("B", 2.0), ("C", 5.0), ("A", 1.5)))
    moved = table_beside("t", one, other)
    assert moved.key == ("plant",)
    assert moved.shown.rows[0] == ("A", 1.0, 1.5, 0.5)
    assert moved.shown.rows[1][:3] == ("C", None, 5.0)
    twice = dataclasses.replace(one, rows=(("A", 1.0), ("A", 2.0)))
    assert table_beside("t", twice, dataclasses.replace(twice, rows=(("A", 1.0), ("A", 3.0)))).shown.rows == (
        (2, 2.0, 3.0, 1.0),
    )


def test_a_question_that_is_none_is_refused():
    case = tiny()
    with pytest.raises(pot.InputError, match="only: found 'cost'; needed "):
        pot.compare(case, case, only=("cost",))


def changed_sheet(place):
    return CalamineWorkbook.from_path(place / "tables.xlsx").get_sheet_by_name("changed since").to_python()


def asked(*arguments):
    return CliRunner().invoke(command, [str(item) for item in arguments])


def test_the_command_writes_csv_and_json(tmp_path):
    place = tmp_path / "it"
    told = asked(
        "compare", STEEL, "--set", "price_eur_per_t=620", "--only", "costs", "--json", "--out", tmp_path / "it"
    )
    assert told.exit_code == 0, told.output
    content = json.loads(told.output)
    assert [row[0] for row in content["tables"]["inputs"]["rows"]] == [
        "industry.demand.price_per_t",
        "industry.price_per_t",
    ]
    with (place / "numbers.csv").open(encoding="utf-8-sig") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert float(rows["price_quoted_eur_per_t"]["after"]) == 620.0
    sheets = changed_sheet(place)
    without_tax = pytest.approx(620.0 / 1.2), pytest.approx(620.0 / 1.2 - 585.0)
    assert sheets[4:6] == [
        ["Table", "Row", "Column", "Before", "Now", "Difference"],
        ["inputs", "industry.demand.price_per_t", "", 585.0, *without_tax],
    ]
    assert {row[0] for row in sheets[5:]} > {"inputs", "headline", "plants"}
    alone = asked("compare", STEEL)
    assert alone.exit_code == 2
    assert "alone; needed a second case, or --set PATH=VALUE" in alone.output


def test_runs_are_compared_and_repeated(tmp_path):
    first, second, case = (tmp_path / name for name in ("first", "second", "case"))
    pot.new(case, minimal=True)
    whole = (case / "case.toml").read_text(encoding="utf-8")
    (case / "case.toml").write_text(whole.partition("[meeting]")[0], encoding="utf-8")  # a quick run asks few questions
    for place, price in ((first, 80), (second, 84)):
        told = asked("run", case, "--set", f"price_eur_per_t={price}", "--draws", 8, "--out", place, "--quiet")
        assert told.exit_code == 0, told.output
    told = asked("diff", first, second, "--json", "--out", tmp_path / "apart")
    assert told.exit_code == 0, told.output
    tables = json.loads(told.output)["tables"]
    settings = {row[0]: row[1:3] for row in tables["settings"]["rows"]}
    assert settings == {"case.overrides": ["price_eur_per_t=80", "price_eur_per_t=84"]}
    assert ["results.json"] in tables["files"]["rows"]
    assert "plants" in tables
    assert {row[0] for row in changed_sheet(tmp_path / "apart")[5:]} > {"settings", "headline", "plants"}
    for form, names in (("iamc", ["iamc.csv"]), ("long", ["long.csv"]), ("parquet", None)):
        told = asked("export", first, "--format", form, "--out", tmp_path / form, "--json")
        assert told.exit_code == 0, told.output
        assert names is None or json.loads(told.output)["files"] == names
    assert polars.read_parquet(tmp_path / "parquet" / "plants.parquet").height == 6
    assert polars.read_csv(tmp_path / "iamc" / "iamc.csv").columns[:3] == ["model", "scenario", "region"]
    assert asked("diff", first, first).output.startswith("The two runs are alike")
    again = asked("rerun", first, "--out", tmp_path / "again")
    assert again.exit_code == 0, again.output
    assert again.output.startswith("Reproduced: all ")
    (first / "manifest.json").write_text(
        (first / "manifest.json").read_text(encoding="utf-8").replace('"draws": 8', '"draws": 16'), encoding="utf-8"
    )
    changed = asked("rerun", first, "--out", tmp_path / "other", "--json")
    assert changed.exit_code == 4
    assert "results.json" in json.loads(changed.output)["changed"]


def test_what_is_no_run_is_refused(tmp_path):
    told = asked("diff", tmp_path, tmp_path)
    assert told.exit_code == 2
    assert "found no file; needed the manifest.json of an earlier run." in told.output
