"""A bar whose peer did not run is missed, and says why."""

from __future__ import annotations

import json

import pytest
from benchmarks import __main__ as benchmarks
from benchmarks import complementarity, engine, reading, workbook
from tests.numerics.complementarity import zoo as zoo


def absent() -> list[dict[str, object]]:
    raise ModuleNotFoundError("No module named 'peer'")


def wrong() -> list[dict[str, object]]:
    raise AssertionError("objectives differ")


@pytest.mark.parametrize(
    ("run", "said"),
    [(absent, "ModuleNotFoundError: No module named 'peer'"), (wrong, "AssertionError: objectives differ")],
)
def test_what_was_not_measured_is_a_missed_bar(monkeypatch, tmp_path, capsys, run, said):
    monkeypatch.setattr(benchmarks, "REGISTRY", {"one": ("spine", run)})
    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path / "results.json")
    assert benchmarks.main() == 1
    assert capsys.readouterr().out == (
        f"[MISSED] spine/one: bar: not measured: {said}\nwrote results.json: 1 bars, 0 hold\n"
    )
    assert [item["holds"] for item in json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))] == [False]


def test_a_peer_that_did_not_run_misses_its_bar():
    found = engine.beside_linopy("market", 0.5, -1e6, "not run: linopy is not installed")
    assert (found["holds"], found["peer_figure"]) == (False, None)
    assert str(found["bar"]).endswith("building included (not run: linopy is not installed)")
    assert engine.beside_linopy("market", 0.5, -1e6, {"objective": -1e6, "seconds": 5.0})["holds"] is True
    assert engine.beside_linopy("market", 0.5, -1e6, {"objective": -1e6, "seconds": 4.9})["holds"] is False
    with pytest.raises(AssertionError):
        engine.beside_linopy("market", 0.5, -1e6, {"objective": -1.01e6, "seconds": 5.0})


def test_a_market_that_no_other_code_solves_misses_its_bar(monkeypatch):
    monkeypatch.setattr(complementarity, "_peers", lambda *_: {})
    found = complementarity._beside_others("small", lambda seed: zoo.ad_valorem(seed, 3, 2))
    assert (found["holds"], found["peer"], found["ratio"]) == (False, None, None)
    assert str(found["bar"]).endswith("(no other code solves ad_valorem-0, ad_valorem-1, ad_valorem-2)")
    monkeypatch.setattr(complementarity, "_peers", lambda *_: {"Lemke": 1e6, "IPOPT": 2e6})
    found = complementarity._beside_others("small", lambda seed: zoo.ad_valorem(seed, 3, 2))
    assert (found["holds"], found["peer"], found["peer_figure"]) == (True, "Lemke", 1e9)


def test_what_is_read_by_the_thousand_is_a_sound_case(tmp_path):
    from potline.cases import load

    built, other = reading.write_case(tmp_path / "case", 60)
    case = load(tmp_path / "case")
    plants = case.industry.plants[6:]
    assert len(plants) == 60
    assert sum(plant.capacity_kt for plant in plants) == built
    assert sum(plant.other_cost_per_t for plant in plants) == pytest.approx(other)
    assert reading.bar("a", 0.4, 0.5)["holds"] is True
    assert reading.bar("a", 0.6, 0.5)["holds"] is False


def test_a_case_that_comes_back_from_a_workbook_otherwise_is_no_answer(tmp_path, monkeypatch):
    import dataclasses

    from potline.cases import load

    monkeypatch.setattr(workbook, "PLANTS", 66)
    reading.write_case(tmp_path / "case", 60)
    case = load(tmp_path / "case")
    case.save(tmp_path / "case.xlsx")
    read = load(tmp_path / "case.xlsx")
    workbook.check_same(case, read)
    with pytest.raises(AssertionError):
        workbook.check_same(case, dataclasses.replace(read, sources=()))
    found = workbook.written_and_read()
    assert found["group"] == "files"
    assert found["figure"] < 2.0
    assert found["holds"] is (found["peer_figure"] is not None and found["figure"] <= found["peer_figure"])
