"""What a list or a mapping file may get wrong: whole texts, all at once, and nothing written."""

import os
import zipfile
from pathlib import Path

import pytest
from tests.lists.answering import SMALL, answered, imported, put

import potline as pot


def refused(file: Path, folder: Path) -> list[str]:
    with pytest.raises(pot.InputError) as error:
        pot.import_list(file, folder)
    return str(error.value).splitlines()


def changed(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    """The problems of a mapping file, answered and then changed."""
    file = put(tmp_path, SMALL)
    mapping = Path(pot.import_list(file, tmp_path / "mine").mapping)
    text = answered(mapping.read_text(encoding="utf-8"))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    mapping.write_text(text, encoding="utf-8")
    found = refused(file, tmp_path / "mine")
    assert not (tmp_path / "mine" / "case.toml").exists()
    return found


def test_questions_left_open_are_all_named(tmp_path: Path) -> None:
    file = put(tmp_path, SMALL)
    first = pot.import_list(file, tmp_path / "mine")
    found = refused(file, tmp_path / "mine")
    assert len(found) == len(first.open) == 14
    text = (tmp_path / "mine" / "mapping.toml").read_text(encoding="utf-8").splitlines()
    line = next(number for number, words in enumerate(text, 1) if words.startswith("date ="))
    assert found[0] == f'mapping.toml line {line}, key case.date: found "?"; needed what only you can say.'
    assert 'key numbers."demand.elasticity".value: found "?"' in found[5]


CHANGES: dict[str, tuple[tuple[str, str], str]] = {
    "a heading": (
        ('plant = "Works"', 'plant = "Work"'),
        "key columns.plant: found 'Work', which is no heading of the list; needed one of its headings. Did you "
        "mean 'Works'?",
    ),
    "a key": (('bounds = "drop"', 'bound = "drop"'), "key capacity.bound: found an unknown key; needed a known "
                                                     "key. Did you "
              "mean 'bounds'?"),
    "a word": (('bounds = "drop"', 'bounds = "keep"'), "key capacity.bounds: found 'keep'; needed one of: drop, take."),
    "a unit": (
        ('unit = "Mt/y"', 'unit = "barrels"'),
        "key capacity.unit: found 'barrels'; needed a unit of capacity. Such as kt/year, t/year, Mt/year or "
        "t/day; write "
        "`ktpa` as kt/year.",
    ),
    "a state": (
        ('"closed" = "drop"', ""),
        "key statuses: found the state 'closed' in 1 rows of the list; needed what it means in [statuses]: "
        "running, idle, "
        "starting or drop. Write 'closed' there with one of them.",
    ),
    "a number": (
        ('value = "600"', 'value = "six"'),
        "key numbers.price_cur_per_t.value: found 'six'; needed a number, `low..high` or `central in low..high`.",
    ),
    "a cost": (
        ('"BF" = "560 in 500..620"', '"BF" = "620..500"'),
        "key assumed.other_cost_cur_per_t.values.BF: found '620..500'; needed a range written low..high, the "
        "lower end first.",
    ),
    "a group": (
        ('"BF" = "560 in 500..620"', ""),
        "key assumed.other_cost_cur_per_t.values: found no value for 'BF' of 'Route'; needed one for each word of that "
        'column. Write `"BF" = ...` there, or `"*" = ...` for every other word.',
    ),
    "a source": (
        ('source = "own"', 'source = "won"'),
        "key numbers.price_cur_per_t.source: found unknown source 'won'; needed an id of [sources], or `list`. "
        "Did you mean "
        "'own'?",
    ),
    "a column": (
        ("[defaults.plants.exit_cost_cur_per_t]", "[defaults.plants.exit_cst_cur_per_t]"),
        "key defaults.plants.exit_cst_cur_per_t: found an unknown column; needed a column of numbers of plants.csv. "
        "Did you mean "
        "'exit_cost_cur_per_t'?",
    ),
    "a row": (("heading_row = 1", "heading_row = 99"), "key list.heading_row: found 99; needed a row of "
                                                       "headings of list.csv."),
    "a list": (("nobody = [", "nobody = [1, "), "key owners.nobody: found 1; needed texts in quotes."),
    "a month": (('date = "2023-03"', 'date = "March"'), "key case.date: found 'March'; needed a month YYYY-MM."),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_mistake_in_a_mapping_file(tmp_path: Path, what: str) -> None:
    change, said = CHANGES[what]
    found = changed(tmp_path, change)
    assert [line.partition("key ")[2] for line in found] == [said.partition("key ")[2]]
    assert found[0].startswith("mapping.toml")


def test_mistakes_are_reported_together(tmp_path: Path) -> None:
    found = changed(tmp_path, ('bounds = "drop"', 'bounds = "keep"'), ('standing = "reported"', 'standing = "sure"'))
    assert [line.partition(": found ")[0].partition(", ")[2] for line in found] == [
        "key list.standing",
        "key capacity.bounds",
    ]


LISTS = {
    "empty": (b"", "list.csv: found an empty table; needed a row of headings and a row for each plant."),
    "headings alone": (b"Plant,Capacity kt\n", "list.csv: found no row below the headings; needed a row of "
                                               "headings and a "
                       "row for each plant."),
    "no capacity": (
        b"Plant,Colour\nA,red\nB,blue\n",
        "list.csv row 1: found headings Plant, Colour; needed a column of capacities. Name its heading `Plant`, "
        "or `Capacity "
        "(kt/y)`, or write a mapping file by hand.",
    ),
    "no text": (
        b"\x81\x00\x81\x01" * 9,
        "list.csv: found a file that is no text in utf-8 or gb18030 or cp1252; needed text in UTF-8, UTF-16, "
        "GB18030 or "
        "Windows-1252, or a workbook. Save as CSV UTF-8 or XLSX.",
    ),
    "a cell without end": (
        b'Plant,Capacity kt\nA,"' + b"1" * 140_000,
        "list.csv row 2: found a row that cannot be read (field larger than field limit (131072)); needed cells "
        "with quotes "
        'in pairs, as in "a, b", none longer than 131,072 characters.',
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LISTS)
def test_a_list_that_cannot_be_read(tmp_path: Path, what: str) -> None:
    data, said = LISTS[what]
    (tmp_path / "list.csv").write_bytes(data)
    assert refused(tmp_path / "list.csv", tmp_path / "mine") == [said]
    assert not (tmp_path / "mine").exists()


def test_no_plant_is_left(tmp_path: Path) -> None:
    file = put(tmp_path, "Plant,Capacity kt,Status\nA,>0,operating\nB,5,closed\n")
    with pytest.raises(pot.InputError) as error:
        imported(file, tmp_path / "mine")
    assert str(error.value) == (
        "list.csv: found no row that is a plant: its capacity is a bound, not a number (1 rows), its state is "
        "'closed' (1 "
        "rows); needed at least one. See [columns], [statuses] and [capacity] of mapping.toml."
    )


def test_places_that_hold_no_list(tmp_path: Path) -> None:
    file = put(tmp_path, SMALL)
    assert refused(tmp_path, tmp_path / "mine") == [f"{tmp_path}: found a folder; needed a file, CSV or XLSX."]
    missing = tmp_path / "none.csv"
    assert refused(missing, tmp_path / "mine") == [
        f"{missing}: found a file that cannot be read (no such file or directory); needed a file, CSV or XLSX."
    ]
    assert refused(file, file) == [f"{file}: found a file; needed a folder. Choose another name."]
    os.mkfifo(tmp_path / "pipe.csv")
    pipe = tmp_path / "pipe.csv"
    assert refused(pipe, tmp_path / "mine") == [f"{pipe}: found a pipe or a device; needed a file, CSV or XLSX."]
    pot.new(tmp_path / "case")
    assert refused(file, tmp_path / "case") == [
        f"{tmp_path / 'case'}: found a case that no import wrote; needed a new folder, or one with a "
        f"mapping.toml. Choose "
        "another folder, or give `--mapping`."
    ]


def test_workbooks_that_are_none_or_unpack_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    (line,) = refused(path, tmp_path / "mine")
    assert line.startswith("list.xlsx: found a workbook that cannot be read (")
    assert line.endswith(
        "); needed an XLSX workbook. Open it, take its protection off where it has one, and save it as XLSX or "
        "CSV UTF-8."
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/bomb.xml", "w") as inside:
        for _ in range(41):
            inside.write(b" " * 10_000_000)
    assert refused(path, tmp_path / "mine") == [
        "list.xlsx: found a workbook that unpacks to 410 MB; needed at most 400 MB. Keep the rows you need."
    ]
