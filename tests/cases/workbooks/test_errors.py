"""Every mistake in a workbook is told by sheet and cell, all at once, in the words of a workbook."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cases.workbooks.books import Cells, cells_of, changed, write

from potline.cases import check, load, new
from potline.errors import InputError

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a number out of bounds": (
        {"plants!D4": -5},
        ["sheet plants, cell D4, column capacity_kt: found -5 for plant 'Beta North'; needed 0 or more. "
         "If the plant closed, set `capacity_kt` to 0."],
    ),
    "an unknown firm": (
        {"plants!B6": "Gama"},
        ["sheet plants, cell B6, column firm: found unknown firm 'Gama'; needed a firm of sheet firms. "
         "Did you mean 'Gamma'?"],
    ),
    "thousands in a text": (
        {"plants!D3": "1,234"},
        ["sheet plants, cell D3, column capacity_kt: found '1,234' for plant 'North 2'; needed a number without "
         "commas. Write `1234`; a decimal sign is a point."],
    ),
    "a date for a number": (
        {"plants!D2": datetime.date(2013, 4, 1)},
        ["sheet plants, cell D2, column capacity_kt: found '2013-04-01' for plant 'North 1'; needed a number, "
         "`low..high` or `central in low..high`."],
    ),
    "a number of the industry": (
        {"numbers!B2": "abc", "numbers!E3": "nosuch"},
        ["sheet numbers, cell B2, key numbers.price_eur_per_t.value: found 'abc'; needed a number, `low..high` or "
         "`central in low..high`.",
         "sheet numbers, cell E3, key numbers.discount_rate.source: found 'nosuch'; needed an id of sheet sources. "
         "Sources: example."],
    ),
    "a key misspelt": (
        {"case!B7": "producct"},
        ["sheet case, key case.product: found nothing; needed the product.",
         "sheet case, cell C7, key case.producct: found an unknown key; needed a known key. Did you mean 'product'?"],
    ),
    "a key twice": (
        {"case!B7": "currency"},
        ["sheet case, key case.product: found nothing; needed the product.",
         "sheet case, row 7: found case, currency again (first in row 6); needed each once. Delete one."],
    ),
    "a column that says nothing of its unit": (
        {"columns!B2": "capacity_ktt"},
        ["sheet columns, key columns.plants.capacity_kt.source: found nothing; needed a source of column capacity_kt, "
         "here or in each row of sheet plants.",
         "sheet columns, key columns.plants.capacity_kt.standing: found nothing; needed a standing of column "
         "capacity_kt, here or in each row of sheet plants.",
         "sheet columns, cell B2, key columns.plants.capacity_ktt: found a column that is not there; needed a column "
         "of sheet plants. Did you mean 'capacity_kt'?"],
    ),
    "a factor": (
        {"factors!D4": "x"},
        ["sheet factors, cell D4, key factors[3].range: found 'x'; needed a number, `low..high` or "
         "`central in low..high`."],
    ),
    "a cell under no heading": (
        {"plants!AM2": "what", "numbers!J1": "mine"},
        ["sheet numbers, cell J1: found the heading 'mine'; needed once each of: number, value, unit, vat, source, "
         "standing, quote, note. Write notes into `note`, or on a sheet of your own.",
         "sheet plants, cell AM2: found 'what' under no heading; needed a heading in row 1 above every cell. "
         "Name the column, or delete the cell."],
    ),
    "a sheet misspelt": (
        {"windows!A1": "path"},
        ["sheet windows: found an unknown sheet; needed the name of a sheet of a case, or one unlike any. "
         "Did you mean 'window'?"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Cells:
    place = tmp_path_factory.mktemp("sound") / "starter.xlsx"
    new(place)
    return cells_of(place)


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_by_its_cell(name: str, sound: Cells, tmp_path: Path) -> None:
    edits, expected = CASES[name]
    sheets = {key: rows for key, rows in sound.items() if key != "window" or name != "a sheet misspelt"}
    file = write(tmp_path / "x.xlsx", changed(sheets, edits))
    assert [str(problem) for problem in check(file)] == expected
    with pytest.raises(InputError) as caught:
        load(file)
    assert str(caught.value) == "\n".join(expected)


def test_many_of_a_kind_are_counted(sound: Cells, tmp_path: Path) -> None:
    edits = {f"plants!B{row}": f"F{row}" for row in range(2, 8)}
    found = [str(problem) for problem in check(write(tmp_path / "x.xlsx", changed(sound, edits)))]
    assert (
        found[-1]
        == "sheet plants, cells B5 to B7, column firm: found 3 more of this kind; needed a firm of sheet firms."
    )


@pytest.mark.parametrize(("gone", "said"), [
    ("firms", "sheet firms: found no such sheet; needed this sheet."),
    ("case", "sheet case, key case: found nothing; needed a row of block `case` in sheet case. "
             "Compare with `potline new FOLDER`."),
])  # fmt: skip
def test_a_sheet_that_is_not_there(gone: str, said: str, sound: Cells, tmp_path: Path) -> None:
    file = write(tmp_path / "x.xlsx", {name: rows for name, rows in sound.items() if name != gone})
    assert said in [str(problem) for problem in check(file)]


def test_habits_of_spreadsheets_are_understood(sound: Cells, tmp_path: Path) -> None:
    """A month made a day, numbers stored as text, yes as TRUE, blank rows and columns, capitals in a tab's name."""
    edits: dict[str, Any] = {
        "case!C5": datetime.date(2020, 1, 1), "plants!D2": " 300 ", "policies!I2": True, "plants!A20": "   ",
        "numbers!B3": "0.1", "projects!A2": "", "sources!F1": "",
    }  # fmt: skip
    at = sound["policies"][0].index("in_force")
    edits["policies!" + chr(65 + at) + "2"] = edits.pop("policies!I2")
    sheets = {name.title() if name == "plants" else name: rows for name, rows in changed(sound, edits).items()}
    new(tmp_path / "case")
    found, folder = load(write(tmp_path / "x.xlsx", sheets)), load(tmp_path / "case")
    assert found.industry.plants == folder.industry.plants
    assert (found.date, found.industry.policies) == ("2020-01", folder.industry.policies)


