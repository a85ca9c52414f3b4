from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from potline import agreement
from potline.cases import Case
from potline.cli import command
from potline.errors import CertificateFailed, Infeasible, InputError
from potline.questions.verbs import brief, rerun, run
from potline.report import running
from potline.report.listed import Listed
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

    monkeypatch.setattr(running, "whole_document", broken)
    with pytest.raises(KeyboardInterrupt):
        run(starter, draws=DRAWS, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_no_manifest_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        rerun(tmp_path, out=tmp_path / "again")
    assert str(caught.value) == (
        f"{tmp_path / 'manifest.json'}: found no file; needed the manifest.json of an earlier run."
    )


def spoiled(monkeypatch: pytest.MonkeyPatch, verb: str, error: Exception) -> None:
    def refused(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(agreement, verb, refused)


def test_a_run_goes_on_where_one_answer_fails_its_certificate(
    starter: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "Tonnages that hold does not pass its check (ends: found 2, needed 1e-06 or less kt)."
    spoiled(monkeypatch, "tonnages_that_hold", CertificateFailed(why))
    folder, said = tmp_path / "run", list[str]()
    found = run(starter, draws=DRAWS, out=folder, say=said.append)
    page = (folder / "brief.html").read_text(encoding="utf-8")
    first = page[: page.index("<section")]
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    certificates = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["certificates"]
    without = ("largest_deal", "alone", "at_table", "window")
    missing = [name for name in without if name in results["not_answered"]]
    assert missing[:2] == ["largest_deal", "alone"]
    assert results["not_answered"] == dict.fromkeys(missing, why)
    assert not found.certified
    assert results["headline"]["certificates_hold"] is False
    broken = [item for item in certificates if not item["holds"]]
    assert [(item["name"], item["method"]) for item in broken] == [("largest_deal: the answer stands", why)]
    assert said[-1].endswith("hold; failed: largest deal: the answer stands.")
    assert said[-2].startswith("Not answered: how large a cut would hold? what would the largest owners do without a ")
    assert said[-2].endswith(why)
    assert tuple(said) == found.verdict
    assert "These checks of this run FAILED: largest deal: the answer stands. Do not rely on what they cover." in first
    assert "Not answered: how large a cut would hold?" in first
    assert why in unescape(first)
    assert "Will the aluminium producers agree" in first  # the tonnage asked for is answered, and leads
    assert {"margins", "remedies", "record"} <= set(results["tables"])
    assert not {"tonnages_that_hold", "alone", "at_table"} & set(results["tables"])


def test_a_run_goes_on_where_one_answer_cannot_be_computed(
    starter: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled(monkeypatch, "divide_meeting", FloatingPointError("overflow encountered in multiply"))
    spoiled(monkeypatch, "trigger_range", Infeasible("No price lets a cut hold."))
    found = run(starter, draws=DRAWS, out=tmp_path / "run")
    results = json.loads((tmp_path / "run" / "results.json").read_text(encoding="utf-8"))
    assert results["not_answered"]["triggers"] == "No price lets a cut hold."
    assert results["not_answered"]["division"] == "overflow encountered in multiply"
    assert found.infeasible
    assert not found.certified
    assert [item.name for item in found.checks if not item.holds] == ["over_time: the answer stands"]
    assert "How large a cut would hold" in found.brief.read_text(encoding="utf-8")


def test_nothing_is_left_out_of_a_run_that_stands(finished: RunResult) -> None:
    assert json.loads((finished.folder / "results.json").read_text(encoding="utf-8"))["not_answered"] == {}


def test_bad_input_is_refused_at_once(starter: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled(monkeypatch, "divide_meeting", InputError("found -1; needed 0 or more."))
    with pytest.raises(InputError, match=r"found -1; needed 0 or more\."):
        run(starter, draws=DRAWS, out=tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_brief_says_what_has_no_answer_and_leaves_with_4(
    tmp_path: Path, starter: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled(monkeypatch, "remedy", CertificateFailed("Remedy does not pass its check."))
    place = tmp_path / "brief.html"
    done = CliRunner().invoke(command, ["brief", starter.folder, "--draws", "8", "--out", str(place)])
    assert done.exit_code == 4
    assert "Not answered: what would it take?" in place.read_text(encoding="utf-8")
    done = CliRunner().invoke(command, ["run", starter.folder, "--draws", "8", "--out", str(tmp_path / "run")])
    assert done.exit_code == 4
    assert "Not answered: what would it take? would a smaller cut or another rule do? Remedy does" in done.stdout


def test_a_page_without_any_answer_still_names_them(starter: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise CertificateFailed("Nothing holds.")

    monkeypatch.setattr(Listed, "answer", refused)
    found = brief(starter, draws=8)
    assert not found.certified
    assert found.html.count("Nothing holds.") == 1
    assert "<h1>Brief" in found.html
