"""What a run says otherwise than the one it replaces: number by number, rows told apart by their words."""

from __future__ import annotations

import json
import math
from pathlib import Path

from potline.report.changed_since import MOST, changed_since
from potline.report.table import Column, Table, table_json

COLUMNS = (Column(name="plant"), Column(name="state"), Column(name="cost"), Column(name="sold"))


def table(*rows: tuple[object, ...], name: str = "plants") -> Table:
    return Table(name=name, title="Plants.", columns=COLUMNS, rows=rows)  # type: ignore[arg-type]


def stored(place: Path, *tables: Table, **headline: object) -> Path:
    place.mkdir()
    content = {"headline": headline, "tables": {item.name: table_json(item) for item in tables}}
    (place / "results.json").write_text(json.dumps(content), encoding="utf-8")
    (place / "manifest.json").write_text("{}", encoding="utf-8")
    return place


def test_numbers_that_moved_rows_that_came_and_went(tmp_path: Path) -> None:
    before = table(("A", "runs", 10.0, "=x"), ("B", "runs", 20.0, ""), ("C", "idle", 1 / 3, ""), ("E", "idle", 5.0, ""))
    now = table(("B", "idle", 20.0, ""), ("D", "runs", 1.0, ""), ("C", "idle", 1 / 3, ""), ("E", "idle", 6.0, ""))
    place = stored(tmp_path / "run", before, largest_kt=100.0, verdict="yes", holds=True, by={"A": 1})
    found = changed_since(place, [now], {"largest_kt": 90.0, "verdict": "yes", "holds": True, "by": {"A": 2}})
    assert found is not None
    assert found.name == "changed_since"
    assert [row[:5] for row in found.rows] == [
        ("headline", "largest_kt", "", 100.0, 90.0),
        ("headline", "by.A", "", 1.0, 2.0),
        ("plants", "A", "", "there", ""),
        ("plants", "B", "state", "runs", "idle"),
        ("plants", "E", "cost", 5.0, 6.0),
        ("plants", "D", "", "", "there"),
    ]
    assert [row[5] for row in found.rows if not math.isnan(row[5])] == [-10.0, 1.0, 1.0]  # type: ignore[arg-type]


def test_the_same_run_has_not_changed_and_neither_has_one_that_replaces_nothing(tmp_path: Path) -> None:
    same = table(("A", "runs", 1 / 3, ""), ("B", "runs", math.nan, ""), ("C", "runs", math.inf, ""))
    place = stored(tmp_path / "run", same, share=0.5)
    assert changed_since(place, [same], {"share": 0.5 + 1e-12}) is None
    assert changed_since(tmp_path / "none", [same], {}) is None
    (place / "results.json").write_text("{", encoding="utf-8")
    assert changed_since(place, [same], {}) is None


def test_a_table_that_one_has_is_told_once_and_rows_without_words_by_their_place(tmp_path: Path) -> None:
    alike = table(("A", "runs", 1.0, ""), ("A", "runs", 2.0, ""))
    place = stored(tmp_path / "run", alike, table(("A", "runs", 1.0, ""), name="old"))
    moved = table(("A", "runs", 1.0, ""), ("A", "runs", 3.0, ""))
    found = changed_since(place, [moved, table(("A", "runs", 1.0, ""), name="new")], {})
    assert found is not None
    assert [row[:5] for row in found.rows] == [
        ("plants", "2", "cost", 2.0, 3.0),
        ("old", "", "", "there", ""),
        ("new", "", "", "", "there"),
    ]


def test_of_a_table_the_first_differences_are_told(tmp_path: Path) -> None:
    before = table(*((f"P{k}", "runs", float(k), "") for k in range(500)))
    now = table(*((f"P{k}", "runs", float(k) + 1.0, "") for k in range(500)))
    found = changed_since(stored(tmp_path / "run", before), [now], {})
    assert found is not None
    assert len(found.rows) == MOST
    assert f"first {MOST} differences" in found.note
