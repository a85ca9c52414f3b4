"""A workbook in place of a folder, from template to answer and back, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.cases.workbooks.books import cells_of, changed, write

from potline.cli import command


def ask(*args: object, code: int = 0) -> str:
    result = CliRunner().invoke(command, [str(item) for item in args])
    assert result.exit_code == code, result.output
    return result.output


def test_new_check_answer_and_convert_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ask("new", "--xlsx", "mine.xlsx") == (
        "Wrote a starter case to mine.xlsx. Read mine.xlsx, then: potline run mine.xlsx\n"
    )
    assert ask("new", "--xlsx", "other", "--quiet") == "Wrote a starter case to other.xlsx.\n"
    ask("new", "mine")
    said = ask("check", "mine.xlsx")
    assert said.startswith("mine is in order: 6 plants, 5 firms, ")
    assert said == ask("check", "mine")
    assert ask("costs", "mine.xlsx") == ask("costs", "mine")
    assert ask("convert", "mine.xlsx", "folder") == "Wrote mine.xlsx to folder.\n"
    made = json.loads(ask("convert", "folder", "again.xlsx", "--json"))
    assert made == {"workbook": "again.xlsx"}
    assert json.loads(ask("convert", "again.xlsx", "folder-2", "--json"))["files"][0] == "case.toml"
    assert (tmp_path / "folder" / "plants.csv").read_bytes() == (tmp_path / "folder-2" / "plants.csv").read_bytes()
    assert ask("convert", "mine", "again.xlsx", code=2) == (
        "again.xlsx: found a file that is there already; needed the name of a new file. "
        "Nothing was written; choose another name.\n"
    )
    assert ask("costs", "no.xlsx", code=2).startswith("no.xlsx: found no such file; needed a case folder, a workbook")


def test_mistakes_and_warnings_name_cells(tmp_path: Path) -> None:
    ask("new", tmp_path / "mine.xlsx")
    cells = cells_of(tmp_path / "mine.xlsx")
    bad = write(tmp_path / "bad.xlsx", changed(cells, {"plants!D4": -5}))
    assert ask("check", bad, code=2) == (
        "sheet plants, cell D4, column capacity_kt: found -5 for plant 'Beta North'; needed 0 or more. "
        "If the plant closed, set `capacity_kt` to 0.\n"
    )
    odd = write(tmp_path / "odd.xlsx", changed(cells, {"plants!I4": 9.5, "plants!AK1": "my id", "plants!AK2": 7}))
    said = ask("check", odd)
    assert "Not used: column my id of sheet plants." in said
    assert "  sheet plants, cell J4, column alumina_price_eur_per_t: found 354 EUR/t for plant" in said
    assert ".csv" not in said
