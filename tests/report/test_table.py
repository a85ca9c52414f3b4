from __future__ import annotations

import csv
import io
import json
import math

import pytest

from potline.report.table import Column, Table, csv_text, table_json

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
