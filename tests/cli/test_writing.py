"""The folder of one answer: replaced by the next, and never a stranger's."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from potline.cases import new
from potline.cli import command
from potline.cli.writing import write_answer
from potline.errors import InputError
from potline.report.chart import chart
from potline.report.figure import figure
from potline.report.manifest import read_manifest
from potline.report.table import Column, Table

TABLE = Table(name="owners", title="Owners.", columns=(Column(name="owner"),), rows=(("Alpha",),))


def test_an_answer_is_replaced_by_the_next_and_is_no_run(tmp_path: Path) -> None:
    picture = chart([{"a": 1.0, "b": "x"}]).mark("bar").encode(x="a:Q", y="b:N")
    drawn = figure(picture, name="bars", title="Bars", sentence="A bar.", source="none", units="1")
    out = tmp_path / "answer"
    assert write_answer(out, [drawn], [TABLE]) == out
    assert sorted(item.name for item in out.iterdir()) == ["bars.png", "bars.svg", "manifest.json", "owners.csv"]
    write_answer(out, [], [TABLE])
    assert sorted(item.name for item in out.iterdir()) == ["manifest.json", "owners.csv"]
    with pytest.raises(InputError) as caught:
        read_manifest(out)
    assert str(caught.value) == (
        f"{out / 'manifest.json'}: found another format; needed the manifest of a run, schema 1."
    )


def test_a_case_folder_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    case = tmp_path / "case"
    new(case)
    before = {item.name: item.read_bytes() for item in case.iterdir()}
    for name in ("market", "meeting", "run"):
        result = CliRunner().invoke(command, [name, str(case), "--out", str(case)])
        assert result.exit_code == 2
        assert result.output == (
            f"output {case}: found a folder that is no earlier run; needed a new name, an empty folder or an earlier "
            "run to replace. Choose another place with --out.\n"
        )
    assert {item.name: item.read_bytes() for item in case.iterdir()} == before