def percent(book: Any, sheet: Any, name: str) -> None:
    if name == "case":
        sheet.write_number("C8", 0.2, book.add_format({"num_format": "0%"}))


def test_a_cell_in_per_cent_is_a_share(sound: Cells, tmp_path: Path) -> None:
    assert load(write(tmp_path / "x.xlsx", sound, percent)).industry.vat_rate == 0.2


FORMULA = "Open the workbook in a spreadsheet program and save it, or write the value."
TWEAKS: dict[str, tuple[Any, str]] = {
    "merged headings": (
        lambda sheet: sheet.merge_range("A1:B1", "plant"),
        "sheet plants, cells A1 to B1: found merged headings; needed one heading a column, in row 1. Unmerge them.",
    ),
    "merged cells": (
        lambda sheet: sheet.merge_range("C2:C3", "Northland"),
        "sheet plants, cells C2 to C3: found merged cells; needed a value in each cell. "
        "Unmerge them and write the value into each.",
    ),
    "a hidden sheet": (
        lambda sheet: sheet.hide(),
        "sheet plants: found a hidden sheet; needed sheets that a reader sees. Unhide it, or give it another name.",
    ),
    "a formula that nobody computed": (
        lambda sheet: sheet.write_formula("D4", "=100+100"),
        "sheet plants, cell D4: found a formula without its value; needed a formula that was computed, or a value. "
        + FORMULA,
    ),
    "an error": (
        lambda sheet: sheet.write_formula("D4", "=NA()", None, "#N/A"),
        "sheet plants, cell D4: found the error #N/A; needed a value. Mend its formula, or write the value.",
    ),
    "a cell far out": (
        lambda sheet: sheet.write_number("XFD1048576", 1),
        "sheet plants: found cells as far as XFD1048576; needed at most 200,000 rows, 400 columns and "
        "10,000,000 cells. Delete what stands far out.",
    ),
}


@pytest.mark.parametrize("name", TWEAKS)
def test_what_a_spreadsheet_allows_and_a_table_does_not(name: str, sound: Cells, tmp_path: Path) -> None:
    tweak, expected = TWEAKS[name]
    file = write(tmp_path / "x.xlsx", sound, lambda _, sheet, title: tweak(sheet) if title == "plants" else None)
    found = [str(problem) for problem in check(file)]
    assert expected in found
    assert not any("no such sheet" in text for text in found)


def test_a_workbook_of_something_else_is_no_case(tmp_path: Path) -> None:
    file = write(tmp_path / "x.xlsx", {"Sheet1": [["plant", "capacity"], ["A", 5]]})
    assert [str(problem) for problem in check(file)] == [
        f"{file}: found a workbook without the sheets of a case; needed sheets case, numbers, plants, firms, sources. "
        "Write one to begin with by `potline new --xlsx FILE`."
    ]
