from __future__ import annotations

import io
import math
import zipfile
from dataclasses import replace

from python_calamine import CalamineWorkbook

from potline.report.table import Column, Curve, Table
from potline.report.workbook import Asked, workbook_bytes

PLANTS = Table(
    name="plants",
    title="Plants.",
    note="All of them.",
    columns=(
        Column(name="plant"),
        Column(name="capacity_kt", label="Capacity", unit="kt/year"),
        Column(name="share", digits=3),
        Column(name="cost", label="Capacity", unit="kt/year"),
    ),
    rows=(("抚顺", 190.25, 0.5, 7.0), ("none", math.nan, math.inf, 9.0)),
    curve=Curve(width="capacity_kt", height="cost", level=8.0),
)
OTHERS = Table(name="others", title="Others.", columns=(Column(name="a"),), rows=((1.0,), (True,), (None,)))
EMPTY = Table(name="empty", title="Nothing.", columns=(Column(name="a"),), rows=())
ASKED = (
    Asked(name="costs", about="who loses money?", tables=(PLANTS, EMPTY)),
    Asked(name="a_name_that_is_longer_than_a_sheet_may_have", about="long", tables=(OTHERS, replace(OTHERS, name="b"))),
    Asked(name="a_name_that_is_longer_than_a_sheet_may_be_called", about="long too", tables=(OTHERS,)),
    Asked(name="nothing", about="what is empty", tables=(EMPTY,)),
)


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_sheet_a_question_with_numbers_as_numbers() -> None:
    found = sheets(workbook_bytes(ASKED, title="Title"))
    assert list(found) == [
        "contents", "cost curve", "costs", "a name that is longer than a sh", "a name that is longer than a 2",
    ]  # fmt: skip
    costs = found["costs"]
    assert costs[0][0] == "Who loses money?"
    assert [row[0] for row in costs[1:4]] == ["Back to contents", "Plants.", "All of them."]
    assert costs[4:] == [
        ["plant", "Capacity, kt/year (capacity_kt)", "share", "Capacity, kt/year (cost)"],
        ["抚顺", 190.25, 0.5, 7.0],
        ["none", "", "inf", 9.0],
    ]
    two = found["a name that is longer than a sh"]
    assert [row[0] for row in two] == [
        "Long", "Back to contents", "Others.", "", "a", 1.0, "yes", "", "", "", "Others.", "", "a", 1.0, "yes",
    ]  # fmt: skip


def test_contents_say_what_stands_where_and_lead_there() -> None:
    data = workbook_bytes(ASKED, title="Title")
    rows = sheets(data)["contents"]
    assert rows[0][0] == "Title"
    assert rows[4:9] == [
        ["Sheet", "What it holds", "Rows"],
        ["cost curve", "Chart: Plants.", ""],
        ["costs", "Who loses money?", ""],
        ["    plants", "Plants. All of them.", 2.0],
        ["a name that is longer than a sh", "Long", ""],
    ]
    sheet = parts(data)["xl/worksheets/sheet1.xml"]
    assert "location=\"'costs'!A3\"" in sheet
    assert "location=\"'a name that is longer than a sh'!A11\"" in sheet


def test_the_header_is_frozen_each_table_has_its_filter_and_the_curve_its_chart() -> None:
    found = parts(workbook_bytes(ASKED, title="Title"))
    assert '<pane xSplit="1" ySplit="5" topLeftCell="B6" activePane="bottomRight" state="frozen"/>' in found[
        "xl/worksheets/sheet3.xml"
    ]  # fmt: skip
    tables = [text for name, text in found.items() if name.startswith("xl/tables/")]
    assert len(tables) == 4
    assert all("<autoFilter ref=" in text for text in tables)
    assert "2000-01-01" in found["docProps/core.xml"]
    chart = found["xl/charts/chart1.xml"]
    assert "<c:scatterChart>" in chart
    assert "'cost curve'!$V$5:$V$6" in chart.replace("&apos;", "'")
    points = sheets(workbook_bytes(ASKED, title="Title"))["cost curve"][3:]
    assert [row[20:] for row in points] == [
        ["Capacity, kt/year, added up", "Capacity, kt/year", "Price"], [0.0, 7.0, 8.0], [190.25, 7.0, 8.0],
    ]  # fmt: skip


def test_what_changed_has_a_sheet_of_its_own() -> None:
    changed = Table(name="changed_since", title="Changed.", columns=(Column(name="now", digits=-1),), rows=((2.0,),))
    found = sheets(workbook_bytes(ASKED, title="Title", changed=changed))
    assert list(found)[:3] == ["contents", "cost curve", "changed since"]
    assert found["changed since"][-1] == [2.0]


def test_the_same_tables_give_the_same_bytes() -> None:
    assert workbook_bytes(ASKED, title="Title") == workbook_bytes(ASKED, title="Title")


def test_text_is_text_and_a_long_one_is_kept_as_far_as_a_cell_goes() -> None:
    cells = ["=HYPERLINK(1)", "@SUM(A1)", "-2+3", "<b>", "{=1}", "http://example.org", "x" * 40_000]
    table = Table(name="t", title="=T", columns=(Column(name="=a"),), rows=tuple((cell,) for cell in cells))
    data = workbook_bytes([Asked(name="=q", about="=about", tables=(table,))], title="=1+\x02")
    rows = sheets(data)["=q"]
    assert [row[0] for row in rows[4:]] == ["=a", *cells[:-1], "x" * 32_767]
    assert not any("<f>" in text for name, text in parts(data).items() if name.startswith("xl/worksheets/sheet"))
