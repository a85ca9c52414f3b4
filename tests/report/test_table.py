from __future__ import annotations

import ast
import csv
import io
import json
import math
import pathlib

import pytest

from potline.report.table import Column, Table, csv_text, table_json
from potline.text import restored

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src" / "potline"

SMALL = Table(
    name="plants",
    title="Plants.",
    columns=(Column(name="plant"), Column(name="capacity_kt", label="Capacity", unit="kt/year"), Column(name="held")),
    rows=(("抚顺, Fushun", 190.123456789012, True), ("none", math.nan, False), ("no limit", math.inf, None)),
)


def test_csv_has_a_byte_order_mark_and_reads_back() -> None:
    text = csv_text(SMALL)
    assert text.startswith("\ufeff")
    assert "\r" not in text
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows == [
        ["plant", "capacity_kt", "held"],
        ["抚顺, Fushun", "190.1234568", "yes"],
        ["none", "", "no"],
        ["no limit", "inf", ""],
    ]


def test_json_holds_no_number_that_json_has_not() -> None:
    text = json.dumps(table_json(SMALL), allow_nan=False)
    assert json.loads(text)["rows"][1][1] is None
    assert SMALL.columns[1].heading == "Capacity, kt/year"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="table 'odd': a row of 1 cells under 2 columns"):
        Table(name="odd", title="", columns=(Column(name="a"), Column(name="b")), rows=((1.0,),))


def test_columns_can_be_picked() -> None:
    picked = SMALL.picked(["held", "plant"], rows=1)
    assert [column.name for column in picked.columns] == ["held", "plant"]
    assert picked.rows == ((True, "抚顺, Fushun"),)


FORMULAS = ["=HYPERLINK(1)", "+1-cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\tTab", "＝1+1", " =1", "'=1", "-"]
PLAIN = ["-5", "+1.5e3", "-3..2", "3 in -1..4", "North 1", "'t Zand", "抚顺", "12..15", ""]


def test_no_cell_of_a_csv_file_is_a_formula_and_each_reads_back() -> None:
    table = Table(name="t", title="T", columns=(Column(name="a"),), rows=tuple((text,) for text in FORMULAS + PLAIN))
    cells = [row[0] for row in list(csv.reader(io.StringIO(csv_text(table).removeprefix("\ufeff"))))[1:] if row]
    assert cells == [f"'{text}" for text in FORMULAS] + PLAIN[:-1] + [""]
    assert [restored(text) for text in cells] == FORMULAS + PLAIN
    assert csv_text(Table(name="t", title="T", columns=(Column(name="a"),), rows=((-5.25,),))).endswith("\n-5.25\n")


def test_a_table_holds_no_control_characters() -> None:
    dirty = "a\x00b\x1b[31m\x9b\u202ec"
    table = Table(name="t", title=dirty, columns=(Column(name="a"),), rows=((dirty,), (1.0,)), note=dirty)
    assert (table.title, table.note, table.rows) == ("abc", "abc", (("abc",), (1.0,)))


def test_every_table_is_made_of_columns_that_read_their_row() -> None:
    """No list of names beside a list of values: only report/table.py makes a Column or a Table itself."""
    made: list[str] = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_table = {
            name.name
            for item in ast.walk(tree)
            if isinstance(item, ast.ImportFrom) and item.module == "potline.report.table"
            for name in item.names
        }
        calls = (
            item.func.id for item in ast.walk(tree) if isinstance(item, ast.Call) and isinstance(item.func, ast.Name)
        )
        made += [f"{path.name}: {name}" for name in calls if name in of_table & {"Column", "Table"}]
    assert not made
