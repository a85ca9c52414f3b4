"""Files that are no tables, too large, of another encoding or hostile: a typed error at once, equal ones counted."""

from __future__ import annotations

import csv
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from potline.cases import check, load, upgrade
from potline.cases import files as tables
from potline.cases.documents import LONGEST
from potline.cases.files import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from potline.cases.tables import TABLES
from potline.errors import InputError

CASES = Path(tables.__file__).parent
SAVED = "needed UTF-8. Save as CSV UTF-8."


def texts(folder: Path) -> list[str]:
    return [str(problem) for problem in check(folder)]


def put(folder: Path, file: str, data: bytes) -> list[str]:
    (folder / file).unlink()
    (folder / file).write_bytes(data)
    return texts(folder)


def replaced(folder: Path, file: str, old: str, new: str) -> list[str]:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return texts(folder)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("folder", "a folder"),
        ("fifo", "a pipe, a device or a link to nothing"),
        ("device", "a pipe, a device or a link to nothing"),
        ("dangling", "a pipe, a device or a link to nothing"),
        ("link to a folder", "a folder"),
    ],
)
@pytest.mark.parametrize("file", ["plants.csv", "case.toml"])
def test_what_is_no_file_is_said_so(starter: Path, file: str, kind: str, found: str) -> None:
    path = starter / file
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        targets = {"device": "/dev/zero", "dangling": "/nowhere/at/all", "link to a folder": str(starter)}
        path.symlink_to(targets[kind])
    assert texts(starter) == [f"{file}: found {found}; needed a file."]


def test_a_link_to_a_table_is_read(starter: Path, tmp_path: Path) -> None:
    (starter / "plants.csv").rename(tmp_path / "elsewhere.csv")
    (starter / "plants.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert texts(starter) == []


def test_a_file_nobody_may_read_is_said_so(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refused(path: str, *arguments: int) -> int:
        if Path(path).name == "firms.csv":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", refused)
    assert texts(starter) == ["firms.csv: found permission denied; needed a file that can be read."]


WAITS = "a file that waits for somebody to write to it"


@pytest.mark.skipif(not os.access("/proc/kmsg", os.R_OK), reason="nobody may read /proc/kmsg here")
@pytest.mark.parametrize("file", ["plants.csv", "case.toml"])
def test_a_device_that_calls_itself_a_file_is_not_waited_for(starter: Path, file: str) -> None:
    (starter / file).unlink()
    (starter / file).symlink_to("/proc/kmsg")  # empty, or what the kernel has logged meanwhile, which is no table
    assert texts(starter)[0].startswith((f"{file}: found ", f"{file} row ", f"{file} line "))


@pytest.mark.parametrize(("ask", "file"), [(texts, "plants.csv"), (texts, "case.toml"), (upgrade, "case.toml")])
def test_a_file_that_waits_is_refused_at_once(
    starter: Path, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Path], object], file: str
) -> None:
    """A pipe that turns up after it was asked whether it is a file stands for a device that calls itself one."""
    path = starter / file
    path.unlink()
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    monkeypatch.setattr(Path, "is_file", Path.exists)
    try:
        if ask is texts:
            assert texts(starter)[0] == f"{file}: found {WAITS}; needed a file."
        else:
            with pytest.raises(InputError, match=WAITS):
                ask(starter)
    finally:
        os.close(writer)


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_no_folder(name: str) -> None:
    (problem,) = check(name)
    assert str(problem).startswith(
        "case: found nothing; needed a case folder, a workbook (.xlsx) or a shipped case. Shipped cases: "
    )
    assert str(problem).endswith(" The folder you are in is `.`.")


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_name_that_no_folder_has_is_a_typed_error(name: str) -> None:
    with pytest.raises(InputError, match=r"needed a case folder, a workbook .* or a shipped case"):
        load(name)


