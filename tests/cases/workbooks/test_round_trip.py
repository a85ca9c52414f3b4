"""Folder to workbook to folder to workbook: the same case, the same bytes the second time, nothing lost."""

from __future__ import annotations

import csv
import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from tests.cases.workbooks.books import cells_of, changed, parts_of, write

from potline.cases import Case, check, load, new, shipped
from potline.cases.workbooks.comments import comments_of
from potline.errors import InputError
from potline.text import first_control, neutralised

AWKWARD = [
    "=1+1", "@SUM(A1)", "-2+3", "+x", "'quoted", "'=x", "007", "1e5", "1.50", "2013-04", "2013-04-01", "12%", "1,234",
    "TRUE", "yes", "#N/A", "抚顺铝厂", "a\nb", "_x0041_", "http://example.org", "<b>&amp;", "nan", "inf", "0.1", "-0.0",
    "1 in 0..2", "3..4", "12345678901234567890", "{=1}", "x" * 3000, '"', "a,b;c",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers().map(str),
).filter(lambda text: first_control(text)[1] == "")
NUMBERS = st.floats(min_value=1e-6, max_value=1e6).map(repr)
RANGES = st.tuples(NUMBERS, NUMBERS, NUMBERS).map(lambda ends: sorted(ends, key=float)).map(
    lambda ends: f"{ends[1]} in {ends[0]}..{ends[2]}" if ends[0] != ends[2] else ends[0]
)  # fmt: skip


def same(first: Case, second: Case) -> None:
    """Say that two cases are the same but for where they stand."""
    for item in dataclasses.fields(first):
        one, other = getattr(first, item.name), getattr(second, item.name)
        if item.name == "claims":
            one, other = (tuple(dataclasses.replace(claim, where="") for claim in claims) for claims in (one, other))
        if item.name not in ("digest", "folder", "files"):
            assert one == other, item.name


def round_trip(case: Case, place: Path) -> Case:
    """Go from a case to a workbook, a folder, a workbook and a folder."""
    case.save(place / "1.xlsx")
    first = load(place / "1.xlsx")
    first.save(place / "2")
    second = load(place / "2")
    second.save(place / "3.xlsx")
    third = load(place / "3.xlsx")
    third.save(place / "4")
    same(case, first)
    same(first, second)
    assert (place / "1.xlsx").read_bytes() == (place / "3.xlsx").read_bytes()
    assert files(place / "2") == files(place / "4")
    assert first.digest == second.digest == third.digest
    return third


def files(folder: Path) -> dict[str, bytes]:
    return {str(item.relative_to(folder)): item.read_bytes() for item in sorted(folder.rglob("*")) if item.is_file()}


@pytest.mark.parametrize("name", ["starter", *shipped()])
def test_every_shipped_case_is_the_same_as_a_workbook(name: str, tmp_path: Path) -> None:
    if name == "starter":
        new(tmp_path / name)
    case = load(tmp_path / name if name == "starter" else name)
    round_trip(case, tmp_path)
    case.save(tmp_path / "as-read")
    again = load(tmp_path / "as-read")
    assert (again.digest, again) == (case.digest, dataclasses.replace(case, folder=again.folder))


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books") / "case"
    new(folder)
    return folder


