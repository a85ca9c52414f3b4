"""Months without a customs number are gaps in the figure of imports and blank in its table, never 0."""

from __future__ import annotations

import math

import pytest
from tests.agreement.tiny import tiny

from potline.evidence.input_imports import InputImports, InputMonth
from potline.industry import Industry, LinearDemand
from potline.report.figures.input_market import imports_figure
from potline.report.table import csv_text, table_json
from potline.report.tables.chain import imports_table


def month(name: str, customs_kt: float) -> InputMonth:
    known = math.isfinite(customs_kt)
    return InputMonth(
        month=name, fob_month=name, fob_usd_per_t=300.0, fob_low=300.0, fob_high=300.0, fob_standing="observed",
        parity_with_vat_per_t=100.0, price_per_t=90.0, price_with_vat_per_t=90.0, product_output_kt=50.0,
        output_from=name, input_capacity_kt=90.0, capacity_from=name, imports_kt=5.0, imports_low=5.0,
        imports_high=5.0, customs_kt=customs_kt, customs_low=customs_kt, customs_high=customs_kt, scored=known,
    )  # fmt: skip


@pytest.fixture(scope="module")
def imports() -> InputImports:
    months = (month("2012-11", 7.0), month("2012-12", math.nan), month("2013-01", 0.0))
    return InputImports(case=tiny(), first="2012-11", last="2013-01", lag_given=True, lag_months=2, months=months)


def test_a_month_without_a_customs_number_is_a_gap_and_a_month_of_0_is_none(imports: InputImports) -> None:
    drawn = imports_figure(imports, product="alumina", source="test").chart_spec
    layers = [(layer["mark"]["type"], layer["data"]["values"]) for layer in drawn["layer"]]
    assert [rows for mark, rows in layers if mark == "rect"] == [
        [{"x": "2012-12-01T00:00:00", "end": "2013-01-01T00:00:00", "name": "customs not known"}]
    ]
    assert [rows for mark, rows in layers if mark == "bar"] == [
        [
            {"x": "2012-11-15T00:00:00", "y": 7.0, "name": "customs"},
            {"x": "2013-01-15T00:00:00", "y": 0.0, "name": "customs"},
        ]
    ]


def test_a_month_without_a_customs_number_is_blank_in_the_table(imports: InputImports) -> None:
    industry = Industry(
        name="one", currency="EUR", plants=(), demand=LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=1.0)
    )
    table = imports_table(imports, industry)
    place = [column.name for column in table.columns].index("customs_kt_per_month")
    assert [row[place] for row in table_json(table)["rows"]] == [7.0, None, 0.0]
    assert [line.split(",")[place] for line in csv_text(table).splitlines()[1:]] == ["7", "", "0"]
