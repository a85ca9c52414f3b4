from __future__ import annotations

import io
import math
import zipfile

from python_calamine import CalamineWorkbook

from potline.report.table import Column, Table
from potline.report.workbook import workbook_bytes

TABLES = (
    Table(
        name="plants",
        title="Plants.",
        columns=(Column(name="plant"), Column(name="capacity_kt"), Column(name="share", digits=3)),
        rows=(("抚顺", 190.25, 0.5), ("none", math.nan, math.inf)),
    ),
    Table(name="a name that is longer than a sheet may have", title="", columns=(Column(name="a"),), rows=((1.0,),)),
    Table(name="a name that is longer than a sheet may be called", title="", columns=(Column(name="a"),), rows=()),
)


def test_numbers_are_numbers_and_the_header_is_frozen() -> None:
    data = workbook_bytes(TABLES, title="Title")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names[:2] == ["contents", "plants"]
    assert len(set(book.sheet_names)) == 4
    rows = book.get_sheet_by_name("plants").to_python()
    assert rows[:2] == [["plant", "capacity_kt", "share"], ["抚顺", 190.25, 0.5]]
    assert rows[2] == ["none", "", "inf"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
        properties = archive.read("docProps/core.xml").decode()
    assert 'state="frozen"' in sheet
    assert "2000-01-01" in properties


def test_the_same_tables_give_the_same_bytes() -> None:
    assert workbook_bytes(TABLES, title="Title") == workbook_bytes(TABLES, title="Title")


def test_text_is_text_and_a_long_one_is_kept_as_far_as_a_cell_goes() -> None:
    cells = ["=HYPERLINK(1)", "@SUM(A1)", "-2+3", "<b>", "{=1}", "http://example.org", "x" * 40_000]
    table = Table(name="t", title="T", columns=(Column(name="a"),), rows=tuple((cell,) for cell in cells))
    data = workbook_bytes([table], title="=1+\x02")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("t").to_python()
    assert [row[0] for row in rows[1:]] == [*cells[:-1], "x" * 32_767]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in sheet for sheet in sheets)
