from __future__ import annotations

import json
from pathlib import Path

import pytest

from potline.cases import Case
from potline.errors import InputError
from potline.questions.verbs import rerun, run
from potline.report import running
from potline.report.running import RunResult

DRAWS = 8


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_a_run_holds_what_a_reader_needs(finished: RunResult) -> None:
    names = set(contents(finished.folder))
    figures = {Path(name).stem for name in names if name.startswith("figures/") and name.endswith(".svg")}
    assert {"brief.html", "results.json", "tables.xlsx", "manifest.json", "case/case.toml"} <= names
    assert {f"figures/{name}.png" for name in figures} <= names
    assert {"tables/plants.csv", "tables/margins.csv", "tables/record.csv", "tables/claims.csv"} <= names
    for name in names:
        if name.startswith("tables/"):
            assert (finished.folder / name).read_bytes().startswith(b"\xef\xbb\xbf"), name


def test_the_manifest_is_enough_to_reproduce(finished: RunResult, tmp_path: Path) -> None:
    import hashlib

    found = json.loads((finished.folder / "manifest.json").read_text(encoding="utf-8"))
    assert found["settings"]["draws"] == DRAWS
    assert found["settings"]["seed"] == 7
    assert found["settings"]["rule"] == "pro_rata"
    assert found["case"]["inputs_sha256"] == finished.answers.case.digest
    assert found["versions"]["python"]
    assert found["kernels_sha256"]
    assert all(item["holds"] for item in found["certificates"])
    for name, digest in found["files_sha256"].items():
        assert hashlib.sha256((finished.folder / name).read_bytes()).hexdigest() == digest, name
    again = rerun(finished.folder / "manifest.json", out=tmp_path / "again")
    assert again.changed == ()
    assert contents(again.folder) == contents(finished.folder)


def test_overrides_are_reproduced_too(starter: Case, tmp_path: Path) -> None:
    changed = starter.override("price_eur_per_t=1900")
    first = run(changed, draws=DRAWS, seed=3, out=tmp_path / "first")
    again = rerun(tmp_path / "first")
    assert again.folder == tmp_path / "first-rerun"
    assert again.changed == ()
    assert again.manifest["case"]["overrides"] == list(changed.changes)
    assert again.manifest["run"] == first.manifest["run"]


def test_the_results_say_what_the_tables_say(finished: RunResult) -> None:
    found = json.loads((finished.folder / "results.json").read_text(encoding="utf-8"))
    assert found["verdict"] == list(finished.verdict)
    assert found["headline"]["verdict"] == "agreement"
    plants = found["tables"]["plants"]
    assert len(plants["rows"]) == 6
    assert [column["name"] for column in plants["columns"]][:4] == ["plant", "firm", "owner", "province"]


def test_progress_runs_from_nothing_to_all(starter: Case, tmp_path: Path) -> None:
    told: list[float] = []
    run(starter, draws=DRAWS, out=tmp_path / "run", progress=lambda _, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_run_that_fails_leaves_nothing(starter: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "brief_page", broken)
    with pytest.raises(KeyboardInterrupt):
        run(starter, draws=DRAWS, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_no_manifest_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        rerun(tmp_path, out=tmp_path / "again")
    assert str(caught.value) == (
        f"{tmp_path / 'manifest.json'}: found no file; needed the manifest.json of an earlier run."
    )