@settings(max_examples=40, deadline=None)
@given(
    own=st.lists(TEXTS, min_size=6, max_size=6), notes=st.lists(TEXTS, min_size=6, max_size=6),
    costs=st.lists(st.one_of(NUMBERS, RANGES), min_size=6, max_size=6), title=TEXTS, sheet=st.lists(TEXTS, max_size=6),
)  # fmt: skip
def test_nothing_is_lost_in_a_round_trip(
    starter: Path, own: list[str], notes: list[str], costs: list[str], title: str, sheet: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        load(starter).save(folder)
        with (folder / "plants.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        at = {name: rows[0].index(name) for name in ("other_cost_eur_per_t", "note")}
        rows[0].append("mein Schlüssel 号")
        for row, text, note, cost in zip(rows[1:], own, notes, costs, strict=True):
            row.append(neutralised(text))
            row[at["note"]], row[at["other_cost_eur_per_t"]] = neutralised(note), cost
        write_csv(folder / "plants.csv", rows)
        (folder / "sheets").mkdir()
        write_csv(
            folder / "sheets" / "my notes.csv", [["about", neutralised(title)], [], [neutralised(t) for t in sheet]]
        )
        case = load(folder)
        found = round_trip(case, Path(place))
        assert found.extra_columns[-1].cells == tuple(" ".join([text.strip()]) for text in own)
        for plant, cost in zip(found.industry.plants, costs, strict=True):
            if " in " not in cost:
                assert plant.other_cost_per_t == float(cost)


def write_csv(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def test_comments_of_a_case_stand_at_the_same_keys_again(tmp_path: Path, starter: Path) -> None:
    load(starter).save(tmp_path / "1.xlsx")
    load(tmp_path / "1.xlsx").save(tmp_path / "again")
    before, after = (
        {(block, key): (above, beside) for block, key, above, beside in comments_of(text)}
        for text in ((folder / "case.toml").read_text(encoding="utf-8") for folder in (starter, tmp_path / "again"))
    )
    gone = {path: said for path, said in before.items() if after.get(path) != said}
    assert len(before) > 100
    assert {block for block, _ in gone} == {
        "columns.plants", "columns.governments", "columns.suppliers", "noise", "numbers.price_eur_per_t",
    }  # fmt: skip
    told = [line for both in after.values() for text in both for line in text.splitlines()]
    assert all(line in told for both in gone.values() for text in both for line in text.splitlines())
    rows = cells_of(tmp_path / "1.xlsx")["comments"]
    assert rows[0] == ["block", "key", "above", "beside"]
    assert ["case", "name", "", "short name, used in the names of results"] in rows


def test_columns_and_sheets_of_ones_own_are_kept(tmp_path: Path) -> None:
    new(tmp_path / "1.xlsx")
    cells = changed(cells_of(tmp_path / "1.xlsx"), {"plants!AK1": "my id"})
    for row in range(2, 8):
        cells = changed(cells, {f"plants!AK{row}": f"00{row}"})
    cells["Notes & <5%"] = [["a", 1.5, ""], [], ["", "=SUM(A1)", True]]
    case = load(write(tmp_path / "2.xlsx", cells))
    assert [(item.column, item.cells[0]) for item in case.extra_columns] == [("my id", "002")]
    case.save(tmp_path / "3.xlsx")
    case.save(tmp_path / "folder")
    assert (tmp_path / "folder" / "sheets" / "Notes & %3C5%25.csv").read_text(encoding="utf-8") == (
        "a,1.5,\n\n,'=SUM(A1),yes\n"
    )
    load(tmp_path / "folder").save(tmp_path / "4.xlsx")
    for name in ("3.xlsx", "4.xlsx"):
        rows = CalamineWorkbook.from_path(str(tmp_path / name)).get_sheet_by_name("Notes & <5%").to_python()
        assert [cell for row in rows for cell in row if cell != ""] == ["a", 1.5, "=SUM(A1)", "yes"]
        assert "<f>" not in str(cells_of(tmp_path / name))


def test_a_changed_case_and_one_made_in_python_are_not_saved(tmp_path: Path, starter: Path) -> None:
    case = load(starter)
    with pytest.raises(InputError) as caught:
        case.override("price_eur_per_t=1800").save(tmp_path / "x.xlsx")
    assert str(caught.value) == (
        "case 'case': found changes that no file holds (industry, factors, changes; price_eur_per_t=1800); needed a "
        "case as it was read. Save it before it is changed, and change the files; or give the changes after --set."
    )
    with pytest.raises(InputError) as caught:
        dataclasses.replace(case, files=None).save(tmp_path / "x.xlsx")
    assert str(caught.value) == (
        "case 'case': found a case made in Python, without files; needed a case that was read from a folder, a "
        "workbook or frames."
    )
    case.save(tmp_path / "there.xlsx")
    before = (tmp_path / "there.xlsx").read_bytes()
    for place, found, needed in (
        ("there.xlsx", "a file that is there already", "the name of a new file"),
        ("x.xlsm", "the name of another kind of file", "a name that ends in .xlsx, or that of a folder"),
        ("case", "a folder that is not empty", "a new or an empty folder"),
    ):
        at = starter if place == "case" else tmp_path / place
        with pytest.raises(InputError, match=f"found {found}; needed {needed}"):
            case.save(at)
    assert (tmp_path / "there.xlsx").read_bytes() == before
    assert not (tmp_path / "x.xlsx").exists()


def test_a_text_that_no_cell_holds_is_refused(tmp_path: Path, starter: Path) -> None:
    load(starter).save(tmp_path / "long")
    file = tmp_path / "long" / "plants.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("30 kt/year stand idle", "x" * 40_000), encoding="utf-8")
    assert check(tmp_path / "long") == ()
    with pytest.raises(InputError) as caught:
        load(tmp_path / "long").save(tmp_path / "x.xlsx")
    assert str(caught.value) == (
        "sheet plants, cell N3: found a text of 40,019 characters; needed at most 32,767, which is what a cell of a "
        "workbook holds. Shorten it, or save as a folder."
    )


def test_a_template_offers_every_column_and_runs_as_it_is(tmp_path: Path) -> None:
    new(tmp_path / "Henan 2013.xlsx")
    case = load(tmp_path / "Henan 2013.xlsx")
    assert case.name == "Henan-2013"
    heads = {name: rows[0] for name, rows in cells_of(tmp_path / "Henan 2013.xlsx").items()}
    assert {"freight_eur_per_t", "line_kt", "note"} <= set(heads["plants"])
    assert {"ore", "chain_routes", "projects", "series", "window", "about_series"} <= heads.keys()
    parts = parts_of((tmp_path / "Henan 2013.xlsx").read_bytes())
    text: Any = b"".join(part for name, part in parts.items() if "worksheets/sheet" in name).decode()
    assert '<formula1>"high,med,low"</formula1>' in text
    assert "<formula1>firms!$A$2:$A$1006</formula1>" in text
    notes = b"".join(part for name, part in parts.items() if "comments" in name).decode()
    assert "labour, maintenance and other cash cost\nunit: EUR/t\nmay hold: a number, 12..15, or 13 in 12..15" in notes
    assert "2000-01-01" in parts["docProps/core.xml"].decode()
