"""A case from frames: equal to the one from the folder whatever library holds them; errors by frame, row and column."""

from __future__ import annotations

import dataclasses
import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pandas
import polars
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import potline as pot
from potline.frame import Frame

STEEL = Path(__file__).parents[1] / "steel" / "works"
CASES = {**{name: name for name in pot.shipped()}, "steel": STEEL}


def by_columns(frame: Frame) -> dict[str, list[object]]:
    return {name: list(frame.column(name)) for name in frame.columns}


def in_duckdb(frame: Frame) -> object:
    return duckdb.connect().sql("select * from frame")


LIBRARIES = {
    "ours": lambda frame: frame,
    "pandas": Frame.to_pandas,
    "pandas from columns": lambda frame: pandas.DataFrame(by_columns(frame)),
    "polars": polars.DataFrame,
    "pyarrow": pyarrow.table,
    "duckdb": in_duckdb,
    "columns": by_columns,
    "records": Frame.records,
}


def same(one: pot.Case, other: pot.Case) -> list[str]:
    """Return the fields in which two cases differ; where a claim stands in case.toml is no part of it."""
    wrong = [
        item.name
        for item in dataclasses.fields(one)
        if item.name not in ("files", "digest", "folder", "claims")
        and getattr(one, item.name) != getattr(other, item.name)
    ]
    place = re.compile(r"case\.toml line \d+")
    pairs = zip(one.claims.all, other.claims.all, strict=True)
    for claim, again in pairs:
        if dataclasses.replace(claim, where="") != dataclasses.replace(again, where=""):
            wrong.append(claim.path)
        if place.sub("", claim.where) != place.sub("", again.where):
            wrong.append(claim.where)
    return wrong


SEVERAL = [(name, library) for name in CASES for library in (LIBRARIES if name == "steel" else ("ours", "polars"))]


@pytest.mark.parametrize(("name", "library"), SEVERAL)
def test_a_case_comes_back_from_frames_of_any_library(name, library):
    case = pot.load(CASES[name])
    frames = pot.case_frames(case)
    about = frames.pop("about")
    again = pot.case_from_frames(about, **{table: LIBRARIES[library](frame) for table, frame in frames.items()})
    assert same(case, again) == []
    assert same(again, pot.case_from_frames(**pot.case_frames(again))) == []


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_order_of_tables_and_the_library_of_each_make_no_difference(data):
    case = pot.load(STEEL)
    frames = pot.case_frames(case)
    about = frames.pop("about")
    moved = {
        table: LIBRARIES[data.draw(st.sampled_from(list(LIBRARIES)))](frames[table])
        for table in data.draw(st.permutations(list(frames)))
    }
    assert same(case, pot.case_from_frames(about, **moved)) == []


def test_a_run_of_a_case_from_frames_keeps_its_files(tmp_path):
    again = pot.case_from_frames(**pot.case_frames(pot.load(STEEL)))
    again.save(tmp_path / "kept")
    assert same(again, pot.load(tmp_path / "kept")) == []


PROBLEMS = [
    "frame plants, row 1, column capacity_kt: found -5 for plant 'B'; needed 0 or more. If the plant closed, set "
    "`capacity_kt` to 0.",
    "frame plants, row 1, column firm: found unknown firm 'two'; needed a firm of frame firms. Known: one, three.",
]


def smallest():
    number = {"unit": "EUR/t", "vat": "none", "source": "own", "standing": "assumed"}
    about = {
        "case": {"schema": 2, "name": "mine", "title": "Mine", "date": "2024-01", "currency": "EUR", "vat_rate": 0.2,
                 "product": "steel"},
        "numbers": {
            "price_eur_per_t": {"value": 600.0, **number},
            "demand.quantity_kt": {"value": 900.0, **number, "unit": "kt/year"},
            "demand.elasticity": {"value": "0.2..0.6", **number, "unit": "1"},
        },
        "columns": {"plants": {"other_cost_eur_per_t": number, "capacity_kt": {**number, "unit": "kt/year"},
                               "running_kt": {**number, "unit": "kt/year"}}},
    }  # fmt: skip
    plants = pandas.DataFrame(
        {
            "plant": ["A", "B"],
            "firm": ["one", "two"],
            "province": ["", None],
            "capacity_kt": np.array([500, 400]),
            "running_kt": [500.0, float("nan")],
            "other_cost_eur_per_t": ["480..520", Decimal("610.5")],
            "start": [date(1998, 1, 1), None],
        }
    )
    return about, {
        "plants": plants,
        "firms": [{"firm": "one"}, {"firm": "two", "owner": "one"}],
        "sources": {"source": ["own"], "title": ["my spreadsheet"]},
    }


def test_a_case_of_a_spreadsheet_by_hand():
    about, frames = smallest()
    case = pot.case_from_frames(about, **frames)
    assert [plant.capacity_kt for plant in case.industry.plants] == [500.0, 400.0]
    assert case.industry.plants[1].other_cost_per_t == 610.5
    assert case.claims["plant[A].other_cost_per_t"].high == 520.0
    assert case.industry.owner("two") == "one"
    assert case.extra_columns[0].cells == ("1998-01-01", "")


def test_problems_name_frame_row_and_column_all_at_once():
    about, frames = smallest()
    frames["plants"].loc[1, "capacity_kt"] = -5
    frames["firms"][1]["firm"] = "three"
    with pytest.raises(pot.InputError) as error:
        pot.case_from_frames(about, **frames)
    assert [str(problem) for problem in error.value.problems] == PROBLEMS


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"plants": 5}, "frame plants: found 5; needed a frame (pandas, polars, pyarrow, DuckDB), a mapping of "
         "columns, or a list of rows by name."),
        ({"plants": {"plant": ["A"], "firm": ["one", "two"]}},
         "frame plants: found columns of plant 1, firm 2 cells; needed as many cells in each."),
        ({"plant": []}, "case_from_frames: found frame 'plant'; needed a table of a case. "
         "Did you mean 'plants'?"),
        ({"plants": [{"plant": ["A"], "firm": "one"}]},
         "frame plants, row 0, column plant: found a list; needed text, a number or nothing."),
        ({"about": 5}, "case_from_frames, about: found 5; needed what case.toml says, as a mapping of tables or as "
         "text."),
        ({"about": {"case": {"name": object()}}}, "about, key case.name: found an object; needed text or a number."),
    ],
)  # fmt: skip
def test_what_is_no_frame_is_refused(change, said):
    about, frames = smallest()
    with pytest.raises(pot.InputError) as error:
        pot.case_from_frames(**({"about": about, **frames} | change))
    assert str(error.value) == said


def test_pandas_without_pyarrow_is_read_too(monkeypatch):
    about, frames = smallest()
    assert len(frames["plants"]) == 2
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert len(pot.case_from_frames(about, **frames).industry.plants) == 2


def test_a_changed_case_is_in_no_file():
    case = pot.load("china-aluminium-2015").override("price_cny_per_t=14000")
    with pytest.raises(pot.InputError) as error:
        pot.case_frames(case)
    assert "found changes that no file holds (" in str(error.value)