LIMITS = {
    "newlines": (b"\n" * (MOST_BYTES[".csv"] + 1), "plants.csv: found a larger file; needed at most 64 MB."),
    "blank rows": (
        b"plant,firm,capacity_kt\n" + b"\n" * MOST_ROWS,
        "plants.csv row 200001: found more rows; needed at most 200,000 rows. Split it, or add small ones up.",
    ),
    "rows": (
        b"plant,firm,capacity_kt\n" + b"A,A,1\n" * MOST_ROWS,
        "plants.csv row 200001: found more rows; needed at most 200,000 rows. Split it, or add small ones up.",
    ),
    "columns": (
        b"plant," + b"a," * MOST_COLUMNS + b"z\n1\n",
        f"plants.csv row 1: found {MOST_COLUMNS + 2} cells; needed at most {MOST_COLUMNS}.",
    ),
    "cells of a row": (
        b"plant,firm\nA,B\n" + b"a," * 400_000 + b"\n",
        "plants.csv row 3: found 400,001 cells; needed at most 400.",
    ),
    "a line": (
        b"," * 2_000_000,
        "plants.csv row 1: found a row that cannot be read (a line of 2,000,000 characters); "
        'needed cells separated by commas, with quotes in pairs, as in "a, b".',
    ),
    "a cell": (
        b"plant,firm\n" + b'"' + b"a" * 200_000 + b'",b\n',
        "plants.csv row 2: found a row that cannot be read (field larger than field limit (131072)); "
        'needed cells separated by commas, with quotes in pairs, as in "a, b".',
    ),
    "NUL": (b"plant\0\n", "plants.csv: found a file with NUL bytes; needed a text file in UTF-8. Save as CSV UTF-8."),
    "Latin-1": (
        "plant,firm\nMüller é,Gießen,Norf\n".encode("latin-1"),
        f"plants.csv: found a file that is not UTF-8 (it reads as Latin-1 or Windows-1252); {SAVED}",
    ),
    "Latin-1 with one letter": (
        "plant,firm\nNorf,Gießen AG\n".encode("latin-1"),
        f"plants.csv: found a file that is not UTF-8 (it reads as Latin-1 or Windows-1252); {SAVED}",
    ),
    "GB18030": (
        "plant,firm\n抚顺铝厂,中国铝业\n".encode("gb18030"),
        f"plants.csv: found a file that is not UTF-8 (it reads as GB18030); {SAVED}",
    ),
    "random bytes": (
        bytes(range(128, 256)),
        f"plants.csv: found a file that is not UTF-8 (it reads as another encoding); {SAVED}",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_table_beyond_a_limit_is_one_typed_error(starter: Path, name: str) -> None:
    data, expected = LIMITS[name]
    assert put(starter, "plants.csv", data) == [expected]


def test_a_file_that_is_too_large_is_not_read_to_its_end(starter: Path) -> None:
    (starter / "plants.csv").unlink()
    with (starter / "plants.csv").open("wb") as file:
        file.truncate(10**12)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert texts(starter) == ["plants.csv: found a larger file; needed at most 64 MB."]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_rows_beyond_the_limit_are_not_looked_at(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 6)
    lines = (starter / "plants.csv").read_text(encoding="utf-8").splitlines()
    broken = "\n".join([*lines, '"never closed'])
    assert put(starter, "plants.csv", broken.encode()) == [
        "plants.csv row 7: found more rows; needed at most 6 rows. Split it, or add small ones up."
    ]


DOCUMENTS = {
    "too large": (b"#" * 1_000_001, "case.toml: found a larger file; needed at most 1 MB."),
    "lists 900 deep": (
        b"[case]\nname = " + b"[" * 900 + b"]" * 900,
        "case.toml line 2: found tables or lists inside each other 17 deep; needed at most 16 levels.",
    ),
    "keys 900 deep": (
        b"[case]\n" + b".".join([b"a"] * 900) + b" = 1\n",
        "case.toml line 2: found tables or lists inside each other 17 deep; needed at most 16 levels.",
    ),
    "5,000 digits": (
        b"[case]\nvat_rate = " + b"1" * 5000 + b"\n",
        f"case.toml line 2: found a number or a bare word of 5,000 characters; needed at most {LONGEST}.",
    ),
    "5,000 hexadecimal digits": (
        b"[case]\nvat_rate = 0x" + b"f" * 5000 + b"\n",
        f"case.toml line 2: found a number or a bare word of 5,002 characters; needed at most {LONGEST}.",
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_beyond_a_limit_is_one_typed_error(starter: Path, name: str) -> None:
    data, expected = DOCUMENTS[name]
    assert put(starter, "case.toml", data) == [expected]


@pytest.mark.parametrize("number", ["1" * 101, "9" * 5000, "0." + "0" * 200 + "1"])
def test_a_cell_with_too_many_digits_is_a_typed_error(starter: Path, number: str) -> None:
    (text,) = replaced(starter, "plants.csv", ",0.0420,", f",{number},")
    assert text.endswith(" for plant 'North 1'; needed a number of at most 100 characters.")
    assert len(text) < 250


@pytest.mark.parametrize("written", ["[1]", '["a"]', "[[]]", "[{}, 2]"])
def test_factors_that_are_no_tables_are_typed_errors(starter: Path, written: str) -> None:
    text = (starter / "case.toml").read_text(encoding="utf-8")
    start = text.index("[[factors]]")
    (starter / "case.toml").write_text(f"factors = {written}\n{text[:start]}", encoding="utf-8")
    found = texts(starter)
    assert found
    assert all(line.startswith("case.toml") for line in found)


def test_control_characters_are_refused_where_they_stand(starter: Path) -> None:
    replaced(starter, "record.csv", "capacity,", "capa\x02city,")
    replaced(starter, "plants.csv", "Gamma,Gamma,", "Gam\u202ema,Gamma,")
    replaced(starter, "case.toml", 'title = "Ex', 'title = "\\u001b]0;x\\u0007Ex')
    line = (starter / "case.toml").read_text(encoding="utf-8")[:-1].split("title = ")[0].count("\n") + 1
    needed = "needed text without control characters. Delete it."
    assert texts(starter) == [
        f"case.toml line {line}, key case.title: found a control character, U+001B; {needed}",
        f"plants.csv row 6, column plant: found a control character, U+202E; {needed}",
        f"record.csv row 2, column subject: found a control character, U+0002; {needed}",
    ]


def test_what_a_run_writes_against_formulas_reads_back(starter: Path) -> None:
    replaced(starter, "record.csv", ",capacity,", ",'=SUM(A1),")
    replaced(starter, "plants.csv", "Gamma,Gamma,Southland,150", "Gamma,Gamma,Southland,'+150")
    case = load(starter)
    assert case.record[0].subject == "=SUM(A1)"
    assert case.industry.plant("Gamma").capacity_kt == 150.0


def test_equal_problems_are_counted_from_the_fourth_on(starter: Path) -> None:
    rows = "".join(f"P{k},Firm {k},Northland,1,,grid,0.05,14000,1.9,350,1,1,,\n" for k in range(1000))
    text = (starter / "plants.csv").read_text(encoding="utf-8")
    text = (
        text.splitlines()[0] + "\n" + rows.replace("Northland,1,,,,,,,1", "Northland,1,,grid,0.05,14000,1.9,350,1,1", 1)
    )
    (starter / "plants.csv").write_text(text, encoding="utf-8")
    found = [line for line in texts(starter) if ", column firm" in line]
    assert [line.split(":")[0] for line in found] == [
        "plants.csv row 2, column firm",
        "plants.csv row 3, column firm",
        "plants.csv row 4, column firm",
        "plants.csv rows 5 to 1001, column firm",
    ]
    assert found[-1] == (
        "plants.csv rows 5 to 1001, column firm: found 997 more of this kind; needed a firm of firms.csv."
    )
    with pytest.raises(InputError) as caught:
        load(starter)
    assert len(str(caught.value)) < 10_000


def test_a_long_list_of_problems_is_capped_in_its_text(starter: Path) -> None:
    for number in range(100):
        (starter / f"stray_{number:03}_table.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(starter)
    lines = str(caught.value).splitlines()
    assert (len(caught.value.problems), len(lines)) == (100, 41)
    assert lines[-1] == "... and 60 problems more; mend these first."


HEADS = {
    "sep": ("sep=,\n", "plants.csv row 1: found 'sep=,'; needed the names of the columns in row 1. Delete the row."),
    "title": (
        "Smelters of Exampleland,,,\n",
        "plants.csv row 1: found a title, 'Smelters of Exampleland'; needed the names of the columns in row 1. "
        "They stand in row 2. Delete the row above.",
    ),
    "title and source": (
        "Smelters,2020\nSource: own\n\n",
        "plants.csv row 1: found a title, 'Smelters'; needed the names of the columns in row 1. "
        "They stand in row 4. Delete rows 1 to 3 above.",
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_rows_above_the_names_are_one_problem(starter: Path, name: str) -> None:
    head, expected = HEADS[name]
    text = (starter / "plants.csv").read_text(encoding="utf-8")
    assert put(starter, "plants.csv", (head + text).encode()) == [expected]


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "Sum", "合计"])
def test_a_row_of_totals_is_one_problem(starter: Path, word: str) -> None:
    text = (starter / "plants.csv").read_text(encoding="utf-8")
    assert put(starter, "plants.csv", (text + f"{word},,,980,900,,,,,,,,,\n").encode()) == [
        f"plants.csv row 8: found a row that adds up the others, {word!r}; needed one row for each plant. "
        "Delete the row."
    ]


NOT_ROWS = {
    "the header again": (
        6, "HEADER",
        "found the header again; needed one row for each plant. Delete the row.",
    ),
    "the header below itself": (
        2, "HEADER",
        "found the header again; needed one row for each plant. Delete the row.",
    ),
    "units": (
        2, ",,,kt/year,kt/year,,EUR/kWh,kWh/t,t/t,EUR/t,EUR/t,EUR/t,,",
        "found a row of units; needed one row for each plant. Delete the row; case.toml states the units.",
    ),
    "units in brackets, and words": (
        2, "name,name,name,(kt),(kt),word,[EUR/kWh],kWh per t,t/t,EUR/t,EUR/t,EUR/t,,",
        "found a row of units; needed one row for each plant. Delete the row; case.toml states the units.",
    ),
    "a source": (
        8, '"Source: our own survey, 2020",,,,,,,,,,,,,',
        "found a row that holds nothing but 'Source: our own survey, 2020'; needed one row for each plant, with its "
        "cells. Delete the row if it is a note.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_ROWS)
def test_a_row_that_is_none_is_one_problem(starter: Path, name: str) -> None:
    number, row, expected = NOT_ROWS[name]
    lines = (starter / "plants.csv").read_text(encoding="utf-8").splitlines()
    lines.insert(number - 1, lines[0] if row == "HEADER" else row)
    assert put(starter, "plants.csv", "\n".join(lines).encode()) == [f"plants.csv row {number}: {expected}"]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("noted", [True, False], ids=["with its note", "without a note"])
def test_a_column_of_its_own_is_kept_in_every_table(tmp_path: Path, name: str, noted: bool) -> None:
    """Whatever its name, unless it looks like a column that the table lacks: ``notes`` is one where ``note`` lacks."""
    folder = tmp_path / "case"
    shutil.copytree(CASES / "china-aluminium-2013", folder)
    file = folder / f"{name}.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    known = [column for column in rows[0] if noted or column != "note"]
    own = [column for column in ("id", "year", "name_of_town", "status", "country", "latitude", "notes", "Notes",
                                 "note_2", "comments") if column not in known]  # fmt: skip
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [*known, *own], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(row | dict.fromkeys(own, "of its own") for row in rows)
    case = load(folder)
    assert [item.column for item in case.extra_columns if item.table == file.name] == own
    assert {cell for item in case.extra_columns for cell in item.cells} == {"of its own"}


def test_a_firm_may_be_called_total(starter: Path) -> None:
    text = (starter / "firms.csv").read_text(encoding="utf-8")
    assert put(starter, "firms.csv", (text + "Total,,oil,,example\n").encode()) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "plants.csv", ",0.0420,", ",4.5%,",
            "plants.csv row 2, column power_price_eur_per_kwh: found '4.5%' for plant 'North 1'; "
            "needed an amount without %. Write it in the unit of its name.",
        ),
        (
            "case.toml", "value = 0.10", 'value = "4.5%"',
            "case.toml line 35, key numbers.discount_rate.value: found '4.5%'; needed a share without %. "
            "Write 0.045 for 4.5%.",
        ),
    ],
)  # fmt: skip
def test_a_number_in_per_cent_is_told_what_its_quantity_needs(
    starter: Path, file: str, old: str, new: str, expected: str
) -> None:
    assert replaced(starter, file, old, new) == [expected]


def test_columns_that_the_format_does_not_know_are_kept(starter: Path) -> None:
    lines = (starter / "plants.csv").read_text(encoding="utf-8").splitlines()
    names = ",start_year,latitude,gem_id,联系人"
    more = [names, *(f",{1990 + k},{40.5 + k},G{k}," for k in range(len(lines) - 1))]
    base = load(starter)
    assert put(starter, "plants.csv", "\n".join(a + b for a, b in zip(lines, more, strict=True)).encode()) == []
    case = load(starter)
    assert [(item.table, item.column) for item in case.extra_columns] == [
        ("plants.csv", name) for name in names[1:].split(",")
    ]
    assert case.extra_columns[0].cells == ("1990", "1991", "1992", "1993", "1994", "1995")
    assert case.industry == base.industry


@pytest.mark.parametrize("name", ["id", "start_year", "latitude", "longitude", "region", "operator", "url", "iso3",
                                  "ownership_share", "status", "technology", "x", "y"])  # fmt: skip
def test_usual_columns_of_vendors_are_no_misspellings(starter: Path, name: str) -> None:
    lines = (starter / "plants.csv").read_text(encoding="utf-8").splitlines()
    text = "\n".join([f"{lines[0]},{name}", *(f"{line},1" for line in lines[1:])])
    assert put(starter, "plants.csv", text.encode()) == []


def test_sheets_that_cannot_be_listed_are_a_problem(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (starter / "sheets").mkdir()
    usual = Path.iterdir

    def refused(self: Path) -> Iterator[Path]:
        if self.name == "sheets":
            raise PermissionError(13, "Permission denied")
        return usual(self)

    monkeypatch.setattr(Path, "iterdir", refused)
    assert texts(starter) == ["sheets: found permission denied; needed a folder that can be read."]
