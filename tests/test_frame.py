"""A frame hands its columns to other libraries as they are: words, numbers, blanks; and says what is not installed."""

from __future__ import annotations

import sys

import duckdb
import nanoarrow
import pandas
import polars
import pyarrow
import pytest

import potline as pot

MIXED = pot.Frame(
    name="mixed",
    title="All kinds",
    columns=("word", "size_kt", "count", "holds", "either", "nothing", "no_size_kt"),
    units=("", "kt/year", "", "", "", "", "kt/year"),
    rows=(("抚顺", 1.5, 1, True, "a", None, None), (None, float("nan"), 2, False, 2.5, None, float("nan")),
          ("b", 2, None, None, None, None, None)),
)  # fmt: skip
COLUMNS = {
    "word": ["抚顺", None, "b"],
    "size_kt": [1.5, None, 2.0],
    "count": [1, 2, None],
    "holds": [True, False, None],
    "either": ["a", "2.5", None],
    "nothing": [None, None, None],
    "no_size_kt": [None, None, None],
}


def test_arrow_takes_it_with_types_and_blanks():
    table = pyarrow.table(MIXED)
    assert table.to_pydict() == COLUMNS
    kinds = ["string", "double", "int64", "bool", "string", "string", "double"]
    assert [str(field.type) for field in table.schema] == kinds
    assert [str(kind.type) for kind in pyarrow.schema(MIXED)] == kinds


def test_polars_and_duckdb_take_it():
    assert MIXED.to_polars().to_dict(as_series=False) == COLUMNS
    assert polars.DataFrame(MIXED).equals(MIXED.to_polars())
    mixed = MIXED  # noqa: F841  (named in the query)
    assert duckdb.sql("select sum(size_kt) from mixed").fetchall() == [(3.5,)]


def test_pandas_takes_it():
    found = MIXED.to_pandas()
    assert isinstance(found, pandas.DataFrame)
    assert list(found.columns) == list(COLUMNS)
    assert found["word"].tolist()[0] == "抚顺"
    assert found["size_kt"].sum() == 3.5
    assert pandas.isna(found["size_kt"][1])


def test_an_empty_frame_keeps_its_columns():
    bare = pot.Frame(name="bare", columns=("word", "size_kt"), units=("", "kt/year"), rows=())
    assert nanoarrow.ArrayStream(bare).schema.fields[1].name == "size_kt"
    assert bare.to_polars().shape == (0, 2)
    assert repr(bare) == "Frame 'bare': 0 rows, 2 columns"


@pytest.mark.parametrize(("name", "verb"), [("pandas", "to_pandas"), ("polars", "to_polars")])
def test_what_is_not_installed_is_said(monkeypatch, name, verb):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(pot.InputError) as error:
        getattr(MIXED, verb)()
    assert str(error.value) == f"Frame.{verb}: found no {name}; needed {name}. Write `pip install {name}`."


def test_altair_that_is_not_installed_is_said(monkeypatch):
    curve = pot.cost_curve(pot.load("china-aluminium-2015").industry)
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(pot.InputError) as error:
        curve.plot()
    assert str(error.value) == (
        "CostCurve.plot: found no altair; needed altair. Write `pip install 'potline[frames]'`."
    )


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(pot.InputError) as error:
        MIXED.column("size")
    assert str(error.value) == (
        "Frame.column, name: found 'size'; needed a column of mixed: word, size_kt, count, holds, either, nothing, "
        "no_size_kt."
    )


def test_a_table_of_an_answer_is_that_of_the_run():
    industry = pot.load("china-aluminium-2013").industry
    plants = pot.cost_curve(industry).table("plants")
    assert len(plants) == len(industry.plants)
    assert sum(plants.column("capacity_kt")) == pytest.approx(sum(plant.capacity_kt for plant in industry.plants))
    assert plants.units[plants.columns.index("capacity_kt")] == "kt/year"


def test_long_rows_and_those_of_the_iamc_hold_every_number():
    industry = pot.load("china-aluminium-2015").industry
    plants = pot.cost_curve(industry).table("plants")
    long, iamc = plants.to_long(), plants.to_iamc(scenario="mine", year=2015, region="China")
    cells = [cell for name in plants.columns for cell in plants.column(name)]
    numbers = sum(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells)
    assert len(long) == len(iamc) == numbers > 500
    assert iamc.columns == ("model", "scenario", "region", "variable", "unit", "year", "value")
    capacity = [row for row in iamc.records() if str(row["variable"]).startswith("Plants|Capacity|")]
    assert sum(row["value"] for row in capacity) == pytest.approx(sum(plant.capacity_kt for plant in industry.plants))
    assert {row["region"] for row in capacity} == {plant.government for plant in industry.plants}
    assert {row["unit"] for row in capacity} == {"kt/year"}
    assert len({(row["region"], row["variable"]) for row in iamc.records()}) == len(iamc)


def test_a_column_of_blanks_with_a_unit_is_of_numbers_and_gives_no_long_row():
    blank = pot.Frame(name="t", columns=("plant", "a_kt", "b_kt"), units=("", "kt", "kt"), rows=(("A", 1.0, None),))
    assert blank.to_long().records() == [{"plant": "A", "variable": "a_kt", "unit": "kt", "value": 1.0}]


def test_a_part_of_a_variable_holds_no_mark_that_parts():
    odd = pot.Frame(name="t", columns=("plant", "n"), rows=((" A|B ", 1.0),))
    assert odd.to_iamc(scenario="s", year=2000).rows[0][3:5] == ("T|N|A/B", "-")


def test_rows_of_the_iamc_that_words_do_not_tell_apart_are_told_by_their_place():
    rows = (("A", 1.0), ("B", 2.0), ("A", 3.0))
    found = pot.Frame(name="t", columns=("plant", "n"), units=("", ""), rows=rows).to_iamc(scenario="s", year=2000)
    assert [row[3] for row in found.rows] == ["T|N|A|1", "T|N|B", "T|N|A|3"]
    assert found.column("value") == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_a_frame_is_saved_and_read_again(tmp_path, ending):
    place = MIXED.save(tmp_path / f"mixed.{ending}")
    found = getattr(polars, f"read_{ending}")(place)
    assert found.columns == list(MIXED.columns)
    assert found["size_kt"].to_list() == COLUMNS["size_kt"]
    assert found["word"].to_list() == COLUMNS["word"]


def test_parquet_is_written_by_pyarrow_too_or_refused(monkeypatch, tmp_path):
    import potline.frame

    monkeypatch.setattr(potline.frame, "find_spec", lambda name: None if name == "polars" else object())
    assert polars.read_parquet(MIXED.save(tmp_path / "a.parquet"))["count"].to_list() == [1, 2, None]
    monkeypatch.setattr(potline.frame, "find_spec", lambda _: None)
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(pot.InputError) as error:
        MIXED.save(tmp_path / "b.parquet")
    assert str(error.value) == "Frame.save, Parquet: found no polars; needed polars. Write `pip install polars`."


def test_formulas_are_neutralised_and_other_endings_refused(tmp_path):
    bad = pot.Frame(name="t", columns=("word",), rows=(("=1+1",),))
    assert "'=1+1" in bad.save(tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    with pytest.raises(pot.InputError) as error:
        bad.save(tmp_path / "t.txt")
    assert str(error.value) == ("Frame.save, path: found 't.txt'; needed a name that ends in .csv, .json, .parquet.")
