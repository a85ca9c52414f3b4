"""What is no workbook, hides something that runs, or swells when opened is refused before anything parses it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cases.workbooks.books import packed, parts_of

from potline.cases import check, load, new
from potline.cases.workbooks import package
from potline.errors import InputError

Parts = dict[str, bytes]
SAVED = "Save it as Excel workbook (.xlsx)."
SHEET = "xl/worksheets/sheet3.xml"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    place = tmp_path_factory.mktemp("book") / "starter.xlsx"
    new(place)
    return parts_of(place.read_bytes())


def with_types(parts: Parts, old: bytes, new_type: bytes) -> Parts:
    types = parts["[Content_Types].xml"]
    assert old in types
    return parts | {"[Content_Types].xml": types.replace(old, new_type)}


MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
REFUSED: dict[str, tuple[Callable[[Parts], Parts], str]] = {
    "macros": (
        lambda parts: parts | {"xl/vbaProject.bin": b"\xd0\xcf"},
        f"found a workbook with macros; needed one without. {SAVED}",
    ),
    "macros by its type": (
        lambda parts: with_types(parts, MAIN, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        f"found a workbook with macros; needed one without. {SAVED}",
    ),
    "a binary workbook": (
        lambda parts: with_types(parts, MAIN, b"application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
        f"found a binary workbook (.xlsb); needed a workbook (.xlsx). {SAVED}",
    ),
    "links": (
        lambda parts: parts | {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
        "found a workbook with links to other workbooks; needed one that stands alone. "
        "Break the links (Data, Edit Links), which leaves the values, and save it again.",
    ),
    "entities": (
        lambda parts: (
            parts | {SHEET: parts[SHEET].replace(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)}
        ),
        f"found a part, {SHEET}, that declares entities of its own; needed parts without. "
        "Open it in a spreadsheet program and save it again.",
    ),
    "another encoding": (
        lambda parts: parts | {SHEET: parts[SHEET].decode().encode("utf-16")},
        f"found a part, {SHEET}, that is not UTF-8; needed parts in UTF-8. "
        "Open it in a spreadsheet program and save it again.",
    ),
    "a bomb": (
        lambda parts: parts | {SHEET: b" " * 20_000_000},
        f"found a part, {SHEET}, 1,028 times its packed size; needed at most 200 times.",
    ),
    "many parts": (
        lambda parts: parts | {f"xl/media/{k}.xml": b"" for k in range(2_001)},
        "found a workbook of 2,050 parts; needed at most 2,000.",
    ),
    "an open document": (
        lambda _: {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"},
        f"found an OpenDocument file; needed a workbook (.xlsx). {SAVED}",
    ),
    "another zip": (
        lambda _: {"a.txt": b"a"},
        f"found a zip that is no workbook; needed a workbook (.xlsx). {SAVED}",
    ),
    "a document": (
        lambda _: {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"},
        f"found a file that is no workbook; needed a workbook (.xlsx). {SAVED}",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_workbook_that_is_not_read(name: str, parts: Parts, tmp_path: Path) -> None:
    spoil, said = REFUSED[name]
    file = tmp_path / "x.xlsx"
    file.write_bytes(packed(spoil(parts)))
    text = said.replace("2,050", f"{len(parts) + 2_001:,}")
    assert [str(problem) for problem in check(file)] == [f"{file}: {text}"]
    with pytest.raises(InputError):
        load(file)


def test_files_that_are_no_zip(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for data, said in (
        (b"plant,firm", f"found a file that is no workbook; needed a workbook (.xlsx). {SAVED}"),
        (b"", f"found a file that is no workbook; needed a workbook (.xlsx). {SAVED}"),
        (old + b"x" * 99, f"found a workbook of before 2007 (.xls); needed a workbook (.xlsx). {SAVED}"),
        (old + "EncryptedPackage".encode("utf-16-le"),
         "found an encrypted workbook; needed one without a password. Take the password away and save it again."),
        (b"PK\x03\x04" + b"x" * 99,
         "found a damaged workbook; needed one that a spreadsheet program opens. Open it there and save it again."),
    ):  # fmt: skip
        file = tmp_path / "x.xlsx"
        file.write_bytes(data)
        assert [str(problem) for problem in check(file)] == [f"{file}: {said}"]


def test_a_part_that_lies_about_its_size_is_damaged(parts: Parts, tmp_path: Path) -> None:
    data = bytearray(packed({**parts, SHEET: b"<a>" + b" " * 1_000_000 + b"</a>"}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        size = archive.getinfo(SHEET).file_size
    place = data.rfind(size.to_bytes(4, "little"))
    data[place : place + 4] = (100).to_bytes(4, "little")
    file = tmp_path / "x.xlsx"
    file.write_bytes(data)
    assert str(check(file)[0]).startswith(f"{file}: found a damaged workbook; needed one that a spreadsheet")


def test_one_long_text_in_many_cells_is_counted(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_TEXT", 10_000)
    found = package.opened(packed(parts))
    assert not isinstance(found, package.Package)
    assert found[0].startswith("texts of ")
    monkeypatch.setattr(package, "MOST_TEXT", 200_000)
    assert isinstance(package.opened(packed(parts)), package.Package)


@pytest.mark.parametrize("step", [7, 101])
def test_a_damaged_workbook_is_refused_or_read_but_never_crashes(step: int, parts: Parts, tmp_path: Path) -> None:
    data = packed(parts)
    for start in range(step, len(data), len(data) // 40):
        damaged = bytearray(data)
        damaged[start] ^= 0x5A
        file = tmp_path / "x.xlsx"
        file.write_bytes(damaged)
        check(file)
    for name in ("xl/workbook.xml", "xl/sharedStrings.xml", SHEET, "xl/styles.xml", "xl/_rels/workbook.xml.rels"):
        for cut in range(0, len(parts[name]), max(1, len(parts[name]) // step)):
            file.write_bytes(packed(parts | {name: parts[name][:cut]}))
            check(file)
