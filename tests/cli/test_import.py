"""`potline import` on the command line: what it says the first time and the next, as text, in short and as JSON."""

import json
from pathlib import Path

from click.testing import CliRunner
from tests.lists.answering import SMALL, answered, put

from potline.cli.app import command


def run(*arguments: object):
    return CliRunner().invoke(command, ["import", *map(str, arguments)], env={"COLUMNS": "200"})


def test_the_first_call_says_what_was_guessed_and_the_next_what_was_kept(tmp_path: Path) -> None:
    file, folder = put(tmp_path, SMALL), tmp_path / "mine"
    first = run(file, "--out", folder)
    assert first.exit_code == 0
    lines = first.output.splitlines()
    assert lines[0] == f"Wrote {folder}/mapping.toml: how list.csv is read, of 5 rows."
    assert lines[1:4] == [
        "Guessed:",
        "  list.heading_row = 1, from: row 1 has 7 headings, 7 of them usual ones",
        "  columns.owners = Ownership, from: its cells hold shares such as [60%]",
    ]
    assert "Yours to say, in that file:" in lines
    assert lines[-1] == f"Edit it, then: potline import {file} --out {folder}"
    mapping = folder / "mapping.toml"
    mapping.write_text(answered(mapping.read_text(encoding="utf-8")), encoding="utf-8")
    assert run(file, "--out", folder).output.splitlines() == [
        f"{folder}: 2 plants of 2 firms, from 5 rows of list.csv.",
        f"Dropped, each with its reason in {folder}/dropped.csv:",
        "  1 its capacity is a bound, not a number",
        "  1 its state is 'closed'",
        "  1 a total, not a plant",
        "Of the plants kept:",
        "  1 capacity is a range and kept as one (row 3: 0.9-1.1)",
        "  of 1 the shares of the owners do not add to 100 % (row 3: Beta Ltd [70%]; Gamma [20%])",
        f"Next: potline check {folder}, then potline run {folder}",
    ]
    assert run(file, "--out", folder, "--quiet").output.splitlines() == [
        f"{folder}: 2 plants of 2 firms, from 5 rows of list.csv.",
        f"Next: potline check {folder}, then potline run {folder}",
    ]
    said = json.loads(run(file, "--out", folder, "--json").output)
    assert (said["kept"], said["rows"], said["case"]) == (2, 5, "mine")
    assert said["dropped"][0] == {
        "row": 4, "plant": "West", "reason": "its capacity is a bound, not a number", "column": "Capacity (Mt/y)",
        "cell": ">0",
    }  # fmt: skip


def test_what_is_wrong_leaves_with_2_and_without_a_case(tmp_path: Path) -> None:
    file, folder = put(tmp_path, SMALL), tmp_path / "mine"
    run(file, "--out", folder)
    again = run(file, "--out", folder)
    assert again.exit_code == 2
    assert 'key case.date: found "?"; needed what only you can say.' in again.output
    assert [item.name for item in folder.iterdir()] == ["mapping.toml"]
    assert run(tmp_path / "none.csv", "--out", tmp_path / "other").exit_code == 2
    assert run(file).exit_code == 2
