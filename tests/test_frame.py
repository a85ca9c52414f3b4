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
